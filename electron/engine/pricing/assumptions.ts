import type { FeeCard } from './fee-card.ts';
import type { EstimateAssumptions, Fulfilment } from './types.ts';

/** Return rates to start from, by words in the category id: assumptions of this program, replaced by settled sales; every estimate made with them says `returns.assumed`. */
const RETURN_RATES_BP: readonly (readonly [RegExp, number])[] = [
  [/cloth|shoe|sneaker|fashion/, 1_800], [/electronic|computer|console|phone|tool/, 800], [/jewel|watch|bag|luggage/, 900], [/book|music|video|film|cards|comic|software/, 250], [/grocery|beauty|pet/, 200],
];

/**
 * Carriage of a parcel from another country, in US dollar cents, where a source's terms say nothing of it: an assumption of this program, dear enough that a margin which only
 * its absence makes is not taken for one. Shown as `freight.assumed`.
 */
export const ASSUMED_FREIGHT = { currency: 'USD', baseMinor: 1_400, perKgMinor: 1_300 } as const;

/** Where own settled sales say nothing yet. @param shippingOutMinor what sending one order costs the seller; 0 with FBA. */
export function defaultAssumptions(card: FeeCard, sale: { category: string | null; fulfilment: Fulfilment; shippingOutMinor: number }): EstimateAssumptions {
  const fba = sale.fulfilment === 'fba';
  return {
    returnRateBp: RETURN_RATES_BP.find(([words]) => words.test(sale.category ?? ''))?.[1] ?? 500,
    returnRecoveryBp: 5_000, returnFeesLostBp: fba ? 5_000 : 2_000, returnCostMinor: fba ? 0 : sale.shippingOutMinor, returnRateAssumed: true,
    daysToShelf: fba ? 14 : 5, payoutDelayDays: card.payoutDelay.days, shippingOutMinor: fba ? 0 : sale.shippingOutMinor,
    storagePerDayMilli: 0, horizonDays: 180, clearanceBp: 5_000,
  };
}
