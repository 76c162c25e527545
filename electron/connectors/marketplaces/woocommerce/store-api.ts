import { ConnectorError, type ConnectorErrorKind } from '#kernel/errors.ts';
import { HttpClient, type ConnectorOptions, type FailedAnswer, type HttpAnswer, type VendorVerdict } from '../../http/index.ts';
import type { ShipTo } from '#engine/purchasing/ports.ts';
import { cartSchema, checkoutSchema, errorSchema, orderSchema, productSchema, type Cart, type Checkout, type Order, type Product, type Session } from './schema.ts';

export const CONNECTOR = 'woocommerce';
const BASE = '/wp-json/wc/store/v1';

/** WordPress words its errors for a page. */
function plain(text: string): string {
  return text.replace(/<[^>]*>/g, '').replaceAll('&quot;', '"').replaceAll('&amp;', '&').replaceAll('&#8217;', '’').slice(0, 300);
}

function judge(failed: FailedAnswer): VendorVerdict | undefined {
  const body = errorSchema.safeParse(failed.json);
  return body.success ? { code: body.data.code, message: plain(body.data.message) } : undefined;
}

export function failure(kind: ConnectorErrorKind, operation: string, detail: { readonly message: string; readonly code?: string; readonly cause?: unknown }): ConnectorError {
  return new ConnectorError({ kind, connector: CONNECTOR, operation, message: detail.message, ...(detail.code ? { code: detail.code } : {}) }, detail.cause);
}

export interface OpenCart {
  readonly token: string;
  readonly cart: Cart;
}

/** The calls of the Store API that a checkout is made of. */
export class StoreApi {
  readonly #http: HttpClient;

  constructor(options: ConnectorOptions & { readonly baseUrl: string }) {
    this.#http = new HttpClient({ ...options, connector: CONNECTOR, judge });
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  async product(id: string, signal: AbortSignal | undefined): Promise<Product> {
    return (await this.#http.send({ operation: 'read product', method: 'GET', path: `${BASE}/products/${encodeURIComponent(id)}`, effect: 'read', schema: productSchema, signal })).body;
  }

  /** A cart of our own: the token names it, so nothing depends on cookies. */
  async openCart(signal: AbortSignal | undefined): Promise<OpenCart> {
    const answer = await this.#http.send({ operation: 'open cart', method: 'GET', path: `${BASE}/cart`, effect: 'read', schema: cartSchema, signal });
    const token = answer.headers['cart-token'];
    if (!token) throw failure('Critical', 'open cart', { message: 'the shop gave no cart token' });
    return { token, cart: answer.body };
  }

  async cart(token: string, signal: AbortSignal | undefined): Promise<Cart> {
    return (await this.#http.send({ operation: 'read cart', method: 'GET', path: `${BASE}/cart`, headers: { 'cart-token': token }, effect: 'read', schema: cartSchema, signal })).body;
  }

  /** A repeat would add again. The cart is thrown away when it is not known whether it was added, so that failure is worth another try. */
  async addItem(token: string, item: { readonly id: string; readonly quantity: number; readonly signal: AbortSignal | undefined }): Promise<Cart> {
    const call = { operation: 'add to cart', method: 'POST', path: `${BASE}/cart/add-item`, headers: { 'cart-token': token }, json: { id: Number(item.id), quantity: item.quantity }, effect: 'once', schema: cartSchema, signal: item.signal } as const;
    return this.#known(() => this.#http.send(call));
  }

  async setAddress(token: string, address: { readonly billing: Record<string, string>; readonly shipping: Record<string, string>; readonly signal: AbortSignal | undefined }): Promise<Cart> {
    const json = { billing_address: address.billing, shipping_address: address.shipping };
    return (await this.#http.send({ operation: 'set address', method: 'POST', path: `${BASE}/cart/update-customer`, headers: { 'cart-token': token }, json, effect: 'idempotent', schema: cartSchema, signal: address.signal })).body;
  }

  /** The draft order of the cart; makes one where there is none. */
  async checkout(token: string, signal: AbortSignal | undefined): Promise<Checkout> {
    return (await this.#http.send({ operation: 'open checkout', method: 'GET', path: `${BASE}/checkout`, headers: { 'cart-token': token }, effect: 'read', schema: checkoutSchema, signal })).body;
  }

  /** Places the order. @throws OutcomeUnknown unless the shop proves that it did not. */
  async place(session: Session, signal: AbortSignal | undefined): Promise<Checkout> {
    const json = { billing_address: session.billing, shipping_address: session.shipping, payment_method: session.paymentMethod };
    return (await this.#http.send({ operation: 'place order', method: 'POST', path: `${BASE}/checkout`, headers: { 'cart-token': session.cartToken }, json, effect: 'once', schema: checkoutSchema, signal })).body;
  }

  async order(session: Pick<Session, 'orderId' | 'orderKey' | 'billingEmail'>, signal: AbortSignal | undefined): Promise<Order> {
    const query = { key: session.orderKey, billing_email: session.billingEmail };
    return (await this.#http.send({ operation: 'read order', method: 'GET', path: `${BASE}/order/${session.orderId}`, query, effect: 'read', schema: orderSchema, signal })).body;
  }

  async #known<T>(send: () => Promise<HttpAnswer<T>>): Promise<T> {
    try {
      return (await send()).body;
    } catch (error) {
      if (error instanceof ConnectorError && error.kind === 'OutcomeUnknown') throw failure('Retryable', error.detail.operation, { message: error.detail.message, cause: error });
      throw error;
    }
  }
}

/** Addresses as the Store API takes them; an e-mail belongs to the billing address alone. */
export function addressesOf(to: ShipTo): { billing: Record<string, string>; shipping: Record<string, string> } {
  const shipping = {
    first_name: to.firstName, last_name: to.lastName, company: '', address_1: to.line1, address_2: to.line2, city: to.city, state: to.state, postcode: to.postcode, country: to.country, phone: to.phone,
  };
  return { billing: { ...shipping, email: to.email }, shipping };
}
