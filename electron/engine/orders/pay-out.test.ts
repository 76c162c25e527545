import { describe, expect, it } from 'vitest';
import { ConnectorError } from '#kernel/errors.ts';
import { DAY_MS } from '#kernel/time.ts';
import { apply, balance, clock, db, desk, expectSound, later, reading, usd, useOrderDesk } from '#tests/support/order-desk.ts';
import { CASH } from '../ledger/index.ts';
import { applyOrder, fixedSources, onSource, payOut } from './index.ts';
import type { ChannelPayout } from './ports.ts';

useOrderDesk();

describe('payOut', () => {
  it('turns what is owed into cash after the delay, and takes a later refund from it', async () => {
    const before = await balance(CASH);
    await apply();
    await payOut(desk.trade.orders);
    expect(await balance(CASH)).toBe(before);
    clock.advanceTo(clock.now() + 3 * DAY_MS);
    await Promise.all([payOut(desk.trade.orders), payOut(desk.trade.orders)]);
    expect([await balance(CASH), await balance('assets:receivable:ebay-us')]).toEqual([before + 1_700, 0]);
    await apply({ createdAt: clock.now() - 3 * DAY_MS, payment: 'partly-refunded', refunds: [{ refundId: 'r', amount: usd(500) }] });
    await expectSound();
    await payOut(desk.trade.orders);
    expect(await balance(CASH)).toBe(before + 1_200);
    await expectSound();
  });
});

describe('payouts that the channel tells', () => {
  it('are booked order by order, each once, in the place of a date; what is no order’s waits in suspense', async () => {
    await apply();
    await apply({ orderId: '10-2', marketplaceFee: usd(310) });
    const before = await balance(CASH);
    const payouts: ChannelPayout[] = [{ payoutId: '7', at: clock.now() + DAY_MS, amount: usd(1_700 + 1_680 - 250), orders: [{ orderId: '10-1', amount: usd(1_700) }, { orderId: '10-2', amount: usd(1_680) }, { orderId: 'elsewhere', amount: usd(5) }] }];
    let answer: readonly ChannelPayout[] | null | 'down' = null;
    const told = { ...desk.ebay, payouts: async () => {
      if (answer === 'down') throw new ConnectorError({ kind: 'Retryable', connector: 'ebay', operation: 'read payouts', message: 'down' });
      return answer;
    } };
    const deps = { ...desk.trade.orders, sources: fixedSources([told]) };
    await payOut(deps);
    answer = [];
    await payOut(deps);
    expect(await balance(CASH)).toBe(before);
    answer = payouts;
    clock.advanceTo(clock.now() + 10 * DAY_MS);
    await Promise.all([payOut(deps), payOut(deps)]);
    // the channel kept 10 more of the second order than it had said: that stays to be seen on it
    expect([(await balance(CASH)) - before, await balance('assets:receivable:ebay-us'), await balance('equity:suspense')]).toEqual([3_130, 10, 250]);
    answer = 'down';
    await payOut(deps);
    expect([(await balance(CASH)) - before, await balance('assets:receivable:ebay-us')]).toEqual([3_130, 10]);
    await expectSound();
  });

  it('follow the money where an order owes nothing yet: a fee or a refund that the channel took before it showed it', async () => {
    const { marketplaceFee: _, ...silent } = reading();
    await db.transaction((tx) => applyOrder(onSource(desk.trade.orders, 'ebay-us'), tx, silent, { postage: null }));
    const payouts: ChannelPayout[] = [];
    const deps = { ...desk.trade.orders, sources: fixedSources([{ ...desk.ebay, payouts: async () => payouts }]) };
    await payOut(deps);
    const before = await balance(CASH);
    payouts.push({ payoutId: '7', at: clock.now() + DAY_MS, amount: usd(2_000), orders: [{ orderId: '10-1', amount: usd(2_000) }] }, { payoutId: '8', at: clock.now() + 2 * DAY_MS, amount: usd(-500), orders: [{ orderId: '10-1', amount: usd(-500) }] });
    clock.advanceTo(clock.now() + 3 * DAY_MS);
    await payOut(deps);
    expect([(await balance(CASH)) - before, await balance('assets:receivable:ebay-us'), await balance('equity:suspense')]).toEqual([1_500, 500, 0]);
    await apply({ marketplaceFee: usd(0), payment: 'partly-refunded', refunds: [{ refundId: 'r', amount: usd(500) }] });
    expect([(await balance(CASH)) - before, await balance('assets:receivable:ebay-us')]).toEqual([1_500, 0]);
    await expectSound();
  });

  it('do not pay out again what was booked by date before, also where they come after the first reading', async () => {
    await apply();
    clock.advanceTo(clock.now() + 3 * DAY_MS);
    await payOut(desk.trade.orders);
    const before = await balance(CASH);
    const payouts: ChannelPayout[] = [];
    const deps = { ...desk.trade.orders, sources: fixedSources([{ ...desk.ebay, payouts: async () => payouts }]) };
    await payOut(deps);
    later();
    payouts.push({ payoutId: '9', at: clock.now(), amount: usd(1_700), orders: [{ orderId: '10-1', amount: usd(1_700) }] });
    await payOut(deps);
    expect([await balance(CASH), await balance('assets:receivable:ebay-us'), await balance('equity:suspense')]).toEqual([before, 0, 0]);
    // what is taken back of it afterwards is another thing
    payouts.push({ payoutId: '10', at: clock.now(), amount: usd(-300), orders: [{ orderId: '10-1', amount: usd(-300) }] });
    await payOut(deps);
    expect([await balance(CASH), await balance('assets:receivable:ebay-us')]).toEqual([before - 300, 300]);
    await expectSound();
  });

  it('do not pay out again what was booked by date before', async () => {
    await apply();
    clock.advanceTo(clock.now() + 3 * DAY_MS);
    await payOut(desk.trade.orders);
    const before = await balance(CASH);
    const told = { ...desk.ebay, payouts: async () => [{ payoutId: '8', at: clock.now() - DAY_MS, amount: usd(1_900), orders: [{ orderId: '10-1', amount: usd(1_700) }] }] };
    await payOut({ ...desk.trade.orders, sources: fixedSources([told]) });
    expect([await balance(CASH), await balance('equity:suspense')]).toEqual([before, 0]);
    await expectSound();
  });
});
