import { DAY_MS, type Instant } from '#kernel/time.ts';
import { marketFactsSchema, unpackSeries } from '#engine/catalog/index.ts';
import type { OpportunitiesDeps } from './deps.ts';

export const SPARK_STEPS = 30;
const SPARK_MS = 90 * DAY_MS;

const seriesSchema = marketFactsSchema.shape.series;

/** The value that held at each of `steps` even instants that end at `now`; null before the first and where there was no offer. */
export function sampleSeries({ at, value }: { readonly at: readonly Instant[]; readonly value: readonly (number | null)[] }, now: Instant, steps = SPARK_STEPS): (number | null)[] {
  let place = 0;
  return Array.from({ length: steps }, (_, step) => {
    const instant = now - SPARK_MS + ((step + 1) * SPARK_MS) / steps;
    while (place < at.length && at[place]! <= instant) place += 1;
    return place === 0 ? null : (value[place - 1] ?? null);
  });
}

/** Only the series that the estimate follows leaves the database: a snapshot holds nine. */
export async function readSparklines(deps: OpportunitiesDeps, ids: readonly string[]): Promise<{ id: string; value: (number | null)[] }[]> {
  const { db, clock } = deps.ctx;
  const rows = await db.read<{ id: string; key: string; series: string | null }>(
    `SELECT p.id, p.key, json_extract(m.facts, '$.series.' || p.key) AS series
       FROM (SELECT o.id, o.productId, json_extract(d.evaluation, '$.priceSeries') AS key FROM json_each(?) w CROSS JOIN "Opportunity" o ON o.id = w.value JOIN "OpportunityDetail" d ON d.opportunityId = o.id) p
       JOIN "MarketSnapshot" m ON m.productId = p.productId AND m.vendor = 'keepa' WHERE p.key IS NOT NULL`, [JSON.stringify(ids)]);
  const now = clock.now();
  return rows.flatMap(({ id, key, series }) => {
    const parsed = series === null ? null : seriesSchema.safeParse({ [key]: JSON.parse(series) as unknown });
    const packed = parsed?.success ? Object.values(parsed.data)[0] : undefined;
    const value = packed ? sampleSeries(unpackSeries(packed), now) : [];
    return value.some((v) => v !== null) ? [{ id, value }] : [];
  });
}
