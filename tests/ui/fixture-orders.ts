import type { z } from 'zod';
import type { orderDetail, orderRow, orderWays } from '#contract/selling.ts';
import { FIXTURE_NOW } from './fixture-data.ts';

const PAGE = 'https://sellercentral.amazon.com/orders-v3/order/';

/** How the orders of the fixture can be called back: most from the desk; by the last digit, on the channel's page (4), said to be done there and not shown (8), and sent by the channel (2); one that was sent is asked back (5), and one whose money went back waits to be looked at. */
export function orderWaysOf(row: z.infer<typeof orderRow>): z.infer<typeof orderWays> & Pick<z.infer<typeof orderDetail>, 'problems' | 'toInspect' | 'tax' | 'feeCheck' | 'handClaims'> {
  const kind = row.id.at(-1);
  const way = kind === '4' || kind === '8' ? 'by-hand' : 'desk';
  const open = row.state === 'paid' || row.state === 'shipped';
  const waiting = kind === '8' && open;
  return {
    refundable: open ? row.total : null, refundWay: open ? way : null, refunding: false, cancelWay: row.state === 'paid' && kind !== '2' ? way : null, cancelling: false, cancelsInOwnWords: true, page: PAGE + row.externalId,
    byHand: waiting ? { what: 'refund', amount: { minor: 1_250, currency: 'USD' }, at: FIXTURE_NOW - 4 * 86_400_000 } : null, sentByChannel: kind === '2',
    return: kind === '5' && row.state === 'shipped' ? { id: '5000', state: 'asked', word: 'RETURN_REQUESTED', reason: 'DEFECTIVE_ITEM', units: row.units, expected: row.total, respondBy: FIXTURE_NOW + 2 * 86_400_000, ways: ['approve', 'refund'], answering: null } : null,
    claims: kind === '7' && row.state === 'shipped' ? [{ id: 'inquiry-1', kind: 'inquiry', amount: row.total, respondBy: FIXTURE_NOW + 2 * 86_400_000, ways: ['tracking', 'refund', 'escalate'], answering: null }] : [],
    inspected: null, toInspect: row.state === 'refunded' ? [{ lineId: 'l1', title: row.title, units: row.units }] : [],
    problems: waiting ? [{ code: 'order.refund-unseen', data: { channel: row.channel } }] : kind === '6' ? [{ code: 'order.claim-taken', data: { claimId: 'c', reason: 'a-to-z guarantee', amount: row.total, endsAt: FIXTURE_NOW + 12 * 86_400_000 } }] : [],
    handClaims: kind === '4' ? [{ id: 'evt_claim', state: 'taken', reason: 'Item not received', taken: { minor: 2_400, currency: 'USD' }, fee: { minor: 0, currency: 'USD' }, respondBy: null }] : [],
    tax: { minor: kind === '6' ? 145 : 0, currency: 'USD' }, feeCheck: { cardId: 'ebay-us-2026-02', accrued: false, charged: true, rows: [{ kind: 'referral', expected: { minor: 412, currency: 'USD' }, charged: { minor: 412, currency: 'USD' } }, { kind: 'fulfilment', expected: { minor: 396, currency: 'USD' }, charged: { minor: 460, currency: 'USD' } }] },
  };
}
