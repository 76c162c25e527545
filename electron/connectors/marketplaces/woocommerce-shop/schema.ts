import { z } from 'zod';

const text = z.string().nullish();
const amount = z.string().regex(/^-?\d+(\.\d+)?$/);

/** What WooCommerce's REST interface (wc/v3) answers, as far as it is used; the rest passes. */
export const productSchema = z.looseObject({
  id: z.int(), sku: z.string(), status: z.string(), regular_price: z.string(), manage_stock: z.union([z.boolean(), z.literal('parent')]), stock_quantity: z.int().nullable(), total_sales: z.union([z.int(), z.string().transform(Number)]).nullish(),
  images: z.array(z.looseObject({ id: z.int().nullish(), src: text })).nullish(),
});
export type ShopProduct = z.infer<typeof productSchema>;
export const productsSchema = z.array(productSchema);

/** Of WordPress's own interface (wp/v2). */
export const mediaSchema = z.looseObject({ id: z.int().positive(), slug: z.string() });
export type Media = z.infer<typeof mediaSchema>;
export const mediaListSchema = z.array(mediaSchema);

const address = z.looseObject({ first_name: text, last_name: text, address_1: text, address_2: text, city: text, state: text, postcode: text, country: text, email: text, phone: text }).nullish();
/** Times without a zone, in UTC: `2026-11-21T10:00:00`. */
const gmt = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/).transform((value) => Date.parse(`${value}Z`));
export const orderSchema = z.looseObject({
  id: z.int(), status: z.string(), currency: z.string().length(3), date_created_gmt: gmt, date_modified_gmt: gmt, date_paid_gmt: gmt.nullish(), total: amount, shipping_total: amount, shipping_tax: amount, billing: address, shipping: address, customer_note: text, payment_method: text, transaction_id: text,
  tax_lines: z.array(z.looseObject({ rate_code: text, label: text, tax_total: amount, shipping_tax_total: amount.nullish() })).nullish(),
  line_items: z.array(z.looseObject({ id: z.int(), name: z.string(), product_id: z.int().nullish(), quantity: z.int().positive(), subtotal: amount, total: amount, total_tax: amount, sku: z.string().nullish() })).min(1),
  refunds: z.array(z.looseObject({ id: z.int(), total: amount, reason: text })),
  meta_data: z.array(z.looseObject({ key: z.string(), value: z.unknown() })),
});
export type ShopOrder = z.infer<typeof orderSchema>;
export const orderPageSchema = z.array(z.unknown());
export const notesSchema = z.array(z.looseObject({ id: z.int(), note: z.string(), customer_note: z.boolean() }));
export const madeSchema = z.looseObject({ id: z.int() });
export const errorSchema = z.looseObject({ code: z.string(), message: z.string(), data: z.looseObject({ resource_id: z.int().nullish() }).nullish() });
export const currencySchema = z.looseObject({ code: z.string().length(3) });
