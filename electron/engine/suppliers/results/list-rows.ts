import type { z } from 'zod';
import type { goneRow, listChanges, priceListRow, rowFilter, rowSort } from '#contract/price-lists.ts';
import { reasonSchema } from '#contract/shared.ts';
import { money } from '#kernel/money.ts';
import { z as zod } from 'zod';

export type ResultRowView = z.infer<typeof priceListRow>;
export type RowFilter = z.infer<typeof rowFilter>;
export type RowSort = z.infer<typeof rowSort>;

/** Reads a result file; integers come as numbers. */
export interface ResultReader {
  read<Row>(sql: string, parameters: readonly (string | number | null)[]): Promise<Row[]>;
}

const moreSchema = zod.strictObject({
  code: zod.string().optional(), mpn: zod.string().optional(), pack: zod.int().optional(), case: zod.int().optional(), costMinor: zod.int().optional(), units: zod.int().optional(), mapMinor: zod.int().optional(),
  retailMinor: zod.int().optional(), retailCurrency: zod.string().optional(), least: zod.int().optional(), taxBp: zod.int().optional(),
  by: zod.enum(['own-sales', 'scan', 'market', 'cards']).optional(), at: zod.int().optional(), of: zod.string().optional(), count: zod.int().optional(),
});

interface StoredRow {
  row: number; line: number; standing: ResultRowView['standing']; identifier: string | null; repairs: string | null; productId: string | null; title: string | null; brand: string | null; category: string | null; currency: string;
  unitCostMinor: number; quantity: number | null; saleMinor: number | null; feesMinor: number | null; profitMinor: number | null; roiBp: number | null; more: string | null;
  changed: NonNullable<ResultRowView['change']>['kind'] | null; wasMinor: number | null; wasCurrency: string | null;
  o_state: NonNullable<ResultRowView['asked']>['state'] | null; o_reason: string | null; o_opportunityId: string | null; o_decision: string | null; o_currency: string | null; o_unitCostMinor: number; o_saleMinor: number; o_feesMinor: number;
  o_profitMinor: number | null; o_profitLowMinor: number; o_profitHighMinor: number; o_roiBp: number; o_lossChanceBp: number; o_daysToSell: number; o_demandPerMonth: number; o_quantity: number; o_at: number;
}

const OUTCOME = ['state', 'reason', 'opportunityId', 'decision', 'currency', 'unitCostMinor', 'saleMinor', 'feesMinor', 'profitMinor', 'profitLowMinor', 'profitHighMinor', 'roiBp', 'lossChanceBp', 'daysToSell', 'demandPerMonth', 'quantity', 'at'];
const COLUMNS = `r.*, c.kind AS changed, c.wasMinor, c.wasCurrency, ${OUTCOME.map((name) => `o.${name} AS o_${name}`).join(', ')}`;
const JOINED = 'result r LEFT JOIN change c ON c.row = r.row LEFT JOIN outcome o ON o.row = r.row';

const WHERE: Readonly<Record<RowFilter, string>> = {
  all: '1', profitable: `COALESCE(o.profitMinor, r.profitMinor) > 0 AND COALESCE(o.state, '') NOT IN ('screened-out', 'duplicate')`, 'not-found': `(r.standing IN ('unknown', 'no-code') AND o.productId IS NULL OR o.state = 'unidentified')`, repaired: 'r.repairs IS NOT NULL',
  new: `c.kind = 'new'`, dearer: `c.kind = 'dearer'`, cheaper: `c.kind = 'cheaper'`, asked: 'o.row IS NOT NULL',
};
/** What the market said comes before what the list alone says. */
const ORDER: Readonly<Record<RowSort, string>> = {
  profit: 'o.profitMinor IS NULL, o.profitMinor DESC, r.profitMinor DESC, r.row', roi: 'o.roiBp IS NULL, o.roiBp DESC, r.roiBp DESC, r.row', cost: 'r.unitCostMinor, r.row', line: 'r.row',
};
/** The same while nothing was asked: the index has this order. */
const BY_INDEX = 'r.profitMinor DESC, r.row';

function viewOf(s: StoredRow): ResultRowView {
  const more = s.more === null ? {} : moreSchema.parse(JSON.parse(s.more));
  const own = (minor: number) => money(minor, s.currency);
  const asked = (minor: number) => money(minor, s.o_currency ?? s.currency);
  return {
    row: s.row, line: s.line, standing: s.standing, identifier: s.identifier, code: more.code ?? null, repairs: s.repairs === null ? [] : s.repairs.split(' '), productId: s.productId, mpn: more.mpn ?? null,
    title: s.title, brand: s.brand, category: s.category, pack: more.pack ?? null, case: more.case ?? null, quantity: s.quantity, leastOrder: more.least ?? null, taxBp: more.taxBp ?? null,
    unitCost: own(s.unitCostMinor), cost: own(more.costMinor ?? s.unitCostMinor), units: more.units ?? 1, map: more.mapMinor === undefined ? null : own(more.mapMinor),
    retail: more.retailMinor !== undefined ? money(more.retailMinor, more.retailCurrency ?? s.currency) : s.saleMinor !== null && more.by === undefined ? own(s.saleMinor) : null,
    first: s.saleMinor === null || s.profitMinor === null ? null : { sale: own(s.saleMinor), fees: own(s.feesMinor ?? 0), profit: own(s.profitMinor), roiBp: s.roiBp, by: more.by ?? 'list', at: more.at ?? null, of: more.of ?? null, count: more.count ?? null },
    change: s.changed === null ? null : { kind: s.changed, was: s.wasMinor === null ? null : money(s.wasMinor, s.wasCurrency ?? s.currency) },
    asked: s.o_state === null ? null : {
      state: s.o_state, reason: s.o_reason === null ? null : reasonSchema.parse(JSON.parse(s.o_reason)), opportunityId: s.o_opportunityId, decision: s.o_decision, at: s.o_at,
      figures: s.o_profitMinor === null ? null : {
        unitCost: asked(s.o_unitCostMinor), sale: asked(s.o_saleMinor), fees: asked(s.o_feesMinor), profit: asked(s.o_profitMinor), profitLow: asked(s.o_profitLowMinor), profitHigh: asked(s.o_profitHighMinor),
        roiBp: s.o_roiBp, lossChanceBp: s.o_lossChanceBp, daysToSell: s.o_daysToSell, demandPerMonth: s.o_demandPerMonth, quantity: s.o_quantity,
      },
    },
  };
}

export interface RowQuery {
  readonly filter: RowFilter;
  readonly sort: RowSort;
  readonly search?: string | undefined;
  readonly from: number;
  readonly limit: number;
}

const likePattern = (text: string) => `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;

function filterOf(query: Pick<RowQuery, 'filter' | 'search'>): { where: string; parameters: string[] } {
  const words = query.search?.trim() ?? '';
  if (words === '') return { where: WHERE[query.filter], parameters: [] };
  const pattern = likePattern(words);
  return { where: `(${WHERE[query.filter]}) AND (r.title LIKE ? ESCAPE '\\' OR r.identifier LIKE ? ESCAPE '\\' OR r.brand LIKE ? ESCAPE '\\' OR r.more LIKE ? ESCAPE '\\')`, parameters: [pattern, pattern, pattern, pattern] };
}

const hasOutcomes = async (reader: ResultReader) => (await reader.read<{ n: number }>('SELECT EXISTS (SELECT 1 FROM outcome) AS n', []))[0]!.n === 1;

export async function readRows(reader: ResultReader, query: RowQuery): Promise<ResultRowView[]> {
  const { where, parameters } = filterOf(query);
  const order = query.sort === 'profit' && !(await hasOutcomes(reader)) ? BY_INDEX : ORDER[query.sort];
  const rows = await reader.read<StoredRow>(`SELECT ${COLUMNS} FROM ${JOINED} WHERE ${where} ORDER BY ${order} LIMIT ? OFFSET ?`, [...parameters, query.limit, query.from]);
  return rows.map(viewOf);
}

/** Rows in the list's order, after row `after`. */
export async function readRowsInOrder(reader: ResultReader, filter: RowFilter, { after, limit }: { readonly after: number; readonly limit: number }): Promise<ResultRowView[]> {
  return (await reader.read<StoredRow>(`SELECT ${COLUMNS} FROM ${JOINED} WHERE r.row > ? AND (${WHERE[filter]}) ORDER BY r.row LIMIT ?`, [after, limit])).map(viewOf);
}

export async function countRows(reader: ResultReader, query: Pick<RowQuery, 'filter' | 'search'>): Promise<number> {
  const { where, parameters } = filterOf(query);
  return (await reader.read<{ n: number }>(`SELECT count(*) AS n FROM ${JOINED} WHERE ${where}`, parameters))[0]!.n;
}

export function readRejects(reader: ResultReader, from: number, limit: number) {
  return reader.read<{ line: number; field: string; severity: 'row' | 'field'; reason: string; raw: string }>('SELECT line, field, severity, reason, raw FROM reject ORDER BY rowid LIMIT ? OFFSET ?', [limit, from]);
}

export async function readGone(reader: ResultReader, from: number, limit: number): Promise<z.infer<typeof goneRow>[]> {
  const rows = await reader.read<{ line: number; identifier: string | null; title: string | null; currency: string; unitCostMinor: number }>('SELECT line, identifier, title, currency, unitCostMinor FROM gone ORDER BY place LIMIT ? OFFSET ?', [limit, from]);
  return rows.map(({ currency, unitCostMinor, ...row }) => ({ ...row, unitCost: money(unitCostMinor, currency) }));
}

/** How the list stands against the one before. */
export async function readChanges(reader: ResultReader): Promise<Omit<z.infer<typeof listChanges>, 'previousId' | 'previousName'>> {
  const kinds = new Map((await reader.read<{ kind: string; n: number }>('SELECT kind, count(*) AS n FROM change GROUP BY kind', [])).map(({ kind, n }) => [kind, n]));
  const [gone] = await reader.read<{ n: number }>('SELECT count(*) AS n FROM gone', []);
  return { new: kinds.get('new') ?? 0, gone: gone!.n, dearer: kinds.get('dearer') ?? 0, cheaper: kinds.get('cheaper') ?? 0, otherCurrency: kinds.get('currency') ?? 0 };
}

/** The most frequent first. */
export const countCurrencies = (reader: ResultReader): Promise<{ currency: string; rows: number }[]> => reader.read('SELECT currency, count(*) AS rows FROM listed GROUP BY 1 ORDER BY 2 DESC, 1', []);

/** Rows that were mended. */
export async function countRepaired(reader: ResultReader): Promise<number> {
  return (await reader.read<{ n: number }>('SELECT count(*) AS n FROM listed WHERE repairs IS NOT NULL', []))[0]!.n;
}
