import { z } from 'zod';
import { REPAIRABLE_FIELDS } from '#engine/sources/ports.ts';
import { baseUrlSchema, currencySchema, politenessSchema } from '../../core/source/open-config.ts';

const placedRuleSchema = z.strictObject({
  field: z.enum(REPAIRABLE_FIELDS),
  rule: z.union([z.strictObject({ css: z.string().min(1).max(300), attribute: z.string().max(60).optional() }), z.strictObject({ key: z.string().min(2).max(100) })]),
});

export const configSchema = z.strictObject({
  baseUrl: baseUrlSchema,
  label: z.string().min(1).max(200).optional(),
  /** For pages that state a price without its currency; a page that states another currency keeps its own. */
  currency: currencySchema.optional(),
  /** Sitemaps to read instead of the ones that robots.txt names. */
  sitemaps: z.array(z.url({ protocol: /^https?$/ })).max(50).optional(),
  /** What the path of a product's page holds, such as `/p/`. Without it every page of the sitemap is read. */
  productPath: z.string().min(1).max(200).optional(),
  /** Product pages read between two stored steps. */
  pagesPerStep: z.number().int().min(1).max(200).default(20),
  /** `full` also reads microdata, Open Graph and site rules where JSON-LD suffices, and so sees contradictions; three times as slow. */
  depth: z.enum(['fast', 'full']).default('fast'),
  /** For a shop without a sitemap: so many links deep from its first page; 0 goes by sitemaps. */
  followLinks: z.number().int().min(0).max(5).default(0),
  /** Its pages need a browser: their HTML is an empty shell that scripts fill. */
  render: z.boolean().default(false),
  /** Places of fields that a person has shown (the guided repair). */
  rules: z.array(placedRuleSchema).max(10).default([]),
  /** Ask a language model about pages that nothing else can read. */
  ai: z.boolean().default(false),
  politeness: politenessSchema.optional(),
});
export type StructuredShopConfig = z.infer<typeof configSchema>;

/** Where a pass stands: in which sitemap, and after which of its pages. */
export const cursorSchema = z.strictObject({ v: z.literal(1), sitemap: z.string().max(4_000), after: z.string().max(8_000).nullable(), index: z.number().int().min(0) });
export type ShopCursor = z.infer<typeof cursorSchema>;
