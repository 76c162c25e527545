/** What signs and little words say of an amount: that it is less than nothing, or only the end of a range. */
import { isLetterCode } from './currency-marks.ts';
import { isSpace, type NumberToken } from './price-numbers.ts';
import { extentOf, type Scan } from './price-scan.ts';

/** The amount of number `n` is below zero, in any of the ways in which accounts write it. */
export function isNegative(text: string, scanned: Scan, n: number): boolean {
  return hasLeadingMinus(text, scanned, n) || hasTrailingMinus(text, scanned, n) || isInBrackets(text, scanned, n);
}

/** `(5.00)`, `$(5.00)`, `(5.00) USD`, `Total (5.00)`: how accounts write a negative. With its currency inside and words outside it is a price: `Lamp (12.99 €)`. */
function isInBrackets(text: string, scanned: Scan, n: number): boolean {
  if (scanned.numbers.length > 1 || !text.includes('(')) return false;
  let { start, end } = scanned.numbers[n] as NumberToken;
  let inside = false;
  for (let grown = true; grown; ) {
    grown = false;
    while (start > 0 && isSpace(text.charCodeAt(start - 1))) start -= 1;
    while (end < text.length && isSpace(text.charCodeAt(end))) end += 1;
    for (const mark of scanned.marks) {
      if (mark.end === start) start = mark.start;
      else if (mark.start === end) end = mark.end;
      else continue;
      grown = true;
      inside = true;
    }
  }
  return text.charCodeAt(start - 1) === 40 && text.charCodeAt(end) === 41 && !(inside && scanned.hasWords);
}

/** `5.00-`, `5.00- €`: the minus of account books. A dash behind whole units says that there are no cents: `199,-`. */
function hasTrailingMinus(text: string, scanned: Scan, n: number): boolean {
  const { end, groups, separators } = scanned.numbers[n] as NumberToken;
  const c = end < text.length ? text.charCodeAt(end) : 0;
  if ((c !== 45 && c !== 0x2212) || groups.length < 2 || (groups[groups.length - 1] as string).length !== 2 || separators.endsWith(' ')) return false;
  let i = end + 1;
  while (i < text.length && isSpace(text.charCodeAt(i))) i += 1;
  return i === text.length || scanned.marks.some((m) => m.start === i);
}

function hasLeadingMinus(text: string, scanned: Scan, n: number): boolean {
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
export function isHeadless(text: string, { start }: NumberToken): boolean {
  return start >= 1 && text.charCodeAt(start - 1) === 44 && (start === 1 || !isLetterCode(text.charCodeAt(start - 2)));
}

const FROM_WORDS = new Set(['from', 'ab', 'desde', 'dès', 'da', 'od', 'от', 'vanaf', 'fra', 'från', 'ابتداء', 'starting', 'partir', 'partire', 'à partir de', 'min']);
const UP_TO_WORDS = new Set(['bis', 'до', "jusqu'à", 'upto', 'hasta', 'max', 'maximum']);

/** Right before the amount only, for they are also parts of names: `over-ear`. */
const OPEN_FROM = /(?:(?<!\p{L})over|above|more than|plus de|über|mehr als|más de|più di|свыше|اكثر من)\s*$/iu;
const OPEN_UP_TO = /(?:(?<!\p{L})under|below|less than|moins de|unter|weniger als|menos de|meno di|اقل من)\s*$/iu;

export type Bound = 'exact' | 'from' | 'up-to';

/** Whether the amount of number `n` is said to be the lowest or the highest of several, by a word or a sign. */
export function boundOf(scanned: Scan, n: number): Bound {
  const { text } = scanned;
  const { start, end } = extentOf(scanned, n);
  const after = text.charCodeAt(end);
  // `$20+`, `1,980円〜`
  if (after === 43 && text.slice(end + 1).trim() === '') return 'from';
  if ((after === 0x7e || after === 0x301c || after === 0xff5e) && end > 0) return 'from';
  if (start === 0) return 'exact';
  return scanned.hasLetter ? boundBefore(text, start) : boundBySign(text, start);
}

/** `< 20`, `> 20`, `~ 20`. */
function boundBySign(text: string, start: number): Bound {
  let i = start - 1;
  while (i >= 0 && isSpace(text.charCodeAt(i))) i -= 1;
  const sign = i < 0 ? '' : text.charAt(i);
  if (sign === '>' || sign === '≥') return 'from';
  return sign !== '' && '<≤~〜～≈'.includes(sign) ? 'up-to' : 'exact';
}

function boundBefore(text: string, start: number): Bound {
  const sign = boundBySign(text, start);
  if (sign !== 'exact') return sign;
  const before = text.slice(Math.max(0, start - 24), start);
  if (OPEN_UP_TO.test(before)) return 'up-to';
  if (OPEN_FROM.test(before)) return 'from';
  const tail = before.toLowerCase().split(/[^\p{L}']+/u).filter((w) => w !== '').slice(-3);
  if (tail.at(-1) === 'to' && tail.at(-2) === 'up') return 'up-to';
  if (tail.some((w) => FROM_WORDS.has(w))) return 'from';
  return tail.some((w) => UP_TO_WORDS.has(w)) ? 'up-to' : 'exact';
}
