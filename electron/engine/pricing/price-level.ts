import type { Coded, MarketEvidence, SeriesSummary, UnknownCode } from './types.ts';

/** The logarithm of the sale price today, its drift, and its spreads. */
export interface PriceForecast {
  readonly logLevel: number;
  readonly driftPerDay: number;
  readonly seasonLog: number;
  /** What it is expected to be while units sell over the mean of the window that demand was seen in, as a logarithm; 0 without a history. */
  readonly moveLog: number;
  /** Spread that does not grow with time, and spread for each square root of a day. */
  readonly sigma: number;
  readonly dailySigma: number;
  /** Read off another market than that of the sale. */
  readonly elsewhere: boolean;
  readonly unknowns: readonly Coded<UnknownCode>[];
  /** Evidence behind it, 0 to 1, for the confidence. */
  readonly weight: number;
}

/** Asked prices are not paid prices: what sells goes for less. */
const ASKING_DISCOUNT_LOG = Math.log(0.92);
/**
 * A price that wanders comes back towards its usual one: by this share of the gap until a unit is sold, and by less of it where the level broke, since a break mostly lasts. Fitted on practice worlds 14 to
 * 17, apart from those that are reported.
 */
const COMES_BACK = 0.2;
const COMES_BACK_AFTER_BREAK = 0.1;
/**
 * What a fall by many small steps brings until a unit is sold, beyond its drift, for each whole of `netFalls`. Fitted on practice worlds 21 to 40, where without it the forecast of what kept falling was 10 to
 * 16 % too dear.
 */
const FALLS_ON = 0.46;
const MOST_NET_FALLS = 0.35;
/** Shown from here on. */
const TOLD_FALL_LOG = 0.02;
/** Days of its drift that a price moves, at the middle of the time that units take to sell: what `DRIFT_DAMPING` leaves of a month. */
const DRIFT_DAYS = 15;
/** No forecast is surer than this. */
const LEAST_SIGMA = 0.025;

function median(sorted: readonly number[]): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function fromComparables(evidence: MarketEvidence): { level: number; sigma: number; asking: boolean } | null {
  const all = evidence.comparables ?? [];
  const sold = all.filter((item) => item.kind === 'sold');
  const used = sold.length > 0 ? sold : all;
  if (used.length === 0) return null;
  const asking = sold.length === 0;
  const logs = used.map((item) => Math.log(Math.max(1, item.price.minor)) + (asking ? ASKING_DISCOUNT_LOG : 0)).sort((a, b) => a - b);
  const range = logs.at(-1)! - logs[0]!;
  return { level: median(logs), sigma: Math.max(0.12, range / 3) + 0.15 / Math.sqrt(used.length) + (asking ? 0.1 : 0), asking };
}

/** History first; today's Buy Box or lowest offer corrects it; comparables only where there is neither. Null when nothing shows a price. */
export function forecastPrice(evidence: MarketEvidence, history: SeriesSummary): PriceForecast | null {
  const unknowns: Coded<UnknownCode>[] = [];
  const nowMinor = evidence.buyBox?.minor ?? evidence.lowestOffer?.minor ?? null;
  const now = nowMinor !== null && nowMinor > 0 ? Math.log(nowMinor) : null;
  const correction = Math.log((evidence.calibration?.priceBp ?? 10_000) / 10_000);
  const learned = evidence.calibration?.leastSigma ?? 0;
  if (history.level === null) {
    const like = fromComparables(evidence);
    if (now === null && like === null) return null;
    unknowns.push({ code: 'price.no-history', data: {} });
    if (like?.asking) unknowns.push({ code: 'price.asking-only', data: { count: evidence.comparables?.length ?? 0 } });
    const logLevel = now !== null && like !== null ? (2 * now + like.level) / 3 : (now ?? like!.level);
    const sigma = now !== null ? 0.12 : like!.sigma;
    return { logLevel: logLevel + correction, driftPerDay: 0, seasonLog: 0, moveLog: 0, sigma: Math.max(sigma, learned), dailySigma: 0.015, elsewhere: false, unknowns, weight: like && !like.asking ? 0.5 : 0.3 };
  }
  if (history.observedDays < 30) unknowns.push({ code: 'price.short-history', data: { days: history.observedDays } });
  if (history.staleDays > 7) unknowns.push({ code: 'price.stale', data: { days: history.staleDays } });
  const level = Math.log(history.level);
  let logLevel = now === null ? level : (level + now) / 2;
  const back = history.usual === null ? 0 : (history.changeAt === null ? COMES_BACK : COMES_BACK_AFTER_BREAK) * (Math.log(history.usual) - logLevel);
  logLevel += back;
  const lowest = evidence.lowestOffer?.minor;
  /** Someone already asks less: part of that gap will be ours too. */
  if (lowest !== undefined && lowest > 0) logLevel -= Math.min(0.15, 0.3 * Math.max(0, logLevel - Math.log(lowest)));
  const further = FALLS_ON * Math.min(MOST_NET_FALLS, history.netFalls);
  logLevel -= further;
  if (further >= TOLD_FALL_LOG) unknowns.push({ code: 'price.keeps-falling', data: { furtherBp: Math.round(10_000 * (1 - Math.exp(-further))) } });
  const young = history.observedDays < 30 ? 0.08 * (1 - history.observedDays / 30) : 0;
  const disagreement = now === null ? 0 : Math.abs(level - now) / 3;
  const other = evidence.otherMarket ?? { ratio: 1, sigma: 0 };
  if (evidence.otherMarket) unknowns.push({ code: 'price.other-market', data: { ratioBp: Math.round(other.ratio * 10_000) } });
  const sigma = Math.max(LEAST_SIGMA, learned, Math.hypot(history.sigma, young, disagreement, back, further / 2, other.sigma, 0.004 * Math.min(30, history.staleDays)));
  const weight = Math.min(1, 0.35 + 0.65 * Math.min(1, history.observedDays / 60)) * (history.staleDays > 7 ? 0.8 : 1) * (evidence.otherMarket ? 0.8 : 1);
  return { logLevel: logLevel + Math.log(other.ratio) + correction, driftPerDay: history.driftPerDay, seasonLog: history.seasonLog, moveLog: logLevel + DRIFT_DAYS * history.driftPerDay - Math.log(history.mean ?? history.level), sigma, dailySigma: Math.max(0.004, Math.min(0.05, history.dailySigma)), elsewhere: evidence.otherMarket !== undefined, unknowns, weight };
}
