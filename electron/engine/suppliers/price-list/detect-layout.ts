import { asciiDigits } from '#kernel/fold-text.ts';
import type { Currency } from '#kernel/money.ts';
import { repairIdentifier } from '#kernel/identifiers.ts';
import { readPriceText } from '#kernel/price-text.ts';
import { costBasisOfHeader, currencyOfHeader, roleOfHeader, type ColumnRole, type CostBasis } from './column-words.ts';
import type { Dialect, ScannedRow } from './csv-scanner.ts';
import type { Encoding } from './detect-encoding.ts';
import type { DecimalMark } from './read-cells.ts';

export interface ColumnLayout {
  /** Position in the row, from 0. */
  readonly index: number;
  readonly header: string;
  /** Null for a column that is not used. */
  readonly role: ColumnRole | null;
  /** How sure the proposal is, 0 to 1. */
  readonly weight: number;
  /** How amounts of this column are written; null where no cell shows it. */
  readonly decimalMark: DecimalMark | null;
}

/** How a list is read: proposed by `inspectPriceList`, corrected by a person, remembered by the supplier. Plain data. */
export interface PriceListLayout {
  readonly format: 'text' | 'xlsx';
  readonly encoding: Encoding | null;
  readonly dialect: Dialect | null;
  readonly sheet: string | null;
  /** Line of the header; null without one. Rows above and with it are not data. */
  readonly headerLine: number | null;
  readonly columns: readonly ColumnLayout[];
  /** Where neither a cell nor a currency column says otherwise; null when the list does not tell. */
  readonly currency: Currency | null;
  readonly costBasis: CostBasis;
}

const HEADER_SEARCH_ROWS = 40;

/** The header: among the first rows the one that names most roles, when it names at least two, or names one and stands over rows of its own width. */
export function findHeader(rows: readonly ScannedRow[]): ScannedRow | null {
  let best: ScannedRow | null = null;
  let bestScore = 1.2;
  for (const row of rows.slice(0, HEADER_SEARCH_ROWS)) {
    const roles = new Set<ColumnRole>();
    let score = 0;
    let numeric = 0;
    for (const cell of row.cells) {
      if (/\d{4,}/.test(cell) || /^\s*[\d.,٠-٩]+\s*$/.test(cell)) numeric++;
      const found = roleOfHeader(cell);
      if (!found || roles.has(found.role)) continue;
      roles.add(found.role);
      score += found.weight;
    }
    score -= numeric;
    if (score > bestScore) {
      best = row;
      bestScore = score;
    }
  }
  return best;
}

interface ColumnFacts { filled: number; ids: number; amounts: number; decimals: number; counts: number; marks: number; codes: number; letters: number; length: number; distinct: number; decimalMark: DecimalMark | null; small: number; numbered: number }

/** `1.234,50` and `12,5` end in a comma decimal; `1.234` alone does not tell. */
function decimalMarkOf(cells: readonly string[]): DecimalMark | null {
  let comma = 0;
  let point = 0;
  for (const cell of cells) {
    const match = /([.,٫])(\d{1,2}|\d{4,})\D*$/.exec(cell.trim().replace(/[٠-٩]/g, '0'));
    if (match?.[1] === ',' || match?.[1] === '٫') comma++;
    else if (match?.[1] === '.') point++;
    else {
      /** Two groups of three: the separator groups, so the other one is the decimal mark. */
      const grouping = /\d([.,])\d{3}\1\d{3}/.exec(cell)?.[1];
      if (grouping === '.') comma++;
      else if (grouping === ',') point++;
    }
  }
  return comma === point ? null : comma > point ? ',' : '.';
}

function factsOf(cells: readonly string[]): ColumnFacts {
  const filled = cells.filter((cell) => cell.trim() !== '');
  const facts: ColumnFacts = { filled: filled.length, ids: 0, amounts: 0, decimals: 0, counts: 0, marks: 0, codes: 0, letters: 0, length: 0, distinct: new Set(filled).size, decimalMark: decimalMarkOf(filled), small: 0, numbered: 0 };
  for (const cell of filled) {
    const text = asciiDigits(cell.trim());
    facts.length += text.length;
    const digits = text.replace(/\D/g, '').length;
    if (digits > 0) facts.numbered++;
    if (digits >= 7 && (repairIdentifier(text).status !== 'refused' || /^\d(?:[.,]\d+)?E\+1[0-3]$/i.test(text))) facts.ids++;
    else if (/^B0[0-9A-Z]{8}$/.test(text)) facts.ids++;
    const number = /^[^\d\p{L}]{0,3}\p{L}{0,4}[^\d\p{L}]{0,2}[\d٠-٩][\d.,٫٬\s\u00a0\u202f'٠-٩]*[^\d\p{L}]{0,3}(?:\p{L}{0,4})[^\d\p{L}]{0,2}$/u.test(text);
    if (number && digits < 9) {
      facts.amounts++;
      if (/[.,٫]\d{1,2}\D*$/.test(text)) facts.decimals++;
      if (/[€£$¥₦₹]|\p{L}{2}/u.test(text)) facts.marks++;
    }
    if (/^\d{1,5}$/.test(text)) {
      facts.counts++;
      if (Number(text) <= 144) facts.small++;
    }
    if (/^[A-Z]{3}$/.test(text)) facts.codes++;
    if (/\p{L}{3}/u.test(text)) facts.letters++;
  }
  return facts;
}

/** What the cells alone make of a column, 0 to 1 for each role that cells can show. */
function contentScore(role: ColumnRole, f: ColumnFacts): number {
  if (f.filled === 0) return 0;
  const share = (n: number) => n / f.filled;
  const spread = f.distinct / f.filled;
  switch (role) {
    case 'id': return share(f.ids);
    case 'asin': return share(f.ids) * (share(f.letters) > 0.5 ? 1 : 0.2);
    case 'title': return share(f.letters) * Math.min(1, f.length / f.filled / 18) * (0.4 + 0.6 * spread);
    case 'cost': return share(f.amounts) * (0.55 + 0.3 * share(f.decimals) + 0.15 * share(f.marks)) * (share(f.ids) > 0.5 ? 0 : 1);
    case 'currency': return share(f.codes) * (f.distinct <= 6 ? 1 : 0.2);
    case 'brand': return share(f.letters) * (f.distinct < f.filled * 0.7 ? 0.6 : 0.2) * (f.length / f.filled < 18 ? 1 : 0.3);
    case 'quantity': return share(f.counts) * 0.4;
    case 'pack':
    case 'case': return share(f.small) * 0.25;
    default: return 0;
  }
}

const NUMERIC_ROLES: ReadonlySet<ColumnRole> = new Set(['cost', 'map', 'retail']);

/** Whatever its role: a person may say that it holds the cost after all. */
const isNumeric = (f: ColumnFacts | undefined) => f !== undefined && f.filled > 0 && f.amounts / f.filled >= 0.3;

/** Whether a header's role can be true of its cells: a `code` column without a number is no price. */
function contradicted(role: ColumnRole, f: ColumnFacts): boolean {
  if (f.filled < 3) return false;
  if (NUMERIC_ROLES.has(role)) return f.amounts / f.filled < 0.3;
  if (role === 'id') return f.ids / f.filled < 0.1;
  if (role === 'title') return f.letters / f.filled < 0.3;
  if (role === 'mpn') return f.numbered / f.filled < 0.2;
  return false;
}

interface Claim { index: number; role: ColumnRole; score: number }

/** Each role goes to its best column, each column to one role. */
function assign(claims: Claim[]): Map<number, Claim> {
  const taken = new Map<number, Claim>();
  const used = new Set<ColumnRole>();
  for (const claim of claims.sort((a, b) => b.score - a.score || a.index - b.index)) {
    if (taken.has(claim.index) || used.has(claim.role)) continue;
    taken.set(claim.index, claim);
    used.add(claim.role);
  }
  return taken;
}

function claimsOf(headers: readonly string[], facts: readonly ColumnFacts[], hasHeader: boolean): Claim[] {
  const claims: Claim[] = [];
  facts.forEach((f, index) => {
    const named = roleOfHeader(headers[index] ?? '');
    if (named && !contradicted(named.role, f)) {
      /** Columns of the same name: `Price` twice, or `EAN` beside `UPC`: the fuller and fitter one wins. */
      claims.push({ index, role: named.role, score: 1 + named.weight + 0.5 * contentScore(named.role, f) + specificity(headers[index] ?? '', named.role) });
    }
    // what heads numbers as often as names, over cells that are words
    if (named?.role === 'mpn' && contradicted('mpn', f) && !contradicted('title', f)) claims.push({ index, role: 'title', score: 0.9 + 0.5 * contentScore('title', f) });
    const byContent: ColumnRole[] = hasHeader ? ['id', 'title', 'cost', 'currency'] : ['id', 'title', 'cost', 'currency', 'brand', 'quantity'];
    for (const role of byContent) {
      const score = contentScore(role, f);
      if (score > (hasHeader ? 0.75 : 0.35) && !(named && named.weight === 1 && !contradicted(named.role, f))) claims.push({ index, role, score: score * 0.9 });
    }
  });
  return claims;
}

/** Among prices the one that says cost, net or wholesale is paid; a bare `price` may be anything. */
function specificity(header: string, role: ColumnRole): number {
  if (role === 'cost') return /cost|whole|net|dealer|trade|achat|gros|einkauf|\bek\b|mayor|costo|جمله|شراء/i.test(header) ? 0.3 : /sale|offer/i.test(header) ? -0.3 : 0;
  return role === 'title' && /desc/i.test(header) ? -0.1 : 0;
}

function currencyOf(rows: readonly ScannedRow[], cost: ColumnLayout | undefined, expected: Currency | null): Currency | null {
  const named = currencyOfHeader(cost?.header ?? '');
  if (named || !cost) return named;
  const seen = new Map<string, number>();
  for (const row of rows.slice(0, 100)) {
    const cell = row.cells[cost.index] ?? '';
    const reading = readPriceText(cell, { expected });
    if (reading.currencyText !== null && reading.currency) seen.set(reading.currency, (seen.get(reading.currency) ?? 0) + 1);
  }
  return [...seen].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

/** The width of most rows: a single shifted row must not widen the table. */
function commonWidth(rows: readonly ScannedRow[]): number {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(row.cells.length, (counts.get(row.cells.length) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0] ?? 1;
}

export interface LayoutBase {
  readonly format: 'text' | 'xlsx';
  readonly encoding: Encoding | null;
  readonly dialect: Dialect | null;
  readonly sheet: string | null;
  /** The header's line as a person says; null: there is none; absent: to be found. */
  readonly headerLine?: number | null | undefined;
}

/** Proposes the layout from the first rows: header under any junk, roles by header words and by what the cells hold. `expected` settles shared marks (`$`). */
export function detectLayout(rows: readonly ScannedRow[], { headerLine, ...base }: LayoutBase, expected: Currency | null): PriceListLayout {
  const header = headerLine === undefined ? findHeader(rows) : (rows.find((row) => row.line === headerLine) ?? null);
  const data = rows.filter((row) => (header ? row.line > header.line : true) && row.cells.length > 1).slice(0, 200);
  const width = Math.max(header?.cells.length ?? 1, commonWidth(data));
  const headers = Array.from({ length: width }, (_, index) => (header?.cells[index] ?? '').trim());
  const columns = headers.map((_, index) => data.map((row) => row.cells[index] ?? ''));
  const facts = columns.map(factsOf);
  const assigned = assign(claimsOf(headers, facts, header !== null));
  const layoutColumns = headers.map((text, index): ColumnLayout => {
    const claim = assigned.get(index);
    return { index, header: text, role: claim?.role ?? null, weight: Math.min(1, (claim?.score ?? 0) / 2), decimalMark: isNumeric(facts[index]) ? (facts[index]?.decimalMark ?? null) : null };
  });
  const cost = layoutColumns.find((column) => column.role === 'cost');
  const costBasis = costBasisOfHeader(cost?.header ?? '') ?? 'unit';
  return { ...base, headerLine: header?.line ?? null, columns: layoutColumns, currency: currencyOf(data, cost, expected), costBasis };
}
