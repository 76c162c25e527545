import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DAY_MS, HOUR_MS, ManualClock } from '#kernel/time.ts';
import { createWorld, type World } from '../../world/index.ts';
import { countEffects } from '../../world/truth.ts';
import type { VendorServer } from '../host.ts';
import { createWooCommerceVendor } from './index.ts';
import { FIRST_PRODUCT_ID } from './render-product.ts';

const START = Date.UTC(2026, 8, 1, 10);
const directory = mkdtempSync(join(tmpdir(), 'practice-woo-'));
const open: VendorServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) {
    expect(server.bugs).toEqual([]);
    await server.close();
  }
  rmSync(directory, { recursive: true, force: true });
});

interface Shop {
  readonly world: World;
  readonly clock: ManualClock;
  readonly server: VendorServer;
  call(method: string, path: string, options?: { token?: string; nonce?: string; body?: unknown }): Promise<{ status: number; headers: Headers; body: Record<string, unknown> }>;
}

async function shop(outletId = 'maplecart', journalFile?: string): Promise<Shop> {
  const clock = new ManualClock(START);
  const world = createWorld({ seed: 7, clock, productCount: 3_000, ...(journalFile ? { journalFile } : {}) });
  const server = createWooCommerceVendor(world, { outletId });
  open.push(server);
  const base = await server.start();
  return {
    world, clock, server,
    async call(method, path, { token, nonce, body } = {}) {
      const response = await fetch(`${base}/wp-json/wc/store/v1${path}`, {
        method, headers: { 'content-type': 'application/json', ...(token ? { 'Cart-Token': token } : {}), ...(nonce ? { Nonce: nonce } : {}) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, unknown> };
    },
  };
}

const ADDRESS = { first_name: 'Practice', last_name: 'Buyer', address_1: '1 Practice Way', city: 'Portland', state: 'OR', postcode: '97201', country: 'US', email: 'buyer@practice.invalid', phone: '' };
const productList = z.array(z.object({
  id: z.number().int(), name: z.string().min(1), sku: z.string(), permalink: z.string(), is_in_stock: z.boolean(), is_purchasable: z.boolean(), low_stock_remaining: z.number().nullable(),
  prices: z.object({ price: z.string().regex(/^\d+$/), regular_price: z.string().regex(/^\d+$/), currency_code: z.string(), currency_minor_unit: z.number() }), add_to_cart: z.object({ maximum: z.number() }),
}));

function sellable(world: World, outletId: string, units = 1): number {
  return world.shops.offers(outletId).find((o) => world.shops.available(outletId, o.number, world.now()) >= units)!.number;
}

async function filledCart(at: Shop, number = sellable(at.world, 'maplecart'), quantity = 1): Promise<string> {
  const token = (await at.call('GET', '/cart')).headers.get('cart-token')!;
  const added = await at.call('POST', '/cart/add-item', { token, body: { id: FIRST_PRODUCT_ID + number, quantity } });
  expect(added.status).toBe(201);
  return token;
}

const order = (at: Shop, token: string, change: object = {}) => at.call('POST', '/checkout', { token, body: { billing_address: ADDRESS, shipping_address: ADDRESS, payment_method: 'bacs', ...change } });

describe('products', () => {
  it('come in pages with totals and links, every one once', async () => {
    const { call, world } = await shop();
    const ids = new Set<number>();
    const first = await call('GET', '/products?per_page=100&page=1');
    const pages = Number(first.headers.get('x-wp-totalpages'));
    expect(first.headers.get('link')).toContain('rel="next"');
    for (let page = 1; page <= pages; page++) {
      const list = productList.parse((await call('GET', `/products?per_page=100&page=${page}`)).body);
      for (const product of list) ids.add(product.id);
    }
    expect(ids.size).toBe(Number(first.headers.get('x-wp-total')));
    expect(ids.size).toBe(world.shops.offers('maplecart').filter((o) => world.shops.state('maplecart', o.number, START)).length);
    expect((await call('GET', `/products?per_page=100&page=${pages + 1}`)).body).toEqual([]);
  });

  it('are refused beyond 100 a page', async () => {
    const { call } = await shop();
    expect(await call('GET', '/products?per_page=101')).toMatchObject({ status: 400, body: { code: 'rest_invalid_param', data: { status: 400 } } });
  });

  it('are found by id, search and the path without a version', async () => {
    const { call, world, server } = await shop();
    const number = sellable(world, 'maplecart');
    expect((await call('GET', `/products/${FIRST_PRODUCT_ID + number}`)).body['id']).toBe(FIRST_PRODUCT_ID + number);
    expect((await call('GET', '/products/5')).body['code']).toBe('woocommerce_rest_product_invalid_id');
    const word = world.shops.offers('maplecart')[number - 1]!.title.trim().split(' ').at(-1)!;
    expect(productList.parse((await call('GET', `/products?search=${encodeURIComponent(word)}&per_page=100`)).body).length).toBeGreaterThan(0);
    expect((await fetch(`${server.baseUrl}/wp-json/wc/store/products?per_page=1`)).status).toBe(200);
  });

  it('of an Algerian shop are priced in whole dinars', async () => {
    const { call, world } = await shop('dar-el-hanout');
    const [product] = productList.parse((await call('GET', '/products?per_page=1&orderby=id&order=asc')).body);
    const state = world.shops.state('dar-el-hanout', product!.id - FIRST_PRODUCT_ID, START)!;
    expect(product!.prices).toMatchObject({ currency_code: 'DZD', currency_minor_unit: 0, price: String(state.priceMinor! / 100) });
  });
});

describe('cart and checkout', () => {
  it('turn a cart into a draft, the draft into an order, and deliver it days later', async () => {
    const at = await shop();
    const token = await filledCart(at);
    const cart = await at.call('POST', '/cart/update-customer', { token, body: { billing_address: ADDRESS, shipping_address: ADDRESS } });
    const totals = z.object({ total_items: z.string(), total_shipping: z.string(), total_price: z.string() }).parse(cart.body['totals']);
    expect(Number(totals.total_items) + Number(totals.total_shipping)).toBe(Number(totals.total_price));
    const draft = await at.call('GET', '/checkout', { token });
    expect(draft.body).toMatchObject({ status: 'checkout-draft' });
    const { order_id: id, order_key: key } = z.object({ order_id: z.number(), order_key: z.string() }).parse(draft.body);
    const path = `/order/${id}?key=${key}&billing_email=${ADDRESS.email}`;
    expect((await at.call('GET', path)).body['status']).toBe('checkout-draft');
    expect(await order(at, token)).toMatchObject({ status: 200, body: { order_id: id, order_key: key, status: 'processing', payment_result: { payment_status: 'success' } } });
    const placed = await at.call('GET', path);
    expect(placed.body).toMatchObject({ id, status: 'processing', totals: { total_price: totals.total_price } });
    at.clock.advanceTo(START + 20 * DAY_MS);
    expect(['completed', 'refunded']).toContain((await at.call('GET', path)).body['status']);
  });

  it('never make a second order of one cart', async () => {
    const at = await shop();
    const token = await filledCart(at);
    expect((await order(at, token)).status).toBe(200);
    expect(await order(at, token)).toMatchObject({ status: 400, body: { code: 'woocommerce_rest_cart_empty' } });
    expect(Object.values(countEffects(at.world).shopOrdersByReference)).toEqual([1]);
  });

  it('never make a second order when the first answer was lost', async () => {
    const at = await shop();
    const token = await filledCart(at);
    const draft = z.object({ order_id: z.number(), order_key: z.string() }).parse((await at.call('GET', '/checkout', { token })).body);
    at.server.setFaults({ rate: 1, kinds: ['cut-after'], routes: ['checkout'], limit: 1 });
    await expect(order(at, token)).rejects.toThrow();
    expect((await order(at, token)).body['code']).toBe('woocommerce_rest_cart_empty');
    expect(at.world.effects().shopOrders).toHaveLength(1);
    expect((await at.call('GET', `/order/${draft.order_id}?key=${draft.order_key}&billing_email=${ADDRESS.email}`)).body['status']).toBe('processing');
  });

  it('let the same token buy again with a new cart', async () => {
    const at = await shop();
    const number = sellable(at.world, 'maplecart', 2);
    const token = await filledCart(at, number);
    await order(at, token);
    await at.call('POST', '/cart/add-item', { token, body: { id: FIRST_PRODUCT_ID + number, quantity: 1 } });
    expect((await order(at, token)).status).toBe(200);
    expect(at.world.effects().shopOrders).toHaveLength(2);
  });

  it('outlive a restart', async () => {
    const journalFile = join(mkdtempSync(join(tmpdir(), 'practice-woo-')), 'journal.jsonl');
    const first = await shop('maplecart', journalFile);
    const token = await filledCart(first);
    const draft = z.object({ order_id: z.number(), order_key: z.string() }).parse((await first.call('GET', '/checkout', { token })).body);
    first.world.close();
    const second = await shop('maplecart', journalFile);
    expect((await second.call('GET', '/cart', { token })).body['items_count']).toBe(1);
    expect(await order(second, token)).toMatchObject({ status: 200, body: { order_id: draft.order_id } });
    second.world.close();
    const third = await shop('maplecart', journalFile);
    expect((await order(third, token)).body['code']).toBe('woocommerce_rest_cart_empty');
    expect((await third.call('GET', `/order/${draft.order_id}?key=${draft.order_key}&billing_email=${ADDRESS.email}`)).body['status']).toBe('processing');
    third.world.close();
    rmSync(journalFile);
  });

  it('refuse writes without a token, with a foreign nonce, an empty cart, no address or no payment method', async () => {
    const at = await shop();
    expect(await at.call('POST', '/cart/add-item', { body: { id: 1 } })).toMatchObject({ status: 401, body: { code: 'woocommerce_rest_missing_nonce' } });
    const token = await filledCart(at);
    expect(await at.call('POST', '/cart/add-item', { token, nonce: 'wrong', body: { id: 1 } })).toMatchObject({ status: 403, body: { code: 'woocommerce_rest_invalid_nonce' } });
    expect(await order(at, token, { billing_address: { ...ADDRESS, postcode: '' } })).toMatchObject({ status: 400, body: { code: 'woocommerce_rest_invalid_address' } });
    expect((await order(at, token, { payment_method: '' })).body['code']).toBe('woocommerce_rest_checkout_missing_payment_method');
    expect((await order(at, token, { payment_method: 'stripe' })).body['code']).toBe('woocommerce_rest_checkout_payment_method_disabled');
    const empty = (await at.call('GET', '/cart')).headers.get('cart-token')!;
    expect((await at.call('GET', '/checkout', { token: empty })).body['code']).toBe('woocommerce_rest_cart_empty');
    expect(at.world.effects().shopOrders).toEqual([]);
  });

  it('refuse what the page still shows and the shop no longer has', async () => {
    const at = await shop();
    const phantom = at.world.shops.offers('maplecart').find((o) => at.world.shops.state('maplecart', o.number, START)?.shownInStock && at.world.shops.available('maplecart', o.number, START) === 0)!;
    const token = await filledCart(at, phantom.number);
    expect(await order(at, token)).toMatchObject({ status: 409, body: { code: 'woocommerce_rest_product_out_of_stock', data: { cart: { items_count: 1 } } } });
    expect(at.world.effects().shopOrders).toEqual([]);
  });

  it('charge the price of the moment, which may have moved since the scan', async () => {
    const at = await shop();
    const offers = at.world.shops.offers('maplecart');
    const moved = offers.find((o) => {
      const [now, later] = [START, START + 30 * HOUR_MS].map((t) => at.world.shops.state('maplecart', o.number, t)?.priceMinor);
      return now && later && now !== later && at.world.shops.available('maplecart', o.number, START) > 0 && at.world.shops.available('maplecart', o.number, START + 30 * HOUR_MS) > 0;
    })!;
    const token = await filledCart(at, moved.number);
    const totals = async () => z.object({ total_items: z.string() }).parse((await at.call('GET', '/cart', { token })).body['totals']).total_items;
    const before = await totals();
    at.clock.advanceTo(START + 30 * HOUR_MS);
    expect(await totals()).not.toBe(before);
  });

  it('keep an order from eyes without its key and address', async () => {
    const at = await shop();
    const token = await filledCart(at);
    const { order_id: id, order_key: key } = z.object({ order_id: z.number(), order_key: z.string() }).parse((await order(at, token)).body);
    expect(await at.call('GET', `/order/${id}?key=no&billing_email=${ADDRESS.email}`)).toMatchObject({ status: 401, body: { code: 'woocommerce_rest_invalid_order' } });
    expect(await at.call('GET', `/order/${id}?key=${key}&billing_email=x@y.z`)).toMatchObject({ status: 401, body: { code: 'woocommerce_rest_invalid_billing_email' } });
    expect(await at.call('GET', `/order/999?key=${key}`)).toMatchObject({ status: 404, body: { code: 'woocommerce_rest_invalid_order' } });
  });

  it('change and remove lines', async () => {
    const at = await shop();
    const number = sellable(at.world, 'maplecart', 2);
    const token = await filledCart(at, number);
    const { items } = z.object({ items: z.array(z.object({ key: z.string() })) }).parse((await at.call('GET', '/cart', { token })).body);
    const { key } = items[0]!;
    expect((await at.call('POST', '/cart/update-item', { token, body: { key, quantity: 2 } })).body['items_count']).toBe(2);
    expect((await at.call('POST', '/cart/remove-item', { token, body: { key } })).body['items_count']).toBe(0);
    expect((await at.call('POST', '/cart/remove-item', { token, body: { key } })).body['code']).toBe('woocommerce_rest_cart_invalid_key');
  });
});
