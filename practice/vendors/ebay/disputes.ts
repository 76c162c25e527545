import type { Route, VendorRequest, VendorResponse } from '../host.ts';
import { refuse } from './errors.ts';
import type { Shop } from './shop.ts';

/** Key of the world's document that holds the disputes: the practice world's buyers open none by themselves. */
export const DISPUTES = 'payment-disputes';

interface Dispute {
  readonly paymentDisputeId: string;
  readonly orderId: string;
  readonly openDate: string;
}

function list(shop: Shop, { query }: VendorRequest): VendorResponse {
  const from = Date.parse(query.get('open_date_from') ?? '');
  const [limit, offset] = [Number(query.get('limit') ?? 200), Number(query.get('offset') ?? 0)];
  if (Number.isNaN(from) || !(limit >= 1 && limit <= 200) || !(offset >= 0)) return refuse(400, { errorId: 30_500, domain: 'API_FULFILLMENT', message: 'Invalid input.' });
  const all = ((shop.world.document('ebay', DISPUTES) ?? []) as Dispute[]).filter((one) => Date.parse(one.openDate) >= from);
  return { status: 200, body: { total: all.length, limit, offset, paymentDisputeSummaries: all.slice(offset, offset + limit) } };
}

/** Payment disputes of the Fulfillment API, for reading. */
export const disputeRoutes = (shop: Shop): Route[] => [{ method: 'GET', pattern: '/sell/fulfillment/v1/payment_dispute_summary', name: 'getPaymentDisputeSummaries', handle: (request) => list(shop, request) }];
