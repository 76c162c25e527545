import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConnectorError } from '#kernel/errors.ts';
import { DAY_MS, ManualClock, MINUTE_MS } from '#kernel/time.ts';
import { createTestDatabase, type TestDatabase } from '#runtime/template.ts';
import { openTradeDesk, seedBusiness, seedOpportunity, type TradeDesk } from '#tests/support/trade-desk.ts';
import { followCost } from '../flows/follow-cost.ts';
import { addLandedCost, addLotByHand, createLot, receiveLot } from '../inventory/index.ts';
import { readBalances } from '../ledger/index.ts';
import { draftListing, onChannel } from '../listings/index.ts';
import { readSetting } from '../settings/index.ts';
import { orderCursor, syncOrders, type OnSource } from './index.ts';
import type { ChannelOrder, OrderPage, OrderQuery, OrderSourcePort } from './ports.ts';

let db: TestDatabase;
let desk: TradeDesk;
const clock = new ManualClock(Date.UTC(2026, 10, 2));
const job = { signal: new AbortController().signal, progress: () => {} };
const usd = (minor: number) => ({ minor, currency: 'USD' });
const yen = (minor: number) => ({ minor, currency: 'JPY' });

const orderOf = (orderId: string): ChannelOrder => ({
  orderId, createdAt: clock.now(), modifiedAt: clock.now(), payment: 'paid', fulfilment: 'not-started', cancel: 'none', currency: 'USD', total: usd(1_000), marketplaceFee: usd(150), refunds: [], buyer: { addressLines: [] },
  lines: [{ lineId: '1', title: 'Thing', quantity: 1, price: usd(1_000), shipping: usd(0), discount: usd(0), tax: usd(0), taxCollectedByChannel: usd(0), total: usd(1_000), fulfilment: 'not-started' }],
});

/** A channel that answers with the given pages, breaks off where told, and remembers what it was asked. */
class ScriptedChannel implements OrderSourcePort {
  readonly connector = 'scripted';
  readonly market = 'ebay-us';
  readonly asked: number[] = [];
  pages: (OrderPage | Error)[] = [];
  single = new Map<string, ChannelOrder>();
  async *orders(query: OrderQuery) {
    this.asked.push(query.modifiedFrom);
    for (const page of this.pages) {
      if (page instanceof Error) throw page;
      yield page;
    }
  }
  order = (orderId: string) => Promise.resolve(this.single.get(orderId) ?? null);
  markShipped = () => Promise.reject(new Error('not asked for here'));
}
const page = (orders: ChannelOrder[], unreadable: OrderPage['unreadable'] = []): OrderPage => ({ orders, unreadable, complete: true, at: clock.now() });

let channel: ScriptedChannel;
let deps: OnSource;
beforeEach(async () => {
  db = await createTestDatabase();
  desk = await openTradeDesk({ db, clock, shopUrl: 'http://127.0.0.1:9', ebayUrl: 'http://127.0.0.1:9' });
  await seedBusiness(desk.ctx);
  channel = new ScriptedChannel();
  deps = { ...desk.trade.orders, source: channel };
});
afterEach(async () => {
  await desk.close();
  await db.close();
});

describe('syncOrders', () => {
  it('reads from the start of the last whole pass, with an overlap, and takes each order once', async () => {
    channel.pages = [page([orderOf('1'), orderOf('2')])];
    const start = clock.now();
    expect(await syncOrders(deps, job)).toMatchObject({ read: 2, added: 2 });
    clock.advanceTo(clock.now() + 10 * MINUTE_MS);
    expect(await syncOrders(deps, job)).toMatchObject({ read: 2, added: 0, changed: 0 });
    expect(await syncOrders(deps, job)).toMatchObject({ read: 2, added: 0, changed: 0 });
    expect(channel.asked).toEqual([start - 30 * DAY_MS, start - 15 * MINUTE_MS, start - 5 * MINUTE_MS]);
    expect(await db.prisma.order.count()).toBe(2);
    expect(await db.prisma.ledgerEntry.count({ where: { kind: 'sale' } })).toBe(2);
  });

  it('keeps what it took of a pass that broke off, and reads from the same place again', async () => {
    channel.pages = [page([orderOf('1')]), new ConnectorError({ kind: 'Retryable', connector: 'scripted', operation: 'read orders', message: 'cut' })];
    await expect(syncOrders(deps, job)).rejects.toThrow('cut');
    expect(await db.prisma.order.count()).toBe(1);
    channel.pages = [page([orderOf('1')]), page([orderOf('2')])];
    clock.advanceTo(clock.now() + MINUTE_MS);
    await syncOrders(deps, job);
    expect(channel.asked[1]! - channel.asked[0]!).toBe(MINUTE_MS);
    expect(await db.prisma.order.count()).toBe(2);
  });

  it('keeps an order that it cannot read, tells of it, and takes it in once it can', async () => {
    channel.pages = [page([], [{ orderId: '7', reason: 'total: expected an amount', excerpt: '{"total":' }])];
    expect(await syncOrders(deps, job)).toMatchObject({ unreadable: 1 });
    expect((await readSetting(db, orderCursor('ebay-us'))).value.unreadable).toMatchObject([{ orderId: '7', reason: 'total: expected an amount' }]);
    expect(await db.prisma.outbox.count({ where: { topic: 'order.unreadable' } })).toBe(1);
    channel.pages = [page([])];
    expect(await syncOrders(deps, job)).toMatchObject({ unreadable: 1 });
    channel.single.set('7', orderOf('7'));
    expect(await syncOrders(deps, job)).toMatchObject({ added: 1, unreadable: 0 });
    expect((await readSetting(db, orderCursor('ebay-us'))).value.unreadable).toEqual([]);
  });

  it('lets an order in a currency without a rate wait for one, and takes the others', async () => {
    const { candidate } = await seedOpportunity(desk.ctx, { externalId: '1', title: 'Mouse', brand: 'Acme', gtin: '5099206027286', priceMinor: 333, shippingMinor: 0, salePriceMinor: 2_000, quantity: 3, weightG: 500 });
    const { inventory, listings } = desk.trade;
    const sku = await db.transaction(async (tx) => {
      await createLot(inventory, tx, { purchaseId: 'pur_1', productId: candidate.productId, title: 'Mouse', condition: 'new', quantity: 3, totalCost: usd(1_000), estimate: { profit: usd(900), salePrice: usd(2_000), daysToSell: 10 } });
      const lot = await receiveLot(inventory, tx, { purchaseId: 'pur_1', units: 3, damaged: 0, prepPerUnit: usd(0) });
      await draftListing(onChannel(listings, 'ebay-us'), tx, { lot, composed: { title: 'Mouse', description: '', condition: 'new', price: usd(2_000), floor: usd(1_000), basis: 'estimate', refusal: null } });
      return lot.sku;
    });
    const { marketplaceFee: _, ...plain } = orderOf('8');
    const foreign: ChannelOrder = { ...plain, currency: 'JPY', total: yen(3_000), lines: [{ ...plain.lines[0]!, sku, price: yen(3_000), shipping: yen(0), discount: yen(0), tax: yen(0), taxCollectedByChannel: yen(0), total: yen(3_000) }] };
    channel.pages = [page([foreign, orderOf('9')])];
    channel.single.set('8', foreign);
    for (let pass = 0; pass < 2; pass++) expect(await syncOrders(deps, job)).toMatchObject({ unreadable: 1 });
    expect((await readSetting(db, orderCursor('ebay-us'))).value.unreadable).toMatchObject([{ orderId: '8', reason: 'there is no rate from USD to JPY: set one' }]);
    expect((await db.prisma.order.findMany()).map((order) => order.externalId)).toEqual(['9']);
  });
});

async function listOne(): Promise<string> {
  const at = clock.now();
  await db.prisma.product.create({ data: { id: 'prd_fee', title: 'Mouse', attributes: '{}', createdAt: at, updatedAt: at } });
  const { lot } = await db.transaction((tx) => addLotByHand(desk.trade.inventory, tx, { key: 'form-fees', productId: 'prd_fee', title: 'Mouse', condition: 'new', quantity: 4, totalCost: usd(4_000), location: 'main', estimate: { profit: usd(500), salePrice: usd(4_000), daysToSell: 30 }, booking: 'opening', receipt: null, list: false }));
  await db.prisma.listing.create({ data: { id: 'lst_fee', sku: lot.sku, lotId: lot.id, productId: 'prd_fee', channel: 'ebay-us', title: 'Mouse', description: '', condition: 'new', priceMinor: 2_000, floorMinor: 1_000, currency: 'USD', quantity: 4, state: 'active', idempotencyKey: 'fee', createdAt: at, updatedAt: at } });
  return lot.id;
}
const fees = async () => (await readBalances(db.prisma)).find((line) => line.account === 'expenses:fees:ebay-us')?.amount.minor ?? 0;
const facts = async () => { const row = await db.prisma.order.findFirstOrThrow({ where: { externalId: 'F1' } }); return { fees: Number(row.feesMinor), check: (JSON.parse(row.raw) as { feeCheck: unknown }).feeCheck }; };

describe('fees that the channel names later', () => {
  it('are booked by the fee card until then, and the difference when it names them; a cancelled sale has none', async () => {
    const lotId = await listOne();
    const { sku } = await db.prisma.stockLot.findUniqueOrThrow({ where: { id: lotId }, select: { sku: true } });
    const order = (change: Partial<ChannelOrder>): ChannelOrder => { const { marketplaceFee: _fee, ...plain } = orderOf('F1'); return { ...plain, modifiedAt: clock.now(), lines: [{ ...plain.lines[0]!, sku }], ...change }; };
    Object.assign(channel, { feeComesLater: true });
    const read = async (change: Partial<ChannelOrder> = {}) => { channel.pages = [page([order(change)])]; clock.advanceTo(clock.now() + MINUTE_MS); await syncOrders(deps, job); return facts(); };
    const first = await read();
    // 13.6 % of 10.00 and of the tax on it, and 0.30 for the order
    expect(first).toMatchObject({ check: { cardId: expect.stringContaining('ebay-us') as string, charged: null } });
    expect(first.fees).toBeGreaterThan(136);
    expect(await fees()).toBe(first.fees);
    const charged = await read({ marketplaceFee: usd(150), feeParts: [{ kind: 'referral', amount: usd(120) }, { kind: 'fulfilment', amount: usd(30) }] });
    expect([charged.fees, await fees()]).toEqual([150, 150]);
    expect(charged.check).toMatchObject({ charged: [{ kind: 'referral', minor: 120 }, { kind: 'fulfilment', minor: 30 }] });
    // what a refund gives back of the fee says nothing of what the sale cost
    expect((await read({ marketplaceFee: usd(20), refunds: [{ refundId: 'r', amount: usd(900) }] })).check).toEqual(charged.check);
    expect(await fees()).toBe(20);
  });

  it('the floors of a lot follow what its units cost, and a price below them rises', async () => {
    const lotId = await listOne();
    const { listings } = desk.trade;
    expect(await followCost(listings, lotId)).toBe(1);
    const before = await db.prisma.listing.findUniqueOrThrow({ where: { id: 'lst_fee' } });
    expect(Number(before.floorMinor)).toBeGreaterThan(1_000);
    await db.transaction((tx) => addLandedCost(desk.trade.inventory, tx, { lotId, amount: usd(4_000), key: 'freight', kind: 'inbound-freight', memo: 'freight' }));
    expect(await db.prisma.outbox.count({ where: { topic: 'stock.cost-changed' } })).toBe(1);
    expect(await followCost(listings, lotId)).toBe(1);
    const after = await db.prisma.listing.findUniqueOrThrow({ where: { id: 'lst_fee' } });
    // ten more a unit is more than ten more at the floor, for fees take part of it
    expect(Number(after.floorMinor - before.floorMinor)).toBeGreaterThan(1_000);
    expect(after.priceMinor >= after.floorMinor).toBe(true);
    expect(await followCost(listings, lotId)).toBe(0);
    // stopped, it may be sent again; and one whose channel is gone keeps no other from following
    const { idempotencyKey: _key, ...row } = after;
    await db.prisma.listing.create({ data: { ...row, id: 'lst_a_gone', channel: 'gone', idempotencyKey: 'gone' } });
    await db.prisma.listing.update({ where: { id: 'lst_fee' }, data: { state: 'stopped' } });
    await db.transaction((tx) => addLandedCost(desk.trade.inventory, tx, { lotId, amount: usd(400), key: 'more', kind: 'inbound-freight', memo: 'freight' }));
    await expect(followCost(listings, lotId)).rejects.toThrow('gone is not set up');
    expect((await db.prisma.listing.findUniqueOrThrow({ where: { id: 'lst_fee' } })).floorMinor).toBeGreaterThan(after.floorMinor);
  });
});
