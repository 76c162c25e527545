import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repairIdentifier } from '#kernel/identifiers.ts';
import { seededRandom } from '#kernel/random.ts';
import { ManualClock } from '#kernel/time.ts';
import { createHtmlShopVendor } from '#practice/vendors/html-shop/index.ts';
import type { VendorServer } from '#practice/vendors/host.ts';
import { createOuedknissVendor } from '#practice/vendors/ouedkniss/index.ts';
import { createWooCommerceVendor } from '#practice/vendors/woocommerce/index.ts';
import { createWorld, type World } from '#practice/world/index.ts';
import type { RawOffer, SourceAdapter } from '#engine/sources/ports.ts';
import { createFetcher } from '#scrapers/core/fetch/fetcher.ts';
import { createMemoryPageStore } from '#scrapers/core/fetch/page-store.ts';
import { offersOf, rejectsOf, scanAll } from '#scrapers/core/source/serve-fixture.ts';
import type { SiteTools } from '#scrapers/core/source/open-config.ts';
import { createOuedknissAdapter } from '#scrapers/sites/ouedkniss/fetch.ts';
import { createStructuredShopAdapter } from '#scrapers/sites/structured-shop/fetch.ts';
import { createWooCommerceAdapter } from '#scrapers/sites/woocommerce/fetch.ts';

const NOW = Date.UTC(2026, 10, 1);
let world: World;
let clock: ManualClock;
let tools: SiteTools;

beforeAll(() => {
  clock = new ManualClock(NOW);
  world = createWorld({ seed: 7, clock, productCount: 2_000 });
  tools = { clock, fetcher: createFetcher({ clock, random: seededRandom(1), store: createMemoryPageStore(), userAgent: 'ResaleDesk/test (+https://example.org)' }) };
});
afterAll(() => tools.fetcher.close());

async function scan(vendor: VendorServer, adapter: SourceAdapter, faultRate = 0) {
  vendor.setFaults({ rate: faultRate, hangMs: 50, slowBodyMs: 20 });
  const baseUrl = await vendor.start();
  try {
    const opened = adapter.open({ baseUrl, label: vendor.name, politeness: { allowLoopback: true } });
    if (!opened.ok) throw new Error(JSON.stringify(opened.error));
    const pages = await scanAll(opened.value);
    expect(vendor.bugs).toEqual([]);
    expect(pages.at(-1)?.complete).toBe(true);
    return { offers: offersOf(pages), rejects: rejectsOf(pages) };
  } finally {
    await vendor.close();
  }
}

/** WordPress sets dashes and quotes as a typographer would. */
const plain = (title: string) => title.replace(/[–—]/g, '-').replace(/[’‘]/g, "'").replace(/[”“″]/g, '"').replace(/\s+/g, ' ').trim();

/** What the world asks for each offer at this instant, in minor units, by title. */
function truth(outletId: string): { readonly all: number; readonly prices: ReadonlyMap<string, ReadonlySet<number>> } {
  const prices = new Map<string, Set<number>>();
  let all = 0;
  for (const offer of world.shops.offers(outletId)) {
    const state = world.shops.state(outletId, offer.number, NOW);
    if (!state) continue;
    all += 1;
    const title = plain(offer.title);
    if (state.priceMinor !== null) prices.set(title, (prices.get(title) ?? new Set()).add(state.priceMinor));
  }
  return { all, prices };
}

function wrongPrices(offers: readonly RawOffer[], outletId: string): string[] {
  const { prices } = truth(outletId);
  return offers.filter((o) => !prices.get(plain(o.title))?.has(o.price.minor)).map((o) => `${o.title}: ${o.price.minor}`);
}

describe.each([
  ['maplecart', () => createWooCommerceVendor(world, { outletId: 'maplecart' }), () => createWooCommerceAdapter(tools)],
  ['dar-el-hanout', () => createWooCommerceVendor(world, { outletId: 'dar-el-hanout' }), () => createWooCommerceAdapter(tools)],
  ['ouedkniss', () => createOuedknissVendor(world), () => createOuedknissAdapter(tools)],
  ['brightshelf', () => createHtmlShopVendor(world, { outletId: 'brightshelf' }), () => createStructuredShopAdapter(tools)],
  ['corner-outlet', () => createHtmlShopVendor(world, { outletId: 'corner-outlet' }), () => createStructuredShopAdapter(tools)],
] as const)('a scan of %s', (outletId, vendor, adapter) => {
  it('gives each of its offers once, as an offer at the price it asks or as a reject with a reason', async () => {
    const { offers, rejects } = await scan(vendor(), adapter());
    expect(offers.length + rejects.length).toBe(truth(outletId).all);
    expect(new Set(offers.map((o) => o.externalId)).size).toBe(offers.length);
    expect(wrongPrices(offers, outletId)).toEqual([]);
    expect(rejects.every((r) => r.reason !== '' && r.where !== '')).toBe(true);
    expect(offers.length).toBeGreaterThan(100);
    expect(rejects.filter((r) => r.code === 'schema-drift' || r.code === 'unparseable')).toEqual([]);
    const numbered = offers.filter((o) => o.identifiers.some((i) => (i.hint === 'gtin' || i.hint === 'isbn') && repairIdentifier(i.text).status !== 'refused'));
    if (outletId !== 'ouedkniss') expect(numbered.length).toBeGreaterThan(offers.length / 10);
  });

  it('gets through with one request in twenty failing, and then too believes no wrong price', async () => {
    const { offers, rejects } = await scan(vendor(), adapter(), 0.05);
    expect(wrongPrices(offers, outletId)).toEqual([]);
    expect(offers.length + rejects.length).toBeGreaterThan(truth(outletId).all * 0.9);
  });
});
