import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capitalPlan } from '#contract/capital.ts';
import { money } from '#kernel/money.ts';
import { setOpeningCash } from '../ledger/index.ts';
import { evaluateOffers, ingestOffers, normaliseOffer } from '../opportunities/index.ts';
import { DEFAULT_LIMITS, LIMITS, putSetting } from '../settings/index.ts';
import { addSource } from '../sources/index.ts';
import { offerOf, openOfferDesk, type OfferDesk } from '#tests/support/offer-desk.ts';
import { planPurchases } from './plan-purchases.ts';

let desk: OfferDesk;
const deps = () => ({ ctx: desk.runtime.context });
const limits = (over: object) => desk.runtime.db.transaction((tx) => putSetting(tx, LIMITS, { ...DEFAULT_LIMITS, ...over }, 1));

/** Eight kettles at two shops, the first of them at both; each sells for 28 to 42. */
beforeAll(async () => {
  desk = await openOfferDesk();
  const { context: ctx, db, clock } = desk.runtime;
  for (const [name, first, cents] of [['Cheap', 1, 1_200], ['Dear', 1, 1_300]] as const) {
    const { id } = await addSource(desk.scan.sources, { kind: 'woocommerce', name, baseUrl: `https://${name.toLowerCase()}.example`, intervalMs: null });
    const numbers = name === 'Cheap' ? [1, 2, 3, 4, 5, 6, 7, 8] : [first];
    for (const n of numbers) desk.vendor.know({ n, priceMinor: 2_800 + 200 * n });
    await db.transaction((tx) => ingestOffers(ctx, tx, id, numbers.map((n) => normaliseOffer({ ...offerOf(n, { price: money(cents, 'USD') }), seenAt: clock.now() }, {}))));
    await evaluateOffers(desk.opportunities, { sourceId: id, limit: 100, signal: new AbortController().signal });
  }
  await db.transaction((tx) => setOpeningCash({ ctx }, tx, money(300_000, 'USD')));
});
afterAll(() => desk.close());

describe('planPurchases', () => {
  it('spends within cash, reserve, the day’s limit and the tolerance, and each line within the limit for one purchase and what is offered', async () => {
    const plan = capitalPlan.parse(await planPurchases(deps()));
    expect(plan.cash).toMatchObject({ onHand: { minor: 300_000 }, reserve: { minor: 50_000 }, available: { minor: 150_000 }, boundBy: 'per-day' });
    expect(plan.lines.length).toBeGreaterThan(0);
    expect(plan.spent.minor).toBe(plan.lines.reduce((sum, line) => sum + line.cost.minor, 0));
    expect(plan.spent.minor * (10_000 + DEFAULT_LIMITS.priceDriftBp)).toBeLessThanOrEqual(150_000 * 10_000);
    for (const line of plan.lines) {
      expect(line.cost.minor).toBeLessThanOrEqual(DEFAULT_LIMITS.perPurchase!.minor);
      expect(line.quantity).toBeLessThanOrEqual(20);
      expect(line.last!.value.minor).toBe(line.last!.expectedProfit.minor - line.last!.lockedMoney.minor - line.last!.risk.minor);
    }
  });

  it('plans a product once, from its better offer, and says so of the other', async () => {
    const plan = await planPurchases(deps());
    expect(new Set(plan.lines.map((line) => line.productId)).size).toBe(plan.lines.length);
    expect(plan.leftOut.filter((line) => line.stoppedBy === 'same-product').map((line) => line.sourceName)).toEqual(['Dear']);
    expect(plan.considered).toBe(9);
  });

  it('follows other cash and another horizon, and without money plans nothing', async () => {
    const [much, little, none] = [await planPurchases(deps()), await planPurchases(deps(), { cashMinor: 80_000 }), await planPurchases(deps(), { cashMinor: 40_000 })];
    expect(little.cash).toMatchObject({ boundBy: 'cash', available: { minor: 30_000 } });
    expect(little.spent.minor).toBeLessThanOrEqual(30_000);
    expect(little.spent.minor).toBeLessThan(much.spent.minor);
    expect(none.lines).toEqual([]);
    expect(none.leftOut.length).toBe(9);
    expect((await planPurchases(deps(), { horizonDays: 7 })).expectedProfit.minor).toBeLessThan(much.expectedProfit.minor);
  });

  it('counts units that are already there before those that it plans', async () => {
    const before = await planPurchases(deps());
    const best = before.lines[0]!;
    await desk.runtime.db.prisma.stockLot.create({ data: {
      id: 'lot_1', sku: 'sku_1', productId: best.productId, purchaseId: 'pur_1', title: 'Kettle', condition: 'new', location: '', quantity: 60, onHand: 60, unitCostMinor: 1_000n, totalCostMinor: 60_000n, currency: 'USD', state: 'on-hand', estimate: '{}', createdAt: 1n,
    } });
    const after = await planPurchases(deps());
    const line = [...after.lines, ...after.leftOut].find((one) => one.opportunityId === best.opportunityId)!;
    expect(line.ahead).toBe(60);
    expect(line.quantity).toBeLessThan(best.quantity);
    await desk.runtime.db.prisma.stockLot.deleteMany();
  });

  it('keeps to a limit on the week as soon as there is one', async () => {
    await limits({ perWeek: money(20_000, 'USD') });
    const plan = await planPurchases(deps());
    expect(plan.cash.boundBy).toBe('per-week');
    expect(plan.spent.minor).toBeLessThanOrEqual(20_000);
    await limits({});
  });
});
