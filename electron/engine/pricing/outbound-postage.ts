import { money, type Money } from '#kernel/money.ts';

/** What a parcel costs to send: a base, and so much for each kilogram; as the business has set it. */
export interface PostageRates {
  readonly base: Money;
  readonly perKg: Money;
}

/** Taken where a weight is not known, grams. */
const ASSUMED_WEIGHT_G = 500;

/** Postage of one parcel with `units` of a thing. */
export function outboundPostage(rates: PostageRates, weightG: number | null, units = 1): Money {
  const grams = (weightG ?? ASSUMED_WEIGHT_G) * units;
  return money(rates.base.minor + Math.ceil((rates.perKg.minor * grams) / 1_000), rates.base.currency);
}
