import type { CategoryPort, ListingChannelPort } from '#engine/listings/ports.ts';
import type { OrderSourcePort } from '#engine/orders/ports.ts';
import quotas from '../../../../resources/quotas/etsy.json' with { type: 'json' };
import { EtsyClient, type EtsyOptions } from './etsy-client.ts';
import { readTransactions } from './fees.ts';
import { ListingIndex } from './find-listing.ts';
import { Listings } from './listings.ts';
import { markShipped, readOneOrder, readOrders } from './orders.ts';
import { createTaxonomy } from './taxonomy.ts';

export type { EtsyCredentials, EtsyOptions, Picture } from './etsy-client.ts';

/** Etsy knows standing terms, and no places of ours. */
type EtsyListings = Omit<ListingChannelPort, 'policies' | 'ensureLocation'> & Required<Pick<ListingChannelPort, 'policies'>>;

export interface Etsy extends EtsyListings, OrderSourcePort {
  readonly connector: string;
  readonly market: string;
  readonly taxonomy: CategoryPort;
  /** To be called when the account's credentials have changed: the next call signs in anew. */
  forgetSession(): void;
  close(): Promise<void>;
}

/** Selling on Etsy: one shop, by Open API v3. See README.md for what may be repeated and why. */
export function createEtsy(options: EtsyOptions): Etsy {
  const client = new EtsyClient(options);
  const index = new ListingIndex(client);
  const listings = new Listings(client, index);
  return {
    connector: client.connector,
    market: client.market,
    taxonomy: createTaxonomy(client),
    limits: { titleCharacters: quotas.titleCharacters, descriptionCharacters: quotas.descriptionCharacters, images: quotas.images, revisionsPerDay: null },
    takesOwnPictures: true,
    replacesPictures: 'when-changed',
    policies: (call) => listings.policies(call),
    putContent: (sku, content, call) => listings.putContent(sku, content, call),
    ensureOffer: (sku, terms, call) => listings.ensure(sku, terms, call),
    publishOffer: (listingId, call) => listings.publish(listingId, call),
    reviseOffer: (sku, listingId, change, call) => listings.revise(sku, listingId, { ...change, signal: call?.signal }),
    replaceOffer: (listingId, terms, call) => listings.replace(listingId, terms, call),
    endOffer: (listingId, call) => listings.end(listingId, call),
    findOffer: (sku, call) => listings.find(sku, call),
    listingUrl: (listingId) => `https://www.etsy.com/listing/${encodeURIComponent(listingId)}`,
    orders: (query) => readOrders(client, query),
    order: (orderId, signal) => readOneOrder(client, orderId, signal),
    markShipped: (orderId, shipment, signal) => markShipped(client, orderId, { shipment, signal }),
    // the API has no call for a refund or a cancellation
    orderPage: (orderId) => `https://www.etsy.com/your/orders/sold?order_id=${encodeURIComponent(orderId)}`,
    transactions: (query) => readTransactions(client, query),
    forgetSession: () => {
      client.forgetSession();
      index.forget();
    },
    close: () => client.close(),
  };
}
