import { afterEach, describe, expect, it } from 'vitest';
import { FixtureSite, offersOf, rejectsOf, scanAll, type FixtureAnswer } from '../../core/source/serve-fixture.ts';
import { createStructuredShopAdapter } from './fetch.ts';

const NOW = Date.UTC(2026, 10, 21);
const page = (name: string, offers: object, more: object = {}) => `<html><head><script type="application/ld+json">${JSON.stringify({ '@context': 'https://schema.org', '@type': 'Product', name, gtin13: '6291041500213', offers: { '@type': 'Offer', priceCurrency: 'USD', availability: 'https://schema.org/InStock', ...offers }, ...more })}</script></head></html>`;
let site: FixtureSite;

async function open(pages: Readonly<Record<string, FixtureAnswer>>, options: { config?: object; robots?: string } = {}) {
  const paths = Object.keys(pages);
  site = await new FixtureSite((r) => {
    if (r.path === '/robots.txt') return { body: options.robots ?? `User-agent: *\nDisallow: /secret\nSitemap: ${site.url}/maps.xml` };
    if (r.path === '/maps.xml') return { body: `<sitemapindex><sitemap><loc>${site.url}/products-1.xml</loc></sitemap><sitemap><loc>${site.url}/products-2.xml</loc></sitemap><sitemap><loc>${site.url}/blog-1.xml</loc></sitemap></sitemapindex>` };
    const part = /^\/products-(\d)\.xml$/.exec(r.path)?.[1];
    if (part) {
      const half = Math.ceil(paths.length / 2);
      return { body: `<urlset>${(part === '1' ? paths.slice(0, half) : paths.slice(half)).map((p) => `<url><loc>${p.startsWith('http') ? p : site.url + p}</loc></url>`).join('')}</urlset>` };
    }
    const found = pages[r.path];
    if (!found) return null;
    const etag = `"${r.path}"`;
    return r.headers['if-none-match'] === etag ? { status: 304 } : { headers: { etag, 'content-type': 'text/html' }, ...found };
  }, NOW).start();
  return site.open(createStructuredShopAdapter(site.tools), { pagesPerStep: 2, ...options.config });
}
afterEach(() => site?.close());

const many = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`/p/${i + 1}`, { body: page(`Mug ${i + 1}`, { price: `${i + 1}.50` }) }]));

const plain = (n: number) => ({ body: `<html><body><h1>Perceuse ${n}</h1><p>Prix : 12 500 DA</p></body></html>` });

/** Rejects of a whole scan, or why it failed. */
async function scanOf(answer: (path: string) => FixtureAnswer | null, config: object = {}): Promise<unknown> {
  site = await new FixtureSite((r) => answer(r.path), NOW).start();
  const outcome = await scanAll(site.open(createStructuredShopAdapter(site.tools), config)).then(rejectsOf, (error: unknown) => error);
  await site.close();
  return outcome;
}

describe('a shop with structured data', () => {
  it('goes by robots.txt and sitemaps, and reads every product page once', async () => {
    const pages = await scanAll(await open(many(7)));
    expect(offersOf(pages).map((o) => [o.externalId, o.price.minor])).toEqual(Array.from({ length: 7 }, (_, i) => [`/p/${i + 1}`, (i + 1) * 100 + 50]));
    expect(pages.at(-1)?.complete).toBe(true);
    expect(site.requests.map((r) => r.path).filter((p) => p.endsWith('.xml'))).toEqual(['/maps.xml', '/products-1.xml', '/products-2.xml']);
  });
  it('asks the second time only for what changed', async () => {
    const source = await open(many(3));
    await scanAll(source);
    const again = await scanAll(source);
    expect(offersOf(again)).toEqual([]);
    expect(again.flatMap((p) => p.unchanged ?? [])).toEqual(['/p/1', '/p/2', '/p/3']);
  });
  it('reads a page again whose offer was not stored before the program was killed', async () => {
    const source = await open(many(3));
    // The consumer takes the first step and dies before it asks for the next.
    for await (const step of source.scan({ signal: new AbortController().signal })) if (step.offers.length > 0) break;
    expect(offersOf(await scanAll(source)).map((o) => o.externalId)).toEqual(['/p/1', '/p/2', '/p/3']);
  });
  it('resumes after the last stored step, without gap or repeat', async () => {
    const source = await open(many(7));
    const all: string[] = [];
    let cursor: string | undefined;
    for (let runs = 0; runs < 10; runs++) {
      const steps = await scanAll(source, { limits: { maxOffers: 1 }, ...(cursor === undefined ? {} : { cursor }) });
      all.push(...offersOf(steps).map((o) => o.externalId));
      cursor = steps.at(-1)?.cursor;
      if (steps.at(-1)?.complete) break;
    }
    expect(all).toEqual(Array.from({ length: 7 }, (_, i) => `/p/${i + 1}`));
  });
  it('keeps every page that is no offer, with its reason', async () => {
    const pages = await scanAll(await open({
      '/p/gone': { status: 410 }, '/secret/p': { body: page('Hidden', { price: '1.00' }) }, '/about': { body: '<p>About us</p>' }, '/p/broken': { body: '<script type="application/ld+json">{"@type":"Product","name":</script>' },
      '/p/range': { body: page('Range', { '@type': 'AggregateOffer', lowPrice: 5, highPrice: 9 }) }, '/p/unpriced': { body: page('Unpriced', {}) }, '/p/nocurrency': { body: page('Bare', { price: '5.00', priceCurrency: undefined }) }, 'https://other.example/p/1': { body: '' }, '/p/good': { body: page('Good', { price: '5.00' }) },
    }));
    expect(Object.fromEntries(rejectsOf(pages).map((r) => [new URL(r.where).pathname, r.code]))).toEqual({
      '/p/gone': 'not-for-sale', '/secret/p': 'forbidden-by-robots', '/about': 'not-a-product', '/p/broken': 'unparseable', '/p/range': 'doubtful-price', '/p/unpriced': 'no-price', '/p/nocurrency': 'doubtful-price', '/p/1': 'not-a-product',
    });
    expect(offersOf(pages).map((o) => o.title)).toEqual(['Good']);
  });
  it('takes one failing page for that page, and all failing for the site', async () => {
    const source = await open({ '/p/1': { status: 500 }, '/p/2': { body: page('Two', { price: '2.00' }) } }, { config: { pagesPerStep: 1 } });
    await expect(scanAll(source)).rejects.toMatchObject({ detail: { kind: 'Retryable' } });
    await site.close();
    const both = await scanAll(await open({ '/p/1': { status: 500 }, '/p/2': { body: page('Two', { price: '2.00' }) }, '/p/3': { body: '' }, '/p/4': { body: '' } }));
    expect(rejectsOf(both)[0]?.code).toBe('fetch-failed');
    expect(offersOf(both).map((o) => o.title)).toEqual(['Two']);
  });
  it('says what stands in place of the shop: before its sitemaps, and on its pages', async () => {
    const signIn = { body: '<title>Log in</title><form><input type="password"></form>' };
    const toLogin = { status: 302, headers: { location: '/login' } };
    const asks = { detail: { kind: 'SessionLost', message: 'the site asks for a sign-in: keep a sign-in of your own for it in its panel' } };
    expect(await scanOf((path) => (path === '/login' ? signIn : path === '/robots.txt' ? null : toLogin))).toMatchObject(asks);
    expect(await scanOf((path) => (path === '/' ? { body: '<p>This domain is for sale</p>' } : null))).toMatchObject({ detail: { kind: 'Critical', message: expect.stringContaining('parked or for sale') as string } });
    const shop = (n: number) => (path: string): FixtureAnswer | null => (path === '/sitemap.xml' ? { body: `<urlset>${Array.from({ length: n }, (_, i) => `<url><loc>${site.url}/p/${i}</loc></url>`).join('')}</urlset>` } : path === '/login' ? signIn : path.startsWith('/p/') ? toLogin : null);
    expect(await scanOf(shop(4))).toMatchObject(asks);
    expect(await scanOf(shop(1))).toMatchObject([{ code: 'fetch-failed', reason: expect.stringContaining('asks for a sign-in') as string }]);
    const way = (path: string): FixtureAnswer | null => (path === '/p/0' ? { body: '<input type="password"><a href="/mugs">Mugs</a>' } : shop(1)(path));
    expect([await scanOf(way), await scanOf(way, { followLinks: 2 })]).toMatchObject([[{ code: 'fetch-failed' }], []]);
  });
  it('asks a language model last, only where told to, and drops what it invents', async () => {
    const asked: string[] = [];
    const reader = { extractProduct: (text: string) => {
      asked.push(text);
      return Promise.resolve({ name: `Perceuse ${text.includes('Perceuse 1') ? 1 : 2}`, brand: null, price: text.includes('Perceuse 1') ? '12 500 DA' : '9 900 DA', gtin: null, availability: null });
    } };
    const scanWith = async (config: object) => {
      await open({ '/p/1': plain(1), '/p/2': plain(2), '/p/3': { body: page('Sure', { price: '5.00' }) } });
      return scanAll(site.open(createStructuredShopAdapter({ ...site.tools, reader }), config));
    };
    expect(rejectsOf(await scanWith({}))).toHaveLength(2);
    expect(asked).toEqual([]);
    await site.close();
    const pages = await scanWith({ ai: true });
    expect(asked).toHaveLength(2);
    expect(offersOf(pages).filter((o) => o.url.endsWith('/p/1'))).toMatchObject([{ title: 'Perceuse 1', price: { minor: 1_250_000, currency: 'DZD' }, defaultExtractor: 'ai', extractedBy: { title: 'ai', price: 'ai' } }]);
    expect(rejectsOf(pages)).toMatchObject([{ code: 'no-price', reason: expect.stringContaining('not on the page: price: 9 900 DA') as string }]);
  });
  it('uses the configured currency and path', async () => {
    const pages = await scanAll(await open({ '/p/1': { body: page('Bare', { price: '5.00', priceCurrency: undefined }) }, '/c/1': { body: '' } }, { config: { currency: 'EUR', productPath: '/p/' } }));
    expect(offersOf(pages)[0]?.price).toEqual({ minor: 500, currency: 'EUR' });
    expect(site.requests.some((r) => r.path === '/c/1')).toBe(false);
  });
});
