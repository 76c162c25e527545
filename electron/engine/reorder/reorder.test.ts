import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS } from '#kernel/time.ts';
import { createTestRuntime, type TestRuntime } from '#runtime/testing.ts';
import { addObserved, noEvidence, othersOf } from '../repricing/index.ts';
import { DemandMemory } from './demand.ts';
import { learnLead, summariseDeliveries } from './lead-time.ts';
import { createReorderProcedures } from './procedures.ts';
import { filledUp, salesSeries, weeksOf } from './sales-series.ts';

let runtime: TestRuntime;
beforeEach(async () => { runtime = await createTestRuntime(); });
afterEach(() => runtime.close());

const client = () => createRouterClient(createReorderProcedures({ ctx: runtime.context, memory: new DemandMemory() }));
/** The test's noon: a movement so many days ago. */
const daysAgo = (days: number) => BigInt(runtime.clock.now() - days * DAY_MS);

/** A lot of 30 of which one sold every other day until yesterday; 2 are left. */
async function seed(n: number, profitMinor: number) {
  await runtime.db.transaction(async (tx) => {
    await tx.product.create({ data: { id: `prd_${n}`, title: `Kettle ${n}`, attributes: '{}', createdAt: 1n, updatedAt: 1n } });
    await tx.offer.create({ data: { id: `off_${n}`, sourceId: 'src_1', externalId: String(n), contentHash: 'h', url: 'https://shop.test/1', title: 'Kettle', condition: 'new', packSize: 3, priceMinor: 3_000n, currency: 'USD', productId: `prd_${n}`, state: 'evaluated', facts: '{}', firstSeenAt: 1n, lastSeenAt: daysAgo(0) } });
    await tx.stockLot.create({ data: { id: `lot_${n}`, sku: `RD-${n}`, productId: `prd_${n}`, purchaseId: `pur_${n}`, title: `Kettle ${n}`, condition: 'new', location: 'A', state: 'on-hand', unitCostMinor: 1_000n, totalCostMinor: 30_000n, currency: 'USD', quantity: 30, onHand: 2, estimate: '{}', createdAt: 1n } });
    await tx.stockMovement.create({ data: { id: `mov_${n}`, lotId: `lot_${n}`, kind: 'received', quantity: 30, ref: 'r', at: daysAgo(56) } });
    for (let k = 0; k < 28; k++) await tx.stockMovement.create({ data: { id: `mov_${n}_${k}`, lotId: `lot_${n}`, kind: 'sold', quantity: -1, ref: `s${k}`, at: daysAgo(55 - 2 * k) } });
    await tx.order.create({ data: { id: `ord_${n}`, channel: 'ebay-us', externalId: `x${n}`, state: 'shipped', currency: 'USD', totalMinor: 1n, feesMinor: 0n, placedAt: 1n, modifiedAt: 1n, raw: '{}' } });
    await tx.orderLine.create({ data: { id: `orl_${n}`, orderId: `ord_${n}`, externalId: '1', lotId: `lot_${n}`, sku: 'RD', title: 'Kettle', quantity: 28, revenueMinor: 1n, feesMinor: 0n, costMinor: 1n, profitMinor } });
  });
}
const seedSource = () => runtime.db.transaction((tx) => tx.source.create({ data: { id: 'src_1', kind: 'woocommerce', name: 'Shop', baseUrl: 'https://shop.test', config: '{}', createdAt: 1n } }));

describe('demand and lead time', () => {
  it('counts whole days with stock alone', () => {
    const moves = [{ day: 0, sold: 0, change: 2 }, { day: 2, sold: 1, change: -1 }, { day: 3, sold: 1, change: -1 }, { day: 10, sold: 0, change: 1 }, { day: 12, sold: 1, change: -1 }];
    expect(salesSeries(moves, 12)).toEqual([0, 0, 1, 1, 0, 0]);
    expect(salesSeries([], 12)).toEqual([]);
    expect(filledUp([2])).toHaveLength(28);
    expect(weeksOf([1, 0, 0, 0, 0, 0, 0, 2, 1])).toEqual([1, 3]);
  });

  it('moves a prior by what was seen, the more the more it is', () => {
    const prior = { days: 10, sd: 4 };
    expect(learnLead(prior, summariseDeliveries([]))).toEqual(prior);
    expect(learnLead(prior, summariseDeliveries([4, 4, 4])).days).toBe(7);
    const sure = learnLead(prior, summariseDeliveries(Array.from({ length: 300 }, () => 4)));
    expect(sure.days).toBeCloseTo(4.06, 2);
    expect(sure.sd).toBeLessThan(0.8);
    // one late parcel widens the spread
    expect(learnLead(prior, summariseDeliveries([30])).sd).toBeGreaterThan(prior.sd);
  });
});

describe('what to buy again', () => {
  it('says how many, from whom and why, first what runs out, and leaves alone what lost money', async () => {
    await seedSource();
    await seed(1, 14_000);
    await seed(2, -2_800);
    const { rows, more } = await client().list();
    expect([rows.map((row) => row.productId), more]).toEqual([['prd_1', 'prd_2'], false]);
    const [row] = rows;
    expect(row).toMatchObject({ onHand: 2, onOrder: 0, reserved: 0, position: 2, sold: 28, leadFrom: 'prior', leadDays: 10, profitPerUnit: { minor: 500 }, supplier: { name: 'Shop', from: 'offer', unit: { minor: 1_000 } } });
    expect(row!.perDay).toBeCloseTo(0.5, 1);
    expect(row!.units % 3).toBe(0);
    expect(row!.units).toBeGreaterThanOrEqual(row!.target - 2);
    expect(row!.cost).toEqual({ minor: row!.units * 1_000, currency: 'USD' });
    expect(row!.error).not.toBeNull();
    expect(rows[1]).toMatchObject({ units: 0, reasons: [{ code: 'reorder.no-profit' }, { code: 'reorder.lead-assumed' }] });
    const detail = await client().get({ productId: 'prd_1' });
    expect(detail).toMatchObject({ caseUnits: 3, caseFrom: 'offer', origins: 2, horizon: 14, lots: [{ id: 'lot_1', onHand: 2 }] });
    expect(detail.tests.map((test) => test.method).sort()).toEqual(['croston', 'moving-average', 'naive', 'sba', 'seasonal', 'smoothing', 'tsb']);
    expect(detail.weeks.reduce((sum, units) => sum + units, 0)).toBe(28);
    await expect(client().get({ productId: 'prd_9' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('counts what is on its way, asked for and promised; a person\'s word holds over evidence', async () => {
    await seedSource();
    await seed(1, 14_000);
    const before = (await client().list()).rows[0]!;
    await runtime.db.transaction(async (tx) => {
      await tx.stockLot.create({ data: { id: 'lot_9', sku: 'RD-9', productId: 'prd_1', purchaseId: 'pur_9', title: 'Kettle', condition: 'new', location: 'A', state: 'inbound', unitCostMinor: 1_000n, totalCostMinor: 4_000n, currency: 'USD', quantity: 4, onHand: 0, estimate: '{}', createdAt: 1n } });
      for (const [i, state] of (['sent', 'draft'] as const).entries()) {
        await tx.purchaseOrder.create({ data: { id: `pod_${i}`, number: `PO-${i}`, state, supplierKey: 'acme', supplier: 'Acme', contact: '', currency: 'USD', note: '', by: 'owner', createdAt: 1n, updatedAt: 1n, sentAt: state === 'sent' ? daysAgo(5) : null, lines: { create: { id: `pol_${i}`, number: 1, productId: 'prd_1', title: 'Kettle', condition: 'new', units: 5, unitMinor: 900n, good: 1 } } } });
      }
      await tx.purchaseOrderReceipt.create({ data: { id: 'por_0', orderId: 'pod_0', key: 'k', goodsMinor: 900n, extraMinor: 0n, currency: 'USD', homeMinor: 900n, location: 'A', notes: '', lines: '[]', by: 'owner', at: daysAgo(1) } });
      await tx.payment.create({ data: { id: 'pay_1', provider: 'stripe', method: 'link', state: 'open', amountMinor: 1n, currency: 'USD', description: 'Kettle', lotId: 'lot_1', units: 1, handle: '{}', idempotencyKey: 'k', createdBy: 'owner', createdAt: 1n, expiresAt: 2n } });
    });
    const row = (await client().list()).rows[0]!;
    expect(row).toMatchObject({ onHand: 2, onOrder: 8, reserved: 1, position: 9, drafted: 5, leadFrom: 'supplier', supplier: { name: 'Acme', from: 'last-order', unit: { minor: 900 } } });
    expect(row.lastsBp).toBeGreaterThan(before.lastsBp);
    // four days at the first delivery, beside a prior of ten that weighs three: first of all of them, then of this supplier's
    expect(row.leadDays).toBeCloseTo((3 * 8.5 + 4) / 4, 6);
    await runtime.db.prisma.offer.update({ where: { id: 'off_1' }, data: { facts: JSON.stringify({ supply: { caseUnits: 4, leastUnits: 10 } }) } });
    await runtime.db.prisma.source.update({ where: { id: 'src_1' }, data: { name: 'ACME ' } });
    // packs of three, in cases of four, at least ten: whole cases of twelve, thirty units and up
    expect(await client().get({ productId: 'prd_1' })).toMatchObject({ caseUnits: 12, caseFrom: 'offer', leastUnits: 30 });
    const value = { supplier: 'Harbor', caseUnits: 12, leastUnits: 24, leadDays: 30, serviceBp: 9_900, unit: { minor: 700, currency: 'USD' } };
    await client().setTerms({ productId: 'prd_1', version: 0, value });
    await expect(client().setTerms({ productId: 'prd_1', version: 0, value })).rejects.toMatchObject({ code: 'CONFLICT' });
    const stated = await client().get({ productId: 'prd_1' });
    expect(stated).toMatchObject({ leadDays: 30, leadFrom: 'person', serviceBp: 9_900, caseUnits: 12, limitedBy: 'none', supplier: { name: 'Harbor', from: 'person', unit: { minor: 700 } }, terms: { version: 1 } });
    expect(stated.units % 12).toBe(0);
    expect(stated.units).toBeGreaterThanOrEqual(24);
    expect(stated.reorderPoint).toBeGreaterThan(row.reorderPoint);
  });

  it('keeps to the settings: a surer service asks for more, and they change once', async () => {
    await seedSource();
    await seed(1, 14_000);
    const before = (await client().list()).rows[0]!;
    const { value, version } = await client().settings();
    await client().setSettings({ version, value: { ...value, serviceBp: 9_900 } });
    expect((await client().list()).rows[0]!.reorderPoint).toBeGreaterThan(before.reorderPoint);
    await expect(client().setSettings({ version, value })).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('reckons with what would sell at the going price, where more was asked', async () => {
    await seedSource();
    await seed(1, 14_000);
    const before = (await client().list()).rows[0]!;
    const evidence = addObserved(noEvidence(0.5), { units: 28, days: 56, ratio: 1.1, others: othersOf({ referenceMinor: 1_000, rivalsMinor: null }), season: 1 });
    await runtime.db.transaction(async (tx) => {
      await tx.listing.create({ data: { id: 'lst_1', channel: 'ebay-us', sku: 'RD-1', lotId: 'lot_1', productId: 'prd_1', title: 'Kettle', description: '', condition: 'new', idempotencyKey: 'k', state: 'active', priceMinor: 1n, floorMinor: 1n, currency: 'USD', quantity: 2, createdAt: 1n, updatedAt: 1n } });
      await tx.repriceState.create({ data: { listingId: 'lst_1', evidence: JSON.stringify(evidence), observedAt: 1n, updatedAt: 1n } });
    });
    const row = (await client().list()).rows[0]!;
    expect(row.perDay).toBeGreaterThan(before.perDay * 1.3);
    expect(row.reorderPoint).toBeGreaterThan(before.reorderPoint);
    expect(row.reasons).toContainEqual({ code: 'reorder.price-asked', data: { asked: 0.5, going: expect.closeTo(row.perDay, 1) as number, speedBp: expect.any(Number) as number } });
  });
});
