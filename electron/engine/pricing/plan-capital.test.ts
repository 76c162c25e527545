import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareCapital } from '../../../bench/capital.ts';
import { planCapital, type CapitalOpportunity, type CapitalTerms } from './plan-capital.ts';

const TERMS: CapitalTerms = { cashMinor: 100_000, reserveMinor: 10_000, horizonDays: 60, earningPerDayCentiBp: 0, mostPerPurchaseMinor: null, mostPerSellerMinor: null, mostPerCategoryMinor: null, riskAversion: 0, categoryCorrelation: 0.3, marketCorrelation: 0.1 };

const offer = (id: string, change: Partial<CapitalOpportunity> = {}): CapitalOpportunity => ({
  id, unitCostMinor: 1_000, fixedCostMinor: 0, available: 100, profitMeanMinor: 300, profitSdMinor: 100, unitsPerDay: 1, demandSigma: 0.3, decayPerDayMinor: 0, daysToShelf: 5, payoutDelayDays: 7, clearanceLossBp: 3_000, category: 'toys', seller: 's', ...change,
});

const lineOf = (offers: CapitalOpportunity[], id: string, terms: Partial<CapitalTerms> = {}) => planCapital(offers, { ...TERMS, ...terms }).lines.find((l) => l.id === id)!;

describe('planCapital', () => {
  it('earns more than buying by ROI, in the mean and in the worst tenth, in most of 20 drawn scenarios', () => {
    const { totals, wins, mean, meanCapped } = compareCapital(20, 100);
    process.stdout.write(`capital plan: ${mean.toFixed(2)} × greedy by ROI, ${meanCapped.toFixed(3)} × greedy within demand, best in ${wins} of 20\n`);
    expect(totals.ours.mean).toBeGreaterThan(totals.greedy.mean);
    expect(totals.ours.mean).toBeGreaterThan(totals.capped.mean);
    expect(totals.ours.p10).toBeGreaterThan(totals.capped.p10);
    expect(wins).toBeGreaterThanOrEqual(18);
  });

  it('keeps every limit and counts to the last unit, whatever is on offer', () => {
    const anyOffer = fc.record({ cost: fc.integer({ min: 1, max: 60_000 }), fixed: fc.integer({ min: 0, max: 3_000 }), available: fc.integer({ min: 0, max: 40 }), roi: fc.double({ min: -0.5, max: 1, noNaN: true }), rate: fc.double({ min: 0, max: 3, noNaN: true }), group: fc.integer({ min: 0, max: 2 }) });
    fc.assert(
      fc.property(fc.array(anyOffer, { maxLength: 8 }), fc.integer({ min: 0, max: 200_000 }), (drawn, cashMinor) => {
        const offers = drawn.map((d, i) => offer(`o${i}`, { unitCostMinor: d.cost, fixedCostMinor: d.fixed, available: d.available, profitMeanMinor: Math.round(d.cost * d.roi), unitsPerDay: d.rate, category: `c${d.group}`, seller: `s${d.group}` }));
        const terms = { ...TERMS, cashMinor, mostPerPurchaseMinor: 30_000, mostPerSellerMinor: 45_000, mostPerCategoryMinor: 50_000, riskAversion: 1 };
        const plan = planCapital(offers, terms);
        const spent = plan.lines.reduce((sum, line) => sum + line.costMinor, 0);
        expect(plan.spentMinor).toBe(spent);
        expect(spent).toBeLessThanOrEqual(Math.max(0, cashMinor - terms.reserveMinor));
        const perSeller = new Map<string, number>();
        plan.lines.forEach((line, i) => {
          expect(line.units).toBeLessThanOrEqual(offers[i]!.available);
          expect(line.units).toBeGreaterThanOrEqual(0);
          expect(line.costMinor).toBe(line.units * offers[i]!.unitCostMinor + (line.units > 0 ? offers[i]!.fixedCostMinor : 0));
          expect(line.costMinor).toBeLessThanOrEqual(30_000);
          perSeller.set(offers[i]!.seller, (perSeller.get(offers[i]!.seller) ?? 0) + line.costMinor);
        });
        for (const total of perSeller.values()) expect(total).toBeLessThanOrEqual(45_000);
      }),
      { numRuns: 150 },
    );
  });

  it('stops at the demand, and says so', () => {
    const line = lineOf([offer('slow', { unitsPerDay: 0.1 })], 'slow', { cashMinor: 1_000_000 });
    expect(line.units).toBeGreaterThan(0);
    expect(line.units).toBeLessThan(12);
    expect(line.stoppedBy).toBe('demand');
    expect(line.last!.valueMinor).toBeGreaterThan(0);
    expect(line.next!.valueMinor).toBeLessThanOrEqual(0);
  });

  it('prefers the money that is back sooner once free money earns', () => {
    const offers = [offer('quick', { profitMeanMinor: 280 }), offer('late', { payoutDelayDays: 45 })];
    const terms = { cashMinor: 20_000 };
    expect(lineOf(offers, 'late', terms).units).toBeGreaterThan(lineOf(offers, 'quick', terms).units);
    expect(lineOf(offers, 'quick', { ...terms, earningPerDayCentiBp: 6_000 }).units).toBeGreaterThan(lineOf(offers, 'late', { ...terms, earningPerDayCentiBp: 6_000 }).units);
  });

  it('spreads over categories when luck is shared and risk counts', () => {
    const offers = [offer('a', { profitSdMinor: 500 }), offer('b', { profitSdMinor: 500, profitMeanMinor: 295 }), offer('c', { profitSdMinor: 500, profitMeanMinor: 290, category: 'books' })];
    const careless = planCapital(offers, { ...TERMS, cashMinor: 60_000 });
    const careful = planCapital(offers, { ...TERMS, cashMinor: 60_000, riskAversion: 8, categoryCorrelation: 0.8 });
    const booksOf = (plan: typeof careless) => plan.lines[2]!.units / Math.max(1, plan.lines.reduce((sum, line) => sum + line.units, 0));
    expect(booksOf(careful)).toBeGreaterThan(booksOf(careless));
    expect(careful.riskMinor).toBeLessThan(careless.riskMinor);
  });

  it('buys enough at once to pay a fixed cost, or nothing', () => {
    expect(lineOf([offer('freight', { fixedCostMinor: 1_000 })], 'freight').units).toBeGreaterThan(4);
    const dear = lineOf([offer('freight', { fixedCostMinor: 1_000, available: 3 })], 'freight');
    expect(dear).toMatchObject({ units: 0, costMinor: 0, last: null });
  });

  it('takes nothing that loses, and refuses amounts that are not whole', () => {
    expect(planCapital([offer('bad', { profitMeanMinor: -1 })], TERMS)).toMatchObject({ spentMinor: 0, expectedProfitMinor: 0, riskMinor: 0 });
    expect(planCapital([], TERMS)).toEqual({ lines: [], spentMinor: 0, expectedProfitMinor: 0, riskMinor: 0 });
    expect(() => planCapital([offer('x', { unitCostMinor: 0 })], TERMS)).toThrow(RangeError);
    expect(() => planCapital([], { ...TERMS, categoryCorrelation: 0.9, marketCorrelation: 0.2 })).toThrow(RangeError);
  });
});
