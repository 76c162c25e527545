import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gtinCheckDigit, impliedAsin, isAsin, isGtin, isIsbn10, isIsbn13, isRestrictedCirculation, isbn10To13, isbn13To10, parseIdentifier, repairIdentifier, shortestGtin } from './identifiers.ts';

const digits = (n: number) => fc.array(fc.integer({ min: 0, max: 9 }), { minLength: n, maxLength: n }).map((d) => d.join('')).filter((d) => new Set(d).size > 1);
const values = (text: string) => {
  const outcome = repairIdentifier(text);
  return outcome.status === 'refused' ? outcome.code : outcome.candidates.map((c) => `${c.identifier.value} ${c.repairs.join('+')}`.trim());
};

describe('check digits', () => {
  it('agrees with the GS1 and ISO examples', () => {
    expect(gtinCheckDigit('629104150021')).toBe(3);
    for (const good of ['6291041500213', '96385074', '036000291452', '10614141000415']) expect(isGtin(good)).toBe(true);
    for (const good of ['0306406152', '080442957X', '097522980X']) expect(isIsbn10(good)).toBe(true);
    for (const bad of ['6291041500214', '0000000000000', '123', '03600029145a']) expect(isGtin(bad)).toBe(false);
    for (const bad of ['0306406153', '08044X957X', '0000000000', '030640615:']) expect(isIsbn10(bad)).toBe(false);
  });
  it('sees every change of one digit', () => {
    fc.assert(fc.property(digits(12), fc.nat(12), fc.integer({ min: 1, max: 9 }), (data, at, by) => {
      const good = data + gtinCheckDigit(data);
      const changed = good.slice(0, at) + ((Number(good[at]) + by) % 10) + good.slice(at + 1);
      return isGtin(good) && !isGtin(changed);
    }));
  });
  it('keeps music apart from books', () => {
    expect(isIsbn13('9790060115615')).toBe(false);
    expect(parseIdentifier('9790060115615')?.kind).toBe('GTIN-13');
  });
});

describe('conversions', () => {
  it('turns ISBN-13 into ISBN-10 and back', () => {
    expect(isbn13To10('9780306406157')).toBe('0306406152');
    expect(isbn13To10('9791090636071')).toBeNull();
    fc.assert(fc.property(digits(9), (data) => {
      const isbn13 = isbn10To13(`${data}0`);
      return isIsbn13(isbn13) && isIsbn10(isbn13To10(isbn13) ?? '') && isbn10To13(isbn13To10(isbn13) ?? '') === isbn13;
    }));
  });
  it('meets in GTIN-14, whatever the written length', () => {
    expect(new Set(['036000291452', '0036000291452', '00036000291452'].map((t) => parseIdentifier(t)?.gtin14)).size).toBe(1);
    expect(shortestGtin('00036000291452')).toBe('036000291452');
    expect(shortestGtin('00000096385074')).toBe('96385074');
  });
  it('knows the ASIN that a book implies', () => {
    expect(impliedAsin(parseIdentifier('978-0-306-40615-7')!)).toBe('0306406152');
    expect(impliedAsin(parseIdentifier('B00N150YS4')!)).toBe('B00N150YS4');
    expect(impliedAsin(parseIdentifier('036000291452')!)).toBeNull();
    expect(isAsin('b00n150ys4')).toBe(false);
  });
  it('marks numbers that mean something in one shop only', () => {
    expect(isRestrictedCirculation('02012345678900')).toBe(true);
    expect(isRestrictedCirculation('00036000291452')).toBe(false);
  });
});

describe('parseIdentifier', () => {
  it('accepts dashes, spaces and lower case, and repairs nothing', () => {
    expect(parseIdentifier('0-306-40615-2')).toEqual({ kind: 'ISBN-10', value: '0306406152', gtin14: '09780306406157' });
    expect(parseIdentifier('0 8044 2957 x')?.value).toBe('080442957X');
    expect(parseIdentifier('36000291452')).toBeNull();
    expect(parseIdentifier('03600029145')).toBeNull();
    expect(parseIdentifier('ABC')).toBeNull();
  });
});

describe('repairIdentifier', () => {
  it('restores leading zeros and says so', () => {
    expect(values('36000291452')).toEqual(['036000291452 leading-zeros-restored', '360002914522 check-digit-restored']);
    expect(values('306406152')).toContain('0306406152 leading-zeros-restored');
    expect(values('80442957X')).toEqual(['080442957X leading-zeros-restored']);
  });
  it('restores a lost check digit and says so', () => {
    expect(values('629104150021')).toEqual(['6291041500213 check-digit-restored']);
  });
  it('offers every reading when there are several, the complete one first', () => {
    // Right as a UPC; also an EAN that lost its check digit.
    expect(values('036000291452')[0]).toBe('036000291452');
    expect(values('036000291452')).toHaveLength(2);
  });
  it('removes what spreadsheets and people add', () => {
    expect(values('="6291041500213"')[0]).toBe('6291041500213');
    expect(values("'6291041500213")[0]).toBe('6291041500213');
    expect(values('ISBN: 978-0-306-40615-7')[0]).toBe('9780306406157 label-removed+separators-removed');
    expect(values('9780306406157.0')[0]).toBe('9780306406157 decimal-part-removed');
    expect(values('9.780306406157E+12')[0]).toBe('9780306406157 exponent-expanded');
  });
  it('refuses what has lost digits for good, and never guesses', () => {
    expect(values('9.78031E+12')).toBe('digits-lost');
    expect(values('1.23E+11')).toBe('digits-lost');
    expect(values('9,78E+12')).toBe('digits-lost');
    expect(values('6291041500214')).not.toContain('6291041500214');
    expect(values('0000000000000')).toBe('placeholder');
    expect(values('1111111111116')).not.toBe('placeholder');
    expect(values('')).toBe('empty');
    expect(values('n/a')).toBe('not-an-identifier');
    for (const written of ['٤٠٠٦٣٨١٣٣٣٩٣١', '۴۰۰۶۳۸۱۳۳۳۹۳۱', '４００６３８１３３３９３１']) expect(values(written)).toEqual(values('4006381333931'));
    expect(values('123456789012345')).toBe('wrong-length');
    expect(values('B00N150YS4')).toEqual(['B00N150YS4']);
  });
  it('always has the true number among its candidates when a spreadsheet ate zeros or the check digit', () => {
    fc.assert(fc.property(digits(11), (data) => {
      const upc = data + gtinCheckDigit(data);
      for (const damaged of [upc.replace(/^0+/, ''), data]) {
        if (damaged.length < 11) continue;
        const outcome = repairIdentifier(damaged);
        if (outcome.status === 'refused' || !outcome.candidates.some((c) => c.identifier.gtin14 === upc.padStart(14, '0'))) return false;
      }
      return true;
    }));
  });
  it('gives only identifiers whose check digit is right', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ maxLength: 20 }), digits(10), digits(12), digits(7)), (text) => {
      const outcome = repairIdentifier(text);
      return outcome.status === 'refused' || outcome.candidates.every((c) => parseIdentifier(c.identifier.value)?.gtin14 === c.identifier.gtin14);
    }));
  });
});
