import type { Instant } from '#kernel/time.ts';
import type { StandingOffer } from './buy-again.ts';
import type { PricePoint } from './detect-war.ts';

/** What is known of a product's market on one channel. Amounts are minor units of `currency`, shipping included. */
export interface MarketView {
  readonly currency: string;
  /** Lowest offer now; null where nobody else offers it. */
  readonly lowestMinor: number | null;
  /** The offer that the channel shows first, where it shows one. */
  readonly buyBoxMinor: number | null;
  /** Median of the lowest offers of 30 days. */
  readonly usualMinor: number | null;
  /** All offers, where each is known. */
  readonly rivalsMinor: readonly number[] | null;
  /** How many others offer it, where that alone is known. */
  readonly rivalCount: number | null;
  /** Lowest offers in time order, for some weeks. */
  readonly history: readonly PricePoint[];
  /** Expected change of the level a day (logarithm), season included. */
  readonly driftPerDay: number;
  /** Demand of today over the year's; 1 where no season was learned. */
  readonly season: number;
  /** Demand of each day ahead over today's, today the first; empty where no season was learned. */
  readonly seasonAhead: readonly number[];
  /** Units a day that all buyers here take, on average over the year. */
  readonly unitsPerDay: number;
  readonly source: string;
  readonly at: Instant;
}

export interface MarketViewPort {
  /** Null: nothing is known of it. */
  view(productId: string, channel: string): Promise<MarketView | null>;
  /** Fetches what has aged, as far as quotas go. Answers the products whose facts are new. */
  refresh(productIds: readonly string[], signal: AbortSignal): Promise<readonly string[]>;
  /** What a unit of the desk's money, in stock or idle, has earned a day of late, as a share: what it costs to keep one in stock. Money that lies idle anyway would have earned nothing. */
  earningPerDay(): Promise<number>;
  /** Whether what a lot is of can be bought again where it was; null: not, or not known. */
  again(lotId: string): Promise<StandingOffer | null>;
  /** Of what sold out of late, the share that was bought again. */
  againShare(): Promise<number>;
}

/** Offers to be weighed against ours when only their count is known: each this much dearer than the one before. */
const COUNTED_STEP = 0.03;
const MOST_RIVALS = 12;

/** Others' prices as multiples of the going price; null where neither prices nor count are known. */
export function rivalPrices(view: MarketView, referenceMinor: number): readonly number[] | null {
  if (view.rivalsMinor !== null) return view.rivalsMinor.slice(0, MOST_RIVALS);
  if (view.rivalCount === null) return null;
  return Array.from({ length: Math.min(MOST_RIVALS, view.rivalCount) }, (_, k) => referenceMinor * (1 + COUNTED_STEP * k));
}

/** An offer at exactly our price may be our own: others then are what usually is asked, never a reason to undercut ourselves. */
export function lowestOther(view: MarketView, ourMinor: number | null): number | null {
  if (view.lowestMinor === null || ourMinor === null || Math.abs(view.lowestMinor - ourMinor) > 1) return view.lowestMinor;
  if (view.rivalsMinor !== null) return view.lowestMinor;
  return Math.max(view.lowestMinor, view.usualMinor ?? 0);
}
