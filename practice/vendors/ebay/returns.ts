import { z } from 'zod';
import { DAY_MS, toIso } from '#kernel/time.ts';
import { refundsOf, sellersPart, type Sale } from '../../world/index.ts';
import type { Route, VendorRequest, VendorResponse } from '../host.ts';
import { refuse } from './errors.ts';
import type { Shop } from './shop.ts';

const REASONS: Readonly<Record<string, string>> = { defective: 'DEFECTIVE_ITEM', 'not-as-described': 'NOT_AS_DESCRIBED', 'wrong-item': 'WRONG_ITEM' };
/** What the seller has to do, within three days; the buyer's parcel takes so long once it may be sent. */
const RESPOND_MS = 3 * DAY_MS;
const PARCEL_MS = 4 * DAY_MS;

const returnId = (sale: Sale) => `6${sale.lineItemId.slice(-9)}`;
const approvalKey = (sale: Sale) => `return/${sale.id}`;
const left = (sale: Sale) => sellersPart(sale) - refundsOf(sale).reduce((total, refund) => total + refund.minor, 0);
const amount = (minor: number) => ({ value: minor / 100, currency: 'USD' });

function summaryOf(shop: Shop, sale: Sale, now: number) {
  const asked = sale.return!;
  const approvedAt = (shop.world.document('ebay', approvalKey(sale)) as { at: number } | undefined)?.at ?? null;
  const closed = asked.refundedAt !== null || left(sale) === 0;
  const state = closed ? 'CLOSED' : approvedAt === null ? 'RETURN_REQUESTED' : now < approvedAt + DAY_MS ? 'ITEM_READY_TO_SHIP' : now < approvedAt + PARCEL_MS ? 'ITEM_SHIPPED' : 'ITEM_DELIVERED';
  const options = closed ? [] : [...(approvedAt === null ? ['SELLER_APPROVE_REQUEST'] : []), 'SELLER_ISSUE_REFUND', 'SELLER_SEND_MESSAGE'];
  const due = state === 'RETURN_REQUESTED' ? { activityDue: 'SELLER_APPROVE_REQUEST', respondByDate: { value: toIso(asked.requestedAt + RESPOND_MS) } } : state === 'ITEM_DELIVERED' ? { activityDue: 'SELLER_ISSUE_REFUND', respondByDate: { value: toIso(approvedAt! + PARCEL_MS + RESPOND_MS) } } : undefined;
  return {
    returnId: returnId(sale), orderId: sale.id, buyerLoginName: sale.buyerUsername, currentType: 'MONEY_BACK', state, status: state, sellerAvailableOptions: options.map((actionType) => ({ actionType })), ...(due ? { sellerResponseDue: due } : {}),
    creationInfo: { type: 'MONEY_BACK', reason: REASONS[asked.reason] ?? 'NO_LONGER_NEED_ITEM', creationDate: { value: toIso(asked.requestedAt) }, item: { itemId: '1', transactionId: sale.lineItemId, returnQuantity: sale.quantity } },
    sellerTotalRefund: closed ? { actualRefundAmount: amount(sellersPart(sale)) } : { estimatedRefundAmount: amount(left(sale)) },
  };
}

const returned = (shop: Shop) => shop.world.sales('ebay').filter((sale) => sale.return !== null);

function search(shop: Shop, { query, at }: VendorRequest): VendorResponse {
  const [from, to] = [Date.parse(query.get('creation_date_range_from') ?? ''), Date.parse(query.get('creation_date_range_to') ?? '')];
  const [limit, offset] = [Number(query.get('limit') ?? 25), Number(query.get('offset') ?? 0)];
  if (Number.isNaN(from) || Number.isNaN(to) || from >= to || query.get('role') !== 'SELLER' || !(limit >= 1 && limit <= 200) || !(offset >= 0)) return refuse(400, { errorId: 1_616, domain: 'ACCESS', message: 'Invalid input.' });
  const matching = returned(shop).filter((sale) => sale.return!.requestedAt >= from && sale.return!.requestedAt <= to);
  const page = matching.slice(offset, offset + limit);
  return { status: 200, body: { members: page.map((sale) => summaryOf(shop, sale, at)), total: matching.length, paginationOutput: { limit, offset, totalEntries: matching.length, totalPages: Math.ceil(matching.length / limit) } } };
}

function get(shop: Shop, sale: Sale, request: VendorRequest): VendorResponse {
  if (request.query.get('fieldgroups') === 'SUMMARY') return { status: 200, body: { summary: summaryOf(shop, sale, request.at) } };
  const [price, shipping] = [Math.max(0, left(sale) - sale.shippingMinor), Math.min(left(sale), sale.shippingMinor)];
  return { status: 200, body: { detail: { refundInfo: { estimatedRefundDetail: { itemizedRefundDetails: [{ refundFeeType: 'PURCHASE_PRICE', estimatedAmount: amount(price) }, ...(shipping > 0 ? [{ refundFeeType: 'ORIGINAL_SHIPPING', estimatedAmount: amount(shipping) }] : [])] } } } } };
}

const no = (message: string) => refuse(409, { errorId: 1_622, domain: 'ACCESS', message });

function decide(shop: Shop, sale: Sale, request: VendorRequest): VendorResponse {
  if (!z.strictObject({ decision: z.literal('APPROVE') }).safeParse(request.json()).success) return refuse(400, { errorId: 1_616, domain: 'ACCESS', message: 'Invalid input: decision.' });
  if (summaryOf(shop, sale, request.at).state !== 'RETURN_REQUESTED') return no('The return is in another state.');
  shop.world.actions.putDocument('ebay', approvalKey(sale), { at: request.at });
  shop.count('returnsApproved');
  return { status: 200, body: {} };
}

const minor = (text: string) => Math.round(Number(text) * 100);
const money = z.strictObject({ value: z.string(), currency: z.literal('USD') });
const refundSchema = z.strictObject({ refundDetail: z.strictObject({ itemizedRefundDetail: z.array(z.strictObject({ refundAmount: money, refundFeeType: z.enum(['PURCHASE_PRICE', 'ORIGINAL_SHIPPING']) })).min(1), totalAmount: money }) });

function issueRefund(shop: Shop, sale: Sale, request: VendorRequest): VendorResponse {
  const parsed = refundSchema.safeParse(request.json());
  if (!parsed.success) return refuse(400, { errorId: 1_616, domain: 'ACCESS', message: `Invalid input: ${parsed.error.issues[0]?.path.join('.') ?? 'body'}.` });
  const { itemizedRefundDetail: parts, totalAmount } = parsed.data.refundDetail;
  if (parts.reduce((sum, part) => sum + minor(part.refundAmount.value), 0) !== minor(totalAmount.value) || minor(totalAmount.value) !== left(sale)) return refuse(400, { errorId: 1_616, domain: 'ACCESS', message: 'Invalid input: totalAmount.' });
  const done = shop.world.actions.refundReturn(sale.id);
  if (!done.ok) return no(done.refusal.message);
  shop.count('returnsRefunded');
  return { status: 200, body: { refundStatus: 'SUCCESS' } };
}

/** Returns of the Post-Order API: asked for by the world's buyers, answered by the seller, refunded by the market itself where nobody answers. */
export function returnRoutes(shop: Shop): Route[] {
  const one = (handle: (own: Shop, sale: Sale, request: VendorRequest) => VendorResponse) => (request: VendorRequest) => {
    const sale = returned(shop).find((candidate) => returnId(candidate) === request.params['returnId']);
    return sale ? handle(shop, sale, request) : refuse(404, { errorId: 1_618, domain: 'ACCESS', message: 'The return is not known.' });
  };
  const base = '/post-order/v2/return';
  return [
    { method: 'GET', pattern: `${base}/search`, name: 'searchReturns', handle: (request) => search(shop, request) },
    { method: 'GET', pattern: `${base}/{returnId}`, name: 'getReturn', handle: one(get) },
    { method: 'POST', pattern: `${base}/{returnId}/decide`, name: 'decideReturn', handle: one(decide) },
    { method: 'POST', pattern: `${base}/{returnId}/issue_refund`, name: 'refundReturn', handle: one(issueRefund) },
  ];
}
