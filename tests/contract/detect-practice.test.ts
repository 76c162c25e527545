import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '#kernel/random.ts';
import { ManualClock } from '#kernel/time.ts';
import { createHtmlShopVendor } from '#practice/vendors/html-shop/index.ts';
import { createWooCommerceVendor } from '#practice/vendors/woocommerce/index.ts';
import { createWorld, type World } from '#practice/world/index.ts';
import { createSiteDetector } from '#scrapers/core/detect/detect-site.ts';
import { createFetcher, type Fetcher } from '#scrapers/core/fetch/fetcher.ts';
import { createMemoryPageStore } from '#scrapers/core/fetch/page-store.ts';
import { createSiteAdapters, HOST_RULES, SAMPLERS } from '#scrapers/sites/site-kinds.ts';

let world: World;
let clock: ManualClock;
let fetcher: Fetcher;
beforeAll(() => {
  clock = new ManualClock(Date.UTC(2026, 10, 1));
  world = createWorld({ seed: 7, clock, productCount: 2_000 });
  fetcher = createFetcher({ clock, random: seededRandom(1), store: createMemoryPageStore(), userAgent: 'ResaleDesk/test (+https://example.org)' });
});
afterAll(() => fetcher.close());

describe.each([
  ['maplecart', 'woocommerce', () => createWooCommerceVendor(world, { outletId: 'maplecart' })],
  ['dar-el-hanout', 'woocommerce', () => createWooCommerceVendor(world, { outletId: 'dar-el-hanout' })],
  ['brightshelf', 'structured-shop', () => createHtmlShopVendor(world, { outletId: 'brightshelf' })],
  ['corner-outlet', 'structured-shop', () => createHtmlShopVendor(world, { outletId: 'corner-outlet' })],
] as const)('the practice shop %s, by its address alone', (_name, kind, create) => {
  it(`is known as ${kind}, in few requests, and read well`, async () => {
    const vendor = create();
    const address = await vendor.start();
    const detector = createSiteDetector({ clock, fetcher, adapters: (tools) => createSiteAdapters(() => tools), hosts: HOST_RULES, samplers: SAMPLERS, allowLoopback: true });
    const found = await detector.detect(address, { signal: new AbortController().signal });
    const asked = Object.values(vendor.counts().byStatus).reduce((sum, n) => sum + n, 0);
    await vendor.close();
    expect(found).toMatchObject({ kind });
    expect(found.sample.length).toBeGreaterThanOrEqual(3);
    expect(asked).toBeLessThanOrEqual(12);
    expect(Math.min(found.coverage.title, found.coverage.price, found.coverage.currency)).toBeGreaterThanOrEqual(5_000);
  });
});
