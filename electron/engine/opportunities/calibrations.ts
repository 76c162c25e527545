import type { Database, Tx } from '#runtime/ports.ts';
import type { Instant } from '#kernel/time.ts';
import { ALL_CATEGORIES, type LearnedCorrection } from '#engine/pricing/index.ts';

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

/** Stores what moved as new versions; nothing is overwritten. Answers how many were written. */
export async function putCalibrations(tx: Tx, learned: readonly LearnedCorrection[], at: Instant): Promise<number> {
  const known = await readCalibrations(tx);
  let written = 0;
  for (const one of learned) {
    const old = known.get(one.category);
    const moved = old === undefined || (['priceBp', 'feesBp', 'demandBp', 'spreadBp'] as const).some((key) => Math.abs(old[key] - one[key]) >= LEAST_MOVE_BP);
    if (!moved) continue;
    await tx.calibration.create({ data: { ...one, measured: JSON.stringify(one.measured), version: (old?.version ?? 0) + 1, createdAt: BigInt(at) } });
    written += 1;
  }
  return written;
}
