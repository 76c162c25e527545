import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RepairCandidate } from '#kernel/identifiers.ts';
import { readPriceList, type PriceListLayout, type PriceListReject, type PriceListRow, type PriceListSource } from '../price-list/index.ts';
import { ROW_COLUMNS, STANDINGS, type FirstPassCounts, type FirstPassPorts, type MoreOfRow, type ResultValue, type RoughProfit, type RowStanding } from './types.ts';

/** Rows that are looked up together. The more, the closer together their codes lie in the index; this many take about 30 MB. */
const BATCH_ROWS = 50_000;
/** Rows that are read, or stored, between two turns of the process: a few milliseconds. What is read of them is garbage before it is old. */
const SLICE_ROWS = 2_000;

const WIDTH = ROW_COLUMNS.length;
/** Places in a row of `ROW_COLUMNS` that are filled once the codes are looked up. */
const AT = { standing: 1, identifier: 2, repairs: 3, productId: 4 } as const;

export interface FirstPassRequest {
  readonly source: PriceListSource;
  readonly layout: PriceListLayout;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { readonly rows: number; readonly bytesRead: number }) => void) | undefined;
  readonly onRejects?: ((rejects: readonly PriceListReject[]) => void) | undefined;
}

/** Product by code; null for a code that names several. */
type Found = ReadonlyMap<string, string | null>;

function lookUp(ports: FirstPassPorts, codes: readonly string[]): Found {
  const found = new Map<string, string | null>();
  ports.productsOf(codes, (code, productId) => {
    const known = found.get(code);
    found.set(code, known === undefined || known === productId ? productId : null);
  });
  return found;
}

const standingCode: Readonly<Record<RowStanding, number>> = { known: STANDINGS.indexOf('known'), ambiguous: STANDINGS.indexOf('ambiguous'), unknown: STANDINGS.indexOf('unknown'), 'no-code': STANDINGS.indexOf('no-code') };

/** The code that a candidate is looked up and asked by. */
const codeOf = ({ identifier }: RepairCandidate) => identifier.gtin14 ?? identifier.value;

/** What most rows have none of; null for those. */
function moreOf(row: PriceListRow, profit: RoughProfit | null, plainCode: boolean): string | null {
  const { retail } = row;
  const hasRetail = retail !== null && profit === null;
  if (plainCode && row.mpn === null && row.packSize === null && row.caseSize === null && row.unitsPerCost === 1 && row.map === null && !hasRetail && row.minimumOrder === null && row.taxBp === null) return null;
  const more: MoreOfRow = {
    ...(plainCode || row.identifierText === '' ? {} : { code: row.identifierText.slice(0, 100) }), ...(row.mpn === null ? {} : { mpn: row.mpn.slice(0, 200) }), ...(row.packSize === null ? {} : { pack: row.packSize }), ...(row.caseSize === null ? {} : { case: row.caseSize }),
    ...(row.unitsPerCost === 1 ? {} : { costMinor: row.cost.minor, units: row.unitsPerCost }), ...(row.map === null ? {} : { mapMinor: row.map.minor }),
    ...(hasRetail ? { retailMinor: retail.minor, ...(retail.currency === row.unitCost.currency ? {} : { retailCurrency: retail.currency }) } : {}),
    ...(row.minimumOrder === null ? {} : { least: row.minimumOrder }), ...(row.taxBp === null ? {} : { taxBp: row.taxBp }),
  };
  const text = JSON.stringify(more);
  return text === '{}' ? null : text;
}

const repairsOf = ({ repairs }: RepairCandidate) => (repairs.length === 0 ? null : repairs.join(' '));

/** Results in the making, without an object for each row: a row that lives until its batch is looked up costs more to keep than to read. */
class Batch {
  /** As they will be stored; made once, for arrays that grow are copied again and again. Beyond `rows` it holds what an earlier batch left. */
  readonly values: ResultValue[] = [];
  /** Candidates by row, for rows whose code is open; a row with one code has it in `values` already. */
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

  add(row: PriceListRow, profit: RoughProfit | null): void {
    const candidates = row.identifiers;
    const only = candidates.length === 1 ? candidates[0]! : null;
    const code = only && codeOf(only);
    if (candidates.length > 1) this.open.set(this.rows, candidates);
    const cost = row.unitCost.minor;
    const { values } = this;
    let at = this.rows * WIDTH;
    values[at++] = row.line;
    values[at++] = standingCode['no-code'];
    values[at++] = code;
    values[at++] = only && repairsOf(only);
    values[at++] = null;
    values[at++] = row.title;
    values[at++] = row.brand;
    values[at++] = row.category;
    values[at++] = row.unitCost.currency;
    values[at++] = cost;
    values[at++] = row.quantity;
    values[at++] = profit === null ? null : profit.saleMinor;
    values[at++] = profit === null ? null : profit.profitMinor;
    values[at] = moreOf(row, profit, only !== null && only.repairs.length === 0);
    this.rows++;
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

async function finishBatch(ports: FirstPassPorts, batch: Batch, { tally, signal }: { readonly tally: Tally; readonly signal: AbortSignal | undefined }): Promise<void> {
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
 * Goes through a supplier's whole list without spending a vendor's quota: reads and repairs, looks every code up in the catalogue, works out what can be worked out, and stores a
 * result for each row. Says what the rest would cost. Memory is bounded by a batch, not by the list.
 * @throws PriceListError as `readPriceList`; the signal's reason when aborted
 */
export async function runFirstPass(ports: FirstPassPorts, request: FirstPassRequest): Promise<FirstPassCounts> {
  const { source, layout, signal } = request;
  const tally = new Tally();
  const batch = new Batch();
  for await (const piece of readPriceList(source, layout, { batchRows: SLICE_ROWS, ...(signal ? { signal } : {}) })) {
    tally.rejected += rowsRejected(piece.rejects);
    request.onRejects?.(piece.rejects);
    for (const row of piece.rows) {
      const profit = ports.estimate(row);
      if (profit !== null && profit.profitMinor > 0) tally.promising++;
      batch.add(row, profit);
    }
    if (batch.rows >= BATCH_ROWS) {
      await finishBatch(ports, batch, { tally, signal });
      request.onProgress?.({ rows: tally.rows, bytesRead: piece.bytesRead });
    } else {
      await nextTurn();
      signal?.throwIfAborted();
    }
  }
  if (batch.rows > 0) await finishBatch(ports, batch, { tally, signal });
  request.onProgress?.({ rows: tally.rows, bytesRead: source.size });
  return tally.counts();
}
