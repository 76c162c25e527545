import { Button, NumberInput, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReorderDetail, ReorderTerms } from '#contract/reorder.ts';
import { toDecimal } from '#kernel/money.ts';
import { orpc } from '../../rpc/client.ts';
import { MoneyInput } from '../../ui/money-input.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';

const count = (value: string | number): number | null => (value === '' || !Number.isFinite(Number(value)) ? null : Math.round(Number(value)));

/** What the person knows of buying a product again. An empty field leaves it to evidence and settings. */
export function TermsForm({ row }: { readonly row: ReorderDetail }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const business = useQuery(orpc.settings.business.queryOptions()).data;
  const [value, setValue] = useState<ReorderTerms>(row.terms.value);
  const [valid, setValid] = useState(true);
  const set = (part: Partial<ReorderTerms>) => setValue((before) => ({ ...before, ...part }));
  const settle = { onError: (error: unknown) => notifyError(error, t), onSettled: () => void queries.invalidateQueries({ queryKey: orpc.reorder.key() }) };
  const restore = useMutation(orpc.reorder.setTerms.mutationOptions(settle));
  const save = useMutation(orpc.reorder.setTerms.mutationOptions({
    ...settle,
    onSuccess: (stored) => notify({ message: t('reorder:terms.saved'), action: { label: t('common:undo'), run: () => restore.mutate({ productId: row.productId, version: stored.version, value: row.terms.value }) } }),
  }));
  const currency = row.supplier?.unit?.currency ?? value.unit?.currency ?? business?.value.homeCurrency ?? 'USD';
  const dirty = JSON.stringify(value) !== JSON.stringify(row.terms.value);
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); if (dirty && valid) save.mutate({ productId: row.productId, version: row.terms.version, value }); }}>
      <p className="small muted">{t('reorder:terms.note')}</p>
      <div className="reorder-terms">
        <TextInput label={t('reorder:terms.supplier')} maxLength={120} value={value.supplier ?? ''} placeholder={row.supplier?.name} onChange={(event) => set({ supplier: event.currentTarget.value.trim() === '' ? null : event.currentTarget.value })} />
        <MoneyInput label={t('reorder:terms.unit')} value={value.unit} currency={currency} optional placeholder={row.supplier?.unit ? toDecimal(row.supplier.unit) : t('reorder:terms.unknown')} onChange={(unit, ok) => { setValid(ok); if (ok) set({ unit }); }} />
        <NumberInput label={t('reorder:terms.case')} min={1} max={100_000} allowDecimal={false} value={value.caseUnits ?? ''} onChange={(v) => set({ caseUnits: count(v) })} />
        <NumberInput label={t('reorder:terms.least')} min={0} max={1_000_000} allowDecimal={false} value={value.leastUnits ?? ''} onChange={(v) => set({ leastUnits: count(v) })} />
        <NumberInput label={t('reorder:terms.lead')} min={1} max={365} allowDecimal={false} value={value.leadDays ?? ''} onChange={(v) => set({ leadDays: count(v) })} />
        <NumberInput label={t('reorder:terms.service')} min={50} max={99.9} decimalScale={1} suffix=" %" value={value.serviceBp === null ? '' : value.serviceBp / 100} onChange={(v) => set({ serviceBp: v === '' ? null : Math.round(Number(v) * 100) })} />
      </div>
      <div className="row" style={{ justifyContent: 'flex-end' }}><Button type="submit" variant="default" disabled={!dirty || !valid} loading={save.isPending}>{t('reorder:terms.save')}</Button></div>
    </form>
  );
}
