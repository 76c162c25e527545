import { z } from 'zod';
import type { Listing, Product, World } from '../../world/types.ts';
import type { VendorResponse } from '../host.ts';

export const SHOP_ID = 515_151;
export const SHIPPING_PROFILE_ID = 77_001;
export const RETURN_POLICY_ID = 88_001;
export const PROCESSING_PROFILE_ID = 99_001;
const VENDOR = 'etsy';
const FIRST_LISTING_ID = 1_800_000_000;

export type EffectName = 'draftsCreated' | 'listingsActivated' | 'listingsPaused' | 'inventoriesPut' | 'picturesTaken' | 'shipmentsReported';

export const refuse = (status: number, error: string): VendorResponse => ({ status, body: { error } });
export const usd = (minor: number) => ({ amount: minor, divisor: 100, currency_code: 'USD' });

export const recordSchema = z.object({
  listingId: z.int(), state: z.enum(['draft', 'active', 'inactive', 'sold_out']), title: z.string(), description: z.string(), taxonomyId: z.int(), whoMade: z.string(), whenMade: z.string(), isSupply: z.boolean(), shippingProfileId: z.int(), returnPolicyId: z.int(),
  sku: z.string(), priceMinor: z.int().positive(), quantity: z.int().positive(), enabled: z.boolean(), processingId: z.int().nullable(), pictures: z.array(z.int()), marketId: z.string().nullable(), createdAt: z.number(), updatedAt: z.number(),
});
export type EtsyRecord = z.infer<typeof recordSchema>;

/** The shop's own records, in the world's documents, so that they outlive a restart as Etsy's would. */
export class EtsyShop {
  readonly world: World;
  readonly #count: (effect: EffectName) => void;

  constructor(world: World, count: (effect: EffectName) => void) {
    this.world = world;
    this.#count = count;
  }

  count(effect: EffectName): void {
    this.#count(effect);
  }

  all(): EtsyRecord[] {
    return this.world.documents(VENDOR, 'listing/').map(({ value }) => this.#follow(recordSchema.parse(value)));
  }

  get(listingId: number): EtsyRecord | null {
    const found = this.world.document(VENDOR, `listing/${listingId}`);
    return found === undefined ? null : this.#follow(recordSchema.parse(found));
  }

  put(record: EtsyRecord): EtsyRecord {
    this.world.actions.putDocument(VENDOR, `listing/${record.listingId}`, record);
    return record;
  }

  nextId(): number {
    const next = Number(this.world.document(VENDOR, 'last-listing') ?? FIRST_LISTING_ID) + 7;
    this.world.actions.putDocument(VENDOR, 'last-listing', next);
    return next;
  }

  nextPicture(): number {
    const next = Number(this.world.document(VENDOR, 'last-picture') ?? 6_000_000_000) + 1;
    this.world.actions.putDocument(VENDOR, 'last-picture', next);
    return next;
  }

  market(record: EtsyRecord): Listing | undefined {
    return record.marketId === null ? undefined : this.world.listing(record.marketId);
  }

  /** Puts it before buyers. They know a thing by its title alone. */
  activate(record: EtsyRecord): EtsyRecord {
    const running = this.market(record);
    if (running?.status === 'active') {
      this.world.actions.reviseListing(running.id, { priceMinor: record.priceMinor, quantity: record.quantity });
      return record;
    }
    const made = this.world.actions.createListing({ channel: 'etsy', sku: record.sku, productId: this.#productOf(record)?.id ?? null, condition: isVintage(record) ? 'used' : 'new', priceMinor: record.priceMinor, shippingMinor: 0, quantity: record.quantity, vendorRef: String(record.listingId) });
    return { ...record, state: 'active', marketId: made.ok ? made.value.id : null };
  }

  pause(record: EtsyRecord): EtsyRecord {
    const running = this.market(record);
    if (running?.status === 'active') this.world.actions.endListing(running.id);
    return { ...record, state: 'inactive', marketId: null };
  }

  /** What buyers have taken meanwhile. */
  #follow(record: EtsyRecord): EtsyRecord {
    const running = this.market(record);
    if (record.state !== 'active' || !running) return record;
    return running.quantity === 0 ? { ...record, state: 'sold_out' } : { ...record, quantity: running.quantity };
  }

  #productOf({ title }: EtsyRecord): Product | undefined {
    return this.world.catalog.search(title, { limit: 1 }).products[0];
  }
}

/** Twenty years and more. */
const isVintage = (record: EtsyRecord) => !['made_to_order', '2020_2026', '2010_2019', '2007_2009'].includes(record.whenMade);
