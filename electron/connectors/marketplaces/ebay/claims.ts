/** Payment disputes (Fulfillment API): a buyer asks the bank or the payment provider for the money, past eBay's own returns. */
import { isConnectorError } from '#kernel/errors.ts';
import { toIso, type Instant } from '#kernel/time.ts';
import type { ChannelClaim } from '#engine/orders/ports.ts';
import { orDrift, readAmount } from './amounts.ts';
import type { EbayClient } from './ebay-client.ts';
import { disputesSchema, type EbayDispute } from './schema.ts';

const PER_PAGE = 200;
/** eBay's DisputeStateEnum; an unknown word is something to look at. */
const STATES: Readonly<Record<string, ChannelClaim['state']>> = { ACTION_NEEDED: 'answer', OPEN: 'waits', CLOSED: 'closed' };

function readClaim(found: EbayDispute): ChannelClaim {
  return {
    claimId: found.paymentDisputeId, orderId: found.orderId, state: STATES[found.paymentDisputeStatus] ?? 'answer', reason: found.reason ?? '', amount: found.amount ? readAmount(found.amount, 'amount') : null,
    respondBy: found.respondByDate ? Date.parse(found.respondByDate) : null,
  };
}

/** Those that were opened since, open and closed; null where the seller has not consented to disputes being read: the scope is one of its own. */
export async function readClaims(client: EbayClient, given: { readonly openedFrom: Instant; readonly signal?: AbortSignal | undefined }): Promise<ChannelClaim[] | null> {
  const found = new Map<string, ChannelClaim>();
  try {
    for (let offset = 0; ; offset += PER_PAGE) {
      const { body } = await client.readDisputes({
        operation: 'read payment disputes', method: 'GET', path: '/sell/fulfillment/v1/payment_dispute_summary', effect: 'read', schema: disputesSchema.nullable(), signal: given.signal,
        query: { open_date_from: toIso(given.openedFrom), limit: String(PER_PAGE), offset: String(offset) },
      });
      const page = body?.paymentDisputeSummaries ?? [];
      for (const one of page) found.set(one.paymentDisputeId, orDrift('read payment disputes', () => readClaim(one)));
      if (page.length < PER_PAGE) return [...found.values()];
    }
  } catch (error) {
    if (isConnectorError(error, 'SessionLost') || (isConnectorError(error, 'Rejected') && error.detail.httpStatus === 403)) return null;
    throw error;
  }
}
