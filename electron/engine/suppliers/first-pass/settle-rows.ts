import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RepairCandidate } from '#kernel/identifiers.ts';
import type { PriceListReject } from '../price-list/index.ts';
import { codeOf, NUMBER_COLUMNS, repairsOf, TEXT_COLUMNS, unpackColumn, type PackedRows } from './pack-rows.ts';
import { ROW_COLUMNS, STANDINGS, type FirstPassCounts, type FirstPassPorts, type ResultValue, type RowStanding } from './types.ts';

/** Rows that are looked up together. The more, the closer together their codes lie in the index; this many take about 30 MB. */
const BATCH_ROWS = 50_000;
/** Rows that are stored between two turns of the process: a few milliseconds. */
const SLICE_ROWS = 2_000;

const WIDTH = ROW_COLUMNS.length;
const placeOf = (column: string): number => ROW_COLUMNS.findIndex((declared) => declared.startsWith(`${column} `));
/** Places in a row of `ROW_COLUMNS` that are filled once the codes are looked up. */
const AT = { standing: placeOf('standing'), identifier: placeOf('identifier'), repairs: placeOf('repairs'), productId: placeOf('productId') } as const;
const TEXT_PLACES = TEXT_COLUMNS.map((column) => placeOf(column === 'code' ? 'identifier' : column));
const NUMBER_PLACES = NUMBER_COLUMNS.map(placeOf);

/** Product by code; null for a code that names several. */
type Found = ReadonlyMap<string, string | null>;
export type SettlePorts = Pick<FirstPassPorts, 'productsOf' | 'store'>;

export interface SettleRequest {
  /** Of the list's file, for the last word on progress. */
  readonly size: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { readonly rows: number; readonly bytesRead: number }) => void) | undefined;
  readonly onRejects?: ((rejects: readonly PriceListReject[]) => void) | undefined;
}

function lookUp(ports: SettlePorts, codes: readonly string[]): Found {
  const found = new Map<string, string | null>();
  ports.productsOf(codes, (code, productId) => {
    const known = found.get(code);
    found.set(code, known === undefined || known === productId ? productId : null);
  });
  return found;
}

const standingCode: Readonly<Record<RowStanding, number>> = { known: STANDINGS.indexOf('known'), ambiguous: STANDINGS.indexOf('ambiguous'), unknown: STANDINGS.indexOf('unknown'), 'no-code': STANDINGS.indexOf('no-code') };

/** Results in the making, without an object for each row: a row that lives until its batch is looked up costs more to keep than to read. */
class Batch {
  /** As they will be stored; made once, for arrays that grow are copied again and again. Beyond `rows` it holds what an earlier batch left. */
  readonly values: ResultValue[] = [];
  readonly open = new Map<number, readonly RepairCandidate[]>();
  rows = 0;

  clear(): void {
    this.open.clear();
    this.rows = 0;
  }

  /** Every code of the batch, repeats and all. */
  codes(): string[] {
    const codes: string[] = [];
    for (let row = 0, base = 0; row < this.rows; row++, base += WIDTH) {
      const sure = this.values[base + AT.identifier];
      if (typeof sure === 'string') codes.push(sure);
    }
    for (const candidates of this.open.values()) for (const candidate of candidates) codes.push(codeOf(candidate));
    return codes;
  }

  add(packed: PackedRows): void {
    const { values } = this;
    const from = this.rows * WIDTH;
    const texts = packed.texts.map((column) => unpackColumn(column, packed.rows));
    for (let row = 0, base = from, at = 0; row < packed.rows; row++, base += WIDTH) {
      // in the order of the columns, so that the array grows at its end alone
      for (let place = 0; place < WIDTH; place++) values[base + place] = null;
      values[base + AT.standing] = standingCode['no-code'];
      for (const place of NUMBER_PLACES) {
        const number = packed.numbers[at++]!;
        values[base + place] = Number.isNaN(number) ? null : number;
      }
      for (let column = 0; column < texts.length; column++) {
        const text = texts[column]!;
        const value = typeof text === 'string' ? text : text[row]!;
        values[base + TEXT_PLACES[column]!] = value === '' ? null : value;
      }
    }
    for (const [row, candidates] of packed.open) this.open.set(this.rows + row, candidates);
    this.rows += packed.rows;
  }
}

/** Every candidate of a repaired code is tried: one product among them all settles it, two leave it open. An unknown code that may be several is none of them yet. */
function settleOpen(values: ResultValue[], base: number, { candidates, found }: { readonly candidates: readonly RepairCandidate[]; readonly found: Found }): RowStanding {
  let productId: string | null = null;
  let chosen = candidates[0]!;
  for (const candidate of candidates) {
    const product = found.get(codeOf(candidate));
    if (product === undefined) continue;
    if (product === null || (productId !== null && productId !== product)) return 'ambiguous';
    if (productId === null) chosen = candidate;
    productId = product;
  }
  values[base + AT.repairs] = repairsOf(chosen);
  if (productId === null) return 'unknown';
  values[base + AT.identifier] = codeOf(chosen);
  values[base + AT.productId] = productId;
  return 'known';
}

/** The same for a row with one code, nearly every row. */
function settleSure(values: ResultValue[], base: number, found: Found): RowStanding {
  const product = found.get(values[base + AT.identifier] as string);
  if (product === undefined) return 'unknown';
  // the code is right: it is the product that is open
  if (product === null) return 'ambiguous';
  values[base + AT.productId] = product;
  return 'known';
}

class Tally {
  rows = 0;
  rejected = 0;
  promising = 0;
  codesToAsk = 0;
  readonly standings: Record<RowStanding, number> = { known: 0, ambiguous: 0, unknown: 0, 'no-code': 0 };
  counts(): FirstPassCounts {
    const { known, ambiguous, unknown } = this.standings;
    return { rows: this.rows, rejected: this.rejected, known, ambiguous, unknown, noCode: this.standings['no-code'], promising: this.promising, codesToAsk: this.codesToAsk };
  }
}

/** Looks the batch's codes up and writes what they settle into its values. */
function settle(batch: Batch, found: Found, tally: Tally): void {
  const { values, open } = batch;
  const toAsk = new Set<string>();
  for (let row = 0, base = 0; row < batch.rows; row++, base += WIDTH) {
    const sure = values[base + AT.identifier] as string | null;
    const candidates = sure === null && open.size > 0 ? open.get(row) : undefined;
    if (sure === null && candidates === undefined) {
      tally.standings['no-code']++;
      continue;
    }
    const standing = candidates === undefined ? settleSure(values, base, found) : settleOpen(values, base, { candidates, found });
    values[base + AT.standing] = standingCode[standing];
    tally.standings[standing]++;
    if (standing !== 'unknown') continue;
    if (sure !== null) toAsk.add(sure);
    else for (const candidate of candidates ?? []) toAsk.add(codeOf(candidate));
  }
  tally.codesToAsk += toAsk.size;
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

async function finishBatch(ports: SettlePorts, batch: Batch, { tally, signal }: { readonly tally: Tally; readonly signal: AbortSignal | undefined }): Promise<void> {
  settle(batch, lookUp(ports, batch.codes()), tally);
  const end = batch.rows * WIDTH;
  for (let at = 0; at < end; at += SLICE_ROWS * WIDTH) {
    ports.store(batch.values, at, Math.min(end, at + SLICE_ROWS * WIDTH));
    await nextTurn();
    signal?.throwIfAborted();
  }
  tally.rows += batch.rows;
  batch.clear();
}

/**
 * Goes through a supplier's whole list without spending a vendor's quota: looks every code up in the catalogue, and stores a result for each row. Says what the rest would cost. Memory
 * is bounded by a batch, not by the list.
 * @param slices of `packList`, here or on a thread beside this one
 * @throws what `slices` throws; the signal's reason when aborted
 */
export async function settleRows(ports: SettlePorts, slices: AsyncIterable<PackedRows>, request: SettleRequest): Promise<FirstPassCounts> {
  const { signal } = request;
  const tally = new Tally();
  const batch = new Batch();
  for await (const slice of slices) {
    tally.rejected += rowsRejected(slice.rejects);
    tally.promising += slice.promising;
    if (slice.rejects.length > 0) request.onRejects?.(slice.rejects);
    batch.add(slice);
    if (batch.rows >= BATCH_ROWS) {
      await finishBatch(ports, batch, { tally, signal });
      request.onProgress?.({ rows: tally.rows, bytesRead: slice.bytesRead });
    } else {
      await nextTurn();
      signal?.throwIfAborted();
    }
  }
  if (batch.rows > 0) await finishBatch(ports, batch, { tally, signal });
  request.onProgress?.({ rows: tally.rows, bytesRead: request.size });
  return tally.counts();
}
