import { Button, Checkbox, Modal, NumberInput, TextInput, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PurchaseOrderDetail } from '#contract/purchase-orders.ts';
import { money, type Money as Amount } from '#kernel/money.ts';
import { orpc } from '../../rpc/client.ts';
import { lastReceipt, useTakeBack } from './take-back.tsx';
import { useFormat } from '../../ui/format.ts';
import { MoneyInput } from '../../ui/money-input.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import './orders.css';

interface Counted { readonly good: number; readonly damaged: number; readonly unit: Amount | null; readonly salePrice: Amount | null }

const count = (value: string | number) => Math.max(0, Math.round(Number(value) || 0));

/** Goods arrived: what of each line, what it cost, and what it is expected to sell for. */
export function ReceiveOrder({ order, onClose }: { readonly order: PurchaseOrderDetail; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const queries = useQueryClient();
  const key = useMemo(() => crypto.randomUUID(), []);
  const open = order.lineItems.filter((line) => line.units > line.good + line.damaged);
  const [counted, setCounted] = useState<Readonly<Record<string, Counted>>>(() => Object.fromEntries(open.map((line) => [line.id, { good: line.units - line.good - line.damaged, damaged: 0, unit: line.unit, salePrice: line.expectedSale }])));
  const [extra, setExtra] = useState<Amount | null>(money(0, order.total.currency));
  const [location, setLocation] = useState('main');
  const [notes, setNotes] = useState('');
  const [list, setList] = useState(true);
  const takeBack = useTakeBack();
  const receive = useMutation(orpc.purchaseOrders.receive.mutationOptions({
    onError: (error) => notifyError(error, t), onSuccess: (next) => {
      const last = lastReceipt(next);
      notify({ message: t('purchase-orders:received'), ...(last ? { action: { label: t('common:undo'), run: () => takeBack.mutate({ id: next.id, version: next.version, receiptId: last.id }) } } : {}) });
      onClose();
    },
    onSettled: () => { for (const area of [orpc.purchaseOrders, orpc.stock, orpc.ledger, orpc.reorder]) void queries.invalidateQueries({ queryKey: area.key() }); },
  }));
  const set = (id: string, part: Partial<Counted>) => setCounted((before) => ({ ...before, [id]: { ...before[id]!, ...part } }));
  const arrived = open.filter((line) => counted[line.id]!.good + counted[line.id]!.damaged > 0);
  const lines = arrived.flatMap((line) => {
    const { good, damaged, unit, salePrice } = counted[line.id]!;
    // what is damaged alone is not sold: no price is asked
    const sale = salePrice ?? (good === 0 ? money(0, order.homeCurrency) : null);
    return unit && sale && good + damaged <= line.units - line.good - line.damaged ? [{ lineId: line.id, good, damaged, unit, salePrice: sale }] : [];
  });
  const ready = lines.length > 0 && lines.length === arrived.length && extra !== null && extra.minor >= 0 && location.trim() !== '';
  const total = arrived.reduce((sum, line) => sum + (counted[line.id]!.good + counted[line.id]!.damaged) * (counted[line.id]!.unit?.minor ?? 0), extra?.minor ?? 0);
  return (
    <Modal opened onClose={onClose} size="56rem" title={<strong>{t('purchase-orders:receive-title', { number: order.number })}</strong>} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <form className="stack" style={{ gap: '0.75rem' }} onSubmit={(event) => { event.preventDefault(); if (ready) receive.mutate({ id: order.id, version: order.version, key, location: location.trim(), notes: notes.trim(), extra, list, lines }); }}>
        <p className="small muted">{t('purchase-orders:receive-note')}</p>
        <div className="po-scroll"><div style={{ minInlineSize: '42rem' }}>
          {open.map((line) => {
            const now = counted[line.id]!;
            const left = line.units - line.good - line.damaged;
            return (
              <div key={line.id} className="po-receive" role="group" aria-label={line.title}>
                <div><div>{line.title}</div><div className="small muted">{t('purchase-orders:still-to-come', { count: left })}</div></div>
                <NumberInput label={t('purchase-orders:good')} min={0} max={left} allowDecimal={false} value={now.good} error={now.good + now.damaged > left} onChange={(value) => set(line.id, { good: count(value) })} />
                <NumberInput label={t('purchase-orders:damaged')} min={0} max={left} allowDecimal={false} value={now.damaged} error={now.good + now.damaged > left} onChange={(value) => set(line.id, { damaged: count(value) })} />
                <MoneyInput label={t('purchase-orders:invoiced')} value={now.unit} currency={order.total.currency} onChange={(unit, valid) => set(line.id, { unit: valid ? unit : null })} />
                <MoneyInput label={t('purchase-orders:sells-for')} error={now.salePrice === null && now.good > 0 ? t('purchase-orders:sells-needed') : null} value={now.salePrice} currency={order.homeCurrency} onChange={(salePrice, valid) => set(line.id, { salePrice: valid ? salePrice : null })} />
              </div>
            );
          })}
        </div></div>
        <div className="po-form">
          <MoneyInput label={t('purchase-orders:extra')} description={t('purchase-orders:extra-note')} value={extra} currency={order.total.currency} onChange={(amount, valid) => setExtra(valid ? amount : null)} />
          <TextInput label={t('stock:column.location')} value={location} maxLength={60} onChange={(event) => setLocation(event.currentTarget.value)} />
          <Textarea label={t('purchase-orders:notes')} value={notes} maxLength={2_000} autosize minRows={1} onChange={(event) => setNotes(event.currentTarget.value)} />
        </div>
        <Checkbox label={t('stock:hand.list')} checked={list} onChange={(event) => setList(event.currentTarget.checked)} />
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <span className="small muted grow">{t('purchase-orders:will-be-owed', { total: format.money(money(total, order.total.currency)) })}</span>
          <Button variant="default" onClick={onClose}>{t('common:keep')}</Button><Button type="submit" disabled={!ready} loading={receive.isPending}>{t('purchase-orders:receive-action')}</Button>
        </div>
      </form>
    </Modal>
  );
}
