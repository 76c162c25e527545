import { ConnectorError } from '#kernel/errors.ts';
import type { Random } from '#kernel/random.ts';
import { SECOND_MS, type Clock, type Instant } from '#kernel/time.ts';
import type { ChannelOffer, ListingChannelPort } from '#engine/listings/index.ts';
import type { ChannelOrder, OrderPage, OrderQuery, OrderSourcePort } from '#engine/orders/ports.ts';

export interface SimSale {
  readonly orderId: string;
  readonly sku: string;
  readonly units: number;
  readonly at: Instant;
  cancelled: boolean;
}

/** How a faulty call ends: before anything happened, after it happened, over quota, or refused for now. */
export type SimFault = 'cut-before' | 'cut-after' | 'throttled' | 'server-error';
const FAULTS: readonly SimFault[] = ['cut-before', 'cut-after', 'throttled', 'server-error'];

const usd = (minor: number) => ({ minor, currency: 'USD' });

/**
 * A vendor in memory: it shows quantities, sells what it shows, and is told by calls that fail at a rate. It notes when a call first brought a SKU down, so that what we say of ourselves can be
 * held against what really reached it.
 */
export class SimChannel implements ListingChannelPort, OrderSourcePort {
  readonly connector: string;
  readonly market: string;
  readonly limits = { titleCharacters: 80, descriptionCharacters: 4_000, images: 12, revisionsPerDay: null };
  readonly shown = new Map<string, number>();
  readonly sales: SimSale[] = [];
  /** Of each SKU: when a call that lowered it really took effect here, and to what. */
  readonly reached = new Map<string, { readonly at: Instant; readonly quantity: number }[]>();
  calls = 0;
  faults = 0;
  /** Faults planted for the next calls, before the rate. */
  readonly planted: SimFault[] = [];
  /** SKUs that the vendor hides from buyers for now, with the quantity that stands there. */
  readonly hidden = new Set<string>();
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #rate: number;
  readonly #onCall: (() => void) | undefined;

  constructor(market: string, options: { readonly clock: Clock; readonly random: Random; readonly faultRate?: number; /** Before each call has its effect: time passes, buyers come. */ readonly onCall?: () => void }) {
    this.connector = market;
    this.market = market;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#rate = options.faultRate ?? 0;
    this.#onCall = options.onCall;
  }

  offer(sku: string, quantity: number): void {
    this.shown.set(sku, quantity);
  }

  /** A buyer comes: sold if the vendor shows that many. */
  buy(sku: string, units: number, at: Instant): SimSale | null {
    const left = this.shown.get(sku) ?? 0;
    if (left < units) return null;
    this.shown.set(sku, left - units);
    const sale: SimSale = { orderId: `${this.market}-${this.sales.length + 1}`, sku, units, at, cancelled: false };
    this.sales.push(sale);
    return sale;
  }

  #fail(operation: string, effect: () => void): void {
    this.calls += 1;
    this.#onCall?.();
    const fault = this.planted.shift() ?? (this.#random.next() < this.#rate ? FAULTS[this.#random.int(FAULTS.length)]! : null);
    const detail = { connector: this.connector, operation };
    if (fault === null) return effect();
    this.faults += 1;
    if (fault === 'cut-after') effect();
    if (fault === 'throttled') throw new ConnectorError({ ...detail, kind: 'Throttled', message: 'too many requests', retryAfterMs: 5 * SECOND_MS });
    if (fault === 'server-error') throw new ConnectorError({ ...detail, kind: 'Retryable', message: 'the server failed' });
    throw new ConnectorError({ ...detail, kind: operation === 'revise' ? 'OutcomeUnknown' : 'Retryable', message: 'the connection was cut' });
  }

  reviseOffer(sku: string, _offerId: string, change: { readonly quantity: number }): Promise<void> {
    return new Promise((resolve) => {
      this.#fail('revise', () => {
        if (change.quantity < (this.shown.get(sku) ?? 0)) this.reached.set(sku, [...(this.reached.get(sku) ?? []), { at: this.#clock.now(), quantity: change.quantity }]);
        this.shown.set(sku, change.quantity);
      });
      resolve();
    });
  }

  findOffer(sku: string): Promise<ChannelOffer | null> {
    return new Promise((resolve) => {
      this.#fail('find', () => undefined);
      const quantity = this.shown.get(sku);
      resolve(quantity === undefined ? null : { sku, offerId: `offer-${sku}`, listingId: `listing-${sku}`, state: this.hidden.has(sku) ? 'unpublished' : quantity === 0 ? 'out-of-stock' : 'live', quantity });
    });
  }

  putContent = () => Promise.resolve();
  ensureOffer = async (sku: string) => ({ ...(await this.findOffer(sku))!, existed: true });
  publishOffer = () => Promise.resolve({ listingId: 'x', existed: true });
  replaceOffer = () => Promise.resolve();
  endOffer = () => Promise.resolve({ existed: true });
  listingUrl = (id: string) => `https://${this.market}.example/${id}`;

  /** The channel's own document of a sale. */
  readingOf(sale: SimSale): ChannelOrder {
    const total = usd(2_000 * sale.units);
    return {
      orderId: sale.orderId, createdAt: sale.at, modifiedAt: sale.cancelled ? sale.at + 1 : sale.at, payment: 'paid', fulfilment: 'not-started', cancel: sale.cancelled ? 'cancelled' : 'none', currency: 'USD', total, marketplaceFee: usd(200), refunds: [], buyer: { addressLines: [] },
      lines: [{ lineId: '1', sku: sale.sku, title: 'Thing', quantity: sale.units, price: total, shipping: usd(0), discount: usd(0), tax: usd(0), taxCollectedByChannel: usd(0), total, fulfilment: 'not-started' }],
    };
  }

  async *orders(query: OrderQuery): AsyncIterable<OrderPage> {
    this.#fail('orders', () => undefined);
    yield { orders: this.sales.filter((sale) => sale.at >= query.modifiedFrom).map((sale) => this.readingOf(sale)), unreadable: [], complete: true, at: this.#clock.now() };
  }

  order(orderId: string): Promise<ChannelOrder | null> {
    const sale = this.sales.find((candidate) => candidate.orderId === orderId);
    return Promise.resolve(sale ? this.readingOf(sale) : null);
  }

  markShipped = () => Promise.resolve({ shipmentId: '1', existed: false });

  cancelled: { orderId: string; message: string }[] = [];
  cancelOrder(orderId: string, given: { readonly message: string }): Promise<{ existed: boolean }> {
    const sale = this.sales.find((candidate) => candidate.orderId === orderId)!;
    const existed = sale.cancelled;
    sale.cancelled = true;
    this.cancelled.push({ orderId, message: given.message });
    return Promise.resolve({ existed });
  }
}
