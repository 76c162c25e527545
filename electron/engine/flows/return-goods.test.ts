import { call } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS, ManualClock } from '#kernel/time.ts';
import { createTestDatabase, type TestDatabase } from '#runtime/template.ts';
import { openTradeDesk, seedBusiness, seedOpportunity, type TradeDesk } from '#tests/support/trade-desk.ts';
import { readBalances } from '../ledger/index.ts';
import { approveOpportunity, createPurchaseProcedures } from '../purchasing/index.ts';
import { readToday } from '../reporting/index.ts';
import { readReturned, recordOrder, recordReturn, recordReturnRefund, verifyBooks } from './index.ts';

const NOWHERE = 'http://127.0.0.1:1';
const usd = (minor: number) => ({ minor, currency: 'USD' });
let db: TestDatabase;
let desk: TradeDesk;
let clock: ManualClock;
let os: ReturnType<typeof createPurchaseProcedures>;
let id: string;

beforeEach(async () => {
  db = await createTestDatabase();
  clock = new ManualClock(Date.UTC(2026, 10, 2));
  desk = await openTradeDesk({ db, clock, shopUrl: NOWHERE, ebayUrl: NOWHERE });
  const { trade } = desk;
  os = createPurchaseProcedures(trade.purchasing, { recordOrder: (input) => recordOrder(trade, input), returned: (purchase) => readReturned(db.prisma, purchase), recordReturn: (input) => recordReturn(trade, input), recordReturnRefund: (input) => recordReturnRefund(trade, input) }, 'Amina');
  await seedBusiness(desk.ctx);
  const { opportunityId } = await seedOpportunity(desk.ctx, { externalId: 'o1', title: 'Camera', brand: null, gtin: '4006381333931', priceMinor: 1_000, shippingMinor: 0, salePriceMinor: 3_400, quantity: 4, weightG: 900, connector: 'price-list' });
  id = (await approveOpportunity(trade.purchasing, { id: opportunityId, version: 1, approvedBy: 'Amina' })).purchaseId;
  await desk.settle();
  await call(os.recordOrder, { ...(await at()), externalId: 'HW-1', total: usd(4_000) });
});
afterEach(async () => {
  await desk.close();
  await db.close();
});

const get = () => call(os.get, { id });
const at = async () => ({ id, version: (await get()).version });
const books = async () => Object.fromEntries((await readBalances(db.prisma)).map((line) => [line.account, line.amount.minor]));

describe('goods that go back to the seller', () => {
  it('leave stock as a loss until the money is back, once each, and end the reminder', async () => {
    await expect(call(os.recordReturn, { ...(await at()), units: 1 })).rejects.toMatchObject({ code: 'WRONG_STATE' });
    await call(os.receive, { ...(await at()), units: 4, damaged: 1 });
    await call(os.setReturnWindow, { ...(await at()), until: clock.now() + 2 * DAY_MS });
    const ends = async () => (await readToday({ ctx: desk.ctx })).items.filter((item) => item.kind === 'return-ends').length;
    const before = await books();
    expect([await ends(), (await get()).returned]).toEqual([1, { inStock: 3, setAside: 1, sentBack: 0, refunded: usd(0) }]);
    for (const wrong of [{ units: 4 }, { units: 0 }, { units: 0, setAside: 2 }]) await expect(call(os.recordReturn, { ...(await at()), ...wrong })).rejects.toMatchObject({ code: 'INVALID' });
    await expect(call(os.recordReturnRefund, { ...(await at()), refund: usd(100) })).rejects.toMatchObject({ code: 'WRONG_STATE' });
    const seen = await at();
    const both = await Promise.allSettled([call(os.recordReturn, { ...seen, units: 2, setAside: 1, note: 'RMA 77' }), call(os.recordReturn, { ...seen, units: 2, setAside: 1 })]);
    expect(both.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const sent = await books();
    expect(await get()).toMatchObject({ returned: { inStock: 1, setAside: 0, sentBack: 3, refunded: usd(0) }, events: expect.arrayContaining([expect.objectContaining({ kind: 'sent-back', data: { units: 2, setAside: 1, by: 'Amina', notes: 'RMA 77' } })]) });
    expect(await ends()).toBe(0);
    const value = before['assets:inventory']! - sent['assets:inventory']!;
    expect([value > 0, (sent['expenses:write-off'] ?? 0) - (before['expenses:write-off'] ?? 0), sent['assets:cash']]).toEqual([true, value, before['assets:cash']]);
    for (const refund of [usd(4_001), usd(0), { minor: 100, currency: 'EUR' }]) await expect(call(os.recordReturnRefund, { ...(await at()), refund })).rejects.toMatchObject({ code: 'INVALID' });
    await call(os.recordReturnRefund, { ...(await at()), refund: usd(3_000) });
    await expect(call(os.recordReturnRefund, { ...(await at()), refund: usd(1_001) })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'refund' } });
    const after = await books();
    expect([after['assets:cash']! - sent['assets:cash']!, (await get()).returned!.refunded]).toEqual([3_000, usd(3_000)]);
    expect(await verifyBooks(desk.trade.inventory, 'USD')).toMatchObject({ sound: true });
  });
});
