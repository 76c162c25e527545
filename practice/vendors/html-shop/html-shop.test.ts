import { afterEach, describe, expect, it } from 'vitest';
import { DAY_MS, ManualClock } from '#kernel/time.ts';
import { createWorld } from '../../world/index.ts';
import type { VendorServer } from '../host.ts';
import { createHtmlShopVendor } from './index.ts';

const START = Date.UTC(2026, 8, 1, 10);
const open: VendorServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) {
    expect(server.bugs).toEqual([]);
    await server.close();
  }
});

async function shop(outletId: string) {
  const clock = new ManualClock(START);
  const world = createWorld({ seed: 7, clock, productCount: 3_000 });
  const server = createHtmlShopVendor(world, { outletId });
  open.push(server);
  const base = await server.start();
  return { world, clock, base, get: (path: string, headers: Record<string, string> = {}) => fetch(path.startsWith('http') ? path : base + path, { headers }) };
}

const locations = (xml: string) => [...xml.matchAll(/<loc>([^<]+)<\/loc>/g)].map((m) => m[1]!);
const jsonLd = (html: string) => /<script type="application\/ld\+json">([\s\S]*?)<\/script>/.exec(html)![1]!;

describe('an HTML shop', () => {
  it('leads from robots.txt through the sitemaps to every product', async () => {
    const { get, world } = await shop('brightshelf');
    const robots = await (await get('/robots.txt')).text();
    const index = locations(await (await get(/Sitemap: (\S+)/.exec(robots)![1]!)).text());
    expect(index.length).toBeGreaterThan(1);
    const pages = (await Promise.all(index.map(async (url) => locations(await (await get(url)).text())))).flat();
    expect(new Set(pages).size).toBe(world.shops.offers('brightshelf').filter((o) => world.shops.state('brightshelf', o.number, START)).length);
    expect((await get('/sitemap-products-99.xml')).status).toBe(404);
  });

  it('states its price in JSON-LD as on the page', async () => {
    const { get, world } = await shop('brightshelf');
    for (const offer of world.shops.offers('brightshelf').slice(0, 40)) {
      const state = world.shops.state('brightshelf', offer.number, START);
      if (!state) continue;
      const html = await (await get(`/p/${offer.slug}`)).text();
      const data = JSON.parse(jsonLd(html)) as { name: string; offers: { price: string; priceCurrency: string; availability: string } };
      expect(data.offers).toMatchObject({ price: (state.priceMinor! / 100).toFixed(2), priceCurrency: 'USD', availability: `https://schema.org/${state.shownInStock ? 'InStock' : 'OutOfStock'}` });
      expect(html).toContain(`$${(state.priceMinor! / 100).toFixed(2)}`);
    }
  });

  it('breaks the JSON-LD of some pages of one shop, in four ways', async () => {
    const { get, world } = await shop('corner-outlet');
    let [fine, broken] = [0, 0];
    const ways = new Set<string>();
    for (const offer of world.shops.offers('corner-outlet').slice(0, 100)) {
      const response = await get(`/p/${offer.slug}`);
      if (response.status !== 200) continue;
      const text = jsonLd(await response.text());
      try {
        JSON.parse(text);
        fine += 1;
      } catch {
        broken += 1;
        ways.add(text.startsWith('<!--') ? 'html-comment' : text.includes('/*') ? 'comment' : text.includes('\u0003') ? 'control-character' : /,\s*\}/.test(text) ? 'trailing-comma' : text);
      }
    }
    expect(fine).toBeGreaterThan(50);
    expect(broken).toBeGreaterThan(8);
    expect([...ways].toSorted()).toEqual(['comment', 'control-character', 'html-comment', 'trailing-comma']);
  });

  it('answers 304 for a copy that is still good, and 200 once the price has moved', async () => {
    const { get, world, clock } = await shop('brightshelf');
    const { slug } = world.shops.offers('brightshelf').find((o) => {
      const [now, later] = [START, START + 40 * DAY_MS].map((at) => world.shops.state('brightshelf', o.number, at)?.priceMinor);
      return now && later && now !== later;
    })!;
    const first = await get(`/p/${slug}`);
    const etag = first.headers.get('etag')!;
    expect((await get(`/p/${slug}`, { 'if-none-match': etag })).status).toBe(304);
    expect((await get(`/p/${slug}`, { 'if-modified-since': first.headers.get('last-modified')! })).status).toBe(304);
    clock.advanceTo(START + 40 * DAY_MS);
    expect((await get(`/p/${slug}`, { 'if-none-match': etag })).status).toBe(200);
  });

  it('lists categories page by page, and says 404 or 410 for what is not there', async () => {
    const { get, world } = await shop('brightshelf');
    const html = await (await get('/c/toys')).text();
    expect(html).toContain('class="card"');
    expect((await get('/c/none')).status).toBe(404);
    expect((await get('/p/none-1')).status).toBe(404);
    const later = world.shops.offers('brightshelf').find((o) => o.listedAt > START)!;
    expect((await get(`/p/${later.slug}`)).status).toBe(404);
  });
});
