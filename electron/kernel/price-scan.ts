/** What a price text consists of: its numbers, its currency marks, and which mark belongs to which number. */
import { isLetterCode, LETTER_MARKS, markAt, ONLY_AFTER, ONLY_BEFORE, type CurrencyMark } from './currency-marks.ts';
import type { Currency } from './money.ts';
import { digitOf, isSpace, scanNumber, type NumberToken } from './price-numbers.ts';

export interface PlacedMark {
  readonly mark: CurrencyMark;
  readonly start: number;
  readonly end: number;
  /** Index of the number that it belongs to, or -1. */
  owner: number;
}

export interface Scan {
  readonly text: string;
  readonly numbers: NumberToken[];
  readonly marks: PlacedMark[];
  /** Holds letters besides those of its marks: only then can words say something of its amounts. */
  readonly hasWords: boolean;
  /** Holds any letter that is no sure mark: `da 9,08 €` begins with a word. */
  readonly hasLetter: boolean;
}

const PERCENT = new Set([0x25, 0x66a, 0xff05]);

/** Finds the numbers and the marks; `bindMarks` says what belongs together. */
export function scan(text: string): Scan {
  const numbers: NumberToken[] = [];
  const marks: PlacedMark[] = [];
  let letters = 0;
  let wordMarks = 0;
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
    if (mark.weak && mark.letterFirst) wordMarks += 1;
    marks.push({ mark, start: i, end, owner: -1 });
    i = end;
  }
  return { text, numbers, marks, hasWords: letters > 1, hasLetter: letters + wordMarks > 0 };
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
export function bindMarks({ text, numbers, marks }: Scan): void {
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

/** Powers of ten that a word after the number stands for. In Algeria a million is a million centimes: ten thousand dinars. */
export const MULTIPLES: Readonly<Record<string, number>> = {
  million: 6, millions: 6, mio: 6, mln: 6, млн: 6, مليون: 6, ملايين: 6, milliard: 9, milliards: 9, billion: 9, billions: 9, مليار: 9, млрд: 9, mille: 3, thousand: 3, ألف: 3, الف: 3, тыс: 3, tys: 3, k: 3, lakh: 5, lakhs: 5, lac: 5, lacs: 5, crore: 7, crores: 7,
};

/** The end of a number, with the word for its multiple: `2,5 millions` DA. */
function pastMultiple(text: string, end: number): number {
  const word = wordAfter(text, end);
  if (word === '' || !Object.hasOwn(MULTIPLES, word)) return end;
  let i = end;
  while (isSpace(text.charCodeAt(i))) i += 1;
  while (i < text.length && isLetterCode(text.charCodeAt(i))) i += 1;
  return i;
}

export const isMarked = (scanned: Scan, n: number) => scanned.marks.some((m) => m.owner === n);

/** The word that touches a number or follows it after spaces, in lower case. */
export function wordAfter(text: string, at: number): string {
  let i = at;
  while (i < text.length && isSpace(text.charCodeAt(i))) i += 1;
  const start = i;
  while (i < text.length && i - start < 12 && isLetterCode(text.charCodeAt(i))) i += 1;
  return i === start ? '' : text.slice(start, i).toLowerCase();
}

/** From the first to the last of a number and its marks. */
export function extentOf({ numbers, marks }: Scan, n: number): { readonly start: number; readonly end: number } {
  let { start, end } = numbers[n] as NumberToken;
  for (const mark of marks) {
    if (mark.owner !== n) continue;
    start = Math.min(start, mark.start);
    end = Math.max(end, mark.end);
  }
  return { start, end };
}

/**
 * `N12,500` where naira are expected: a single letter is a currency only beside a number of three digits and more, and only if the site or the hint says which currency it is.
 * Before the number, or behind it (`45 000 F`).
 */
export function placeLetter(scanned: Scan, expected: Currency | null): void {
  const { text, numbers, marks } = scanned;
  const letter = expected === null ? undefined : LETTER_MARKS[expected];
  if (letter === undefined) return;
  for (let n = 0; n < numbers.length; n++) {
    const { start, end, groups } = numbers[n] as NumberToken;
    if (groups.length === 1 && (groups[0] as string).length < 3) continue;
    const at = letter.side === 'before' ? skipSpace(text, start, -1) - 1 : skipSpace(text, end, 1);
    if (at < 0 || at >= text.length || text[at] !== letter.mark.text || isWordPart(text, at - 1) || (letter.side === 'after' && isWordPart(text, at + 1))) continue;
    if (letter.side === 'before' && at > 0 && digitOf(text.charCodeAt(at - 1)) >= 0) continue;
    marks.push({ mark: letter.mark, start: at, end: at + 1, owner: -1 });
  }
}

const isWordPart = (text: string, at: number): boolean => at >= 0 && at < text.length && isLetterCode(text.charCodeAt(at));

/** Past one space at most, in either direction. */
function skipSpace(text: string, at: number, step: 1 | -1): number {
  const next = step === 1 ? at : at - 1;
  return next >= 0 && next < text.length && isSpace(text.charCodeAt(next)) ? at + step : at;
}
