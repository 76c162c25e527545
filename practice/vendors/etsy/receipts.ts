import { z } from 'zod';
import { DAY_MS, SECOND_MS, type Instant } from '#kernel/time.ts';
import { refundsOf, sellersPart, type FeeLine, type Sale } from '../../world/index.ts';
import type { VendorRequest, VendorResponse } from '../host.ts';
import { USER_ID } from './oauth.ts';
import { refuse, SHIPPING_PROFILE_ID, SHOP_ID, usd, type EtsyShop } from './shop.ts';

const MOST_PER_PAGE = 100;
const seconds = (instant: Instant) => Math.floor(instant / SECOND_MS);

const givenBack = (sale: Sale) => refundsOf(sale).reduce((total, refund) => total + refund.minor, 0);
function statusOf(sale: Sale): string {
  if (sale.status === 'cancelled') return 'canceled';
  const back = givenBack(sale);
  if (back > 0) return back >= sellersPart(sale) ? 'fully refunded' : 'partially refunded';
  return sale.shippedAt === null ? 'paid' : 'completed';
}
const feeIn = (sale: Sale, kind: FeeLine['kind']) => sale.feeLines.filter((line) => line.kind === kind).reduce((total, line) => total + line.minor, 0);

function receiptBody(shop: EtsyShop, sale: Sale) {
  const { shipTo } = sale;
  const listing = shop.world.listing(sale.listingId);
  return {
    receipt_id: Number(sale.id), receipt_type: 0, seller_user_id: USER_ID, buyer_user_id: 9_000_000 + (Number(sale.lineItemId) % 1_000_000), buyer_email: shipTo.email, name: shipTo.name, first_line: shipTo.line1, second_line: shipTo.line2, city: shipTo.city, state: shipTo.state,
    zip: shipTo.postalCode, country_iso: shipTo.country, status: statusOf(sale), payment_method: 'cc', is_paid: true, is_shipped: sale.shippedAt !== null, create_timestamp: seconds(sale.createdAt), created_timestamp: seconds(sale.createdAt),
    update_timestamp: seconds(sale.changedAt), updated_timestamp: seconds(sale.changedAt), is_gift: false, grandtotal: usd(sale.totalMinor), subtotal: usd(sale.unitMinor * sale.quantity), total_price: usd(sale.unitMinor * sale.quantity),
    total_shipping_cost: usd(sale.shippingMinor), total_tax_cost: usd(sale.salesTaxMinor), total_vat_cost: usd(0), discount_amt: usd(0), gift_wrap_price: usd(0),
    shipments: sale.tracking ? [{ receipt_shipping_id: Number(sale.lineItemId) + 1, shipment_notification_timestamp: seconds(sale.shippedAt!), carrier_name: sale.tracking.carrier, tracking_code: sale.tracking.number }] : [],
    transactions: [{
      transaction_id: Number(sale.lineItemId), title: shop.world.catalog.byId(sale.productId).title, seller_user_id: USER_ID, create_timestamp: seconds(sale.createdAt), created_timestamp: seconds(sale.createdAt), paid_timestamp: seconds(sale.createdAt),
      shipped_timestamp: sale.shippedAt === null ? null : seconds(sale.shippedAt), quantity: sale.quantity, receipt_id: Number(sale.id), is_digital: false, listing_id: Number(listing?.vendorRef ?? 0), transaction_type: 'listing', sku: sale.sku, price: usd(sale.unitMinor),
      shipping_cost: usd(sale.shippingMinor), shipping_profile_id: SHIPPING_PROFILE_ID, expected_ship_date: seconds(sale.createdAt + 3 * DAY_MS), buyer_coupon: 0, shop_coupon: 0,
    }],
    refunds: refundsOf(sale).map((refund) => ({ amount: usd(refund.minor), created_timestamp: seconds(refund.at), reason: refund.reference, status: 'refunded' })),
  };
}

function paged(request: VendorRequest): { limit: number; offset: number } | null {
  const [limit, offset] = [Number(request.query.get('limit') ?? 25), Number(request.query.get('offset') ?? 0)];
  return Number.isInteger(limit) && limit >= 1 && limit <= MOST_PER_PAGE && Number.isInteger(offset) && offset >= 0 ? { limit, offset } : null;
}

export function listReceipts(shop: EtsyShop, request: VendorRequest): VendorResponse {
  const page = paged(request);
  const bound = (name: string, usual: number) => Number(request.query.get(name) ?? usual);
  const [from, until] = [bound('min_last_modified', 0), bound('max_last_modified', Number.MAX_SAFE_INTEGER)];
  if (!page || Number.isNaN(from) || Number.isNaN(until)) return refuse(400, 'limit, offset or a time is not valid');
  const rising = (request.query.get('sort_order') ?? 'desc').startsWith('asc');
  const sales = shop.world.sales('etsy').filter((sale) => seconds(sale.changedAt) >= from && seconds(sale.changedAt) <= until).toSorted((a, b) => (rising ? 1 : -1) * (a.changedAt - b.changedAt || (a.id < b.id ? -1 : 1)));
  return { status: 200, body: { count: sales.length, results: sales.slice(page.offset, page.offset + page.limit).map((sale) => receiptBody(shop, sale)) } };
}

function saleOf(shop: EtsyShop, request: VendorRequest): Sale | null {
  const sale = shop.world.sale(request.params['receipt_id'] ?? '');
  return sale?.channel === 'etsy' ? sale : null;
}
const unknown = refuse(404, 'The receipt could not be found');

export function getReceipt(shop: EtsyShop, request: VendorRequest): VendorResponse {
  const sale = saleOf(shop, request);
  return sale ? { status: 200, body: receiptBody(shop, sale) } : unknown;
}

const trackingSchema = z.strictObject({ tracking_code: z.string().min(1), carrier_name: z.string().min(1) });

export function createShipment(shop: EtsyShop, request: VendorRequest): VendorResponse {
  const sale = saleOf(shop, request);
  if (!sale) return unknown;
  const parsed = trackingSchema.safeParse(request.json());
  if (!parsed.success) return refuse(400, 'tracking_code and carrier_name are required');
  const shipped = shop.world.actions.shipSale(sale.id, { carrier: parsed.data.carrier_name, number: parsed.data.tracking_code });
  if (!shipped.ok) return refuse(409, shipped.refusal.message);
  shop.count('shipmentsReported');
  return { status: 200, body: receiptBody(shop, sale) };
}

export function receiptPayments(shop: EtsyShop, request: VendorRequest): VendorResponse {
  const sale = saleOf(shop, request);
  if (!sale) return unknown;
  const fee = feeIn(sale, 'payment');
  const payment = {
    payment_id: Number(sale.lineItemId) + 2, buyer_user_id: 9_000_000 + (Number(sale.lineItemId) % 1_000_000), shop_id: SHOP_ID, receipt_id: Number(sale.id), amount_gross: usd(sale.totalMinor), amount_fees: usd(fee), amount_net: usd(sale.totalMinor - fee),
    currency: 'USD', status: 'settled', create_timestamp: seconds(sale.createdAt), created_timestamp: seconds(sale.createdAt), update_timestamp: seconds(sale.changedAt), updated_timestamp: seconds(sale.changedAt), payment_adjustments: [],
  };
  return { status: 200, body: { count: 1, results: [payment] } };
}

interface Entry {
  readonly at: Instant;
  readonly amount: number;
  readonly type: string;
  readonly description: string;
  readonly reference: readonly [type: string, id: string];
}

/** The shop's account: each sale, what Etsy keeps of it, what goes back, and a fee for each listing that starts. */
function movements(shop: EtsyShop): Entry[] {
  const listed = shop.world.listings('etsy').map((listing): Entry => ({ at: listing.startedAt, amount: -20, type: 'listing', description: 'Listing fee', reference: ['listing', listing.vendorRef ?? ''] }));
  const moved = shop.world.sales('etsy').flatMap((sale): Entry[] => {
    const refunds = refundsOf(sale);
    const line = ['transaction', sale.lineItemId] as const;
    return [
      { at: sale.createdAt, amount: sale.totalMinor - sale.salesTaxMinor, type: 'PAYMENT_GROSS', description: 'Payment', reference: ['receipt', sale.id] },
      { at: sale.createdAt, amount: -feeIn(sale, 'payment'), type: 'PAYMENT_PROCESSING_FEE', description: 'Processing fee', reference: ['receipt', sale.id] },
      { at: sale.createdAt, amount: -feeIn(sale, 'transaction'), type: 'transaction', description: 'Transaction fee', reference: line },
      { at: sale.createdAt, amount: -feeIn(sale, 'listing'), type: 'renew_sold', description: 'Listing fee for a sale', reference: line },
      ...refunds.map((refund): Entry => ({ at: refund.at, amount: -refund.minor, type: 'REFUND_GROSS', description: 'Refund', reference: ['receipt', sale.id] })),
      ...(sale.feeCreditMinor > 0 && refunds.length > 0 ? [{ at: refunds.at(-1)!.at, amount: sale.feeCreditMinor, type: 'transaction_fee_credit', description: 'Transaction fee given back', reference: line }] : []),
    ];
  });
  return [...listed, ...moved].toSorted((a, b) => a.at - b.at);
}

export function listLedger(shop: EtsyShop, request: VendorRequest): VendorResponse {
  const page = paged(request);
  const [from, until] = [Number(request.query.get('min_created') ?? Number.NaN), Number(request.query.get('max_created') ?? Number.NaN)];
  if (!page || Number.isNaN(from) || Number.isNaN(until) || until < from) return refuse(400, 'min_created and max_created are required');
  let balance = 0;
  const all = movements(shop).map((entry, n) => {
    balance += entry.amount;
    return {
      at: seconds(entry.at),
      body: { entry_id: 50_000_000 + n, ledger_id: SHOP_ID, sequence_number: n + 1, amount: entry.amount, currency: 'USD', description: entry.description, balance, create_date: seconds(entry.at), created_timestamp: seconds(entry.at), ledger_type: entry.type, reference_type: entry.reference[0], reference_id: entry.reference[1] },
    };
  }).filter(({ at }) => at >= from && at <= until);
  return { status: 200, body: { count: all.length, results: all.slice(page.offset, page.offset + page.limit).map(({ body }) => body) } };
}
