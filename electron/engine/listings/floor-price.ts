/** What one sale must bring, in minor units of one currency. */
export interface FloorNeeds {
  /** Landed cost of the unit. */
  readonly unitCostMinor: number;
  /** Postage and packing that the seller pays. */
  readonly shippingOutMinor: number;
  readonly minProfitMinor: number;
  /** What the buyer pays for shipping. */
  readonly buyerShippingMinor: number;
  /** All fees of a sale at a price. */
  readonly feesAt: (priceMinor: number) => number;
}

export function profitAt(needs: FloorNeeds, priceMinor: number): number {
  return priceMinor + needs.buyerShippingMinor - needs.feesAt(priceMinor) - needs.shippingOutMinor - needs.unitCostMinor;
}

/** Fees that eat the whole price have no floor. */
const LARGEST_PRICE_MINOR = 1_000_000_000;

/**
 * The lowest price at which a sale earns the least profit wanted; null where no price does. Raises the price by what is missing until nothing is:
 * fees take part of each rise, so it comes up to the floor from below and cannot step over it while fees rise with the price.
 */
export function floorPrice(needs: FloorNeeds): number | null {
  let price = Math.max(1, needs.unitCostMinor + needs.shippingOutMinor + needs.minProfitMinor - needs.buyerShippingMinor);
  while (price <= LARGEST_PRICE_MINOR) {
    const missing = needs.minProfitMinor - profitAt(needs, price);
    if (missing <= 0) return price;
    price += missing;
  }
  return null;
}
