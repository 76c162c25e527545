import type { RepairCandidate } from '#kernel/identifiers.ts';
import { readPriceList, type PriceListLayout, type PriceListReject, type PriceListRow, type PriceListSource } from '../price-list/index.ts';
import { keyOfCode } from './code-table.ts';
import type { FirstPassPorts, MoreOfRow, RoughProfit } from './types.ts';

/** Rows that are read between two turns of the process: about a millisecond, and no more than a processor's cache holds. What is read of them is garbage before it is old. */
const SLICE_ROWS = 400;
/** Between two texts of a column; no list means anything by it, and one that holds it all the same loses it to a space. */
const UNIT = '\u001F';

/** Texts of rows, in the order of `PackedRows.texts`. An empty one is null. */
export const TEXT_COLUMNS = ['code', 'repairs', 'title', 'brand', 'category', 'currency', 'more'] as const;
/** Numbers of rows, `PackedRows.numbers` holding them row after row; NaN is null. */
export const NUMBER_COLUMNS = ['line', 'unitCostMinor', 'quantity', 'saleMinor', 'profitMinor'] as const;

/**
 * Rows on their way from the thread that reads to the one that stores: by column, each column one text, because a text that is handed over whole costs a hundredth of two thousand
 * small ones.
 */
export interface PackedRows {
  readonly rows: number;
  readonly numbers: Float64Array<ArrayBuffer>;
  /** `keyOfCode` of each row's code; NaN for a row without one code alone. */
  readonly keys: Float64Array<ArrayBuffer>;
  /** A column whose rows all say the same is that text, under `same`. */
  readonly texts: readonly ({ readonly same: string } | { readonly joined: string })[];
  /** Candidates by row, for rows whose code is open; a row with one code has it in `code` already. */
  readonly open: ReadonlyMap<number, readonly RepairCandidate[]>;
  readonly rejects: readonly PriceListReject[];
  readonly promising: number;
  readonly bytesRead: number;
}

/** The code that a candidate is looked up and asked by. */
export const codeOf = ({ identifier }: RepairCandidate) => identifier.gtin14 ?? identifier.value;
export const repairsOf = ({ repairs }: RepairCandidate) => (repairs.length === 0 ? null : repairs.join(' '));

/** What most rows have none of; empty for those. */
function moreOf(row: PriceListRow, profit: RoughProfit | null, plainCode: boolean): string {
  const { retail } = row;
  const hasRetail = retail !== null && profit === null;
  if (plainCode && row.mpn === null && row.packSize === null && row.caseSize === null && row.unitsPerCost === 1 && row.map === null && !hasRetail && row.minimumOrder === null && row.taxBp === null) return '';
  const more: MoreOfRow = {
    ...(plainCode || row.identifierText === '' ? {} : { code: row.identifierText.slice(0, 100) }), ...(row.mpn === null ? {} : { mpn: row.mpn.slice(0, 200) }), ...(row.packSize === null ? {} : { pack: row.packSize }), ...(row.caseSize === null ? {} : { case: row.caseSize }),
    ...(row.unitsPerCost === 1 ? {} : { costMinor: row.cost.minor, units: row.unitsPerCost }), ...(row.map === null ? {} : { mapMinor: row.map.minor }),
    ...(hasRetail ? { retailMinor: retail.minor, ...(retail.currency === row.unitCost.currency ? {} : { retailCurrency: retail.currency }) } : {}),
    ...(row.minimumOrder === null ? {} : { least: row.minimumOrder }), ...(row.taxBp === null ? {} : { taxBp: row.taxBp }),
  };
  const text = JSON.stringify(more);
  return text === '{}' ? '' : text;
}

const plain = (text: string | null): string => (text === null ? '' : text.includes(UNIT) ? text.replaceAll(UNIT, ' ') : text);

function packColumn(texts: readonly string[]): PackedRows['texts'][number] {
  const first = texts[0] ?? '';
  for (const text of texts) if (text !== first) return { joined: texts.join(UNIT) };
  return { same: first };
}

/** One column's texts again, one for each row. */
export function unpackColumn(column: PackedRows['texts'][number], rows: number): string | readonly string[] {
  if ('same' in column) return column.same;
  const texts = column.joined.split(UNIT);
  if (texts.length !== rows) throw new Error(`a column of ${texts.length} texts for ${rows} rows`);
  return texts;
}

function pack(rows: readonly PriceListRow[], of: { readonly estimate: FirstPassPorts['estimate']; readonly rejects: readonly PriceListReject[]; readonly bytesRead: number }): PackedRows {
  const numbers = new Float64Array(rows.length * NUMBER_COLUMNS.length);
  const keys = new Float64Array(rows.length).fill(Number.NaN);
  const texts = TEXT_COLUMNS.map((): string[] => Array.from({ length: rows.length }));
  const open = new Map<number, readonly RepairCandidate[]>();
  let promising = 0;
  for (let n = 0, at = 0; n < rows.length; n++) {
    const row = rows[n]!;
    const profit = of.estimate(row);
    if (profit !== null && profit.profitMinor > 0) promising++;
    const only = row.identifiers.length === 1 ? row.identifiers[0]! : null;
    if (row.identifiers.length > 1) open.set(n, row.identifiers);
    texts[0]![n] = only === null ? '' : codeOf(only);
    if (only !== null) keys[n] = keyOfCode(codeOf(only));
    texts[1]![n] = (only && repairsOf(only)) ?? '';
    texts[2]![n] = plain(row.title);
    texts[3]![n] = plain(row.brand);
    texts[4]![n] = plain(row.category);
    texts[5]![n] = row.unitCost.currency;
    texts[6]![n] = moreOf(row, profit, only !== null && only.repairs.length === 0);
    numbers[at++] = row.line;
    numbers[at++] = row.unitCost.minor;
    numbers[at++] = row.quantity ?? Number.NaN;
    numbers[at++] = profit === null ? Number.NaN : profit.saleMinor;
    numbers[at++] = profit === null ? Number.NaN : profit.profitMinor;
  }
  return { rows: rows.length, numbers, keys, texts: texts.map(packColumn), open, rejects: of.rejects, promising, bytesRead: of.bytesRead };
}

export interface ReadRequest {
  readonly source: PriceListSource;
  readonly layout: PriceListLayout;
  readonly estimate: FirstPassPorts['estimate'];
  readonly signal?: AbortSignal | undefined;
}

/** The list's rows, read, repaired and reckoned, a slice at a time. @throws PriceListError as `readPriceList` */
export async function* packList({ source, layout, estimate, signal }: ReadRequest): AsyncGenerator<PackedRows> {
  for await (const { rows, rejects, bytesRead } of readPriceList(source, layout, { batchRows: SLICE_ROWS, ...(signal ? { signal } : {}) })) yield pack(rows, { estimate, rejects, bytesRead });
}
