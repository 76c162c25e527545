import { z } from 'zod';
import { toIso, type Instant } from '#kernel/time.ts';
import { inquiryOf, refundsOf, sellersPart, type Sale, type SaleInquiry } from '../../world/index.ts';
import type { Route, VendorRequest, VendorResponse } from '../host.ts';
import { refuse } from './errors.ts';
import type { Shop } from './shop.ts';

const text = z.strictObject({ content: z.string().min(1).max(1_000) });
const shipmentSchema = z.strictObject({ shippingCarrierName: z.string().min(1), trackingNumber: z.string().regex(/^[A-Za-z0-9]+$/), shippedWithTracking: z.boolean(), shippingDate: z.strictObject({ value: z.iso.datetime() }), sellerComments: text });
const refundSchema = z.strictObject({ comments: text });
const escalateSchema = z.strictObject({ comments: text, escalateInquiryReason: z.enum(['BUYER_TROUBLE', 'SHIPPED_ITEM', 'TROUBLE_COMMUNICATION', 'OTHERS']) });

/** What the seller did about an inquiry, in the world's documents. */
interface Told {
  readonly trackedAt?: Instant;
  readonly escalatedAt?: Instant;
}
interface Asked {
  readonly sale: Sale;
  readonly inquiry: SaleInquiry;
  readonly told: Told;
}

const key = (sale: Sale) => `inquiry/${sale.id}`;
const left = (sale: Sale) => sellersPart(sale) - refundsOf(sale).reduce((total, refund) => total + refund.minor, 0);
/** eBay numbers a sale here by another number than its line item. */
const transactionId = (sale: Sale) => Number(`2${sale.lineItemId.slice(-9)}`);

function askedOf(shop: Shop, sale: Sale, at: Instant): Asked[] {
  const inquiry = inquiryOf(shop.world, sale, at);
  return inquiry ? [{ sale, inquiry, told: (shop.world.document('ebay', key(sale)) ?? {}) as Told }] : [];
}

/** When it became a case: asked for by the seller, or for want of an answer. */
const escalatedAt = ({ inquiry, told }: Asked): Instant | null =>
  told.escalatedAt ?? (told.trackedAt === undefined ? inquiry.dueAt : null);

function statusOf(asked: Asked, now: Instant): string {
  const { inquiry, told } = asked;
  if (left(asked.sale) === 0) return 'CLOSED';
  const escalated = escalatedAt(asked);
  if (escalated !== null && escalated <= now) return 'CLOSED_WITH_ESCALATION';
  if (told.trackedAt !== undefined) return now >= inquiry.endsAt ? 'CLOSED' : 'WAITING_BUYER_RESPONSE';
  return 'WAITING_SELLER_RESPONSE';
}

const common = ({ sale, inquiry }: Asked, createdAt: Instant) => ({
  itemId: Number(sale.listingId), transactionId: transactionId(sale), buyer: sale.buyerUsername, seller: 'practice_seller', claimAmount: { value: left(sale) / 100, currency: 'USD' }, creationDate: { value: toIso(createdAt) }, respondByDate: { value: toIso(inquiry.dueAt) },
});
const inquirySummary = (asked: Asked, now: Instant) => ({ inquiryId: Number(asked.inquiry.id), inquiryStatusEnum: statusOf(asked, now), ...common(asked, asked.inquiry.at) });
/** eBay decides once the buyer has it, for the seller. */
const caseSummary = (asked: Asked, now: Instant) => ({ caseId: Number(`7${asked.inquiry.id.slice(1)}`), caseStatusEnum: now >= asked.inquiry.endsAt || left(asked.sale) === 0 ? 'CS_CLOSED' : 'WAITING_CS', ...common(asked, escalatedAt(asked)!) });

interface List {
  /** Of the names of the query's range. */
  readonly range: string;
  readonly count: string;
  readonly startOf: (asked: Asked) => Instant | null;
  readonly summary: (asked: Asked, now: Instant) => object;
}

/** Without a range it is that of an order; a range has to be one, and comes in pages. */
function search(shop: Shop, { query, at }: VendorRequest, { range, count, startOf, summary }: List): VendorResponse {
  const [from, to, order] = [query.get(`${range}_from`), query.get(`${range}_to`), query.get('order_id')];
  const [limit, offset] = [Number(query.get('limit') ?? 25), Number(query.get('offset') ?? 0)];
  const span = [Date.parse(from ?? ''), Date.parse(to ?? '')] as const;
  if (!(limit >= 1 && limit <= 200) || !(offset >= 0) || (from !== null || to !== null ? !(span[0] < span[1]) : order === null)) return refuse(400, { errorId: 1_616, domain: 'ACCESS', message: 'Invalid input.' });
  const matching = shop.world.sales('ebay').filter((sale) => order === null || sale.id === order).flatMap((sale) => askedOf(shop, sale, at)).filter((asked) => {
    const start = startOf(asked);
    return start !== null && start <= at && (from === null || (start >= span[0] && start <= span[1]));
  });
  return { status: 200, body: { members: matching.slice(offset, offset + limit).map((asked) => summary(asked, at)), [count]: matching.length, paginationOutput: { limit, offset, totalEntries: matching.length, totalPages: Math.ceil(matching.length / limit) } } };
}

const detail = (asked: Asked, now: Instant) => ({
  inquiryId: asked.inquiry.id, itemId: asked.sale.listingId, transactionId: String(transactionId(asked.sale)), status: statusOf(asked, now), state: 'CREATED', initiator: 'BUYER', inquiryQuantity: asked.sale.quantity, claimAmount: { value: left(asked.sale) / 100, currency: 'USD' },
});
const no = (message: string) => refuse(409, { errorId: 1_622, domain: 'ACCESS', message });
const invalid = (field: PropertyKey | undefined) => refuse(400, { errorId: 1_616, domain: 'ACCESS', message: `Invalid input: ${String(field ?? 'body')}.` });

/** Null where eBay waits for it. */
function refusalOf(asked: Asked, { at, from, body }: { readonly at: Instant; readonly from: readonly string[]; readonly body: z.ZodSafeParseResult<unknown> }): VendorResponse | null {
  if (!body.success) return invalid(body.error.issues[0]?.path[0]);
  return from.includes(statusOf(asked, at)) ? null : no('The inquiry is in another state.');
}
const keep = (shop: Shop, { sale, told }: Asked, news: Told) => shop.world.actions.putDocument('ebay', key(sale), { ...told, ...news });
const WAITS = ['WAITING_SELLER_RESPONSE'];

function tellTracking(shop: Shop, asked: Asked, request: VendorRequest): VendorResponse {
  const refused = refusalOf(asked, { at: request.at, from: WAITS, body: shipmentSchema.safeParse(request.json()) });
  if (refused) return refused;
  keep(shop, asked, { trackedAt: request.at });
  shop.count('inquiriesTracked');
  return { status: 200 };
}

function escalate(shop: Shop, asked: Asked, request: VendorRequest): VendorResponse {
  const refused = refusalOf(asked, { at: request.at, from: [...WAITS, 'WAITING_BUYER_RESPONSE'], body: escalateSchema.safeParse(request.json()) });
  if (refused) return refused;
  keep(shop, asked, { escalatedAt: request.at });
  shop.count('inquiriesEscalated');
  return { status: 200 };
}

function issueRefund(shop: Shop, asked: Asked, request: VendorRequest): VendorResponse {
  const { sale, inquiry } = asked;
  const refused = refusalOf(asked, { at: request.at, from: WAITS, body: refundSchema.safeParse(request.json()) });
  if (refused) return refused;
  const done = shop.world.actions.giveBack(sale.id, { reference: `51${inquiry.id}`, minor: left(sale) });
  if (!done.ok) return no(done.refusal.message);
  shop.count('inquiriesRefunded');
  return { status: 200, body: { refundResult: { refundStatus: 'SUCCESS', refundSource: 'OTHER' } } };
}

/** Inquiries and cases of the Post-Order API: asked by the world's buyers, answered by the seller, decided by eBay where nobody answers. */
export function inquiryRoutes(shop: Shop): Route[] {
  const one = (handle: (own: Shop, asked: Asked, request: VendorRequest) => VendorResponse) => (request: VendorRequest) => {
    const asked = shop.world.sales('ebay').flatMap((sale) => askedOf(shop, sale, request.at)).find(({ inquiry }) => inquiry.id === request.params['inquiryId']);
    return asked ? handle(shop, asked, request) : refuse(404, { errorId: 1_618, domain: 'ACCESS', message: 'The inquiry is not known.' });
  };
  const base = '/post-order/v2/inquiry';
  const inquiries: List = { range: 'inquiry_creation_date_range', count: 'totalNumberOfInquiries', startOf: ({ inquiry }) => inquiry.at, summary: inquirySummary };
  const cases: List = { range: 'case_creation_date_range', count: 'totalNumberOfCases', startOf: escalatedAt, summary: caseSummary };
  return [
    { method: 'GET', pattern: `${base}/search`, name: 'searchInquiries', handle: (request) => search(shop, request, inquiries) },
    { method: 'GET', pattern: '/post-order/v2/casemanagement/search', name: 'searchCases', handle: (request) => search(shop, request, cases) },
    { method: 'GET', pattern: `${base}/{inquiryId}`, name: 'getInquiry', handle: one((_own, asked, { at }) => ({ status: 200, body: detail(asked, at) })) },
    { method: 'POST', pattern: `${base}/{inquiryId}/provide_shipment_info`, name: 'provideInquiryShipmentInfo', handle: one(tellTracking) },
    { method: 'POST', pattern: `${base}/{inquiryId}/issue_refund`, name: 'issueInquiryRefund', handle: one(issueRefund) },
    { method: 'POST', pattern: `${base}/{inquiryId}/escalate`, name: 'escalateInquiry', handle: one(escalate) },
  ];
}
