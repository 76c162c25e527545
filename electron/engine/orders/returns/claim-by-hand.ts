import { DomainError } from '#kernel/errors.ts';
import { money, type Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import type { Tx } from '#runtime/ports.ts';
import type { BookingDeps, OrdersDeps } from '../deps.ts';
import { wrongState } from '../errors.ts';
import type { HandClaim, Order } from '../order.ts';
import type { ChannelClaim, ChannelOrder } from '../ports.ts';
import { updateOrder } from '../repo.ts';
import { loadOrder } from '../ship-order.ts';
import { isTold } from './join-claims.ts';
import { takeClaim } from './take-claims.ts';

export interface HandClaimInput {
  readonly id: string;
  /** The version that the person saw. */
  readonly version: number;
  /** Null: a claim that was not written down before. */
  readonly claimId: string | null;
  /** `answer`: it waits for the seller; `taken`: the money is withheld; decided for the seller (`won`) or the buyer (`lost`). */
  readonly state: HandClaim['state'];
  readonly reason: string;
  /** What is with the channel or the buyer now because of it; zero while nothing was taken. Of one that was won it is zero. */
  readonly taken: Money;
  /** What the channel keeps for it. */
  readonly fee: Money;
  readonly respondBy: Instant | null;
  readonly by: string;
}

const refuse = (field: string, reason: string) => new DomainError('INVALID', `${field}: ${reason}.`, { field, reason });
const givenBack = (reading: Pick<ChannelOrder, 'refunds'>): number => reading.refunds.reduce((sum, refund) => sum + (refund.pending ? 0 : refund.amount.minor), 0);

/** Of a claim, what the channel has shown as given back since it was written down. What it shows stands for one claim alone: for the earliest that is still open. */
function coveredOf(claims: readonly HandClaim[], claimId: string, given: number): number {
  let next = 0;
  for (const { id, taken, shown } of claims.toSorted((a, b) => a.shown - b.shown)) {
    const from = Math.max(next, shown);
    const covered = Math.min(taken, Math.max(0, given - from));
    if (id === claimId) return covered;
    next = from + covered;
  }
  return 0;
}

/** As it is booked: what the channel has shown since as given back is a refund, and no longer the claim's. */
function readingOf(order: Order, claim: HandClaim, given: number): ChannelClaim {
  const { currency } = order.total;
  const taken = claim.state === 'won' ? 0 : claim.taken - coveredOf(order.facts.handClaims ?? [], claim.id, given);
  return { claimId: claim.id, orderId: order.externalId, state: claim.state, reason: claim.reason, amount: money(claim.taken, currency), respondBy: claim.respondBy, taken: money(taken, currency), fee: money(claim.fee, currency) };
}

function check(order: Order, { claimId, state, taken, fee, respondBy, reason }: HandClaimInput): void {
  const { currency } = order.total;
  if (order.state === 'cancelled') throw wrongState(order.state);
  if (claimId === null && isTold(order)) throw refuse('claim', 'one that took money of this order was read already, and is followed from there: written down once more it would count twice');
  if (taken.currency !== currency || fee.currency !== currency) throw refuse('taken', `the order is in ${currency}`);
  const most = order.total.minor + order.tax.minor;
  if (taken.minor < 0 || taken.minor > most) throw refuse('taken', 'no more than the order came to');
  if (fee.minor < 0 || fee.minor > most) throw refuse('fee', 'no more than the order came to');
  if (state === 'lost' && taken.minor === 0) throw refuse('taken', 'what was lost');
  if (reason.trim() === '') throw refuse('reason', 'what it is about');
  if (respondBy !== null && state !== 'answer') throw refuse('respondBy', 'only while it waits for an answer');
}

/** What the channel has shown as given back by now, as it is booked: claims apart. */
function shownNow(order: Order): number {
  const claimed = (order.facts.claims ?? []).reduce((sum, { byLine, tax }) => sum + tax + Object.values(byLine).reduce((all, minor) => all + minor, 0), 0);
  return Math.max(0, order.lines.reduce((sum, line) => sum + line.refund.minor, order.facts.tax?.back ?? 0) - claimed);
}

/**
 * A claim that the channel has no call for, in a person's words: it stands at the order as one that was read, what it took is booked, and booked back when it was won. Where the channel later shows the money as a refund,
 * the refund is booked and the claim's part goes, so that nothing counts twice; where the claim itself is told with what it took, that takes its place (`join-claims.ts`). @throws DomainError NOT_FOUND, WRONG_STATE, INVALID.
 */
export async function recordClaim(deps: OrdersDeps, input: HandClaimInput): Promise<Order> {
  const { db, ids, audit } = deps.ctx;
  return db.transaction(async (tx) => {
    const order = await loadOrder(tx, input.id);
    if (order.version !== input.version) throw wrongState(order.state);
    check(order, input);
    const known = order.facts.handClaims ?? [];
    const before = input.claimId === null ? undefined : known.find(({ id }) => id === input.claimId);
    if (input.claimId !== null && !before) throw refuse('claimId', 'no claim that a person wrote down');
    const claim: HandClaim = { id: before?.id ?? ids.next('event'), state: input.state, reason: input.reason.trim(), taken: input.state === 'won' ? 0 : input.taken.minor, fee: input.fee.minor, respondBy: input.respondBy, shown: before?.shown ?? shownNow(order) };
    const noted: Order = { ...order, facts: { ...order.facts, handClaims: before ? known.map((one) => (one === before ? claim : one)) : [...known, claim] }, version: order.version + 1 };
    if (!(await updateOrder(tx, order, noted))) throw wrongState(order.state);
    await audit.append(tx, { actor: input.by, channel: 'desktop', action: 'order.claim-recorded', subject: order.id, data: { externalId: order.externalId, channel: order.channel, state: claim.state, taken: input.taken, fee: input.fee } });
    return takeClaim(deps, tx, noted, readingOf(noted, claim, shownNow(noted)));
  });
}

/** Before a reading's refunds are booked: what of them a person's claims stood for goes from those. The same order where nothing does. */
export async function coverHandClaims(deps: BookingDeps, tx: Tx, order: Order, reading: ChannelOrder): Promise<Order> {
  let last = order;
  for (const claim of order.facts.handClaims ?? []) {
    const given = givenBack(reading);
    const booked = last.facts.claims?.find(({ id }) => id === claim.id);
    const next = readingOf(last, claim, given);
    if (booked && next.taken!.minor < booked.taken) last = await takeClaim(deps, tx, last, next);
  }
  return last;
}
