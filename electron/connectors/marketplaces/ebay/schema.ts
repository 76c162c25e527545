import { z } from 'zod';

const text = z.string().optional();
/** eBay leaves out what is empty, and sometimes sends null in its place. */
const maybe = <T extends z.ZodType>(inner: T) => inner.nullish();

export const errorsSchema = z.looseObject({ errors: z.array(z.looseObject({ errorId: z.int(), message: text, longMessage: text, category: text })).min(1) });

export const amountSchema = z.looseObject({ value: z.string(), currency: z.string() });
export type EbayAmount = z.infer<typeof amountSchema>;

export const nothingSchema = z.unknown();

const categoryTypes = maybe(z.array(z.looseObject({ name: text, default: z.boolean().optional() })));
const named = { name: z.string(), categoryTypes };
export const fulfilmentPoliciesSchema = z.looseObject({ fulfillmentPolicies: z.array(z.looseObject({ fulfillmentPolicyId: z.string(), ...named })) });
export const paymentPoliciesSchema = z.looseObject({ paymentPolicies: z.array(z.looseObject({ paymentPolicyId: z.string(), ...named })) });
export const returnPoliciesSchema = z.looseObject({ returnPolicies: z.array(z.looseObject({ returnPolicyId: z.string(), ...named })) });

export const locationSchema = z.looseObject({ merchantLocationKey: z.string(), merchantLocationStatus: text });

/** A published offer always names its listing; one that does not is a changed protocol, and would be published twice if it were believed. */
export const offerSchema = z.looseObject({
  offerId: z.string().min(1), sku: z.string(), marketplaceId: z.string(), status: z.string(), availableQuantity: maybe(z.int()),
  listing: maybe(z.looseObject({ listingId: text, listingStatus: text, soldQuantity: z.int().optional() })),
  pricingSummary: maybe(z.looseObject({ price: maybe(amountSchema) })),
}).refine((offer) => offer.status !== 'PUBLISHED' || offer.listing?.listingId !== undefined, { path: ['listing', 'listingId'], message: 'a published offer without a listing' });
export type EbayOffer = z.infer<typeof offerSchema>;
export const offersSchema = z.looseObject({ offers: z.array(offerSchema) });
export const offerCreatedSchema = z.looseObject({ offerId: z.string().min(1) });
export const publishedSchema = z.looseObject({ listingId: z.string().min(1) });

export const bulkAnswerSchema = z.looseObject({
  responses: z.array(z.looseObject({ statusCode: z.int(), sku: text, offerId: text, errors: maybe(z.array(z.looseObject({ errorId: z.int(), message: text, longMessage: text }))) })),
});

const tax = z.looseObject({ amount: maybe(amountSchema) });
const lineSchema = z.looseObject({
  lineItemId: z.string().min(1), legacyItemId: maybe(z.string()), sku: maybe(z.string()), title: z.string(), quantity: z.int().positive(),
  lineItemCost: amountSchema, discountedLineItemCost: maybe(amountSchema), total: maybe(amountSchema),
  deliveryCost: z.looseObject({ shippingCost: amountSchema, discountAmount: maybe(amountSchema) }),
  taxes: z.array(tax), ebayCollectAndRemitTaxes: maybe(z.array(tax)),
  lineItemFulfillmentStatus: z.string(), lineItemFulfillmentInstructions: maybe(z.looseObject({ shipByDate: maybe(z.string()) })),
  refunds: maybe(z.array(z.looseObject({ amount: maybe(amountSchema), refundId: maybe(z.string()), refundDate: maybe(z.string()) }))),
});
export type EbayLine = z.infer<typeof lineSchema>;

const address = maybe(z.looseObject({ addressLine1: maybe(z.string()), addressLine2: maybe(z.string()), city: maybe(z.string()), stateOrProvince: maybe(z.string()), postalCode: maybe(z.string()), countryCode: maybe(z.string()) }));
/** What eBay's document calls "always returned" is required here: money and stock follow from it, so an absence is no zero. */
export const orderSchema = z.looseObject({
  orderId: z.string().min(1), creationDate: z.iso.datetime(), lastModifiedDate: z.iso.datetime(), orderPaymentStatus: z.string(), orderFulfillmentStatus: z.string(),
  cancelStatus: z.looseObject({ cancelState: z.string() }), buyerCheckoutNotes: maybe(z.string()),
  buyer: maybe(z.looseObject({ username: maybe(z.string()) })),
  pricingSummary: z.looseObject({ total: amountSchema }),
  paymentSummary: z.looseObject({
    totalDueSeller: maybe(amountSchema),
    refunds: z.array(z.looseObject({ amount: maybe(amountSchema), refundId: maybe(z.string()), refundDate: maybe(z.string()), refundStatus: maybe(z.string()) })),
  }),
  totalMarketplaceFee: maybe(amountSchema), totalFeeBasisAmount: maybe(amountSchema),
  fulfillmentStartInstructions: maybe(z.array(z.looseObject({ shippingStep: maybe(z.looseObject({ shipTo: maybe(z.looseObject({
    fullName: maybe(z.string()), email: maybe(z.string()), primaryPhone: maybe(z.looseObject({ phoneNumber: maybe(z.string()) })), contactAddress: address,
  })) })) }))),
  lineItems: z.array(lineSchema).min(1),
});
export type EbayOrder = z.infer<typeof orderSchema>;
export const orderPageSchema = z.looseObject({ orders: z.array(z.unknown()), total: z.int(), limit: maybe(z.int()), offset: maybe(z.int()) });

export const shipmentsSchema = z.looseObject({
  fulfillments: z.array(z.looseObject({ fulfillmentId: z.string(), shipmentTrackingNumber: maybe(z.string()), lineItems: maybe(z.array(z.looseObject({ lineItemId: z.string() }))) })),
});

/** `FAILED` names no refund. */
export const refundMadeSchema = z.looseObject({ refundId: maybe(z.string()), refundStatus: maybe(z.string()) });

/** Of the Media API: the address that a listing names, and when it goes unless one does. */
export const imageMadeSchema = z.looseObject({ imageUrl: z.url({ protocol: /^https$/ }), expirationDate: maybe(z.iso.datetime()) });

/** Of the Post-Order API. */
export const cancellationsSchema = z.looseObject({
  cancellations: maybe(z.array(z.looseObject({ cancelId: z.string().min(1), legacyOrderId: maybe(z.string()), cancelState: maybe(z.string()), cancelStatus: maybe(z.string()), requestorType: maybe(z.string()) }))),
});
export const cancelMadeSchema = z.looseObject({ cancelId: maybe(z.string()), orderEligibilityResult: maybe(z.looseObject({ eligible: maybe(z.boolean()), failureReason: maybe(z.array(z.string())) })) });

export const moment = maybe(z.looseObject({ value: maybe(z.iso.datetime()) }));
/** Amounts of returns are numbers, and amounts of orders text. */
export const returnAmount = z.looseObject({ value: z.union([z.string(), z.number()]).transform(String), currency: z.string().length(3) });
const returnSchema = z.looseObject({
  returnId: z.string().min(1), orderId: z.string().min(1), state: maybe(z.string()), sellerTotalRefund: maybe(z.looseObject({ estimatedRefundAmount: maybe(returnAmount) })), sellerResponseDue: maybe(z.looseObject({ activityDue: maybe(z.string()), respondByDate: moment })),
  creationInfo: maybe(z.looseObject({ reason: maybe(z.string()), item: maybe(z.looseObject({ returnQuantity: maybe(z.int().positive()) })) })), sellerAvailableOptions: maybe(z.array(z.looseObject({ actionType: maybe(z.string()) }))),
});
export type EbayReturn = z.infer<typeof returnSchema>;
export const returnsSchema = z.looseObject({ members: maybe(z.array(returnSchema)) });
export const returnSummarySchema = z.looseObject({ summary: returnSchema });
export const returnDetailSchema = z.looseObject({ detail: z.looseObject({ refundInfo: maybe(z.looseObject({ estimatedRefundDetail: maybe(z.looseObject({ itemizedRefundDetails: maybe(z.array(z.looseObject({ refundFeeType: z.string(), estimatedAmount: maybe(returnAmount) }))) })) })) }) });
export const returnRefundedSchema = z.looseObject({ refundStatus: maybe(z.string()) });

const disputeSchema = z.looseObject({ paymentDisputeId: z.string().min(1), orderId: z.string().min(1), paymentDisputeStatus: z.string(), reason: maybe(z.string()), amount: maybe(amountSchema), respondByDate: maybe(z.iso.datetime()) });
export type EbayDispute = z.infer<typeof disputeSchema>;
export const disputesSchema = z.looseObject({ paymentDisputeSummaries: maybe(z.array(disputeSchema)) });

export const transactionsSchema = z.looseObject({
  total: maybe(z.int()),
  transactions: maybe(z.array(z.looseObject({
    transactionId: z.string(), transactionType: z.string(), transactionDate: z.iso.datetime(), amount: amountSchema, bookingEntry: z.string(),
    orderId: maybe(z.string()), totalFeeAmount: maybe(amountSchema), transactionMemo: maybe(z.string()),
  }))),
});
