/** Finds the numbers of a message that may be money, with their scale (mille, million, milliard) and currency, and leaves out what is plainly something else. */
import { markAt, resolveMark } from '#kernel/currency-marks.ts';
import type { Currency } from '#kernel/money.ts';
import { decimalOf, scanNumber } from '#kernel/price-numbers.ts';
import { AND_WORDS, HALF_WORDS, NUMBER_WORDS, SCALE_WORDS, SHY_WORDS, WHOLE_SCALES, type Scale } from './number-words.ts';

/** A number of the message, before its unit is settled. */
export interface FoundAmount {
  /** In the folded text. */
  readonly start: number;
  readonly end: number;
  /** In units of `scale`; with `plain`, as written. */
  readonly value: number;
  readonly scale: 'plain' | Scale;
  /** Named beside the number; null where it is not. */
  readonly currency: Currency | null;
  /** The text says centimes. */
  readonly centimes: boolean;
}

const BLANK = (match: string) => ' '.repeat(match.length);
const L = '(?<![\\p{L}\\d])';
const R = '(?![\\p{L}\\d])';

/** What holds digits and is no price: telephone numbers, times, shares, measures, models, years, counts, postage. */
const NOT_MONEY: readonly RegExp[] = [
  /(?:\+|\b00)\d[\d .-]{7,}\d/gu,
  /(?<!\d)0\d(?:[ .-]?\d){6,}/gu,
  new RegExp(`${L}\\d{1,2}(?:\\s?(?:am|pm)|:\\d\\d|\\s?h\\s?\\d{0,2}|\\s?o'?clock)${R}`, 'gu'),
  /\d+(?:[.,]\d+)?\s?%/gu,
  new RegExp(`${L}\\d+(?:[.,]\\d+)?\\s?(?:gb|go|tb|giga|mah|cm|mm|kg|km|ml|hz|mp|inch(?:es)?|pouces?|ans?|years?|jours?|days?|mois|months?|weeks?|semaines?|minutes?|min|heures?|hours?|miles|stars?|etoiles?|ايام|يوم|اشهر|سنوات|سنه)${R}`, 'gu'),
  new RegExp(`${L}(?:iphone|ipad|galaxy|note|redmi|pixel|ps|playstation|xbox|pro|model|version|windows|size|taille|pointure|number|numero|no|n°|room|rue|avenue|street|bloc|apartment|gen|mk|ايفون)\\s?\\d+${R}`, 'gu'),
  /(?<![\p{L}\d])(?!usd|eur|gbp|dzd|zwg|us\$|da|zig|rtgs|pour|for|at|i\d\d)[a-z]{1,8}\d+[a-z]?(?![\p{L}\d])/gu,
  new RegExp(`${L}\\d{1,2} (?:pro|max|mini|ultra)${R}`, 'gu'),
  new RegExp(`${L}(?:in|en|since|depuis|from|annee|year|de|من|سنه|عام) (?:19|20)\\d\\d${R}`, 'gu'),
  new RegExp(`${L}(?:19|20)\\d\\d (?:model|edition|version)${R}`, 'gu'),
  new RegExp(`${L}(?:i have|have only|only|il (?:m'|en )?reste|j'en ai|reste|got|x) ?\\d{1,2}(?: (?:of them|left|more|pieces?|pcs|units?))?${R}(?!\\s?(?:da|dzd|usd|\\$|€|euros?|mille|k))`, 'gu'),
  new RegExp(`${L}\\d{1,3} ?(?:of them|left|pieces?|pcs|units?|unites?|قطع|قطعه)${R}`, 'gu'),
  /\+\s?\d+(?:[.,]\d+)?\s?(?:da|dzd|\$|€|usd|euros?)?\s?(?:for |de |pour |of )?(?:la )?(?:shipping|postage|delivery|livraison|fdp|frais|port|توصيل|التوصيل)/gu,
  new RegExp(`${L}(?:shipping|postage|delivery|livraison|fdp|frais de port|توصيل|التوصيل)(?: is| est|:| a| de| of)? \\d+(?:[.,]\\d+)?`, 'gu'),
  new RegExp(`${L}(?:code|order|ref|commande|zip|postcode|pin) ?#?\\d+`, 'gu'),
];

/** Words of Arabic in Latin letters, whose digits are letters: `3lik`, `t3ti`, `rab3`. */
const ARABIZI = /(?<![\p{L}\d])(?:[a-z]+[235789][a-z0-9]*|[23579][a-z]{2,}[a-z0-9]*)(?![\p{L}\d])/gu;
const UNIT_TAIL = /^\d(?:da|dzd|usd|eur|euros?|mille|millions?|mlayen|bucks|dollars?|zig|zwg|centimes?)$/;

/** The text with everything that is not money blanked; positions stay. */
export function blankOthers(folded: string): string {
  // `can't do 40, 47 is ok` holds two numbers.
  const listed = folded.replace(/(?<=\d), (?=\d)/g, '; ');
  const words = listed.replace(ARABIZI, (word) => (NUMBER_WORDS.has(word) || UNIT_TAIL.test(word) || /^[a-z]+\d+$/.test(word) ? word : BLANK(word)));
  return NOT_MONEY.reduce((text, pattern) => text.replace(pattern, (match) => (NUMBER_WORDS.has(match) ? match : BLANK(match))), words);
}

type Token =
  | { kind: 'number'; start: number; end: number; value: number; shy: boolean; worded: boolean }
  | { kind: 'scale'; start: number; end: number; scale: Scale }
  | { kind: 'currency'; start: number; end: number; currency: Currency }
  | { kind: 'half' | 'and' | 'centimes' | 'other'; start: number; end: number };

/** Spellings of money that the kernel's marks do not hold, as people type them. */
const CURRENCY_WORDS: ReadonlyMap<string, Currency> = new Map(
  Object.entries({ DZD: 'da dinar dinars dinards dzd دينار دج دنانير', USD: 'usd dollar dollars bucks buck دولار madhora', EUR: 'eur euro euros € يورو', GBP: 'gbp pounds pound quid £', ZWG: 'zwg zig', MAD: 'mad dirham dirhams درهم', TND: 'tnd' }).flatMap(([code, words]) =>
    words.split(' ').map((word) => [word, code] as const),
  ),
);

const WORD = /\p{L}+/uy;
/** A number word that holds digits, as `rab3` and `3achra`. */
const DIGIT_WORD = /[a-z0-9]+/y;

function wordToken(word: string, span: { start: number; end: number }, afterDigit: boolean): Token {
  const bare = word.length > 2 && word.startsWith('و') ? word.slice(1) : word;
  const bareBa = word.length > 3 && /^[بل]/.test(word) ? word.slice(1) : bare;
  const scale = (afterDigit && word === 'm' ? 'million' : undefined) ?? (word === 'k' && !afterDigit ? undefined : SCALE_WORDS.get(word) ?? SCALE_WORDS.get(bare));
  if (scale) return { kind: 'scale', ...span, scale };
  const whole = WHOLE_SCALES.get(word) ?? WHOLE_SCALES.get(bare);
  if (whole && whole.count === 2) return { kind: 'number', ...span, value: whole.scale === 'mille' ? 2_000 : whole.scale === 'million' ? 2e6 : 2e9, shy: false, worded: true };
  const value = NUMBER_WORDS.get(word) ?? NUMBER_WORDS.get(bare) ?? NUMBER_WORDS.get(bareBa);
  if (value !== undefined) return { kind: 'number', ...span, value, shy: SHY_WORDS.has(word), worded: true };
  if (HALF_WORDS.has(word) || HALF_WORDS.has(bare)) return { kind: 'half', ...span };
  if (AND_WORDS.has(word)) return { kind: 'and', ...span };
  if (/^(?:centimes?|سنتيم|سنتيمات)$/.test(word)) return { kind: 'centimes', ...span };
  const currency = CURRENCY_WORDS.get(word);
  return currency ? { kind: 'currency', ...span, currency } : { kind: 'other', ...span };
}

function tokenise(text: string, expected: Currency | null): Token[] {
  const tokens: Token[] = [];
  let i = 0;
  while (i < text.length) {
    const c = text[i]!;
    DIGIT_WORD.lastIndex = i;
    const spelled = i === 0 || !/[\p{L}\d]/u.test(text[i - 1]!) ? DIGIT_WORD.exec(text)?.[0] : undefined;
    const spelledValue = spelled !== undefined && /\d/.test(spelled) ? NUMBER_WORDS.get(spelled) : undefined;
    if (spelled !== undefined && spelledValue !== undefined) {
      tokens.push({ kind: 'number', start: i, end: i + spelled.length, value: spelledValue, shy: false, worded: true });
      i += spelled.length;
      continue;
    }
    if (/\d/.test(c)) {
      const number = scanNumber(text, i);
      const decimal = decimalOf(number, expected);
      if (decimal === null) tokens.push({ kind: 'other', start: number.start, end: number.end });
      else tokens.push({ kind: 'number', start: number.start, end: number.end, value: Number(decimal), shy: false, worded: false });
      i = Math.max(number.end, i + 1);
      continue;
    }
    WORD.lastIndex = i;
    const word = WORD.exec(text)?.[0];
    if (word !== undefined) {
      const before = text.slice(Math.max(0, i - 2), i);
      const token = wordToken(word, { start: i, end: i + word.length }, /\d\s?$/.test(before));
      const mark = token.kind === 'other' ? markAt(text, i) : null;
      const currency = mark && mark.text.length === word.length && !mark.weak ? resolveMark(mark, expected) : null;
      tokens.push(currency ? { kind: 'currency', start: i, end: i + word.length, currency } : token);
      i += word.length;
      continue;
    }
    const mark = /[\p{Sc}]/u.test(c) ? markAt(text, i) : null;
    const currency = mark ? (resolveMark(mark, expected) ?? (mark.text.includes('$') ? 'USD' : null)) : null;
    if (mark && currency) tokens.push({ kind: 'currency', start: i, end: i + mark.text.length, currency });
    else if (!/\s|-/.test(c)) tokens.push({ kind: 'other', start: i, end: i + 1 });
    i += mark ? mark.text.length : 1;
  }
  return tokens;
}

/** `quatre vingt dix`, `five hundred and ten`: neighbouring number words made one number. */
function joinWords(tokens: readonly Token[]): Token[] {
  const out: Token[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const first = tokens[i]!;
    if (first.kind !== 'number' || !first.worded || first.value >= 1_000) {
      out.push(first);
      continue;
    }
    let total = first.value;
    let end = first.end;
    let parts = 1;
    let j = i + 1;
    for (;;) {
      const skip = tokens[j]?.kind === 'and' && tokens[j + 1]?.kind === 'number' ? 1 : 0;
      const next = tokens[j + skip];
      if (next?.kind !== 'number' || !next.worded || next.value >= 1_000) break;
      if (next.value === 100) total = total < 100 ? Math.max(1, total) * 100 : total + 100;
      else if (next.value === 20 && total % 100 === 4) total += 76;
      else if (next.value < 20 || total === 0 || (next.value < 100 && (total % 100 === 0 || total < 10))) total += next.value;
      else break;
      end = next.end;
      parts += 1;
      j += skip + 1;
    }
    out.push({ kind: 'number', start: first.start, end, value: total, shy: first.shy && parts === 1, worded: true });
    i = j - 1;
  }
  return out;
}

const SIZE: Readonly<Record<Scale, number>> = { mille: 1e3, million: 1e6, milliard: 1e9 };

/** What a bare number after a scale adds, in units of that scale: `4 millions 2` is 4.2, `1 million 250` is 1.25, `12 mille 500` is 12.5. */
function remainderOf(value: number): number | null {
  if (!Number.isInteger(value) || value <= 0 || value >= 1_000) return null;
  return value < 10 ? value / 10 : value / 1_000;
}

interface Scaled { value: number; scale: Scale; end: number; next: number }

/** Reads on after `value scale`: halves, remainders, smaller scales. `next` is the first token not used. */
function readScaled(tokens: readonly Token[], at: number, start: { value: number; scale: Scale; end: number }): Scaled {
  let { value, end } = start;
  let next = at;
  const { scale } = start;
  for (let guard = 0; guard < 3; guard++) {
    const skip = tokens[next]?.kind === 'and' ? 1 : 0;
    const token = tokens[next + skip];
    if (token?.kind === 'half') {
      value += 0.5;
      return { value, scale, end: token.end, next: next + skip + 1 };
    }
    if (token?.kind !== 'number') break;
    const after = tokens[next + skip + 1];
    if (after?.kind === 'scale' && SIZE[after.scale] < SIZE[scale]) {
      value += (token.value * SIZE[after.scale]) / SIZE[scale];
      end = after.end;
      next += skip + 2;
      continue;
    }
    const currencyNext = after?.kind === 'scale';
    const rest = currencyNext ? null : remainderOf(token.value);
    if (rest === null) break;
    return { value: value + rest, scale, end: token.end, next: next + skip + 1 };
  }
  return { value: Math.round(value * 1e9) / 1e9, scale, end, next };
}

/** Every number that may be money, in the order of the text. @param text folded and blanked */
export function findAmounts(text: string, expected: Currency | null): FoundAmount[] {
  const tokens = joinWords(tokenise(text, expected));
  const found: FoundAmount[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    const loneScale = token.kind === 'scale' ? WHOLE_SCALES.get(text.slice(token.start, token.end).replace(/^و(?=م|ا)/, '')) : undefined;
    if (token.kind !== 'number' && !loneScale) continue;
    const scaleToken = token.kind === 'scale' ? token : tokens[i + 1];
    const start = token.start;
    let amount: { value: number; scale: 'plain' | Scale; end: number; next: number };
    if (scaleToken?.kind === 'scale') {
      const base = { value: token.kind === 'number' ? token.value : 1, scale: scaleToken.scale, end: scaleToken.end };
      amount = readScaled(tokens, token.kind === 'number' ? i + 2 : i + 1, base);
    } else if (token.kind === 'number') {
      if (token.shy || (token.worded && token.value < 10)) continue;
      amount = { value: token.value, scale: 'plain', end: token.end, next: i + 1 };
    } else continue;
    const after = tokens[amount.next];
    const before = tokens[i - 1];
    const currency = after?.kind === 'currency' ? after.currency : before?.kind === 'currency' && before.end >= start - 2 ? before.currency : null;
    const centimes = after?.kind === 'centimes';
    if (after?.kind === 'currency' || centimes) amount = { ...amount, end: after.end, next: amount.next + 1 };
    found.push({ start, end: amount.end, value: amount.value, scale: amount.scale, currency, centimes });
    i = amount.next - 1;
  }
  return found;
}
