import type { Instant } from '#kernel/time.ts';

/**
 * The practice market's world: what exists, what it costs, who buys. Vendors read it through `World` and speak their own protocols over it.
 * Everything is a function of the seed, the start instant and the ordered actions: never of how often or when it is asked.
 *
 * Glossary. **Product**: one thing with one GTIN. **Variation parent**: a catalogue page that joins variants; it has an ASIN, no GTIN and no offers.
 * **Shop offer**: what one outlet asks for one product, with its own words and mistakes. **Outlet**: a shop, a supplier or the classifieds site.
 * **Listing**: ours, on a channel. **Sale**: an order from a buyer for one of our listings. **Shop order**: our order at an outlet.
 * Amounts are minor units of the currency named beside them (USD cents; DZD centimes, exponent 2). Lengths are mm, weights g. Instants are UTC ms.
 */

export const CATEGORY_IDS = [
  'books', 'media', 'clothing', 'beauty', 'grocery', 'electronics', 'accessories', 'computers', 'toys', 'home', 'jewelry', 'watches', 'tools', 'instruments',
] as const;
export type CategoryId = (typeof CATEGORY_IDS)[number];

export interface Category {
  readonly id: CategoryId;
  readonly name: string;
  /** Amazon US: browse node of the root, its name, and the `productType` of the Listings/Catalog API. */
  readonly amazon: { readonly rootId: number; readonly rootName: string; readonly productType: string };
  readonly ebay: { readonly categoryId: string; readonly categoryName: string };
}

export type ProductId = number;
export type Restriction = 'none' | 'approval-required' | 'not-eligible';
/** `parent` is a variation parent; `map` hides its price on Amazon (Keepa productType 3) but is otherwise ordinary. */
export type ProductKind = 'ordinary' | 'map' | 'parent';

export interface Product {
  /** Index into `catalog.products`: 0 … size−1. */
  readonly id: ProductId;
  readonly kind: ProductKind;
  readonly category: CategoryId;
  readonly asin: string;
  /** GTIN-12, GTIN-13 or ISBN-13, digits only with a valid check digit; null for a variation parent alone. */
  readonly gtin: string | null;
  /** For books: the ISBN-10, equal to the ASIN. */
  readonly isbn10: string | null;
  readonly brand: string;
  /** Manufacturer's part number; empty for books and media. */
  readonly mpn: string;
  /** The clean catalogue title, without seller's noise. */
  readonly title: string;
  /** Bare name of the thing (`Wireless Mouse`), without brand, model, variant or pack. */
  readonly noun: string;
  readonly author: string | null;
  readonly color: string | null;
  readonly size: string | null;
  /** Units in the pack that this GTIN stands for: 1 or more. */
  readonly packSize: number;
  /** The ASIN of the variation parent, if any. */
  readonly parentAsin: string | null;
  /** The same thing in another pack size, if there is one: the source of pack-size traps. */
  readonly packSiblingId: ProductId | null;
  readonly lengthMm: number;
  readonly widthMm: number;
  readonly heightMm: number;
  readonly weightG: number;
  /** The manufacturer's list price: often fiction. USD cents; null where none is published. */
  readonly listPriceMinor: number | null;
  readonly releasedAt: Instant;
  readonly hazmat: boolean;
  readonly restriction: Restriction;
  /** The brand complains: listings on eBay by resellers are taken down after a while. */
  readonly ipRiskBrand: boolean;
  readonly imageUrls: readonly string[];
  readonly bullets: readonly string[];
}

export interface Brand {
  readonly name: string;
  readonly ipRisk: boolean;
  /** GS1 company prefix, 6–7 digits; empty for publishers of books. */
  readonly gs1Prefix: string;
}

export interface Catalog {
  /** At least 20,000 sellable products, and the variation parents after them. */
  readonly products: readonly Product[];
  readonly categories: readonly Category[];
  readonly brands: readonly Brand[];
  category(id: CategoryId): Category;
  byId(id: ProductId): Product;
  byAsin(asin: string): Product | undefined;
  /** GTIN-8/12/13/14 or ISBN-10/13 in digits; leading zeros do not matter. */
  byGtin(gtin: string): Product | undefined;
  /** The variants of a parent ASIN, in id order. */
  childrenOf(parentAsin: string): readonly Product[];
  /** Title, brand and MPN words, best first (whole-word hits over all words); deterministic. */
  search(keywords: string, options?: { readonly brand?: string; readonly limit?: number; readonly offset?: number }): { readonly total: number; readonly products: readonly Product[] };
  /** What a marketplace would take a listing for: identifiers first, then brand + MPN. Undefined when buyers could not find it as any product. */
  identify(listing: { readonly gtins?: readonly string[]; readonly asin?: string; readonly brand?: string; readonly mpn?: string }): Product | undefined;
}

/** The series that a history can be asked for; prices in USD cents. */
export const SERIES = [
  'amazon', 'new', 'used', 'salesRank', 'listPrice', 'fbm', 'fba', 'buyBox', 'countNew', 'countUsed', 'countFba', 'countFbm', 'rating', 'reviewCount',
  'ebayNew', 'ebayUsed', 'monthlySold',
] as const;
export type SeriesName = (typeof SERIES)[number];

export interface HistoryPoint {
  readonly at: Instant;
  /** Null: no offer (or no figure) from this instant on. `rating` is in tenths: 45 is 4.5. */
  readonly value: number | null;
}

export interface MarketOffer {
  readonly sellerId: string;
  readonly sellerName: string;
  readonly condition: 'new' | 'used';
  readonly fulfilment: 'amazon' | 'fba' | 'fbm';
  readonly priceMinor: number;
  readonly shippingMinor: number;
  readonly isBuyBox: boolean;
  readonly feedbackCount: number;
  /** Whole percent, 0–100. */
  readonly feedbackPercent: number;
}

export interface Snapshot {
  readonly at: Instant;
  readonly values: Readonly<Record<SeriesName, number | null>>;
  readonly salesRankDrops30: number;
  readonly salesRankDrops90: number;
  readonly salesRankDrops180: number;
}

/** What can be observed of the market. No figure here is the world's hidden truth. */
export interface Market {
  /** Changes of a series in (from, to], preceded by the value that held at `from`. Kept back to 400 days before the start; never later than `now`. */
  history(id: ProductId, series: SeriesName, range: { readonly from: Instant; readonly to: Instant }): readonly HistoryPoint[];
  value(id: ProductId, series: SeriesName, at: Instant): number | null;
  snapshot(id: ProductId, at: Instant): Snapshot;
  /** Competing offers on Amazon at an instant, cheapest landed price first. Empty when out of stock or a variation parent. */
  offers(id: ProductId, at: Instant): readonly MarketOffer[];
  /** Other sellers' live eBay listings of the product, cheapest first; ids are stable while the listing lives. */
  ebayListings(id: ProductId, at: Instant): readonly EbayCompetitor[];
  /** What the other sellers' eBay listings of the product sold on the whole days of [from, to), listing by listing. */
  ebaySold(id: ProductId, range: { readonly from: Instant; readonly to: Instant }): readonly EbaySold[];
}

/** A listing of another seller, live or ended, by what it sold in a stretch of time. */
export interface EbaySold {
  /** Legacy item id, 12 digits. */
  readonly itemId: string;
  readonly sellerName: string;
  readonly title: string;
  readonly units: number;
  readonly lastSoldAt: Instant;
  /** Of the last one sold, shipping included. */
  readonly lastPriceMinor: number;
}

export interface EbayCompetitor {
  /** Legacy item id, 12 digits. */
  readonly itemId: string;
  readonly sellerName: string;
  readonly title: string;
  readonly condition: 'new' | 'used';
  readonly priceMinor: number;
  readonly shippingMinor: number;
  readonly since: Instant;
}

export interface FeeLine {
  readonly kind: 'referral' | 'closing' | 'fba-fulfilment' | 'fuel-surcharge' | 'final-value' | 'order-fee' | 'insertion' | 'payment' | 'transaction' | 'listing';
  readonly minor: number;
}

/** The vendors' own charges, as the vendors charge them at an instant: some rates change in the course of a run. */
export interface Fees {
  /** @param priceMinor item price; referral is taken on price + shipping. FBA lines appear when `fba`. */
  amazon(id: ProductId, sale: { readonly priceMinor: number; readonly shippingMinor: number; readonly fba: boolean; readonly at: Instant }): readonly FeeLine[];
  /** @param totalMinor what the buyer paid, shipping and sales tax included. Category rates are for sellers without a store. */
  ebay(category: CategoryId, sale: { readonly totalMinor: number; readonly quantity: number; readonly at: Instant }): readonly FeeLine[];
  /** Postage that a seller pays to send one parcel with `quantity` of the product inside the US. USD cents. */
  labelMinor(id: ProductId, quantity: number): number;
}

export type OutletKind = 'woocommerce' | 'ouedkniss' | 'html-shop' | 'price-list';
export type OutletId = string;

export interface Outlet {
  readonly id: OutletId;
  readonly kind: OutletKind;
  readonly name: string;
  readonly currency: 'USD' | 'DZD';
  readonly country: 'US' | 'DZ';
  /** Flat charge per order, in the outlet's currency; nothing above `freeShippingFromMinor`. */
  readonly shippingMinor: number;
  readonly freeShippingFromMinor: number | null;
  /** Whole days from order to delivery at least and at most. */
  readonly deliveryDays: readonly [number, number];
}

/** The fixed part of what an outlet says about a product: its words and mistakes. */
export interface ShopOffer {
  /** Unique within the outlet, stable for ever; 1-based. */
  readonly number: number;
  readonly outletId: OutletId;
  readonly title: string;
  readonly description: string;
  readonly brandText: string | null;
  /** The shop's own stock-keeping code. */
  readonly sku: string;
  /** The identifier as printed: absent, damaged or wrong at times. */
  readonly idText: string | null;
  readonly mpnText: string | null;
  readonly categoryText: string;
  readonly slug: string;
  readonly imageUrl: string | null;
  /** As printed; often missing. */
  readonly weightG: number | null;
  readonly listedAt: Instant;
  readonly sellerName: string | null;
  readonly place: string | null;
  readonly condition: 'new' | 'used';
  /** Price lists: units in the smallest amount sold; 1 elsewhere. */
  readonly caseSize: number;
  /** Units that the asked price is for: 1, or the case. */
  readonly pricedUnits: number;
  /** Price lists: lowest price that may be advertised for one unit. USD cents. */
  readonly mapMinor: number | null;
  /** Where the page prints `idText`. */
  readonly idPlace: 'sku' | 'attribute' | 'description';
}

/** The moving part. */
export interface OfferState {
  /** What is asked for one unit as sold by the outlet; null when no price is shown. */
  readonly priceMinor: number | null;
  /** Struck-out price beside it, if any. */
  readonly regularMinor: number | null;
  readonly currency: 'USD' | 'DZD';
  /** What the page says. A stale page says more than the checkout will honour. */
  readonly shownInStock: boolean;
  readonly shownStock: number | null;
  /** Instant of the last repricing; the stock moves in between. */
  readonly changedAt: Instant;
}

export interface ShopBook {
  readonly outlets: readonly Outlet[];
  outlet(id: OutletId): Outlet;
  /** Every offer that the outlet ever shows, by number; one that is not yet or no longer shown has state null at that time. */
  offers(outlet: OutletId): readonly ShopOffer[];
  state(outlet: OutletId, number: number, at: Instant): OfferState | null;
  /** Units that the checkout would honour now, after our own purchases. */
  available(outlet: OutletId, number: number, at: Instant): number;
}

export interface Address {
  readonly name: string;
  readonly line1: string;
  readonly line2: string;
  readonly city: string;
  /** Two-letter US state, or wilaya. */
  readonly state: string;
  readonly postalCode: string;
  readonly country: 'US' | 'DZ';
  readonly phone: string;
  readonly email: string;
}

export type ShopOrderStatus = 'processing' | 'completed' | 'cancelled' | 'refunded';

export interface ShopOrder {
  /** Unique over all outlets; a number as WooCommerce has it. */
  readonly id: number;
  readonly outletId: OutletId;
  readonly key: string;
  /** The buyer's own reference: the cart token at WooCommerce. At most one order per (outlet, reference). */
  readonly reference: string;
  readonly placedAt: Instant;
  readonly currency: 'USD' | 'DZD';
  /** Quantities count what the price is for: `pricedUnits` of the product each. */
  readonly lines: readonly { readonly offerNumber: number; readonly quantity: number; readonly unitMinor: number }[];
  readonly shippingMinor: number;
  readonly totalMinor: number;
  readonly email: string;
  /** Instant of delivery, or of the shop's own cancellation: not visible before it comes. */
  readonly settlesAt: Instant;
  readonly outcome: 'completed' | 'refunded';
}

/** The first two are marketplaces with the market's own buyers; the others draw few (see `selling-channels.ts`). */
export const CHANNELS = ['ebay', 'amazon', 'woocommerce', 'shopify', 'etsy'] as const;
export type Channel = (typeof CHANNELS)[number];

export interface Listing {
  /** On eBay a 12-digit item id. */
  readonly id: string;
  readonly channel: Channel;
  readonly sku: string;
  /** What buyers take it for; null: nobody finds it. */
  readonly productId: ProductId | null;
  readonly condition: 'new' | 'used';
  readonly startedAt: Instant;
  priceMinor: number;
  /** What the buyer pays for shipping, per order. */
  shippingMinor: number;
  /** Units still for sale. */
  quantity: number;
  soldQuantity: number;
  status: 'active' | 'ended';
  endedAt: Instant | null;
  /** A sold-out listing stays active with quantity 0, as with eBay's out-of-stock control. */
  endReason: 'seller' | 'brand-complaint' | null;
  /** Set by the channel's vendor for itself; unknown to the world. */
  readonly vendorRef: string | null;
}

export type ReturnReason = 'defective' | 'not-as-described' | 'wrong-item' | 'changed-mind' | 'arrived-late' | 'wrong-size';

export interface Sale {
  /** On eBay `NN-NNNNN-NNNNN`; on Amazon `NNN-NNNNNNN-NNNNNNN`; elsewhere a whole number that no other channel uses. */
  readonly id: string;
  readonly channel: Channel;
  readonly listingId: string;
  readonly lineItemId: string;
  readonly sku: string;
  readonly productId: ProductId;
  readonly quantity: number;
  readonly unitMinor: number;
  readonly shippingMinor: number;
  /** Collected and remitted by the channel, not ours. */
  readonly salesTaxMinor: number;
  /** Price × quantity + shipping + tax. */
  readonly totalMinor: number;
  readonly feeMinor: number;
  /** Of `feeMinor`, what the channel has given back after a cancellation or a refunded return. */
  feeCreditMinor: number;
  readonly feeLines: readonly FeeLine[];
  readonly createdAt: Instant;
  readonly buyerUsername: string;
  readonly shipTo: Address;
  /** The instant of the last change of anything below or above. */
  changedAt: Instant;
  status: 'paid' | 'shipped' | 'delivered' | 'cancelled';
  /** Set when the buyer has asked to cancel (before shipping) and the channel has cancelled: fees and price given back. */
  cancelledAt: Instant | null;
  shippedAt: Instant | null;
  tracking: { readonly carrier: string; readonly number: string } | null;
  deliveredAt: Instant | null;
  return: { readonly requestedAt: Instant; readonly reason: ReturnReason; refundedAt: Instant | null; readonly refundMinor: number } | null;
  /** What the seller gave back of its own accord, beside a cancellation or a return. Absent: nothing. */
  givenBack?: readonly { readonly reference: string; readonly at: Instant; readonly minor: number }[];
}

/** Why an action was refused; nothing changed. */
export interface Refusal {
  readonly code: 'not-found' | 'out-of-stock' | 'not-purchasable' | 'price-changed' | 'duplicate-reference' | 'bad-state' | 'invalid';
  readonly message: string;
  readonly offerNumber?: number;
}
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

/** What can be done to the world. Each accepted action is journaled (and synced) before it returns, stamped with the virtual time. */
export interface Actions {
  /** Buys at a shop: all lines or nothing. `expectedMinor` (items, without shipping) refuses with `price-changed` when it no longer holds. */
  placeShopOrder(order: {
    readonly outletId: OutletId; readonly reference: string; readonly email: string;
    readonly lines: readonly { readonly offerNumber: number; readonly quantity: number }[]; readonly expectedMinor?: number;
    /** The shop's draft that becomes this order, if it keeps drafts: an id from 10,000,000 up that no order has. */
    readonly draft?: { readonly id: number; readonly key: string };
  }): Outcome<ShopOrder>;
  createListing(listing: {
    readonly channel: Channel; readonly sku: string; readonly productId: ProductId | null; readonly condition: 'new' | 'used';
    readonly priceMinor: number; readonly shippingMinor: number; readonly quantity: number; readonly vendorRef?: string;
  }): Outcome<Listing>;
  reviseListing(id: string, change: { readonly priceMinor?: number; readonly shippingMinor?: number; readonly quantity?: number }): Outcome<Listing>;
  endListing(id: string): Outcome<Listing>;
  shipSale(id: string, tracking: { readonly carrier: string; readonly number: string }): Outcome<Sale>;
  /** The seller cancels before shipping, or refunds a return. */
  cancelSale(id: string): Outcome<Sale>;
  refundReturn(id: string): Outcome<Sale>;
  /**
   * The seller gives money back: a part, or all that is left of goods and shipping, which cancels a sale that is not sent and closes a return.
   * A reference that was used for this sale before is refused with `duplicate-reference`.
   */
  giveBack(id: string, refund: { readonly reference: string; readonly minor: number }): Outcome<Sale>;
  /** A vendor's own protocol state (carts, inventory items, policies): kept in the journal, so it outlives a restart. JSON values only. */
  putDocument(vendor: string, key: string, value: unknown): void;
  deleteDocument(vendor: string, key: string): void;
}

/** Counts of what was really done, for tests of "nothing twice, nothing lost". */
export interface Effects {
  readonly shopOrders: readonly ShopOrder[];
  readonly listings: readonly Listing[];
  readonly sales: readonly Sale[];
}

export interface World {
  readonly seed: number;
  /** First instant of the run, start of a UTC day. */
  readonly startAt: Instant;
  readonly catalog: Catalog;
  readonly market: Market;
  readonly fees: Fees;
  readonly shops: ShopBook;
  readonly actions: Actions;
  /** The clock's instant, never going backwards and never before `startAt`. Also advances the world up to it. Vendors call it once at the head of each request. */
  now(): Instant;
  /** Simulates every whole hour that ended at or before the instant. In one step or many: the same. */
  advanceTo(instant: Instant): void;
  listing(id: string): Listing | undefined;
  listings(channel: Channel): readonly Listing[];
  sale(id: string): Sale | undefined;
  /** In order of creation. A sale appears at its `createdAt`, always a whole hour. */
  sales(channel: Channel): readonly Sale[];
  shopOrder(id: number): ShopOrder | undefined;
  shopOrderStatus(order: ShopOrder, at: Instant): ShopOrderStatus;
  document(vendor: string, key: string): unknown;
  /** Entries whose key starts with the prefix, in key order. */
  documents(vendor: string, prefix?: string): readonly { readonly key: string; readonly value: unknown }[];
  effects(): Effects;
  /** Closes the journal. */
  close(): void;
}

export interface WorldOptions {
  readonly seed: number;
  readonly clock: { now(): Instant };
  /** Default: the start of the UTC day of `clock.now()`; a journal's own start wins. */
  readonly startAt?: Instant;
  /** JSON lines; made when absent, replayed when present. @throws Error when it belongs to another seed or was written by a newer program. */
  readonly journalFile?: string;
  /** Sellable products; at least 1,000. Default 20,000. */
  readonly productCount?: number;
  /** Rows in each supplier's list. Default 4,000. */
  readonly priceListRows?: number;
}
