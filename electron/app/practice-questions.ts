import { isDefinedError } from '@orpc/client';
import type { DeskClient } from './compose.ts';

/** What nobody but the seller can say of a thing, as the person of a run says it: bought new from others, to be made something of. */
const ORIGIN = { 'Who made it': ['Someone else'], 'When it was made': ['2020 to 2026'], 'What it is': ['A supply to make things'] };
/** Shelves on which the practice market's buyers look for supplies that are sold as new (`practice/world/selling-channels.ts`). What lies elsewhere is none: it is left unanswered, and is not put up. */
const SUPPLIES: ReadonlySet<string> = new Set(['Jewelry', 'Home and kitchen', 'Clothing']);
const MISSING = 'listing.aspects-missing';

/** Answers what a channel asks of a listing before it takes it, on the page on which a person would, and once for each. */
export class ChannelQuestions {
  readonly #read = new Set<string>();

  async answer(client: DeskClient): Promise<void> {
    for (let cursor: string | undefined; ;) {
      const page = await client.listings.list({ state: 'stopped', limit: 200, ...(cursor === undefined ? {} : { cursor }) });
      for (const { id, stopReason } of page.items) {
        if (this.#read.has(id) || stopReason?.code !== MISSING) continue;
        this.#read.add(id);
        await this.#answerOne(client, id);
      }
      if (page.nextCursor === null) return;
      cursor = page.nextCursor;
    }
  }

  async #answerOne(client: DeskClient, id: string): Promise<void> {
    const { category } = await client.listings.category({ id });
    if (category === null || !category.missing.every((name) => name in ORIGIN) || !SUPPLIES.has(category.path[0] ?? '')) return;
    try {
      const { version } = await client.listings.get({ id });
      await client.listings.setCategory({ id, version, categoryId: category.id, aspects: ORIGIN });
      await client.listings.retry({ id, version: (await client.listings.get({ id })).version });
    } catch (error) {
      // sold elsewhere meanwhile: there is nothing left to put up
      if (!isDefinedError(error as Error)) throw error;
    }
  }
}
