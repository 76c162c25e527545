import { z } from 'zod';

const maybe = <T extends z.ZodType>(inner: T) => inner.nullish();
const text = z.string().optional();

/** Amounts of the newer models: decimal text. */
const amount = z.looseObject({ amount: z.string(), currencyCode: z.string() });
export type SpMoney = z.infer<typeof amount>;

export const issueSchema = z.looseObject({
  code: z.string(), message: z.string(), severity: z.string(), attributeNames: maybe(z.array(z.string())), marketplaceIds: maybe(z.array(z.string())),
  enforcements: maybe(z.looseObject({ actions: z.array(z.looseObject({ action: z.string() })) })),
});
export type SpIssue = z.infer<typeof issueSchema>;

/** Answer to a put, a patch and a delete. */
export const submissionSchema = z.looseObject({
  sku: z.string(), status: z.string(), submissionId: z.string(), issues: maybe(z.array(issueSchema)),
  identifiers: maybe(z.array(z.looseObject({ marketplaceId: text, asin: text }))),
});
export type SpSubmission = z.infer<typeof submissionSchema>;

export const listingsItemSchema = z.looseObject({
  sku: z.string(),
  summaries: maybe(z.array(z.looseObject({ marketplaceId: z.string(), asin: text, productType: z.string(), status: z.array(z.string()) }))),
  offers: maybe(z.array(z.looseObject({ marketplaceId: z.string(), offerType: z.string(), price: amount }))),
  issues: maybe(z.array(issueSchema)),
  fulfillmentAvailability: maybe(z.array(z.looseObject({ fulfillmentChannelCode: z.string(), quantity: maybe(z.int()) }))),
});
export type SpListingsItem = z.infer<typeof listingsItemSchema>;

export const productTypesSchema = z.looseObject({ productTypes: z.array(z.looseObject({ name: z.string().min(1), displayName: z.string() })), productTypeVersion: z.string() });
export const definitionSchema = z.looseObject({
  schema: z.looseObject({ link: z.looseObject({ resource: z.string() }), checksum: z.string() }), productType: z.string(), displayName: z.string(), productTypeVersion: z.looseObject({ version: z.string() }),
});

/** The part of a product type's JSON Schema that is used: what must be given, and what one value may look like. */
const choice = z.looseObject({ enum: maybe(z.array(z.unknown())) });
const inner = z.looseObject({ type: maybe(z.union([z.string(), z.array(z.string())])), enum: maybe(z.array(z.unknown())), maxLength: maybe(z.int()), anyOf: maybe(z.array(choice)),
  properties: maybe(z.record(z.string(), choice.extend({ anyOf: maybe(z.array(choice)) }))),
});
const attribute = z.looseObject({
  title: text, maxItems: maybe(z.int()), maxUniqueItems: maybe(z.int()),
  items: maybe(z.looseObject({ required: maybe(z.array(z.string())), properties: maybe(z.record(z.string(), inner)) })),
});
export type SpAttribute = z.infer<typeof attribute>;
export const attributesSchema = z.looseObject({ required: z.array(z.string()).optional(), properties: z.record(z.string(), attribute) });

const counted = maybe(z.int());
const inventory = z.looseObject({
  sellerSku: z.string(),
  inventoryDetails: z.looseObject({
    fulfillableQuantity: counted, inboundWorkingQuantity: counted, inboundShippedQuantity: counted, inboundReceivingQuantity: counted, reservedQuantity: maybe(z.looseObject({ totalReservedQuantity: counted, pendingCustomerOrderQuantity: counted })),
    unfulfillableQuantity: maybe(z.looseObject({ totalUnfulfillableQuantity: counted })), researchingQuantity: maybe(z.looseObject({ totalResearchingQuantity: counted })),
  }),
});
export type SpInventory = z.infer<typeof inventory>;
export const inventorySchema = z.looseObject({ payload: z.looseObject({ inventorySummaries: z.array(inventory) }), pagination: maybe(z.looseObject({ nextToken: maybe(z.string()) })) });

const breakdown = z.looseObject({ type: z.string(), subtotal: amount });
const orderItem = z.looseObject({
  orderItemId: z.string().min(1), quantityOrdered: z.int().nonnegative(),
  product: z.looseObject({ asin: text, title: text, sellerSku: text, price: maybe(z.looseObject({ unitPrice: maybe(amount) })) }),
  proceeds: maybe(z.looseObject({ proceedsTotal: maybe(amount), breakdowns: maybe(z.array(breakdown)) })),
  cancellation: maybe(z.looseObject({ cancellationRequest: maybe(z.looseObject({ requester: text })) })),
  fulfillment: maybe(z.looseObject({ quantityFulfilled: maybe(z.int()), quantityUnfulfilled: maybe(z.int()) })),
  tax: maybe(z.looseObject({ taxCollections: maybe(z.array(z.looseObject({ model: text }))) })),
});
export type SpOrderItem = z.infer<typeof orderItem>;
const address = z.looseObject({ name: text, addressLine1: text, addressLine2: text, addressLine3: text, city: text, stateOrRegion: text, postalCode: text, countryCode: text, phone: text });
export const orderSchema = z.looseObject({
  orderId: z.string().min(1), createdTime: z.iso.datetime({ offset: true }), lastUpdatedTime: z.iso.datetime({ offset: true }),
  buyer: maybe(z.looseObject({ buyerName: text, buyerEmail: text })), recipient: maybe(z.looseObject({ deliveryAddress: maybe(address) })),
  fulfillment: maybe(z.looseObject({ fulfillmentStatus: z.string(), fulfilledBy: text, shipByWindow: maybe(z.looseObject({ latestDateTime: text })) })),
  orderItems: z.array(orderItem).min(1),
  packages: maybe(z.array(z.looseObject({ packageReferenceId: z.string(), trackingNumber: text, packageItems: maybe(z.array(z.looseObject({ orderItemId: z.string() }))) }))),
});
export type SpOrder = z.infer<typeof orderSchema>;
export const orderPageSchema = z.looseObject({ orders: z.array(z.unknown()), pagination: maybe(z.looseObject({ nextToken: text })) });
export const oneOrderSchema = z.looseObject({ order: orderSchema });

/** Amounts of the Finances API: decimal numbers. */
const currency = z.looseObject({ currencyCode: z.string(), currencyAmount: z.number() });
export type SpCurrency = z.infer<typeof currency>;
export interface SpBreakdown {
  readonly breakdownType?: string | undefined;
  readonly breakdownAmount?: SpCurrency | undefined;
  readonly breakdowns?: readonly SpBreakdown[] | null | undefined;
}
const financeBreakdown: z.ZodType<SpBreakdown> = z.looseObject({ breakdownType: text, breakdownAmount: currency.optional(), get breakdowns() { return maybe(z.array(financeBreakdown)); } });
export const transactionSchema = z.looseObject({
  transactionId: text, transactionType: z.string(), transactionStatus: text, description: text, postedDate: z.iso.datetime({ offset: true }), totalAmount: currency,
  relatedIdentifiers: maybe(z.array(z.looseObject({ relatedIdentifierName: text, relatedIdentifierValue: text }))), breakdowns: maybe(z.array(financeBreakdown)),
});
export type SpTransaction = z.infer<typeof transactionSchema>;
export const transactionsSchema = z.looseObject({ payload: z.looseObject({ nextToken: maybe(z.string()), transactions: maybe(z.array(transactionSchema)) }) });
export const nothingSchema = z.unknown();

/** Messaging v1 answers in HAL: the open actions are links. */
const link = z.looseObject({ href: z.string(), name: text });
export const messageActionsSchema = z.looseObject({ _links: maybe(z.looseObject({ actions: z.array(link) })) });
export const messageAttributesSchema = z.looseObject({ buyer: maybe(z.looseObject({ locale: text })) });
/** Says nothing: an empty object, and no number of the message. */
export const messageSentSchema = z.looseObject({});
