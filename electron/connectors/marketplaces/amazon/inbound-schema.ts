import { z } from 'zod';

const maybe = <T extends z.ZodType>(inner: T) => inner.nullish();
const text = z.string().optional();
const pagination = maybe(z.looseObject({ nextToken: maybe(z.string()) }));
const cost = z.looseObject({ amount: z.number(), code: z.string() });
const incentive = z.looseObject({ description: z.string(), target: z.string(), type: z.string(), value: cost });
export type SpIncentive = z.infer<typeof incentive>;
const item = z.looseObject({ msku: z.string(), quantity: z.int() });

/** Answer to whatever changes something: Amazon works on it. */
export const startedSchema = z.looseObject({ operationId: z.string().min(1) });
export const createdPlanSchema = z.looseObject({ inboundPlanId: z.string().min(1), operationId: z.string().min(1) });
const problem = z.looseObject({ code: z.string(), message: z.string(), severity: z.string(), details: maybe(z.string()) });
export const operationSchema = z.looseObject({ operation: z.string(), operationId: z.string(), operationStatus: z.string(), operationProblems: z.array(problem) });
export type SpProblem = z.infer<typeof problem>;
export const plansSchema = z.looseObject({ inboundPlans: maybe(z.array(z.looseObject({ inboundPlanId: z.string(), name: z.string(), status: z.string(), createdAt: z.iso.datetime({ offset: true }) }))), pagination });
export const planSchema = z.looseObject({ inboundPlanId: z.string(), status: z.string() });
export const prepDetailsSchema = z.looseObject({
  mskuPrepDetails: z.array(z.looseObject({ msku: z.string(), prepCategory: z.string(), prepTypes: z.array(z.string()), allOwnersConstraint: text, labelOwnerConstraint: text, prepOwnerConstraint: text })),
});
export const packingOptionsSchema = z.looseObject({ packingOptions: z.array(z.looseObject({ packingOptionId: z.string(), status: z.string(), fees: z.array(incentive), discounts: z.array(incentive), expiration: text, packingGroups: z.array(z.string()) })), pagination });
export const itemsSchema = z.looseObject({ items: z.array(item), pagination });
export const placementOptionsSchema = z.looseObject({ placementOptions: z.array(z.looseObject({ placementOptionId: z.string(), status: z.string(), fees: z.array(incentive), discounts: z.array(incentive), expiration: text, shipmentIds: z.array(z.string()) })), pagination });
const transport = z.looseObject({
  transportationOptionId: z.string(), shipmentId: z.string(), shippingMode: z.string(), shippingSolution: z.string(), preconditions: z.array(z.string()), carrier: z.looseObject({ alphaCode: text, name: text }),
  quote: maybe(z.looseObject({ cost, expiration: text, voidableUntil: text })),
});
export type SpTransport = z.infer<typeof transport>;
export const transportOptionsSchema = z.looseObject({ transportationOptions: z.array(transport), pagination });
export const windowsSchema = z.looseObject({ deliveryWindowOptions: z.array(z.looseObject({ deliveryWindowOptionId: z.string(), availabilityType: z.string(), startDate: z.string(), endDate: z.string() })), pagination });
export const shipmentSchema = z.looseObject({
  shipmentId: z.string(), placementOptionId: z.string(), status: text, shipmentConfirmationId: text, selectedTransportationOptionId: text, destination: z.looseObject({ destinationType: z.string(), warehouseId: text }),
  selectedDeliveryWindow: maybe(z.looseObject({ deliveryWindowOptionId: z.string() })),
  trackingDetails: maybe(z.looseObject({ spdTrackingDetail: maybe(z.looseObject({ spdTrackingItems: maybe(z.array(z.looseObject({ boxId: text, trackingId: text }))) })) })),
});
export type SpShipment = z.infer<typeof shipmentSchema>;
export const boxesSchema = z.looseObject({ boxes: z.array(z.looseObject({ packageId: z.string(), boxId: text })), pagination });
export const itemLabelsSchema = z.looseObject({ documentDownloads: z.array(z.looseObject({ downloadType: z.string(), uri: z.string() })).min(1) });
/** Of v0: names begin with capitals. */
export const boxLabelsSchema = z.looseObject({ payload: z.looseObject({ DownloadURL: z.string() }) });
export const receivedSchema = z.looseObject({ payload: z.looseObject({ ItemData: maybe(z.array(z.looseObject({ SellerSKU: z.string(), QuantityShipped: z.int(), QuantityReceived: maybe(z.int()) }))), NextToken: maybe(z.string()) }) });
/** A document as it came. */
export const fileSchema = z.instanceof(Uint8Array);
