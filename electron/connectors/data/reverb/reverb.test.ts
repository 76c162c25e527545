import { afterEach, describe, expect, it } from 'vitest';
import { silentLogger } from '#kernel/log.ts';
import { seededRandom } from '#kernel/random.ts';
import { ManualClock, MINUTE_MS, SECOND_MS } from '#kernel/time.ts';
import { VendorStub, type VendorAnswer, type VendorRequest } from '../../testing/serve-vendor.ts';
import { createReverb, type Reverb } from './index.ts';

const clock = new ManualClock(Date.UTC(2026, 10, 21));
let vendor: VendorStub;
let reverb: Reverb;
const listing = (id: number, more: object = {}) => ({
  id, make: 'Fender', model: 'Stratocaster', finish: 'Sunburst', year: '1996', title: `Fender Stratocaster ${id}`, created_at: '2026-11-01T10:00:00-05:00', shop_name: 'Pedal Haus', condition: { uuid: 'x', display_name: 'Very Good' }, price: { amount: '1419.30', amount_cents: 141_930, currency: 'USD', symbol: '$' },
  inventory: 1, auction: false, shipping: { local: true, rates: [{ region_code: 'US', rate: { amount: '45.00', currency: 'USD' } }] }, published_at: '2026-11-02T10:00:00-05:00', _links: { web: { href: `https://reverb.com/item/${id}` } }, ...more,
});
async function connect(answer: (request: VendorRequest) => VendorAnswer | null, quota = false): Promise<void> {
  vendor = await new VendorStub(answer, quota ? { clock, limit: { calls: 2 * 60 + 3, windowMs: MINUTE_MS } } : undefined).start();
  reverb = createReverb({ clock, random: seededRandom(1), log: silentLogger, baseUrl: vendor.url, credentials: async () => ({ token: 'reverb-token-1234' }) });
}
afterEach(async () => {
  await reverb.close();
  await vendor.close();
});

describe('Reverb', () => {
  it('reads what is asked, new and used, page by page', async () => {
    await connect((r) => ({ body: { total: 60, current_page: Number(r.query.get('page')), total_pages: 2, listings: Array.from({ length: r.query.get('page') === '1' ? 50 : 10 }, (_, i) => listing(i + 1)) } }));
    const answer = await reverb.askingPrices({ words: 'stratocaster', most: 100 });
    expect([answer.items.length, answer.total, answer.unreadable]).toEqual([60, 60, []]);
    expect(answer.items[0]).toEqual({
      market: 'reverb', listingId: '1', url: 'https://reverb.com/item/1', title: 'Fender Stratocaster 1', price: { minor: 141_930, currency: 'USD' }, shipping: { minor: 4_500, currency: 'USD' }, condition: 'used-very-good', sale: 'fixed', sellerName: 'Pedal Haus', brand: 'Fender', model: 'Stratocaster', listedAt: Date.UTC(2026, 10, 2, 15),
    });
    expect(vendor.requests[0]).toMatchObject({ path: '/api/listings/all', headers: { 'accept-version': '3.0', authorization: 'Bearer reverb-token-1234' } });
  });
  it('keeps what it cannot read', async () => {
    await connect(() => ({ body: { total: 3, total_pages: 1, listings: [listing(1, { price: { amount: 'ask', currency: 'USD' } }), { id: 2 }, listing(3, { auction: true, condition: { display_name: 'B-Stock' }, shipping: null })] } }));
    const { items, unreadable } = await reverb.askingPrices({ words: 'x', withoutAuctions: false });
    expect(items).toMatchObject([{ listingId: '3', sale: 'auction', condition: 'open-box', shipping: undefined }]);
    expect(unreadable.map((u) => u.where)).toEqual(['page 1 listing 1', 'page 1 listing 2']);
  });
  it('says that a token is refused, without showing it', async () => {
    await connect(() => ({ status: 401, body: { message: 'The access token is invalid' } }));
    const error: unknown = await reverb.askingPrices({ words: 'x' }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ detail: { kind: 'SessionLost' } });
    expect(JSON.stringify(error)).not.toContain('reverb-token-1234');
  });
  it('uses at least 95 % of its pace and is never refused', async () => {
    await connect(() => ({ body: { total: 0, total_pages: 1, listings: [] } }), true);
    const from = clock.now();
    for (let i = 0; i < 600; i++) await reverb.askingPrices({ words: 'x' });
    expect(vendor.refused).toBe(0);
    expect(600 / (((clock.now() - from) / SECOND_MS) * 2)).toBeGreaterThanOrEqual(0.95);
  });
});
