import { Anchor, Button, Modal, NumberInput, TextInput, Textarea } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { purchaseDetail } from '#contract/purchases.ts';
import { money, type Money as Amount } from '#kernel/money.ts';
import { orpc } from '../../rpc/client.ts';
import { describeError } from '../../rpc/describe-error.ts';
import { useFormat } from '../../ui/format.ts';
import { MoneyInput } from '../../ui/money-input.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { isMoney, useWordReason } from '../../ui/reason.tsx';

type PurchaseDetail = z.infer<typeof purchaseDetail>;

/** A link only for what a browser opens as a page: the address comes from outside. */
function webAddress(value: unknown): string | null {
  return typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) ? value : null;
}

/** What is to be ordered, where, and for how much at most; everything that a person needs at the shop. */
export function WhatToOrder({ purchase }: { readonly purchase: PurchaseDetail }) {
  const { t } = useTranslation();
  const word = useWordReason();
  if (!purchase.stopReason) return null;
  const address = webAddress(purchase.stopReason.data['url']);
  return (
    <div className="notice" role="note">
      {word(purchase.stopReason)}
      <br />
      {address ? <Anchor href={address} target="_blank" rel="noreferrer noopener" inherit>{t('purchases:by-hand-open')} <IconExternalLink size="0.75rem" aria-hidden="true" style={{ verticalAlign: '-0.1em' }} /></Anchor> : t('purchases:by-hand-list', { source: purchase.sourceName })}
    </div>
  );
}

/** What paying exactly as shown would come to, for `quantity` of those that were approved. */
function shownTotal({ stopReason, approvedTotal, quantity: approved }: PurchaseDetail, quantity: number): Amount {
  const shown = stopReason?.data['total'];
  const whole = isMoney(shown) ? shown : approvedTotal;
  return quantity === approved ? whole : money(Math.round((whole.minor * quantity) / approved), whole.currency);
}

interface Draft {
  readonly number: string;
  readonly quantity: number;
  readonly total: Amount | null;
  readonly note: string;
}

/** The field of the form that the engine refused, with its reason. */
function refusedField(error: unknown, t: ReturnType<typeof useTranslation>['t']): { readonly field: string; readonly reason: string } | null {
  const { code, data } = describeError(error, t);
  return code === 'INVALID' && typeof data['field'] === 'string' ? { field: data['field'], reason: String(data['reason'] ?? '') } : null;
}

/** A person says what was ordered and paid at a shop where the desk cannot order. */
export function RecordOrder({ purchase, opened, onClose }: { readonly purchase: PurchaseDetail; readonly opened: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [draft, setDraft] = useState<Draft>({ number: purchase.assisted?.externalId ?? '', quantity: purchase.quantity, total: purchase.assisted?.total ?? shownTotal(purchase, purchase.quantity), note: '' });
  const [tried, setTried] = useState(false);
  const [typedTotal, setTypedTotal] = useState(false);
  // The total follows the quantity until a person types one; the field is made anew only then, so that typing keeps its place.
  const [shownFor, showFor] = useState(purchase.quantity);
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const record = useMutation(orpc.purchases.recordOrder.mutationOptions({
    onSuccess: () => { onClose(); notify({ message: t('purchases:recorded') }); },
    onError: (error) => { if (!refusedField(error, t)) { onClose(); notifyError(error, t); } },
  }));
  const refused = record.error ? refusedField(record.error, t) : null;
  const { total, quantity } = draft;
  const number = draft.number.trim();
  const zero = total !== null && total.minor <= 0;
  const over = total !== null && total.minor > purchase.approvedTotal.minor;
  const submit = () => {
    setTried(true);
    if (number === '' || total === null || zero) return;
    record.mutate({ id: purchase.id, version: purchase.version, externalId: number, total, ...(quantity === purchase.quantity ? {} : { quantity }), ...(draft.note.trim() ? { receiptNote: draft.note.trim() } : {}) });
  };
  const errorAt = (field: string, own: string | null) => own ?? (refused?.field === field ? refused.reason : null);
  return (
    <Modal opened={opened} onClose={onClose} title={<strong>{t('purchases:record-title')}</strong>} closeButtonProps={{ 'aria-label': t('common:close') }} size="sm">
      <form className="stack" onSubmit={(event) => { event.preventDefault(); submit(); }}>
        <TextInput label={t('purchases:record-number')} value={draft.number} maxLength={200} dir="ltr" data-autofocus onChange={(event) => change({ number: event.currentTarget.value })} error={errorAt('externalId', tried && number === '' ? t('purchases:record-number-missing') : null)} />
        <NumberInput label={t('purchases:record-quantity')} description={t('purchases:record-quantity-approved', { count: purchase.quantity })} min={1} max={purchase.quantity} allowDecimal={false} value={quantity} error={errorAt('quantity', null)}
          onChange={(value) => { const next = Math.max(1, Number(value) || 1); change({ quantity: next, ...(typedTotal ? {} : { total: shownTotal(purchase, next) }) }); if (!typedTotal) showFor(next); }} />
        <MoneyInput key={shownFor} label={t('purchases:record-total')} description={t('purchases:record-total-note')} value={total} currency={purchase.approvedTotal.currency} error={errorAt('total', zero ? t('purchases:record-zero') : null)}
          onChange={(next, valid) => { setTypedTotal(true); change({ total: valid ? next : null }); }} />
        {over ? <p className="notice small" role="status">{t('purchases:record-over', { maxTotal: format.money(purchase.approvedTotal) })}</p> : null}
        <Textarea label={t('purchases:record-note')} description={t('purchases:record-note-about')} value={draft.note} maxLength={2_000} autosize minRows={2} onChange={(event) => change({ note: event.currentTarget.value })} />
        <Button type="submit" loading={record.isPending} disabled={total === null || zero} style={{ alignSelf: 'flex-end' }}>{total && !zero ? t('purchases:record-action', { total: format.money(total) }) : t('purchases:record-action-plain')}</Button>
      </form>
    </Modal>
  );
}
