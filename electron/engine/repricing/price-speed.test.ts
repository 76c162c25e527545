import { describe, expect, it } from 'vitest';
import { seededRandom } from '#kernel/random.ts';
import { addObserved, noEvidence, poolBelief, type Evidence } from './demand-belief.ts';
import { priceSpeed } from './price-speed.ts';
import { othersOf, shareOfBuyers } from './share-of-buyers.ts';

const others = othersOf({ referenceMinor: 1_000, rivalsMinor: null });
const onSale = (ratio: number, days: number, given: { units?: number; expected?: number } = {}): Evidence => addObserved(noEvidence(given.expected ?? 0.3), { units: given.units ?? 0, days, ratio, others, season: 1 });
const speedOf = (...all: Evidence[]) => priceSpeed(all.map((evidence) => ({ evidence, pool: poolBelief([]) })));

describe('the speed of sales at a price', () => {
  it('is 1 at the going price and where nothing was seen, less where more was asked, more where less was', () => {
    expect(speedOf()).toBe(1);
    expect(speedOf(noEvidence(1))).toBe(1);
    expect(speedOf(onSale(1, 40))).toBeCloseTo(1, 10);
    expect(speedOf(onSale(1.15, 40))).toBeLessThan(0.7);
    expect(speedOf(onSale(0.9, 40))).toBeGreaterThan(1.3);
    // a day at another price is not a month at it, and there are bounds
    expect(speedOf(onSale(1.15, 1))).toBeGreaterThan(0.9);
    expect(speedOf(onSale(3, 400))).toBe(0.4);
    // sums that were begun before the going price was kept say nothing
    const { atGoing: _, ...old } = onSale(1.15, 40);
    expect(speedOf(old)).toBe(1);
  });

  it('weighs the channels of one thing by the buyers that each is expected to have', () => {
    const both = speedOf(onSale(1.15, 40, { expected: 1 }), onSale(1, 40, { expected: 0.01 }));
    expect(both).toBeCloseTo(speedOf(onSale(1.15, 40)), 1);
    expect(speedOf(onSale(1.15, 40, { expected: 0.01 }), onSale(1, 40, { expected: 1 }))).toBeGreaterThan(0.95);
  });

  it('finds the demand at the going price again from sales at others', () => {
    const random = seededRandom('price-speed');
    const [buyers, sharpness, days] = [0.8, 10, 60];
    const listings = Array.from({ length: 60 }, (_, n) => {
      const ratio = 0.92 + 0.02 * (n % 12);
      let units = 0;
      for (let hour = 0; hour < days * 24; hour++) if (random.next() < (buyers * shareOfBuyers(ratio, others, sharpness)) / 24) units += 1;
      return { ratio, evidence: onSale(ratio, days, { units, expected: buyers }) };
    });
    const pool = poolBelief(listings.map((listing) => listing.evidence));
    const going = buyers * shareOfBuyers(1, others, sharpness) * days;
    const corrected = (some: typeof listings) => some.reduce((sum, { evidence }) => sum + evidence.units / priceSpeed([{ evidence, pool }]), 0) / some.length / going;
    const raw = (some: typeof listings) => some.reduce((sum, { evidence }) => sum + evidence.units, 0) / some.length / going;
    const [dear, cheap] = [listings.filter((listing) => listing.ratio > 1.05), listings.filter((listing) => listing.ratio < 0.97)];
    expect(raw(dear)).toBeLessThan(0.65);
    expect(raw(cheap)).toBeGreaterThan(1.3);
    for (const some of [dear, cheap]) expect(Math.abs(corrected(some) - 1)).toBeLessThan(0.2);
  });
});
