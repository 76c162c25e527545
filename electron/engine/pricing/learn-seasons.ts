import { DAY_MS, type Instant } from '#kernel/time.ts';
import type { SeasonWave, SeriesPoint } from './types.ts';

export interface LearnedSeason extends SeasonWave {
  /** `all` over all categories. */
  readonly category: string;
  /** Products whose histories it rests on, and the falls of their sales ranks. */
  readonly products: number;
  readonly falls: number;
}

/** Falls of one product's sales rank by `PERIOD_DAYS`, oldest first, up to one instant that is the same for all. */
export interface FallHistory {
  readonly category: string;
  readonly falls: readonly number[];
}

export const SEASON_OF_ALL = 'all';
const PERIOD_DAYS = 10;
const PERIODS = 40;
/** A year, and a month that is seen twice: a shorter history says nothing of the season. */
export const SEASON_DAYS = PERIOD_DAYS * PERIODS;
/** A sale lowers a rank by a good part of it; less is mostly what others sold, or did not. */
const LEAST_FALL = 0.15;
/** Falls a day, between which they follow the sales: of fewer little is seen, and of more several sales show as one. */
const FALLS_A_DAY = [0.1, 1.2] as const;
const LEAST_PRODUCTS = 5;
/** Over all categories together. */
export const LEAST_OF_ALL = 20;
const LEAST_CATEGORIES = 3;

/**
 * Assumptions of this program. A whole category drifts besides its season, by so much (logarithm) and for so many days: one year's histories cannot tell that from a season, so that a wave is only believed
 * as far as it stands out of it. Waves are drawn to none over all categories, and a category's own to that of all.
 */
const DRIFT = { sigma: 0.1, days: 66 } as const;
const SPREAD_OF_ALL = [0.3, 0.3, 0.15, 0.15] as const;
const SPREAD_OF_ONE = [0.2, 0.2, 0.1, 0.1] as const;
/** What the sales of one product drift by on their own: prices, fashion, days without stock. */
const PRODUCT_SIGMA = 0.4;
/** Sales come less evenly than by pure chance. */
const OVERDISPERSION = 1.3;

const YEAR_DAYS = 365.25;
type Wave = readonly number[];
const NONE: Wave = [0, 0, 0, 0];

function basisAt(at: Instant): Wave {
  const angle = (2 * Math.PI * (at / DAY_MS)) / YEAR_DAYS;
  return [Math.cos(angle), Math.sin(angle), Math.cos(2 * angle), Math.sin(2 * angle)];
}

/** Falls of a sales rank in the `SEASON_DAYS` before `at`; null where the history is shorter, or falls too seldom or too often to follow sales. */
export function fallsOf(ranks: readonly SeriesPoint[], at: Instant): number[] | null {
  const from = at - SEASON_DAYS * DAY_MS;
  const start = ranks.findIndex((point) => point.value !== null);
  if (start < 0 || ranks[start]!.at > from + PERIOD_DAYS * DAY_MS) return null;
  const falls = Array.from({ length: PERIODS }, () => 0);
  let total = 0;
  for (let i = 1; i < ranks.length; i++) {
    const [before, now] = [ranks[i - 1]!, ranks[i]!];
    if (now.at < from || now.at >= at || before.value === null || now.value === null || now.value >= before.value * (1 - LEAST_FALL)) continue;
    falls[Math.floor((now.at - from) / (PERIOD_DAYS * DAY_MS))]! += 1;
    total += 1;
  }
  const perDay = total / SEASON_DAYS;
  return perDay < FALLS_A_DAY[0] || perDay > FALLS_A_DAY[1] ? null : falls;
}

/** Solves `a x = b` for a symmetric positive definite `a`, by Cholesky. Columns of `b` are solved together. */
function solve(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number[][] {
  const n = a.length;
  const lower = a.map(() => Array.from({ length: n }, () => 0));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i]![j]!;
      for (let k = 0; k < j; k++) sum -= lower[i]![k]! * lower[j]![k]!;
      lower[i]![j] = i === j ? Math.sqrt(sum) : sum / lower[j]![j]!;
    }
  }
  const x = b.map((row) => [...row]);
  for (const column of b[0]!.keys()) {
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < i; k++) x[i]![column]! -= lower[i]![k]! * x[k]![column]!;
      x[i]![column]! /= lower[i]![i]!;
    }
    for (let i = n - 1; i >= 0; i--) {
      for (let k = i + 1; k < n; k++) x[i]![column]! -= lower[k]![i]! * x[k]![column]!;
      x[i]![column]! /= lower[i]![i]!;
    }
  }
  return x;
}

interface Seen {
  /** Logarithm of each period over the mean, and its variance by chance. */
  readonly logs: readonly number[];
  readonly variances: readonly number[];
  readonly driftSigma: number;
}

/** Least squares with errors that depend on each other, and a normal prior for the wave; the mean is free. */
function fitWave(seen: Seen, prior: { readonly wave: Wave; readonly spread: Wave }, at: Instant): Wave {
  const middle = (period: number) => at - (PERIODS - period - 0.5) * PERIOD_DAYS * DAY_MS;
  const rows = seen.logs.map((_, i) => [1, ...basisAt(middle(i))]);
  const errors = rows.map((_, i) => rows.map((__, j) => seen.driftSigma ** 2 * Math.exp((-Math.abs(i - j) * PERIOD_DAYS) / DRIFT.days) + (i === j ? seen.variances[i]! : 0)));
  const weighted = solve(errors, rows.map((row, i) => [...row, seen.logs[i]!]));
  const size = rows[0]!.length;
  const precision = [0, ...prior.spread.map((s) => 1 / (s * s))];
  const product = (i: number, j: number) => rows.reduce((sum, row, k) => sum + row[i]! * weighted[k]![j]!, 0);
  const matrix = Array.from({ length: size }, (_, i) => Array.from({ length: size }, (__, j) => product(i, j) + (i === j ? precision[i]! : 0)));
  const right = Array.from({ length: size }, (_, i) => [product(i, size) + precision[i]! * (i === 0 ? 0 : prior.wave[i - 1]!)]);
  return solve(matrix, right).slice(1).map((row) => row[0]!);
}

function pooled(histories: readonly FallHistory[]): { readonly counts: readonly number[]; readonly total: number } {
  const counts = Array.from({ length: PERIODS }, (_, i) => histories.reduce((sum, one) => sum + one.falls[i]!, 0));
  return { counts, total: counts.reduce((a, b) => a + b, 0) };
}

function seenIn(histories: readonly FallHistory[]): Seen {
  const { counts, total } = pooled(histories);
  const mean = total / PERIODS;
  return { logs: counts.map((count) => Math.log((count + 0.5) / (mean + 0.5))), variances: counts.map((count) => OVERDISPERSION / Math.max(0.5, count)), driftSigma: Math.hypot(DRIFT.sigma, PRODUCT_SIGMA / Math.sqrt(histories.length)) };
}

/** Categories weigh the same, whatever they sell: each is one sample of what a year is like. */
function meanOf(categories: readonly Seen[]): Seen {
  const n = categories.length;
  const over = (of: (one: Seen) => readonly number[], by: number) => Array.from({ length: PERIODS }, (_, i) => categories.reduce((sum, one) => sum + of(one)[i]!, 0) / by);
  return { logs: over((one) => one.logs, n), variances: over((one) => one.variances, n * n), driftSigma: Math.hypot(...categories.map((one) => one.driftSigma)) / n };
}

const inBp = (wave: Wave) => wave.map((part) => Math.round(part * 10_000)) as unknown as SeasonWave['waveBp'];

/**
 * Seasons from histories of at least thirteen months: one over all categories, drawn to none, and one for each category with enough products, drawn to that. Pure. Empty with too few.
 * @param at where the histories end
 */
export function learnSeasons(histories: readonly FallHistory[], at: Instant): LearnedSeason[] {
  if (histories.length < LEAST_OF_ALL) return [];
  const byCategory = [...Map.groupBy(histories, (one) => one.category)].filter(([, own]) => own.length >= LEAST_PRODUCTS).sort(([a], [b]) => (a < b ? -1 : 1));
  // what few categories have in common is not the year's
  const shared = byCategory.length < LEAST_CATEGORIES ? NONE : fitWave(meanOf(byCategory.map(([, own]) => seenIn(own))), { wave: NONE, spread: SPREAD_OF_ALL }, at);
  const learned = (category: string, own: readonly FallHistory[], wave: Wave): LearnedSeason => ({ category, products: own.length, falls: pooled(own).total, waveBp: inBp(wave) });
  return [
    ...(shared === NONE ? [] : [learned(SEASON_OF_ALL, histories, shared)]),
    ...byCategory.map(([category, own]) => learned(category, own, fitWave(seenIn(own), { wave: shared, spread: SPREAD_OF_ONE }, at))),
  ];
}

function demandAt({ waveBp }: SeasonWave, at: Instant): number {
  const basis = basisAt(at);
  return Math.exp(waveBp.reduce((sum, part, i) => sum + (part / 10_000) * basis[i]!, 0));
}

const STEP_DAYS = 5;

/** Mean demand of a stretch over the same measure; compare it with that of another. `fromDays` and `toDays` count from `at`. */
export function meanDemand(wave: SeasonWave, at: Instant, [fromDays, toDays]: readonly [number, number]): number {
  let sum = 0;
  let n = 0;
  for (let day = fromDays + STEP_DAYS / 2; day < toDays; day += STEP_DAYS, n++) sum += demandAt(wave, at + day * DAY_MS);
  return sum / n;
}

const HALF_YEAR = [-YEAR_DAYS / 2, YEAR_DAYS / 2] as const;

/** Mean demand of a stretch over that of the year around it. */
export function overYear(wave: SeasonWave, at: Instant, stretch: readonly [number, number]): number {
  return meanDemand(wave, at, stretch) / meanDemand(wave, at, HALF_YEAR);
}

/** Demand of each of the next `days` days over that of today, which is the first. */
export function demandAhead(wave: SeasonWave, at: Instant, days: number): number[] {
  const today = demandAt(wave, at);
  return Array.from({ length: days }, (_, day) => demandAt(wave, at + day * DAY_MS) / today);
}

/** The month of the year (1 to 12) that sells most, and how many times an average month. */
export function peakOf(wave: SeasonWave): { readonly month: number; readonly timesBp: number } {
  const months = Array.from({ length: 12 }, (_, i) => meanDemand(wave, Date.UTC(2025, i, 1), [0, 30]));
  const most = Math.max(...months);
  return { month: months.indexOf(most) + 1, timesBp: Math.round((10_000 * 12 * most) / months.reduce((a, b) => a + b, 0)) };
}
