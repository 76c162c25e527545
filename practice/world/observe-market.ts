import { DAY_MS, HOUR_MS, type Instant } from '#kernel/time.ts';
import { profileOf } from './categories.ts';
import type { GeneratedCatalog } from './create-catalog.ts';
import { rivalShares } from './demand.ts';
import { mix, poissonAt, uniform } from './hash.ts';
import type { MarketProcess } from './simulate-market.ts';
import type { EbayCompetitor, EbaySold, HistoryPoint, Market, MarketOffer, Product, ProductId, SeriesName, Snapshot } from './types.ts';
import { SERIES } from './types.ts';
import { SELLER_TAILS, SELLER_WORDS } from './vocabulary.ts';

/** Rank drops that can be seen in a day: sales closer together show as one. */
const MOST_DROPS_PER_DAY = 3;
const SELLER_POOL = 500;
/** eBay listings of one product that are shown, and how much dearer each is than the one before, in shares of the cheapest. */
const MOST_ON_EBAY = 25;
const STEP_ON_EBAY = 0.04;

export function sellerName(index: number): string {
  return `${SELLER_WORDS[index % SELLER_WORDS.length]}-${SELLER_TAILS[(index >> 4) % SELLER_TAILS.length]}${index % 7 === 0 ? '' : `-${(index * 37) % 100}`}`;
}

/** An Amazon-like seller id: A and 13 letters or digits. */
export function sellerId(index: number): string {
  return `A${mix(index, 1, 9).toString(36)}${mix(index, 2, 9).toString(36)}`.toUpperCase().padEnd(14, '0').slice(0, 14);
}

interface ByKind {
  readonly amazon: number | null;
  readonly fba: number | null;
  readonly fbm: number | null;
}

/** What several series of one product are made of, by day. A vendor's answer goes through one product after the other. */
interface DayFacts {
  readonly id: ProductId;
  readonly byKind: ByKind[];
  readonly amazonUnits: number[];
  readonly monthlySold: (number | null)[];
}

/** What vendors may see of the process: series of prices, ranks and counts, and the offers behind them. */
class ObservedMarket implements Market {
  readonly #process: MarketProcess;
  readonly #generated: GeneratedCatalog;
  readonly #now: () => Instant;
  #days: DayFacts = { id: -1, byKind: [], amazonUnits: [], monthlySold: [] };

  constructor(process: MarketProcess, generated: GeneratedCatalog, now: () => Instant) {
    this.#process = process;
    this.#generated = generated;
    this.#now = now;
  }

  #product(id: ProductId): Product {
    const product = this.#generated.products[id];
    if (!product) throw new RangeError(`no product ${id}`);
    return product;
  }

  /** Each day's values stay the same, so that they are worked out once for all the series that one answer shows. */
  #daysOf(id: ProductId): DayFacts {
    if (this.#days.id !== id) this.#days = { id, byKind: [], amazonUnits: [], monthlySold: [] };
    return this.#days;
  }

  #amazonUnits(id: ProductId, day: number): number {
    return (this.#daysOf(id).amazonUnits[day] ??= this.#process.amazonUnits(id, day));
  }

  /** Offer prices of the three kinds of seller in a three-day block: one of them is the cheapest. */
  #byKind(product: Product, day: number): ByKind {
    return (this.#daysOf(product.id).byKind[day] ??= this.#offersOf(product, day));
  }

  #offersOf(product: Product, day: number): ByKind {
    if (this.#process.inGap(product.id, day)) return { amazon: null, fba: null, fbm: null };
    const plan = this.#process.plan(product.id);
    const block = Math.floor(day / 3);
    const price = this.#process.price(product.id, day);
    const count = this.#process.sellers(product.id, day);
    const amazon = plan.amazonSells && uniform(plan.salt, block >> 2, 21) > 0.12;
    const cheapest = Math.floor(uniform(plan.salt, block, 22) * (amazon ? 3 : 2));
    const above = (k: number) => Math.round(price * (1 + 0.005 + 0.06 * uniform(plan.salt, block, 23 + k)));
    return {
      fba: cheapest === 0 ? price : count > 1 ? above(0) : null,
      fbm: cheapest === 1 ? price : count > 2 ? above(1) : null,
      amazon: amazon ? (cheapest === 2 ? price : above(2)) : null,
    };
  }

  #onDay(product: Product, series: SeriesName, day: number): number | null {
    const process = this.#process;
    const { id } = product;
    if (product.kind === 'parent' || process.startOf(day) < product.releasedAt) return null;
    const plan = process.plan(id);
    switch (series) {
      case 'new': return process.inGap(id, day) ? null : process.price(id, day);
      case 'amazon': case 'fba': case 'fbm': return this.#byKind(product, day)[series];
      case 'buyBox': {
        const kinds = this.#byKind(product, day);
        return kinds.fba === null ? (kinds.amazon ?? kinds.fbm) : kinds.amazon === null ? kinds.fba : Math.min(kinds.fba, kinds.amazon);
      }
      case 'used': return plan.usedRatio === null || this.#usedCount(product, day) === 0 ? null : Math.round(process.price(id, day) * plan.usedRatio * (0.96 + 0.08 * uniform(plan.salt, day >> 2, 31)));
      case 'listPrice': return product.listPriceMinor;
      case 'countNew': return process.sellers(id, day);
      case 'countUsed': return this.#usedCount(product, day);
      case 'countFba': return Math.round(process.sellers(id, day) * 0.55);
      case 'countFbm': return process.sellers(id, day) - Math.round(process.sellers(id, day) * 0.55);
      case 'rating': return Math.min(50, plan.rating + Math.floor(uniform(plan.salt, Math.floor(day / 60), 32) * 2));
      case 'reviewCount': return this.#reviews(product, day);
      case 'ebayNew': return process.ebaySellers(id, day) === 0 ? null : process.ebayPrice(id, day);
      case 'ebayUsed': return plan.usedRatio === null ? null : Math.round(process.ebayPrice(id, day) * plan.usedRatio);
      case 'monthlySold': return this.#monthlySold(id, day);
      case 'salesRank': return null;
    }
  }

  #usedCount(product: Product, day: number): number {
    const plan = this.#process.plan(product.id);
    return plan.usedRatio === null ? 0 : Math.floor(uniform(plan.salt, Math.floor(day / 9), 33) * (1 + plan.sellers * 0.6));
  }

  #reviews(product: Product, day: number): number {
    const months = Math.min(120, (this.#process.startOf(day - (day % 7)) - product.releasedAt) / (30 * DAY_MS));
    return Math.max(0, Math.floor(this.#generated.hidden[product.id]!.monthlyUnits * 0.012 * months));
  }

  /** "Bought in the past month", as the shop page shows it: in steps, and nothing below 50. Renewed every third day. */
  #monthlySold(id: ProductId, day: number): number | null {
    const last = day - (day % 3);
    const { monthlySold } = this.#daysOf(id);
    const known = monthlySold[last];
    return known === undefined ? (monthlySold[last] = this.#soldBefore(id, last)) : known;
  }

  #soldBefore(id: ProductId, last: number): number | null {
    let units = 0;
    for (let d = Math.max(0, last - 30); d < last; d += 3) units += this.#amazonUnits(id, d) * 3;
    if (units < 50) return null;
    const step = units < 100 ? 50 : units < 1_000 ? 100 : 1_000;
    return Math.floor(units / step) * step;
  }

  #drops(id: ProductId, day: number): number {
    const mean = this.#amazonUnits(id, day);
    return mean > 40 ? MOST_DROPS_PER_DAY : Math.min(MOST_DROPS_PER_DAY, poissonAt(uniform(this.#process.plan(id).salt, day, 41), mean));
  }

  /** The rank rises between sales and drops with each. */
  #rankPoints(product: Product, day: number): HistoryPoint[] {
    const process = this.#process;
    const start = process.startOf(day);
    if (product.kind === 'parent' || start < product.releasedAt) return [];
    const { salt } = process.plan(product.id);
    const scale = 1_200_000 * Math.sqrt(profileOf(product.category).share / 150);
    const monthly = Math.max(0.3, this.#amazonUnits(product.id, day) * 30.4);
    const base = scale * Math.exp(-0.9 * Math.log(monthly));
    const rank = (factor: number) => Math.max(1, Math.round(base * factor));
    const drops = this.#drops(product.id, day);
    if (drops === 0) return uniform(salt, day, 42) < 0.6 ? [{ at: start + 12 * HOUR_MS, value: rank(1.3 + 0.6 * uniform(salt, day, 43)) }] : [];
    const points: HistoryPoint[] = [];
    const slot = DAY_MS / drops;
    for (let k = 0; k < drops; k++) {
      const at = start + Math.floor((k + 0.35 + 0.6 * uniform(salt, day, 44 + k)) * slot / 60_000) * 60_000;
      points.push({ at: at - Math.floor(slot / 4 / 60_000) * 60_000, value: rank(1.12 + 0.5 * uniform(salt, day, 48 + k)) });
      points.push({ at, value: rank(0.88 + 0.2 * uniform(salt, day, 52 + k)) });
    }
    return points;
  }

  /** When in its day a series changes. */
  #hourOf(id: ProductId, series: SeriesName, day: number): number {
    return mix(this.#process.plan(id).salt, day, 60 + SERIES.indexOf(series)) % 24;
  }

  value(id: ProductId, series: SeriesName, at: Instant): number | null {
    const product = this.#product(id);
    const instant = Math.min(at, this.#now());
    const day = this.#process.dayOf(instant);
    if (day < 0) return null;
    if (series === 'salesRank') {
      for (let d = day; d >= Math.max(0, day - 30); d--) {
        const point = this.#rankPoints(product, d).findLast((p) => p.at <= instant);
        if (point) return point.value;
      }
      return null;
    }
    const changed = instant >= this.#process.startOf(day) + this.#hourOf(id, series, day) * HOUR_MS;
    return this.#onDay(product, series, changed ? day : Math.max(0, day - 1));
  }

  history(id: ProductId, series: SeriesName, range: { readonly from: Instant; readonly to: Instant }): readonly HistoryPoint[] {
    const product = this.#product(id);
    const to = Math.min(range.to, this.#now());
    const from = Math.max(range.from, this.#process.firstDay);
    if (from > to) return [];
    const points: HistoryPoint[] = [{ at: from, value: this.value(id, series, from) }];
    let last = points[0]!.value;
    for (let day = this.#process.dayOf(from); day <= this.#process.dayOf(to); day++) {
      const changes = series === 'salesRank' ? this.#rankPoints(product, day) : [{ at: this.#process.startOf(day) + this.#hourOf(id, series, day) * HOUR_MS, value: this.#onDay(product, series, day) }];
      for (const change of changes) {
        if (change.at <= from || change.at > to || change.value === last) continue;
        points.push(change);
        last = change.value;
      }
    }
    return points;
  }

  snapshot(id: ProductId, at: Instant): Snapshot {
    const instant = Math.min(at, this.#now());
    const product = this.#product(id);
    const values = Object.fromEntries(SERIES.map((series) => [series, this.value(id, series, instant)])) as Record<SeriesName, number | null>;
    const day = this.#process.dayOf(instant);
    const drops = (days: number) => {
      let total = 0;
      if (product.kind !== 'parent') for (let d = Math.max(0, day - days); d < day; d++) if (this.#process.startOf(d) >= product.releasedAt) total += this.#drops(id, d);
      return total;
    };
    return { at: instant, values, salesRankDrops30: drops(30), salesRankDrops90: drops(90), salesRankDrops180: drops(180) };
  }

  offers(id: ProductId, at: Instant): readonly MarketOffer[] {
    const instant = Math.min(at, this.#now());
    const day = this.#process.dayOf(instant);
    const asked = (series: SeriesName) => this.value(id, series, instant);
    const { salt } = this.#process.plan(id);
    const count = Math.min(20, asked('countNew') ?? 0);
    const buyBox = asked('buyBox');
    const offers: MarketOffer[] = [];
    const push = (slot: number, part: Pick<MarketOffer, 'condition' | 'fulfilment' | 'priceMinor'>) => {
      const index = part.fulfilment === 'amazon' ? -1 : mix(salt, slot, Math.floor(day / 20)) % SELLER_POOL;
      offers.push({
        ...part, sellerId: index < 0 ? 'ATVPDKIKX0DER' : sellerId(index), sellerName: index < 0 ? 'Amazon.com' : sellerName(index), shippingMinor: part.fulfilment === 'fbm' && index % 3 === 0 ? Math.min(499, part.priceMinor >> 2) : 0,
        isBuyBox: false, feedbackCount: index < 0 ? 0 : 20 + (mix(index, 3, 9) % 9_000), feedbackPercent: index < 0 ? 100 : 86 + (mix(index, 4, 9) % 15),
      });
    };
    for (const kind of ['amazon', 'fba', 'fbm'] as const) {
      const price = asked(kind);
      if (price !== null) push(kind === 'fba' ? 1 : 2, { condition: 'new', fulfilment: kind, priceMinor: price });
    }
    const lowest = asked('new') ?? 0;
    for (let slot = 3; offers.length < count && slot < 40; slot++) push(slot, { condition: 'new', fulfilment: slot % 2 ? 'fba' : 'fbm', priceMinor: Math.round(lowest * (1.06 + 0.03 * (slot - 3) + 0.02 * uniform(salt, day >> 2, 70 + slot))) });
    const used = asked('used');
    const usedCount = Math.min(8, asked('countUsed') ?? 0);
    if (used !== null) for (let k = 0; k < usedCount; k++) push(50 + k, { condition: 'used', fulfilment: 'fbm', priceMinor: Math.round(used * (1 + 0.07 * k)) });
    // Landed price leaves the shipping out of the lowest merchant offer, so that the cheapest is the price that `new` states.
    const landed = offers.map((o) => (o.fulfilment === 'fbm' ? { ...o, priceMinor: Math.max(1, o.priceMinor - o.shippingMinor) } : o));
    const box = landed.findIndex((o) => o.condition === 'new' && o.fulfilment !== 'fbm' && o.priceMinor === buyBox);
    return landed.map((o, i) => (i === (box >= 0 ? box : landed.findIndex((f) => f.condition === 'new')) ? { ...o, isBuyBox: o.condition === 'new' } : o)).sort((a, b) => a.priceMinor + a.shippingMinor - b.priceMinor - b.shippingMinor);
  }

  ebayListings(id: ProductId, at: Instant): readonly EbayCompetitor[] {
    const product = this.#product(id);
    if (product.kind === 'parent') return [];
    const instant = Math.min(at, this.#now());
    const day = this.#process.dayOf(instant);
    const price = this.value(id, 'ebayNew', instant);
    const count = price === null ? 0 : Math.min(MOST_ON_EBAY, this.#process.ebaySellers(id, day));
    return Array.from({ length: count }, (_, k) => {
      const { listing, seller, since } = this.#ebayListing(product, k, day);
      const total = Math.round((price ?? 0) * (1 + STEP_ON_EBAY * k));
      const shippingMinor = seller % 2 === 0 ? 0 : Math.min(599, total >> 2);
      return { ...listing, condition: 'new' as const, priceMinor: total - shippingMinor, shippingMinor, since: this.#process.startOf(since) };
    });
  }

  /** The `k`-th cheapest seller's listing on a day: it stands for 30 days, then another takes its place. */
  #ebayListing(product: Product, k: number, day: number) {
    const { salt } = this.#process.plan(product.id);
    const phase = mix(salt, k, 81) % 30;
    const era = Math.floor((day + phase) / 30);
    const seller = mix(salt, k, 82 + era) % SELLER_POOL;
    return {
      seller, since: Math.max(0, era * 30 - phase),
      listing: {
        itemId: String(200_000_000_000 + (mix(salt, k, 90 + era) % 1_000_000_000) * 100 + (k % 100)).slice(0, 12), sellerName: sellerName(seller),
        title: `${product.title} ${['NEW', 'Brand New', 'Free Ship', 'Fast Shipping', ''][seller % 5]}`.trim().slice(0, 80),
      },
    };
  }

  ebaySold(id: ProductId, range: { readonly from: Instant; readonly to: Instant }): readonly EbaySold[] {
    const product = this.#product(id);
    if (product.kind === 'parent') return [];
    const process = this.#process;
    const { salt } = process.plan(id);
    const sold = new Map<string, EbaySold>();
    const end = process.dayOf(Math.min(range.to, this.#now()));
    for (let day = Math.max(0, process.dayOf(range.from)); day < end; day++) {
      if (process.startOf(day) < product.releasedAt) continue;
      const wanted = process.ebayUnits(id, day);
      for (const [k, share] of rivalShares(Math.min(MOST_ON_EBAY, process.ebaySellers(id, day))).entries()) {
        const units = poissonAt(uniform(salt, day, 500 + k), Math.min(400, wanted * share));
        if (units === 0) continue;
        const { listing } = this.#ebayListing(product, k, day);
        sold.set(listing.itemId, { ...listing, units: (sold.get(listing.itemId)?.units ?? 0) + units, lastSoldAt: process.startOf(day) + 12 * HOUR_MS, lastPriceMinor: Math.round(process.ebayPrice(id, day) * (1 + STEP_ON_EBAY * k)) });
      }
    }
    return [...sold.values()];
  }
}

/** @param now last instant that the world has reached: nothing after it can be seen. */
export function observeMarket(process: MarketProcess, generated: GeneratedCatalog, now: () => Instant): Market {
  return new ObservedMarket(process, generated, now);
}
