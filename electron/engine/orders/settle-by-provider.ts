import { z } from 'zod';
import { allocate, money, negate, type Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import type { Tx } from '#runtime/ports.ts';
import { CASH, findEntry, movedUnder, post, receivableOf } from '../ledger/index.ts';
import { putSetting, readSetting, type SettingKey } from '../settings/index.ts';
import { bookFigures } from './book-order.ts';
import type { BookingDeps } from './deps.ts';
import { wrongState } from './errors.ts';
import { profitOf, type Order } from './order.ts';
import { updateOrder } from './repo.ts';
import { keyByDate, PAYOUT } from './take-payouts.ts';

const WORD: SettingKey<Record<string, number>> = { key: 'payouts-of-providers', schema: z.record(z.string(), z.int()), fallback: {} };

/** The provider tells of its payouts: what own shops were paid through it is no longer taken to have come by date. Once it has told, it is waited for. */
export async function noteProviderTells(tx: Tx, provider: string, at: Instant): Promise<void> {
  const known = (await readSetting(tx, WORD)).value;
  if (known[provider] === undefined) await putSetting(tx, WORD, { ...known, [provider]: at }, at);
}

export async function providersThatTell(tx: Tx): Promise<ReadonlySet<string>> {
  return new Set(Object.keys((await readSetting(tx, WORD)).value));
}

/** What of a provider's payout is one order's. */
export interface ProviderPart {
  /** Of the payout and the order, unique. */
  readonly key: string;
  readonly at: Instant;
  readonly memo: string;
  /** What came for it, after fees; below zero where it was taken. */
  readonly net: Money;
  /** What the provider kept of payments and refunds in it, claims apart. */
  readonly fee: Money;
  /** A payment is among the movements: its fee is the true one. */
  readonly namesFee: boolean;
}

/**
 * Books what a provider paid out for an order of an own shop, in the caller's transaction: the fee that it took stands in the place of the shop's word, and the order is paid by this payout. What had been taken to have
 * come by date is undone first, so that cash is what really came.
 */
export async function settleByProvider(deps: BookingDeps, tx: Tx, order: Order, part: ProviderPart): Promise<void> {
  const account = receivableOf(order.channel);
  const { currency } = part.net;
  const book = async (key: string, amount: Money) => post(deps.inventory, tx, { key, kind: PAYOUT, memo: part.memo, ref: { kind: 'order', id: order.id }, at: part.at, lines: [{ account: CASH, amount }, { account, amount: negate(amount) }] });
  await settleFee(deps, tx, order, part);
  const byDate = await movedUnder(tx, account, { keyStart: keyByDate(order.id), currency });
  // under the keys by date, so that the next look finds nothing left of them
  if (byDate.minor !== 0) await book(`${keyByDate(order.id)}undone:${part.key}`, byDate);
  if (part.net.minor !== 0) await book(part.key, part.net);
}

/** The bank sent the payout back: what was booked of it for the order is owed again. */
export async function unsettleByProvider(deps: BookingDeps, tx: Tx, key: string, at: Instant): Promise<void> {
  const booked = await findEntry(tx, key);
  if (booked) await post(deps.inventory, tx, { key: `${key}:failed`, kind: PAYOUT, memo: `${booked.memo}: sent back by the bank`, ref: booked.ref, at, lines: booked.lines.map(({ account, amount }) => ({ account, amount: negate(amount) })) });
}

async function settleFee(deps: BookingDeps, tx: Tx, order: Order, { fee, namesFee }: ProviderPart): Promise<void> {
  const settled = order.facts.feeSettled === true;
  if (!namesFee && fee.minor === 0) return;
  const forClaims = (order.facts.claims ?? []).reduce((sum, claim) => sum + claim.fee, 0);
  const before = settled || !namesFee ? order.fees.minor : forClaims;
  const fees = money(before + fee.minor, fee.currency);
  if (settled === namesFee && fees.minor === order.fees.minor) return;
  const weights = order.lines.map((line) => Math.max(0, line.revenue.minor));
  const shares = allocate(fees, weights.some((weight) => weight > 0) ? weights : weights.map(() => 1));
  const lines = order.lines.map((line, index) => {
    const next = { ...line, fees: shares[index]! };
    return { ...next, profit: profitOf(next) };
  });
  await bookFigures(deps, tx, order, { part: `fee:${order.version}`, kind: 'order-change', total: 0, fees: fees.minor - order.fees.minor, refunds: 0 });
  const after: Order = { ...order, fees, lines, facts: { ...order.facts, feeKnown: true, ...(namesFee ? { feeSettled: true } : {}) }, version: order.version + 1 };
  if (!(await updateOrder(tx, order, after))) throw wrongState(order.state);
  await deps.ctx.outbox.add(tx, 'order.changed', order.id, { externalId: order.externalId });
}
