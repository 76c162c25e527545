/**
 * Ways to say how many units a day will be sold, from units sold each day. All answer a flat rate, but for `seasonal`. Croston 1972; SBA: Syntetos and Boylan 2005; TSB: Teunter, Syntetos and Babai 2011.
 */
export const METHODS = ['naive', 'moving-average', 'smoothing', 'croston', 'sba', 'tsb', 'seasonal'] as const;
export type Method = (typeof METHODS)[number];

export type Series = readonly number[];
/** Units expected in each of the next `days` days. */
export type Forecast = (series: Series, days: number) => readonly number[];

const flat = (rate: number, days: number): number[] => Array.from({ length: days }, () => Math.max(0, rate));
const mean = (values: Series): number => (values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length);

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

function smooth(series: Series): number {
  const start = mean(series.slice(0, START_DAYS));
  let best = { error: Number.POSITIVE_INFINITY, level: start };
  for (const alpha of ALPHAS) {
    let [level, error] = [start, 0];
    for (let i = 0; i < series.length; i++) {
      const off = series[i]! - level;
      if (i >= START_DAYS) error += off * off;
      level += alpha * off;
    }
    if (error < best.error) best = { error, level };
  }
  return best.level;
}

const smoothing: Forecast = (series, days) => flat(smoothed(series), days);

/** Sizes of sales and the days between them, each smoothed at a sale alone. */
function sizesAndIntervals(series: Series): { size: number; interval: number } | null {
  const first = series.findIndex((value) => value > 0);
  if (first < 0) return null;
  const sales = series.filter((value) => value > 0);
  let size = mean(sales);
  let interval = Math.max(1, series.length / sales.length);
  let since = 0;
  for (const value of series) {
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
  const sales = series.filter((value) => value > 0);
  if (sales.length === 0) return flat(0, days);
  let size = mean(sales);
  let chance = sales.length / series.length;
  for (const value of series) {
    chance += CHANCE_BETA * ((value > 0 ? 1 : 0) - chance);
    if (value > 0) size += SIZE_ALPHA * (value - size);
  }
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
  const [sums, counts] = [[0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0]];
  for (let i = 0; i < series.length; i++) {
    const d = (series.length - i) % 7;
    sums[d]! += series[i]!;
    counts[d]! += 1;
  }
  return sums.map((units, d) => (counts[d] === 0 ? 0 : units / counts[d]!) / overall);
}

function yearly(series: Series, ahead: number): number {
  if (series.length < YEARLY_FROM) return 1;
  const at = series.length - YEAR;
  const then = mean(series.slice(at - SEASON_WINDOW, at));
  const later = mean(series.slice(at + ahead - 7, at + ahead + 8));
  return then <= 0 ? 1 : Math.max(0.4, Math.min(2.5, 0.5 + 0.5 * (later / then)));
}

export const FORECASTS: Readonly<Record<Method, Forecast>> = { naive, 'moving-average': movingAverage, smoothing, croston, sba, tsb, seasonal };
