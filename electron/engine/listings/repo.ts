import { z } from 'zod';
import { reasonSchema } from '#contract/shared.ts';
import { money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import { toNumber } from '#runtime/database.ts';
import type { Tx } from '#runtime/ports.ts';
import type { Listing, ListingEvent } from './listing.ts';
import type { ListingState } from './machine.ts';

type Row = NonNullable<Awaited<ReturnType<Tx['listing']['findUnique']>>>;
const eventData = z.record(z.string(), z.unknown());

function toListing(row: Row): Listing {
  return {
    id: row.id, sku: row.sku, lotId: row.lotId, productId: row.productId, channel: row.channel, title: row.title, description: row.description, condition: row.condition,
    price: money(toNumber(row.priceMinor), row.currency), floor: money(toNumber(row.floorMinor), row.currency), quantity: row.quantity, state: row.state as ListingState,
    stopReason: row.stopReason === null ? null : reasonSchema.parse(JSON.parse(row.stopReason)), externalOfferId: row.externalOfferId, externalId: row.externalId,
    idempotencyKey: row.idempotencyKey, createdAt: toNumber(row.createdAt), publishedAt: row.publishedAt === null ? null : toNumber(row.publishedAt), updatedAt: toNumber(row.updatedAt), version: row.version,
  };
}

export async function insertListing(tx: Tx, listing: Listing): Promise<void> {
  const { price, floor, stopReason, ...plain } = listing;
  await tx.listing.create({ data: { ...plain, priceMinor: price.minor, floorMinor: floor.minor, currency: price.currency, stopReason: stopReason && JSON.stringify(stopReason) } });
}

export async function findListing(tx: Tx, id: string): Promise<Listing | null> {
  const row = await tx.listing.findUnique({ where: { id } });
  return row && toListing(row);
}

export async function findListings(tx: Tx, ids: readonly string[]): Promise<Listing[]> {
  return (await tx.listing.findMany({ where: { id: { in: [...ids] } }, orderBy: { id: 'asc' } })).map(toListing);
}

export async function findBySku(tx: Tx, channel: string, sku: string): Promise<Listing | null> {
  const row = await tx.listing.findUnique({ where: { channel_sku: { channel, sku } } });
  return row && toListing(row);
}

/** Channels on which something of ours is offered, and those on which something ever was. */
export async function listedChannels(tx: Tx): Promise<{ readonly now: ReadonlySet<string>; readonly ever: ReadonlySet<string> }> {
  const rows = await tx.listing.groupBy({ by: ['channel', 'state'] });
  const channels = (chosen: typeof rows) => new Set(chosen.map((row) => row.channel));
  return { now: channels(rows.filter((row) => row.state !== 'ended')), ever: channels(rows) };
}

export async function findByLots(tx: Tx, lotIds: readonly string[]): Promise<Listing[]> {
  return (await tx.listing.findMany({ where: { lotId: { in: [...lotIds] } }, orderBy: { id: 'asc' } })).map(toListing);
}

export type ListingChange = Partial<Pick<Listing, 'title' | 'description' | 'state' | 'stopReason' | 'price' | 'floor' | 'quantity' | 'externalOfferId' | 'externalId' | 'publishedAt'>>;

/** Compare-and-set on the version. False when somebody was faster. */
export async function updateListing(tx: Tx, listing: Listing, change: ListingChange & { readonly at: Instant }): Promise<boolean> {
  const { at, price, floor, stopReason, ...plain } = change;
  const done = await tx.listing.updateMany({
    where: { id: listing.id, version: listing.version },
    data: {
      ...plain, updatedAt: at, version: { increment: 1 }, ...(price ? { priceMinor: price.minor, currency: price.currency } : {}), ...(floor ? { floorMinor: floor.minor } : {}),
      ...(stopReason === undefined ? {} : { stopReason: stopReason === null ? null : JSON.stringify(stopReason) }),
    },
  });
  return done.count === 1;
}

export async function insertEvent(tx: Tx, listingId: string, event: ListingEvent): Promise<void> {
  await tx.listingEvent.create({ data: { id: event.id, listingId, kind: event.kind, data: JSON.stringify(event.data), at: event.at } });
}

export async function listEvents(tx: Tx, listingId: string): Promise<ListingEvent[]> {
  const rows = await tx.listingEvent.findMany({ where: { listingId }, orderBy: { id: 'asc' } });
  return rows.map((row) => ({ id: row.id, kind: row.kind, data: eventData.parse(JSON.parse(row.data)), at: toNumber(row.at) }));
}

