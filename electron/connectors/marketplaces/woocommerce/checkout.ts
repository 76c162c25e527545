import { ConnectorError, isConnectorError } from '#kernel/errors.ts';
import type { Clock } from '#kernel/time.ts';
import type { ConnectorOptions } from '../../http/index.ts';
import type { CheckoutPort, CheckoutQuote, CheckoutRequest, CheckoutSession, OrderProgress, PlacedOrder } from '#engine/purchasing/ports.ts';
import { amountOf } from './amounts.ts';
import { sessionSchema, type Cart, type Order, type Product, type Session } from './schema.ts';
import { addressesOf, CONNECTOR, failure, StoreApi, type OpenCart } from './store-api.ts';

export interface WooCommerceOptions extends ConnectorOptions {
  /** The shop's address, up to where `/wp-json` begins. */
  readonly baseUrl: string;
  /** Ways to pay that need no card form, best first. */
  readonly paymentMethods?: readonly string[] | undefined;
}

const OFFLINE_METHODS = ['bacs', 'cheque', 'cod'] as const;
const DRAFT = 'checkout-draft';
/** The shop has the order and will see to it. */
const PLACED = new Set(['processing', 'completed', 'on-hold', 'refunded']);
const GIVEN_UP = new Set(['refunded', 'cancelled', 'failed', 'trash']);
const OUT_OF_STOCK = new Set(['woocommerce_rest_product_out_of_stock', 'woocommerce_rest_product_not_purchasable']);
const NOT_ENOUGH = 'woocommerce_rest_product_partially_out_of_stock';

/** Units that the product's page promises; Infinity where it sets no limit. */
function promised(product: Product): number {
  if (!product.is_purchasable || !product.is_in_stock) return 0;
  return Math.min(product.low_stock_remaining ?? Infinity, product.add_to_cart?.maximum ?? Infinity);
}

/** A WooCommerce shop's checkout over its public Store API. A cart token names the cart, a draft order's id and key name the order before it is placed. */
class WooCommerceCheckout implements CheckoutPort {
  readonly connector = CONNECTOR;
  readonly #api: StoreApi;
  readonly #clock: Clock;
  readonly #methods: readonly string[];

  constructor(options: WooCommerceOptions) {
    this.#api = new StoreApi(options);
    this.#clock = options.clock;
    this.#methods = options.paymentMethods ?? OFFLINE_METHODS;
  }

  close(): Promise<void> {
    return this.#api.close();
  }

  async quote(request: CheckoutRequest): Promise<CheckoutQuote> {
    const product = await this.#api.product(request.offerExternalId, request.signal);
    let quantity = Math.min(request.quantity, promised(product));
    // Twice at most: a cart may know less stock than the page, and says how much.
    for (let attempt = 0; quantity > 0 && attempt < 2; attempt++) {
      try {
        const { cart } = await this.#fill({ ...request, quantity });
        return this.#quoteOf(cart, quantity);
      } catch (error) {
        const left = stockLeft(error);
        if (left === null) throw error;
        quantity = Math.min(quantity - 1, left);
      }
    }
    return this.#nothingLeft(product);
  }

  async begin(request: CheckoutRequest): Promise<CheckoutSession> {
    const { token, cart } = await this.#fill(request);
    const method = this.#methods.find((candidate) => cart.payment_methods.includes(candidate));
    if (!method) throw failure('Rejected', 'open checkout', { code: 'no-payment-method', message: `the shop takes ${cart.payment_methods.join(', ') || 'nothing'} only, which a person has to pay by` });
    const { order_id: orderId, order_key: orderKey } = await this.#api.checkout(token, request.signal);
    const session: Session = { cartToken: token, orderId, orderKey, billingEmail: request.shipTo.email, paymentMethod: method, ...addressesOf(request.shipTo) };
    return { ref: JSON.stringify(session), quote: this.#quoteOf(cart, request.quantity) };
  }

  async place(given: CheckoutSession, { signal }: { readonly idempotencyKey: string; readonly signal?: AbortSignal | undefined }): Promise<PlacedOrder> {
    const session = sessionOf(given);
    const standing = await this.#checkBeforePlacing(given, session, signal);
    if (standing) return standing;
    const placed = await this.#post(session, signal);
    if (placed.order_id !== session.orderId) throw failure('OutcomeUnknown', 'place order', { message: `the shop answered for order ${placed.order_id}, not ${session.orderId}` });
    if (!PLACED.has(placed.status)) throw failure('Rejected', 'place order', { code: `status-${placed.status}`, message: `the shop left the order as ${placed.status}` });
    try {
      return this.#placedOf(await this.#api.order(session, signal));
    } catch (error) {
      // It is placed; only its figures are missing. Asking again brings them.
      throw failure('OutcomeUnknown', 'place order', { message: 'placed, and its figures could not be read', cause: error });
    }
  }

  /** The cart must still be this session's draft at no higher a total. An order that stands already is answered as it is. */
  async #checkBeforePlacing(given: CheckoutSession, session: Session, signal: AbortSignal | undefined): Promise<PlacedOrder | null> {
    const cart = await this.#api.cart(session.cartToken, signal);
    if (cart.items.length === 0) {
      const order = await this.#api.order(session, signal);
      if (PLACED.has(order.status)) return this.#placedOf(order);
      throw failure('Rejected', 'place order', { code: 'session-expired', message: 'the shop has emptied the cart' });
    }
    const draft = await this.#api.checkout(session.cartToken, signal);
    if (draft.order_id !== session.orderId || draft.status !== DRAFT) throw failure('Rejected', 'place order', { code: 'session-expired', message: 'the shop has begun another order' });
    const quantity = cart.items[0]?.quantity ?? 0;
    const now = this.#quoteOf(cart, quantity);
    if (quantity !== given.quote.quantity || now.total.currency !== given.quote.total.currency || now.total.minor > given.quote.total.minor) {
      throw failure('Rejected', 'place order', { code: 'total-changed', message: `the total is ${now.total.minor} ${now.total.currency} for ${quantity} now, not ${given.quote.total.minor} for ${given.quote.quantity}` });
    }
    return null;
  }

  async #post(session: Session, signal: AbortSignal | undefined) {
    try {
      return await this.#api.place(session, signal);
    } catch (error) {
      // An emptied cart can mean that an earlier, slow request was placed after all.
      if (isConnectorError(error, 'Rejected') && error.detail.code === 'woocommerce_rest_cart_empty') throw failure('OutcomeUnknown', 'place order', { message: error.detail.message, cause: error });
      throw error;
    }
  }

  async reconcile(given: CheckoutSession, signal?: AbortSignal): Promise<{ readonly found: PlacedOrder } | 'absent' | 'unknown'> {
    try {
      const order = await this.#api.order(sessionOf(given), signal);
      return PLACED.has(order.status) ? { found: this.#placedOf(order) } : 'absent';
    } catch (error) {
      if (!isConnectorError(error)) throw error;
      // A draft that the shop has cleared away was never placed; and should we be wrong, placing again asks for this very draft first.
      return error.kind === 'Rejected' && error.detail.httpStatus === 404 ? 'absent' : 'unknown';
    }
  }

  async progress(given: CheckoutSession, signal?: AbortSignal): Promise<OrderProgress> {
    const { status } = await this.#api.order(sessionOf(given), signal);
    return { state: GIVEN_UP.has(status) ? 'refunded' : status === 'completed' ? 'completed' : 'open', status, at: this.#clock.now() };
  }

  /** A new cart with the wanted item, sent to the wanted address: its totals are the shop's own answer. */
  async #fill(request: CheckoutRequest): Promise<OpenCart> {
    const { signal } = request;
    const { token } = await this.#api.openCart(signal);
    const added = await this.#api.addItem(token, { id: request.offerExternalId, quantity: request.quantity, signal });
    const [item, ...others] = added.items;
    if (!item || others.length > 0 || String(item.id) !== request.offerExternalId || item.quantity !== request.quantity) throw failure('Critical', 'add to cart', { message: 'the cart does not hold what was put into it' });
    const cart = await this.#api.setAddress(token, { ...addressesOf(request.shipTo), signal });
    const error = cart.errors[0];
    if (error) throw failure('Rejected', 'fill cart', { code: error.code, message: error.message });
    return { token, cart };
  }

  #quoteOf(cart: Cart, quantity: number): CheckoutQuote {
    const { totals } = cart;
    const item = cart.items[0];
    if (!item) throw failure('Critical', 'read cart', { message: 'the cart is empty' });
    return {
      quantity, unitPrice: amountOf(item.prices.price, item.prices), goods: amountOf(totals.total_items, totals), shipping: amountOf(totals.total_shipping ?? '0', totals), tax: amountOf(totals.total_tax, totals),
      total: amountOf(totals.total_price, totals), at: this.#clock.now(),
    };
  }

  #nothingLeft(product: Product): CheckoutQuote {
    const none = amountOf('0', product.prices);
    return { quantity: 0, unitPrice: amountOf(product.prices.price, product.prices), goods: none, shipping: none, tax: none, total: none, at: this.#clock.now() };
  }

  #placedOf(order: Order): PlacedOrder {
    const { totals } = order;
    const item = order.items[0];
    if (!item) throw failure('Critical', 'read order', { message: 'the order has no item' });
    const [shipping, tax, total] = [amountOf(totals.total_shipping ?? '0', totals), amountOf(totals.total_tax, totals), amountOf(totals.total_price, totals)];
    return {
      externalId: String(order.id), unitPrice: amountOf(item.prices.price, item.prices), goods: { minor: total.minor - shipping.minor - tax.minor, currency: total.currency }, shipping, tax, total,
      status: order.status, at: this.#clock.now(), receipt: { order: { ...order } },
    };
  }
}

function sessionOf(given: CheckoutSession): Session {
  return sessionSchema.parse(JSON.parse(given.ref));
}

/** Units that a refused cart says are left; null when it was refused for something else. */
function stockLeft(error: unknown): number | null {
  if (!(error instanceof ConnectorError) || error.kind !== 'Rejected') return null;
  if (OUT_OF_STOCK.has(error.detail.code ?? '')) return 0;
  if (error.detail.code !== NOT_ENOUGH) return null;
  const said = /\((\d+)\b/.exec(error.detail.message) ?? /\b(\d+) (?:remaining|available|left)/.exec(error.detail.message);
  return said ? Number(said[1]) : 0;
}

/** @param options `baseUrl` is the shop's address. `close` when it is no longer needed. */
export function createWooCommerceCheckout(options: WooCommerceOptions): CheckoutPort & { close(): Promise<void> } {
  return new WooCommerceCheckout(options);
}
