import { seededRandom, type Random } from '#kernel/random.ts';
import { DAY_MS, type Instant } from '#kernel/time.ts';
import { PROFILES, profileOf } from './categories.ts';
import type { GeneratedCatalog } from './create-catalog.ts';
import { uniform } from './hash.ts';
import { planProduct, trendOn, type ProductPlan } from './plan-product.ts';
import type { CategoryId, ProductId } from './types.ts';

/** Days of history kept before the start. */
export const HISTORY_DAYS = 400;
/** Share of yesterday's category shock that is left today. */
const SHOCK_MEMORY = 0.985;
/** Log price moves with the log of the season's demand, this much. */
const SEASON_ON_PRICE = 0.05;
/** From Sunday. */
const WEEKDAY = [1.06, 1.02, 0.98, 0.96, 0.97, 0.98, 1.03];
const DAYS_IN_MONTH = 30.4;

interface Path {
  /** Market price by day, cents. */
  price: Int32Array;
  /** Log deviation from trend by day, in ten-thousandths. */
  deviation: Int16Array;
  days: number;
  readonly random: Random;
  current: number;
  shown: number;
}

interface Gaps {
  /** Flat pairs: first day, last day. */
  readonly spans: number[];
  until: number;
  readonly random: Random;
}

interface Shock {
  readonly price: number[];
  readonly demand: number[];
  readonly random: Random;
}

/**
 * The hidden process: prices by day (mean reversion, jumps, trends, regimes, category shocks), demand, and competition. Days count from
 * `HISTORY_DAYS` before the start. Paths grow as they are asked for, and each day's value never depends on when that was.
 */
export class MarketProcess {
  readonly seed: number;
  readonly firstDay: Instant;
  readonly #generated: GeneratedCatalog;
  readonly #plans: (ProductPlan | undefined)[] = [];
  readonly #paths: (Path | undefined)[] = [];
  readonly #gaps: (Gaps | undefined)[] = [];
  readonly #shocks = new Map<CategoryId, Shock>();
  readonly #seasons = new Map<CategoryId, { readonly demand: number[]; readonly logPrice: number[] }>();

  constructor(seed: number, startAt: Instant, generated: GeneratedCatalog) {
    this.seed = seed;
    this.firstDay = startAt - HISTORY_DAYS * DAY_MS;
    this.#generated = generated;
    for (const { id } of PROFILES) this.#shocks.set(id, { price: [], demand: [], random: seededRandom(`${seed}:shock:${id}`) });
  }

  dayOf(at: Instant): number {
    return Math.floor((at - this.firstDay) / DAY_MS);
  }

  startOf(day: number): Instant {
    return this.firstDay + day * DAY_MS;
  }

  plan(id: ProductId): ProductPlan {
    return (this.#plans[id] ??= planProduct(this.seed, this.#generated.products[id]!, this.#generated.hidden[id]!.monthlyUnits));
  }

  #shock(category: CategoryId, day: number): Shock {
    const shock = this.#shocks.get(category)!;
    while (shock.price.length <= day) {
      const n = shock.price.length;
      // Now and then a whole category is hit: a glut, a shortage.
      const hit = shock.random.next() < 0.006 ? 0.12 * shock.random.normal() : 0;
      shock.price.push((shock.price[n - 1] ?? 0) * SHOCK_MEMORY + 0.004 * shock.random.normal() + hit);
      shock.demand.push((shock.demand[n - 1] ?? 0) * SHOCK_MEMORY + 0.018 * shock.random.normal() - hit);
    }
    return shock;
  }

  #seasonTable(category: CategoryId, day: number): { readonly demand: number[]; readonly logPrice: number[] } {
    let table = this.#seasons.get(category);
    if (!table) this.#seasons.set(category, (table = { demand: [], logPrice: [] }));
    const { season } = profileOf(category);
    while (table.demand.length <= day) {
      const at = this.startOf(table.demand.length);
      const dayOfYear = Math.floor((at - Date.UTC(new Date(at).getUTCFullYear(), 0, 1)) / DAY_MS);
      const month = (dayOfYear / 366) * 12 - 0.5;
      const left = Math.floor(month);
      const share = month - left;
      const demand = season[(left + 12) % 12]! * (1 - share) + season[(left + 13) % 12]! * share;
      table.demand.push(demand);
      table.logPrice.push(SEASON_ON_PRICE * Math.log(demand));
    }
    return table;
  }

  /** Demand by the time of year, 1 on average; months are joined by straight lines. */
  season(category: CategoryId, day: number): number {
    return this.#seasonTable(category, day).demand[day]!;
  }

  #seasonPrice(category: CategoryId, day: number): number {
    return this.#seasonTable(category, day).logPrice[day]!;
  }

  #path(id: ProductId, day: number): Path {
    let path = this.#paths[id];
    if (!path) {
      path = { price: new Int32Array(HISTORY_DAYS + 40), deviation: new Int16Array(HISTORY_DAYS + 40), days: 0, random: seededRandom(`${this.seed}:path:${id}`), current: 0, shown: 0 };
      path.current = 0.05 * path.random.normal();
      this.#paths[id] = path;
    }
    if (path.days <= day) this.#extend(id, path, day);
    return path;
  }

  #extend(id: ProductId, path: Path, day: number): void {
    if (day >= path.price.length) {
      const length = day + 60;
      const price = new Int32Array(length);
      const deviation = new Int16Array(length);
      price.set(path.price);
      deviation.set(path.deviation);
      path.price = price;
      path.deviation = deviation;
    }
    const plan = this.plan(id);
    const { category } = this.#generated.products[id]!;
    const logLevel = Math.log(Math.max(1, this.#generated.hidden[id]!.levelMinor));
    const { random } = path;
    for (let d = path.days; d <= day; d++) {
      path.current = path.current * plan.memory + plan.volatility * random.normal();
      const u = random.next();
      if (u < plan.jumpRate) path.current += (u < plan.jumpRate * 0.6 ? -1 : 1) * (0.06 + 0.24 * random.next());
      path.current = Math.min(1.2, Math.max(-1.2, path.current));
      const target = Math.exp(logLevel + path.current + trendOn(plan.trend, d) + plan.beta * this.#shock(category, d).price[d]! + this.#seasonPrice(category, d));
      // Sellers move when it matters, so a price stands for days.
      if (Math.abs(target - path.shown) > 0.013 * path.shown) path.shown = Math.max(99, Math.round(target));
      path.price[d] = path.shown;
      path.deviation[d] = Math.round(path.current * 10_000);
    }
    path.days = day + 1;
  }

  /** Lowest new price on the market on a day, cents, also where nobody has stock. */
  price(id: ProductId, day: number): number {
    return this.#path(id, day).price[Math.max(0, day)]!;
  }

  /** The price to expect on `day` by one who knows the process up to `knownDay`: no jump, shock or change of regime after it. */
  expectedPrice(id: ProductId, knownDay: number, day: number): number {
    const plan = this.plan(id);
    const { category } = this.#generated.products[id]!;
    const ahead = Math.max(0, day - knownDay);
    const deviation = (this.#path(id, knownDay).deviation[knownDay]! / 10_000) * Math.exp(ahead * Math.log(plan.memory));
    const shock = plan.beta * this.#shock(category, knownDay).price[knownDay]! * Math.exp(ahead * Math.log(SHOCK_MEMORY));
    return this.#generated.hidden[id]!.levelMinor * Math.exp(deviation + shock + trendOn(plan.trend, day, knownDay) + this.#seasonPrice(category, day));
  }

  /** eBay's going price as a multiple of the market price. */
  ebayRatio(id: ProductId, day: number): number {
    return this.plan(id).ebayRatio * (this.inGap(id, day) ? 1.07 : 1) * (0.985 + 0.03 * uniform(this.plan(id).salt, day >> 3, 5));
  }

  ebayPrice(id: ProductId, day: number): number {
    return Math.round(this.price(id, day) * this.ebayRatio(id, day));
  }

  /** True when no seller on Amazon has it new. */
  inGap(id: ProductId, day: number): boolean {
    const gaps = (this.#gaps[id] ??= { spans: [], until: 0, random: seededRandom(`${this.seed}:gaps:${id}`) });
    const { gapEvery } = this.plan(id);
    while (gaps.until <= day) {
      const first = gaps.until + 1 + Math.floor(-Math.log(1 - gaps.random.next()) * gapEvery);
      const last = first + 1 + gaps.random.int(16);
      gaps.spans.push(first, last);
      gaps.until = last + 1;
    }
    for (let i = gaps.spans.length - 2; i >= 0; i -= 2) if (day >= gaps.spans[i]!) return day <= gaps.spans[i + 1]!;
    return false;
  }

  /** How far a rise or collapse has run, 0 to 1. */
  #progress(plan: ProductPlan, day: number): number {
    return plan.trend.limit === 0 ? 0 : trendOn(plan.trend, day) / plan.trend.limit;
  }

  /** Sellers wave slowly about their usual number; a collapse draws a crowd, a rise thins them. */
  #crowd(plan: ProductPlan, usual: number, day: number): number {
    const block = Math.floor(day / 6);
    const share = (day % 6) / 6;
    const wave = 0.7 + 0.6 * (uniform(plan.salt, block, 11) * (1 - share) + uniform(plan.salt, block + 1, 11) * share);
    const pull = plan.trend.kind === 'collapsing' ? 1 + 1.4 * this.#progress(plan, day) : plan.trend.kind === 'rising' ? 1 - 0.5 * this.#progress(plan, day) : 1;
    return Math.round(usual * wave * pull);
  }

  sellers(id: ProductId, day: number): number {
    const plan = this.plan(id);
    return this.inGap(id, day) ? 0 : Math.max(1, this.#crowd(plan, plan.sellers, day));
  }

  ebaySellers(id: ProductId, day: number): number {
    const plan = this.plan(id);
    return this.#crowd(plan, plan.ebaySellers, day);
  }

  /** Demand of a day relative to the usual: season, weekday, shocks, fashion; without price. */
  #mood(id: ProductId, day: number): number {
    const plan = this.plan(id);
    const { category } = this.#generated.products[id]!;
    const fashion = plan.trend.kind === 'rising' ? 0.5 : plan.trend.kind === 'collapsing' ? -0.45 : 0;
    return this.season(category, day) * WEEKDAY[(Math.floor(this.firstDay / DAY_MS) + day + 4) % 7]! * Math.exp(this.#shock(category, day).demand[day]! + fashion * this.#progress(plan, day));
  }

  #priceEffect(id: ProductId, price: number): number {
    const ratio = price / this.#generated.hidden[id]!.levelMinor;
    return Math.exp(-this.plan(id).elasticity * Math.log(ratio));
  }

  /** Units that Amazon's buyers take on a day from all sellers together. */
  amazonUnits(id: ProductId, day: number): number {
    if (this.inGap(id, day)) return 0;
    return (this.#generated.hidden[id]!.monthlyUnits / DAYS_IN_MONTH) * this.#mood(id, day) * this.#priceEffect(id, this.price(id, day));
  }

  /** The same on eBay, at its going price; buyers come over while Amazon has none. `expected` replaces the market price for forecasts. */
  ebayUnits(id: ProductId, day: number, expected?: number): number {
    const { monthlyUnits, ebayShare } = this.#generated.hidden[id]!;
    return ((monthlyUnits * ebayShare) / DAYS_IN_MONTH) * this.#mood(id, day) * this.#priceEffect(id, expected ?? this.price(id, day)) * (this.inGap(id, day) ? 1.5 : 1);
  }
}
