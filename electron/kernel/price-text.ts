/**
 * Reads a price as people and shops write it. A doubtful text gives no amount rather than a wrong one: a range, two different prices, a quantity price,
 * digits that fit no way of grouping. One pass over the characters, without regular expressions.
 */
import { isLetterCode, markAt, ONLY_AFTER, ONLY_BEFORE, resolveMark, type CurrencyMark } from './currency-marks.ts';
import { parseDecimal, type Currency, type Money } from './money.ts';
import { decimalOf, digitOf, isSpace, scanNumber, type NumberToken } from './price-numbers.ts';
import { isFormer, isLabelled, isNoPrice, isPriceOfMeasure } from './price-surroundings.ts';

export type NoPriceReason = 'no-number' | 'range' | 'several-prices' | 'malformed-number' | 'negative' | 'quantity-price' | 'measure' | 'doubtful-unit' | 'not-the-price' | 'too-long';

export interface PriceReading {
  /** Plain decimal text in major units (`1298.00`); null when there is no sure amount. */
  readonly amount: string | null;
  /** Why there is no amount. */
  readonly why: NoPriceReason | null;
  /** The mark as written: `Kč`, `US$`, `р.`. */
  readonly currencyText: string | null;
  /** ISO 4217; null where there is no mark, or a shared one (`$`) that the expectation does not settle. */
  readonly currency: Currency | null;
  /** The text says that this is the lowest (`from 9.99`) or highest (`up to 9.99`) of several prices. */
  readonly bound: 'exact' | 'from' | 'up-to';
}

export interface PriceContext {
  /** Other text that may hold the currency, such as the currency's own element or the label of the price. Its numbers are ignored. */
  readonly currencyHint?: string | null | undefined;
  /** What the site sells in: settles shared marks, and stands in where there is no mark. */
  readonly expected?: Currency | null | undefined;
  /** Where the site's own is known. */
  readonly decimalSeparator?: '.' | ',' | '€' | undefined;
}

interface PlacedMark {
  readonly mark: CurrencyMark;
  readonly start: number;
  readonly end: number;
  /** Index of the number that it belongs to, or -1. */
  owner: number;
}

interface Scan {
  readonly text: string;
  readonly numbers: NumberToken[];
  readonly marks: PlacedMark[];
  /** Holds letters besides those of its marks: only then can words say something of its amounts. */
  readonly hasWords: boolean;
}

/** A text beyond this is a page, not a price; it also bounds the work. */
const LONGEST_TEXT = 400;

const PERCENT = new Set([0x25, 0x66a, 0xff05]);

function scan(text: string): Scan {
  const numbers: NumberToken[] = [];
  const marks: PlacedMark[] = [];
  let letters = 0;
  let i = 0;
  while (i < text.length) {
    const c = text.charCodeAt(i);
    if (digitOf(c) >= 0 || (c === 46 && startsFraction(text, i))) {
      const token = scanNumber(text, i);
      if (!isPercent(text, token.end)) numbers.push(token);
      i = token.end;
      continue;
    }
    const mark = markAt(text, i);
    if (mark === null) {
      if (isLetterCode(c)) letters += 1;
      i += 1;
      continue;
    }
    const end = i + mark.text.length;
    marks.push({ mark, start: i, end, owner: -1 });
    i = end;
  }
  return { text, numbers, marks, hasWords: letters > 1 };
}

/** `.75` is a number; the dot of `No.75` is not. */
function startsFraction(text: string, at: number): boolean {
  if (at + 1 >= text.length || digitOf(text.charCodeAt(at + 1)) < 0) return false;
  return at === 0 || !isLetterCode(text.charCodeAt(at - 1));
}

function isPercent(text: string, at: number): boolean {
  let i = at;
  while (i < text.length && isSpace(text.charCodeAt(i))) i += 1;
  return i < text.length && PERCENT.has(text.charCodeAt(i));
}

/** Longest stretch between a number and its mark: `199,- Kč`, `EUR: 10`. */
const MARK_REACH = 4;

/** The width of a gap that may lie between a mark and its number, or -1. */
function gapWidth(text: string, from: number, to: number): number {
  if (to - from > MARK_REACH) return -1;
  for (let i = from; i < to; i++) {
    const c = text.charCodeAt(i);
    if (!isSpace(c) && c !== 44 && c !== 46 && c !== 58 && c !== 45 && c !== 0x2013 && c !== 0x2014 && c !== 40 && c !== 41 && c !== 61 && c !== 10 && c !== 13) return -1;
  }
  return to - from;
}

/** Gives each mark to the nearest number; on a tie the text's own habit decides (mark first, or number first). */
function bindMarks({ text, numbers, marks }: Scan): void {
  const markFirst = marks.length > 0 && numbers.length > 0 && (marks[0] as PlacedMark).start < (numbers[0] as NumberToken).start;
  for (const placed of marks) {
    let before = -1;
    for (let n = 0; n < numbers.length && (numbers[n] as NumberToken).end <= placed.start; n++) before = n;
    const after = before + 1 < numbers.length ? before + 1 : -1;
    const { weak, text: sign } = placed.mark;
    const left = before < 0 || (weak && ONLY_BEFORE.has(sign)) ? -1 : gapWidth(text, pastMultiple(text, (numbers[before] as NumberToken).end), placed.start);
    const right = after < 0 || (weak && ONLY_AFTER.has(sign)) ? -1 : gapWidth(text, placed.end, (numbers[after] as NumberToken).start);
    if (left < 0 && right < 0) continue;
    if (right < 0 || (left >= 0 && (left < right || (left === right && !markFirst)))) placed.owner = before;
    else placed.owner = after;
  }
  shareOwners(marks);
}

/** `SGD$123`, `12 $ USD`: marks side by side speak of one number. */
function shareOwners(marks: readonly PlacedMark[]): void {
  for (let m = 0; m + 1 < marks.length; m++) {
    const a = marks[m] as PlacedMark;
    const b = marks[m + 1] as PlacedMark;
    if (b.start - a.end > 1 || (a.owner < 0) === (b.owner < 0)) continue;
    if (a.owner < 0) a.owner = b.owner;
    else b.owner = a.owner;
  }
}

/** The end of a number, with the word for its multiple: `2,5 millions` DA. */
function pastMultiple(text: string, end: number): number {
  const word = wordAfter(text, end);
  if (word === '' || !Object.hasOwn(MULTIPLES, word)) return end;
  let i = end;
  while (isSpace(text.charCodeAt(i))) i += 1;
  while (i < text.length && isLetterCode(text.charCodeAt(i))) i += 1;
  return i;
}

const isMarked = (scanned: Scan, n: number) => scanned.marks.some((m) => m.owner === n);

const RANGE_WORDS = new Set(['to', 'bis', 'à', 'a', 'al', 'до', 'do', 'إلى', 'الى', 'til', 'till', 'tot', 'and', 'och', 'e', 'y', 'až', 'ate', 'até']);
const QUANTITY_WORDS = new Set(['x', '×', '*', 'for', 'für', 'pour', 'por', 'per', 'за', '@', 'xde', 'xdi', 'xof', 'fois', 'mal', 'vezes', 'rate']);

/** `4.5 out of 5` */
const RATING_WORDS = new Set(['outof', 'of', 'von', 'sur', 'su', 'из']);

/** What stands between two numbers once marks and spaces are taken away, in lower case; null when it is longer than a joining word. */
function between(scanned: Scan, n: number): string | null {
  const { text, numbers, marks } = scanned;
  let out = '';
  let i = (numbers[n] as NumberToken).end;
  const end = (numbers[n + 1] as NumberToken).start;
  while (i < end) {
    const here = i;
    const mark = marks.find((m) => m.start === here);
    if (mark) {
      i = mark.end;
      continue;
    }
    const c = text.charCodeAt(i);
    if (!isSpace(c) && c !== 10 && c !== 13) out += text[i];
    if (out.length > 5) return null;
    i += 1;
  }
  return out.toLowerCase();
}

function isDash(joint: string): boolean {
  return joint.length > 0 && joint.length <= 3 && /^[,.]?[-–—~‒−〜～]+$/.test(joint);
}

/** Why the relation between two neighbours makes the whole text doubtful, or null. */
function jointProblem(scanned: Scan, n: number): NoPriceReason | null {
  const joint = between(scanned, n);
  if (joint === null) return null;
  if (isDash(joint) || RANGE_WORDS.has(joint)) return 'range';
  if (QUANTITY_WORDS.has(joint)) return 'quantity-price';
  if (RATING_WORDS.has(joint) && !isMarked(scanned, n) && !isMarked(scanned, n + 1)) return 'measure';
  if (joint === '+' && !isMarked(scanned, n) && !isMarked(scanned, n + 1)) return 'quantity-price';
  if (joint === 'off') return 'not-the-price';
  if (HUNDREDS_AND_MORE.has(joint.charCodeAt(0))) return 'doubtful-unit';
  if (joint === '/') return isMarked(scanned, n) && !isMarked(scanned, n + 1) ? null : 'several-prices';
  // `$12 99`: cents set small beside the amount, or another number; nothing tells.
  const next = scanned.numbers[n + 1] as NumberToken;
  if (joint === '' && isMarked(scanned, n) && !isMarked(scanned, n + 1) && next.groups.length === 1 && next.end - next.start === 2 && next.end === scanned.text.trimEnd().length) return 'malformed-number';
  return isTornNumber(scanned, n, joint) ? 'malformed-number' : null;
}

/** `1 2 3 €`, `$1,,299`: digits that only spaces and separators part, and that fit no way of grouping. */
function isTornNumber({ text, numbers, marks }: Scan, n: number, joint: string): boolean {
  const { end } = numbers[n] as NumberToken;
  const { start } = numbers[n + 1] as NumberToken;
  if (marks.some((m) => m.start >= end && m.end <= start)) return false;
  if (joint === '') return !text.slice(end, start).includes('\n');
  return /^[.,:]+$/.test(joint) && !isSpace(text.charCodeAt(start - 1));
}

const UNIT_PRICE = /^\s*(?:[^\d\s]{1,5}\s*)?(?:\/|per\b|pro\b|par\b|je\b|por\b|za\s|each\b)/i;

function isUnitPrice(scanned: Scan, n: number): boolean {
  const { start, end } = scanned.numbers[n] as NumberToken;
  return n > 0 && (UNIT_PRICE.test(scanned.text.slice(end, end + 24)) || isPriceOfMeasure(scanned.text, start));
}

/** From the first to the last of a number and its marks. */
function extentOf({ numbers, marks }: Scan, n: number): { readonly start: number; readonly end: number } {
  let { start, end } = numbers[n] as NumberToken;
  for (const mark of marks) {
    if (mark.owner !== n) continue;
    start = Math.min(start, mark.start);
    end = Math.max(end, mark.end);
  }
  return { start, end };
}

function isBesidePrice(scanned: Scan, n: number): boolean {
  const { start, end } = extentOf(scanned, n);
  return isNoPrice(scanned.text, start, end);
}

/** `Item #12345`, `Tel: 0550 12 34 56`: a whole number without a mark that a label names. */
function isName(scanned: Scan, n: number): boolean {
  const { start, separators } = scanned.numbers[n] as NumberToken;
  return !separators.includes('.') && !separators.includes(',') && isLabelled(scanned.text, start);
}

const MEASURES = new Set(['ml', 'cl', 'dl', 'l', 'g', 'gr', 'kg', 'mg', 'mm', 'cm', 'm', 'km', 'gb', 'tb', 'mb', 'go', 'oz', 'lb', 'lbs', 'ft', 'inch', 'pcs', 'pc', 'pack', 'x', 'w', 'v', 'hz', 'mah', 'mp', 'мл', 'кг', 'шт', 'st', 'nd', 'rd', 'th', 'h', 'min', 'days', 'day', 'jours', 'reviews', 'review', 'ratings', 'sold', 'vendus', 'views', 'vues', 'avis', 'stars', 'inches', 'pouces', 'p']);

/** The word that touches a number or follows it after spaces, in lower case. */
function wordAfter(text: string, at: number): string {
  let i = at;
  while (i < text.length && isSpace(text.charCodeAt(i))) i += 1;
  const start = i;
  while (i < text.length && i - start < 12 && isLetterCode(text.charCodeAt(i))) i += 1;
  return i === start ? '' : text.slice(start, i).toLowerCase();
}

/** A number that is a price only if nothing else is: a measure, or part of a word such as `iPhone12`. */
function isLoose(scanned: Scan, n: number): boolean {
  const { start, end } = scanned.numbers[n] as NumberToken;
  return (start > 0 && isLetterCode(scanned.text.charCodeAt(start - 1))) || MEASURES.has(wordAfter(scanned.text, end));
}

/** Of the numbers that may be the price, those that the words around them leave. */
function pickPrices(scanned: Scan, pool: readonly number[]): readonly number[] {
  let kept = pool.length > 1 ? pool.filter((n) => !isUnitPrice(scanned, n)) : pool;
  if (kept.length === 0) kept = pool.slice(0, 1);
  if (!scanned.hasWords) return kept;
  kept = kept.filter((n) => !isBesidePrice(scanned, n));
  const now = kept.length > 1 ? kept.filter((n) => !isFormer(scanned.text, extentOf(scanned, n).start)) : kept;
  return now.length > 0 ? now : kept;
}

/** The number that is the price, or the reason why none surely is. */
function choose(scanned: Scan): number | NoPriceReason {
  const { numbers, hasWords } = scanned;
  if (numbers.length === 1) {
    if (!isMarked(scanned, 0) && (isLoose(scanned, 0) || (hasWords && scanned.marks.length === 0 && isName(scanned, 0)))) return 'measure';
    return hasWords && isBesidePrice(scanned, 0) ? 'not-the-price' : 0;
  }
  for (let n = 0; n + 1 < numbers.length; n++) {
    const problem = jointProblem(scanned, n);
    if (problem !== null) return problem;
  }
  const all = numbers.map((_, n) => n);
  const marked = all.filter((n) => isMarked(scanned, n));
  const pool = marked.length > 0 ? marked : all.filter((n) => !isLoose(scanned, n));
  const kept = pickPrices(scanned, pool);
  if (kept.length === 0) return pool.length === 0 ? 'measure' : 'not-the-price';
  const first = kept[0] as number;
  const text = (n: number) => scanned.text.slice((numbers[n] as NumberToken).start, (numbers[n] as NumberToken).end);
  return kept.every((n) => text(n) === text(first)) ? first : 'several-prices';
}

/** `12€50` and `1250 € 60`: the mark stands where the decimal point would. */
function joinOverMark(scanned: Scan, context: PriceContext): void {
  const { text, numbers, marks } = scanned;
  for (let n = 0; n + 1 < numbers.length; n++) {
    const a = numbers[n] as NumberToken;
    const b = numbers[n + 1] as NumberToken;
    const mark = marks.find((m) => m.start >= a.end && m.end <= b.start);
    if (!mark || mark.mark.weak || b.groups.length !== 1 || a.groups.length !== 1 && a.separators !== ' ') continue;
    if (marks.some((m) => m.start >= b.end)) continue;
    const tight = mark.end === b.start && mark.start - a.end <= 1;
    const spaced = mark.end + 1 === b.start && isSpace(text.charCodeAt(mark.end)) && mark.start - a.end <= 1;
    const cents = b.end - b.start === 2;
    if (!(cents && (tight || spaced)) && !(tight && context.decimalSeparator === mark.mark.text)) continue;
    // A mark that leads the text belongs to what follows it: `€ 10 € 20` is two prices.
    if ((marks[0] as PlacedMark).start < a.start) continue;
    numbers.splice(n, 2, { start: a.start, end: b.end, groups: [a.groups.join(''), ...b.groups], separators: '\u066b' });
    mark.owner = n;
    return;
  }
}

function isNegative(text: string, scanned: Scan, n: number): boolean {
  let at = (scanned.numbers[n] as NumberToken).start - 1;
  const prefix = scanned.marks.find((m) => m.owner === n && m.end === at + 1);
  if (prefix && at >= 0) at = prefix.start - 1;
  if (at > 0 && isSpace(text.charCodeAt(at)) && text.slice(0, at).trim().length === 1) at = text.slice(0, at).trimEnd().length - 1;
  if (at < 0) return false;
  const c = text.charCodeAt(at);
  if (c !== 45 && c !== 0x2212) return false;
  return at === 0 || isSpace(text.charCodeAt(at - 1)) || text[at - 1] === '(' || scanned.marks.some((m) => m.end === at);
}

/** `-,99`: the digits before the comma are not there to be read. */
function isHeadless(text: string, { start }: NumberToken): boolean {
  return start >= 1 && text.charCodeAt(start - 1) === 44 && (start === 1 || !isLetterCode(text.charCodeAt(start - 2)));
}

const FREE_WORDS = new Set(['free', 'gratis', 'gratuit', 'kostenlos', 'gratuito', 'مجاني', 'مجانا', 'бесплатно', 'for free', 'zdarma', 'grátis', 'za darmo']);

/** `Free!` costs nothing; `Free shipping` says nothing of the price. */
function isFree(text: string): boolean {
  if (text.length > 16) return false;
  return FREE_WORDS.has(text.trim().toLowerCase().replace(/[!.*\s]+$/, ''));
}

const FROM_WORDS = new Set(['from', 'ab', 'desde', 'dès', 'da', 'od', 'от', 'vanaf', 'fra', 'från', 'ابتداء', 'starting', 'partir', 'partire', 'à partir de', 'min']);
const UP_TO_WORDS = new Set(['bis', 'до', "jusqu'à", 'upto', 'hasta', 'max', 'maximum']);

function boundOf(text: string, start: number): PriceReading['bound'] {
  if (start < 2) return 'exact';
  const words = text.slice(Math.max(0, start - 24), start).toLowerCase().split(/[^\p{L}']+/u).filter((w) => w !== '');
  if (words.length === 0) return 'exact';
  const tail = words.slice(-3);
  if (tail.at(-1) === 'to' && tail.at(-2) === 'up') return 'up-to';
  if (tail.some((w) => FROM_WORDS.has(w))) return 'from';
  return tail.some((w) => UP_TO_WORDS.has(w)) ? 'up-to' : 'exact';
}

/** Powers of ten that a word after the number stands for. In Algeria a million is a million centimes: ten thousand dinars. */
const MULTIPLES: Readonly<Record<string, number>> = {
  million: 6, millions: 6, mio: 6, mln: 6, млн: 6, مليون: 6, ملايين: 6, milliard: 9, milliards: 9, billion: 9, billions: 9, مليار: 9, млрд: 9, mille: 3, thousand: 3, ألف: 3, الف: 3, тыс: 3, tys: 3, k: 3, lakh: 5, lakhs: 5, lac: 5, lacs: 5, crore: 7, crores: 7,
};

/** 万 萬 만 億 亿 억 千: what follows them is a part of the same number. */
const HUNDREDS_AND_MORE = new Set([...'万萬만億亿억千천'].map((c) => c.charCodeAt(0)));

/** Indonesian, Vietnamese and other short forms for thousands and millions: no price is made of them, and none without them. */
const LOCAL_MULTIPLES = new Set(['jt', 'juta', 'rb', 'ribu', 'tr', 'triệu', 'tỷ', 'nghìn', 'ngàn', 'cr', 'kk', 'mn']);

const isMultiple = (word: string) => word !== 'k' && Object.hasOwn(MULTIPLES, word);

/** A word for a multiple where it is not expected (`million DA 2`), or a letter that may be one (`$1.5M`). */
function hasStrayMultiple(scanned: Scan, n: number): boolean {
  const { text } = scanned;
  const { start, end } = scanned.numbers[n] as NumberToken;
  for (const mark of scanned.marks) if (mark.owner === n && mark.start >= end && isMultiple(wordAfter(text, mark.end))) return true;
  const before = text.slice(Math.max(0, start - 20), start).toLowerCase();
  if (before !== '' && before.split(/[^\p{L}]+/u).some(isMultiple)) return true;
  const touching = end < text.length && isLetterCode(text.charCodeAt(end)) ? wordAfter(text, end) : '';
  return touching === 'm' || touching === 'b' || touching === 'bn' || touching === 'mm' || touching === 'md' || (scanned.hasWords && LOCAL_MULTIPLES.has(wordAfter(text, end)));
}

/** The power of ten to raise the amount by; null when the word leaves doubt. */
function powerAfter(text: string, end: number, currency: Currency | null): number | null {
  if (end < text.length && HUNDREDS_AND_MORE.has(text.charCodeAt(end))) return null;
  const word = wordAfter(text, end);
  if (word === '') return 0;
  const power = Object.hasOwn(MULTIPLES, word) ? (MULTIPLES[word] as number) : 0;
  if (power === 0) return 0;
  if (word === 'k' && (isSpace(text.charCodeAt(end)) || currency === null)) return null;
  if (currency === null) return null;
  return currency === 'DZD' && power >= 6 ? power - 2 : power;
}

function raise(decimal: string, power: number): string {
  if (power === 0) return decimal;
  const [whole = '', fraction = ''] = decimal.split('.');
  const shifted = fraction.padEnd(power, '0');
  const rest = shifted.slice(power);
  const head = (whole + shifted.slice(0, power)).replace(/^0+(?=\d)/, '');
  return rest === '' ? head : `${head}.${rest}`;
}

/** The mark that names the currency of number `n`: its own, else a strong one anywhere, else the hint's. */
function currencyMark(scanned: Scan, n: number, hint: string | null | undefined): CurrencyMark | null {
  let own: CurrencyMark | null = null;
  let any: CurrencyMark | null = null;
  for (const { mark, owner } of scanned.marks) {
    if (owner === n && n >= 0) own = own === null || (own.weak && !mark.weak) || (mark.isCode && (own.text === '$' || settles(mark, own))) ? mark : own;
    else if (!mark.weak || owner >= 0) any ??= mark;
  }
  if (own !== null && !(own.weak && any !== null && !any.weak)) return own;
  return any ?? own ?? (hint ? hintMark(hint) : null);
}

/** `Rs. 12,500 PKR`: the code says which of the currencies that share the other mark is meant. */
function settles(code: CurrencyMark, shared: CurrencyMark): boolean {
  return shared.currency === null && code.currency !== null && resolveMark(shared, code.currency) === code.currency;
}

function hintMark(text: string): CurrencyMark | null {
  const hint = text.slice(0, LONGEST_TEXT);
  const whole = hint.trim();
  const exact = markAt(whole, 0);
  if (exact !== null && exact.text.length === whole.length) return exact;
  const scanned = scan(hint);
  if (scanned.marks.length === 0) return null;
  bindMarks(scanned);
  return currencyMark(scanned, -1, null);
}

/** `0550123456`, `4006381333931`: a telephone number or a bar code. No price without a currency begins with a zero or has twelve digits in a row. */
function isCode({ groups }: NumberToken): boolean {
  const digits = groups[0] as string;
  return groups.length === 1 && (digits.length >= 12 || (digits.length > 2 && digits.charCodeAt(0) === 48));
}

/** Reads a price text. Total: any text has a reading, most often with an amount or a reason why not. */
export function readPriceText(text: string, context: PriceContext = {}): PriceReading {
  const expected = context.expected ?? null;
  if (text.length > LONGEST_TEXT) return reading(null, 'too-long', null, expected);
  const scanned = scan(text);
  if (scanned.numbers.length === 0) {
    const mark = currencyMark(scanned, -1, context.currencyHint);
    return reading(isFree(text) ? '0' : null, 'no-number', mark, expected);
  }
  bindMarks(scanned);
  if (scanned.numbers.length > 1 && scanned.marks.length > 0) joinOverMark(scanned, context);
  const chosen = choose(scanned);
  const n = typeof chosen === 'number' ? chosen : -1;
  const mark = currencyMark(scanned, n, context.currencyHint);
  if (typeof chosen !== 'number') return reading(null, chosen, mark, expected);
  const token = scanned.numbers[chosen] as NumberToken;
  const currency = mark === null ? expected : resolveMark(mark, expected);
  if (mark === null && isCode(token)) return reading(null, 'measure', mark, expected);
  const decimal = decimalOf(token, currency, context.decimalSeparator);
  if (decimal === null) return reading(null, 'malformed-number', mark, expected);
  if (isNegative(text, scanned, chosen)) return reading(null, 'negative', mark, expected);
  if (isHeadless(text, token)) return reading(null, 'malformed-number', mark, expected);
  const power = hasStrayMultiple(scanned, chosen) ? null : powerAfter(text, token.end, currency);
  // `8,705 millions` is 8.705 or 8,705 of them: nobody knows.
  const openSeparator = context.decimalSeparator === undefined && token.groups.length === 2 && (token.groups[1] as string).length === 3;
  if (power === null || (power > 0 && openSeparator)) return reading(null, 'doubtful-unit', mark, expected);
  return { ...reading(raise(decimal, power), null, mark, expected), bound: boundOf(text, token.start) };
}

function reading(amount: string | null, why: NoPriceReason | null, mark: CurrencyMark | null, expected: Currency | null): PriceReading {
  return { amount, why: amount === null ? why : null, currencyText: mark?.text ?? null, currency: mark === null ? expected : resolveMark(mark, expected), bound: 'exact' };
}

/** The sure price in a text, or null: no amount, no currency, a bound only, or more decimals than the currency has. */
export function parsePriceText(text: string, context: PriceContext = {}): Money | null {
  const { amount, currency, bound } = readPriceText(text, context);
  return amount === null || currency === null || bound !== 'exact' ? null : parseDecimal(amount, currency);
}

