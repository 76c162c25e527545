import { z } from 'zod';
import { baseUrlSchema, currencySchema, politenessSchema } from '../../core/source/open-config.ts';

export const configSchema = z.strictObject({
  baseUrl: baseUrlSchema,
  label: z.string().min(1).max(200).optional(),
  /** Where the shop's currency is known, an answer in another is a reject. */
  currency: currencySchema.optional(),
  /** Products a request; the API takes at most 100. */
  perPage: z.number().int().min(1).max(100).default(100),
  politeness: politenessSchema.optional(),
});
export type WooCommerceConfig = z.infer<typeof configSchema>;

/** Minor units as decimal digits; some shops send an empty text for "none". */
const minorText = z.string().regex(/^-?\d*$/);

/**
 * One product of the Store API (`wc/store/v1/products`). Extensions add properties freely, so unknown ones are let through;
 * the ones that an offer is made from are checked. Source: WooCommerce, docs/apis/store-api/resources-endpoints/products.md.
 */
export const productSchema = z.object({
  id: z.number().int().positive(),
  name: z.string(),
  type: z.string().default('simple'),
  permalink: z.string(),
  sku: z.string().default(''),
  /** WooCommerce 9.2 and later. */
  global_unique_id: z.string().nullish(),
  short_description: z.string().nullish(),
  description: z.string().nullish(),
  prices: z.object({
    price: minorText,
    regular_price: minorText.nullish(),
    price_range: z.object({ min_amount: minorText, max_amount: minorText }).nullish(),
    currency_code: currencySchema,
    currency_minor_unit: z.number().int().min(0).max(8),
  }),
  images: z.array(z.object({ src: z.string() })).default([]),
  categories: z.array(z.object({ name: z.string() })).nullish(),
  brands: z.array(z.object({ name: z.string() })).nullish(),
  attributes: z.array(z.object({ name: z.string(), terms: z.array(z.object({ name: z.string() })).nullish(), value: z.string().nullish() })).nullish(),
  is_purchasable: z.boolean().default(true),
  is_in_stock: z.boolean(),
  is_on_backorder: z.boolean().nullish(),
  low_stock_remaining: z.number().int().nullish(),
  weight: z.union([z.string(), z.number()]).nullish(),
  /** With its unit, which `weight` leaves out: `0.40 lbs`; `N/A` without one. */
  formatted_weight: z.string().nullish(),
});
export type WooProduct = z.infer<typeof productSchema>;

/** Only that it is a list: its items are judged one by one, so that one bad product does not cost the page. */
export const pageSchema = z.array(z.unknown());
