/**
 * Returns by the Post-Order API. The document among the specs names the calls alone; what is sent and answered follows excerpts of eBay's reference (ReturnSummaryType, DecideReturnRequest, IssueRefundRequest,
 * Search Returns, Get Return; versions 2.7.8 and 2.8.0) and public code that reads it. Assumed where those are silent: not checked against the whole reference. It stands here and in schema.ts only.
 */
import { ConnectorError, isConnectorError } from '#kernel/errors.ts';
import { toDecimal, type Money } from '#kernel/money.ts';
import { toIso, type Instant } from '#kernel/time.ts';
import type { ChannelReturn, ReturnAnswer, ReturnState } from '#engine/orders/ports.ts';
import { asAmount, orDrift, readAmount } from './amounts.ts';
import type { EbayClient } from './ebay-client.ts';
import { returnDetailSchema, returnRefundedSchema, returnsSchema, returnSummarySchema, type EbayReturn } from './schema.ts';

const PATH = '/post-order/v2/return';
const PER_PAGE = 200;
const STATES: Readonly<Record<string, ReturnState>> = {
  INITIAL: 'asked', RETURN_REQUESTED: 'asked', RETURN_REQUESTED_TIMEOUT: 'asked', ITEM_READY_TO_SHIP: 'approved', READY_FOR_SHIPPING: 'approved', WAITING_FOR_RETURN_SHIPPING_LABEL: 'approved', ITEM_SHIPPED: 'sent', ITEM_DELIVERED: 'arrived', ESCALATED: 'escalated', CLOSED: 'closed',
};
/** What the seller may do now, by eBay's own list. */
const OPTIONS: Readonly<Record<string, ReturnAnswer>> = { SELLER_APPROVE_REQUEST: 'approve', SELLER_ISSUE_REFUND: 'refund' };

const unknown = (operation: string, message: string) => new ConnectorError({ kind: 'OutcomeUnknown', connector: 'ebay', operation, message });
const rejected = (operation: string, message: string) => new ConnectorError({ kind: 'Rejected', connector: 'ebay', operation, message });

function readReturn(found: EbayReturn): ChannelReturn {
  const due = found.sellerResponseDue?.respondByDate?.value;
  const estimate = found.sellerTotalRefund?.estimatedRefundAmount;
  return {
    returnId: found.returnId, orderId: found.orderId, state: STATES[found.state ?? ''] ?? 'other', word: found.state ?? '', reason: found.creationInfo?.reason ?? '', units: found.creationInfo?.item?.returnQuantity ?? 1,
    expected: estimate ? readAmount(estimate, 'sellerTotalRefund') : null, respondBy: due ? Date.parse(due) : null, ways: [...new Set((found.sellerAvailableOptions ?? []).flatMap(({ actionType }) => OPTIONS[actionType ?? ''] ?? []))],
  };
}

/** Those that buyers asked for since, open and closed. */
export async function readReturns(client: EbayClient, given: { readonly openedFrom: Instant; readonly signal?: AbortSignal | undefined }): Promise<ChannelReturn[]> {
  const found = new Map<string, ChannelReturn>();
  for (let offset = 0; ; offset += PER_PAGE) {
    const { body } = await client.send('postOrder', {
      operation: 'read returns', method: 'GET', path: `${PATH}/search`, effect: 'read', schema: returnsSchema.nullable(), signal: given.signal,
      query: { creation_date_range_from: toIso(given.openedFrom), creation_date_range_to: toIso(client.options.clock.now()), role: 'SELLER', limit: PER_PAGE, offset },
    });
    const members = body?.members ?? [];
    for (const member of members) found.set(member.returnId, orDrift('read returns', () => readReturn(member)));
    if (members.length < PER_PAGE) return [...found.values()];
  }
}

async function readOne(client: EbayClient, returnId: string, signal: AbortSignal | undefined): Promise<ChannelReturn> {
  const { body } = await client.send('postOrder', { operation: 'read return', method: 'GET', path: `${PATH}/${encodeURIComponent(returnId)}`, query: { fieldgroups: 'SUMMARY' }, effect: 'read', schema: returnSummarySchema, signal });
  return orDrift('read return', () => readReturn(body.summary));
}

/** The parts that eBay expects to be given back (price, postage): the whole has to be named by them. */
async function partsOf(client: EbayClient, returnId: string, given: { readonly amount: Money; readonly signal?: AbortSignal | undefined }) {
  const { body } = await client.send('postOrder', { operation: 'read return', method: 'GET', path: `${PATH}/${encodeURIComponent(returnId)}`, query: { fieldgroups: 'FULL' }, effect: 'read', schema: returnDetailSchema, signal: given.signal });
  const expected = body.detail.refundInfo?.estimatedRefundDetail?.itemizedRefundDetails ?? [];
  const parts = orDrift('read return', () => expected.flatMap(({ refundFeeType, estimatedAmount }) => (estimatedAmount ? [{ refundFeeType, amount: readAmount(estimatedAmount, 'estimatedAmount') }] : [])));
  const whole = parts.reduce((sum, part) => sum + part.amount.minor, 0);
  if (parts.length === 0) return [{ refundFeeType: 'PURCHASE_PRICE', refundAmount: asAmount(given.amount) }];
  if (whole !== given.amount.minor || parts.some((part) => part.amount.currency !== given.amount.currency)) throw rejected('refund return', `eBay expects another sum by now than ${toDecimal(given.amount)} ${given.amount.currency}: look at the return again`);
  return parts.filter((part) => part.amount.minor > 0).map((part) => ({ refundFeeType: part.refundFeeType, refundAmount: asAmount(part.amount) }));
}

/** Each is done where eBay still lists it as something to do; where it does not any more it was done, or is no longer wanted. */
export async function answerReturn(client: EbayClient, returnId: string, given: { readonly answer: ReturnAnswer; readonly amount: Money | null; readonly signal?: AbortSignal | undefined }): Promise<{ existed: boolean }> {
  const { answer, signal } = given;
  const operation = answer === 'approve' ? 'approve return' : 'refund return';
  const waits = async () => (await readOne(client, returnId, signal)).ways.includes(answer);
  if (!(await waits())) return { existed: true };
  const path = `${PATH}/${encodeURIComponent(returnId)}/${answer === 'approve' ? 'decide' : 'issue_refund'}`;
  try {
    const { amount } = given;
    if (answer === 'refund' && amount === null) throw rejected(operation, 'eBay has not said what it expects to be given back; give it back there');
    const json = amount === null || answer === 'approve' ? { decision: 'APPROVE' } : { refundDetail: { itemizedRefundDetail: await partsOf(client, returnId, { amount, signal }), totalAmount: asAmount(amount) } };
    const { body } = await client.send('postOrder', { operation, method: 'POST', path, effect: 'once', schema: returnRefundedSchema.nullable(), signal, json });
    if (body?.refundStatus === 'FAILED') throw rejected(operation, 'eBay could not carry the refund out; look at the payment method for refunds there');
    return { existed: false };
  } catch (error) {
    if (!isConnectorError(error, 'OutcomeUnknown')) throw error;
    if (await waits()) throw unknown(operation, 'eBay does not show yet that it was done');
    return { existed: false };
  }
}
