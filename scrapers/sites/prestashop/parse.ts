import { messageOf } from '#kernel/errors.ts';
import type { RawOffer, RawReject } from '#engine/sources/ports.ts';
import { extractProduct } from '../../core/extract/extract-product.ts';
import { mergeSheets, type FactSheet, type ProductFacts } from '../../core/extract/fact-sheet.ts';
import { reject } from '../../core/source/scan-progress.ts';
import { judgeFacts, type ParseContext } from '../structured-shop/parse.ts';
import { findEmbedded, pageCurrency, sheetOf } from './read-embedded.ts';
import type { EmbeddedProduct } from './schema.ts';

/** Pages of products end in `.html` and begin with their number: `/fr/mugs/12-45-enamel-mug.html`. */
const PRODUCT_PATH = /\/(\d+)-[^/]*\.html$/;

export function productNumberOf(url: string): string | null {
  return PRODUCT_PATH.exec(new URL(url).pathname)?.[1] ?? null;
}

/** The shop's number of the product: the same in every language and under every name. */
export function externalIdOf(url: string): string {
  const { pathname, search } = new URL(url);
  return productNumberOf(url) ?? pathname + search;
}

/** What the embedded product says stands above structured data: the shop's scripts put that into the cart, while modules write the other. */
function combine(own: FactSheet, structured: ProductFacts | null): ProductFacts {
  if (!structured) return mergeSheets([own]);
  const merged = mergeSheets([own, { ...structured, by: structured.extractedBy['price'] ?? 'json-ld' }]);
  const extractedBy = Object.fromEntries(Object.entries(merged.extractedBy).map(([field, by]) => [field, by === 'site-rule' ? by : (structured.extractedBy[field] ?? by)]));
  return { ...merged, extractedBy, conflicts: [...merged.conflicts, ...structured.conflicts] };
}

function notForSale(product: EmbeddedProduct): readonly [RawReject['code'], string, string] | null {
  if (product.is_virtual) return ['not-a-product', 'is_virtual', 'a download or a service, not goods'];
  if (product.show_price === false) return ['no-price', 'show_price', 'the shop shows its prices to no one'];
  return product.available_for_order === false ? ['not-for-sale', 'available_for_order', 'the shop does not sell it'] : null;
}

/** An offer, or why the page holds none. */
export function parsePage(html: string, context: ParseContext): RawOffer | RawReject {
  const { url, externalId, seenAt } = context;
  let own: EmbeddedProduct | null;
  try {
    own = findEmbedded(html);
  } catch (error) {
    return reject('schema-drift', { where: url, externalId, field: 'data-product', reason: `data-product: ${messageOf(error).slice(0, 300)}`, raw: html.slice(0, 1_000), seenAt });
  }
  const currency = pageCurrency(html);
  const shown = { ...context, currency: currency ?? context.currency };
  const { product, broken } = extractProduct(html, url, { depth: context.depth });
  if (!own) return judgeFacts(html, { product, broken }, shown);
  const refused = notForSale(own);
  if (refused) return reject(refused[0], { where: url, externalId, field: refused[1], reason: refused[2], raw: own, seenAt });
  return judgeFacts(html, { product: combine(sheetOf(own, currency ?? product?.currency ?? context.currency), product), broken }, shown);
}
