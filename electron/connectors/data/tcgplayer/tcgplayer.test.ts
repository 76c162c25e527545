import { afterEach, describe, expect, it } from 'vitest';
import { silentLogger } from '#kernel/log.ts';
import { seededRandom } from '#kernel/random.ts';
import { HOUR_MS, ManualClock, SECOND_MS } from '#kernel/time.ts';
import { VendorStub, type VendorAnswer, type VendorRequest } from '../../testing/serve-vendor.ts';
import { createDailyPrices, createTcgplayer, type DailyFileStore } from './index.ts';

const clock = new ManualClock(Date.UTC(2026, 10, 21));
let vendor: VendorStub;
const opened: { close(): Promise<void> }[] = [];
const base = () => ({ clock, random: seededRandom(1), log: silentLogger, baseUrl: vendor.url });
const row = (productId: number, more: object = {}) => ({ productId, lowPrice: 0.5, midPrice: 1.2, highPrice: 9.99, marketPrice: 1.05, directLowPrice: null, subTypeName: 'Normal', ...more });
const wrapped = (results: readonly unknown[]) => ({ body: { success: true, errors: [], results } });
async function serve(answer: (request: VendorRequest) => VendorAnswer | null, quota = false): Promise<void> {
  vendor = await new VendorStub((r) => (r.path === '/token' ? { body: { access_token: 't', expires_in: 1_209_599, token_type: 'bearer' } } : answer(r)), quota ? { clock, limit: { calls: 10, windowMs: SECOND_MS } } : undefined).start();
  opened.push(vendor);
}
function connect() {
  const made = createTcgplayer({ ...base(), credentials: async () => ({ publicKey: 'public', privateKey: 'private-key-1' }) });
  opened.unshift(made);
  return made;
}
function daily(store: DailyFileStore) {
  const made = createDailyPrices({ ...base(), store, userAgent: 'ResaleDesk/test (+https://example.org)' });
  opened.unshift(made);
  return made;
}
function memoryStore(): DailyFileStore & { readonly kept: Map<string, { fetchedAt: number; text: string }> } {
  const kept = new Map<string, { fetchedAt: number; text: string }>();
  return { kept, get: async (path) => kept.get(path) ?? null, put: async (path, file) => void kept.set(path, file), paths: async () => [...kept.keys()] };
}
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

describe('TCGplayer', () => {
  it('reads every printing of a card, and keeps what it cannot read', async () => {
    await serve(() => wrapped([row(7), row(7, { subTypeName: 'Foil', marketPrice: 12.5, directLowPrice: 11 }), row(8, { lowPrice: null, midPrice: null, highPrice: null, marketPrice: null }), { productId: 'x' }]));
    const { items, unreadable } = await connect().referencePrices(['7', '8', '7']);
    expect(items.map((i) => [i.externalId, i.printing, i.market?.minor, i.directLow?.minor])).toEqual([['7', 'Normal', 105, undefined], ['7', 'Foil', 1_250, 1_100]]);
    expect(unreadable).toMatchObject([{ where: 'price 4' }]);
    expect(vendor.requests.map((r) => r.path)).toEqual(['/token', '/pricing/product/7,8']);
    expect(vendor.requests[1]?.headers.authorization).toBe('bearer t');
  });
  it('asks for 250 at a time, says why it is refused, and takes no strange id', async () => {
    await serve((r) => (r.path.endsWith('/1') ? { body: { success: false, errors: ['No products were found.'], results: [] } } : wrapped([])));
    const tcg = connect();
    await tcg.referencePrices(Array.from({ length: 600 }, (_, i) => String(i + 2)));
    expect(vendor.requests.slice(1).map((r) => r.path.split(',').length)).toEqual([250, 250, 100]);
    await expect(tcg.referencePrices(['1'])).rejects.toMatchObject({ detail: { kind: 'Rejected', message: 'No products were found.' } });
    await expect(tcg.referencePrices(['../x'])).rejects.toThrow('not a TCGplayer product id');
  });
  it('never makes more than 10 calls in any second, and uses at least 95 % of them', async () => {
    await serve(() => wrapped([]), true);
    const tcg = connect();
    const from = clock.now();
    for (let i = 0; i < 500; i++) await tcg.referencePrices(['7']);
    expect(vendor.refused).toBe(0);
    expect(501 / (((clock.now() - from) / SECOND_MS) * 10)).toBeGreaterThanOrEqual(0.95);
  });
});

describe('the daily price files', () => {
  it('are fetched once in 24 hours, across restarts and by all who ask', async () => {
    await serve((r) => (r.path.endsWith('/groups') ? wrapped([{ groupId: 604, name: 'Base Set', abbreviation: 'BS' }]) : wrapped([row(42_348, { subTypeName: 'Holofoil' })])));
    const store = memoryStore();
    const first = daily(store);
    const group = { categoryId: 3, groupId: 604 };
    const [a, b] = await Promise.all([first.groupPrices(group), first.groupPrices(group)]);
    expect(a.items).toMatchObject([{ externalId: '42348', printing: 'Holofoil', market: { minor: 105, currency: 'USD' } }]);
    expect(b.at).toBe(a.at);
    await clock.sleep(23 * HOUR_MS);
    expect((await daily(store).groupPrices(group)).at).toBe(a.at);
    expect(vendor.requests).toHaveLength(1);
    await clock.sleep(2 * HOUR_MS);
    expect((await first.groupPrices(group)).at).toBeGreaterThan(a.at);
    expect(await first.groups(3)).toEqual([{ groupId: 604, name: 'Base Set', abbreviation: 'BS' }]);
    expect(vendor.requests.map((r) => r.path)).toEqual(['/tcgplayer/3/604/prices', '/tcgplayer/3/604/prices', '/tcgplayer/3/groups']);
    expect(vendor.requests[0]?.headers['user-agent']).toBe('ResaleDesk/test (+https://example.org)');
  });
  it('that say that they failed are not kept', async () => {
    await serve(() => ({ body: { success: false, errors: ['upstream'], results: [] } }));
    const store = memoryStore();
    await expect(daily(store).groupPrices({ categoryId: 3, groupId: 1 })).rejects.toMatchObject({ detail: { message: 'upstream' } });
    expect(store.kept.size).toBe(0);
  });
});
