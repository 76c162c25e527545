import type { Instant } from '#kernel/time.ts';
import type { CallOptions, CatalogItem, UnreadableItem } from '#engine/catalog/ports.ts';
import { excerptOf, faultsOf } from '../../http/index.ts';
import { readItem } from './identify-products.ts';
import { catalogAnswerSchema, catalogItemSchema } from './schema.ts';
import type { SpClient } from './sp-client.ts';

/** Enough to tell products apart, packs by their weight too; what they sell for is asked of those that are chosen. */
const DATA_SETS = ['dimensions', 'identifiers', 'summaries'] as const;
const MOST = 10;

/** `searchCatalogItems` by keywords: its first page, which holds what Amazon thinks likeliest. */
export async function searchProducts(client: SpClient, words: string, options: CallOptions & { readonly most?: number | undefined; readonly now: () => Instant }): Promise<{ items: CatalogItem[]; unreadable: UnreadableItem[]; at: Instant }> {
  const answer = await client.call('searchCatalogItems', {
    operation: 'search catalog by words', method: 'GET', path: '/catalog/2022-04-01/items', schema: catalogAnswerSchema, signal: options.signal,
    query: { keywords: [words], marketplaceIds: client.marketplaceId, includedData: DATA_SETS, pageSize: Math.min(20, options.most ?? MOST) },
  });
  const items: CatalogItem[] = [];
  const unreadable: UnreadableItem[] = [];
  for (const [place, raw] of answer.items.entries()) {
    const parsed = catalogItemSchema.safeParse(raw);
    if (parsed.success) items.push(readItem(parsed.data, client));
    else unreadable.push({ where: `item ${place + 1}`, reason: faultsOf(parsed.error), excerpt: excerptOf(raw) });
  }
  return { items, unreadable, at: options.now() };
}
