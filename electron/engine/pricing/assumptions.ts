import type { FeeCard } from './fee-card.ts';
import type { EstimateAssumptions, Fulfilment } from './types.ts';

/** Return rates to start from, by words in the category id: assumptions of this program, replaced by settled sales; every estimate made with them says `returns.assumed`. */
const RETURN_RATES_BP: readonly (readonly [RegExp, number])[] = [
  [/cloth|shoe|sneaker|fashion/, 1_800], [/electronic|computer|console|phone|tool/, 800], [/jewel|watch|bag|luggage/, 900], [/book|music(?!al)|video|film|cards|comic|software/, 250], [/grocery|beauty|pet/, 200],
];

const USUAL_RETURN_RATE_BP = 500;
/** Of a returned unit's cost, what it is still worth, and of its fees, what the channel keeps, where the seller sends: assumptions of this program, replaced by settled returns. */
export const ASSUMED_RECOVERY_BP = 5_000;
export const ASSUMED_FEES_KEPT_BP = 2_000;
const MOST_RETURNS_BP = 6_000;

/** Of so many sold units of a category one comes back, as long as nothing is learned: basis points. */
export function assumedReturnRateBp(category: string | null): number {
  return RETURN_RATES_BP.find(([words]) => words.test(category ?? ''))?.[1] ?? USUAL_RETURN_RATE_BP;
}

/** What settled sales taught of returns, in place of what is assumed. @param learned.outweighs whether it rests on more than the assumption does */
export function withLearnedReturns(assumed: EstimateAssumptions, learned: { readonly returnsBp: number; readonly recoveryBp: number; readonly feesKeptBp: number; readonly outweighs: boolean }): EstimateAssumptions {
  return {
    ...assumed, returnRateBp: Math.min(MOST_RETURNS_BP, Math.round((assumed.returnRateBp * learned.returnsBp) / 10_000)), returnRecoveryBp: learned.recoveryBp, returnFeesLostBp: learned.feesKeptBp,
    returnRateAssumed: !learned.outweighs,
  };
}

/**
 * Carriage of a parcel from another country, in US dollar cents, where a source's terms say nothing of it: an assumption of this program, dear enough that a margin which only
 * its absence makes is not taken for one. Shown as `freight.assumed`.
 */
export const ASSUMED_FREIGHT = { currency: 'USD', baseMinor: 1_400, perKgMinor: 1_300 } as const;

/** Listings of a brand that guards its goods which are taken down in a day, basis points. An assumption of this program, shown as `listing.take-down`. */
const GUARDED_TAKE_DOWN_PER_DAY_BP = 200;
/** How likely a brand guards its goods where Amazon refuses one line of it and, of so many other lines that were asked about, all: none, one, two. Where it lets one be sold, the refusal is of the product and not of the brand. */
const GUARDED = [0.4, 0.8, 0.95] as const;

/** Chance of a day that a listing of it is taken down, basis points: a brand that Amazon lets nobody sell without its approval guards its goods elsewhere too. */
export function takeDownPerDay({ asked, refused }: { readonly asked: number; readonly refused: number }): number {
  return refused < asked ? 0 : Math.round(GUARDED_TAKE_DOWN_PER_DAY_BP * GUARDED[Math.min(asked, GUARDED.length - 1)]!);
}

/** Where own settled sales say nothing yet. @param shippingOutMinor what sending one order costs the seller; 0 with FBA. */
export function defaultAssumptions(card: FeeCard, sale: { category: string | null; fulfilment: Fulfilment; shippingOutMinor: number }): EstimateAssumptions {
  const fba = sale.fulfilment === 'fba';
  return {
    returnRateBp: assumedReturnRateBp(sale.category),
    returnRecoveryBp: ASSUMED_RECOVERY_BP, returnFeesLostBp: fba ? 5_000 : ASSUMED_FEES_KEPT_BP, returnCostMinor: fba ? 0 : sale.shippingOutMinor, returnRateAssumed: true,
    daysToShelf: fba ? 14 : 5, payoutDelayDays: card.payoutDelay.days, shippingOutMinor: fba ? 0 : sale.shippingOutMinor,
    storagePerDayMilli: 0, horizonDays: 180, clearanceBp: 5_000,
  };
}
