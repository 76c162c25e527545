import { DAY_MS, HOUR_MS, ManualClock } from '#kernel/time.ts';
import { createWorld } from './create-world.ts';
import { internalsOf } from './create-world.ts';
import { SALVAGE, trueCost, trueOffer, trulyProfitable } from './true-profit.ts';
import type { OutletId, ProductId, ShopOrder, World } from './types.ts';

/** What a simulated buyer may spend; USD cents. */
export interface BuyerLimits {
  readonly days: number;
  readonly budgetMinor: number;
  /** Default: a tenth of the budget. */
  readonly perDayMinor?: number;
  /** Default: a quarter of the day's. */
  readonly perPurchaseMinor?: number;
  /** Looks for offers every so many days. Default 1. */
  readonly scanEveryDays?: number;
}

export interface BuyerResult {
  readonly unitsBought: number;
  readonly unitsSold: number;
  /** In stock, on the way, or taken down, at the end. */
  readonly unitsLeft: number;
  /** All that was paid for goods, less shops' own refunds. */
  readonly costMinor: number;
  readonly revenueMinor: number;
  readonly feesMinor: number;
  readonly postageMinor: number;
  readonly refundsMinor: number;
  /** Revenue less fees, postage, refunds and the cost of the units sold; what is left counts at cost. */
  readonly realisedMinor: number;
  /** The same with what is left valued at what a quick sale would leave. */
  readonly liquidatedMinor: number;
}

interface Pick {
  readonly outletId: OutletId;
  readonly number: number;
  readonly quantity: number;
  /** What it will be listed as. */
  readonly listAs: ProductId;
  readonly priceRatio: number;
}

interface Lot {
  readonly order: ShopOrder;
  readonly pick: Pick;
  readonly unitCost: number;
  sku: string | null;
}

type Policy = (world: World, most: { readonly purchaseMinor: number }) => Iterable<Pick>;

/** Shops that a program may order from. */
const orderable = (world: World): OutletId[] => world.shops.outlets.filter((outlet) => outlet.kind === 'woocommerce' && outlet.currency === 'USD').map((outlet) => outlet.id);

/** Buys one of whatever shows the greatest difference between list price and price, and believes what the page says it is. */
const naive: Policy = (world, { purchaseMinor }) => {
  const picks: (Pick & { gap: number })[] = [];
  for (const outletId of orderable(world)) {
    for (const { number } of world.shops.offers(outletId)) {
      const state = world.shops.state(outletId, number, world.now());
      if (!state?.shownInStock || state.priceMinor === null || state.priceMinor > purchaseMinor) continue;
      const truth = trueOffer(world, outletId, number)!;
      const listAs = truth.claimedId ?? truth.productId;
      const gap = Math.max(state.regularMinor ?? 0, world.catalog.byId(listAs).listPriceMinor ?? 0) - state.priceMinor;
      picks.push({ outletId, number, quantity: 1, listAs, priceRatio: 1, gap });
    }
  }
  return picks.sort((a, b) => b.gap - a.gap || a.number - b.number);
};

/** Knows the truth, and takes the best return on the money first: an upper mark for a buyer without hindsight. */
const careful: Policy = (world, { purchaseMinor }) =>
  orderable(world)
    .flatMap((outletId) => trulyProfitable(world, outletId, world.now()))
    .filter((offer) => offer.costMinor <= purchaseMinor)
    .sort((a, b) => b.profitMinor / b.costMinor - a.profitMinor / a.costMinor || a.number - b.number)
    .map((offer) => ({ outletId: offer.outletId, number: offer.number, quantity: offer.quantity, listAs: offer.productId, priceRatio: offer.priceRatio }));

class SimulatedBuyer {
  readonly #world: World;
  readonly #limits: Required<BuyerLimits>;
  readonly #lots: Lot[] = [];
  readonly #seen = new Set<string>();
  readonly #known = new Set<string>();
  #cash: number;
  #postage = 0;

  constructor(world: World, limits: Required<BuyerLimits>) {
    this.#world = world;
    this.#limits = limits;
    this.#cash = limits.budgetMinor;
  }

  buy(policy: Policy): void {
    let today = Math.min(this.#limits.perDayMinor, this.#cash);
    for (const pick of policy(this.#world, { purchaseMinor: this.#limits.perPurchaseMinor })) {
      const key = `${pick.outletId}|${pick.number}`;
      if (this.#seen.has(key)) continue;
      const cost = trueCost(this.#world, { ...pick, at: this.#world.now() });
      if (cost === null || cost > today) continue;
      this.#seen.add(key);
      const placed = this.#world.actions.placeShopOrder({ outletId: pick.outletId, reference: key, email: 'policy@practice.invalid', lines: [{ offerNumber: pick.number, quantity: pick.quantity }] });
      if (!placed.ok) continue;
      today -= placed.value.totalMinor;
      this.#cash -= placed.value.totalMinor;
      this.#lots.push({ order: placed.value, pick, unitCost: placed.value.totalMinor / pick.quantity, sku: null });
      if (today < 500) break;
    }
  }

  /** Lists what has arrived, follows the market with the price, sends what is paid. */
  work(): void {
    const { process } = internalsOf(this.#world);
    const day = process.dayOf(this.#world.now());
    this.#lots.forEach((lot, i) => {
      const priceMinor = Math.max(1, Math.round(process.ebayPrice(lot.pick.listAs, day) * lot.pick.priceRatio));
      if (lot.sku === null && this.#world.shopOrderStatus(lot.order, this.#world.now()) === 'completed') {
        lot.sku = `lot-${i}`;
        this.#world.actions.createListing({ channel: 'ebay', sku: lot.sku, productId: lot.pick.listAs, condition: 'new', priceMinor, shippingMinor: 0, quantity: lot.pick.quantity });
      }
    });
    for (const listing of this.#world.listings('ebay')) {
      if (listing.status !== 'active' || listing.quantity === 0) continue;
      const lot = this.#lots[Number(listing.sku.slice(4))]!;
      this.#world.actions.reviseListing(listing.id, { priceMinor: Math.max(1, Math.round(process.ebayPrice(lot.pick.listAs, day) * lot.pick.priceRatio)) });
    }
    for (const sale of this.#world.sales('ebay')) {
      if (sale.status !== 'paid' || this.#known.has(sale.id)) continue;
      this.#known.add(sale.id);
      this.#world.actions.shipSale(sale.id, { carrier: 'USPS', number: `9400${sale.lineItemId}` });
      const label = this.#world.fees.labelMinor(sale.productId, sale.quantity);
      this.#postage += label;
      this.#cash += sale.totalMinor - sale.salesTaxMinor - sale.feeMinor - label;
    }
  }

  result(): BuyerResult {
    const { process } = internalsOf(this.#world);
    const now = this.#world.now();
    const day = process.dayOf(now);
    let [revenue, fees, refunds, soldCost, sold, cost, bought, leftValue, leftCost] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
    const soldBySku = new Map<string, number>();
    for (const sale of this.#world.sales('ebay')) {
      if (sale.status === 'cancelled') continue;
      sold += sale.quantity;
      soldBySku.set(sale.sku, (soldBySku.get(sale.sku) ?? 0) + sale.quantity);
      revenue += sale.totalMinor - sale.salesTaxMinor;
      fees += sale.feeMinor - sale.feeCreditMinor;
      if (sale.return) refunds += sale.totalMinor - sale.salesTaxMinor;
    }
    for (const lot of this.#lots) {
      if (this.#world.shopOrderStatus(lot.order, now) === 'refunded') continue;
      const units = soldBySku.get(lot.sku ?? '') ?? 0;
      const left = lot.pick.quantity - units;
      cost += lot.order.totalMinor;
      bought += lot.pick.quantity;
      soldCost += lot.unitCost * units;
      leftCost += lot.unitCost * left;
      const { productId } = trueOffer(this.#world, lot.pick.outletId, lot.pick.number)!;
      leftValue += left * Math.max(0, SALVAGE * (process.ebayPrice(productId, day) * 0.86 - this.#world.fees.labelMinor(productId, 1)));
    }
    const realised = Math.round(revenue - fees - this.#postage - refunds - soldCost);
    return {
      unitsBought: bought, unitsSold: sold, unitsLeft: bought - sold, costMinor: cost, revenueMinor: revenue, feesMinor: fees, postageMinor: this.#postage, refundsMinor: refunds, realisedMinor: realised,
      liquidatedMinor: Math.round(realised + leftValue - leftCost),
    };
  }
}

function simulate(like: World, given: BuyerLimits, policy: Policy): BuyerResult {
  const perDayMinor = given.perDayMinor ?? Math.round(given.budgetMinor / 10);
  const limits = { scanEveryDays: 1, perPurchaseMinor: Math.round(perDayMinor / 4), ...given, perDayMinor };
  const clock = new ManualClock(like.startAt);
  const world = createWorld({ seed: like.seed, clock, startAt: like.startAt, productCount: internalsOf(like).generated.sellable });
  const buyer = new SimulatedBuyer(world, limits);
  for (let day = 0; day < limits.days; day++) {
    clock.advanceTo(like.startAt + day * DAY_MS + 9 * HOUR_MS);
    buyer.work();
    if (day % limits.scanEveryDays === 0) buyer.buy(policy);
  }
  clock.advanceTo(like.startAt + limits.days * DAY_MS);
  buyer.work();
  return buyer.result();
}

/** A buyer of the highest list-price gaps, in a fresh copy of the world; `world` itself is left alone. */
export function simulateNaiveBuyer(world: World, limits: BuyerLimits): BuyerResult {
  return simulate(world, limits, naive);
}

/** A buyer who knows every offer's true expected profit (not the future), under the same limits, in a fresh copy of the world. */
export function simulateCarefulBuyer(world: World, limits: BuyerLimits): BuyerResult {
  return simulate(world, limits, careful);
}
