import { z } from 'zod';
import { configSchema as shopSchema } from '../structured-shop/schema.ts';

export const configSchema = shopSchema.extend({
  /** Read only pages under `/fr/`, where the shop has several languages. Without it the first address that is listed for a product stands for it. */
  language: z.string().regex(/^[a-z]{2}(?:-[a-z]{2})?$/).optional(),
});
export type PrestaShopConfig = z.infer<typeof configSchema>;

const text = z.union([z.string(), z.number()]).nullish().transform((v) => (v === null || v === undefined ? '' : String(v).trim()));
const flag = z.union([z.string(), z.number(), z.boolean()]).nullish().transform((v) => (v === null || v === undefined || v === '' ? null : v === true || v === 1 || v === '1'));
const amount = z.union([z.string(), z.number()]).nullish();

/** The chosen combination's own codes stand with its attributes. */
const attributeSchema = z.object({ name: text, group: text, reference: text, ean13: text, isbn: text, upc: text, mpn: text }).partial();

/**
 * The product as a page carries it for its own scripts, in `data-product` (PrestaShop 1.7 and later, `embedded_attributes`). Themes and modules
 * add, leave out and retype fields freely, so that each is optional and read in the types that have been seen.
 */
export const embeddedSchema = z.object({
  id_product: text, name: text, reference: text, ean13: text, isbn: text, upc: text, mpn: text,
  /** Formatted (`36,00 €`) or a number, with as many digits as the shop calculates in. */
  price: amount,
  /** Rounded as shown. */
  price_amount: amount, regular_price_amount: amount,
  quantity: z.union([z.string(), z.number()]).nullish(),
  /** `available`, `last_remaining_items`, `unavailable`; some versions say `in_stock` and the like. */
  availability: text, availability_message: text,
  available_for_order: flag, show_price: flag, is_virtual: flag, allow_oosp: flag,
  condition: z.union([z.string(), z.object({ type: text }).transform((c) => c.type ?? '')]).nullish(),
  manufacturer_name: text, category_name: text,
  attributes: z.union([z.record(z.string(), attributeSchema), z.array(attributeSchema).transform((list) => Object.fromEntries(list.map((a, i) => [String(i), a])))]).nullish(),
}).partial();
export type EmbeddedProduct = z.infer<typeof embeddedSchema>;
