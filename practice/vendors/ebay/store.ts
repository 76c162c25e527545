import { z } from 'zod';
import { utcDay, type Instant } from '#kernel/time.ts';
import type { Listing, World } from '../../world/types.ts';

const VENDOR = 'ebay';
const FIRST_OFFER_ID = 9_600_000_000;
const REVISIONS_PER_DAY = 250;

const amount = z.looseObject({ value: z.string().regex(/^\d{1,9}(\.\d{1,2})?$/), currency: z.literal('USD') });

/** What a seller may put into an inventory item; fields that are not used here are kept as they came. */
export const itemSchema = z.looseObject({
  availability: z.looseObject({ shipToLocationAvailability: z.looseObject({ quantity: z.int().nonnegative().optional() }).optional() }).optional(),
  condition: z.string().optional(),
  product: z.looseObject({
    title: z.string().min(1).max(80).optional(), description: z.string().max(4_000).optional(), aspects: z.record(z.string().max(40), z.array(z.string().max(50))).optional(),
    imageUrls: z.array(z.url({ protocol: /^https$/ })).max(24).optional(), brand: z.string().optional(), mpn: z.string().optional(),
    upc: z.array(z.string()).optional(), ean: z.array(z.string()).optional(), isbn: z.array(z.string()).optional(),
  }).optional(),
});
export type Item = z.infer<typeof itemSchema>;

/** The changeable part of an offer. */
export const termsSchema = z.looseObject({
  availableQuantity: z.int().nonnegative().optional(), categoryId: z.string().optional(), merchantLocationKey: z.string().optional(), listingDuration: z.string().optional(),
  listingPolicies: z.looseObject({ fulfillmentPolicyId: z.string().optional(), paymentPolicyId: z.string().optional(), returnPolicyId: z.string().optional() }).optional(),
  pricingSummary: z.looseObject({ price: amount.optional() }).optional(),
});
export type Terms = z.infer<typeof termsSchema>;
export const newOfferSchema = termsSchema.extend({ sku: z.string().min(1).max(50), marketplaceId: z.literal('EBAY_US'), format: z.literal('FIXED_PRICE') });

export interface Offer {
  readonly offerId: string;
  readonly sku: string;
  readonly terms: Terms;
}

/** eBay's own records of the seller, in the world's documents, so that they outlive a restart as eBay's would. */
export class EbayStore {
  readonly #world: World;
  readonly #offers = new Map<string, Offer>();
  readonly #offerBySku = new Map<string, string>();
  /** Latest listing of each offer. */
  readonly #listings = new Map<string, Listing>();
  readonly #revisions = new Map<string, { day: string; count: number }>();
  #nextOffer = FIRST_OFFER_ID;

  constructor(world: World) {
    this.#world = world;
    for (const { value } of world.documents(VENDOR, 'offer/')) this.#remember(value as Offer);
    this.#nextOffer = Math.max(FIRST_OFFER_ID, Number(world.document(VENDOR, 'last-offer') ?? 0) + 1);
    for (const listing of world.listings('ebay')) if (listing.vendorRef) this.#listings.set(listing.vendorRef, listing);
  }

  item(sku: string): Item | undefined {
    return this.#world.document(VENDOR, `item/${sku}`) as Item | undefined;
  }
  /** True when there was one before. */
  putItem(sku: string, item: Item): boolean {
    const existed = this.item(sku) !== undefined;
    this.#world.actions.putDocument(VENDOR, `item/${sku}`, item);
    return existed;
  }
  deleteItem(sku: string): void {
    this.#world.actions.deleteDocument(VENDOR, `item/${sku}`);
  }

  location(key: string): unknown {
    return this.#world.document(VENDOR, `location/${key}`);
  }
  putLocation(key: string, location: unknown): void {
    this.#world.actions.putDocument(VENDOR, `location/${key}`, location);
  }
  locations(): readonly unknown[] {
    return this.#world.documents(VENDOR, 'location/').map((entry) => entry.value);
  }

  offer(offerId: string): Offer | undefined {
    return this.#offers.get(offerId);
  }
  offerOf(sku: string): Offer | undefined {
    return this.#offers.get(this.#offerBySku.get(sku) ?? '');
  }
  createOffer(sku: string, terms: Terms): Offer {
    const offer: Offer = { offerId: String(this.#nextOffer++), sku, terms };
    this.#world.actions.putDocument(VENDOR, 'last-offer', Number(offer.offerId));
    this.putOffer(offer);
    return offer;
  }
  putOffer(offer: Offer): void {
    this.#world.actions.putDocument(VENDOR, `offer/${offer.offerId}`, offer);
    this.#remember(offer);
  }
  deleteOffer(offer: Offer): void {
    this.#world.actions.deleteDocument(VENDOR, `offer/${offer.offerId}`);
    this.#offers.delete(offer.offerId);
    this.#offerBySku.delete(offer.sku);
  }
  offers(): readonly Offer[] {
    return [...this.#offers.values()];
  }

  /** The offer's newest listing, running or ended. */
  listing(offerId: string): Listing | undefined {
    const known = this.#listings.get(offerId);
    return known && this.#world.listing(known.id);
  }
  noteListing(offerId: string, listing: Listing): void {
    this.#listings.set(offerId, listing);
  }

  /** Counts a revision of a running listing; false when the day's 250 are used up. */
  countRevision(listingId: string, at: Instant): boolean {
    const day = utcDay(at);
    const held = this.#revisions.get(listingId);
    const count = held?.day === day ? held.count : 0;
    if (count >= REVISIONS_PER_DAY) return false;
    this.#revisions.set(listingId, { day, count: count + 1 });
    return true;
  }

  #remember(offer: Offer): void {
    this.#offers.set(offer.offerId, offer);
    this.#offerBySku.set(offer.sku, offer.offerId);
  }
}
