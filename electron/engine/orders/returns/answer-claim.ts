import { DomainError } from '#kernel/errors.ts';
import type { Tx } from '#runtime/ports.ts';
import type { OrdersDeps } from '../deps.ts';
import { wrongState } from '../errors.ts';
import { isMovingMoney, withProblem, type OpenClaim, type Order } from '../order.ts';
import type { ClaimAnswer, ClaimAnswerRequest, OrderSourcePort } from '../ports.ts';
import { leftToRefund } from '../refund-order.ts';
import { updateOrder } from '../repo.ts';
import { loadOrder } from '../ship-order.ts';

/** The kind of workflow that answers a claim at its channel. */
export const ANSWER_CLAIM_WORKFLOW = 'answer-claim';

export interface AnswerClaimInput {
  readonly id: string;
  /** The version that the person saw. */
  readonly version: number;
  readonly claimId: string;
  readonly answer: ClaimAnswer;
  /** To the buyer, or to the channel that decides. */
  readonly message: string;
  readonly by: string;
}

/** By whom and under which number it was sent, as `shipOrder` keeps it; null before, and where somebody else sent it. */
function shipmentOf({ tracking, shippedAt }: Order): ClaimAnswerRequest['shipment'] {
  const [, carrier, trackingNumber] = /^(.+) (\S+)$/.exec(tracking ?? '') ?? [];
  return carrier !== undefined && trackingNumber !== undefined && shippedAt !== null ? { carrier, trackingNumber, shippedAt } : null;
}

/** What may be answered from here: a number is told once there is one, the channel is asked to decide once it was sent, and nothing is given back of an order that has nothing left. */
export function claimWays(source: OrderSourcePort | null, order: Order, claim: OpenClaim): ClaimAnswer[] {
  if (!source?.answerClaim || isMovingMoney(order.facts)) return [];
  const left = leftToRefund(order);
  const may: Readonly<Record<ClaimAnswer, boolean>> = { tracking: shipmentOf(order) !== null, escalate: order.shippedAt !== null, refund: left !== null };
  return claim.ways.filter((way) => may[way]);
}

/**
 * A person answers a claim: the channel is told by a workflow that outlives the program, and what it then shows is booked. One thing at a time: beside nothing that moves the order's money.
 * @throws DomainError NOT_FOUND, WRONG_STATE, INVALID where it cannot be answered so from here.
 */
export async function answerClaim(deps: OrdersDeps, input: AnswerClaimInput): Promise<Order> {
  const { db, workflows, outbox, audit } = deps.ctx;
  return db.transaction(async (tx) => {
    const order = await loadOrder(tx, input.id);
    const claims = order.facts.openClaims ?? [];
    const claim = claims.find(({ id }) => id === input.claimId);
    if (order.version !== input.version || !claim || isMovingMoney(order.facts)) throw wrongState(order.state);
    if (!claimWays(deps.sources.get(order.channel), order, claim).includes(input.answer)) throw new DomainError('INVALID', `answer: the claim at ${order.channel} cannot be answered so from here; look at it there.`, { field: 'answer', reason: 'not-awaited' });
    const { answer, message } = input;
    const after: Order = { ...order, facts: { ...order.facts, openClaims: claims.map((one) => (one === claim ? { ...one, answering: answer } : one)) }, version: order.version + 1 };
    if (!(await updateOrder(tx, order, after))) throw wrongState(order.state);
    const shipment = answer === 'tracking' ? shipmentOf(order) : null;
    await workflows.start(tx, ANSWER_CLAIM_WORKFLOW, `${ANSWER_CLAIM_WORKFLOW}:${order.id}:${after.version}`, { orderId: order.id, claimId: claim.id, answer, message, shipment });
    await audit.append(tx, { actor: input.by, channel: 'desktop', action: `order.claim-${answer}`, subject: order.id, data: { externalId: order.externalId, channel: order.channel, claimId: claim.id, amount: answer === 'refund' ? claim.amount : null } });
    await outbox.add(tx, 'order.answering-claim', order.id, { externalId: order.externalId, answer });
    return after;
  });
}

/** The answer is settled. @param refused the channel's words where it would not, kept for a person */
export async function endClaimAnswer(deps: Pick<OrdersDeps, 'ctx'>, tx: Tx, given: { readonly orderId: string; readonly claimId: string; readonly refused: string | null }): Promise<void> {
  const order = await loadOrder(tx, given.orderId);
  const openClaims = (order.facts.openClaims ?? []).flatMap(({ answering, ...claim }) => (claim.id !== given.claimId ? [{ ...claim, ...(answering ? { answering } : {}) }] : claim.ways.length > 0 ? [claim] : []));
  const settled = { ...order.facts, openClaims };
  const facts = given.refused === null ? settled : withProblem(settled, { code: 'order.claim-refused', data: { message: given.refused } });
  if (!(await updateOrder(tx, order, { ...order, facts }))) throw wrongState(order.state);
  await deps.ctx.outbox.add(tx, given.refused === null ? 'order.changed' : 'order.claim-refused', order.id, given.refused === null ? {} : { message: given.refused });
}
