import { afterEach, describe, expect, it } from 'vitest';
import { FixtureSite, offersOf, rejectsOf, scanAll, type FixtureAnswer, type FixtureRequest } from '../../core/source/serve-fixture.ts';
import { createWooCommerceAdapter } from './fetch.ts';
import { moneyOf } from './parse.ts';

const NOW = Date.UTC(2026, 10, 21);
const prices = (more: object = {}) => ({ price: '249900', regular_price: '299900', sale_price: '249900', price_range: null, currency_code: 'DZD', currency_symbol: 'د.ج', currency_minor_unit: 2, currency_decimal_separator: ',', ...more });
const product = (id: number, more: object = {}) => ({
  id, name: `Moulin &agrave; caf&eacute; n&deg;${id}`, slug: `p-${id}`, type: 'simple', permalink: `https://shop.example/p-${id}`, sku: `SKU-${id}`, description: '<p>Acier.<br>EAN : 3 165140 821858</p>', on_sale: true, prices: prices(), images: [{ id: 1, src: 'https://shop.example/a.jpg' }],
  categories: [{ id: 1, name: 'Cuisine &amp; Maison' }], attributes: [{ id: 0, name: 'Marque', taxonomy: null, terms: [{ id: 0, name: 'Bosch' }] }], is_purchasable: true, is_in_stock: true, low_stock_remaining: 3, extensions: {}, ...more,
});
let site: FixtureSite;
const open = async (answer: (request: FixtureRequest) => FixtureAnswer | null) => {
  site = await new FixtureSite((r) => (r.path === '/robots.txt' ? null : answer(r)), NOW).start();
  return site.open(createWooCommerceAdapter(site.tools));
};
afterEach(() => site?.close());

const said = (description: string, more: object = {}) => product(7, { description: `<p>${description}</p>`, ...more });
const paged = (items: readonly unknown[]) => (request: FixtureRequest) => {
  const per = Number(request.query.get('per_page'));
  const page = Number(request.query.get('page'));
  return { headers: { 'x-wp-total': String(items.length), 'x-wp-totalpages': String(Math.ceil(items.length / per)) }, body: items.slice((page - 1) * per, page * per) };
};

describe('WooCommerce Store API', () => {
  it('reads a product with everything it says', async () => {
    const [offer] = offersOf(await scanAll(await open(paged([product(7)]))));
    expect(offer).toMatchObject({
      externalId: '7', title: 'Moulin à café n°7', brand: 'Bosch', price: { minor: 249_900, currency: 'DZD' }, listPrice: { minor: 299_900, currency: 'DZD' }, stock: { available: true, quantity: 3 }, categoryPath: ['Cuisine & Maison'], condition: 'new', seenAt: NOW, defaultExtractor: 'api',
    });
    expect(offer?.identifiers).toEqual([{ hint: 'sku', text: 'SKU-7' }, { hint: 'gtin', text: '3 165140 821858' }]);
  });
  it('reads weight, pack and variant from fields, and from sentences that say nothing else', async () => {
    const pages = [
      said('Factory sealed. Pack of 4 13.39 lb'), said('Nice. Color: Rose Gold, Size: 16 oz 0.25 lb UPC: 61-73755-3600-5'), said('Weight: 1,5 kg. In original packaging.'), said('x', { formatted_weight: '0.40 lbs' }),
      said('x', { formatted_weight: 'N/A', attributes: [{ id: 1, name: 'Color', terms: [{ name: 'Navy' }] }, { id: 2, name: 'Size', terms: [{ name: 'S' }, { name: 'M' }] }] }), said('Holds 500 g of coffee and a pack of 2 filters.'),
    ].map((one, i) => ({ ...one, id: i + 1 }));
    expect(offersOf(await scanAll(await open(paged(pages)))).map((o) => [o.packText, o.variantText, o.weightGrams])).toEqual([
      ['Pack of 4', undefined, 6_074], [undefined, 'Rose Gold, 16 oz', 113], [undefined, undefined, 1_500], [undefined, undefined, 181], [undefined, 'Navy', undefined], [undefined, undefined, undefined],
    ]);
  });
  it('pages through the whole shop in steps of 100 and knows the end', async () => {
    const source = await open(paged(Array.from({ length: 250 }, (_, i) => product(i + 1))));
    const pages = await scanAll(source);
    expect(pages.map((p) => [p.offers.length, p.complete, p.total])).toEqual([[100, false, 250], [100, false, 250], [50, true, 250]]);
    expect(new Set(offersOf(pages).map((o) => o.externalId)).size).toBe(250);
  });
  it('goes on from a cursor, and starts anew from one it cannot read', async () => {
    const source = await open(paged(Array.from({ length: 250 }, (_, i) => product(i + 1))));
    const [first] = await scanAll(source, { limits: { maxOffers: 1 } });
    expect(first?.complete).toBe(false);
    expect(offersOf(await scanAll(source, { cursor: first?.cursor ?? '' })).map((o) => o.externalId)).toEqual(Array.from({ length: 150 }, (_, i) => String(i + 101)));
    expect(offersOf(await scanAll(source, { cursor: 'junk' }))).toHaveLength(250);
  });
  it('keeps what is no offer, with its reason, beside what is', async () => {
    const bad = [product(1, { prices: prices({ price: '' }) }), product(2, { prices: prices({ price: 'abc' }) }), product(3, { is_purchasable: false }), product(4, { prices: prices({ price_range: { min_amount: '100', max_amount: '200' } }) }), { id: 5 }, product(6, { name: ' ' }), product(7)];
    const pages = await scanAll(await open(paged(bad)));
    expect(offersOf(pages).map((o) => o.externalId)).toEqual(['7']);
    expect(rejectsOf(pages).map((r) => [r.code, r.where])).toEqual([['no-price', 'page 1 item 1'], ['schema-drift', 'page 1 item 2'], ['not-for-sale', 'page 1 item 3'], ['doubtful-price', 'page 1 item 4'], ['schema-drift', 'page 1 item 5'], ['no-title', 'page 1 item 6']]);
    expect(rejectsOf(pages)[1]?.field).toBe('prices.price');
  });
  it('throws when the answer is no list of products', async () => {
    await expect(scanAll(await open(() => ({ body: '<html>maintenance</html>' })))).rejects.toMatchObject({ detail: { kind: 'Critical' } });
  });
  it('reads again when one answer was cut off', async () => {
    let asked = 0;
    const pages = await scanAll(await open((r) => (++asked === 1 ? { body: '[{"id":1,' } : paged([product(1)])(r))));
    expect(offersOf(pages)).toHaveLength(1);
    expect(asked).toBe(2);
  });
  it('stops when cancelled', async () => {
    const source = await open(paged([product(1)]));
    await expect(scanAll(source, { signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow('stopped');
    expect(site.requests).toHaveLength(0);
  });
  it('says what is wrong with a configuration', async () => {
    await open(paged([]));
    const opened = createWooCommerceAdapter(site.tools).open({ baseUrl: 'ftp://x', perPage: 500, extra: 1 });
    expect(opened.ok ? [] : opened.error.map((p) => p.field).sort()).toEqual(['(whole)', 'baseUrl', 'perPage']);
  });
});

describe('moneyOf', () => {
  it('turns the shop’s minor unit into the currency’s', () => {
    expect(moneyOf('1500', 0, 'DZD')).toEqual({ minor: 150_000, currency: 'DZD' });
    expect(moneyOf('5', 2, 'USD')).toEqual({ minor: 5, currency: 'USD' });
    expect(moneyOf('1500', 2, 'JPY')).toEqual({ minor: 15, currency: 'JPY' });
    expect(moneyOf('1234', 3, 'USD')).toBeNull();
    expect(moneyOf('-5', 2, 'USD')).toBeNull();
  });
});
