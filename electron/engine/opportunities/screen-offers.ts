import { namedIn } from '#kernel/name-key.ts';
import type { Limits } from '#contract/settings.ts';
import type { Reason } from '#contract/shared.ts';

/** What the zero-quota first pass looks at. Amounts per sellable unit in the home currency. */
export interface ScreenInput {
  readonly unitMinor: number;
  readonly stock: number | null;
  readonly brand: string | null;
  readonly category: string | null;
  readonly condition: string;
  readonly hasCode: boolean;
  /** The most that anything known offline says it could sell for: list price, or the dearest like offer; null when nothing does. */
  readonly bestSaleMinor: number | null;
}

/** No channel takes less than this share of a sale: eBay's rate above its highest step is 2.35 % (fee card of 2026-08-21), Amazon's lowest referral rates are 3 to 8 %. */
const CHEAPEST_FEES_BP = 200;
/** A list price is a wish; a real price above it by more than this is not to be hoped for. */
const LIST_PRICE_HEADROOM_BP = 12_500;

/**
 * Says why an offer is not worth a vendor's quota, or null when it survives. It must not throw away what could be profitable, so each rule
 * holds for the best case.
 */
export function screenOffer(offer: ScreenInput, limits: Limits): Reason | null {
  if (offer.stock === 0) return { code: 'screen.out-of-stock', data: {} };
  if (offer.condition === 'damaged') return { code: 'screen.damaged', data: {} };
  if (offer.condition === 'used' || offer.condition === 'refurbished') return { code: 'screen.not-new', data: { condition: offer.condition } };
  if (!offer.hasCode) return { code: 'screen.no-identifier', data: {} };
  if (offer.brand && namedIn(limits.blockedBrands, offer.brand) !== null) return { code: 'screen.blocked-brand', data: { brand: offer.brand } };
  if (offer.category && namedIn(limits.blockedCategories, offer.category) !== null) return { code: 'screen.blocked-category', data: { category: offer.category } };
  if (limits.perPurchase && offer.unitMinor > limits.perPurchase.minor) return { code: 'screen.above-purchase-limit', data: { limit: limits.perPurchase } };
  if (offer.bestSaleMinor !== null) {
    const mostProfit = Math.floor((offer.bestSaleMinor * LIST_PRICE_HEADROOM_BP * (10_000 - CHEAPEST_FEES_BP)) / 100_000_000) - offer.unitMinor;
    if (mostProfit < limits.minProfit.minor) return { code: 'screen.no-room', data: { best: { minor: offer.bestSaleMinor, currency: limits.minProfit.currency } } };
  }
  return null;
}
