/** The amounts in a line of a receipt, each with its place. Reads them as the desk reads prices anywhere (`kernel/price-text`). */
import { isLetterCode } from '#kernel/currency-marks.ts';
import { exponentOf, parseDecimal, type Currency } from '#kernel/money.ts';
import type { NumberToken } from '#kernel/price-numbers.ts';
import { bindMarks, extentOf, isMarked, scan, type Scan } from '#kernel/price-scan.ts';
import { readPriceText } from '#kernel/price-text.ts';

export interface FoundAmount {
  /** In the text that was searched, with its mark. */
  readonly start: number;
  readonly end: number;
  /** Of the currency, never below zero. */
  readonly minor: number;
  readonly negative: boolean;
  /** Where a space may part a count from an amount (`2 450,00`): that reading. */
  readonly split: { readonly count: number; readonly minor: number } | null;
}

export interface WholeNumber {
  readonly start: number;
  readonly end: number;
  readonly value: number;
}

export interface LineNumbers {
  readonly text: string;
  readonly amounts: readonly FoundAmount[];
  /** Whole numbers on their own, which may be counts, or amounts where a receipt writes none with decimals. */
  readonly wholes: readonly WholeNumber[];
}

export interface AmountStyle {
  readonly currency: Currency;
  readonly decimalSeparator: '.' | ',' | undefined;
}

/** Tabs part columns: they are made gaps that join no digits. */
export const widen = (line: string): string => line.replaceAll('\t', '   ').replaceAll('\u00a0', ' ').replaceAll('\u202f', ' ');

const DECIMALS = /^[.,\u066b]$/;

function scanned(text: string): Scan {
  const found = scan(text);
  bindMarks(found);
  return found;
}

function hasDecimals({ groups, separators }: NumberToken, currency: Currency): boolean {
  const places = exponentOf(currency);
  return groups.length > 1 && places > 0 && groups.at(-1)!.length === places && DECIMALS.test(separators.at(-1)!);
}

/** Part of a word, a code, a date, a time or a measure: `A12-3`, `12/03/2026`, `10:45`, `500g`. */
function isPartOfMore(text: string, { start, end }: NumberToken, marked: boolean): boolean {
  const before = text.charCodeAt(start - 1);
  const after = text.charCodeAt(end);
  if (start > 0 && text[start - 1] === '-' && /[\p{L}\d]/u.test(text[start - 2] ?? ' ')) return true;
  if (start > 0 && !marked && (isLetterCode(before) || '/:#_'.includes(text[start - 1]!))) return true;
  if (end >= text.length) return false;
  if ('/:_'.includes(text[end]!) && /\d/.test(text[end + 1] ?? '')) return true;
  if (text[end] === '-' && /[\p{L}\d]/u.test(text[end + 1] ?? ' ')) return true;
  return !marked && isLetterCode(after) && !/^\p{Lu}(?:\s|$)/u.test(text.slice(end, end + 2));
}

function isNegative(text: string, start: number, end: number): boolean {
  const before = text.slice(0, start);
  if (/(?:^|[\s(:])[-−–]\s?$/.test(before) && !/\p{L}\s*[-−–]\s?$/u.test(before)) return true;
  if (/^\s?-(?:\s|$)/.test(text.slice(end))) return true;
  return /\(\s*$/.test(before) && /^\s*\)/.test(text.slice(end)) && !/\p{L}/u.test(text.slice(start, end).replace(/[A-Z]{3}/, ''));
}

function minorOf(text: string, { currency, decimalSeparator }: AmountStyle): number | null {
  for (const separator of decimalSeparator ? [undefined, decimalSeparator] : [undefined]) {
    const { amount } = readPriceText(text, { expected: currency, ...(separator ? { decimalSeparator: separator } : {}) });
    const money = amount === null ? null : parseDecimal(amount, currency);
    if (money && Number.isSafeInteger(money.minor)) return money.minor;
  }
  return null;
}

/** `2 450,00`: a count and an amount, if there is no thousand. */
function splitOf(text: string, token: NumberToken, style: AmountStyle): FoundAmount['split'] {
  const [first = '', ...rest] = token.groups;
  if (token.separators[0] !== ' ' || first.length > 3 || rest.length === 0) return null;
  const at = token.start + first.length;
  const minor = minorOf(text.slice(at, token.end).trim(), style);
  return minor === null ? null : { count: Number(first), minor };
}

export function numbersIn(line: string, style: AmountStyle): LineNumbers {
  const text = widen(line);
  const found = scanned(text);
  const amounts: FoundAmount[] = [];
  const wholes: WholeNumber[] = [];
  for (const [n, token] of found.numbers.entries()) {
    const marked = isMarked(found, n);
    if (isPartOfMore(text, token, marked)) continue;
    const { start, end } = extentOf(found, n);
    if (!marked && !hasDecimals(token, style.currency)) {
      if (token.groups.length === 1 && token.groups[0]!.length <= 7) wholes.push({ start: token.start, end: token.end, value: Number(token.groups[0]) });
      else if (/^[ .,']+$/.test(token.separators)) {
        const value = minorOf(text.slice(token.start, token.end), style);
        if (value !== null) wholes.push({ start: token.start, end: token.end, value: value / 10 ** exponentOf(style.currency) });
      }
      continue;
    }
    const minor = minorOf(text.slice(start, end).replace(/^[-−–]\s*/, ''), style) ?? minorOf(text.slice(token.start, token.end), style);
    if (minor === null) continue;
    amounts.push({ start, end, minor, negative: isNegative(text, start, end), split: splitOf(text, token, style) });
  }
  return { text, amounts, wholes };
}

/** The sign before decimals that the receipt writes, by what its amounts show; undefined where they show nothing. */
export function decimalSeparatorOf(lines: readonly string[]): '.' | ',' | undefined {
  let points = 0;
  let commas = 0;
  for (const line of lines) {
    for (const { groups, separators } of scan(widen(line)).numbers) {
      if (groups.length < 2 || groups.at(-1)!.length !== 2) continue;
      const last = separators.at(-1);
      if (last === '.' && (groups.length === 2 || separators[0] !== '.')) points += 1;
      if (last === ',') commas += 1;
    }
  }
  return points === commas ? undefined : points > commas ? '.' : ',';
}

/** The currencies that the marks of a text name, with how often; a shared sign (`$`) counts for the expected currency if that is one of its own. */
export function currenciesIn(lines: readonly string[], expected: Currency): { readonly currency: Currency; readonly count: number; readonly line: number; readonly shared: boolean }[] {
  const seen = new Map<Currency, { currency: Currency; count: number; line: number; shared: boolean }>();
  for (const [line, raw] of lines.entries()) {
    const text = widen(raw);
    const found = scanned(text);
    for (const n of found.numbers.keys()) {
      if (!isMarked(found, n)) continue;
      const { start, end } = extentOf(found, n);
      const slice = text.slice(start, end);
      const alone = readPriceText(slice).currency;
      const currency = alone ?? readPriceText(slice, { expected }).currency;
      if (currency === null) continue;
      const known = seen.get(currency);
      if (known) {
        known.count += 1;
        known.shared &&= alone === null;
      } else seen.set(currency, { currency, count: 1, line, shared: alone === null });
    }
    for (const [code] of text.matchAll(/\b(?:USD|EUR|GBP|DZD|CAD|AUD|CHF|MAD|TND|ZAR|AED|SAR)\b/g)) {
      if (seen.has(code)) seen.get(code)!.shared = false;
      else seen.set(code, { currency: code, count: 1, line, shared: false });
    }
  }
  return [...seen.values()].toSorted((a, b) => b.count - a.count);
}
