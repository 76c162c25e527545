import { openCodeProbe } from '#engine/catalog/index.ts';
import { compileFees, resolveCategory, selectFeeCard, type CompiledFees, type FeeCard } from '#engine/pricing/index.ts';
import { RESULT_COLUMNS, runFirstPass, type FirstPassCounts, type FirstPassPorts, type FirstPassRequest } from '#engine/suppliers/index.ts';
import { money } from '#kernel/money.ts';
import { utcDay, type Instant } from '#kernel/time.ts';
import { createBulkFile, type BulkTable } from '#runtime/bulk-file.ts';

/** The channel that a rough profit is worked out for: the one that the desk lists on. */
const CHANNEL = 'ebay-us';
/** A list that names more is not naming categories. */
const MOST_CATEGORIES = 5_000;

export interface PassRequest extends FirstPassRequest {
  /** The desk's migrated database: its catalogue is read, nothing in it is written. */
  readonly database: string;
  /** Where the results go: a SQLite file with the table `result`; there only once the pass is through. */
  readonly results: string;
  readonly feeCards: readonly FeeCard[];
  readonly at: Instant;
}

const TABLE: BulkTable = { name: 'result', columns: RESULT_COLUMNS, indexes: [{ name: 'result_profit', columns: ['standing', 'profitMinor'] }] };

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

/** The first pass over a supplier's list, from file to results, on connections of its own. @throws as `runFirstPass`; then no results are left behind */
export async function passPriceList(request: PassRequest): Promise<FirstPassCounts> {
  const probe = openCodeProbe(request.database);
  const results = createBulkFile(request.results, TABLE);
  try {
    const counts = await runFirstPass({ productsOf: probe.byGtin, estimate: estimator(request.feeCards, request.at), store: results.append }, request);
    results.finish();
    return counts;
  } catch (error) {
    results.discard();
    throw error;
  } finally {
    probe.close();
  }
}
