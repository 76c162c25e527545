import { Anchor, Button, Modal, NumberInput, TextInput, Textarea } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { purchaseDetail } from '#contract/purchases.ts';
import type { ReadingProgress } from '#contract/receipt-reading.ts';
import { money, type Money as Amount } from '#kernel/money.ts';
import { orpc } from '../../rpc/client.ts';
import { describeError } from '../../rpc/describe-error.ts';
import { useFormat } from '../../ui/format.ts';
import { MoneyInput } from '../../ui/money-input.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { isMoney, useWordReason } from '../../ui/reason.tsx';
import { ReceiptDrop } from './receipt-drop.tsx';
import { ReadFrom, ReceiptProposals } from './receipt-proposals.tsx';
import { useReceiptReading } from './use-receipt-reading.ts';

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
  /** `YYYY-MM-DD`, or empty. */
  readonly orderedOn: string;
  readonly note: string;
}

type Field = 'number' | 'quantity' | 'total' | 'orderedOn';

/** What a receipt proposes for the form; what it leaves open stays as it is. */
function proposed(purchase: PurchaseDetail, { reading, item }: ReadingProgress): Partial<Draft> {
  if (!reading) return {};
  const line = item === null ? undefined : reading.items[item];
  return {
    ...(reading.orderNumber ? { number: reading.orderNumber.value } : {}), ...(reading.orderedOn ? { orderedOn: reading.orderedOn.value } : {}),
    ...(reading.total && reading.total.value.currency === purchase.approvedTotal.currency ? { total: reading.total.value } : {}),
    ...(line && line.quantity <= purchase.quantity ? { quantity: line.quantity } : {}),
  };
}

/** The parts of a total that stood as the receipt has it, and that add up to it. */
function partsOf({ reading }: ReadingProgress, total: Amount) {
  const whole = reading?.total?.value;
  if (!reading || whole?.minor !== total.minor || whole.currency !== total.currency || !reading.checks.some(({ code, holds }) => code === 'total' && holds)) return {};
  return { ...(reading.subtotal ? { goods: reading.subtotal.value } : {}), ...(reading.shipping ? { shipping: reading.shipping.value } : {}), ...(reading.tax && !reading.taxIncluded ? { tax: reading.tax.value } : {}) };
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
  const [draft, setDraft] = useState<Draft>({ number: purchase.assisted?.externalId ?? '', quantity: purchase.quantity, total: purchase.assisted?.total ?? shownTotal(purchase, purchase.quantity), orderedOn: '', note: '' });
  const [tried, setTried] = useState(false);
  const [typedTotal, setTypedTotal] = useState(false);
  // The total follows the quantity until a person types one; the field is made anew only then, so that typing keeps its place.
  const [shownFor, showFor] = useState(purchase.quantity);
  const receipt = useReceiptReading(purchase.id);
  const { progress } = receipt;
  const [corrected, setCorrected] = useState<ReadonlySet<Field>>(new Set());
  const change = (part: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...part }));
    setCorrected((before) => new Set([...before, ...(Object.keys(part) as Field[])]));
  };
  // what was read is filled in once, when it is there; from then on the fields are the person's
  const [filledFrom, fillFrom] = useState<string | null>(null);
  if (progress?.state === 'done' && receipt.sent && filledFrom !== receipt.sent.upload) {
    const proposal = proposed(purchase, progress);
    fillFrom(receipt.sent.upload);
    const follows = proposal.quantity !== undefined && proposal.quantity !== draft.quantity && !typedTotal ? { total: shownTotal(purchase, proposal.quantity) } : {};
    setDraft((before) => ({ ...before, ...follows, ...proposal }));
    setCorrected(new Set());
    if (proposal.total) setTypedTotal(true);
  }
  const reading = progress?.state === 'done' ? progress.reading : null;
  const doubt = (field: Field, read: { readonly doubtful: boolean } | null | undefined) => (read?.doubtful && !corrected.has(field) ? 'doubtful' : undefined);
  const record = useMutation(orpc.purchases.recordOrder.mutationOptions({
    onSuccess: () => { onClose(); notify({ message: t('purchases:recorded') }); },
    onError: (error) => { if (!refusedField(error, t)) { onClose(); notifyError(error, t); } },
  }));
  const refused = record.error ? refusedField(record.error, t) : null;
  const { total, quantity } = draft;
  const line = reading?.items[progress?.item ?? -1];
  const number = draft.number.trim();
  const zero = total !== null && total.minor <= 0;
  const over = total !== null && total.minor > purchase.approvedTotal.minor;
  const submit = () => {
    setTried(true);
    if (number === '' || total === null || zero) return;
    record.mutate({ id: purchase.id, version: purchase.version, externalId: number, total, ...(quantity === purchase.quantity ? {} : { quantity }), ...(draft.note.trim() ? { receiptNote: draft.note.trim() } : {}),
      ...(draft.orderedOn ? { orderedOn: draft.orderedOn } : {}), ...(receipt.sent ? { receipt: receipt.sent } : {}), ...(progress ? partsOf(progress, total) : {}),
    });
  };
  const errorAt = (field: string, own: string | null) => own ?? (refused?.field === field ? refused.reason : null);
  return (
    <Modal opened={opened} onClose={onClose} title={<strong>{t('purchases:record-title')}</strong>} closeButtonProps={{ 'aria-label': t('common:close') }} size={reading ? 'lg' : 'md'}>
      <form className="stack" onSubmit={(event) => { event.preventDefault(); submit(); }}>
        <ReceiptDrop receipt={receipt} active={opened} />
        {progress && reading ? <ReceiptProposals progress={progress} currency={purchase.approvedTotal.currency} /> : null}
        <div className={doubt('number', reading?.orderNumber)}>
          <TextInput label={t('purchases:record-number')} value={draft.number} maxLength={200} dir="ltr" data-autofocus onChange={(event) => change({ number: event.currentTarget.value })} error={errorAt('externalId', tried && number === '' ? t('purchases:record-number-missing') : null)} />
          <ReadFrom field={reading?.orderNumber ?? null} corrected={corrected.has('number')} />
        </div>
        <div className={doubt('orderedOn', reading?.orderedOn)}>
          <TextInput type="date" label={t('purchases:record-day')} value={draft.orderedOn} onChange={(event) => change({ orderedOn: event.currentTarget.value })} error={errorAt('orderedOn', null)} />
          <ReadFrom field={reading?.orderedOn ?? null} corrected={corrected.has('orderedOn')} />
          {reading && reading.possibleDates.length > 1 && draft.orderedOn === '' ? <div className="row wrap small attention receipt-hint">{t('purchases:scan.which-day')} {reading.possibleDates.map((day) => <Button key={day} type="button" size="compact-xs" variant="default" onClick={() => change({ orderedOn: day })}>{format.day(day)}</Button>)}</div> : null}
        </div>
        <div className={doubt('quantity', line)}><NumberInput label={t('purchases:record-quantity')} description={t('purchases:record-quantity-approved', { count: purchase.quantity })} min={1} max={purchase.quantity} allowDecimal={false} value={quantity} error={errorAt('quantity', null)}
          onChange={(value) => { const next = Math.max(1, Number(value) || 1); change({ quantity: next, ...(typedTotal ? {} : { total: shownTotal(purchase, next) }) }); if (!typedTotal) showFor(next); }} /></div>
        {line && line.quantity > purchase.quantity ? <p className="small attention">{t('purchases:scan.more-than-approved', { count: line.quantity, approved: format.number(purchase.quantity) })}</p> : null}
        <div className={doubt('total', reading?.total)}>
          <MoneyInput key={`${shownFor}:${filledFrom}`} label={t('purchases:record-total')} description={t('purchases:record-total-note')} value={total} currency={purchase.approvedTotal.currency} error={errorAt('total', zero ? t('purchases:record-zero') : null)}
            onChange={(next, valid) => { setTypedTotal(true); change({ total: valid ? next : null }); }} />
          <ReadFrom field={reading?.total ?? null} corrected={corrected.has('total')} />
        </div>
        {over ? <p className="notice small" role="status">{t('purchases:record-over', { maxTotal: format.money(purchase.approvedTotal) })}</p> : null}
        <Textarea label={t('purchases:record-note')} description={t('purchases:record-note-about')} value={draft.note} maxLength={2_000} autosize minRows={2} onChange={(event) => change({ note: event.currentTarget.value })} />
        <Button type="submit" loading={record.isPending} disabled={total === null || zero || receipt.isBusy} style={{ alignSelf: 'flex-end' }}>{total && !zero ? t('purchases:record-action', { total: format.money(total) }) : t('purchases:record-action-plain')}</Button>
      </form>
    </Modal>
  );
}
