/** Units sold on each day, oldest first; none is below zero. */
export type Series = readonly number[];

/** What every method needs of the first `length` days of a series. */
export interface Beginning {
  readonly length: number;
  /** Units of the first so many days, of the whole series. */
  readonly sums: Float64Array;
  /** Units of the days whose place in the series leaves this rest when it is divided by seven. */
  readonly weekdays: readonly number[];
  /** Units, and days with a sale. */
  readonly sold: number;
  readonly sales: number;
  /** Sizes of sales and days between them, smoothed from zero at each sale; `kept`: the share that is left of what they really start from, which is known at the end alone. */
  readonly size: number;
  readonly interval: number;
  readonly kept: number;
  /** Whether a day has a sale, smoothed from zero every day. */
  readonly chance: number;
  /** Simple exponential smoothing by the rate with the least squared error of one step ahead. */
  readonly level: number;
}

export const SALE_ALPHA = 0.1;
export const CHANCE_BETA = 0.03;
const LEVEL_ALPHAS = [0.01, 0.02, 0.04, 0.08, 0.15] as const;
/** Start of the level: mean of the first days. */
const START_DAYS = 28;
const WEEK = 7;

/** Units of the days from `from` up to, not with, `to`. */
export const unitsBetween = (sums: Float64Array, from: number, to: number): number => sums[to]! - sums[from]!;

function sumsOf(series: Series): Float64Array {
  const sums = new Float64Array(series.length + 1);
  let sum = 0;
  for (let i = 0; i < series.length; i++) {
    sum += series[i]!;
    sums[i + 1] = sum;
  }
  return sums;
}

/** The level after the first so many days, for each of `lengths`: each rate passes over the series once for all of them. */
function levelsAt(series: Series, lengths: readonly number[], start: number): number[] {
  const errors = lengths.map(() => Number.POSITIVE_INFINITY);
  const found = lengths.map(() => start);
  for (const alpha of LEVEL_ALPHAS) {
    // none of the three is seen by a function inside: that would make each step of the loop a write to the heap
    let [level, error, i] = [start, 0, 0];
    for (let k = 0; k < lengths.length; k++) {
      for (const length = lengths[k]!; i < length; i++) {
        const off = series[i]! - level;
        if (i >= START_DAYS) error += off * off;
        level += alpha * off;
      }
      if (error >= errors[k]!) continue;
      errors[k] = error;
      found[k] = level;
    }
  }
  return found;
}

/**
 * Sums of the beginnings of a series that are so many days long (rising; at least 28 each, or one that is the whole series). One pass for all of them: hundreds of products are back-tested while a person
 * waits, by code that was just loaded.
 */
export function beginningsOf(series: Series, lengths: readonly number[]): Beginning[] {
  const sums = sumsOf(series);
  const begun = Math.min(series.length, START_DAYS);
  const levels = levelsAt(series, lengths, begun === 0 ? 0 : sums[begun]! / begun);
  const beginnings: Beginning[] = [];
  const weekdays = [0, 0, 0, 0, 0, 0, 0];
  let [i, sales, size, interval, kept, chance, since] = [0, 0, 0, 0, 1, 0, 0];
  for (let k = 0; k < lengths.length; k++) {
    const length = lengths[k]!;
    for (; i < length; i++) {
      const units = series[i]!;
      since += 1;
      chance *= 1 - CHANCE_BETA;
      if (units <= 0) continue;
      chance += CHANCE_BETA;
      sales += 1;
      weekdays[i % WEEK]! += units;
      size += SALE_ALPHA * (units - size);
      interval += SALE_ALPHA * (since - interval);
      kept *= 1 - SALE_ALPHA;
      since = 0;
    }
    beginnings.push({ length, sums, weekdays: weekdays.slice(), sold: sums[length]!, sales, size, interval, kept, chance, level: levels[k]! });
  }
  return beginnings;
}
