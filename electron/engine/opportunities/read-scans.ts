import type { InferContractRouterInputs, InferContractRouterOutputs } from '@orpc/contract';
import { implement } from '@orpc/server';
import { declaredErrors } from '#contract/errors.ts';
import { offerChange, scansContract, type OfferChange } from '#contract/scans.ts';
import { DomainError } from '#kernel/errors.ts';
import { money } from '#kernel/money.ts';
import { numbered } from '#runtime/numbered-sql.ts';
import type { Database, EngineContext } from '#runtime/ports.ts';
import { RUNS_WITH_CHANGES } from './record-changes.ts';

export interface ScansDeps {
  readonly ctx: EngineContext;
}

type Inputs = InferContractRouterInputs<typeof scansContract>;
type Outputs = InferContractRouterOutputs<typeof scansContract>;
type ScanRun = Outputs['runs']['items'][number];
type Counts = NonNullable<ScanRun['changes']>;
type RunRow = Omit<ScanRun, 'changes'>;

const RUN_COLUMNS = 'id, sourceId, state, seen, added, changed, rejected, survivors, opportunities, requests, total, startedAt, finishedAt, error';
const NONE: Counts = { new: 0, back: 0, gone: 0, cheaper: 0, dearer: 0, restocked: 0, 'sold-out': 0, other: 0 };

/** As `numbered`, on the reader thread. */
function ask<Row>(db: Database, sql: string, ...values: (string | number | null)[]): Promise<Row[]> {
  const [text, ...bound] = numbered(sql, ...values);
  return db.read<Row>(text, bound as (string | number | null)[]);
}

const countsOf = (rows: readonly { readonly kind: OfferChange; readonly count: number }[]): Counts => rows.reduce((all, { kind, count }) => ({ ...all, [kind]: count }), NONE);

async function requireRun({ ctx }: ScansDeps, id: string): Promise<RunRow> {
  const [run] = await ctx.db.read<RunRow>(`SELECT ${RUN_COLUMNS} FROM "ScanRun" WHERE id = ?`, [id]);
  if (!run) throw new DomainError('NOT_FOUND', `There is no run ${id}.`, { kind: 'run', id });
  return run;
}

/** The cursor is how many were given: runs are few, and differences are read in one sitting. */
function offsetOf(cursor: string | undefined): number {
  const offset = Number(cursor ?? 0);
  if (!Number.isSafeInteger(offset) || offset < 0) throw new DomainError('INVALID', 'The page is not one of this list.', { field: 'cursor', reason: 'cursor' });
  return offset;
}

export async function readRuns(deps: ScansDeps, { sourceId, limit, cursor }: Inputs['runs'] & { limit: number }): Promise<Outputs['runs']> {
  const { db } = deps.ctx;
  const offset = offsetOf(cursor);
  const [rows, compared] = await Promise.all([
    db.read<RunRow>(`SELECT ${RUN_COLUMNS} FROM "ScanRun" WHERE sourceId = ? ORDER BY startedAt DESC, id DESC LIMIT ? OFFSET ?`, [sourceId, limit + 1, offset]),
    // a run is compared with what an earlier one that ended well has left, and the changes of the newest runs are kept
    ask<{ id: string }>(db,
      `SELECT id FROM (SELECT id, startedAt FROM "ScanRun" WHERE sourceId = ?1 ORDER BY startedAt DESC, id DESC LIMIT ${RUNS_WITH_CHANGES}) r
        WHERE EXISTS (SELECT 1 FROM "ScanRun" e WHERE e.sourceId = ?1 AND e.state = 'done' AND e.startedAt < r.startedAt)`, sourceId),
  ]);
  const shown = rows.slice(0, limit);
  const counted = await db.read<{ runId: string; kind: OfferChange; count: number }>(
    `SELECT runId, kind, count(*) AS count FROM "ScanChange" WHERE runId IN (SELECT value FROM json_each(?)) GROUP BY runId, kind`, [JSON.stringify(shown.map((r) => r.id))]);
  const known = new Set(compared.map((r) => r.id));
  return {
    items: shown.map((run) => ({ ...run, changes: known.has(run.id) ? countsOf(counted.filter((c) => c.runId === run.id)) : null })),
    nextCursor: rows.length > limit ? String(offset + limit) : null,
  };
}

/** Over all runs of the span: what an offer was before its first change, and what it is after its last. One that is as it was is no difference. */
const NET = `
  span AS (SELECT id FROM "ScanRun" WHERE sourceId = ?1 AND startedAt > ?2 AND startedAt <= ?3),
  first AS (SELECT c.offerId, c.kind, c.currency, c.beforeMinor, c.beforeStock, sum(c.kind = 'other') AS others, min(c.at) AS at FROM "ScanChange" c WHERE c.runId IN (SELECT id FROM span) GROUP BY c.offerId),
  last AS (SELECT c.offerId, c.currency, c.afterMinor, c.afterStock, max(c.at) AS at FROM "ScanChange" c WHERE c.runId IN (SELECT id FROM span) GROUP BY c.offerId),
  net AS (SELECT f.offerId, f.currency AS currencyBefore, l.currency AS currencyAfter, f.beforeMinor, l.afterMinor, f.beforeStock, l.afterStock, l.at,
    CASE WHEN f.beforeMinor IS NULL AND l.afterMinor IS NULL THEN 'none' WHEN f.beforeMinor IS NULL THEN CASE f.kind WHEN 'new' THEN 'new' ELSE 'back' END WHEN l.afterMinor IS NULL THEN 'gone'
         WHEN f.currency <> l.currency THEN 'other' WHEN l.afterMinor < f.beforeMinor THEN 'cheaper' WHEN l.afterMinor > f.beforeMinor THEN 'dearer'
         WHEN f.beforeStock <= 0 AND coalesce(l.afterStock, 1) > 0 THEN 'restocked' WHEN coalesce(f.beforeStock, 1) > 0 AND l.afterStock <= 0 THEN 'sold-out' WHEN f.others > 0 THEN 'other' ELSE 'none' END AS kind
    FROM first f JOIN last l ON l.offerId = f.offerId)`;

interface NetRow {
  offerId: string; title: string; url: string; kind: OfferChange; currencyBefore: string; currencyAfter: string; beforeMinor: number | null; afterMinor: number | null;
  beforeStock: number | null; afterStock: number | null; opportunityId: string | null; at: number;
}

const amount = (minor: number | null, currency: string) => (minor === null ? null : money(minor, currency));

/** Cheaper first, the largest share of the price before. */
export async function readDifferences(deps: ScansDeps, input: Inputs['differences'] & { limit: number }): Promise<Outputs['differences']> {
  const { db } = deps.ctx;
  const to = await requireRun(deps, input.to);
  const from = input.from === undefined ? null : await requireRun(deps, input.from);
  if (from && (from.sourceId !== to.sourceId || from.startedAt >= to.startedAt)) throw new DomainError('INVALID', 'Compare a run with an earlier one of the same source.', { field: 'from', reason: 'not-earlier' });
  const offset = offsetOf(input.cursor);
  const span = [to.sourceId, from ? from.startedAt : to.startedAt - 1, to.startedAt] as const;
  const [counts, rows] = await Promise.all([
    ask<{ kind: OfferChange; count: number }>(db, `WITH ${NET} SELECT kind, count(*) AS count FROM net WHERE kind <> 'none' GROUP BY kind`, ...span),
    ask<NetRow>(
      db,
      `WITH ${NET} SELECT n.*, o.title, o.url, p.id AS opportunityId FROM net n JOIN "Offer" o ON o.id = n.offerId LEFT JOIN "Opportunity" p ON p.offerId = n.offerId
        WHERE n.kind <> 'none' AND (?4 IS NULL OR n.kind = ?4)
        ORDER BY CASE n.kind ${offerChange.options.map((kind) => `WHEN '${kind}' THEN ${['cheaper', 'new', 'back', 'restocked', 'dearer', 'sold-out', 'gone', 'other'].indexOf(kind)}`).join(' ')} END,
                 abs(coalesce(1.0 * n.afterMinor / nullif(n.beforeMinor, 0) - 1, 0)) DESC, n.offerId LIMIT ?5 OFFSET ?6`,
      ...span, input.kind ?? null, input.limit + 1, offset),
  ]);
  return {
    counts: countsOf(counts), nextCursor: rows.length > input.limit ? String(offset + input.limit) : null,
    items: rows.slice(0, input.limit).map((r) => ({
      offerId: r.offerId, title: r.title, url: r.url, kind: r.kind, before: amount(r.beforeMinor, r.currencyBefore), after: amount(r.afterMinor, r.currencyAfter), stockBefore: r.beforeStock, stockAfter: r.afterStock,
      opportunityId: r.opportunityId, at: r.at,
    })),
  };
}

export function createScanProcedures(deps: ScansDeps) {
  const os = implement(scansContract).use(declaredErrors);
  return os.router({ runs: os.runs.handler(({ input }) => readRuns(deps, input)), differences: os.differences.handler(({ input }) => readDifferences(deps, input)) });
}
