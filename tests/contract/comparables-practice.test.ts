import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buybackMarket, createBookScouter } from '#connectors/data/bookscouter/index.ts';
import { createReverb } from '#connectors/data/reverb/index.ts';
import { silentLogger } from '#kernel/log.ts';
import { seededRandom } from '#kernel/random.ts';
import { ManualClock } from '#kernel/time.ts';
import { createBookScouterVendor } from '#practice/vendors/bookscouter/index.ts';
import { createReverbVendor, PRACTICE_REVERB } from '#practice/vendors/reverb/index.ts';
import { createWorld, type World } from '#practice/world/index.ts';

const START = Date.UTC(2026, 10, 21);
let world: World;
const clock = new ManualClock(START);
const common = { clock, random: seededRandom(1), log: silentLogger };
beforeAll(() => {
  world = createWorld({ seed: 7, clock, productCount: 2_000 });
});
afterAll(() => world.close());

describe('what else is asked and paid in the practice market', () => {
  it('Reverb: instruments by words and by code, to who has a token', async () => {
    const vendor = createReverbVendor(world);
    const baseUrl = await vendor.start();
    const reverb = createReverb({ ...common, baseUrl, credentials: async () => PRACTICE_REVERB });
    const product = world.catalog.products.find((p) => p.category === 'instruments' && p.kind === 'ordinary' && world.market.ebayListings(p.id, START).length > 1)!;
    const byWords = await reverb.askingPrices({ words: product.title });
    expect(byWords.unreadable).toEqual([]);
    expect(byWords.items[0]).toMatchObject({ market: 'reverb', title: product.title, brand: product.brand, condition: 'new', sale: 'fixed', price: { currency: 'USD' }, url: expect.stringMatching(/^https:\/\/reverb\.com\/item\/\d+$/) });
    expect((await reverb.askingPrices({ code: { kind: 'gtin', value: product.gtin! } })).items.length).toBe(world.market.ebayListings(product.id, START).length);
    const book = world.catalog.products.find((p) => p.category === 'books')!;
    expect((await reverb.askingPrices({ code: { kind: 'gtin', value: book.gtin! } })).items).toEqual([]);
    const stranger = createReverb({ ...common, baseUrl, credentials: async () => ({ token: 'other-token' }) });
    await expect(stranger.askingPrices({ words: 'x' })).rejects.toMatchObject({ detail: { kind: 'SessionLost' } });
    await Promise.all([reverb.close(), stranger.close()]);
    await vendor.close();
  });

  it('BookScouter: what buyers pay for a book, best first, below what it fetches', async () => {
    const vendor = createBookScouterVendor(world);
    const books = createBookScouter({ ...common, baseUrl: await vendor.start() });
    const market = buybackMarket(books, () => clock.now());
    const products = world.catalog.products.filter((p) => p.category === 'books' && p.gtin !== null && world.market.value(p.id, 'used', START) !== null).slice(0, 12);
    let offers = 0;
    for (const product of products) {
      const { items, unreadable } = await market.askingPrices({ code: { kind: 'gtin', value: product.gtin! } });
      expect(unreadable).toEqual([]);
      const paid = items.map((item) => item.price.minor);
      expect(paid).toEqual(paid.toSorted((a, b) => b - a));
      for (const price of paid) expect(price).toBeLessThan(world.market.value(product.id, 'used', START)!);
      offers += items.length;
    }
    expect(offers).toBeGreaterThan(12);
    const tool = world.catalog.products.find((p) => p.category === 'tools' && p.gtin !== null)!;
    await expect(market.askingPrices({ code: { kind: 'gtin', value: tool.gtin! } })).rejects.toThrow('by ISBN');
    expect((await market.askingPrices({ code: { kind: 'gtin', value: '9780307742483' } })).items).toEqual([]);
    await books.close();
    await vendor.close();
  });
});
