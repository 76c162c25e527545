import type { Instant } from '#kernel/time.ts';
import type { CallOptions, CatalogItem, LookupAnswer, ProductCode, UnreadableItem } from '#engine/catalog/ports.ts';
import { excerptOf, faultsOf } from '../../http/index.ts';
import { readMeasures } from './read-measures.ts';
import { catalogAnswerSchema, catalogItemSchema, type SpCatalogItem } from './schema.ts';
import type { SpClient } from './sp-client.ts';

const DATA_SETS = ['attributes', 'dimensions', 'identifiers', 'relationships', 'salesRanks', 'summaries'] as const;
const GTIN = /^(?:\d{8}|\d{12,14})$/;
type IdentifierType = 'ASIN' | 'EAN' | 'UPC' | 'GTIN' | 'ISBN';

function typeOf(code: ProductCode): IdentifierType {
  if (code.kind === 'external') return 'ASIN';
  if (code.kind === 'isbn10') return 'ISBN';
  return code.value.length === 12 ? 'UPC' : code.value.length === 14 ? 'GTIN' : 'EAN';
}

/** From the root down. Amazon nests the other way round. */
function categoryPath(node: { readonly displayName: string; readonly parent?: unknown } | undefined): string[] {
  const names: string[] = [];
  for (let at: unknown = node; typeof at === 'object' && at !== null && names.length < 20; at = (at as { parent?: unknown }).parent) {
    const name = (at as { displayName?: unknown }).displayName;
    if (typeof name === 'string') names.unshift(name);
  }
  return names;
}

/** Amazon's attribute of dangerous goods: a list of values by marketplace; `not_applicable` says that there are none. */
function hazardsOf(attributes: SpCatalogItem['attributes']): string[] {
  const list = attributes?.['supplier_declared_dg_hz_regulation'];
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown) => {
    const value = typeof entry === 'object' && entry !== null ? (entry as { value?: unknown }).value : undefined;
    return typeof value === 'string' && value !== 'not_applicable' ? [value] : [];
  });
}

function codesOf(item: SpCatalogItem, here: (entry: { readonly marketplaceId: string }) => boolean): ProductCode[] {
  const listed = item.identifiers.filter(here).flatMap((entry) => entry.identifiers);
  const seen = new Map<string, ProductCode>();
  for (const { identifierType, identifier } of listed) {
    if (/^(EAN|UPC|GTIN|ISBN|JAN)$/.test(identifierType) && GTIN.test(identifier)) seen.set(identifier, { kind: 'gtin', value: identifier });
    else if (identifierType === 'ISBN' && /^\d{9}[\dX]$/.test(identifier)) seen.set(identifier, { kind: 'isbn10', value: identifier });
  }
  return [...seen.values()];
}

export function readItem(item: SpCatalogItem, client: SpClient): CatalogItem {
  const here = (entry: { readonly marketplaceId: string }) => entry.marketplaceId === client.marketplaceId;
  const summary = item.summaries.find(here);
  const dimensions = item.dimensions?.find(here);
  const ranks = item.salesRanks?.find(here);
  const rank = ranks?.displayGroupRanks?.[0] ?? ranks?.classificationRanks?.[0];
  const parent = item.relationships?.find(here)?.relationships.find((relation) => relation.type === 'VARIATION')?.parentAsins?.[0];
  const path = categoryPath(summary?.browseClassification);
  return {
    market: client.market, externalId: item.asin, kind: !summary ? 'unavailable' : summary.itemClassification === 'VARIATION_PARENT' ? 'variation-parent' : 'standard',
    title: summary?.itemName, brand: summary?.brand, manufacturer: summary?.manufacturer, model: summary?.modelNumber, partNumber: summary?.partNumber,
    codes: codesOf(item, here), categoryPath: path.length > 0 ? path : summary?.websiteDisplayGroupName ? [summary.websiteDisplayGroupName] : [],
    packQuantity: summary?.packageQuantity !== undefined && summary.packageQuantity > 0 ? summary.packageQuantity : undefined,
    packageMeasures: readMeasures(dimensions?.package), itemMeasures: readMeasures(dimensions?.item),
    salesRank: rank?.rank, salesRankCategory: rank?.title, parentExternalId: parent, hazards: hazardsOf(item.attributes),
  };
}

const bareCode = (code: string) => code.replace(/^0+/, '');

/** `searchCatalogItems` (Catalog Items 2022-04-01): 20 identifiers of one type a call. */
export async function identifyProducts(client: SpClient, codes: readonly ProductCode[], options: CallOptions & { readonly now: () => Instant }): Promise<LookupAnswer<CatalogItem>> {
  const byType = new Map<IdentifierType, Set<string>>();
  for (const code of codes) {
    const type = typeOf(code);
    byType.set(type, (byType.get(type) ?? new Set()).add(code.value));
  }
  const found = new Map<string, CatalogItem>();
  const unreadable: UnreadableItem[] = [];
  const size = client.batchOf('searchCatalogItems');
  for (const [type, set] of byType) {
    const values = [...set];
    for (let i = 0; i < values.length; i += size) await fetchBatch(client, { type, values: values.slice(i, i + size), found, unreadable, signal: options.signal });
  }
  return { matches: match(codes, found), unreadable, at: options.now() };
}

async function fetchBatch(client: SpClient, batch: { type: IdentifierType; values: readonly string[]; found: Map<string, CatalogItem>; unreadable: UnreadableItem[]; signal: AbortSignal | undefined }): Promise<void> {
  let pageToken: string | undefined;
  // A shared code can bring more items than codes, so there may be further pages; 20 of them are beyond any real case.
  for (let page = 0; page < 20; page++) {
    const answer = await client.call('searchCatalogItems', {
      operation: 'search catalog items', method: 'GET', path: '/catalog/2022-04-01/items', schema: catalogAnswerSchema, signal: batch.signal,
      query: { identifiers: batch.values, identifiersType: batch.type, marketplaceIds: client.marketplaceId, includedData: DATA_SETS, pageSize: 20, pageToken },
    });
    for (const [place, raw] of answer.items.entries()) {
      const parsed = catalogItemSchema.safeParse(raw);
      if (parsed.success) batch.found.set(parsed.data.asin, readItem(parsed.data, client));
      else batch.unreadable.push({ where: `item ${place + 1}`, reason: faultsOf(parsed.error), excerpt: excerptOf(raw) });
    }
    pageToken = answer.pagination?.nextToken;
    if (!pageToken) return;
  }
}

function match(codes: readonly ProductCode[], found: ReadonlyMap<string, CatalogItem>): LookupAnswer<CatalogItem>['matches'] {
  const byCode = new Map<string, Map<string, CatalogItem>>();
  for (const item of found.values()) {
    for (const code of item.codes) {
      const bare = bareCode(code.value);
      byCode.set(bare, (byCode.get(bare) ?? new Map<string, CatalogItem>()).set(item.externalId, item));
    }
  }
  return codes.map((code) => {
    const exact = code.kind === 'gtin' ? undefined : found.get(code.value);
    if (code.kind === 'external') return { code, items: exact ? [exact] : [] };
    return { code, items: [...new Map([...(exact ? [[exact.externalId, exact] as const] : []), ...(byCode.get(bareCode(code.value)) ?? [])]).values()] };
  });
}
