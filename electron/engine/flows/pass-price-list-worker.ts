/** The two threads of a first pass over a price list: one reads, repairs and reckons, the other looks up and writes. */
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { openCodeProbe } from '#engine/catalog/index.ts';
import { compileFees, resolveCategory, selectFeeCard, type CompiledFees, type FeeCard } from '#engine/pricing/index.ts';
import { addResultViews, fileSource, PriceListError, packList, RESULT_TABLES, settleRows, type FirstPassCounts, type FirstPassPorts, type SettlePorts } from '#engine/suppliers/index.ts';
import { messageOf } from '#kernel/errors.ts';
import { money } from '#kernel/money.ts';
import { utcDay, type Instant } from '#kernel/time.ts';
import { createBulkFile } from '#runtime/bulk-file.ts';
import type { PassMessage, PassTask } from './pass-price-list.ts';
import { handOver, takeRows } from './hand-over-rows.ts';

/** The channel that a rough profit is worked out for: the one that the desk lists on. */
const CHANNEL = 'ebay-us';
/** A list that names more is not naming categories. */
const MOST_CATEGORIES = 5_000;

/** Fees by the list's own words for a category, each compiled once; words that fit none take the default rates. */
function feesByWords(card: FeeCard, day: string): (words: string | null) => CompiledFees {
  const compiled = new Map<string | null, CompiledFees>();
  return (words) => {
    let fees = compiled.get(words);
    if (!fees) {
      fees = compileFees(card, { category: words === null ? null : resolveCategory(card, words), fulfilment: 'fbm', buyerShipping: money(0, card.currency), salesTaxBp: 0, package: null, day });
      if (compiled.size < MOST_CATEGORIES) compiled.set(words, fees);
    }
    return fees;
  };
}

/** What the list's own retail price would leave after the channel's fees and the cost: a best case, without shipping. Only in the card's currency. */
function estimator(cards: readonly FeeCard[], at: Instant): FirstPassPorts['estimate'] {
  const day = utcDay(at);
  const card = selectFeeCard(cards, CHANNEL, day);
  if (!card) return () => null;
  const feesOf = feesByWords(card, day);
  return ({ retail, unitCost, category }) => {
    if (retail === null || retail.currency !== card.currency || unitCost.currency !== card.currency) return null;
    const feesMinor = feesOf(category).totalMinor(retail.minor);
    return { saleMinor: retail.minor, feesMinor, profitMinor: retail.minor - feesMinor - unitCost.minor };
  };
}

/** What the reading thread does: all that needs no database. */
async function read({ setup, port }: PassTask): Promise<void> {
  await handOver(port, async (signal) => packList({ source: await fileSource(setup.list), layout: setup.layout, estimate: estimator(setup.feeCards, setup.at), signal }));
}

async function pass({ setup, port }: PassTask, signal: AbortSignal): Promise<FirstPassCounts> {
  const { size } = await fileSource(setup.list);
  const probe = openCodeProbe(setup.database);
  const results = createBulkFile(setup.results, RESULT_TABLES);
  const rejected = results.table('reject');
  try {
    const ports: SettlePorts = { productsOf: probe.productsOf, store: results.table('listed').append };
    const counts = await settleRows(ports, takeRows(port, path.basename(setup.list)), {
      size, signal,
      onProgress: (progress) => tell({ kind: 'progress', progress }),
      onRejects: (rejects) => rejected.append(rejects.flatMap((r) => [r.line, r.field, r.severity, r.reason, r.raw])),
    });
    results.finish((run) => addResultViews(run, setup.previous));
    return counts;
  } catch (error) {
    results.discard();
    throw error;
  } finally {
    probe.close();
  }
}

const tell = (message: PassMessage) => parentPort!.postMessage(message);

async function store(task: PassTask): Promise<void> {
  const abort = new AbortController();
  parentPort!.once('message', () => abort.abort());
  try {
    tell({ kind: 'done', counts: await pass(task, abort.signal) });
  } catch (error) {
    tell({ kind: 'failed', code: error instanceof PriceListError ? error.code : null, message: messageOf(error) });
  }
  parentPort!.close();
}

const task = workerData as PassTask;
await (task.does === 'read' ? read(task) : store(task));
