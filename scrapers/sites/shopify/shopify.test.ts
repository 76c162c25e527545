import { afterEach, describe, expect, it } from 'vitest';
import { FixtureSite, offersOf, rejectsOf, scanAll, type FixtureAnswer, type FixtureRequest } from '../../core/source/serve-fixture.ts';
import { createShopifyAdapter } from './fetch.ts';

const NOW = Date.UTC(2026, 10, 21);
const variant = (id: number, more: object = {}) => ({
  id, title: 'Default Title', option1: 'Default Title', option2: null, option3: null, sku: `SKU-${id}`, requires_shipping: true, taxable: true, featured_image: null, available: true, price: '24.99', grams: 340, compare_at_price: '29.99', position: 1, product_id: 1,
  created_at: '2026-01-05T10:00:00-05:00', updated_at: '2026-11-01T10:00:00-05:00', ...more,
});
const product = (id: number, more: object = {}) => ({
  id, title: `Enamel Mug ${id}`, handle: `mug-${id}`, body_html: '<p>Steel.<br>EAN: 3165140821858</p>', published_at: '2026-01-05T10:00:00-05:00', created_at: '2026-01-05T10:00:00-05:00', updated_at: '2026-11-01T10:00:00-05:00', vendor: 'Falcon', product_type: 'Kitchen', tags: ['blue'],
  variants: [variant(id * 10)], images: [{ id: 1, created_at: '2026-01-05T10:00:00-05:00', position: 1, updated_at: '2026-01-05T10:00:00-05:00', product_id: id, variant_ids: [], src: 'https://cdn.shopify.com/a.jpg', width: 10, height: 10 }], options: [{ name: 'Title', position: 1, values: ['Default Title'] }], ...more,
});
let site: FixtureSite;

interface Shop {
  products: unknown[];
  meta?: unknown;
  pages?: Readonly<Record<string, string>>;
  details?: Readonly<Record<string, unknown>>;
}
const answers = (shop: Shop) => (request: FixtureRequest): FixtureAnswer | null => {
  if (request.path === '/products.json') {
    const limit = Number(request.query.get('limit'));
    const page = Number(request.query.get('page'));
    return { body: { products: shop.products.slice((page - 1) * limit, page * limit) } };
  }
  if (request.path === '/meta.json') return shop.meta === undefined ? null : { body: shop.meta };
  const handle = /^\/products\/([^/]+?)(\.js)?$/.exec(request.path);
  const found = handle?.[2] ? shop.details?.[handle[1]!] : shop.pages?.[handle?.[1] ?? ''];
  return found === undefined ? null : { body: found };
};
const open = async (shop: Shop, config: object = {}) => {
  site = await new FixtureSite(answers(shop), NOW).start();
  return site.open(createShopifyAdapter(site.tools), config);
};
const META = { id: 1, name: 'Falcon', currency: 'EUR', country: 'FR' };
afterEach(() => site?.close());

describe('Shopify product list', () => {
  it('reads a product with everything it says, in the currency that the shop names', async () => {
    const [offer] = offersOf(await scanAll(await open({ products: [product(7)], meta: META })));
    expect(offer).toMatchObject({
      externalId: '70', title: 'Enamel Mug 7', brand: 'Falcon', price: { minor: 2_499, currency: 'EUR' }, listPrice: { minor: 2_999, currency: 'EUR' }, stock: { available: true, quantity: null }, categoryPath: ['Kitchen'], condition: 'new', weightGrams: 340, url: `${site.url}/products/mug-7`, seenAt: NOW,
      updatedAt: Date.UTC(2026, 10, 1, 15), imageUrls: ['https://cdn.shopify.com/a.jpg'], identifiers: [{ hint: 'sku', text: 'SKU-70' }, { hint: 'gtin', text: '3165140821858' }],
    });
  });
  it('makes an offer of every variant, and takes a text’s code for none of several', async () => {
    const offers = offersOf(await scanAll(await open({ products: [product(1, { variants: [variant(11, { title: 'Blue / S', compare_at_price: null }), variant(12, { title: 'Red / S', price: '19.00', available: false, compare_at_price: '0.00' })] })] }, { currency: 'USD' })));
    expect(offers.map((o) => [o.externalId, o.title, o.price, o.listPrice, o.stock?.available, o.url.slice(site.url.length)])).toEqual([
      ['11', 'Enamel Mug 1 - Blue / S', { minor: 2_499, currency: 'USD' }, undefined, true, '/products/mug-1?variant=11'], ['12', 'Enamel Mug 1 - Red / S', { minor: 1_900, currency: 'USD' }, undefined, false, '/products/mug-1?variant=12'],
    ]);
    expect(offers[0]?.identifiers).toEqual([{ hint: 'sku', text: 'SKU-11' }]);
    expect(site.requests.map((r) => r.path)).toEqual(['/products.json', '/products.json']);
  });
  it('goes on after a short page, ends at an empty one, and resumes from its cursor', async () => {
    const products = Array.from({ length: 5 }, (_, i) => product(i + 1));
    const source = await open({ products, meta: META }, { perPage: 2 });
    const pages = await scanAll(source);
    expect(pages.map((p) => [p.offers.length, p.complete])).toEqual([[2, false], [2, false], [1, false], [0, true]]);
    expect(offersOf(await scanAll(source, { cursor: pages[0]?.cursor ?? '' })).map((o) => o.externalId)).toEqual(['30', '40', '50']);
    expect(offersOf(await scanAll(source, { cursor: pages[3]?.cursor ?? '' }))).toHaveLength(5);
  });
  it('keeps what is no offer, with its reason, beside what is', async () => {
    const products = [product(1, { variants: [variant(10, { price: '0.00' })] }), product(2, { variants: [variant(20, { price: 'ask' })] }), product(3, { title: 'Gift Card' }), product(4, { variants: [] }), { id: 5 }, product(6, { variants: [{ id: 'x' }, variant(61)] })];
    const pages = await scanAll(await open({ products, meta: META }));
    expect(offersOf(pages).map((o) => o.externalId)).toEqual(['61']);
    expect(rejectsOf(pages).map((r) => [r.code, r.where])).toEqual([
      ['no-price', 'page 1 item 1 variant 1'], ['doubtful-price', 'page 1 item 2 variant 1'], ['not-a-product', 'page 1 item 3 variant 1'], ['schema-drift', 'page 1 item 4'], ['schema-drift', 'page 1 item 5'], ['schema-drift', 'page 1 item 6 variant 1'],
    ]);
  });
  it('takes the currency from a product page where the shop hides it elsewhere, and fails where it names none', async () => {
    const pages = { 'mug-1': '<html><meta property="og:price:currency" content="MAD"></html>' };
    expect(offersOf(await scanAll(await open({ products: [product(1)], pages })))[0]?.price.currency).toBe('MAD');
    await site.close();
    await expect(scanAll(await open({ products: [product(1)] }))).rejects.toMatchObject({ detail: { kind: 'Critical', operation: 'find the currency' } });
  });
  it('refuses an amount that its currency cannot hold', async () => {
    const pages = await scanAll(await open({ products: [product(1)] }, { currency: 'JPY' }));
    expect(rejectsOf(pages)[0]).toMatchObject({ code: 'doubtful-price', field: 'variants.price' });
  });
  it('asks for barcodes once, and again only of what has changed', async () => {
    const shop: Shop = { products: [product(1), product(2)], meta: META, details: { 'mug-1': { id: 1, variants: [{ id: 10, barcode: '4006381333931' }] } } };
    const source = await open(shop, { barcodes: true });
    const first = await scanAll(source);
    expect(offersOf(first).map((o) => o.identifiers[0])).toEqual([{ hint: 'gtin', text: '4006381333931' }, { hint: 'sku', text: 'SKU-20' }]);
    expect(rejectsOf(first)).toMatchObject([{ code: 'fetch-failed', field: 'barcode', externalId: '2' }]);
    site.requests.length = 0;
    const second = await scanAll(source);
    expect(second[0]?.unchanged).toEqual(['10']);
    expect(site.requests.map((r) => r.path).filter((p) => p.endsWith('.js'))).toEqual(['/products/mug-2.js']);
    shop.products[0] = product(1, { variants: [variant(10, { price: '20.00' })] });
    expect(offersOf(await scanAll(source))[0]).toMatchObject({ externalId: '10', price: { minor: 2_000 } });
  });
  it('throws when the answer is no list of products, and stops when cancelled', async () => {
    site = await new FixtureSite(() => ({ body: '<html>password</html>' }), NOW).start();
    const source = site.open(createShopifyAdapter(site.tools));
    await expect(scanAll(source)).rejects.toMatchObject({ detail: { kind: 'Critical' } });
    await expect(scanAll(source, { signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow('stopped');
  });
  it('obeys a robots.txt that forbids the list', async () => {
    site = await new FixtureSite((r) => (r.path === '/robots.txt' ? { body: 'User-agent: *\nDisallow: /products.json' } : { body: { products: [] } }), NOW).start();
    await expect(scanAll(site.open(createShopifyAdapter(site.tools)))).rejects.toMatchObject({ detail: { kind: 'Rejected', code: 'ROBOTS' } });
    expect(site.requests).toHaveLength(0);
  });
});
