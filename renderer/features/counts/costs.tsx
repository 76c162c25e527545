import { Button, SegmentedControl, Select } from '@mantine/core';
import { IconReportMoney } from '@tabler/icons-react';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CostMethod } from '#contract/cost-layers.ts';
import { orpc } from '../../rpc/client.ts';
import { useEngineNow } from '../../ui/engine-clock.ts';
import { useFormat } from '../../ui/format.ts';
import { Money } from '../../ui/money.tsx';
import { notify, notifyError } from '../../ui/notify.tsx';
import { EmptyState, ErrorState, TableSkeleton } from '../../ui/states.tsx';
import './counts.css';

const METHODS: readonly CostMethod[] = ['fifo', 'average', 'lots'];
const SPANS = ['month', 'last-month', 'year', 'last-year', 'ever'] as const;
type Span = (typeof SPANS)[number];

/** Months and years of the calendar, UTC; up to tomorrow where the time goes on. */
function rangeOf(span: Span, now: number): { from: number; to: number } {
  const day = new Date(now);
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth()];
  const tomorrow = Date.UTC(year, month, day.getUTCDate() + 1);
  if (span === 'month') return { from: Date.UTC(year, month), to: tomorrow };
  if (span === 'last-month') return { from: Date.UTC(year, month - 1), to: Date.UTC(year, month) };
  if (span === 'year') return { from: Date.UTC(year, 0), to: tomorrow };
  return span === 'last-year' ? { from: Date.UTC(year - 1, 0), to: Date.UTC(year, 0) } : { from: 0, to: tomorrow };
}

function MethodChoice({ method, onChoose }: { readonly method: CostMethod; readonly onChoose: (method: CostMethod) => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const setting = useQuery(orpc.costLayers.settings.queryOptions()).data;
  const save = useMutation(orpc.costLayers.setSettings.mutationOptions({ onError: (error) => notifyError(error, t), onSuccess: () => notify({ message: t('counts:costs.default-saved') }), onSettled: () => void queries.invalidateQueries({ queryKey: orpc.costLayers.settings.key() }) }));
  return (
    <>
      <SegmentedControl size="xs" aria-label={t('stock:cost.method')} value={method} data={METHODS.map((value) => ({ value, label: t(`stock:cost.method.${value}`) }))} onChange={(value) => onChoose(value)} />
      {setting && setting.value.method !== method ? <Button size="compact-sm" variant="default" loading={save.isPending} onClick={() => save.mutate({ value: { method }, version: setting.version })}>{t('counts:costs.make-default')}</Button> : null}
    </>
  );
}

/** Cost of goods sold in a time by the chosen method, beside what the ledger holds. */
export function Costs() {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useEngineNow();
  const setting = useQuery(orpc.costLayers.settings.queryOptions()).data;
  const [chosen, choose] = useState<CostMethod | null>(null);
  const [span, setSpan] = useState<Span>('month');
  const method = chosen ?? setting?.value.method ?? 'fifo';
  const { data, error, isPending, refetch } = useQuery(orpc.costLayers.report.queryOptions({ input: rangeOf(span, now), placeholderData: keepPreviousData }));
  if (isPending) return <TableSkeleton />;
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  const at = (of: CostMethod, methods: typeof data.totals) => methods.find((one) => one.method === of)!;
  return (
    <div className="page-scroll" tabIndex={0} role="region" aria-label={t('counts:view.costs')}>
      <div className="page-inner">
        <div className="row wrap"><Select w="11rem" aria-label={t('counts:costs.span')} value={span} data={SPANS.map((value) => ({ value, label: t(`counts:costs.span.${value}`) }))} onChange={(value) => setSpan((value ?? 'month') as Span)} /><MethodChoice method={method} onChoose={choose} /></div>
        <p className="small muted">{t(`stock:cost.note.${method}`)} {t('counts:costs.note')}</p>
        {data.rows.length === 0 ? <EmptyState icon={<IconReportMoney size="1.75rem" stroke={1.5} />} title={t('counts:costs.empty')}>{t('counts:costs.empty-text')}</EmptyState> : (
          <div className="count-scroll" tabIndex={0} role="region" aria-label={t('counts:costs.table')}>
            <table className="plain-table">
              <thead><tr><th scope="col">{t('stock:column.title')}</th><th scope="col" data-align="end">{t('counts:costs.units-sold')}</th><th scope="col" data-align="end">{t('counts:costs.sold')}</th><th scope="col" data-align="end">{t('counts:costs.booked')}</th><th scope="col" data-align="end">{t('counts:costs.written-off')}</th><th scope="col" data-align="end">{t('counts:costs.units-left')}</th><th scope="col" data-align="end">{t('counts:costs.left')}</th></tr></thead>
              <tbody>
                <tr><td><strong>{t('counts:costs.total')}</strong></td><td data-align="end" className="num"><strong>{format.number(data.unitsSold)}</strong></td><td data-align="end"><Money value={at(method, data.totals).sold} strong /></td><td data-align="end"><Money value={at('lots', data.totals).sold} strong /></td><td data-align="end"><Money value={at(method, data.totals).writtenOff} strong /></td><td /><td data-align="end"><Money value={at(method, data.totals).left} strong /></td></tr>
                {data.rows.map((row) => (
                  <tr key={row.productId}>
                    <td><Link to="/reorder" search={{ open: row.productId } as never}>{row.title}</Link></td><td data-align="end" className="num">{format.number(row.unitsSold)}</td><td data-align="end"><Money value={at(method, row.methods).sold} /></td><td data-align="end" className="muted"><Money value={at('lots', row.methods).sold} /></td>
                    <td data-align="end"><Money value={at(method, row.methods).writtenOff} /></td><td data-align="end" className="num">{format.number(row.unitsLeft)}</td><td data-align="end"><Money value={at(method, row.methods).left} /></td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {data.more ? <p className="small muted">{t('counts:costs.more', { count: data.rows.length })}</p> : null}
      </div>
    </div>
  );
}
