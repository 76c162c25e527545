import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ManualClock } from '#kernel/time.ts';
import { createWorld } from '../../world/index.ts';
import type { VendorServer } from '../host.ts';
import { createOuedknissVendor } from './index.ts';

const world = createWorld({ seed: 7, clock: new ManualClock(Date.UTC(2026, 8, 1, 10)), productCount: 3_000 });
const open: VendorServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) {
    expect(server.bugs).toEqual([]);
    await server.close();
  }
});

const QUERY = `query SearchQuery($q: String, $filter: SearchFilterInput, $mediaSize: MediaSize = MEDIUM) {
  search(q: $q, filter: $filter) { announcements { data { ...Ad } paginatorInfo { total count currentPage lastPage hasMorePages } } }
}
fragment Ad on Announcement {
  id title slug description price pricePreview priceUnit oldPrice priceType exchangeType status createdAt refreshedAt isFromStore
  cities { name region { name } } store { id name slug } user { username } defaultMedia(size: $mediaSize) { mediaUrl } category { id slug }
}`;
const ad = z.object({
  id: z.string(), title: z.string().min(1), slug: z.string(), description: z.string(), price: z.number().nullable(), pricePreview: z.string().nullable(), priceUnit: z.string().nullable(), oldPrice: z.number().nullable(), priceType: z.string(), exchangeType: z.string(),
  status: z.enum(['PUBLISHED', 'ACTIVE', 'EDITED']), createdAt: z.iso.datetime(), refreshedAt: z.iso.datetime(), isFromStore: z.boolean(), cities: z.array(z.object({ name: z.string(), region: z.object({ name: z.string() }) })),
  store: z.object({ id: z.string(), name: z.string(), slug: z.string() }).nullable(), user: z.object({ username: z.string() }).nullable(), defaultMedia: z.object({ mediaUrl: z.string() }).nullable(), category: z.object({ id: z.string(), slug: z.string() }),
});
const answer = z.object({ data: z.object({ search: z.object({ announcements: z.object({ data: z.array(ad), paginatorInfo: z.object({ total: z.number(), count: z.number(), currentPage: z.number(), lastPage: z.number(), hasMorePages: z.boolean() }) }) }) }) });

async function ask(variables: object, query = QUERY): Promise<unknown> {
  if (open.length === 0) {
    const server = createOuedknissVendor(world);
    open.push(server);
    await server.start();
  }
  const response = await fetch(`${open[0]!.baseUrl}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ operationName: 'SearchQuery', query, variables }) });
  return response.json();
}
const search = async (filter: object, q = '') => answer.parse(await ask({ q, filter })).data.search.announcements;

describe('search', () => {
  it('pages through every advertisement once, newest first, at most 48 at a time', async () => {
    const first = await search({ page: 1, count: 200 });
    expect(first.data).toHaveLength(48);
    const ids = new Set<string>();
    const dates: string[] = [];
    for (let page = 1; page <= first.paginatorInfo.lastPage; page++) {
      const { data, paginatorInfo } = await search({ page });
      expect(paginatorInfo.hasMorePages).toBe(page < first.paginatorInfo.lastPage);
      for (const item of data) ids.add(item.id);
      dates.push(...data.map((item) => item.refreshedAt));
    }
    expect(ids.size).toBe(first.paginatorInfo.total);
    expect(dates).toEqual(dates.toSorted().toReversed());
  });

  it('holds what the real site holds: jokes, no price, millions, no store, no city, Arabic', async () => {
    const all: z.infer<typeof ad>[] = [];
    const { paginatorInfo } = await search({ page: 1 });
    for (let page = 1; page <= paginatorInfo.lastPage; page++) all.push(...(await search({ page })).data);
    expect(all.filter((a) => [1, 11, 111, 1_111, 1_234, 12_345, 123_456, 999_999].includes(a.price ?? 0)).length).toBeGreaterThan(20);
    expect(all.some((a) => a.price === null && a.priceUnit === null)).toBe(true);
    expect(all.filter((a) => a.priceUnit === 'MILLION').every((a) => a.price! >= 5 && a.pricePreview!.endsWith('Millions'))).toBe(true);
    expect(all.some((a) => a.priceUnit === 'MILLION') && all.some((a) => a.store === null) && all.some((a) => a.store !== null) && all.some((a) => a.cities.length === 0)).toBe(true);
    expect(all.some((a) => /[\u0600-\u06ff]/.test(a.title))).toBe(true);
    const plain = all.find((a) => a.priceUnit === 'UNIT' && a.price! >= 1_000)!;
    expect(plain.pricePreview).toMatch(/^\d{1,3}( \d{3})* DA$/);
  });

  it('filters by words, category and price', async () => {
    const { data } = await search({ categorySlug: 'informatique', priceRange: [5_000, 20_000] });
    expect(data.length).toBeGreaterThan(0);
    expect(data.every((a) => a.category.slug === 'informatique' && (a.price === null || (a.price >= 5_000 && a.price <= 20_000)))).toBe(true);
    expect((await search({}, 'clavier')).data.every((a) => a.title.toLowerCase().includes('clavier'))).toBe(true);
    expect((await search({}, 'zzzzz')).paginatorInfo.total).toBe(0);
  });

  it('answers the menu, and refuses what it does not know', async () => {
    expect(z.object({ data: z.object({ menuFetch: z.array(z.object({ id: z.string(), target: z.object({ slug: z.string() }) })).min(5) }) }).safeParse(await ask({}, 'query { menuFetch(menuFilter:{menuType:"LISTING_MENU"}) { id target { ... on Category { slug } } } }')).success).toBe(true);
    expect(await ask({}, 'query { users { id } }')).toHaveProperty('errors');
    expect(await ask({ filter: { page: 0 } })).toHaveProperty('errors');
  });

  it('answers with what was selected and no more', async () => {
    const { data } = (await ask({ filter: { count: 1 } }, '{ search { found: announcements { data { number: id __typename } } } }')) as { data: object };
    expect(data).toEqual({ search: { found: { data: [{ number: expect.stringMatching(/^\d+$/) as string, __typename: 'data' }] } } });
    expect(await ask({}, '{ search { announcements { data { id colour } } } }')).toMatchObject({ errors: [{ message: 'Cannot query field "colour" on type "data".' }] });
    expect(await ask({}, '{ search { announcements } }')).toHaveProperty('errors');
    expect(await ask({}, '{ search { announcements {')).toHaveProperty('errors');
    expect(await ask({}, 'mutation { search { id } }')).toHaveProperty('errors');
  });
});
