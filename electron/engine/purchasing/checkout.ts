import { z } from 'zod';
import { instantSchema, moneySchema } from '#contract/shared.ts';

/** Prices and terms as the vendor states them now, for what can be had. */
export const checkoutQuoteSchema = z.strictObject({
  /** Offers (packs) that the figures are for: what was asked, or what is left if that is less; 0 when nothing can be bought. */
  quantity: z.int().min(0),
  unitPrice: moneySchema,
  goods: moneySchema,
  shipping: moneySchema,
  tax: moneySchema,
  /** What would be paid in all. */
  total: moneySchema,
  at: instantSchema,
});
export type CheckoutQuote = z.infer<typeof checkoutQuoteSchema>;

/** A checkout that is filled in and not yet placed. `ref` is the vendor's own; with it the vendor can be asked later what became of it. */
export const checkoutSessionSchema = z.strictObject({ ref: z.string().max(8_000), quote: checkoutQuoteSchema });
export type CheckoutSession = z.infer<typeof checkoutSessionSchema>;

/** An order as it was placed. Of one that a person placed only the total is known: what it is made of is null. */
export const placedOrderSchema = z.strictObject({
  externalId: z.string(),
  unitPrice: moneySchema.nullable(),
  goods: moneySchema.nullable(),
  shipping: moneySchema.nullable(),
  tax: moneySchema.nullable(),
  total: moneySchema,
  /** The vendor's own word: `processing`; `recorded-by-hand` for an order that a person placed. */
  status: z.string(),
  at: instantSchema,
  /** As the vendor confirmed it, for the archive. */
  receipt: z.record(z.string(), z.unknown()),
});
export type PlacedOrder = z.infer<typeof placedOrderSchema>;
