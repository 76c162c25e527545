import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memorySecrets } from '#app/hosting/memory-secrets.ts';
import { composeApp, type App, type DeskClient } from '#app/compose.ts';
import { createInProcessClient } from '#app/transports/in-process.ts';
import type { contract } from '#contract/index.ts';
import { silentLogger } from '#kernel/log.ts';
import { seededRandom } from '#kernel/random.ts';
import { ManualClock } from '#kernel/time.ts';
import { createShopifyVendor, PRACTICE_SHOPIFY, type ShopifyVendor } from '#practice/vendors/shopify/index.ts';
import { createWooCommerceShopVendor, PRACTICE_WOOCOMMERCE_SHOP, type WooCommerceShopVendor } from '#practice/vendors/woocommerce-shop/index.ts';
import { createWorld, type World } from '#practice/world/index.ts';

/** A desk on real accounts, whose shops answer on this machine: what a person types is all that joins them. */
const clock = new ManualClock(Date.UTC(2026, 10, 21));
const dir = mkdtempSync(path.join(tmpdir(), 'resale-connect-'));
let world: World;
let woo: WooCommerceShopVendor;
let shopify: ShopifyVendor;
let app: App;
let desk: DeskClient;

beforeAll(async () => {
  world = createWorld({ seed: 3, clock, productCount: 1_000 });
  [woo, shopify] = [createWooCommerceShopVendor(world), createShopifyVendor(world)];
  await Promise.all([woo.start(), shopify.start()]);
  app = await composeApp({ version: '0', dataDir: dir, rootDir: process.cwd(), clock, random: seededRandom(1), log: silentLogger, secrets: memorySecrets(), disposable: true, practice: null });
  desk = createInProcessClient<typeof contract>(app);
});
afterAll(async () => {
  await app?.stop();
  await Promise.all([woo.close(), shopify.close()]);
  world.close();
  rmSync(dir, { recursive: true, force: true });
});

const stateOf = async (id: 'woocommerce' | 'shopify') => (await desk.settings.connections()).find((connection) => connection.id === id)!;
const sells = () => app.parts.trade.listings.channels.connected().map(({ port }) => port.market);

describe('the accounts of own shops', () => {
  it('join a WooCommerce shop by its address and key, and say in plain words what is wrong', async () => {
    expect(await stateOf('woocommerce')).toMatchObject({ state: 'not-connected' });
    const values = { address: woo.baseUrl, ...PRACTICE_WOOCOMMERCE_SHOP };
    const wrong = await desk.settings.setConnection({ id: 'woocommerce', values: { ...values, consumerSecret: 'cs_wrong_secret' } });
    expect(wrong.state).toBe('failing');
    expect(wrong.lastError).toContain('make a key with Read/Write rights');
    expect(JSON.stringify(wrong)).not.toContain('cs_wrong_secret');
    expect((await desk.settings.setConnection({ id: 'woocommerce', values: { ...values, address: 'http://shop.example' } })).lastError).toContain('must begin with https');
    expect(await desk.settings.setConnection({ id: 'woocommerce', values })).toMatchObject({ state: 'connected', lastError: null });
    expect(sells()).toEqual(['woocommerce']);
    expect(await desk.settings.setConnection({ id: 'woocommerce', values: { consumerSecret: '' } })).toMatchObject({ state: 'not-connected' });
  });

  it('join a Shopify shop by an app or by a token, and by neither not', async () => {
    const address = await desk.settings.setConnection({ id: 'shopify', values: { address: shopify.baseUrl } });
    expect(address.state).toBe('failing');
    expect(sells()).not.toContain('shopify');
    expect((await desk.settings.setConnection({ id: 'shopify', values: { accessToken: 'shpat_not_the_token' } })).lastError).toContain('does not know this token');
    expect(await desk.settings.setConnection({ id: 'shopify', values: { accessToken: '', ...PRACTICE_SHOPIFY } })).toMatchObject({ state: 'connected', lastError: null });
    expect(sells()).toContain('shopify');
    expect([...woo.bugs, ...shopify.bugs]).toEqual([]);
  });
});
