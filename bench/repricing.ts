/**
 * The repricer beside three simple ones in the practice world: the same stock at the same cost, listed on the same day under the same floor, for 60 days. What each sees is what a data vendor shows (the lowest
 * offer and the others' offers of that morning, the history before it, how often the rank dropped) and its own sales; the world's own buyers decide what sells. No policy is told how they choose.
 */
import { addObserved, choosePrice, DEFAULT_RULE, noEvidence, othersOf, poolBelief, rivalPrices, viewFromHistory, type Evidence, type MarketView, type PricePoint } from '#engine/repricing/index.ts';
import { floorPrice } from '#engine/listings/index.ts';
import { compileFees, readFeeCards, resolveCategory, selectFeeCard, type SeasonWave } from '#engine/pricing/index.ts';
import { money } from '#kernel/money.ts';
import { seededRandom } from '#kernel/random.ts';
import { DAY_MS, HOUR_MS, ManualClock, utcDay } from '#kernel/time.ts';
import { createWorld, type World } from '#practice/world/index.ts';
import { SALVAGE } from '#practice/world/truth.ts';
import { START } from './found/open-world.ts';
import { learnWorldSeasons } from './learn-world-seasons.ts';
import { Desk, type DeskTerms } from './repricing-channels.ts';
import { benchRow, type BenchRow } from './row.ts';

const SEEDS = process.env['RESALE_BENCH_SEEDS']?.split(',').map(Number) ?? Array.from({ length: 20 }, (_, i) => i + 1);
const DAYS = 60;
const PRODUCTS = 1_000;
const LOTS = 40;
/** Days of prices that rules without a forecast look at: more than the month that the usual price is of. */
const PLAIN_DAYS = 60;
const MIN_ROI_BP = 500;
const POLICIES = ['ours', 'match lowest', 'fixed margin', 'undercut by 1 %'] as const;
type Policy = (typeof POLICIES)[number];

interface Lot {
  readonly id: number;
  readonly units: number;
  readonly costMinor: number;
  readonly floorMinor: number;
  readonly postageMinor: number;
  readonly feesAt: (minor: number) => number;
}

const cards = readFeeCards(new URL('../resources/fee-cards', import.meta.url).pathname);
const card = selectFeeCard(cards, 'ebay-us', utcDay(START))!;

function lotOf(world: World, id: number, given: { units: number; costMinor: number }): Lot {
  const product = world.catalog.byId(id);
  const fees = compileFees(card, { category: resolveCategory(card, world.catalog.category(product.category).name), fulfilment: 'fbm', buyerShipping: money(0, 'USD'), salesTaxBp: 700, package: null, storeLevel: 'none', day: utcDay(START) });
  const feesAt = fees.totalMinor;
  const postageMinor = world.fees.labelMinor(id, 1);
  const floorMinor = floorPrice({ unitCostMinor: given.costMinor, shippingOutMinor: postageMinor, minProfitMinor: Math.round((given.costMinor * MIN_ROI_BP) / 10_000), buyerShippingMinor: 0, feesAt })!;
  return { id, ...given, floorMinor, postageMinor, feesAt };
}

/** Stock as a buyer would have it: things that sell on eBay, bought at 45 to 75 % of what a sale leaves that day. */
function drawLots(world: World): Lot[] {
  const random = seededRandom(`repricing:${world.seed}`);
  const lots: Lot[] = [];
  for (let tries = 0; lots.length < LOTS && tries < 20_000; tries++) {
    const product = world.catalog.byId(random.int(PRODUCTS));
    if (product.kind !== 'ordinary' || product.ipRiskBrand || lots.some((lot) => lot.id === product.id)) continue;
    const seen = world.market.snapshot(product.id, START);
    const price = seen.values.ebayNew;
    if (price === null || price < 1_200 || seen.salesRankDrops90 < 8) continue;
    const left = price * 0.86 - world.fees.labelMinor(product.id, 1);
    const lot = lotOf(world, product.id, { units: 1 + random.int(8), costMinor: Math.round(left * (0.45 + 0.3 * random.next())) });
    if (left > 300) lots.push(lot);
  }
  return lots;
}

/** @param seen how far back is looked, and the season of its category; the prices alone take no season and few days */
function viewOf(world: World, id: number, seen: { readonly days: number; readonly season: SeasonWave | null }): MarketView | null {
  const at = world.now();
  const snapshot = world.market.snapshot(id, at);
  return viewFromHistory({
    currency: 'USD', at, source: 'practice', lowest: world.market.history(id, 'ebayNew', { from: at - seen.days * DAY_MS, to: at }), buyBoxMinor: null, rivalsMinor: world.market.ebayListings(id, at).map((offer) => offer.priceMinor + offer.shippingMinor), rivalCount: null,
    rankDrops30: snapshot.salesRankDrops30, monthlySold: snapshot.values.monthlySold, salesOf: 'amazon', season: seen.season,
  });
}

class Seller {
  readonly #world: World;
  readonly #clock: ManualClock;
  readonly #policy: Policy;
  readonly #lots: Lot[];
  readonly #seasonOf: (id: number) => SeasonWave | null;
  readonly #evidence = new Map<number, Evidence>();
  readonly #own = new Map<number, PricePoint[]>();
  readonly #last = new Map<number, { ratio: number; others: readonly number[]; season: number; units: number }>();
  readonly #shipped = new Set<string>();
  belowFloor = 0;
  changes = 0;

  constructor(seed: number, policy: Policy) {
    this.#clock = new ManualClock(START);
    this.#world = createWorld({ seed, clock: this.#clock, startAt: START, productCount: PRODUCTS, priceListRows: 10 });
    this.#policy = policy;
    this.#lots = drawLots(this.#world);
    this.#seasonOf = policy === 'ours' ? learnWorldSeasons(this.#world, { products: PRODUCTS, at: START }) : () => null;
  }

  #price(lot: Lot, current: number | null, left: number): number {
    const view = viewOf(this.#world, lot.id, this.#policy === 'ours' ? { days: 400, season: this.#seasonOf(lot.id) } : { days: PLAIN_DAYS, season: null });
    const now = this.#world.now();
    const lowest = view?.lowestMinor ?? view?.usualMinor ?? lot.floorMinor;
    if (this.#policy === 'match lowest') return Math.max(lot.floorMinor, lowest);
    if (this.#policy === 'undercut by 1 %') return Math.max(lot.floorMinor, Math.floor(lowest * 0.99));
    const rule = this.#policy === 'ours' ? { ...DEFAULT_RULE, minRoiBp: MIN_ROI_BP, sellWithinDays: DAYS } : { ...DEFAULT_RULE, strategy: 'fixed-margin' as const, marginBp: 2_500 };
    const evidence = this.#evidence.get(lot.id) ?? noEvidence(view?.unitsPerDay ?? 0.1);
    this.#evidence.set(lot.id, evidence);
    const own = this.#own.get(lot.id) ?? [];
    const chosen = choosePrice({
      listingId: String(lot.id), currency: 'USD', now, listedAt: START, units: left, priceMinor: current ?? Math.max(lot.floorMinor, lowest), floorMinor: lot.floorMinor, unitCostMinor: lot.costMinor, postageMinor: lot.postageMinor, feesAt: lot.feesAt, rule,
      market: view, evidence, pool: this.#pool, ownPrices: own, changesToday: 0, channelChangesLeft: null,
    });
    const reference = view?.lowestMinor ?? view?.usualMinor;
    if (view && reference) this.#last.set(lot.id, { ratio: chosen.toMinor / reference, others: othersOf({ referenceMinor: reference, rivalsMinor: rivalPrices(view, reference) }), season: view.season, units: left });
    return chosen.toMinor;
  }

  #pool: readonly number[] = poolBelief([]);

  #day(): void {
    const listings = new Map(this.#world.listings('ebay').map((listing) => [listing.sku, listing]));
    if (this.#policy === 'ours') {
      for (const lot of this.#lots) {
        const before = this.#last.get(lot.id);
        const evidence = this.#evidence.get(lot.id);
        const left = listings.get(String(lot.id))?.quantity ?? lot.units;
        if (before && evidence && before.units > 0) this.#evidence.set(lot.id, addObserved(evidence, { ...before, units: before.units - left, days: 1 }));
      }
      this.#pool = poolBelief([...this.#evidence.values()]);
    }
    for (const lot of this.#lots) {
      const listing = listings.get(String(lot.id));
      if (listing && listing.quantity === 0) {
        this.#last.delete(lot.id);
        continue;
      }
      const price = this.#price(lot, listing?.priceMinor ?? null, listing?.quantity ?? lot.units);
      if (price < lot.floorMinor) this.belowFloor += 1;
      if (!listing) this.#world.actions.createListing({ channel: 'ebay', sku: String(lot.id), productId: lot.id, condition: 'new', priceMinor: price, shippingMinor: 0, quantity: lot.units });
      else if (price !== listing.priceMinor) {
        this.changes += 1;
        this.#world.actions.reviseListing(listing.id, { priceMinor: price });
      }
      const own = this.#own.get(lot.id) ?? [];
      if (own.at(-1)?.minor !== price) this.#own.set(lot.id, [...own, { at: this.#world.now(), minor: price }]);
    }
    for (const sale of this.#world.sales('ebay')) {
      if (sale.status !== 'paid' || this.#shipped.has(sale.id)) continue;
      this.#shipped.add(sale.id);
      this.#world.actions.shipSale(sale.id, { carrier: 'USPS', number: sale.lineItemId });
    }
  }

  /** Profit after 60 days; what is left counts at what a quick sale would leave, less its cost. */
  run(): { profitMinor: number; sold: number; units: number } {
    for (let day = 0; day < DAYS; day++) {
      this.#clock.advanceTo(START + day * DAY_MS + 9 * HOUR_MS);
      this.#world.now();
      this.#day();
    }
    this.#clock.advanceTo(START + DAYS * DAY_MS);
    this.#world.now();
    const lots = new Map(this.#lots.map((lot) => [String(lot.id), lot]));
    const left = new Map(this.#lots.map((lot) => [String(lot.id), lot.units]));
    let [profit, sold] = [0, 0];
    for (const sale of this.#world.sales('ebay')) {
      if (sale.status === 'cancelled') continue;
      const lot = lots.get(sale.sku)!;
      sold += sale.quantity;
      left.set(sale.sku, left.get(sale.sku)! - sale.quantity);
      profit += sale.totalMinor - sale.salesTaxMinor - sale.feeMinor + sale.feeCreditMinor - lot.postageMinor * sale.quantity - lot.costMinor * sale.quantity - (sale.return ? sale.totalMinor - sale.salesTaxMinor : 0);
    }
    for (const [sku, units] of left) {
      const lot = lots.get(sku)!;
      const going = this.#world.market.value(lot.id, 'ebayNew', this.#world.now()) ?? 0;
      profit += units * (Math.max(0, SALVAGE * (going * 0.86 - lot.postageMinor)) - lot.costMinor);
    }
    this.#world.close();
    return { profitMinor: Math.round(profit), sold, units: this.#lots.reduce((sum, lot) => sum + lot.units, 0) };
  }
}

/**
 * A desk with more cash than it can use, one that has to sell before it buys, one that buys the same things again and again, as a source goes on offering them, and one that buys forty standing offers again
 * whenever it has sold what it had of one.
 */
const DESKS: readonly (Omit<DeskTerms, 'seed' | 'on'> & { readonly name: string; readonly seeds: readonly number[] })[] = [{ name: 'cash to spare', cashMinor: 1_000_000, lotsPerDay: 2, again: 0, seeds: [31, 32, 33] }, { name: 'short of cash', cashMinor: 50_000, lotsPerDay: 5, again: 0, seeds: [31, 32, 51, 52] }, { name: 'cash to spare, the same things again', cashMinor: 1_000_000, lotsPerDay: 2, again: 0.7, seeds: [31, 32, 33] }, { name: 'what is sold out is bought again', cashMinor: 1_000_000, lotsPerDay: 0, standing: 40, seeds: [71, 72, 73, 74, 75] }];

/** Repricing on beside off, with stock that is bought day by day and stands on four channels. */
function onBesideOff(): BenchRow[] {
  let below = 0;
  const rows = DESKS.map(({ name, seeds, ...terms }) => {
    let [on, off, won] = [0, 0, 0];
    for (const seed of seeds) {
      const [with_, without] = [true, false].map((is) => new Desk({ seed, on: is, ...terms }).run()) as [ReturnType<Desk['run']>, ReturnType<Desk['run']>];
      on += with_.profitMinor;
      off += without.profitMinor;
      below += with_.belowFloor;
      if (with_.profitMinor > without.profitMinor) won += 1;
      process.stderr.write(`${name}, seed ${seed}: on ${(with_.profitMinor / 100).toFixed(0)} (${with_.sold} sold, ${with_.left} left, ${with_.changes} changes), off ${(without.profitMinor / 100).toFixed(0)} (${without.sold} sold, ${without.left} left)\n`);
    }
    return benchRow({ name: `repricing on, four channels, ${name}: profit of ${seeds.length} worlds; won ${won}`, value: on / 100, unit: 'USD', floorName: 'off', floorValue: off / 100, target: 'above', ok: on > off });
  });
  return [...rows, benchRow({ name: 'repricing on, four channels: prices below the floor', value: below, unit: 'prices', floorName: 'none', floorValue: 0, target: '0', ok: below === 0 })];
}

export function run(): Promise<BenchRow[]> {
  const totals = new Map<Policy, number>(POLICIES.map((policy) => [policy, 0]));
  const wins = new Map<Policy, number>(POLICIES.map((policy) => [policy, 0]));
  let below = 0;
  const lines: string[] = [];
  for (const seed of SEEDS) {
    const found = POLICIES.map((policy) => {
      const seller = new Seller(seed, policy);
      const result = seller.run();
      below += seller.belowFloor;
      totals.set(policy, totals.get(policy)! + result.profitMinor);
      return { policy, ...result, changes: seller.changes };
    });
    for (const other of found.slice(1)) if (found[0]!.profitMinor > other.profitMinor) wins.set(other.policy, wins.get(other.policy)! + 1);
    lines.push(`seed ${seed}: ${found.map((r) => `${r.policy} ${(r.profitMinor / 100).toFixed(0)} (${r.sold}/${r.units} sold, ${r.changes} changes)`).join('; ')}`);
  }
  process.stderr.write(`${lines.join('\n')}\n`);
  const ours = totals.get('ours')!;
  return Promise.resolve([
    ...POLICIES.slice(1).map((policy) => benchRow({ name: `repricing: profit of ${SEEDS.length} worlds; won ${wins.get(policy)} of ${SEEDS.length}`, value: ours / 100, unit: 'USD', floorName: policy, floorValue: totals.get(policy)! / 100, target: 'above', ok: ours > totals.get(policy)! })),
    benchRow({ name: 'repricing: prices below the floor', value: below, unit: 'prices', floorName: 'none', floorValue: 0, target: '0', ok: below === 0 }),
    ...onBesideOff(),
  ]);
}
