import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { money } from '#kernel/money.ts';
import { compileFees, readFeeCards, selectFeeCard } from '#engine/pricing/index.ts';
import { DEFAULT_LIMITS } from '#engine/settings/index.ts';
import type { MarketFacts, ProductRecord } from '#engine/catalog/index.ts';
import type { RawIdentifier } from '#engine/sources/ports.ts';
import { asinOf, gtin14Of, gtinOf, offerOf } from '#tests/support/offer-desk.ts';
import { identityOf, packOf } from './judge-identity.ts';
import { normaliseOffer } from './normalise-offer.ts';
import type { OfferRecord } from './repo.ts';
import { screenOffer, type ScreenInput } from './screen-offers.ts';

const usd = (minor: number) => money(minor, 'USD');
const withCodes = (...identifiers: RawIdentifier[]) => normaliseOffer(offerOf(1, { identifiers }), {});

const hash = (raw: Parameters<typeof offerOf>[1]) => normaliseOffer(offerOf(1, raw), {}).contentHash;

const stock = (raw: Parameters<typeof offerOf>[1]) => normaliseOffer(offerOf(1, raw), {}).stock;

const feedback = (scoreBp: number, ratings: number) => ({ sellerFeedback: { scale: 'positive' as const, scoreBp, ratings, text: `${scoreBp / 100} %` } });

describe('normaliseOffer', () => {
  it('takes an offer for changed when the seller’s ratings turn, not when one is added', () => {
    expect(hash(feedback(9_900, 500))).toBe(hash(feedback(9_880, 501)));
    expect(new Set([hash({}), hash(feedback(9_900, 500)), hash(feedback(9_000, 500)), hash(feedback(9_000, 3))]).size).toBe(4);
  });

  it('takes a sound code as it is, with nothing to note', () => {
    expect(withCodes({ hint: 'gtin', text: gtinOf(1) })).toMatchObject({ gtin: gtin14Of(1), candidates: [], identifierNote: null });
    expect(withCodes({ hint: 'gtin', text: ` EAN: ${gtinOf(1)}` }).gtin).toBe(gtin14Of(1));
  });

  it('notes what it repaired', () => {
    const short = withCodes({ hint: 'gtin', text: '36000291452' }); // a UPC without its leading zero
    expect([short.gtin, ...short.candidates]).toContain('00036000291452');
    expect(short.identifierNote).toContain('36000291452 read as');
  });

  it('keeps all that a damaged code may have been as candidates, and takes none on faith', () => {
    const ambiguous = fc.sample(fc.stringMatching(/^[1-9]\d{10}$/), { numRuns: 300, seed: 7 }).map((text) => withCodes({ hint: 'gtin', text })).find((o) => o.candidates.length > 1);
    expect(ambiguous).toBeDefined();
    expect(ambiguous!.gtin).toBeNull();
    expect(ambiguous!.identifierNote).toContain('read as');
  });

  it('makes two sure codes that disagree candidates, and implies no product of them', () => {
    const offer = withCodes({ hint: 'gtin', text: gtinOf(1) }, { hint: 'gtin', text: gtinOf(2) }, { hint: 'asin', text: asinOf(1) });
    expect(offer).toMatchObject({ gtin: null, asin: null, candidates: [gtin14Of(1), gtin14Of(2)] });
    expect(offer.identifierNote).toContain('several codes');
  });

  it('says why a code is none, and says nothing of a stock code that is none', () => {
    expect(withCodes({ hint: 'gtin', text: '0000000000000' })).toMatchObject({ gtin: null, candidates: [], identifierNote: expect.stringContaining('placeholder') as string });
    expect(withCodes({ hint: 'sku', text: 'KT-001' })).toMatchObject({ gtin: null, identifierNote: null });
  });

  it('takes a stock code for a product code only where it is one as it stands', () => {
    expect(withCodes({ hint: 'sku', text: gtinOf(1) }).gtin).toBe(gtin14Of(1));
    const short = withCodes({ hint: 'sku', text: '36000291452' });
    expect([short.gtin, ...short.candidates].filter(Boolean)).toEqual([]);
  });

  it('reads an ASIN and a part number beside the code', () => {
    expect(withCodes({ hint: 'asin', text: ` ${asinOf(5).toLowerCase()} ` }, { hint: 'mpn', text: ' K-5 ' })).toMatchObject({ asin: asinOf(5), mpn: 'K-5', gtin: null });
  });

  it.each([['Northgate kettle K1', undefined, 1], ['Northgate kettle K1 pack of 3', undefined, 3], ['Northgate kettle K1', 'Pack of 6', 6]])('counts the pieces of "%s" with "%s" as %d', (title, packText, packSize) => {
    expect(normaliseOffer(offerOf(1, { title, packText }), {}).packSize).toBe(packSize);
  });

  it('takes shipping as the page says it, else as the source charges it, else as not known', () => {
    const terms = { shipping: { flatMinor: 500, freeFromMinor: 2_000 } };
    const shipping = (raw: Parameters<typeof offerOf>[1], of = terms as Parameters<typeof normaliseOffer>[1]) => normaliseOffer(offerOf(1, raw), of).shippingMinor;
    expect(shipping({ shipping: usd(120) })).toBe(120);
    expect(shipping({ shipping: usd(0) })).toBe(0);
    expect(shipping({ shipping: undefined })).toBe(500);
    expect(shipping({ shipping: undefined, price: usd(2_000) })).toBe(0);
    expect(shipping({ shipping: undefined }, {})).toBeNull();
    const freeFrom = (raw: Parameters<typeof offerOf>[1]) => normaliseOffer(offerOf(1, raw), terms).facts['shippingFreeFromMinor'];
    expect([freeFrom({ shipping: undefined }), freeFrom({ shipping: undefined, price: usd(2_000) }), freeFrom({ shipping: usd(120) })]).toEqual([2_000, undefined, undefined]);
  });

  it('takes no amount of another currency for one of the price', () => {
    expect(normaliseOffer(offerOf(1, { shipping: money(120, 'EUR'), listPrice: money(9_900, 'EUR') }), {})).toMatchObject({ shippingMinor: null, listPriceMinor: null });
  });

  it('tells sold out from not said', () => {
    expect([stock({ stock: undefined }), stock({ stock: { available: true, quantity: null } }), stock({ stock: { available: false, quantity: null } }), stock({ stock: { available: true, quantity: 3 } })]).toEqual([null, null, 0, 3]);
  });

  it('has the same hash whenever and under whichever host it was seen, and another for anything that matters', () => {
    expect(hash({ seenAt: 99, url: 'http://localhost:8080/p/1' })).toBe(hash({}));
    for (const change of [{ price: usd(1_201) }, { title: 'Other' }, { stock: { available: true, quantity: 19 } }, { identifiers: [] }, { shipping: usd(1) }, { url: 'https://shop.example/p/2' }]) expect(hash(change)).not.toBe(hash({}));
  });
});

const limits = { ...DEFAULT_LIMITS, blockedBrands: ['Acme'], blockedCategories: ['weapons'] };
const sound: ScreenInput = { unitMinor: 1_000, stock: 5, brand: 'Northgate', category: 'kitchen', condition: 'new', hasCode: true, bestSaleMinor: 4_000 };

describe('screenOffer', () => {
  it('lets through what nothing speaks against, and what is not known', () => {
    expect(screenOffer(sound, limits)).toBeNull();
    expect(screenOffer({ ...sound, stock: null, brand: null, category: null, condition: 'unknown', bestSaleMinor: null }, limits)).toBeNull();
  });

  it.each<[string, Partial<ScreenInput>]>([
    ['screen.out-of-stock', { stock: 0 }], ['screen.damaged', { condition: 'damaged' }], ['screen.not-new', { condition: 'used' }], ['screen.not-new', { condition: 'refurbished' }], ['screen.no-identifier', { hasCode: false }],
    ['screen.blocked-brand', { brand: 'ACME' }], ['screen.blocked-category', { category: 'weapons' }], ['screen.above-purchase-limit', { unitMinor: 50_001 }], ['screen.no-room', { bestSaleMinor: 1_000 }],
  ])('%s for %j', (code, over) => {
    expect(screenOffer({ ...sound, ...over }, limits)?.code).toBe(code);
  });

  it('never throws out what would earn the least profit wanted at the best price that may be hoped for, in any category', () => {
    const card = selectFeeCard(readFeeCards(path.resolve(import.meta.dirname, '../../../resources/fee-cards')), 'ebay-us', '2026-11-21')!;
    const compiled = [null, ...Object.keys(card.categories)].map((category) => compileFees(card, { category, fulfilment: 'fbm', buyerShipping: usd(0), salesTaxBp: 0, storeLevel: 'anchor', package: null, day: '2026-11-21' }));
    const unlimited = { ...limits, perPurchase: null };
    fc.assert(fc.property(fc.integer({ min: 1, max: 3_000_000 }), fc.oneof(fc.double({ min: 0, max: 1.3, noNaN: true }), fc.double({ min: 0.9, max: 1, noNaN: true })), fc.constantFrom(...compiled), (listMinor, share, fees) => {
      const best = Math.floor(listMinor * 1.25);
      const unitMinor = Math.max(1, Math.floor(best * share));
      const earns = best - fees.totalMinor(best) - unitMinor;
      if (earns >= unlimited.minProfit.minor) expect(screenOffer({ ...sound, unitMinor, bestSaleMinor: listMinor }, unlimited)).toBeNull();
    }), { numRuns: 3_000 });
  });
});

const record = (over: Partial<OfferRecord> = {}): OfferRecord => ({ ...normaliseOffer(offerOf(1), {}), id: 'off_1', sourceId: 'src_1', productId: null, lastSeenAt: 0, ...over });
const product = (over: Partial<ProductRecord> = {}): ProductRecord => ({ id: 'prd_1', gtin: gtin14Of(1), asin: asinOf(1), title: 'Northgate kettle K1', brand: 'Northgate', category: null, lengthMm: null, widthMm: null, heightMm: null, weightG: null, imageUrl: null, attributes: {}, ...over });
const facts = (packQuantity: number | null) => ({ packQuantity }) as MarketFacts;
/** What a purchase needs: see MIN_IDENTITY_BP. */
const ENOUGH = 7_000;

describe('identityOf', () => {
  it('is near certain where code and title agree, and stays a probability', () => {
    expect(identityOf(record(), product())).toBeGreaterThanOrEqual(9_500);
    expect(identityOf(record(), product())).toBeLessThan(10_000);
  });
  it('doubts a code whose title shares nothing with the product', () => {
    expect(identityOf(record({ title: 'Garden hose 20 m', brand: null }), product())).toBeLessThan(ENOUGH);
  });
  it('doubts a brand that contradicts with a title that hardly agrees', () => {
    expect(identityOf(record({ title: 'Kettle blue steel whistle', brand: 'Acme' }), product({ title: 'Northgate K1 gooseneck pour over' }))).toBeLessThan(ENOUGH);
  });
  it('does not take a repaired code for a sure one', () => {
    const repaired = record({ gtin: null, candidates: [gtin14Of(1)], title: 'Kettle', brand: null });
    expect(identityOf({ ...repaired, title: 'steel thing' }, product())).toBeLessThan(ENOUGH);
    expect(identityOf(repaired, product())).toBeLessThanOrEqual(identityOf({ ...repaired, gtin: gtin14Of(1) }, product()));
  });
  it('is within 0 and 10,000 whatever the words', () => {
    fc.assert(fc.property(fc.string(), fc.string(), fc.option(fc.string()), fc.option(fc.string()), fc.boolean(), (a, b, brandA, brandB, exact) => {
      const bp = identityOf(record({ title: a, brand: brandA, gtin: exact ? gtin14Of(1) : null }), product({ title: b, brand: brandB }));
      expect(bp).toBeGreaterThanOrEqual(0);
      expect(bp).toBeLessThanOrEqual(10_000);
    }));
  });
});

describe('packOf', () => {
  it('vetoes a code of the single under a title of three, and the other way round', () => {
    expect(packOf(record({ packSize: 3 }), product(), facts(1))).toBe('conflict');
    expect(packOf(record({ packSize: 1 }), product({ title: 'Northgate kettle K1 pack of 3' }), facts(3))).toBe('conflict');
    expect(packOf(record({ packSize: 3 }), product({ title: 'Northgate kettle K1 pack of 3' }), facts(3))).toBe('same');
    expect(packOf(record({ packSize: 1 }), product(), facts(null))).toBe('same');
  });
});
