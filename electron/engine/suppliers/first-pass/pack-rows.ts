import type { RepairCandidate } from '#kernel/identifiers.ts';
import { readPriceList, type PriceListLayout, type PriceListReject, type PriceListRow, type PriceListSource } from '../price-list/index.ts';
import { keyOfCode } from './code-table.ts';
import { PRICE_ORIGINS, type FirstPassPorts, type KnownPrice, type MoreOfRow, type PriceOrigin, type RowEstimate } from './types.ts';

/** Rows that are read between two turns of the process: about a millisecond, and no more than a processor's cache holds. What is read of them is garbage before it is old. */
const SLICE_ROWS = 400;
/** Texts of rows, in the order of `PackedRows.texts`. An empty one is null. */
export const TEXT_COLUMNS = ['code', 'repairs', 'title', 'brand', 'category', 'currency', 'more'] as const;
/** Numbers of rows, `PackedRows.numbers` holding them row after row; NaN is null. */
export const NUMBER_COLUMNS = ['line', 'unitCostMinor', 'quantity', 'saleMinor', 'profitMinor'] as const;

/** A column's texts, one behind the other: a text that is handed over whole costs a hundredth of hundreds of small ones. */
export interface PackedTexts {
  readonly joined: string;
  /** Where each row's text ends in `joined`; null where every row's is the whole of it. */
  readonly ends: Uint32Array<ArrayBuffer> | null;
}

/** Rows on their way from the thread that reads to the one that stores, by column. */
export interface PackedRows {
  readonly rows: number;
  readonly numbers: Float64Array<ArrayBuffer>;
  /** `keyOfCode` of each row's code; NaN for a row without one code alone. */
  readonly keys: Float64Array<ArrayBuffer>;
  readonly texts: readonly PackedTexts[];
  /** Candidates by row, for rows whose code is open; a row with one code has it in `code` already. */
  readonly open: ReadonlyMap<number, readonly RepairCandidate[]>;
  readonly rejects: readonly PriceListReject[];
  readonly promising: number;
  /** Rows by who said what they sell for, in the order of `PRICE_ORIGINS`. */
  readonly priced: readonly number[];
  readonly bytesRead: number;
}

/** The code that a candidate is looked up and asked by. */
export const codeOf = ({ identifier }: RepairCandidate) => identifier.gtin14 ?? identifier.value;
export const repairsOf = ({ repairs }: RepairCandidate) => (repairs.length === 0 ? null : repairs.join(' '));

/** What is told with a row of the price that it was reckoned by. */
export const originOf = ({ by, at, of, count }: KnownPrice): Pick<MoreOfRow, 'by' | 'at' | 'of' | 'count'> => ({ by, at, ...(of === undefined ? {} : { of }), ...(count === undefined ? {} : { count }) });

/** What most rows have none of; empty for those. */
function moreOf(row: PriceListRow, profit: RowEstimate | null, plainCode: boolean): string {
  const { retail } = row;
  const known = profit?.known;
  const hasRetail = retail !== null && (profit === null || known !== undefined);
  if (plainCode && row.mpn === null && row.packSize === null && row.caseSize === null && row.unitsPerCost === 1 && row.map === null && !hasRetail && row.minimumOrder === null && row.taxBp === null && known === undefined) return '';
  const more: MoreOfRow = {
    ...(plainCode || row.identifierText === '' ? {} : { code: row.identifierText.slice(0, 100) }), ...(row.mpn === null ? {} : { mpn: row.mpn.slice(0, 200) }), ...(row.packSize === null ? {} : { pack: row.packSize }), ...(row.caseSize === null ? {} : { case: row.caseSize }),
    ...(row.unitsPerCost === 1 ? {} : { costMinor: row.cost.minor, units: row.unitsPerCost }), ...(row.map === null ? {} : { mapMinor: row.map.minor }),
    ...(hasRetail ? { retailMinor: retail.minor, ...(retail.currency === row.unitCost.currency ? {} : { retailCurrency: retail.currency }) } : {}),
    ...(row.minimumOrder === null ? {} : { least: row.minimumOrder }), ...(row.taxBp === null ? {} : { taxBp: row.taxBp }),
    ...(known === undefined ? {} : originOf(known)),
  };
  const text = JSON.stringify(more);
  return text === '{}' ? '' : text;
}

/** The place of each origin in counts of them. */
export const PLACE_OF = Object.fromEntries(PRICE_ORIGINS.map((origin, place) => [origin, place])) as Readonly<Record<PriceOrigin, number>>;

function packTexts(texts: readonly string[]): PackedTexts {
  const first = texts[0] ?? '';
  let end = 0;
  let alike = true;
  const ends = new Uint32Array(texts.length);
  for (let n = 0; n < texts.length; n++) {
    const text = texts[n]!;
    alike &&= text === first;
    end += text.length;
    ends[n] = end;
  }
  return alike ? { joined: first, ends: null } : { joined: texts.join(''), ends };
}

function pack(rows: readonly PriceListRow[], of: { readonly estimate: FirstPassPorts['estimate']; readonly rejects: readonly PriceListReject[]; readonly bytesRead: number }): PackedRows {
  const numbers = new Float64Array(rows.length * NUMBER_COLUMNS.length);
  const keys = new Float64Array(rows.length);
  const texts = TEXT_COLUMNS.map((): string[] => []);
  const [codes, repairs, titles, brands, categories, currencies, mores] = texts as [string[], string[], string[], string[], string[], string[], string[]];
  const open = new Map<number, readonly RepairCandidate[]>();
  let promising = 0;
  const priced = PRICE_ORIGINS.map(() => 0);
  let at = 0;
  for (const [n, row] of rows.entries()) {
    const profit = of.estimate(row);
    if (profit !== null) {
      priced[PLACE_OF[profit.known?.by ?? 'list']]!++;
      if (profit.profitMinor > 0) promising++;
    }
    const only = row.identifiers.length === 1 ? row.identifiers[0]! : null;
    if (row.identifiers.length > 1) open.set(n, row.identifiers);
    const code = only === null ? '' : codeOf(only);
    keys[n] = only === null ? Number.NaN : keyOfCode(code);
    codes.push(code);
    repairs.push((only && repairsOf(only)) ?? '');
    titles.push(row.title ?? '');
    brands.push(row.brand ?? '');
    categories.push(row.category ?? '');
    currencies.push(row.unitCost.currency);
    mores.push(moreOf(row, profit, only !== null && only.repairs.length === 0));
    numbers[at++] = row.line;
    numbers[at++] = row.unitCost.minor;
    numbers[at++] = row.quantity ?? Number.NaN;
    numbers[at++] = profit === null ? Number.NaN : profit.saleMinor;
    numbers[at++] = profit === null ? Number.NaN : profit.profitMinor;
  }
  return { rows: rows.length, numbers, keys, texts: texts.map(packTexts), open, rejects: of.rejects, promising, priced, bytesRead: of.bytesRead };
}

/** What is handed to another thread with the rows, not copied. */
export const buffersOf = ({ numbers, keys, texts }: PackedRows): ArrayBuffer[] => [numbers.buffer, keys.buffer, ...texts.flatMap(({ ends }) => (ends === null ? [] : [ends.buffer]))];

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
