import { z } from 'zod';
import { isConnectorError } from '#kernel/errors.ts';
import { money, type Money } from '#kernel/money.ts';
import { DAY_MS, type Instant } from '#kernel/time.ts';
import type { Tx } from '#runtime/ports.ts';
import { CASH, movedUnder, openByRef, post, receivableOf, SUSPENSE } from '../ledger/index.ts';
import { putSetting, readSetting, type SettingKey } from '../settings/index.ts';
import type { OrdersDeps } from './deps.ts';
import type { ChannelPayout, OrderSourcePort } from './ports.ts';
import { findByExternalId } from './repo.ts';

export const PAYOUT = 'payout';
/** How the keys of an order's payouts by date begin. */
export const keyByDate = (orderId: string): string => `order:${orderId}:payout:`;
/** Payouts are read again so far back: a channel may show one late. */
const OVERLAP_MS = 7 * DAY_MS;
/** How far the first reading looks back, as the first reading of orders does. */
const FIRST_LOOK_MS = 30 * DAY_MS;

/** Payouts that are remembered as booked: more than a channel makes in the overlap. */
const MOST_REMEMBERED = 400;

const cursorSchema = z.strictObject({ /** The first reading: what was paid out before and is no order's is not for these books. */ since: z.int(), readUntil: z.int(), taken: z.array(z.string()) });
const cursorOf = (market: string): SettingKey<z.infer<typeof cursorSchema> | null> => ({ key: `payouts-cursor.${market}`, schema: cursorSchema.nullable(), fallback: null });

export interface TakenPayouts {
  /** The channel's word counts: nothing is taken by date. */
  readonly told: boolean;
  readonly payouts: number;
}

/**
 * Books what the channel says that it has paid out, order by order, each payout once. Where it has told once it is waited for: a channel that is down is not guessed at. Payouts from before the
 * first reading were booked by date.
 */
export async function takePayouts(deps: OrdersDeps, source: OrderSourcePort): Promise<TakenPayouts> {
  const { db, clock, log } = deps.ctx;
  const key = cursorOf(source.market);
  const cursor = (await readSetting(db, key)).value;
  if (!source.payouts) return { told: false, payouts: 0 };
  const startedAt = clock.now();
  let payouts: readonly ChannelPayout[] | null;
  try {
    payouts = await source.payouts({ modifiedFrom: cursor ? cursor.readUntil - OVERLAP_MS : startedAt - FIRST_LOOK_MS });
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    log.warn('payouts could not be read', { channel: source.market, kind: error.kind, reason: error.detail.message });
    return { told: cursor !== null, payouts: 0 };
  }
  if (payouts === null) return { told: cursor !== null, payouts: 0 };
  await db.transaction(async (tx) => {
    const seen = (await readSetting(tx, key)).value;
    await putSetting(tx, key, { since: seen?.since ?? startedAt, readUntil: seen?.readUntil ?? startedAt, taken: seen?.taken ?? [] }, startedAt);
  });
  let taken = 0;
  for (const payout of payouts) if (await db.transaction((tx) => takeOne(deps, tx, { market: source.market, payout }))) taken += 1;
  await db.transaction(async (tx) => putSetting(tx, key, { ...(await readSetting(tx, key)).value!, readUntil: startedAt }, startedAt));
  return { told: true, payouts: taken };
}

/** False where it is booked already. What is no order's waits in suspense for a person. */
async function takeOne(deps: OrdersDeps, tx: Tx, given: { readonly market: string; readonly payout: ChannelPayout }): Promise<boolean> {
  const { market, payout } = given;
  const { outbox, clock } = deps.ctx;
  const before = (await readSetting(tx, cursorOf(market))).value!;
  if (before.taken.includes(payout.payoutId)) return false;
  const name = `payout:${market}:${payout.payoutId}`;
  const account = receivableOf(market);
  const open = new Map((await openByRef(tx, account, 'order')).map((item) => [item.refId, item.amount]));
  let rest = payout.amount.minor;
  for (const { orderId, amount } of payout.orders) {
    const order = await findByExternalId(tx, market, orderId);
    if (!order || amount.currency !== payout.amount.currency) continue;
    rest -= amount.minor;
    const owed = open.get(order.id)?.minor ?? 0;
    if (!(await standsByDate(tx, { account, orderId: order.id, amount, owed, later: payout.at >= before.since }))) await book(deps, tx, { key: `${name}:${order.id}`, at: payout.at, memo: `${market} ${payout.payoutId} ${order.externalId}`, ref: { kind: 'order', id: order.id }, account, amount });
  }
  if (payout.at < before.since) rest = 0;
  await book(deps, tx, { key: `${name}:rest`, at: payout.at, memo: `${market} ${payout.payoutId}`, ref: { kind: 'payout', id: `${market}/${payout.payoutId}` }, account: SUSPENSE, amount: money(rest, payout.amount.currency) });
  await putSetting(tx, cursorOf(market), { ...before, taken: [...before.taken, payout.payoutId].slice(-MOST_REMEMBERED) }, clock.now());
  await outbox.add(tx, 'order.payout', payout.payoutId, { channel: market, amount: payout.amount, unexplained: money(rest, payout.amount.currency) });
  return true;
}

/**
 * Whether a payout by date has stood for this one. Before the first reading, unless something is still open that points the same way. After it, only where nothing is open and a date did pay: an order that
 * owes nothing otherwise is one whose refund or fee the channel took before it showed it, and the books follow the money.
 */
async function standsByDate(tx: Tx, given: { readonly account: string; readonly orderId: string; readonly amount: Money; readonly owed: number; readonly later: boolean }): Promise<boolean> {
  const { account, orderId, amount, owed, later } = given;
  if (!later) return owed === 0 || Math.sign(owed) !== Math.sign(amount.minor);
  if (owed !== 0) return false;
  const byDate = await movedUnder(tx, account, { keyStart: keyByDate(orderId), currency: amount.currency });
  return Math.sign(-byDate.minor) === Math.sign(amount.minor);
}

interface Booking {
  readonly key: string;
  readonly at: Instant;
  readonly memo: string;
  readonly ref: { readonly kind: string; readonly id: string };
  readonly account: string;
  readonly amount: Money;
}

async function book(deps: OrdersDeps, tx: Tx, { account, amount, ...entry }: Booking): Promise<void> {
  await post(deps.inventory, tx, { ...entry, kind: PAYOUT, lines: [{ account: CASH, amount }, { account, amount: money(-amount.minor, amount.currency) }] });
}
