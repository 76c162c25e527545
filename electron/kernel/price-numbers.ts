/** Numbers inside price texts: any digits, any way of grouping, and which of their separators is the decimal point. */
import type { Currency } from './money.ts';

/** Digits in groups; `separators[i]` stands between `groups[i]` and `groups[i + 1]`: `.` `,` space, `'`, or U+066B for a sure decimal point. */
export interface NumberToken {
  readonly start: number;
  readonly end: number;
  /** ASCII digits. The first is empty for `.75`. */
  readonly groups: string[];
  readonly separators: string;
}

/** Decimal values of digits of the scripts that prices are written in; -1 elsewhere. */
const DIGITS = new Int8Array(65_536).fill(-1);
/** ASCII, Arabic-Indic, Eastern Arabic, Devanagari, Bengali, Thai, full width. */
for (const zero of [0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0xff10]) for (let d = 0; d < 10; d++) DIGITS[zero + d] = d;

const SPACES = new Uint8Array(65_536);
/** Horizontal spaces and the invisible direction and joining marks that shops leave between digits. */
for (const c of [9, 32, 0xa0, 0x202f, 0x205f, 0x3000, 0xfeff, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x2066, 0x2067, 0x2068, 0x2069]) SPACES[c] = 1;
for (let c = 0x2000; c <= 0x200a; c++) SPACES[c] = 1;

export const digitOf = (c: number): number => DIGITS[c] ?? -1;
export const isSpace = (c: number): boolean => SPACES[c] === 1;

const ARABIC_DECIMAL = '\u066b';
/** What a character between digits is taken for. */
export const SEPARATORS: ReadonlyMap<number, string> = new Map([
  [46, '.'], [44, ','], [0x066b, ARABIC_DECIMAL], [0x066c, "'"], [39, "'"], [0x2019, "'"], [0xb4, "'"], [0x60, "'"], [0xff0e, '.'], [0xff0c, ','], [0x60c, ','], [0xb7, '.'], [0x2d9, "'"], [0x2bc, "'"],
]);

function digitsEnd(text: string, at: number): number {
  let i = at;
  while (i < text.length && digitOf(text.charCodeAt(i)) >= 0) i += 1;
  return i;
}

function digitsOf(text: string, from: number, to: number): string {
  let ascii = true;
  for (let i = from; i < to; i++) if (text.charCodeAt(i) > 0x7f) ascii = false;
  if (ascii) return text.slice(from, to);
  let out = '';
  for (let i = from; i < to; i++) out += digitOf(text.charCodeAt(i));
  return out;
}

interface Joint {
  readonly separator: string;
  /** Where the next group begins. */
  readonly next: number;
}

/**
 * The separator after a group and the start of the next, or null where the number ends. A space joins three digits only (and so never two prices
 * of two or four digits); a point or comma joins what follows at once, or two or three digits after one space (`119. 95`).
 */
function jointAt(text: string, at: number, groups: readonly string[], separators: string): Joint | null {
  if (at >= text.length) return null;
  const c = text.charCodeAt(at);
  if (isSpace(c)) return spaceJoint(text, at, groups, separators);
  const separator = c > 127 || c === 46 || c === 44 || c === 39 || c === 96 ? SEPARATORS.get(c) : undefined;
  if (separator === undefined) return null;
  const next = at + 1;
  if (next >= text.length) return null;
  const length = digitsEnd(text, next) - next;
  if (length > 0) return separator === "'" && length !== 3 ? null : { separator, next };
  if (separator === "'" || !isSpace(text.charCodeAt(next))) return null;
  const after = digitsEnd(text, next + 1) - (next + 1);
  return after === 2 || (after === 3 && (groups[groups.length - 1] as string).length <= 3) ? { separator, next: next + 1 } : null;
}

function spaceJoint(text: string, at: number, groups: readonly string[], separators: string): Joint | null {
  const next = at + 1;
  if (next >= text.length) return null;
  const c = text.charCodeAt(next);
  if (c === 44 || c === 46) {
    // `12 ,50`
    return digitsEnd(text, next + 1) - (next + 1) === 2 && !separators.includes(',') && !separators.includes('.') ? { separator: c === 44 ? ',' : '.', next: next + 1 } : null;
  }
  if (digitsEnd(text, next) - next !== 3) return null;
  const first = groups[0] as string;
  const grouped = first.length >= 1 && first.length <= 3 && first !== '0' && (separators === '' || [...separators].every((s) => s === ' '));
  return grouped ? { separator: ' ', next } : null;
}

/** Reads the number that begins at `at` (a digit, or a point before one). */
export function scanNumber(text: string, at: number): NumberToken {
  const groups: string[] = [];
  let separators = '';
  let i = at;
  if (digitOf(text.charCodeAt(at)) < 0) {
    groups.push('');
    separators = '.';
    i = at + 1;
  }
  for (;;) {
    const end = digitsEnd(text, i);
    groups.push(digitsOf(text, i, end));
    const joint = jointAt(text, end, groups, separators);
    if (joint === null) return { start: at, end, groups, separators };
    separators += joint.separator;
    i = joint.next;
  }
}

/** Currencies whose prices are shown with three decimals. (Iraq's dinar has three by ISO, and none in its shops.) */
const THREE_DECIMALS = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND', 'LYD']);
/** Of those, where the comma is the decimal point. */
const THREE_DECIMALS_BY_COMMA = new Set(['TND']);
/** More whole digits than any price has: a telephone number, or a code. */
const MOST_DIGITS = 13;
const MOST_DECIMALS = 6;

/** Groups of three after the first; Indian grouping (`1,23,45,678`) has pairs before the last three. */
function isGrouped(groups: readonly string[], upTo: number, separators: string): boolean {
  const first = groups[0] as string;
  if (first === '' || first.length > 3 || (first[0] === '0' && upTo > 1)) return false;
  let threes = true;
  let indian = first.length <= 2 && separators[0] === ',' && upTo > 2;
  for (let g = 1; g < upTo; g++) {
    const n = (groups[g] as string).length;
    if (n !== 3) threes = false;
    if (n !== (g === upTo - 1 ? 3 : 2)) indian = false;
  }
  return threes || indian;
}

function compose(groups: readonly string[], wholeGroups: number): string | null {
  let whole = '';
  for (let g = 0; g < wholeGroups; g++) whole += groups[g];
  let fraction = '';
  for (let g = wholeGroups; g < groups.length; g++) fraction += groups[g];
  if (whole.length > MOST_DIGITS || fraction.length > MOST_DECIMALS) return null;
  let zeros = 0;
  while (zeros < whole.length - 1 && whole.charCodeAt(zeros) === 48) zeros += 1;
  if (zeros > 0) whole = whole.slice(zeros);
  return fraction === '' ? whole : `${whole === '' ? '0' : whole}.${fraction}`;
}

/** Plain decimal text, or null when the separators fit no way of writing a number, or fit two. */
export function decimalOf({ groups, separators }: NumberToken, currency: Currency | null, known?: '.' | ',' | '€'): string | null {
  const last = groups.length - 1;
  if (last === 0) return compose(groups, 1);
  if (known === '.' || known === ',') return byKnownSeparator(groups, separators, known);
  if (groups[0] === '') return last === 1 ? compose(groups, 1) : leadingPoint(groups, separators, currency);
  const mark = separators[last - 1] as string;
  if (mark === ARABIC_DECIMAL) return last === 1 || isGrouped(groups, last, separators) ? compose(groups, last) : null;
  let same = 0;
  for (let s = 0; s < separators.length; s++) if (separators[s] === mark) same += 1;
  if (mark === ' ' || mark === "'" || same > 1) return same === separators.length && isGrouped(groups, last + 1, separators) ? compose(groups, last + 1) : null;
  return bySinglePoint(groups, separators, currency);
}

/** The last separator is a point or comma that stands once. */
function bySinglePoint(groups: readonly string[], separators: string, currency: Currency | null): string | null {
  const last = groups.length - 1;
  const first = groups[0] as string;
  const decimals = (groups[last] as string).length;
  const three = currency !== null && THREE_DECIMALS.has(currency);
  if (last > 1) {
    if (!isGrouped(groups, last, separators) || (decimals === 3 && !three)) return null;
    return uniform(separators, last - 1) ? compose(groups, last) : null;
  }
  if (decimals !== 3 || first[0] === '0') return compose(groups, 1);
  if (three && (separators === '.' || THREE_DECIMALS_BY_COMMA.has(currency))) return compose(groups, 1);
  return first.length <= 3 ? compose(groups, 2) : null;
}

function uniform(separators: string, count: number): boolean {
  for (let s = 1; s < count; s++) if (separators[s] !== separators[0]) return false;
  return true;
}

/** `.1.299`: the leading point belongs to what stands before it. */
function leadingPoint(groups: readonly string[], separators: string, currency: Currency | null): string | null {
  return decimalOf({ start: 0, end: 0, groups: groups.slice(1), separators: separators.slice(1) }, currency);
}

function byKnownSeparator(groups: readonly string[], separators: string, known: string): string | null {
  if (groups[0] === '' && (known !== '.' || separators.lastIndexOf('.') > 0)) return byKnownSeparator(groups.slice(1), separators.slice(1), known);
  const at = separators.indexOf(known);
  if (at < 0 || groups.length === 1) return compose(groups, groups.length);
  return separators.lastIndexOf(known) === at ? compose(groups, at + 1) : null;
}
