import { z } from 'zod';
import type { Args, Resolver } from '../graphql/execute-document.ts';
import { connectionOf } from '../graphql/execute-document.ts';
import { stagedResolver, uploadedAt } from './staged-uploads.ts';
import { cents, decimal, gid, idIn, type Product, type Shop } from './shop.ts';

export const LOCATION = gid('Location', 7_001);
const PUBLICATIONS = [gid('Publication', 9_001), gid('Publication', 9_002)];
export const SCOPES = ['write_products', 'write_inventory', 'read_orders', 'write_orders', 'read_publications', 'write_publications', 'write_merchant_managed_fulfillment_orders', 'read_locations', 'write_files'];

const text = z.string();
const setInput = z.strictObject({
  handle: text.min(1), title: text.min(1).max(255), descriptionHtml: text.optional(), vendor: text.optional(), status: z.enum(['ACTIVE', 'DRAFT', 'ARCHIVED', 'UNLISTED']).default('ACTIVE'), tags: z.array(text).default([]),
  productOptions: z.array(z.strictObject({ name: text, values: z.array(z.strictObject({ name: text })) })), files: z.array(z.strictObject({ originalSource: z.url(), contentType: z.literal('IMAGE') })).default([]),
  variants: z.array(z.strictObject({
    sku: text, optionValues: z.array(z.strictObject({ optionName: text, name: text })).min(1), inventoryPolicy: z.enum(['DENY', 'CONTINUE']).default('DENY'), barcode: text.optional(), price: text.optional(),
    inventoryItem: z.strictObject({ tracked: z.boolean(), requiresShipping: z.boolean().optional(), measurement: z.strictObject({ weight: z.strictObject({ value: z.number(), unit: z.enum(['GRAMS', 'KILOGRAMS']) }) }).optional() }).optional(),
    inventoryQuantities: z.array(z.strictObject({ locationId: text, name: z.literal('available'), quantity: z.int() })).default([]),
  })).length(1),
});
const updateInput = z.strictObject({ id: text, title: text.min(1).max(255).optional(), descriptionHtml: text.optional(), vendor: text.optional(), status: setInput.shape.status.unwrap().optional() });
const priceInput = z.strictObject({ id: text, price: text.regex(/^\d+(\.\d{1,2})?$/).optional(), inventoryPolicy: z.enum(['DENY', 'CONTINUE']).optional(), inventoryItem: z.strictObject({ tracked: z.boolean() }).optional() });
const stockInput = z.strictObject({ name: z.literal('available'), reason: text, quantities: z.array(z.strictObject({ inventoryItemId: text, locationId: text, quantity: z.int(), changeFromQuantity: z.int().nullable() })).length(1) });

type UserError = { readonly field: readonly string[]; readonly message: string; readonly code: string | null };
const wrong = (error: z.ZodError): UserError[] => error.issues.slice(0, 3).map((issue) => ({ field: ['input', ...issue.path.map(String)], message: issue.message, code: 'INVALID_INPUT' }));
const refuse = (message: string, code: string | null = null, field: readonly string[] = []): UserError[] => [{ field, message, code }];

export function productView(product: Product) {
  return {
    id: gid('Product', product.id), handle: product.handle, title: product.title, status: product.status, mediaCount: { count: product.files, precision: 'EXACT' }, resourcePublicationsCount: { count: product.published ? PUBLICATIONS.length : 0, precision: 'EXACT' },
    media: (args: Args) => connectionOf(mediaOf(product).map((id) => ({ id })), args, ({ id }) => id),
    variants: (args: Args) => connectionOf([{
      id: gid('ProductVariant', product.id), sku: product.sku, price: decimal(product.priceMinor), barcode: product.barcode,
      inventoryItem: { id: gid('InventoryItem', product.id), tracked: product.tracked, inventoryLevel: product.stock === null ? null : { id: gid('InventoryLevel', product.id), quantities: [{ id: gid('InventoryQuantity', product.id), name: 'available', quantity: product.stock }] } },
    }], args, ({ id }) => id),
  };
}

function setProduct(shop: Shop, { identifier, input }: Args): unknown {
  const parsed = setInput.safeParse(input);
  if (!parsed.success) return { product: null, productSetOperation: null, userErrors: wrong(parsed.error) };
  const { handle, title, descriptionHtml = '', vendor = '', status, tags, files, variants: [variant] } = parsed.data;
  const asked = (identifier as { handle?: string } | undefined)?.handle;
  if (asked !== handle) return { product: null, productSetOperation: null, userErrors: refuse('The identifier value does not match the value of the corresponding field in the input.', 'INPUT_MISMATCH', ['identifier']) };
  const pictures = files.map(({ originalSource }) => uploadedAt(shop, originalSource));
  if (pictures.includes(null)) return { product: null, productSetOperation: null, userErrors: refuse('Image could not be found at its staged upload', 'INVALID_INPUT', ['input', 'files']) };
  const standing = shop.byHandle(handle);
  if (!standing) shop.done.productsCreated += 1;
  const product: Product = {
    id: standing?.id ?? shop.nextId(), handle, title, descriptionHtml, vendor, status, tags, sku: variant!.sku, barcode: variant!.barcode ?? null, priceMinor: variant!.price === undefined ? (standing?.priceMinor ?? 0) : cents(variant!.price), tracked: variant!.inventoryItem?.tracked ?? false,
    stock: variant!.inventoryQuantities[0]?.quantity ?? standing?.stock ?? null, files: files.length, media: files.map(() => gid('MediaImage', shop.nextId())), pictures: pictures.map((sha) => sha ?? ''), published: standing?.published ?? false,
  };
  shop.put(product);
  return { product: productView(shop.product(product.id)!), productSetOperation: null, userErrors: [] };
}

function updateProduct(shop: Shop, { product: input }: Args): unknown {
  const parsed = updateInput.safeParse(input);
  if (!parsed.success) return { product: null, userErrors: wrong(parsed.error) };
  const { id, ...change } = parsed.data;
  const standing = shop.product(idIn(id));
  if (!standing) return { product: null, userErrors: refuse('Product does not exist', null, ['id']) };
  shop.put({ ...standing, ...Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) });
  return { product: productView(shop.product(standing.id)!), userErrors: [] };
}

const mediaInput = z.array(z.strictObject({ originalSource: z.url(), mediaContentType: z.literal('IMAGE') })).max(50);
const mediaOf = (product: Product): readonly string[] => product.media ?? Array.from({ length: product.files }, (_, index) => gid('MediaImage', `${product.id}${index}`));

/** Adds pictures to those that stand. */
function updateWithMedia(shop: Shop, args: Args): unknown {
  if (args['media'] === undefined) return updateProduct(shop, args);
  const parsed = mediaInput.safeParse(args['media']);
  if (!parsed.success) return { product: null, userErrors: wrong(parsed.error) };
  const sources = parsed.data.map(({ originalSource }) => uploadedAt(shop, originalSource));
  if (sources.includes(null)) return { product: null, userErrors: refuse('Image could not be found at its staged upload', null, ['media']) };
  const answer = updateProduct(shop, args) as { product: unknown; userErrors: readonly UserError[] };
  const standing = answer.product === null ? undefined : shop.product(idIn((args['product'] as { id: string }).id));
  if (!standing) return answer;
  const media = [...mediaOf(standing), ...sources.map(() => gid('MediaImage', shop.nextId()))];
  shop.put({ ...standing, media, files: media.length, pictures: [...(standing.pictures ?? []), ...sources.map((sha) => sha ?? '')] });
  return { product: productView(shop.product(standing.id)!), userErrors: [] };
}

const filesInput = z.array(z.strictObject({ id: text, referencesToRemove: z.array(text).length(1) })).min(1);

/** Takes pictures off a product. */
function dropMedia(shop: Shop, args: Args): unknown {
  const parsed = filesInput.safeParse(args['files']);
  if (!parsed.success) return { files: null, userErrors: wrong(parsed.error) };
  const standing = shop.product(idIn(parsed.data[0]!.referencesToRemove[0]));
  if (!standing) return { files: null, userErrors: refuse('The target resource does not exist.', 'REFERENCE_TARGET_DOES_NOT_EXIST', ['files']) };
  const all = mediaOf(standing);
  const asked = parsed.data.map(({ id }) => id);
  if (!asked.every((id) => all.includes(id))) return { files: null, userErrors: refuse('File does not exist.', 'FILE_DOES_NOT_EXIST', ['files']) };
  const kept = all.map((id, index) => ({ id, sha: standing.pictures?.[index] ?? '' })).filter(({ id }) => !asked.includes(id));
  shop.put({ ...standing, media: kept.map(({ id }) => id), files: kept.length, pictures: kept.map(({ sha }) => sha) });
  return { files: asked.map((id) => ({ id })), userErrors: [] };
}

function setPrice(shop: Shop, { productId, variants }: Args): unknown {
  const parsed = z.array(priceInput).length(1).safeParse(variants);
  const standing = shop.product(idIn(productId));
  if (!parsed.success) return { productVariants: null, userErrors: wrong(parsed.error) };
  if (!standing) return { productVariants: null, userErrors: refuse('Product does not exist', 'PRODUCT_DOES_NOT_EXIST', ['productId']) };
  const { price, inventoryItem } = parsed.data[0]!;
  shop.put({ ...standing, ...(price === undefined ? {} : { priceMinor: cents(price) }), ...(inventoryItem ? { tracked: inventoryItem.tracked } : {}) });
  return { productVariants: [{ id: gid('ProductVariant', standing.id) }], userErrors: [] };
}

const notSet = (userErrors: UserError[]) => ({ inventoryAdjustmentGroup: null, userErrors });
function setStock(shop: Shop, { input }: Args): unknown {
  const parsed = stockInput.safeParse(input);
  if (!parsed.success) return notSet(wrong(parsed.error));
  const [{ inventoryItemId, quantity, changeFromQuantity }] = parsed.data.quantities as [z.infer<typeof stockInput>['quantities'][number]];
  const standing = shop.product(idIn(inventoryItemId));
  if (!standing) return notSet(refuse('The specified inventory item could not be found.', 'INVALID_INVENTORY_ITEM'));
  if (standing.stock === null) return notSet(refuse('The specified inventory item is not stocked at the location.', 'ITEM_NOT_STOCKED_AT_LOCATION'));
  if (changeFromQuantity !== null && changeFromQuantity !== standing.stock) return notSet(refuse('The changeFromQuantity value does not match persisted value.', 'CHANGE_FROM_QUANTITY_STALE', ['input', 'quantities', '0', 'changeFromQuantity']));
  shop.put({ ...standing, stock: quantity });
  shop.done.stockSet += 1;
  return { inventoryAdjustmentGroup: { id: gid('InventoryAdjustmentGroup', shop.nextId()) }, userErrors: [] };
}

function stockAt(shop: Shop, { inventoryItemId, available }: Args): unknown {
  const standing = shop.product(idIn(inventoryItemId));
  if (!standing) return { inventoryLevel: null, userErrors: refuse("The product couldn't be stocked because it wasn't found.") };
  shop.put({ ...standing, stock: typeof available === 'number' ? available : 0 });
  return { inventoryLevel: { id: gid('InventoryLevel', standing.id) }, userErrors: [] };
}

function publish(shop: Shop, { id, input }: Args): unknown {
  const standing = shop.product(idIn(id));
  const ids = (input as readonly { publicationId?: string }[]).map(({ publicationId }) => publicationId);
  if (!standing || ids.some((one) => !PUBLICATIONS.includes(one ?? ''))) return { userErrors: refuse('Publication does not exist or is not publishable') };
  shop.put({ ...standing, published: true });
  return { userErrors: [] };
}

const viewed = (product: Product | undefined) => (product ? productView(product) : null);

/** What can be asked and done about products. */
export function productResolvers(shop: Shop): { readonly query: Record<string, Resolver>; readonly mutation: Record<string, Resolver> } {
  return {
    query: {
      shop: () => ({ currencyCode: 'USD', url: 'https://practice-desk.myshopify.example', name: 'Practice' }),
      locations: (args) => connectionOf([{ id: LOCATION, name: 'Home', isActive: true, fulfillsOnlineOrders: true }], args, ({ id }) => id),
      publications: (args) => connectionOf(PUBLICATIONS.map((id) => ({ id })), args, ({ id }) => id),
      currentAppInstallation: () => ({ accessScopes: [...SCOPES, ...shop.moreScopes].map((handle) => ({ handle, description: handle })) }),
      productByIdentifier: ({ identifier }) => viewed(shop.byHandle((identifier as { handle: string }).handle)),
      product: ({ id }) => viewed(shop.product(idIn(id))),
      productVariants: (args) => {
        const sku = /^sku:"((?:\\.|[^"\\])*)"$/.exec(String(args['query']))?.[1] ?? '';
        return connectionOf(shop.bySku(sku).map((product) => ({ id: product.id, sku: product.sku, product: productView(product) })), args, ({ id }) => id);
      },
    },
    mutation: { stagedUploadsCreate: stagedResolver(shop), productSet: (args) => setProduct(shop, args), productUpdate: (args) => updateWithMedia(shop, args), fileUpdate: (args) => dropMedia(shop, args), productVariantsBulkUpdate: (args) => setPrice(shop, args), inventorySetQuantities: (args) => setStock(shop, args), inventoryActivate: (args) => stockAt(shop, args), publishablePublish: (args) => publish(shop, args) },
  };
}
