import { DAY_MS, type Instant } from '#kernel/time.ts';
import type { SeriesPoint, SeriesSummary, TrendDirection } from './types.ts';

/** Days that the summary looks back. */
export const WINDOW_DAYS = 90;
/** A change of level counts from 10 % on: with 7 % a fifth of the practice market's prices that only wander raised an alarm (`npm run bench -- --only trends`). */
const LEAST_CHANGE_LOG = 0.1;
/** Split statistic above which a change is real; with it stationary noise raises an alarm in under 2 % of series (tested). */
const CHANGE_THRESHOLD = 30;
const SHORTEST_SEGMENT = 3;
/** The median of three takes about a fifth of a walk's step spread away; this gives it back. */
const MEDIAN_LOSS = 1.25;
const RECENT_CHANGE_DAYS = 30;
/** Log move over the next 30 days from which a drift has a name. */
const NAMED_DRIFT_30 = 0.08;

/** Index of the last point at or before `instant`, or −1. */
function lastAt(points: readonly SeriesPoint[], instant: Instant): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (points[middle]!.at <= instant) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Time-weighted mean of the logarithm in each day of [`from`, `from` + days): NaN where there was no value. */
function dailyLogs(points: readonly SeriesPoint[], from: Instant, days: number): Float64Array {
  const sums = new Float64Array(days);
  const held = new Float64Array(days);
  const end = from + days * DAY_MS;
  for (let i = Math.max(0, lastAt(points, from)); i < points.length; i++) {
    const point = points[i]!;
    if (point.at >= end) break;
    if (point.value === null || !(point.value > 0)) continue;
    const start = Math.max(point.at, from);
    const stop = Math.min(points[i + 1]?.at ?? end, end);
    const log = Math.log(point.value);
    for (let t = start; t < stop; ) {
      const day = Math.floor((t - from) / DAY_MS);
      const next = Math.min(stop, from + (day + 1) * DAY_MS);
      sums[day]! += log * (next - t);
      held[day]! += next - t;
      t = next;
    }
  }
  for (let day = 0; day < days; day++) sums[day] = held[day]! > 0 ? sums[day]! / held[day]! : Number.NaN;
  return sums;
}

/** Valid days in order, with single-day spikes taken out (median of three; ends are kept). */
function cleaned(logs: Float64Array): { y: Float64Array; day: Float64Array } {
  const raw = new Float64Array(logs.length);
  const day = new Float64Array(logs.length);
  let n = 0;
  for (let i = 0; i < logs.length; i++) {
    if (Number.isNaN(logs[i]!)) continue;
    raw[n] = logs[i]!;
    day[n++] = i;
  }
  const y = raw.slice(0, n);
  for (let i = 1; i + 1 < n; i++) {
    const a = raw[i - 1]!;
    const b = raw[i]!;
    const c = raw[i + 1]!;
    y[i] = Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }
  return { y, day: day.slice(0, n) };
}

interface Split { index: number; change: number }

/** The split of [from, n) with the largest difference of means against the spread within, or null when none is beyond noise. */
function bestSplit(y: Float64Array, from: number): Split | null {
  const n = y.length - from;
  if (n < 2 * SHORTEST_SEGMENT + 4) return null;
  let total = 0;
  let squares = 0;
  for (let i = from; i < y.length; i++) {
    total += y[i]!;
    squares += y[i]! * y[i]!;
  }
  let left = 0;
  let best = { gain: 0, k: 0, change: 0 };
  for (let k = 1; k <= n - SHORTEST_SEGMENT; k++) {
    left += y[from + k - 1]!;
    if (k < SHORTEST_SEGMENT) continue;
    const change = (total - left) / (n - k) - left / k;
    const gain = ((k * (n - k)) / n) * change * change;
    if (gain > best.gain) best = { gain, k, change };
  }
  const within = Math.max(0, (squares - (total * total) / n - best.gain) / Math.max(1, n - 2));
  return Math.abs(best.change) >= LEAST_CHANGE_LOG && best.gain > CHANGE_THRESHOLD * (within + 1e-5) ? { index: from + best.k, change: best.change } : null;
}

/** The latest change point: splits the window, then its last part again, at most three times. */
function latestChange(y: Float64Array): Split | null {
  let found: Split | null = null;
  for (let round = 0; round < 3; round++) {
    const split = bestSplit(y, found?.index ?? 0);
    if (!split) break;
    found = split;
  }
  return found;
}

/**
 * Least-squares slope of the last segment (at most 30 days of it) with its t value. Daily values depend on each other, so the error is twice the naive one, and at least that of
 * a walk without drift (`walkSigma` for each day): such a walk always shows some slope.
 */
function slopeOf({ y, day }: { y: Float64Array; day: Float64Array }, from: number, walkSigma: number): { slope: number; t: number } {
  let start = from;
  while (start < y.length && day[y.length - 1]! - day[start]! > 30) start++;
  const n = y.length - start;
  if (n < 7) return { slope: 0, t: 0 };
  let mx = 0;
  let my = 0;
  for (let i = start; i < y.length; i++) {
    mx += day[i]!;
    my += y[i]!;
  }
  mx /= n;
  my /= n;
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (let i = start; i < y.length; i++) {
    const dx = day[i]! - mx;
    const dy = y[i]! - my;
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  const slope = xy / xx;
  const error = Math.max(2 * Math.sqrt(Math.max(0, yy - slope * xy) / (n - 2) / xx), (1.2 * walkSigma) / Math.sqrt(n)) + 1e-5;
  return { slope, t: slope / error };
}

/** Variance of the values and of their day-to-day steps: their ratio tells a wandering level from noise around a fixed one. */
function spreadOf(y: Float64Array, from: number): { variance: number; stepVariance: number; memory: number } {
  const n = y.length - from;
  let mean = 0;
  for (let i = from; i < y.length; i++) mean += y[i]! / n;
  let variance = 0;
  let steps = 0;
  for (let i = from; i < y.length; i++) {
    variance += (y[i]! - mean) ** 2;
    if (i > from) steps += (y[i]! - y[i - 1]!) ** 2;
  }
  variance = n > 1 ? variance / (n - 1) : 0;
  /** Around the mean step, so that a steady drift is not taken for a walk. */
  const meanStep = n > 1 ? (y[y.length - 1]! - y[from]!) / (n - 1) : 0;
  const stepVariance = n > 1 ? Math.max(0, steps / (n - 1) - meanStep * meanStep) : 0;
  const memory = variance > 1e-12 ? Math.min(1, Math.max(0, 1 - stepVariance / (2 * variance))) : 0;
  return { variance, stepVariance, memory };
}

/** A level that wanders is best told by its last days (half-life 3), one with passing noise by more of them (half-life 14). */
function weightedLevel(y: Float64Array, day: Float64Array, from: number, memory: number): number {
  const decay = Math.LN2 / (14 - 11 * memory);
  const last = day[y.length - 1]!;
  let weights = 0;
  let level = 0;
  for (let i = from; i < y.length; i++) {
    const weight = Math.exp(-decay * (last - day[i]!));
    weights += weight;
    level += weight * y[i]!;
  }
  return level / weights;
}

function meanOf(logs: Float64Array): number {
  let n = 0;
  let total = 0;
  for (const log of logs) {
    if (Number.isNaN(log)) continue;
    total += log;
    n++;
  }
  return n >= 5 ? total / n : Number.NaN;
}

/** Half of what the same 30 days brought a year ago (one year is one sample, so it is halved); 0 without 13 months. */
function seasonOf(points: readonly SeriesPoint[], at: Instant): number {
  const first = points[0];
  if (!first || first.at > at - 390 * DAY_MS) return 0;
  const before = meanOf(dailyLogs(points, at - 395 * DAY_MS, 30));
  const after = meanOf(dailyLogs(points, at - 365 * DAY_MS, 30));
  const change = after - before;
  return Number.isNaN(change) ? 0 : Math.max(-0.3, Math.min(0.3, change / 2));
}

const NOTHING: SeriesSummary = { level: null, usual: null, mean: null, netFalls: 0, direction: 'unknown', changeAt: null, changeLog: 0, driftPerDay: 0, sigma: 0, dailySigma: 0, observedDays: 0, staleDays: WINDOW_DAYS, seasonLog: 0 };

const FALLS_DAYS = 30;
/** A day's move below it is none. */
const LEAST_STEP_LOG = 0.002;

/** Spreads of what chance makes of as many moves: below them nothing is said. */
const CHANCE_SPREADS = 2;

/** Sign test of the days' moves: a fall by many small steps goes on, where one of the same size at once mostly comes back. */
function netFallsOf(y: Float64Array, day: Float64Array): number {
  let net = 0;
  let moves = 0;
  for (let i = y.length - 1; i > 0 && day[i]! >= WINDOW_DAYS - FALLS_DAYS; i--) {
    const step = y[i]! - y[i - 1]!;
    if (Math.abs(step) < LEAST_STEP_LOG) continue;
    net -= Math.sign(step);
    moves += 1;
  }
  return Math.max(0, net - CHANCE_SPREADS * Math.sqrt(moves)) / FALLS_DAYS;
}

function directionOf(changeLog: number, changeAgeDays: number | null, slope: { slope: number; t: number }): TrendDirection {
  const drift = slope.slope * 30;
  if (Math.abs(drift) >= NAMED_DRIFT_30 && Math.abs(slope.t) >= 3) return drift > 0 ? 'rising' : 'collapsing';
  if (changeAgeDays !== null && changeAgeDays <= RECENT_CHANGE_DAYS) return changeLog > 0 ? 'rising' : 'collapsing';
  return 'steady';
}

/**
 * What the last 90 days of a step series say at an instant. Points after `at` are not read.
 * @param points ascending by `at`; each value holds until the next.
 */
export function summariseSeries(points: readonly SeriesPoint[], at: Instant): SeriesSummary {
  const from = at - WINDOW_DAYS * DAY_MS;
  const { y, day } = cleaned(dailyLogs(points, from, WINDOW_DAYS));
  if (y.length === 0) return NOTHING;
  const change = latestChange(y);
  const start = change?.index ?? 0;
  const { variance, stepVariance, memory } = spreadOf(y, start);
  const slope = slopeOf({ y, day }, start, Math.sqrt(stepVariance * memory));
  const changeAt = change ? from + day[change.index]! * DAY_MS : null;
  const trust = (slope.t * slope.t) / (slope.t * slope.t + 4);
  return {
    level: Math.exp(weightedLevel(y, day, start, memory)),
    usual: Math.exp(y.toSorted()[y.length >> 1]!),
    mean: Math.exp(y.reduce((sum, log) => sum + log, 0) / y.length),
    netFalls: netFallsOf(y, day),
    direction: y.length < 7 ? 'unknown' : directionOf(change?.change ?? 0, changeAt === null ? null : (at - changeAt) / DAY_MS, slope),
    changeAt,
    changeLog: change?.change ?? 0,
    driftPerDay: slope.slope * trust,
    sigma: Math.sqrt(variance * (1 - memory)),
    dailySigma: MEDIAN_LOSS * Math.sqrt(stepVariance * memory),
    observedDays: y.length,
    staleDays: WINDOW_DAYS - 1 - day[y.length - 1]!,
    seasonLog: seasonOf(points, at),
  };
}
