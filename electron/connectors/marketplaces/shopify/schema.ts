import { z } from 'zod';

const text = z.string().nullish();
const gid = z.string().startsWith('gid://shopify/');
const decimal = z.string().regex(/^-?\d+(\.\d+)?$/);
const moneyV2 = z.looseObject({ amount: decimal, currencyCode: z.string().length(3) });
const bag = z.looseObject({ shopMoney: moneyV2 });
const nodes = <T extends z.ZodType>(node: T) => z.looseObject({ nodes: z.array(node) });

export const costSchema = z.looseObject({
  requestedQueryCost: z.number().nullish(), actualQueryCost: z.number().nullish(), throttleStatus: z.looseObject({ maximumAvailable: z.number(), currentlyAvailable: z.number(), restoreRate: z.number() }).nullish(),
});
export type Cost = z.infer<typeof costSchema>;
export const graphqlErrorSchema = z.looseObject({ message: z.string(), extensions: z.looseObject({ code: text, requiredAccess: text }).nullish() });
const extensions = z.looseObject({ cost: costSchema.nullish() }).nullish();

/** The vendor answers 200 with either; partial data beside errors is of no use here. */
export const answerOf = <T>(data: z.ZodType<T>) => z.union([z.looseObject({ errors: z.array(graphqlErrorSchema).min(1), extensions }), z.looseObject({ data, extensions })]);

export const userErrors = z.array(z.looseObject({ field: z.array(z.string()).nullish(), message: z.string(), code: text }));
export type UserErrors = z.infer<typeof userErrors>;

export const shopSchema = z.looseObject({
  shop: z.looseObject({ currencyCode: z.string().length(3), url: z.string() }), locations: nodes(z.looseObject({ id: gid, isActive: z.boolean(), fulfillsOnlineOrders: z.boolean() })), publications: nodes(z.looseObject({ id: gid })),
  currentAppInstallation: z.looseObject({ accessScopes: z.array(z.looseObject({ handle: z.string() })) }),
});

export const productSchema = z.looseObject({
  id: gid, handle: z.string(), status: z.enum(['ACTIVE', 'ARCHIVED', 'DRAFT', 'UNLISTED']), mediaCount: z.looseObject({ count: z.int() }).nullable(), resourcePublicationsCount: z.looseObject({ count: z.int() }).nullable(),
  variants: nodes(z.looseObject({
    id: gid, sku: text, price: decimal,
    inventoryItem: z.looseObject({ id: gid, tracked: z.boolean(), inventoryLevel: z.looseObject({ quantities: z.array(z.looseObject({ name: z.string(), quantity: z.int() })) }).nullable() }),
  })),
});
export type ShopProduct = z.infer<typeof productSchema>;
export const foundSchema = z.looseObject({ productByIdentifier: productSchema.nullable() });
export const productByIdSchema = z.looseObject({ product: productSchema.nullable() });
export const foundBySkuSchema = z.looseObject({ productVariants: nodes(z.looseObject({ sku: text, product: productSchema })) });
export const productMediaSchema = z.looseObject({ product: z.looseObject({ media: nodes(z.looseObject({ id: gid })) }).nullable() });
export const setProductSchema = z.looseObject({ productSet: z.looseObject({ product: productSchema.nullable(), userErrors }) });

const address = z.looseObject({ name: text, address1: text, address2: text, city: text, provinceCode: text, zip: text, countryCodeV2: text, phone: text }).nullable();
const instant = z.iso.datetime().transform((value) => Date.parse(value));
export const orderSchema = z.looseObject({
  id: gid, createdAt: instant, updatedAt: instant, cancelledAt: instant.nullable(), test: z.boolean(), note: text, email: text, phone: text, currencyCode: z.string().length(3), presentmentCurrencyCode: z.string().length(3), taxesIncluded: z.boolean(), displayFinancialStatus: text, displayFulfillmentStatus: z.string(),
  totalPriceSet: bag, totalShippingPriceSet: bag, totalTaxSet: bag.nullable(), taxLines: z.array(z.looseObject({ title: z.string(), channelLiable: z.boolean().nullish(), priceSet: bag })), shippingAddress: address, billingAddress: address,
  lineItems: z.looseObject({
    nodes: z.array(z.looseObject({ id: gid, title: z.string(), sku: text, quantity: z.int().positive(), unfulfilledQuantity: z.int(), originalTotalSet: bag, discountedTotalSet: bag, taxLines: z.array(z.looseObject({ channelLiable: z.boolean().nullish(), priceSet: bag })), product: z.looseObject({ handle: z.string() }).nullable() })).min(1),
    pageInfo: z.looseObject({ hasNextPage: z.boolean() }),
  }),
  refunds: z.array(z.looseObject({ id: gid, createdAt: instant.nullable(), note: text, totalRefundedSet: bag })),
  transactions: z.array(z.looseObject({ id: gid, kind: z.string(), status: z.string(), gateway: text, amountSet: bag, fees: z.array(z.looseObject({ amount: moneyV2 })) })),
});
export type ShopOrder = z.infer<typeof orderSchema>;
/** One order as it came: what cannot be read is kept. */
export const rawOrderSchema = z.looseObject({ order: z.unknown() });
export const orderIdsSchema = z.looseObject({ orders: z.looseObject({ nodes: z.array(z.looseObject({ id: gid })), pageInfo: z.looseObject({ hasNextPage: z.boolean(), endCursor: text }) }) });
export const shipmentsSchema = z.looseObject({
  order: z.looseObject({
    fulfillments: z.array(z.looseObject({ id: gid, trackingInfo: z.array(z.looseObject({ number: text })) })),
    fulfillmentOrders: nodes(z.looseObject({ id: gid, status: z.string(), lineItems: nodes(z.looseObject({ id: gid, remainingQuantity: z.int(), lineItem: z.looseObject({ id: gid }) })) })),
  }).nullable(),
});

/** A mutation that answers nothing but its refusals, under the given name. */
export const stagedSchema = z.looseObject({ stagedUploadsCreate: z.looseObject({ stagedTargets: z.array(z.looseObject({ url: z.string(), resourceUrl: z.string(), parameters: z.array(z.looseObject({ name: z.string(), value: z.string() })) })).nullish(), userErrors }) });
const flat = z.looseObject({ amount: z.string(), currencyCode: z.string() });
const pageInfo = z.looseObject({ hasNextPage: z.boolean(), endCursor: text });
/** An account that does not use Shopify Payments has none. */
export const payoutsSchema = z.looseObject({
  shopifyPaymentsAccount: z.looseObject({ payouts: z.looseObject({ nodes: z.array(z.looseObject({ id: gid, legacyResourceId: z.union([z.string(), z.number()]).transform(String), issuedAt: instant, status: z.string(), transactionType: z.string(), net: flat })), pageInfo }) }).nullable(),
});
export const payoutPartsSchema = z.looseObject({
  shopifyPaymentsAccount: z.looseObject({ balanceTransactions: z.looseObject({ nodes: z.array(z.looseObject({ id: gid, type: z.string(), net: flat, associatedOrder: z.looseObject({ id: gid }).nullable(), associatedPayout: z.looseObject({ id: text }) })), pageInfo }) }).nullable(),
});
const dispute = z.looseObject({
  id: gid, legacyResourceId: z.union([z.string(), z.number()]).transform(String), type: z.string(), status: z.string(), initiatedAt: instant, evidenceDueBy: instant.nullable(), finalizedOn: instant.nullable(), amount: flat,
  reasonDetails: z.looseObject({ reason: z.string() }), order: z.looseObject({ id: gid }).nullable(),
});
export type ShopDispute = z.infer<typeof dispute>;
export const disputesSchema = z.looseObject({ disputes: z.looseObject({ nodes: z.array(dispute), pageInfo }) });
export const disputeMovesSchema = z.looseObject({
  shopifyPaymentsAccount: z.looseObject({ balanceTransactions: z.looseObject({ nodes: z.array(z.looseObject({ id: gid, type: z.string(), sourceType: text, sourceId: z.union([z.string(), z.number()]).transform(String).nullable(), fee: flat })), pageInfo }) }).nullable(),
});
export const outcomeOf = <K extends string>(field: K, errors: 'userErrors' | 'orderCancelUserErrors' = 'userErrors') => z.looseObject({ [field]: z.looseObject({ [errors]: userErrors }) }).transform((body): UserErrors => (body as Record<string, Record<string, UserErrors>>)[field]![errors]!);
export const tokenAnswerSchema = z.looseObject({ access_token: z.string().min(1), expires_in: z.number().positive() }).transform((body) => ({ access_token: body.access_token, expires_in: body.expires_in, token_type: 'bearer' }));
export const shippedSchema = z.looseObject({ fulfillmentCreate: z.looseObject({ fulfillment: z.looseObject({ id: gid }).nullable(), userErrors }) });
export const refundedSchema = z.looseObject({ refundCreate: z.looseObject({ refund: z.looseObject({ id: gid }).nullable(), userErrors }) });
