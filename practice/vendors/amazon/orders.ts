import { z } from 'zod';
import { DAY_MS, MINUTE_MS, toIso, type Instant } from '#kernel/time.ts';
import { claimOf, refundsOf, type Sale, type SaleRefund } from '../../world/index.ts';
import type { VendorRequest, VendorResponse } from '../host.ts';
import { PRACTICE_SELLER_ID, US_MARKETPLACE } from './bodies.ts';
import type { AccountCharge } from './inbound-plan.ts';
import { sentByAmazon } from './listings.ts';
import { invalid, refusal } from './refusals.ts';
import type { Desk } from './selling.ts';

const VENDOR = 'amazon';
/** A period must have ended so long ago. */
const SETTLED_MS = 2 * MINUTE_MS;
const MOST_PER_PAGE = 100;

const usd = (minor: number) => ({ amount: (minor / 100).toFixed(2), currencyCode: 'USD' });
/** What the buyer paid for goods and shipping: the seller's part before fees. */
const soldFor = (sale: Sale) => sale.totalMinor - sale.salesTaxMinor;

const statusOf = (sale: Sale) => (sale.status === 'cancelled' ? 'CANCELLED' : sale.shippedAt === null ? 'UNSHIPPED' : 'SHIPPED');

function itemOf(desk: Desk, sale: Sale, wanted: ReadonlySet<string>) {
  const product = desk.world.catalog.byId(sale.productId);
  const done = sale.shippedAt === null ? 0 : sale.quantity;
  return {
    orderItemId: sale.lineItemId, quantityOrdered: sale.quantity,
    product: { asin: product.asin, title: product.title, sellerSku: sale.sku, price: { unitPrice: usd(sale.unitMinor) } },
    ...(wanted.has('PROCEEDS') ? { proceeds: { proceedsTotal: usd(sale.totalMinor), breakdowns: [{ type: 'ITEM', subtotal: usd(sale.unitMinor * sale.quantity) }, { type: 'SHIPPING', subtotal: usd(sale.shippingMinor) }, { type: 'TAX', subtotal: usd(sale.salesTaxMinor) }] } } : {}),
    ...(wanted.has('CANCELLATION') && sale.status === 'cancelled' ? { cancellation: { cancellationExecution: { cancelledBy: 'BUYER', cancelReason: 'BUYER_CANCELLED' } } } : {}),
    ...(wanted.has('FULFILLMENT') ? { fulfillment: { quantityFulfilled: done, quantityUnfulfilled: sale.status === 'cancelled' ? 0 : sale.quantity - done } } : {}),
    ...(wanted.has('TAX') ? { tax: { taxCollections: [{ model: 'MARKETPLACE_FACILITATOR', responsibleParty: 'Amazon Services, Inc.' }] } } : {}),
  };
}

function packagesOf({ world }: Desk, sale: Sale) {
  if (!sale.tracking) return [];
  return [{
    packageReferenceId: String(world.document(VENDOR, `package/${sale.id}`) ?? 1), createdTime: toIso(sale.shippedAt!), packageStatus: { status: sale.deliveredAt === null ? 'IN_TRANSIT' : 'DELIVERED' }, carrier: sale.tracking.carrier,
    shipTime: toIso(sale.shippedAt!), trackingNumber: sale.tracking.number, packageItems: [{ orderItemId: sale.lineItemId, quantity: sale.quantity }],
  }];
}

function orderBody(desk: Desk, sale: Sale, wanted: ReadonlySet<string>) {
  const { shipTo } = sale;
  return {
    orderId: sale.id, createdTime: toIso(sale.createdAt), lastUpdatedTime: toIso(sale.changedAt), salesChannel: { channelName: 'AMAZON', marketplaceId: US_MARKETPLACE, marketplaceName: 'Amazon.com' },
    ...(wanted.has('BUYER') ? { buyer: { buyerName: shipTo.name, buyerEmail: `${sale.lineItemId}@marketplace.practice.invalid` } } : {}),
    ...(wanted.has('RECIPIENT') ? { recipient: { deliveryAddress: { name: shipTo.name, addressLine1: shipTo.line1, addressLine2: shipTo.line2, city: shipTo.city, stateOrRegion: shipTo.state, postalCode: shipTo.postalCode, countryCode: shipTo.country, phone: shipTo.phone, addressType: 'RESIDENTIAL' } } } : {}),
    ...(wanted.has('PROCEEDS') ? { proceeds: { grandTotal: usd(sale.totalMinor) } } : {}),
    ...(wanted.has('FULFILLMENT') ? { fulfillment: { fulfillmentStatus: statusOf(sale), fulfilledBy: sentByAmazon(desk, sale.sku) ? 'AMAZON' : 'MERCHANT', fulfillmentServiceLevel: 'STANDARD', shipByWindow: { earliestDateTime: toIso(sale.createdAt), latestDateTime: toIso(sale.createdAt + 2 * DAY_MS) } } } : {}),
    orderItems: [itemOf(desk, sale, wanted)], ...(wanted.has('PACKAGES') ? { packages: packagesOf(desk, sale) } : {}),
  };
}

const dataSets = (request: VendorRequest) => new Set(request.query.get('includedData')?.split(',') ?? []);
const offsetOf = (token: string | null) => (token === null ? 0 : Number(/^practice-(\d+)$/.exec(token)?.[1] ?? Number.NaN));

/** Amazon packs within half a day what lies with it. */
function sendFromWarehouse(desk: Desk, at: Instant): void {
  for (const sale of desk.world.sales('amazon')) {
    if (sale.status === 'paid' && sale.createdAt + DAY_MS / 2 <= at && sentByAmazon(desk, sale.sku)) desk.world.actions.shipSale(sale.id, { carrier: 'AMZL', number: `TBA${sale.lineItemId}` });
  }
}

export function searchOrders(desk: Desk, request: VendorRequest): VendorResponse {
  const { query, at } = request;
  const after = Date.parse(query.get('lastUpdatedAfter') ?? '');
  const before = query.has('lastUpdatedBefore') ? Date.parse(query.get('lastUpdatedBefore') ?? '') : at;
  const size = Number(query.get('maxResultsPerPage') ?? MOST_PER_PAGE);
  const offset = offsetOf(query.get('paginationToken'));
  if (Number.isNaN(after) || Number.isNaN(before)) return invalid('give lastUpdatedAfter as a date-time');
  if (query.has('lastUpdatedBefore') && (before > at - SETTLED_MS || before < after)) return invalid('lastUpdatedBefore must be after lastUpdatedAfter and two minutes before the request');
  if (!Number.isInteger(size) || size < 1 || size > MOST_PER_PAGE || Number.isNaN(offset)) return invalid('maxResultsPerPage is 1 to 100, paginationToken one that was given');
  if (query.has('marketplaceIds') && query.get('marketplaceIds') !== US_MARKETPLACE) return { status: 200, body: { orders: [] } };
  const statuses = query.get('fulfillmentStatuses')?.split(',');
  sendFromWarehouse(desk, at);
  const by = query.get('fulfilledBy');
  const sales = desk.world.sales('amazon').filter((sale) => (by === null || (by === 'AMAZON') === sentByAmazon(desk, sale.sku)) && sale.changedAt >= after && sale.changedAt <= before && (!statuses || statuses.includes(statusOf(sale)))).toSorted((a, b) => a.changedAt - b.changedAt);
  const wanted = dataSets(request);
  const orders = sales.slice(offset, offset + size).map((sale) => orderBody(desk, sale, wanted));
  const pagination = offset + orders.length < sales.length ? { pagination: { nextToken: `practice-${offset + orders.length}` } } : {};
  return { status: 200, body: { orders, ...pagination, lastUpdatedBefore: toIso(before) } };
}

const saleOf = ({ world }: Desk, request: VendorRequest): Sale | VendorResponse => {
  const sale = world.sale(request.params['orderId'] ?? '');
  return sale?.channel === 'amazon' ? sale : refusal(404, 'NotFound', 'The requested order does not exist.');
};

export function readOrder(desk: Desk, request: VendorRequest): VendorResponse {
  const sale = saleOf(desk, request);
  return 'body' in sale ? sale : { status: 200, body: { order: orderBody(desk, sale as Sale, dataSets(request)) } };
}

const shipmentSchema = z.strictObject({
  marketplaceId: z.literal(US_MARKETPLACE),
  packageDetail: z.strictObject({
    packageReferenceId: z.string().regex(/^[1-9]\d{0,11}$/), carrierCode: z.string().min(1), carrierName: z.string().min(1).optional(), shippingMethod: z.string().optional(), trackingNumber: z.string().min(1), shipDate: z.iso.datetime(),
    orderItems: z.array(z.strictObject({ orderItemId: z.string(), quantity: z.int().positive() })).min(1),
  }).refine((detail) => detail.carrierCode !== 'Other' || detail.carrierName !== undefined, { message: 'carrierName is required when carrierCode is Other' }),
});

export function confirmShipment(desk: Desk, request: VendorRequest): VendorResponse {
  const found = saleOf(desk, request);
  if ('body' in found) return found;
  const sale = found as Sale;
  const parsed = shipmentSchema.safeParse(request.json());
  if (!parsed.success) return invalid(`${parsed.error.issues[0]?.path.join('.') ?? 'body'}: ${parsed.error.issues[0]?.message ?? 'malformed'}`);
  const { packageDetail } = parsed.data;
  if (sentByAmazon(desk, sale.sku)) return invalid('the order is fulfilled by Amazon');
  if (packageDetail.orderItems.some((item) => item.orderItemId !== sale.lineItemId || item.quantity > sale.quantity)) return invalid('orderItems: not of this order');
  // Amazon takes a package that it knows as a correction of that package.
  if (sale.tracking?.number === packageDetail.trackingNumber) return { status: 204 };
  const shipped = desk.world.actions.shipSale(sale.id, { carrier: packageDetail.carrierName ?? packageDetail.carrierCode, number: packageDetail.trackingNumber });
  if (!shipped.ok) return invalid(shipped.refusal.message);
  desk.world.actions.putDocument(VENDOR, `package/${sale.id}`, packageDetail.packageReferenceId);
  desk.count('shipmentsReported');
  return { status: 204 };
}

const number = (minor: number) => ({ currencyCode: 'USD', currencyAmount: minor / 100 });
const part = (breakdownType: string, minor: number, breakdowns: readonly unknown[] = []) => ({ breakdownType, breakdownAmount: number(minor), breakdowns });

const FEE_WORDS: Readonly<Record<string, string>> = { referral: 'Commission', closing: 'VariableClosingFee', 'fba-fulfilment': 'FBAPerUnitFulfillmentFee', 'fuel-surcharge': 'FBAFuelSurcharge' };
/** A sale's fee by its parts; what comes back of it is one sum. */
const feeLines = (sale: Sale, fee: number) => (fee === -sale.feeMinor && sale.feeLines.length > 0 ? sale.feeLines.map(({ kind, minor }) => part(FEE_WORDS[kind] ?? kind, -minor)) : [part('Commission', fee)]);

/** A sale, or the whole of it given back, shows its parts; a part of the money is all charged to the goods. The fee comes back with the last of it. */
function movement(sale: Sale, at: Instant, refund?: SaleRefund) {
  const kind = refund ? 'Refund' : 'Shipment';
  const fee = !refund ? -sale.feeMinor : refund.id === refundsOf(sale).at(-1)?.id ? sale.feeCreditMinor : 0;
  const goods = refund ? -refund.minor : soldFor(sale);
  const shipping = goods === soldFor(sale) ? sale.shippingMinor : goods === -soldFor(sale) ? -sale.shippingMinor : 0;
  return {
    sellingPartnerMetadata: { sellingPartnerId: PRACTICE_SELLER_ID, accountType: 'Standard Orders', marketplaceId: US_MARKETPLACE },
    relatedIdentifiers: [{ relatedIdentifierName: 'ORDER_ID', relatedIdentifierValue: sale.id }], transactionType: kind, transactionId: `practice-${kind.toLowerCase()}-${refund?.id ?? sale.id}`, transactionStatus: 'RELEASED',
    description: kind === 'Shipment' ? 'Order Payment' : 'Refund Order', postedDate: toIso(at), totalAmount: number(goods + fee), marketplaceDetails: { marketplaceId: US_MARKETPLACE, marketplaceName: 'Amazon.com' },
    breakdowns: [
      part('Sales', goods, [part('ProductCharges', goods - shipping), part('Shipping', shipping)]),
      part('Expenses', fee, [part('AmazonFees', fee, feeLines(sale, fee))]),
    ],
  };
}

/** What a guarantee claim or a bank's chargeback took of an order, and what came back of it where the seller won. */
function claimed(desk: Desk, sale: Sale, now: Instant) {
  const claim = claimOf(desk.world, sale, now);
  if (!claim) return [];
  const [type, words] = claim.kind === 'guarantee' ? ['GuaranteeClaim', 'A-to-z Guarantee Claim'] : ['Chargeback', 'Chargeback Refund'];
  const posted = (at: Instant, minor: number, suffix: string) => ({
    ...movement(sale, at), transactionType: type, transactionId: `practice-claim-${claim.id}${suffix}`, description: suffix === '' ? words : `${words} Reversal`, totalAmount: number(minor), breakdowns: [part('Sales', minor, [part('ProductCharges', minor)])],
  });
  return [posted(claim.at, -claim.minor, ''), ...(claim.won && claim.decidedAt <= now ? [posted(claim.decidedAt, claim.minor, '-won')] : [])];
}

/** A charge of the account, which names no order. */
const chargeBody = ({ id, words, at, minor, confirmationId }: AccountCharge) => ({
  sellingPartnerMetadata: { sellingPartnerId: PRACTICE_SELLER_ID, accountType: 'Standard Orders', marketplaceId: US_MARKETPLACE }, relatedIdentifiers: confirmationId === undefined ? [] : [{ relatedIdentifierName: 'SHIPMENT_ID', relatedIdentifierValue: confirmationId }], transactionType: 'ServiceFee',
  transactionId: `practice-charge-${id}`, transactionStatus: 'RELEASED', description: words, postedDate: toIso(at), totalAmount: number(-minor), marketplaceDetails: { marketplaceId: US_MARKETPLACE, marketplaceName: 'Amazon.com' }, breakdowns: [part('Expenses', -minor, [part(words, -minor)])],
});

/** `listTransactions`: money is posted when a parcel leaves, and when a return is paid back or a claim decided. */
export function listTransactions(desk: Desk, { query, at }: VendorRequest, chargesUntil: (until: Instant) => AccountCharge[]): VendorResponse {
  const { world } = desk;
  const orderId = query.get('relatedIdentifierName') === 'ORDER_ID' ? query.get('relatedIdentifierValue') : null;
  const after = Date.parse(query.get('postedAfter') ?? '');
  const before = query.has('postedBefore') ? Date.parse(query.get('postedBefore') ?? '') : at;
  if (orderId === null && Number.isNaN(after)) return invalid('give postedAfter or a related identifier');
  if (orderId === null && (after > at - SETTLED_MS || (query.has('postedBefore') && (before <= after || before > at - SETTLED_MS)))) return invalid('the period must have ended two minutes before the request');
  const sales = orderId === null ? world.sales('amazon') : world.sales('amazon').filter((sale) => sale.id === orderId);
  const all = sales.flatMap((sale) => sale.shippedAt === null ? [] : [movement(sale, sale.shippedAt), ...refundsOf(sale).map((refund) => movement(sale, refund.at, refund)), ...claimed(desk, sale, at)]);
  const within = orderId === null ? [...all, ...chargesUntil(at).map(chargeBody)].filter((entry) => Date.parse(entry.postedDate) >= after && Date.parse(entry.postedDate) < before) : all;
  const offset = offsetOf(query.get('nextToken'));
  if (Number.isNaN(offset)) return invalid('nextToken: one that was given');
  const transactions = within.slice(offset, offset + MOST_PER_PAGE);
  return { status: 200, body: { payload: { ...(offset + transactions.length < within.length ? { nextToken: `practice-${offset + transactions.length}` } : {}), transactions } } };
}
