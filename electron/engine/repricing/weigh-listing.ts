import type { RepriceRule, RepriceSettings } from '#contract/repricing.ts';
import type { Reason } from '#contract/shared.ts';
import { DAY_MS, HOUR_MS, type Instant } from '#kernel/time.ts';
import { getLot } from '../inventory/index.ts';
import { floorPrice, loadListing, onChannel, readPriceHistory, saleNeeds, type Listing, type PriceHistory } from '../listings/index.ts';
import { BUSINESS, LIMITS, readSetting } from '../settings/index.ts';
import { choosePrice, type PriceChosen } from './choose-price.ts';
import { addObserved, meanDemand, mergeEvidence, noEvidence, salesPerDay, type Demand, type Evidence, type Observed } from './demand-belief.ts';
import type { RepricingDeps } from './deps.ts';
import { joinSiblings, readSiblings, shareOfTime } from './join-siblings.ts';
import { lowestOther, rivalPrices, type MarketView } from './market-view.ts';
import { poolLearned } from './pool-learned.ts';
import { findState, offersElsewhere, readLearned, thingOf, type RepriceState, type Standing } from './repo.ts';
import { ruleFor } from './rule-defaults.ts';
import { othersOf } from './share-of-buyers.ts';

/** A listing looked at: what was seen since the last look, and the price that follows. Nothing is written. */
export interface Weighed {
  readonly listing: Listing;
  readonly category: string | null;
  readonly rule: RepriceRule;
  readonly floorMinor: number;
  readonly lowestMinor: number | null;
  readonly chosen: PriceChosen;
  readonly state: RepriceState;
  /** To be kept with the new state; null: too short a time to say anything. */
  readonly seen: Observed | null;
}

export const LIVE: ReadonlySet<string> = new Set(['active', 'publishing']);
/** Revisions that are left for stock and for a person. */
const RESERVED_REVISIONS = 25;
/** Shorter times without a sale wait for the next look. */
const LEAST_SEEN_DAYS = 0.2;
const PRICES_BACK_MS = 45 * DAY_MS;

export interface WeighGiven {
  readonly listingId: string;
  readonly settings: RepriceSettings;
  readonly desk: DeskKnown;
}

/** What all listings have taught, read once for many of them. */
export interface DeskKnown {
  /** `poolBelief` of a channel's things. */
  readonly poolOf: (channel: string) => readonly number[];
  /** What other listings of the same thing on the same channel were seen to sell, those that are gone among them. */
  readonly besides: (listing: Pick<Listing, 'id' | 'channel' | 'productId' | 'condition'>) => readonly Evidence[];
  readonly earningPerDay: number;
  readonly againShare: number;
}

export async function readDesk({ ctx, markets }: RepricingDeps): Promise<DeskKnown> {
  const [learned, earningPerDay, againShare] = await Promise.all([readLearned(ctx.db), markets.earningPerDay(), markets.againShare()]);
  const { poolOf, of } = poolLearned(learned);
  return { poolOf, besides: (listing) => of(listing.channel, thingOf(listing)).flatMap(({ listingId, evidence }) => (listingId === listing.id ? [] : [evidence])), earningPerDay, againShare };
}

/** A reason instead where the listing cannot be priced at all. */
export async function weighListing(deps: RepricingDeps, { listingId, settings, desk }: WeighGiven): Promise<Weighed | { readonly listing: Listing; readonly refusal: Reason }> {
  const { ctx } = deps;
  const { prisma } = ctx.db;
  const now = ctx.clock.now();
  const listing = await loadListing(prisma, listingId);
  const here = onChannel(deps.listings, listing.channel);
  const { currency } = listing.price;
  const [lot, facts, business, limits, market, stored, again, elsewhere, siblings] = await Promise.all([
    getLot(prisma, listing.lotId), here.products.facts(listing.productId, listing.channel), readSetting(ctx.db, BUSINESS), readSetting(ctx.db, LIMITS), deps.markets.view(listing.productId, listing.channel), findState(prisma, listingId), deps.markets.again(listing.lotId),
    offersElsewhere(prisma, { ...listing, currency }, { channels: deps.listings.channels.connected().map((channel) => channel.port.market), states: [...LIVE] }), readSiblings(prisma, { ...listing, currency }, [...LIVE]),
  ]);
  const sale = saleNeeds({ lot, facts, channel: listing.channel, feeCards: here.feeCards, business: business.value, limits: limits.value, salesTaxBp: here.salesTaxBp, at: now });
  if ('code' in sale) return { listing, refusal: sale };
  const rule = ruleFor(settings, facts.category);
  const { needs } = sale;
  const wanted = floorPrice({ ...needs, minProfitMinor: Math.max(needs.minProfitMinor, Math.ceil((needs.unitCostMinor * rule.minRoiBp) / 10_000)) });
  if (wanted === null || sale.card.currency !== listing.price.currency) return { listing, refusal: { code: 'listing.no-floor', data: { cardId: sale.card.id } } };
  const listedAt = listing.publishedAt ?? listing.createdAt;
  const history = await readPriceHistory(prisma, listingId, Math.min(stored?.observedAt ?? listedAt, now - PRICES_BACK_MS));
  const before: RepriceState = stored ?? { evidence: noEvidence(market?.unitsPerDay ?? 0.1), standing: null, observedAt: listedAt, pausedAt: null, heldUntil: null };
  const { evidence, seen } = observe(before, { history, listing, now });
  const floorMinor = Math.max(wanted, listing.floor.minor);
  const pool = desk.poolOf(listing.channel);
  // to buyers all our listings of a thing on a channel are one offer: one demand, one stock, one price
  const known = mergeEvidence([...desk.besides(listing), evidence])!;
  const stock = joinSiblings({ units: listing.quantity, listedAt }, siblings);
  const chosen = choosePrice({
    listingId, thing: `${thingOf(listing)}:${listing.channel}`, currency, now, ...stock, priceMinor: listing.price.minor, floorMinor, unitCostMinor: needs.unitCostMinor, postageMinor: needs.shippingOutMinor, feesAt: needs.feesAt, rule, market, evidence: known, pool, elsewhere, again: again && { ...again, chance: desk.againShare }, earningPerDay: desk.earningPerDay,
    ownPrices: history.prices.map(({ at, price }) => ({ at, minor: price.minor })), ...pace(history, { now, perDay: here.channel.limits.revisionsPerDay }),
  });
  const standing = market && standingOf(market, { priceMinor: chosen.toMinor, keptMinor: chosen.toMinor - needs.feesAt(chosen.toMinor) - needs.shippingOutMinor, demand: meanDemand(known, pool) });
  const timeShare = shareOfTime({ priceMinor: chosen.toMinor, floorMinor }, siblings);
  return {
    listing, category: facts.category, rule, floorMinor, lowestMinor: market?.lowestMinor ?? null, chosen, seen,
    // Where nothing was kept of the time, it is looked at again under what it stood in; a new price begins a new time.
    state: { ...before, evidence, ...(seen || chosen.action === 'change' || before.standing === null ? { standing: standing && { ...standing, soldBefore: history.soldEver, timeShare }, observedAt: now } : {}) },
  };
}

/** What is kept of a listing's circumstances at a price, until it is looked at again; null where no going price is known. */
export function standingOf(market: MarketView, { priceMinor, keptMinor, demand }: { readonly priceMinor: number; readonly keptMinor: number; readonly demand: Demand }): Standing | null {
  const reference = lowestOther(market, priceMinor) ?? market.usualMinor;
  if (reference === null || reference <= 0) return null;
  const here = { ratio: priceMinor / reference, others: [...othersOf({ referenceMinor: reference, rivalsMinor: rivalPrices(market, reference) })], season: market.season };
  return { ...here, perDay: salesPerDay(demand, here), keptMinor };
}

/** Units sold since a listing was looked at. By count and not by time: a sale may be heard of in the moment of the look, after it. */
export function soldSince({ standing, observedAt }: Pick<RepriceState, 'standing' | 'observedAt'>, history: PriceHistory): number {
  if (standing?.soldBefore !== undefined) return Math.max(0, history.soldEver - standing.soldBefore);
  return history.sold.reduce((sum, sold) => sum + (sold.at > observedAt ? sold.units : 0), 0);
}

/** What sold since the last look, under what it stood in then. */
function observe(before: RepriceState, given: { readonly history: PriceHistory; readonly listing: Listing; readonly now: Instant }): { evidence: Evidence; seen: Observed | null } {
  const units = soldSince(before, given.history);
  const days = Math.max(0, (given.now - before.observedAt) / DAY_MS);
  if (before.standing === null || days <= 0 || (units === 0 && (days < LEAST_SEEN_DAYS || given.listing.quantity === 0))) return { evidence: before.evidence, seen: null };
  const { ratio, others, season, timeShare } = before.standing;
  const seen = { ratio, others, season, units, days, timeShare };
  return { evidence: addObserved(before.evidence, seen), seen };
}

function pace(history: PriceHistory, given: { readonly now: Instant; readonly perDay: number | null }): { changesToday: number; channelChangesLeft: number | null } {
  const since = given.now - 24 * HOUR_MS;
  return {
    changesToday: history.prices.slice(1).filter((entry) => entry.at > since).length,
    channelChangesLeft: given.perDay === null ? null : given.perDay - RESERVED_REVISIONS - history.revisedAt.filter((at) => at > since).length,
  };
}
