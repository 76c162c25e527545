import { isDefinedError } from '@orpc/client';
import type { App, DeskClient } from './compose.ts';
import { ChannelQuestions } from './practice-questions.ts';

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
  readonly #questions = new ChannelQuestions();
  readonly fromDay: number;

  /** @param fromDay 0: from the first day on */
  constructor(fromDay: number) {
    this.fromDay = fromDay;
  }

  async offer(client: DeskClient, day: number): Promise<void> {
    if (day < this.fromDay) return;
    await this.#questions.answer(client);
    for (let cursor: string | undefined; ;) {
      const page = await client.listings.list({ state: 'active', limit: 200, ...(cursor === undefined ? {} : { cursor }) });
      for (const { id, sku } of page.items) {
        if (this.#looked.has(sku)) continue;
        this.#looked.add(sku);
        for (const option of await client.listings.channels({ id })) {
          if (!option.connected || option.ifMovedTo !== null || option.listingId !== null || option.profit === null || option.profit.minor <= 0) continue;
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

export function countChannels({ parts }: App): Promise<ChannelCounts[]> {
  return parts.ctx.db.read<ChannelCounts>(
    `SELECT channel, sum(listed) AS listings, sum(sold) AS orders FROM (SELECT channel, 1 AS listed, 0 AS sold FROM "Listing" WHERE publishedAt IS NOT NULL UNION ALL SELECT channel, 0, 1 FROM "Order") GROUP BY channel ORDER BY channel`);
}
