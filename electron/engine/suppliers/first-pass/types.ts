import type { PriceListRow } from '../price-list/index.ts';

/**
 * What the pass tells of a row. `known`: one product of the catalogue. `ambiguous`: the codes that the cell may stand for name several; none is taken. `unknown`: right codes
 * that the catalogue does not hold: a data vendor has to be asked. `no-code`: nothing to ask by.
 */
export const STANDINGS = ['known', 'ambiguous', 'unknown', 'no-code'] as const;
export type RowStanding = (typeof STANDINGS)[number];

/** What a sale would bring, by what the list and the catalogue say alone. Minor units of the row's currency. */
export interface RoughProfit {
  readonly saleMinor: number;
  readonly feesMinor: number;
  readonly profitMinor: number;
}

export type ResultValue = string | number | null;

/** What the pass asks of the rest of the program. None of it spends a vendor's quota. */
export interface FirstPassPorts {
  /** Tells `found` of each product that GTIN-14s or ASINs name, by the code's place, in no order. Asked for thousands at once, each once, in the order of their texts. */
  productsOf(kind: 'gtin' | 'asin', codes: readonly string[], found: (place: number, productId: string) => void): void;
  /** Null where nothing known offline says what it could sell for. */
  estimate(row: PriceListRow): RoughProfit | null;
  /** Some results, in the order of the list, from place `from` up to `to` of `values`: those of `ROW_COLUMNS`, one row after the other. The array is used again afterwards. */
  store(values: readonly ResultValue[], from: number, to: number): void;
}

/**
 * Columns of a stored row, with their SQLite types. Amounts in minor units of `currency`, for one sellable unit. What follows from others is not stored: the view `result` has it.
 * `standing` is the place in `STANDINGS`. `more` is JSON (`MoreOfRow`), null for the plain row.
 */
export const ROW_COLUMNS = [
  'line INTEGER NOT NULL', 'standing INTEGER NOT NULL', 'identifier TEXT', 'repairs TEXT', 'productId TEXT', 'title TEXT', 'brand TEXT', 'category TEXT', 'currency TEXT NOT NULL', 'unitCostMinor INTEGER NOT NULL', 'quantity INTEGER',
  'saleMinor INTEGER', 'profitMinor INTEGER', 'more TEXT',
] as const;

/** What few rows have. */
export interface MoreOfRow {
  /** The identifier's cell, where it is not the identifier itself. */
  readonly code?: string;
  readonly mpn?: string;
  readonly pack?: number;
  readonly case?: number;
  /** What the list asks, and for how many pieces, where it is not for one. */
  readonly costMinor?: number;
  readonly units?: number;
  readonly mapMinor?: number;
  /** The list's own retail price; in `retailCurrency` where it is not the cost's. */
  readonly retailMinor?: number;
  readonly retailCurrency?: string;
  readonly least?: number;
  readonly taxBp?: number;
}

/** Columns of what could not be read: a whole row (`severity` `row`) or one field of a kept one. */
export const REJECT_COLUMNS = ['line INTEGER NOT NULL', 'field TEXT NOT NULL', 'severity TEXT NOT NULL', 'reason TEXT NOT NULL', 'raw TEXT NOT NULL'] as const;

export interface FirstPassCounts {
  readonly rows: number;
  readonly rejected: number;
  readonly known: number;
  readonly ambiguous: number;
  readonly unknown: number;
  readonly noCode: number;
  /** Rows that would earn something at the sale price that is known offline. */
  readonly promising: number;
  /** Codes of unknown rows, which only a data vendor can tell about: what the rest of the scan will cost. A code that comes again in another batch of rows counts again. */
  readonly codesToAsk: number;
}
