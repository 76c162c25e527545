import { describe, expect, it } from 'vitest';
import { DAY_MS } from '#kernel/time.ts';
import type { AssessContext } from './assess-offer.ts';
import { titleWithVariant } from './judge-identity.ts';
import type { OfferRecord } from './repo.ts';
import { asksLikeMore, packByPrice, packOrPiece, type PricedProduct } from './tell-pack.ts';

const context = { business: { homeCurrency: 'USD', rates: [] } } as unknown as AssessContext;
const going = (value: number) => ({ facts: { currency: 'USD', series: { ebayNew: { unit: 'minor', start: 0, gap: Array.from({ length: 9 }, () => DAY_MS / 60_000), value: Array.from({ length: 9 }, () => value) } } } }) as unknown as PricedProduct['snapshot'];
const product = (asin: string, title: string, weightG: number | null) => ({ asin, title, weightG }) as PricedProduct['product'];
const single: PricedProduct = { product: product('A1', 'Veror Work Gloves IG1219', 135), snapshot: going(2_000) };
const pack: PricedProduct = { product: product('A3', 'Veror Work Gloves IG1219, Pack of 3', 405), snapshot: going(5_500) };
const offer = (priceMinor: number, facts: Record<string, unknown> = {}) => ({ priceMinor, currency: 'USD', packSize: 1, title: 'Work Gloves IG1219', facts }) as unknown as OfferRecord;
const tell = (one: OfferRecord, over: { packs?: readonly PricedProduct[]; codedAsin?: string | null } = {}) => packByPrice(one, { single, packs: [pack], codedAsin: null, ...over }, context);

describe('packByPrice', () => {
  it('takes a page that names no pack for the pack where it asks twice the going price of one and no more than the pack', () => {
    expect(tell(offer(4_200))).toMatchObject({ product: { asin: 'A3' }, identityBp: 9_500 });
    expect(tell(offer(4_200), { codedAsin: 'A1' })).toMatchObject({ product: { asin: 'A3' }, identityBp: 8_700 });
    expect([tell(offer(3_200)), tell(offer(5_600))]).toEqual([null, null]);
    expect(tell(offer(3_200), { codedAsin: 'A3' })).toMatchObject({ product: { asin: 'A3' } });
  });

  it('takes none against the weight that the page prints, where two packs fit, or of another line', () => {
    expect(tell(offer(4_200, { weightGrams: 136 }))).toBeNull();
    expect(tell(offer(4_200, { weightGrams: 404 }))).toMatchObject({ product: { asin: 'A3' } });
    expect(tell(offer(4_200), { packs: [pack, { ...pack, product: product('A4', 'Veror Work Gloves IG1219, Pack of 4', null) }] })).toBeNull();
    expect(tell(offer(4_200), { packs: [{ ...pack, product: product('A9', 'Veror Work Gloves ZZ777, Pack of 3', null) }] })).toBeNull();
  });

  it('wonders only about a page that is silent and asks much', () => {
    expect([asksLikeMore(offer(4_200), single, context), asksLikeMore(offer(2_200), single, context), asksLikeMore({ ...offer(4_200), packSize: 3 }, single, context)]).toEqual([true, false, false]);
  });
});

const asked = (priceMinor: number, over: { facts?: Record<string, unknown>; pack?: PricedProduct } = {}) => packOrPiece(offer(priceMinor, over.facts), { single, pack: over.pack ?? pack }, context);

describe('packOrPiece', () => {
  it('takes a silent page with the code of a pack for the piece at no more than its price, for the pack near that of the pack, and for neither between or above', () => {
    expect(asked(1_400)).toMatchObject({ product: { asin: 'A1' }, identityBp: 8_700 });
    expect(asked(4_600)).toMatchObject({ product: { asin: 'A3' }, identityBp: 9_500 });
    expect([asked(2_400), asked(3_400), asked(5_800)]).toEqual([null, null, null]);
    // nearer what one piece goes for, though twice as dear
    expect(asked(4_400, { pack: { ...pack, snapshot: going(9_900) } })).toBeNull();
  });

  it('takes neither against the weight that the page prints, nor of another line', () => {
    expect([asked(1_400, { facts: { weightGrams: 404 } }), asked(4_600, { facts: { weightGrams: 136 } })]).toEqual([null, null]);
    expect(asked(4_600, { pack: { ...pack, product: product('A9', 'Veror Work Gloves ZZ777, Pack of 3', null) } })).toBeNull();
  });
});

const roseGoldM = (title: string) => titleWithVariant({ title, facts: { variantText: 'Rose Gold, M' } } as unknown as OfferRecord);

describe('titleWithVariant', () => {
  it('adds what the title leaves out of colour and size', () => {
    expect(['Work Gloves', 'Work gloves, rose gold', 'Work Gloves M Rose Gold'].map(roseGoldM)).toEqual(['Work Gloves, Rose Gold, M', 'Work gloves, rose gold, M', 'Work Gloves M Rose Gold']);
  });
});
