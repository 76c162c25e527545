import type { RepriceRule } from '#contract/repricing.ts';
import type { Reason } from '#contract/shared.ts';
import { seededRandom } from '#kernel/random.ts';
import { DAY_MS, HOUR_MS, type Instant } from '#kernel/time.ts';
import { drawDemand, drawSeed, meanDemand, salesPerDay, uncertainty, type Evidence } from './demand-belief.ts';
import { detectWar, leaveWar, type PricePoint } from './detect-war.ts';
import { lowestOther, rivalPrices, type MarketView } from './market-view.ts';
import { earnedByNext, type BuyAgain } from './buy-again.ts';
import { othersOf } from './share-of-buyers.ts';
import { bestPrice, type OfferElsewhere, type PriceChoice } from './value-stock.ts';

/** All that a price is chosen from; the same input chooses the same. Minor units of one currency. */
export interface RepriceInput {
  readonly listingId: string;
  /** Listings of one thing on one channel draw the same prices where demand is unknown; the listing alone unless told. */
  readonly thing?: string;
  readonly currency: string;
  readonly now: Instant;
  readonly listedAt: Instant;
  /** Of all our listings of the thing on this channel. */
  readonly units: number;
  readonly priceMinor: number;
  /** Lowest price that still earns what limits and rule want. */
  readonly floorMinor: number;
  readonly unitCostMinor: number;
  readonly postageMinor: number;
  readonly feesAt: (priceMinor: number) => number;
  readonly rule: RepriceRule;
  readonly market: MarketView | null;
  readonly evidence: Evidence;
  readonly pool: readonly number[];
  /** The same units on other channels; none unless told. */
  readonly elsewhere?: readonly OfferElsewhere[];
  /** What a unit of the desk's money earns a day, as a share; 0 unless told. A unit in stock costs at least that. */
  readonly earningPerDay?: number;
  /** The unit's offer, where it still stands: what is sold is bought again. None unless told. */
  readonly again?: BuyAgain | null;
  /** Our prices in time order, the present one last. */
  readonly ownPrices: readonly PricePoint[];
  /** Changes of the price within the last day, and what the channel still takes; null: as many as wanted. */
  readonly changesToday: number;
  readonly channelChangesLeft: number | null;
}

export interface PriceChosen {
  readonly action: 'change' | 'keep' | 'refuse';
  readonly toMinor: number;
  readonly reasons: readonly Reason[];
  /** Seed of the draw, where one was taken. */
  readonly seed: string | null;
}

/** Market figures older than this move no price. */
export const STALE_MS = 4 * DAY_MS;
/** A tried price stays for so many days. */
const KEPT_DAYS = 3;
/** Above this coefficient of variation demand counts as unknown. */
const UNKNOWN_FROM = 0.85;
/** Aged stock is still given so many days. */
const LEAST_DAYS = 7;
/** A season that moves the demand of the time left by less is not told. */
const LEAST_TOLD_SEASON_BP = 300;
const RATIOS = Array.from({ length: 27 }, (_, i) => 0.8 + 0.02 * i);

interface Target {
  readonly minor: number;
  readonly reason: Reason;
  /** What else weighed. */
  readonly besides?: readonly Reason[];
  readonly seed?: string;
}

export function choosePrice(input: RepriceInput): PriceChosen {
  const market = input.market;
  const money = (minor: number) => ({ minor, currency: input.currency });
  const keep = (...reasons: Reason[]): PriceChosen => ({ action: 'keep', toMinor: input.priceMinor, reasons, seed: null });
  const mustRise = input.priceMinor < input.floorMinor;
  const known = market !== null && input.now - market.at <= STALE_MS && market.currency === input.currency ? market : null;
  if (!known && !mustRise && input.rule.strategy !== 'fixed-margin') return keep(market === null ? { code: 'reprice.no-market', data: {} } : { code: 'reprice.market-stale', data: { seenAt: market.at } });
  const target = targetOf(input, known);
  const reasons: Reason[] = [target.reason, ...(target.besides ?? [])];
  const ceiling = known?.usualMinor ? Math.max(input.floorMinor, Math.round((known.usualMinor * input.rule.ceilingBp) / 10_000)) : Number.POSITIVE_INFINITY;
  let to = target.minor;
  if (to > ceiling) {
    to = ceiling;
    reasons.push({ code: 'reprice.ceiling', data: { ceiling: money(ceiling) } });
  }
  const calm = known ? standAside(input, known, to) : null;
  if (calm) {
    to = Math.min(calm.minor, Math.max(ceiling, input.priceMinor));
    reasons.push(calm.reason);
  }
  if (to < input.floorMinor) {
    to = input.floorMinor;
    reasons.push({ code: 'reprice.floor', data: { floor: money(to) } });
  }
  return paced(input, { to, reasons, seed: target.seed ?? null, mustRise });
}

/** Undercutting that is answered again and again is left to the others. */
function standAside(input: RepriceInput, market: MarketView, wantedMinor: number): { minor: number; reason: Reason } | null {
  const war = detectWar(input.ownPrices, market.history, input.now);
  if (!war) return null;
  const way = leaveWar(war, { priceMinor: input.priceMinor, changedAt: input.ownPrices.at(-1)?.at ?? input.listedAt, now: input.now });
  return { minor: Math.max(way.minor, wantedMinor), reason: { code: `reprice.war-${way.phase}`, data: { count: war.rounds, before: { minor: war.beforeMinor, currency: input.currency }, untilAt: way.until } } };
}

/** Small, early and too many changes wait; a price below its floor does not. */
function paced(input: RepriceInput, chosen: { to: number; reasons: Reason[]; seed: string | null; mustRise: boolean }): PriceChosen {
  const { rule } = input;
  const { to, reasons, seed } = chosen;
  const stay = (reason: Reason): PriceChosen => ({ action: 'keep', toMinor: input.priceMinor, reasons: [...reasons, reason], seed });
  if (to === input.priceMinor) return { action: 'keep', toMinor: to, reasons, seed };
  if (input.channelChangesLeft !== null && input.channelChangesLeft <= 0) return { ...stay({ code: 'reprice.quota', data: {} }), action: chosen.mustRise ? 'refuse' : 'keep' };
  if (chosen.mustRise) return { action: 'change', toMinor: to, reasons, seed };
  if (Math.abs(to - input.priceMinor) * 10_000 < rule.leastChangeBp * input.priceMinor) return stay({ code: 'reprice.small-change', data: { leastBp: rule.leastChangeBp } });
  const last = input.ownPrices.length > 1 ? input.ownPrices.at(-1) : undefined;
  if (last && input.now - last.at < rule.leastHours * HOUR_MS) return stay({ code: 'reprice.too-soon', data: { nextAt: last.at + rule.leastHours * HOUR_MS } });
  if (input.changesToday >= rule.changesPerDay) return stay({ code: 'reprice.day-limit', data: { count: rule.changesPerDay } });
  return { action: 'change', toMinor: to, reasons, seed };
}

function targetOf(input: RepriceInput, market: MarketView | null): Target {
  const { rule } = input;
  const money = (minor: number) => ({ minor, currency: input.currency });
  if (rule.strategy === 'fixed-margin') {
    const minor = priceForProfit(input, Math.round((input.unitCostMinor * rule.marginBp) / 10_000));
    return { minor, reason: { code: 'reprice.fixed-margin', data: { marginBp: rule.marginBp } } };
  }
  if (!market) return { minor: input.floorMinor, reason: { code: 'reprice.below-floor', data: { floor: money(input.floorMinor) } } };
  const lowest = lowestOther(market, input.priceMinor);
  const reference = lowest ?? market.usualMinor;
  if (reference === null || reference <= 0) return { minor: Math.max(input.priceMinor, input.floorMinor), reason: { code: 'reprice.alone', data: {} } };
  if (rule.strategy === 'optimise') return optimise(input, market, reference);
  if (lowest === null) return { minor: reference, reason: { code: 'reprice.usual', data: { usual: money(reference) } } };
  if (rule.strategy === 'buy-box') return { minor: market.buyBoxMinor ?? lowest, reason: { code: 'reprice.buy-box', data: { buyBox: money(market.buyBoxMinor ?? lowest) } } };
  if (rule.strategy === 'undercut') return { minor: Math.max(1, Math.floor((lowest * (10_000 - rule.undercutBp)) / 10_000)), reason: { code: 'reprice.undercut', data: { lowest: money(lowest), undercutBp: rule.undercutBp } } };
  return { minor: lowest, reason: { code: 'reprice.match-lowest', data: { lowest: money(lowest) } } };
}

/** The lowest price whose profit on the unit's cost is at least so much. */
function priceForProfit(input: RepriceInput, profitMinor: number): number {
  let price = Math.max(1, input.unitCostMinor + input.postageMinor + profitMinor);
  for (let i = 0; i < 200; i++) {
    const missing = profitMinor - (price - input.feesAt(price) - input.postageMinor - input.unitCostMinor);
    if (missing <= 0) return price;
    price += missing;
  }
  return Math.max(price, input.floorMinor);
}

/** Demand of the days ahead over today's, on average. */
function meanAhead(seasonAhead: readonly number[], days: number): number {
  const ahead = seasonAhead.slice(0, Math.ceil(days));
  return ahead.length === 0 ? 1 : ahead.reduce((sum, one) => sum + one, 0) / ahead.length;
}

function optimise(input: RepriceInput, market: MarketView, reference: number): Target {
  const { rule, evidence, pool } = input;
  const others = othersOf({ referenceMinor: reference, rivalsMinor: rivalPrices(market, reference) });
  const ageDays = Math.max(0, (input.now - input.listedAt) / DAY_MS);
  const days = Math.max(LEAST_DAYS, rule.sellWithinDays - ageDays);
  const unknown = uncertainty(evidence, pool);
  const searching = rule.search && unknown > UNKNOWN_FROM;
  const seed = drawSeed(input.thing ?? input.listingId, Math.floor(input.now / DAY_MS), KEPT_DAYS);
  const demand = searching ? drawDemand(evidence, pool, seededRandom(seed)) : meanDemand(evidence, pool);
  const { elsewhere = [], earningPerDay = 0, again = null } = input;
  const holdingPerDay = rule.holdingBpPerYear / 10_000 / 365;
  const kept = (minor: number) => minor - input.feesAt(minor) - input.postageMinor;
  const prices = [...new Set([input.floorMinor, ...RATIOS.map((ratio) => Math.round(reference * ratio)).filter((minor) => minor >= input.floorMinor)])];
  const choices: PriceChoice[] = prices.map((minor) => ({ minor, keptMinor: kept(minor), perDay: salesPerDay(demand, { ratio: minor / reference, others, season: market.season }) }));
  const holdingPerUnitDayMinor = input.unitCostMinor * Math.max(holdingPerDay, earningPerDay);
  const next = again && earnedByNext(again, { unitCostMinor: input.unitCostMinor, unitsHere: input.units, choices, elsewhere });
  // its own money would earn the rest elsewhere
  const placePerDayMinor = next === null ? 0 : Math.max(0, next.perDayMinor - next.units * holdingPerUnitDayMinor);
  const value = bestPrice({
    units: Math.max(1, input.units), days, choices, clearanceMinor: Math.max(0, (kept(reference) * rule.clearanceBp) / 10_000),
    holdingPerUnitDayMinor, placePerDayMinor, driftPerDay: market.driftPerDay, seasonAhead: market.seasonAhead, elsewhere,
  });
  const data = {
    reference: { minor: reference, currency: input.currency }, perDay: Math.round(value.choice.perDay * 1_000) / 1_000, units: input.units, days: Math.round(days), waiting: { minor: value.lastUnitMinor, currency: input.currency },
    overReferenceBp: Math.round((value.choice.minor / reference - 1) * 10_000),
  };
  const seasonBp = Math.round(10_000 * meanAhead(market.seasonAhead, days));
  const away = elsewhere.reduce((sum, other) => sum + other.perDay, 0);
  const besides: Reason[] = [
    ...(Math.abs(seasonBp - 10_000) >= LEAST_TOLD_SEASON_BP ? [{ code: seasonBp > 10_000 ? 'reprice.season-rises' : 'reprice.season-falls', data: { seasonBp, days: Math.round(days) } }] : []),
    ...(away > 0 ? [{ code: 'reprice.elsewhere', data: { perDay: Math.round(away * 1_000) / 1_000, count: elsewhere.length } }] : []),
    ...(next && placePerDayMinor > 0 ? [{ code: 'reprice.buys-again', data: { cost: { minor: next.unitCostMinor, currency: input.currency }, perDay: { minor: Math.round(next.perDayMinor), currency: input.currency } } }] : []),
    ...(earningPerDay > holdingPerDay ? [{ code: 'reprice.money-earns', data: { monthBp: Math.round(earningPerDay * 30 * 10_000) } }] : []),
  ];
  const { minor } = value.choice;
  return searching ? { minor, besides, reason: { code: 'reprice.search', data: { ...data, unknownBp: Math.round(unknown * 10_000) } }, seed } : { minor, besides, reason: { code: 'reprice.optimised', data } };
}
