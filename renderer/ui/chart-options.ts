import uPlot from 'uplot';
import { exponentOf } from '#kernel/money.ts';
import type { ChartSeries } from './chart-data.ts';
import type { Formatter } from './format.ts';

/** A series has the same colour and stroke wherever it is drawn. */
interface Look { readonly color: string; readonly dash?: number[]; readonly stepped: boolean }
const LOOK: Readonly<Record<string, Look>> = {
  price: { color: '--rd-series-price', stepped: true }, buyBox: { color: '--rd-series-buybox', stepped: true }, amazon: { color: '--rd-series-amazon', stepped: true }, used: { color: '--rd-series-used', dash: [5, 3], stepped: true },
  ebayNew: { color: '--rd-series-buybox', dash: [2, 3], stepped: true }, ebayUsed: { color: '--rd-series-used', dash: [2, 3], stepped: true }, listPrice: { color: '--rd-series-offers', dash: [1, 3], stepped: true }, newFulfilledByMarket: { color: '--rd-series-price', dash: [4, 3], stepped: true },
  watched: { color: '--rd-series-price', stepped: true }, mine: { color: '--rd-series-buybox', stepped: true },
  newFulfilledBySeller: { color: '--rd-series-price', dash: [1, 2], stepped: true }, lowest: { color: '--rd-series-price', stepped: true }, offers: { color: '--rd-series-offers', dash: [6, 3], stepped: true }, rank: { color: '--rd-series-rank', dash: [2, 2], stepped: false },
};
const PALETTE = ['--rd-series-price', '--rd-series-buybox', '--rd-series-offers', '--rd-series-rank'] as const;
/** Shown until the person says otherwise. */
const FIRST_SHOWN: ReadonlySet<string> = new Set(['price', 'buyBox', 'amazon', 'used', 'offers', 'rank', 'watched', 'mine']);
const ALIASES: Readonly<Record<string, string>> = { offersNew: 'offers', 'buy-box': 'buyBox', buybox: 'buyBox', new: 'price', newPrice: 'price', newOffers: 'offers', salesRank: 'rank' };

/** Vendors' names of a series, as this desk names it. */
export const seriesName = (key: string): string => ALIASES[key] ?? key;
export const shownAtFirst = (key: string): boolean => FIRST_SHOWN.has(seriesName(key));
export const lookOf = (key: string, index: number): Look => LOOK[seriesName(key)] ?? { color: PALETTE[index % PALETTE.length]!, stepped: true };

export const css = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
export const remPx = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;

export function wordValue(series: Pick<ChartSeries, 'unit' | 'currency'>, value: number | null | undefined, format: Formatter): string {
  if (value === null || value === undefined) return '–';
  if (series.unit === 'minor') return format.money({ minor: Math.round(value), currency: series.currency ?? 'USD' });
  return (series.unit === 'rank' ? '#' : '') + format.number(value);
}

export interface ChartSetup {
  readonly series: readonly ChartSeries[];
  readonly width: number;
  /** In rem. */
  readonly height: number;
  readonly format: Formatter;
  readonly shown: (key: string) => boolean;
  /** Charts of the same name move their cursor together. */
  readonly sync?: string | undefined;
  readonly hooks: uPlot.Hooks.Arrays;
}

const has = (unit: ChartSeries['unit']) => (u: uPlot) => u.series.some((s, i) => i > 0 && s.show !== false && s.scale === unit);

/** Prices, rank and offers each on an axis of their own over one time; the axis of what is not shown goes. */
export function chartOptions({ series, width, height, format, shown, sync, hooks }: ChartSetup): uPlot.Options {
  const rem = remPx();
  const axis = { stroke: css('--rd-muted'), font: `${0.6875 * rem}px system-ui`, grid: { stroke: css('--rd-line'), width: 1 }, ticks: { show: false } };
  const currency = series.find((s) => s.unit === 'minor')?.currency ?? 'USD';
  const tick = (value: number) => format.money({ minor: Math.round(value), currency }, { whole: Math.abs(value) >= 10 ** exponentOf(currency) * 10 });
  const of = (scale: ChartSeries['unit'], side: 1 | 3, more: Partial<uPlot.Axis>): uPlot.Axis => ({
    ...axis, scale, side, grid: side === 1 ? { show: false } : axis.grid, ...more, size: (u) => (has(scale)(u) ? (more.size as number) : 0), values: (u, ticks) => (has(scale)(u) ? ticks.map((v) => (more.values as unknown as (v: number) => string)(v)) : ticks.map(() => '')),
  });
  return {
    width, height: Math.round(height * rem), padding: [0.5 * rem, 0.25 * rem, 0, 0.25 * rem], legend: { show: false }, focus: { alpha: 1 }, hooks,
    cursor: { drag: { x: true, y: false, setScale: true }, focus: { prox: 24 }, ...(sync ? { sync: { key: sync, setSeries: false } } : {}) },
    scales: { x: { time: true }, minor: { auto: true }, count: { auto: true, range: (_u, _min, max) => [0, Math.max(4, (max || 0) * 1.6)] }, rank: { auto: true, dir: -1 } },
    axes: [
      { ...axis, grid: { show: false } },
      of('minor', 3, { size: 4 * rem, values: tick as never }),
      of('rank', 1, { size: 3.75 * rem, values: ((v: number) => `#${format.number(v)}`) as never }),
      of('count', 1, { size: 2.25 * rem, values: ((v: number) => format.number(v)) as never }),
    ],
    series: [
      {},
      ...series.map((s, index): uPlot.Series => {
        const look = lookOf(s.key, index);
        const stepped = look.stepped ? uPlot.paths.stepped?.({ align: 1 }) : undefined;
        return { scale: s.unit, stroke: css(look.color), width: s.unit === 'minor' ? 1.7 : 1.1, alpha: s.unit === 'rank' ? 0.7 : 1, show: shown(s.key), spanGaps: false, points: { show: false }, ...(look.dash ? { dash: look.dash } : {}), ...(stepped ? { paths: stepped } : {}) };
      }),
    ],
  };
}
