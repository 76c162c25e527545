import { call } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordOrder, verifyBooks } from '#engine/flows/index.ts';
import { CASH, readBalances } from '#engine/ledger/index.ts';
import { approveOpportunity, createPurchaseProcedures, sha256Of } from '#engine/purchasing/index.ts';
import { KILL_SWITCH, putSetting } from '#engine/settings/index.ts';
import { DomainError } from '#kernel/errors.ts';
import { DAY_MS, HOUR_MS } from '#kernel/time.ts';
import { createTestDatabase, type TestDatabase } from '#runtime/template.ts';
import { openTradeDesk, seedBusiness, seedOpportunity, type OfferFacts, type TradeDesk } from '#tests/support/trade-desk.ts';
import { startTradeMarket, worthwhileOffers, type TradeMarket } from '#tests/support/trade-market.ts';

let market: TradeMarket;
let db: TestDatabase;
let desk: TradeDesk;
let os: ReturnType<typeof createPurchaseProcedures>;
let offers: OfferFacts[];

beforeEach(async () => {
  market = await startTradeMarket();
  db = await createTestDatabase();
  desk = await openTradeDesk({ db, clock: market.clock, shopUrl: market.shop.baseUrl, ebayUrl: market.ebay.baseUrl });
  os = createPurchaseProcedures(desk.trade.purchasing, { recordOrder: (input) => recordOrder(desk.trade, input) });
  offers = worthwhileOffers(market, 3);
  await seedBusiness(desk.ctx);
});
afterEach(async () => {
  await desk.close();
  await market.close();
  await db.close();
});

const approve = (id: string, version = 1) => approveOpportunity(desk.trade.purchasing, { id, version, approvedBy: 'Amina' });
const orders = () => market.world.effects().shopOrders;
const only = async () => (await call(os.list, { limit: 10 })).items[0]!;
const cash = async () => (await readBalances(db.prisma)).find((line) => line.account === CASH)!.amount.minor;
const code = (error: unknown) => (error instanceof DomainError ? error.code : error);
const rejection = async (promise: Promise<unknown>) => promise.then(() => 'none', code);

const total = (offer: OfferFacts) => Math.floor(offer.priceMinor * 3 * 1.02);
const switchTo = (on: boolean) => db.transaction((tx) => putSetting(tx, KILL_SWITCH, { on }, market.clock.now()));

describe('opportunities.approve', () => {
  it('freezes what the person saw, and buys it', async () => {
    const { opportunityId } = await seedOpportunity(desk.ctx, offers[0]!);
    const { purchaseId } = await approve(opportunityId);
    await desk.settle();
    const detail = await call(os.get, { id: purchaseId });
    expect(detail).toMatchObject({ state: 'confirmed', total: { minor: offers[0]!.priceMinor * 3, currency: 'USD' }, approval: { approvedBy: 'Amina', evidence: { seen: { shown: offers[0]!.title }, opportunityVersion: 1 } } });
    const stored = await db.prisma.approval.findFirstOrThrow();
    expect(sha256Of(stored.evidence)).toBe(detail.approval.evidenceSha256);
    expect(detail.events.map((event) => event.kind)).toEqual(['approved', 'preparing', 'placing', 'confirmed']);
    expect(detail.receipt).toMatchObject({ externalId: String(orders()[0]!.id), status: 'processing' });
  });

  it('answers a second click, also at the same moment, with the same purchase', async () => {
    const { opportunityId } = await seedOpportunity(desk.ctx, offers[0]!);
    const [first, second] = await Promise.all([approve(opportunityId), approve(opportunityId)]);
    await desk.settle();
    expect(second).toEqual(first);
    expect(await approve(opportunityId)).toEqual(first);
    expect(orders()).toHaveLength(1);
  });

  it('refuses a version that nobody saw, and one that is gone', async () => {
    const { opportunityId } = await seedOpportunity(desk.ctx, offers[0]!);
    expect(await rejection(approve(opportunityId, 2))).toBe('STALE');
    expect(await rejection(approve('opp_none'))).toBe('NOT_FOUND');
  });

  it('lets one of two through that together pass the limit of the day', async () => {
    await seedBusiness(desk.ctx, { perDay: { minor: total(offers[0]!) + total(offers[1]!) - 1, currency: 'USD' } });
    const ids = [await seedOpportunity(desk.ctx, offers[0]!), await seedOpportunity(desk.ctx, offers[1]!)].map((seeded) => seeded.opportunityId);
    const outcomes = await Promise.all(ids.map((id) => rejection(approve(id))));
    expect(outcomes.sort()).toEqual(['LIMIT', 'none']);
    market.clock.advanceTo(market.clock.now() + DAY_MS);
    expect(await Promise.all(ids.map((id) => rejection(approve(id))))).toEqual(['none', 'none']);
  });

  it('keeps the cash reserve, counting what is approved and not paid', async () => {
    await seedBusiness(desk.ctx, { cashReserve: { minor: 1_000_000 - Math.floor(offers[0]!.priceMinor * 3 * 1.02), currency: 'USD' } });
    const [first, second] = [await seedOpportunity(desk.ctx, offers[0]!), await seedOpportunity(desk.ctx, offers[1]!)];
    expect(await rejection(approve(first.opportunityId))).toBe('none');
    expect(await rejection(approve(second.opportunityId))).toBe('LIMIT');
  });

  it('does nothing while the kill switch is on, and what was under way waits until it is off', async () => {
    const [first, second] = [await seedOpportunity(desk.ctx, offers[0]!), await seedOpportunity(desk.ctx, offers[1]!)];
    await approve(first.opportunityId);
    await switchTo(true);
    expect(await rejection(approve(second.opportunityId))).toBe('KILL_SWITCH');
    await desk.settle(10 * 60_000);
    expect(orders()).toHaveLength(0);
    await switchTo(false);
    await desk.settle();
    expect(orders()).toHaveLength(1);
    expect((await only()).state).toBe('confirmed');
  });
});

describe('a purchase whose terms changed', () => {
  it('stops when the price rose, orders nothing, and buys at the new price once a person agrees', async () => {
    const { opportunityId } = await seedOpportunity(desk.ctx, { ...offers[0]!, priceMinor: offers[0]!.priceMinor - 300 });
    await approve(opportunityId);
    await desk.settle();
    const stopped = await only();
    expect(stopped).toMatchObject({ state: 'stopped', stopReason: { code: 'stop.price-rose', data: { terms: { unit: { minor: offers[0]!.priceMinor } } } } });
    expect(orders()).toHaveLength(0);
    await call(os.approveAgain, { id: stopped.id, version: stopped.version });
    await desk.settle();
    expect(await only()).toMatchObject({ state: 'confirmed', total: { minor: offers[0]!.priceMinor * 3 } });
    expect(orders()).toHaveLength(1);
    expect(await db.prisma.approval.count({ where: { revokedAt: { not: null } } })).toBe(1);
  });

  it('is given up, and the opportunity is open again', async () => {
    const { opportunityId } = await seedOpportunity(desk.ctx, { ...offers[0]!, priceMinor: 100 });
    await approve(opportunityId);
    await desk.settle();
    const stopped = await only();
    await call(os.cancel, { id: stopped.id, version: stopped.version });
    expect((await only()).state).toBe('cancelled');
    expect((await db.prisma.opportunity.findUniqueOrThrow({ where: { id: opportunityId } })).state).toBe('open');
    await expect(call(os.cancel, { id: stopped.id, version: stopped.version })).rejects.toMatchObject({ code: 'WRONG_STATE', data: { state: 'cancelled' } });
    expect(await cash()).toBe(1_000_000);
  });

  it('stops when there is less stock than was approved, with what is left', async () => {
    const many = { ...offers[0]!, quantity: 9_000 };
    await seedBusiness(desk.ctx, { cashReserve: { minor: -1_000_000_000, currency: 'USD' } });
    const { opportunityId } = await seedOpportunity(desk.ctx, many);
    await approve(opportunityId);
    await desk.settle();
    const stopped = await only();
    expect(stopped.state).toBe('stopped');
    expect(stopped.stopReason!.code).toMatch(/stop\.(stock-below-quantity|vendor-refused)/);
    expect(orders()).toHaveLength(0);
  });

  it('does not go out after its approval has expired', async () => {
    const { opportunityId } = await seedOpportunity(desk.ctx, offers[0]!);
    await approve(opportunityId);
    market.clock.advanceTo(market.clock.now() + 49 * HOUR_MS);
    await desk.settle();
    expect(await only()).toMatchObject({ state: 'stopped', stopReason: { code: 'stop.approval-expired' } });
    expect(orders()).toHaveLength(0);
  });

  it('does not leave any more once its approval ran out while it was held back', async () => {
    const { opportunityId } = await seedOpportunity(desk.ctx, offers[0]!);
    await approve(opportunityId);
    await switchTo(true);
    await desk.settle();
    expect(await only()).toMatchObject({ state: 'placing' });
    market.clock.advanceTo(market.clock.now() + 49 * HOUR_MS);
    await switchTo(false);
    await desk.settle();
    expect(await only()).toMatchObject({ state: 'stopped', stopReason: { code: 'stop.approval-expired' } });
    expect(orders()).toHaveLength(0);
  });

  it('is settled with the shop, and needs no new approval, where the order left in time and its answer was lost', async () => {
    const { opportunityId } = await seedOpportunity(desk.ctx, offers[0]!);
    market.shop.setFaults({ rate: 1, kinds: ['cut-after'], routes: ['checkout', 'order'] });
    await approve(opportunityId);
    await desk.settle();
    expect([(await only()).state, orders()]).toEqual([expect.stringMatching(/placing|reconciling/), expect.objectContaining({ length: 1 })]);
    market.shop.setFaults({ rate: 0 });
    market.clock.advanceTo(market.clock.now() + 49 * HOUR_MS);
    await desk.settle();
    expect(await only()).toMatchObject({ state: 'confirmed', total: { minor: offers[0]!.priceMinor * 3 } });
    expect([orders().length, await db.prisma.approval.count()]).toEqual([1, 1]);
  });

  it('stops with the limit named when agreeing again would pass it', async () => {
    await seedBusiness(desk.ctx, { perPurchase: { minor: offers[0]!.priceMinor * 3 - 100, currency: 'USD' } });
    const { opportunityId } = await seedOpportunity(desk.ctx, { ...offers[0]!, priceMinor: offers[0]!.priceMinor - 300 });
    await approve(opportunityId);
    await desk.settle();
    const stopped = await only();
    await expect(call(os.approveAgain, { id: stopped.id, version: stopped.version })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'limits', reason: 'limit.per-purchase' } });
    expect(orders()).toHaveLength(0);
  });
});

describe('purchases.receive', () => {
  it('writes off what is missing or damaged, and refuses more than was bought', async () => {
    const { opportunityId } = await seedOpportunity(desk.ctx, offers[0]!);
    await approve(opportunityId);
    await desk.settle();
    const bought = await only();
    await expect(call(os.receive, { id: bought.id, version: bought.version, units: 4, damaged: 0 })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'units' } });
    await call(os.receive, { id: bought.id, version: bought.version, units: 2, damaged: 1 });
    const lot = await db.prisma.stockLot.findFirstOrThrow();
    expect(lot).toMatchObject({ onHand: 1, quantity: 1, state: 'on-hand' });
    const accounts = new Map((await readBalances(db.prisma)).map((line) => [line.account, line.amount.minor]));
    const cost = offers[0]!.priceMinor;
    expect(accounts.get('expenses:write-off')).toBe(cost * 2);
    expect(accounts.get('assets:inventory')).toBe(cost + 75);
    expect(await verifyBooks(desk.trade.inventory, 'USD')).toMatchObject({ sound: true });
    await expect(call(os.receive, { id: bought.id, version: bought.version, units: 2, damaged: 0 })).rejects.toMatchObject({ code: 'WRONG_STATE' });
  });
});
