/** Payments that an own shop took through the provider by itself: they are orders of the shop, and no payments of this program. */
import { add, money } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import { findByPayment, settleByProvider, takeClaim, unsettleByProvider, type ChannelClaim, type Order } from '../orders/index.ts';
import type { JoinedLine } from './book-payout.ts';
import type { PaymentsDeps } from './deps.ts';
import type { PayoutLine, ProviderDispute } from './ports.ts';

/** The order of an own shop that a movement is of; null where it is of none, or in another currency than the order: what of it is the order's is not known then. */
export async function orderOf(tx: Tx, provider: string, line: Pick<PayoutLine, 'of' | 'payment' | 'gross'>): Promise<Order | null> {
  for (const reference of new Set([...(line.payment ?? []), ...(line.of === null ? [] : [line.of])])) {
    const order = await findByPayment(tx, provider, reference);
    if (order) return order.total.currency === line.gross.currency ? order : null;
  }
  return null;
}

export const partKey = (payoutId: string, orderId: string): string => `payout:${payoutId}:order:${orderId}`;

/** Books what a payout holds of shops' orders, order by order. */
export async function settleShopOrders(deps: PaymentsDeps, tx: Tx, payout: { readonly id: string; readonly provider: string; readonly externalId: string; readonly lines: readonly JoinedLine[] }): Promise<void> {
  const byOrder = Map.groupBy(payout.lines.filter((line) => line.orderId !== null), (line) => line.orderId!);
  for (const [orderId, lines] of byOrder) {
    // read anew for each: what one payout settles of an order changes it
    const order = await orderOf(tx, payout.provider, lines[0]!);
    if (order?.id !== orderId) continue;
    const none = money(0, lines[0]!.net.currency);
    const fee = lines.filter(({ kind }) => kind !== 'dispute').reduce((sum, line) => add(sum, line.fee), none);
    await settleByProvider(deps.orders, tx, order, {
      key: partKey(payout.id, orderId), at: deps.ctx.clock.now(), memo: `${payout.provider} ${payout.externalId} ${order.externalId}`, net: lines.reduce((sum, line) => add(sum, line.net), none), fee, namesFee: lines.some(({ kind }) => kind === 'payment'),
    });
  }
}

export async function unsettleShopOrders(deps: PaymentsDeps, tx: Tx, payoutId: string, orderIds: Iterable<string>): Promise<void> {
  for (const orderId of new Set(orderIds)) await unsettleByProvider(deps.orders, tx, partKey(payoutId, orderId), deps.ctx.clock.now());
}

const STATES: Readonly<Record<ProviderDispute['state'], ChannelClaim['state']>> = { 'needs-response': 'answer', 'under-review': 'waits', won: 'won', lost: 'lost' };

/** A bank's dispute of an order that an own shop took the payment of: it stands at the order, and what it took is booked there. */
export async function takeShopDispute(deps: PaymentsDeps, tx: Tx, provider: { readonly id: string; readonly name: string }, dispute: ProviderDispute): Promise<void> {
  const order = await orderOf(tx, provider.id, { of: dispute.of, payment: dispute.payment, gross: dispute.amount });
  if (!order) return;
  const taken = dispute.withheld ?? (dispute.state === 'won' ? money(0, dispute.amount.currency) : dispute.amount);
  await takeClaim(deps.orders, tx, order, {
    claimId: dispute.externalId, orderId: order.externalId, state: STATES[dispute.state], reason: dispute.reason, amount: dispute.amount, respondBy: dispute.state === 'needs-response' ? dispute.answerBy : null, taken, fee: dispute.fee, where: provider.name,
  });
}
