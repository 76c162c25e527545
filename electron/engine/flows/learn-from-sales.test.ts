import { describe, expect, it } from 'vitest';
import { DAY_MS } from '#kernel/time.ts';
import { outcomesOf } from './learn-from-sales.ts';

const NOW = 100 * DAY_MS;
const line = (quantity: number, day: number) => ({ quantity, revenueMinor: 2_000 * quantity, feesMinor: 300 * quantity, refundMinor: 0, placedAt: day * DAY_MS, currency: 'USD' });
const lot = (lotId: string, given: { units: number; lines: readonly ReturnType<typeof line>[] }) => ({
  lotId, publishedAt: BigInt(60 * DAY_MS), units: BigInt(given.units), lines: JSON.stringify(given.lines),
  evidence: JSON.stringify({ opportunity: { category: 'Kitchen', currency: 'USD', evaluation: { forecast: { unitsPerDayMicro: 250_000, salePriceMinor: 2_100, feesMinor: 310 } } } }),
});

describe('what settled sales teach', () => {
  it('expects of a dear lot fewer sales than the forecast of the going price, of a cheap one more', () => {
    const slow = lot('dear', { units: 20, lines: [line(5, 70)] });
    const { exposures, sales } = outcomesOf([slow, { ...slow, lotId: 'going' }, { ...slow, lotId: 'cheap' }], new Map([['dear', 0.5], ['cheap', 2]]), NOW);
    expect(exposures.map((exposure) => exposure.expectedUnits)).toEqual([5, 10, 20]);
    expect(exposures.map((exposure) => exposure.soldUnits)).toEqual([5, 5, 5]);
    expect(sales).toHaveLength(15);
  });

  it('takes a sale in another currency for a sale, and not for a price', () => {
    const { exposures, sales } = outcomesOf([lot('abroad', { units: 20, lines: [line(2, 70), { ...line(3, 71), currency: 'DZD', revenueMinor: 900_000 }] })], new Map(), NOW);
    expect([exposures[0]!.soldUnits, sales.map((sale) => sale.realisedPriceMinor)]).toEqual([5, [2_000, 2_000]]);
  });

  it('counts the days until the last unit', () => {
    expect(outcomesOf([lot('gone', { units: 2, lines: [line(1, 62), line(1, 68)] })], new Map(), NOW).exposures[0]).toMatchObject({ expectedUnits: 2, soldUnits: 2 });
  });
});
