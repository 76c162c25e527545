import { z } from 'zod';
import { moneySchema } from '#contract/shared.ts';
import type { Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';

/** Of one piece as shipped; null where it is not known. */
const measuresSchema = z.strictObject({ lengthMm: z.int().nullable(), widthMm: z.int().nullable(), heightMm: z.int().nullable(), weightG: z.int().nullable() });
export type ProductMeasures = z.infer<typeof measuresSchema>;

/** What is known of a product for its listing. Facts only: what is not known is absent, and nothing is written about it. */
export const listingFactsSchema = z.strictObject({
  title: z.string().min(1),
  brand: z.string().nullable(),
  mpn: z.string().nullable(),
  /** With right check digits. */
  gtins: z.array(z.string()),
  /** Absolute https addresses. */
  imageUrls: z.array(z.string()),
  /** Key of the fee cards; null where none fits. */
  category: z.string().nullable(),
  aspects: z.record(z.string(), z.array(z.string())),
  /** The product's page in the channel's own catalogue (an ASIN on Amazon), where it is known. */
  page: z.string().nullable().optional(),
  /** As far as they are known. */
  measures: measuresSchema.optional(),
  /** As shipped; null unless all of it is known. */
  package: z.strictObject({ lengthMm: z.int(), widthMm: z.int(), heightMm: z.int(), weightG: z.int() }).nullable(),
});
export type ListingFacts = z.infer<typeof listingFactsSchema>;

export interface ListingFactsPort {
  facts(productId: string, channel: string): Promise<ListingFacts>;
  /** A person measured it: remembered for the product, whatever it is listed on. */
  measure(productId: string, measures: Partial<ProductMeasures>): Promise<void>;
}

export const marketPriceSchema = z.strictObject({ price: moneySchema, source: z.string(), at: z.int() });

/** What the product sells for now on a channel, where the market data tells it. */
export interface MarketPricePort {
  priceNow(productId: string, channel: string): Promise<{ readonly price: Money; readonly source: string; readonly at: Instant } | null>;
}
