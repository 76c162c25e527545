/** The capital plan beside buying by return on investment, on drawn scenarios whose outcomes are then played out. */
import { planCapital, type CapitalOpportunity, type CapitalTerms } from '#engine/pricing/plan-capital.ts';
import { seededRandom, type Random } from '#kernel/random.ts';
import { benchRow, quantile, type BenchRow } from './row.ts';

const TERMS: CapitalTerms = { cashMinor: 500_000, reserveMinor: 50_000, horizonDays: 60, earningPerDayCentiBp: 2_000, mostPerPurchaseMinor: 150_000, mostPerSellerMinor: 200_000, mostPerCategoryMinor: 250_000, riskAversion: 1, categoryCorrelation: 0.3, marketCorrelation: 0.1 };

function drawOffers(random: Random): CapitalOpportunity[] {
  return Array.from({ length: 40 }, (_, i) => {
    const unitCostMinor = 300 + random.int(12_000);
    const roi = 0.08 + 0.6 * random.next() ** 2;
    return {
      id: `o${i}`, unitCostMinor, fixedCostMinor: random.next() < 0.4 ? 500 + random.int(3_000) : 0, available: 1 + random.int(120),
      profitMeanMinor: Math.round(unitCostMinor * roi), profitSdMinor: Math.round(unitCostMinor * (0.05 + 0.35 * random.next())),
      unitsPerDay: 0.05 + 2 * random.next() ** 3, demandSigma: 0.2 + 0.5 * random.next(), decayPerDayMinor: unitCostMinor * 0.001 * random.next(),
      daysToShelf: 2 + random.int(18), payoutDelayDays: 2 + random.int(14), clearanceLossBp: 1_500 + random.int(4_000), category: `c${random.int(6)}`, seller: `s${random.int(12)}`,
    };
  });
}

type Units = readonly number[];

/** Buys what returns most for its cost, as many as limits allow; `demand` keeps it to what is expected to sell in time. */
export function greedyByRoi(offers: readonly CapitalOpportunity[], terms: CapitalTerms, capAtDemand: boolean): Units {
  const units = offers.map(() => 0);
  let left = terms.cashMinor - terms.reserveMinor;
  const seller = new Map<string, number>();
  const category = new Map<string, number>();
  const order = offers.map((_, i) => i).sort((a, b) => offers[b]!.profitMeanMinor / offers[b]!.unitCostMinor - offers[a]!.profitMeanMinor / offers[a]!.unitCostMinor);
  for (const i of order) {
    const o = offers[i]!;
    const most = Math.min(left, terms.mostPerPurchaseMinor ?? left, (terms.mostPerSellerMinor ?? left) - (seller.get(o.seller) ?? 0), (terms.mostPerCategoryMinor ?? left) - (category.get(o.category) ?? 0));
    const demand = capAtDemand ? Math.floor(o.unitsPerDay * (terms.horizonDays - o.daysToShelf)) : o.available;
    const n = Math.max(0, Math.min(o.available, demand, Math.floor((most - o.fixedCostMinor) / o.unitCostMinor)));
    if (n === 0 || n * o.profitMeanMinor <= o.fixedCostMinor) continue;
    const cost = n * o.unitCostMinor + o.fixedCostMinor;
    units[i] = n;
    left -= cost;
    seller.set(o.seller, (seller.get(o.seller) ?? 0) + cost);
    category.set(o.category, (category.get(o.category) ?? 0) + cost);
  }
  return units;
}

/** Profit at the horizon in one drawn future; money that is back early, or never spent, earns the going rate. The draws do not depend on the plan. */
export function playOut(offers: readonly CapitalOpportunity[], units: Units, { terms, seed }: { terms: CapitalTerms; seed: string }): number {
  const shared = seededRandom(seed);
  const market = shared.normal();
  const luck = new Map<string, number>();
  for (let c = 0; c < 6; c++) luck.set(`c${c}`, shared.normal());
  const rate = terms.earningPerDayCentiBp / 1_000_000;
  let profit = 0;
  let spent = 0;
  offers.forEach((o, i) => {
    const own = seededRandom(`${seed}:${o.id}`);
    const rest = Math.sqrt(Math.max(0, 1 - terms.categoryCorrelation - terms.marketCorrelation));
    const z = Math.sqrt(terms.marketCorrelation) * market + Math.sqrt(terms.categoryCorrelation) * luck.get(o.category)! + rest * own.normal();
    const perDay = o.unitsPerDay * Math.exp(o.demandSigma * own.normal() - o.demandSigma ** 2 / 2);
    let day = o.daysToShelf;
    if (units[i]! > 0) {
      profit -= o.fixedCostMinor;
      spent += o.fixedCostMinor;
    }
    for (let n = 0; n < units[i]!; n++) {
      day += -Math.log(1 - own.next()) / perDay;
      spent += o.unitCostMinor;
      const waited = Math.min(day, terms.horizonDays) - o.daysToShelf;
      if (day <= terms.horizonDays) {
        profit += o.profitMeanMinor + o.profitSdMinor * z - o.decayPerDayMinor * waited;
        profit += o.unitCostMinor * rate * Math.max(0, terms.horizonDays - day - o.payoutDelayDays);
      } else profit -= (o.unitCostMinor * o.clearanceLossBp) / 10_000 + o.decayPerDayMinor * waited;
    }
  });
  return profit + (terms.cashMinor - terms.reserveMinor - spent) * rate * terms.horizonDays;
}

export interface CapitalFigures { readonly mean: number; readonly p10: number; readonly meanCapped: number; readonly wins: number; readonly ms: number }

const of = (list: number[]) => ({ mean: list.reduce((a, b) => a + b, 0) / list.length, p10: quantile(list, 0.1) });

/** Ratios of our plan to greedy by ROI: mean profit, bad tenth, and mean beside the greedy that knows demand. */
export function compareCapital(seeds: number, draws = 200): CapitalFigures & { readonly totals: Readonly<Record<'ours' | 'greedy' | 'capped', { mean: number; p10: number }>> } {
  const outcomes = { ours: [] as number[], greedy: [] as number[], capped: [] as number[] };
  let [wins, ms] = [0, 0];
  for (let seed = 0; seed < seeds; seed++) {
    const offers = drawOffers(seededRandom(`capital:${seed}`));
    const started = performance.now();
    const plan = planCapital(offers, TERMS);
    ms += performance.now() - started;
    const plans = { ours: plan.lines.map((line) => line.units), greedy: greedyByRoi(offers, TERMS, false), capped: greedyByRoi(offers, TERMS, true) };
    const sums = { ours: 0, greedy: 0, capped: 0 };
    for (const name of ['ours', 'greedy', 'capped'] as const) {
      for (let d = 0; d < draws; d++) {
        const result = playOut(offers, plans[name], { terms: TERMS, seed: `${seed}:${d}` });
        outcomes[name].push(result);
        sums[name] += result;
      }
    }
    if (sums.ours > Math.max(sums.greedy, sums.capped)) wins += 1;
  }
  const totals = { ours: of(outcomes.ours), greedy: of(outcomes.greedy), capped: of(outcomes.capped) };
  return { mean: totals.ours.mean / totals.greedy.mean, p10: totals.ours.p10 / totals.greedy.p10, meanCapped: totals.ours.mean / totals.capped.mean, wins, ms: ms / seeds, totals };
}

const SEEDS = 20;

/** The scenarios of the plan's own model, then the practice worlds, whose outcomes owe nothing to it. */
export async function run(): Promise<BenchRow[]> {
  const inWorlds = await import('./capital-world.ts');
  return [...inScenarios(), ...(await inWorlds.run())];
}

const row = (name: string, value: number, floorName: string, floorValue: number) => benchRow({ name, value: value / 100, unit: 'major units', floorName, floorValue: floorValue / 100, target: 'above', ok: value > floorValue });

function inScenarios(): BenchRow[] {
  const { totals, wins, ms } = compareCapital(SEEDS);
  return [
    row('capital plan: mean profit', totals.ours.mean, 'greedy by ROI', totals.greedy.mean),
    row('capital plan: mean profit', totals.ours.mean, 'greedy by ROI within demand', totals.capped.mean),
    row('capital plan: worst tenth', totals.ours.p10, 'greedy by ROI', totals.greedy.p10),
    row('capital plan: worst tenth', totals.ours.p10, 'greedy by ROI within demand', totals.capped.p10),
    benchRow({ name: `capital plan: scenarios of ${SEEDS} won`, value: wins, unit: 'scenarios', floorName: 'all', floorValue: SEEDS, target: `at least ${SEEDS - 2}`, ok: wins >= SEEDS - 2 }),
    benchRow({ name: 'capital plan: 40 opportunities', value: ms, unit: 'ms', floorName: 'a frame', floorValue: 16, target: 'under 200 ms', ok: ms < 200 }),
  ];
}
