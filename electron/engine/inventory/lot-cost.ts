import { money, type Money } from '#kernel/money.ts';

/** What the cost of a lot's units follows from. */
export interface LotCost {
  /** Of all units, home currency. */
  readonly totalCost: Money;
  /** Whole minor units of one unit; what the division leaves over is carried by the last unit. */
  readonly unitCost: Money;
  readonly quantity: number;
}

/** The cost of one unit, and thereby where the remainder goes. @throws RangeError unless there is at least one unit. */
export function unitCostOf(totalCost: Money, quantity: number): Money {
  if (!Number.isSafeInteger(quantity) || quantity < 1) throw new RangeError(`a lot has at least one unit, not ${quantity}`);
  return money(Math.floor(totalCost.minor / quantity), totalCost.currency);
}

/**
 * What a lot is still worth with `units` left. A function of the number alone, so that whatever leaves and comes back in whatever order,
 * the costs taken out and put back add up to the total exactly. More units than were bought (a count found them) are worth a unit's cost each.
 */
export function remainingCost(lot: LotCost, units: number): Money {
  if (!Number.isSafeInteger(units) || units < 0) throw new RangeError(`not a number of units: ${units}`);
  if (units === 0) return money(0, lot.totalCost.currency);
  return money(lot.totalCost.minor - lot.unitCost.minor * (lot.quantity - units), lot.totalCost.currency);
}

/** What leaves with the units when the lot goes from `before` to `after` units; below zero when units come in. */
export function costOfChange(lot: LotCost, before: number, after: number): Money {
  return money(remainingCost(lot, before).minor - remainingCost(lot, after).minor, lot.totalCost.currency);
}
