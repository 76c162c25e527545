import { call } from '@orpc/server';
import { afterEach, describe, expect, it } from 'vitest';
import { recordOrder, TRACK_PURCHASES, trackPurchasesJob, verifyBooks } from '#engine/flows/index.ts';
import { createLedgerProcedures } from '#engine/ledger/index.ts';
import { createProfitReport } from '#engine/orders/index.ts';
import { approveOpportunity, createPurchaseProcedures } from '#engine/purchasing/index.ts';
import { DAY_MS } from '#kernel/time.ts';
import { createTestDatabase, type TestDatabase } from '#runtime/template.ts';
import { openTradeDesk, seedBusiness, seedOpportunity, type TradeDesk } from '#tests/support/trade-desk.ts';
import { startTradeMarket, worthwhileOffers, type TradeMarket } from '#tests/support/trade-market.ts';

let market: TradeMarket;
let db: TestDatabase;
let desk: TradeDesk;

async function open(outletId?: string): Promise<void> {
  market = await startTradeMarket(outletId === undefined ? {} : { outletId });
  db = await createTestDatabase();
  desk = await openTradeDesk({ db, clock: market.clock, shopUrl: market.shop.baseUrl, ebayUrl: market.ebay.baseUrl });
  await seedBusiness(desk.ctx);
}
afterEach(async () => {
  await desk.close();
  await market.close();
  await db.close();
});

async function buy(offer: ReturnType<typeof worthwhileOffers>[number]): Promise<string> {
  const { opportunityId } = await seedOpportunity(desk.ctx, offer);
  const { purchaseId } = await approveOpportunity(desk.trade.purchasing, { id: opportunityId, version: 1, approvedBy: 'test' });
  await desk.settle();
  return purchaseId;
}
const ledger = () => createLedgerProcedures({ ctx: desk.ctx, reports: createProfitReport({ ctx: desk.ctx }) });
const purchases = () => createPurchaseProcedures(desk.trade.purchasing, { recordOrder: (input) => recordOrder(desk.trade, input) });

async function track(): Promise<void> {
  await db.transaction((tx) => desk.ctx.jobs.add(tx, { kind: TRACK_PURCHASES, payload: {} }));
  await desk.settle();
}

describe('a purchase in dinars, paid in dollars', () => {
  it('is booked in both currencies, each adding up to zero, at the rate that was approved', async () => {
    await open('dar-el-hanout');
    const offer = worthwhileOffers(market, 2)[0]!;
    const detail = await call(purchases().get, { id: await buy(offer) });
    expect(detail).toMatchObject({ state: 'confirmed', total: { currency: 'DZD', minor: offer.priceMinor * 2 + offer.shippingMinor }, homeTotal: { currency: 'USD' } });
    // 150 dinars to the dollar at the practice bureau; both have two digits.
    expect(detail.homeTotal!.minor).toBe(Math.round(detail.total!.minor / 150));
    const { accounts, balanced } = await call(ledger().balances, undefined);
    expect(balanced).toBe(true);
    const held = Object.fromEntries(accounts.filter(({ balance }) => balance.minor !== 0).map(({ account, balance }) => [`${account} ${balance.currency}`, balance.minor]));
    expect(held).toEqual({ 'assets:cash USD': 1_000_000 - detail.homeTotal!.minor, 'assets:inventory USD': detail.homeTotal!.minor, 'equity:opening USD': -1_000_000 });
    const entries = (await call(ledger().entries, { refId: detail.id, limit: 10 })).items;
    expect(entries.map((entry) => entry.kind).sort()).toEqual(['payment', 'purchase']);
    expect(await verifyBooks(desk.trade.inventory, 'USD')).toMatchObject({ sound: true });
  });
});

describe('what becomes of an order at the shop', () => {
  it('is heard of: delivered once, or given up with the money and the opportunity back', async () => {
    await open();
    const bought = new Map<string, string>();
    for (const offer of worthwhileOffers(market, 2).slice(0, 12)) bought.set(await buy({ ...offer, quantity: 1, shippingMinor: 599 }), '');
    market.clock.advanceTo(market.clock.now() + 30 * DAY_MS);
    await track();
    await track();
    const outcomes = new Map(market.world.effects().shopOrders.map((order) => [String(order.id), order.outcome]));
    expect(outcomes.size).toBeGreaterThan(5);
    for (const id of bought.keys()) {
      const detail = await call(purchases().get, { id });
      if (detail.externalId === null) continue;
      const delivered = detail.events.filter((event) => event.kind === 'delivered').length;
      if (outcomes.get(detail.externalId) === 'completed') expect([detail.state, delivered]).toEqual(['confirmed', 1]);
      else expect([detail.state, detail.stopReason?.code, delivered]).toEqual(['failed', 'failed.vendor-refunded', 0]);
    }
    expect(await verifyBooks(desk.trade.inventory, 'USD')).toMatchObject({ sound: true, findings: [] });
    const refunded = [...outcomes.values()].filter((outcome) => outcome === 'refunded').length;
    expect(await db.prisma.ledgerEntry.count({ where: { kind: 'purchase-refund' } })).toBe(refunded);
  });

  it('undoes the booking when the shop gives it up: stock, cash and opportunity are as before, and hearing it again changes nothing', async () => {
    await open();
    const id = await buy(worthwhileOffers(market, 3)[0]!);
    const before = await db.prisma.opportunity.findFirstOrThrow();
    expect(before.state).toBe('purchased');
    const { purchasing } = desk.trade;
    const shop = await purchasing.checkouts.open('');
    const givingUp = Object.assign(Object.create(shop) as typeof shop, { progress: () => Promise.resolve({ state: 'refunded' as const, status: 'refunded', at: market.clock.now() }) });
    const job = trackPurchasesJob({ ...desk.trade, purchasing: { ...purchasing, checkouts: { ...purchasing.checkouts, open: () => Promise.resolve(givingUp) } } });
    const run = () => job.run({}, { jobId: 'job', attempt: 1, signal: new AbortController().signal, progress: () => {} });
    await run();
    await run();
    expect(await call(purchases().get, { id })).toMatchObject({ state: 'failed', stopReason: { code: 'failed.vendor-refunded' } });
    const { accounts } = await call(ledger().balances, undefined);
    expect(Object.fromEntries(accounts.map(({ account, balance }) => [account, balance.minor]))).toEqual({ 'assets:cash': 1_000_000, 'assets:inventory': 0, 'equity:opening': -1_000_000 });
    expect(await db.prisma.stockLot.findFirstOrThrow()).toMatchObject({ state: 'closed', onHand: 0 });
    expect((await db.prisma.opportunity.findFirstOrThrow()).state).toBe('open');
    expect(await verifyBooks(desk.trade.inventory, 'USD')).toMatchObject({ sound: true, findings: [] });
  });
});
