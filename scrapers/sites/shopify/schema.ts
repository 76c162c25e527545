import { z } from 'zod';
import { baseUrlSchema, currencySchema, politenessSchema } from '../../core/source/open-config.ts';

export const configSchema = z.strictObject({
  baseUrl: baseUrlSchema,
  label: z.string().min(1).max(200).optional(),
  /** Of the prices; without it the shop is asked. */
  currency: currencySchema.optional(),
  /** Products a request; Shopify gives at most 250. */
  perPage: z.number().int().min(1).max(250).default(250),
  /** Only this collection, by its handle: for a shop of more products than Shopify lists, or to look at a part. */
  collection: z.string().regex(/^[\w%-]{1,200}$/).optional(),
  /** Ask for the barcodes of products that are new or changed: one request each, since the list leaves them out. */
  barcodes: z.boolean().default(false),
  politeness: politenessSchema.optional(),
});
export type ShopifyConfig = z.infer<typeof configSchema>;

const image = z.object({ src: z.string(), variant_ids: z.array(z.number()).nullish() });

/** One way to buy a product. Prices are decimals of the shop's currency, without its name. */
export const variantSchema = z.object({
  id: z.number().int().positive(),
  title: z.string().nullish(),
  sku: z.string().nullish(),
  price: z.union([z.string(), z.number()]).nullish(),
  compare_at_price: z.union([z.string(), z.number()]).nullish(),
  /** Some themes and apps leave it out. */
  available: z.boolean().nullish(),
  grams: z.number().nullish(),
  updated_at: z.string().nullish(),
});
export type ShopifyVariant = z.infer<typeof variantSchema>;

/**
 * One product of `/products.json`, the list that every storefront has. Its variants are judged one by one. Shape as storefronts answer it
 * (Shopify documents the Ajax API's neighbour `/products/{handle}.js`: shopify.dev/docs/api/ajax/reference/product).
 */
export const productSchema = z.object({
  id: z.number().int().positive(),
  title: z.string(),
  handle: z.string().min(1),
  body_html: z.string().nullish(),
  vendor: z.string().nullish(),
  product_type: z.string().nullish(),
  tags: z.union([z.array(z.string()), z.string()]).nullish(),
  updated_at: z.string().nullish(),
  variants: z.array(z.unknown()),
  images: z.array(image).default([]),
});
export type ShopifyProduct = z.infer<typeof productSchema>;

export const pageSchema = z.object({ products: z.array(z.unknown()) });

/** `/meta.json`: what a shop says of itself. */
export const metaSchema = z.object({ currency: currencySchema, name: z.string().nullish() });

/** Barcodes stand in the product's own answer alone. */
export const detailSchema = z.object({ variants: z.array(z.object({ id: z.number(), barcode: z.string().nullish() })) });
