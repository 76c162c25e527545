import { afterEach, describe, expect, it } from 'vitest';
import { FixtureSite, offersOf, rejectsOf, scanAll } from '../../core/source/serve-fixture.ts';
import { policyOf } from '../../core/source/open-config.ts';
import { createOuedknissAdapter } from './fetch.ts';
import { isJokePrice, readAdPrice } from './read-price.ts';
import { adSchema } from './schema.ts';

const NOW = Date.UTC(2026, 10, 21);
const ad = (id: number, more: object = {}) => ({
  id: String(id), title: `Perceuse Bosch ${id}`, slug: 'perceuse-bosch', description: 'Neuve, sous emballage', price: 12_500, pricePreview: '12 500 DA', priceUnit: 'UNIT', oldPrice: null, priceType: 'FIXED', exchangeType: 'NOT_EXCHANGEABLE', status: 'PUBLISHED', createdAt: '2026-10-01T00:00:00.000Z', refreshedAt: '2026-11-18T10:00:00.000Z',
  isFromStore: false, cities: [{ id: '1', name: 'Bab Ezzouar', region: { id: '16', name: 'Alger' } }], store: null, user: { username: 'karim', displayName: 'Karim' }, defaultMedia: { mediaUrl: 'https://cdn.example/1.jpg', mimeType: 'image/jpeg', thumbnail: null }, category: { id: '9', slug: 'outillage' }, ...more,
});
let site: FixtureSite;
async function open(ads: readonly unknown[], config: object = {}) {
  site = await new FixtureSite((r) => {
    if (r.path !== '/graphql') return null;
    const { page, count } = (JSON.parse(r.body) as { variables: { filter: { page: number; count: number } } }).variables.filter;
    const last = Math.max(1, Math.ceil(ads.length / count));
    return { body: { data: { search: { announcements: { data: ads.slice((page - 1) * count, page * count), paginatorInfo: { total: ads.length, count, currentPage: page, lastPage: last, hasMorePages: page < last } } } } } };
  }, NOW).start();
  return site.open(createOuedknissAdapter(site.tools), config);
}
afterEach(() => site?.close());

describe('Ouedkniss search', () => {
  it('reads an advertisement', async () => {
    const [offer] = offersOf(await scanAll(await open([ad(1)])));
    expect(offer).toMatchObject({
      externalId: '1', url: 'https://www.ouedkniss.com/perceuse-bosch-d1', price: { minor: 1_250_000, currency: 'DZD' }, priceText: '12 500 DA', condition: 'new', sellerId: 'user:karim', sellerName: 'Karim', location: 'Bab Ezzouar, Alger', updatedAt: Date.UTC(2026, 10, 18, 10),
    });
  });
  it('lives with what is missing: store, user, cities, media, slug', async () => {
    const [offer] = offersOf(await scanAll(await open([ad(1, { store: null, user: null, cities: [], defaultMedia: null, slug: null, description: null, category: null })])));
    expect(offer).toMatchObject({ externalId: '1', imageUrls: [], categoryPath: [] });
    expect(offer?.location).toBeUndefined();
  });
  it('sets aside jokes, stale and wanted ads, each with its reason', async () => {
    const ads = [ad(1, { price: 1111, pricePreview: '1 111 DA' }), ad(2, { refreshedAt: '2026-09-01T00:00:00.000Z' }), ad(3, { title: 'Cherche perceuse' }), ad(4, { price: null, pricePreview: null }), ad(5, { status: 'SOLD' }), ad(6, { price: 12_500, pricePreview: '1 250 DA' }), ad(7, { title: 5 }), ad(8)];
    const pages = await scanAll(await open(ads));
    expect(offersOf(pages).map((o) => o.externalId)).toEqual(['8']);
    expect(rejectsOf(pages).map((r) => r.code)).toEqual(['joke-price', 'stale', 'wanted-ad', 'no-price', 'not-for-sale', 'doubtful-price', 'schema-drift']);
    expect(rejectsOf(pages)[1]?.reason).toBe('last renewed 81 days ago');
    expect(rejectsOf(pages)[0]?.excerpt).toContain('1111');
  });
  it('asks page by page with its filter, and pauses between', async () => {
    const pages = await scanAll(await open(Array.from({ length: 100 }, (_, i) => ad(i + 1)), { query: 'perceuse', categorySlug: 'outillage', politeness: { allowLoopback: true, minIntervalMs: 600 } }));
    expect(pages.map((p) => p.offers.length)).toEqual([48, 48, 4]);
    expect(site.clock.now() - NOW).toBeGreaterThanOrEqual(1_200);
    expect(JSON.parse(site.requests[1]?.body ?? '')).toMatchObject({ variables: { q: 'perceuse', filter: { categorySlug: 'outillage', page: 2, count: 48 } } });
  });
  it('never goes faster than the site allows, whatever the configuration asks', () => {
    const pace = { minIntervalMs: 600, concurrency: 1 };
    expect(policyOf({ minIntervalMs: 0, concurrency: 16 }, pace)).toMatchObject({ minIntervalMs: 600, concurrency: 1, allowLoopback: false });
    expect(policyOf({ minIntervalMs: 2_000 }, pace)).toMatchObject({ minIntervalMs: 2_000 });
  });
});

const read = (more: object) => {
  const price = readAdPrice(adSchema.parse(ad(1, more)));
  return price.ok ? price.price.minor / 100 : price.code;
};

describe('prices', () => {
  it('reads dinars, millions and milliards of centimes', () => {
    expect(read({ price: 2.5, priceUnit: 'MILLION', pricePreview: '2,5 Millions' })).toBe(25_000);
    expect(read({ price: 8.705, priceUnit: 'MILLION', pricePreview: '8,705 Millions' })).toBe(87_050);
    expect(read({ price: 320, priceUnit: 'MILLION', pricePreview: null })).toBe(3_200_000);
    expect(read({ price: 1.2, priceUnit: 'BILLION', pricePreview: null })).toBe(12_000_000);
    expect(read({ price: 4_900, pricePreview: '4900' })).toBe(4_900);
  });
  it('doubts an unknown unit, and a preview that says otherwise', () => {
    expect(read({ priceUnit: 'CARTON', pricePreview: null })).toBe('doubtful-price');
    expect(read({ price: 2.5, priceUnit: 'MILLION', pricePreview: '2 500 DA' })).toBe('doubtful-price');
  });
  it('knows placeholders', () => {
    for (const joke of [1, 10, 111, 1111, 1234, 12_345, 123_456, 9_999, 99_999, 1_000_000, 987_654]) expect([joke, isJokePrice(joke)]).toEqual([joke, true]);
    for (const real of [1_200, 2_500, 9_990, 15_000, 100_000, 345_600, 12_340]) expect([real, isJokePrice(real)]).toEqual([real, false]);
  });
});
