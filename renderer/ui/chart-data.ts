import type { Money } from '#kernel/money.ts';
import { DAY_MS, type Instant } from '#kernel/time.ts';

export interface ChartSeries {
  readonly key: string;
  readonly unit: 'minor' | 'rank' | 'count';
  readonly currency: string | null;
  readonly at: readonly Instant[];
  readonly value: readonly (number | null)[];
}
/** An own purchase or sale. */
export interface ChartTrade { readonly kind: 'bought' | 'sold'; readonly at: Instant; readonly units: number; readonly price: Money }
export type ChartRange = '30' | '90' | '365' | 'all';

/** All series on one ascending time axis (seconds, as uPlot counts). A series without a point at an instant is undefined there (joined over); null is a gap. */
export function alignSeries(series: readonly ChartSeries[]): { readonly x: number[]; readonly ys: (number | null | undefined)[][] } {
  const instants = [...new Set(series.flatMap((s) => [...s.at]))].toSorted((a, b) => a - b);
  const place = new Map(instants.map((at, index) => [at, index]));
  const ys = series.map((s) => {
    const line = Array.from<number | null | undefined>({ length: instants.length });
    s.at.forEach((at, i) => { line[place.get(at)!] = s.value[i] ?? null; });
    return line;
  });
  return { x: instants.map((at) => at / 1_000), ys };
}

/** The span of a range that ends with the last point, in seconds. */
export function rangeOf(x: readonly number[], range: ChartRange): { readonly min: number; readonly max: number } | null {
  const first = x[0];
  const last = x.at(-1);
  if (first === undefined || last === undefined) return null;
  if (range === 'all') return { min: first, max: Math.max(last, first + 1) };
  return { min: Math.max(first, last - (Number(range) * DAY_MS) / 1_000), max: Math.max(last, first + 1) };
}

/** What held at an instant: the last point at or before it; null before the first and in a gap. */
export function valueAt({ at, value }: Pick<ChartSeries, 'at' | 'value'>, instant: Instant): number | null {
  let low = 0;
  let high = at.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at[middle]! <= instant) low = middle + 1; else high = middle;
  }
  return low === 0 ? null : (value[low - 1] ?? null);
}

export interface Trend {
  readonly key: string;
  readonly unit: ChartSeries['unit'];
  /** Of the last 30 days against the 90 before them, by their medians in time. */
  readonly changeBp: number;
  readonly now: number;
  readonly before: number;
}

function medianOf(series: ChartSeries, from: Instant, to: Instant): number | null {
  const days = Array.from({ length: Math.round((to - from) / DAY_MS) }, (_, day) => valueAt(series, from + day * DAY_MS)).filter((v): v is number => v !== null).toSorted((a, b) => a - b);
  return days.length < Math.round((to - from) / DAY_MS) / 3 ? null : (days[days.length >> 1] ?? null);
}

/** How each series moved: a median a day, so that one day of a price is no trend. Left out where a third of the days is not known. */
export function trendsOf(series: readonly ChartSeries[]): Trend[] {
  const end = Math.max(0, ...series.map((s) => s.at.at(-1) ?? 0));
  return series.flatMap((s) => {
    const now = medianOf(s, end - 30 * DAY_MS, end);
    const before = medianOf(s, end - 120 * DAY_MS, end - 30 * DAY_MS);
    return now === null || before === null || before <= 0 ? [] : [{ key: s.key, unit: s.unit, now, before, changeBp: Math.round((now / before - 1) * 10_000) }];
  });
}
