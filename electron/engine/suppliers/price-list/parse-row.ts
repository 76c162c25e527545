import { parseIdentifier, repairIdentifier, type RefusalCode, type Repair, type RepairCandidate } from '#kernel/identifiers.ts';
import type { Currency, Money } from '#kernel/money.ts';
import { COLUMN_ROLES, type ColumnRole } from './column-words.ts';
import type { ScannedRow } from './csv-scanner.ts';
import type { PriceListLayout } from './detect-layout.ts';
import { readAmount, readCount, readRateBp, readStock, type AmountReading, type DecimalMark } from './read-cells.ts';

export interface PriceListRow {
  /** Line of the file, from 1. */
  readonly line: number;
  /** Every identifier that the cell can stand for, the likeliest first; empty without one. Try each against a catalogue before one is believed. */
  readonly identifiers: readonly RepairCandidate[];
  /** True when the first needed a repair that changes digits. */
  readonly identifierRepaired: boolean;
  readonly identifierText: string;
  readonly mpn: string | null;
  readonly title: string | null;
  readonly brand: string | null;
  readonly category: string | null;
  /** As the list states it, for what `costBasis` names. */
  readonly cost: Money;
  /** For one piece as it is sold, rounded up. */
  readonly unitCost: Money;
  /** Pieces that `cost` buys. */
  readonly unitsPerCost: number;
  readonly packSize: number | null;
  readonly caseSize: number | null;
  readonly quantity: number | null;
  readonly minimumOrder: number | null;
  readonly map: Money | null;
  readonly retail: Money | null;
  readonly taxBp: number | null;
}

export type RejectReason =
  | RefusalCode | Extract<AmountReading, { ok: false }>['reason'] | 'missing' | 'zero' | 'not-a-number' | 'not-a-rate' | 'not-a-currency' | 'no-product' | 'too-few-columns' | 'too-many-columns' | 'unclosed-quote' | 'undecodable' | 'pack-unknown' | 'repeated-header';

/** A row, or one field of it, that could not be read. `row`: the whole row is left out; `field`: the row is kept without it. */
export interface PriceListReject {
  readonly line: number;
  readonly field: ColumnRole | 'row';
  readonly severity: 'row' | 'field';
  readonly reason: RejectReason;
  /** The cell, or the start of the row, as it stands in the file (at most 500 characters). */
  readonly raw: string;
}

const NO_REPAIRS: readonly Repair[] = [];
const SEPARATORS_REMOVED: readonly Repair[] = ['separators-removed'];
const LONGEST_RAW = 500;
const LONGEST_TEXT = 2_000;
const HIGHEST_PACK = 100_000;

/** Where each role's column stands; −1 where there is none. */
type Places = Readonly<Record<ColumnRole, number>>;
interface Slots { readonly index: Places; readonly marks: Partial<Record<ColumnRole, DecimalMark | null>>; readonly needed: number; readonly width: number; readonly headers: readonly string[] }

function slotsOf(layout: PriceListLayout): Slots {
  const index = Object.fromEntries(COLUMN_ROLES.map((role) => [role, -1])) as Record<ColumnRole, number>;
  const marks: Partial<Record<ColumnRole, DecimalMark | null>> = {};
  for (const column of layout.columns) {
    if (column.role === null) continue;
    index[column.role] = column.index;
    marks[column.role] = column.decimalMark;
  }
  const needed = Math.max(index.cost, Math.min(index.id, index.title), 0) + 1;
  return { index, marks, needed, width: layout.columns.length, headers: layout.columns.map((column) => column.header) };
}

/** What an identifier's cell can stand for. */
interface Identity { readonly text: string; readonly candidates: readonly RepairCandidate[]; readonly repaired: boolean }

/** Turns rows into parsed rows and rejects; one for a whole list, since it holds the layout ready. */
export class RowParser {
  readonly #slots: Slots;
  readonly #currency: Currency | null;
  readonly #basis: PriceListLayout['costBasis'];
  #rejects: PriceListReject[] = [];

  constructor(layout: PriceListLayout) {
    this.#slots = slotsOf(layout);
    this.#currency = layout.currency;
    this.#basis = layout.costBasis;
  }

  /** Rejects since the last call. */
  takeRejects(): PriceListReject[] {
    const taken = this.#rejects;
    this.#rejects = [];
    return taken;
  }

  /** The row, or null when it is left out; what could not be read is in `takeRejects`. Blank rows are neither. */
  parse(row: ScannedRow): PriceListRow | null {
    const { cells, line } = row;
    const before = this.#rejects.length;
    const shape = this.#shapeReject(row);
    if (shape !== null) return shape === 'blank' ? null : this.#refuse(row, before, 'row', shape);
    const currency = this.#currencyOf(row);
    const cost = this.#amount('cost', row, currency);
    if (cost === null) {
      if (this.#rejects.length === before) this.#rejects.push({ line, field: 'cost', severity: 'row', reason: 'missing', raw: rawOf(cells) });
      return this.#escalate(before);
    }
    if (cost.minor === 0) return this.#refuse(row, before, 'cost', 'zero');
    const { index } = this.#slots;
    const identity = this.#identify(row);
    const title = this.#text(index.title, cells);
    const mpn = this.#text(index.mpn, cells);
    if (identity.candidates.length === 0 && title === null && mpn === null) {
      return this.#rejects.length > before ? this.#escalate(before) : this.#refuse(row, before, 'row', 'no-product');
    }
    if (title !== null && title.includes('\uFFFD')) this.#rejects.push({ line, field: 'title', severity: 'field', reason: 'undecodable', raw: title.slice(0, LONGEST_RAW) });
    const packSize = this.#count('pack', row);
    const caseSize = this.#count('case', row);
    const units = this.#basis === 'case' ? caseSize : this.#basis === 'pack' ? packSize : 1;
    if (units === null) return this.#refuse(row, before, this.#basis === 'case' ? 'case' : 'pack', 'pack-unknown');
    return {
      line, identifiers: identity.candidates, identifierRepaired: identity.repaired, identifierText: identity.text, mpn, title, brand: this.#text(index.brand, cells), category: this.#text(index.category, cells),
      cost, unitsPerCost: units, unitCost: units === 1 ? cost : { minor: Math.ceil(cost.minor / units), currency: cost.currency },
      packSize, caseSize, quantity: this.#stock(row), minimumOrder: this.#count('minimumOrder', row), map: this.#amount('map', row, currency), retail: this.#amount('retail', row, currency), taxBp: this.#tax(row),
    };
  }

  #shapeReject(row: ScannedRow): RejectReason | 'blank' | null {
    const { cells } = row;
    const { needed, width, headers, index } = this.#slots;
    if (row.broken) return 'unclosed-quote';
    if (cells.length < needed) return cells.every((cell) => cell.trim() === '') ? 'blank' : 'too-few-columns';
    if (cells.length > width && cells.some((cell, i) => i >= width && cell.trim() !== '')) return 'too-many-columns';
    if ((cells[Math.max(index.cost, 0)] ?? '') === '' && cells.every((cell) => cell.trim() === '')) return 'blank';
    const at = index.cost;
    return at >= 0 && headers[at] !== '' && cells[at] === headers[at] ? 'repeated-header' : null;
  }

  #refuse(row: ScannedRow, before: number, field: PriceListReject['field'], reason: RejectReason): null {
    this.#rejects.push({ line: row.line, field, severity: 'row', reason, raw: rawOf(row.cells) });
    return this.#escalate(before);
  }

  /** What was noted of this row now explains why it is left out. */
  #escalate(before: number): null {
    for (let i = before; i < this.#rejects.length; i++) this.#rejects[i] = { ...this.#rejects[i]!, severity: 'row' };
    return null;
  }

  #note(row: ScannedRow, field: ColumnRole, reason: RejectReason, raw: string): void {
    this.#rejects.push({ line: row.line, field, severity: 'field', reason, raw: raw.slice(0, LONGEST_RAW) });
  }

  #text(at: number, cells: readonly string[]): string | null {
    if (at < 0) return null;
    const text = (cells[at] ?? '').trim();
    return text === '' ? null : text.length > LONGEST_TEXT ? text.slice(0, LONGEST_TEXT) : text;
  }

  /** By the code's column; where that says nothing, or nothing that can be read, by the ASIN's. */
  #identify(row: ScannedRow): Identity {
    const { index } = this.#slots;
    const code = this.#text(index.id, row.cells);
    const asin = this.#text(index.asin, row.cells);
    if (code !== null) {
      const found = this.#identity(row, code);
      if (found.candidates.length > 0 || asin === null) return found;
    }
    return this.#identity(row, asin ?? '');
  }

  #identity(row: ScannedRow, text: string): Identity {
    if (text === '') return { text, candidates: [], repaired: false };
    /** Thirteen or fourteen digits with a right check digit are what they say; with twelve the check digit may be the lost thirteenth's neighbour, so all candidates are made. */
    if (text.length >= 13) {
      const exact = parseIdentifier(text);
      if (exact !== null && exact.value.length >= 13) return { text, candidates: [{ identifier: exact, repairs: exact.value === text ? NO_REPAIRS : SEPARATORS_REMOVED }], repaired: false };
    }
    const outcome = repairIdentifier(text);
    if (outcome.status === 'refused') {
      this.#note(row, 'id', outcome.code, text);
      return { text, candidates: [], repaired: false };
    }
    return { text, candidates: outcome.candidates, repaired: outcome.status === 'repaired' };
  }

  #currencyOf(row: ScannedRow): Currency | null {
    const text = this.#text(this.#slots.index.currency, row.cells);
    if (text === null) return this.#currency;
    if (/^[A-Za-z]{3}$/.test(text)) return text.toUpperCase();
    this.#note(row, 'currency', 'not-a-currency', text);
    return this.#currency;
  }

  #amount(role: 'cost' | 'map' | 'retail', row: ScannedRow, currency: Currency | null): Money | null {
    const { index } = this.#slots;
    const at = role === 'cost' ? index.cost : role === 'map' ? index.map : index.retail;
    const text = at < 0 ? '' : (row.cells[at] ?? '');
    if (text === '' || text.trim() === '') return null;
    const reading = readAmount(text, currency, this.#slots.marks[role] ?? null);
    if (reading.ok) return reading.amount;
    this.#note(row, role, reading.reason, text);
    return null;
  }

  #count(role: 'pack' | 'case' | 'minimumOrder', row: ScannedRow): number | null {
    const { index } = this.#slots;
    const text = this.#text(role === 'pack' ? index.pack : role === 'case' ? index.case : index.minimumOrder, row.cells);
    if (text === null) return null;
    const count = readCount(text);
    if (count !== null && count >= 1 && count <= HIGHEST_PACK) return count;
    this.#note(row, role, count === 0 ? 'zero' : 'not-a-number', text);
    return null;
  }

  #stock(row: ScannedRow): number | null {
    const text = this.#text(this.#slots.index.quantity, row.cells);
    return text === null ? null : readStock(text);
  }

  #tax(row: ScannedRow): number | null {
    const text = this.#text(this.#slots.index.tax, row.cells);
    if (text === null) return null;
    const rate = readRateBp(text);
    if (rate === null) this.#note(row, 'tax', 'not-a-rate', text);
    return rate;
  }
}

function rawOf(cells: readonly string[]): string {
  return cells.join(' | ').slice(0, LONGEST_RAW);
}
