import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PurchaseOrderDetail } from '#contract/purchase-orders.ts';
import { orpc } from '../../rpc/client.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';

type Receipt = PurchaseOrderDetail['receipts'][number];

/** Reverses goods that were taken in by mistake; refused, with the reason, once something stands against it. */
export function useTakeBack(done?: () => void) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  return useMutation(orpc.purchaseOrders.takeBack.mutationOptions({
    onError: (error) => notifyError(error, t), onSuccess: () => notify({ message: t('purchase-orders:taken-back-notice') }),
    onSettled: () => { done?.(); for (const area of [orpc.purchaseOrders, orpc.stock, orpc.ledger, orpc.reorder]) void queries.invalidateQueries({ queryKey: area.key() }); },
  }));
}

/** The receipt that came in last, to be undone; null where none stands. */
export const lastReceipt = (order: PurchaseOrderDetail): Receipt | null => order.receipts.findLast((receipt) => receipt.takenBackAt === null) ?? null;

export function TakeBack({ order, receipt }: { readonly order: PurchaseOrderDetail; readonly receipt: Receipt }) {
  const { t } = useTranslation();
  const [asking, ask] = useState(false);
  const takeBack = useTakeBack(() => ask(false));
  if (receipt.takenBackAt !== null) return <span className="small muted">{t('purchase-orders:taken-back')}</span>;
  if (order.state !== 'received' && order.state !== 'partly-received') return null;
  return (
    <>
      <Button size="compact-xs" variant="subtle" onClick={() => ask(true)}>{t('purchase-orders:take-back')}</Button>
      <Confirm opened={asking} onClose={() => ask(false)} title={t('purchase-orders:take-back-title', { number: order.number })} action={t('purchase-orders:take-back')} busy={takeBack.isPending} onConfirm={() => takeBack.mutate({ id: order.id, version: order.version, receiptId: receipt.id })}><p>{t('purchase-orders:take-back-text')}</p></Confirm>
    </>
  );
}
