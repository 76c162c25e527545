import type { z } from 'zod';
import type { restCost } from '#contract/price-lists.ts';
import { countFreshProducts, estimateOperations } from '#engine/catalog/index.ts';
import { QUEUE_START, takeBestRows, type ListRecord, type QueuePlace, type ResultReader } from '#engine/suppliers/index.ts';
import type { PriceListsDeps } from './deps.ts';
import { resultsOf } from './view-list.ts';

const AT_ONCE = 5_000;

interface Waiting { rows: number; readonly codes: Set<string>; readonly products: Set<string> }

/** What asking about the best `most` rows is about. A row that cannot earn at the list's own retail price, whatever the fees, is left out before anything is spent on it. */
async function gather(reader: ResultReader, most: number): Promise<Waiting> {
  const waiting: Waiting = { rows: 0, codes: new Set(), products: new Set() };
  for (let place: QueuePlace | null = QUEUE_START; place !== null && waiting.rows < most;) {
    const taken: Awaited<ReturnType<typeof takeBestRows>> = await takeBestRows(reader, place, Math.min(AT_ONCE, most - waiting.rows));
    place = taken.next;
    waiting.rows += taken.rows.length;
    for (const row of taken.rows) {
      if (row.retailMinor !== null && row.retailMinor <= row.unitCostMinor) continue;
      if (row.productId !== null) waiting.products.add(row.productId);
      else waiting.codes.add(row.identifier ?? row.code ?? '');
    }
  }
  return waiting;
}

/** What the rest of the list would take, of what is there; spends nothing. @param most rows to be asked about in all; undefined: every one */
export async function estimateRest(deps: PriceListsDeps, list: ListRecord, most: number | undefined): Promise<z.infer<typeof restCost>> {
  const waiting = await gather(deps.files.reader(resultsOf(list)), most === undefined ? Number.MAX_SAFE_INTEGER : Math.max(0, most - list.done));
  const { marketData } = deps.scan.opportunities.catalog;
  if (!marketData) return { rows: waiting.rows, codes: waiting.codes.size + waiting.products.size, vendor: null, also: [] };
  const fresh = await countFreshProducts(deps.ctx.db, { vendor: marketData.connector, at: deps.ctx.clock.now() }, [...waiting.products]);
  const codes = waiting.codes.size + waiting.products.size - fresh;
  const [estimate, quota] = await Promise.all([marketData.estimate(codes), marketData.quota()]);
  return {
    rows: waiting.rows, codes,
    vendor: { name: marketData.connector, unit: quota.unit, cost: estimate.cost, calls: estimate.calls, durationMs: Math.round(estimate.durationMs), available: quota.available, leftAfter: Math.max(0, quota.available - estimate.cost), refillPerMinute: quota.refillPerMinute, asOf: quota.asOf },
    // the marketplace is asked only about what still pays once its history is known; the list's own retail prices tell how many those may be
    also: codes === 0 ? [] : estimateOperations(deps.scan.opportunities.catalog, { expected: Math.min(codes, list.counts?.pass.promising ?? codes), most: codes }),
  };
}
