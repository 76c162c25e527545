import type { opportunitiesContract, OpportunityRow } from '#contract/opportunities.ts';
import type { InferContractRouterOutputs } from '@orpc/contract';
import { money } from '#kernel/money.ts';
import type { OpportunitiesDeps } from './deps.ts';
import type { Verdict } from '#engine/pricing/index.ts';
import type { Decision, OpportunityState } from './evaluation.ts';
import { buildCountQuery, buildListQuery, decodeCursor, encodeCursor, type OpportunityListFilter, type OpportunityListRow, type OpportunitySort } from './list-query.ts';

/** As the contract has parsed it. */
export type ListInput = OpportunityListFilter & { readonly sort: OpportunitySort; readonly second?: OpportunitySort | undefined; readonly limit: number; readonly cursor?: string | undefined };
type ListOutput = InferContractRouterOutputs<typeof opportunitiesContract>['list'];
type Facets = InferContractRouterOutputs<typeof opportunitiesContract>['facets'];

/** Counts stop here: nobody needs to know whether there are 12,000 or 13,000, and counting them all would cost. */
const COUNT_CAP = 10_000;

function rowOf(row: OpportunityListRow): OpportunityRow {
  const amount = (minor: number) => money(minor, row.currency);
  return {
    id: row.id, title: row.title, brand: row.brand, category: row.category, imageUrl: row.imageUrl, sourceId: row.sourceId, sourceName: row.sourceName, channel: row.channel,
    state: row.state as OpportunityState, decision: row.decision as Decision, verdict: row.verdict as Verdict, unitCost: amount(row.unitCostMinor), salePrice: amount(row.salePriceMinor), profit: amount(row.profitMinor),
    profitLow: amount(row.profitLowMinor), profitHigh: amount(row.profitHighMinor), roiBp: row.roiBp, lossChanceBp: row.lossChanceBp, daysToSell: row.daysToSell, demandPerMonth: row.demandPerMonth,
    confidenceBp: row.confidenceBp, quantity: row.quantity, profitPerCashDayMilli: row.cashDayMinor, seenAt: row.seenAt, version: row.version,
  };
}

/** One page, from the reader thread. The first page also says how many there are. */
export async function listOpportunities(deps: OpportunitiesDeps, input: ListInput): Promise<ListOutput> {
  const { sort, second, limit, cursor, ...filter } = input;
  const query = buildListQuery({ filter, sort, second, limit, cursor: cursor === undefined ? null : decodeCursor(sort, cursor, second) });
  const count = cursor === undefined ? buildCountQuery(filter, COUNT_CAP) : null;
  const [rows, counted] = await Promise.all([
    deps.ctx.db.read<OpportunityListRow>(query.sql, query.parameters),
    count ? deps.ctx.db.read<{ count: number }>(count.sql, count.parameters) : Promise.resolve(null),
  ]);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const total = counted?.[0]?.count;
  return {
    items: shown.map(rowOf), nextCursor: rows.length > shown.length && last ? encodeCursor(sort, last, second) : null,
    ...(total === undefined ? {} : { total: { count: Math.min(total, COUNT_CAP), capped: total > COUNT_CAP } }),
  };
}

/** Values that the filters can take, each with how many open opportunities have it. */
export async function readFacets(deps: OpportunitiesDeps): Promise<Facets> {
  const { db } = deps.ctx;
  const capped = (where: string) => `(SELECT count(*) FROM (SELECT 1 FROM "Opportunity" o WHERE o.state = 'open' AND ${where} LIMIT ${COUNT_CAP}))`;
  const [sources, categories, decisions] = await Promise.all([
    db.read<Facets['sources'][number]>(`SELECT s.id, s.name, ${capped('o.sourceId = s.id')} AS count FROM "Source" s WHERE s.removedAt IS NULL ORDER BY s.name`),
    db.read<Facets['categories'][number]>(
      `SELECT category AS key, count(*) AS count FROM (SELECT category FROM "Opportunity" WHERE state = 'open' AND category IS NOT NULL LIMIT ${COUNT_CAP}) GROUP BY category ORDER BY count DESC, key`,
    ),
    db.read<Facets['decisions'][number]>(`SELECT d.key, ${capped('o.decision = d.key')} AS count FROM (SELECT 'purchase' AS key UNION ALL SELECT 'negotiate' UNION ALL SELECT 'skip') d`),
  ]);
  return { sources: sources.filter((s) => s.count > 0), categories, decisions };
}
