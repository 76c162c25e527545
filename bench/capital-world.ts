/**
 * The capital plan in the practice world, beside buying what returns most: both choose on the same morning among the same open opportunities, with the same money under the same limits, and what they
 * bought is then judged by the world's own processes of price, demand, rivals, fees, postage and returns: none of the plan's model enters the outcome.
 */
import { planPurchases } from '#engine/capital/index.ts';
import { setOpeningCash } from '#engine/ledger/index.ts';
import { DEFAULT_LIMITS, LIMITS, PRACTICE_BUSINESS, putSetting } from '#engine/settings/index.ts';
import { expectedProfit } from '#practice/world/truth.ts';
import { FIRST_PRODUCT_ID } from '#practice/vendors/woocommerce/render-product.ts';
import { openFoundDesk, START, type FoundDesk } from './found/open-world.ts';
import { scanAll } from './found.ts';
import { benchRow, type BenchRow } from './row.ts';

const SEEDS = process.env['RESALE_BENCH_SEEDS']?.split(',').map(Number) ?? Array.from({ length: 20 }, (_, i) => i + 1);
/** The program sells at the going price. */
const GOING_PRICE = [1];
const PREP_MINOR = PRACTICE_BUSINESS.prepPerUnit.minor;

interface Choice { readonly id: string; readonly quantity: number }
interface OpenRow { readonly id: string; readonly productId: string; readonly sourceId: string; readonly sellerName: string | null; readonly externalId: string; readonly unitCostMinor: number; readonly roiBp: number; readonly quantity: number }

async function readOpen({ runtime }: FoundDesk): Promise<OpenRow[]> {
  return runtime.context.db.read<OpenRow>(
    `SELECT o.id, o.productId, o.sourceId, f.sellerName, f.externalId, o.unitCostMinor, o.roiBp, o.quantity FROM Opportunity o JOIN Offer f ON f.id = o.offerId WHERE o.state = 'open' AND o.decision = 'purchase' ORDER BY o.roiBp DESC, o.id`);
}

const most = (limit: { minor: number } | null) => limit?.minor ?? Number.POSITIVE_INFINITY;

/** Highest return first, as many as are recommended or as the limits leave room for. */
function greedyByReturn(rows: readonly OpenRow[], spendMinor: number): Choice[] {
  const bySeller = new Map<string, number>();
  const chosen: Choice[] = [];
  let left = spendMinor;
  for (const row of rows) {
    const seller = `${row.sourceId}/${row.sellerName ?? ''}`;
    const room = Math.min(left, most(DEFAULT_LIMITS.perPurchase), most(DEFAULT_LIMITS.perSellerPerDay) - (bySeller.get(seller) ?? 0));
    const quantity = Math.min(row.quantity, Math.floor(room / row.unitCostMinor));
    if (quantity < 1) continue;
    chosen.push({ id: row.id, quantity });
    left -= quantity * row.unitCostMinor;
    bySeller.set(seller, (bySeller.get(seller) ?? 0) + quantity * row.unitCostMinor);
  }
  return chosen;
}

interface Outcome { readonly profitMinor: number; readonly spentMinor: number; readonly units: number }

/** What a choice earns in the world. A product that is bought twice meets its buyers once: the second lot sells after the first. */
function earned({ world, sources }: FoundDesk, rows: ReadonlyMap<string, OpenRow>, choices: readonly Choice[]): Outcome {
  const outletOf = new Map([...sources].map(([outlet, source]) => [source, outlet]));
  const ahead = new Map<string, number>();
  let [profitMinor, spentMinor, units] = [0, 0, 0];
  for (const { id, quantity } of choices) {
    const row = rows.get(id)!;
    const before = ahead.get(row.productId) ?? 0;
    const question = (count: number) => expectedProfit(world, { outletId: outletOf.get(row.sourceId)!, number: Number(row.externalId) - FIRST_PRODUCT_ID, at: START, quantity: count, priceRatios: GOING_PRICE });
    const [all, first] = [question(before + quantity), before > 0 ? question(before) : null];
    // sold out at the checkout: nothing is paid, and nothing is earned
    if (!all) continue;
    profitMinor += all.profitMinor - (first?.profitMinor ?? 0) - PREP_MINOR * quantity;
    spentMinor += all.costMinor - (first?.costMinor ?? 0) + PREP_MINOR * quantity;
    units += quantity;
    ahead.set(row.productId, before + quantity);
  }
  return { profitMinor, spentMinor, units };
}

async function compareSeed(seed: number): Promise<{ plan: Outcome; greedy: Outcome }> {
  const desk = await openFoundDesk(seed);
  const { context: ctx } = desk.runtime;
  try {
    await ctx.db.transaction(async (tx) => {
      await setOpeningCash({ ctx }, tx, PRACTICE_BUSINESS.openingCash);
      await putSetting(tx, LIMITS, DEFAULT_LIMITS, START);
    });
    await scanAll(desk);
    const rows = await readOpen(desk);
    const byId = new Map(rows.map((row) => [row.id, row]));
    const plan = await planPurchases({ ctx });
    const spend = Math.floor((plan.cash.available.minor * 10_000) / (10_000 + DEFAULT_LIMITS.priceDriftBp));
    return { plan: earned(desk, byId, plan.lines.map((line) => ({ id: line.opportunityId, quantity: line.quantity }))), greedy: earned(desk, byId, greedyByReturn(rows, spend)) };
  } finally {
    await desk.close();
  }
}

export async function run(): Promise<BenchRow[]> {
  const sums = { plan: 0, greedy: 0, wins: 0 };
  for (const seed of SEEDS) {
    const { plan, greedy } = await compareSeed(seed);
    sums.plan += plan.profitMinor;
    sums.greedy += greedy.profitMinor;
    if (plan.profitMinor > greedy.profitMinor) sums.wins += 1;
    process.stderr.write(`capital plan, world ${seed}: ${(plan.profitMinor / 100).toFixed(2)} on ${(plan.spentMinor / 100).toFixed(2)} (${plan.units} units), by return ${(greedy.profitMinor / 100).toFixed(2)} on ${(greedy.spentMinor / 100).toFixed(2)} (${greedy.units} units)\n`);
  }
  return [
    benchRow({ name: `capital plan in ${SEEDS.length} practice worlds: profit of a morning`, value: sums.plan / SEEDS.length / 100, unit: '$', floorName: 'greedy by ROI', floorValue: sums.greedy / SEEDS.length / 100, target: 'above', ok: sums.plan > sums.greedy }),
    benchRow({ name: 'capital plan in practice worlds: worlds won', value: sums.wins, unit: 'worlds', floorName: 'half', floorValue: SEEDS.length / 2, target: 'most', ok: sums.wins > SEEDS.length / 2 }),
  ];
}
