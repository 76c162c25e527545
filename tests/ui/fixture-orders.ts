import type { z } from 'zod';
import type { orderDetail, orderRow, orderWays } from '#contract/selling.ts';
import { FIXTURE_NOW } from './fixture-data.ts';

const PAGE = 'https://sellercentral.amazon.com/orders-v3/order/';

/** How the orders of the fixture can be called back: most from the desk; by the last digit, on the channel's page (4), said to be done there and not shown (8), and sent by the channel (2). */
export function orderWaysOf(row: z.infer<typeof orderRow>): z.infer<typeof orderWays> & Pick<z.infer<typeof orderDetail>, 'problems'> {
  const kind = row.id.at(-1);
  const way = kind === '4' || kind === '8' ? 'by-hand' : 'desk';
  const open = row.state === 'paid' || row.state === 'shipped';
  const waiting = kind === '8' && open;
  return {
    refundable: open ? row.total : null, refundWay: open ? way : null, refunding: false, cancelWay: row.state === 'paid' && kind !== '2' ? way : null, cancelling: false, cancelsInOwnWords: true, page: PAGE + row.externalId,
    byHand: waiting ? { what: 'refund', amount: { minor: 1_250, currency: 'USD' }, at: FIXTURE_NOW - 4 * 86_400_000 } : null, sentByChannel: kind === '2',
    problems: waiting ? [{ code: 'order.refund-unseen', data: { channel: row.channel } }] : [],
  };
}
