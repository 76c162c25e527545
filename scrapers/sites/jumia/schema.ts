import { z } from 'zod';
import { baseUrlSchema, politenessSchema } from '../../core/source/open-config.ts';

/** Jumia's sites, one a country, as of 2026-11-21 (Algeria closed on 2026-03-10). */
export const COUNTRIES = {
  NG: { host: 'www.jumia.com.ng', currency: 'NGN', zone: 'Africa/Lagos' },
  KE: { host: 'www.jumia.co.ke', currency: 'KES', zone: 'Africa/Nairobi' },
  EG: { host: 'www.jumia.com.eg', currency: 'EGP', zone: 'Africa/Cairo' },
  MA: { host: 'www.jumia.ma', currency: 'MAD', zone: 'Africa/Casablanca' },
  CI: { host: 'www.jumia.ci', currency: 'XOF', zone: 'Africa/Abidjan' },
} as const;
export type Country = keyof typeof COUNTRIES;

/** The country of an address on one of Jumia's sites, or null. */
export function countryOf(url: string): Country | null {
  const host = new URL(url).hostname.replace(/^(?:www|m)\./, '');
  return (Object.keys(COUNTRIES) as Country[]).find((c) => COUNTRIES[c].host.replace('www.', '') === host) ?? null;
}

export const configSchema = z.strictObject({
  /** A site's address, or a category's on it: `https://www.jumia.com.ng/mobile-phones/`. */
  baseUrl: baseUrlSchema,
  label: z.string().min(1).max(200).optional(),
  /** By the address unless told. */
  country: z.enum(['NG', 'KE', 'EG', 'MA', 'CI']).optional(),
  /** Paths of categories to read. Without any, and with no path in the address, every product in the site's sitemaps is read, which takes days. */
  categories: z.array(z.string().regex(/^\/[\w/%-]+\/?$/)).max(100).default([]),
  /** Jumia shows no more than 50 pages of a category. */
  maxPages: z.number().int().min(1).max(50).default(50),
  politeness: politenessSchema.optional(),
});
export type JumiaConfig = z.infer<typeof configSchema>;

const text = z.union([z.string(), z.number()]).nullish().transform((v) => (v === null || v === undefined ? '' : String(v).trim()));

/**
 * One product of `window.__STORE__`, which Jumia's category and product pages carry for their own scripts; as public clients have seen it, for no document
 * of the vendor's exists.
 */
export const productSchema = z.object({
  sku: z.string().min(1),
  name: text,
  displayName: text,
  brand: text,
  url: text,
  image: text,
  /** A list from the root down, or one text with slashes. */
  categories: z.union([z.array(z.string()), z.string().transform((s) => s.split('/'))]).nullish(),
  prices: z.object({
    /** Decimal text of the site's currency. */
    rawPrice: text,
    /** As shown: `₦ 12,500`, `₦ 12,500 - ₦ 14,000`. */
    price: text,
    oldPrice: text,
  }).nullish(),
  isBuyable: z.boolean().nullish(),
  stock: z.union([z.object({ text }).nullish(), z.string().transform((s) => ({ text: s }))]).nullish(),
  sellerEntity: z.object({ name: text }).nullish(),
  isSecondChance: z.boolean().nullish(),
});
export type JumiaProduct = z.infer<typeof productSchema>;

export const storeSchema = z.object({ products: z.array(z.unknown()).nullish(), view: text });

export const cursorSchema = z.strictObject({
  v: z.literal(1), category: z.number().int().min(0), page: z.number().int().min(1),
  /** A category of this pass had more pages than are read: what was not seen may still be for sale. */
  cut: z.boolean(),
});
export type JumiaCursor = z.infer<typeof cursorSchema>;
