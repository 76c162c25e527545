import quotas from '../../../../resources/quotas/etsy.json' with { type: 'json' };
import type { EtsyClient } from './etsy-client.ts';
import { fromEtsySku } from './short-sku.ts';
import { listingSchema, listingsSchema, type EtsyListing } from './schema.ts';

/** Every state that a listing can be in. */
const STATES = ['draft', 'active', 'inactive', 'sold_out', 'expired'] as const;
const MARK = 'resale-desk draft ';

/**
 * Description of a draft until it is whole. Etsy takes no key of ours when it makes a listing, and a SKU only afterwards: this is how a draft whose answer was lost is known again. No buyer sees a draft.
 */
export const draftMark = (sku: string) => MARK + sku;

export const listingPath = (listingId: string | number, rest = '') => `/v3/application/listings/${encodeURIComponent(String(listingId))}${rest}`;

/** Our listings by SKU. Etsy has no search by SKU, so the shop's listings are read once and remembered; afterwards only drafts can hold what is not known yet. */
export class ListingIndex {
  readonly #client: EtsyClient;
  #bySku = new Map<string, number>();
  #whole = false;

  constructor(client: EtsyClient) {
    this.#client = client;
  }

  async find(sku: string, signal: AbortSignal | undefined): Promise<EtsyListing | null> {
    const known = this.#bySku.get(sku);
    const listing = known === undefined ? null : await this.read(known, signal);
    if (listing) return listing;
    this.#bySku.delete(sku);
    for (const state of this.#whole ? STATES.slice(0, 1) : STATES) await this.#scan(state, signal);
    this.#whole = true;
    const found = this.#bySku.get(sku);
    return found === undefined ? null : this.read(found, signal);
  }

  read(listingId: string | number, signal: AbortSignal | undefined): Promise<EtsyListing | null> {
    return this.#client.sendOrNull({ operation: 'read listing', method: 'GET', path: listingPath(listingId), effect: 'read', schema: listingSchema, signal });
  }

  note(sku: string, listingId: number): void {
    this.#bySku.set(sku, listingId);
  }

  forget(): void {
    this.#bySku = new Map();
    this.#whole = false;
  }

  async #scan(state: (typeof STATES)[number], signal: AbortSignal | undefined): Promise<void> {
    const shop = await this.#client.shopId();
    for (let offset = 0; ; ) {
      const { body } = await this.#client.send({
        operation: 'find listings', method: 'GET', path: `/v3/application/shops/${shop}/listings`, effect: 'read', schema: listingsSchema, signal, query: { state, limit: quotas.perPage, offset },
      });
      for (const listing of body.results) {
        if (listing.description.startsWith(MARK)) this.note(listing.description.slice(MARK.length), listing.listing_id);
        for (const sku of listing.skus ?? []) this.note(fromEtsySku(sku), listing.listing_id);
      }
      offset += body.results.length;
      if (body.results.length === 0 || offset >= body.count) return;
    }
  }
}
