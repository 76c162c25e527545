import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createSiteAdapters, HOST_RULES, SAMPLERS } from '../../sites/site-kinds.ts';
import { FixtureSite, type FixtureAnswer, type FixtureRequest } from '../source/serve-fixture.ts';
import { createSiteDetector } from './detect-site.ts';
import { findStandIn } from './find-stand-in.ts';
import { siteName } from './find-platform.ts';

const NOW = Date.UTC(2026, 10, 21);
let site: FixtureSite;
const all: string[] = [];

async function detect(answer: (request: FixtureRequest) => FixtureAnswer | null, path = '/', allowLoopback = true) {
  all.length = 0;
  site = await new FixtureSite((r) => {
    all.push(r.path);
    return answer(r);
  }, NOW).start();
  const { fetcher, clock } = site.tools;
  const detector = createSiteDetector({ clock, fetcher, adapters: (tools) => createSiteAdapters(() => tools), hosts: HOST_RULES, samplers: SAMPLERS, allowLoopback });
  return detector.detect(`${site.url}${path}`, { signal: new AbortController().signal });
}
afterEach(() => site?.close());

const woo = (id: number) => ({ id, name: `Mug ${id}`, permalink: `https://shop.example/p-${id}`, sku: 'S', prices: { price: '1250', currency_code: 'USD', currency_minor_unit: 2 }, images: [{ src: 'https://shop.example/a.jpg' }], brands: [{ name: 'Falcon' }], is_purchasable: true, is_in_stock: true });
const shopify = (id: number) => ({ id, title: `Cup ${id}`, handle: `cup-${id}`, vendor: 'Falcon', variants: [{ id: id * 10, title: 'Default Title', price: '9.50', available: true, sku: 'S' }], images: [{ src: 'https://cdn.shopify.com/a.jpg' }] });
const product = (name: string, more: object = {}) => `<script type="application/ld+json">${JSON.stringify({ '@context': 'https://schema.org', '@type': 'Product', name, brand: 'Falcon', gtin13: '3165140821858', image: 'https://x.example/a.jpg', offers: { '@type': 'Offer', price: '12.00', priceCurrency: 'EUR', availability: 'https://schema.org/InStock' }, ...more })}</script>`;
const sitemap = (paths: readonly string[]) => ({ body: `<urlset>${paths.map((p) => `<url><loc>${site.url}${p}</loc></url>`).join('')}</urlset>` });

const shopifyAnswer = (headers: Record<string, string>) => (r: FixtureRequest) => (r.path === '/' ? { headers, body: '<title>Cups</title>' } : r.path === '/products.json' ? { body: { products: r.query.get('page') === '1' ? [shopify(1), shopify(2)] : [] } } : r.path === '/meta.json' ? { body: { currency: 'EUR' } } : null);
const embedded = (n: number) => `<script>var prestashop = {"currency":{"id":1,"iso_code":"EUR"}};</script><div id="product-details" data-product="${JSON.stringify({ id_product: n, name: `Tasse ${n}`, price_amount: 9.5, quantity: 3, ean13: '3165140821858', manufacturer_name: 'Falcon' }).replaceAll('"', '&quot;')}"></div>`;

describe('what stands at an address', () => {
  it('knows WooCommerce by its page, finds its root, and scores a sample', async () => {
    const found = await detect((r) => {
      if (r.path === '/shop/') return { body: `<html><head><title>Maple Cart – fine things</title><link rel="https://api.w.org/" href="${site.url}/blog/wp-json/" /><link href="/wp-content/plugins/woocommerce/a.css"></head></html>` };
      return r.path === '/blog/wp-json/wc/store/v1/products' ? { headers: { 'x-wp-totalpages': '9' }, body: [woo(1), woo(2), { ...woo(3), prices: { ...woo(3).prices, price: '' } }, woo(4)] } : null;
    }, '/shop/');
    expect(found).toMatchObject({ kind: 'woocommerce', label: 'Maple Cart', baseUrl: `${site.url}/blog`, settings: {}, coverage: { title: 10_000, price: 7_500, stock: 7_500, identifiers: 0, brand: 7_500, image: 7_500 } });
    expect(found.sample.length).toBeGreaterThanOrEqual(3);
    expect(found.problems.map((p) => [p.code, p.field])).toEqual([['field-missing', 'identifiers']]);
    expect(all.length).toBeLessThanOrEqual(12);
  });
  it('knows Shopify by its headers, and a headless shop by its interface', async () => {
    expect(await detect(shopifyAnswer({ 'powered-by': 'Shopify' }))).toMatchObject({ kind: 'shopify', label: 'Cups', coverage: { price: 10_000, brand: 10_000 } });
    expect(all).not.toContain('/wp-json/wc/store/v1/products');
    await site.close();
    expect(await detect(shopifyAnswer({}))).toMatchObject({ kind: 'shopify', sample: [{ price: { minor: 950, currency: 'EUR' } }, {}] });
    expect(all.length).toBeLessThanOrEqual(12);
  });
  it('knows PrestaShop, and picks product pages out of its sitemap', async () => {
    const products = Array.from({ length: 30 }, (_, i) => `/${i + 1}-tasse.html`);
    const found = await detect((r) => {
      if (r.path === '/') return { body: '<script>var prestashop = {};</script>' };
      if (r.path === '/1_index_sitemap.xml') return sitemap(['/3-cuisine', '/content/1-cgv', ...products]);
      const n = /^\/(\d+)-tasse\.html$/.exec(r.path)?.[1];
      return n ? { body: embedded(Number(n)) } : null;
    });
    expect(found).toMatchObject({ kind: 'prestashop', coverage: { price: 10_000, identifiers: 10_000, stock: 10_000, image: 0 } });
    expect(found.sample.map((o) => o.externalId)).toEqual(['1', '6', '11', '16', '21', '26']);
    expect(all.length).toBeLessThanOrEqual(12);
  });
  it('falls back to structured data, and finds where products live', async () => {
    const found = await detect((r) => {
      if (r.path === '/') return { body: '<title>Corner Outlet</title>' };
      if (r.path === '/robots.txt') return { body: `Sitemap: ${site.url}/sitemap_index.xml` };
      if (r.path === '/sitemap_index.xml') return { body: `<sitemapindex><sitemap><loc>${site.url}/blog.xml</loc></sitemap><sitemap><loc>${site.url}/products-1.xml</loc></sitemap></sitemapindex>` };
      if (r.path === '/products-1.xml') return sitemap(['/', '/about', ...Array.from({ length: 40 }, (_, i) => `/item/${i}`)]);
      return r.path.startsWith('/item/') ? { body: product(`Mug ${r.path}`) } : null;
    });
    expect(found).toMatchObject({ kind: 'structured-shop', label: 'Corner Outlet', settings: { productPath: '/item/' }, coverage: { title: 10_000, price: 10_000, currency: 10_000, stock: 10_000, identifiers: 10_000, brand: 10_000, image: 10_000 }, problems: [] });
    expect(all.length).toBeLessThanOrEqual(12);
  });
  it('says why not: nothing to read, prices unsure, forbidden, closed, away', async () => {
    expect(await detect((r) => (r.path === '/' ? { body: '<h1>A blog</h1>' } : null))).toMatchObject({ kind: null, problems: [{ code: 'unknown-platform' }] });
    await site.close();
    expect(await detect((r) => (r.path === '/' ? { body: '' } : r.path === '/sitemap.xml' ? sitemap(['/item/1']) : r.path === '/item/1' ? { body: product('Mug', { offers: {} }) } : null))).toMatchObject({ kind: null, problems: [{ code: 'no-sample' }], rejects: [{ code: 'no-price' }] });
    await site.close();
    expect(await detect((r) => (r.path === '/robots.txt' ? { body: 'User-agent: *\nDisallow: /' } : { body: 'x' }))).toMatchObject({ kind: null, problems: [{ code: 'forbidden-by-robots' }] });
    expect(site.requests).toEqual([]);
    await site.close();
    expect(await detect(() => ({ status: 403 }))).toMatchObject({ kind: null, problems: [{ code: 'sign-in' }] });
    await site.close();
    const turnedAway = { code: 'bot-wall', message: expect.stringContaining('proof that a person looks') as string };
    expect(await detect((r) => (r.path === '/robots.txt' ? null : { status: 403, body: '<title>Just a moment...</title><script src="/cdn-cgi/challenge-platform/h/b"></script>' }))).toMatchObject({ kind: null, problems: [turnedAway] });
    await site.close();
    expect(await detect((r) => (r.path === '/' ? { body: '<title>Shop</title><body><div class="g-recaptcha"></div>Please verify you are a human.<script>go()</script></body>' } : null))).toMatchObject({ kind: null, problems: [turnedAway] });
    await site.close();
    expect(await detect((r) => (r.path === '/' ? { body: '<title>Sign in</title><form><input name=mail><input type=password name=word><button>Log in</button></form>' } : null))).toMatchObject({ kind: null, problems: [{ code: 'sign-in', message: expect.stringContaining('Its page is a sign-in') as string }] });
    await site.close();
    expect(await detect((r) => (r.path === '/robots.txt' ? { status: 500 } : { body: 'x' }))).toMatchObject({ kind: null, problems: [{ code: 'unreachable', message: expect.stringContaining('its robots.txt answered 500') as string }] });
    await site.close();
    all.length = 0;
    expect(await detect((r) => (r.path === '/robots.txt' ? null : { status: 503 }))).toMatchObject({ kind: null, problems: [{ code: 'unreachable' }] });
    expect(all.filter((p) => p === '/')).toHaveLength(1);
  });
  it('says that products are shown only after a sign-in, where the front page is open', async () => {
    const signIn = '<title>Log in</title><form><input type="password"></form>';
    const found = await detect((r) => (r.path === '/' ? { body: '<h1>Welcome, traders</h1>' } : r.path === '/sitemap.xml' ? sitemap(['/item/1', '/item/2']) : r.path === '/login' ? { body: signIn } : r.path.startsWith('/item/') ? { status: 302, headers: { location: '/login' } } : null));
    expect(found).toMatchObject({ kind: null, problems: [{ code: 'sign-in' }] });
  });
  it.each([
    ['no-page', 'text/csv', { html: 'sku,price', headers: { 'content-type': 'text/csv' } }],
    ['no-shop', 'for sale', { html: '<h1>mugs.example</h1><p>This domain is for sale!</p>' }], ['no-shop', 'for sale', { html: '<script>window.park = "eyJ";</script><div id="target"></div>' }],
    ['no-shop', 'came with', { html: '<title>Welcome to nginx!</title>' }], ['no-shop', 'not open', { html: '<h1>We are opening soon</h1>' }],
    ['no-shop', 'password of its own', { html: '<input type="password">', url: 'https://shop.example/password' }],
    ['sign-in', 'sign-in', { html: '<button>Continue with SSO</button>', url: 'https://shop.example/account/login' }],
    ['bot-wall', 'person', { html: '<form action="/errors/validateCaptcha"></form>' }], ['bot-wall', 'person', { html: '', headers: { 'cf-mitigated': 'challenge' } }],
  ])('takes for %s what is shown in place of a shop (%s)', (code, words, page) => expect(findStandIn(page)).toEqual({ code, message: expect.stringContaining(words) as string }));
  it("takes no page of a site's own for a check of persons for the scripts that its guard puts into it, nor is held up by a broken one", () => {
    const words = '<p>A sturdy mug of stoneware, fired twice.</p>'.repeat(40);
    for (const html of ['<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script><h1>Not found</h1>', `<script src="/_Incapsula_Resource?SWJIYLWA=1"></script>${words}`]) expect(findStandIn({ html })).toBeNull();
    for (const html of ['<script '.repeat(25_000), '<'.repeat(200_000)]) expect(findStandIn({ html })).toBeNull();
  });
  it('takes a shop for a shop that tells of a sale of domains, of something coming soon, or has a sign-in at its head', () => {
    const goods = '<p>A sturdy mug of stoneware, fired twice.</p>'.repeat(40);
    for (const beside of ['<h1>Coming soon: mugs</h1>', '<p>Buy this domain</p>', '<input type="password">']) expect(findStandIn({ html: beside + goods, headers: { 'content-type': 'text/html; charset=utf-8' } })).toBeNull();
    expect(findStandIn({ html: '<h1>Mug</h1><button>Add to cart</button>' })).toBeNull();
  });
  it('gives up on a site that keeps a person waiting', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    site = await new FixtureSite(() => null, NOW).start();
    const { fetcher, clock } = site.tools;
    const detector = createSiteDetector({ clock, fetcher, adapters: (tools) => createSiteAdapters(() => tools), hosts: HOST_RULES, samplers: SAMPLERS, allowLoopback: true, timeLimitMs: 150 });
    const found = await detector.detect(`http://127.0.0.1:${(silent.address() as AddressInfo).port}/`, { signal: new AbortController().signal });
    silent.closeAllConnections();
    silent.close();
    expect(found).toMatchObject({ kind: null, problems: [{ code: 'unreachable', message: 'the site answers too slowly, or asks for long pauses' }] });
  });
  it('stops when its caller does', async () => {
    site = await new FixtureSite(() => ({ body: '' }), NOW).start();
    const { fetcher, clock } = site.tools;
    const detector = createSiteDetector({ clock, fetcher, adapters: (tools) => createSiteAdapters(() => tools), hosts: HOST_RULES, samplers: SAMPLERS, allowLoopback: true });
    await expect(detector.detect(site.url, { signal: AbortSignal.abort(new Error('closed')) })).rejects.toThrow('closed');
  });
  it('reaches no private address', async () => {
    expect(await detect(() => ({ body: '' }), '/', false)).toMatchObject({ kind: null, problems: [{ code: 'unreachable' }] });
    expect(all).toEqual([]);
  });
  it('leaves no trace: a page of the sample is read again by the scan', async () => {
    await detect((r) => (r.path === '/' ? { body: '' } : r.path === '/sitemap.xml' ? sitemap(['/item/1']) : r.path === '/item/1' ? { headers: { etag: '"1"' }, body: product('Mug') } : null));
    expect(await site.tools.fetcher.recall(`${site.url}/item/1`)).toBeNull();
  });
});

const rule = (url: string) => HOST_RULES.map((r) => r(new URL(url))).find((r) => r !== null);

describe('sites that are known by their address', () => {
  it.each([
    ['https://www.jumia.com.ng/mobile-phones/', { kind: 'jumia', baseUrl: 'https://www.jumia.com.ng/mobile-phones', label: 'Jumia NG: mobile phones' }],
    ['https://www.jumia.ma/', { kind: 'jumia', refusal: 'The whole of Jumia is too large to read: paste the address of one of its categories.' }],
    ['https://www.ouedkniss.com/telephones/1?keywords=iphone', { kind: 'ouedkniss', settings: { categorySlug: 'telephones', query: 'iphone' }, scanUrl: 'https://api.ouedkniss.com' }],
    ['https://www.ouedkniss.com/', { kind: 'ouedkniss', settings: {}, label: 'Ouedkniss' }],
  ])('%s', (url, expected) => expect(rule(url)).toMatchObject(expected));
  it('leaves other hosts alone', () => expect(rule('https://ouedkniss.com.example/')).toBeUndefined());
  it('names a site by what its host says too, not by the page that was pasted', () => {
    expect([siteName('<title>Falcon drill 500 | Corner Outlet</title>', 'https://www.corner-outlet.example/p/1'), siteName('<meta content="Shop &amp; Co" property="og:site_name">', 'https://x.example/'), siteName('<title>Mug</title>', 'https://x.example/')]).toEqual(['Corner Outlet', 'Shop & Co', 'Mug']);
  });
});
