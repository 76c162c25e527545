import { DAY_MS, type Instant } from '#kernel/time.ts';
import { demandAhead, overYear, summariseSeries, type SeasonWave, type SeriesPoint } from '../pricing/index.ts';
import type { MarketView } from './market-view.ts';

export interface KnownMarket {
  readonly currency: string;
  readonly at: Instant;
  readonly source: string;
  /** Lowest offers in time order; the longer the better: a season takes 13 months. */
  readonly lowest: readonly SeriesPoint[];
  readonly buyBoxMinor: number | null;
  readonly rivalsMinor: readonly number[] | null;
  readonly rivalCount: number | null;
  readonly rankDrops30: number | null;
  readonly monthlySold: number | null;
  /** Whose sales those figures count: this channel's, or Amazon's, beside which a marketplace is smaller and a shop of one's own has few buyers. */
  readonly salesOf: 'this-channel' | 'amazon' | 'amazon-beside-own-shop';
  /** How the year goes in its category; none where too little is known to tell. */
  readonly season?: SeasonWave | null;
}

const HISTORY_DAYS = 45;
const DAYS_IN_MONTH = 30.4;
/** Sales of the channel for each of Amazon's (assumptions; own sales correct them through the factor that the channel's listings share). */
const OF_AMAZON = { 'this-channel': 1, amazon: 0.25, 'amazon-beside-own-shop': 0.0075 } as const;
/** Units a month where nothing is known. */
const UNKNOWN_PER_MONTH = 4;
/** A drift is expected to go on for a while only, and is seen too late: half of it is believed. */
const DRIFT_BELIEVED = 0.5;
const MOST_DRIFT_PER_DAY = 0.01;
/** As far as a rule may plan to sell its stock. */
const AHEAD_DAYS = 365;

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? null;
}

/** Lowest offer of each of the last `days` days at this hour. */
function daily(points: readonly SeriesPoint[], at: Instant, days: number): { at: Instant; minor: number }[] {
  const found: { at: Instant; minor: number }[] = [];
  for (let day = days; day >= 0; day--) {
    const instant = at - day * DAY_MS;
    const point = points.findLast((p) => p.at <= instant);
    if (point && point.value !== null && point.value > 0) found.push({ at: instant, minor: point.value });
  }
  return found;
}

/** Demand of today and of the month that its sales were counted in, over the year's; and of the days ahead over today's. */
function seasonOf(wave: SeasonWave | null, at: Instant): { readonly now: number; readonly counted: number; readonly ahead: readonly number[] } {
  return wave ? { now: overYear(wave, at, [-2.5, 2.5]), counted: overYear(wave, at, [-30, 0]), ahead: demandAhead(wave, at, AHEAD_DAYS) } : { now: 1, counted: 1, ahead: [] };
}

/** The market as the data vendor's history shows it at an instant. */
export function viewFromHistory(known: KnownMarket): MarketView {
  const { at } = known;
  const summary = summariseSeries(known.lowest, at);
  const month = daily(known.lowest, at, 30);
  const perMonth = known.monthlySold ?? known.rankDrops30 ?? UNKNOWN_PER_MONTH;
  const season = seasonOf(known.season ?? null, at);
  const drift = DRIFT_BELIEVED * summary.driftPerDay + summary.seasonLog / 30;
  return {
    currency: known.currency, lowestMinor: known.lowest.at(-1)?.value ?? null, buyBoxMinor: known.buyBoxMinor, usualMinor: median(month.map((point) => point.minor)), rivalsMinor: known.rivalsMinor, rivalCount: known.rivalCount,
    history: known.lowest.flatMap((point) => (point.at >= at - HISTORY_DAYS * DAY_MS && point.value !== null ? [{ at: point.at, minor: point.value }] : [])),
    driftPerDay: Math.max(-MOST_DRIFT_PER_DAY, Math.min(MOST_DRIFT_PER_DAY, drift)), season: season.now, seasonAhead: season.ahead,
    unitsPerDay: (Math.max(0.5, perMonth) / DAYS_IN_MONTH / season.counted) * OF_AMAZON[known.salesOf], source: known.source, at,
  };
}
