import { evaluateOffers, ingestOffers, normaliseOffer } from '#engine/opportunities/index.ts';
import { learnCalibration, type LearnedCorrection, type Outcomes } from '#engine/pricing/index.ts';
import { FIRST_PRODUCT_ID } from '#practice/vendors/woocommerce/render-product.ts';
import { termsOf } from '#practice/shop-terms.ts';
import { compareInputs, inputLines, type Differences } from './found/compare-inputs.ts';
import { emptyTally, judgeShown, READINGS, type Reading } from './found/judge-shown.ts';
import { outcomesIn, teach, type Coverage } from './found/learn-from-world.ts';
import { offersOf, openFoundDesk, type FoundDesk } from './found/open-world.ts';
import { enrichProducts } from '#engine/catalog/index.ts';
import { learnSeasonsJob } from '#engine/flows/learn-seasons.ts';
import { benchRow, type BenchRow } from './row.ts';

/** What a run finds and what it shows, against the truth of the practice world, by three readings (`docs/measured.md`, "What a run finds"). */
const SEEDS = (process.env['RESALE_BENCH_SEEDS'] ?? '1,2,3,4,5,6,7,8,9,10').split(',').map(Number);
/** Worlds beside those measured, in which the program trades first and learns its corrections. */
const LEARNING_SEEDS = [11, 12, 13];
const LEARN_EVERY = 2;
/** Of each shop's offers, every so many-th is looked at: the catalogue behind them stays whole, so that knowing a product among its siblings is as hard as ever. */
const EVERY = Number(process.env['RESALE_BENCH_EVERY'] ?? '4');
const LEAST_FOUND = 0.95;
const MOST_LOSING = 0.05;
const LONGEST_S = 90;
const PAGE = 400;

export async function scanAll({ world, runtime, opportunities, sources }: FoundDesk, every = EVERY): Promise<void> {
  const { context: ctx } = runtime;
  const { signal } = new AbortController();
  for (const [outletId, sourceId] of sources) {
    const outlet = world.shops.outlets.find((o) => o.id === outletId)!;
    const terms = termsOf(outlet);
    const offers = offersOf(world, outlet, (number) => number % every === 0);
    for (let i = 0; i < offers.length; i += PAGE) {
      await ctx.db.transaction((tx) => ingestOffers(ctx, tx, sourceId, offers.slice(i, i + PAGE).map((o) => normaliseOffer(o, terms))));
      while ((await evaluateOffers(opportunities, { sourceId, limit: PAGE, signal })).taken > 0);
    }
  }
}

const within = (part: number, whole: number) => part >= 0.75 * whole && part <= 0.85 * whole;
const NAMES: Record<Reading, string> = { recommended: 'worth it by the limits, recommended', listed: 'worth it by the limits, called profitable', anyProfit: 'any profit, called profitable' };
const percent = (part: number, whole: number) => (whole === 0 ? Number.NaN : (100 * part) / whole);
const top = (counts: Map<string, number>) => [...counts].sort((a, b) => b[1] - a[1]).slice(0, 12).map(([k, n]) => `${n} ${k}`).join('; ');

/** Offers of each shop whose products were met before: one in so many, none of those that are looked at. */
const wasMet = (number: number) => (FIRST_PRODUCT_ID + number) % 4 === 1;

/**
 * As in life, where the desk has met products before today: those of other offers, by the codes that their pages print. From their histories it learns how the year goes, by its own job, before it judges.
 */
async function learnSeasonsOf({ world, opportunities, sources }: FoundDesk): Promise<void> {
  const { signal } = new AbortController();
  const met = [...sources.keys()].flatMap((outletId) => {
    const outlet = world.shops.outlets.find((o) => o.id === outletId)!;
    return offersOf(world, outlet, wasMet).flatMap((offer) => normaliseOffer(offer, termsOf(outlet)).gtin ?? []);
  });
  await enrichProducts(opportunities.catalog, [...new Set(met)], signal);
  await learnSeasonsJob(opportunities).run({}, { jobId: 'season', attempt: 1, signal, progress: () => undefined });
}

/** As in life: what was learned so far decides what is bought next, and all that was sold so far teaches. */
async function learnInOtherWorlds(): Promise<LearnedCorrection[]> {
  const known: Outcomes[] = [];
  let learned: LearnedCorrection[] = [];
  for (const seed of LEARNING_SEEDS) {
    const desk = await openFoundDesk(seed);
    await teach(desk, learned);
    await learnSeasonsOf(desk);
    await scanAll(desk, LEARN_EVERY);
    known.push((await outcomesIn(desk)).outcomes);
    learned = learnCalibration({ sales: known.flatMap((w) => w.sales), exposures: known.flatMap((w) => w.exposures), returns: known.flatMap((w) => w.returns), counted: known.flatMap((w) => w.counted) });
    await desk.close();
  }
  return learned;
}

export async function run(): Promise<BenchRow[]> {
  const started = performance.now();
  const learned = process.env['RESALE_BENCH_COLD'] ? [] : await learnInOtherWorlds();
  for (const one of learned) process.stderr.write(`learned ${one.category}: price ${one.priceBp} fees ${one.feesBp} demand ${one.demandBp} of ${one.items} sales (${one.measured.soldUnits} against ${one.measured.expectedUnits}); returns ${one.returnsBp} recovery ${one.recoveryBp} fees kept ${one.feesKeptBp} channel ${one.channelBp} (${one.measured.returns?.returnedUnits} against ${one.measured.returns?.expectedUnits})\n`);
  const tallies = Object.fromEntries(READINGS.map((reading) => [reading, emptyTally()])) as Record<Reading, ReturnType<typeof emptyTally>>;
  const coverage: Coverage = { sales: 0, price: 0, profit: 0 };
  const differences: Differences = new Map();
  for (const seed of SEEDS) {
    const t0 = performance.now();
    const desk = await openFoundDesk(seed);
    await teach(desk, learned);
    await learnSeasonsOf(desk);
    const t1 = performance.now();
    await scanAll(desk);
    const t2 = performance.now();
    await judgeShown(desk, tallies);
    await compareInputs(desk, differences);
    const own = (await outcomesIn(desk)).coverage;
    for (const key of ['sales', 'price', 'profit'] as const) coverage[key] += own[key];
    const t3 = performance.now();
    await desk.close();
    process.stderr.write(`seed ${seed}: ${READINGS.map((r) => `${r} ${tallies[r].found} of ${tallies[r].profitable}, losing ${tallies[r].losing} of ${tallies[r].shown}`).join('; ')} (so far); ${[t1 - t0, t2 - t1, t3 - t2].map((t) => (t / 1_000).toFixed(1)).join(' + ')} s\n`);
  }
  for (const line of inputLines(differences)) process.stderr.write(`estimate over truth, ${line}\n`);
  for (const reading of READINGS) process.stderr.write(`${reading}: missed: ${top(tallies[reading].missed)}\n  losing: ${top(tallies[reading].lossCauses)}\n`);
  const seconds = (performance.now() - started) / 1_000;
  return [
    ...READINGS.flatMap((reading) => {
      const tally = tallies[reading];
      const found = percent(tally.found, tally.profitable);
      const losing = percent(tally.losing, tally.shown);
      return [
        benchRow({ name: `${NAMES[reading]}: found`, value: found, unit: '%', floorName: 'of', floorValue: tally.profitable, target: `≥ ${LEAST_FOUND * 100} %`, ok: found >= LEAST_FOUND * 100 }),
        ...(reading === 'listed' ? [benchRow({ name: `${NAMES[reading]}: found of those that their page names`, value: percent(tally.namedFound, tally.named), unit: '%', floorName: 'of', floorValue: tally.named, target: 'told beside it', ok: true })] : []),
        benchRow({ name: `${NAMES[reading]}: shown and losing`, value: losing, unit: '%', floorName: 'of', floorValue: tally.shown, target: `≤ ${MOST_LOSING * 100} %`, ok: losing <= MOST_LOSING * 100 }),
      ];
    }),
    benchRow({ name: '80 % interval of the sale price holds', value: percent(coverage.price, coverage.sales), unit: '%', floorName: 'sales', floorValue: coverage.sales, target: '75 to 85 %', ok: within(coverage.price, coverage.sales) }),
    benchRow({ name: '80 % interval of the profit holds', value: percent(coverage.profit, coverage.sales), unit: '%', floorName: 'sales', floorValue: coverage.sales, target: '75 to 85 %', ok: within(coverage.profit, coverage.sales) }),
    benchRow({ name: 'time', value: seconds, unit: 's', floorName: 'limit', floorValue: LONGEST_S, target: `below ${LONGEST_S} s`, ok: seconds < LONGEST_S }),
  ];
}
