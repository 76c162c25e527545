import { describe, expect, it } from 'vitest';
import { createProducts } from './create-catalog.ts';
import { asinOf, gtinCheckDigit, isbn10Of, isValidGtin, toGtin14 } from './identifiers.ts';
import { createCatalog } from './look-up-products.ts';

const START = Date.UTC(2026, 8, 1);
const generated = createProducts(7, 20_000, START);
const catalog = createCatalog(generated);
const sellable = generated.products.slice(0, generated.sellable);

const count = (test: (p: (typeof sellable)[number]) => boolean): number => sellable.filter(test).length;
const productsText = (seed: number): string => JSON.stringify(createProducts(seed, 2_000, START).products);

describe('identifiers', () => {
  it('computes the check digits of known numbers', () => {
    expect(gtinCheckDigit('03600029145')).toBe(2);
    expect(gtinCheckDigit('978030640615')).toBe(7);
    expect(isbn10Of('030640615')).toBe('0306406152');
    expect(isbn10Of('097522980')).toBe('097522980X');
    expect(isValidGtin('036000291453')).toBe(false);
  });
  it('reads an ISBN-10 as its ISBN-13 and refuses one whose check digit is wrong', () => {
    expect(toGtin14('0-306-40615-2')).toBe('09780306406157');
    expect(toGtin14('0306406153')).toBeNull();
  });
  it('gives every index its own ASIN', () => {
    expect(new Set(Array.from({ length: 50_000 }, (_, i) => asinOf(i, 12_345))).size).toBe(50_000);
  });
});

describe('createProducts', () => {
  it('makes at least 20,000 products in at least 12 categories, and variation parents', () => {
    expect(sellable.length).toBeGreaterThanOrEqual(20_000);
    expect(new Set(sellable.map((p) => p.category)).size).toBeGreaterThanOrEqual(12);
    expect(generated.products.length).toBeGreaterThan(generated.sellable);
    expect(generated.products.slice(generated.sellable).every((p) => p.kind === 'parent' && p.gtin === null)).toBe(true);
  });
  it('gives each product a valid GTIN and an ASIN of its own', () => {
    expect(sellable.filter((p) => !isValidGtin(p.gtin ?? ''))).toEqual([]);
    expect(new Set(sellable.map((p) => p.gtin!.padStart(14, '0'))).size).toBe(sellable.length);
    expect(new Set(generated.products.map((p) => p.asin)).size).toBe(generated.products.length);
  });
  it('makes the ASIN of a book its ISBN-10, and that of its ISBN-13', () => {
    const books = sellable.filter((p) => p.category === 'books');
    expect(books.length).toBeGreaterThan(1_000);
    for (const book of books) {
      expect(book.asin).toBe(isbn10Of(book.gtin!.slice(3, 12)));
      expect(book.isbn10).toBe(book.asin);
    }
  });
  it('has the whole range of traps: packs, hazmat, restrictions, brands that complain, hidden prices, lost zeros to lose', () => {
    expect(count((p) => p.packSize > 1)).toBeGreaterThan(300);
    expect(count((p) => p.hazmat)).toBeGreaterThan(200);
    expect(count((p) => p.restriction === 'approval-required')).toBeGreaterThan(500);
    expect(count((p) => p.restriction === 'not-eligible')).toBeGreaterThan(100);
    expect(count((p) => p.ipRiskBrand)).toBeGreaterThan(300);
    expect(count((p) => p.kind === 'map')).toBeGreaterThan(200);
    expect(count((p) => p.gtin!.startsWith('0'))).toBeGreaterThan(2_000);
  });
  it('depends on the seed and on nothing else', () => {
    expect(productsText(7)).toBe(productsText(7));
    expect(productsText(8)).not.toBe(productsText(7));
  });
  it('refuses a count that it cannot make', () => {
    expect(() => createProducts(7, 10, START)).toThrow(RangeError);
  });
});

describe('look-ups', () => {
  const some = sellable.find((p) => p.gtin!.startsWith('0') && p.mpn !== '')!;
  it('find a product by GTIN with or without its leading zeros, by ASIN, and by brand and part number', () => {
    expect(catalog.byGtin(some.gtin!)).toBe(some);
    expect(catalog.byGtin(some.gtin!.replace(/^0/, ''))).toBe(some);
    expect(catalog.byAsin(some.asin.toLowerCase())).toBe(some);
    expect(catalog.identify({ brand: some.brand, mpn: some.mpn })?.brand).toBe(some.brand);
    expect(catalog.identify({ gtins: ['999', some.gtin!] })).toBe(some);
    expect(catalog.identify({ brand: some.brand })).toBeUndefined();
  });
  it('find by words, best first', () => {
    const { products, total } = catalog.search(some.title, { limit: 5 });
    expect(products[0]).toBe(some);
    expect(total).toBeGreaterThanOrEqual(1);
    expect(catalog.search('zzzz').total).toBe(0);
  });
  it('list the variants of a parent', () => {
    const parent = generated.products[generated.sellable]!;
    const children = catalog.childrenOf(parent.asin);
    expect(children.length).toBeGreaterThan(1);
    expect(children.every((child) => child.parentAsin === parent.asin && child.brand === parent.brand)).toBe(true);
  });
});
