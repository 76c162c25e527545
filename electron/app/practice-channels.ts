import { isDefinedError } from '@orpc/client';
import type { App, DeskClient } from './compose.ts';

/** What one channel of a run came to. */
export interface ChannelCounts {
  readonly channel: string;
  /** Listings that ever stood there, and orders from there. */
  readonly listings: number;
  readonly orders: number;
}

/** Offers each lot that has been put up for sale also on the other channels where a unit is expected to leave something, as a person would who looks at the comparison once. */
export class OtherChannels {
  readonly #looked = new Set<string>();

  async offer(client: DeskClient): Promise<void> {
    for (let cursor: string | undefined; ;) {
      const page = await client.listings.list({ state: 'active', limit: 200, ...(cursor === undefined ? {} : { cursor }) });
      for (const { id, sku } of page.items) {
        if (this.#looked.has(sku)) continue;
        this.#looked.add(sku);
        for (const option of await client.listings.channels({ id })) {
          if (!option.connected || option.listingId !== null || option.profit === null || option.profit.minor <= 0) continue;
          try {
            await client.listings.offer({ id, channel: option.channel });
          } catch (error) {
            // sold out meanwhile, or refused there: it stays where it is
            if (!isDefinedError(error as Error)) throw error;
          }
        }
      }
      if (page.nextCursor === null) return;
      cursor = page.nextCursor;
    }
  }
}

export async function countChannels({ parts }: App): Promise<ChannelCounts[]> {
  const { prisma } = parts.ctx.db;
  const [listings, orders] = [await prisma.listing.groupBy({ by: ['channel'], where: { publishedAt: { not: null } }, _count: true }), await prisma.order.groupBy({ by: ['channel'], _count: true })];
  const of = (rows: readonly { channel: string; _count: number }[], channel: string) => rows.find((row) => row.channel === channel)?._count ?? 0;
  return [...new Set([...listings, ...orders].map(({ channel }) => channel))].sort().map((channel) => ({ channel, listings: of(listings, channel), orders: of(orders, channel) }));
}
