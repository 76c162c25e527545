/** The three threads of a first pass over a price list: one reads, repairs and reckons, one looks codes and prices up, one writes. */
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { MARKET_SERIES, openCodeProbe } from '#engine/catalog/index.ts';
import { compileFees, resolveCategory, type CompiledFees, type FeeCard } from '#engine/pricing/index.ts';
import { addResultViews, fileSource, nameCards, PriceListError, packList, RESULT_TABLES, settleRows, type FirstPassCounts, type FirstPassPorts } from '#engine/suppliers/index.ts';
import { messageOf } from '#kernel/errors.ts';
import { money } from '#kernel/money.ts';
import { utcDay } from '#kernel/time.ts';
import { createBulkFile } from '#runtime/bulk-file.ts';
import type { PassMessage, PassSetup, PassTask } from './pass-price-list.ts';
import { answerCodes, askCodes } from './ask-codes.ts';
import { handOver, takeRows } from './hand-over-rows.ts';
import { cardOfPass, intoCard, outOfCard, type CardRate } from './price-lists/card-rates.ts';
import { OLDEST_PRICE_MS, openKnownPrices } from './price-lists/known-prices.ts';

type TaskOf<Does extends PassTask['does']> = Extract<PassTask, { readonly does: Does }>;

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

/** What a sale at a price would leave after the channel's fees and the cost, in the cost's currency: a best case, without shipping. Null where no rate leads from a currency to the card's, or where the amounts are no prices. */
function reckoner({ feeCards, rates, at }: PassSetup): NonNullable<FirstPassPorts['reckon']> {
  const card = cardOfPass(feeCards, at);
  if (!card) return () => null;
  const feesOf = feesByWords(card, utcDay(at));
  const own: CardRate = { currency: card.currency, through: [], kind: 'official', source: '', asOf: '' };
  const rateOf = new Map([...(rates ?? []), own].map((rate) => [rate.currency, rate]));
  return (sale, { unitCostMinor, currency, category }) => {
    const [ofSale, ofCost] = [rateOf.get(sale.currency), rateOf.get(currency)];
    if (!ofSale || !ofCost) return null;
    const inCard = ofSale === own ? sale.minor : intoCard(money(sale.minor, sale.currency), ofSale)?.minor;
    if (inCard === undefined) return null;
    const back = (minor: number) => (ofCost === own ? minor : outOfCard(money(minor, card.currency), ofCost)?.minor);
    const [saleMinor, feesMinor] = [sale.currency === currency ? sale.minor : back(inCard), back(feesOf(category).totalMinor(inCard))];
    if (saleMinor === undefined || feesMinor === undefined) return null;
    return { saleMinor, feesMinor, profitMinor: saleMinor - feesMinor - unitCostMinor };
  };
}

/** By the public prices of the card that a row's title names, else by the list's own retail price. */
function estimator(setup: PassSetup): FirstPassPorts['estimate'] {
  const { cards } = setup;
  const reckon = reckoner(setup);
  const cardOf = cards && cards.length > 0 ? nameCards(cards) : null;
  return ({ title, retail, unitCost, category }) => {
    const row = { unitCostMinor: unitCost.minor, currency: unitCost.currency, category };
    const card = title === null || cardOf === null ? null : cardOf(title);
    const profit = card && reckon(card, row);
    if (card && profit) return { ...profit, known: card };
    return retail === null ? null : reckon(retail, row);
  };
}

/** What the reading thread does: all that needs no database. */
async function read({ setup, rows }: TaskOf<'read'>): Promise<void> {
  await handOver(rows, async (signal) => packList({ source: await fileSource(setup.list), layout: setup.layout, estimate: estimator(setup), signal }));
}

async function lookUp({ setup, codes }: TaskOf<'look-up'>): Promise<void> {
  const terms = { currency: cardOfPass(setup.feeCards, setup.at)?.currency ?? '', since: setup.at - OLDEST_PRICE_MS };
  const probe = openCodeProbe(setup.database, terms);
  const known = openKnownPrices(setup.database, terms);
  const markets = MARKET_SERIES.map((of) => ({ currency: terms.currency, by: 'market' as const, ...(of === undefined ? {} : { of }) }));
  await answerCodes(codes, { productsOf: probe.productsOf, markets, ...(known ? { pricesOf: known.pricesOf } : {}) });
  probe.close();
  known?.close();
}

async function pass({ setup, rows, codes }: TaskOf<'store'>, signal: AbortSignal): Promise<FirstPassCounts> {
  const { size } = await fileSource(setup.list);
  const results = createBulkFile(setup.results, RESULT_TABLES);
  const rejected = results.table('reject');
  try {
    const counts = await settleRows({ lookUp: askCodes(codes, signal), store: results.table('listed').append, reckon: reckoner(setup) }, takeRows(rows, path.basename(setup.list)), {
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
    codes.close();
  }
}

const tell = (message: PassMessage) => parentPort!.postMessage(message);

async function store(task: TaskOf<'store'>): Promise<void> {
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
await (task.does === 'read' ? read(task) : task.does === 'look-up' ? lookUp(task) : store(task));
