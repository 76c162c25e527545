/**
 * Which opportunities to take with the cash at hand, and how many units of each: the most expected profit after what locked money would have earned and after a charge for risk that is
 * shared, within every limit. Pure; the same input gives the same plan. Amounts are minor units of one currency.
 */

export interface CapitalOpportunity {
  readonly id: string;
  /** Landed, above 0. */
  readonly unitCostMinor: number;
  /** Paid once when anything of it is bought (freight, customs clearance). */
  readonly fixedCostMinor: number;
  /** Units on offer. */
  readonly available: number;
  /** Mean profit of a unit that sells at the usual pace. */
  readonly profitMeanMinor: number;
  /** Spread of that profit, shared by all units of the opportunity: the estimate may be wrong for each of them alike. */
  readonly profitSdMinor: number;
  /** Units a day that this seller can expect to sell, and the log standard deviation of that guess. */
  readonly unitsPerDay: number;
  readonly demandSigma: number;
  /** Profit lost for each day that a unit waits (storage, falling price). */
  readonly decayPerDayMinor: number;
  readonly daysToShelf: number;
  readonly payoutDelayDays: number;
  /** Of the cost, what is lost when a unit has to be cleared at the horizon, basis points. */
  readonly clearanceLossBp: number;
  /** What shares its luck: a category. Also the key of `mostPerCategoryMinor`. */
  readonly category: string;
  readonly seller: string;
  /** Units of the same product on hand or under way: they sell first. */
  readonly ahead?: number | undefined;
}

export interface CapitalTerms {
  readonly cashMinor: number;
  /** Stays untouched. */
  readonly reserveMinor: number;
  readonly horizonDays: number;
  /** What free money earns elsewhere in a day, hundredths of a basis point (own history); 0 when unknown. */
  readonly earningPerDayCentiBp: number;
  readonly mostPerPurchaseMinor: number | null;
  readonly mostPerSellerMinor: number | null;
  readonly mostPerCategoryMinor: number | null;
  /** 0 looks at the mean alone; 1 charges half of the variance over the cash; more is more careful. */
  readonly riskAversion: number;
  /** Shares of an opportunity's variance that its category and the whole market carry. Together at most 1. */
  readonly categoryCorrelation: number;
  readonly marketCorrelation: number;
}

export type StopReason = 'available' | 'cash' | 'purchase-limit' | 'seller-limit' | 'category-limit' | 'demand' | 'risk' | 'locked-money';

/** One opportunity in the plan; `units` 0 when it is left. */
export interface PlanLine {
  readonly id: string;
  readonly units: number;
  readonly costMinor: number;
  readonly expectedProfitMinor: number;
  /** The last unit taken; null when none is. */
  readonly last: UnitValue | null;
  /** The first unit not taken: what it would have been worth; null when none is left. */
  readonly next: UnitValue | null;
  readonly stoppedBy: StopReason;
}

/** Why a unit is or is not worth its money. `valueMinor` = profit − locked money − risk. */
export interface UnitValue {
  readonly expectedProfitMinor: number;
  readonly lockedMoneyMinor: number;
  readonly riskMinor: number;
  readonly valueMinor: number;
  readonly chanceSoldBp: number;
  /** Until its money is back. */
  readonly days: number;
}

export interface CapitalPlan {
  readonly lines: readonly PlanLine[];
  readonly spentMinor: number;
  readonly expectedProfitMinor: number;
  /** Standard deviation of the plan's profit from the shared risks. */
  readonly riskMinor: number;
}

/** Standard normal distribution function (Abramowitz and Stegun 26.2.17, error below 1e-7). */
function normalBelow(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return z > 0 ? 1 - tail : tail;
}

/** Chance that the n-th unit sells in so many days: Poisson sales whose rate is only known to a log standard deviation. */
function chanceSold(o: CapitalOpportunity, unit: number, days: number): number {
  const mean = o.unitsPerDay * Math.max(0, days);
  if (mean <= 0) return 0;
  const sd = Math.sqrt(mean + (mean * o.demandSigma) ** 2);
  return normalBelow((mean - unit + 0.5) / sd);
}

interface Unit { readonly profit: number; readonly locked: number; readonly chance: number; readonly days: number }

/** The n-th unit by itself, before shared risk. */
function unitOf(o: CapitalOpportunity, unit: number, terms: CapitalTerms): Unit {
  const selling = terms.horizonDays - o.daysToShelf;
  const place = unit + (o.ahead ?? 0);
  const chance = chanceSold(o, place, selling);
  const wait = Math.min(Math.max(0, selling), place / Math.max(1e-9, o.unitsPerDay));
  const profit = chance * (o.profitMeanMinor - o.decayPerDayMinor * wait) - (1 - chance) * ((o.unitCostMinor * o.clearanceLossBp) / 10_000 + o.decayPerDayMinor * Math.max(0, selling));
  const days = Math.min(terms.horizonDays, o.daysToShelf + wait + o.payoutDelayDays);
  return { profit, locked: (o.unitCostMinor * days * terms.earningPerDayCentiBp) / 1_000_000, chance, days };
}

/** Units, spending and shared risk as they grow. */
class Allocation {
  readonly units: number[];
  spent = 0;
  readonly #seller = new Map<string, number>();
  readonly #category = new Map<string, number>();
  readonly #categoryRisk = new Map<string, number>();
  #marketRisk = 0;
  readonly #cache: Unit[][];
  readonly offers: readonly CapitalOpportunity[];
  readonly terms: CapitalTerms;
  constructor(offers: readonly CapitalOpportunity[], terms: CapitalTerms) {
    this.offers = offers;
    this.terms = terms;
    this.units = offers.map(() => 0);
    this.#cache = offers.map(() => []);
  }

  unit(i: number, n: number): Unit {
    return (this.#cache[i]![n] ??= unitOf(this.offers[i]!, n, this.terms));
  }

  /** What `count` more units cost now, the fixed part included with the first; negative counts give it back. */
  costOf(i: number, count: number): number {
    const o = this.offers[i]!;
    const before = this.units[i]!;
    return count * o.unitCostMinor + (before === 0 && count > 0 ? o.fixedCostMinor : 0) - (before > 0 && before + count === 0 ? o.fixedCostMinor : 0);
  }

  /** Change of the risk charge by `count` more units. */
  riskOf(i: number, count: number): number {
    const { riskAversion, categoryCorrelation, marketCorrelation, cashMinor } = this.terms;
    const o = this.offers[i]!;
    const sd = o.profitSdMinor;
    const change = (size: number) => (size + sd * count) ** 2 - size ** 2;
    const own = Math.max(0, 1 - categoryCorrelation - marketCorrelation) * change(sd * this.units[i]!);
    const variance = own + categoryCorrelation * change(this.#categoryRisk.get(o.category) ?? 0) + marketCorrelation * change(this.#marketRisk);
    return (riskAversion * variance) / (2 * Math.max(1, cashMinor));
  }

  /** Change of the whole plan's worth by `count` more (or fewer) units. */
  valueOf(i: number, count: number): number {
    const from = this.units[i]!;
    let value = 0;
    for (let n = from + 1; n <= from + count; n++) value += this.unit(i, n).profit - this.unit(i, n).locked;
    for (let n = from; n > from + count; n--) value -= this.unit(i, n).profit - this.unit(i, n).locked;
    return value - (this.costOf(i, count) - count * this.offers[i]!.unitCostMinor) - this.riskOf(i, count);
  }

  /** What forbids so many more units, or null. */
  blockOf(i: number, count: number): StopReason | null {
    const o = this.offers[i]!;
    const t = this.terms;
    const cost = this.costOf(i, count);
    const own = this.units[i]! * o.unitCostMinor + (this.units[i]! > 0 ? o.fixedCostMinor : 0);
    if (this.units[i]! + count > o.available) return 'available';
    if (this.spent + cost > t.cashMinor - t.reserveMinor) return 'cash';
    if (t.mostPerPurchaseMinor !== null && own + cost > t.mostPerPurchaseMinor) return 'purchase-limit';
    if (t.mostPerSellerMinor !== null && (this.#seller.get(o.seller) ?? 0) + cost > t.mostPerSellerMinor) return 'seller-limit';
    return t.mostPerCategoryMinor !== null && (this.#category.get(o.category) ?? 0) + cost > t.mostPerCategoryMinor ? 'category-limit' : null;
  }

  add(i: number, count: number): void {
    const o = this.offers[i]!;
    const cost = this.costOf(i, count);
    this.spent += cost;
    this.#seller.set(o.seller, (this.#seller.get(o.seller) ?? 0) + cost);
    this.#category.set(o.category, (this.#category.get(o.category) ?? 0) + cost);
    this.#categoryRisk.set(o.category, (this.#categoryRisk.get(o.category) ?? 0) + o.profitSdMinor * count);
    this.#marketRisk += o.profitSdMinor * count;
    this.units[i]! += count;
  }

  /** Standard deviation of the profit. */
  risk(): number {
    const { categoryCorrelation: c, marketCorrelation: m } = this.terms;
    let variance = m * this.#marketRisk ** 2;
    for (const size of this.#categoryRisk.values()) variance += c * size ** 2;
    this.offers.forEach((o, i) => (variance += Math.max(0, 1 - c - m) * (o.profitSdMinor * this.units[i]!) ** 2));
    return Math.sqrt(variance);
  }
}

/** A first purchase may need several units to pay its fixed cost; later ones go one by one. */
const FIRST_BLOCKS = [1, 2, 3, 5, 8, 12, 20, 35, 60, 100];

function bestStep(plan: Allocation): { i: number; count: number } | null {
  let best: { i: number; count: number } | null = null;
  let bestRate = 0;
  plan.offers.forEach((o, i) => {
    for (const count of plan.units[i] === 0 && o.fixedCostMinor > 0 ? FIRST_BLOCKS : [1]) {
      if (plan.blockOf(i, count) !== null) break;
      const rate = plan.valueOf(i, count) / plan.costOf(i, count);
      if (rate > bestRate + 1e-12) {
        bestRate = rate;
        best = { i, count };
      }
    }
  });
  return best;
}

function fill(plan: Allocation): void {
  for (let step = bestStep(plan); step !== null; step = bestStep(plan)) plan.add(step.i, step.count);
}

/** Units are whole, so filling by rate leaves room: gives some back wherever what then fits is worth more. @returns whether anything got better */
function improve(plan: Allocation): boolean {
  let better = false;
  for (let i = 0; i < plan.offers.length; i++) {
    for (const share of [1, 2, 4, Number.POSITIVE_INFINITY]) {
      const back = Math.min(plan.units[i]!, share);
      if (back === 0) continue;
      const before = [...plan.units];
      let change = plan.valueOf(i, -back);
      plan.add(i, -back);
      for (let tries = 0; tries < 12; tries++) {
        const step = bestOther(plan, i);
        if (step === null) break;
        change += plan.valueOf(step.i, step.count);
        plan.add(step.i, step.count);
      }
      if (change > 1e-6) better = true;
      else before.forEach((units, j) => units !== plan.units[j] && plan.add(j, units - plan.units[j]!));
    }
  }
  return better;
}

/** The step with the most value in all (not by cost): for small remainders of cash. */
function bestOther(plan: Allocation, except: number): { i: number; count: number } | null {
  let best: { i: number; count: number } | null = null;
  let most = 1e-9;
  plan.offers.forEach((o, i) => {
    if (i === except) return;
    for (const count of plan.units[i] === 0 && o.fixedCostMinor > 0 ? FIRST_BLOCKS : [1, 2, 4]) {
      if (plan.blockOf(i, count) !== null) break;
      const value = plan.valueOf(i, count);
      if (value > most) {
        most = value;
        best = { i, count };
      }
    }
  });
  return best;
}

function describeUnit(plan: Allocation, i: number, n: number): UnitValue {
  const { profit, locked, chance, days } = plan.unit(i, n);
  const risk = n > plan.units[i]! ? plan.riskOf(i, 1) : -plan.riskOf(i, -1);
  const rounded = [profit, locked, risk].map(Math.round) as [number, number, number];
  return { expectedProfitMinor: rounded[0], lockedMoneyMinor: rounded[1], riskMinor: rounded[2], valueMinor: rounded[0] - rounded[1] - rounded[2], chanceSoldBp: Math.round(chance * 10_000), days: Math.round(days * 10) / 10 };
}

function stopOf(plan: Allocation, i: number): StopReason {
  const block = plan.blockOf(i, 1);
  if (block !== null && (block !== 'cash' || plan.valueOf(i, 1) > 0)) return block;
  const next = plan.unit(i, plan.units[i]! + 1);
  if (next.profit <= 0) return 'demand';
  if (next.profit - next.locked <= 0) return 'locked-money';
  // Worth it alone, and not beside what is already planned; else the money does more elsewhere.
  return plan.valueOf(i, 1) <= 0 ? 'risk' : 'cash';
}

function lineOf(plan: Allocation, i: number): PlanLine {
  const o = plan.offers[i]!;
  const units = plan.units[i]!;
  let profit = units > 0 ? -o.fixedCostMinor : 0;
  for (let n = 1; n <= units; n++) profit += plan.unit(i, n).profit;
  return {
    id: o.id, units, costMinor: units * o.unitCostMinor + (units > 0 ? o.fixedCostMinor : 0), expectedProfitMinor: Math.round(profit),
    last: units > 0 ? describeUnit(plan, i, units) : null,
    next: units < o.available ? describeUnit(plan, i, units + 1) : null,
    stoppedBy: stopOf(plan, i),
  };
}

const whole = (n: number) => Number.isSafeInteger(n);

function check(offers: readonly CapitalOpportunity[], terms: CapitalTerms): void {
  for (const o of offers) if (!whole(o.unitCostMinor) || o.unitCostMinor <= 0 || !whole(o.fixedCostMinor) || o.fixedCostMinor < 0 || !whole(o.available)) throw new RangeError(`${o.id}: costs must be whole minor units, the unit's above 0`);
  if (!whole(terms.cashMinor) || !whole(terms.reserveMinor)) throw new RangeError('cash and reserve must be whole minor units');
  if (terms.categoryCorrelation < 0 || terms.marketCorrelation < 0 || terms.categoryCorrelation + terms.marketCorrelation > 1) throw new RangeError('correlations must be shares of the variance, together at most 1');
}

/** @throws RangeError on amounts that are not whole, or correlations that are no shares. */
export function planCapital(offers: readonly CapitalOpportunity[], terms: CapitalTerms): CapitalPlan {
  check(offers, terms);
  const plan = new Allocation(offers, terms);
  fill(plan);
  for (let round = 0; round < 3 && improve(plan); round++) fill(plan);
  const lines = offers.map((_, i) => lineOf(plan, i));
  return { lines, spentMinor: plan.spent, expectedProfitMinor: lines.reduce((sum, line) => sum + line.expectedProfitMinor, 0), riskMinor: Math.round(plan.risk()) };
}
