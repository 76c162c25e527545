import { setImmediate as nextTurn } from 'node:timers/promises';
import { readPriceList, type PriceListLayout, type PriceListReject, type PriceListRow, type PriceListSource } from '../price-list/index.ts';
import type { FirstPassCounts, FirstPassPorts, RoughProfit, RowStanding } from './types.ts';

/** Rows that are looked up together. The more, the closer together their codes lie in the index; this many take about 20 MB. */
const BATCH_ROWS = 20_000;
/** Rows after which other work of the process gets its turn: a few milliseconds. */
const SLICE_ROWS = 2_000;
const CODES_AT_ONCE = 5_000;

export interface FirstPassRequest {
  readonly source: PriceListSource;
  readonly layout: PriceListLayout;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { readonly rows: number; readonly bytesRead: number }) => void) | undefined;
  readonly onRejects?: ((rejects: readonly PriceListReject[]) => void) | undefined;
}

/** Product by code; null for a code that names several. */
type Found = ReadonlyMap<string, string | null>;

function codesOf(rows: readonly PriceListRow[]): string[] {
  const codes: string[] = [];
  for (const row of rows) for (const { identifier } of row.identifiers) if (identifier.gtin14 !== null) codes.push(identifier.gtin14);
  return codes;
}

async function lookUp(ports: FirstPassPorts, codes: readonly string[], signal: AbortSignal | undefined): Promise<Found> {
  const found = new Map<string, string | null>();
  for (let at = 0; at < codes.length; at += CODES_AT_ONCE) {
    for (const [code, productId] of ports.productsOf(codes.slice(at, at + CODES_AT_ONCE))) {
      const known = found.get(code);
      found.set(code, known === undefined || known === productId ? productId : null);
    }
    await nextTurn();
    signal?.throwIfAborted();
  }
  return found;
}

interface Identified { readonly standing: RowStanding; readonly productId: string | null; readonly gtin14: string | null; readonly repairs: string | null }
const NO_CODE: Identified = { standing: 'no-code', productId: null, gtin14: null, repairs: null };
const AMBIGUOUS: Identified = { ...NO_CODE, standing: 'ambiguous' };

/** Every candidate of a repaired code is tried: one product among them all settles it, two leave it open. */
function identify(row: PriceListRow, found: Found): Identified {
  const candidates = row.identifiers;
  let productId: string | null = null;
  let chosen = 0;
  for (let at = 0; at < candidates.length; at++) {
    const gtin14 = candidates[at]!.identifier.gtin14;
    const product = gtin14 === null ? undefined : found.get(gtin14);
    if (product === undefined) continue;
    if (product === null || (productId !== null && productId !== product)) return AMBIGUOUS;
    if (productId === null) chosen = at;
    productId = product;
  }
  const candidate = candidates[chosen];
  if (!candidate) return NO_CODE;
  const repairs = candidate.repairs.length === 0 ? null : candidate.repairs.join(' ');
  // An unknown code that may be several is none of them yet.
  const sure = productId !== null || candidates.length === 1;
  return { standing: productId === null ? 'unknown' : 'known', productId, gtin14: sure ? candidate.identifier.gtin14 : null, repairs };
}

const resultOf = (row: PriceListRow, { standing, productId, gtin14, repairs }: Identified, profit: RoughProfit | null) => [
  row.line, standing, gtin14, repairs, productId, row.title, row.brand, row.unitCost.currency, row.unitCost.minor, row.quantity,
  profit?.saleMinor ?? null, profit?.feesMinor ?? null, profit?.profitMinor ?? null, profit === null || row.unitCost.minor === 0 ? null : Math.round((profit.profitMinor * 10_000) / row.unitCost.minor),
];

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

async function passBatch(ports: FirstPassPorts, rows: readonly PriceListRow[], { tally, signal }: { readonly tally: Tally; readonly signal: AbortSignal | undefined }): Promise<void> {
  const codes = codesOf(rows);
  const found = await lookUp(ports, codes, signal);
  const toAsk = new Set<string>();
  for (let at = 0; at < rows.length; at += SLICE_ROWS) {
    const results: (readonly (string | number | null)[])[] = [];
    for (const row of rows.slice(at, at + SLICE_ROWS)) {
      const identified = identify(row, found);
      const profit = ports.estimate(row);
      tally.rows++;
      tally.standings[identified.standing]++;
      if (profit !== null && profit.profitMinor > 0) tally.promising++;
      if (identified.standing === 'unknown') for (const { identifier } of row.identifiers) toAsk.add(identifier.value);
      results.push(resultOf(row, identified, profit));
    }
    await ports.store(results);
    await nextTurn();
    signal?.throwIfAborted();
  }
  tally.codesToAsk += toAsk.size;
}

/**
 * Goes through a supplier's whole list without spending a vendor's quota: reads and repairs, looks every code up in the catalogue, works out what can be worked out, and stores a
 * result for each row. Says what the rest would cost. Memory is bounded by a batch, not by the list.
 * @throws PriceListError as `readPriceList`; the signal's reason when aborted
 */
export async function runFirstPass(ports: FirstPassPorts, request: FirstPassRequest): Promise<FirstPassCounts> {
  const { source, layout, signal } = request;
  const tally = new Tally();
  for await (const batch of readPriceList(source, layout, { batchRows: BATCH_ROWS, ...(signal ? { signal } : {}) })) {
    tally.rejected += batch.rejects.filter((reject) => reject.severity === 'row').length;
    request.onRejects?.(batch.rejects);
    await passBatch(ports, batch.rows, { tally, signal });
    request.onProgress?.({ rows: tally.rows, bytesRead: batch.bytesRead });
  }
  return tally.counts();
}
