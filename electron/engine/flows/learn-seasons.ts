import { z } from 'zod';
import { findSnapshots, unpackSeries, type MarketDataPort, type MarketFacts } from '#engine/catalog/index.ts';
import { putSeasons, readSeasons, type OpportunitiesDeps, type SeasonRecord } from '#engine/opportunities/index.ts';
import { fallsOf, LEAST_OF_ALL, learnSeasons, SEASON_DAYS, SEASON_OF_ALL, type FallHistory, type SeriesPoint } from '#engine/pricing/index.ts';
import { DAY_MS, type Instant } from '#kernel/time.ts';
import type { JobHandler } from '#runtime/ports.ts';

export const LEARN_SEASONS = 'learn-seasons';
export const LEARN_SEASONS_EVERY_MS = DAY_MS;
/** A year's shape moves slowly; what was learned of few products is learned again as soon as more may be known. */
const LEARN_AGAIN_AFTER_MS = 30 * DAY_MS;
const FEW_AGAIN_AFTER_MS = 3 * DAY_MS;
const FEW_PRODUCTS = 200;
/** Of a category, products that are looked at, and those whose histories count. More would hardly tell more: what a whole category drifts remains. */
const LOOKED_AT = 100;
const MOST_PRODUCTS = 40;
/** Sales that the last three months show, between which falls of a rank follow them. */
const FALLS_IN_90 = [9, 108] as const;

/** Kept histories are looked at up to so long ago: those that were fetched before lack days. */
const KEPT_AGE_MS = 3 * DAY_MS;

interface Known { readonly productId: string; readonly asin: string; readonly category: string }

/** Products of each category, as many as are looked at. */
async function productsByCategory({ ctx }: Pick<OpportunitiesDeps, 'ctx'>): Promise<Map<string, Known[]>> {
  const rows = await ctx.db.prisma.$queryRawUnsafe<Known[]>(
    `SELECT id AS productId, asin, category FROM (SELECT id, asin, category, row_number() OVER (PARTITION BY category ORDER BY id) AS place FROM "Product" WHERE asin IS NOT NULL AND category IS NOT NULL) WHERE place <= ? ORDER BY category, id`, LOOKED_AT);
  return Map.groupBy(rows, (row) => row.category);
}

const isSteady = ({ kind, rankDrops90 }: MarketFacts) => kind === 'standard' && rankDrops90 !== null && rankDrops90 >= FALLS_IN_90[0] && rankDrops90 <= FALLS_IN_90[1];

function keptRanks({ series }: MarketFacts): SeriesPoint[] {
  if (!series.salesRank) return [];
  const { at, value } = unpackSeries(series.salesRank);
  return at.map((instant, i) => ({ at: instant, value: value[i] ?? null }));
}

/** Of products whose kept histories are short because the vendor was asked for short ones: costs a lookup each. */
async function askWhole(port: MarketDataPort, some: readonly Known[], { at, signal }: { readonly at: Instant; readonly signal: AbortSignal }): Promise<FallHistory[]> {
  if (some.length === 0) return [];
  const answer = await port.lookup(some.map(({ asin }) => ({ kind: 'external', value: asin })), { historyDays: SEASON_DAYS + 1, signal });
  return answer.matches.flatMap(({ items }, i) => {
    const ranks = items[0]?.histories.salesRank;
    const falls = ranks ? fallsOf(ranks.at.map((instant, n) => ({ at: instant, value: ranks.value[n] ?? null })), at) : null;
    return falls ? [{ category: some[i]!.category, falls }] : [];
  });
}

const isShort = ({ historyDays }: MarketDataPort) => historyDays !== undefined && historyDays < SEASON_DAYS;

/** @param end.at where the histories are to end */
async function readHistories(deps: Pick<OpportunitiesDeps, 'ctx' | 'catalog'>, port: MarketDataPort, { at, signal }: { readonly at: Instant; readonly signal: AbortSignal }): Promise<FallHistory[]> {
  const found: FallHistory[] = [];
  const toAsk: Known[] = [];
  for (const [category, products] of await productsByCategory(deps)) {
    const snapshots = await findSnapshots(deps.ctx.db, port.connector, products.map((one) => one.productId));
    const steady = products.filter((one) => snapshots.has(one.productId) && isSteady(snapshots.get(one.productId)!.facts)).slice(0, MOST_PRODUCTS);
    if (isShort(port)) toAsk.push(...steady);
    else found.push(...steady.flatMap((one) => {
      const { facts, fetchedAt } = snapshots.get(one.productId)!;
      const falls = fetchedAt < at ? null : fallsOf(keptRanks(facts), at);
      return falls ? [{ category, falls }] : [];
    }));
  }
  return toAsk.length < LEAST_OF_ALL ? found : [...found, ...await askWhole(port, toAsk, { at, signal })];
}

function isDue(known: readonly SeasonRecord[], now: Instant): boolean {
  const newest = Math.max(0, ...known.map((season) => season.createdAt));
  const products = known.filter((season) => season.createdAt === newest && season.category !== SEASON_OF_ALL).reduce((sum, season) => sum + season.products, 0);
  return now - newest >= (products < FEW_PRODUCTS ? FEW_AGAIN_AFTER_MS : LEARN_AGAIN_AFTER_MS);
}

/**
 * Learns how the year goes in each category from the data vendor's histories of products that are known here, once a month, and sooner while they are few. Where the vendor is asked for whole histories
 * anyway, it costs nothing.
 */
export function learnSeasonsJob(deps: Pick<OpportunitiesDeps, 'ctx' | 'catalog'>): JobHandler<Record<string, never>> {
  const { db, clock, outbox } = deps.ctx;
  return {
    kind: LEARN_SEASONS, payload: z.strictObject({}),
    run: async (_, { signal }) => {
      const port = deps.catalog.marketData;
      const now = clock.now();
      if (!port || !isDue([...(await readSeasons(db)).values()], now)) return;
      const at = isShort(port) ? now : now - KEPT_AGE_MS;
      const learned = learnSeasons(await readHistories(deps, port, { at, signal }), at);
      if (learned.length === 0) return;
      await db.transaction(async (tx) => {
        await putSeasons(tx, learned, now);
        await outbox.add(tx, 'season.learned', null, { categories: learned.length });
      });
    },
  };
}
