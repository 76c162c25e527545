import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costOfChange, remainingCost, unitCostOf } from './lot-cost.ts';

const lot = fc.record({ minor: fc.integer({ min: 0, max: 10_000_000 }), quantity: fc.integer({ min: 1, max: 500 }) }).map(({ minor, quantity }) => {
  const totalCost = { minor, currency: 'USD' };
  return { totalCost, quantity, unitCost: unitCostOf(totalCost, quantity) };
});

describe('the cost of a lot', () => {
  it('leaves and comes back without losing a cent, in whatever order', () => {
    fc.assert(fc.property(lot, fc.array(fc.integer({ min: 0, max: 600 }), { maxLength: 30 }), (of, counts) => {
      let taken = 0;
      let units = of.quantity;
      for (const next of counts) {
        taken += costOfChange(of, units, next).minor;
        units = next;
      }
      expect(taken + remainingCost(of, units).minor).toBe(of.totalCost.minor);
      expect(taken + costOfChange(of, units, 0).minor).toBe(of.totalCost.minor);
    }));
  });

  it('is never more than a unit of currency a piece above the even share, and the last unit carries the rest', () => {
    fc.assert(fc.property(lot, (of) => {
      const last = remainingCost(of, 1).minor;
      expect(last - of.unitCost.minor).toBeGreaterThanOrEqual(0);
      expect(last - of.unitCost.minor).toBeLessThan(of.quantity);
    }));
  });

  it('is nothing without units', () => {
    expect(remainingCost({ totalCost: { minor: 1_000, currency: 'USD' }, unitCost: { minor: 333, currency: 'USD' }, quantity: 3 }, 0).minor).toBe(0);
    expect(() => unitCostOf({ minor: 1, currency: 'USD' }, 0)).toThrow(RangeError);
  });
});
