import { z } from 'zod';
import type { Reason } from '#contract/shared.ts';
import type { Instant } from '#kernel/time.ts';
import { peakOf, SEASON_OF_ALL, seasonRatio, type LearnedSeason } from '#engine/pricing/index.ts';
import type { Database, Tx } from '#runtime/ports.ts';

/** A season in force: dated and versioned. */
export interface SeasonRecord extends LearnedSeason {
  readonly version: number;
  readonly createdAt: Instant;
}
export type Seasons = ReadonlyMap<string, SeasonRecord>;

const waveSchema = z.tuple([z.int(), z.int(), z.int(), z.int()]);

/** The newest of each category; of these alone where some are named. */
export async function readSeasons(db: Database | Tx, categories?: readonly string[]): Promise<Seasons> {
  const client = 'prisma' in db ? db.prisma : db;
  const rows = await client.season.findMany({ ...(categories ? { where: { category: { in: [...categories] } } } : {}), orderBy: [{ category: 'asc' }, { version: 'asc' }] });
  return new Map(rows.map((row) => [row.category, { ...row, createdAt: Number(row.createdAt), waveBp: waveSchema.parse(JSON.parse(row.waveBp)) }]));
}

/** Stores what was learned as new versions; nothing is overwritten. */
export async function putSeasons(tx: Tx, learned: readonly LearnedSeason[], at: Instant): Promise<void> {
  const known = await readSeasons(tx);
  for (const one of learned) await tx.season.create({ data: { ...one, waveBp: JSON.stringify(one.waveBp), version: (known.get(one.category)?.version ?? 0) + 1, createdAt: BigInt(at) } });
}

/** The category's own, else what all categories have in common. */
export function seasonFor(seasons: Seasons, category: string | null): SeasonRecord | null {
  return (category === null ? undefined : seasons.get(category)) ?? seasons.get(SEASON_OF_ALL) ?? null;
}

/** Of one category, by `seasonFor`. */
export async function readSeasonFor(db: Database, category: string | null): Promise<SeasonRecord | null> {
  return seasonFor(await readSeasons(db, [SEASON_OF_ALL, ...(category === null ? [] : [category])]), category);
}

/** Days that the desk compares the weeks to come with. */
const TOLD_DAYS = 90;
/** A season that moves demand by less is not told. */
const LEAST_TOLD_BP = 300;

/** What the season does to an estimate, as the desk says it beside. */
export function seasonReasons(season: SeasonRecord | null, at: Instant): Reason[] {
  if (season === null) return [];
  const ratioBp = Math.round(10_000 * seasonRatio(season, at, TOLD_DAYS));
  if (Math.abs(ratioBp - 10_000) < LEAST_TOLD_BP) return [];
  const { month, timesBp } = peakOf(season);
  return [{ code: 'season.applied', data: { kind: 'info', category: season.category, products: season.products, ratioBp, month, peakBp: timesBp, learnedAt: season.createdAt } }];
}
