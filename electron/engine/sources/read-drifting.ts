import type { z } from 'zod';
import type { sourceHealth } from '#contract/sources.ts';
import type { Instant } from '#kernel/time.ts';
import type { Database } from '#runtime/ports.ts';
import { ENOUGH_PRODUCTS, findDrift, RUNS_LOOKED_AT } from './find-drift.ts';
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
/** Source by source, by the index of its runs: asked for by their ids, the runs of all sources would be gone through, and for each of them those of its source. */
const RUNS = `SELECT s.id, s.name, r.startedAt AS at, r.products, ${COVERED_FIELDS.map(column).join(', ')} FROM "Source" s CROSS JOIN "ScanRun" r
  ON r.sourceId = s.id AND r.startedAt >= ifnull((SELECT l.startedAt FROM "ScanRun" l WHERE l.sourceId = s.id ORDER BY l.startedAt DESC LIMIT 1 OFFSET ${RUNS_LOOKED_AT - 1}), 0)
  WHERE s.enabled = 1 AND s.removedAt IS NULL AND s.lastError IS NULL AND r.state IN ('done', 'failed') AND r.products >= ${ENOUGH_PRODUCTS} ORDER BY s.createdAt, s.id, r.startedAt DESC`;

/** Sources that are read and whose runs end well, and whose pages no longer give what they gave. */
export async function readDrifting(db: Pick<Database, 'read'>): Promise<DriftingSource[]> {
  const bySource = Map.groupBy(await db.read<Row>(RUNS, []), (run) => run.id);
  return [...bySource].flatMap(([id, runs]) => {
    const drift = findDrift(runs);
    return drift.length === 0 ? [] : [{ id, name: runs[0]!.name, at: runs[0]!.at, drift }];
  });
}
