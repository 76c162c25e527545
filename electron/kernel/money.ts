/** ISO 4217 code, upper case. */
export type Currency = string;

/** An amount in minor units (cents, centimes). `minor` is always a safe integer. */
export interface Money {
  readonly minor: number;
  readonly currency: Currency;
}

/** Digits after the decimal point, as ISO 4217 has them (written from memory, not from a dated list). Currencies that are not named here have two. */
const EXPONENTS: Readonly<Record<string, number>> = {
  BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, UYI: 0, VND: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0,
  BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3, CLF: 4, UYW: 4,
};

export function exponentOf(currency: Currency): number {
  return EXPONENTS[currency] ?? 2;
}

export type Rounding = 'half-even' | 'half-up' | 'down' | 'up';

/** @throws RangeError when `minor` is not a safe integer or the currency is not three capital letters. */
export function money(minor: number, currency: Currency): Money {
  if (!Number.isSafeInteger(minor)) throw new RangeError(`money must be a whole number of minor units, got ${minor}`);
  if (!/^[A-Z]{3}$/.test(currency)) throw new RangeError(`not an ISO 4217 currency: ${currency}`);
  return { minor: minor === 0 ? 0 : minor, currency };
}

export const zero = (currency: Currency): Money => money(0, currency);

function same(a: Money, b: Money): void {
  if (a.currency !== b.currency) throw new RangeError(`cannot combine ${a.currency} with ${b.currency}: convert first`);
}

export function add(a: Money, b: Money): Money {
  same(a, b);
  return money(a.minor + b.minor, a.currency);
}

export function subtract(a: Money, b: Money): Money {
  same(a, b);
  return money(a.minor - b.minor, a.currency);
}

export const negate = (a: Money): Money => money(-a.minor, a.currency);

export function sum(amounts: Iterable<Money>, currency: Currency): Money {
  let total = zero(currency);
  for (const amount of amounts) total = add(total, amount);
  return total;
}

/** Negative, zero or positive as `a` is below, equal to or above `b`. */
export function compare(a: Money, b: Money): number {
  same(a, b);
  return a.minor - b.minor;
}

/** `numerator / denominator` rounded to a whole number. Exact: no floating point takes part. */
export function divideRounded(numerator: bigint, denominator: bigint, rounding: Rounding): bigint {
  if (denominator === 0n) throw new RangeError('division by zero');
  const negative = numerator < 0n !== denominator < 0n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = denominator < 0n ? -denominator : denominator;
  let q = n / d;
  const rest = n % d;
  const twice = rest * 2n;
  if (rest !== 0n && (rounding === 'up' || (rounding === 'half-up' && twice >= d) || (rounding === 'half-even' && (twice > d || (twice === d && q % 2n === 1n))))) q += 1n;
  return negative ? -q : q;
}

/** `minor × numerator / denominator`. `down` is towards zero and `up` away from it. */
export function scaleMinor(minor: number, numerator: number, denominator: number, rounding: Rounding): number {
  return Number(divideRounded(BigInt(minor) * BigInt(numerator), BigInt(denominator), rounding));
}

/** A share in basis points (1 % = 100): `percentOf(usd 10.00, 1_500)` is 1.50. */
export function percentOf(amount: Money, basisPoints: number, rounding: Rounding = 'half-up'): Money {
  return money(scaleMinor(amount.minor, basisPoints, 10_000, rounding), amount.currency);
}

export function multiply(amount: Money, quantity: number): Money {
  return money(amount.minor * quantity, amount.currency);
}

/** Splits without losing a minor unit: shares follow `weights`, and the remainder goes to the largest fractions, first come first. */
export function allocate(amount: Money, weights: readonly number[]): Money[] {
  if (weights.length === 0 || weights.some((w) => !Number.isSafeInteger(w) || w < 0)) throw new RangeError('weights must be whole numbers, at least one');
  const total = weights.reduce((a, b) => a + b, 0);
  if (total === 0) throw new RangeError('weights must not all be zero');
  const sign = amount.minor < 0 ? -1 : 1;
  const whole = BigInt(Math.abs(amount.minor));
  const parts = weights.map((w, index) => {
    const product = whole * BigInt(w);
    return { index, share: product / BigInt(total), rest: product % BigInt(total) };
  });
  let left = whole - parts.reduce((a, p) => a + p.share, 0n);
  const order = parts.toSorted((a, b) => (b.rest > a.rest ? 1 : b.rest < a.rest ? -1 : a.index - b.index));
  for (const part of order) {
    if (left === 0n) break;
    part.share += 1n;
    left -= 1n;
  }
  return parts.map((p) => money(sign * Number(p.share), amount.currency));
}

/** An exchange rate as a ratio of whole numbers: one major unit of `from` is `numerator / denominator` major units of `to`. */
export interface Rate {
  readonly from: Currency;
  readonly to: Currency;
  readonly numerator: number;
  readonly denominator: number;
}

/** A rate from decimal text such as `"134.25"`: exact. @throws RangeError on anything else or zero. */
export function rateOf(from: Currency, to: Currency, decimal: string): Rate {
  const match = /^(\d{1,9})(?:\.(\d{1,6}))?$/.exec(decimal);
  if (!match) throw new RangeError(`not a rate: ${decimal}`);
  const fraction = match[2] ?? '';
  const numerator = Number(match[1] + fraction);
  if (numerator === 0) throw new RangeError('a rate must be above zero');
  return { from, to, numerator, denominator: 10 ** fraction.length };
}

export const inverse = (rate: Rate): Rate => ({ from: rate.to, to: rate.from, numerator: rate.denominator, denominator: rate.numerator });

export function convert(amount: Money, rate: Rate, rounding: Rounding = 'half-even'): Money {
  if (amount.currency !== rate.from) throw new RangeError(`the rate is for ${rate.from}, not ${amount.currency}`);
  const up = exponentOf(rate.to) - exponentOf(rate.from);
  const numerator = BigInt(amount.minor) * BigInt(rate.numerator) * 10n ** BigInt(Math.max(0, up));
  return money(Number(divideRounded(numerator, BigInt(rate.denominator) * 10n ** BigInt(Math.max(0, -up)), rounding)), rate.to);
}

/** `"12.40"`: plain decimal text in major units, no grouping and no symbol. Reads back with `parseDecimal`. */
export function toDecimal(amount: Money): string {
  const exponent = exponentOf(amount.currency);
  const digits = Math.abs(amount.minor).toString().padStart(exponent + 1, '0');
  const sign = amount.minor < 0 ? '-' : '';
  return exponent === 0 ? sign + digits : `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/** Reads `"12.4"` or `"-12.40"`; null for anything else, or for more digits than the currency has (a loss would be silent). */
export function parseDecimal(text: string, currency: Currency): Money | null {
  const match = /^(-?)(\d{1,13})(?:\.(\d+))?$/.exec(text);
  if (!match) return null;
  const exponent = exponentOf(currency);
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  if (fraction.length > exponent) return null;
  const minor = Number(match[2] + fraction.padEnd(exponent, '0'));
  return Number.isSafeInteger(minor) ? money(match[1] ? -minor : minor, currency) : null;
}

/** For people, in their language: `formatMoney(m, 'en')` is `$12.40`, or `DZD 1,250.00`. */
export function formatMoney(amount: Money, locale: string): string {
  const digits = exponentOf(amount.currency);
  return new Intl.NumberFormat(locale, { style: 'currency', currency: amount.currency, minimumFractionDigits: digits, maximumFractionDigits: digits }).format(Number(toDecimal(amount)));
}
