import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { convert, inverse, money, rateOf, type Rate } from '#kernel/money.ts';
import { unwrap } from '#kernel/result.ts';
import { DAY_MS } from '#kernel/time.ts';
import { defaultAssumptions } from './assumptions.ts';
import { compileFees } from './compute-fees.ts';
import { estimateFrom, forecastMarket } from './estimate-profit.ts';
import { readFeeCards, selectFeeCard } from './fee-card.ts';
import { feesIn, forecastIn, minorConverter } from './in-currency.ts';
import { landedCost } from './landed-cost.ts';

const NOW = Date.UTC(2026, 10, 21);
const card = selectFeeCard(readFeeCards(path.resolve(import.meta.dirname, '../../../resources/fee-cards')), 'ebay-us', '2026-11-21')!;
const fees = compileFees(card, { category: 'everything', fulfilment: 'fbm', buyerShipping: money(0, 'USD'), salesTaxBp: 800, package: null, day: '2026-11-21' });
/** No minor unit, two, three; weak and strong. */
const HOMES = [['JPY', '149.87'], ['XOF', '601.5'], ['DZD', '238'], ['NGN', '1520.75'], ['EUR', '0.92'], ['TND', '3.1234'], ['KWD', '0.3071']] as const;
const rates = HOMES.map(([to, text]) => rateOf('USD', to, text));
const rate = fc.constantFrom(...rates, ...rates.map(inverse));

describe('minorConverter', () => {
  it('answers as the exact conversion does, whatever digits the currencies have', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 1_000_000_000_000 }), rate, fc.constantFrom('half-even' as const, 'up' as const), (minor, one, rounding) => {
      fc.pre(minor * (one.numerator / one.denominator) < 1e13);
      expect(minorConverter(one, rounding)(minor)).toBe(convert(money(minor, one.from), one, rounding).minor);
    }), { numRuns: 400 });
  });
});

describe('feesIn', () => {
  it('takes what the card takes of the price in its own currency, never less, in lines that add up', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 50_000_000 }), fc.constantFrom(...rates), (minor, one) => {
      const home = feesIn(fees, one);
      const price = money(minor, one.to);
      const result = home.at(price);
      const there = convert(price, inverse(one));
      expect(result.total).toEqual(convert(money(fees.totalMinor(there.minor), 'USD'), one, 'up'));
      expect(result.total.minor).toBe(home.totalMinor(minor));
      expect(result.lines.reduce((sum, line) => sum + line.amount.minor, 0)).toBe(result.total.minor);
    }), { numRuns: 300 });
  });

  it('is the card itself at home, and refuses a price in another currency', () => {
    expect(feesIn(fees, rateOf('USD', 'USD', '1'))).toBe(fees);
    expect(() => feesIn(fees, rates[4]!).at(money(100, 'USD'))).toThrow('the fees are in EUR');
  });
});

describe('an estimate in another home currency', () => {
  const evidence = { at: NOW, currency: 'USD', prices: Array.from({ length: 60 }, (_, i) => ({ at: NOW - (60 - i) * DAY_MS, value: 4_000 + (i % 7) * 20 })), competingOffers: 3, monthlySold: 120 };
  const forecast = unwrap(forecastMarket(evidence));
  const assumptions = defaultAssumptions(card, { category: 'everything', fulfilment: 'fbm', shippingOutMinor: 450 });
  const landedIn = (one: Rate | null) => landedCost({ unitPrice: money(2_000, 'USD'), quantity: 1, piecesPerPurchase: 1, piecesPerSale: 1, priceSource: 'page', homeCurrency: one?.to ?? 'USD', ...(one ? { rate: { rate: one, kind: 'official' as const, asOf: NOW, source: 'test' } } : {}) });
  const dollars = estimateFrom(forecast, { fees, landed: landedIn(null), assumptions });

  it.each(rates.map((one) => [one.to, one] as const))('earns in %s what it earns in dollars, and its lines add up to the unit', (_, one) => {
    const shippingOutMinor = convert(money(450, 'USD'), one).minor;
    const home = estimateFrom(forecastIn(forecast, one), { fees: feesIn(fees, one), landed: landedIn(one), assumptions: { ...assumptions, shippingOutMinor, returnCostMinor: shippingOutMinor } });
    expect(home.currency).toBe(one.to);
    const { level, usual, mean } = forecast.history;
    expect([usual! / level!, mean! / level!].map((ratio) => ratio.toFixed(9))).toEqual([home.trend.usual! / home.trend.level!, home.trend.mean! / home.trend.level!].map((ratio) => ratio.toFixed(9)));
    const cent = convert(money(100_000_000, 'USD'), one).minor / 100_000_000;
    for (const [ours, theirs] of [[home.profit.mean, dollars.profit.mean], [home.salePrice.p50, dollars.salePrice.p50], [home.fees.total, dollars.fees.total], [home.landedPerUnit, dollars.landedPerUnit]] as const) {
      // three cents, and two of the home currency's own units where those are larger
      expect(Math.abs(ours.minor - theirs.minor * cent)).toBeLessThanOrEqual(3 * cent + 2);
    }
    expect(home.waterfall.reduce((sum, line) => sum + line.amount.minor, 0)).toBe(home.profit.mean.minor);
    expect(Math.abs(home.roiBp.mean - dollars.roiBp.mean)).toBeLessThanOrEqual(60);
  });

  it('refuses a rate of another currency', () => {
    expect(() => forecastIn(forecast, rateOf('GBP', 'EUR', '1.2'))).toThrow('the forecast in USD');
  });
});
