import { Button, Modal, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PurchaseOrderDetail } from '#contract/purchase-orders.ts';
import type { Money as Amount } from '#kernel/money.ts';
import { orpc } from '../../rpc/client.ts';
import { useFormat } from '../../ui/format.ts';
import { MoneyInput } from '../../ui/money-input.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';

/** Money that a person sent to the supplier, or got back. */
export function PayOrder({ order, onClose }: { readonly order: PurchaseOrderDetail; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const queries = useQueryClient();
  const key = useMemo(() => crypto.randomUUID(), []);
  const [amount, setAmount] = useState<Amount | null>(order.owed.minor > 0 ? order.owed : null);
  const [note, setNote] = useState('');
  const pay = useMutation(orpc.purchaseOrders.pay.mutationOptions({
    onError: (error) => notifyError(error, t), onSuccess: () => { notify({ message: t('purchase-orders:paid') }); onClose(); },
    onSettled: () => { for (const area of [orpc.purchaseOrders, orpc.ledger]) void queries.invalidateQueries({ queryKey: area.key() }); },
  }));
  const ready = amount !== null && amount.minor !== 0;
  return (
    <Modal opened onClose={onClose} size="sm" title={<strong>{t('purchase-orders:pay-title', { number: order.number })}</strong>} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <form className="stack" onSubmit={(event) => { event.preventDefault(); if (ready) pay.mutate({ id: order.id, version: order.version, key, amount, note: note.trim() }); }}>
        <p className="small muted">{t('purchase-orders:pay-note', { owed: format.money(order.owed) })}</p>
        <MoneyInput label={t('purchase-orders:pay-amount')} description={t('purchase-orders:pay-amount-note')} value={amount} currency={order.total.currency} onChange={(value, valid) => setAmount(valid ? value : null)} />
        <TextInput label={t('purchase-orders:pay-what')} maxLength={300} value={note} onChange={(event) => setNote(event.currentTarget.value)} />
        <div className="row" style={{ justifyContent: 'flex-end' }}><Button variant="default" onClick={onClose}>{t('common:keep')}</Button><Button type="submit" disabled={!ready} loading={pay.isPending}>{t('purchase-orders:pay-action')}</Button></div>
      </form>
    </Modal>
  );
}
