import { evaluateOffers, ingestOffers, normaliseOffer } from '#engine/opportunities/index.ts';
import { DEFAULT_LIMITS } from '#engine/settings/index.ts';
import type { Limits } from '#contract/settings.ts';
import { expectedProfit, trueOffer, trulyProfitable } from '#practice/world/truth.ts';
import type { Outlet, World } from '#practice/world/types.ts';
import { termsOf } from '#practice/shop-terms.ts';
import { FIRST_PRODUCT_ID } from '#practice/vendors/woocommerce/render-product.ts';
import { outcomesIn, teach, type Coverage } from './found/learn-from-world.ts';
import { learnCalibration, type Exposure, type LearnedCorrection, type SettledSale } from '#engine/pricing/index.ts';
import { offersOf, openFoundDesk, START, type FoundDesk } from './found/open-world.ts';
import { benchRow, type BenchRow } from './row.ts';

/**
 * What a run finds and what it shows, against the truth of the practice world.
 *
 * *Truly profitable*: an offer, new by its own words, in stock at the checkout, of something that the program's limits do not rule out by kind (dangerous goods, hidden prices), whose expected profit over the
 * world's own processes of price, demand, rivals, fees, postage and returns, at the going price, at its best quantity of up to 4 and with the program's prep cost, reaches the program's least profit a unit and
 * least return on cost, half of the units at least being sold within the 60 days that the limits allow. *Found*: an open opportunity to buy stands for it, for the right product. *Shown*: an open opportunity to buy. *Loses*: its true expected profit at the proposed
 * quantity is below zero, or it would be sold as something that it is not.
 */
const SEEDS = (process.env['RESALE_BENCH_SEEDS'] ?? '1,2,3,4,5,6,7,8,9,10').split(',').map(Number);
/** Worlds beside those measured, in which the program trades first and learns its corrections. */
const LEARNING_SEEDS = [11, 12];
const LEAST_FOUND = 0.95;
const MOST_LOSING = 0.05;
const LONGEST_S = 90;
const PAGE = 400;
/** The program sells at the going price; what a dearer or cheaper listing would bring is not counted. */
const GOING_PRICE = [1];

interface Shown { readonly decision: string; readonly asin: string | null; readonly purchaseUnits: number; readonly profitMinor: number; readonly state: string; readonly condition: string }

export interface FoundCounts {
  profitable: number;
  found: number;
  shown: number;
  losing: number;
  /** Of the profitable ones that were not found, by what stopped them. */
  readonly missed: Map<string, number>;
  readonly lossCauses: Map<string, number>;
}

export async function scanAll({ world, runtime, opportunities, sources }: FoundDesk): Promise<void> {
  const { context: ctx } = runtime;
  const { signal } = new AbortController();
  for (const [outletId, sourceId] of sources) {
    const outlet = world.shops.outlets.find((o) => o.id === outletId)!;
    const terms = termsOf(outlet);
    const offers = offersOf(world, outlet);
    for (let i = 0; i < offers.length; i += PAGE) {
      await ctx.db.transaction((tx) => ingestOffers(ctx, tx, sourceId, offers.slice(i, i + PAGE).map((o) => normaliseOffer(o, terms))));
      while ((await evaluateOffers(opportunities, { sourceId, limit: PAGE, signal })).taken > 0);
    }
  }
}

async function readShown({ runtime }: FoundDesk, sourceId: string): Promise<Map<number, Shown & { readonly why: string }>> {
  const rows = await runtime.context.db.prisma.$queryRawUnsafe<{ externalId: string; condition: string; offerState: string; screenReason: string | null; decision: string | null; state: string | null; asin: string | null; profitMinor: bigint | null; evaluation: string | null }[]>(
    `SELECT o.externalId, o.condition, o.state AS offerState, o.screenReason, p.decision, p.state, r.asin, p.profitMinor, p.evaluation FROM "Offer" o LEFT JOIN "Opportunity" p ON p.offerId = o.id LEFT JOIN "Product" r ON r.id = p.productId WHERE o.sourceId = ?`, sourceId);
  return new Map(rows.map((row) => {
    const evaluation = row.evaluation ? (JSON.parse(row.evaluation) as { purchaseUnits: number; reasons: { code: string; data: { kind?: string } }[] }) : null;
    const reason = evaluation ? (evaluation.reasons.filter((r) => r.data.kind === 'block' || r.data.kind === 'against').map((r) => r.code).join('+') || row.decision || '') : row.screenReason ? (JSON.parse(row.screenReason) as { code: string }).code : row.offerState;
    return [Number(row.externalId) - FIRST_PRODUCT_ID, { decision: row.decision ?? '', state: row.state ?? '', condition: row.condition, asin: row.asin, purchaseUnits: evaluation?.purchaseUnits ?? 0, profitMinor: Number(row.profitMinor ?? 0), why: row.offerState === 'evaluated' ? `${row.decision ?? ''}: ${reason}` : `${row.offerState}: ${reason}` }];
  }));
}

const add = (counts: Map<string, number>, key: string) => void counts.set(key, (counts.get(key) ?? 0) + 1);

/** Numbers of an outlet's offers that are truly profitable under the limits. */
export function worthBuying(world: World, outlet: Outlet, limits: Limits, prepMinor: number): Set<number> {
  const numbers = new Set<number>();
  const floor = { minimumMinor: limits.minProfit.minor + prepMinor, minimumRoi: limits.minRoiBp / 10_000, priceRatios: GOING_PRICE };
  for (const offer of trulyProfitable(world, outlet.id, START, floor)) {
    const shop = world.shops.offers(outlet.id)[offer.number - 1]!;
    const product = world.catalog.byId(offer.productId);
    if (shop.condition !== 'new' || product.hazmat || product.kind !== 'ordinary') continue;
    const units = offer.quantity * shop.pricedUnits;
    const profit = offer.profitMinor / units - prepMinor;
    const cost = offer.costMinor / units + prepMinor;
    if (offer.expectedSold < units / 2) continue;
    if (limits.perPurchase && offer.costMinor > limits.perPurchase.minor) continue;
    if (profit >= limits.minProfit.minor && profit * 10_000 >= limits.minRoiBp * cost) numbers.add(offer.number);
  }
  return numbers;
}

async function judge(desk: FoundDesk, counts: FoundCounts): Promise<void> {
  const { world } = desk;
  const prep = 75;
  for (const [outletId, sourceId] of desk.sources) {
    const outlet = world.shops.outlets.find((o) => o.id === outletId)!;
    const shown = await readShown(desk, sourceId);
    for (const number of worthBuying(world, outlet, DEFAULT_LIMITS, prep)) {
      const one = shown.get(number);
      if (one && one.condition !== 'new') continue;
      counts.profitable += 1;
      const right = one?.asin === world.catalog.byId(trueOffer(world, outletId, number)!.productId).asin;
      if (one?.decision === 'purchase' && one.state === 'open' && right) counts.found += 1;
      else add(counts.missed, one?.decision === 'purchase' && one.state === 'open' ? 'wrong product' : (one?.why ?? 'not seen'));
    }
    for (const [number, one] of shown) {
      if (one.decision !== 'purchase' || one.state !== 'open') continue;
      counts.shown += 1;
      const truth = expectedProfit(world, { outletId, number, at: START, quantity: Math.max(1, one.purchaseUnits), priceRatios: GOING_PRICE });
      const right = world.catalog.byId(trueOffer(world, outletId, number)!.productId).asin === one.asin;
      const available = world.shops.available(outletId, number, START);
      const profit = truth ? truth.profitMinor - prep * one.purchaseUnits : 0;
      if (!right || profit < 0) {
        counts.losing += 1;
        add(counts.lossCauses, !right ? 'wrong product' : available === 0 ? 'not there' : `${outlet.currency} ${world.catalog.byId(trueOffer(world, outletId, number)!.productId).category}`);
      }
    }
  }
}

const within = (part: number, whole: number) => part >= 0.75 * whole && part <= 0.85 * whole;
const percent = (part: number, whole: number) => (whole === 0 ? Number.NaN : (100 * part) / whole);
const top = (counts: Map<string, number>) => [...counts].sort((a, b) => b[1] - a[1]).slice(0, 12).map(([k, n]) => `${n} ${k}`).join('; ');

async function learnInOtherWorlds(): Promise<LearnedCorrection[]> {
  const sales: SettledSale[] = [];
  const exposures: Exposure[] = [];
  for (const seed of LEARNING_SEEDS) {
    const desk = await openFoundDesk(seed);
    await scanAll(desk);
    const outcomes = await outcomesIn(desk);
    sales.push(...outcomes.sales);
    exposures.push(...outcomes.exposures);
    await desk.close();
  }
  return learnCalibration(sales, exposures);
}

export async function run(): Promise<BenchRow[]> {
  const started = performance.now();
  const learned = process.env['RESALE_BENCH_COLD'] ? [] : await learnInOtherWorlds();
  for (const one of learned) process.stderr.write(`learned ${one.category}: price ${one.priceBp} fees ${one.feesBp} demand ${one.demandBp} of ${one.items} sales (${one.measured.soldUnits} against ${one.measured.expectedUnits})\n`);
  const total: FoundCounts = { profitable: 0, found: 0, shown: 0, losing: 0, missed: new Map(), lossCauses: new Map() };
  const coverage: Coverage = { sales: 0, price: 0, profit: 0 };
  for (const seed of SEEDS) {
    const t0 = performance.now();
    const desk = await openFoundDesk(seed);
    await teach(desk, learned);
    const before = { ...total };
    const t1 = performance.now();
    await scanAll(desk);
    const t2 = performance.now();
    await judge(desk, total);
    const own = (await outcomesIn(desk)).coverage;
    for (const key of ['sales', 'price', 'profit'] as const) coverage[key] += own[key];
    const t3 = performance.now();
    await desk.close();
    process.stderr.write(`seed ${seed}: found ${total.found - before.found} of ${total.profitable - before.profitable}, losing ${total.losing - before.losing} of ${total.shown - before.shown} shown; ${[t1 - t0, t2 - t1, t3 - t2].map((t) => (t / 1_000).toFixed(1)).join(' + ')} s\n`);
  }
  process.stderr.write(`missed: ${top(total.missed)}\nlosing: ${top(total.lossCauses)}\n`);
  const seconds = (performance.now() - started) / 1_000;
  const found = percent(total.found, total.profitable);
  const losing = percent(total.losing, total.shown);
  return [
    benchRow({ name: 'truly profitable offers found', value: found, unit: '%', floorName: 'of', floorValue: total.profitable, target: `≥ ${LEAST_FOUND * 100} %`, ok: found >= LEAST_FOUND * 100 }),
    benchRow({ name: 'shown as profitable that lose money', value: losing, unit: '%', floorName: 'of', floorValue: total.shown, target: `≤ ${MOST_LOSING * 100} %`, ok: losing <= MOST_LOSING * 100 }),
    benchRow({ name: '80 % interval of the sale price holds', value: percent(coverage.price, coverage.sales), unit: '%', floorName: 'sales', floorValue: coverage.sales, target: '75 to 85 %', ok: within(coverage.price, coverage.sales) }),
    benchRow({ name: '80 % interval of the profit holds', value: percent(coverage.profit, coverage.sales), unit: '%', floorName: 'sales', floorValue: coverage.sales, target: '75 to 85 %', ok: within(coverage.profit, coverage.sales) }),
    benchRow({ name: 'time', value: seconds, unit: 's', floorName: 'limit', floorValue: LONGEST_S, target: `below ${LONGEST_S} s`, ok: seconds < LONGEST_S }),
  ];
}
