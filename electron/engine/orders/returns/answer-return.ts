import { DomainError } from '#kernel/errors.ts';
import type { Tx } from '#runtime/ports.ts';
import type { OrdersDeps } from '../deps.ts';
import { wrongState } from '../errors.ts';
import { isMovingMoney, withProblem, type Order } from '../order.ts';
import type { ReturnAnswer } from '../ports.ts';
import { updateOrder } from '../repo.ts';
import { loadOrder } from '../ship-order.ts';

/** The kind of workflow that answers a return at its channel. */
export const ANSWER_RETURN_WORKFLOW = 'answer-return';

export interface AnswerReturnInput {
  readonly id: string;
  /** The version that the person saw. */
  readonly version: number;
  readonly answer: ReturnAnswer;
  readonly by: string;
}

/**
 * A person lets the buyer send it back, or gives back what the channel expects: the channel is told by a workflow that outlives the program; what it then shows is booked. One thing at a time: neither
 * beside a refund or a cancellation that is under way. @throws DomainError NOT_FOUND, WRONG_STATE, INVALID where the channel does not wait for it.
 */
export async function answerReturn(deps: OrdersDeps, input: AnswerReturnInput): Promise<Order> {
  const { db, workflows, outbox, audit } = deps.ctx;
  return db.transaction(async (tx) => {
    const order = await loadOrder(tx, input.id);
    const { return: asked } = order.facts;
    if (order.version !== input.version || !asked || isMovingMoney(order.facts)) throw wrongState(order.state);
    if (!asked.ways.includes(input.answer) || !deps.sources.get(order.channel)?.answerReturn) throw new DomainError('INVALID', `answer: ${order.channel} does not wait for this; look at the return there.`, { field: 'answer', reason: 'not-awaited' });
    const amount = input.answer === 'refund' ? asked.expected : null;
    if (input.answer === 'refund' && amount === null) throw new DomainError('INVALID', `answer: ${order.channel} has not said what it expects to be given back; give it back there.`, { field: 'answer', reason: 'no-amount' });
    const after: Order = { ...order, facts: { ...order.facts, return: { ...asked, answering: input.answer } }, version: order.version + 1 };
    if (!(await updateOrder(tx, order, after))) throw wrongState(order.state);
    await workflows.start(tx, ANSWER_RETURN_WORKFLOW, `${ANSWER_RETURN_WORKFLOW}:${order.id}:${after.version}`, { orderId: order.id, returnId: asked.id, answer: input.answer, amount });
    await audit.append(tx, { actor: input.by, channel: 'desktop', action: `order.return-${input.answer}`, subject: order.id, data: { externalId: order.externalId, channel: order.channel, returnId: asked.id, amount } });
    await outbox.add(tx, 'order.answering-return', order.id, { externalId: order.externalId, answer: input.answer });
    return after;
  });
}

/** The answer is settled. @param refused the channel's words where it would not, kept for a person */
export async function endReturnAnswer(deps: Pick<OrdersDeps, 'ctx'>, tx: Tx, given: { readonly orderId: string; readonly refused: string | null }): Promise<void> {
  const order = await loadOrder(tx, given.orderId);
  const { answering: _, ...asked } = order.facts.return!;
  const settled = { ...order.facts, return: asked };
  const facts = given.refused === null ? settled : withProblem(settled, { code: 'order.return-refused', data: { message: given.refused } });
  if (!(await updateOrder(tx, order, { ...order, facts }))) throw wrongState(order.state);
  await deps.ctx.outbox.add(tx, given.refused === null ? 'order.changed' : 'order.return-refused', order.id, given.refused === null ? {} : { message: given.refused });
}
