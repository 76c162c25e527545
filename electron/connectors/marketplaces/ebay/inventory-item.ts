import type { ChannelCondition, ListingContent } from '#engine/listings/ports.ts';
import type { EbayClient } from './ebay-client.ts';
import { nothingSchema } from './schema.ts';

/** eBay's ConditionEnum. */
const CONDITIONS: Readonly<Record<ChannelCondition, string>> = {
  new: 'NEW', 'open-box': 'NEW_OTHER', refurbished: 'SELLER_REFURBISHED', 'used-like-new': 'LIKE_NEW', 'used-very-good': 'USED_VERY_GOOD',
  'used-good': 'USED_GOOD', 'used-acceptable': 'USED_ACCEPTABLE', 'for-parts': 'FOR_PARTS_OR_NOT_WORKING',
};

/** eBay asks for a GTIN in the field of its kind. */
function codeFields(gtins: readonly string[]): { upc?: string[]; ean?: string[]; isbn?: string[] } {
  const isbn = gtins.filter((code) => /^97[89]\d{10}$/.test(code));
  const upc = gtins.filter((code) => code.length === 12);
  const ean = gtins.filter((code) => (code.length === 13 && !isbn.includes(code)) || code.length === 8);
  return { ...(upc.length > 0 ? { upc } : {}), ...(ean.length > 0 ? { ean } : {}), ...(isbn.length > 0 ? { isbn } : {}) };
}

function packageOf(content: ListingContent) {
  const { lengthMm, widthMm, heightMm, weightGrams } = content.packageMeasures ?? {};
  const sides = lengthMm && widthMm && heightMm ? { dimensions: { length: lengthMm / 10, width: widthMm / 10, height: heightMm / 10, unit: 'CENTIMETER' } } : {};
  const weight = weightGrams ? { weight: { value: weightGrams, unit: 'GRAM' } } : {};
  return Object.keys({ ...sides, ...weight }).length > 0 ? { packageWeightAndSize: { ...sides, ...weight } } : {};
}

/** `PUT inventory_item/{sku}`: the whole record, so a repeat leaves the same state. */
export async function putInventoryItem(client: EbayClient, sku: string, item: { readonly content: ListingContent & { readonly quantity: number }; readonly signal?: AbortSignal | undefined }): Promise<void> {
  const { content } = item;
  await client.send('sellInventory', {
    operation: 'put inventory item', method: 'PUT', path: `/sell/inventory/v1/inventory_item/${encodeURIComponent(sku)}`, effect: 'idempotent', schema: nothingSchema, body: 'none', signal: item.signal,
    headers: { 'content-language': client.site.locale },
    json: {
      availability: { shipToLocationAvailability: { quantity: content.quantity } },
      condition: CONDITIONS[content.condition],
      ...(content.conditionNote && content.condition !== 'new' ? { conditionDescription: content.conditionNote } : {}),
      product: {
        title: content.title, description: content.description, aspects: content.aspects, imageUrls: content.imageUrls,
        ...(content.brand ? { brand: content.brand } : {}), ...(content.mpn ? { mpn: content.mpn } : {}), ...codeFields(content.gtins),
      },
      ...packageOf(content),
    },
  });
}
