import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '#kernel/log.ts';
import { seededRandom } from '#kernel/random.ts';
import { HOUR_MS, ManualClock } from '#kernel/time.ts';
import { VendorStub } from '../../testing/serve-vendor.ts';
import { cardMarket, createDailyPrices, readKeptCards, type DailyPrices } from './index.ts';

const clock = new ManualClock(Date.UTC(2026, 10, 21));
let vendor: VendorStub;
let daily: DailyPrices;
let kept: Map<string, { fetchedAt: number; text: string }>;
const store = { get: async (path: string) => kept.get(path) ?? null, put: async (path: string, file: { fetchedAt: number; text: string }) => void kept.set(path, file), paths: async () => [...kept.keys()] };
const FILES: Record<string, unknown[]> = {
  '/tcgplayer/categories': [{ categoryId: 1, name: 'Magic', displayName: 'Magic: The Gathering' }, { categoryId: 3, name: 'Pokemon', displayName: 'Pokémon' }],
  '/tcgplayer/3/groups': [{ groupId: 604, name: 'Base Set', abbreviation: 'BS' }, { groupId: 635, name: 'Base Set 2' }, { groupId: 2585, name: 'SWSH01: Sword & Shield' }],
  '/tcgplayer/3/604/products': [{ productId: 42382, name: 'Charizard', cleanName: 'Charizard', url: 'https://www.tcgplayer.com/product/42382' }, { productId: 42383, name: 'Chansey' }],
  '/tcgplayer/3/604/prices': [{ productId: 42382, subTypeName: 'Holofoil', lowPrice: 250, midPrice: 400, highPrice: 999, marketPrice: 365.5, directLowPrice: null }, { productId: 42383, subTypeName: 'Holofoil', marketPrice: 20 }],
};
beforeEach(async () => {
  vendor = await new VendorStub(({ path }) => (FILES[path] ? { body: { success: true, errors: [], results: FILES[path] } } : null)).start();
  kept = new Map();
  daily = createDailyPrices({ clock, random: seededRandom(1), log: silentLogger, baseUrl: vendor.url, userAgent: 'ResaleDesk/test', store });
});
afterEach(async () => {
  await daily.close();
  await vendor.close();
});
const ask = (words: string) => cardMarket({ daily, live: () => null }).askingPrices({ words });

describe('prices of the card that a title names', () => {
  it('are those of its game, set and name, each figure named, one fetch of a file a day', async () => {
    const { items, at } = await ask('Pokémon Charizard 4/102 Base Set Holo');
    expect(items.map((i) => [i.note, i.price.minor])).toEqual([['Holofoil: market price', 36_550], ['Holofoil: lowest ask', 25_000], ['Holofoil: middle of the asks', 40_000]]);
    expect(items[0]).toMatchObject({ market: 'tcgplayer-us', title: 'Charizard', url: 'https://www.tcgplayer.com/product/42382' });
    expect(at).toBe(clock.now());
    clock.advanceTo(clock.now() + 23 * HOUR_MS);
    await ask('Pokemon Base Set Charizard');
    expect(vendor.requests).toHaveLength(4);
  });
  it('are none rather than wrong where game, set or card is not named', async () => {
    for (const words of ['Charizard Base Set', 'Pokemon Charizard', 'Pokemon Base Set booster', 'Bosch drill']) expect((await ask(words)).items).toEqual([]);
  });
  it('are read out of the files that were fetched before, without asking for any', async () => {
    expect(await readKeptCards(store)).toEqual([]);
    await ask('Pokemon Base Set Charizard');
    const asked = vendor.requests.length;
    const at = clock.now();
    expect(await readKeptCards(store)).toEqual([{ game: ['Pokemon', 'Pokémon'], set: ['Base Set'], at, cards: [{ names: ['Charizard'], minor: 36_550, currency: 'USD' }, { names: ['Chansey'], minor: 2_000, currency: 'USD' }] }]);
    kept.set('/tcgplayer/3/groups', { fetchedAt: at, text: '{"success":true,"results":[{"groupId":"gone"}]}' });
    expect(await readKeptCards(store)).toEqual([]);
    expect(vendor.requests).toHaveLength(asked);
  });
  it('are the interface’s where there is a key, for the card that the files name', async () => {
    const asked: string[] = [];
    const live = { connector: 'tcgplayer', market: 'tcgplayer-us', referencePrices: async (ids: readonly string[]) => (asked.push(...ids), { items: [{ externalId: ids[0]!, printing: 'Holofoil', market: { minor: 37_000, currency: 'USD' } }], unreadable: [], at: 7 }) };
    const { items, at } = await cardMarket({ daily, live: () => live }).askingPrices({ words: 'Pokemon Base Set Charizard' });
    expect([asked, items.map((i) => i.price.minor), at]).toEqual([['42382'], [37_000], 7]);
  });
});
