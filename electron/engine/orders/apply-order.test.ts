import { call } from '@orpc/server';
import { describe, expect, it } from 'vitest';
import { apply, balance, clock, db, desk, expectSound, later, onHand, reading, sku, usd, useOrderDesk } from '#tests/support/order-desk.ts';
import { INVENTORY } from '../ledger/index.ts';
import { applyOrder, createOrderProcedures, onSource, reportProfit, takeReading } from './index.ts';

useOrderDesk();

describe('applyOrder', () => {
  it('books a sale, takes the unit, and sets profit beside its estimate', async () => {
    const { outcome, order } = await apply();
    expect(outcome).toBe('added');
    expect(order!.lines[0]).toMatchObject({ revenue: usd(2_000), fees: usd(300), cost: usd(408), profit: usd(1_292), estimate: usd(900), refund: usd(0) });
    expect([await onHand(), await balance('assets:receivable:ebay-us'), await balance('income:sales'), await balance('expenses:cogs')]).toEqual([2, 1_700, -2_000, 408]);
    expect(await db.prisma.listing.findFirstOrThrow()).toMatchObject({ quantity: 2, state: 'active' });
    await expectSound();
  });

  it('changes nothing when the same reading comes again, or an older one', async () => {
    await apply();
    const entries = await db.prisma.ledgerEntry.count();
    expect((await apply()).outcome).toBe('unchanged');
    expect((await apply({ modifiedAt: clock.now() - 1, marketplaceFee: usd(1) })).outcome).toBe('unchanged');
    expect(await db.prisma.ledgerEntry.count()).toBe(entries);
    expect(await onHand()).toBe(2);
  });

  it('waits for payment', async () => {
    expect((await apply({ payment: 'pending' })).outcome).toBe('ignored');
    expect((await apply()).outcome).toBe('added');
  });

  it('takes out exactly what the lot cost when all of it is sold', async () => {
    for (const orderId of ['1', '2', '3']) await apply({ orderId });
    expect([await balance(INVENTORY), await balance('expenses:cogs'), await onHand()]).toEqual([0, 1_225, 0]);
    expect(await db.prisma.listing.findFirstOrThrow()).toMatchObject({ quantity: 0, state: 'sold-out' });
    await expectSound();
  });

  it('names an oversold unit instead of failing, and makes no cost up', async () => {
    await apply({ quantity: 2 });
    const { order } = await apply({ orderId: '10-2', quantity: 2 });
    expect(order!.facts.problems).toEqual([{ code: 'order.oversold', data: { sku, sold: 2, had: 1 } }]);
    expect(await onHand()).toBe(0);
    expect(await db.prisma.outbox.count({ where: { topic: 'order.oversold' } })).toBe(1);
    const none = await apply({ orderId: '10-3' });
    expect(none.order!.lines[0]).toMatchObject({ cost: null, profit: null });
    await expectSound();
  });

  it('keeps an order for something that was listed elsewhere', async () => {
    const { order } = await apply({ lines: [{ ...reading().lines[0]!, sku: 'OTHER' }] });
    expect(order!.facts.problems[0]).toMatchObject({ code: 'order.unknown-sku' });
    expect(await onHand()).toBe(3);
    await expectSound();
  });

  it('books a fee that is named later', async () => {
    const silent = reading();
    delete (silent as { marketplaceFee?: unknown }).marketplaceFee;
    await db.transaction((tx) => applyOrder(onSource(desk.trade.orders, 'ebay-us'), tx, silent, { postage: null }));
    later();
    const { order } = await apply();
    expect(order!.lines[0]!.profit).toEqual(usd(1_292));
    expect(await balance('expenses:fees:ebay-us')).toBe(300);
    await expectSound();
  });

  it('gives unit, money and fee back when an order is cancelled before it is sent', async () => {
    await apply();
    later();
    const { order } = await apply({ cancel: 'cancelled', marketplaceFee: usd(0) });
    expect(order).toMatchObject({ state: 'cancelled', lines: [{ cost: usd(0), profit: usd(0) }] });
    expect([await onHand(), await balance('assets:receivable:ebay-us'), await balance('expenses:cogs'), await balance('expenses:fees:ebay-us')]).toEqual([3, 0, 0, 0]);
    await expectSound();
    later();
    expect((await apply({ cancel: 'cancelled', marketplaceFee: usd(0) })).order!.state).toBe('cancelled');
    expect(await onHand()).toBe(3);
  });

  it('takes no unit for an order that was cancelled before it was seen', async () => {
    expect((await apply({ cancel: 'cancelled', marketplaceFee: usd(0) })).order).toMatchObject({ state: 'cancelled' });
    expect(await onHand()).toBe(3);
    await expectSound();
  });

  it('writes a unit off that was refunded after it was sent, and bears fee and postage', async () => {
    await apply();
    later();
    await apply({ fulfilment: 'fulfilled' }, 540);
    later();
    const { order } = await apply({ fulfilment: 'fulfilled', payment: 'refunded', refunds: [{ refundId: 'r', amount: usd(2_000) }], marketplaceFee: usd(40) });
    expect(order).toMatchObject({ state: 'refunded', lines: [{ postage: usd(540), refund: usd(2_000), cost: usd(408), profit: usd(-40 - 540 - 408) }] });
    expect([await onHand(), await balance('expenses:write-off'), await balance('expenses:cogs'), await balance('expenses:postage')]).toEqual([2, 408, 0, 540]);
    await expectSound();
  });

  it('puts no unit on the shelf that was sent and refunded before it was looked at again', async () => {
    await apply();
    later();
    const { order } = await apply({ fulfilment: 'fulfilled', payment: 'refunded', refunds: [{ refundId: 'r', amount: usd(2_000) }] }, 540);
    expect(order).toMatchObject({ state: 'refunded', lines: [{ postage: usd(540), cost: usd(408) }] });
    expect([await onHand(), await balance('expenses:write-off'), await balance('expenses:cogs'), await balance('expenses:postage')]).toEqual([2, 408, 0, 540]);
    await expectSound();
  });

  it('books part of the money given back, and leaves the unit with the buyer', async () => {
    await apply();
    later();
    const { order } = await apply({ payment: 'partly-refunded', refunds: [{ refundId: 'r', amount: usd(500) }] });
    expect(order).toMatchObject({ state: 'paid', lines: [{ refund: usd(500), profit: usd(792) }] });
    expect(await onHand()).toBe(2);
    await expectSound();
  });
});

describe('sales tax that passes through the seller', () => {
  it('is owed and no income, is given up with a cancelled order, and is paid out with it', async () => {
    const [line] = reading().lines;
    const taxed = { lines: [{ ...line!, tax: usd(145) }], taxes: [{ jurisdiction: 'US-CA State Tax', amount: usd(145) }] };
    await apply(taxed);
    expect([await balance('income:sales'), await balance('liabilities:sales-tax:us-ca-state-tax'), await balance('assets:receivable:ebay-us')]).toEqual([-2_000, -145, 1_845]);
    expect((await db.prisma.orderLine.findFirstOrThrow()).profitMinor).toBe(1_292n);
    await expectSound();
    later();
    await apply({ ...taxed, cancel: 'cancelled', marketplaceFee: usd(0) });
    expect([await balance('liabilities:sales-tax:us-ca-state-tax'), await balance('assets:receivable:ebay-us'), (await db.prisma.order.findFirstOrThrow()).taxMinor]).toEqual([0, 0, 0n]);
    await expectSound();
  });

  it('of an order that was booked before tax was stays out of the books, whatever it reads later', async () => {
    await apply();
    const row = await db.prisma.order.findFirstOrThrow();
    const { tax: _none, ...facts } = JSON.parse(row.raw) as Record<string, unknown>;
    await db.prisma.order.update({ where: { id: row.id }, data: { raw: JSON.stringify(facts) } });
    later();
    const [line] = reading().lines;
    await apply({ lines: [{ ...line!, tax: usd(145) }], refunds: [{ refundId: 'r', amount: usd(500) }], payment: 'partly-refunded' });
    expect([await balance('liabilities:sales-tax'), await balance('income:refunds'), (await db.prisma.order.findFirstOrThrow()).taxMinor]).toEqual([0, 500, 0n]);
    await expectSound();
  });
});

describe('an order that the channel sends itself', () => {
  it('asks nobody to pack it, and costs no postage of ours', async () => {
    const os = createOrderProcedures(desk.trade.orders);
    const { order } = await apply({ sentByChannel: true });
    expect(await call(os.get, { id: order!.id })).toMatchObject({ state: 'paid', sentByChannel: true, cancelWay: null });
    await expect(call(os.ship, { id: order!.id, version: 1, carrier: 'USPS', tracking: '94001' })).rejects.toMatchObject({ code: 'INVALID' });
    await expect(call(os.cancel, { id: order!.id, version: 1, message: 'We cannot send it.' })).rejects.toMatchObject({ code: 'INVALID' });
    later();
    await takeReading(onSource(desk.trade.orders, 'ebay-us'), reading({ sentByChannel: true, fulfilment: 'fulfilled' }));
    expect(await call(os.get, { id: order!.id })).toMatchObject({ state: 'shipped', lines: [{ postage: usd(0) }] });
    await expectSound();
  });
});

describe('orders.ship', () => {
  it('books postage and tells the profit, and refuses an order that was sent or seen in another version', async () => {
    const os = createOrderProcedures(desk.trade.orders);
    const { order } = await apply();
    await expect(call(os.ship, { id: order!.id, version: 7, carrier: 'USPS', tracking: '9400 1000' })).rejects.toMatchObject({ code: 'WRONG_STATE' });
    await expect(call(os.ship, { id: order!.id, version: 1, carrier: 'USPS', tracking: '9400/1' })).rejects.toMatchObject({ code: 'INVALID' });
    const shipped = await call(os.ship, { id: order!.id, version: 1, carrier: 'USPS', tracking: '9400 1000' });
    expect(shipped).toMatchObject({ state: 'shipped', tracking: 'USPS 94001000', profit: usd(1_292 - 670) });
    await expect(call(os.ship, { id: order!.id, version: 2, carrier: 'USPS', tracking: '9400 1000' })).rejects.toMatchObject({ code: 'WRONG_STATE', data: { state: 'shipped' } });
    const detail = await call(os.get, { id: order!.id });
    expect(detail.entries.map((entry) => entry.kind).sort()).toEqual(['cost-of-goods', 'postage', 'sale']);
    await expectSound();
  });
});

describe('ledger.profit', () => {
  it('sums what was sold in the time, with the error of the estimates', async () => {
    await apply();
    await apply({ orderId: '10-2', quantity: 2 });
    await apply({ orderId: '10-9', cancel: 'cancelled' });
    const report = await reportProfit(desk.trade.orders, { from: clock.now(), to: clock.now() + 1 });
    expect(report).toMatchObject({ units: 3, revenue: usd(6_000), fees: usd(900), cost: usd(1_225), profit: usd(3_875), estimatedProfit: usd(2_700), meanAbsoluteError: usd(392), meanError: usd(-392) });
    expect((await reportProfit(desk.trade.orders, { from: 0, to: clock.now() })).units).toBe(0);
  });
});
