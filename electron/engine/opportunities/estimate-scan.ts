import type { z } from 'zod';
import type { scanCost } from '#contract/sources.ts';
import { DomainError } from '#kernel/errors.ts';
import { estimateLookups } from '#engine/catalog/index.ts';
import type { OpportunitiesDeps } from './deps.ts';

export type ScanCost = z.infer<typeof scanCost>;

/** Runs that the estimate is taken of. */
const RUNS = 5;
/** Of a source that never ran, the cost of so many offers is shown. */
const UNKNOWN_SOURCE_OFFERS = 1_000;

const share = (part: number, whole: number) => (whole === 0 ? 1 : Math.min(1, part / whole));

interface PastRun {
  readonly seen: number;
  readonly added: number;
  readonly changed: number;
  readonly survivors: number;
  readonly opportunities: number;
  readonly requests: number;
}

/** What the last runs brought says what the next one will; offers that still wait come on top. At most, everything the source has is new again. */
function expectFrom(runs: readonly PastRun[], waiting: number) {
  const sum = (of: (run: PastRun) => number) => runs.reduce((total, run) => total + of(run), 0);
  const judged = sum((r) => r.added + r.changed);
  const surviving = share(sum((r) => r.survivors), judged);
  const promising = share(sum((r) => r.opportunities), sum((r) => r.survivors));
  // The first run of a source sees everything as new; later ones tell the usual.
  const usual = runs.length > 1 ? runs.slice(0, -1) : runs;
  const expected = waiting + Math.round(usual.reduce((total, r) => total + r.added + r.changed, 0) / usual.length);
  const most = waiting + Math.max(...runs.map((r) => Math.max(r.seen, r.added + r.changed)));
  const offers = { expected: Math.min(expected, most), most };
  return { offers, lookups: { expected: Math.ceil(offers.expected * surviving), most }, promising: { expected: Math.ceil(offers.expected * surviving * promising), most } };
}

/** What a run of the source would spend at the data vendors and how long their quotas make it take. Spends nothing. */
export async function estimateScan(deps: OpportunitiesDeps, sourceId: string): Promise<ScanCost> {
  const { prisma } = deps.ctx.db;
  const source = await prisma.source.findUnique({ where: { id: sourceId }, select: { id: true } });
  if (!source) throw new DomainError('NOT_FOUND', `There is no source ${sourceId}.`, { kind: 'source', id: sourceId });
  const [runs, waiting] = await Promise.all([
    prisma.scanRun.findMany({ where: { sourceId, state: 'done', seen: { gt: 0 } }, orderBy: { startedAt: 'desc' }, take: RUNS, select: { seen: true, added: true, changed: true, survivors: true, opportunities: true, requests: true } }),
    prisma.offer.count({ where: { sourceId, state: 'new' } }),
  ]);
  const unknown = { expected: UNKNOWN_SOURCE_OFFERS, most: UNKNOWN_SOURCE_OFFERS };
  const counts = runs.length > 0 ? expectFrom(runs, waiting) : { offers: unknown, lookups: unknown, promising: unknown };
  const cost = await estimateLookups(deps.catalog, counts);
  return { ...cost, basis: runs.length > 0 ? 'last-runs' : 'per-thousand', offers: counts.offers, requests: runs[0]?.requests ?? null };
}
