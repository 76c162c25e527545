import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, allocate, compare, convert, divideRounded, exponentOf, formatMoney, inverse, money, multiply, negate, parseDecimal, percentOf, rateOf, scaleMinor, subtract, sum, toDecimal, zero, type Rounding } from './money.ts';

const minor = fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 });
const currency = fc.constantFrom('USD', 'DZD', 'JPY', 'TND', 'CLF');
const ROUNDINGS: readonly Rounding[] = ['half-even', 'half-up', 'down', 'up'];

describe('money', () => {
  it.each([1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('is never %d minor units', (amount) => expect(() => money(amount, 'USD')).toThrow(RangeError));
  it.each(['usd', 'US', 'DOLLAR', ''])('is in no currency "%s"', (code) => expect(() => money(1, code)).toThrow(RangeError));
  it('knows no negative zero', () => expect(Object.is(money(-0, 'USD').minor, 0)).toBe(true));
  it('does not combine two currencies', () => {
    for (const combine of [add, subtract, compare]) expect(() => combine(money(1, 'USD'), money(1, 'EUR'))).toThrow('convert first');
    expect(() => sum([money(1, 'EUR')], 'USD')).toThrow('convert first');
  });
  it('throws rather than lose a unit', () => {
    expect(() => add(money(Number.MAX_SAFE_INTEGER, 'USD'), money(1, 'USD'))).toThrow(RangeError);
    expect(() => multiply(money(Number.MAX_SAFE_INTEGER, 'USD'), 2)).toThrow(RangeError);
    expect(() => convert(money(Number.MAX_SAFE_INTEGER, 'USD'), rateOf('USD', 'DZD', '238'))).toThrow(RangeError);
  });
  it('adds and takes away without remainder', () => {
    fc.assert(fc.property(minor, minor, (a, b) => {
      expect(subtract(add(money(a, 'USD'), money(b, 'USD')), money(b, 'USD'))).toEqual(money(a, 'USD'));
      expect(add(money(a, 'USD'), negate(money(a, 'USD')))).toEqual(zero('USD'));
    }));
  });
});

describe('divideRounded', () => {
  it.each([[5n, 2n, [2n, 3n, 2n, 3n]], [7n, 2n, [4n, 4n, 3n, 4n]], [-5n, 2n, [-2n, -3n, -2n, -3n]], [1n, 3n, [0n, 0n, 0n, 1n]], [6n, 3n, [2n, 2n, 2n, 2n]]] as const)('%d / %d', (n, d, expected) => {
    expect(ROUNDINGS.map((r) => divideRounded(n, d, r))).toEqual(expected);
  });
  it('is within one of the true quotient, half of one when it rounds to the nearest', () => {
    fc.assert(fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.bigInt({ min: 1n, max: 10n ** 12n }), fc.constantFrom(...ROUNDINGS), (n, d, rounding) => {
      const error = divideRounded(n, d, rounding) * d - n;
      const size = error < 0n ? -error : error;
      if (rounding.startsWith('half')) expect(size * 2n <= d).toBe(true);
      else expect(size < d).toBe(true);
    }));
  });
  it('does not divide by nothing', () => expect(() => divideRounded(1n, 0n, 'down')).toThrow(RangeError));
});

describe('percentOf and scaleMinor', () => {
  it('take a share in basis points exactly', () => {
    expect(percentOf(money(1_000, 'USD'), 1_500)).toEqual(money(150, 'USD'));
    expect(percentOf(money(333, 'USD'), 1_325)).toEqual(money(44, 'USD'));
    expect(scaleMinor(Number.MAX_SAFE_INTEGER, 3, 3, 'down')).toBe(Number.MAX_SAFE_INTEGER);
  });
});

describe('allocate', () => {
  const weights = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 40 }).filter((w) => w.some((x) => x > 0));
  it('loses and makes no minor unit, and no share strays a unit from its due', () => {
    fc.assert(fc.property(minor, weights, (amount, w) => {
      const parts = allocate(money(amount, 'USD'), w);
      expect(sum(parts, 'USD')).toEqual(money(amount, 'USD'));
      const total = w.reduce((a, b) => a + b, 0);
      parts.forEach((part, i) => {
        const error = BigInt(part.minor) * BigInt(total) - BigInt(amount) * BigInt(w[i]!);
        expect((error < 0n ? -error : error) < BigInt(total)).toBe(true);
        if (w[i] === 0) expect(part.minor).toBe(0);
      });
    }));
  });
  it('gives what is left over to the first of equals', () => expect(allocate(money(100, 'USD'), [1, 1, 1]).map((p) => p.minor)).toEqual([34, 33, 33]));
  it.each([[[]], [[0, 0]], [[-1, 2]], [[0.5]]])('refuses weights %j', (w) => expect(() => allocate(money(1, 'USD'), w)).toThrow(RangeError));
});

describe('convert', () => {
  const rate = fc.tuple(fc.integer({ min: 1, max: 999_999 }), fc.integer({ min: 0, max: 999_999 })).map(([whole, part]) => `${whole}.${String(part).padStart(6, '0')}`);
  it('minds the digits of both currencies', () => {
    expect(convert(money(1_00, 'USD'), rateOf('USD', 'JPY', '150'))).toEqual(money(150, 'JPY'));
    expect(convert(money(150, 'JPY'), inverse(rateOf('USD', 'JPY', '150')))).toEqual(money(1_00, 'USD'));
    expect(convert(money(1_00, 'USD'), rateOf('USD', 'TND', '3.1'))).toEqual(money(3_100, 'TND'));
  });
  it('comes back within what one minor unit of the other currency is worth', () => {
    fc.assert(fc.property(fc.integer({ min: -500_000, max: 500_000 }), currency, currency, rate, (amount, from, to, decimal) => {
      fc.pre(from !== to);
      const there = rateOf(from, to, decimal);
      const back = convert(convert(money(amount, from), there), inverse(there));
      const unit = 10 ** (exponentOf(from) - exponentOf(to)) / Number(decimal);
      expect(Math.abs(back.minor - amount)).toBeLessThanOrEqual(0.5 * unit + 0.5 + 1e-6);
    }));
  });
  it('keeps the order of amounts, whichever way it rounds', () => {
    fc.assert(fc.property(fc.integer({ min: -500_000, max: 500_000 }), fc.nat(1_000), rate, fc.constantFrom(...ROUNDINGS), (amount, more, decimal, rounding) => {
      const there = rateOf('USD', 'DZD', decimal);
      const [lower, higher] = [convert(money(amount, 'USD'), there, rounding), convert(money(amount + more, 'USD'), there, rounding)];
      expect(compare(lower, higher)).toBeLessThanOrEqual(0);
      expect(convert(money(-amount, 'USD'), there, rounding)).toEqual(negate(lower));
    }));
  });
  it('refuses the rate of another currency', () => expect(() => convert(money(1, 'EUR'), rateOf('USD', 'DZD', '1'))).toThrow('the rate is for USD'));
  it.each(['0', '0.000', '-1', '1,5', '1e3', '', '1.2345678', '12345678901'])('reads no rate from "%s"', (text) => expect(() => rateOf('USD', 'DZD', text)).toThrow(RangeError));
});

describe('toDecimal and parseDecimal', () => {
  it('are each other’s inverse', () => {
    fc.assert(fc.property(minor, currency, (amount, code) => {
      expect(parseDecimal(toDecimal(money(amount, code)), code)).toEqual(money(amount, code));
    }));
  });
  it.each([['12.4', 1_240], ['12.400', 1_240], ['-0.05', -5], ['-0', 0], ['007', 700]])('reads %s', (text, expected) => expect(parseDecimal(text, 'USD')).toEqual(money(expected, 'USD')));
  it.each(['12.405', '1,200.00', '$5', '', ' 5', '.5', '5.', '1e3', '99999999999999'])('reads nothing from "%s"', (text) => expect(parseDecimal(text, 'USD')).toBeNull());
  it('shows people what reads back as the same amount', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 10_000_000_000 }), fc.constantFrom('USD', 'DZD', 'JPY', 'TND'), (amount, code) => {
      const shown = formatMoney(money(amount, code), 'en').replace(/[^\d.]/g, '');
      expect(parseDecimal(shown, code)).toEqual(money(amount, code));
    }));
  });
  it('gives people their own form', () => expect(formatMoney(money(1_240, 'USD'), 'en')).toBe('$12.40'));
});
