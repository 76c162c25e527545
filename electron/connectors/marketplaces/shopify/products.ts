import { ConnectorError, isConnectorError } from '#kernel/errors.ts';
import { toDecimal, type Money } from '#kernel/money.ts';
import type { ChannelOffer, ListingContent, OfferState } from '#engine/listings/ports.ts';
import { moneyFromText } from '../../http/index.ts';
import { DOCUMENTS } from './documents.ts';
import { foundBySkuSchema, foundSchema, outcomeOf, productMediaSchema, setProductSchema, type ShopProduct } from './schema.ts';
import { CONNECTOR, refuseUserErrors, rejected, type ShopifyClient } from './shopify-client.ts';

interface Call { readonly signal?: AbortSignal | undefined }

const WORDS: Readonly<Record<string, string>> = { new: 'New', 'open-box': 'Open box', refurbished: 'Refurbished', 'used-like-new': 'Used, like new', 'used-very-good': 'Used, very good', 'used-good': 'Used, good', 'used-acceptable': 'Used, acceptable', 'for-parts': 'For parts or not working' };
/** A product of one variant has this option, by Shopify's own custom. */
const ONLY_OPTION = { name: 'Title', value: 'Default Title' };
const STALE = 'CHANGE_FROM_QUANTITY_STALE';
const MOST_STALE = 3;

export const numberOfGid = (gid: string): string => gid.slice(gid.lastIndexOf('/') + 1);
export const gidOf = (kind: string, id: string): string => `gid://shopify/${kind}/${id}`;

/** The product's address in the shop, which our SKU fixes: by it a product is made once, also where an answer is lost. */
export const handleOf = (sku: string): string => sku.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');

const variantOf = (product: ShopProduct) => product.variants.nodes[0]!;
const isOurs = (product: ShopProduct, sku: string) => product.variants.nodes.length === 1 && variantOf(product).sku === sku;

/** The place that stock is counted at. */
export async function locationOf(client: ShopifyClient, { signal }: Call = {}): Promise<string> {
  const { locationId } = await client.shop(signal);
  if (locationId === null) throw rejected('find location', 'the shop has no location that online orders are sent from: add one under Settings → Locations');
  return locationId;
}

/** By its address, which is certain at once; where somebody changed that, by the SKU, which the shop's search learns a little late. */
export async function findProduct(client: ShopifyClient, sku: string, { signal }: Call = {}): Promise<ShopProduct | null> {
  const location = await locationOf(client, { signal });
  const { productByIdentifier } = await client.ask(DOCUMENTS.findProduct, { variables: { handle: handleOf(sku), location }, effect: 'read', schema: foundSchema, signal });
  if (productByIdentifier && isOurs(productByIdentifier, sku)) return productByIdentifier;
  const { productVariants } = await client.ask(DOCUMENTS.findBySku, { variables: { query: `sku:${JSON.stringify(sku)}`, location }, effect: 'read', schema: foundBySkuSchema, signal });
  const elsewhere = productVariants.nodes.find((variant) => variant.sku === sku && isOurs(variant.product, sku))?.product ?? null;
  if (elsewhere === null && productByIdentifier) throw rejected('find product', `another product of the shop has the address ${handleOf(sku)}: give it another one there`);
  return elsewhere;
}

export async function needProduct(client: ShopifyClient, sku: string, given: Call & { readonly operation: string }): Promise<ShopProduct> {
  const product = await findProduct(client, sku, given);
  if (!product) throw rejected(given.operation, `the shop has no product ${sku}`);
  return product;
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const list = (lines: readonly string[]) => (lines.length === 0 ? '' : `<ul>${lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>`);

/** Shopify has no field for facts that every theme shows, so they stand in the description. */
function descriptionOf(content: ListingContent): string {
  const facts = Object.entries(content.aspects).map(([name, values]) => `${name}: ${values.join(', ')}`);
  const note = content.conditionNote ? `<p>${escaped(content.conditionNote)}</p>` : '';
  return `${content.description}${list(content.bullets ?? [])}${note}${list([`Condition: ${WORDS[content.condition] ?? content.condition}`, ...facts])}`;
}

const textOf = (content: ListingContent) => ({ title: content.title, descriptionHtml: descriptionOf(content), ...(content.brand ? { vendor: content.brand } : {}) });

function newProduct(sku: string, content: ListingContent, location: string): Record<string, unknown> {
  const weight = content.packageMeasures?.weightGrams;
  return {
    ...textOf(content), handle: handleOf(sku), status: 'DRAFT', tags: [`condition:${content.condition}`],
    productOptions: [{ name: ONLY_OPTION.name, values: [{ name: ONLY_OPTION.value }] }],
    variants: [{
      sku, optionValues: [{ optionName: ONLY_OPTION.name, name: ONLY_OPTION.value }], inventoryPolicy: 'DENY', ...(content.gtins[0] ? { barcode: content.gtins[0] } : {}),
      inventoryItem: { tracked: true, requiresShipping: true, ...(weight ? { measurement: { weight: { value: weight, unit: 'GRAMS' } } } : {}) }, inventoryQuantities: [{ locationId: location, name: 'available', quantity: 0 }],
    }],
    files: content.imageUrls.map((originalSource) => ({ originalSource, contentType: 'IMAGE' })),
  };
}

/**
 * Words under the SKU. A product that is not there yet is made as a draft, which buyers do not see, with its pictures; they are sent again only where they have changed, since the shop would fetch them
 * each time.
 */
export async function putProduct(client: ShopifyClient, sku: string, given: Call & { readonly content: ListingContent & { readonly picturesChanged?: boolean | undefined } }): Promise<void> {
  const { content, signal } = given;
  const standing = await findProduct(client, sku, { signal });
  if (standing && content.picturesChanged && content.imageUrls.length > 0) return replacePictures(client, { product: { id: standing.id, ...textOf(content) }, imageUrls: content.imageUrls, signal });
  if (standing) return changeProduct(client, { id: standing.id, ...textOf(content) }, { signal });
  const location = await locationOf(client, { signal });
  const { productSet } = await client.ask(DOCUMENTS.setProduct, { variables: { identifier: { handle: handleOf(sku) }, input: newProduct(sku, content, location), location }, effect: 'idempotent', schema: setProductSchema, signal });
  refuseUserErrors(DOCUMENTS.setProduct.operation, productSet.userErrors);
}

/** The shop still works on a picture, or somebody took one down meanwhile: what stands is read again. */
const PASSING = ['FILE_LOCKED', 'NON_READY_STATE', 'MEDIA_CANNOT_BE_MODIFIED', 'FILE_DOES_NOT_EXIST', 'REFERENCE_TARGET_DOES_NOT_EXIST'];
/** Either lets an app take a picture off a product. */
const DROPS_PICTURES = ['write_files', 'write_themes'];

/**
 * The new ones first and then the old ones away, so that the product is never without; whatever is there when it begins goes, what an earlier try that was cut had sent among it. Without the access
 * to take pictures down nothing is added either: the product keeps those that it has.
 */
async function replacePictures(client: ShopifyClient, given: Call & { readonly product: { readonly id: string } & Readonly<Record<string, unknown>>; readonly imageUrls: readonly string[] }): Promise<void> {
  const { product, imageUrls, signal } = given;
  const { scopes } = await client.shop(signal);
  if (!DROPS_PICTURES.some((scope) => scopes.includes(scope))) {
    client.options.log?.warn('the shop’s product keeps its pictures: the app has no access write_files', { product: product.id });
    return changeProduct(client, product, { signal });
  }
  const { product: before } = await client.ask(DOCUMENTS.productMedia, { variables: { id: product.id }, effect: 'read', schema: productMediaSchema, signal });
  const media = imageUrls.map((originalSource) => ({ originalSource, mediaContentType: 'IMAGE' }));
  refuseUserErrors(DOCUMENTS.addPictures.operation, await client.ask(DOCUMENTS.addPictures, { variables: { product, media }, effect: 'idempotent', schema: outcomeOf('productUpdate'), signal }));
  const files = before?.media.nodes.map(({ id }) => ({ id, referencesToRemove: [product.id] })) ?? [];
  if (files.length === 0) return;
  const { operation } = DOCUMENTS.dropPictures;
  const errors = await client.ask(DOCUMENTS.dropPictures, { variables: { files }, effect: 'idempotent', schema: outcomeOf('fileUpdate'), signal });
  if (errors.some(({ code }) => PASSING.includes(code ?? ''))) throw new ConnectorError({ kind: 'Retryable', connector: CONNECTOR, operation, message: errors[0]!.message });
  refuseUserErrors(operation, errors);
}

export async function changeProduct(client: ShopifyClient, product: Readonly<Record<string, unknown>>, { signal }: Call = {}): Promise<void> {
  refuseUserErrors(DOCUMENTS.updateProduct.operation, await client.ask(DOCUMENTS.updateProduct, { variables: { product }, effect: 'idempotent', schema: outcomeOf('productUpdate'), signal }));
}

const levelOf = (product: ShopProduct): number | null => variantOf(product).inventoryItem.inventoryLevel?.quantities.find(({ name }) => name === 'available')?.quantity ?? null;

/**
 * Sets what may be sold. The shop is told which quantity we saw: where somebody bought meanwhile it refuses, and what was bought is taken off ours, so that no
 * unit is put up again that has just been sold.
 */
export async function setStock(client: ShopifyClient, sku: string, given: Call & { readonly product: ShopProduct; readonly quantity: number }): Promise<void> {
  const { signal } = given;
  const locationId = await locationOf(client, { signal });
  const seen = levelOf(given.product);
  let quantity = Math.max(0, given.quantity);
  let product = given.product;
  for (let tries = 0; ; tries++) {
    const now = levelOf(product);
    if (now === quantity) return;
    const { inventoryItem } = variantOf(product);
    if (now === null) {
      const variables = { item: inventoryItem.id, location: locationId, available: quantity, key: client.freshKey() };
      return refuseUserErrors(DOCUMENTS.stockAt.operation, await client.ask(DOCUMENTS.stockAt, { variables, effect: 'idempotent', schema: outcomeOf('inventoryActivate'), signal }));
    }
    const input = { name: 'available', reason: 'correction', quantities: [{ inventoryItemId: inventoryItem.id, locationId, quantity, changeFromQuantity: now }] };
    const errors = await client.ask(DOCUMENTS.setStock, { variables: { input, key: client.freshKey() }, effect: 'idempotent', schema: outcomeOf('inventorySetQuantities'), signal });
    if (errors[0]?.code !== STALE || tries >= MOST_STALE) return refuseUserErrors(DOCUMENTS.setStock.operation, errors);
    product = await needProduct(client, sku, { operation: 'set stock', signal });
    quantity = Math.max(0, given.quantity - Math.max(0, (seen ?? 0) - (levelOf(product) ?? 0)));
  }
}

/** @throws ConnectorError Rejected where the shop sells in another currency */
export async function setTerms(client: ShopifyClient, sku: string, given: Call & { readonly product: ShopProduct; readonly price: Money; readonly quantity: number }): Promise<void> {
  const { product, price, quantity, signal } = given;
  const { currency } = await client.shop(signal);
  if (currency !== price.currency) throw rejected('set price', `the shop sells in ${currency} and the price is in ${price.currency}: a fee card in ${currency} is needed to list there`);
  const variables = { productId: product.id, variants: [{ id: variantOf(product).id, price: toDecimal(price), inventoryPolicy: 'DENY', inventoryItem: { tracked: true } }] };
  refuseUserErrors(DOCUMENTS.setPrice.operation, await client.ask(DOCUMENTS.setPrice, { variables, effect: 'idempotent', schema: outcomeOf('productVariantsBulkUpdate'), signal }));
  await setStock(client, sku, { product, quantity, signal });
}

export const isLive = (product: ShopProduct): boolean => product.status === 'ACTIVE' && (product.resourcePublicationsCount?.count ?? 0) > 0;

/** Seen by buyers from here on, on every sales channel of the shop that the app may publish on. */
export async function publishProduct(client: ShopifyClient, id: string, { signal }: Call = {}): Promise<void> {
  const { publicationIds } = await client.shop(signal);
  if (publicationIds.length === 0) throw rejected(DOCUMENTS.publish.operation, 'the shop has no sales channel to publish on: add the Online Store, or give the app the access read_publications and write_publications');
  await changeProduct(client, { id, status: 'ACTIVE' }, { signal });
  const errors = await client.ask(DOCUMENTS.publish, { variables: { id, input: publicationIds.map((publicationId) => ({ publicationId })) }, effect: 'idempotent', schema: outcomeOf('publishablePublish'), signal });
  refuseUserErrors(DOCUMENTS.publish.operation, errors);
}

export function offerOf(product: ShopProduct, currency: string): ChannelOffer {
  const variant = variantOf(product);
  const level = levelOf(product);
  const quantity = variant.inventoryItem.tracked ? Math.max(0, level ?? 0) : undefined;
  const state: OfferState = product.status === 'ARCHIVED' ? 'ended' : !isLive(product) ? 'unpublished' : quantity === 0 ? 'out-of-stock' : 'live';
  const price = moneyFromText(variant.price, currency);
  return { sku: variant.sku ?? '', offerId: numberOfGid(product.id), state, ...(isLive(product) ? { listingId: product.handle } : {}), ...(price ? { price } : {}), ...(quantity === undefined ? {} : { quantity }) };
}

/** An answer that came, and that is none of the vendor's own. */
export const strange = (operation: string, message: string) => new ConnectorError({ kind: 'Critical', connector: CONNECTOR, operation, message });
export const isUnknown = (error: unknown): boolean => isConnectorError(error, 'OutcomeUnknown');
