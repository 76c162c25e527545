import { afterEach, describe, expect, it } from 'vitest';
import { silentLogger } from '#kernel/log.ts';
import { seededRandom } from '#kernel/random.ts';
import { ManualClock, MINUTE_MS, SECOND_MS } from '#kernel/time.ts';
import { VendorStub, type VendorAnswer, type VendorRequest } from '../../testing/serve-vendor.ts';
import { createBookScouter, type BookScouter } from './index.ts';

const clock = new ManualClock(Date.UTC(2026, 10, 21));
let vendor: VendorStub;
let books: BookScouter;
const buyer = (name: string, price: unknown, minimumOrder: unknown = 5) => ({ price, vendor: { id: 1, name, minimumOrder, bulkInfo: { allowBulk: true } } });
const ISBN = '9780307742483';
async function connect(answer: (request: VendorRequest) => VendorAnswer | null, quota = false): Promise<void> {
  vendor = await new VendorStub(answer, quota ? { clock, limit: { calls: 31, windowMs: MINUTE_MS } } : undefined).start();
  books = createBookScouter({ clock, random: seededRandom(1), log: silentLogger, baseUrl: vendor.url });
}
afterEach(async () => {
  await books.close();
  await vendor.close();
});

describe('BookScouter', () => {
  it('reads what buyers pay, best first, and keeps what it cannot read', async () => {
    await connect(() => ({ body: { book: { title: 'Sum', author: ['David Eagleman'], isbn13: ISBN, isbn10: '0307742482' }, prices: [buyer('Alpha', 1.25), buyer('Beta', 4.1, '7.50'), buyer('Gamma', 0), buyer('Delta', 'soon'), { price: 3 }] } }));
    expect(await books.buyback(ISBN)).toMatchObject({
      isbn: ISBN, title: 'Sum', at: clock.now(), offers: [{ buyer: 'Beta', price: { minor: 410, currency: 'USD' }, minimumOrder: { minor: 750, currency: 'USD' } }, { buyer: 'Alpha', price: { minor: 125 } }], unreadable: [{ where: 'buyer 4' }, { where: 'buyer 5' }],
    });
    expect(vendor.requests[0]?.path).toBe(`/v4/prices/sell/${ISBN}`);
  });
  it('knows no such book, refuses what is no ISBN, and says when the answer has changed', async () => {
    await connect((r) => (r.path.endsWith(ISBN) ? null : { body: { data: { prices: [] } } }));
    expect(await books.buyback(ISBN)).toBeNull();
    await expect(books.buyback('9780307742484')).rejects.toThrow('not an ISBN');
    await expect(books.buyback('9780140449136')).rejects.toMatchObject({ detail: { kind: 'Critical' } });
  });
  it('uses at least 95 % of its pace and is never refused', async () => {
    await connect(() => ({ body: { prices: [] } }), true);
    const from = clock.now();
    for (let i = 0; i < 200; i++) await books.buyback(ISBN);
    expect(vendor.refused).toBe(0);
    expect(200 / (((clock.now() - from) / SECOND_MS) * 0.5)).toBeGreaterThanOrEqual(0.95);
  });
});
