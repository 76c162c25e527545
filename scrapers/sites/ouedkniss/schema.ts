import { z } from 'zod';
import { baseUrlSchema, politenessSchema } from '../../core/source/open-config.ts';

export const configSchema = z.strictObject({
  /** Where GraphQL is asked. */
  baseUrl: baseUrlSchema.default('https://api.ouedkniss.com'),
  label: z.string().min(1).max(200).optional(),
  query: z.string().max(200).optional(),
  categorySlug: z.string().max(200).optional(),
  /** In dinars. */
  priceRange: z.tuple([z.number().int().min(0), z.number().int().min(0)]).optional(),
  regionIds: z.array(z.string()).optional(),
  /** An advertisement that was not renewed for so long is taken to be sold. */
  staleDays: z.number().int().min(1).max(3_650).default(30),
  /** The site takes at most 48. */
  perPage: z.number().int().min(1).max(48).default(48),
  politeness: politenessSchema.optional(),
});
export type OuedknissConfig = z.infer<typeof configSchema>;

const named = z.object({ name: z.string().nullish() });

/** One advertisement, as public clients have seen it; no document of the vendor's exists, so only what an offer needs is asked for. */
export const adSchema = z.object({
  id: z.union([z.string().min(1), z.number().int()]).transform(String),
  title: z.string(),
  slug: z.string().nullish(),
  description: z.string().nullish(),
  price: z.number().nullish(),
  pricePreview: z.union([z.string(), z.number()]).nullish().transform((v) => (v === null || v === undefined ? null : String(v))),
  priceUnit: z.string().nullish(),
  oldPrice: z.number().nullish(),
  priceType: z.string().nullish(),
  exchangeType: z.string().nullish(),
  status: z.string().nullish(),
  createdAt: z.string().nullish(),
  refreshedAt: z.string().nullish(),
  cities: z.array(z.object({ name: z.string().nullish(), region: named.nullish() })).nullish(),
  store: z.object({ id: z.union([z.string(), z.number()]).transform(String), name: z.string().nullish() }).nullish(),
  user: z.object({ username: z.string().nullish(), displayName: z.string().nullish() }).nullish(),
  defaultMedia: z.object({ mediaUrl: z.string().nullish() }).nullish(),
  category: z.object({ slug: z.string().nullish() }).nullish(),
});
export type OuedknissAd = z.infer<typeof adSchema>;

export const answerSchema = z.object({
  data: z.object({ search: z.object({ announcements: z.object({
    data: z.array(z.unknown()),
    paginatorInfo: z.object({ total: z.number().int().nullish(), currentPage: z.number().int(), lastPage: z.number().int().nullish(), hasMorePages: z.boolean() }),
  }) }) }),
});

export const errorSchema = z.object({ errors: z.array(z.object({ message: z.string() })).min(1) });
