import { beginningsOf, CHANCE_BETA, SALE_ALPHA, unitsBetween, type Beginning, type Series } from './series-sums.ts';

/**
 * Ways to say how many units a day will be sold, from units sold each day. All answer a flat rate, but for `seasonal`. Croston 1972; SBA: Syntetos and Boylan 2005; TSB: Teunter, Syntetos and Babai 2011.
 */
export const METHODS = ['naive', 'moving-average', 'smoothing', 'croston', 'sba', 'tsb', 'seasonal'] as const;
export type Method = (typeof METHODS)[number];

/** Units expected in each of the next `days` days. */
export type Forecast = (series: Series, days: number) => readonly number[];

const MOVING_DAYS = 28;
/** A weekly shape needs eight weeks; a yearly one, two years. */
const WEEKLY_FROM = 56;
const YEARLY_FROM = 730;
const YEAR = 365;
const SEASON_WINDOW = 28;
const WEEK = 7;

/** Mean of the last `days` days, or of all where there are fewer. */
function lately({ sums, length }: Beginning, days: number): number {
  const from = Math.max(0, length - days);
  return length === from ? 0 : unitsBetween(sums, from, length) / (length - from);
}

/** Sizes of sales, each smoothed at a sale alone: from the mean of all of them. */
const sizeOf = ({ sold, sales, size, kept }: Beginning): number => (sold / sales) * kept + size;

/** Days between sales, smoothed likewise: from as many days a sale as the series has. */
const intervalOf = ({ length, sales, interval, kept }: Beginning): number => Math.max(1, length / sales) * kept + interval;

const crostonRate = (beginning: Beginning): number => (beginning.sales === 0 ? 0 : sizeOf(beginning) / intervalOf(beginning));

/** The chance of a sale is smoothed every day, so that what stops selling fades. */
const tsbRate = (beginning: Beginning): number => (beginning.sales === 0 ? 0 : ((beginning.sales / beginning.length) * (1 - CHANCE_BETA) ** beginning.length + beginning.chance) * sizeOf(beginning));

/** Units a day by a method that says the same of each day. */
function rateOf(beginning: Beginning, method: Exclude<Method, 'seasonal'>, days: number): number {
  switch (method) {
    // as many as in the time before: the scale of all errors
    case 'naive': return lately(beginning, days);
    case 'moving-average': return lately(beginning, MOVING_DAYS);
    case 'smoothing': return beginning.level;
    case 'croston': return crostonRate(beginning);
    // Croston without its upward bias
    case 'sba': return crostonRate(beginning) * (1 - SALE_ALPHA / 2);
    case 'tsb': return tsbRate(beginning);
  }
}

/** Mean of each day of the week over that of all; day 0 is a week, or weeks, before the next. */
function weekShape({ weekdays, length }: Beginning, overall: number): number[] {
  const shape: number[] = [];
  for (let d = 0; d < WEEK; d++) {
    const last = length - (d === 0 ? WEEK : d);
    shape.push(weekdays[last % WEEK]! / (Math.floor(last / WEEK) + 1) / overall);
  }
  return shape;
}

/** Half of last year's swing around this day. */
function yearly({ sums, length }: Beginning, ahead: number): number {
  if (length < YEARLY_FROM) return 1;
  const at = length - YEAR;
  const then = unitsBetween(sums, at - SEASON_WINDOW, at) / SEASON_WINDOW;
  const to = Math.min(length, at + ahead + 8);
  const later = to <= at + ahead - 7 ? 0 : unitsBetween(sums, at + ahead - 7, to) / (to - (at + ahead - 7));
  return then <= 0 ? 1 : Math.max(0.4, Math.min(2.5, 0.5 + 0.5 * (later / then)));
}

/** Shape of the week around a smoothed level where there are eight weeks, and last year's swing where there are two years; half of either is believed. */
function seasonal(beginning: Beginning, days: number): number[] {
  const { length, level, sums } = beginning;
  const overall = length === 0 ? 0 : unitsBetween(sums, 0, length) / length;
  const shape = length < WEEKLY_FROM || overall <= 0 ? null : weekShape(beginning, overall);
  const units: number[] = [];
  for (let ahead = 0; ahead < days; ahead++) units.push(Math.max(0, shape ? level * (0.5 + 0.5 * shape[(WEEK - (ahead % WEEK)) % WEEK]!) * yearly(beginning, ahead) : level));
  return units;
}

/** Units expected in the next `days` days, all together. */
export function unitsAhead(beginning: Beginning, method: Method, days: number): number {
  if (method !== 'seasonal') return Math.max(0, rateOf(beginning, method, days)) * days;
  let sum = 0;
  for (const units of seasonal(beginning, days)) sum += units;
  return sum;
}

const whole = (series: Series): Beginning => beginningsOf(series, [series.length])[0]!;

const flat = (method: Exclude<Method, 'seasonal'>): Forecast => (series, days) => {
  const rate = Math.max(0, rateOf(whole(series), method, days));
  return Array.from({ length: days }, () => rate);
};

export const FORECASTS: Readonly<Record<Method, Forecast>> = {
  naive: flat('naive'), 'moving-average': flat('moving-average'), smoothing: flat('smoothing'), croston: flat('croston'), sba: flat('sba'), tsb: flat('tsb'), seasonal: (series, days) => seasonal(whole(series), days),
};
