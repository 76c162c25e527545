import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { call } from '@orpc/server';
import { ConnectorError } from '#kernel/errors.ts';
import { createTestDatabase, type TestDatabase } from '#runtime/template.ts';
import { DAY_MS, HOUR_MS, ManualClock } from '#kernel/time.ts';
import { openTradeDesk, seedBusiness, seedOpportunity, type TradeDesk } from '#tests/support/trade-desk.ts';
import { verifyBooks } from '../flows/index.ts';
import { createLot, receiveLot } from '../inventory/index.ts';
import { INVENTORY, post, readBalances, CASH, REFUNDS } from '../ledger/index.ts';
import { draftListing, onChannel } from '../listings/index.ts';
import { applyOrder, createOrderProcedures, fixedSources, noteByHandUnseen, onSource, endReturnAnswer, payOut, reportProfit, syncClaims, syncReturns, takeReading, takeReturn } from './index.ts';
import { readToday } from '../reporting/index.ts';
import { recordClaim } from './returns/claim-by-hand.ts';
import type { ChannelClaim, ChannelOrder, ChannelPayout, ChannelReturn } from './ports.ts';

const usd = (minor: number) => ({ minor, currency: 'USD' });
let db: TestDatabase;
let desk: TradeDesk;
let clock: ManualClock;
let sku: string;
let lotId: string;

/** Three units bought for 10.00 in all, prepared at 0.75 each: 3.34 + 0.75 for the last, 3.33 + 0.75 for the others. */
beforeEach(async () => {
  clock = new ManualClock(Date.UTC(2026, 10, 2));
  db = await createTestDatabase();
  desk = await openTradeDesk({ db, clock, shopUrl: 'http://127.0.0.1:9', ebayUrl: 'http://127.0.0.1:9' });
  await seedBusiness(desk.ctx);
  const { candidate } = await seedOpportunity(desk.ctx, { externalId: '1', title: 'Mouse', brand: 'Acme', gtin: '5099206027286', priceMinor: 333, shippingMinor: 0, salePriceMinor: 2_000, quantity: 3, weightG: 500 });
  const { inventory, listings } = desk.trade;
  await db.transaction(async (tx) => {
    const lot = await createLot(inventory, tx, { purchaseId: 'pur_1', productId: candidate.productId, title: 'Mouse', condition: 'new', quantity: 3, totalCost: usd(1_000), estimate: { profit: usd(900), salePrice: usd(2_000), daysToSell: 10 } });
    await post(inventory, tx, { key: 'k', kind: 'purchase', memo: '', ref: { kind: 'purchase', id: 'pur_1' }, at: 0, lines: [{ account: INVENTORY, amount: usd(1_000) }, { account: CASH, amount: usd(-1_000) }] });
    const received = await receiveLot(inventory, tx, { purchaseId: 'pur_1', units: 3, damaged: 0, prepPerUnit: usd(75) });
    await draftListing(onChannel(listings, 'ebay-us'), tx, { lot: received, composed: { title: 'Mouse', description: '', condition: 'new', price: usd(2_000), floor: usd(1_000), basis: 'estimate', refusal: null } });
    await tx.listing.updateMany({ data: { state: 'active' } });
    ({ sku, id: lotId } = lot);
  });
});
afterEach(async () => {
  await desk.close();
  await db.close();
});

function reading(change: Partial<ChannelOrder> & { quantity?: number } = {}): ChannelOrder {
  const { quantity = 1, ...rest } = change;
  return {
    orderId: '10-1', createdAt: clock.now(), modifiedAt: clock.now(), payment: 'paid', fulfilment: 'not-started', cancel: 'none', currency: 'USD', total: usd(2_000 * quantity), marketplaceFee: usd(300 * quantity), refunds: [], buyer: { name: 'Ada', addressLines: [] },
    lines: [{ lineId: 'l1', sku, title: 'Mouse', quantity, price: usd(2_000 * quantity), shipping: usd(0), discount: usd(0), tax: usd(0), taxCollectedByChannel: usd(140), total: usd(2_000 * quantity), fulfilment: 'not-started' }], ...rest,
  };
}
const apply = (change: Parameters<typeof reading>[0] = {}, postage: number | null = null) => db.transaction((tx) => applyOrder(onSource(desk.trade.orders, 'ebay-us'), tx, reading(change), { postage: postage === null ? null : usd(postage) }));
const balance = async (account: string) => (await readBalances(db.prisma)).find((line) => line.account === account)?.amount.minor ?? 0;
const onHand = async () => (await db.prisma.stockLot.findUniqueOrThrow({ where: { id: lotId } })).onHand;
const later = () => clock.advanceTo(clock.now() + DAY_MS);
const expectSound = async () => expect(await verifyBooks(desk.trade.inventory, 'USD')).toMatchObject({ sound: true, findings: [], miscounted: [] });

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

const byHand = async (what: 'refund' | 'cancel', minor: number | null) => {
  const { order } = await apply();
  later();
  await call(createOrderProcedures(desk.trade.orders).byHand, { id: order!.id, version: order!.version, what, amount: minor === null ? null : usd(minor) });
  return order!.id;
};
const shown = (id: string) => call(createOrderProcedures(desk.trade.orders).get, { id });

describe('what a person does on the channel’s own page', () => {
  it('is written down, books nothing, and is settled by what the channel shows', async () => {
    const id = await byHand('refund', 500);
    expect(await shown(id)).toMatchObject({ byHand: { what: 'refund', amount: usd(500) }, refundable: usd(2_000), problems: [] });
    expect(await balance('assets:receivable:ebay-us')).toBe(1_700);
    await apply({ payment: 'partly-refunded', refunds: [{ refundId: 'r', amount: usd(500), pending: true }] });
    expect(await shown(id)).toMatchObject({ byHand: { what: 'refund' }, refundable: usd(2_000) });
    later();
    await apply({ payment: 'partly-refunded', refunds: [{ refundId: 'r', amount: usd(500) }] });
    expect(await shown(id)).toMatchObject({ byHand: null, refundable: usd(1_500), problems: [] });
    expect(await balance('assets:receivable:ebay-us')).toBe(1_200);
    await expectSound();
  });

  it('is a problem where the channel shows another sum, or nothing in time, and one of it stands at a time', async () => {
    const id = await byHand('refund', 500);
    await expect(call(createOrderProcedures(desk.trade.orders).byHand, { id, version: 2, what: 'cancel', amount: null })).rejects.toMatchObject({ code: 'WRONG_STATE' });
    await expect(call(createOrderProcedures(desk.trade.orders).refund, { id, version: 2, amount: usd(1), message: 'Twice' })).rejects.toMatchObject({ code: 'WRONG_STATE' });
    const { at } = (await shown(id)).byHand!;
    await db.transaction((tx) => noteByHandUnseen(desk.trade.orders, tx, { orderId: id, at: at - 1 }));
    expect((await shown(id)).problems).toEqual([]);
    await db.transaction((tx) => noteByHandUnseen(desk.trade.orders, tx, { orderId: id, at }));
    expect(await shown(id)).toMatchObject({ byHand: { what: 'refund' }, problems: [{ code: 'order.refund-unseen', data: { channel: 'ebay-us' } }] });
    await apply({ payment: 'partly-refunded', refunds: [{ refundId: 'r', amount: usd(300) }] });
    expect(await shown(id)).toMatchObject({ byHand: null, problems: [{ code: 'order.refund-unseen' }, { code: 'order.refund-differs', data: { said: usd(500), shown: usd(300) } }] });
  });

  it('gives an order up when the channel says so, keeps it from being sent until then, and can be taken back', async () => {
    const os = createOrderProcedures(desk.trade.orders);
    const id = await byHand('cancel', null);
    await expect(call(os.ship, { id, version: (await shown(id)).version, carrier: 'USPS', tracking: '94001' })).rejects.toMatchObject({ code: 'INVALID' });
    await call(os.forgetByHand, { id, version: (await shown(id)).version });
    expect(await shown(id)).toMatchObject({ byHand: null, cancelWay: 'desk' });
    await call(os.byHand, { id, version: (await shown(id)).version, what: 'cancel', amount: null });
    await apply({ cancel: 'cancelled' });
    expect(await shown(id)).toMatchObject({ state: 'cancelled', byHand: null, cancelWay: null, refundable: null, problems: [] });
    expect(await onHand()).toBe(3);
    await expectSound();
  });
});

const waits = async () => (await readToday({ ctx: desk.ctx })).items.filter((item) => item.kind === 'customer-return').map((item) => [item.id, item.reason?.code]);

describe('a claim past the returns', () => {
  it('stands at its order and on Today until it is answered, and says how it ended; an account that cannot read them holds nothing up', async () => {
    const { order } = await apply({ quantity: 2 });
    const open = { claimId: '9', orderId: '10-1', state: 'answer', reason: 'ITEM_NOT_RECEIVED', amount: usd(4_000), respondBy: 1_900_000_000_000 } as const satisfies ChannelClaim;
    let told: readonly ChannelClaim[] | null = null;
    let asked = 0;
    const source = { ...desk.ebay, claims: async () => ((asked += 1), told) };
    const deps = { ...desk.trade.orders, source, sources: fixedSources([source]) };
    const os = createOrderProcedures(deps);
    const look = async (...claims: readonly ChannelClaim[]) => {
      told = claims;
      clock.advanceTo(clock.now() + 3 * HOUR_MS);
      await syncClaims(deps, new AbortController().signal);
      const { problems, version } = await call(os.get, { id: order!.id });
      return { problems, version, today: (await readToday({ ctx: desk.ctx })).items.filter((item) => item.kind === 'claim').map((item) => [item.id, item.reason?.code, item.at]) };
    };
    await syncClaims(deps, new AbortController().signal);
    const first = await look(open, { ...open, claimId: '10', orderId: 'elsewhere' });
    expect(first).toMatchObject({ problems: [{ code: 'order.claim', data: { claimId: '9', reason: 'item not received', amount: usd(4_000), endsAt: open.respondBy } }], today: [[order!.id, 'order.claim', open.respondBy]] });
    expect((await look(open)).version).toBe(first.version);
    expect(await look({ ...open, state: 'waits', respondBy: null })).toMatchObject({ problems: [{ code: 'order.claim-waits' }], today: [] });
    expect(await look({ ...open, state: 'closed', respondBy: null })).toMatchObject({ problems: [{ code: 'order.claim-closed' }], today: [] });
    // asked for no more often than every three hours
    await syncClaims(deps, new AbortController().signal);
    expect(asked).toBe(5);
  });
});

const claim = (change: Partial<ChannelClaim>): ChannelClaim => ({ claimId: 'A-to-z 10-1', orderId: '10-1', state: 'taken', reason: 'A-to-z guarantee', amount: usd(2_000), respondBy: clock.now() + 30 * DAY_MS, taken: usd(2_000), ...change });
const figures = async () => [await balance('assets:receivable:ebay-us'), await balance('income:refunds'), await balance('expenses:fees:ebay-us'), Number((await db.prisma.orderLine.findFirstOrThrow()).profitMinor)];
const claimsToday = async () => (await readToday({ ctx: desk.ctx })).items.filter((item) => item.kind === 'claim').map((item) => [item.id, item.at]);

describe('what a claim takes', () => {
  it('is booked once as given back, leaves the order sent and its goods sold, may be objected to until its day, and comes back whole when it is won', async () => {
    const { order } = await apply({ fulfilment: 'fulfilled' });
    const sold = await figures();
    later();
    const taken = claim({});
    const { order: claimed } = await apply({ fulfilment: 'fulfilled', claims: [taken] });
    expect(claimed).toMatchObject({ state: 'shipped', facts: { problems: [{ code: 'order.claim-taken', data: { amount: usd(2_000), endsAt: taken.respondBy } }] } });
    expect(await figures()).toEqual([-300, 2_000, 300, sold[3]! - 2_000]);
    const entries = await db.prisma.ledgerEntry.count();
    expect((await apply({ fulfilment: 'fulfilled', claims: [taken] })).outcome).toBe('unchanged');
    // a reading without a word of it (another look at the order) takes nothing back
    await apply({ fulfilment: 'fulfilled', modifiedAt: clock.now() + 1 });
    expect(await db.prisma.ledgerEntry.count()).toBe(entries);
    expect(await claimsToday()).toEqual([[order!.id, taken.respondBy]]);
    clock.advanceTo(taken.respondBy! + 1);
    expect(await claimsToday()).toEqual([]);
    await apply({ fulfilment: 'fulfilled', modifiedAt: clock.now(), claims: [claim({ state: 'won', taken: usd(0), respondBy: null })] });
    expect(await figures()).toEqual(sold);
    await expectSound();
  });

  it('beside a refund takes what is left and no more, with its fee, and tax in its share', async () => {
    const [line] = reading().lines;
    const taxed = { lines: [{ ...line!, tax: usd(160) }], taxes: [{ jurisdiction: 'US-CA State Tax', amount: usd(140) }] };
    await apply({ ...taxed, refunds: [{ refundId: 'r', amount: usd(540) }], payment: 'partly-refunded' });
    // 5.40 of 21.60: a quarter, with a quarter of the tax
    expect([await balance('liabilities:sales-tax:us-ca-state-tax'), await balance('liabilities:sales-tax'), await balance('income:refunds')]).toEqual([-105, -15, 500]);
    later();
    const again = { ...taxed, refunds: [{ refundId: 'r', amount: usd(540) }], payment: 'partly-refunded', claims: [claim({ taken: usd(1_620), fee: usd(1_500) })] } as const;
    await apply(again);
    expect([await balance('liabilities:sales-tax:us-ca-state-tax'), await balance('liabilities:sales-tax'), await balance('income:refunds'), await balance('expenses:fees:ebay-us'), await balance('assets:receivable:ebay-us')]).toEqual([0, 0, 2_000, 1_800, -1_800]);
    await expectSound();
    later();
    await apply({ ...again, claims: [claim({ state: 'won', taken: usd(0), fee: usd(0), respondBy: null })] });
    expect([await balance('liabilities:sales-tax:us-ca-state-tax'), await balance('income:refunds'), await balance('expenses:fees:ebay-us')]).toEqual([-105, 500, 300]);
    await expectSound();
  });

  it('of another currency than the order is told and booked under none', async () => {
    await apply();
    const before = await db.prisma.ledgerEntry.count();
    later();
    await apply({ claims: [claim({ taken: { minor: 2_000, currency: 'EUR' } })] });
    expect([await db.prisma.ledgerEntry.count(), (await db.prisma.order.findFirstOrThrow()).raw.includes('order.claim-taken')]).toEqual([before, true]);
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

describe('a return', () => {
  const asked = { returnId: '5001', orderId: '10-1', state: 'asked', word: 'RETURN_REQUESTED', reason: 'DEFECTIVE_ITEM', units: 2, expected: usd(4_000), respondBy: 1_900_000_000_000, ways: ['approve', 'refund'] } as const satisfies ChannelReturn;

  it('joins its order, waits on Today, and is answered once through the channel', async () => {
    const { order } = await apply({ quantity: 2 });
    let told: readonly ChannelReturn[] = [asked, { ...asked, returnId: '9', orderId: 'elsewhere' }];
    const source = { ...desk.ebay, returns: async () => told };
    const deps = { ...desk.trade.orders, source, sources: fixedSources([source]) };
    const os = createOrderProcedures(deps);
    await syncReturns(deps, new AbortController().signal);
    const before = await call(os.get, { id: order!.id });
    expect(before.return).toMatchObject({ id: '5001', state: 'asked', expected: usd(4_000), ways: ['approve', 'refund'], answering: null });
    expect(await waits()).toEqual([[order!.id, 'order.return-waits']]);
    // the same again within half an hour asks nobody
    told = [];
    await syncReturns(deps, new AbortController().signal);
    await call(os.answerReturn, { id: order!.id, version: before.version, answer: 'refund' });
    const after = await call(os.get, { id: order!.id });
    expect(after.return).toMatchObject({ answering: 'refund' });
    expect(await waits()).toEqual([]);
    expect(await db.prisma.workflow.findFirstOrThrow({ where: { kind: 'answer-return' } })).toMatchObject({ input: JSON.stringify({ orderId: order!.id, returnId: '5001', answer: 'refund', amount: usd(4_000) }) });
    for (const version of [before.version, after.version]) await expect(call(os.answerReturn, { id: order!.id, version, answer: 'approve' })).rejects.toMatchObject({ code: 'WRONG_STATE' });
    await expect(call(os.refund, { id: order!.id, version: after.version, amount: usd(100), message: 'Twice' })).rejects.toMatchObject({ code: 'WRONG_STATE' });
    // refused by the channel: told to a person, and asked again if wanted
    await db.transaction((tx) => endReturnAnswer(deps, tx, { orderId: order!.id, refused: 'no card' }));
    expect(await call(os.get, { id: order!.id })).toMatchObject({ return: { answering: null }, problems: [{ code: 'order.return-refused', data: { message: 'no card' } }] });
    await db.transaction((tx) => takeReturn(deps, tx, { ...asked, state: 'closed', ways: [], respondBy: null }));
    await expect(call(os.answerReturn, { id: order!.id, version: (await call(os.get, { id: order!.id })).version, answer: 'refund' })).rejects.toMatchObject({ code: 'INVALID' });
    expect(await waits()).toEqual([]);
  });

  it('puts what came back good on the shelf again, at its cost, once; the rest stays a loss', async () => {
    const os = createOrderProcedures(desk.trade.orders);
    await apply({ quantity: 2 });
    later();
    await apply({ quantity: 2, fulfilment: 'fulfilled' }, 540);
    later();
    const { order } = await apply({ quantity: 2, fulfilment: 'fulfilled', payment: 'refunded', refunds: [{ refundId: 'r', amount: usd(4_000) }], marketplaceFee: usd(40) });
    await db.transaction((tx) => takeReturn(onSource(desk.trade.orders, 'ebay-us'), tx, { ...asked, state: 'closed', ways: [] }));
    expect(await waits()).toEqual([[order!.id, 'order.return-inspect']]);
    const { toInspect: [line], version } = await call(os.get, { id: order!.id });
    expect([line, await onHand(), await balance('expenses:write-off')]).toEqual([{ lineId: line!.lineId, title: 'Mouse', units: 2 }, 1, 816]);
    await expect(call(os.inspect, { id: order!.id, version, good: [{ lineId: line!.lineId, units: 3 }] })).rejects.toMatchObject({ code: 'INVALID' });
    await call(os.inspect, { id: order!.id, version, good: [{ lineId: line!.lineId, units: 1 }] });
    const after = await call(os.get, { id: order!.id });
    expect(after).toMatchObject({ toInspect: [], inspected: { good: 1, spoilt: 1 }, lines: [{ cost: usd(408), profit: usd(-40 - 540 - 408) }] });
    expect([await onHand(), await balance('expenses:write-off')]).toEqual([2, 408]);
    await expect(call(os.inspect, { id: order!.id, version: after.version, good: [] })).rejects.toMatchObject({ code: 'WRONG_STATE' });
    expect(await waits()).toEqual([]);
    // a later reading of the same order changes nothing of it
    later();
    await apply({ quantity: 2, fulfilment: 'fulfilled', payment: 'refunded', refunds: [{ refundId: 'r', amount: usd(4_000) }], marketplaceFee: usd(40) });
    expect([await onHand(), await balance('expenses:write-off')]).toEqual([2, 408]);
    await expectSound();
  });
});

describe('an order that is being cancelled', () => {
  it('is given no money back beside that, and one whose refund is under way is not cancelled', async () => {
    const { order } = await apply();
    const facts = async (change: Record<string, boolean>) => { await db.prisma.order.update({ where: { id: order!.id }, data: { raw: JSON.stringify({ ...order!.facts, ...change }) } }); };
    const os = createOrderProcedures(desk.trade.orders);
    await facts({ cancelling: true });
    await expect(call(os.refund, { id: order!.id, version: 1, amount: usd(100), message: 'Sorry' })).rejects.toMatchObject({ code: 'WRONG_STATE' });
    await facts({ refunding: true });
    await expect(call(os.cancel, { id: order!.id, version: 1, message: 'We cannot send it.' })).rejects.toMatchObject({ code: 'WRONG_STATE' });
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

const refunded = (minor: number) => apply({ fulfilment: 'fulfilled', modifiedAt: clock.now(), refunds: [{ refundId: 'r1', amount: usd(minor) }] });

describe('a claim that a person writes down', () => {
  type Given = Partial<Omit<Parameters<typeof recordClaim>[1], 'id'>>;
  async function record(given: Given = {}) {
    const row = await db.prisma.order.findFirstOrThrow({});
    return recordClaim(desk.trade.orders, { id: row.id, version: row.version, claimId: null, state: 'taken', reason: 'Item not received', taken: usd(2_000), fee: usd(100), respondBy: null, by: 'owner', ...given });
  }

  it('is booked as given back with its fee, and booked back when it was won', async () => {
    await apply({ fulfilment: 'fulfilled' }, 0);
    const taken = await record();
    expect([taken.state, taken.facts.problems.map(({ code }) => code), await balance(REFUNDS), await balance('expenses:fees:ebay-us')]).toEqual(['shipped', ['order.claim-open'], 2_000, 400]);
    const won = await record({ claimId: taken.facts.handClaims![0]!.id, state: 'won', taken: usd(2_000), fee: usd(0) });
    expect([won.facts.problems.map(({ code }) => code), await balance(REFUNDS), await balance('expenses:fees:ebay-us'), won.facts.handClaims!.length]).toEqual([['order.claim-won'], 0, 300, 1]);
    await expectSound();
  });

  it('counts once where the channel shows the money as a refund later, in part and in whole', async () => {
    await apply({ fulfilment: 'fulfilled' }, 0);
    await record({ state: 'lost', taken: usd(1_200), fee: usd(0) });
    later();
    await refunded(500);
    expect(await balance(REFUNDS)).toBe(1_200);
    later();
    await refunded(1_200);
    expect(await balance(REFUNDS)).toBe(1_200);
    // what is given back beyond the claim counts beside it
    later();
    await refunded(1_500);
    expect(await balance(REFUNDS)).toBe(1_500);
    await refunded(1_500);
    expect(await balance(REFUNDS)).toBe(1_500);
    await expectSound();
  });

  it('is kept apart from what was given back before it', async () => {
    await apply({ fulfilment: 'fulfilled', refunds: [{ refundId: 'r1', amount: usd(500) }] }, 0);
    await record({ state: 'lost', taken: usd(700), fee: usd(0) });
    later();
    await refunded(500);
    expect(await balance(REFUNDS)).toBe(1_200);
    await expectSound();
  });

  it('refuses more than the order, another currency, a version that is old, and what says nothing', async () => {
    await apply({ fulfilment: 'fulfilled' }, 0);
    for (const [given, field] of [[{ taken: usd(2_001) }, 'taken'], [{ taken: { minor: 1, currency: 'EUR' } }, 'taken'], [{ state: 'lost', taken: usd(0) }, 'taken'], [{ fee: usd(-1) }, 'fee'], [{ reason: ' ' }, 'reason'], [{ respondBy: 5 }, 'respondBy'], [{ claimId: 'other' }, 'claimId']] as const) await expect(record(given)).rejects.toMatchObject({ code: 'INVALID', data: { field } });
    await expect(record({ version: 99 })).rejects.toMatchObject({ code: 'WRONG_STATE' });
    expect(await balance(REFUNDS)).toBe(0);
  });
});
