import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { money, rateOf } from '#kernel/money.ts';
import { landedCost, priceForLandedCeiling, shares } from './landed-cost.ts';
import type { LandedCostInput } from './types.ts';

const usd = (minor: number) => money(minor, 'USD');
const base: LandedCostInput = { unitPrice: usd(1_000), quantity: 3, piecesPerPurchase: 1, piecesPerSale: 1, priceSource: 'page', homeCurrency: 'USD' };
const dzd = { rate: rateOf('DZD', 'USD', '0.0041'), kind: 'parallel' as const, asOf: 0, source: 'market' };

describe('landed cost', () => {
  it('lays every line open, and sums the counted ones', () => {
    const cost = landedCost({
      ...base, shippingIn: { amount: usd(301), source: 'quote' }, customs: { rateBp: 500, source: 'tariff' }, tax: { rateBp: 1_000, recoverable: true, source: 'law' },
      paymentFee: { rateBp: 290, fixed: usd(30), source: 'gateway' }, prepPerSaleUnit: { amount: usd(50), source: 'prep centre' },
    });
    expect(cost.lines.map((line) => [line.code, line.lot.minor, line.counted])).toEqual([
      ['cost.goods', 3_000, true], ['cost.shipping-in', 301, true], ['cost.customs', 166, true], ['cost.tax-recoverable', 347, false], ['cost.payment-fee', 111 + 30, true], ['cost.prep', 150, true],
    ]);
    expect(cost.lot.minor).toBe(3_000 + 301 + 166 + 141 + 150);
  });

  it('charges no shipping for goods that are sent free, and by the goods that a ceiling leaves room for', () => {
    const sent = { ...base, shippingIn: { amount: usd(600), source: 'terms', freeFrom: usd(3_000) } };
    expect([landedCost(sent).lot.minor, landedCost({ ...sent, quantity: 2 }).lot.minor]).toEqual([3_000, 2_600]);
    expect([priceForLandedCeiling(sent, usd(1_000)), priceForLandedCeiling(sent, usd(999))]).toEqual([usd(1_000), usd(799)]);
  });

  it('splits packs by whole pieces and says what is left over', () => {
    const cost = landedCost({ ...base, unitPrice: usd(1_000), quantity: 1, piecesPerPurchase: 12, piecesPerSale: 5 });
    expect([cost.saleUnits, cost.leftoverPieces, cost.perUnit.minor]).toEqual([2, 2, 500]);
    expect(landedCost({ ...base, quantity: 7, piecesPerSale: 3 }).saleUnits).toBe(2);
  });

  it('converts at the rate given, never in the buyer\'s favour', () => {
    const cost = landedCost({ ...base, unitPrice: money(100_001, 'DZD'), quantity: 1, rate: dzd });
    expect(cost.perUnit).toEqual(usd(411));
    expect(cost.rate?.kind).toBe('parallel');
    expect(() => landedCost({ ...base, unitPrice: money(1, 'DZD') })).toThrow(/no exchange rate from DZD to USD/);
  });

  it('refuses quantities that make nothing', () => {
    for (const over of [{ quantity: 0 }, { piecesPerPurchase: 1.5 }, { quantity: 1, piecesPerSale: 2 }]) expect(() => landedCost({ ...base, ...over })).toThrow(RangeError);
  });

  const anyInput = fc.record({ price: fc.integer({ min: 0, max: 1_000_000 }), quantity: fc.integer({ min: 1, max: 200 }), pack: fc.integer({ min: 1, max: 24 }), sale: fc.integer({ min: 1, max: 24 }), ship: fc.integer({ min: 0, max: 50_000 }), duty: fc.integer({ min: 0, max: 3_000 }), fee: fc.integer({ min: 0, max: 500 }), freeFrom: fc.option(fc.integer({ min: 1, max: 2_000_000 })) })
    .filter((d) => d.quantity * d.pack >= d.sale)
    .map((d): LandedCostInput => ({ ...base, unitPrice: usd(d.price), quantity: d.quantity, piecesPerPurchase: d.pack, piecesPerSale: d.sale, shippingIn: { amount: usd(d.ship), source: 's', ...(d.freeFrom === null ? {} : { freeFrom: usd(d.freeFrom) }) }, customs: { rateBp: d.duty, source: 'c' }, paymentFee: { rateBp: d.fee, source: 'p' } }));

  it('loses no minor unit between lot and units', () => {
    fc.assert(fc.property(anyInput, (input) => {
      const cost = landedCost(input);
      const parts = shares(cost);
      expect(parts.reduce((a, p) => a + p.minor, 0)).toBe(cost.lot.minor);
      expect(Math.max(...parts.map((p) => p.minor))).toBe(cost.perUnit.minor);
    }));
  });

  it('is inverted exactly: the ceiling price fits and one minor unit more does not', () => {
    fc.assert(fc.property(anyInput, fc.integer({ min: 0, max: 500_000 }), (input, ceiling) => {
      const price = priceForLandedCeiling(input, usd(ceiling));
      const at = (minor: number) => landedCost({ ...input, unitPrice: usd(minor) }).perUnit.minor;
      if (price === null) expect(at(0)).toBeGreaterThan(ceiling);
      else {
        expect(at(price.minor)).toBeLessThanOrEqual(ceiling);
        expect(at(price.minor + 1)).toBeGreaterThan(ceiling);
      }
    }));
  });
});
