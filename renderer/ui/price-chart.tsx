import { SegmentedControl, useComputedColorScheme } from '@mantine/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { exponentOf } from '#kernel/money.ts';
import { alignSeries, rangeOf, type ChartRange, type ChartSeries } from './chart-data.ts';
import { useFormat, type Formatter } from './format.ts';
import './price-chart.css';

/** A series has the same colour and stroke wherever it is drawn. */
const LOOK: Readonly<Record<string, { readonly color: string; readonly dash?: number[]; readonly stepped: boolean }>> = {
  price: { color: '--rd-series-price', stepped: true }, ebayNew: { color: '--rd-series-buybox', stepped: true }, listPrice: { color: '--rd-series-offers', dash: [1, 3], stepped: true }, newFulfilledByMarket: { color: '--rd-series-price', dash: [4, 3], stepped: true }, newFulfilledBySeller: { color: '--rd-series-price', dash: [1, 2], stepped: true }, lowest: { color: '--rd-series-price', stepped: true }, amazon: { color: '--rd-attention', dash: [2, 3], stepped: true },
  buyBox: { color: '--rd-series-buybox', stepped: true }, offers: { color: '--rd-series-offers', dash: [6, 3], stepped: true }, rank: { color: '--rd-series-rank', dash: [2, 2], stepped: false },
};
const PALETTE = ['--rd-series-price', '--rd-series-buybox', '--rd-series-offers', '--rd-series-rank'] as const;
/** Shown at first; the others come by a click on their name. */
const FIRST_SHOWN: ReadonlySet<string> = new Set(['price', 'buyBox', 'offers', 'rank', 'ebayNew']);
const ALIASES: Readonly<Record<string, string>> = { offersNew: 'offers', 'buy-box': 'buyBox', buybox: 'buyBox', new: 'price', newPrice: 'price', newOffers: 'offers', salesRank: 'rank' };
const lookOf = (key: string, index: number) => LOOK[ALIASES[key] ?? key] ?? { color: PALETTE[index % PALETTE.length]!, stepped: true };
const css = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const RANGES: readonly ChartRange[] = ['30', '90', '365', 'all'];

interface Labels { readonly name: (key: string) => string; readonly format: Formatter }

function wordValue(series: ChartSeries, value: number | null | undefined, format: Formatter): string {
  if (value === null || value === undefined) return '–';
  if (series.unit === 'minor') return format.money({ minor: Math.round(value), currency: series.currency ?? 'USD' });
  return (series.unit === 'rank' ? '#' : '') + format.number(value);
}

function chartOptions(series: readonly ChartSeries[], width: number, { name, format }: Labels): uPlot.Options {
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
  const axis = { stroke: css('--rd-muted'), font: `${0.6875 * rem}px system-ui`, grid: { stroke: css('--rd-line'), width: 1 }, ticks: { show: false } };
  const money = series.find((s) => s.unit === 'minor');
  const whole = (value: number) => format.money({ minor: Math.round(value), currency: money?.currency ?? 'USD' }, { whole: Math.abs(value) >= 10 ** exponentOf(money?.currency ?? 'USD') * 10 });
  const has = (unit: ChartSeries['unit']) => series.some((s) => s.unit === unit);
  return {
    width, height: Math.round(13 * rem), cursor: { drag: { x: true, y: false, setScale: true }, focus: { prox: 24 } }, legend: { live: true },
    scales: { x: { time: true }, minor: { auto: true }, count: { auto: true, range: (_u, _min, max) => [0, Math.max(4, max * 1.6)] }, rank: { auto: true, dir: -1 } },
    axes: [
      { ...axis, grid: { show: false } },
      { ...axis, scale: 'minor', show: has('minor'), size: 4 * rem, values: (_u, ticks) => ticks.map(whole) },
      { ...axis, scale: 'rank', side: 1, show: has('rank'), grid: { show: false }, size: 3.75 * rem, values: (_u, ticks) => ticks.map((v) => `#${format.number(v)}`) },
      { ...axis, scale: 'count', side: 1, show: has('count') && !has('rank'), grid: { show: false }, size: 2.5 * rem, values: (_u, ticks) => ticks.map((v) => format.number(v)) },
    ],
    series: [
      { label: name('time'), value: (_u, at) => (at === null || at === undefined ? '–' : format.date(at * 1_000)) },
      ...series.map((s, index): uPlot.Series => {
        const look = lookOf(s.key, index);
        const stepped = look.stepped ? uPlot.paths.stepped?.({ align: 1 }) : undefined;
        return { label: name(s.key), scale: s.unit, stroke: css(look.color), width: s.unit === 'minor' ? 1.6 : 1, alpha: s.unit === 'rank' ? 0.6 : 1, show: series.length <= FIRST_SHOWN.size || FIRST_SHOWN.has(ALIASES[s.key] ?? s.key), spanGaps: false, points: { show: false }, value: (_u, v) => wordValue(s, v, format), ...(look.dash ? { dash: look.dash } : {}), ...(stepped ? { paths: stepped } : {}) };
      }),
    ],
  };
}

/** The chart in words, for those who do not see it: each series' latest, lowest and highest value. */
function Summary({ series, labels }: { readonly series: readonly ChartSeries[]; readonly labels: Labels }) {
  const { t } = useTranslation();
  return (
    <table className="visually-hidden">
      <caption>{t('common:chart.table')}</caption>
      <thead><tr><th scope="col">{t('common:chart.series')}</th><th scope="col">{t('common:chart.latest')}</th><th scope="col">{t('common:chart.lowest')}</th><th scope="col">{t('common:chart.highest')}</th></tr></thead>
      <tbody>
        {series.map((s) => {
          const known = s.value.filter((v): v is number => v !== null);
          const low = known.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
          const high = known.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
          const word = (v: number | null | undefined) => wordValue(s, v, labels.format);
          return <tr key={s.key}><th scope="row">{labels.name(s.key)}</th><td>{word(s.value.at(-1))}</td><td>{word(known.length ? low : null)}</td><td>{word(known.length ? high : null)}</td></tr>;
        })}
      </tbody>
    </table>
  );
}

/** Price, Buy Box, offers and rank on one time axis. Gaps stay gaps; hover reads every series; a drag zooms, a double click shows the range again. */
export function PriceChart({ series }: { readonly series: readonly ChartSeries[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const scheme = useComputedColorScheme();
  const [range, setRange] = useState<ChartRange>('90');
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const data = useMemo(() => alignSeries(series), [series]);
  const labels = useMemo<Labels>(() => ({ name: (key) => t(`common:series.${ALIASES[key] ?? key}`, { defaultValue: key }), format }), [t, format]);
  const view = useRef({ data, range });
  view.current = { data, range };

  useEffect(() => {
    const node = host.current;
    if (!node || data.x.length === 0) return;
    const made = new uPlot(chartOptions(series, node.clientWidth, labels), [data.x, ...data.ys] as uPlot.AlignedData, node);
    plot.current = made;
    const show = () => { const span = rangeOf(view.current.data.x, view.current.range); if (span) made.setScale('x', span); };
    show();
    made.over.addEventListener('dblclick', show);
    const observer = new ResizeObserver(() => { if (node.clientWidth > 0) made.setSize({ width: node.clientWidth, height: made.height }); });
    observer.observe(node);
    return () => { observer.disconnect(); made.destroy(); plot.current = null; };
  }, [series, data, labels, scheme]);
  useEffect(() => {
    const span = rangeOf(data.x, range);
    if (span) plot.current?.setScale('x', span);
  }, [data, range]);

  if (data.x.length === 0) return <p className="muted small">{t('common:chart.empty')}</p>;
  return (
    <div className="price-chart">
      <div className="row" style={{ justifyContent: 'space-between' }}>
        <span className="small muted">{t('common:chart.hint')}</span>
        <SegmentedControl size="xs" value={range} onChange={(value) => setRange(value as ChartRange)} data={RANGES.map((value) => ({ value, label: t(`common:chart.range.${value}`) }))} aria-label={t('common:chart.range-label')} />
      </div>
      <div ref={host} dir="ltr" className="price-chart-plot" aria-hidden="true" />
      <Summary series={series} labels={labels} />
    </div>
  );
}
