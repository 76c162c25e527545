import type { z } from 'zod';
import type { listingDetail, listingRow } from '#contract/selling.ts';
import type { Database, EngineContext, Tx } from '#runtime/ports.ts';
import { inOrder, type PageOfIds } from '#runtime/sorted-page.ts';
import type { LotListingsPort } from '../inventory/index.ts';
import { loadListing } from './advance-listing.ts';
import { listListings, type ListingQuery } from './list-listings.ts';
import type { Listing } from './listing.ts';
import { findByLots, findBySku, findListings, listEvents } from './repo.ts';

export type ListingRow = z.infer<typeof listingRow>;

export function rowOf(listing: Listing): ListingRow {
  return {
    id: listing.id, sku: listing.sku, title: listing.title, channel: listing.channel, state: listing.state, stopReason: listing.stopReason, price: listing.price, floor: listing.floor,
    quantity: listing.quantity, externalId: listing.externalId, publishedAt: listing.publishedAt, updatedAt: listing.updatedAt, version: listing.version,
  };
}

export async function readListings(db: Pick<Database, 'prisma' | 'read'>, query: ListingQuery): Promise<Omit<PageOfIds, 'ids'> & { items: ListingRow[] }> {
  const { ids, ...page } = await listListings(db, query);
  return { ...page, items: inOrder(ids, await findListings(db.prisma, ids)).map(rowOf) };
}

export async function readListing(tx: Tx, id: string): Promise<z.infer<typeof listingDetail>> {
  const listing = await loadListing(tx, id);
  return { ...rowOf(listing), description: listing.description, events: (await listEvents(tx, id)).map((event) => ({ ...event, data: { ...event.data } })) };
}

export function listingBySku(tx: Tx, channel: string, sku: string): Promise<Listing | null> {
  return findBySku(tx, channel, sku);
}

export function createLotListings(ctx: Pick<EngineContext, 'db'>): LotListingsPort {
  return {
    async listingsOf(lotIds) {
      const listings = lotIds.length === 0 ? [] : await findByLots(ctx.db.prisma, lotIds);
      // The first that was made stands for the lot where it is on several channels.
      return new Map(listings.toReversed().map((listing) => [listing.lotId, { id: listing.id, state: listing.state }]));
    },
  };
}
