import type { Money } from '#kernel/money.ts';
import { compare, money } from '#kernel/money.ts';
import { DomainError } from '#kernel/errors.ts';
import { DAY_MS } from '#kernel/time.ts';
import type { Tx } from '#runtime/ports.ts';
import type { OrdersDeps } from './deps.ts';
import { wrongState } from './errors.ts';
import type { OrderState } from './machine.ts';
import { isMovingMoney, withProblem, type ByHand, type Order, type OrderFacts } from './order.ts';
import { leftToRefund } from './refund-order.ts';
import { updateOrder } from './repo.ts';
import { loadOrder } from './ship-order.ts';

/** The kind of workflow that looks after what a person said to do on the channel's page. */
export const BY_HAND_WORKFLOW = 'await-by-hand';
/** How long a channel may take to show it before a person is told: Amazon's transactions "might not include orders from the last 48 hours", as its Finances document says. */
export const BY_HAND_WAIT_MS = 3 * DAY_MS;

export interface ByHandInput {
  readonly id: string;
  /** The version that the person saw. */
  readonly version: number;
  readonly what: ByHand['what'];
  /** Of a refund; null for a cancellation. */
  readonly amount: Money | null;
  readonly by: string;
}

const refuse = (field: string, message: string, reason: string) => new DomainError('INVALID', `${field}: ${message}`, { field, reason });

function check(deps: Pick<OrdersDeps, 'sources'>, order: Order, input: ByHandInput): void {
  if (!deps.sources.get(order.channel)?.orderPage) throw refuse('channel', `the page of an order at ${order.channel} is not known.`, 'no-page');
  if (input.what === 'cancel') {
    if (order.state !== 'paid') throw wrongState(order.state);
    return;
  }
  const left = leftToRefund(order);
  if (left === null) throw wrongState(order.state);
  if (input.amount === null || input.amount.currency !== left.currency) throw refuse('amount', `the order is in ${left.currency}.`, 'currency');
  if (input.amount.minor < 1 || compare(input.amount, left) > 0) throw refuse('amount', 'more than nothing, and no more than what is left of the order.', 'out-of-range');
}

/**
 * A person gives money back, or the order up, on the channel's own page: it is written down here, and nothing is booked until the channel shows it. What it does not show in time is a
 * problem of the order. @throws DomainError NOT_FOUND, WRONG_STATE, INVALID.
 */
export async function doByHand(deps: OrdersDeps, input: ByHandInput): Promise<Order> {
  const { db, clock, workflows, outbox, audit } = deps.ctx;
  return db.transaction(async (tx) => {
    const order = await loadOrder(tx, input.id);
    if (order.version !== input.version || isMovingMoney(order.facts)) throw wrongState(order.state);
    check(deps, order, input);
    const before = order.lines.reduce((sum, line) => sum + line.refund.minor, order.facts.tax?.back ?? 0);
    const expected: ByHand = { what: input.what, amount: input.what === 'refund' ? input.amount : null, before, at: clock.now() };
    const after: Order = { ...order, facts: { ...order.facts, byHand: expected }, version: order.version + 1 };
    if (!(await updateOrder(tx, order, after))) throw wrongState(order.state);
    await workflows.start(tx, BY_HAND_WORKFLOW, `${BY_HAND_WORKFLOW}:${order.id}:${after.version}`, { orderId: order.id, at: expected.at });
    await audit.append(tx, { actor: input.by, channel: 'desktop', action: `order.${input.what === 'refund' ? 'refunded' : 'cancelled'}-by-hand`, subject: order.id, data: { externalId: order.externalId, channel: order.channel, amount: expected.amount } });
    await outbox.add(tx, 'order.by-hand', order.id, { externalId: order.externalId, what: input.what });
    return after;
  });
}

/** It was not done after all. @throws DomainError NOT_FOUND, WRONG_STATE where nothing is expected (any more). */
export async function forgetByHand(deps: OrdersDeps, input: { readonly id: string; readonly version: number; readonly by: string }): Promise<Order> {
  const { db, outbox, audit } = deps.ctx;
  return db.transaction(async (tx) => {
    const order = await loadOrder(tx, input.id);
    const { byHand, ...facts } = order.facts;
    if (order.version !== input.version || !byHand) throw wrongState(order.state);
    const after: Order = { ...order, facts, version: order.version + 1 };
    if (!(await updateOrder(tx, order, after))) throw wrongState(order.state);
    await audit.append(tx, { actor: input.by, channel: 'desktop', action: 'order.by-hand-forgotten', subject: order.id, data: { externalId: order.externalId, channel: order.channel, what: byHand.what } });
    await outbox.add(tx, 'order.changed', order.id, { externalId: order.externalId });
    return after;
  });
}

/** The facts once a reading shows what was expected; another sum than was said is kept as a problem. The same facts where it does not show it yet. */
export function settleByHand(facts: OrderFacts, shown: { readonly state: OrderState; readonly refunds: Money }): OrderFacts {
  const { byHand, ...rest } = facts;
  if (!byHand) return facts;
  const over = shown.state === 'cancelled' || shown.state === 'refunded';
  const given = shown.refunds.minor - byHand.before;
  if (byHand.what === 'cancel') return over ? rest : facts;
  if (!over && given <= 0) return facts;
  const { amount } = byHand;
  if (amount === null || amount.minor === given) return rest;
  return withProblem(rest, { code: 'order.refund-differs', data: { said: amount, shown: money(given, shown.refunds.currency) } });
}

/** The channel has not shown it in time: kept with the order, for a person. It is still expected. */
export async function noteByHandUnseen(deps: Pick<OrdersDeps, 'ctx'>, tx: Tx, expected: { readonly orderId: string; readonly at: number }): Promise<void> {
  const order = await loadOrder(tx, expected.orderId);
  const { byHand } = order.facts;
  if (byHand?.at !== expected.at) return;
  const problem = { code: `order.${byHand.what}-unseen`, data: { channel: order.channel } };
  if (!(await updateOrder(tx, order, { ...order, facts: withProblem(order.facts, problem) }))) throw wrongState(order.state);
  await deps.ctx.outbox.add(tx, problem.code, order.id, problem.data);
}
