import { describe, expect, it } from 'vitest';
import { DAY_MS } from '#kernel/time.ts';
import { createProducts } from './create-catalog.ts';
import { createFees } from './fees.ts';
import { createCatalog } from './look-up-products.ts';
import type { CategoryId } from './types.ts';

const START = Date.UTC(2026, 8, 1);
const catalog = createCatalog(createProducts(7, 2_000, START));
const fees = createFees(7, START, catalog);
const one = (category: CategoryId) => catalog.products.find((p) => p.category === category && p.kind === 'ordinary')!;
const referral = (category: CategoryId, priceMinor: number) => fees.amazon(one(category).id, { priceMinor, shippingMinor: 0, fba: false, at: START }).find((line) => line.kind === 'referral')!.minor;
const lines = (category: CategoryId, at: number) => fees.amazon(one(category).id, { priceMinor: 2_000, shippingMinor: 0, fba: true, at });
const ebay = (category: CategoryId, totalMinor: number, at = START) => fees.ebay(category, { totalMinor, quantity: 1, at }).map((line) => line.minor);

describe('Amazon\'s charges', () => {
  it('re-rate the whole price at a cliff', () => {
    expect([referral('clothing', 1_500), referral('clothing', 1_501), referral('clothing', 2_000), referral('clothing', 2_001)]).toEqual([75, 150, 200, 340]);
    expect([referral('beauty', 1_000), referral('beauty', 1_001), referral('grocery', 1_500), referral('grocery', 1_501)]).toEqual([80, 150, 120, 225]);
  });
  it('rate each part at its own where they are marginal, and never fall below 0.30', () => {
    expect([referral('accessories', 10_000), referral('accessories', 20_000), referral('jewelry', 30_000), referral('watches', 200_000)]).toEqual([1_500, 2_300, 5_250, 25_500]);
    expect(referral('books', 100)).toBe(30);
  });
  it('add a closing fee to media, and fulfilment with its surcharge to FBA', () => {
    expect(lines('books', START).map((line) => line.kind)).toEqual(['referral', 'closing', 'fba-fulfilment', 'fuel-surcharge']);
    const [, fulfilment, fuel] = lines('toys', START).map((line) => line.minor);
    expect(fuel).toBe(Math.round(fulfilment! * 0.035));
    expect(lines('toys', START + 60 * DAY_MS)[2]!.minor).toBeGreaterThan(fuel!);
  });
  it('grow with weight', () => {
    const sized = catalog.products.filter((p) => p.kind === 'ordinary').map((p) => fees.amazon(p.id, { priceMinor: 2_000, shippingMinor: 0, fba: true, at: START }).find((line) => line.kind === 'fba-fulfilment')!.minor);
    expect(Math.min(...sized)).toBeGreaterThanOrEqual(332);
    expect(Math.max(...sized)).toBeGreaterThan(900);
  });
});

describe('eBay\'s charges', () => {
  it('follow the category, with an order fee that changes at 10.00', () => {
    expect(ebay('home', 1_000)).toEqual([136, 30]);
    expect(ebay('home', 1_001)).toEqual([136, 40]);
    expect(ebay('books', 2_000)).toEqual([306, 40]);
    expect(ebay('home', 1_000_000)[0]).toBe(102_000 + 5_875);
  });
  it('fall off a cliff for jewelry and by parts for watches', () => {
    expect([ebay('jewelry', 500_000)[0], ebay('jewelry', 500_001)[0]]).toEqual([75_000, 45_000]);
    expect(ebay('watches', 150_000)[0]).toBe(15_000 + 3_250);
  });
  it('rise for some categories in the course of a run, and only there', () => {
    const later = START + 60 * DAY_MS;
    expect(ebay('toys', 10_000, later)[0]! - ebay('toys', 10_000)[0]!).toBe(45);
    expect(ebay('home', 10_000, later)).toEqual(ebay('home', 10_000));
    expect(ebay('toys', 10_000, START + 15 * DAY_MS)).toEqual(ebay('toys', 10_000));
  });
});

describe('postage', () => {
  it('grows with what is in the parcel', () => {
    const { id } = one('books');
    expect(fees.labelMinor(id, 1)).toBeGreaterThanOrEqual(440);
    expect(fees.labelMinor(id, 5)).toBeGreaterThan(fees.labelMinor(id, 1));
    expect(fees.labelMinor(id, 60)).toBeGreaterThan(2_390);
  });
});
