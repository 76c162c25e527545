import { DAY_MS, HOUR_MS, type Instant } from '#kernel/time.ts';
import { profileOf } from './categories.ts';
import { captureShare, HOUR_SHARE } from './demand.ts';
import { mix, poissonAt, uniform } from './hash.ts';
import { feesOf, isSmall, refundsOf, sellersPart, shareOfBuyers, traitOf, type SmallChannel } from './selling-channels.ts';
import type { MarketProcess } from './simulate-market.ts';
import type { Address, Catalog, Channel, FeeLine, Fees, Listing, Product, ProductId, ReturnReason, Sale } from './types.ts';
import { CITIES, FIRST_NAMES, LAST_NAMES, STREETS } from './vocabulary.ts';

/** A buyer cancels before shipping this often; one who waits too long always does. */
const CANCEL_RATE = 0.015;
const PATIENCE_DAYS = 6;
/** Returns when something else than was listed arrives. */
const WRONG_ITEM_RETURN_RATE = 0.85;
/** The channel refunds a return by itself after so many days. */
const AUTO_REFUND_DAYS = 5;
/** Daily chance that a brand that complains has a reseller's listing taken down. */
export const TAKE_DOWN_RATE = 0.03;
const TWO_UNITS = 0.06;
const REASONS: Readonly<Record<'clothing' | 'other', readonly ReturnReason[]>> = {
  clothing: ['wrong-size', 'wrong-size', 'wrong-size', 'changed-mind', 'not-as-described', 'defective'],
  other: ['changed-mind', 'changed-mind', 'defective', 'not-as-described', 'arrived-late', 'wrong-item'],
};

interface Timer {
  readonly kind: 'cancel' | 'give-up' | 'deliver' | 'return' | 'auto-refund';
  readonly saleId: string;
}

interface Group {
  readonly productId: ProductId;
  readonly channel: Channel;
  readonly listings: Listing[];
  /** Units a day at `key` on `day`. */
  day: number;
  key: number;
  rate: number;
}

const ceilHour = (instant: Instant): Instant => Math.ceil(instant / HOUR_MS) * HOUR_MS;

/** Buyers of our listings: hour by hour, each product's count drawn from (seed, product, hour) alone. Everything happens on whole hours. */
export class Buyers {
  readonly sales: Sale[] = [];
  readonly #byChannel: Readonly<Record<Channel, Sale[]>> = { ebay: [], amazon: [], woocommerce: [], shopify: [], etsy: [] };
  readonly byId = new Map<string, Sale>();
  readonly #world: { readonly seed: number; readonly catalog: Catalog; readonly process: MarketProcess; readonly fees: Fees };
  readonly #groups = new Map<string, Group>();
  readonly #timers = new Map<Instant, Timer[]>();
  /** Units that we bought as one product and that are another, by what they pass for. */
  readonly #mistaken = new Map<ProductId, number>();
  readonly #wrongSales = new Set<string>();

  constructor(world: { readonly seed: number; readonly catalog: Catalog; readonly process: MarketProcess; readonly fees: Fees }) {
    this.#world = world;
  }

  /** In order of creation; a copy. */
  salesOn(channel: Channel): Sale[] {
    return this.#byChannel[channel].slice();
  }

  get idle(): boolean {
    return this.#groups.size === 0 && this.#timers.size === 0;
  }

  addListing(listing: Listing): void {
    if (listing.productId === null) return;
    const name = `${listing.channel}:${listing.productId}:${listing.condition}`;
    const group = this.#groups.get(name);
    if (group) group.listings.push(listing);
    else this.#groups.set(name, { productId: listing.productId, channel: listing.channel, listings: [listing], day: -1, key: -1, rate: 0 });
  }

  removeListing(listing: Listing): void {
    const name = `${listing.channel}:${listing.productId}:${listing.condition}`;
    const group = this.#groups.get(name);
    if (!group) return;
    const at = group.listings.indexOf(listing);
    if (at >= 0) group.listings.splice(at, 1);
    if (group.listings.length === 0) this.#groups.delete(name);
  }

  /** Units that will be sold as `claimed` and are not. */
  noteMistaken(claimed: ProductId, units: number): void {
    this.#mistaken.set(claimed, (this.#mistaken.get(claimed) ?? 0) + units);
  }

  #schedule(at: Instant, timer: Timer): void {
    const due = ceilHour(at);
    const there = this.#timers.get(due);
    if (there) there.push(timer);
    else this.#timers.set(due, [timer]);
  }

  /** Everything that happens in the hour that ends at `end`. Returns the listings that a brand had taken down. */
  simulateHour(end: Instant): Listing[] {
    for (const timer of this.#timers.get(end) ?? []) this.#fire(timer, end);
    this.#timers.delete(end);
    const takenDown: Listing[] = [];
    const hour = Math.floor((end - HOUR_MS) / HOUR_MS);
    for (const group of this.#groups.values()) {
      if (hour % 24 === 12) this.#complain(group, { end, takenDown });
      this.#sell(group, { end, hour });
    }
    return takenDown;
  }

  #complain(group: Group, at: { end: Instant; takenDown: Listing[] }): void {
    if (group.channel !== 'ebay' || !this.#world.catalog.byId(group.productId).ipRiskBrand) return;
    const day = Math.floor(at.end / DAY_MS);
    for (const listing of group.listings) if (uniform(this.#world.process.plan(group.productId).salt, day, Number(listing.id.slice(-6))) < TAKE_DOWN_RATE) at.takenDown.push(listing);
  }

  /** Units a day that our cheapest offer draws. */
  #rateOf(group: Group, cheapest: Listing, day: number): number {
    const key = cheapest.priceMinor + cheapest.shippingMinor;
    if (group.day === day && group.key === key) return group.rate;
    const { process } = this.#world;
    group.day = day;
    group.key = key;
    const used = cheapest.condition === 'used';
    const ratio = used ? (process.plan(group.productId).usedRatio ?? 0.5) : 1;
    const small = isSmall(group.channel) ? group.channel : null;
    // Buyers of the smaller channels know what eBay asks.
    const onEbay = group.channel === 'ebay' || small !== null;
    const going = (onEbay ? process.ebayPrice(group.productId, day) : process.price(group.productId, day)) * ratio;
    const total = (onEbay ? process.ebayUnits(group.productId, day) : process.amazonUnits(group.productId, day)) * (used ? 0.25 : 1);
    const rivals = small ? traitOf(small).rivals : onEbay ? process.ebaySellers(group.productId, day) : process.sellers(group.productId, day);
    group.rate = total * captureShare(key / going, rivals) * (small ? shareOfBuyers(small, this.#world.catalog.byId(group.productId), cheapest.condition) : 1);
    return group.rate;
  }

  #sell(group: Group, at: { end: Instant; hour: number }): void {
    let cheapest: Listing | null = null;
    for (const l of group.listings) if (l.quantity > 0 && (!cheapest || l.priceMinor + l.shippingMinor < cheapest.priceMinor + cheapest.shippingMinor)) cheapest = l;
    if (!cheapest) return;
    const { process } = this.#world;
    const rate = this.#rateOf(group, cheapest, process.dayOf(at.end - HOUR_MS)) * HOUR_SHARE[((at.hour % 24) + 24) % 24]!;
    if (rate <= 0) return;
    const salt = process.plan(group.productId).salt ^ saltOf(group.channel) ^ (cheapest.condition === 'used' ? 0x77 : 0);
    const orders = poissonAt(uniform(salt, at.hour, 101), rate);
    for (let k = 0; k < orders; k++) {
      const draw = mix(salt, at.hour, 200 + k);
      const listing = group.listings.filter((l) => l.quantity > 0).sort((a, b) => a.priceMinor + a.shippingMinor - b.priceMinor - b.shippingMinor || (a.id < b.id ? -1 : 1))[0];
      if (!listing) return;
      this.#order(listing, { end: at.end, draw });
    }
  }

  #order(listing: Listing, at: { end: Instant; draw: number }): void {
    const product = this.#world.catalog.byId(listing.productId!);
    const quantity = Math.min(listing.quantity, uniform(at.draw, 1, 1) < TWO_UNITS ? 2 : 1);
    const buyer = this.#buyer(at.draw);
    const net = listing.priceMinor * quantity + listing.shippingMinor;
    const { channel } = listing;
    const salesTaxMinor = isSmall(channel) && !traitOf(channel).collectsTax ? 0 : Math.round((net * buyer.taxBasisPoints) / 10_000);
    const totalMinor = net + salesTaxMinor;
    const { fees } = this.#world;
    const feeLines = isSmall(channel) ? feesOf(channel, { netMinor: net, totalMinor, quantity })
      : channel === 'ebay' ? fees.ebay(product.category, { totalMinor, quantity, at: at.end })
        : fees.amazon(product.id, { priceMinor: listing.priceMinor * quantity, shippingMinor: listing.shippingMinor, fba: false, at: at.end });
    // The two marketplaces count together, each other channel by itself: who sells where else changes nothing on a marketplace.
    const serial = 1 + (isSmall(channel) ? this.#byChannel[channel].length : this.#byChannel.ebay.length + this.#byChannel.amazon.length);
    const sale: Sale = {
      id: saleId(this.#world.seed, channel, serial), channel, listingId: listing.id, lineItemId: String((isSmall(channel) ? traitOf(channel).firstLine : 10_000_000_000) + serial * 7), sku: listing.sku, productId: product.id, quantity,
      unitMinor: listing.priceMinor, shippingMinor: listing.shippingMinor, salesTaxMinor, totalMinor, feeMinor: feeLines.reduce((total, line) => total + line.minor, 0), feeCreditMinor: 0, feeLines, createdAt: at.end,
      buyerUsername: buyer.username, shipTo: buyer.address, changedAt: at.end, status: 'paid', cancelledAt: null, shippedAt: null, tracking: null, deliveredAt: null, return: null,
    };
    listing.quantity -= quantity;
    listing.soldQuantity += quantity;
    this.sales.push(sale);
    this.#byChannel[sale.channel].push(sale);
    this.byId.set(sale.id, sale);
    const mistaken = this.#mistaken.get(product.id) ?? 0;
    if (mistaken > 0) {
      this.#mistaken.set(product.id, Math.max(0, mistaken - quantity));
      this.#wrongSales.add(sale.id);
    }
    if (uniform(at.draw, 2, 2) < CANCEL_RATE) this.#schedule(at.end + (1 + (mix(at.draw, 3, 3) % 8)) * HOUR_MS, { kind: 'cancel', saleId: sale.id });
    this.#schedule(at.end + PATIENCE_DAYS * DAY_MS, { kind: 'give-up', saleId: sale.id });
  }

  #buyer(draw: number): { username: string; address: Address; taxBasisPoints: number } {
    const first = FIRST_NAMES[mix(draw, 1, 5) % FIRST_NAMES.length]!;
    const last = LAST_NAMES[mix(draw, 2, 5) % LAST_NAMES.length]!;
    const [city, state, zip, taxBasisPoints] = CITIES[mix(draw, 3, 5) % CITIES.length]!;
    const username = `${first.toLowerCase()}_${last.toLowerCase().slice(0, 4)}${mix(draw, 4, 5) % 1_000}`;
    return {
      username, taxBasisPoints,
      address: {
        name: `${first} ${last}`, line1: `${100 + (mix(draw, 5, 5) % 9_800)} ${STREETS[mix(draw, 6, 5) % STREETS.length]}`, line2: mix(draw, 7, 5) % 5 === 0 ? `Apt ${1 + (mix(draw, 8, 5) % 40)}` : '', city, state,
        // 555-01xx is set aside for fiction.
        postalCode: zip + String(mix(draw, 9, 5) % 100).padStart(2, '0'), country: 'US', phone: `+1 555-01${String(mix(draw, 10, 5) % 100).padStart(2, '0')}`, email: `${username}@buyers.practice.invalid`,
      },
    };
  }

  #fire(timer: Timer, at: Instant): void {
    const sale = this.byId.get(timer.saleId)!;
    if (timer.kind === 'cancel' || timer.kind === 'give-up') {
      if (sale.status === 'paid') this.cancel(sale, at);
    } else if (timer.kind === 'deliver') this.#deliver(sale, at);
    else if (timer.kind === 'return') {
      const wrong = this.#wrongSales.has(sale.id);
      const reasons = this.#world.catalog.byId(sale.productId).category === 'clothing' ? REASONS.clothing : REASONS.other;
      const reason = wrong ? 'not-as-described' : reasons[mix(sale.totalMinor, Number(sale.lineItemId) >>> 0, 6) % reasons.length]!;
      sale.return = { requestedAt: at, reason, refundedAt: null, refundMinor: sale.totalMinor };
      sale.changedAt = at;
      this.#schedule(at + (isSmall(sale.channel) ? traitOf(sale.channel).autoRefundDays : AUTO_REFUND_DAYS) * DAY_MS, { kind: 'auto-refund', saleId: sale.id });
    } else if (sale.return && sale.return.refundedAt === null) this.refund(sale, at);
  }

  #deliver(sale: Sale, at: Instant): void {
    sale.status = 'delivered';
    sale.deliveredAt = at;
    sale.changedAt = at;
    const draw = mix(Number(sale.lineItemId) >>> 0, this.#world.seed, 12);
    const product: Product = this.#world.catalog.byId(sale.productId);
    const rate = this.#wrongSales.has(sale.id) ? WRONG_ITEM_RETURN_RATE : profileOf(product.category).returnRate;
    if (uniform(draw, 1, 13) < rate) this.#schedule(at + (1 + (draw % 12)) * DAY_MS, { kind: 'return', saleId: sale.id });
  }

  /** Called for a sale that is paid and not shipped. A marketplace gives the whole fee back, a smaller channel what it says. */
  cancel(sale: Sale, at: Instant): void {
    sale.status = 'cancelled';
    sale.cancelledAt = at;
    sale.changedAt = at;
    sale.feeCreditMinor = isSmall(sale.channel) ? creditOf(sale, (kind) => traitOf(sale.channel as SmallChannel).givenBack.includes(kind)) : sale.feeMinor;
  }

  ship(sale: Sale, at: Instant, tracking: { readonly carrier: string; readonly number: string }): void {
    sale.status = 'shipped';
    sale.shippedAt = at;
    sale.changedAt = at;
    sale.tracking = { carrier: tracking.carrier, number: tracking.number };
    this.#schedule(at + (2 + (mix(Number(sale.lineItemId) >>> 0, 8, 8) % 5)) * DAY_MS, { kind: 'deliver', saleId: sale.id });
  }

  /** Refunds a return in full; a marketplace gives back all but the fee per order. */
  refund(sale: Sale, at: Instant): void {
    sale.return = { ...sale.return!, refundedAt: at };
    sale.changedAt = at;
    const { channel } = sale;
    sale.feeCreditMinor = creditOf(sale, (kind) => (isSmall(channel) ? traitOf(channel).givenBack.includes(kind) : kind !== 'order-fee'));
  }

  /** Part of the money, or all that is left: that cancels what is not sent, and closes a return. */
  giveBack(sale: Sale, at: Instant, refund: { readonly reference: string; readonly minor: number }): void {
    sale.givenBack = [...(sale.givenBack ?? []), { ...refund, at }];
    sale.changedAt = at;
    if (refundsOf(sale).reduce((total, made) => total + made.minor, 0) < sellersPart(sale)) return;
    if (sale.status === 'paid') this.cancel(sale, at);
    else if (sale.return && sale.return.refundedAt === null) this.refund(sale, at);
    else sale.feeCreditMinor = creditOf(sale, (kind) => (isSmall(sale.channel) ? traitOf(sale.channel).givenBack.includes(kind) : kind !== 'order-fee'));
  }
}

const creditOf = (sale: Sale, comesBack: (kind: FeeLine['kind']) => boolean) => sale.feeLines.filter((line) => comesBack(line.kind)).reduce((total, line) => total + line.minor, 0);
const saltOf = (channel: Channel) => (isSmall(channel) ? traitOf(channel).salt : channel === 'ebay' ? 0x51ed : 0xa3a2);

/** Ids look drawn and are a permutation of the serial, so that none comes twice. */
function saleId(seed: number, channel: Channel, serial: number): string {
  if (isSmall(channel)) return String(traitOf(channel).firstSale + serial);
  const scrambled = String((serial * 7_368_787 + (mix(seed, 1, 14) % 1_000_000_000)) % 10_000_000_000).padStart(10, '0');
  if (channel === 'ebay') return `${String(10 + (mix(seed, serial, 15) % 17))}-${scrambled.slice(0, 5)}-${scrambled.slice(5)}`;
  return `${String(111 + (serial % 4))}-${scrambled.slice(0, 7)}-${scrambled.slice(7)}${String(mix(seed, serial, 16) % 10_000).padStart(4, '0')}`;
}
