import type { Outlet } from './world/types.ts';

/** Terms of a shop as somebody who shops there would write them down, in minor units. */
export interface ShopTerms {
  readonly shipping?: { readonly flatMinor: number; readonly freeFromMinor: number | null };
  readonly negotiable?: boolean;
  /** Carriage from there to the business. */
  readonly forwarding?: { readonly baseMinor: number; readonly perKgMinor: number; readonly currency: string };
}

/** What a forwarder asks from Algeria to the United States, as the world charges it (see `true-profit.ts`). */
const FORWARDING = { baseMinor: 1_400, perKgMinor: 1_300, currency: 'USD' };

/** What an order at an outlet costs beyond the goods. */
export function termsOf(outlet: Outlet): ShopTerms {
  return { shipping: { flatMinor: outlet.shippingMinor, freeFromMinor: outlet.freeShippingFromMinor }, ...(outlet.country === 'US' ? {} : { forwarding: FORWARDING }) };
}
