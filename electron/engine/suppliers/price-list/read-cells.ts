import { asciiDigits } from '#kernel/fold-text.ts';
import { exponentOf, parseDecimal, type Currency, type Money } from '#kernel/money.ts';
import { readPriceText, type NoPriceReason } from '#kernel/price-text.ts';

export type DecimalMark = '.' | ',';

export type AmountReading = { readonly ok: true; readonly amount: Money } | { readonly ok: false; readonly reason: NoPriceReason | 'no-currency' | 'too-many-decimals' };

/** `12.40` with digits and one point alone, at most two decimals: nearly every cell. The amount in hundredths, or −1 for anything else. */
function plainHundredths(text: string): number {
  let value = 0;
  let decimals = -1;
  const n = text.length;
  if (n === 0 || n > 12) return -1;
  for (let i = 0; i < n; i++) {
    const c = text.charCodeAt(i);
    if (c === 46 && decimals < 0 && i > 0) decimals = 0;
    else if (c >= 48 && c <= 57) {
      value = value * 10 + c - 48;
      if (decimals >= 0) decimals++;
    } else return -1;
  }
  if (decimals > 2) return -1;
  return decimals === 2 ? value : decimals === 1 ? value * 10 : value * 100;
}

/** `12-May`, `1 déc. 2026`: what a spreadsheet makes of `12-5`, and no price of 12. */
const DAY_OF_MONTH = /^\s*\d{1,4}[-/. ]{1,2}(?:jan|feb|f[eé]v|mar|m[aä]r|apr|abr|avr|ma[iyj]|may|jun|jui|jul|aug|ao[uû]|ago|sep|oct|okt|out|nov|de[czs]|d[eé]c|ene|fev|dic|dez)\p{L}{0,7}\.?(?:[-/. ]{1,2}\d{2,4})?\s*$/iu;

/** One kind of separator, and three digits after its last: `1.234` is one or a thousand, and only the column can tell. */
const AMBIGUOUS = /^\D*\d{1,3}(?:([.,])\d{3})?(?:\1\d{3})*\D*$/;

/**
 * A price cell. The column's decimal mark settles only what is open (`1.234`): a cell that shows its own way is read by it, so that `12,50` is never 1,250.
 * More decimals than the currency has (spreadsheet prices such as 1.2345) are rounded up: a cost is not understated.
 */
export function readAmount(text: string, currency: Currency | null, decimalMark: DecimalMark | null): AmountReading {
  if (currency !== null && exponentOf(currency) === 2 && decimalMark !== ',') {
    const hundredths = plainHundredths(text);
    if (hundredths >= 0) return { ok: true, amount: { minor: hundredths, currency } };
  }
  if (DAY_OF_MONTH.test(text)) return { ok: false, reason: 'not-the-price' };
  const known = decimalMark !== null && AMBIGUOUS.test(text.trim()) ? decimalMark : undefined;
  const plain = /^\s*\d+[.,]\d{4,6}\s*$/.test(text) ? text.trim().replace(',', '.') : null;
  const reading = plain !== null ? { amount: plain, why: null, currency } : readPriceText(text, { expected: currency, ...(known ? { decimalSeparator: known } : {}) });
  if (reading.amount === null) return { ok: false, reason: reading.why ?? 'no-number' };
  if (reading.currency === null) return { ok: false, reason: 'no-currency' };
  const amount = parseDecimal(reading.amount, reading.currency) ?? roundedUp(reading.amount, reading.currency);
  return amount ? { ok: true, amount } : { ok: false, reason: 'too-many-decimals' };
}

function roundedUp(decimal: string, currency: Currency): Money | null {
  const exponent = exponentOf(currency);
  const [whole = '', fraction = ''] = decimal.split('.');
  const cut = parseDecimal(exponent === 0 ? whole : `${whole}.${fraction.slice(0, exponent)}`, currency);
  return cut && { minor: cut.minor + 1, currency };
}

/** A count: `12`, `1 200`, `12 pcs`, `12.0`, `>100`, `case of 24`, `12x6` (72). Null when none can be read. */
export function readCount(text: string): number | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  if (/^\d{1,9}$/.test(trimmed)) return Number(trimmed);
  const plain = asciiDigits(trimmed);
  if (/^\d{1,9}$/.test(plain)) return Number(plain);
  const product = /^(\d{1,4})\s*[x×*/]\s*(\d{1,4})$/i.exec(plain);
  if (product) return Number(product[1]) * Number(product[2]);
  const grouped = /^\D{0,20}?(\d{1,3}(?:[ .,\u00a0\u202f]\d{3})+|\d{1,9})(?:[.,]0+)?\+?(?:\s*\D{0,20})?$/.exec(plain);
  return grouped?.[1] === undefined ? null : Number(grouped[1].replace(/\D/g, ''));
}

/** A stock cell, which may be a word: 0 for none, null for some but uncounted. */
export function readStock(text: string): number | null {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const plain = text.trim().toLowerCase();
  if (/^(no|n|out|out of stock|oos|rupture|agotado|ausverkauft|non|sold out|غير متوفر|-)$/.test(plain)) return 0;
  if (plain.startsWith('-')) return 0;
  return readCount(text);
}

/** A rate as basis points: `20`, `20 %`, `0.2`, `19,0`. Null when it is no rate between 0 and 100 %. */
export function readRateBp(text: string): number | null {
  const match = /^(\d{1,3})(?:[.,](\d{1,4}))?\s*(%)?$/.exec(asciiDigits(text.trim()));
  if (!match) return null;
  const value = Number(`${match[1]}.${match[2] ?? '0'}`);
  const percent = match[3] === undefined && value > 0 && value < 1 ? value * 100 : value;
  return percent <= 100 ? Math.round(percent * 100) : null;
}
