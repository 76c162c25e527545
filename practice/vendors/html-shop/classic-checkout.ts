/** The pages on which a person buys at a shop without an API: cart, checkout with its pay button, confirmation. Carts live with the shop's process; an order is the world's. */
import { hash32 } from '#kernel/random.ts';
import { toDecimal } from '#kernel/money.ts';
import type { OutletId, World } from '../../world/types.ts';
import type { VendorRequest, VendorResponse } from '../host.ts';
import { layout, type PageOffer } from './render-page.ts';

interface Cart {
  readonly id: string;
  readonly lines: Map<number, number>;
}

/** One shop's form names its fields as WooCommerce does; the other only labels them. */
type Field = readonly [key: string, label: string, autocomplete?: string];
const CLASSIC: readonly Field[] = [
  ['billing_first_name', 'First name', 'given-name'], ['billing_last_name', 'Last name', 'family-name'], ['billing_address_1', 'Street address', 'address-line1'], ['billing_address_2', 'Apartment, suite, unit (optional)', 'address-line2'], ['billing_city', 'Town / City', 'address-level2'],
  ['billing_postcode', 'ZIP code', 'postal-code'], ['billing_phone', 'Phone', 'tel'], ['billing_email', 'Email address', 'email'],
];
const LABELLED: readonly Field[] = [['f1', 'Full name'], ['f2', 'E-mail'], ['f3', 'Street and number'], ['f4', 'City'], ['f5', 'Postal code'], ['f6', 'Mobile']];
const OPTIONAL = new Set(['billing_address_2', 'f6']);
const COUNTRIES = [['', 'Choose a country'], ['US', 'United States'], ['CA', 'Canada'], ['DZ', 'Algeria'], ['FR', 'France']] as const;
const COOKIE = /(?:^|;\s*)cart=([\w-]+)/;
const HTML = 'text/html; charset=utf-8';

export const escapeHtml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
export const page = (body: string, headers: Record<string, string> = {}, status = 200): VendorResponse => ({ status, headers: { 'Content-Type': HTML, ...headers }, body });
export const go = (to: string, headers: Record<string, string> = {}): VendorResponse => ({ status: 303, headers: { Location: to, ...headers } });

const input = ([key, label, autocomplete]: Field) => `<p><label for="${key}">${label}</label> <input id="${key}" name="${key}" type="text"${OPTIONAL.has(key) ? '' : ' required'}${autocomplete ? ` autocomplete="${autocomplete}"` : ''}></p>`;

const fieldsOf = (outletId: OutletId): readonly Field[] => (outletId === 'corner-outlet' ? LABELLED : CLASSIC);
/** What of an address a shop cannot do without, by the names of its fields. */
export const ADDRESS_KEYS = (outletId: OutletId): string[] => fieldsOf(outletId).map(([key]) => key).filter((key) => !OPTIONAL.has(key));
export const addressFields = (outletId: OutletId): string => `${fieldsOf(outletId).map(input).join('\n')}<p><label for="country">Country</label> <select id="country" name="country" required>${COUNTRIES.map(([value, label]) => `<option value="${value}">${label}</option>`).join('')}</select></p>`;

export interface PlacedByPerson { readonly id: number; readonly fields: Readonly<Record<string, string>> }

export class ClassicCheckout {
  readonly #world: World;
  readonly #outletId: OutletId;
  readonly #shown: (number: number, at: number) => PageOffer | null;
  readonly #carts = new Map<string, Cart>();
  readonly #orders = new Map<string, { readonly totalMinor: number; readonly id: number }>();
  /** Every press of the pay button that the shop took. */
  readonly placed: PlacedByPerson[] = [];

  constructor(world: World, outletId: OutletId, shown: (number: number, at: number) => PageOffer | null) {
    this.#world = world;
    this.#outletId = outletId;
    this.#shown = shown;
  }

  get #outlet() {
    return this.#world.shops.outlet(this.#outletId);
  }

  #cartOf(request: VendorRequest): Cart | null {
    return this.#carts.get(COOKIE.exec(request.header('cookie'))?.[1] ?? '') ?? null;
  }

  #price = (minor: number) => `$${toDecimal({ minor, currency: this.#outlet.currency })}`;

  #sums(cart: Cart, at: number) {
    const lines = [...cart.lines].flatMap(([number, quantity]) => {
      const shown = this.#shown(number, at);
      return shown?.state.priceMinor ? [{ shown, quantity, minor: shown.state.priceMinor * quantity }] : [];
    });
    const items = lines.reduce((total, line) => total + line.minor, 0);
    const { freeShippingFromMinor, shippingMinor } = this.#outlet;
    const shipping = freeShippingFromMinor !== null && items >= freeShippingFromMinor ? 0 : shippingMinor;
    return { lines, items, shipping, total: items + shipping };
  }

  add(request: VendorRequest): VendorResponse {
    const form = request.form();
    const [number, quantity] = [Number(form.get('product') ?? 0), Math.trunc(Number(form.get('quantity') ?? 1))];
    const shown = this.#shown(number, request.at);
    if (!shown?.state.shownInStock || !(quantity >= 1) || (shown.state.shownStock !== null && quantity > shown.state.shownStock)) return page(layout(this.#outlet, { title: 'Sold out', head: '', main: '<h1>That many are not in stock.</h1>' }), {}, 409);
    const cart = this.#cartOf(request) ?? { id: `c${hash32(`${this.#outletId}:${this.#carts.size}:${request.at}`).toString(36)}-${this.#carts.size}`, lines: new Map<number, number>() };
    this.#carts.set(cart.id, cart);
    cart.lines.set(number, (cart.lines.get(number) ?? 0) + quantity);
    return go('/cart', { 'Set-Cookie': `cart=${cart.id}; Path=/; HttpOnly; SameSite=Lax` });
  }

  cart(request: VendorRequest): VendorResponse {
    const cart = this.#cartOf(request);
    if (!cart || cart.lines.size === 0) return page(layout(this.#outlet, { title: 'Cart', head: '', main: '<h1>Your cart is empty</h1>' }));
    const { lines, items } = this.#sums(cart, request.at);
    const rows = lines.map((line) => `<tr><td>${escapeHtml(line.shown.offer.title)}</td><td>${line.quantity}</td><td>${this.#price(line.minor)}</td></tr>`).join('');
    return page(layout(this.#outlet, { title: 'Cart', head: '', main: `<h1>Cart</h1><table>${rows}<tr><th colspan="2">Subtotal</th><td>${this.#price(items)}</td></tr></table><a class="checkout-button" href="/checkout">Proceed to checkout</a>` }));
  }

  checkout(request: VendorRequest, problem = ''): VendorResponse {
    const cart = this.#cartOf(request);
    if (!cart || cart.lines.size === 0) return go('/cart');
    const { lines, items, shipping, total } = this.#sums(cart, request.at);
    // what must never be filled: a trap for robots, a coupon, a newsletter, the card, and the person's own consent
    const notOurs = `<p style="position:absolute;left:-9000px"><label>Website <input name="website" tabindex="-1"></label></p><p><label>Coupon code <input name="coupon"></label></p><p><label><input type="checkbox" name="newsletter"> Send me offers by email</label></p>
<fieldset><legend>Payment</legend><p><label>Card number <input name="card_number" autocomplete="cc-number" required></label></p><p><label>Name on card <input name="card_name" autocomplete="cc-name"></label></p></fieldset><p><label><input type="checkbox" name="terms" required> I agree to the terms</label></p>`;
    const sums = `<table class="order"><tbody>${lines.map((line) => `<tr><td>${escapeHtml(line.shown.offer.title)} × ${line.quantity}</td><td>${this.#price(line.minor)}</td></tr>`).join('')}<tr><th>Subtotal</th><td>${this.#price(items)}</td></tr><tr><th>Shipping</th><td>${this.#price(shipping)}</td></tr><tr class="order-total"><th>Total</th><td>${this.#price(total)}</td></tr></tbody></table>`;
    const main = `<h1>Checkout</h1>${problem ? `<p role="alert">${escapeHtml(problem)}</p>` : ''}<form method="post" action="/checkout">${addressFields(this.#outletId)}${sums}${notOurs}<button type="submit" id="place_order">Place order</button></form>`;
    return page(layout(this.#outlet, { title: 'Checkout', head: '', main }), {}, problem ? 400 : 200);
  }

  pay(request: VendorRequest): VendorResponse {
    const cart = this.#cartOf(request);
    if (!cart || cart.lines.size === 0) return go('/cart');
    const form = Object.fromEntries(request.form());
    const missing = [...ADDRESS_KEYS(this.#outletId), 'country', 'card_number', 'terms'].filter((key) => !form[key]);
    if (missing.length > 0) return this.checkout(request, `Missing: ${missing.join(', ')}`);
    if (form['website']) return this.checkout(request, 'Robots cannot order here.');
    return this.place(request, form);
  }

  /** What stands in the visitor's cart, and what it comes to; null: nothing. */
  basket(request: VendorRequest) {
    const cart = this.#cartOf(request);
    return cart && cart.lines.size > 0 ? { id: cart.id, ...this.#sums(cart, request.at) } : null;
  }

  /** Orders what stands in the cart. */
  place(request: VendorRequest, form: Readonly<Record<string, string>>): VendorResponse {
    const cart = this.#cartOf(request);
    if (!cart || cart.lines.size === 0) return go('/cart');
    const reference = `${cart.id}#${this.#orders.size}`;
    const placed = this.#world.actions.placeShopOrder({ outletId: this.#outletId, reference, email: form['billing_email'] ?? form['f2'] ?? '', lines: [...cart.lines].map(([offerNumber, quantity]) => ({ offerNumber, quantity })) });
    if (!placed.ok) return this.checkout(request, placed.refusal.message);
    cart.lines.clear();
    this.placed.push({ id: placed.value.id, fields: form });
    this.#orders.set(placed.value.key, { id: placed.value.id, totalMinor: placed.value.totalMinor });
    return go(`/order-received/${placed.value.id}?key=${placed.value.key}`);
  }

  received(request: VendorRequest): VendorResponse {
    const order = this.#orders.get(request.query.get('key') ?? '');
    if (!order || String(order.id) !== request.params['id']) return page(layout(this.#outlet, { title: 'Not found', head: '', main: '<h1>Not found</h1>' }), {}, 404);
    const main = this.#outletId === 'corner-outlet' ? `<h1>Thanks for your order!</h1><p>Your order no. <b>CO-${order.id}</b> is confirmed. Amount paid: ${this.#price(order.totalMinor)}.</p>`
      : `<h1>Order received</h1><p>Thank you. Your order has been received.</p><ul class="woocommerce-order-overview"><li>Order number: <strong>${order.id}</strong></li><li>Total: <strong>${this.#price(order.totalMinor)}</strong></li><li>Payment method: <strong>Card</strong></li></ul>`;
    return page(layout(this.#outlet, { title: 'Order received', head: '', main }));
  }
}
