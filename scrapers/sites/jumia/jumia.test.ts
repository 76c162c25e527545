import { afterEach, describe, expect, it } from 'vitest';
import { FixtureSite, offersOf, rejectsOf, scanAll, type FixtureAnswer, type FixtureRequest } from '../../core/source/serve-fixture.ts';
import { createJumiaAdapter } from './fetch.ts';
import { countryOf } from './schema.ts';

const NOW = Date.UTC(2026, 10, 21);
const product = (n: number, more: object = {}) => ({
  sku: `SA779MP${n}NAFAMZ`, name: `Galaxy A0${n}`, displayName: `Samsung Galaxy A0${n} 64GB`, brand: 'Samsung', sellerId: 7, isShopExpress: true, categories: ['Phones & Tablets', 'Mobile Phones'], prices: { rawPrice: '125000.00', price: '₦ 125,000', priceEuro: '75.10', oldPrice: '₦ 160,000', discount: '22%' },
  tags: '', rating: { average: 4.1, totalRatings: 12 }, image: 'https://ng.jumia.is/a.jpg', url: `/samsung-galaxy-a0${n}-1234.html`, isBuyable: true, simples: [{ sku: `SA779MP${n}NAFAMZ-1`, isBuyable: true }], ...more,
});
const page = (products: readonly unknown[], view = 'Catalog') => `<html><body><script>window.__STORE__=${JSON.stringify({ view, products })};</script><script>x()</script></body></html>`;
const prices = (rawPrice: string, price: string) => ({ prices: { rawPrice, price } });
let site: FixtureSite;
const open = async (answer: (request: FixtureRequest) => FixtureAnswer | null, config: object = {}) => {
  site = await new FixtureSite((r) => (r.path === '/robots.txt' && !('robots' in config) ? null : answer(r)), NOW).start();
  const { robots: _robots, ...rest } = config as { robots?: boolean };
  return site.open(createJumiaAdapter(site.tools), { country: 'NG', categories: ['/mobile-phones/'], ...rest });
};
const paged = (...pages: readonly (readonly unknown[])[]) => (r: FixtureRequest) => {
  const found = pages[Number(r.query.get('page') ?? '1') - 1];
  return r.path === '/mobile-phones/' && found ? { body: page(found) } : null;
};
afterEach(() => site?.close());

describe('Jumia', () => {
  it('reads a listing with everything it says', async () => {
    const [offer] = offersOf(await scanAll(await open(paged([product(1, { stock: { text: '3 items left' }, sellerEntity: { name: 'Slot' } })]))));
    expect(offer).toMatchObject({
      externalId: 'SA779MP1NAFAMZ', title: 'Samsung Galaxy A01 64GB', brand: 'Samsung', price: { minor: 12_500_000, currency: 'NGN' }, priceText: '₦ 125,000', listPrice: { minor: 16_000_000 }, stock: { available: true, quantity: 3 }, sellerName: 'Slot', condition: 'new',
      url: `${site.url}/samsung-galaxy-a01-1234.html`, categoryPath: ['Phones & Tablets', 'Mobile Phones'], imageUrls: ['https://ng.jumia.is/a.jpg'],
    });
  });
  it('goes from page to page until there is none, and resumes from its cursor', async () => {
    const source = await open(paged([product(1), product(2)], [product(3)], [product(4)]));
    const pages = await scanAll(source);
    expect(pages.map((p) => [p.offers.length, p.complete])).toEqual([[2, false], [1, false], [1, false], [0, true]]);
    expect(offersOf(await scanAll(source, { cursor: pages[0]?.cursor ?? '' })).map((o) => o.externalId)).toEqual(['SA779MP3NAFAMZ', 'SA779MP4NAFAMZ']);
    expect(offersOf(await scanAll(source, { cursor: 'junk' }))).toHaveLength(4);
  });
  it('does not call a pass complete that left pages of a category unread', async () => {
    const source = await open((r) => ({ body: page(r.path === '/a/' ? [product(Number(r.query.get('page') ?? '1'))] : r.query.has('page') ? [] : [product(9)]) }), { categories: ['/a/', '/b/'], maxPages: 2 });
    const pages = await scanAll(source);
    expect(offersOf(pages)).toHaveLength(3);
    expect(pages.some((p) => p.complete)).toBe(false);
    expect((await scanAll(source, { cursor: pages[1]?.cursor ?? '' })).some((p) => p.complete)).toBe(false);
    expect(offersOf(await scanAll(source, { cursor: pages.at(-1)?.cursor ?? '' }))).toHaveLength(3);
  });
  it('ends where the site repeats its last page, and goes on with the next category', async () => {
    const source = await open((r) => ({ body: page(r.path === '/a/' ? [product(1)] : [product(2)]) }), { categories: ['/a', '/b/'] });
    expect(offersOf(await scanAll(source)).map((o) => o.externalId)).toEqual(['SA779MP1NAFAMZ', 'SA779MP2NAFAMZ']);
    expect(site.requests.map((r) => `${r.path}${r.query.get('page') ?? ''}`)).toEqual(['/a/', '/a/2', '/b/', '/b/2']);
  });
  it('keeps what is no offer, with its reason: a range, a contradiction, another currency', async () => {
    const bad = [product(1, prices('125000.00', '₦ 125,000 - ₦ 140,000')), product(2, prices('125000.00', '₦ 140,000')), product(3, prices('', '')), product(4, prices('0.00', '₦ 0')), product(5, { displayName: '', name: '' }), { name: 'x' }, product(7, prices('125.00', '$ 125'))];
    const pages = await scanAll(await open(paged([...bad, product(8)])));
    expect(offersOf(pages).map((o) => o.externalId)).toEqual(['SA779MP8NAFAMZ']);
    expect(rejectsOf(pages).map((r) => r.code)).toEqual(['doubtful-price', 'doubtful-price', 'no-price', 'no-price', 'no-title', 'schema-drift', 'doubtful-price']);
  });
  it.each([['KE', 'KSh 1,234', '1234.00', 123_400, 'KES'], ['EG', 'EGP 1,234.50', '1234.50', 123_450, 'EGP'], ['MA', '1,234.00 Dhs', '1234.00', 123_400, 'MAD'], ['CI', '12 500 FCFA', '12500.00', 12_500, 'XOF']])('reads the prices of %s', async (country, shown, rawPrice, minor, currency) => {
    const pages = await scanAll(await open(paged([product(1, { prices: { rawPrice, price: shown } })]), { country }));
    expect([offersOf(pages)[0]?.price, rejectsOf(pages)]).toEqual([{ minor, currency }, []]);
  });
  it('reads the cards of a page that carries no data', async () => {
    const card = '<article class="prd _fb col c-prd"><a href="/mug-9.html" class="core" data-gtm-id="MU9" data-gtm-brand="Falcon" data-gtm-price="3.20"><img data-src="https://ng.jumia.is/m.jpg"><h3 class="name">Falcon Mug</h3><div class="prc">₦ 5,400</div><div class="old">₦ 6,000</div></a></article>';
    const [offer] = offersOf(await scanAll(await open((r) => (r.query.has('page') ? null : { body: `<html>${card}</html>` }))));
    expect(offer).toMatchObject({ externalId: 'MU9', title: 'Falcon Mug', brand: 'Falcon', price: { minor: 540_000, currency: 'NGN' }, listPrice: { minor: 600_000 } });
  });
  it('fails where the first page lists nothing, and where robots.txt forbids it', async () => {
    await expect(scanAll(await open(() => ({ body: '<p>Maintenance</p>' })))).rejects.toMatchObject({ detail: { kind: 'Critical' } });
    await site.close();
    await expect(scanAll(await open((r) => (r.path === '/robots.txt' ? { body: 'User-agent: *\nDisallow: /mobile-phones' } : null), { robots: true }))).rejects.toMatchObject({ detail: { code: 'ROBOTS' } });
  });
  it('reads the whole site by its sitemap where no category is named', async () => {
    const pages: Readonly<Record<string, string>> = { '/samsung-galaxy-a01-1234.html': page([product(1)], 'Product'), '/plain.html': `<script type="application/ld+json">${JSON.stringify({ '@type': 'Product', name: 'Plain', offers: { price: '100', priceCurrency: 'NGN' } })}</script>` };
    const source = await open((r) => {
      if (r.path === '/sitemap.xml') return { body: `<urlset>${[...Object.keys(pages), '/mobile-phones/'].map((p) => `<url><loc>${site.url}${p}</loc></url>`).join('')}</urlset>` };
      return pages[r.path] === undefined ? null : { body: pages[r.path] };
    }, { categories: [] });
    expect(offersOf(await scanAll(source)).map((o) => [o.externalId, o.price.minor])).toEqual([['/samsung-galaxy-a01-1234.html', 12_500_000], ['/plain.html', 10_000]]);
  });
  it('knows its sites by their addresses, and refuses others', async () => {
    expect(['https://www.jumia.com.ng/x', 'https://jumia.co.ke', 'https://www.jumia.com.eg', 'https://www.jumia.ma', 'https://www.jumia.ci', 'https://www.jumia.dz', 'https://jumia.com.ng.example'].map(countryOf)).toEqual(['NG', 'KE', 'EG', 'MA', 'CI', null, null]);
    await open(() => null);
    expect(createJumiaAdapter(site.tools).open({ baseUrl: 'https://shop.example' })).toMatchObject({ ok: false, error: [{ field: 'baseUrl' }] });
  });
});
