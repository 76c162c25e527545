import { money } from '#kernel/money.ts';
import { DAY_MS, type Instant } from '#kernel/time.ts';
import type { Tx } from '#runtime/ports.ts';
import { CASH, movedByKind, openByRef, post, receivableOf, type Expectation } from '../ledger/index.ts';
import { BUSINESS, readSetting } from '../settings/index.ts';
import type { OrdersDeps } from './deps.ts';
import type { Order } from './order.ts';
import { findOrders, sumOwed } from './repo.ts';
import { providersThatTell } from './settle-by-provider.ts';
import { keyByDate, PAYOUT, takePayouts } from './take-payouts.ts';

/**
 * Books what the channels have paid out by date: an order's balance becomes cash `payoutDelayDays` after the order; what changes later (a refund, a fee) with
 * the next payout. A channel that reports its payouts replaces the date by its word, and so does the provider that an own shop's order was paid through.
 */
export async function payOut(deps: OrdersDeps): Promise<{ readonly orders: number }> {
  const { db, clock } = deps.ctx;
  const told = new Set<string>();
  for (const source of deps.sources.connected()) if ((await takePayouts(deps, source)).told) told.add(source.market);
  return db.transaction(async (tx) => {
    const business = (await readSetting(tx, BUSINESS)).value;
    const until = clock.now() - business.payoutDelayDays * DAY_MS;
    let orders = 0;
    for (const { market } of deps.sources.all()) if (!told.has(market)) orders += await payOutChannel(deps, tx, { account: receivableOf(market), until });
    return { orders };
  });
}

async function payOutChannel(deps: OrdersDeps, tx: Tx, { account, until }: { readonly account: string; readonly until: Instant }): Promise<number> {
  const { clock, ids } = deps.ctx;
  const open = await openByRef(tx, account, 'order');
  const telling = await providersThatTell(tx);
  const toldElsewhere = ({ paymentRef }: Order) => paymentRef !== null && telling.has(paymentRef.slice(0, paymentRef.indexOf(' ')));
  const due = new Map((await findOrders(tx, open.map((item) => item.refId))).filter((order) => order.placedAt <= until && !toldElsewhere(order)).map((order) => [order.id, order]));
  for (const { refId, amount } of open) {
    const order = due.get(refId);
    if (!order) continue;
    await post(deps.inventory, tx, {
      key: `${keyByDate(refId)}${ids.next('event')}`, kind: PAYOUT, memo: `${order.channel} ${order.externalId}`, ref: { kind: 'order', id: refId }, at: clock.now(),
      lines: [{ account: CASH, amount }, { account, amount: money(-amount.minor, amount.currency) }],
    });
  }
  return due.size;
}

/** What each channel's receivable must hold: what its orders brought, without what was paid out. */
export async function expectReceivables(tx: Tx): Promise<Expectation[]> {
  const expectations: Expectation[] = [];
  for (const { channel, currency, minor } of await sumOwed(tx)) {
    const account = receivableOf(channel);
    const paid = await movedByKind(tx, account, { kind: PAYOUT, currency });
    expectations.push({ name: `orders of ${channel}`, account, expected: money(minor + paid.minor, currency) });
  }
  return expectations;
}
