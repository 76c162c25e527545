import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '#kernel/random.ts';
import { backTest, predictDemand } from './choose-method.ts';
import { FORECASTS, METHODS } from './methods.ts';
import { chanceAtMost, demandOver, demandQuantile, planReorder, type ReorderTerms } from './reorder-point.ts';

const series = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 200 });
const terms: ReorderTerms = { perDay: 0.5, spread: { chancePerDay: 0.6, rateVariance: 0.02 }, leadDays: 10, leadSd: 3, reviewDays: 7, serviceBp: 9_500, position: 2, casePack: 1, leastUnits: 0, affordable: null };

describe('methods', () => {
  it('expect what is always so, nothing of nothing, and never less than nothing', () => {
    for (const method of METHODS) {
      expect(FORECASTS[method](Array.from({ length: 100 }, () => 3), 7).reduce((a, b) => a + b, 0), method).toBeCloseTo(method === 'sba' ? 21 * 0.95 : 21, 6);
      expect(FORECASTS[method](Array.from({ length: 60 }, () => 0), 5), method).toEqual([0, 0, 0, 0, 0]);
    }
    fc.assert(fc.property(series, fc.constantFrom(...METHODS), (values, method) => FORECASTS[method](values, 10).every((value) => value >= 0 && Number.isFinite(value))));
  });

  it('are right on average where sales are rare, and forget at their own pace what stopped selling', () => {
    const random = seededRandom('rare');
    const rare = Array.from({ length: 4_000 }, () => (random.next() < 0.1 ? 1 + random.int(3) : 0));
    const rate = rare.reduce((a, b) => a + b, 0) / rare.length;
    for (const method of ['smoothing', 'sba', 'tsb'] as const) {
      const found = Array.from({ length: 60 }, (_, k) => FORECASTS[method](rare.slice(0, 1_000 + 50 * k), 1)[0]!);
      expect(found.reduce((a, b) => a + b, 0) / found.length / rate, method).toBeCloseTo(1, 0);
    }
    const stopped = [...rare.slice(0, 400), ...Array.from({ length: 120 }, () => 0)];
    expect(FORECASTS.tsb(stopped, 1)[0]!).toBeLessThan(0.05 * FORECASTS.croston(stopped, 1)[0]!);
  });

  it('see a week', () => {
    const weekly = Array.from({ length: 140 }, (_, i) => (i % 7 === 5 ? 8 : 1));
    const [first, ...rest] = FORECASTS.seasonal(weekly, 7);
    expect([first, ...rest].indexOf(Math.max(first!, ...rest))).toBe(5);
  });
});

const predictFrom = (unitsOf: (day: number) => number) => predictDemand(Array.from({ length: 406 }, (_, day) => unitsOf(day)), 14);

describe('predictDemand', () => {
  it('takes the method that forecast this series best, and says by how much', () => {
    const fading = [...Array.from({ length: 200 }, (_, i) => (i % 4 === 0 ? 2 : 0)), ...Array.from({ length: 112 }, () => 0)];
    const found = predictDemand(fading, 14);
    expect(found.tests).toHaveLength(METHODS.length);
    expect(found.units).toBeLessThan(1);
    expect(found.method).not.toBe('croston');
    expect(found.tests[0]!.meanSquare).toBeLessThanOrEqual(found.tests.at(-1)!.meanSquare);
  });

  it('answers by smoothing where there is too little to test, with the spread of chance', () => {
    expect(predictDemand([0, 1, 0, 0, 1], 10)).toMatchObject({ method: 'smoothing', tests: [], units: expect.closeTo(4, 2), spread: { chancePerDay: expect.closeTo(0.4, 3), rateVariance: expect.closeTo(0.12 * 0.4 ** 2, 3) } });
    expect(backTest([], 5)).toEqual([]);
  });

  it('takes sales in sixes for wider chance, not for a rate that moves, and a rate that moved for more in a long time than in a short one', () => {
    const random = seededRandom('sixes');
    const sixes = predictFrom(() => (random.next() < 0.1 ? 6 : 0));
    const singles = predictFrom(() => (random.next() < 0.6 ? 1 : 0));
    const moving = predictFrom((day) => (random.next() < (Math.floor(day / 28) % 2 === 0 ? 0.2 : 1) ? 1 : 0));
    expect(sixes.spread.chancePerDay / singles.spread.chancePerDay).toBeGreaterThan(4);
    const unsure = ({ units, spread }: typeof moving) => spread.rateVariance / units ** 2;
    expect(unsure(moving)).toBeGreaterThan(1.5 * unsure(singles));
    const over = (days: number) => demandOver({ perDay: 0.6, spread: moving.spread, leadSd: 0 }, days).variance;
    expect(over(56)).toBeGreaterThan(5 * over(14));
  });
});

describe('planReorder', () => {
  it('keeps its promise: demand over the lead time stays within the point as often as was asked', () => {
    fc.assert(fc.property(fc.double({ min: 0.01, max: 5, noNaN: true }), fc.double({ min: 1, max: 4, noNaN: true }), fc.integer({ min: 1, max: 60 }), fc.integer({ min: 5_000, max: 9_950 }), (perDay, spread, leadDays, serviceBp) => {
      const all = { ...terms, perDay, spread: { chancePerDay: perDay * spread, rateVariance: 0.1 * perDay ** 2 }, leadDays, serviceBp };
      const lead = { mean: perDay * leadDays, variance: perDay * spread * leadDays + 0.1 * (perDay * leadDays) ** 2 + perDay ** 2 * 9 };
      const { reorderPoint, target } = planReorder(all);
      expect(chanceAtMost(lead, reorderPoint)).toBeGreaterThanOrEqual(serviceBp / 10_000 - 1e-9);
      expect(reorderPoint === 0 || chanceAtMost(lead, reorderPoint - 1) < serviceBp / 10_000).toBe(true);
      expect(target).toBeGreaterThanOrEqual(reorderPoint);
    }));
    expect(demandQuantile({ mean: 900, variance: 900 }, 0.975)).toBe(Math.ceil(900 + 1.959964 * 30));
    expect(chanceAtMost({ mean: 900, variance: 900 }, 900 + 1.959964 * 30)).toBeCloseTo(0.975, 6);
    expect(chanceAtMost({ mean: 900, variance: 900 }, 3_000)).toBe(1);
  });

  it('waits while enough is there, fills cases, keeps to the least order and to the money', () => {
    expect(planReorder({ ...terms, position: 40 }).units).toBe(0);
    const free = planReorder(terms);
    expect(free.units).toBe(free.target - 2);
    expect(planReorder({ ...terms, casePack: 12 }).units % 12).toBe(0);
    expect(planReorder({ ...terms, leastUnits: 100 })).toMatchObject({ units: 100, limitedBy: 'least-order' });
    expect(planReorder({ ...terms, casePack: 4, affordable: 9 })).toMatchObject({ units: 8, limitedBy: 'cash' });
    expect(planReorder({ ...terms, leastUnits: 50, affordable: 9 })).toMatchObject({ units: 0, limitedBy: 'cannot-afford' });
    expect(planReorder({ ...terms, perDay: 0, spread: { chancePerDay: 0, rateVariance: 0 } }).units).toBe(0);
  });
});
