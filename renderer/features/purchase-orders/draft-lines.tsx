import { ActionIcon, Autocomplete, NumberInput, Select, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { PurchaseOrderDraftLine } from '#contract/purchase-orders.ts';
import { HAND_CONDITIONS } from '#contract/words.ts';
import type { Money as Amount } from '#kernel/money.ts';
import { orpc } from '../../rpc/client.ts';
import { MoneyInput } from '../../ui/money-input.tsx';

/** A line while it is edited. */
export type LineForm = Omit<PurchaseOrderDraftLine, 'unit'> & { readonly key: string; readonly unit: Amount | null };

export const blankLine = (): LineForm => ({ key: crypto.randomUUID(), productId: null, title: '', supplierCode: null, condition: 'new', units: 1, unit: null, why: null });

interface LineProps {
  readonly line: LineForm;
  readonly number: number;
  readonly currency: string;
  readonly only: boolean;
  readonly onChange: (line: LineForm) => void;
  readonly onRemove: () => void;
}

/** Titles that name the same product once each. */
function useFound(text: string) {
  const { data } = useQuery(orpc.purchaseOrders.products.queryOptions({ input: { search: text }, placeholderData: keepPreviousData, staleTime: 10_000 }));
  const seen = new Set<string>();
  return (data ?? []).filter((product) => !seen.has(product.title) && seen.add(product.title));
}

export function DraftLine({ line, number, currency, only, onChange, onRemove }: LineProps) {
  const { t } = useTranslation();
  const found = useFound(line.productId === null ? line.title : '');
  const choose = (title: string) => {
    const product = found.find((one) => one.title === title);
    const fresh = product && line.unit === null && product.unitCost.currency === currency ? { unit: product.unitCost } : {};
    onChange(product ? { ...line, title, productId: product.productId, ...fresh, key: crypto.randomUUID() } : { ...line, title, productId: null });
  };
  const name = (field: string) => t('purchase-orders:line.of', { field: t(`purchase-orders:line.${field}`), number });
  return (
    <div className="po-line">
      <Autocomplete aria-label={name('title')} placeholder={t('purchase-orders:line.title')} maxLength={200} value={line.title} data={found.map((product) => product.title)} onChange={(title) => onChange({ ...line, title, productId: null })} onOptionSubmit={choose} />
      <TextInput aria-label={name('code')} placeholder={t('purchase-orders:line.code')} maxLength={80} value={line.supplierCode ?? ''} onChange={(event) => onChange({ ...line, supplierCode: event.currentTarget.value || null })} />
      <Select aria-label={name('condition')} allowDeselect={false} value={line.condition} data={HAND_CONDITIONS.map((value) => ({ value, label: t(`stock:hand.condition.${value}`) }))} onChange={(value) => { if (value) onChange({ ...line, condition: value as LineForm['condition'] }); }} />
      <NumberInput aria-label={name('units')} min={1} max={1_000_000} allowDecimal={false} value={line.units} onChange={(value) => onChange({ ...line, units: Math.max(1, Number(value) || 1) })} />
      <UnitPrice key={line.key} label={name('unit')} value={line.unit} currency={currency} onChange={(unit) => onChange({ ...line, unit })} />
      <ActionIcon variant="subtle" color="gray" size="lg" disabled={only} aria-label={t('purchase-orders:line.remove', { number })} onClick={onRemove}><IconTrash size="1rem" /></ActionIcon>
    </div>
  );
}

function UnitPrice({ label, value, currency, onChange }: { readonly label: string; readonly value: Amount | null; readonly currency: string; readonly onChange: (value: Amount | null) => void }) {
  return <MoneyInput label={label} hideLabel value={value} currency={currency} onChange={(amount, valid) => onChange(valid ? amount : null)} />;
}
