import { ConnectorError, isConnectorError } from '#kernel/errors.ts';
import { compare } from '#kernel/money.ts';
import { toIso } from '#kernel/time.ts';
import type { ChannelOrder, ChannelRefund, ChannelRefundRequest } from '#engine/orders/ports.ts';
import { asAmount } from './amounts.ts';
import type { EbayClient } from './ebay-client.ts';
import { readOneOrder } from './orders.ts';
import { cancellationsSchema, cancelMadeSchema, nothingSchema, refundMadeSchema } from './schema.ts';

const REFUND = 'refund order';
const CANCEL = 'cancel order';
/** `comment` of issueRefund. */
const LONGEST_COMMENT = 100;
/** "Refund can't be issued while previous refund is processing." */
const REFUND_UNDER_WAY = '34922';

const rejected = (operation: string, message: string) => new ConnectorError({ kind: 'Rejected', connector: 'ebay', operation, message });
const unknown = (operation: string, message: string) => new ConnectorError({ kind: 'OutcomeUnknown', connector: 'ebay', operation, message });

async function needOrder(client: EbayClient, orderId: string, given: { readonly operation: string; readonly signal?: AbortSignal | undefined }): Promise<ChannelOrder> {
  const order = await readOneOrder(client, orderId, given.signal);
  if (!order) throw rejected(given.operation, `eBay knows no order ${orderId}`);
  return order;
}

interface Refunding {
  readonly refund: ChannelRefundRequest;
  readonly signal?: AbortSignal | undefined;
}

/** eBay keeps no reference of ours: the refund is the one of this amount that did not stand before it was asked for. */
async function findRefund(client: EbayClient, orderId: string, { refund, signal }: Refunding): Promise<ChannelRefund | undefined> {
  const { refunds } = await needOrder(client, orderId, { operation: REFUND, signal });
  return refunds.find((made) => !(refund.known ?? []).includes(made.refundId) && made.amount.currency === refund.amount.currency && compare(made.amount, refund.amount) === 0);
}

/**
 * `issueRefund` for the order. eBay carries it out later: until then the order lists it as pending, and eBay refuses another, which keeps a repeat from giving twice while its own
 * answer was lost and the order does not list it yet.
 */
export async function refundOrder(client: EbayClient, orderId: string, given: Refunding): Promise<{ refundId: string; existed: boolean }> {
  const { refund, signal } = given;
  const before = await findRefund(client, orderId, given);
  if (before) return { refundId: before.refundId, existed: true };
  try {
    const { body } = await client.send('sellFulfillment', {
      operation: REFUND, method: 'POST', path: `/sell/fulfillment/v1/order/${encodeURIComponent(orderId)}/issue_refund`, effect: 'once', schema: refundMadeSchema, signal,
      json: { reasonForRefund: 'OTHER_ADJUSTMENT', comment: refund.message.slice(0, LONGEST_COMMENT), orderLevelRefundAmount: asAmount(refund.amount) },
    });
    if (body.refundStatus === 'FAILED') throw rejected(REFUND, 'eBay could not carry the refund out; look at the payment method for refunds there');
    if (!body.refundId) throw unknown(REFUND, 'eBay named no refund');
    return { refundId: body.refundId, existed: false };
  } catch (error) {
    const underWay = isConnectorError(error, 'Rejected') && error.detail.code === REFUND_UNDER_WAY;
    if (!underWay && !isConnectorError(error, 'OutcomeUnknown')) throw error;
    const made = await findRefund(client, orderId, given);
    if (made) return { refundId: made.refundId, existed: false };
    throw underWay ? unknown(REFUND, 'eBay is carrying out a refund of this order and does not list it yet') : error;
  }
}

/** Closed without the order being given up. */
const CAME_TO_NOTHING = new Set(['CANCEL_REJECTED', 'INVALID']);

/** The order's cancellation at eBay; `approve` where the buyer has asked for it and waits. The filter is asked for and not relied on. */
async function findCancellation(client: EbayClient, orderId: string, signal: AbortSignal | undefined): Promise<{ readonly cancelId: string; readonly approve: boolean } | null> {
  const { body } = await client.send('postOrder', { operation: 'find cancellation', method: 'GET', path: '/post-order/v2/cancellation/search', effect: 'read', schema: cancellationsSchema.nullable(), query: { legacy_order_id: orderId }, signal });
  const found = (body?.cancellations ?? []).find((entry) => entry.legacyOrderId === orderId && !CAME_TO_NOTHING.has(entry.cancelStatus ?? ''));
  return found ? { cancelId: found.cancelId, approve: found.cancelState === 'APPROVAL_PENDING' } : null;
}

/** The only reason that a seller has for an own decision; the buyer's wish would be another, and is approved instead. */
const REASON = 'OUT_OF_STOCK_OR_CANNOT_FULFILL';

async function startCancellation(client: EbayClient, order: ChannelOrder, signal: AbortSignal | undefined): Promise<void> {
  const { body } = await client.send('postOrder', {
    operation: CANCEL, method: 'POST', path: '/post-order/v2/cancellation', effect: 'once', schema: cancelMadeSchema, signal,
    json: { legacyOrderId: order.orderId, cancelReason: REASON, buyerPaid: order.payment !== 'pending', ...(order.payment === 'pending' ? {} : { buyerPaidDate: { value: toIso(order.createdAt) } }) },
  });
  if (body.cancelId) return;
  if (body.orderEligibilityResult?.eligible !== false) throw unknown(CANCEL, 'eBay named no cancellation');
  const why = body.orderEligibilityResult.failureReason ?? [];
  // one that the search did not show
  if (why.includes('CANCELLATION_EXIST')) return;
  throw rejected(CANCEL, `eBay does not let this order be cancelled${why.length > 0 ? ` (${why.join(', ')})` : ''}`);
}

/** One cancellation of an order stands at a time: a buyer's wish that waits is approved, what is cancelled already stays. eBay gives the money back and tells the buyer in its own words. */
export async function cancelOrder(client: EbayClient, orderId: string, signal?: AbortSignal): Promise<{ existed: boolean }> {
  const order = await needOrder(client, orderId, { operation: CANCEL, signal });
  if (order.cancel === 'cancelled') return { existed: true };
  const standing = await findCancellation(client, orderId, signal);
  if (standing && !standing.approve) return { existed: true };
  try {
    if (standing) await client.send('postOrder', { operation: 'approve cancellation', method: 'POST', path: `/post-order/v2/cancellation/${encodeURIComponent(standing.cancelId)}/approve`, effect: 'once', schema: nothingSchema, body: 'none', signal });
    else await startCancellation(client, order, signal);
    return { existed: false };
  } catch (error) {
    if (!isConnectorError(error, 'OutcomeUnknown')) throw error;
    const made = await findCancellation(client, orderId, signal);
    if (!made || made.approve) throw error;
    return { existed: false };
  }
}
