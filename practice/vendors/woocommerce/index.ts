import { z } from 'zod';
import type { Instant } from '#kernel/time.ts';
import type { OutletId, Refusal, World } from '../../world/types.ts';
import { createHost, type Route, type VendorOptions, type VendorRequest, type VendorResponse, type VendorServer } from '../host.ts';
import { addressInput, CartKeeper, type Cart } from './keep-cart.ts';
import { PAYMENT_METHODS, renderCart, renderOrder, withoutEmail, itemKey, type CartLine } from './render-cart.ts';
import { FIRST_PRODUCT_ID, renderProduct, type ShownOffer } from './render-product.ts';

export interface WooCommerceOptions extends VendorOptions {
  /** An outlet of kind `woocommerce`. */
  readonly outletId: OutletId;
}

/** WordPress's shape of an error. */
export function wpError(status: number, code: string, message: string, data: object = {}): VendorResponse {
  return { status, body: { code, message, data: { status, ...data } } };
}

const HOST_CODES: Readonly<Record<number, string>> = { 400: 'rest_invalid_json', 404: 'rest_no_route', 405: 'rest_no_route', 429: 'rate_limit_exceeded' };
const EMPTY_CART = wpError(400, 'woocommerce_rest_cart_empty', 'Cannot create order from empty cart.');
/** In the billing address, all of these must be filled. */
const REQUIRED = ['first_name', 'last_name', 'address_1', 'city', 'postcode', 'country', 'email'] as const;

/** Store API v1 of one WooCommerce shop: products, cart, checkout, order. Carts and orders live in the world, so they outlive a restart. */
class WooCommerceShop {
  readonly #world: World;
  readonly #outletId: OutletId;
  readonly #carts: CartKeeper;
  readonly #baseUrl: () => string;
  #found: { readonly key: string; readonly offers: readonly ShownOffer[] } | null = null;

  constructor(world: World, outletId: OutletId, baseUrl: () => string) {
    this.#world = world;
    this.#outletId = outletId;
    this.#carts = new CartKeeper(world, outletId);
    this.#baseUrl = baseUrl;
  }

  #outlet() {
    return this.#world.shops.outlet(this.#outletId);
  }

  #shown(number: number, at: Instant): ShownOffer | null {
    const offer = this.#world.shops.offers(this.#outletId)[number - 1];
    const state = offer && this.#world.shops.state(this.#outletId, number, at);
    if (!offer || !state) return null;
    return { outlet: this.#outlet(), baseUrl: this.#baseUrl(), offer, state };
  }

  #all(at: Instant): ShownOffer[] {
    return this.#world.shops.offers(this.#outletId).flatMap(({ number }) => this.#shown(number, at) ?? []);
  }

  /** The pages of one list are asked for one after the other: what they are pages of is worked out once. */
  #find(query: URLSearchParams, at: Instant): readonly ShownOffer[] {
    const rest = new URLSearchParams(query);
    rest.delete('page');
    rest.delete('per_page');
    const key = `${at} ${this.#world.effects().shopOrders.length} ${rest}`;
    if (this.#found?.key !== key) this.#found = { key, offers: this.#all(at).filter(matcher(query)).sort(ordering(query)) };
    return this.#found.offers;
  }

  listProducts(request: VendorRequest): VendorResponse {
    const { query, at } = request;
    const whole = (name: string, fallback: number) => Number(query.get(name) ?? fallback);
    const [perPage, page] = [whole('per_page', 10), whole('page', 1)];
    if (!Number.isInteger(perPage) || perPage < 1 || perPage > 100) return invalidParam('per_page', 'per_page must be between 1 (inclusive) and 100 (inclusive)');
    if (!Number.isInteger(page) || page < 1) return invalidParam('page', 'page must be greater than or equal to 1');
    const found = this.#find(query, at);
    const pages = Math.ceil(found.length / perPage);
    const link = (n: number, rel: string) => {
      const params = new URLSearchParams(query);
      params.set('page', String(n));
      return `<${this.#baseUrl()}${request.path}?${params}>; rel="${rel}"`;
    };
    const links = [...(page > 1 ? [link(page - 1, 'prev')] : []), ...(page < pages ? [link(page + 1, 'next')] : [])];
    return {
      status: 200, headers: { 'X-WP-Total': String(found.length), 'X-WP-TotalPages': String(pages), ...(links.length ? { Link: links.join(', ') } : {}) },
      body: found.slice((page - 1) * perPage, page * perPage).map(renderProduct),
    };
  }

  getProduct(request: VendorRequest): VendorResponse {
    const shown = this.#shown(Number(request.params['id']) - FIRST_PRODUCT_ID, request.at);
    return shown ? { status: 200, body: renderProduct(shown) } : wpError(404, 'woocommerce_rest_product_invalid_id', 'Invalid product ID.');
  }

  /** The request's cart. A write needs a token that the shop gave out; a nonce, when sent, must be the cart's. */
  #cart(request: VendorRequest): Cart | VendorResponse {
    const token = request.header('cart-token');
    const nonce = request.header('nonce');
    const cart = token ? this.#carts.find(token) : null;
    if (request.method !== 'GET' && !cart) {
      return nonce ? wpError(403, 'woocommerce_rest_invalid_nonce', 'Nonce is invalid.') : wpError(401, 'woocommerce_rest_missing_nonce', 'Missing the Nonce header. This endpoint requires a valid nonce.');
    }
    if (cart && nonce && nonce !== nonceOf(cart)) return wpError(403, 'woocommerce_rest_invalid_nonce', 'Nonce is invalid.');
    return cart ?? this.#carts.create();
  }

  #lines(cart: Cart, at: Instant): { lines: CartLine[]; errors: { code: string; message: string }[] } {
    const lines: CartLine[] = [];
    const errors: { code: string; message: string }[] = [];
    for (const { number, quantity } of cart.items) {
      const shown = this.#shown(number, at);
      if (!shown) errors.push({ code: 'woocommerce_rest_product_not_purchasable', message: 'An item in your cart is no longer for sale.' });
      else {
        lines.push({ shown, quantity });
        if (!shown.state.shownInStock) errors.push({ code: 'woocommerce_rest_product_out_of_stock', message: `&quot;${shown.offer.title}&quot; is out of stock and cannot be purchased.` });
      }
    }
    return { lines, errors };
  }

  #answerCart(cart: Cart, at: Instant, status = 200): VendorResponse {
    return { status, headers: headersOf(cart, at), body: renderCart(this.#outlet(), cart, this.#lines(cart, at)) };
  }

  getCart(request: VendorRequest): VendorResponse {
    const cart = this.#cart(request);
    return 'status' in cart ? cart : this.#answerCart(cart, request.at);
  }

  addItem(request: VendorRequest): VendorResponse {
    const cart = this.#cart(request);
    if ('status' in cart) return cart;
    const input = z.object({ id: z.coerce.number().int(), quantity: z.coerce.number().int().min(1).default(1) }).safeParse(request.json());
    if (!input.success) return invalidParam('id', 'id and quantity must be whole numbers');
    const number = input.data.id - FIRST_PRODUCT_ID;
    const shown = this.#shown(number, request.at);
    if (!shown) return wpError(400, 'woocommerce_rest_cart_invalid_product', 'This product cannot be added to the cart.');
    if (!shown.state.shownInStock) return wpError(400, 'woocommerce_rest_product_out_of_stock', `You cannot add &quot;${shown.offer.title}&quot; to the cart because the product is out of stock.`);
    const before = cart.items.find((item) => item.number === number)?.quantity ?? 0;
    const quantity = before + input.data.quantity;
    if (shown.state.shownStock !== null && quantity > shown.state.shownStock) return wpError(400, 'woocommerce_rest_product_partially_out_of_stock', `You cannot add that amount of &quot;${shown.offer.title}&quot; to the cart because there is not enough stock (${shown.state.shownStock} remaining).`);
    const items = [...cart.items.filter((item) => item.number !== number), { number, quantity }];
    return this.#answerCart(this.#carts.save({ ...cart, items }), request.at, 201);
  }

  /** `quantity` 0 removes the line. */
  changeItem(request: VendorRequest, quantity: number | null): VendorResponse {
    const cart = this.#cart(request);
    if ('status' in cart) return cart;
    const input = z.object({ key: z.string(), quantity: z.coerce.number().int().min(0).default(0) }).safeParse(request.json());
    const item = input.success ? cart.items.find((candidate) => itemKey(candidate.number) === input.data.key) : undefined;
    if (!input.success || !item) return wpError(409, 'woocommerce_rest_cart_invalid_key', 'Cart item no longer exists or is invalid.');
    const wanted = quantity ?? input.data.quantity;
    const items = wanted === 0 ? cart.items.filter((other) => other !== item) : cart.items.map((other) => (other === item ? { ...item, quantity: wanted } : other));
    return this.#answerCart(this.#carts.save({ ...cart, items }), request.at);
  }

  updateCustomer(request: VendorRequest): VendorResponse {
    const cart = this.#cart(request);
    if ('status' in cart) return cart;
    const input = z.object({ billing_address: addressInput.optional(), shipping_address: addressInput.optional() }).safeParse(request.json());
    if (!input.success) return invalidParam('billing_address', 'Invalid address provided');
    const { billing_address: billing = cart.billing, shipping_address: shipping = cart.shipping } = input.data;
    return this.#answerCart(this.#carts.save({ ...cart, billing, shipping }), request.at);
  }

  getCheckout(request: VendorRequest): VendorResponse {
    if (!request.header('cart-token') && !request.header('nonce')) return wpError(401, 'woocommerce_rest_missing_nonce', 'Missing the Nonce header. This endpoint requires a valid nonce.');
    const cart = this.#cart(request);
    if ('status' in cart) return cart;
    if (cart.items.length === 0) return EMPTY_CART;
    const { draft } = this.#carts.withDraft(cart);
    return { status: 200, headers: headersOf(cart, request.at), body: checkoutBody({ draft, cart, status: 'checkout-draft', method: '' }) };
  }

  placeOrder(request: VendorRequest): VendorResponse {
    const cart = this.#cart(request);
    if ('status' in cart) return cart;
    const input = z.object({ billing_address: addressInput, shipping_address: addressInput.optional(), payment_method: z.string().default('') }).safeParse(request.json());
    if (!input.success) return invalidParam('billing_address', 'Missing parameter(s): billing_address');
    const { billing_address: billing, shipping_address: shipping = withoutEmail(billing), payment_method: method } = input.data;
    if (cart.items.length === 0) return EMPTY_CART;
    const missing = REQUIRED.filter((field) => !billing[field]);
    if (missing.length > 0) return wpError(400, 'woocommerce_rest_invalid_address', `There was a problem with the provided billing address: ${missing.join(', ')} is required`, { params: { billing_address: missing } });
    if (method === '') return wpError(400, 'woocommerce_rest_checkout_missing_payment_method', 'No payment method provided.');
    if (!PAYMENT_METHODS.includes(method)) return wpError(400, 'woocommerce_rest_checkout_payment_method_disabled', 'The selected payment gateway is not available.');
    return this.#order(request.at, { cart: this.#carts.withDraft({ ...cart, billing, shipping }), method });
  }

  #order(at: Instant, checkout: { cart: Cart & { draft: { id: number; key: string } }; method: string }): VendorResponse {
    const { cart, method } = checkout;
    this.#carts.noteOrder(cart.draft.id, { billing: cart.billing, shipping: cart.shipping });
    const placed = this.#world.actions.placeShopOrder({
      outletId: this.#outletId, reference: `${cart.token}#${cart.generation}`, email: cart.billing.email ?? '', draft: cart.draft, lines: cart.items.map((item) => ({ offerNumber: item.number, quantity: item.quantity })),
    });
    if (!placed.ok && placed.refusal.code !== 'duplicate-reference') return this.#refused(placed.refusal, cart, at);
    const emptied = this.#carts.finish(cart);
    if (!placed.ok) return EMPTY_CART;
    return { status: 200, headers: headersOf(emptied, at), body: checkoutBody({ draft: cart.draft, cart, status: 'processing', method }) };
  }

  #refused(refusal: Refusal, cart: Cart, at: Instant): VendorResponse {
    const code = refusal.code === 'out-of-stock' ? (refusal.message.startsWith('only') ? 'woocommerce_rest_product_partially_out_of_stock' : 'woocommerce_rest_product_out_of_stock') : refusal.code === 'not-purchasable' ? 'woocommerce_rest_product_not_purchasable' : 'woocommerce_rest_cart_item_error';
    const title = this.#world.shops.offers(this.#outletId)[(refusal.offerNumber ?? 0) - 1]?.title ?? '';
    return { ...wpError(409, code, `&quot;${title}&quot; cannot be purchased: ${refusal.message}.`, { cart: renderCart(this.#outlet(), cart, this.#lines(cart, at)) }), headers: headersOf(cart, at) };
  }

  getOrder(request: VendorRequest): VendorResponse {
    const id = Number(request.params['id']);
    const kept = this.#carts.order(id);
    if (!kept) return wpError(404, 'woocommerce_rest_invalid_order', 'Invalid order ID.');
    if (request.query.get('key') !== kept.key) return wpError(401, 'woocommerce_rest_invalid_order', 'Invalid order ID or key provided.');
    const order = this.#world.shopOrder(id);
    const email = kept.billing.email ?? '';
    if (email && request.query.get('billing_email')?.toLowerCase() !== email.toLowerCase()) return wpError(401, 'woocommerce_rest_invalid_billing_email', 'Invalid billing email provided.');
    if (!order) {
      const cart = this.#carts.find(kept.token);
      if (!cart) return wpError(404, 'woocommerce_rest_invalid_order', 'Invalid order ID.');
      return { status: 200, body: { id, status: 'checkout-draft', ...renderCart(this.#outlet(), cart, this.#lines(cart, request.at)) } };
    }
    const status = this.#world.shopOrderStatus(order, request.at);
    const items = order.lines.map((line) => this.#shown(line.offerNumber, order.placedAt)!);
    return { status: 200, body: renderOrder(this.#outlet(), order, { status, items, billing: kept.billing, shipping: kept.shipping }) };
  }
}

function nonceOf(cart: Cart): string {
  return itemKey(cart.serial).slice(0, 10);
}

function headersOf(cart: Cart, at: Instant): Record<string, string> {
  return { 'Cart-Token': cart.token, Nonce: nonceOf(cart), 'Nonce-Timestamp': String(Math.floor(at / 1_000)) };
}

function checkoutBody(parts: { draft: { id: number; key: string }; cart: Cart; status: string; method: string }) {
  const { draft, cart, status, method } = parts;
  return {
    order_id: draft.id, status, order_key: draft.key, order_number: String(draft.id), customer_note: '', customer_id: 0, billing_address: { ...withoutEmail(cart.billing), email: cart.billing.email ?? '' }, shipping_address: withoutEmail(cart.shipping),
    payment_method: method, payment_result: method ? { payment_status: 'success', payment_details: [], redirect_url: `/checkout/order-received/${draft.id}/?key=${draft.key}` } : null, additional_fields: {}, extensions: {},
  };
}

function invalidParam(name: string, message: string): VendorResponse {
  return wpError(400, 'rest_invalid_param', `Invalid parameter(s): ${name}`, { params: { [name]: message } });
}

function matcher(query: URLSearchParams): (shown: ShownOffer) => boolean {
  const search = query.get('search')?.toLowerCase() ?? '';
  const sku = query.get('sku');
  const slug = query.get('slug');
  const category = query.get('category');
  const include = query.get('include')?.split(',').map(Number);
  const stock = query.getAll('stock_status[]').concat(query.getAll('stock_status'));
  return ({ offer, state }) =>
    (!search || offer.title.toLowerCase().includes(search) || offer.sku.toLowerCase() === search) && (sku === null || sku.split(',').includes(offer.sku)) && (slug === null || offer.slug === slug) && (category === null || offer.categoryText.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-') === category) &&
    (!include || include.includes(FIRST_PRODUCT_ID + offer.number)) && (stock.length === 0 || stock.includes(state.shownInStock ? 'instock' : 'outofstock')) && (query.get('on_sale') !== 'true' || state.regularMinor !== null);
}

function ordering(query: URLSearchParams): (a: ShownOffer, b: ShownOffer) => number {
  const sign = query.get('order') === 'asc' ? 1 : -1;
  const by = query.get('orderby') ?? 'date';
  const key = (s: ShownOffer) => (by === 'price' ? (s.state.priceMinor ?? 0) : by === 'id' ? s.offer.number : s.offer.listedAt);
  return (a, b) => sign * (key(a) - key(b) || a.offer.number - b.offer.number);
}

/** The versioned path and the one without, which public clients use. */
function both(method: Route['method'], path: string, name: string, handle: Route['handle']): Route[] {
  return ['/wp-json/wc/store/v1', '/wp-json/wc/store'].map((base) => ({ method, pattern: base + path, name, handle }));
}

export function createWooCommerceVendor(world: World, options: WooCommerceOptions): VendorServer {
  if (world.shops.outlet(options.outletId).kind !== 'woocommerce') throw new RangeError(`${options.outletId} is not a WooCommerce shop`);
  const shop = new WooCommerceShop(world, options.outletId, () => server.baseUrl);
  const server: VendorServer = createHost({
    name: options.outletId, world, errorBody: (status, message) => wpError(status, HOST_CODES[status] ?? 'internal_server_error', message),
    routes: [
      ...both('GET', '/products', 'products', (r) => shop.listProducts(r)),
      ...both('GET', '/products/{id}', 'product', (r) => shop.getProduct(r)),
      ...both('GET', '/cart', 'cart', (r) => shop.getCart(r)),
      ...both('POST', '/cart/add-item', 'add-item', (r) => shop.addItem(r)),
      ...both('POST', '/cart/update-item', 'update-item', (r) => shop.changeItem(r, null)),
      ...both('POST', '/cart/remove-item', 'remove-item', (r) => shop.changeItem(r, 0)),
      ...both('POST', '/cart/update-customer', 'update-customer', (r) => shop.updateCustomer(r)),
      ...both('GET', '/checkout', 'draft-checkout', (r) => shop.getCheckout(r)),
      ...both('POST', '/checkout', 'checkout', (r) => shop.placeOrder(r)),
      ...both('GET', '/order/{id}', 'order', (r) => shop.getOrder(r)),
    ],
  }, options);
  return server;
}
