import { z } from 'zod';
import { DAY_MS, MINUTE_MS, toIso, type Instant } from '#kernel/time.ts';
import { refundsOf as movedBack, type Sale } from '../../world/index.ts';
import type { Route, VendorRequest, VendorResponse } from '../host.ts';
import { refuse } from './errors.ts';
import { cancelledBy, type Shop } from './shop.ts';

const MOST_PER_PAGE = 200;
const HANDLING_MS = 2 * DAY_MS;

/** eBay writes whole amounts with one zero and others with two digits at most: `24.0`, `24.99`. */
function usd(minor: number) {
  const text = (minor / 100).toFixed(2);
  return { value: text.endsWith('0') ? text.slice(0, -1) : text, currency: 'USD' };
}

const soldFor = (sale: Sale) => sale.unitMinor * sale.quantity + sale.shippingMinor;
/** What a seller gives back is carried out so long after it was asked for. */
const REFUND_TAKES_MS = 5 * MINUTE_MS;
const carriedOutAt = (refund: { readonly at: Instant; readonly reference: string | null }): Instant => refund.at + (refund.reference === null ? 0 : REFUND_TAKES_MS);

/** The tax was the state's and eBay gives it back: the seller's part is the rest. */
function refundsOf(sale: Sale, now: Instant) {
  return movedBack(sale).map((refund) => {
    const at = carriedOutAt(refund);
    return { refundId: refund.reference ?? `RF-${sale.id}`, ...(at <= now ? { refundDate: toIso(at) } : {}), amount: usd(refund.minor), refundStatus: at <= now ? 'REFUNDED' : 'PENDING', minor: refund.minor };
  });
}

/** A refund that is carried out changes the order. */
const changedAt = (sale: Sale, now: Instant): Instant => Math.max(sale.changedAt, ...movedBack(sale).map(carriedOutAt).filter((at) => at <= now));

function lineOf(sale: Sale, title: string) {
  const shipped = sale.shippedAt !== null;
  return {
    lineItemId: sale.lineItemId, legacyItemId: sale.listingId, sku: sale.sku, title, quantity: sale.quantity, soldFormat: 'FIXED_PRICE', listingMarketplaceId: 'EBAY_US', purchaseMarketplaceId: 'EBAY_US',
    lineItemCost: usd(sale.unitMinor * sale.quantity), deliveryCost: { shippingCost: usd(sale.shippingMinor) }, total: usd(soldFor(sale)), taxes: [],
    ...(sale.salesTaxMinor > 0 ? { ebayCollectAndRemitTaxes: [{ taxType: 'STATE_SALES_TAX', amount: usd(sale.salesTaxMinor), collectionMethod: 'NET' }] } : {}),
    lineItemFulfillmentStatus: shipped ? 'FULFILLED' : 'NOT_STARTED', lineItemFulfillmentInstructions: { shipByDate: toIso(sale.createdAt + HANDLING_MS), guaranteedDelivery: false },
    properties: { buyerProtection: true },
  };
}

function addressOf({ shipTo }: Sale) {
  return {
    fullName: shipTo.name, email: shipTo.email, primaryPhone: { phoneNumber: shipTo.phone },
    contactAddress: { addressLine1: shipTo.line1, ...(shipTo.line2 ? { addressLine2: shipTo.line2 } : {}), city: shipTo.city, stateOrProvince: shipTo.state, postalCode: shipTo.postalCode, countryCode: shipTo.country },
  };
}

function orderBody(shop: Shop, sale: Sale) {
  const now = shop.world.now();
  const gross = soldFor(sale);
  const fee = sale.feeMinor - sale.feeCreditMinor;
  const all = refundsOf(sale, now);
  const refunds = all.map(({ minor: _minor, ...refund }) => refund);
  const back = all.filter((refund) => refund.refundStatus === 'REFUNDED').reduce((total, refund) => total + refund.minor, 0);
  const cancelled = sale.cancelledAt !== null;
  return {
    orderId: sale.id, creationDate: toIso(sale.createdAt), lastModifiedDate: toIso(changedAt(sale, now)), sellerId: 'practice_seller', salesRecordReference: sale.lineItemId,
    orderPaymentStatus: back >= gross ? 'FULLY_REFUNDED' : back > 0 ? 'PARTIALLY_REFUNDED' : 'PAID', orderFulfillmentStatus: sale.shippedAt === null ? 'NOT_STARTED' : 'FULFILLED',
    buyer: { username: sale.buyerUsername },
    cancelStatus: cancelled
      ? { cancelState: 'CANCELED', cancelledDate: toIso(sale.cancelledAt!), cancelRequests: [{ cancelRequestId: `CR-${sale.lineItemId}`, cancelRequestState: 'COMPLETED', ...cancelledBy(shop, sale) }] }
      : { cancelState: 'NONE_REQUESTED', cancelRequests: [] },
    pricingSummary: { priceSubtotal: usd(sale.unitMinor * sale.quantity), deliveryCost: usd(sale.shippingMinor), total: usd(gross) },
    paymentSummary: {
      totalDueSeller: usd(gross - fee - back), refunds,
      payments: [{ paymentMethod: 'EBAY', paymentReferenceId: `PY-${sale.id}`, paymentDate: toIso(sale.createdAt), amount: usd(gross), paymentStatus: 'PAID' }],
    },
    ebayCollectAndRemitTax: sale.salesTaxMinor > 0, totalFeeBasisAmount: usd(sale.totalMinor), totalMarketplaceFee: usd(fee),
    fulfillmentStartInstructions: [{ fulfillmentInstructionsType: 'SHIP_TO', ebaySupportedFulfillment: false, shippingStep: { shipTo: addressOf(sale), shippingCarrierCode: 'USPS', shippingServiceCode: 'USPSGroundAdvantage' } }],
    fulfillmentHrefs: sale.tracking ? [`/sell/fulfillment/v1/order/${sale.id}/shipping_fulfillment/${sale.tracking.number}`] : [],
    lineItems: [lineOf(sale, shop.world.catalog.byId(sale.productId).title)],
  };
}

/** `field:[from..to]` in a filter; null when it is not there. */
function rangeOf(filter: string, field: string): { from: Instant; to: Instant } | 'malformed' | null {
  if (!filter.includes(`${field}:`)) return null;
  const match = new RegExp(`${field}:\\[([^\\].]+(?:\\.\\d+Z?)?)\\.\\.([^\\]]*)\\]`).exec(filter);
  const from = Date.parse(match?.[1] ?? '');
  const to = match?.[2] ? Date.parse(match[2]) : Number.MAX_SAFE_INTEGER;
  return Number.isNaN(from) || Number.isNaN(to) ? 'malformed' : { from, to };
}

function paged(request: VendorRequest): { limit: number; offset: number } | null {
  const limit = Number(request.query.get('limit') ?? 50);
  const offset = Number(request.query.get('offset') ?? 0);
  return Number.isSafeInteger(limit) && limit >= 1 && limit <= MOST_PER_PAGE && Number.isSafeInteger(offset) && offset >= 0 ? { limit, offset } : null;
}

function listOrders(shop: Shop, request: VendorRequest): VendorResponse {
  const filter = request.query.get('filter') ?? '';
  const created = rangeOf(filter, 'creationdate');
  const modified = rangeOf(filter, 'lastmodifieddate');
  const page = paged(request);
  if (created === 'malformed' || modified === 'malformed') return refuse(400, { errorId: 30700, domain: 'API_FULFILLMENT', message: 'Invalid filter field(s).' });
  if (!page) return refuse(400, { errorId: 30810, domain: 'API_FULFILLMENT', message: 'Invalid limit or offset.' });
  const status = /orderfulfillmentstatus:\{([A-Z_|]+)\}/.exec(filter)?.[1]?.split('|');
  const ids = request.query.get('orderIds')?.split(',');
  const wanted = (sale: Sale) => {
    if (ids) return ids.includes(sale.id);
    // Given both ranges, eBay looks at the creation date alone.
    if (created) return sale.createdAt >= created.from && sale.createdAt <= created.to;
    if (modified && (changedAt(sale, request.at) < modified.from || changedAt(sale, request.at) > modified.to)) return false;
    return !status || status.includes(sale.shippedAt === null ? 'NOT_STARTED' : 'FULFILLED');
  };
  const matching = shop.world.sales('ebay').filter(wanted);
  const orders = matching.slice(page.offset, page.offset + page.limit).map((sale) => orderBody(shop, sale));
  const next = page.offset + orders.length < matching.length ? { next: `${request.path}?limit=${page.limit}&offset=${page.offset + page.limit}` } : {};
  return { status: 200, body: { href: request.path, total: matching.length, ...page, ...next, orders } };
}

export function withSale(handle: (shop: Shop, sale: Sale, request: VendorRequest) => VendorResponse) {
  return (shop: Shop, request: VendorRequest): VendorResponse => {
    const sale = shop.world.sale(request.params['orderId'] ?? '');
    return sale?.channel === 'ebay' ? handle(shop, sale, request) : refuse(404, { errorId: 32100, domain: 'API_FULFILLMENT', message: 'Invalid order ID.' });
  };
}

function shipmentBody(sale: Sale) {
  return { fulfillmentId: sale.tracking!.number, shipmentTrackingNumber: sale.tracking!.number, shippingCarrierCode: sale.tracking!.carrier, shippedDate: toIso(sale.shippedAt!), lineItems: [{ lineItemId: sale.lineItemId, quantity: sale.quantity }] };
}

function listShipments(_shop: Shop, sale: Sale): VendorResponse {
  const fulfillments = sale.tracking ? [shipmentBody(sale)] : [];
  return { status: 200, body: { total: fulfillments.length, fulfillments } };
}

const shipmentSchema = z.object({
  lineItems: z.array(z.object({ lineItemId: z.string(), quantity: z.int().positive() })).min(1), shippedDate: z.iso.datetime().optional(),
  shippingCarrierCode: z.string().min(1), trackingNumber: z.string().regex(/^[A-Za-z0-9]+$/),
});

const wrongShipment = (errorId: number, message: string) => refuse(400, { errorId, domain: 'API_FULFILLMENT', message });

function createShipment(shop: Shop, sale: Sale, request: VendorRequest): VendorResponse {
  const parsed = shipmentSchema.safeParse(request.json());
  if (!parsed.success) return wrongShipment(32500, `Invalid value for ${parsed.error.issues[0]?.path.join('.') ?? 'body'}.`);
  if (parsed.data.lineItems.some((line) => line.lineItemId !== sale.lineItemId)) return wrongShipment(32110, 'Invalid line item.');
  if (parsed.data.lineItems.some((line) => line.quantity > sale.quantity)) return wrongShipment(32120, 'Invalid quantity.');
  const shipped = shop.world.actions.shipSale(sale.id, { carrier: parsed.data.shippingCarrierCode, number: parsed.data.trackingNumber });
  if (!shipped.ok) return refuse(409, { errorId: 32600, domain: 'API_FULFILLMENT', category: 'BUSINESS', message: shipped.refusal.message });
  shop.count('shipmentsReported');
  return { status: 201, headers: { location: `/sell/fulfillment/v1/order/${sale.id}/shipping_fulfillment/${parsed.data.trackingNumber}` }, body: {} };
}

/** Money movements: a sale net of its fee, and its refund. */
function listTransactions(shop: Shop, request: VendorRequest): VendorResponse {
  const span = rangeOf(request.query.get('filter') ?? '', 'transactionDate');
  const page = paged(request);
  if (span === 'malformed' || !page) return refuse(400, { errorId: 135001, domain: 'ACCESS', message: 'Invalid filter, limit or offset.' });
  const within = (at: Instant) => !span || (at >= span.from && at <= span.to);
  const all = shop.world.sales('ebay').flatMap((sale) => {
    const common = { orderId: sale.id, buyer: { username: sale.buyerUsername }, transactionStatus: 'FUNDS_AVAILABLE_FOR_PAYOUT' };
    const sold = { ...common, transactionId: `TS-${sale.id}`, transactionType: 'SALE', bookingEntry: 'CREDIT', transactionDate: toIso(sale.createdAt), amount: usd(soldFor(sale) - sale.feeMinor), totalFeeAmount: usd(sale.feeMinor), totalFeeBasisAmount: usd(sale.totalMinor) };
    const given = movedBack(sale);
    // fees come back with the last of the money
    const back = given.map((refund, n) => {
      const credit = n === given.length - 1 ? sale.feeCreditMinor : 0;
      return { at: carriedOutAt(refund), entry: { ...common, transactionId: `TR-${refund.id}`, transactionType: 'REFUND', bookingEntry: 'DEBIT', transactionDate: toIso(carriedOutAt(refund)), amount: usd(refund.minor - credit), totalFeeAmount: usd(credit) } };
    });
    return [...(within(sale.createdAt) ? [sold] : []), ...back.filter(({ at }) => at <= request.at && within(at)).map(({ entry }) => entry)];
  });
  const transactions = all.slice(page.offset, page.offset + page.limit);
  return { status: 200, body: { href: request.path, total: all.length, ...page, transactions } };
}

/** Orders, shipments and money movements. */
export function orderRoutes(shop: Shop): Route[] {
  const on = (method: Route['method'], pattern: string, given: { name: string; handle: (shop: Shop, request: VendorRequest) => VendorResponse }): Route => ({ method, pattern, name: given.name, handle: (request) => given.handle(shop, request) });
  const order = '/sell/fulfillment/v1/order';
  return [
    on('GET', order, { name: 'getOrders', handle: listOrders }),
    on('GET', `${order}/{orderId}`, { name: 'getOrder', handle: withSale((own, sale) => ({ status: 200, body: orderBody(own, sale) })) }),
    on('GET', `${order}/{orderId}/shipping_fulfillment`, { name: 'getShippingFulfillments', handle: withSale(listShipments) }),
    on('POST', `${order}/{orderId}/shipping_fulfillment`, { name: 'createShippingFulfillment', handle: withSale(createShipment) }),
    on('GET', '/sell/finances/v1/transaction', { name: 'getTransactions', handle: listTransactions }),
  ];
}
