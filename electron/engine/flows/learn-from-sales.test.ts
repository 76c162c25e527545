import { call } from '@orpc/server';
import { describe, expect, it } from 'vitest';
import { DAY_MS, ManualClock } from '#kernel/time.ts';
import { createTestDatabase } from '#runtime/template.ts';
import { openTradeDesk, seedBusiness, seedOpportunity } from '#tests/support/trade-desk.ts';
import { reasonsOf, withReturns } from '../opportunities/calibrations.ts';
import { readCalibrations } from '../opportunities/index.ts';
import { approveOpportunity, createPurchaseProcedures } from '../purchasing/index.ts';
import { readReturned, recordOrder, recordReturn, recordReturnRefund } from './index.ts';
import { calibrateJob, outcomesOf } from './learn-from-sales.ts';

const NOW = 100 * DAY_MS;
const line = (quantity: number, day: number) => ({ quantity, revenueMinor: 2_000 * quantity, feesMinor: 300 * quantity, refundMinor: 0, placedAt: day * DAY_MS, currency: 'USD', channel: 'ebay-us', beforeRulesMinor: null as number | null, state: 'shipped', sent: 1, good: null as number | null, spoilt: null as number | null });
const usd = (minor: number) => ({ minor, currency: 'USD' });
const known = (speeds: readonly [string, number][] = []) => ({ speeds: new Map(speeds) });
const lot = (lotId: string, given: { units: number; lines: readonly ReturnType<typeof line>[] }) => ({
  lotId, publishedAt: BigInt(60 * DAY_MS), units: BigInt(given.units), lines: JSON.stringify(given.lines),
  evidence: JSON.stringify({ seen: { opportunity: { category: 'Kitchen', currency: 'USD', channel: 'ebay', evaluation: { forecast: { unitsPerDayMicro: 250_000, salePriceMinor: 2_100, feesMinor: 310 } } } } }),
});

describe('what settled sales teach', () => {
  it('expects of a dear lot fewer sales than the forecast of the going price, of a cheap one more', () => {
    const slow = lot('dear', { units: 20, lines: [line(5, 70)] });
    const { exposures, sales } = outcomesOf([slow, { ...slow, lotId: 'going' }, { ...slow, lotId: 'cheap' }], known([['dear', 0.5], ['cheap', 2]]), NOW);
    expect(exposures.map((exposure) => exposure.expectedUnits)).toEqual([5, 10, 20]);
    expect(exposures.map((exposure) => exposure.soldUnits)).toEqual([5, 5, 5]);
    expect(sales).toHaveLength(15);
  });

  it('takes a sale in another currency for a sale, and not for a price', () => {
    const { exposures, sales } = outcomesOf([lot('abroad', { units: 20, lines: [line(2, 70), { ...line(3, 71), currency: 'DZD', revenueMinor: 900_000 }] })], known(), NOW);
    expect([exposures[0]!.soldUnits, sales.map((sale) => sale.realisedPriceMinor)]).toEqual([5, [2_000, 2_000]]);
  });

  it('takes a price that repricing moved for what was asked before, and one of another marketplace for none', () => {
    const moved = lot('moved', { units: 20, lines: [{ ...line(1, 70), beforeRulesMinor: 2_500 }, { ...line(1, 71), channel: 'amazon-us', revenueMinor: 2_600 }] });
    const { exposures, sales } = outcomesOf([moved, lot('left', { units: 20, lines: [line(1, 70), { ...line(1, 71), channel: 'amazon-us', revenueMinor: 2_600 }] })], known(), NOW);
    expect(sales.map((sale) => [sale.realisedPriceMinor, sale.realisedFeesMinor])).toEqual([[2_500, 375], [2_000, 300]]);
    expect(exposures.map((exposure) => exposure.soldUnits)).toEqual([2, 2]);
  });

  it('knows what came back once there was time for it: as good as a person found it, and lost where nobody looked', () => {
    const back = (day: number, good: number | null, spoilt: number | null) => ({ ...line(2, day), state: 'refunded', refundMinor: 4_000, feesMinor: 40, good, spoilt });
    const { returns } = outcomesOf([lot('back', { units: 40, lines: [line(3, 20), line(5, 70), back(30, 1, 1), back(31, null, null), back(5, null, null), back(80, 2, 0), { ...back(30, null, null), sent: 0 }] })], known(), NOW);
    const came = { category: 'Kitchen', soldUnits: 2, returnedUnits: 2, estimatedFeesMinor: Math.round((310 / 2_100) * 4_000), keptFeesMinor: 40 };
    expect(returns).toEqual([
      { category: 'Kitchen', soldUnits: 3, returnedUnits: 0, seenUnits: 0, goodUnits: 0, estimatedFeesMinor: 0, keptFeesMinor: 0 },
      { ...came, seenUnits: 2, goodUnits: 1 }, { ...came, seenUnits: 0, goodUnits: 0 }, { ...came, seenUnits: 2, goodUnits: 0 },
    ]);
  });

  it('counts the days until the last unit', () => {
    expect(outcomesOf([lot('gone', { units: 2, lines: [line(1, 62), line(1, 68)] })], known(), NOW).exposures[0]).toMatchObject({ expectedUnits: 2, soldUnits: 2 });
  });

  it('is learned from an approval as it is frozen, and from each sale once, on however many channels the lot stands', async () => {
    const clock = new ManualClock(Date.UTC(2026, 10, 2));
    const db = await createTestDatabase();
    const desk = await openTradeDesk({ db, clock, shopUrl: 'http://127.0.0.1:1', ebayUrl: 'http://127.0.0.1:1' });
    const { trade } = desk;
    await seedBusiness(desk.ctx);
    const { opportunityId, candidate } = await seedOpportunity(desk.ctx, { externalId: 'o1', title: 'Camera', brand: null, gtin: '4006381333931', priceMinor: 1_000, shippingMinor: 0, salePriceMinor: 2_100, quantity: 12, weightG: 900, connector: 'price-list' });
    const seen = { opportunity: { category: 'Kitchen', currency: 'USD', evaluation: { forecast: { unitsPerDayMicro: 250_000, salePriceMinor: 2_100, feesMinor: 310 } } } };
    await db.prisma.opportunityDetail.updateMany({ data: { evaluation: JSON.stringify({ ...candidate, evidence: seen }) } });
    const { purchaseId: id } = await approveOpportunity(trade.purchasing, { id: opportunityId, version: 1, approvedBy: 'Amina' });
    await desk.settle();
    const os = createPurchaseProcedures(trade.purchasing, { recordOrder: (input) => recordOrder(trade, input), returned: (purchase) => readReturned(db.prisma, purchase), recordReturn: (input) => recordReturn(trade, input), recordReturnRefund: (input) => recordReturnRefund(trade, input) }, 'Amina');
    await call(os.recordOrder, { id, version: (await call(os.get, { id })).version, externalId: 'HW-1', total: { minor: 12_000, currency: 'USD' } });
    await call(os.receive, { id, version: (await call(os.get, { id })).version, units: 12, damaged: 0 });
    const { id: lotId } = await db.prisma.stockLot.findFirstOrThrow();
    await db.transaction(async (tx) => {
      for (const channel of ['ebay-us', 'shopify', 'etsy-us']) await tx.listing.create({ data: { id: `lst_${channel}`, channel, sku: 'RD-1', lotId, productId: candidate.productId, title: 'Camera', description: '', condition: 'new', idempotencyKey: channel, state: 'active', priceMinor: 2_000n, floorMinor: 1n, currency: 'USD', quantity: 12, createdAt: BigInt(clock.now()), publishedAt: BigInt(clock.now()), updatedAt: 1n } });
      for (let n = 0; n < 11; n++) {
        await tx.order.create({ data: { id: `ord_${n}`, channel: 'ebay-us', externalId: `${n}`, state: 'shipped', currency: 'USD', totalMinor: 1_890n, feesMinor: 280n, placedAt: BigInt(clock.now() + DAY_MS), modifiedAt: 1n, raw: '{}', lines: { create: { id: `orl_${n}`, externalId: '1', lotId, sku: 'RD-1', title: 'Camera', quantity: 1, revenueMinor: 1_890n, feesMinor: 280n } } } });
      }
    });
    clock.advanceTo(clock.now() + 4 * DAY_MS);
    const learn = () => calibrateJob({ ctx: desk.ctx }).run({}, { jobId: 'job_1', attempt: 1, signal: new AbortController().signal, progress: () => undefined });
    await learn();
    const { items, measured, demandBp } = (await readCalibrations(db)).get('Kitchen')!;
    // three listings of one lot teach what one would: 11 sales where one was expected in four days
    expect([items, measured]).toEqual([11, { priceRatioBp: 9_000, feesRatioBp: expect.any(Number) as number, expectedUnits: 1, soldUnits: 11 }]);
    expect(demandBp).toBeGreaterThan(10_000);
    // the rules had cut what was asked for them by a tenth: the estimate of that was right
    const sold = { listingId: 'lst_ebay-us', kind: 'price', at: BigInt(clock.now() - 4 * DAY_MS) };
    await db.prisma.listingEvent.create({ data: { ...sold, id: 'evt_a', data: JSON.stringify({ from: usd(2_100), to: usd(1_700), because: 'repricing' }) } });
    await db.prisma.listingEvent.create({ data: { ...sold, id: 'evt_b', data: JSON.stringify({ from: usd(1_700), to: usd(1_890), because: 'repricing' }) } });
    await db.prisma.orderLine.updateMany({ data: { listingId: 'lst_ebay-us' } });
    clock.advanceTo(clock.now() + DAY_MS);
    await learn();
    expect((await readCalibrations(db)).get('Kitchen')!.measured.priceRatioBp).toBe(10_000);
    // weeks later one of them has come back spoilt, and its fees were given back but for a part
    await db.prisma.order.updateMany({ data: { shippedAt: BigInt(clock.now()) } });
    await db.prisma.order.update({ where: { id: 'ord_3' }, data: { state: 'refunded', raw: JSON.stringify({ inspected: { at: clock.now(), good: 0, spoilt: 1 } }) } });
    await db.prisma.orderLine.update({ where: { id: 'orl_3' }, data: { refundMinor: 1_890n, feesMinor: 40n } });
    expect((await readCalibrations(db)).get('Kitchen')!.returnsBp).toBeNull();
    clock.advanceTo(clock.now() + 60 * DAY_MS);
    await learn();
    const returned = (await readCalibrations(db)).get('Kitchen')!;
    expect(returned.measured.returns).toEqual({ soldUnits: 11, returnedUnits: 1, expectedUnits: 0.55, seenUnits: 1, goodUnits: 0 });
    expect([returned.returnsBp! > 10_000, returned.recoveryBp! < 5_000, returned.feesKeptBp! < 2_000]).toEqual([true, true, true]);
    expect(reasonsOf(returned).map((reason) => reason.code)).toEqual(['calibration.applied', 'calibration.returns']);
    const usual = { returnRateBp: 500, returnRecoveryBp: 5_000, returnFeesLostBp: 2_000, returnRateAssumed: true } as Parameters<typeof withReturns>[0];
    expect(withReturns(usual, returned)).toMatchObject({ returnRateBp: Math.round((500 * returned.returnsBp!) / 10_000), returnRecoveryBp: returned.recoveryBp, returnFeesLostBp: returned.feesKeptBp, returnRateAssumed: true });
    await desk.close();
    await db.close();
  });
});
