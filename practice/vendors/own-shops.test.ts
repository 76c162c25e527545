import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { HOUR_MS, ManualClock } from '#kernel/time.ts';
import { createWorld, type World } from '../world/index.ts';
import type { VendorServer } from './host.ts';
import { createShopifyVendor, PRACTICE_SHOPIFY } from './shopify/index.ts';
import { createWooCommerceShopVendor, PRACTICE_WOOCOMMERCE_SHOP } from './woocommerce-shop/index.ts';

const START = Date.UTC(2026, 10, 21);
const directory = mkdtempSync(join(tmpdir(), 'practice-own-shops-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** What the vendor remembers, before it is started anew on the world's journal and after. */
async function overRestart<V extends VendorServer>(name: string, create: (world: World) => V, given: { readonly use: (vendor: V, world: World, clock: ManualClock) => Promise<void>; readonly read: (vendor: V, world: World) => Promise<unknown> }): Promise<[unknown, unknown]> {
  const journalFile = join(directory, `${name}.jsonl`);
  const clock = new ManualClock(START);
  const seen: unknown[] = [];
  for (const first of [true, false]) {
    const world = createWorld({ seed: 3, clock, productCount: 1_000, journalFile });
    const vendor = create(world);
    await vendor.start();
    if (first) await given.use(vendor, world, clock);
    world.now();
    seen.push(await given.read(vendor, world));
    expect(vendor.bugs).toEqual([]);
    await vendor.close();
    world.close();
  }
  return [seen[0], seen[1]];
}

async function untilSold(world: World, clock: ManualClock, channel: 'woocommerce' | 'shopify'): Promise<string> {
  for (let hour = 0; hour < 200 && world.sales(channel).length === 0; hour++) {
    clock.advanceTo(clock.now() + HOUR_MS);
    world.now();
  }
  return world.sales(channel)[0]!.id;
}
const barcode = (world: World) => world.catalog.byId(565).gtin!;

const askWoo = async (vendor: VendorServer, method: string, path: string, body?: unknown) => {
  const authorization = `Basic ${Buffer.from(`${PRACTICE_WOOCOMMERCE_SHOP.consumerKey}:${PRACTICE_WOOCOMMERCE_SHOP.consumerSecret}`).toString('base64')}`;
  return (await (await fetch(`${vendor.baseUrl}/wp-json/wc/v3${path}`, { method, headers: { authorization, 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })).json()) as Record<string, unknown>;
};

const askShopify = async (vendor: VendorServer, query: string, variables: unknown = {}) => {
  const login = (await (await fetch(`${vendor.baseUrl}/admin/oauth/access_token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials', client_id: PRACTICE_SHOPIFY.clientId, client_secret: PRACTICE_SHOPIFY.clientSecret }) })).json()) as { access_token: string };
  const answer = await fetch(`${vendor.baseUrl}/admin/api/2026-07/graphql.json`, { method: 'POST', headers: { 'x-shopify-access-token': login.access_token, 'content-type': 'application/json' }, body: JSON.stringify({ query, variables }) });
  return ((await answer.json()) as { data: Record<string, unknown>; errors?: unknown }).data;
};

describe('own shops of the practice market remember over a restart', () => {
  it('WooCommerce: products, stock, notes and refunds', async () => {
    let order = '';
    const [before, after] = await overRestart('woocommerce', createWooCommerceShopVendor, {
      use: async (vendor, world, clock) => {
        await askWoo(vendor, 'POST', '/products', { name: 'A thing', sku: 'RD1', status: 'publish', regular_price: '6.50', manage_stock: true, stock_quantity: 3, global_unique_id: barcode(world), attributes: [{ name: 'Condition', options: ['New'] }] });
        order = await untilSold(world, clock, 'woocommerce');
        await askWoo(vendor, 'POST', `/orders/${order}/notes`, { note: 'Thank you', customer_note: true });
        await askWoo(vendor, 'POST', `/orders/${order}/refunds`, { amount: '1.00', reason: 'A scratch [ref_1]' });
      },
      read: async (vendor) => [await askWoo(vendor, 'GET', '/products?sku=RD1'), await askWoo(vendor, 'GET', `/orders/${order}`), await askWoo(vendor, 'GET', `/orders/${order}/notes`)],
    });
    expect(after).toEqual(before);
    expect(before).toMatchObject([[{ sku: 'RD1', stock_quantity: 2 }], { refunds: [{ total: '-1.00', reason: 'A scratch [ref_1]' }] }, [{ note: 'Thank you' }]]);
  });

  it('Shopify: products, stock, and what was answered under a key', async () => {
    const SET = 'mutation S($input: InventorySetQuantitiesInput!, $key: String!) { inventorySetQuantities(input: $input) @idempotent(key: $key) { inventoryAdjustmentGroup { id } userErrors { code } } }';
    let stock: unknown;
    const [before, after] = await overRestart('shopify', createShopifyVendor, {
      use: async (vendor, world) => {
        const input = { handle: 'rd-1', title: 'A thing', status: 'DRAFT', productOptions: [{ name: 'Title', values: [{ name: 'Default Title' }] }], variants: [{ sku: 'RD-1', barcode: barcode(world), optionValues: [{ optionName: 'Title', name: 'Default Title' }], inventoryItem: { tracked: true }, inventoryQuantities: [{ locationId: 'gid://shopify/Location/7001', name: 'available', quantity: 0 }] }] };
        const { productSet } = (await askShopify(vendor, 'mutation P($id: ProductSetIdentifiers, $input: ProductSetInput!) { productSet(identifier: $id, input: $input, synchronous: true) { product { id } userErrors { message } } }', { id: { handle: 'rd-1' }, input })) as { productSet: { product: { id: string } } };
        stock = { input: { name: 'available', reason: 'correction', quantities: [{ inventoryItemId: productSet.product.id.replace('Product', 'InventoryItem'), locationId: 'gid://shopify/Location/7001', quantity: 5, changeFromQuantity: 0 }] }, key: 'key-1' };
        await askShopify(vendor, SET, stock);
      },
      // Asked again under the same key, it answers as before and changes nothing, though the quantity is another by now.
      read: async (vendor) => [await askShopify(vendor, SET, stock), vendor.product('RD-1')],
    });
    expect(after).toEqual(before);
    expect(before).toMatchObject([{ inventorySetQuantities: { userErrors: [] } }, { sku: 'RD-1', stock: 5, status: 'DRAFT' }]);
  });
});
