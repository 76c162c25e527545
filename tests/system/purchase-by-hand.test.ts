import { call } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordOrder, verifyBooks } from '#engine/flows/index.ts';
import { readBalances } from '#engine/ledger/index.ts';
import { approveOpportunity, createPurchaseProcedures, previewApproval, sha256Of } from '#engine/purchasing/index.ts';
import { readToday } from '#engine/reporting/index.ts';
import { BUSINESS, LIMITS, PRACTICE_BUSINESS, putSetting, readSetting } from '#engine/settings/index.ts';
import { HOUR_MS } from '#kernel/time.ts';
import { createTestDatabase, type TestDatabase } from '#runtime/template.ts';
import { openTradeDesk, seedBusiness, seedOpportunity, type OfferFacts, type TradeDesk } from '#tests/support/trade-desk.ts';
import { startTradeMarket, worthwhileOffers, type TradeMarket } from '#tests/support/trade-market.ts';

let market: TradeMarket;
let db: TestDatabase;
let desk: TradeDesk;
let os: ReturnType<typeof createPurchaseProcedures>;
/** An offer of 3 packs from a supplier's list, where the desk has no checkout. */
let offer: OfferFacts;

beforeEach(async () => {
  market = await startTradeMarket();
  db = await createTestDatabase();
  desk = await openTradeDesk({ db, clock: market.clock, shopUrl: market.shop.baseUrl, ebayUrl: market.ebay.baseUrl });
  os = createPurchaseProcedures(desk.trade.purchasing, { recordOrder: (input) => recordOrder(desk.trade, input) }, 'Amina');
  offer = { ...worthwhileOffers(market, 1)[0]!, quantity: 3, priceMinor: 2_400, shippingMinor: 0, connector: 'price-list', sellerName: 'Harbor Wholesale' };
  await seedBusiness(desk.ctx);
});
afterEach(async () => {
  await desk.close();
  await market.close();
  await db.close();
});

const usd = (minor: number) => ({ minor, currency: 'USD' });
const approve = (id: string) => approveOpportunity(desk.trade.purchasing, { id, version: 1, approvedBy: 'Amina' });
const only = async () => (await call(os.list, { limit: 10 })).items[0]!;
const accounts = async () => new Map((await readBalances(db.prisma)).map((line) => [`${line.account} ${line.amount.currency}`, line.amount.minor]));
const shopOrders = () => market.world.effects().shopOrders;

async function approved(facts: Partial<OfferFacts> = {}) {
  const { opportunityId } = await seedOpportunity(desk.ctx, { ...offer, ...facts });
  await approve(opportunityId);
  await desk.settle();
  const waiting = await only();
  return { opportunityId, waiting, record: (more: { total?: { minor: number; currency: string }; quantity?: number; externalId?: string; receiptNote?: string; version?: number } = {}) =>
    call(os.recordOrder, { id: waiting.id, version: waiting.version, externalId: 'HW-1187', total: usd(7_200), ...more }) };
}

describe('approving where the desk has no checkout', () => {
  it('is allowed, tells that the person orders, and asks for no delivery address', async () => {
    const { candidate } = await seedOpportunity(desk.ctx, offer);
    await db.transaction((tx) => putSetting(tx, BUSINESS, { ...PRACTICE_BUSINESS, address: { ...PRACTICE_BUSINESS.address, line1: '' } }, market.clock.now()));
    expect(await previewApproval(desk.trade.purchasing, db.prisma, candidate)).toMatchObject({ byHand: true, allowed: true, blockedBy: [], total: usd(7_200), maxTotal: usd(7_344) });
    expect(await previewApproval(desk.trade.purchasing, db.prisma, { ...candidate, connector: 'woocommerce' })).toMatchObject({ byHand: false, allowed: false, blockedBy: [{ code: 'purchase.address-missing' }] });
  });

  it('freezes what was seen, tells what to order, and orders nothing; a second click is the same purchase', async () => {
    const { opportunityId, waiting } = await approved();
    expect(waiting).toMatchObject({
      state: 'ordering-by-hand', total: null, externalId: null,
      stopReason: { code: 'purchase.order-by-hand', data: { place: 'The shop (Harbor Wholesale)', url: 'https://shop.example/product', quantity: 3, total: usd(7_200), maxTotal: usd(7_344), expiresAt: market.clock.now() + 48 * HOUR_MS } },
    });
    expect((await approve(opportunityId)).purchaseId).toBe(waiting.id);
    expect(await db.prisma.purchase.count()).toBe(1);
    const stored = await db.prisma.approval.findFirstOrThrow();
    expect(sha256Of(stored.evidence)).toBe(stored.evidenceSha256);
    expect(JSON.parse(stored.evidence)).toMatchObject({ orderedBy: 'hand', seen: { shown: offer.title } });
    expect((await call(os.get, { id: waiting.id })).events.map((event) => event.kind)).toEqual(['approved', 'ordering-by-hand']);
    expect(shopOrders()).toHaveLength(0);
    expect((await accounts()).get('assets:cash USD')).toBe(1_000_000);
  });

  it('still keeps the limits, and counts what waits to be ordered against them', async () => {
    await seedBusiness(desk.ctx, { perDay: usd(7_400), minProfit: usd(0), minRoiBp: 0 });
    await approved();
    const second = await seedOpportunity(desk.ctx, { ...offer, externalId: 'other', gtin: '4006381333931' });
    await expect(approve(second.opportunityId)).rejects.toMatchObject({ code: 'LIMIT', data: { reasons: [{ code: 'limit.per-day' }] } });
  });

  it('comes to Today with what it may cost', async () => {
    const { waiting } = await approved();
    const today = await readToday({ ctx: desk.ctx });
    expect(today.items.filter((item) => item.kind === 'order-by-hand')).toMatchObject([{ id: waiting.id, amount: usd(7_344), reason: { code: 'purchase.order-by-hand' } }]);
    expect(today.counts).toMatchObject({ toOrder: 1, stoppedPurchases: 0 });
  });
});

describe('purchases.recordOrder', () => {
  it('confirms, stocks and books what was paid, once', async () => {
    const { opportunityId, record } = await approved();
    const done = await record({ total: usd(7_150), receiptNote: 'paid by transfer' });
    expect(done).toMatchObject({ state: 'confirmed', externalId: 'HW-1187', total: usd(7_150), stopReason: null, units: 3 });
    expect((await call(os.get, { id: done.id })).receipt).toMatchObject({ status: 'recorded-by-hand', unitPrice: null, receipt: { recordedBy: 'Amina', note: 'paid by transfer' } });
    expect(await db.prisma.stockLot.findFirstOrThrow()).toMatchObject({ state: 'inbound', quantity: 3 });
    expect((await db.prisma.opportunity.findUniqueOrThrow({ where: { id: opportunityId } })).state).toBe('purchased');
    const books = await accounts();
    expect([books.get('assets:cash USD'), books.get('assets:inventory USD')]).toEqual([1_000_000 - 7_150, 7_150]);
    await expect(record()).rejects.toMatchObject({ code: 'WRONG_STATE', data: { state: 'confirmed' } });
    await expect(record({ version: done.version })).rejects.toMatchObject({ code: 'WRONG_STATE' });
    await call(os.receive, { id: done.id, version: done.version, units: 3, damaged: 0 });
    expect(await verifyBooks(desk.trade.inventory, 'USD')).toMatchObject({ sound: true });
    expect(await db.prisma.stockLot.count()).toBe(1);
  });

  it('lets one of two at the same moment through', async () => {
    const { record } = await approved();
    const outcomes = await Promise.allSettled([record(), record({ externalId: 'HW-1188' })]);
    expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await accounts()).get('assets:cash USD')).toBe(1_000_000 - 7_200);
  });

  it('books more than was approved as it was paid, and keeps that it was more', async () => {
    const { record } = await approved();
    const done = await record({ total: usd(7_345) });
    const events = (await call(os.get, { id: done.id })).events;
    expect(events.map((event) => event.kind)).toEqual(['approved', 'ordering-by-hand', 'confirmed', 'over-approval']);
    expect(events.at(-1)).toMatchObject({ data: { approved: usd(7_344), charged: usd(7_345) } });
    expect((await accounts()).get('assets:inventory USD')).toBe(7_345);
  });

  it('takes fewer than were approved, so that none is missed later', async () => {
    const { record } = await approved();
    const done = await record({ quantity: 2, total: usd(4_800) });
    expect(done).toMatchObject({ quantity: 2, units: 2 });
    expect(await db.prisma.stockLot.findFirstOrThrow()).toMatchObject({ quantity: 2 });
  });

  it.each([
    ['another currency', { total: { minor: 7_200, currency: 'EUR' } }, 'total'],
    ['nothing', { total: usd(0) }, 'total'],
    ['less than nothing', { total: usd(-7_200) }, 'total'],
    ['more packs than were approved', { quantity: 4 }, 'quantity'],
  ])('refuses %s, naming the field, and changes nothing', async (_, more, field) => {
    const { waiting, record } = await approved();
    await expect(record(more)).rejects.toMatchObject({ code: 'INVALID', data: { field } });
    expect(await only()).toEqual(waiting);
    expect((await accounts()).get('assets:cash USD')).toBe(1_000_000);
  });

  it('refuses an order without a number', async () => {
    const { record } = await approved();
    await expect(record({ externalId: '  ' })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });

  it('books dinars at the rate of the approval, over the supplier’s account', async () => {
    await db.transaction((tx) => putSetting(tx, BUSINESS, { ...PRACTICE_BUSINESS, rates: [{ from: 'DZD', to: 'USD', kind: PRACTICE_BUSINESS.rateKind, rate: '0.005', source: 'test', asOf: '2026-01-01' }] }, market.clock.now()));
    const { record } = await approved({ connector: 'ouedkniss', currency: 'DZD', priceMinor: 480_000, shippingMinor: 0 });
    await expect(record()).rejects.toMatchObject({ code: 'INVALID', data: { field: 'total', reason: 'it is paid in DZD, not USD' } });
    await record({ total: { minor: 1_440_000, currency: 'DZD' } });
    const books = await accounts();
    expect([books.get('assets:inventory USD'), books.get('assets:cash USD'), books.get('liabilities:payable DZD') ?? 0]).toEqual([7_200, 1_000_000 - 7_200, 0]);
    expect(await verifyBooks(desk.trade.inventory, 'USD')).toMatchObject({ sound: true });
  });

  it('weighs and books by the rate of the day on which a person agreed again, not by that of a month ago', async () => {
    const at = (rate: string) => db.transaction((tx) => putSetting(tx, BUSINESS, { ...PRACTICE_BUSINESS, rates: [{ from: 'DZD', to: 'USD', kind: PRACTICE_BUSINESS.rateKind, rate, source: 'test', asOf: '2026-01-01' }] }, market.clock.now()));
    await at('0.005');
    await approved({ connector: 'ouedkniss', currency: 'DZD', priceMinor: 480_000, shippingMinor: 0 });
    market.clock.advanceTo(market.clock.now() + 30 * 24 * HOUR_MS);
    await desk.settle();
    // dearer by a hundredth since
    await at('0.00505');
    const { value } = await readSetting(db, LIMITS);
    await db.transaction((tx) => putSetting(tx, LIMITS, { ...value, perDay: usd(7_400), minProfit: usd(0), minRoiBp: 0 }, market.clock.now()));
    let stopped = await only();
    await expect(call(os.approveAgain, { id: stopped.id, version: stopped.version })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'limits', reason: 'limit.per-day' } });
    await db.transaction((tx) => putSetting(tx, LIMITS, { ...value, perDay: usd(9_000), minProfit: usd(0), minRoiBp: 0 }, market.clock.now()));
    stopped = await only();
    await call(os.approveAgain, { id: stopped.id, version: stopped.version });
    await desk.settle();
    const again = await only();
    await call(os.recordOrder, { id: again.id, version: again.version, externalId: 'DZ-1', total: { minor: 1_440_000, currency: 'DZD' } });
    expect((await accounts()).get('assets:inventory USD')).toBe(7_272);
    expect(await verifyBooks(desk.trade.inventory, 'USD')).toMatchObject({ sound: true });
  });
});

describe('what waits to be ordered', () => {
  it('is given up, and the opportunity is open again', async () => {
    const { opportunityId, waiting, record } = await approved();
    await call(os.cancel, { id: waiting.id, version: waiting.version });
    expect((await db.prisma.opportunity.findUniqueOrThrow({ where: { id: opportunityId } })).state).toBe('open');
    await expect(record()).rejects.toMatchObject({ code: 'WRONG_STATE', data: { state: 'cancelled' } });
    market.clock.advanceTo(market.clock.now() + 49 * HOUR_MS);
    await desk.settle();
    expect((await only()).state).toBe('cancelled');
  });

  it('stops by itself when the approval runs out, and waits for the order again once a person agrees anew', async () => {
    await approved();
    market.clock.advanceTo(market.clock.now() + 48 * HOUR_MS);
    await desk.settle();
    const stopped = await only();
    expect(stopped).toMatchObject({ state: 'stopped', stopReason: { code: 'stop.approval-expired' } });
    await call(os.approveAgain, { id: stopped.id, version: stopped.version });
    await desk.settle();
    const again = await only();
    expect(again).toMatchObject({ state: 'ordering-by-hand', stopReason: { code: 'purchase.order-by-hand', data: { quantity: 3, maxTotal: usd(7_344) } } });
    expect(await call(os.recordOrder, { id: again.id, version: again.version, externalId: 'HW-1190', total: usd(7_200) })).toMatchObject({ state: 'confirmed' });
    expect(await db.prisma.approval.count({ where: { revokedAt: { not: null } } })).toBe(1);
  });

  it('takes no order after that, also before anything has noticed that it ran out', async () => {
    const { record } = await approved();
    market.clock.advanceTo(market.clock.now() + 48 * HOUR_MS);
    await expect(record()).rejects.toMatchObject({ code: 'WRONG_STATE', data: { state: 'stopped' } });
    expect(await only()).toMatchObject({ state: 'stopped', stopReason: { code: 'stop.approval-expired' }, total: null });
    await desk.settle();
    expect((await only()).state).toBe('stopped');
    expect((await accounts()).get('assets:cash USD')).toBe(1_000_000);
  });
});
