import { HOUR_MS, startOfUtcDay, type Instant } from '#kernel/time.ts';
import { applyAction, endListing, type ActionContext, type ActionName, type WorldState } from './apply-actions.ts';
import { createProducts, type GeneratedCatalog } from './create-catalog.ts';
import { createFees } from './fees.ts';
import { JOURNAL_VERSION, openJournal, type Journal } from './journal.ts';
import { createCatalog } from './look-up-products.ts';
import { observeMarket } from './observe-market.ts';
import { OfferBook } from './price-offers.ts';
import { Buyers } from './simulate-buyers.ts';
import { MarketProcess } from './simulate-market.ts';
import type { Actions, Catalog, Channel, Effects, Fees, Listing, Market, Outcome, Sale, ShopOrder, ShopOrderStatus, World, WorldOptions } from './types.ts';

const PRODUCTS = 20_000;
const PRICE_LIST_ROWS = 4_000;

/** What truth may look at and no vendor may. */
export interface Internals {
  readonly generated: GeneratedCatalog;
  readonly process: MarketProcess;
  readonly book: OfferBook;
}
const internals = new WeakMap<World, Internals>();

export function internalsOf(world: World): Internals {
  const found = internals.get(world);
  if (!found) throw new Error('not a world made by createWorld');
  return found;
}

class PracticeWorld implements World {
  readonly seed: number;
  readonly startAt: Instant;
  readonly catalog: Catalog;
  readonly market: Market;
  readonly fees: Fees;
  readonly shops: OfferBook;
  readonly actions: Actions;
  readonly #clock: WorldOptions['clock'];
  readonly #buyers: Buyers;
  readonly #state: WorldState = { shopOrders: [], shopOrderById: new Map(), shopOrderByReference: new Map(), listings: new Map(), listed: new Map(), documents: new Map() };
  readonly #journal: Journal | null;
  #now: Instant;
  /** End of the last simulated hour. */
  #simulated: Instant;

  constructor(options: WorldOptions) {
    const fresh = {
      version: JOURNAL_VERSION, seed: options.seed, startAt: startOfUtcDay(options.startAt ?? options.clock.now()), productCount: options.productCount ?? PRODUCTS, priceListRows: options.priceListRows ?? PRICE_LIST_ROWS,
    };
    this.#journal = options.journalFile === undefined ? null : openJournal(options.journalFile, fresh);
    const head = this.#journal?.head ?? fresh;
    this.seed = head.seed;
    this.startAt = head.startAt;
    this.#clock = options.clock;
    this.#now = head.startAt;
    this.#simulated = head.startAt;
    const generated = createProducts(head.seed, head.productCount, head.startAt);
    const process = new MarketProcess(head.seed, head.startAt, generated);
    this.catalog = createCatalog(generated);
    this.market = observeMarket(process, generated, () => this.#now);
    this.fees = createFees(head.seed, head.startAt, this.catalog);
    this.shops = new OfferBook({ seed: head.seed, startAt: head.startAt, generated, process, priceListRows: head.priceListRows });
    this.#buyers = new Buyers({ seed: head.seed, catalog: this.catalog, process, fees: this.fees });
    this.actions = this.#makeActions();
    internals.set(this, { generated, process, book: this.shops });
    for (const entry of this.#journal?.entries ?? []) {
      this.advanceTo(entry.at);
      const outcome = applyAction(this.#context(), entry.type, entry.input as readonly unknown[]);
      if (!outcome.ok) throw new Error(`the practice journal does not fit this world: ${entry.type} at ${entry.at} is refused (${outcome.refusal.message})`);
    }
  }

  #context(): ActionContext {
    return { seed: this.seed, at: this.#now, state: this.#state, catalog: this.catalog, book: this.shops, buyers: this.#buyers };
  }

  #perform<T>(type: ActionName, input: readonly unknown[]): Outcome<T> {
    this.now();
    const outcome = applyAction(this.#context(), type, input) as Outcome<T>;
    if (outcome.ok) this.#journal?.append({ at: this.#now, type, input });
    return outcome;
  }

  #makeActions(): Actions {
    return {
      placeShopOrder: (order) => this.#perform<ShopOrder>('placeShopOrder', [order]),
      createListing: (listing) => this.#perform<Listing>('createListing', [listing]),
      reviseListing: (id, change) => this.#perform<Listing>('reviseListing', [id, change]),
      endListing: (id) => this.#perform<Listing>('endListing', [id]),
      shipSale: (id, tracking) => this.#perform<Sale>('shipSale', [id, tracking]),
      cancelSale: (id) => this.#perform<Sale>('cancelSale', [id]),
      refundReturn: (id) => this.#perform<Sale>('refundReturn', [id]),
      giveBack: (id, refund) => this.#perform<Sale>('giveBack', [id, refund]),
      putDocument: (vendor, key, value) => void this.#perform('putDocument', [vendor, key, value]),
      deleteDocument: (vendor, key) => void this.#perform('deleteDocument', [vendor, key]),
    };
  }

  now(): Instant {
    this.advanceTo(this.#clock.now());
    return this.#now;
  }

  advanceTo(instant: Instant): void {
    if (instant > this.#now) this.#now = instant;
    for (let end = this.#simulated + HOUR_MS; end <= this.#now; end += HOUR_MS) {
      if (this.#buyers.idle) {
        end = this.#simulated = Math.floor(this.#now / HOUR_MS) * HOUR_MS;
        break;
      }
      for (const listing of this.#buyers.simulateHour(end)) endListing({ at: end, buyers: this.#buyers }, listing, 'brand-complaint');
      this.#simulated = end;
    }
  }

  listing(id: string): Listing | undefined {
    return this.#state.listings.get(id);
  }
  listings(channel: Channel): readonly Listing[] {
    return [...this.#state.listings.values()].filter((listing) => listing.channel === channel);
  }
  sale(id: string): Sale | undefined {
    return this.#buyers.byId.get(id);
  }
  sales(channel: Channel): readonly Sale[] {
    return this.#buyers.salesOn(channel);
  }
  shopOrder(id: number): ShopOrder | undefined {
    return this.#state.shopOrderById.get(id);
  }
  shopOrderStatus(order: ShopOrder, at: Instant): ShopOrderStatus {
    return at < order.settlesAt ? 'processing' : order.outcome;
  }
  document(vendor: string, key: string): unknown {
    return structuredClone(this.#state.documents.get(vendor)?.get(key));
  }
  documents(vendor: string, prefix = ''): readonly { readonly key: string; readonly value: unknown }[] {
    const entries = [...(this.#state.documents.get(vendor) ?? [])].filter(([key]) => key.startsWith(prefix));
    return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => ({ key, value: structuredClone(value) }));
  }
  effects(): Effects {
    return structuredClone({ shopOrders: this.#state.shopOrders, listings: [...this.#state.listings.values()], sales: this.#buyers.sales });
  }
  close(): void {
    this.#journal?.close();
  }
}

/** Builds the world; deterministic from its options and the journal's actions. @throws Error when the journal does not belong to it */
export function createWorld(options: WorldOptions): World {
  if (!Number.isSafeInteger(options.seed)) throw new RangeError(`a seed is a whole number, got ${options.seed}`);
  return new PracticeWorld(options);
}
