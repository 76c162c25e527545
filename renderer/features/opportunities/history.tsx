import { Skeleton } from '@mantine/core';
import { IconMinus, IconTrendingDown, IconTrendingUp } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Suspense, lazy } from 'react';
import { useTranslation } from 'react-i18next';
import { orpc } from '../../rpc/client.ts';
import { trendsOf, type ChartSeries, type Trend } from '../../ui/chart-data.ts';
import { useFormat } from '../../ui/format.ts';
import { ErrorState } from '../../ui/states.tsx';
import { Section } from './section.tsx';

/** uPlot comes only with the first detail that is opened. */
export const PriceChart = lazy(async () => ({ default: (await import('../../ui/price-chart.tsx')).PriceChart }));

/** Below this a move is the noise of a market. */
const STEADY_BP = 300;
const TOLD: Readonly<Record<string, 'price' | 'rank' | 'offers'>> = { buyBox: 'price', new: 'price', price: 'price', salesRank: 'rank', rank: 'rank', offersNew: 'offers', offers: 'offers' };

/** At most one of each kind, the most telling series first. */
export function trendLines(series: readonly ChartSeries[]): readonly (Trend & { readonly kind: 'price' | 'rank' | 'offers'; readonly move: 'up' | 'down' | 'steady' })[] {
  const all = trendsOf(series);
  return Object.keys(TOLD).flatMap((key) => all.find((t) => t.key === key) ?? []).filter((t, i, list) => list.findIndex((o) => TOLD[o.key] === TOLD[t.key]) === i)
    .map((t) => ({ ...t, kind: TOLD[t.key]!, move: Math.abs(t.changeBp) < STEADY_BP ? 'steady' as const : t.changeBp > 0 ? 'up' as const : 'down' as const }));
}

const MOVE_ICONS = { up: IconTrendingUp, down: IconTrendingDown, steady: IconMinus } as const;

function Trends({ series }: { readonly series: readonly ChartSeries[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const lines = trendLines(series);
  if (lines.length === 0) return <p className="small muted">{t('opportunities:trend.none')}</p>;
  const currency = series.find((s) => s.currency !== null)?.currency ?? 'USD';
  const word = (line: Trend, value: number) => (line.unit === 'minor' ? format.money({ minor: value, currency }) : `${line.unit === 'rank' ? '#' : ''}${format.number(value)}`);
  return (
    <ul className="stack trend-lines" style={{ gap: '0.125rem', marginBlockStart: '0.5rem' }}>
      {lines.map((line) => {
        const Icon = MOVE_ICONS[line.move];
        return <li key={line.key} className="reason small"><Icon size="0.9375rem" className="muted" aria-hidden="true" /><span>{t(`opportunities:trend.${line.kind}-${line.move}`, { change: format.percent(Math.abs(line.changeBp)), now: word(line, line.now), before: word(line, line.before) })}</span></li>;
      })}
    </ul>
  );
}

/** What the price, the rank and the offers did, with the desk's own purchases and sales on it. */
export function History({ id, height }: { readonly id: string; readonly height?: number }) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(orpc.opportunities.history.queryOptions({ input: { id }, staleTime: 60_000 }));
  const trades = useQuery(orpc.opportunities.trades.queryOptions({ input: { id }, staleTime: 60_000 })).data;
  const has = (kind: 'bought' | 'sold') => trades?.some((trade) => trade.kind === kind);
  return (
    <Section title={t('opportunities:history')}>
      {isPending ? <Skeleton height="17rem" /> : error ? <ErrorState error={error} onRetry={() => void refetch()} /> : (
        <Suspense fallback={<Skeleton height="17rem" />}>
          <PriceChart series={data.series} label={t('opportunities:history')} {...(trades ? { trades } : {})} {...(height ? { height } : {})} />
          {has('bought') || has('sold') ? <p className="small muted">{[has('bought') ? `△ ${t('opportunities:own-bought')}` : null, has('sold') ? `▼ ${t('opportunities:own-sold')}` : null].filter(Boolean).join(' · ')}</p> : null}
          {data.series.length > 0 ? <Trends series={data.series} /> : null}
        </Suspense>
      )}
    </Section>
  );
}
