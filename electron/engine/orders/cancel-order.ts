import { DomainError } from '#kernel/errors.ts';
import type { Tx } from '#runtime/ports.ts';
import type { OrdersDeps } from './deps.ts';
import { wrongState } from './errors.ts';
import { isMovingMoney, withProblem, type Order } from './order.ts';
import { loadOrder } from './ship-order.ts';
import { updateOrder } from './repo.ts';

/** The kind of workflow that cancels an order at its channel. */
export const CANCEL_WORKFLOW = 'cancel-order';

export interface CancelInput {
  readonly id: string;
  /** The version that the person saw. */
  readonly version: number;
  /** To the buyer; null where the channel tells them in its own words. */
  readonly message: string | null;
  readonly by: string;
}

/**
 * A person gives up an order that has not been sent: its channel is told by a workflow that outlives the program, and what follows (units back, money back) is booked when the channel shows
 * the order as cancelled. @throws DomainError NOT_FOUND, WRONG_STATE, INVALID where the channel has no call for it.
 */
export async function cancelOrder(deps: OrdersDeps, input: CancelInput): Promise<Order> {
  const { db, workflows, outbox, audit } = deps.ctx;
  return db.transaction(async (tx) => {
    const order = await loadOrder(tx, input.id);
    if (order.version !== input.version || order.state !== 'paid') throw wrongState(order.state);
    const source = deps.sources.get(order.channel);
    if (order.facts.sentByChannel) throw new DomainError('INVALID', `channel: ${order.channel} sends this order itself; only it can stop it.`, { field: 'channel', reason: 'sent-by-channel' });
    if (!source?.cancelOrder) throw new DomainError('INVALID', `channel: ${order.channel} takes no cancellation from here; cancel the order on its own page, and it is read back.`, { field: 'channel', reason: 'cannot-cancel' });
    if (order.facts.cancelling) return order;
    if (isMovingMoney(order.facts)) throw wrongState(order.state);
    if (input.message === null && !source.cancelsInOwnWords) throw new DomainError('INVALID', 'message: the buyer has to be told why.', { field: 'message', reason: 'missing' });
    const asked: Order = { ...order, facts: { ...order.facts, cancelling: true }, version: order.version + 1 };
    if (!(await updateOrder(tx, order, asked))) throw wrongState(order.state);
    await workflows.start(tx, CANCEL_WORKFLOW, `${CANCEL_WORKFLOW}:${order.id}:${asked.version}`, { orderId: order.id, message: input.message ?? '' });
    await audit.append(tx, { actor: input.by, channel: 'desktop', action: 'order.cancelled', subject: order.id, data: { externalId: order.externalId, channel: order.channel } });
    await outbox.add(tx, 'order.cancelling', order.id, { externalId: order.externalId });
    return asked;
  });
}

/** The channel would not cancel it: kept with the order, for a person, who may ask again. */
export async function noteCancelRefused(deps: Pick<OrdersDeps, 'ctx'>, tx: Tx, orderId: string, message: string): Promise<void> {
  const order = await loadOrder(tx, orderId);
  const facts = withProblem({ ...order.facts, cancelling: false }, { code: 'order.cancel-refused', data: { message } });
  if (!(await updateOrder(tx, order, { ...order, facts }))) throw wrongState(order.state);
  await deps.ctx.outbox.add(tx, 'order.cancel-refused', orderId, { message });
}
