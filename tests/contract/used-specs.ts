import { isObject, type JsonObject } from './normalize-schema.ts';
import { Spec } from './spec.ts';

/** eBay's Inventory document types `product.aspects` as text, while its description, its own sample and the service have names with lists of values. */
export function correctInventory(document: JsonObject): void {
  const components = document['components'];
  const schemas = isObject(components) ? components['schemas'] : undefined;
  const product = isObject(schemas) ? schemas['Product'] : undefined;
  const properties = isObject(product) ? product['properties'] : undefined;
  if (isObject(properties)) properties['aspects'] = { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } };
}

function answers(node: JsonObject, schema: JsonObject): void {
  node['responses'] = { 200: { description: 'OK', content: { 'application/json': { schema } } } };
}

/**
 * The Post-Order document names the calls and neither what is sent nor what is answered. Both are given here as eBay's own reference has them (CreateCancelRequest, CreateCancelResponse,
 * CancelSummary and the query of "Search Cancellations"; version 2.7.8, read 2026-11-21).
 */
export function correctCancellation(document: JsonObject): void {
  const date = { type: 'object', properties: { value: { type: 'string', format: 'date-time' }, formattedValue: { type: 'string' } } };
  const eligibility = { type: 'object', properties: { eligible: { type: 'boolean' }, eligibleCancelReason: { type: 'array', items: { type: 'string' } }, failureReason: { type: 'array', items: { type: 'string' } }, itemEligibilityResult: { type: 'array', items: { type: 'object' } }, legacyOrderId: { type: 'string' } } };
  const text = { type: 'string' };
  const paths = document['paths'];
  const at = (path: string, method: string): JsonObject => {
    const item = isObject(paths) ? paths[path] : undefined;
    const node = isObject(item) ? item[method] : undefined;
    if (!isObject(node)) throw new Error(`the document has no ${method} ${path}`);
    return node;
  };
  const create = at('/cancellation', 'post');
  create['requestBody'] = { required: true, content: { 'application/json': { schema: { type: 'object', required: ['legacyOrderId'], properties: { buyerPaid: { type: 'boolean' }, buyerPaidDate: date, cancelReason: text, legacyOrderId: text } } } } };
  answers(create, { type: 'object', properties: { cancelId: text, orderEligibilityResult: eligibility, warnings: { type: 'array', items: { type: 'object' } } } });
  const search = at('/cancellation/search', 'get');
  search['parameters'] = ['cancel_id', 'creation_date_range_from', 'creation_date_range_to', 'item_id', 'legacy_order_id', 'limit', 'offset', 'role', 'sort', 'transaction_id'].map((name) => ({ name, in: 'query', schema: text }));
  const summary = { type: 'object', properties: { ...Object.fromEntries(['buyerLoginName', 'cancelId', 'cancelReason', 'cancelState', 'cancelStatus', 'legacyOrderId', 'marketplaceId', 'paymentStatus', 'requestorType'].map((name) => [name, text])), cancelRequestDate: date, cancelCloseDate: date, buyerResponseDueDate: date, sellerResponseDueDate: date, shipmentDate: date } };
  const pages = { type: 'object', properties: Object.fromEntries(['limit', 'offset', 'totalEntries', 'totalPages'].map((name) => [name, { type: 'integer' }])) };
  answers(search, { type: 'object', properties: { cancellations: { type: 'array', items: summary }, paginationOutput: pages, total: { type: 'integer' } } });
}

const object = (properties: JsonObject): JsonObject => ({ type: 'object', properties });
const list = (items: JsonObject): JsonObject => ({ type: 'array', items });
const body = (schema: JsonObject): JsonObject => ({ required: true, content: { 'application/json': { schema } } });

/**
 * As the cancellations', the document of returns names the calls alone. What is sent and answered is given here as eBay's own reference has it (Search Returns, Get Return, ReturnSummaryType, DecideReturnRequest,
 * IssueRefundRequest; versions 2.7.8 and 2.8.0, read 2026-11-22).
 */
export function correctReturn(document: JsonObject): void {
  const text = { type: 'string' };
  const date = { type: 'object', properties: { value: { type: 'string', format: 'date-time' }, formattedValue: text } };
  const amount = { type: 'object', properties: { value: { type: 'number' }, currency: text, convertedFromValue: { type: 'number' }, convertedFromCurrency: text, exchangeRate: text } };
  const sent = { type: 'object', required: ['value', 'currency'], properties: { value: text, currency: text } };
  const due = object({ activityDue: text, respondByDate: date });
  const refund = object({ actualRefundAmount: amount, estimatedRefundAmount: amount });
  const options = list(object({ actionType: text, actionURL: text }));
  const summary = object({
    ...Object.fromEntries(['returnId', 'orderId', 'buyerLoginName', 'sellerLoginName', 'currentType', 'state', 'status'].map((name) => [name, text])), sellerAvailableOptions: options, buyerAvailableOptions: options, sellerResponseDue: due, buyerResponseDue: due, timeoutDate: date, sellerTotalRefund: refund, buyerTotalRefund: refund,
    creationInfo: object({ type: text, reason: text, reasonType: text, comments: object({ content: text }), creationDate: date, item: object({ itemId: text, transactionId: text, returnQuantity: { type: 'integer' } }) }),
  });
  const paths = document['paths'];
  const at = (path: string, method: string): JsonObject => (isObject(paths) && isObject(paths[path]) && isObject(paths[path][method]) ? paths[path][method] : {});
  const search = at('/return/search', 'get');
  search['operationId'] = 'searchReturns';
  search['parameters'] = ['creation_date_range_from', 'creation_date_range_to', 'item_id', 'limit', 'offset', 'order_id', 'return_id', 'return_state', 'role', 'sort', 'states', 'transaction_id'].map((name) => ({ name, in: 'query', schema: text }));
  answers(search, object({ members: list(summary), total: { type: 'integer' }, paginationOutput: object(Object.fromEntries(['limit', 'offset', 'totalEntries', 'totalPages'].map((name) => [name, { type: 'integer' }]))) }));
  const get = at('/return/{returnId}', 'get');
  get['parameters'] = [{ name: 'returnId', in: 'path', required: true, schema: text }, { name: 'fieldgroups', in: 'query', schema: { type: 'string', enum: ['FULL', 'SUMMARY'] } }];
  answers(get, object({ summary, detail: object({ refundInfo: object({ estimatedRefundDetail: object({ itemizedRefundDetails: list(object({ refundFeeType: text, estimatedAmount: amount })) }) }) }) }));
  const decide = at('/return/{returnId}/decide', 'post');
  decide['requestBody'] = body({ ...object({ decision: { type: 'string', enum: ['APPROVE', 'DECLINE', 'OFFER_PARTIAL_REFUND', 'PROVIDE_RMA'] }, comments: object({ content: text }), keepOriginalItem: { type: 'boolean' }, partialRefundAmount: sent, RMANumber: text }), required: ['decision'] });
  answers(decide, object({ refundStatus: text }));
  const issue = at('/return/{returnId}/issue_refund', 'post');
  issue['requestBody'] = body({ ...object({ comments: object({ content: text }), refundDetail: { ...object({ itemizedRefundDetail: list({ ...object({ refundAmount: sent, refundFeeType: text, restockingFeePercentage: text }), required: ['refundAmount', 'refundFeeType'] }), totalAmount: sent }), required: ['itemizedRefundDetail', 'totalAmount'] } }), required: ['refundDetail'] });
  answers(issue, object({ refundStatus: text }));
}

/** Fields of an inquiry's and a case's summary, and the pages that they come in, as InquirySummaryType and CaseSummaryType have them. */
function claimSearch(given: { readonly id: string; readonly status: string; readonly count: string; readonly range: string; readonly filters: readonly string[] }): { readonly parameters: JsonObject[]; readonly answer: JsonObject } {
  const [text, number] = [{ type: 'string' }, { type: 'integer' }];
  const date = { type: 'object', properties: { value: { type: 'string', format: 'date-time' }, formattedValue: text } };
  const amount = { type: 'object', properties: { value: { type: 'number' }, currency: text, convertedFromValue: { type: 'number' }, convertedFromCurrency: text, exchangeRate: text } };
  const summary = object({ [given.id]: number, [given.status]: text, buyer: text, seller: text, itemId: number, transactionId: number, claimAmount: amount, creationDate: date, lastModifiedDate: date, respondByDate: date });
  return {
    parameters: [`${given.range}_from`, `${given.range}_to`, 'fieldgroups', 'item_id', 'limit', 'offset', 'order_id', 'sort', 'transaction_id', ...given.filters].map((name) => ({ name, in: 'query', schema: text })),
    answer: object({ members: list(summary), [given.count]: number, paginationOutput: object(Object.fromEntries(['limit', 'offset', 'totalEntries', 'totalPages'].map((name) => [name, number]))) }),
  };
}

/**
 * As the cancellations', the documents of inquiries and cases name the calls alone. Given here as eBay's reference has them (Search Inquiries, Get Inquiry, ShipmentInfoRequest, InquiryVoluntaryRefundRequest, EscalateInquiryRequest,
 * VoluntaryRefundResponse, Search Cases; versions 2.7.8 and 2.8.0, excerpts read 2026-11-22, and a public client's types of the summaries).
 */
export function correctInquiry(document: JsonObject): void {
  const [text, comments] = [{ type: 'string' }, object({ content: { type: 'string' }, language: { type: 'string' } })];
  const date = { type: 'object', properties: { value: { type: 'string', format: 'date-time' } } };
  const paths = document['paths'];
  const at = (path: string, method: string): JsonObject => (isObject(paths) && isObject(paths[path]) && isObject(paths[path][method]) ? paths[path][method] : {});
  const search = at('/inquiry/search', 'get');
  const found = claimSearch({ id: 'inquiryId', status: 'inquiryStatusEnum', count: 'totalNumberOfInquiries', range: 'inquiry_creation_date_range', filters: ['inquiry_status'] });
  search['operationId'] = 'searchInquiries';
  search['parameters'] = found.parameters;
  answers(search, found.answer);
  answers(at('/inquiry/{inquiryId}', 'get'), object({ ...Object.fromEntries(['inquiryId', 'itemId', 'transactionId', 'status', 'state', 'initiator', 'creationReason'].map((name) => [name, text])), inquiryQuantity: { type: 'integer' }, claimAmount: object({ value: { type: 'number' }, currency: text }) }));
  at('/inquiry/{inquiryId}/provide_shipment_info', 'post')['requestBody'] = body(object({ shippingCarrierName: text, trackingNumber: text, shippedWithTracking: { type: 'boolean' }, proofOfShipmentUploaded: { type: 'boolean' }, shippingDate: date, sellerComments: comments }));
  const refund = at('/inquiry/{inquiryId}/issue_refund', 'post');
  refund['requestBody'] = body(object({ comments }));
  answers(refund, object({ refundResult: object({ refundSource: text, refundStatus: { type: 'string', enum: ['FAILED', 'OTHER', 'PENDING', 'SUCCESS'] } }) }));
  const escalate = at('/inquiry/{inquiryId}/escalate', 'post');
  // the document has the reason as a parameter, which the reference has in the body
  escalate['parameters'] = [{ name: 'inquiryId', in: 'path', required: true, schema: text }];
  escalate['requestBody'] = body({ ...object({ comments, escalateInquiryReason: { type: 'string', enum: ['BUYER_TROUBLE', 'BUYER_UNHAPPY', 'NOT_RECEIVED', 'NO_REFUND', 'OTHERS', 'SELLER_NORESPONSE', 'SHIPPED_ITEM', 'TROUBLE_COMMUNICATION'] } }), required: ['comments', 'escalateInquiryReason'] });
}

/** See `correctInquiry`. */
export function correctCase(document: JsonObject): void {
  const paths = document['paths'];
  const path = isObject(paths) ? paths['/casemanagement/search'] : undefined;
  const search = isObject(path) ? path['get'] : undefined;
  if (!isObject(search)) throw new Error('the document has no search of cases');
  const found = claimSearch({ id: 'caseId', status: 'caseStatusEnum', count: 'totalNumberOfCases', range: 'case_creation_date_range', filters: ['case_status_filter', 'return_id'] });
  search['operationId'] = 'searchCases';
  search['parameters'] = found.parameters;
  answers(search, found.answer);
}

/** The Media document is of an earlier version, with videos alone. Sending a picture is given here as eBay's own reference has it (createImageFromFile; version 1_beta.5, read 2026-11-21). */
export function correctMedia(document: JsonObject): void {
  const paths = document['paths'];
  const create: JsonObject = { operationId: 'createImageFromFile', parameters: [], requestBody: { required: true, content: { 'multipart/form-data': { schema: { type: 'object', required: ['image'], properties: { image: { type: 'string' } } } } } } };
  create['responses'] = { 201: { description: 'Created', content: { 'application/json': { schema: { type: 'object', properties: { expirationDate: { type: 'string' }, imageUrl: { type: 'string' } } } } } } };
  if (isObject(paths)) paths['/image/create_image_from_file'] = { post: create };
}

/** The documents that a connector is held to, with the start of the paths that each describes. */
export const USED_SPECS: readonly { readonly file: string; readonly vendor: 'amazon' | 'ebay' | 'etsy'; readonly prefix: string; readonly correct?: (document: JsonObject) => void }[] = [
  { file: 'amazon-sp-api/models/catalogItems_2022-04-01.json', vendor: 'amazon', prefix: '/catalog/2022-04-01' },
  { file: 'amazon-sp-api/models/productPricingV0.json', vendor: 'amazon', prefix: '/products/pricing/v0' },
  { file: 'amazon-sp-api/models/productFeesV0.json', vendor: 'amazon', prefix: '/products/fees/v0' },
  { file: 'amazon-sp-api/models/listingsRestrictions_2021-08-01.json', vendor: 'amazon', prefix: '/listings/2021-08-01/restrictions' },
  { file: 'amazon-sp-api/models/listingsItems_2021-08-01.json', vendor: 'amazon', prefix: '/listings/2021-08-01/items' },
  { file: 'amazon-sp-api/models/definitionsProductTypes_2020-09-01.json', vendor: 'amazon', prefix: '/definitions/2020-09-01' },
  { file: 'amazon-sp-api/models/orders_2026-01-01.json', vendor: 'amazon', prefix: '/orders/2026-01-01' },
  { file: 'amazon-sp-api/models/ordersV0.json', vendor: 'amazon', prefix: '/orders/v0' },
  { file: 'amazon-sp-api/models/finances_2024-06-19.json', vendor: 'amazon', prefix: '/finances/2024-06-19' },
  { file: 'amazon-sp-api/models/fbaInventory.json', vendor: 'amazon', prefix: '/fba/inventory/v1' },
  { file: 'amazon-sp-api/models/messaging.json', vendor: 'amazon', prefix: '/messaging/v1' },
  { file: 'ebay/oas3/sell_inventory_v1_oas3.json', vendor: 'ebay', prefix: '/sell/inventory/v1', correct: correctInventory },
  { file: 'ebay/oas3/sell_account_v1_oas3.json', vendor: 'ebay', prefix: '/sell/account/v1' },
  { file: 'ebay/oas3/sell_fulfillment_v1_oas3.json', vendor: 'ebay', prefix: '/sell/fulfillment/v1' },
  { file: 'ebay/oas3/sell_finances_v1_oas3.json', vendor: 'ebay', prefix: '/sell/finances/v1' },
  { file: 'ebay/oas3/commerce_taxonomy_v1_oas3.json', vendor: 'ebay', prefix: '/commerce/taxonomy/v1' },
  { file: 'ebay/oas3/developer_analytics_v1_beta_oas3.json', vendor: 'ebay', prefix: '/developer/analytics/v1_beta' },
  { file: 'ebay/oas3/buy_browse_v1_oas3.json', vendor: 'ebay', prefix: '/buy/browse/v1' },
  { file: 'ebay/oas3/buy_marketplace_insights_v1_beta_oas3.json', vendor: 'ebay', prefix: '/buy/marketplace_insights/v1_beta' },
  { file: 'ebay/post-order/cancellation_oas3.json', vendor: 'ebay', prefix: '/post-order/v2/cancellation', correct: correctCancellation },
  { file: 'ebay/post-order/return_oas3.json', vendor: 'ebay', prefix: '/post-order/v2/return', correct: correctReturn },
  { file: 'ebay/post-order/inquiry_oas3.json', vendor: 'ebay', prefix: '/post-order/v2/inquiry', correct: correctInquiry },
  { file: 'ebay/post-order/case_oas3.json', vendor: 'ebay', prefix: '/post-order/v2/casemanagement', correct: correctCase },
  { file: 'ebay/oas3/commerce_media_v1_beta_oas3.json', vendor: 'ebay', prefix: '/commerce/media/v1_beta', correct: correctMedia },
  { file: 'etsy/baseline.json', vendor: 'etsy', prefix: '/v3/application' },
];

/** The documents of one vendor, by path. */
export async function loadSpecs(vendor: 'amazon' | 'ebay' | 'etsy'): Promise<(path: string) => Spec | undefined> {
  const loaded = await Promise.all(USED_SPECS.filter((used) => used.vendor === vendor).map(async (used) => ({ prefix: used.prefix, spec: await Spec.load(used.file, { correct: used.correct }) })));
  return (path) => loaded.find((entry) => path.startsWith(entry.prefix))?.spec;
}
