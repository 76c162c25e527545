import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Limits } from '#contract/settings.ts';
import { windowsOf } from './check-limits.ts';
import { limitReasons, type LimitCandidate, type Spending } from './limits.ts';

const usd = (minor: number) => ({ minor, currency: 'USD' });
const limits: Limits = {
  perPurchase: usd(50_000), perDay: usd(100_000), perWeek: usd(150_000), perMonth: usd(400_000), perSellerPerDay: usd(70_000), perCategoryPerMonth: usd(120_000), perSourcePerMonth: usd(130_000), minConfidenceBp: 3_000, feeDriftBp: 500, twoPersonAbove: null, minProfit: usd(300), minRoiBp: 2_000, maxLossChanceBp: 2_500, maxDaysToSell: 60, cashReserve: usd(20_000),
  blockedBrands: ['Nike'], blockedCategories: ['jewelry'], priceDriftBp: 200, approvalHours: 48,
};
const candidate: LimitCandidate = { total: usd(30_000), profit: usd(500), roiBp: 3_000, lossChanceBp: 1_000, confidenceBp: 6_000, daysToSell: 20, brand: 'Acme', category: 'toys' };
const spending: Spending = { today: usd(0), week: usd(0), month: usd(0), sellerToday: usd(0), categoryMonth: usd(0), sourceMonth: usd(0), cash: usd(200_000), committed: usd(0) };
const codes = (c: Partial<LimitCandidate>, s: Partial<Spending> = {}, l: Partial<Limits> = {}) => limitReasons({ ...limits, ...l }, { ...candidate, ...c }, { ...spending, ...s }).map((r) => r.code);

/** When day, week and month of an instant began. */
const at = (iso: string) => Object.values(windowsOf(Date.parse(iso))).map((begin) => new Date(begin).toISOString().slice(0, 16));

it('begin their day, week and month at UTC borders, whatever clocks are put forward or back that day', () => {
  // a Sunday to its last millisecond, the Monday after it, the last and the first of a month within one week, the turn of a year, and two days on which summer time begins and ends
  expect(at('2026-11-22T23:59:59.999Z')).toEqual(['2026-11-22T00:00', '2026-11-16T00:00', '2026-11-01T00:00']);
  expect(at('2026-11-23T00:00:00.000Z')).toEqual(['2026-11-23T00:00', '2026-11-23T00:00', '2026-11-01T00:00']);
  expect(at('2026-09-30T23:59:59.999Z')).toEqual(['2026-09-30T00:00', '2026-09-28T00:00', '2026-09-01T00:00']);
  expect(at('2026-10-01T00:00:00.000Z')).toEqual(['2026-10-01T00:00', '2026-09-28T00:00', '2026-10-01T00:00']);
  expect(at('2027-01-01T00:30:00.000Z')).toEqual(['2027-01-01T00:00', '2026-12-28T00:00', '2027-01-01T00:00']);
  expect(at('2026-03-08T09:30:00.000Z')).toEqual(['2026-03-08T00:00', '2026-03-02T00:00', '2026-03-01T00:00']);
  expect(at('2026-10-25T01:30:00.000Z')).toEqual(['2026-10-25T00:00', '2026-10-19T00:00', '2026-10-01T00:00']);
});

describe('limits', () => {
  it('allow what keeps to all of them, up to the very edge', () => {
    expect(codes({})).toEqual([]);
    expect(codes({ total: usd(50_000) }, { today: usd(50_000), sellerToday: usd(20_000), cash: usd(80_000), committed: usd(10_000) })).toEqual([]);
    expect(codes({ profit: usd(300), roiBp: 2_000, lossChanceBp: 2_500, daysToSell: 60 })).toEqual([]);
  });

  it.each([
    ['limit.per-purchase', { total: usd(50_001) }, {}],
    ['limit.per-day', {}, { today: usd(70_001) }],
    ['limit.per-seller', {}, { sellerToday: usd(40_001) }],
    ['limit.per-week', {}, { week: usd(120_001) }],
    ['limit.per-month', {}, { month: usd(370_001) }],
    ['limit.per-category', {}, { categoryMonth: usd(90_001) }],
    ['limit.per-source', {}, { sourceMonth: usd(100_001) }],
    ['limit.confidence', { confidenceBp: 2_999 }, {}],
    ['limit.cash-reserve', {}, { cash: usd(49_999) }],
    ['limit.cash-reserve', {}, { committed: usd(150_001) }],
    ['limit.min-profit', { profit: usd(299) }, {}],
    ['limit.min-roi', { roiBp: 1_999 }, {}],
    ['limit.loss-chance', { lossChanceBp: 2_501 }, {}],
    ['limit.days-to-sell', { daysToSell: 61 }, {}],
    ['limit.blocked-brand', { brand: ' NIKE ' }, {}],
    ['limit.blocked-category', { category: 'Jewelry' }, {}],
  ])('say %s just beyond its edge', (code, c, s) => {
    expect(codes(c, s)).toEqual([code]);
  });

  it('name every reason at once', () => {
    expect(codes({ total: usd(90_000), profit: usd(0) }, { today: usd(90_000), cash: usd(0) })).toEqual(['limit.per-purchase', 'limit.per-day', 'limit.per-seller', 'limit.cash-reserve', 'limit.min-profit']);
  });

  it('never compare two currencies', () => {
    expect(() => codes({}, { today: { minor: 1, currency: 'DZD' } })).toThrow(RangeError);
  });

  it('never let a row of approvals past the limit of the day', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 60_000 }), { maxLength: 40 }), fc.integer({ min: 0, max: 300_000 }), (totals, cash) => {
      let spent = 0;
      for (const minor of totals) {
        const reasons = limitReasons(limits, { ...candidate, total: usd(minor) }, { ...spending, today: usd(spent), sellerToday: usd(spent), cash: usd(cash), committed: usd(spent) });
        if (reasons.length === 0) spent += minor;
      }
      expect(spent).toBeLessThanOrEqual(70_000);
      expect(spent === 0 || cash - spent >= 20_000).toBe(true);
    }));
  });

  it('are monotone: what is refused stays refused when it costs more or more was spent', () => {
    const amount = fc.integer({ min: 0, max: 200_000 });
    fc.assert(fc.property(amount, amount, amount, (total, more, spent) => {
      if (codes({ total: usd(total) }, { today: usd(spent) }).length > 0) expect(codes({ total: usd(total + more) }, { today: usd(spent + more) }).length).toBeGreaterThan(0);
    }));
  });
});
