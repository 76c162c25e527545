import { z } from 'zod';
import type { Database, Tx } from '#runtime/ports.ts';
import { evidenceSchema, poolBelief, sharpnessWeights, type Evidence } from './demand-belief.ts';

/** Days at the going price that stand for "nobody knows": a few days at another price say little of a month's sales. */
const PRIOR_DAYS = 5;
/** What was sold at prices that hardly anybody pays says nothing of how many would at the going one. */
const BOUNDS = [0.4, 2.5] as const;

/** What a listing was on sale under. */
export interface PricedListing {
  readonly evidence: Evidence;
  /** `poolBelief` of its channel's listings. */
  readonly pool: readonly number[];
}

/**
 * How fast a thing sold under the prices that were asked for it, over how fast it would have at the going price: 0.5 where half as many buyers take it as would. By the elasticity that the channel's
 * listings have taught (before they have, the prior's). Listings of one thing count by the days on sale and by the buyers that their channel is expected to have. 1 where nothing is known.
 */
export function priceSpeed(listings: readonly PricedListing[]): number {
  let [asked, going, weight, days] = [0, 0, 0, 0];
  for (const { evidence, pool } of listings) {
    const { atGoing } = evidence;
    if (!atGoing || evidence.days <= 0) continue;
    const ratio = sharpnessWeights(pool).reduce((sum, share, s) => sum + share * (atGoing[s]! > 0 ? evidence.exposure[s]! / atGoing[s]! : 1), 0);
    const buyers = evidence.expectedPerDay * evidence.days;
    asked += buyers * ratio;
    going += buyers;
    weight += evidence.expectedPerDay;
    days = Math.max(days, evidence.days);
  }
  if (weight <= 0) return 1;
  const speed = (PRIOR_DAYS + (days * asked) / going) / (PRIOR_DAYS + days);
  return Math.max(BOUNDS[0], Math.min(BOUNDS[1], speed));
}

const rowSchema = z.strictObject({ of: z.string(), channel: z.string(), evidence: z.string() });

/** `priceSpeed` by lot or by product, for those that were ever looked at by repricing; whatever is not in the answer sold at 1. */
export async function readPriceSpeeds(db: Database | Tx, by: 'lotId' | 'productId'): Promise<ReadonlyMap<string, number>> {
  const client = 'prisma' in db ? db.prisma : db;
  const rows = z.array(rowSchema).parse(await client.$queryRawUnsafe(`SELECT l.${by} AS "of", l.channel, s.evidence FROM RepriceState s JOIN Listing l ON l.id = s.listingId ORDER BY s.listingId`));
  const known = rows.map((row) => ({ ...row, evidence: evidenceSchema.parse(JSON.parse(row.evidence)) }));
  const pools = new Map([...new Set(known.map((row) => row.channel))].map((channel) => [channel, poolBelief(known.filter((row) => row.channel === channel).map((row) => row.evidence))]));
  const groups = new Map<string, PricedListing[]>();
  for (const { of, channel, evidence } of known) groups.set(of, [...(groups.get(of) ?? []), { evidence, pool: pools.get(channel)! }]);
  return new Map([...groups].map(([of, listings]) => [of, priceSpeed(listings)]));
}

const askedSchema = z.strictObject({ lotId: z.string(), channel: z.string(), ratio: z.number() });

/**
 * What was asked over the going price when units of a lot sold on a channel, by `lotId` and then channel: the geometric mean over the units that repricing saw. What is not in the answer sold at a price that
 * repricing never looked at.
 */
export async function readAskedRatios(tx: Tx): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>> {
  const rows = z.array(askedSchema).parse(await tx.$queryRawUnsafe(
    `SELECT l.lotId, l.channel, exp(SUM(o.units * ln(o.ratio)) / SUM(o.units)) AS ratio
       FROM (SELECT listingId, json_extract(data, '$.units') AS units, json_extract(data, '$.ratio') AS ratio FROM RepriceObservation) o JOIN Listing l ON l.id = o.listingId
      WHERE o.units > 0 AND o.ratio > 0 GROUP BY l.lotId, l.channel ORDER BY l.lotId, l.channel`));
  const ratios = new Map<string, Map<string, number>>();
  for (const { lotId, channel, ratio } of rows) ratios.set(lotId, (ratios.get(lotId) ?? new Map<string, number>()).set(channel, ratio));
  return ratios;
}
