/** The GS1 check digit of data digits (without it): weights 3, 1, 3 … from the rightmost. */
export function gtinCheckDigit(data: string): number {
  let sum = 0;
  for (let i = data.length - 1, weight = 3; i >= 0; i--, weight = 4 - weight) sum += (data.charCodeAt(i) - 48) * weight;
  return (10 - (sum % 10)) % 10;
}

export function isValidGtin(digits: string): boolean {
  return /^(\d{8}|\d{12,14})$/.test(digits) && gtinCheckDigit(digits.slice(0, -1)) === digits.charCodeAt(digits.length - 1) - 48;
}

/** ISBN-10 of nine data digits: weights 10 … 2, modulo 11, X for ten. */
export function isbn10Of(nine: string): string {
  let sum = 0;
  for (let i = 0; i < 9; i++) sum += (nine.charCodeAt(i) - 48) * (10 - i);
  const check = (11 - (sum % 11)) % 11;
  return nine + (check === 10 ? 'X' : String(check));
}

/** 36^4: the low half of an ASIN's free part. */
const HALF = 1_679_616;
const base36 = (value: number) => value.toString(36).toUpperCase().padStart(4, '0');

/** `B0` and eight characters. Different for every index below 1,679,616: the low half is a permutation of the index. */
export function asinOf(index: number, salt: number): string {
  const low = (index * 104_729 + (salt % HALF)) % HALF;
  const high = (Math.imul(index ^ salt, 0x9e3779b1) >>> 0) % HALF;
  return `B0${base36(high)}${base36(low)}`;
}

/** GTIN-14 form of any GTIN or ISBN in digits (ISBN-10 with X allowed): what look-ups compare. Null when it cannot be one. */
export function toGtin14(text: string): string | null {
  const compact = text.replaceAll(/[\s-]/g, '').toUpperCase();
  if (/^\d{9}[\dX]$/.test(compact)) {
    if (isbn10Of(compact.slice(0, 9)) !== compact) return null;
    const data = `978${compact.slice(0, 9)}`;
    return `0${data}${gtinCheckDigit(data)}`;
  }
  return /^\d{8,14}$/.test(compact) ? compact.padStart(14, '0') : null;
}
