import { z } from 'zod';
import type { Database, Tx } from '#runtime/ports.ts';
import type { Instant } from '#kernel/time.ts';
import type { Reason } from '#contract/shared.ts';
import { ALL_CATEGORIES, PRIOR_RETURNS, withLearnedReturns, type EstimateAssumptions, type Exposure, type LearnedCorrection } from '#engine/pricing/index.ts';

/** A correction in force: dated and versioned. */
export interface CalibrationRecord extends LearnedCorrection {
  readonly version: number;
  readonly createdAt: Instant;
}
export type Calibrations = ReadonlyMap<string, CalibrationRecord>;

/** The newest correction of each category. */
export async function readCalibrations(db: Database | Tx): Promise<Calibrations> {
  const client = 'prisma' in db ? db.prisma : db;
  const rows = await client.calibration.findMany({ orderBy: [{ category: 'asc' }, { version: 'asc' }] });
  return new Map(rows.map((row) => [row.category, { ...row, createdAt: Number(row.createdAt), measured: JSON.parse(row.measured) as LearnedCorrection['measured'] }]));
}

/** The category's own correction, else that over all categories. */
export function calibrationFor(calibrations: Calibrations, category: string | null): CalibrationRecord | null {
  return (category === null ? undefined : calibrations.get(category)) ?? calibrations.get(ALL_CATEGORIES) ?? null;
}

/** A figure that moved by less than this is not written anew: every version is a line of history that somebody may read. */
const LEAST_MOVE_BP = 100;
/** Figures that are guesses by more than that, and move with every look. */
const LEAST_MOVE_OF_GUESSES_BP = 500;
const FIGURES = { priceBp: LEAST_MOVE_BP, feesBp: LEAST_MOVE_BP, demandBp: LEAST_MOVE_BP, spreadBp: LEAST_MOVE_BP, recoveryBp: LEAST_MOVE_OF_GUESSES_BP, feesKeptBp: LEAST_MOVE_OF_GUESSES_BP, returnsBp: LEAST_MOVE_OF_GUESSES_BP, channelBp: LEAST_MOVE_OF_GUESSES_BP } as const;

function hasMoved(old: LearnedCorrection, one: LearnedCorrection): boolean {
  return (Object.keys(FIGURES) as (keyof typeof FIGURES)[]).some((key) => (old[key] === null) !== (one[key] === null) || Math.abs((old[key] ?? 0) - (one[key] ?? 0)) >= FIGURES[key]);
}

/** Stores what moved as new versions; nothing is overwritten. Answers how many were written. */
export async function putCalibrations(tx: Tx, learned: readonly LearnedCorrection[], at: Instant): Promise<number> {
  const known = await readCalibrations(tx);
  let written = 0;
  for (const one of learned) {
    const old = known.get(one.category);
    if (old !== undefined && !hasMoved(old, one)) continue;
    await tx.calibration.create({ data: { ...one, measured: JSON.stringify(one.measured), version: (old?.version ?? 0) + 1, createdAt: BigInt(at) } });
    written += 1;
  }
  return written;
}

/** What came back of own sales, in place of what is assumed. It outweighs the assumption where that promised more returns than it counts for. */
export function withReturns(usual: EstimateAssumptions, calibration: CalibrationRecord | null): EstimateAssumptions {
  if (calibration === null) return usual;
  const { returnsBp, recoveryBp, feesKeptBp, measured } = calibration;
  if (returnsBp === null || recoveryBp === null || feesKeptBp === null) return usual;
  return withLearnedReturns(usual, { returnsBp, recoveryBp, feesKeptBp, outweighs: (measured.returns?.expectedUnits ?? 0) >= PRIOR_RETURNS });
}

/** What was learned and applied, as the desk says it beside an estimate. */
export function reasonsOf(calibration: CalibrationRecord | null): Reason[] {
  if (calibration === null) return [];
  const { category, items, priceBp, demandBp, returnsBp, recoveryBp, feesKeptBp, channelBp, measured: { returns, channel } } = calibration;
  const reasons: Reason[] = items === 0 ? [] : [{ code: 'calibration.applied', data: { kind: 'info', category, items, priceBp: priceBp - 10_000, demandBp } }];
  if (channel && channelBp !== null) reasons.push({ code: 'calibration.channel', data: { kind: 'info', category, products: channel.products, sold: channel.soldUnits, channelBp } });
  if (returns && returnsBp !== null) reasons.push({ code: 'calibration.returns', data: { kind: 'info', category, sold: returns.soldUnits, returned: returns.returnedUnits, expected: returns.expectedUnits, seen: returns.seenUnits, good: returns.goodUnits, returnsBp, recoveryBp, feesKeptBp } });
  return reasons;
}

/** Opportunities whose counts are read: the newest. */
const MOST_READ = 5_000;
const countSchema = z.object({ units: z.int(), days: z.number(), promisedPerDayMicro: z.int() });

/** What the selling channel says that it sold of each product that is looked at, against what its assumed share of the larger shop's sales promised. Each product once. */
export async function readChannelCounts(tx: Tx): Promise<Exposure[]> {
  const rows = await tx.$queryRawUnsafe<{ category: string | null; productId: string; count: string | null }[]>(
    `SELECT p.category, p.productId, d.evaluation ->> '$.forecast.channel' AS count FROM (SELECT id, category, productId FROM "Opportunity" WHERE state = 'open' ORDER BY evaluatedAt DESC, id LIMIT ?) p JOIN "OpportunityDetail" d ON d.opportunityId = p.id`, MOST_READ);
  const byProduct = new Map<string, Exposure>();
  for (const { category, productId, count } of rows) {
    if (count === null || byProduct.has(productId)) continue;
    const { units, days, promisedPerDayMicro } = countSchema.parse(JSON.parse(count));
    byProduct.set(productId, { category, expectedUnits: (promisedPerDayMicro / 1e6) * days, soldUnits: units });
  }
  return [...byProduct.values()];
}
