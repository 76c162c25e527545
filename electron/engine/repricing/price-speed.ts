import { z } from 'zod';
import type { Database, Tx } from '#runtime/ports.ts';
import { sharpnessWeights, type Evidence } from './demand-belief.ts';
import { poolLearned } from './pool-learned.ts';
import { readLearned } from './repo.ts';

/** Days at the going price that stand for "nobody knows": a few days at another price say little of a month's sales. */
const PRIOR_DAYS = 5;
/** What was sold at prices that hardly anybody pays says nothing of how many would at the going one. */
const BOUNDS = [0.4, 2.5] as const;

/** What a listing was on sale under. */
export interface PricedListing {
  readonly evidence: Evidence;
  /** `poolBelief` of its channel's things. */
  readonly pool: readonly number[];
}

/**
 * How fast a thing sold under the prices that were asked for it, over how fast it would have at the going price: 0.5 where half as many buyers take it as would. By the elasticity that the channel's
 * listings have taught (before they have, the prior's). Listings of one thing count by the days on sale and by the buyers that their channel is expected to have. 1 where nothing is known.
 * @param priorDays 0 where the very days that were seen are meant, and not those to come
 */
export function priceSpeed(listings: readonly PricedListing[], priorDays = PRIOR_DAYS): number {
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
  const speed = (priorDays + (days * asked) / going) / (priorDays + days);
  return Math.max(BOUNDS[0], Math.min(BOUNDS[1], speed));
}

const ofSchema = z.strictObject({ id: z.string(), of: z.string() });

/** `priceSpeed` for those that were ever looked at by repricing; whatever is not in the answer sold at 1. By lot: of the days that it stood, to judge what it sold in them. By product: to foresee the next ones. */
export async function readPriceSpeeds(db: Database | Tx, by: 'lotId' | 'productId'): Promise<ReadonlyMap<string, number>> {
  const client = 'prisma' in db ? db.prisma : db;
  const learned = await readLearned(db);
  const rows = z.array(ofSchema).parse(await client.$queryRawUnsafe(`SELECT l.id, l.${by} AS "of" FROM RepriceState s JOIN Listing l ON l.id = s.listingId`));
  const of = new Map(rows.map((row) => [row.id, row.of]));
  const { poolOf } = poolLearned(learned);
  const groups = new Map<string, PricedListing[]>();
  for (const { listingId, channel, evidence } of learned) {
    const key = of.get(listingId);
    if (key !== undefined) groups.set(key, [...(groups.get(key) ?? []), { evidence, pool: poolOf(channel) }]);
  }
  return new Map([...groups].map(([key, listings]) => [key, priceSpeed(listings, by === 'lotId' ? 0 : PRIOR_DAYS)]));
}
