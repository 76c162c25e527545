import type { z } from 'zod';
import type { orderWays } from '#contract/selling.ts';
import type { OrdersDeps } from './deps.ts';
import { isMovingMoney, type Order } from './order.ts';
import { leftToRefund } from './refund-order.ts';
import { claimWays } from './returns/answer-claim.ts';

/** How this order can be given up and its money given back: by the channel's calls, or by a person on its page. */
export function waysOf(deps: Pick<OrdersDeps, 'sources'>, order: Order): z.infer<typeof orderWays> {
  const source = deps.sources.get(order.channel);
  const { byHand, refunding = false, cancelling = false, sentByChannel = false, return: asked, inspected } = order.facts;
  const left = leftToRefund(order);
  const address = source?.orderPage?.(order.externalId) ?? '';
  // a shop whose address is not known yet has none
  const page = URL.canParse(address) ? address : null;
  const other = page === null ? null : 'by-hand';
  const refundWay = left === null ? null : source?.refundOrder ? 'desk' : other;
  const cancelWay = order.state !== 'paid' || sentByChannel ? null : source?.cancelOrder ? 'desk' : other;
  return {
    refundable: refundWay === null ? null : left, refundWay, refunding, cancelWay, cancelling, cancelsInOwnWords: source?.cancelsInOwnWords === true, page, sentByChannel,
    return: asked ? { ...asked, ways: source?.answerReturn && !isMovingMoney(order.facts) ? asked.ways : [], answering: asked.answering ?? null } : null, inspected: inspected ?? null,
    claims: (order.facts.openClaims ?? []).map((claim) => ({ ...claim, ways: claimWays(source, order, claim), answering: claim.answering ?? null })),
    byHand: byHand ? { what: byHand.what, amount: byHand.amount, at: byHand.at } : null,
  };
}
