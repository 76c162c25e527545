import { Button, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { money } from '#kernel/money.ts';
import { MoneyInput } from './money-input.tsx';

export interface DateRange { readonly from?: string | undefined; readonly to?: string | undefined }

/** Two days as the calendar has them, either of which may be left open. */
export function DatesForm({ value, onApply }: { readonly value: DateRange; readonly onApply: (value: DateRange) => void }) {
  const { t } = useTranslation();
  const [from, setFrom] = useState(value.from ?? '');
  const [to, setTo] = useState(value.to ?? '');
  const wrong = from !== '' && to !== '' && from > to;
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); if (!wrong) onApply({ from: from || undefined, to: to || undefined }); }}>
      <TextInput type="date" label={t('common:filter.from')} value={from} max={to || undefined} onChange={(event) => setFrom(event.currentTarget.value)} data-autofocus />
      <TextInput type="date" label={t('common:filter.to')} value={to} min={from || undefined} onChange={(event) => setTo(event.currentTarget.value)} error={wrong ? t('common:filter.dates-wrong') : null} />
      <Button type="submit" disabled={wrong || (from === '' && to === '')} style={{ alignSelf: 'flex-end' }}>{t('common:filter.apply')}</Button>
    </form>
  );
}

export interface AmountRange { readonly least?: number | undefined; readonly most?: number | undefined; readonly cur?: string | undefined }

/** An amount of one currency, either end of which may be left open; both open: everything in the currency. */
export function AmountForm({ value, currencies, onApply }: { readonly value: AmountRange; readonly currencies: readonly string[]; readonly onApply: (value: AmountRange) => void }) {
  const { t } = useTranslation();
  const [range, setRange] = useState<AmountRange>({ ...value, cur: value.cur ?? currencies[0] ?? 'USD' });
  const [valid, setValid] = useState({ least: true, most: true });
  const currency = range.cur ?? 'USD';
  const wrong = range.least !== undefined && range.most !== undefined && range.least > range.most;
  const field = (key: 'least' | 'most') => (
    <MoneyInput key={`${key}-${currency}`} label={t(`common:filter.${key}`)} currency={currency} value={range[key] === undefined ? null : money(range[key], currency)} optional first={key === 'least'} placeholder={t('common:filter.open-end')} error={key === 'most' && wrong ? t('common:filter.amounts-wrong') : null}
      onChange={(amount, ok) => { setValid((old) => ({ ...old, [key]: ok })); setRange((old) => ({ ...old, [key]: amount?.minor })); }} />
  );
  const all = [...new Set([...currencies, currency])];
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); if (valid.least && valid.most && !wrong) onApply(range); }}>
      {all.length > 1 ? <Select label={t('common:filter.currency')} value={currency} data={all} onChange={(next) => { if (next) setRange({ cur: next }); }} /> : null}
      {field('least')}{field('most')}
      <Button type="submit" disabled={!valid.least || !valid.most || wrong || (all.length === 1 && range.least === undefined && range.most === undefined)} style={{ alignSelf: 'flex-end' }}>{t('common:filter.apply')}</Button>
    </form>
  );
}
