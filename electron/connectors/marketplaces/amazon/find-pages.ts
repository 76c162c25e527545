import { z } from 'zod';
import type { CataloguePage } from '#engine/listings/ports.ts';
import type { SpClient } from '../../data/amazon-sp-api/index.ts';

const text = z.string().optional();
/** The parts of `searchCatalogItems` that place an offer. */
export const pagesSchema = z.looseObject({
  items: z.array(z.looseObject({
    asin: z.string().min(1),
    productTypes: z.array(z.looseObject({ marketplaceId: text, productType: z.string() })).optional(),
    summaries: z.array(z.looseObject({ marketplaceId: z.string(), itemName: text, itemClassification: text, websiteDisplayGroupName: text, browseClassification: z.looseObject({ displayName: z.string() }).optional() })).optional(),
  })),
});
type PageItem = z.infer<typeof pagesSchema>['items'][number];

function read(client: SpClient, item: PageItem): CataloguePage[] {
  const summary = item.summaries?.find((entry) => entry.marketplaceId === client.marketplaceId);
  const type = item.productTypes?.find((entry) => entry.marketplaceId === client.marketplaceId) ?? item.productTypes?.[0];
  // a family of variants is no thing that can be offered
  if (!summary || summary.itemClassification === 'VARIATION_PARENT') return [];
  const name = summary.browseClassification?.displayName ?? summary.websiteDisplayGroupName ?? type?.productType ?? 'PRODUCT';
  return [{ id: item.asin, title: summary.itemName ?? item.asin, category: { id: type?.productType ?? 'PRODUCT', name, path: [] } }];
}

/** Pages of the catalogue that stand on this marketplace under some codes of one kind. */
export async function identifiersIn(client: SpClient, codes: { readonly type: 'ASIN' | 'GTIN'; readonly values: readonly string[] }, signal: AbortSignal | undefined): Promise<CataloguePage[]> {
  // Amazon wants a code under the name of its length.
  const type = codes.type === 'ASIN' ? 'ASIN' : codes.values[0]!.length === 12 ? 'UPC' : codes.values[0]!.length === 14 ? 'GTIN' : 'EAN';
  const answer = await client.call('searchCatalogItems', {
    operation: 'find product page', method: 'GET', path: '/catalog/2022-04-01/items', schema: pagesSchema, signal,
    query: { identifiers: codes.values.filter((value) => codes.type === 'ASIN' || value.length === codes.values[0]!.length), identifiersType: type, marketplaceIds: client.marketplaceId, includedData: ['productTypes', 'summaries'], pageSize: 20 },
  });
  return answer.items.flatMap((item) => read(client, item));
}
