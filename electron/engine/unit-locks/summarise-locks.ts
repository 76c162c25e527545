import type { z } from 'zod';
import type { lockLag } from '#contract/unit-locks.ts';
import { DAY_MS } from '#kernel/time.ts';
import type { UnitLocksDeps } from './deps.ts';
import { readLags, type LagRow } from './repo.ts';

const DAYS = 30;
const MOST = 20_000;

export type LockLag = z.infer<typeof lockLag>;

function quantile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
}

const spread = (values: readonly number[]) => ({ medianMs: quantile(values, 0.5), p99Ms: quantile(values, 0.99), count: values.length });
const between = (rows: readonly LagRow[], from: (row: LagRow) => number | null, to: (row: LagRow) => number | null): number[] =>
  rows.flatMap((row) => { const [a, b] = [from(row), to(row)]; return a === null || b === null ? [] : [Math.max(0, b - a)]; });

/** How long each channel took to hear of units that were gone, over the last thirty days. */
export async function summariseLocks({ ctx }: Pick<UnitLocksDeps, 'ctx'>): Promise<LockLag[]> {
  const rows = await readLags(ctx.db, ctx.clock.now() - DAYS * DAY_MS, MOST);
  return [...new Set(rows.map((row) => row.channel))].sort().map((channel) => {
    const own = rows.filter((row) => row.channel === channel);
    return {
      channel, locks: own.length, open: own.filter((row) => row.state === 'intended' || row.state === 'calling' || row.state === 'told').length, stopped: own.filter((row) => row.state === 'stopped').length,
      heard: spread(between(own, (row) => row.soldAt, (row) => row.heardAt)), told: spread(between(own, (row) => row.heardAt, (row) => row.toldAt)), proved: spread(between(own, (row) => row.heardAt, (row) => row.provedAt)),
      total: spread(between(own, (row) => row.soldAt, (row) => row.provedAt)),
    };
  });
}
