import { PRICE_ORIGINS } from '#contract/words.ts';
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

export { PRICE_ORIGINS };
export type PriceOrigin = (typeof PRICE_ORIGINS)[number];

/** What one new unit of a product goes for, as the program knows it without asking anybody. */
export interface KnownPrice {
  readonly minor: number;
  readonly currency: string;
  readonly by: Exclude<PriceOrigin, 'list'>;
  /** When it was told, estimated or last sold. */
  readonly at: number;
  /** Of which market's history, what name it was found by; absent where `by` says all. */
  readonly of?: string;
  /** Own sales that it is the mean of. */
  readonly count?: number;
}

/** A row's rough profit, and the price that it is by where that is not the list's own. */
export interface RowEstimate extends RoughProfit {
  readonly known?: KnownPrice;
}

export type ResultValue = string | number | null;

/** What is said of a price beside how much and when. */
export type PriceTeller = Omit<KnownPrice, 'minor' | 'at'>;

export type FoundProduct = (place: number, productId: string, minor: number | null, at: number, market: number) => void;

/** What the pass asks of the rest of the program. None of it spends a vendor's quota. */
export interface FirstPassPorts {
  /**
   * Tells `found` of each product that GTIN-14s or ASINs name, by the code's place, in no order, and of what a market was told to ask for it: `minor` null where nothing is known, else when (`at`) and by which
   * of `markets`. Asked for thousands at once, each once, in the order of their texts.
   */
  productsOf(kind: 'gtin' | 'asin', codes: readonly string[], found: FoundProduct): void;
  /** Null where the list, and what is known by the row's words, do not say what it could sell for. */
  estimate(row: PriceListRow): RowEstimate | null;
  /** Whose prices `productsOf` tells, by their places in its answers. */
  readonly markets: readonly PriceTeller[];
  /** What else is known of what products go for, by their ids in no order, asked for thousands at once, each once: null for one of which nothing is. Absent: nothing is of any. */
  pricesOf?(productIds: readonly string[]): readonly (KnownPrice | null)[];
  /** What a sale at a price would leave; null where the amounts cannot be brought together. */
  reckon?(sale: { readonly minor: number; readonly currency: string }, row: { readonly unitCostMinor: number; readonly currency: string; readonly category: string | null }): RoughProfit | null;
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
  /** Where the first pass's figures are not by the list's own retail price: by what, since when, of which market or name, and of how many own sales. */
  readonly by?: Exclude<PriceOrigin, 'list'>;
  readonly at?: number;
  readonly of?: string;
  readonly count?: number;
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
  /** Rows by who said what they sell for; those that nobody said it of are left out. */
  readonly priced: Readonly<Record<PriceOrigin, number>>;
  /** Codes of unknown rows, which only a data vendor can tell about: what the rest of the scan will cost. A code that comes again in another batch of rows counts again. */
  readonly codesToAsk: number;
}
