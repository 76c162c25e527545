import type { Json, JsonObject } from './normalize-schema.ts';

/**
 * Fulfillment Inbound 2024-03-20, and getLabels and getShipmentItemsByShipmentId of v0, which are not among the documents beside the project: the calls that the connector makes, as Amazon's own models have them
 * (read 2026-11-22 through the types that @sp-api-sdk/fulfillment-inbound-api-2024-03-20 4.2.4 and -v0 5.1.5 are made of them).
 */
const text: JsonObject = { type: 'string' };
const whole: JsonObject = { type: 'integer' };
const number: JsonObject = { type: 'number' };
const list = (items: JsonObject): JsonObject => ({ type: 'array', items });
const one = (...values: string[]): JsonObject => ({ type: 'string', enum: values });
/** A name with `?` may be left out. */
const object = (fields: Record<string, JsonObject>): JsonObject => ({
  type: 'object', additionalProperties: false, required: Object.keys(fields).filter((name) => !name.endsWith('?')), properties: Object.fromEntries(Object.entries(fields).map(([name, schema]) => [name.replace('?', ''), schema])),
});

const owner = one('AMAZON', 'SELLER', 'NONE');
const money = object({ amount: number, code: text });
const itemInput = object({ msku: text, quantity: whole, prepOwner: owner, labelOwner: owner, 'expiration?': text, 'manufacturingLotCode?': text });
const item = object({ asin: text, fnsku: text, msku: text, quantity: whole, labelOwner: text, prepInstructions: list(object({ 'fee?': money, 'prepOwner?': text, 'prepType?': text })), 'expiration?': text, 'manufacturingLotCode?': text });
const addressInput = object({ name: text, addressLine1: text, 'addressLine2?': text, city: text, 'companyName?': text, countryCode: { ...text, minLength: 2, maxLength: 2 }, 'districtOrCounty?': text, 'email?': text, phoneNumber: text, postalCode: text, 'stateOrProvinceCode?': text });
const address = object({ name: text, addressLine1: text, 'addressLine2?': text, city: text, 'companyName?': text, countryCode: text, 'districtOrCounty?': text, 'email?': text, 'phoneNumber?': text, postalCode: text, 'stateOrProvinceCode?': text });
const contact = object({ name: text, phoneNumber: text, 'email?': text });
const dimensions = object({ unitOfMeasurement: one('IN', 'CM'), length: number, width: number, height: number });
const weight = object({ unit: one('LB', 'KG'), value: number });
const source = one('BOX_CONTENT_PROVIDED', 'MANUAL_PROCESS', 'BARCODE_2D');
const region = object({ 'countryCode?': text, 'state?': text, 'warehouseId?': text });
const incentive = object({ description: text, target: text, type: text, value: money });
const window = object({ start: text, end: text, 'editableUntil?': text });
const pagination = object({ 'nextToken?': text });
const started = object({ operationId: text });
const box = object({ packageId: text, 'boxId?': text, 'contentInformationSource?': source, 'destinationRegion?': region, 'dimensions?': dimensions, 'externalContainerIdentifier?': text, 'externalContainerIdentifierType?': text, 'items?': list(item), 'quantity?': whole, 'templateName?': text, 'weight?': weight });
const plan = { inboundPlanId: text, name: text, createdAt: text, lastUpdatedAt: text, marketplaceIds: list(text), sourceAddress: address, status: text };
const shippingRequirement = object({ modes: list(text), solution: text });
const constraint = one('AMAZON_ONLY', 'NONE_ONLY', 'SELLER_ONLY');
const tracking = object({ 'spdTrackingDetail?': object({ 'spdTrackingItems?': list(object({ 'boxId?': text, 'trackingId?': text, 'trackingNumberValidationStatus?': text })) }) });

interface Call { readonly query?: Record<string, JsonObject>; readonly sent?: JsonObject; readonly status?: number; readonly answer: JsonObject }
const pages = (most: number): Record<string, JsonObject> => ({ 'pageSize?': { ...whole, minimum: 1, maximum: most }, 'paginationToken?': text });
const root = '/inbound/fba/2024-03-20';
const inPlan = `${root}/inboundPlans/{inboundPlanId}`;
const inShipment = `${inPlan}/shipments/{shipmentId}`;
const starts = (sent?: JsonObject): Call => ({ ...(sent ? { sent } : {}), status: 202, answer: started });

const CALLS: Readonly<Record<string, readonly [id: string, call: Call]>> = {
  [`get ${root}/inboundPlans`]: ['listInboundPlans', { query: { ...pages(30), 'status?': one('ACTIVE', 'VOIDED', 'SHIPPED'), 'sortBy?': one('LAST_UPDATED_TIME', 'CREATION_TIME'), 'sortOrder?': one('ASC', 'DESC') }, answer: object({ 'inboundPlans?': list(object(plan)), 'pagination?': pagination }) }],
  [`post ${root}/inboundPlans`]: ['createInboundPlan', { sent: object({ 'name?': { ...text, maxLength: 40 }, sourceAddress: addressInput, destinationMarketplaces: list(text), items: list(itemInput) }), status: 202, answer: object({ inboundPlanId: text, operationId: text }) }],
  [`get ${inPlan}`]: ['getInboundPlan', { answer: object({ ...plan, 'packingOptions?': list(object({ packingOptionId: text, status: text })), 'placementOptions?': list(object({ placementOptionId: text, status: text })), 'shipments?': list(object({ shipmentId: text, status: text })) }) }],
  [`put ${inPlan}/cancellation`]: ['cancelInboundPlan', starts()],
  [`get ${root}/operations/{operationId}`]: ['getInboundOperationStatus', { answer: object({ operation: text, operationId: text, operationStatus: one('SUCCESS', 'FAILED', 'IN_PROGRESS'), operationProblems: list(object({ code: text, 'details?': text, message: text, severity: text })) }) }],
  [`get ${root}/items/prepDetails`]: ['listPrepDetails', { query: { marketplaceId: text, mskus: list(text) }, answer: object({ mskuPrepDetails: list(object({ 'allOwnersConstraint?': one('MUST_MATCH'), 'labelOwnerConstraint?': constraint, msku: text, prepCategory: text, 'prepOwnerConstraint?': constraint, prepTypes: list(text) })) }) }],
  [`post ${root}/items/labels`]: ['createMarketplaceItemLabels', {
    sent: object({ 'height?': number, labelType: one('STANDARD_FORMAT', 'THERMAL_PRINTING'), 'localeCode?': text, marketplaceId: text, mskuQuantities: list(object({ msku: text, quantity: whole })), 'pageType?': one('A4_21', 'A4_24', 'A4_24_64x33', 'A4_24_66x35', 'A4_24_70x36', 'A4_24_70x37', 'A4_24i', 'A4_27', 'A4_40_52x29', 'A4_44_48x25', 'Letter_30'), 'width?': number }),
    answer: object({ documentDownloads: list(object({ downloadType: text, 'expiration?': text, uri: text })) }),
  }],
  [`post ${inPlan}/packingOptions`]: ['generatePackingOptions', starts()],
  [`get ${inPlan}/packingOptions`]: ['listPackingOptions', { query: pages(20), answer: object({
    packingOptions: list(object({ discounts: list(incentive), 'expiration?': text, fees: list(incentive), packingGroups: list(text), packingOptionId: text, status: text, supportedConfigurations: list(object({ 'boxPackingMethods?': list(source), 'boxRequirements?': object({ weight: object({ minimum: number, maximum: number, unit: one('LB', 'KG') }) }), 'shippingRequirements?': list(shippingRequirement) })), supportedShippingConfigurations: list(object({ 'shippingMode?': text, 'shippingSolution?': text })) })), 'pagination?': pagination,
  }) }],
  [`get ${inPlan}/packingGroups/{packingGroupId}/items`]: ['listPackingGroupItems', { query: pages(100), answer: object({ items: list(item), 'pagination?': pagination }) }],
  [`post ${inPlan}/packingOptions/{packingOptionId}/confirmation`]: ['confirmPackingOption', starts()],
  [`post ${inPlan}/packingInformation`]: ['setPackingInformation', starts(object({ packageGroupings: list(object({ boxes: list(object({ contentInformationSource: source, dimensions, 'items?': list(itemInput), quantity: whole, weight })), 'packingGroupId?': text, 'shipmentId?': text })) }))],
  [`post ${inPlan}/placementOptions`]: ['generatePlacementOptions', starts(object({ 'customPlacement?': list(object({ items: list(itemInput), warehouseId: text })) }))],
  [`get ${inPlan}/placementOptions`]: ['listPlacementOptions', { query: pages(20), answer: object({ placementOptions: list(object({ discounts: list(incentive), 'expiration?': text, fees: list(incentive), placementOptionId: text, shipmentIds: list(text), status: text })), 'pagination?': pagination }) }],
  [`post ${inPlan}/placementOptions/{placementOptionId}/confirmation`]: ['confirmPlacementOption', starts()],
  [`post ${inPlan}/transportationOptions`]: ['generateTransportationOptions', starts(object({ placementOptionId: text, shipmentTransportationConfigurations: list(object({ 'contactInformation?': contact, 'freightInformation?': object({}), 'pallets?': list(object({})), readyToShipWindow: object({ start: text }), shipmentId: text })) }))],
  [`get ${inPlan}/transportationOptions`]: ['listTransportationOptions', { query: { ...pages(20), 'placementOptionId?': text, 'shipmentId?': text }, answer: object({
    transportationOptions: list(object({ carrier: object({ 'alphaCode?': text, 'name?': text }), 'carrierAppointment?': object({ startTime: text, endTime: text }), preconditions: list(text), 'quote?': object({ cost: money, 'expiration?': text, 'voidableUntil?': text }), shipmentId: text, shippingMode: text, shippingSolution: text, transportationOptionId: text })), 'pagination?': pagination,
  }) }],
  [`post ${inPlan}/transportationOptions/confirmation`]: ['confirmTransportationOptions', starts(object({ transportationSelections: list(object({ 'contactInformation?': contact, shipmentId: text, transportationOptionId: text })) }))],
  [`post ${inShipment}/deliveryWindowOptions`]: ['generateDeliveryWindowOptions', starts()],
  [`get ${inShipment}/deliveryWindowOptions`]: ['listDeliveryWindowOptions', { query: pages(100), answer: object({ deliveryWindowOptions: list(object({ availabilityType: text, deliveryWindowOptionId: text, 'discounts?': list(incentive), endDate: text, startDate: text, validUntil: text })), 'pagination?': pagination }) }],
  [`post ${inShipment}/deliveryWindowOptions/{deliveryWindowOptionId}/confirmation`]: ['confirmDeliveryWindowOptions', starts()],
  [`get ${inShipment}`]: ['getShipment', { answer: object({
    'amazonReferenceId?': text, 'contactInformation?': contact, 'dates?': object({ 'readyToShipWindow?': window }), destination: object({ 'address?': address, destinationType: text, 'warehouseId?': text }), 'name?': text, placementOptionId: text, 'selectedDeliveryWindow?': object({ availabilityType: text, deliveryWindowOptionId: text, 'editableUntil?': text, endDate: text, startDate: text }),
    'selectedTransportationOptionId?': text, 'shipmentConfirmationId?': text, shipmentId: text, source: object({ 'address?': address, sourceType: text }), 'status?': text, 'trackingDetails?': tracking,
  }) }],
  [`get ${inShipment}/items`]: ['listShipmentItems', { query: pages(100), answer: object({ items: list(item), 'pagination?': pagination }) }],
  [`get ${inShipment}/boxes`]: ['listShipmentBoxes', { query: pages(100), answer: object({ boxes: list(box), 'pagination?': pagination }) }],
  [`put ${inShipment}/trackingDetails`]: ['updateShipmentTrackingDetails', starts(object({ trackingDetails: object({ 'spdTrackingDetail?': object({ spdTrackingItems: list(object({ boxId: text, trackingId: text })) }) }) }))],
  'get /fba/inbound/v0/shipments/{shipmentId}/labels': ['getLabels', {
    query: { PageType: text, LabelType: one('BARCODE_2D', 'UNIQUE', 'PALLET'), 'NumberOfPackages?': whole, 'PackageLabelsToPrint?': list(text), 'NumberOfPallets?': whole, 'PageSize?': whole, 'PageStartIndex?': whole }, answer: object({ 'payload?': object({ 'DownloadURL?': text }) }),
  }],
  'get /fba/inbound/v0/shipments/{shipmentId}/items': ['getShipmentItemsByShipmentId', { query: { 'MarketplaceId?': text }, answer: object({ 'payload?': object({ 'ItemData?': list(object({ 'ShipmentId?': text, SellerSKU: text, 'FulfillmentNetworkSKU?': text, QuantityShipped: whole, 'QuantityReceived?': whole, 'QuantityInCase?': whole })), 'NextToken?': text }) }) }],
};

const json = (schema: JsonObject): JsonObject => ({ content: { 'application/json': { schema } } });

/** An OpenAPI document of the calls above. */
export function inboundDocument(): JsonObject {
  const paths: Record<string, Record<string, Json>> = {};
  for (const [place, [operationId, { query = {}, sent, status = 200, answer }]] of Object.entries(CALLS)) {
    const [method = '', path = ''] = place.split(' ');
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name: name!, in: 'path', required: true, schema: text }));
    const asked = Object.entries(query).map(([name, schema]) => ({ name: name.replace('?', ''), in: 'query', required: !name.endsWith('?'), schema, ...(schema['type'] === 'array' ? { style: 'form', explode: false } : {}) }));
    paths[path] = { ...paths[path], [method]: { operationId, parameters: [...named, ...asked] as unknown as Json, ...(sent ? { requestBody: { required: true, ...json(sent) } } : {}), responses: { [String(status)]: { description: operationId, ...json(answer) } } } };
  }
  return { openapi: '3.0.3', info: { title: 'inbound', version: '2024-03-20' }, paths };
}
