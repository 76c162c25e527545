import type { z } from 'zod';
import type { sourceHealth } from '#contract/sources.ts';
import type { Instant } from '#kernel/time.ts';
import type { Database } from '#runtime/ports.ts';
import { ENOUGH_PRODUCTS, findDrift, RUNS_COMPARED } from './find-drift.ts';
import { COVERED_FIELDS, type FieldCounts } from './ports.ts';

export interface DriftingSource {
  readonly id: string;
  readonly name: string;
  /** When the run began that lost the fields. */
  readonly at: Instant;
  /** At least one. */
  readonly drift: z.infer<typeof sourceHealth>['drift'];
}

type Row = FieldCounts & { readonly id: string; readonly name: string; readonly at: Instant };

const column = (field: string) => `r.with${field.charAt(0).toUpperCase()}${field.slice(1)} AS "${field}"`;
const RUNS = `SELECT s.id, s.name, r.startedAt AS at, r.products, ${COVERED_FIELDS.map(column).join(', ')} FROM "Source" s JOIN "ScanRun" r ON r.id IN
  (SELECT l.id FROM "ScanRun" l WHERE l.sourceId = s.id AND l.state IN ('done', 'failed') AND l.products >= ${ENOUGH_PRODUCTS} ORDER BY l.startedAt DESC LIMIT ${RUNS_COMPARED})
  WHERE s.enabled = 1 AND s.removedAt IS NULL AND s.lastError IS NULL ORDER BY s.createdAt, s.id, r.startedAt DESC`;

/** Sources that are read and whose runs end well, and whose pages no longer give what they gave. */
export async function readDrifting(db: Pick<Database, 'read'>): Promise<DriftingSource[]> {
  const bySource = Map.groupBy(await db.read<Row>(RUNS, []), (run) => run.id);
  return [...bySource].flatMap(([id, runs]) => {
    const drift = findDrift(runs);
    return drift.length === 0 ? [] : [{ id, name: runs[0]!.name, at: runs[0]!.at, drift }];
  });
}
