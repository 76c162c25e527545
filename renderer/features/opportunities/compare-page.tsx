import { ActionIcon, Button, SegmentedControl, Skeleton } from '@mantine/core';
import { IconArrowsDiff, IconCheck, IconX, IconZoomReset } from '@tabler/icons-react';
import { useQueries } from '@tanstack/react-query';
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router';
import { Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OpportunityDetail } from '#contract/opportunities.ts';
import { orpc } from '../../rpc/client.ts';
import { alignSeries, rangeOf, type ChartRange, type ChartSeries } from '../../ui/chart-data.ts';
import { useFormat } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { usePreference } from '../../ui/preferences.ts';
import { DetailSkeleton, EmptyState, ErrorState } from '../../ui/states.tsx';
import { compareFigures, type FigureRow } from './compare-figures.ts';
import { PriceChart } from './history.tsx';
import { MOST_COMPARED } from './bulk-bar.tsx';
import './compare.css';

const route = getRouteApi('/frame/compare');
const RANGES: readonly ChartRange[] = ['30', '90', '365', 'all'];
type Span = { readonly min: number; readonly max: number };

/** Prices of each over one and the same time: zoomed and read together. */
function Charts({ details }: { readonly details: readonly OpportunityDetail[] }) {
  const { t } = useTranslation();
  const [range, setRange] = usePreference<ChartRange>('chart:range', '90');
  const [span, setSpan] = useState<Span | null>(null);
  const histories = useQueries({ queries: details.map((d) => orpc.opportunities.history.queryOptions({ input: { id: d.id }, staleTime: 60_000 })) });
  const ready = histories.every((h) => h.data);
  const series = histories.map((h) => h.data?.series);
  const whole = useMemo(() => (ready ? rangeOf(alignSeries(series.flatMap((s) => s as ChartSeries[])).x, 'all') : null), [ready, ...series]); // eslint-disable-line react-hooks/exhaustive-deps
  const pick = (next: ChartRange) => { setRange(next); setSpan(whole ? rangeOf([whole.min, whole.max], next) : null); };
  return (
    <section className="section" aria-label={t('opportunities:history')}>
      <header className="row" style={{ justifyContent: 'space-between' }}>
        <h2>{t('opportunities:history')}</h2>
        <span className="row" style={{ gap: '0.25rem' }}>
          <ActionIcon variant="default" size="md" aria-label={t('common:chart.reset')} onClick={() => pick(range)}><IconZoomReset size="0.9375rem" /></ActionIcon>
          <SegmentedControl size="xs" value={range} onChange={(value) => pick(value as ChartRange)} data={RANGES.map((value) => ({ value, label: t(`common:chart.range.${value}`) }))} aria-label={t('common:chart.range-label')} />
        </span>
      </header>
      <div className="compare-charts">
        {details.map((d, index) => (
          <div key={d.id} className="compare-chart">
            <h3 className="truncate" title={d.title}>{d.title}</h3>
            <Suspense fallback={<Skeleton height="12rem" />}>
              {histories[index]?.error ? <ErrorState error={histories[index]!.error} onRetry={() => void histories[index]!.refetch()} /> : ready ? <PriceChart series={histories[index]!.data!.series} height={10} label={d.title} group={{ name: 'compare', span, onSpan: setSpan, range, whole }} /> : <Skeleton height="12rem" />}
            </Suspense>
          </div>
        ))}
      </div>
    </section>
  );
}

function Rows({ rows, heading, columns }: { readonly rows: readonly FigureRow[]; readonly heading: string; readonly columns: number }) {
  const { t } = useTranslation();
  if (rows.length === 0) return null;
  return (
    <tbody>
      <tr className="compare-group"><th colSpan={columns + 1} scope="colgroup">{heading}</th></tr>
      {rows.map((row) => (
        <tr key={row.id}>
          <th scope="row">{row.name}</th>
          {row.texts.map((text, index) => <td key={index} data-best={row.best[index]} className="num">{text}{row.best[index] ? <span className="compare-best"><IconCheck size="0.8125rem" aria-hidden="true" />{t('opportunities:compare.best')}</span> : null}</td>)}
        </tr>
      ))}
    </tbody>
  );
}

function Figures({ details, onRemove }: { readonly details: readonly OpportunityDetail[]; readonly onRemove: (id: string) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { differing, same } = compareFigures(details, t, format);
  return (
    <div className="compare-scroll" tabIndex={0} role="region" aria-label={t('opportunities:compare.figures')}>
      <table className="compare-table">
        <thead>
          <tr>
            <th scope="col"><span className="visually-hidden">{t('opportunities:compare.figure')}</span></th>
            {details.map((d) => (
              <th key={d.id} scope="col">
                <div className="compare-head">
                  <Link to="/product" search={{ id: d.id } as never} className="compare-title">{d.title}</Link>
                  {details.length > 2 ? <ActionIcon size="sm" variant="subtle" aria-label={t('opportunities:compare.remove', { title: d.title })} onClick={() => onRemove(d.id)}><IconX size="0.8125rem" /></ActionIcon> : null}
                </div>
              </th>
            ))}
          </tr>
        </thead>
        <Rows rows={differing} heading={t('opportunities:compare.differ')} columns={details.length} />
        <Rows rows={same} heading={t('opportunities:compare.same')} columns={details.length} />
      </table>
    </div>
  );
}

/** Two to four products side by side: prices over the same time, what differs first, the best of each figure marked. */
export function ComparePage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const ids = (route.useSearch() as { ids?: string }).ids?.split(',').filter(Boolean).slice(0, MOST_COMPARED) ?? [];
  const queries = useQueries({ queries: ids.map((id) => orpc.opportunities.get.queryOptions({ input: { id } })) });
  const failed = queries.find((q) => q.error && !q.data);
  const details = queries.flatMap((q) => q.data ?? []);
  const back = <Button component={Link} to="/opportunities" variant="default">{t('opportunities:compare.back')}</Button>;
  return (
    <Page title={t('frame:page.compare')} tools={<><span className="grow" />{back}</>} scroll>
      {ids.length < 2 ? <EmptyState icon={<IconArrowsDiff size="1.75rem" stroke={1.5} />} title={t('opportunities:compare.empty')} action={<Button component={Link} to="/opportunities">{t('opportunities:compare.choose')}</Button>}>{t('opportunities:compare.empty-text')}</EmptyState>
        : failed ? <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />
          : details.length < ids.length ? <DetailSkeleton />
            : <><Figures details={details} onRemove={(id) => void navigate({ to: '/compare', search: { ids: ids.filter((other) => other !== id).join(',') } as never, replace: true })} /><Charts details={details} /></>}
    </Page>
  );
}
