import { z } from 'zod';
import type { Route, VendorRequest, VendorResponse } from '../host.ts';
import { keepListing } from '../keep-listing.ts';
import { cents, CHANNEL, refuse, type Product, type Shop } from './shop.ts';

const fieldsSchema = z.looseObject({
  name: z.string().min(1).optional(), sku: z.string().min(1).max(100).optional(), type: z.literal('simple').optional(), status: z.enum(['draft', 'publish', 'private', 'pending']).optional(), description: z.string().optional(),
  short_description: z.string().optional(), regular_price: z.string().regex(/^\d+(\.\d{1,2})?$/).optional(), manage_stock: z.boolean().optional(), stock_quantity: z.int().optional(), backorders: z.enum(['no', 'notify', 'yes']).optional(),
  global_unique_id: z.string().optional(), images: z.array(z.union([z.strictObject({ id: z.int() }), z.looseObject({ src: z.url({ protocol: /^https$/ }) })])).optional(), attributes: z.array(z.looseObject({ name: z.string(), options: z.array(z.string()) })).optional(),
  weight: z.string().optional(), dimensions: z.object({ length: z.string(), width: z.string(), height: z.string() }).optional(),
});

const wrong = (error: z.ZodError) => refuse(400, 'rest_invalid_param', `Invalid parameter(s): ${error.issues[0]?.path.join('.')}`);
const optionOf = (product: Product, name: string) => product.attributes?.find((attribute) => attribute.name === name)?.options[0];

/** Buyers find it by its GTIN, or by brand and part number. */
function show(shop: Shop, product: Product): void {
  const { world } = shop;
  const [brand, mpn] = [optionOf(product, 'Brand'), optionOf(product, 'Part number')];
  const found = world.catalog.identify({ gtins: product.global_unique_id ? [product.global_unique_id] : [], ...(brand ? { brand } : {}), ...(mpn ? { mpn } : {}) });
  keepListing(world, {
    channel: CHANNEL, ref: String(product.id), sku: product.sku, productId: found?.id ?? null, condition: optionOf(product, 'Condition') === 'New' ? 'new' : 'used', priceMinor: cents(product.regular_price || '0'),
    quantity: Math.max(0, product.stock_quantity), live: product.status === 'publish',
  });
}

const noImage = refuse(400, 'woocommerce_product_invalid_image_id', 'Invalid image ID.');
const unknownImage = (shop: Shop, images: readonly ({ readonly id: number } | { readonly src: string })[] = []) => images.some((image) => 'id' in image && typeof image.id === 'number' && !shop.media().some(({ id }) => id === image.id));

function create(shop: Shop, request: VendorRequest): VendorResponse {
  const fields = fieldsSchema.safeParse(request.json());
  if (!fields.success) return wrong(fields.error);
  const { sku = '' } = fields.data;
  const standing = sku === '' ? undefined : shop.bySku(sku);
  if (standing) return refuse(400, 'product_invalid_sku', 'Invalid or duplicated SKU.', { resource_id: standing.id, unique_sku: `${sku}-1` });
  if (unknownImage(shop, fields.data.images)) return noImage;
  const product = { status: 'publish', regular_price: '', manage_stock: false, stock_quantity: 0, images: [], ...fields.data, sku, id: shop.nextId() } as Product;
  shop.putProduct(product);
  show(shop, product);
  shop.done.productsCreated += 1;
  return { status: 201, body: shop.product(String(product.id)) };
}

function change(shop: Shop, request: VendorRequest, standing: Product): VendorResponse {
  const fields = fieldsSchema.safeParse(request.json());
  if (!fields.success) return wrong(fields.error);
  if (unknownImage(shop, fields.data.images)) return noImage;
  const product = { ...standing, ...fields.data, id: standing.id } as Product;
  shop.putProduct(product);
  show(shop, product);
  shop.done.productsChanged += 1;
  return { status: 200, body: shop.product(String(product.id)) };
}

export function productRoutes(shop: Shop, base: string): Route[] {
  const withProduct = (handle: (request: VendorRequest, product: Product) => VendorResponse) => (request: VendorRequest) => {
    const product = shop.product(request.params['id']!);
    return product ? handle(request, product) : refuse(404, 'woocommerce_rest_product_invalid_id', 'Invalid ID.');
  };
  return [
    { method: 'GET', pattern: `${base}/products`, name: 'listProducts', handle: ({ query }) => ({ status: 200, body: [shop.bySku(query.get('sku') ?? '')].filter((product) => product !== undefined) }) },
    { method: 'POST', pattern: `${base}/products`, name: 'createProduct', handle: (request) => create(shop, request) },
    { method: 'GET', pattern: `${base}/products/{id}`, name: 'getProduct', handle: withProduct((_request, product) => ({ status: 200, body: product })) },
    { method: 'PUT', pattern: `${base}/products/{id}`, name: 'updateProduct', handle: withProduct((request, product) => change(shop, request, product)) },
  ];
}
