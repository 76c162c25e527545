import { DAY_MS, type Instant } from '#kernel/time.ts';
import { profileOf } from './categories.ts';
import { internalsOf } from './create-world.ts';
import { captureShare } from './demand.ts';
import { DZD_PER_USD } from './outlets.ts';
import { TAKE_DOWN_RATE } from './simulate-buyers.ts';
import type { OutletId, ProductId, World } from './types.ts';

/** What an offer really is. */
export interface TrueOffer {
  readonly outletId: OutletId;
  readonly number: number;
  readonly productId: ProductId;
  /** What the printed identifier says; differs from `productId` in a trap. */
  readonly claimedId: ProductId | null;
  readonly joke: boolean;
}

export interface TrueProfit {
  readonly productId: ProductId;
  readonly quantity: number;
  /** USD cents: all that is paid to have the units here. */
  readonly costMinor: number;
  /** Expected over sale, time and return, at the best price; unsold units go at `SALVAGE` of what a sale leaves. */
  readonly profitMinor: number;
  /** Price to the buyer over eBay's going price that earns it. */
  readonly priceRatio: number;
  readonly expectedSold: number;
  /** Expected days until a unit is sold, unsold ones counted with the whole horizon. */
  readonly expectedDays: number;
}

export interface ProfitQuestion {
  /** Prices over eBay's going price to choose the best of; ten from 0.8 to 1.18 unless told. */
  readonly priceRatios?: readonly number[] | undefined;
  readonly outletId: OutletId;
  readonly number: number;
  readonly at: Instant;
  readonly quantity: number;
}

/** Units are given this long to sell. */
export const HORIZON_DAYS = 60;
/** What an unsold unit brings at the end, of the net at the going price. */
export const SALVAGE = 0.45;
/** Of a returned item's cost, lost to wear; its postage both ways is lost too. */
const RETURN_LOSS = 0.3;
const STEP_DAYS = 3;
const RATIOS = [0.8, 0.86, 0.91, 0.95, 0.98, 1, 1.03, 1.07, 1.12, 1.18];
/** Average sales tax on an order, which eBay's fee is taken on as well: the mean over the world's cities. */
const MEAN_TAX_BASIS_POINTS = 599;
/** Getting a parcel from Algeria to the United States: a base, and per gram. USD cents. */
const FORWARDING_BASE_MINOR = 1_400;
const FORWARDING_PER_G_MINOR = 1.3;

export function trueOffer(world: World, outletId: OutletId, number: number): TrueOffer | undefined {
  const truth = internalsOf(world).book.truth(outletId, number);
  return truth && { outletId, number, productId: truth.productId, claimedId: truth.claimedId, joke: truth.joke };
}

/** Landed cost in USD cents of `quantity` priced units; null where nothing can be bought. */
export function trueCost(world: World, { outletId, number, at, quantity }: ProfitQuestion): number | null {
  const { book } = internalsOf(world);
  const state = book.state(outletId, number, at);
  const truth = book.truth(outletId, number);
  if (!state || !truth || state.priceMinor === null || truth.joke) return null;
  const outlet = book.outlet(outletId);
  const offer = book.offers(outletId)[number - 1]!;
  const items = state.priceMinor * quantity;
  const shipping = outlet.freeShippingFromMinor !== null && items >= outlet.freeShippingFromMinor ? 0 : outlet.shippingMinor;
  if (outlet.currency === 'USD') return items + shipping;
  const grams = world.catalog.byId(truth.productId).weightG * quantity * offer.pricedUnits;
  return Math.round((items + shipping) / DZD_PER_USD + FORWARDING_BASE_MINOR + grams * FORWARDING_PER_G_MINOR);
}

/** One way to price: what eBay's buyers would take, step by step, and what each sale would leave. */
interface Course {
  readonly priceRatio: number;
  /** `mean`: units wanted up to the step's end. `kept`: left of a sale after fees, postage and returns, without the part that grows with cost. */
  readonly steps: readonly { readonly mean: number; readonly kept: number }[];
  /** `kept` of a sale at the going price at the end. */
  readonly lastKept: number;
}

/** Every way to price a product, as known at an instant. The same for every quantity and cost. */
function coursesOf(world: World, id: ProductId, { at, priceRatios = RATIOS }: Pick<ProfitQuestion, 'at' | 'priceRatios'>): Course[] {
  const { process } = internalsOf(world);
  const known = process.dayOf(at);
  const ratio = process.ebayRatio(id, known);
  const competitors = process.ebaySellers(id, known);
  const survives = world.catalog.byId(id).ipRiskBrand ? Math.exp(STEP_DAYS * Math.log(1 - TAKE_DOWN_RATE)) : 1;
  const ahead = Array.from({ length: HORIZON_DAYS / STEP_DAYS }, (_, i) => {
    const days = (i + 1) * STEP_DAYS;
    const market = process.expectedPrice(id, known, known + days);
    return { at: at + days * DAY_MS, price: market * ratio, wanted: process.ebayUnits(id, known + days, market) * STEP_DAYS };
  });
  const lastKept = keptOf(world, id, { priceMinor: Math.round(ahead.at(-1)!.price), at });
  return priceRatios.map((priceRatio) => {
    const share = captureShare(priceRatio, competitors);
    let [mean, alive] = [0, 1];
    const steps = ahead.map((step) => {
      alive *= survives;
      mean += step.wanted * share * alive;
      return { mean, kept: keptOf(world, id, { priceMinor: Math.round(step.price * priceRatio), at: step.at }) };
    });
    return { priceRatio, steps, lastKept };
  });
}

/** What a sale at a price to the buyer leaves after eBay's fees, postage and the expected cost of a return. */
function keptOf(world: World, id: ProductId, sale: { priceMinor: number; at: Instant }): number {
  const { category } = world.catalog.byId(id);
  const totalMinor = Math.round(sale.priceMinor * (1 + MEAN_TAX_BASIS_POINTS / 10_000));
  const fee = world.fees.ebay(category, { totalMinor, quantity: 1, at: sale.at }).reduce((total, line) => total + line.minor, 0);
  const label = world.fees.labelMinor(id, 1);
  const { returnRate } = profileOf(category);
  return (1 - returnRate) * (sale.priceMinor - fee - label) - returnRate * (2 * label + 40);
}

interface Holding {
  readonly productId: ProductId;
  readonly quantity: number;
  readonly units: number;
  readonly costMinor: number;
}

function follow(course: Course, holding: Holding, returnRate: number): TrueProfit {
  const { units, costMinor } = holding;
  const restored = (returnRate * (1 - RETURN_LOSS) * costMinor) / units;
  let [profit, days, sold] = [-costMinor, 0, 0];
  course.steps.forEach((step, i) => {
    const now = expectedUnits(step.mean, units);
    profit += (now - sold) * (step.kept + restored);
    days += (now - sold) * (i + 1) * STEP_DAYS;
    sold = now;
  });
  profit += (units - sold) * Math.max(0, SALVAGE * (course.lastKept + restored));
  return { productId: holding.productId, quantity: holding.quantity, costMinor, profitMinor: Math.round(profit), priceRatio: course.priceRatio, expectedSold: sold, expectedDays: (days + (units - sold) * HORIZON_DAYS) / units };
}

function bestProfit(world: World, question: ProfitQuestion, courses: readonly Course[]): TrueProfit | null {
  const { book } = internalsOf(world);
  const truth = book.truth(question.outletId, question.number);
  const costMinor = trueCost(world, question);
  if (!truth || costMinor === null) return null;
  const holding = { productId: truth.productId, quantity: question.quantity, units: question.quantity * book.offers(question.outletId)[question.number - 1]!.pricedUnits, costMinor };
  const { returnRate } = profileOf(world.catalog.byId(truth.productId).category);
  let best: TrueProfit | null = null;
  for (const course of courses) {
    const profit = follow(course, holding, returnRate);
    if (!best || profit.profitMinor > best.profitMinor) best = profit;
  }
  return best;
}

/** True expected profit of buying `quantity` now and selling on eBay as what it is. Null where nothing can be bought. */
export function expectedProfit(world: World, question: ProfitQuestion): TrueProfit | null {
  const truth = internalsOf(world).book.truth(question.outletId, question.number);
  return truth ? bestProfit(world, question, coursesOf(world, truth.productId, question)) : null;
}

/** Mean of min(Poisson(mean), units). */
function expectedUnits(mean: number, units: number): number {
  let term = Math.exp(-mean);
  let below = term;
  let total = 0;
  for (let k = 1; k <= units; k++) {
    total += Math.max(0, 1 - below);
    term *= mean / k;
    below += term;
  }
  return total;
}

/** True when even a sale at once, at the highest price that finds buyers, would lose money: spares the long calculation. */
function hopeless(world: World, offer: Omit<ProfitQuestion, 'quantity'>): boolean {
  const { process, book } = internalsOf(world);
  const truth = book.truth(offer.outletId, offer.number);
  const state = book.state(offer.outletId, offer.number, offer.at);
  if (!truth || !state || state.priceMinor === null) return true;
  const day = process.dayOf(offer.at);
  const best = Math.max(process.ebayPrice(truth.productId, day), ...[20, 40, 60].map((ahead) => process.expectedPrice(truth.productId, day, day + ahead) * process.ebayRatio(truth.productId, day)));
  const unit = state.priceMinor / (book.outlet(offer.outletId).currency === 'DZD' ? DZD_PER_USD : 1) / book.offers(offer.outletId)[offer.number - 1]!.pricedUnits;
  return unit > best * RATIOS.at(-1)! * 0.87;
}

const withExtra = (profit: TrueProfit, extraMinor: number): TrueProfit => ({ ...profit, costMinor: profit.costMinor + extraMinor, profitMinor: profit.profitMinor - extraMinor });

export interface ProfitableOffer extends TrueProfit {
  readonly outletId: OutletId;
  readonly number: number;
}

export interface ProfitFloor {
  /** Least profit of the whole lot, USD cents, and least share of its cost. */
  readonly minimumMinor?: number;
  readonly minimumRoi?: number;
  /** What a unit costs beyond its price and carriage, such as prep: taken off before the floors are applied and the best quantity is chosen. USD cents. */
  readonly extraPerUnitMinor?: number;
  readonly priceRatios?: readonly number[];
}

/** Offers of an outlet that are worth buying at an instant, at their best quantity of up to 4; best profit first. Default floor: 2.00 USD and 15 % of cost. */
export function trulyProfitable(world: World, outletId: OutletId, at: Instant, floor: ProfitFloor = {}): ProfitableOffer[] {
  const { minimumMinor = 200, minimumRoi = 0.15, extraPerUnitMinor = 0 } = floor;
  const { book } = internalsOf(world);
  const found: ProfitableOffer[] = [];
  for (const { number } of world.shops.offers(outletId)) {
    const most = Math.min(4, world.shops.available(outletId, number, at));
    if (most === 0 || hopeless(world, { outletId, number, at })) continue;
    const courses = coursesOf(world, internalsOf(world).book.truth(outletId, number)!.productId, { at, priceRatios: floor.priceRatios });
    let best: TrueProfit | null = null;
    for (let quantity = 1; quantity <= most; quantity++) {
      const whole = bestProfit(world, { outletId, number, at, quantity }, courses);
      const profit = whole && withExtra(whole, extraPerUnitMinor * quantity * book.offers(outletId)[number - 1]!.pricedUnits);
      const enough = profit && profit.profitMinor >= minimumMinor && profit.profitMinor >= minimumRoi * profit.costMinor;
      if (enough && (!best || profit.profitMinor > best.profitMinor)) best = profit;
    }
    if (best) found.push({ ...best, outletId, number });
  }
  return found.sort((a, b) => b.profitMinor - a.profitMinor || a.number - b.number);
}

export interface EffectCounts {
  /** Orders by outlet and reference: any count above 1 is a double purchase. */
  readonly shopOrdersByReference: Readonly<Record<string, number>>;
  readonly shopOrdersByOutlet: Readonly<Record<string, number>>;
  readonly unitsBought: number;
  /** Active listings by sku: any count above 1 on one channel is a double listing. */
  readonly activeListingsBySku: Readonly<Record<string, number>>;
  readonly sales: number;
  readonly unitsSold: number;
}

function tally(keys: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}

export function countEffects(world: World): EffectCounts {
  const effects = world.effects();
  return {
    shopOrdersByReference: tally(effects.shopOrders.map((o) => `${o.outletId}|${o.reference}`)), shopOrdersByOutlet: tally(effects.shopOrders.map((o) => o.outletId)),
    unitsBought: effects.shopOrders.reduce((total, o) => total + o.lines.reduce((units, line) => units + line.quantity * (world.shops.offers(o.outletId)[line.offerNumber - 1]?.pricedUnits ?? 1), 0), 0),
    activeListingsBySku: tally(effects.listings.filter((l) => l.status === 'active').map((l) => `${l.channel}|${l.sku}`)), sales: effects.sales.length, unitsSold: effects.sales.reduce((total, s) => total + s.quantity, 0),
  };
}

