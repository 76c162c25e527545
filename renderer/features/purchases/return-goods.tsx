import { Button, Modal, NumberInput, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { purchaseDetail } from '#contract/purchases.ts';
import type { Money } from '#kernel/money.ts';
import { orpc } from '../../rpc/client.ts';
import { MoneyInput } from '../../ui/money-input.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';

type PurchaseDetail = z.infer<typeof purchaseDetail>;
interface Props { readonly purchase: PurchaseDetail; readonly opened: boolean; readonly onClose: () => void }

/** Units go back to the seller: of those in stock, and of those that came damaged or wrong. */
export function SendBack({ purchase, opened, onClose }: Props) {
  const { t } = useTranslation();
  const [count, setCount] = useState({ units: 0, setAside: purchase.returned?.setAside ?? 0 });
  const [note, setNote] = useState('');
  const send = useMutation(orpc.purchases.recordReturn.mutationOptions({ onSuccess: () => { onClose(); notify({ message: t('purchases:return.sent') }); }, onError: (error) => notifyError(error, t) }));
  if (!purchase.returned) return null;
  const { inStock, setAside } = purchase.returned;
  const valid = count.units + count.setAside > 0 && count.units <= inStock && count.setAside <= setAside;
  const field = (name: keyof typeof count, most: number) => ({ min: 0, max: most, allowDecimal: false, value: count[name], onChange: (value: string | number) => setCount((before) => ({ ...before, [name]: Number(value) || 0 })) });
  return (
    <Modal opened={opened} onClose={onClose} title={<strong>{t('purchases:return.title')}</strong>} closeButtonProps={{ 'aria-label': t('common:close') }} size="sm">
      <form className="stack" onSubmit={(event) => { event.preventDefault(); if (valid) send.mutate({ id: purchase.id, version: purchase.version, ...count, ...(note.trim() ? { note: note.trim() } : {}) }); }}>
        <p className="small muted">{t('purchases:return.about')}</p>
        {inStock > 0 ? <NumberInput label={t('purchases:return.units')} description={t('purchases:return.in-stock', { count: inStock })} {...field('units', inStock)} data-autofocus /> : null}
        {setAside > 0 ? <NumberInput label={t('purchases:return.set-aside')} description={t('purchases:return.came-so', { count: setAside })} {...field('setAside', setAside)} /> : null}
        <Textarea label={t('purchases:return.note')} description={t('purchases:return.note-about')} value={note} maxLength={2_000} autosize minRows={2} onChange={(event) => setNote(event.currentTarget.value)} />
        <Button type="submit" loading={send.isPending} disabled={!valid} style={{ alignSelf: 'flex-end' }}>{t('purchases:return.action', { count: count.units + count.setAside })}</Button>
      </form>
    </Modal>
  );
}

/** Money came back for what was sent back. */
export function ReturnRefund({ purchase, opened, onClose }: Props) {
  const { t } = useTranslation();
  const [refund, setRefund] = useState<Money | null>(null);
  const keep = useMutation(orpc.purchases.recordReturnRefund.mutationOptions({ onSuccess: () => { onClose(); notify({ message: t('purchases:return.refund-kept') }); }, onError: (error) => notifyError(error, t) }));
  const valid = refund !== null && refund.minor > 0;
  return (
    <Modal opened={opened} onClose={onClose} title={<strong>{t('purchases:return.refund-title')}</strong>} closeButtonProps={{ 'aria-label': t('common:close') }} size="sm">
      <form className="stack" onSubmit={(event) => { event.preventDefault(); if (valid) keep.mutate({ id: purchase.id, version: purchase.version, refund }); }}>
        <MoneyInput label={t('purchases:return.refund')} description={t('purchases:return.refund-about')} value={refund} currency={(purchase.total ?? purchase.approvedTotal).currency} error={null} onChange={(next, fits) => setRefund(fits ? next : null)} />
        <Button type="submit" loading={keep.isPending} disabled={!valid} style={{ alignSelf: 'flex-end' }}>{t('purchases:return.refund-action')}</Button>
      </form>
    </Modal>
  );
}
