import type { Random } from '#kernel/random.ts';
import type { IdDamage } from './outlets.ts';
import type { Product } from './types.ts';

const SMALL: readonly (readonly [keyof IdDamage, (digits: string, random: Random) => string | null])[] = [
  ['absent', () => null],
  ['lostZero', (digits) => digits.replace(/^0+/, '')],
  ['lostCheck', (digits) => digits.slice(0, -1)],
  // What a spreadsheet makes of a long number in a narrow column: the digits are gone for good.
  ['exponent', (digits) => `${digits.replace(/^0+/, '')[0]}.${digits.replace(/^0+/, '').slice(1, 3)}E+${digits.replace(/^0+/, '').length - 1}`],
  ['typo', (digits, random) => {
    const at = 1 + random.int(digits.length - 2);
    return digits.slice(0, at) + ((Number(digits[at]) + 1 + random.int(9)) % 10) + digits.slice(at + 1);
  }],
  ['dashes', (digits) => `${digits.slice(0, -10)}-${digits.slice(-10, -5)}-${digits.slice(-5, -1)}-${digits.slice(-1)}`],
];

/** The identifier as an outlet prints it. For books, the ISBN-10 at times. Null when it prints none. */
export function printId(random: Random, product: Product, damage: IdDamage): string | null {
  const digits = product.isbn10 !== null && random.next() < 0.2 ? product.isbn10 : product.gtin;
  if (digits === null) return null;
  let draw = random.int(1_000);
  for (const [kind, change] of SMALL) {
    draw -= damage[kind];
    if (draw < 0) return change(digits, random);
  }
  return digits;
}
