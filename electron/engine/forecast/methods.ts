/**
 * Ways to say how many units a day will be sold, from units sold each day. All answer a flat rate, but for `seasonal`. Croston 1972; SBA: Syntetos and Boylan 2005; TSB: Teunter, Syntetos and Babai 2011.
 */
export const METHODS = ['naive', 'moving-average', 'smoothing', 'croston', 'sba', 'tsb', 'seasonal'] as const;
export type Method = (typeof METHODS)[number];

export type Series = readonly number[];
/** Units expected in each of the next `days` days. */
export type Forecast = (series: Series, days: number) => readonly number[];

function flat(rate: number, days: number): number[] {
  const rates: number[] = [];
  for (let day = 0; day < days; day++) rates.push(Math.max(0, rate));
  return rates;
}

/** Plain loops: hundreds of products are back-tested while a person waits. */
function mean(values: Series): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return values.length === 0 ? 0 : sum / values.length;
}

/** Mean units of the days with a sale, and how many there were. */
function salesOf(series: Series): { size: number; count: number } {
  let [sum, count] = [0, 0];
  for (let i = 0; i < series.length; i++) {
    if (series[i]! <= 0) continue;
    sum += series[i]!;
    count += 1;
  }
  return { size: count === 0 ? 0 : sum / count, count };
}

const MOVING_DAYS = 28;
const ALPHAS = [0.01, 0.02, 0.04, 0.08, 0.15] as const;
/** Start of the smoothing: mean of the first days. */
const START_DAYS = 28;
const SIZE_ALPHA = 0.1;
const INTERVAL_ALPHA = 0.1;
const CHANCE_BETA = 0.03;
/** A weekly shape needs eight weeks; a yearly one, two years. */
const WEEKLY_FROM = 56;
const YEARLY_FROM = 730;
const YEAR = 365;
const SEASON_WINDOW = 28;

/** As many as in the time before: the scale of all errors. */
const naive: Forecast = (series, days) => flat(mean(series.slice(-days)), days);

const movingAverage: Forecast = (series, days) => flat(mean(series.slice(-MOVING_DAYS)), days);

const levels = new WeakMap<Series, number>();

/** Simple exponential smoothing; its rate is the one with the least squared error of one step ahead. A series must not change between two calls. */
function smoothed(series: Series): number {
  const known = levels.get(series);
  if (known !== undefined) return known;
  const level = smooth(series);
  levels.set(series, level);
  return level;
}

const smooth = (series: Series): number => smoothAt(series, [series.length])[0]!;

/** The level that `smooth` finds in the first so many days, for each of `lengths` (rising; of the same first days): each rate passes over the series once for all of them. */
function smoothAt(series: Series, lengths: readonly number[]): number[] {
  const start = mean(series.slice(0, START_DAYS));
  const errors = lengths.map(() => Number.POSITIVE_INFINITY);
  const found = lengths.map(() => start);
  for (const alpha of ALPHAS) {
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

/** Beginnings of a series, each of so many days: at least as many as a level starts from. What smoothing needs of them is found for all in one pass. */
export function beginningsOf(series: Series, lengths: readonly number[]): Series[] {
  const beginnings = lengths.map((length) => series.slice(0, length));
  if (lengths.every((length) => length >= START_DAYS)) smoothAt(series, lengths).forEach((level, i) => levels.set(beginnings[i]!, level));
  return beginnings;
}

const smoothing: Forecast = (series, days) => flat(smoothed(series), days);

interface SizesAndIntervals { readonly size: number; readonly interval: number }
const intervals = new WeakMap<Series, SizesAndIntervals | null>();

/** Sizes of sales and the days between them, each smoothed at a sale alone. */
function sizesAndIntervals(series: Series): SizesAndIntervals | null {
  const known = intervals.get(series);
  if (known !== undefined) return known;
  const found = findSizesAndIntervals(series);
  intervals.set(series, found);
  return found;
}

function findSizesAndIntervals(series: Series): SizesAndIntervals | null {
  const sales = salesOf(series);
  if (sales.count === 0) return null;
  let { size } = sales;
  let interval = Math.max(1, series.length / sales.count);
  let since = 0;
  for (let i = 0; i < series.length; i++) {
    const value = series[i]!;
    since += 1;
    if (value <= 0) continue;
    size += SIZE_ALPHA * (value - size);
    interval += INTERVAL_ALPHA * (since - interval);
    since = 0;
  }
  return { size, interval };
}

const croston: Forecast = (series, days) => {
  const known = sizesAndIntervals(series);
  return flat(known ? known.size / known.interval : 0, days);
};

/** Croston without its upward bias. */
const sba: Forecast = (series, days) => croston(series, days).map((rate) => rate * (1 - INTERVAL_ALPHA / 2));

/** The chance of a sale is smoothed every day, so that what stops selling fades. */
const tsb: Forecast = (series, days) => {
  const sales = salesOf(series);
  if (sales.count === 0) return flat(0, days);
  const { size } = sizesAndIntervals(series)!;
  let chance = sales.count / series.length;
  for (let i = 0; i < series.length; i++) chance += CHANCE_BETA * ((series[i]! > 0 ? 1 : 0) - chance);
  return flat(chance * size, days);
};

/** Shape of the week around a smoothed level where there are eight weeks, and last year's swing where there are two years; half of either is believed. */
const seasonal: Forecast = (series, days) => {
  const level = smoothed(series);
  const overall = mean(series);
  if (series.length < WEEKLY_FROM || overall <= 0) return flat(level, days);
  const week = weekShape(series, overall);
  return Array.from({ length: days }, (_, ahead) => {
    const weekday = 0.5 + 0.5 * week[(7 - (ahead % 7)) % 7]!;
    return Math.max(0, level * weekday * yearly(series, ahead));
  });
};

/** Mean of each day of the week over that of all; day 0 is a week, or weeks, before the next. */
function weekShape(series: Series, overall: number): number[] {
  const shape: number[] = [];
  for (let d = 0; d < 7; d++) {
    let [units, count] = [0, 0];
    for (let i = series.length - (d === 0 ? 7 : d); i >= 0; i -= 7) {
      units += series[i]!;
      count += 1;
    }
    shape.push((count === 0 ? 0 : units / count) / overall);
  }
  return shape;
}

function yearly(series: Series, ahead: number): number {
  if (series.length < YEARLY_FROM) return 1;
  const at = series.length - YEAR;
  const then = mean(series.slice(at - SEASON_WINDOW, at));
  const later = mean(series.slice(at + ahead - 7, at + ahead + 8));
  return then <= 0 ? 1 : Math.max(0.4, Math.min(2.5, 0.5 + 0.5 * (later / then)));
}

export const FORECASTS: Readonly<Record<Method, Forecast>> = { naive, 'moving-average': movingAverage, smoothing, croston, sba, tsb, seasonal };
