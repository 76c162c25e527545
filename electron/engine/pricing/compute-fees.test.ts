import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { money, percentOf } from '#kernel/money.ts';
import { compileFees, computeFees, shareMinor } from './compute-fees.ts';
import { parseFeeCards, readFeeCards, resolveCategory, selectFeeCard } from './fee-card.ts';
import type { FeeContext, Package } from './types.ts';

const cards = readFeeCards(path.resolve(import.meta.dirname, '../../../resources/fee-cards'));
const card = (channel: string) => {
  const found = selectFeeCard(cards, channel, '2026-11-21');
  if (!found) throw new Error(`no card for ${channel}`);
  return found;
};
const usd = (minor: number) => money(minor, 'USD');
const context = (over: Partial<FeeContext> = {}): FeeContext => ({ category: null, fulfilment: 'fbm', buyerShipping: usd(0), salesTaxBp: 0, package: null, day: '2026-11-21', ...over });
const inches = (l: number, w: number, h: number, oz: number): Package => ({ lengthMm: l * 25.4, widthMm: w * 25.4, heightMm: h * 25.4, weightG: oz * 28.349523125 });
const fee = (channel: string, price: number, over: Partial<FeeContext> = {}) => computeFees(card(channel), context(over), usd(price)).total.minor;
const lineOf = (channel: string, price: number, code: string, over: Partial<FeeContext> = {}) => computeFees(card(channel), context(over), usd(price)).lines.find((line) => line.code === code);

const fba = (box: Package | null, price = 2_000) => lineOf('amazon-us', price, 'amazon.fba-fulfilment', { fulfilment: 'fba', package: box });
const fuelOn = (day: string) => lineOf('amazon-us', 2_000, 'amazon.fba-fuel-surcharge', { fulfilment: 'fba', package: inches(8, 6, 2, 16), day, category: 'books' });

describe('Amazon US referral', () => {
  it.each([
    ['default 15 %', null, 10_000, 1_500], ['the minimum of 0.30', null, 100, 30], ['just where 15 % passes the minimum', null, 200, 30], ['and above', null, 204, 31],
    ['clothing at 15.00: 5 %', 'clothing', 1_500, 75], ['clothing at 15.01: 10 % of all', 'clothing', 1_501, 150], ['clothing at 20.00', 'clothing', 2_000, 200], ['clothing at 20.01: 17 % of all', 'clothing', 2_001, 340],
    ['beauty at 10.00: 8 %', 'beauty', 1_000, 80], ['beauty at 10.01: 15 %', 'beauty', 1_001, 150], ['grocery at 15.00', 'grocery', 1_500, 120], ['grocery at 15.01', 'grocery', 1_501, 225],
    ['mowers at 500', 'lawn-mowers', 50_000, 7_500], ['mowers at 500.01: less', 'lawn-mowers', 50_001, 4_000],
    ['compact appliances at 300', 'compact-appliances', 30_000, 4_500], ['compact appliances at 400: 8 % of the part above', 'compact-appliances', 40_000, 5_300],
    ['electronics accessories at 100', 'electronics-accessories', 10_000, 1_500], ['electronics accessories at 101', 'electronics-accessories', 10_100, 1_508],
    ['furniture at 300', 'furniture', 30_000, 4_000], ['jewelry at 250', 'jewelry', 25_000, 5_000], ['jewelry at 350', 'jewelry', 35_000, 5_500],
    ['watches at 1,600', 'watches', 160_000, 24_300], ['fine art at 6,000', 'fine-art', 600_000, 2_000 + 13_500 + 40_000 + 5_000],
    ['device accessories', 'device-accessories', 1_000, 450], ['computers', 'computers', 10_000, 800], ['tires', 'tires', 10_000, 1_000], ['gift cards', 'gift-cards', 10_000, 2_000], ['automotive', 'automotive', 10_000, 1_200],
  ])('%s', (_name, category, price, expected) => {
    expect(fee('amazon-us', price, { category })).toBe(expected);
  });

  it('adds the closing fee of 1.80 to media only', () => {
    expect(fee('amazon-us', 1_000, { category: 'books' })).toBe(150 + 180);
    expect(lineOf('amazon-us', 1_000, 'amazon.closing', { category: 'toys' })).toBeUndefined();
  });

  it('counts the shipping that the buyer pays, and not the sales tax', () => {
    expect(fee('amazon-us', 1_000, { buyerShipping: usd(500), salesTaxBp: 900 })).toBe(225);
    expect(fee('amazon-us', 1_400, { category: 'clothing', buyerShipping: usd(101) })).toBe(150);
  });
});

describe('FBA fulfilment', () => {
  it.each([
    ['small standard, 2 oz', inches(15, 12, 0.75, 2), 332, 'small-standard'], ['over 2 oz', inches(15, 12, 0.75, 2.1), 342, 'small-standard'], ['16 oz', inches(15, 12, 0.75, 16), 396, 'small-standard'],
    ['too thick for small', inches(15, 12, 0.8, 4), 504, 'large-standard'], ['too heavy for small', inches(10, 6, 0.7, 16.1), 504, 'large-standard'],
    ['large, 4 oz', inches(6, 4, 1, 4), 373, 'large-standard'], ['large, 16 oz', inches(8, 6, 2, 16), 460, 'large-standard'], ['large, 48 oz', inches(10, 8, 4, 48), 667, 'large-standard'],
    ['large, 3 lb and a bit', inches(10, 8, 4, 48.1), 705, 'large-standard'], ['large, 4 lb', inches(10, 8, 4, 64), 697 + 4 * 8, 'large-standard'], ['large, 20 lb', inches(18, 14, 8, 320), 697 + 68 * 8, 'large-standard'],
    ['one inch too long', inches(19, 14, 8, 320), 755 + 19 * 38, 'small-bulky'], ['over 20 lb', inches(18, 14, 8, 321), 755 + 20 * 38, 'small-bulky'], ['59 inches', inches(59, 14, 8, 400), 935 + 47 * 38, 'large-bulky'],
    ['length and girth over 130', inches(50, 30, 12, 400), 5132 + 59 * 75, 'extra-large-150'], ['over 150 lb: unit weight', inches(40, 40, 40, 151 * 16), 19_495, 'extra-large-over-150'],
  ])('%s', (_name, box, amount, tier) => {
    const line = fba(box);
    expect([line?.amount.minor, line?.detail]).toEqual([amount, tier]);
  });

  it('takes dimensional weight where it is larger, not for small standard', () => {
    expect(fba(inches(18, 14, 8, 16))?.amount.minor).toBe(697 + Math.ceil(((18 * 14 * 8) / 139) * 16 / 4 - 12) * 8);
    expect(fba(inches(15, 12, 0.75, 1))?.amount.minor).toBe(332);
  });

  it('has its price bands at 10.00 and 50.00: below, from and with, above', () => {
    const box = inches(8, 6, 2, 16);
    expect([999, 1_000, 5_000, 5_001].map((price) => fba(box, price)?.amount.minor)).toEqual([378, 460, 460, 486]);
  });

  it('does not push an item over an edge for the rounding of whole millimetres and grams', () => {
    expect(fba({ lengthMm: 381, widthMm: 305, heightMm: 19, weightG: 454 })?.detail).toBe('small-standard');
    expect(fba({ lengthMm: 383, widthMm: 305, heightMm: 19, weightG: 454 })?.detail).toBe('large-standard');
  });

  it('charges the fuel surcharge on fulfilment alone, from its day on', () => {
    expect(fuelOn('2026-04-16')).toBeUndefined();
    expect(fuelOn('2026-04-17')?.amount.minor).toBe(16);
  });

  it('says so when the size is not known, or its tier is disputed', () => {
    const none = computeFees(card('amazon-us'), context({ fulfilment: 'fba', category: 'toys' }), usd(2_000));
    expect(none.unknowns.map((gap) => gap.code)).toEqual(['fees.package-unknown']);
    expect(none.confidence).toBe('low');
    const bulky = computeFees(card('amazon-us'), context({ fulfilment: 'fba', category: 'toys', package: inches(30, 14, 8, 320) }), usd(2_000));
    expect(bulky.unknowns).toEqual([{ code: 'fees.size-tier-conflict', data: { cardId: 'amazon-us-2026-04', tier: 'small-bulky' } }]);
    expect(bulky.lines.find((l) => l.code === 'amazon.fba-fulfilment')?.confidence).toBe('low');
  });
});

describe('eBay US', () => {
  it.each([
    ['most, and the order fee of 0.30 at 10.00', {}, 1_000, 136 + 30], ['0.40 from 10.01', {}, 1_001, 136 + 40],
    ['most at 7,500', {}, 750_000, 102_000 + 40], ['2.35 % of the part above', {}, 760_000, 102_000 + 235 + 40],
    ['with a store at 2,500', { storeLevel: 'basic' }, 250_000, 31_750 + 40], ['with a store above', { storeLevel: 'anchor' }, 260_000, 31_750 + 235 + 40], ['a starter store has no better rate', { storeLevel: 'starter' }, 10_000, 1_360 + 40],
    ['books', { category: 'books-film-music' }, 2_000, 306 + 40], ['bags at 2,000', { category: 'womens-bags' }, 200_000, 30_000 + 40], ['bags above: all at 9 %', { category: 'womens-bags' }, 200_001, 18_000 + 40],
    ['bags with a store', { category: 'womens-bags', storeLevel: 'basic' }, 200_000, 26_000 + 40],
    ['sneakers at 149.99', { category: 'sneakers' }, 14_999, 2_040 + 40], ['sneakers at 150: 8 % and no order fee', { category: 'sneakers' }, 15_000, 1_200], ['sneakers with a store', { category: 'sneakers', storeLevel: 'basic' }, 15_000, 1_050],
    ['jewelry at 5,000', { category: 'jewelry' }, 500_000, 75_000 + 40], ['jewelry above', { category: 'jewelry' }, 500_100, 45_009 + 40],
    ['watches at 1,000', { category: 'watches' }, 100_000, 15_000 + 40], ['watches at 8,000', { category: 'watches' }, 800_000, 15_000 + 42_250 + 1_500 + 40], ['watches with a store at 6,000', { category: 'watches', storeLevel: 'basic' }, 600_000, 12_500 + 16_000 + 3_000 + 40],
    ['cards', { category: 'cards-comics' }, 10_000, 1_325 + 40], ['guitars', { category: 'guitars' }, 100_000, 6_700 + 40], ['motors', { category: 'motors-parts', storeLevel: 'basic' }, 10_000, 1_150 + 40],
    ['international', { international: true }, 10_000, 1_360 + 40 + 165], ['below standard', { belowStandard: true }, 10_000, 1_360 + 40 + 600],
    ['listing 251', { listingsThisMonth: 250 }, 10_000, 1_360 + 40 + 35], ['listing 250', { listingsThisMonth: 249 }, 10_000, 1_360 + 40],
  ] as [string, Partial<FeeContext>, number, number][])('%s', (_name, over, price, expected) => {
    expect(fee('ebay-us', price, over)).toBe(expected);
  });

  it('takes its share of shipping and sales tax too', () => {
    expect(fee('ebay-us', 9_000, { buyerShipping: usd(1_000), salesTaxBp: 1_000 })).toBe(1_496 + 40);
    expect(fee('ebay-us', 950, { salesTaxBp: 1_000 })).toBe(142 + 40);
  });
});

describe('other channels', () => {
  it.each([
    ['mercari-us', 1_000, 100], ['depop-us', 1_000, 33 + 45], ['vinted-us', 1_000, 0], ['poshmark-us', 1_499, 295], ['poshmark-us', 1_500, 300], ['facebook-us', 500, 80], ['facebook-us', 1_000, 100], ['etsy-us', 1_000, 20 + 65 + 30 + 25],
  ])('%s at %d', (channel, price, expected) => {
    expect(fee(channel, price)).toBe(expected);
  });
});

describe('any card', () => {
  const anyContext = fc.record({
    channel: fc.constantFrom(...new Set(cards.map((c) => c.channel))), pick: fc.nat(), fba: fc.boolean(), shipping: fc.integer({ min: 0, max: 5_000 }), tax: fc.integer({ min: 0, max: 1_200 }), price: fc.integer({ min: 0, max: 3_000_000 }),
    international: fc.boolean(), size: fc.record({ lengthMm: fc.integer({ min: 1, max: 1_500 }), widthMm: fc.integer({ min: 1, max: 1_500 }), heightMm: fc.integer({ min: 1, max: 900 }), weightG: fc.integer({ min: 1, max: 80_000 }) }),
  }).map((draw) => {
    const found = card(draw.channel);
    const ids = [null, ...Object.keys(found.categories)];
    return { found, price: draw.price, context: context({ category: ids[draw.pick % ids.length] ?? null, fulfilment: draw.fba ? 'fba' : 'fbm', buyerShipping: usd(draw.shipping), salesTaxBp: draw.tax, international: draw.international, package: draw.size }) };
  });

  it('sums its lines to its total, and the fast total is that total', () => {
    fc.assert(fc.property(anyContext, ({ found, price, context: c }) => {
      const compiled = compileFees(found, c);
      const result = compiled.at(usd(price));
      expect(result.lines.reduce((a, l) => a + l.amount.minor, 0)).toBe(result.total.minor);
      expect(compiled.totalMinor(price)).toBe(result.total.minor);
      expect(result.lines.every((l) => l.amount.minor >= 0 && l.source.length > 0)).toBe(true);
    }));
  });

  it('never falls as the price rises where no rule is a cliff', () => {
    fc.assert(fc.property(anyContext, fc.integer({ min: 0, max: 50_000 }), ({ found, price, context: c }, more) => {
      const smooth = found.rules.every((rule) => rule.kind !== 'cliff' || !rule.when?.categories?.includes(c.category ?? ''));
      fc.pre(smooth && c.category !== 'sneakers' && found.channel !== 'poshmark-us');
      const compiled = compileFees(found, c);
      expect(compiled.totalMinor(price + more)).toBeGreaterThanOrEqual(compiled.totalMinor(price));
    }));
  });

  it('rounds as the kernel does', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 45_000_000_000 }), fc.integer({ min: 0, max: 100_000 }), (minor, bp) => {
      expect(shareMinor(minor, bp)).toBe(percentOf(usd(minor), bp).minor);
    }));
  });

  it('refuses another currency and a price below zero', () => {
    expect(() => computeFees(card('ebay-us'), context(), money(100, 'EUR'))).toThrow(/is in USD/);
    expect(() => computeFees(card('ebay-us'), context({ buyerShipping: money(1, 'EUR') }), usd(100))).toThrow(/is in USD/);
    expect(() => computeFees(card('ebay-us'), context(), usd(-1))).toThrow(/no fees/);
  });
});

describe('fee card data', () => {
  it('is refused with file, field and reason when it is wrong', () => {
    expect(() => parseFeeCards({ cards: [{ id: 'x' }] }, 'x.json')).toThrow(/x\.json: cards\.0\.channel/);
    const broken = structuredClone(card('ebay-us'));
    broken.rules.push({ kind: 'surcharge', code: 'a.b', of: 'no.such', rateBp: 1 });
    expect(() => parseFeeCards({ cards: [broken] }, 'y.json')).toThrow(/no earlier rule makes no\.such/);
  });

  it('is chosen by day', () => {
    const base = card('ebay-us');
    const next = { ...base, id: 'next', effectiveFrom: '2027-01-01' };
    const old = { ...base, id: 'old', effectiveFrom: '2025-01-01', effectiveTo: '2026-01-01' };
    expect(['2024-12-31', '2025-06-01', '2026-01-01', '2027-01-01'].map((day) => selectFeeCard([old, base, next], 'ebay-us', day)?.id ?? null)).toEqual([null, 'old', base.id, 'next']);
  });

  it('finds its category in other sources\' words', () => {
    expect(['Books > Mystery', 'Clothing, Shoes & Jewelry', 'Home & Kitchen', 'Grocery & Gourmet Food', 'nonsense'].map((words) => resolveCategory(card('amazon-us'), words))).toEqual(['books', 'clothing', 'home', 'grocery', null]);
  });
});
