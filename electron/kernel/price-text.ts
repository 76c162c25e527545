/**
 * Reads a price as people and shops write it. A doubtful text gives no amount rather than a wrong one: a range, two different prices, a quantity price,
 * digits that fit no way of grouping. One pass over the characters, without regular expressions.
 */
import { isLetterCode, markAt, resolveMark, type CurrencyMark } from './currency-marks.ts';
import { parseDecimal, type Currency, type Money } from './money.ts';
import { isCount, isProductNumber } from './price-names.ts';
import { decimalOf, isSpace, type NumberToken } from './price-numbers.ts';
import { bindMarks, extentOf, isMarked, MULTIPLES, placeLetter, scan, wordAfter, type PlacedMark, type Scan } from './price-scan.ts';
import { boundOf, isHeadless, isNegative, type Bound } from './price-signs.ts';
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
  readonly bound: Bound;
}

export interface PriceContext {
  /** Other text that may hold the currency, such as the currency's own element or the label of the price. Its numbers are ignored. */
  readonly currencyHint?: string | null | undefined;
  /** What the site sells in: settles shared marks, and stands in where there is no mark. */
  readonly expected?: Currency | null | undefined;
  /** Where the site's own is known. */
  readonly decimalSeparator?: '.' | ',' | '€' | undefined;
}

/** A text beyond this is a page, not a price; it also bounds the work. */
const LONGEST_TEXT = 400;

const RANGE_WORDS = new Set(['to', 'bis', 'à', 'a', 'al', 'до', 'do', 'إلى', 'الى', 'til', 'till', 'tot', 'and', 'och', 'e', 'y', 'až', 'ate', 'até']);
const QUANTITY_WORDS = new Set(['x', '×', '*', 'for', 'für', 'pour', 'por', 'per', 'за', '@', 'xde', 'xdi', 'xof', 'fois', 'mal', 'vezes', 'rate', 'get']);

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
  if (scanned.hasWords && isMinorPart(scanned, n)) return 'malformed-number';
  if (HUNDREDS_AND_MORE.has(joint.charCodeAt(0))) return 'doubtful-unit';
  if (joint === '/') return isMarked(scanned, n) && !isMarked(scanned, n + 1) ? null : 'several-prices';
  // `$12 99`: cents set small beside the amount, or another number; nothing tells.
  const next = scanned.numbers[n + 1] as NumberToken;
  if (joint === '' && isMarked(scanned, n) && !isMarked(scanned, n + 1) && next.groups.length === 1 && next.end - next.start === 2 && next.end === scanned.text.trimEnd().length) return 'malformed-number';
  return isTornNumber(scanned, n, joint) ? 'malformed-number' : null;
}

/** Words for the hundredth part of a currency's unit. */
const MINOR_WORDS = new Set(['cent', 'cents', 'ct', 'cts', 'centimes', 'centimos', 'céntimos', 'centesimi', 'pence', 'коп', 'копеек', 'groszy', 'öre', 'øre', 'haléřů']);

/** `5 € 50 cents`: one price in two numbers. */
function isMinorPart(scanned: Scan, n: number): boolean {
  return isMarked(scanned, n) && !isMarked(scanned, n + 1) && MINOR_WORDS.has(wordAfter(scanned.text, (scanned.numbers[n + 1] as NumberToken).end));
}

/** `1 2 3 €`, `$1,,299`, `12 . 99 €`: digits that only spaces and separators part, and that fit no way of grouping. */
function isTornNumber({ text, numbers, marks }: Scan, n: number, joint: string): boolean {
  const { end } = numbers[n] as NumberToken;
  const { start } = numbers[n + 1] as NumberToken;
  if (marks.some((m) => m.start >= end && m.end <= start)) return false;
  if (joint === '') return !text.slice(end, start).includes('\n');
  // `12 . 99`: a sentence ends at its last letter, and this point stands alone
  if (/^[.,٫]$/.test(joint) && isSpace(text.charCodeAt(end))) return true;
  return /^[.,:]+$/.test(joint) && !isSpace(text.charCodeAt(start - 1));
}

const UNIT_PRICE = /^\s*(?:[^\d\s]{1,5}\s*)?(?:\/|per\b|pro\b|par\b|je\b|por\b|za\s|each\b)/i;

function isUnitPrice(scanned: Scan, n: number): boolean {
  const { start, end } = scanned.numbers[n] as NumberToken;
  return n > 0 && (UNIT_PRICE.test(scanned.text.slice(end, end + 24)) || isPriceOfMeasure(scanned.text, start));
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

const MEASURES = new Set(['ml', 'cl', 'dl', 'l', 'g', 'gr', 'kg', 'mg', 'mm', 'cm', 'm', 'km', 'gb', 'tb', 'mb', 'go', 'oz', 'lb', 'lbs', 'ft', 'inch', 'pcs', 'pc', 'pack', 'x', 'w', 'v', 'hz', 'mah', 'mp', 'мл', 'кг', 'шт', 'st', 'nd', 'rd', 'th', 'h', 'min', 'days', 'day', 'jours', 'reviews', 'review', 'ratings', 'sold', 'vendus', 'views', 'vues', 'avis', 'stars', 'inches', 'pouces', 'p', 'unit', 'units', 'unité', 'unités', 'unidades', 'piece', 'pieces', 'pièce', 'pièces', 'piezas', 'stück', 'stk', 'mhz', 'ghz', 'kw', 'kwh', 'wh', 'mw', 'volt', 'watt', 'amp', 'rpm', 'dpi', 'ppm', 'mbps', 'gbps', 'years', 'ans', 'jahre', 'customers', 'persons', 'people', 'left', 'remaining', 'available', 'restants', 'disponibles', 'verfügbar', 'items', 'bids']);

/** A number that is a price only if nothing else is: a measure, or part of a word such as `iPhone12`. */
function isLoose(scanned: Scan, n: number): boolean {
  const { start, end } = scanned.numbers[n] as NumberToken;
  if (start > 0 && isLetterCode(scanned.text.charCodeAt(start - 1))) return true;
  const word = wordAfter(scanned.text, end);
  return word !== '' && (MEASURES.has(word) || MINOR_WORDS.has(word) || (word === 'a' && isLetterCode(scanned.text.charCodeAt(end))));
}

/** What a label or a product's name holds, beside no currency. */
function isThing(scanned: Scan, n: number): boolean {
  return (scanned.marks.length === 0 && isName(scanned, n)) || isProductNumber(scanned.text, scanned.numbers[n] as NumberToken);
}

/** `Pack of 12 - $9.99`: counts and sizes say nothing of the price where another number has the currency. */
function dropCounts(scanned: Scan): void {
  const { text, numbers, marks } = scanned;
  const isIdle = (n: number) => !isMarked(scanned, n) && isCount(text, numbers[n] as NumberToken);
  const idle = numbers.map((_, n) => isIdle(n));
  if (!idle.includes(true) || !numbers.some((_, n) => isMarked(scanned, n))) return;
  const kept = numbers.filter((_, n) => !idle[n]);
  for (const mark of marks) if (mark.owner >= 0) mark.owner = kept.indexOf(numbers[mark.owner] as NumberToken);
  numbers.splice(0, numbers.length, ...kept);
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
    if (!isMarked(scanned, 0) && (isLoose(scanned, 0) || (hasWords && isThing(scanned, 0)))) return 'measure';
    return hasWords && isBesidePrice(scanned, 0) ? 'not-the-price' : 0;
  }
  for (let n = 0; n + 1 < numbers.length; n++) {
    const problem = jointProblem(scanned, n);
    if (problem !== null) return problem;
  }
  const all = numbers.map((_, n) => n);
  const marked = all.filter((n) => isMarked(scanned, n));
  const pool = marked.length > 0 ? marked : all.filter((n) => !isLoose(scanned, n));
  if (marked.length === 0 && hasWords && pool.length > 0 && pool.every((n) => isProductNumber(scanned.text, numbers[n] as NumberToken))) return 'measure';
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
    // `12 €50` is a French habit; `2 $10` are two numbers
    const tight = mark.end === b.start && mark.start - a.end <= (mark.mark.text === '€' ? 1 : 0);
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

const FREE_WORDS = new Set(['free', 'gratis', 'gratuit', 'kostenlos', 'gratuito', 'مجاني', 'مجانا', 'бесплатно', 'for free', 'zdarma', 'grátis', 'za darmo']);

/** `Free!` costs nothing; `Free shipping` says nothing of the price. */
function isFree(text: string): boolean {
  if (text.length > 16) return false;
  return FREE_WORDS.has(text.trim().toLowerCase().replace(/[!.*\s]+$/, ''));
}

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
    if (owner === n && n >= 0) own = own === null || (own.weak && !mark.weak && !(own.isCode && mark.text === '$' && settles(own, mark))) || (mark.isCode && ((own.text === '$' && !mark.weak) || settles(mark, own))) ? mark : own;
    else if (!mark.weak || owner >= 0) any ??= mark;
  }
  if (own !== null && !(own.weak && any !== null && !any.weak)) return own;
  return any ?? own ?? (hint ? hintMark(hint) : null);
}

/** `Rs. 12,500 PKR`, `COP $ 12.990`: the code says which of the currencies that share the other mark is meant; in `TOP $10` it is a word. */
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
  if (scanned.marks.length === 0 && scanned.hasLetter) placeLetter(scanned, expected ?? (context.currencyHint ? (hintMark(context.currencyHint)?.currency ?? null) : null));
  bindMarks(scanned);
  if (scanned.numbers.length > 1 && scanned.marks.length > 0) {
    if (scanned.hasWords) dropCounts(scanned);
    joinOverMark(scanned, context);
  }
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
  if (mark?.text === '¢' && currency === null) return reading(null, 'doubtful-unit', mark, expected);
  const power = hasStrayMultiple(scanned, chosen) ? null : powerAfter(text, token.end, currency);
  // `8,705 millions` is 8.705 or 8,705 of them: nobody knows.
  const openSeparator = context.decimalSeparator === undefined && token.groups.length === 2 && (token.groups[1] as string).length === 3;
  if (power === null || (power > 0 && openSeparator)) return reading(null, 'doubtful-unit', mark, expected);
  return { ...reading(raise(decimal, power), null, mark, expected), bound: boundOf(scanned, chosen) };
}

function reading(amount: string | null, why: NoPriceReason | null, mark: CurrencyMark | null, expected: Currency | null): PriceReading {
  return { amount, why: amount === null ? why : null, currencyText: mark?.text ?? null, currency: mark === null ? expected : resolveMark(mark, expected), bound: 'exact' };
}

/** The sure price in a text, or null: no amount, no currency, a bound only, or more decimals than the currency has. */
export function parsePriceText(text: string, context: PriceContext = {}): Money | null {
  const { amount, currency, bound } = readPriceText(text, context);
  return amount === null || currency === null || bound !== 'exact' ? null : parseDecimal(amount, currency);
}

