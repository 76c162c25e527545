import { DAY_MS, HOUR_MS, type Instant } from '#kernel/time.ts';
import { createOffers, type OfferTruth, type OutletOffers } from './create-offers.ts';
import type { GeneratedCatalog } from './create-catalog.ts';
import { mix, uniform } from './hash.ts';
import { DZD_PER_USD, OUTLETS, type OutletProfile } from './outlets.ts';
import type { MarketProcess } from './simulate-market.ts';
import type { OfferState, OutletId, ProductId, ShopBook, ShopOffer } from './types.ts';

/** To whole fifties of dinars, at least 50 DA; centimes. */
const dinars = (usdMinor: number): number => Math.max(5_000, Math.round((usdMinor * DZD_PER_USD) / 5_000) * 5_000);

/** Joke prices of classifieds, in whole dinars. */
const JOKES = [1, 10, 11, 111, 1_111, 1_234, 12_345, 123_456, 999_999, 1_000_000];

/** A struck-out price over the asked one: mostly up to double, and pure invention for one in seven. */
function wasFactor(salt: number): number {
  const invented = uniform(salt, 2, 4) < 0.14 ? 2 + 3 * uniform(salt, 3, 4) : 1;
  return (1.15 + 0.8 * uniform(salt, 1, 4)) * invented;
}

/** An offer between two repricings: the asked price stands, the stock runs down. */
interface Period {
  readonly index: number;
  readonly since: Instant;
  readonly priceMinor: number;
  readonly regularMinor: number | null;
  readonly stock: number;
  /** Units that other customers take in a day. */
  readonly drain: number;
  readonly phantom: boolean;
}

interface Cell {
  period: Period | null;
  /** Units that we bought, by period. */
  bought: Map<number, number> | null;
}

export interface OfferBookSettings {
  readonly seed: number;
  readonly startAt: Instant;
  readonly generated: GeneratedCatalog;
  readonly process: MarketProcess;
  readonly priceListRows: number;
}

/** Outlets, their offers, and what these ask at an instant. Offers are made when an outlet is first asked for. */
export class OfferBook implements ShopBook {
  readonly outlets = OUTLETS;
  readonly #settings: OfferBookSettings;
  readonly #made = new Map<OutletId, OutletOffers & { cells: Cell[] }>();

  constructor(settings: OfferBookSettings) {
    this.#settings = settings;
  }

  outlet(id: OutletId): OutletProfile {
    const outlet = OUTLETS.find((o) => o.id === id);
    if (!outlet) throw new RangeError(`no outlet ${id}`);
    return outlet;
  }

  #of(id: OutletId): OutletOffers & { cells: Cell[] } {
    let made = this.#made.get(id);
    if (!made) {
      const outlet = this.outlet(id);
      const offers = createOffers(outlet, outlet.kind === 'price-list' ? this.#settings.priceListRows : outlet.offerCount, this.#settings);
      made = { ...offers, cells: offers.offers.map(() => ({ period: null, bought: null })) };
      this.#made.set(id, made);
    }
    return made;
  }

  offers(id: OutletId): readonly ShopOffer[] {
    return this.#of(id).offers;
  }

  truth(id: OutletId, number: number): OfferTruth | undefined {
    return this.#of(id).truths[number - 1];
  }

  #usedFactor(offer: ShopOffer, productId: ProductId): number {
    return offer.condition === 'used' ? (this.#settings.process.plan(productId).usedRatio ?? 0.6) / 0.7 : 1;
  }

  /** The asked price at a repricing. Retailers drop an item that would cost them more than it brings, so a margin never follows a crash down at once. */
  #ask(outlet: OutletProfile, at: { offer: ShopOffer; truth: OfferTruth; index: number; day: number }): { priceMinor: number; regularMinor: number | null } {
    const { offer, truth, index, day } = at;
    const product = this.#settings.generated.products[truth.productId]!;
    if (truth.joke) return { priceMinor: JOKES[truth.salt % JOKES.length]! * 100, regularMinor: null };
    const market = this.#settings.process.price(truth.productId, Math.max(0, day - truth.lagDays));
    const noise = 1 + 0.08 * (uniform(truth.salt, index, 1) - 0.5);
    const sale = uniform(truth.salt, index, 2) < 0.12 ? 0.68 + 0.2 * uniform(truth.salt, index, 3) : 1;
    const usd = Math.max(50, market * truth.margin * noise * sale * offer.pricedUnits * this.#usedFactor(offer, truth.productId));
    const fiction = Math.max(product.listPriceMinor ?? 0, Math.round((usd / offer.pricedUnits) * wasFactor(truth.salt))) * offer.pricedUnits;
    const regularUsd = truth.strikes || sale < 1 ? fiction : null;
    if (outlet.currency === 'DZD') {
      return { priceMinor: dinars(usd), regularMinor: regularUsd !== null && regularUsd > usd * 1.05 ? dinars(regularUsd) : null };
    }
    const ending = outlet.kind === 'price-list' ? Math.round(usd) : Math.max(99, Math.round(usd / 100) * 100 - (truth.salt % 3 === 0 ? 5 : 1));
    return { priceMinor: ending, regularMinor: regularUsd !== null && regularUsd > ending * 1.05 ? Math.round(regularUsd) : null };
  }

  #period(id: OutletId, number: number, at: Instant): Period | null {
    const made = this.#of(id);
    const offer = made.offers[number - 1];
    const truth = made.truths[number - 1];
    if (!offer || !truth || at < offer.listedAt || at >= truth.goneAt) return null;
    const { process } = this.#settings;
    const hour = (truth.salt >>> 5) % 24;
    const day = process.dayOf(at - hour * HOUR_MS);
    const index = Math.floor((day + truth.phase) / truth.rhythm);
    const cell = made.cells[number - 1]!;
    if (cell.period?.index === index) return cell.period;
    const firstDay = Math.max(0, index * truth.rhythm - truth.phase);
    const outlet = this.outlet(id);
    const depth = uniform(truth.salt, index, 5);
    const stock = uniform(truth.salt, index, 6) < 0.07 ? 0 : 1 + Math.floor(depth * depth * outlet.deepestStock);
    cell.period = {
      index, since: Math.max(offer.listedAt, process.startOf(firstDay) + hour * HOUR_MS), ...this.#ask(outlet, { offer, truth, index, day: firstDay }), stock, drain: (stock / truth.rhythm) * 0.8 * uniform(truth.salt, index, 7),
      phantom: uniform(truth.salt, index, 8) < outlet.phantom,
    };
    return cell.period;
  }

  /** Units left for sale, our own purchases and other customers' taken off; whole. */
  #left(id: OutletId, number: number, at: { period: Period; instant: Instant }): number {
    const { period, instant } = at;
    const bought = this.#of(id).cells[number - 1]!.bought?.get(period.index) ?? 0;
    return Math.max(0, period.stock - Math.floor(period.drain * ((instant - period.since) / DAY_MS)) - bought);
  }

  state(id: OutletId, number: number, at: Instant): OfferState | null {
    const period = this.#period(id, number, at);
    if (!period) return null;
    const left = this.#left(id, number, { period, instant: at });
    const shows = mix(number, 4, 4) % 3 !== 0 || left <= 3;
    return {
      priceMinor: period.priceMinor, regularMinor: period.regularMinor, currency: this.outlet(id).currency, shownInStock: left > 0, shownStock: shows ? left : null,
      changedAt: period.since,
    };
  }

  available(id: OutletId, number: number, at: Instant): number {
    const period = this.#period(id, number, at);
    return !period || period.phantom || this.outlet(id).kind === 'ouedkniss' ? 0 : this.#left(id, number, { period, instant: at });
  }

  /** Takes units that were just bought out of the stock. */
  take(id: OutletId, number: number, bought: { quantity: number; at: Instant }): void {
    const period = this.#period(id, number, bought.at);
    if (!period) throw new Error(`offer ${id} ${number} is not shown`);
    const cell = this.#of(id).cells[number - 1]!;
    cell.bought ??= new Map();
    cell.bought.set(period.index, (cell.bought.get(period.index) ?? 0) + bought.quantity);
  }
}
