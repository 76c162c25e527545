import { DomainError } from '#kernel/errors.ts';
import { compare, money, type Money } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import type { OrdersDeps } from './deps.ts';
import { wrongState } from './errors.ts';
import { isMovingMoney, withProblem, type Order } from './order.ts';
import { updateOrder } from './repo.ts';
import { loadOrder } from './ship-order.ts';

/** The kind of workflow that gives money back at the channel. */
export const REFUND_WORKFLOW = 'refund-order';

export interface RefundInput {
  readonly id: string;
  /** The version that the person saw. */
  readonly version: number;
  readonly amount: Money;
  /** To the buyer. */
  readonly message: string;
  readonly by: string;
}

/** What could still be given back: what the buyer paid, tax that passes through the seller with it, without what went back or was taken; null where nothing is left. */
export function leftToRefund(order: Order): Money | null {
  if (order.state !== 'paid' && order.state !== 'shipped') return null;
  const left = order.total.minor + order.tax.minor - order.lines.reduce((sum, line) => sum + line.refund.minor, 0);
  return left > 0 ? money(left, order.total.currency) : null;
}

/** As `leftToRefund`; null too where the channel takes no refund from here. */
export function refundable(deps: Pick<OrdersDeps, 'sources'>, order: Order): Money | null {
  return deps.sources.get(order.channel)?.refundOrder ? leftToRefund(order) : null;
}

const badAmount = (message: string, reason: string) => new DomainError('INVALID', `amount: ${message}`, { field: 'amount', reason });

/**
 * A person gives a part of the money back, or all of it: its channel is told by a workflow that outlives the program, and what the channel then shows is booked. One
 * refund at a time: until it is settled, another is refused. @throws DomainError NOT_FOUND, WRONG_STATE, INVALID.
 */
export async function refundOrder(deps: OrdersDeps, input: RefundInput): Promise<Order> {
  const { db, workflows, outbox, audit } = deps.ctx;
  return db.transaction(async (tx) => {
    const order = await loadOrder(tx, input.id);
    if (order.version !== input.version || isMovingMoney(order.facts)) throw wrongState(order.state);
    const left = refundable(deps, order);
    if (left === null) throw new DomainError('INVALID', `channel: ${order.channel} takes no refund of this order from here; refund it on its own page, and it is read back.`, { field: 'channel', reason: 'cannot-refund' });
    if (input.amount.currency !== left.currency) throw badAmount(`the order is in ${left.currency}.`, 'currency');
    if (input.amount.minor < 1 || compare(input.amount, left) > 0) throw badAmount('more than nothing, and no more than what is left of the order.', 'out-of-range');
    const asked: Order = { ...order, facts: { ...order.facts, refunding: true }, version: order.version + 1 };
    if (!(await updateOrder(tx, order, asked))) throw wrongState(order.state);
    const reference = `rd-${order.id}-${asked.version}`;
    await workflows.start(tx, REFUND_WORKFLOW, `${REFUND_WORKFLOW}:${order.id}:${asked.version}`, { orderId: order.id, reference, amount: input.amount, message: input.message });
    await audit.append(tx, { actor: input.by, channel: 'desktop', action: 'order.refunded', subject: order.id, data: { externalId: order.externalId, channel: order.channel, amount: input.amount } });
    await outbox.add(tx, 'order.refunding', order.id, { externalId: order.externalId });
    return asked;
  });
}

/** The refund is settled: another may be asked for. @param refused the channel's words where it would not, kept for a person */
export async function endRefund(deps: Pick<OrdersDeps, 'ctx'>, tx: Tx, orderId: string, refused: string | null): Promise<void> {
  const order = await loadOrder(tx, orderId);
  const settled = { ...order.facts, refunding: false };
  const facts = refused === null ? settled : withProblem(settled, { code: 'order.refund-refused', data: { message: refused } });
  if (!(await updateOrder(tx, order, { ...order, facts }))) throw wrongState(order.state);
  await deps.ctx.outbox.add(tx, refused === null ? 'order.changed' : 'order.refund-refused', orderId, refused === null ? {} : { message: refused });
}
