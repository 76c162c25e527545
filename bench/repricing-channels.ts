/**
 * Repricing on beside off, as a desk has it: stock comes in every day as far as the cash goes, each lot stands on four channels at once, and what is sold buys again. Off, a listing keeps the price that the
 * market showed when it was listed. Both see what the data vendor shows and their own sales; the world's buyers decide.
 */
import { addObserved, choosePrice, DEFAULT_RULE, joinSiblings, mergeEvidence, noEvidence, poolBelief, meanDemand, shareOfTime, standingOf, viewFromHistory, type Evidence, type MarketView, type OfferElsewhere, type PricePoint, type Sibling, type Standing } from '#engine/repricing/index.ts';
import { floorPrice } from '#engine/listings/index.ts';
import { compileFees, readFeeCards, resolveCategory, selectFeeCard, type SeasonWave } from '#engine/pricing/index.ts';
import { money } from '#kernel/money.ts';
import { seededRandom, type Random } from '#kernel/random.ts';
import { DAY_MS, HOUR_MS, ManualClock, utcDay } from '#kernel/time.ts';
import { createWorld, type World } from '#practice/world/index.ts';
import { SALVAGE } from '#practice/world/truth.ts';
import { START } from './found/open-world.ts';
import { learnWorldSeasons } from './learn-world-seasons.ts';

const PRODUCTS = 1_000;
const HOURS = 60 * 24;
const LATE_LOTS = 25;
const MIN_PROFIT_MINOR = 300;
/** Every live listing is looked at this often, and those of a lot after each sale. */
const LOOK_HOURS = 12;
/** From an order at a shop to the shelf. */
const LEAD_DAYS = 5;
/** The most that money is taken to earn a day, as in the program. */
const MOST_EARNING = 0.05;
const CHANNELS = { ebay: 'ebay-us', amazon: 'amazon-us', shopify: 'shopify', woocommerce: 'woocommerce' } as const;
type Channel = keyof typeof CHANNELS;
const NAMES = Object.keys(CHANNELS) as Channel[];

export interface DeskTerms {
  readonly seed: number;
  readonly on: boolean;
  readonly cashMinor: number;
  readonly lotsPerDay: number;
  /** Chance that a lot is of a thing that was bought before, of the last `LATE_LOTS`: what a source offers, it goes on offering. None unless told. */
  readonly again?: number;
  /** So many offers stand all the time, and one is bought again when what was bought of it is sold out, as the desk's opportunities open again; it does not follow `lotsPerDay` then. None unless told. */
  readonly standing?: number;
}

/** An offer of a shop that stands: it asks this share of what a sale leaves on eBay that day. */
interface ShopOffer {
  readonly id: number;
  readonly units: number;
  readonly share: number;
  /** On the shelf, or on its way until then. */
  lot: Lot | null;
  arrivesAt: number | null;
}

export interface DeskResult {
  /** Of what was sold; what is left counts at a quick sale's worth less its cost. */
  readonly profitMinor: number;
  readonly sold: number;
  readonly left: number;
  readonly changes: number;
  readonly belowFloor: number;
}

interface Offer {
  readonly channel: Channel;
  readonly worldId: string;
  readonly floorMinor: number;
  readonly feesAt: (minor: number) => number;
  readonly prices: PricePoint[];
  evidence: Evidence;
  standing: Standing | null;
  observedAt: number;
  soldSince: number;
}

interface Lot {
  readonly id: number;
  readonly sku: string;
  readonly costMinor: number;
  readonly postageMinor: number;
  readonly listedAt: number;
  readonly offers: Offer[];
  /** Where it was bought, if that goes on standing. */
  readonly of: ShopOffer | null;
  left: number;
}

const cards = readFeeCards(new URL('../resources/fee-cards', import.meta.url).pathname);
const priceOf = (offer: Offer) => offer.prices.at(-1)!.minor;
const offersOn = (lot: Lot, channel: Channel) => lot.offers.filter((offer) => offer.channel === channel);
const evidenceOn = (lots: readonly Lot[], channel: Channel) => lots.flatMap((lot) => offersOn(lot, channel).map((offer) => offer.evidence));

export class Desk {
  readonly #terms: DeskTerms;
  readonly #clock = new ManualClock(START);
  readonly #world: World;
  readonly #random: Random;
  readonly #seasonOf: (id: number) => SeasonWave | null;
  readonly #lots: Lot[] = [];
  readonly #shop: ShopOffer[] = [];
  readonly #heard = new Map<Channel, number>();
  readonly #views = new Map<string, MarketView>();
  readonly #earned: { readonly at: number; readonly minor: number }[] = [];
  #cashMinor: number;
  #result = { profitMinor: 0, sold: 0, left: 0, changes: 0, belowFloor: 0 };

  constructor(terms: DeskTerms) {
    this.#terms = terms;
    this.#cashMinor = terms.cashMinor;
    this.#random = seededRandom(`repricing-channels:${terms.seed}`);
    this.#world = createWorld({ seed: terms.seed, clock: this.#clock, startAt: START, productCount: PRODUCTS, priceListRows: 10 });
    this.#seasonOf = terms.on ? learnWorldSeasons(this.#world, { products: PRODUCTS, at: START }) : () => null;
    for (let n = 0; n < (terms.standing ?? 0); n++) {
      const { id, units, share } = this.#candidate();
      this.#shop.push({ id, units, share, lot: null, arrivesAt: null });
    }
  }

  #feesOn(channel: Channel, id: number): (minor: number) => number {
    const card = selectFeeCard(cards, CHANNELS[channel], utcDay(START))!;
    const category = resolveCategory(card, this.#world.catalog.category(this.#world.catalog.byId(id).category).name);
    return compileFees(card, { category, fulfilment: 'fbm', buyerShipping: money(0, 'USD'), salesTaxBp: 700, package: null, storeLevel: 'none', day: utcDay(START) }).totalMinor;
  }

  #goingOn(channel: Channel, id: number): number | null {
    const { values } = this.#world.market.snapshot(id, this.#world.now());
    return channel === 'amazon' ? (values.buyBox ?? values.new) : values.ebayNew;
  }

  /** As the program has it from the data vendor: once a day, and of rivals' prices on eBay nothing but the lowest. */
  #viewOf(channel: Channel, id: number): MarketView {
    const at = this.#world.now();
    const key = `${Math.floor(at / DAY_MS)}:${channel}:${id}`;
    const known = this.#views.get(key);
    if (known) return known;
    const { market } = this.#world;
    const { values, salesRankDrops30 } = market.snapshot(id, at);
    const amazon = channel === 'amazon';
    const series = amazon ? (values.buyBox === null ? 'new' : 'buyBox') : 'ebayNew';
    const view = viewFromHistory({
      currency: 'USD', at, source: 'practice', lowest: market.history(id, series, { from: at - 400 * DAY_MS, to: at }), buyBoxMinor: amazon ? values.buyBox : null, rivalsMinor: null, rivalCount: amazon ? values.countNew : null,
      rankDrops30: salesRankDrops30, monthlySold: values.monthlySold, salesOf: amazon ? 'this-channel' : channel === 'ebay' ? 'amazon' : 'amazon-beside-own-shop', season: this.#seasonOf(id),
    });
    this.#views.set(key, view);
    return view;
  }

  /** The same things at the same cost on the same day, whatever is done with prices: bought at 45 to 75 % of what a sale on eBay leaves. */
  #candidate(): { id: number; units: number; share: number; costMinor: number } {
    for (;;) {
      const late = this.#lots.slice(-LATE_LOTS);
      const id = (this.#terms.again ?? 0) > 0 && late.length > 0 && this.#random.next() < this.#terms.again! ? late[this.#random.int(late.length)]!.id : this.#random.int(PRODUCTS);
      const [units, share] = [1 + this.#random.int(3), 0.45 + 0.3 * this.#random.next()];
      const product = this.#world.catalog.byId(id);
      if (product.kind !== 'ordinary' || product.ipRiskBrand) continue;
      const left = this.#leftOf(id);
      if (left >= 600 && this.#world.market.snapshot(id, this.#world.now()).salesRankDrops90 >= 20) return { id, units, share, costMinor: Math.round(left * share) };
    }
  }

  #leftOf(id: number): number {
    return (this.#goingOn('ebay', id) ?? 0) * 0.86 - this.#world.fees.labelMinor(id, 1);
  }

  /** Orders what is sold out, and shelves what arrives. */
  #buyAgain(): void {
    const now = this.#world.now();
    for (const offer of this.#shop) {
      if (offer.arrivesAt !== null && offer.arrivesAt <= now) {
        offer.arrivesAt = null;
        offer.lot = this.#receive(offer);
      } else if (offer.arrivesAt === null && (offer.lot === null || offer.lot.left === 0)) offer.arrivesAt = now + LEAD_DAYS * DAY_MS;
    }
  }

  #receive(offer: ShopOffer): Lot | null {
    const left = this.#leftOf(offer.id);
    const costMinor = Math.round(left * offer.share);
    // a thing that went cheap is not worth its postage
    return left < 600 || offer.units * costMinor > this.#cashMinor ? null : this.#shelve({ id: offer.id, units: offer.units, costMinor }, offer);
  }

  #shelve({ id, units, costMinor }: { readonly id: number; readonly units: number; readonly costMinor: number }, of: ShopOffer | null): Lot {
    this.#cashMinor -= units * costMinor;
    const lot: Lot = { id, sku: `L${this.#lots.length}`, costMinor, postageMinor: this.#world.fees.labelMinor(id, 1), listedAt: this.#world.now(), offers: [], of, left: units };
    for (const channel of NAMES) this.#list(lot, channel);
    this.#lots.push(lot);
    return lot;
  }

  #buy(): void {
    for (let n = 0; n < this.#terms.lotsPerDay; n++) {
      const { id, units, costMinor } = this.#candidate();
      if (units * costMinor <= this.#cashMinor) this.#shelve({ id, units, costMinor }, null);
    }
  }

  #list(lot: Lot, channel: Channel): void {
    const feesAt = this.#feesOn(channel, lot.id);
    const floorMinor = floorPrice({ unitCostMinor: lot.costMinor, shippingOutMinor: lot.postageMinor, minProfitMinor: Math.max(MIN_PROFIT_MINOR, Math.ceil((lot.costMinor * DEFAULT_RULE.minRoiBp) / 10_000)), buyerShippingMinor: 0, feesAt });
    const going = this.#goingOn(channel, lot.id);
    if (floorMinor === null || going === null) return;
    const priceMinor = Math.max(floorMinor, going);
    const made = this.#world.actions.createListing({ channel, sku: lot.sku, productId: lot.id, condition: 'new', priceMinor, shippingMinor: 0, quantity: lot.left });
    if (!made.ok) throw new Error(made.refusal.message);
    lot.offers.push({ channel, worldId: made.value.id, floorMinor, feesAt, prices: [{ at: lot.listedAt, minor: priceMinor }], evidence: noEvidence(this.#viewOf(channel, lot.id).unitsPerDay), standing: null, observedAt: lot.listedAt, soldSince: 0 });
  }

  /** Sales since the last hour: sent, booked, and taken off the other channels. A sale beyond the stock is cancelled. */
  #hear(): Set<Lot> {
    const touched = new Set<Lot>();
    for (const channel of NAMES) {
      const sales = this.#world.sales(channel);
      for (const sale of sales.slice(this.#heard.get(channel) ?? 0)) {
        const lot = this.#lots[Number(sale.sku.slice(1))]!;
        if (sale.quantity > lot.left) {
          this.#world.actions.cancelSale(sale.id);
          continue;
        }
        const profit = sale.totalMinor - sale.salesTaxMinor - sale.feeMinor - (lot.postageMinor + lot.costMinor) * sale.quantity;
        lot.left -= sale.quantity;
        lot.offers.find((offer) => offer.channel === channel)!.soldSince += sale.quantity;
        this.#earned.push({ at: this.#world.now(), minor: profit });
        this.#cashMinor += profit + lot.costMinor * sale.quantity;
        this.#result.profitMinor += profit;
        this.#result.sold += sale.quantity;
        touched.add(lot);
        this.#world.actions.shipSale(sale.id, { carrier: 'USPS', number: sale.lineItemId });
      }
      this.#heard.set(channel, sales.length);
    }
    for (const lot of touched) {
      for (const offer of lot.offers) {
        this.#world.actions.reviseListing(offer.worldId, { quantity: lot.left });
        if (lot.left === 0) this.#learn(offer);
      }
    }
    return touched;
  }

  /** Profit of 30 days by stock and cash, a day; of a week at least. */
  #earningPerDay(): number {
    const since = this.#world.now() - 30 * DAY_MS;
    const profit = this.#earned.reduce((sum, one) => sum + (one.at >= since ? one.minor : 0), 0);
    const capital = this.#lots.reduce((sum, lot) => sum + lot.left * lot.costMinor, Math.max(0, this.#cashMinor));
    return Math.min(MOST_EARNING, Math.max(0, profit) / Math.max(1, capital) / Math.min(30, Math.max(7, (this.#world.now() - START) / DAY_MS)));
  }

  #reprice(lots: Iterable<Lot>): void {
    const earningPerDay = this.#earningPerDay();
    const things = new Map<number, Lot[]>();
    for (const lot of this.#lots) things.set(lot.id, [...(things.get(lot.id) ?? []), lot]);
    const pools = new Map(NAMES.map((channel) => [channel, poolBelief([...things.values()].flatMap((same) => mergeEvidence(evidenceOn(same, channel)) ?? []))]));
    for (const lot of lots) {
      if (lot.left === 0) continue;
      const same = things.get(lot.id)!;
      for (const offer of lot.offers) {
        this.#learn(offer);
        this.#repriceOne(lot, offer, { pool: pools.get(offer.channel)!, earningPerDay, evidence: mergeEvidence(evidenceOn(same, offer.channel))!, live: same.filter((other) => other.left > 0) });
      }
    }
  }

  /** What sold out teaches too, or only what does not sell would. */
  #learn(offer: Offer): void {
    const now = this.#world.now();
    const days = (now - offer.observedAt) / DAY_MS;
    if (offer.standing && (days > 0 || offer.soldSince > 0)) offer.evidence = addObserved(offer.evidence, { ...offer.standing, units: offer.soldSince, days });
    offer.standing = null;
    offer.observedAt = now;
    offer.soldSince = 0;
  }

  #repriceOne(lot: Lot, offer: Offer, known: { readonly pool: readonly number[]; readonly earningPerDay: number; readonly evidence: Evidence; readonly live: readonly Lot[] }): void {
    const now = this.#world.now();
    const market = this.#viewOf(offer.channel, lot.id);
    const { live, pool, evidence, earningPerDay } = known;
    const siblings = live.flatMap((other) => (other === lot ? [] : offersOn(other, offer.channel).map((there): Sibling => ({ priceMinor: priceOf(there), floorMinor: there.floorMinor, units: other.left, listedAt: other.listedAt }))));
    const elsewhere = NAMES.flatMap((channel): OfferElsewhere[] => {
      const { standing } = live.flatMap((other) => offersOn(other, channel)).toSorted((a, b) => priceOf(a) - priceOf(b))[0] ?? {};
      return channel === offer.channel || standing?.perDay === undefined || standing.keptMinor === undefined ? [] : [{ perDay: standing.perDay, keptMinor: standing.keptMinor }];
    });
    const { action, toMinor } = choosePrice({
      listingId: `${lot.sku}:${offer.channel}`, thing: `${lot.id}:${offer.channel}`, currency: 'USD', now, ...joinSiblings({ units: lot.left, listedAt: lot.listedAt }, siblings), priceMinor: priceOf(offer), floorMinor: offer.floorMinor, unitCostMinor: lot.costMinor, postageMinor: lot.postageMinor,
      feesAt: offer.feesAt, rule: DEFAULT_RULE, market, evidence, pool, earningPerDay, elsewhere, again: lot.of && { chance: 1, units: lot.of.units, costRatio: Math.max(1, Math.round(this.#leftOf(lot.id) * lot.of.share)) / lot.costMinor }, ownPrices: offer.prices, changesToday: offer.prices.filter((price, n) => n > 0 && price.at > now - DAY_MS).length, channelChangesLeft: null,
    });
    const standing = standingOf(market, { priceMinor: toMinor, keptMinor: toMinor - offer.feesAt(toMinor) - lot.postageMinor, demand: meanDemand(evidence, pool) });
    offer.standing = standing && { ...standing, timeShare: shareOfTime({ priceMinor: toMinor, floorMinor: offer.floorMinor }, siblings) };
    if (toMinor < offer.floorMinor) this.#result.belowFloor += 1;
    if (action !== 'change') return;
    this.#result.changes += 1;
    offer.prices.push({ at: now, minor: toMinor });
    this.#world.actions.reviseListing(offer.worldId, { priceMinor: toMinor });
  }

  run(): DeskResult {
    for (let hour = 9; hour <= HOURS; hour++) {
      this.#clock.advanceTo(START + hour * HOUR_MS);
      this.#world.now();
      const touched = this.#hear();
      if (hour % 24 === 9 && this.#terms.standing === undefined) this.#buy();
      else if (hour % 24 === 9) this.#buyAgain();
      if (this.#terms.on && (hour % LOOK_HOURS === 0 || touched.size > 0)) this.#reprice(hour % LOOK_HOURS === 0 ? this.#lots : touched);
    }
    for (const lot of this.#lots) {
      const going = this.#goingOn('ebay', lot.id) ?? 0;
      this.#result.left += lot.left;
      this.#result.profitMinor += lot.left * (Math.round(SALVAGE * Math.max(0, going * 0.86 - lot.postageMinor)) - lot.costMinor);
    }
    this.#world.close();
    return this.#result;
  }
}
