/**
 * Product identifiers. GTIN check digits: GS1 General Specifications 7.9 (weights 3,1,3,… from the rightmost data digit).
 * ISBN-10: ISO 2108:1992 (weights 10…2, mod 11, X = 10). An ASIN has no check digit; a book's is normally its ISBN-10.
 */
import { asciiDigits } from './fold-text.ts';

export type IdentifierKind = 'GTIN-8' | 'GTIN-12' | 'GTIN-13' | 'GTIN-14' | 'ISBN-10' | 'ISBN-13' | 'ASIN';

/** An identifier whose check digit is right (an ASIN has none). */
export interface Identifier {
  readonly kind: IdentifierKind;
  /** Digits and capitals only, at the length of its kind. */
  readonly value: string;
  /** The one form to compare and store by: 14 digits. Null for an ASIN. Leading zeros do not change a GTIN, so every GTIN kind meets here. */
  readonly gtin14: string | null;
}

/** What was done to a text to make an identifier of it. */
export type Repair =
  | 'label-removed' | 'separators-removed' | 'decimal-part-removed' | 'exponent-expanded' | 'leading-zeros-restored' | 'check-digit-restored';

export interface RepairCandidate {
  readonly identifier: Identifier;
  /** Empty for a text that was right as it stood. */
  readonly repairs: readonly Repair[];
}

export type RefusalCode = 'empty' | 'digits-lost' | 'wrong-length' | 'wrong-check-digit' | 'not-an-identifier' | 'placeholder';

/**
 * `exact`: right as written, perhaps but for dashes, spaces or a label. `repaired`: every candidate needed a repair; with more than one, try each against a
 * catalogue and take none on faith. `refused`: nothing can be made of it, and why.
 */
export type RepairOutcome =
  | { readonly status: 'exact' | 'repaired'; readonly candidates: readonly RepairCandidate[] }
  | { readonly status: 'refused'; readonly code: RefusalCode; readonly reason: string };

const ZERO = 48;

function isDigits(text: string): boolean {
  if (text.length === 0) return false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i) - ZERO;
    if (c < 0 || c > 9) return false;
  }
  return true;
}

/** The GTIN check digit of `data` (digits without the check digit, any length). */
export function gtinCheckDigit(data: string): number {
  let sum = 0;
  for (let i = data.length - 1, weight = 3; i >= 0; i--, weight = 4 - weight) sum += (data.charCodeAt(i) - ZERO) * weight;
  return (10 - (sum % 10)) % 10;
}

/** The ISBN-10 check character of nine digits. */
export function isbn10CheckCharacter(data: string): string {
  let sum = 0;
  for (let i = 0; i < 9; i++) sum += (data.charCodeAt(i) - ZERO) * (10 - i);
  const check = (11 - (sum % 11)) % 11;
  return check === 10 ? 'X' : String(check);
}

/** True for digits of 8, 12, 13 or 14 places with the right check digit that are not all zero. */
export function isGtin(text: string): boolean {
  const n = text.length;
  if (n !== 8 && n !== 12 && n !== 13 && n !== 14) return false;
  return hasGtinCheck(text);
}

function hasGtinCheck(text: string): boolean {
  let sum = 0;
  let any = 0;
  const last = text.length - 1;
  for (let i = last, weight = 1; i >= 0; i--, weight = 4 - weight) {
    const d = text.charCodeAt(i) - ZERO;
    if (d < 0 || d > 9) return false;
    any |= d;
    sum += d * weight;
  }
  return any !== 0 && sum % 10 === 0;
}

/** Nine digits and a check character (`X` is a capital). */
export function isIsbn10(text: string): boolean {
  if (text.length !== 10) return false;
  let sum = 0;
  let any = 0;
  for (let i = 0; i < 9; i++) {
    const d = text.charCodeAt(i) - ZERO;
    if (d < 0 || d > 9) return false;
    any |= d;
    sum += d * (10 - i);
  }
  const c = text.charCodeAt(9);
  const check = c === 88 ? 10 : c - ZERO;
  return any !== 0 && check >= 0 && check <= 10 && (c === 88 || check < 10) && (sum + check) % 11 === 0;
}

/** 978 and 979 are Bookland, but for 9790, which is printed music (ISMN). */
export function isIsbn13(text: string): boolean {
  return text.length === 13 && (text.startsWith('978') || (text.startsWith('979') && text[3] !== '0')) && hasGtinCheck(text);
}

/** `B0` and eight capitals or digits. A book's ASIN is an ISBN-10: ask `isIsbn10`. */
export function isAsin(text: string): boolean {
  if (text.length !== 10 || text.charCodeAt(0) !== 66 || text.charCodeAt(1) !== ZERO) return false;
  for (let i = 2; i < 10; i++) {
    const c = text.charCodeAt(i);
    if (!((c >= ZERO && c <= 57) || (c >= 65 && c <= 90))) return false;
  }
  return true;
}

/** @param isbn10 a right ISBN-10. */
export function isbn10To13(isbn10: string): string {
  const data = `978${isbn10.slice(0, 9)}`;
  return data + gtinCheckDigit(data);
}

/** Null for a 979 book: it has no ISBN-10. */
export function isbn13To10(isbn13: string): string | null {
  if (!isbn13.startsWith('978')) return null;
  const data = isbn13.slice(3, 12);
  return data + isbn10CheckCharacter(data);
}

/** @param gtin digits of at most 14 places. */
export function toGtin14(gtin: string): string {
  return gtin.length === 14 ? gtin : gtin.padStart(14, '0');
}

/** The shortest form that a person knows a GTIN-14 by: 8, 12, 13 or 14 digits. */
export function shortestGtin(gtin14: string): string {
  if (gtin14.startsWith('000000')) return gtin14.slice(6);
  if (gtin14.startsWith('00')) return gtin14.slice(2);
  return gtin14.startsWith('0') ? gtin14.slice(1) : gtin14;
}

/**
 * True where the number is not unique in the world: numbers for use within one shop or company (GS1 prefixes 02, 04, 2) and coupons (05, 98, 99).
 * Such a number must not be used to match products between sellers.
 */
export function isRestrictedCirculation(gtin14: string): boolean {
  if (gtin14.startsWith('000000')) return gtin14[6] === '0' || gtin14[6] === '2';
  const prefix = gtin14.slice(1, 3);
  return prefix === '02' || prefix === '04' || prefix === '05' || prefix === '98' || prefix === '99' || prefix[0] === '2';
}

/** The ASIN that an identifier implies: itself, or a 978 book's ISBN-10; null where only a catalogue can tell. */
export function impliedAsin(identifier: Identifier): string | null {
  if (identifier.kind === 'ASIN' || identifier.kind === 'ISBN-10') return identifier.value;
  return identifier.kind === 'ISBN-13' ? isbn13To10(identifier.value) : null;
}

function gtinOf(value: string): Identifier {
  if (isIsbn13(value)) return { kind: 'ISBN-13', value, gtin14: `0${value}` };
  const kind = value.length === 8 ? 'GTIN-8' : value.length === 12 ? 'GTIN-12' : value.length === 13 ? 'GTIN-13' : 'GTIN-14';
  return { kind, value, gtin14: toGtin14(value) };
}

function isbn10Of(value: string): Identifier {
  return { kind: 'ISBN-10', value, gtin14: `0${isbn10To13(value)}` };
}

function identify(clean: string): Identifier | null {
  if (isGtin(clean)) return gtinOf(clean);
  if (clean.length !== 10) return null;
  if (isIsbn10(clean)) return isbn10Of(clean);
  return isAsin(clean) ? { kind: 'ASIN', value: clean, gtin14: null } : null;
}

/** Capitals and digits, with dashes, spaces and dots between them gone. Null when anything else is left. */
function stripSeparators(text: string): string | null {
  let out = '';
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if ((c >= ZERO && c <= 57) || (c >= 65 && c <= 90)) out += text[i];
    else if (c >= 97 && c <= 122) out += String.fromCharCode(c - 32);
    else if (!isSeparator(c)) return null;
  }
  return out;
}

/** Space, no-break and zero-width spaces, direction marks, hyphens and dashes. */
function isSeparator(c: number): boolean {
  return c === 32 || c === 45 || c === 9 || c === 0xa0 || c === 0xad || (c >= 0x2000 && c <= 0x2015) || c === 0x202f || c === 0x2212 || c === 0xfeff;
}

/** The identifier that a text is, as it stands but for dashes, spaces and letter case; null when it is none. No repair is made. */
export function parseIdentifier(text: string): Identifier | null {
  const direct = identify(text);
  if (direct) return direct;
  if (text.length > 40) return null;
  const clean = stripSeparators(text);
  return clean === null || clean === text ? null : identify(clean);
}

const LABEL = /^(?:ISBN(?:-?1[03])?|EAN(?:-?(?:8|13))?|UPC(?:-?[AE])?|GTIN(?:-?(?:8|12|13|14))?|ASIN|JAN|CODE|BARCODE)(?:\s*(?:[:#=]|N[O°]\.?)\s*|\s+)/i;
const EXPONENT = /^(\d)(?:[.,](\d+))?E\+?(\d{1,2})$/i;
const DECIMAL_PART = /^(\d{6,14})[.,]0+$/;

interface Unwrapped {
  readonly text: string;
  readonly repairs: readonly Repair[];
}

/** Takes off what spreadsheets and people put around an identifier. */
function unwrap(raw: string): Unwrapped | { readonly lost: string } {
  const repairs: Repair[] = [];
  let text = raw.trim();
  const formula = /^="?([^"]*)"?$/.exec(text);
  if (formula?.[1] !== undefined) text = formula[1].trim();
  if (text.startsWith("'")) text = text.slice(1);
  const label = LABEL.exec(text);
  if (label) {
    text = text.slice(label[0].length).trim();
    repairs.push('label-removed');
  }
  const exponent = EXPONENT.exec(text);
  if (exponent) {
    const digits = `${exponent[1]}${exponent[2] ?? ''}`;
    const places = Number(exponent[3]) + 1;
    // A spreadsheet drops trailing zeros of a mantissa only together with digits that it rounded away: the two cannot be told apart.
    if (digits.length !== places) return { lost: `${text} keeps ${digits.length} of ${places} digits; the rest are lost` };
    return { text: digits, repairs: [...repairs, 'exponent-expanded'] };
  }
  const decimal = DECIMAL_PART.exec(text);
  if (decimal?.[1] !== undefined) return { text: decimal[1], repairs: [...repairs, 'decimal-part-removed'] };
  return { text, repairs };
}

/** The length a run of digits has once its leading zeros are back. */
const fullLength = (n: number) => (n <= 8 ? 8 : n <= 12 ? 12 : n);

function digitCandidates(digits: string, before: readonly Repair[]): RepairCandidate[] {
  const found: RepairCandidate[] = [];
  const add = (identifier: Identifier, ...repairs: Repair[]) => {
    if (!found.some((c) => c.identifier.gtin14 === identifier.gtin14)) found.push({ identifier, repairs: [...before, ...repairs] });
  };
  const n = digits.length;
  if (n >= 6 && n <= 14 && n !== 10 && hasGtinCheck(digits)) {
    const full = digits.padStart(fullLength(n), '0');
    add(gtinOf(full), ...(full.length === n ? [] : ['leading-zeros-restored' as const]));
  }
  if (n === 10 && isIsbn10(digits)) add(isbn10Of(digits));
  if (n === 10 && hasGtinCheck(digits)) add(gtinOf(`00${digits}`), 'leading-zeros-restored');
  if ((n === 8 || n === 9) && isIsbn10(digits.padStart(10, '0'))) add(isbn10Of(digits.padStart(10, '0')), 'leading-zeros-restored');
  if (n === 7 || n === 11 || n === 12 || n === 13) add(gtinOf(digits + gtinCheckDigit(digits)), 'check-digit-restored');
  if (n === 9) add(isbn10Of(digits + isbn10CheckCharacter(digits)), 'check-digit-restored');
  if (n === 10) add(gtinOf(`0${digits}${gtinCheckDigit(digits)}`), 'leading-zeros-restored', 'check-digit-restored');
  return found;
}

function refuse(code: RefusalCode, reason: string): RepairOutcome {
  return { status: 'refused', code, reason };
}

/**
 * Every identifier that a damaged text can stand for, the likeliest first, each with what was repaired. Two losses leave room for several:
 * eleven digits are a UPC without its leading zero, or without its check digit. The first is not taken for granted by anyone who has a catalogue to ask.
 */
export function repairIdentifier(text: string): RepairOutcome {
  const direct = identify(text);
  if (direct && !/^\d{12,13}$/.test(text)) return { status: 'exact', candidates: [{ identifier: direct, repairs: [] }] };
  if (text.trim() === '') return refuse('empty', 'the identifier is empty');
  if (text.length > 60) return refuse('not-an-identifier', `${text.length} characters are too many for an identifier`);
  const bare = unwrap(text);
  if ('lost' in bare) return refuse('digits-lost', bare.lost);
  const clean = stripSeparators(bare.text);
  // digits of another script are how the number is written there, and no damage
  const latin = clean === null ? asciiDigits(text) : text;
  if (latin !== text) return repairIdentifier(latin);
  if (clean === null || clean === '') return refuse('not-an-identifier', `"${text}" holds more than letters, digits and dashes`);
  const repairs: Repair[] = clean === bare.text.toUpperCase() ? [...bare.repairs] : [...bare.repairs, 'separators-removed'];
  return isDigits(clean) ? repairDigits(clean, repairs) : repairLetters(clean, repairs);
}

/** Formatting alone is no damage: the identifier was complete. */
const COSMETIC: readonly Repair[] = ['label-removed', 'separators-removed', 'decimal-part-removed', 'exponent-expanded'];

function repairDigits(digits: string, repairs: readonly Repair[]): RepairOutcome {
  const first = digits[0] ?? '';
  if (digits.length >= 6 && [...digits].every((d) => d === first)) return refuse('placeholder', `${digits} is a placeholder`);
  const candidates = digitCandidates(digits, repairs);
  const best = candidates[0];
  if (best) return { status: best.repairs.every((r) => COSMETIC.includes(r)) ? 'exact' : 'repaired', candidates };
  if (digits.length < 6 || digits.length > 14) return refuse('wrong-length', `${digits.length} digits fit no identifier`);
  return refuse('wrong-check-digit', `${digits} has a wrong check digit`);
}

function repairLetters(clean: string, repairs: readonly Repair[]): RepairOutcome {
  const found = identify(clean);
  if (found) return { status: 'exact', candidates: [{ identifier: found, repairs }] };
  if (clean.length < 10 && /^\d{6,8}X$/.test(clean)) {
    const padded = clean.padStart(10, '0');
    if (isIsbn10(padded)) return { status: 'repaired', candidates: [{ identifier: isbn10Of(padded), repairs: [...repairs, 'leading-zeros-restored'] }] };
  }
  if (/^\d{9}X$/.test(clean)) return refuse('wrong-check-digit', `${clean} has a wrong check digit`);
  return refuse('not-an-identifier', `${clean} is no GTIN, ISBN or ASIN`);
}
