import { expect, it } from 'vitest';
import { DAY_MS, ManualClock } from '#kernel/time.ts';
import type { CatalogDeps, MarketDataPort } from '#engine/catalog/index.ts';
import { readSeasons } from '#engine/opportunities/index.ts';
import { seasonFor, seasonReasons } from '#engine/opportunities/seasons.ts';
import { createTestRuntime } from '#runtime/testing.ts';
import { learnSeasonsJob } from './learn-seasons.ts';

const NOW = Date.UTC(2026, 9, 1);
const PRODUCTS = 24;

/** One sale every three days, and every day from the middle of November to the end of December. */
function ranks(from: number) {
  const at = [from];
  const value = [50_000];
  for (let day = from; day < NOW; day += DAY_MS) {
    const month = new Date(day + DAY_MS * 15).getUTCMonth();
    if (month !== 11 && month !== 0 && Math.round(day / DAY_MS) % 3 !== 0) continue;
    at.push(day + DAY_MS / 4, day + DAY_MS / 2);
    value.push(30_000, 50_000);
  }
  return { at, value };
}

it('learns the season from kept histories, asks for whole ones where short ones are kept, and not again before it is due', async () => {
  const clock = new ManualClock(NOW);
  const { context: ctx, close } = await createTestRuntime({ clock });
  const asked: { codes: number; historyDays: number | undefined }[] = [];
  const port = (historyDays: number | undefined): MarketDataPort => ({
    connector: 'keepa', market: 'amazon-us', historyDays,
    estimate: () => Promise.reject(new Error('not asked')), quota: () => Promise.reject(new Error('not asked')),
    lookup: (codes, options = {}) => {
      asked.push({ codes: codes.length, historyDays: options.historyDays });
      return Promise.resolve({ at: NOW, unreadable: [], matches: codes.map((code) => ({ code, items: [{ histories: { salesRank: ranks(NOW - 402 * DAY_MS) } } as never] })) });
    },
  });
  const { at, value } = ranks(NOW - 410 * DAY_MS);
  const whole = { unit: 'rank', start: at[0]!, gap: at.map((instant, i) => (instant - (at[i - 1] ?? instant)) / 60_000), value };
  for (let i = 0; i < PRODUCTS; i++) {
    await ctx.db.prisma.product.create({ data: { id: `p${i}`, asin: `B0000000${10 + i}`, title: 'Game', category: 'toys', attributes: '{}', createdAt: 1n, updatedAt: 1n } });
    const facts = { market: 'amazon-us', externalId: `B0000000${10 + i}`, kind: 'standard', currency: 'USD', packQuantity: null, hazards: [], newPriceHidden: false, monthlySold: null, rankDrops30: 10, rankDrops90: 30, outOfStockPercent90: null, refreshedAt: null, hash: `h${i}`, series: { salesRank: whole } };
    await ctx.db.prisma.marketSnapshot.create({ data: { productId: `p${i}`, vendor: 'keepa', facts: JSON.stringify(facts), fetchedAt: BigInt(NOW), expiresAt: BigInt(NOW) } });
  }
  const learn = (marketData: MarketDataPort | null) => learnSeasonsJob({ ctx, catalog: { marketData } as CatalogDeps }).run({}, { jobId: 'job_1', attempt: 1, signal: new AbortController().signal, progress: () => undefined });
  const toys = async () => (await readSeasons(ctx.db)).get('toys');
  await learn(null);
  expect(await toys()).toBeUndefined();
  await learn(port(undefined));
  const kept = (await toys())!;
  expect([asked, kept.version, kept.products, kept.createdAt]).toEqual([[], 1, PRODUCTS, NOW]);
  expect(seasonReasons(seasonFor(await readSeasons(ctx.db), 'toys'), NOW)).toMatchObject([{ code: 'season.applied', data: { kind: 'info', category: 'toys', products: PRODUCTS, month: 12, learnedAt: NOW } }]);
  clock.advanceTo(NOW + DAY_MS);
  await learn(port(90));
  expect(asked).toEqual([]);
  clock.advanceTo(NOW + 3 * DAY_MS);
  await learn(port(90));
  expect(asked).toEqual([{ codes: PRODUCTS, historyDays: 401 }]);
  expect((await toys())!.version).toBe(2);
  await close();
});
