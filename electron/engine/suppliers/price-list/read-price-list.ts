import type { Currency } from '#kernel/money.ts';
import { CsvScanner, detectDialect, type Dialect, type ScannedRow } from './csv-scanner.ts';
import { detectEncoding, detectKind, type Encoding } from './detect-encoding.ts';
import { detectLayout, type PriceListLayout } from './detect-layout.ts';
import { RowParser, type PriceListReject, type PriceListRow } from './parse-row.ts';
import { openWorkbook } from './read-workbook.ts';
import { LARGEST_FILE_BYTES, PriceListError, type PriceListSource } from './source.ts';

const HEAD_BYTES = 1 << 18;
const PREVIEW_ROWS = 300;
const SHOWN_ROWS = 50;
const BATCH_ROWS = 5_000;

export interface PriceListPreview {
  readonly layout: PriceListLayout;
  /** Visible sheets of a workbook; empty for text. */
  readonly sheets: readonly string[];
  /** First rows as they stand, junk and header included. */
  readonly raw: readonly { readonly line: number; readonly cells: readonly string[] }[];
  readonly rows: readonly PriceListRow[];
  readonly rejects: readonly PriceListReject[];
  /** From the file's size and the first rows; null for a workbook. */
  readonly estimatedRows: number | null;
  /** What a person has to settle before the list can be read: a role or the currency that could not be found. */
  readonly missing: readonly ('cost' | 'product' | 'currency')[];
}

export interface PriceListBatch {
  readonly rows: readonly PriceListRow[];
  readonly rejects: readonly PriceListReject[];
  /** Bytes read of the source so far, for progress; a workbook counts its own size at the end only. */
  readonly bytesRead: number;
}

/** What a person says of a list before its columns are looked at; what is absent is found. */
export interface ReadAs {
  readonly encoding?: Encoding | undefined;
  readonly delimiter?: Dialect['delimiter'] | undefined;
  readonly sheet?: string | undefined;
  readonly headerLine?: number | null | undefined;
}

export interface InspectOptions {
  readonly readAs?: ReadAs | undefined;
  /** Shows the list by exactly this layout: nothing is proposed. */
  readonly layout?: PriceListLayout | undefined;
  /** A layout of the same supplier: used instead of the proposal where the header is the same. */
  readonly known?: PriceListLayout | undefined;
  /** What the supplier most likely sells in: settles shared marks such as `$`. It is never put where the list shows no mark at all: that is for a person (`missing`). */
  readonly expectedCurrency?: Currency | undefined;
}

function checkSize(source: PriceListSource): void {
  if (source.size === 0) throw new PriceListError('FILE_EMPTY', `${source.name} is empty`, { name: source.name });
  if (source.size > LARGEST_FILE_BYTES) {
    throw new PriceListError('FILE_TOO_LARGE', `${source.name} has ${Math.round(source.size / 1024 ** 2)} MB; at most ${LARGEST_FILE_BYTES / 1024 ** 2} MB are read: split it`, { name: source.name, bytes: source.size, limit: LARGEST_FILE_BYTES });
  }
}

/** Whole lines of the head; a line that is cut by its end is left out. */
function headRows(head: Uint8Array, whole: boolean, layout: Pick<PriceListLayout, 'encoding' | 'dialect'>): ScannedRow[] {
  const text = new TextDecoder(layout.encoding ?? 'utf-8').decode(head, { stream: !whole });
  const scanner = new CsvScanner(layout.dialect!);
  const rows = scanner.push(text);
  return whole ? [...rows, ...scanner.end()] : rows;
}

/** `sep=;` is an instruction, not a row. */
const isInstruction = (row: ScannedRow) => row.line === 1 && /^sep=/i.test(row.cells[0] ?? '');

/** What a layout says of the reading itself. */
const readingOf = (layout: PriceListLayout): ReadAs => ({ encoding: layout.encoding ?? undefined, delimiter: layout.dialect?.delimiter, sheet: layout.sheet ?? undefined, headerLine: layout.headerLine });

interface Head { layout: PriceListLayout; rows: ScannedRow[]; sheets: string[]; bytes: number }

interface Wanted { readonly expected: Currency | null; readonly as: ReadAs }

async function textHead(source: PriceListSource, head: Uint8Array, { expected, as }: Wanted): Promise<Head> {
  const whole = head.length >= source.size;
  const encoding = as.encoding ?? detectEncoding(head, whole, source.name);
  const sample = new TextDecoder(encoding).decode(head.subarray(0, 1 << 16), { stream: true });
  const cut = sample.lastIndexOf('\n');
  const found = detectDialect(cut > 0 && !whole ? sample.slice(0, cut + 1) : sample);
  const dialect = as.delimiter ? { ...found, delimiter: as.delimiter } : found;
  const rows = headRows(head, whole, { encoding, dialect }).filter((row) => !isInstruction(row));
  return { layout: detectLayout(rows.slice(0, PREVIEW_ROWS), { format: 'text', encoding, dialect, sheet: null, headerLine: as.headerLine }, expected), rows, sheets: [], bytes: head.length };
}

/** The sheet whose first rows name most roles. */
async function workbookHead(source: PriceListSource, { expected, as }: Wanted): Promise<Head> {
  const workbook = await openWorkbook(source);
  let best: (Head & { score: number }) | null = null;
  const named = workbook.sheets.filter((sheet) => sheet.name === as.sheet);
  for (const sheet of named.length > 0 ? named : workbook.sheets.slice(0, 8)) {
    const rows: ScannedRow[] = [];
    for await (const batch of workbook.rows(sheet)) {
      rows.push(...batch);
      if (rows.length >= PREVIEW_ROWS) break;
    }
    const layout = detectLayout(rows.slice(0, PREVIEW_ROWS), { format: 'xlsx', encoding: null, dialect: null, sheet: sheet.name, headerLine: as.headerLine }, expected);
    const score = layout.columns.reduce((sum, column) => sum + column.weight, 0) + Math.min(1, rows.length / 20);
    if (!best || score > best.score + 0.5) best = { layout, rows, sheets: workbook.sheets.map((s) => s.name), bytes: source.size, score };
  }
  return best!;
}

function missingOf(layout: PriceListLayout, rejects: readonly PriceListReject[]): PriceListPreview['missing'] {
  const roles = new Set(layout.columns.map((column) => column.role));
  const missing: ('cost' | 'product' | 'currency')[] = [];
  if (!roles.has('cost')) missing.push('cost');
  if (!roles.has('id') && !roles.has('asin') && !roles.has('title') && !roles.has('mpn')) missing.push('product');
  if (roles.has('cost') && layout.currency === null && !roles.has('currency') && rejects.some((reject) => reject.reason === 'no-currency')) missing.push('currency');
  return missing;
}

const isData = (row: ScannedRow, layout: PriceListLayout) => layout.headerLine === null || row.line > layout.headerLine;

/**
 * Proposes how a list is to be read and shows its first rows, from its first 256 KB (a workbook: its first 300 rows). Nothing is written.
 * @throws PriceListError when the file is empty, binary, damaged or too large.
 */
export async function inspectPriceList(source: PriceListSource, options: InspectOptions = {}): Promise<PriceListPreview> {
  checkSize(source);
  const { known } = options;
  const expected = options.expectedCurrency ?? null;
  const first = await source.read(0, HEAD_BYTES);
  const wanted: Wanted = { expected, as: options.layout ? readingOf(options.layout) : (options.readAs ?? {}) };
  const head = detectKind(first, source.name) === 'xlsx' ? await workbookHead(source, wanted) : await textHead(source, first, wanted);
  if (head.rows.length === 0) {
    const what = source.size > HEAD_BYTES && first.some((byte) => byte > 0x20) ? `begins with a row of more than ${HEAD_BYTES / 1024} KB: no price list has that many columns` : 'holds no rows';
    throw new PriceListError('NO_ROWS', `${source.name} ${what}`, { name: source.name });
  }
  const layout = options.layout ?? (known && sameHeaders(known, head.layout) ? { ...known, encoding: head.layout.encoding, dialect: head.layout.dialect, sheet: head.layout.sheet, headerLine: head.layout.headerLine } : head.layout);
  const parser = new RowParser(layout);
  const rows = head.rows.filter((row) => isData(row, layout)).slice(0, SHOWN_ROWS).map((row) => parser.parse(row)).filter((row) => row !== null);
  const rejects = parser.takeRejects();
  return {
    layout, sheets: head.sheets, rows, rejects, missing: missingOf(layout, rejects),
    raw: head.rows.slice(0, SHOWN_ROWS).map(({ line, cells }) => ({ line, cells })),
    estimatedRows: layout.format === 'xlsx' ? null : Math.max(head.rows.length, Math.round((head.rows.length * source.size) / Math.max(1, head.bytes))),
  };
}

function sameHeaders(a: PriceListLayout, b: PriceListLayout): boolean {
  return a.format === b.format && a.columns.length === b.columns.length && a.columns.every((column, i) => column.header === b.columns[i]?.header);
}

/** Scanned rows of the data part, in pieces, with the bytes read so far. */
async function* scannedRows(source: PriceListSource, layout: PriceListLayout): AsyncGenerator<{ rows: ScannedRow[]; bytesRead: number }> {
  if (layout.format === 'xlsx') {
    const workbook = await openWorkbook(source);
    const sheet = workbook.sheets.find((candidate) => candidate.name === layout.sheet) ?? workbook.sheets[0]!;
    for await (const rows of workbook.rows(sheet)) yield { rows, bytesRead: 0 };
    return;
  }
  const scanner = new CsvScanner(layout.dialect ?? { delimiter: ',', quote: '"' });
  const decoder = new TextDecoder(layout.encoding ?? 'utf-8');
  let bytesRead = 0;
  for await (const piece of source.stream()) {
    bytesRead += piece.length;
    yield { rows: scanner.push(decoder.decode(piece, { stream: true })), bytesRead };
  }
  yield { rows: [...scanner.push(decoder.decode()), ...scanner.end()], bytesRead };
}

/**
 * All rows of a list in batches of about 5,000, each with what could not be read. Memory is bounded by a batch and a piece of the file (a workbook: also by its shared texts).
 * @throws PriceListError as `inspectPriceList`, and when the layout names no cost or no product column; the signal's abort ends it with `CANCELLED`.
 */
export async function* readPriceList(source: PriceListSource, layout: PriceListLayout, options: { readonly signal?: AbortSignal; readonly batchRows?: number } = {}): AsyncGenerator<PriceListBatch> {
  checkSize(source);
  const missing = missingOf(layout, []);
  if (missing.includes('cost')) throw new PriceListError('NO_COST_COLUMN', `${source.name}: no column holds the cost: choose it`, { name: source.name });
  if (missing.includes('product')) throw new PriceListError('NO_PRODUCT_COLUMN', `${source.name}: no column names the product: choose an id or a title`, { name: source.name });
  const size = options.batchRows ?? BATCH_ROWS;
  const parser = new RowParser(layout);
  let rows: PriceListRow[] = [];
  let bytesRead = 0;
  let seen = 0;
  for await (const piece of scannedRows(source, layout)) {
    if (options.signal?.aborted) throw new PriceListError('CANCELLED', `reading ${source.name} was cancelled`, { name: source.name });
    ({ bytesRead } = piece);
    for (const row of piece.rows) {
      if (!isData(row, layout) || isInstruction(row)) continue;
      seen++;
      const parsed = parser.parse(row);
      if (parsed) rows.push(parsed);
    }
    if (rows.length < size) continue;
    yield { rows, rejects: parser.takeRejects(), bytesRead };
    rows = [];
  }
  if (seen === 0) throw new PriceListError('NO_ROWS', `${source.name} holds a header and no rows`, { name: source.name });
  const rejects = parser.takeRejects();
  if (rows.length > 0 || rejects.length > 0) yield { rows, rejects, bytesRead: source.size };
}
