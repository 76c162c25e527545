import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RepairCandidate } from '#kernel/identifiers.ts';
import type { PriceListReject } from '../price-list/index.ts';
import { CodeTable, keyOfCode, type CodeAnswers } from './code-table.ts';
import { codeOf, NUMBER_COLUMNS, originOf, PLACE_OF, repairsOf, TEXT_COLUMNS, type PackedRows } from './pack-rows.ts';
import { PRICE_ORIGINS, ROW_COLUMNS, STANDINGS, type FirstPassCounts, type FirstPassPorts, type KnownPrice, type MoreOfRow, type PriceOrigin, type ResultValue, type RowStanding } from './types.ts';

/**
 * Rows that are looked up together. The more, the fewer times a page of the index is read; but nothing of them is stored until they are. They wait as they came, packed, and are laid out
 * for storing slice by slice: what was laid out would be older than the young generation by the time that it is stored.
 */
const BATCH_ROWS = 50_000;
/** Of the first batch; each has twice as many as the one before: else nothing would be looked up or stored until a quarter of a list is read. */
const FIRST_ROWS = 12_500;
/** Letters of rows that are looked up together: where each row is a page of text, fewer rows. */
const BATCH_CHARS = 1 << 25;
/** Rows between two words on progress. */
const PROGRESS_ROWS = 10_000;

const WIDTH = ROW_COLUMNS.length;
const placeOf = (column: string): number => ROW_COLUMNS.findIndex((declared) => declared.startsWith(`${column} `));
/** Places in a row of `ROW_COLUMNS` that are filled once the codes are looked up. */
const AT = {
  standing: placeOf('standing'), identifier: placeOf('identifier'), repairs: placeOf('repairs'), productId: placeOf('productId'),
  category: placeOf('category'), currency: placeOf('currency'), unitCostMinor: placeOf('unitCostMinor'), saleMinor: placeOf('saleMinor'), profitMinor: placeOf('profitMinor'), more: placeOf('more'),
} as const;
const TEXT_PLACES = TEXT_COLUMNS.map((column) => placeOf(column === 'code' ? 'identifier' : column));
const NUMBER_PLACES = NUMBER_COLUMNS.map(placeOf);

export interface SettlePorts extends Pick<FirstPassPorts, 'store' | 'reckon'> {
  /** `lookUpCodes`, here or on a thread beside this one. */
  lookUp(codes: Float64Array<ArrayBuffer>): Promise<CodeAnswers>;
}

export interface SettleRequest {
  /** Of the list's file, for the last word on progress. */
  readonly size: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { readonly rows: number; readonly bytesRead: number }) => void) | undefined;
  readonly onRejects?: ((rejects: readonly PriceListReject[]) => void) | undefined;
}

const standingCode: Readonly<Record<RowStanding, number>> = { known: STANDINGS.indexOf('known'), ambiguous: STANDINGS.indexOf('ambiguous'), unknown: STANDINGS.indexOf('unknown'), 'no-code': STANDINGS.indexOf('no-code') };

/** Of every code of the batch, repeats and all. */
function keysOf(batch: readonly PackedRows[]): Float64Array<ArrayBuffer> {
  const open = batch.flatMap((slice) => [...slice.open.values()].flat().map((candidate) => keyOfCode(codeOf(candidate))));
  const keys = new Float64Array(batch.reduce((sum, slice) => sum + slice.rows, open.length));
  keys.set(open);
  let at = open.length;
  for (const slice of batch) {
    keys.set(slice.keys, at);
    at += slice.rows;
  }
  return keys;
}

/** Lays the slice's rows out in `values` as they will be stored, but for what its codes settle. */
function layOut({ rows, numbers, texts }: PackedRows, values: ResultValue[]): void {
  const end = rows * WIDTH;
  // in the order of the places, so that the array grows at its end alone
  for (let at = 0; at < end; at++) values[at] = null;
  for (let base = 0, at = 0; base < end; base += WIDTH) {
    for (const place of NUMBER_PLACES) {
      const number = numbers[at++]!;
      if (!Number.isNaN(number)) values[base + place] = number;
    }
  }
  for (let column = 0; column < TEXT_PLACES.length; column++) {
    const { joined, ends } = texts[column]!;
    for (let row = 0, from = 0, at = TEXT_PLACES[column]!; row < rows; row++, at += WIDTH) {
      const to = ends === null ? joined.length : ends[row]!;
      if (to > from) values[at] = joined.slice(from, to);
      if (ends !== null) from = to;
    }
  }
}

type Pricing = (values: ResultValue[], base: number, price: KnownPrice | null) => void;

/** Of two prices the surer: what was sold before what was estimated, that before what the list itself says; among the rest the newer. */
const RANK: Readonly<Record<PriceOrigin, number>> = { 'own-sales': 2, scan: 1, market: 1, cards: 1, list: 0 };

const NOTHING_MORE: MoreOfRow = {};

/** As `JSON.stringify` writes it, without an object to be made and gone through: where much is known, it is of nearly every row. */
function moreOfPlain(retailMinor: number | null, { by, at, of, count }: KnownPrice): string {
  return `{${retailMinor === null ? '' : `"retailMinor":${retailMinor},`}"by":"${by}","at":${at}${of === undefined ? '' : `,"of":${JSON.stringify(of)}`}${count === undefined ? '' : `,"count":${count}`}}`;
}

/** Writes what a product is known to go for over what the list and the row's words say, and counts it. */
function pricing({ reckon }: SettlePorts, tally: Tally): Pricing {
  return (values, base, price) => {
    if (price === null || reckon === undefined) return;
    const profit = reckon(price, { unitCostMinor: values[base + AT.unitCostMinor] as number, currency: values[base + AT.currency] as string, category: values[base + AT.category] as string | null });
    if (profit === null) return;
    const told = values[base + AT.more] as string | null;
    const more: MoreOfRow = told === null ? NOTHING_MORE : (JSON.parse(told) as MoreOfRow);
    if (more.by !== undefined && (RANK[more.by] > RANK[price.by] || (RANK[more.by] === RANK[price.by] && more.at! >= price.at))) return;
    const [sale, was] = [values[base + AT.saleMinor] as number | null, values[base + AT.profitMinor] as number | null];
    if (was !== null) tally.priced[PLACE_OF[more.by ?? 'list']]!--;
    tally.priced[PLACE_OF[price.by]]!++;
    tally.promising += Number(profit.profitMinor > 0) - Number(was !== null && was > 0);
    // the list's own retail price stays known: what may be asked about is screened by it
    values[base + AT.more] = told === null ? moreOfPlain(sale, price) : JSON.stringify({ ...more, ...(sale === null || more.by !== undefined ? {} : { retailMinor: sale }), ...originOf(price) } satisfies MoreOfRow);
    values[base + AT.saleMinor] = profit.saleMinor;
    values[base + AT.profitMinor] = profit.profitMinor;
  };
}

/** Every candidate of a repaired code is tried: one product among them all settles it, two leave it open. An unknown code that may be several is none of them yet. */
function settleOpen(values: ResultValue[], base: number, { candidates, table, priced }: { readonly candidates: readonly RepairCandidate[]; readonly table: CodeTable; readonly priced: Pricing }): RowStanding {
  const places = candidates.map((candidate) => table.placeOf(keyOfCode(codeOf(candidate))));
  let productId: string | null = null;
  let chosen = candidates[0]!;
  let at = places[0]!;
  for (let n = 0; n < places.length; n++) {
    const product = table.productAt(places[n]!);
    if (product === undefined) continue;
    if (product === null || (productId !== null && productId !== product)) return 'ambiguous';
    if (productId === null) {
      chosen = candidates[n]!;
      at = places[n]!;
    }
    productId = product;
  }
  values[base + AT.repairs] = repairsOf(chosen);
  if (productId === null) {
    for (const place of places) table.markToAsk(place);
    return 'unknown';
  }
  values[base + AT.identifier] = codeOf(chosen);
  values[base + AT.productId] = productId;
  priced(values, base, table.priceAt(at));
  return 'known';
}

/** The same for a row with one code, nearly every row. */
function settleSure(values: ResultValue[], base: number, { place, table, priced }: { readonly place: number; readonly table: CodeTable; readonly priced: Pricing }): RowStanding {
  const product = table.productAt(place);
  // the code is right: it is the product that is open
  if (product === null) return 'ambiguous';
  if (product !== undefined) {
    values[base + AT.productId] = product;
    priced(values, base, table.priceAt(place));
    return 'known';
  }
  table.markToAsk(place);
  return 'unknown';
}

class Tally {
  rows = 0;
  rejected = 0;
  promising = 0;
  codesToAsk = 0;
  readonly priced: number[] = PRICE_ORIGINS.map(() => 0);
  readonly standings: Record<RowStanding, number> = { known: 0, ambiguous: 0, unknown: 0, 'no-code': 0 };
  counts(): FirstPassCounts {
    const { known, ambiguous, unknown } = this.standings;
    return { rows: this.rows, rejected: this.rejected, known, ambiguous, unknown, noCode: this.standings['no-code'], promising: this.promising, codesToAsk: this.codesToAsk, priced: Object.fromEntries(PRICE_ORIGINS.map((origin) => [origin, this.priced[PLACE_OF[origin]]!])) as Record<PriceOrigin, number> };
  }
}

/** Writes what the slice's codes came to into its values. */
function settle({ open, rows, keys }: PackedRows, values: ResultValue[], { table, tally, priced }: { readonly table: CodeTable; readonly tally: Tally; readonly priced: Pricing }): void {
  for (let row = 0, base = 0; row < rows; row++, base += WIDTH) {
    const key = keys[row]!;
    const candidates = Number.isNaN(key) ? open.get(row) : undefined;
    const standing = !Number.isNaN(key) ? settleSure(values, base, { place: table.placeOf(key), table, priced }) : candidates ? settleOpen(values, base, { candidates, table, priced }) : 'no-code';
    values[base + AT.standing] = standingCode[standing];
    tally.standings[standing]++;
  }
}

/** A row may be refused for several reasons. */
function rowsRejected(rejects: readonly PriceListReject[]): number {
  let rows = 0;
  let line = -1;
  for (const reject of rejects) {
    if (reject.severity !== 'row' || reject.line === line) continue;
    ({ line } = reject);
    rows++;
  }
  return rows;
}

interface Batch {
  readonly slices: readonly PackedRows[];
  readonly answers: CodeAnswers;
}

/** Stores a batch, a slice between two turns of the process. */
async function storeBatch(ports: SettlePorts, { slices, answers }: Batch, { tally, request }: { readonly tally: Tally; readonly request: SettleRequest }): Promise<void> {
  const table = new CodeTable(answers);
  const priced = pricing(ports, tally);
  const values: ResultValue[] = [];
  for (const slice of slices) {
    const { rows, bytesRead } = slice;
    layOut(slice, values);
    settle(slice, values, { table, tally, priced });
    ports.store(values, 0, rows * WIDTH);
    tally.rows += rows;
    if (Math.floor(tally.rows / PROGRESS_ROWS) !== Math.floor((tally.rows - rows) / PROGRESS_ROWS)) request.onProgress?.({ rows: tally.rows, bytesRead });
    await nextTurn();
    request.signal?.throwIfAborted();
  }
  tally.codesToAsk += table.countToAsk();
}

/** Slices put together as they are looked up, the last ones included. */
async function* gather(slices: AsyncIterable<PackedRows>, { tally, request }: { readonly tally: Tally; readonly request: SettleRequest }): AsyncGenerator<readonly PackedRows[]> {
  let batch: PackedRows[] = [];
  let most = FIRST_ROWS;
  let [rows, chars] = [0, 0];
  for await (const slice of slices) {
    request.signal?.throwIfAborted();
    tally.rejected += rowsRejected(slice.rejects);
    tally.promising += slice.promising;
    for (const [place, count] of slice.priced.entries()) tally.priced[place]! += count;
    if (slice.rejects.length > 0) request.onRejects?.(slice.rejects);
    batch.push(slice);
    rows += slice.rows;
    chars += slice.texts.reduce((sum, { joined }) => sum + joined.length, 0);
    if (rows < most && chars < BATCH_CHARS) continue;
    yield batch;
    most = Math.min(BATCH_ROWS, 2 * most);
    batch = [];
    [rows, chars] = [0, 0];
  }
  yield batch;
}

/**
 * Goes through a supplier's whole list without spending a vendor's quota: has every code looked up in the catalogue, and stores a result for each row. Says what the rest would cost. One
 * batch is gathered and looked up while the one before it is stored; memory is bounded by these, not by the list.
 * @param slices of `packList`, here or on a thread beside this one
 * @throws what `slices` throws; the signal's reason when aborted
 */
export async function settleRows(ports: SettlePorts, slices: AsyncIterable<PackedRows>, request: SettleRequest): Promise<FirstPassCounts> {
  const tally = new Tally();
  const batches = gather(slices, { tally, request });
  const lookUpNext = async (): Promise<Batch | null> => {
    const { value, done } = await batches.next();
    return done === true ? null : { slices: value, answers: await ports.lookUp(keysOf(value)) };
  };
  let next = lookUpNext();
  try {
    for (let batch = await next; batch !== null; batch = await next) {
      next = lookUpNext();
      // heard of once this batch is stored
      next.catch(() => undefined);
      await storeBatch(ports, batch, { tally, request });
    }
  } finally {
    await batches.return(undefined);
  }
  request.onProgress?.({ rows: tally.rows, bytesRead: request.size });
  return tally.counts();
}
