import { isConnectorError } from '#kernel/errors.ts';
import { toDecimal, type Money } from '#kernel/money.ts';
import type { ChannelOffer, ListingContent, OfferState } from '#engine/listings/ports.ts';
import { moneyFromText } from '../../http/index.ts';
import { imageOf } from './place-picture.ts';
import { productSchema, productsSchema, type ShopProduct } from './schema.ts';
import type { ShopClient } from './shop-client.ts';

interface Call { readonly signal?: AbortSignal | undefined }

/** WooCommerce's words for "there is a product under this SKU already". */
const SKU_TAKEN: ReadonlySet<string> = new Set(['product_invalid_sku', 'woocommerce_rest_product_not_created', 'woocommerce_product_invalid_sku']);

const WORDS: Readonly<Record<string, string>> = { new: 'New', 'open-box': 'Open box', refurbished: 'Refurbished', 'used-like-new': 'Used, like new', 'used-very-good': 'Used, very good', 'used-good': 'Used, good', 'used-acceptable': 'Used, acceptable', 'for-parts': 'For parts or not working' };

export async function findProduct(client: ShopClient, sku: string, { signal }: Call = {}): Promise<ShopProduct | null> {
  const { body } = await client.send({ operation: 'find product', method: 'GET', path: '/products', query: { sku, status: 'any' }, effect: 'read', schema: productsSchema, signal });
  return body.find((product) => product.sku === sku && product.status !== 'trash') ?? null;
}

export function changeProduct(client: ShopClient, id: string | number, given: { readonly operation: string; readonly json: unknown } & Call): Promise<ShopProduct> {
  return client.send({ operation: given.operation, method: 'PUT', path: `/products/${encodeURIComponent(id)}`, json: given.json, effect: 'idempotent', schema: productSchema, signal: given.signal }).then(({ body }) => body);
}

export async function readProduct(client: ShopClient, id: string, signal?: AbortSignal): Promise<ShopProduct> {
  return (await client.send({ operation: 'read product', method: 'GET', path: `/products/${encodeURIComponent(id)}`, effect: 'read', schema: productSchema, signal })).body;
}

function contentOf(content: ListingContent): Record<string, unknown> {
  const facts = { ...content.aspects, ...(content.brand ? { Brand: [content.brand] } : {}), ...(content.mpn ? { 'Part number': [content.mpn] } : {}), Condition: [WORDS[content.condition] ?? content.condition] };
  const size = content.packageMeasures;
  return {
    name: content.title, description: content.description, ...(content.conditionNote ? { short_description: content.conditionNote } : {}), ...(content.gtins[0] ? { global_unique_id: content.gtins[0] } : {}),
    attributes: Object.entries(facts).map(([name, options]) => ({ name, visible: true, variation: false, options: [...options] })),
    ...(size ? { weight: String((size.weightGrams ?? 0) / 1_000), dimensions: { length: String((size.lengthMm ?? 0) / 10), width: String((size.widthMm ?? 0) / 10), height: String((size.heightMm ?? 0) / 10) } } : {}),
  };
}

/**
 * Words and pictures under the SKU; a product that is not there yet is made as a draft, which buyers do not see. Pictures by address are sent once: the shop would fetch them again each time. Pictures of its own
 * media library replace those that stand.
 */
export async function putProduct(client: ShopClient, sku: string, given: { readonly content: ListingContent & { readonly quantity: number } } & Call): Promise<void> {
  const { content, signal } = given;
  const images = content.imageUrls.map(imageOf);
  const ids = images.flatMap((image) => ('id' in image ? [image.id] : []));
  const changed = (standing: ShopProduct) => (standing.images ?? []).length === 0 || (ids.length > 0 && JSON.stringify((standing.images ?? []).map(({ id }) => id)) !== JSON.stringify(ids));
  const update = (standing: ShopProduct) => changeProduct(client, standing.id, { operation: 'update product', signal, json: { ...contentOf(content), ...(changed(standing) ? { images } : {}) } });
  const standing = await findProduct(client, sku, { signal });
  if (standing) return void (await update(standing));
  try {
    const json = { ...contentOf(content), sku, type: 'simple', status: 'draft', manage_stock: true, stock_quantity: 0, backorders: 'no', images };
    await client.send({ operation: 'create product', method: 'POST', path: '/products', json, effect: 'once', schema: productSchema, signal });
  } catch (error) {
    const taken = isConnectorError(error, 'Rejected') && SKU_TAKEN.has(error.detail.code ?? '');
    if (!taken && !isConnectorError(error, 'OutcomeUnknown')) throw error;
    const made = await findProduct(client, sku, { signal });
    if (!made) throw error;
    await update(made);
  }
}

/** Never negative: a shop that takes back-orders would count below zero. */
export const stockFields = (price: Money, quantity: number) => ({ regular_price: toDecimal(price), manage_stock: true, backorders: 'no', stock_quantity: Math.max(0, quantity) });

export function offerOf(product: ShopProduct, currency: string): ChannelOffer {
  const quantity = Math.max(0, product.stock_quantity ?? 0);
  const state: OfferState = product.status !== 'publish' ? 'unpublished' : quantity === 0 && product.manage_stock !== false ? 'out-of-stock' : 'live';
  return {
    sku: product.sku, offerId: String(product.id), state, ...(product.status === 'publish' ? { listingId: String(product.id) } : {}), price: product.regular_price === '' ? undefined : (moneyFromText(product.regular_price, currency) ?? undefined),
    quantity: product.manage_stock === false ? undefined : quantity, sold: product.total_sales ?? undefined,
  };
}
