import { DAY_MS, type Instant } from '#kernel/time.ts';

export interface ChartSeries {
  readonly key: string;
  readonly unit: 'minor' | 'rank' | 'count';
  readonly currency: string | null;
  readonly at: readonly Instant[];
  readonly value: readonly (number | null)[];
}
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
