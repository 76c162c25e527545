import { Button, Modal, Select, TextInput, Textarea } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PurchaseOrderDetail, PurchaseOrderDraft, PurchaseOrderLanguage } from '#contract/purchase-orders.ts';
import { money } from '#kernel/money.ts';
import { orpc } from '../../rpc/client.ts';
import { useFormat } from '../../ui/format.ts';
import { notify, notifyError } from '../../ui/notify.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { DraftLine, blankLine, type LineForm } from './draft-lines.tsx';
import './orders.css';

interface DraftProps {
  /** The draft that is edited; null: a new one. */
  readonly order: PurchaseOrderDetail | null;
  readonly onClose: () => void;
  readonly onSaved: (id: string) => void;
}

const toDay = (at: number | null) => (at === null ? '' : new Date(at).toISOString().slice(0, 10));
const fromDay = (day: string): number | null => (day === '' ? null : Date.parse(`${day}T00:00:00Z`));
const LANGUAGES = ['en', 'fr', 'ar'] as const satisfies readonly PurchaseOrderLanguage[];
/** The language of the last order to this supplier. */
const AS_LAST = 'as-last';
const CURRENCY = /^[A-Z]{3}$/;

function linesOf(order: PurchaseOrderDetail | null): LineForm[] {
  if (!order) return [blankLine()];
  return order.lineItems.map((line) => ({ key: line.id, productId: line.productId, title: line.title, supplierCode: line.supplierCode, condition: line.condition as LineForm['condition'], units: line.units, unit: line.unit, why: line.why }));
}

function useSave({ order, onClose, onSaved }: DraftProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const settle = {
    onError: (error: unknown) => notifyError(error, t), onSettled: () => { for (const area of [orpc.purchaseOrders, orpc.reorder]) void queries.invalidateQueries({ queryKey: area.key() }); },
    onSuccess: (saved: PurchaseOrderDetail) => { notify({ message: t('purchase-orders:draft-saved', { number: saved.number }) }); onClose(); onSaved(saved.id); },
  };
  const create = useMutation(orpc.purchaseOrders.create.mutationOptions(settle));
  const update = useMutation(orpc.purchaseOrders.update.mutationOptions(settle));
  return { busy: create.isPending || update.isPending, save: (draft: PurchaseOrderDraft) => (order ? update.mutate({ ...draft, id: order.id, version: order.version }) : create.mutate(draft)) };
}

function Form(props: DraftProps & { readonly home: string }) {
  const { order, onClose, home } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const [head, setHead] = useState({ supplier: order?.supplier ?? '', contact: order?.contact ?? '', currency: order?.total.currency ?? home, language: order?.language ?? AS_LAST, note: order?.note ?? '', expected: toDay(order?.expectedAt ?? null) });
  const [lines, setLines] = useState(() => linesOf(order));
  const { busy, save } = useSave(props);
  const set = (name: keyof typeof head) => (event: { readonly currentTarget: { readonly value: string } }) => { const { value } = event.currentTarget; setHead((before) => ({ ...before, [name]: value })); };
  const currency = CURRENCY.test(head.currency) ? head.currency : home;
  const recurrency = (value: string) => {
    setHead((before) => ({ ...before, currency: value.toUpperCase() }));
    // a price in another currency is another price: it has to be said again
    if (CURRENCY.test(value.toUpperCase())) setLines((before) => before.map((line) => (line.unit && line.unit.currency !== value.toUpperCase() ? { ...line, unit: null, key: crypto.randomUUID() } : line)));
  };
  const priced = lines.flatMap(({ key: _key, unit, ...line }) => (unit && unit.minor >= 0 && line.title.trim().length >= 2 ? [{ ...line, title: line.title.trim(), unit }] : []));
  const ready = head.supplier.trim() !== '' && CURRENCY.test(head.currency) && priced.length === lines.length;
  const submit = () => save({ supplier: head.supplier.trim(), contact: head.contact.trim(), currency: head.currency, language: LANGUAGES.find((language) => language === head.language) ?? null, note: head.note.trim(), expectedAt: fromDay(head.expected), lines: priced });
  return (
    <form className="stack" style={{ gap: '0.875rem' }} onSubmit={(event) => { event.preventDefault(); if (ready) submit(); }}>
      <div className="po-form">
        <TextInput label={t('purchase-orders:field.supplier')} withAsterisk maxLength={120} value={head.supplier} onChange={set('supplier')} data-autofocus />
        <TextInput label={t('purchase-orders:field.currency')} maxLength={3} value={head.currency} onChange={(event) => recurrency(event.currentTarget.value)} error={CURRENCY.test(head.currency) ? null : t('purchase-orders:field.currency-wrong')} />
        <Select label={t('purchase-orders:field.language')} allowDeselect={false} value={head.language} onChange={(value) => { if (value !== null) setHead((before) => ({ ...before, language: value })); }} data={[...(order ? [] : [{ value: AS_LAST, label: t('purchase-orders:language.as-last') }]), ...LANGUAGES.map((value) => ({ value, label: t(`purchase-orders:language.${value}`) }))]} />
        <TextInput type="date" label={t('purchase-orders:field.expected')} value={head.expected} onChange={set('expected')} />
      </div>
      <div className="po-form">
        <Textarea label={t('purchase-orders:field.contact')} description={t('purchase-orders:field.contact-note')} autosize minRows={2} maxLength={1_000} value={head.contact} onChange={set('contact')} />
        <Textarea label={t('purchase-orders:field.note')} description={t('purchase-orders:field.note-note')} autosize minRows={2} maxLength={2_000} value={head.note} onChange={set('note')} />
      </div>
      <fieldset className="po-fields stack" style={{ gap: '0.5rem' }}>
        <legend><strong>{t('purchase-orders:lines')}</strong></legend>
        <div className="po-scroll"><div className="stack" style={{ gap: '0.5rem', minInlineSize: '46rem' }}>
          <div className="po-line small muted" aria-hidden="true"><span>{t('purchase-orders:line.title')}</span><span>{t('purchase-orders:line.code')}</span><span>{t('purchase-orders:line.condition')}</span><span>{t('purchase-orders:line.units')}</span><span>{t('purchase-orders:line.unit')}</span><span /></div>
          {lines.map((line, i) => <DraftLine key={i} line={line} number={i + 1} currency={currency} only={lines.length === 1} onChange={(next) => setLines((before) => before.map((one, n) => (n === i ? next : one)))} onRemove={() => setLines((before) => before.filter((_, n) => n !== i).map((one, n) => (n >= i ? { ...one, key: crypto.randomUUID() } : one)))} />)}
        </div></div>
        <div className="row"><Button size="xs" variant="default" leftSection={<IconPlus size="0.875rem" />} onClick={() => setLines((before) => [...before, blankLine()])}>{t('purchase-orders:line.add')}</Button><span className="grow" /><strong className="num">{t('purchase-orders:total', { total: format.money(money(priced.reduce((sum, line) => sum + line.units * line.unit.minor, 0), currency)) })}</strong></div>
      </fieldset>
      <div className="row" style={{ justifyContent: 'flex-end' }}><Button variant="default" onClick={onClose}>{t(order === null ? 'common:cancel' : 'common:keep')}</Button><Button type="submit" disabled={!ready} loading={busy}>{t('purchase-orders:draft-save')}</Button></div>
    </form>
  );
}

/** A purchase order by hand, or a draft that is changed. */
export function DraftOrder(props: DraftProps) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(orpc.settings.business.queryOptions());
  return (
    <Modal opened onClose={props.onClose} size="60rem" title={<strong>{props.order ? t('purchase-orders:edit', { number: props.order.number }) : t('purchase-orders:new')}</strong>} closeButtonProps={{ 'aria-label': t('common:close') }}>
      {error && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : data ? <Form {...props} home={data.value.homeCurrency} /> : <p className="muted small">{t('common:loading')}</p>}
    </Modal>
  );
}
