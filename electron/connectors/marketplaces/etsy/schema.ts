import { z } from 'zod';

const maybe = <T extends z.ZodType>(inner: T) => inner.nullish();
const id = z.int().positive();
const seconds = z.int().nonnegative();

export const moneySchema = z.looseObject({ amount: z.int(), divisor: z.int().positive(), currency_code: z.string() });
export type EtsyMoney = z.infer<typeof moneySchema>;

export const meSchema = z.looseObject({ user_id: id, shop_id: id });
export const shopSchema = z.looseObject({ shop_id: id, currency_code: z.string() });

/** OAuth answers carry a new refresh token each time. */
export const sessionSchema = z.looseObject({ access_token: z.string().min(1), expires_in: z.number().positive(), token_type: z.string(), refresh_token: z.string().min(1) });

export const listingSchema = z.looseObject({
  listing_id: id, state: z.string(), quantity: z.int().nonnegative(), description: z.string(), price: moneySchema, skus: maybe(z.array(z.string())), images: maybe(z.array(z.unknown())), readiness_state_id: maybe(z.int()),
});
export type EtsyListing = z.infer<typeof listingSchema>;
export const listingsSchema = z.looseObject({ count: z.int(), results: z.array(listingSchema) });
export const inventorySchema = z.looseObject({
  products: z.array(z.looseObject({ sku: maybe(z.string()), is_deleted: maybe(z.boolean()), offerings: z.array(z.looseObject({ quantity: z.int().nonnegative(), is_enabled: z.boolean(), price: moneySchema, readiness_state_id: maybe(z.int()) })) })),
});
export const imagesSchema = z.looseObject({ count: z.int(), results: z.array(z.looseObject({ listing_image_id: id, rank: maybe(z.int()) })) });
export const imageSchema = z.looseObject({ listing_image_id: id });

export const shippingProfilesSchema = z.looseObject({ results: z.array(z.looseObject({ shipping_profile_id: id, title: maybe(z.string()), is_deleted: maybe(z.boolean()) })) });
export const returnPoliciesSchema = z.looseObject({ results: z.array(z.looseObject({ return_policy_id: id, accepts_returns: z.boolean(), return_deadline: maybe(z.int()) })) });
export const processingProfilesSchema = z.looseObject({ results: z.array(z.looseObject({ readiness_state_id: id, readiness_state: z.string(), processing_days_display_label: maybe(z.string()) })) });

export interface EtsyNode {
  readonly id: number;
  readonly name: string;
  readonly children: readonly EtsyNode[];
}
const node: z.ZodType<EtsyNode> = z.looseObject({ id, name: z.string(), get children() { return z.array(node); } });
export const nodesSchema = z.looseObject({ results: z.array(node) });

const transaction = z.looseObject({
  transaction_id: id, title: maybe(z.string()), quantity: z.int().positive(), listing_id: maybe(z.int()), sku: maybe(z.string()), price: moneySchema, shipped_timestamp: maybe(seconds), expected_ship_date: maybe(seconds),
});
export const receiptSchema = z.looseObject({
  receipt_id: id, status: z.string(), is_paid: z.boolean(), is_shipped: z.boolean(), created_timestamp: seconds, updated_timestamp: seconds,
  buyer_user_id: maybe(z.int()), buyer_email: maybe(z.string()), name: maybe(z.string()), first_line: maybe(z.string()), second_line: maybe(z.string()), city: maybe(z.string()), state: maybe(z.string()), zip: maybe(z.string()), country_iso: maybe(z.string()), message_from_buyer: maybe(z.string()),
  grandtotal: moneySchema, total_shipping_cost: moneySchema, total_tax_cost: moneySchema, total_vat_cost: moneySchema, discount_amt: moneySchema, gift_wrap_price: maybe(moneySchema),
  transactions: z.array(transaction).min(1), shipments: maybe(z.array(z.looseObject({ receipt_shipping_id: maybe(z.int()), tracking_code: maybe(z.string()) }))),
  refunds: maybe(z.array(z.looseObject({ amount: moneySchema, created_timestamp: seconds, status: maybe(z.string()) }))),
});
export type EtsyReceipt = z.infer<typeof receiptSchema>;
export const receiptsSchema = z.looseObject({ count: z.int(), results: z.array(z.unknown()) });

export const paymentsSchema = z.looseObject({ results: z.array(z.looseObject({ payment_id: id, amount_fees: moneySchema, adjusted_fees: maybe(moneySchema) })) });
export const ledgerSchema = z.looseObject({
  count: z.int(), results: z.array(z.looseObject({
    entry_id: id, amount: z.int(), currency: z.string(), description: maybe(z.string()), created_timestamp: seconds, ledger_type: maybe(z.string()), reference_type: maybe(z.string()), reference_id: maybe(z.string()),
  })),
});
export type EtsyEntry = z.infer<typeof ledgerSchema>['results'][number];
