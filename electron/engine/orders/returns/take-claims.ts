import { z } from 'zod';
import type { Reason } from '#contract/shared.ts';
import { isConnectorError } from '#kernel/errors.ts';
import { allocate, money } from '#kernel/money.ts';
import { DAY_MS, HOUR_MS } from '#kernel/time.ts';
import type { Tx } from '#runtime/ports.ts';
import { putSetting, readSetting, type SettingKey } from '../../settings/index.ts';
import { bookFigures } from '../book-order.ts';
import type { BookingDeps, OnSource } from '../deps.ts';
import { wrongState } from '../errors.ts';
import { profitOf, type ClaimFacts, type OpenClaim, type Order, type OrderFacts } from '../order.ts';
import type { ChannelClaim, ClaimState } from '../ports.ts';
import { findByExternalId, ordersOfListing, updateOrder } from '../repo.ts';
import { collectedTax, taxChange, taxWithin } from '../sales-tax.ts';
import { joinHandClaim } from './join-claims.ts';

/** Answers are owed in days: they are asked for as often as this, however often orders are. */
export const CLAIMS_EVERY_MS = 3 * HOUR_MS;
/** Banks take disputes for months after the sale. */
const LOOK_BACK_MS = 180 * DAY_MS;

const cursorSchema = z.strictObject({ readAt: z.int() });
const cursorOf = (market: string): SettingKey<z.infer<typeof cursorSchema>> => ({ key: `claims-cursor.${market}`, schema: cursorSchema, fallback: { readAt: 0 } });

const CODES: Readonly<Record<ClaimState, string>> = { answer: 'order.claim', taken: 'order.claim-taken', waits: 'order.claim-waits', won: 'order.claim-won', lost: 'order.claim-lost', closed: 'order.claim-closed' };
/** Of what the buyer asks the channel itself: what it took shows among the order's refunds. */
const OVER: ReadonlySet<ClaimState> = new Set(['won', 'lost', 'closed']);

function codeOf({ kind = 'payment', state, respondBy, assumedDeadline, where }: ChannelClaim): string {
  if (kind !== 'payment') return `order.claim-${kind}${OVER.has(state) ? '-closed' : state === 'waits' ? '-waits' : respondBy === null ? '-open' : ''}`;
  if (state === 'answer' && where !== undefined) return respondBy === null ? 'order.claim-at-open' : 'order.claim-at';
  if (respondBy === null && (state === 'answer' || state === 'taken')) return 'order.claim-open';
  return state === 'taken' && assumedDeadline ? 'order.claim-taken-assumed' : CODES[state];
}

/** What stands at the order. `endsAt`: until when the channel takes an answer. */
function problemOf(claim: ChannelClaim): Reason {
  const { claimId, reason, amount, respondBy, where } = claim;
  return { code: codeOf(claim), data: { claimId, reason: reason.toLowerCase().replaceAll('_', ' '), ...(amount ? { amount } : {}), ...(where === undefined ? {} : { where }), ...(respondBy === null ? {} : { endsAt: respondBy }) } };
}

const NOTHING = { taken: 0, fee: 0, tax: 0, byLine: {} };

/**
 * What the claim has taken, split over tax and lines as a refund is; a line never gives back more than it brought. What it takes beyond that (postage that the seller never had) is left to the channel's payout to show. Null: nothing that can be booked.
 * A claim in another currency than the order is booked under none.
 */
function moneyOf(order: Order, reading: ChannelClaim, before: ClaimFacts | undefined): ClaimFacts | null {
  const { currency } = order.total;
  if (reading.taken === undefined || reading.taken.currency !== currency) return null;
  const fee = reading.fee?.currency === currency ? reading.fee.minor : (before?.fee ?? 0);
  const taken = Math.max(0, reading.taken.minor);
  if (before && before.taken === taken) return { ...before, fee };
  const collected = collectedTax(order.facts.tax);
  const gross = order.total.minor + collected;
  const tax = Math.min(taxWithin(taken, { tax: collected, gross }), order.tax.minor + (before?.tax ?? 0));
  const room = order.lines.map((line) => Math.max(0, line.revenue.minor - line.refund.minor + (before?.byLine[line.externalId] ?? 0)));
  const free = room.reduce((sum, minor) => sum + minor, 0);
  const shares = free === 0 ? room.map(() => 0) : allocate(money(Math.min(taken - tax, free), currency), room).map(({ minor }) => minor);
  return { id: reading.claimId, taken, fee, tax, byLine: Object.fromEntries(order.lines.map((line, index) => [line.externalId, shares[index]!] as const).filter(([, minor]) => minor > 0)) };
}

const takenOf = (facts: Pick<ClaimFacts, 'byLine'>, lineId: string): number => facts.byLine[lineId] ?? 0;

/** Books what the claim has moved since it was last seen, as a refund that may come back. */
async function bookClaim(deps: BookingDeps, tx: Tx, order: Order, after: ClaimFacts): Promise<Order> {
  const claims = order.facts.claims ?? [];
  const before = claims.find(({ id }) => id === after.id) ?? { ...NOTHING, id: after.id };
  const facts: OrderFacts = { ...order.facts, claims: [...claims.filter(({ id }) => id !== after.id), after], ...(order.facts.tax ? { tax: { ...order.facts.tax, back: order.facts.tax.back + after.tax - before.tax } } : {}) };
  const tax = taxChange(order.facts.tax, facts.tax);
  const fees = money(order.fees.minor + after.fee - before.fee, order.fees.currency);
  const weights = order.lines.map((line) => Math.max(0, line.revenue.minor));
  const feeShares = allocate(fees, weights.some((weight) => weight > 0) ? weights : weights.map(() => 1));
  const lines = order.lines.map((line, index) => {
    const next = { ...line, fees: feeShares[index]!, refund: money(line.refund.minor + takenOf(after, line.externalId) - takenOf(before, line.externalId), line.refund.currency) };
    return { ...next, profit: profitOf(next) };
  });
  const refunds = lines.reduce((sum, line, index) => sum + line.refund.minor - order.lines[index]!.refund.minor, 0);
  await bookFigures(deps, tx, order, { part: `claim:${after.id}:${order.version}`, kind: 'claim', total: 0, fees: after.fee - before.fee, refunds, tax });
  return { ...order, fees, tax: money(order.tax.minor + tax.reduce((sum, { minor }) => sum + minor, 0), order.tax.currency), facts, lines };
}

/** The claims that can be answered from here, with this reading in the place of the one before. An answer that is on its way is not forgotten, whatever the channel shows meanwhile. */
function withReading(known: readonly OpenClaim[], { claimId, kind = 'payment', amount, respondBy, ways = [] }: ChannelClaim): OpenClaim[] {
  const before = known.find(({ id }) => id === claimId);
  const answering = before?.answering;
  if (ways.length === 0 && !answering) return known.filter((claim) => claim !== before);
  const now: OpenClaim = { id: claimId, kind, amount, respondBy, ways: [...ways], ...(answering ? { answering } : {}) };
  // in its place: the same readings of two claims, one after the other, change nothing
  return before ? known.map((claim) => (claim === before ? now : claim)) : [...known, now];
}

/**
 * One reading of a claim, in the caller's transaction: it stands among its order's problems in the place of the reading before, and what it has taken is booked, or booked back when the channel gave it back. The same
 * again changes nothing, and gives the same order back. One that a person wrote down ends where the same is told.
 */
export async function takeClaim(deps: BookingDeps, tx: Tx, stored: Order, reading: ChannelClaim): Promise<Order> {
  const order = joinHandClaim(stored, reading);
  const next = problemOf(reading);
  const before = order.facts.problems.find((problem) => problem.data?.['claimId'] === reading.claimId);
  const booked = order.facts.claims?.find(({ id }) => id === reading.claimId);
  const now = moneyOf(order, reading, booked);
  const moved = now !== null && JSON.stringify(now) !== JSON.stringify(booked ?? { ...now, ...NOTHING });
  const known = order.facts.openClaims ?? [];
  const openClaims = withReading(known, reading);
  if (order === stored && before && !moved && JSON.stringify(before) === JSON.stringify(next) && JSON.stringify(known) === JSON.stringify(openClaims)) return order;
  const withMoney = moved ? await bookClaim(deps, tx, order, now) : order;
  // closed before it was ever seen open: there is nothing to do, and what money moved the channel's own movements say
  const problems = before ? order.facts.problems.map((problem) => (problem === before ? next : problem)) : [...order.facts.problems, next];
  const after: Order = { ...withMoney, facts: { ...withMoney.facts, problems, ...(openClaims.length > 0 || known.length > 0 ? { openClaims } : {}) }, version: order.version + 1 };
  if (!(await updateOrder(tx, order, after))) throw wrongState(order.state);
  await deps.ctx.outbox.add(tx, before ? 'order.changed' : 'order.claim', order.id, { externalId: order.externalId, state: reading.state, respondBy: reading.respondBy });
  return after;
}

async function takeOne(deps: OnSource, tx: Tx, reading: ChannelClaim): Promise<void> {
  // one of somebody else's doing has no order here
  const order = await findByExternalId(tx, deps.source.market, reading.orderId);
  if (order) await takeClaim(deps, tx, order, reading);
}

/** What the channel tells of claims now; null where it does not, or not of this account's. */
export async function readClaims({ ctx: { db, clock }, source }: OnSource, signal: AbortSignal): Promise<readonly ChannelClaim[] | null> {
  return (await source.claims?.({ openedFrom: clock.now() - LOOK_BACK_MS, ordersOf: (listingId) => ordersOfListing(db, source.market, listingId), signal })) ?? null;
}

/** Claims past the channel's returns, where it is time to look. A channel that does not say holds up nothing: the next look asks for the same. */
export async function syncClaims(deps: OnSource, signal: AbortSignal): Promise<void> {
  const { ctx: { db, clock, log }, source } = deps;
  const now = clock.now();
  if (!source.claims || now - (await readSetting(db, cursorOf(source.market))).value.readAt < CLAIMS_EVERY_MS) return;
  try {
    for (const reading of (await readClaims(deps, signal)) ?? []) await db.transaction((tx) => takeOne(deps, tx, reading));
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    log.warn('claims could not be read', { channel: source.market, kind: error.kind, reason: error.detail.message });
    return;
  }
  await db.transaction((tx) => putSetting(tx, cursorOf(source.market), { readAt: now }, now));
}
