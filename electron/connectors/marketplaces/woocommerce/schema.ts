import { z } from 'zod';

/** What the WooCommerce Store API v1 answers with, as far as a checkout reads it. Amounts are texts of whole minor units beside their number of digits. */
const amountText = z.string().regex(/^-?\d{1,15}$/);
const currencyFields = { currency_code: z.string().regex(/^[A-Z]{3}$/), currency_minor_unit: z.int().min(0).max(4) };
/** Quantities are absent or null where the shop keeps no stock. */
const limit = z.number().nullish();

export const productSchema = z.object({
  id: z.number(),
  is_purchasable: z.boolean(),
  is_in_stock: z.boolean(),
  low_stock_remaining: limit,
  prices: z.object({ price: amountText, ...currencyFields }),
  add_to_cart: z.object({ maximum: limit }).optional(),
});
export type Product = z.infer<typeof productSchema>;

const item = z.object({ id: z.number(), quantity: z.number(), prices: z.object({ price: amountText, ...currencyFields }) });

export const cartSchema = z.object({
  items: z.array(item),
  totals: z.object({
    total_items: amountText, total_items_tax: amountText, total_shipping: amountText.nullable(), total_discount: amountText, total_fees: amountText, total_tax: amountText, total_price: amountText, ...currencyFields,
  }),
  errors: z.array(z.object({ code: z.string(), message: z.string() })),
  payment_methods: z.array(z.string()),
});
export type Cart = z.infer<typeof cartSchema>;

export const checkoutSchema = z.object({ order_id: z.int(), status: z.string(), order_key: z.string().min(1) });
export type Checkout = z.infer<typeof checkoutSchema>;

export const orderSchema = z.object({
  id: z.int(),
  status: z.string(),
  items: z.array(item),
  totals: z.object({ total_items: amountText.optional(), subtotal: amountText.optional(), total_shipping: amountText.nullable(), total_tax: amountText, total_price: amountText, ...currencyFields }),
});
export type Order = z.infer<typeof orderSchema>;

export const errorSchema = z.object({ code: z.string(), message: z.string() });

/** Our session: all that is needed to place the order and to ask about it later. */
export const sessionSchema = z.strictObject({
  cartToken: z.string().min(1), orderId: z.int(), orderKey: z.string().min(1), billingEmail: z.string(), paymentMethod: z.string(), billing: z.record(z.string(), z.string()), shipping: z.record(z.string(), z.string()),
});
export type Session = z.infer<typeof sessionSchema>;
