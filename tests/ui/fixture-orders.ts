import type { z } from 'zod';
import type { orderRow, orderWays } from '#contract/selling.ts';

/** How the orders of the fixture can be called back: Amazon's and Etsy's on their own pages alone. */
export function orderWaysOf(row: z.infer<typeof orderRow>): z.infer<typeof orderWays> {
  const way = /^(?:amazon|etsy)/.test(row.channel) ? 'by-hand' : 'desk';
  const open = row.state === 'paid' || row.state === 'shipped';
  return {
    refundable: open ? row.total : null, refundWay: open ? way : null, refunding: false, cancelWay: row.state === 'paid' ? way : null, cancelling: false, cancelsInOwnWords: row.channel.startsWith('ebay'),
    page: `https://channel.example/orders/${row.externalId}`, byHand: null, sentByChannel: false,
  };
}
