/**
 * Inquiries about what did not arrive, and the cases that they and returns become, by the Post-Order API. The document among the specs names the calls alone; what is sent and answered follows excerpts of eBay's reference
 * (Search Inquiries, Get Inquiry, InquirySummaryType, InquiryStatusEnum, ShipmentInfoRequest, EscalateInquiryRequest, VoluntaryRefundResponse, Search Cases, CaseSummaryType, CaseStatusEnum; versions 2.7.8 and 2.8.0)
 * and a public client's types of it. Assumed where those are silent, here and in inquiry-schema.ts.
 */
import { ConnectorError, isConnectorError } from '#kernel/errors.ts';
import { DAY_MS, toIso, type Instant } from '#kernel/time.ts';
import type { ChannelClaim, ClaimAnswer, ClaimAnswerRequest, ClaimQuery, ClaimState } from '#engine/orders/ports.ts';
import { orDrift, readAmount } from './amounts.ts';
import type { EbayClient } from './ebay-client.ts';
import { casesSchema, inquiriesSchema, inquiryDetailSchema, inquiryRefundedSchema, type EbayCase, type EbayInquiry } from './inquiry-schema.ts';
import { readOneOrder } from './orders.ts';

const INQUIRY = '/post-order/v2/inquiry';
const CASE = '/post-order/v2/casemanagement';
const PER_PAGE = 200;
/** Buyers ask within weeks of the delivery that was promised. */
const LONGEST_LOOK_BACK_MS = 90 * DAY_MS;

/** An unknown word is something to look at. */
const INQUIRY_STATES: Readonly<Record<string, ClaimState>> = { OPEN: 'answer', WAITING_SELLER_RESPONSE: 'answer', PENDING: 'waits', WAITING_BUYER_RESPONSE: 'waits', CLOSED: 'closed', CLOSED_WITH_ESCALATION: 'closed', CS_CLOSED: 'closed' };
const CASE_STATES: Readonly<Record<string, ClaimState>> = { OPEN: 'answer', REFUND_AGREED_BUT_FAILED: 'answer', ON_HOLD: 'waits', WAITING_CS: 'waits', WAITING_DELIVERY: 'waits', CLOSED: 'closed', CS_CLOSED: 'closed' };
/** A buyer who has the number and does not close it leaves the seller to ask eBay. */
const WAYS: Readonly<Record<string, readonly ClaimAnswer[]>> = { OPEN: ['tracking', 'refund', 'escalate'], WAITING_SELLER_RESPONSE: ['tracking', 'refund', 'escalate'], WAITING_BUYER_RESPONSE: ['escalate'] };

const INQUIRY_ID = 'inquiry-';
const CASE_ID = 'case-';

const rejected = (operation: string, message: string) => new ConnectorError({ kind: 'Rejected', connector: 'ebay', operation, message });
const unknown = (operation: string, message: string) => new ConnectorError({ kind: 'OutcomeUnknown', connector: 'ebay', operation, message });

/** eBay's refunds want a digital signature on some sites: there a person gives the money back. */
const waysOf = (client: EbayClient, status: string | null | undefined): ClaimAnswer[] => (WAYS[status ?? ''] ?? []).filter((way) => way !== 'refund' || !client.site.signed);

type Search = Readonly<Record<string, string | number>>;
const searchInquiries = async (client: EbayClient, query: Search, signal?: AbortSignal) =>
  (await client.send('postOrder', { operation: 'read inquiries', method: 'GET', path: `${INQUIRY}/search`, effect: 'read', schema: inquiriesSchema.nullable(), signal, query })).body?.members ?? [];
const searchCases = async (client: EbayClient, query: Search, signal?: AbortSignal) =>
  (await client.send('postOrder', { operation: 'read cases', method: 'GET', path: `${CASE}/search`, effect: 'read', schema: casesSchema.nullable(), signal, query })).body?.members ?? [];

async function allPages<T>(search: (page: Search) => Promise<readonly T[]>): Promise<T[]> {
  const found: T[] = [];
  for (let offset = 0; ; offset += PER_PAGE) {
    const members = await search({ limit: PER_PAGE, offset });
    found.push(...members);
    if (members.length < PER_PAGE) return found;
  }
}

interface Found {
  readonly claimId: string;
  readonly claim: Omit<ChannelClaim, 'orderId'>;
  readonly itemId: string | null;
  /** Whether eBay lists it among those of this order. */
  readonly isOf: (orderId: string) => Promise<boolean>;
}

function claimOf(one: EbayInquiry | EbayCase, given: Pick<ChannelClaim, 'claimId' | 'kind' | 'state' | 'reason' | 'ways'>): Omit<ChannelClaim, 'orderId'> {
  const due = given.state === 'answer' ? one.respondByDate?.value : null;
  return { ...given, amount: one.claimAmount ? readAmount(one.claimAmount, 'claimAmount') : null, respondBy: due ? Date.parse(due) : null };
}

function readInquiry(client: EbayClient, one: EbayInquiry, signal: AbortSignal | undefined): Found {
  const claimId = INQUIRY_ID + one.inquiryId;
  const ways = waysOf(client, one.inquiryStatusEnum);
  return {
    claimId, claim: claimOf(one, { claimId, kind: 'inquiry', state: INQUIRY_STATES[one.inquiryStatusEnum ?? ''] ?? 'answer', reason: 'ITEM_NOT_RECEIVED', ways }), itemId: one.itemId ?? null,
    isOf: async (orderId) => (await searchInquiries(client, { order_id: orderId, limit: PER_PAGE, offset: 0 }, signal)).some((other) => other.inquiryId === one.inquiryId),
  };
}

/** eBay took its call for refunding a case away (March 2026): a case is answered on eBay's page. */
function readCase(client: EbayClient, one: EbayCase, signal: AbortSignal | undefined): Found {
  const claimId = CASE_ID + one.caseId;
  return {
    claimId, claim: claimOf(one, { claimId, kind: 'case', state: CASE_STATES[one.caseStatusEnum ?? ''] ?? 'answer', reason: '', ways: [] }), itemId: one.itemId ?? null,
    isOf: async (orderId) => (await searchCases(client, { order_id: orderId, limit: PER_PAGE, offset: 0 }, signal)).some((other) => other.caseId === one.caseId),
  };
}

/** eBay names a claim's listing and not its order, and tells it for an order that is asked about: those of the listing are asked about, each once for each claim. */
export class ClaimOrders {
  readonly #known = new Map<string, string>();
  readonly #others = new Map<string, Set<string>>();

  async orderOf({ claimId, itemId, isOf }: Pick<Found, 'claimId' | 'itemId' | 'isOf'>, ordersOf: ClaimQuery['ordersOf']): Promise<string | null> {
    const known = this.#known.get(claimId);
    if (known !== undefined) return known;
    const others = this.#others.get(claimId) ?? new Set<string>();
    this.#others.set(claimId, others);
    for (const orderId of itemId === null ? [] : await ordersOf(itemId)) {
      if (others.has(orderId)) continue;
      if (await isOf(orderId)) {
        this.#known.set(claimId, orderId);
        this.#others.delete(claimId);
        return orderId;
      }
      others.add(orderId);
    }
    return null;
  }
}

async function findAll(client: EbayClient, openedFrom: Instant, signal: AbortSignal | undefined): Promise<Found[]> {
  const now = client.options.clock.now();
  const [from, to] = [toIso(Math.max(openedFrom, now - LONGEST_LOOK_BACK_MS)), toIso(now)];
  const inquiries = await allPages((page) => searchInquiries(client, { inquiry_creation_date_range_from: from, inquiry_creation_date_range_to: to, ...page }, signal));
  const cases = await allPages((page) => searchCases(client, { case_creation_date_range_from: from, case_creation_date_range_to: to, ...page }, signal));
  return [...inquiries.map((one) => orDrift('read inquiries', () => readInquiry(client, one, signal))), ...cases.map((one) => orDrift('read cases', () => readCase(client, one, signal)))];
}

/** Inquiries and cases that were opened since, open and closed, of orders that this program knows; none where the site has no Post-Order API. */
export async function readInquiries(client: EbayClient, query: ClaimQuery, orders: ClaimOrders): Promise<ChannelClaim[]> {
  try {
    const claims: ChannelClaim[] = [];
    for (const found of await findAll(client, query.openedFrom, query.signal)) {
      const orderId = await orders.orderOf(found, query.ordersOf);
      if (orderId !== null) claims.push({ ...found.claim, orderId });
    }
    return claims;
  } catch (error) {
    if (isConnectorError(error, 'Rejected') && (error.detail.httpStatus === 403 || error.detail.httpStatus === 404)) return [];
    throw error;
  }
}

const OPERATIONS = { tracking: 'tell tracking', refund: 'refund inquiry', escalate: 'escalate inquiry' } as const satisfies Record<ClaimAnswer, string>;
const PATHS = { tracking: 'provide_shipment_info', refund: 'issue_refund', escalate: 'escalate' } as const satisfies Record<ClaimAnswer, string>;

function bodyOf({ answer, message, shipment }: ClaimAnswerRequest) {
  const comment = { content: message };
  if (answer === 'refund') return { comments: comment };
  // The only reason for a seller that says what a seller can prove.
  if (answer === 'escalate') return { comments: comment, escalateInquiryReason: 'SHIPPED_ITEM' };
  if (!shipment) throw rejected(OPERATIONS.tracking, 'the order was not sent from here: tell eBay the number there');
  return { shippingCarrierName: shipment.carrier, trackingNumber: shipment.trackingNumber, shippedWithTracking: true, shippingDate: { value: toIso(shipment.shippedAt) }, sellerComments: comment };
}

/** Each is done where eBay still waits for it; where it does not any more it was done, or is no longer wanted. A refund that stands at the order and was not there before is ours, whatever the inquiry says yet. */
export async function answerInquiry(client: EbayClient, claim: { readonly claimId: string; readonly orderId: string }, given: ClaimAnswerRequest & { readonly signal?: AbortSignal | undefined }): Promise<{ existed: boolean }> {
  const { answer, known, signal } = given;
  const operation = OPERATIONS[answer];
  if (!claim.claimId.startsWith(INQUIRY_ID)) throw rejected(operation, 'eBay takes no answer to this from a program; answer it there');
  const path = `${INQUIRY}/${encodeURIComponent(claim.claimId.slice(INQUIRY_ID.length))}`;
  const waits = async () => {
    const { body } = await client.send('postOrder', { operation: 'read inquiry', method: 'GET', path, effect: 'read', schema: inquiryDetailSchema, signal });
    if (!waysOf(client, body.status).includes(answer)) return false;
    return answer !== 'refund' || !(await readOneOrder(client, claim.orderId, signal))?.refunds.some(({ refundId }) => !known.includes(refundId));
  };
  if (!(await waits())) return { existed: true };
  try {
    const { body } = await client.send('postOrder', { operation, method: 'POST', path: `${path}/${PATHS[answer]}`, effect: 'once', schema: inquiryRefundedSchema.nullable(), signal, json: bodyOf(given) });
    if (body?.refundResult?.refundStatus === 'FAILED') throw rejected(operation, 'eBay could not carry the refund out; look at the payment method for refunds there');
    return { existed: false };
  } catch (error) {
    if (!isConnectorError(error, 'OutcomeUnknown')) throw error;
    if (await waits()) throw unknown(operation, 'eBay does not show yet that it was done');
    return { existed: false };
  }
}
