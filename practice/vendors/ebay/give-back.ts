import { z } from 'zod';
import { toIso } from '#kernel/time.ts';
import { refundsOf, sellersPart, type Sale } from '../../world/index.ts';
import type { Route, VendorRequest, VendorResponse } from '../host.ts';
import { refuse } from './errors.ts';
import { withSale } from './orders.ts';
import { cancellationKey, type Shop } from './shop.ts';

const amount = z.strictObject({ currency: z.literal('USD'), value: z.string().regex(/^\d+(\.\d{1,2})?$/) });
const refundSchema = z.strictObject({
  reasonForRefund: z.enum(['BUYER_CANCEL', 'SELLER_CANCEL', 'ITEM_NOT_RECEIVED', 'BUYER_RETURN', 'ITEM_NOT_AS_DESCRIBED', 'OTHER_ADJUSTMENT', 'SHIPPING_DISCOUNT']), comment: z.string().max(100).optional(), orderLevelRefundAmount: amount,
});
const no = (status: number, errorId: number, given: { readonly message: string; readonly business?: true }) => refuse(status, { errorId, domain: 'API_FULFILLMENT', category: given.business ? 'BUSINESS' : 'REQUEST', message: given.message });
/** As orders.ts has it. */
const PENDING_MS = 300_000;

/** `issueRefund`: taken at once, carried out minutes later; another is refused until then. */
function issueRefund(shop: Shop, sale: Sale, request: VendorRequest): VendorResponse {
  const parsed = refundSchema.safeParse(request.json());
  if (!parsed.success) return no(400, 34_907, { message: `The amount value must be positive and within two decimals (${parsed.error.issues[0]?.path.join('.') ?? 'body'}).` });
  const given = refundsOf(sale);
  const minor = Math.round(Number(parsed.data.orderLevelRefundAmount.value) * 100);
  if (given.some((refund) => refund.reference !== null && refund.at + PENDING_MS > request.at)) return no(400, 34_922, { message: 'Refund can\'t be issued while previous refund is processing.' });
  const left = sellersPart(sale) - given.reduce((total, refund) => total + refund.minor, 0);
  if (left === 0) return no(400, 34_917, { message: 'This order was already refunded.', business: true });
  if (minor > left) return no(400, 34_915, { message: 'The refund amount exceeds order amount.' });
  const refundId = String(5_000_000_000 + Number(sale.lineItemId.slice(-8)) * 10 + given.length);
  const done = shop.world.actions.giveBack(sale.id, { reference: refundId, minor });
  if (!done.ok) return no(400, 34_920, { message: done.refusal.message, business: true });
  shop.count('refundsIssued');
  return { status: 200, body: { refundId, refundStatus: 'PENDING' } };
}

const cancelSchema = z.strictObject({ legacyOrderId: z.string(), cancelReason: z.enum(['OUT_OF_STOCK_OR_CANNOT_FULFILL', 'BUYER_ASKED_CANCEL', 'ADDRESS_ISSUES']), buyerPaid: z.boolean(), buyerPaidDate: z.strictObject({ value: z.iso.datetime() }).optional() });

const cancelId = (sale: Sale) => `5${sale.lineItemId.slice(-9)}`;

/** A cancellation by the buyer is carried out by the market at once, so none ever waits for the seller here. */
function createCancellation(shop: Shop, request: VendorRequest): VendorResponse {
  const parsed = cancelSchema.safeParse(request.json());
  if (!parsed.success) return refuse(400, { errorId: 1_616, domain: 'ACCESS', message: `Invalid input: ${parsed.error.issues[0]?.path.join('.') ?? 'body'}.` });
  const sale = shop.world.sale(parsed.data.legacyOrderId);
  const ineligible = (reason: string): VendorResponse => ({ status: 200, body: { orderEligibilityResult: { legacyOrderId: parsed.data.legacyOrderId, eligible: false, failureReason: [reason], itemEligibilityResult: [] } } });
  if (sale?.channel !== 'ebay') return ineligible('INVALID_ORDER');
  if (sale.status !== 'paid') return ineligible(sale.status === 'cancelled' ? 'CANCELLATION_EXIST' : 'SHIPPED');
  shop.world.actions.putDocument('ebay', cancellationKey(sale), { at: request.at });
  shop.world.actions.cancelSale(sale.id);
  shop.count('ordersCancelled');
  return { status: 200, body: { cancelId: cancelId(sale) } };
}

/** The filter by order is documented, and not always kept by eBay: neither is it here, within the seller's latest. */
function searchCancellations(shop: Shop): VendorResponse {
  const cancelled = shop.world.sales('ebay').filter((sale) => sale.cancelledAt !== null).toSorted((a, b) => b.cancelledAt! - a.cancelledAt!).slice(0, 200);
  return {
    status: 200,
    body: {
      total: cancelled.length, paginationOutput: { offset: 1, limit: 200, totalPages: 1, totalEntries: cancelled.length },
      cancellations: cancelled.map((sale) => ({
        cancelId: cancelId(sale), marketplaceId: 'EBAY_US', legacyOrderId: sale.id, requestorType: shop.world.document('ebay', cancellationKey(sale)) === undefined ? 'BUYER' : 'SELLER', cancelState: 'CLOSED', cancelStatus: 'CANCEL_CLOSED_WITH_REFUND',
        cancelRequestDate: { value: toIso(sale.cancelledAt!) }, cancelCloseDate: { value: toIso(sale.cancelledAt!) }, buyerLoginName: sale.buyerUsername,
      })),
    },
  };
}

/** Money back by the Fulfillment API, orders given up by the Post-Order API. */
export function giveBackRoutes(shop: Shop): Route[] {
  const refund = withSale(issueRefund);
  return [
    { method: 'POST', pattern: '/sell/fulfillment/v1/order/{orderId}/issue_refund', name: 'issueRefund', handle: (request) => refund(shop, request) },
    { method: 'POST', pattern: '/post-order/v2/cancellation', name: 'createCancellation', handle: (request) => createCancellation(shop, request) },
    { method: 'GET', pattern: '/post-order/v2/cancellation/search', name: 'searchCancellations', handle: () => searchCancellations(shop) },
  ];
}
