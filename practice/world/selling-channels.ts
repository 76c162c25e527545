import { scaleMinor } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import type { CategoryId, Channel, FeeLine, Listing, Product, Sale } from './types.ts';

/** Channels beyond the two marketplaces whose demand is the market's own. */
export type SmallChannel = Exclude<Channel, 'ebay' | 'amazon'>;

interface Trait {
  /** Sets the channel's draws apart from the others'. */
  readonly salt: number;
  /** First numbers of its orders and of their lines. */
  readonly firstSale: number;
  readonly firstLine: number;
  readonly listingPrefix: string;
  /** Other sellers' offers that a buyer there weighs ours against. */
  readonly rivals: number;
  /** True where the channel collects sales tax and remits it itself. */
  readonly collectsTax: boolean;
  /** A return that the seller leaves is refunded over the seller's head after so many days (own shops: by the card's issuer). */
  readonly autoRefundDays: number;
  /** Days from a movement until it is paid out, and the step in which payouts are made. */
  readonly payout: { readonly delayDays: number; readonly everyDays: 1 | 7 };
  /** Kinds of fee that come back with a refund of the whole. */
  readonly givenBack: readonly FeeLine['kind'][];
  /** Asked for each listing when it starts. */
  readonly listingFeeMinor: number;
}

/** All of it is assumption about typical accounts; the rates are those of the fee cards. */
const TRAITS: Readonly<Record<SmallChannel, Trait>> = {
  woocommerce: { salt: 0x3c77, firstSale: 40_000, firstLine: 20_000_000_000, listingPrefix: 'WL', rivals: 3, collectsTax: false, autoRefundDays: 14, payout: { delayDays: 2, everyDays: 1 }, givenBack: [], listingFeeMinor: 0 },
  shopify: { salt: 0x5a1f, firstSale: 5_600_000_000_000, firstLine: 30_000_000_000, listingPrefix: 'SL', rivals: 3, collectsTax: false, autoRefundDays: 14, payout: { delayDays: 3, everyDays: 1 }, givenBack: [], listingFeeMinor: 0 },
  etsy: { salt: 0xe7c3, firstSale: 3_100_000_000, firstLine: 40_000_000_000, listingPrefix: 'EL', rivals: 5, collectsTax: true, autoRefundDays: 5, payout: { delayDays: 3, everyDays: 7 }, givenBack: ['transaction'], listingFeeMinor: 20 },
};

/** Buyers of an own shop, as a share of eBay's: few find it, and a hosted one is found a little more often. */
const OWN_SHOP_SHARE: Readonly<Record<'woocommerce' | 'shopify', number>> = { woocommerce: 0.02, shopify: 0.03 };
/** Etsy's buyers come for handmade things and craft supplies (sold as new) and for vintage (sold as used), and for nothing else. Shares of eBay's. */
const ETSY_NEW: Partial<Readonly<Record<CategoryId, number>>> = { jewelry: 0.35, home: 0.1, clothing: 0.05 };
const ETSY_VINTAGE: Partial<Readonly<Record<CategoryId, number>>> = { jewelry: 0.6, watches: 0.25, clothing: 0.3, home: 0.3, toys: 0.2, books: 0.1, media: 0.15, instruments: 0.1 };

export const isSmall = (channel: Channel): channel is SmallChannel => channel !== 'ebay' && channel !== 'amazon';
export const traitOf = (channel: SmallChannel): Trait => TRAITS[channel];

/** The channel's buyers of a product, as a share of those that eBay has for it. */
export function shareOfBuyers(channel: SmallChannel, product: Product, condition: Listing['condition']): number {
  if (channel !== 'etsy') return OWN_SHOP_SHARE[channel];
  return (condition === 'used' ? ETSY_VINTAGE : ETSY_NEW)[product.category] ?? 0;
}

const share = (minor: number, basisPoints: number) => scaleMinor(minor, basisPoints, 10_000, 'half-up');

/** The charges of one order. @param given `netMinor`: goods and shipping; `totalMinor`: with tax, as the buyer paid */
export function feesOf(channel: SmallChannel, given: { readonly netMinor: number; readonly totalMinor: number; readonly quantity: number }): FeeLine[] {
  if (channel !== 'etsy') return [{ kind: 'payment', minor: share(given.totalMinor, 290) + 30 }];
  return [
    { kind: 'transaction', minor: share(given.netMinor, 650) }, { kind: 'payment', minor: share(given.totalMinor, 300) + 25 },
    // Each unit sold renews the listing.
    { kind: 'listing', minor: TRAITS.etsy.listingFeeMinor * given.quantity },
  ];
}

export interface SaleRefund {
  /** Unique over all sales. */
  readonly id: string;
  readonly at: Instant;
  /** The seller's own money: without tax that the channel collected. */
  readonly minor: number;
  /** What the refund was called by the one who asked for it; null: a cancellation or a return. */
  readonly reference: string | null;
}

/** Goods and shipping: what the buyer paid to the seller. */
export const sellersPart = (sale: Sale): number => sale.unitMinor * sale.quantity + sale.shippingMinor;

/** All that went back to the buyer, oldest first. */
export function refundsOf(sale: Sale): SaleRefund[] {
  const given = (sale.givenBack ?? []).map(({ at, minor, reference }, n): SaleRefund => ({ id: `${sale.id}-${n + 1}`, at, minor, reference }));
  const whole = sale.cancelledAt ?? sale.return?.refundedAt ?? null;
  const rest = sellersPart(sale) - given.reduce((total, refund) => total + refund.minor, 0);
  return whole === null || rest <= 0 ? given : [...given, { id: `${sale.id}-whole`, at: whole, minor: rest, reference: null }];
}
