import type { OfferElsewhere, PriceChoice } from './value-stock.ts';

/** Where a lot was bought, its offer as it was last seen. */
export interface StandingOffer {
  /** What it asks over what was paid. */
  readonly costRatio: number;
  /** Units that the next purchase would have: as many as the last, as far as the offer has them. */
  readonly units: number;
}

export interface BuyAgain extends StandingOffer {
  /** How likely it is bought again once it is sold out, 0 to 1, by what this desk did of late: one that buys single finds has nothing to hurry for. */
  readonly chance: number;
}

export interface NextLot {
  readonly units: number;
  readonly unitCostMinor: number;
  /** Expected profit a day over its whole round, from order to last sale, at the price that earns most. */
  readonly perDayMinor: number;
}

/** Until goods that are bought again can be sold: as the capital plan assumes. */
const DAYS_TO_SHELF = 5;

/**
 * What the next lot of the same offer would earn a day. An offer that still stands is bought again as soon as the lot is sold out, and not before: each day longer is a day of that round lost. So the price
 * that is best for round after round is the one at which profit over the cost of replacement, by the time of selling and of getting more, is highest (renewal reward); a price for the last lot that there will
 * ever be would be dearer. Null where no price leaves a profit.
 * @param given.choices prices here, with `elsewhere` selling beside; `unitsHere` are what waits already: where that is more than the next lot, getting more takes no time that sales wait for
 */
export function earnedByNext(again: BuyAgain, given: { readonly unitCostMinor: number; readonly unitsHere: number; readonly choices: readonly PriceChoice[]; readonly elsewhere: readonly OfferElsewhere[] }): NextLot | null {
  const unitCostMinor = Math.round(given.unitCostMinor * again.costRatio);
  const units = Math.max(1, again.units, given.unitsHere);
  const away = { perDay: 0, profit: 0 };
  for (const other of given.elsewhere) {
    away.perDay += other.perDay;
    away.profit += other.perDay * (other.keptMinor - unitCostMinor);
  }
  let best = 0;
  for (const { keptMinor, perDay } of given.choices) {
    const all = perDay + away.perDay;
    if (all > 0) best = Math.max(best, (units * (perDay * (keptMinor - unitCostMinor) + away.profit)) / (all * DAYS_TO_SHELF + units));
  }
  return best > 0 ? { units, unitCostMinor, perDayMinor: best * again.chance } : null;
}
