import { Button, Modal, NumberInput, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PurchaseOrderDetail, PurchaseOrderDraft } from '#contract/purchase-orders.ts';
import type { ReorderRow } from '#contract/reorder.ts';
import type { HAND_CONDITIONS } from '#contract/words.ts';
import { money, type Money as Amount } from '#kernel/money.ts';
import { client, orpc } from '../../rpc/client.ts';
import { useFormat } from '../../ui/format.ts';
import { MoneyInput } from '../../ui/money-input.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { ErrorState } from '../../ui/states.tsx';
import './reorder.css';

interface Line { readonly units: number; readonly unit: Amount | null; readonly supplier: string }
interface Draft { readonly supplier: string; readonly currency: string; readonly lines: readonly { readonly row: ReorderRow; readonly units: number; readonly unit: Amount }[] }

/** One order for each supplier and currency. */
function draftsOf(rows: readonly ReorderRow[], lines: Readonly<Record<string, Line>>): Draft[] {
  const drafts = new Map<string, Draft>();
  for (const row of rows) {
    const { units, unit, supplier } = lines[row.productId]!;
    const name = supplier.trim();
    if (!unit || unit.minor < 0 || units < 1 || name === '') continue;
    const key = `${name.toLowerCase()} ${unit.currency}`;
    drafts.set(key, { supplier: drafts.get(key)?.supplier ?? name, currency: unit.currency, lines: [...(drafts.get(key)?.lines ?? []), { row, units, unit }] });
  }
  return [...drafts.values()];
}

const asInput = ({ supplier, currency, lines }: Draft): PurchaseOrderDraft => ({
  supplier, contact: '', currency, language: null, note: '', expectedAt: null,
  lines: lines.map(({ row, units, unit }) => ({
    productId: row.productId, title: row.title.slice(0, 200), supplierCode: null, condition: row.condition as (typeof HAND_CONDITIONS)[number], units, unit, why: { position: row.position, reorderPoint: row.reorderPoint, target: row.target, perDay: row.perDay, leadDays: row.leadDays },
  })),
});

function Form({ rows, home, onClose }: { readonly rows: readonly ReorderRow[]; readonly home: string; readonly onClose: (done: boolean) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [lines, setLines] = useState<Readonly<Record<string, Line>>>(() => Object.fromEntries(rows.map((row) => [row.productId, { units: Math.max(1, row.units), unit: row.supplier?.unit ?? null, supplier: row.supplier?.name ?? '' }])));
  const set = (id: string, part: Partial<Line>) => setLines((before) => ({ ...before, [id]: { ...before[id]!, ...part } }));
  const drafts = draftsOf(rows, lines);
  const counted = drafts.reduce((sum, draft) => sum + draft.lines.length, 0);
  const create = useMutation({
    mutationFn: async () => {
      const made: PurchaseOrderDetail[] = [];
      // one after the other, so that numbers follow the order of the list
      for (const draft of drafts) made.push(await client.purchaseOrders.create(asInput(draft)));
      return made;
    },
    onError: (error) => notifyError(error, t),
    onSuccess: (made) => { notify({ message: t('reorder:drafted', { count: made.length, numbers: made.map((order) => order.number).join(', ') }), action: { label: t('reorder:see-orders'), run: () => void navigate({ to: '/purchase-orders', search: { open: made[0]!.id } as never }) } }); onClose(true); },
    onSettled: () => { for (const area of [orpc.purchaseOrders, orpc.reorder]) void queries.invalidateQueries({ queryKey: area.key() }); },
  });
  return (
    <form className="stack" style={{ gap: '0.75rem' }} onSubmit={(event) => { event.preventDefault(); if (counted === rows.length) create.mutate(); }}>
      <p className="small muted">{t('reorder:draft-note')}</p>
      <div className="reorder-scroll" tabIndex={0} role="region" aria-label={t('reorder:draft-lines')}>
        {rows.map((row) => {
          const line = lines[row.productId]!;
          return (
            <div key={row.productId} className="reorder-line" role="group" aria-label={row.title}>
              <div><div>{row.title}</div><div className="small muted">{t('reorder:draft-suggested', { units: row.units, position: row.position, target: row.target })}</div></div>
              <TextInput label={t('reorder:field.supplier')} maxLength={120} value={line.supplier} error={line.supplier.trim() === ''} onChange={(event) => set(row.productId, { supplier: event.currentTarget.value })} />
              <NumberInput label={t('reorder:column.units')} min={1} max={1_000_000} allowDecimal={false} value={line.units} onChange={(value) => set(row.productId, { units: Math.max(1, Number(value) || 1) })} />
              <MoneyInput label={t('reorder:field.unit')} value={line.unit} currency={row.supplier?.unit?.currency ?? home} onChange={(unit, valid) => set(row.productId, { unit: valid ? unit : null })} />
            </div>
          );
        })}
      </div>
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <span className="small muted grow">{drafts.map((draft) => t('reorder:draft-of', { supplier: draft.supplier, total: format.money(money(draft.lines.reduce((sum, line) => sum + line.units * line.unit.minor, 0), draft.currency)) })).join(' · ')}</span>
        <Button variant="default" onClick={() => onClose(false)}>{t('common:keep')}</Button><Button type="submit" disabled={counted < rows.length} loading={create.isPending}>{t('reorder:draft-action', { count: Math.max(1, drafts.length) })}</Button>
      </div>
    </form>
  );
}

/** Purchase orders of what was chosen, one draft for each supplier. Nothing is sent. */
export function DraftOrders({ rows, onClose }: { readonly rows: readonly ReorderRow[]; readonly onClose: (done: boolean) => void }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery(orpc.settings.business.queryOptions());
  return (
    <Modal opened onClose={() => onClose(false)} size="54rem" title={<strong>{t('reorder:draft-title', { count: rows.length })}</strong>} closeButtonProps={{ 'aria-label': t('common:close') }}>
      {error && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : data ? <Form rows={rows} home={data.value.homeCurrency} onClose={onClose} /> : <p className="muted small">{t('common:loading')}</p>}
    </Modal>
  );
}
