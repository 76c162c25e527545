import type { InferContractRouterOutputs } from '@orpc/contract';
import { implement } from '@orpc/server';
import { z } from 'zod';
import { alertsContract } from '#contract/alerts.ts';
import { declaredErrors } from '#contract/errors.ts';
import { opportunityFilter } from '#contract/opportunities.ts';
import { DomainError } from '#kernel/errors.ts';
import { numbered } from '#runtime/numbered-sql.ts';
import type { EngineContext, Tx } from '#runtime/ports.ts';
import { requireOpportunity } from './find-opportunity.ts';
import { rowOf } from './get-opportunity.ts';
import { buildKeysQuery, type OpportunityListFilter } from './list-query.ts';

export interface AlertsDeps {
  readonly ctx: EngineContext;
}

type Outputs = InferContractRouterOutputs<typeof alertsContract>;
type AlertView = Outputs['list'][number];

/** A view that as much as this matches is a list to read and no alert. */
export const MOST_MATCHES = 5_000;
const MATCHES_SHOWN = 200;
const TITLES_TOLD = 3;

const filterSchema = z.strictObject(opportunityFilter);
const queryOf = (text: string) => z.record(z.string(), z.unknown()).parse(JSON.parse(text));

interface AlertRow {
  viewId: string; name: string; query: string; filter: string; checkedAt: number; unseen: number; untold: number; latestAt: number | null;
}

async function readAlerts(deps: AlertsDeps, viewId?: string): Promise<AlertRow[]> {
  return deps.ctx.db.read<AlertRow>(
    `SELECT a.viewId, v.name, v.query, a.filter, a.checkedAt, m.unseen, m.untold, m.latestAt FROM "ViewAlert" a JOIN "SavedView" v ON v.id = a.viewId
       LEFT JOIN (SELECT viewId, count(*) AS unseen, sum(toldAt IS NULL) AS untold, max(matchedAt) AS latestAt FROM "AlertMatch" WHERE seenAt IS NULL GROUP BY viewId) m ON m.viewId = a.viewId
      ${viewId === undefined ? '' : 'WHERE a.viewId = ?'} ORDER BY v.name`, viewId === undefined ? [] : [viewId]);
}

const viewOf = (row: AlertRow): AlertView => ({ viewId: row.viewId, name: row.name, query: queryOf(row.query), unseen: row.unseen ?? 0, untold: row.untold ?? 0, latestAt: row.latestAt, checkedAt: row.checkedAt });

/** Ids of what matches now, newest first, one more than an alert may have; from the reader thread. */
async function matching(deps: AlertsDeps, filter: OpportunityListFilter): Promise<string[]> {
  const { sql, parameters } = buildKeysQuery(filter, MOST_MATCHES + 1);
  return (await deps.ctx.db.read<{ id: string }>(sql, parameters)).map((row) => row.id);
}

const insertMatches = (tx: Tx, viewId: string, { ids, at, known }: { readonly ids: readonly string[]; readonly at: number; readonly known: boolean }): Promise<number> =>
  tx.$executeRawUnsafe(...numbered(`INSERT OR IGNORE INTO "AlertMatch" (viewId, opportunityId, matchedAt, toldAt, seenAt) SELECT ?1, value, ?2, ?3, ?3 FROM json_each(?4)`, viewId, at, known ? at : null, JSON.stringify(ids)));

/** @throws DomainError NOT_FOUND, TOO_MANY. */
async function setAlert(deps: AlertsDeps, viewId: string, filter: OpportunityListFilter): Promise<AlertView> {
  const { ctx } = deps;
  const ids = await matching(deps, filter);
  if (ids.length > MOST_MATCHES) throw new DomainError('TOO_MANY', `More than ${MOST_MATCHES} match this view already. Narrow its filters first.`, { most: MOST_MATCHES });
  await ctx.db.transaction(async (tx) => {
    if (!(await tx.savedView.findUnique({ where: { id: viewId }, select: { id: true } }))) throw new DomainError('NOT_FOUND', `There is no saved view ${viewId}.`, { kind: 'view', id: viewId });
    const at = ctx.clock.now();
    await tx.viewAlert.deleteMany({ where: { viewId } });
    await tx.viewAlert.create({ data: { viewId, filter: JSON.stringify(filterSchema.parse(filter)), createdAt: at, checkedAt: at } });
    await insertMatches(tx, viewId, { ids, at, known: true });
    await ctx.outbox.add(tx, 'alert.set', viewId);
  });
  const [row] = await readAlerts(deps, viewId);
  if (!row) throw new DomainError('NOT_FOUND', `There is no saved view ${viewId}.`, { kind: 'view', id: viewId });
  return viewOf(row);
}

/**
 * Looks for new matches of every alert. A match and the event that tells of it are one transaction, and a known match is never inserted again: killed
 * anywhere and done over, each is told once.
 */
export async function evaluateAlerts(deps: AlertsDeps): Promise<void> {
  const { ctx } = deps;
  for (const alert of await readAlerts(deps)) {
    const parsed = filterSchema.safeParse(JSON.parse(alert.filter));
    if (!parsed.success) {
      ctx.log.warn('an alert has a filter that cannot be read', { viewId: alert.viewId });
      continue;
    }
    const ids = await matching(deps, parsed.data);
    await ctx.db.transaction(async (tx) => {
      const at = ctx.clock.now();
      const still = await tx.viewAlert.updateMany({ where: { viewId: alert.viewId }, data: { checkedAt: at } });
      const fresh = still.count === 0 ? 0 : await insertMatches(tx, alert.viewId, { ids, at, known: false });
      if (fresh > 0) await ctx.outbox.add(tx, 'alert.matched', alert.viewId, { count: fresh });
    });
  }
}

async function look(deps: AlertsDeps, viewId: string): Promise<{ seen: number }> {
  const { ctx } = deps;
  return ctx.db.transaction(async (tx) => {
    const at = ctx.clock.now();
    const seen = await tx.$executeRawUnsafe(...numbered(`UPDATE "AlertMatch" SET seenAt = ?2, toldAt = coalesce(toldAt, ?2) WHERE viewId = ?1 AND seenAt IS NULL`, viewId, at));
    if (seen > 0) await ctx.outbox.add(tx, 'alert.seen', viewId);
    return { seen };
  });
}

async function claim(deps: AlertsDeps): Promise<Outputs['claim']> {
  const { ctx } = deps;
  return ctx.db.transaction(async (tx) => {
    const rows = await tx.$queryRawUnsafe<{ viewId: string; name: string; query: string; title: string | null }[]>(
      `SELECT m.viewId, v.name, v.query, o.title FROM "AlertMatch" m JOIN "SavedView" v ON v.id = m.viewId LEFT JOIN "Opportunity" o ON o.id = m.opportunityId WHERE m.toldAt IS NULL ORDER BY v.name, m.matchedAt DESC, m.opportunityId`);
    if (rows.length === 0) return [];
    await tx.alertMatch.updateMany({ where: { toldAt: null }, data: { toldAt: ctx.clock.now() } });
    return [...Map.groupBy(rows, (row) => row.viewId)].map(([viewId, of]) => ({
      viewId, name: of[0]!.name, query: queryOf(of[0]!.query), count: of.length, titles: of.flatMap((row) => row.title ?? []).slice(0, TITLES_TOLD),
    }));
  });
}

async function readMatches({ ctx }: AlertsDeps, viewId: string): Promise<Outputs['matches']> {
  const found = await ctx.db.prisma.alertMatch.findMany({ where: { viewId, seenAt: null }, orderBy: [{ matchedAt: 'desc' }, { opportunityId: 'asc' }], take: MATCHES_SHOWN, select: { opportunityId: true } });
  const sources = new Map((await ctx.db.prisma.source.findMany({ select: { id: true, name: true } })).map((s) => [s.id, s.name]));
  const rows = [];
  for (const { opportunityId } of found) {
    const row = await requireOpportunity(ctx.db, opportunityId);
    rows.push(rowOf(row, sources.get(row.sourceId) ?? ''));
  }
  return rows;
}

export function createAlertProcedures(deps: AlertsDeps) {
  const os = implement(alertsContract).use(declaredErrors);
  return os.router({
    list: os.list.handler(async () => (await readAlerts(deps)).map(viewOf)),
    set: os.set.handler(({ input }) => setAlert(deps, input.viewId, input.filter)),
    remove: os.remove.handler(async ({ input }) => {
      await deps.ctx.db.transaction(async (tx) => {
        const gone = await tx.viewAlert.deleteMany({ where: { viewId: input.viewId } });
        if (gone.count === 0) throw new DomainError('NOT_FOUND', `The view ${input.viewId} has no alert.`, { kind: 'alert', id: input.viewId });
        await deps.ctx.outbox.add(tx, 'alert.removed', input.viewId);
      });
      return { viewId: input.viewId };
    }),
    matches: os.matches.handler(({ input }) => readMatches(deps, input.viewId)),
    look: os.look.handler(({ input }) => look(deps, input.viewId)),
    claim: os.claim.handler(() => claim(deps)),
  });
}

/** When a scan ends. The event is told at least once, so a kill in between only delays. */
export function registerAlerts(deps: AlertsDeps): void {
  deps.ctx.outbox.subscribe('source.scan-ended', () => evaluateAlerts(deps));
}
