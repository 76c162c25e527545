/**
 * The list of opportunities as SQL: pages by keyset, any of five sorts, every filter. Built so that a page costs the same among a thousand rows and a
 * million: each branch has an equality prefix of a covering index (named, because the planner left alone picks others), reads the page's keys from
 * the index alone, and only then touches the rows of that page. Runs on the reader thread.
 */
import { DomainError } from '#kernel/errors.ts';

export type OpportunitySort = 'score' | 'profit' | 'roi' | 'days' | 'newest';
export type OpportunityDecision = 'purchase' | 'negotiate' | 'skip';

export interface OpportunityListFilter {
  readonly state: string;
  readonly decision?: OpportunityDecision | undefined;
  readonly sourceId?: string | undefined;
  readonly category?: string | undefined;
  readonly minProfitMinor?: number | undefined;
  readonly minRoiBp?: number | undefined;
  readonly maxDaysToSell?: number | undefined;
  /** Words of title or brand; those of three letters and more are looked up, shorter ones narrow that down. */
  readonly search?: string | undefined;
}

/** Where the next page begins: after this row. */
export interface ListCursor {
  readonly value: number;
  /** Of the second sort, where there is one. */
  readonly second?: number | undefined;
  readonly id: string;
}

export interface OpportunityListQuery {
  readonly filter: OpportunityListFilter;
  readonly sort: OpportunitySort;
  /** Orders what `sort` holds equal. Without it, their ids do. */
  readonly second?: OpportunitySort | undefined;
  /** Rows of a page; one more is asked for, and tells whether there is a next page. */
  readonly limit: number;
  readonly cursor?: ListCursor | null;
}

export interface SqlQuery {
  readonly sql: string;
  readonly parameters: (string | number | null)[];
}

/** A row as the query answers it: most of the table's columns, the source's name, and the cursor's value. */
export interface OpportunityListRow {
  readonly id: string;
  readonly offerId: string;
  readonly productId: string;
  readonly sourceId: string;
  readonly sourceName: string;
  readonly state: string;
  readonly decision: string;
  readonly verdict: string;
  readonly title: string;
  readonly brand: string | null;
  readonly category: string | null;
  readonly imageUrl: string | null;
  readonly currency: string;
  readonly unitCostMinor: number;
  readonly salePriceMinor: number;
  readonly feesMinor: number;
  readonly profitMinor: number;
  readonly profitLowMinor: number;
  readonly profitHighMinor: number;
  readonly roiBp: number;
  readonly lossChanceBp: number;
  readonly daysToSell: number;
  readonly cashDayMinor: number;
  readonly demandPerMonth: number;
  readonly confidenceBp: number;
  readonly quantity: number;
  readonly channel: string;
  readonly seenAt: number;
  readonly version: number;
  readonly sortValue: number;
  readonly thenValue: number;
}

const SORTS: Readonly<Record<OpportunitySort, { column: string; direction: 'DESC' | 'ASC' }>> = {
  score: { column: 'cashDayMinor', direction: 'DESC' },
  profit: { column: 'profitMinor', direction: 'DESC' },
  roi: { column: 'roiBp', direction: 'DESC' },
  days: { column: 'daysToSell', direction: 'ASC' },
  newest: { column: 'seenAt', direction: 'DESC' },
};
const DECISIONS: readonly OpportunityDecision[] = ['purchase', 'negotiate', 'skip'];
const COLUMNS = [
  'id', 'offerId', 'productId', 'sourceId', 'state', 'decision', 'title', 'brand', 'category', 'imageUrl', 'currency', 'unitCostMinor', 'salePriceMinor', 'feesMinor', 'profitMinor',
  'profitLowMinor', 'profitHighMinor', 'roiBp', 'lossChanceBp', 'daysToSell', 'cashDayMinor', 'demandPerMonth', 'confidenceBp', 'quantity', 'channel', 'seenAt', 'version', 'verdict',
];

/** The newest so many matches of a search are looked at; the sort orders these. More would not be answered while somebody types. */
export const SEARCH_CANDIDATES = 500;

interface Clause {
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
}

function optionalClauses(filter: OpportunityListFilter): Clause[] {
  const clauses: Clause[] = [];
  const add = (sql: string, value: string | number | undefined) => value !== undefined && clauses.push({ sql, parameters: [value] });
  add('o.category = ?', filter.category);
  add('o.profitMinor >= ?', filter.minProfitMinor);
  add('o.roiBp >= ?', filter.minRoiBp);
  add('o.daysToSell <= ?', filter.maxDaysToSell);
  return clauses;
}

const secondOf = (query: OpportunityListQuery) => (query.second === undefined || query.second === query.sort ? null : SORTS[query.second]);

const after = (d: 'ASC' | 'DESC') => (d === 'DESC' ? '<' : '>');

function keysetClause(query: OpportunityListQuery): Clause[] {
  if (!query.cursor) return [];
  const { column, direction } = SORTS[query.sort];
  const { value, second: secondValue, id } = query.cursor;
  const second = secondOf(query);
  if (!second || secondValue === undefined) return [{ sql: `(o.${column}, o.id) ${after(direction)} (?, ?)`, parameters: [value, id] }];
  // the first term keeps the index's range; the ids follow the first sort's direction
  return [{
    sql: `o.${column} ${after(direction)}= ? AND (o.${column} ${after(direction)} ? OR o.${second.column} ${after(second.direction)} ? OR (o.${second.column} = ? AND o.id ${after(direction)} ?))`,
    parameters: [value, value, secondValue, secondValue, id],
  }];
}

const parametersOf = (clauses: readonly Clause[]) => clauses.flatMap((clause) => clause.parameters);
const whereOf = (clauses: readonly Clause[]) => clauses.map((clause) => clause.sql).join(' AND ');

/** Equality prefix, then range and residual filters that the index holds. */
function branchClauses(filter: OpportunityListFilter, decision: OpportunityDecision): Clause[] {
  const source = filter.sourceId === undefined ? [] : [{ sql: 'o.sourceId = ?', parameters: [filter.sourceId] }];
  return [{ sql: 'o.state = ?', parameters: [filter.state] }, ...source, { sql: 'o.decision = ?', parameters: [decision] }, ...optionalClauses(filter)];
}

const indexOf = (filter: OpportunityListFilter, sort: OpportunitySort) => `opportunity_by_${filter.sourceId === undefined ? 'decision' : 'source'}_${sort}`;

/** The page's keys, from indexes alone: without a decision, the first of each decision's own order are merged. */
function keysByIndex(query: OpportunityListQuery): Clause {
  const { column, direction } = SORTS[query.sort];
  const second = secondOf(query);
  const decisions = query.filter.decision ? [query.filter.decision] : DECISIONS;
  const branches = decisions.map((decision): Clause => {
    const clauses = [...branchClauses(query.filter, decision), ...keysetClause(query)];
    return {
      sql: `SELECT * FROM (SELECT o.rowid AS row, o.${column} AS value, ${second ? `o.${second.column}` : '0'} AS second, o.id AS id FROM "Opportunity" o INDEXED BY "${indexOf(query.filter, query.sort)}"
              WHERE ${whereOf(clauses)} ORDER BY o.${column} ${direction}, ${second ? `o.${second.column} ${second.direction}, ` : ''}o.id ${direction} LIMIT ?)`,
      parameters: [...parametersOf(clauses), query.limit + 1],
    };
  });
  return { sql: branches.map((branch) => branch.sql).join(' UNION ALL '), parameters: parametersOf(branches) };
}

const length = (word: string) => [...word].length;

/** Null when no word is long enough to be looked up: the search then says nothing. */
function searchOf(search: string | undefined): { match: string; short: string[] } | null {
  const words = (search ?? '').normalize('NFC').split(/\s+/).filter((word) => word !== '').slice(0, 12);
  const long = words.filter((word) => length(word) >= 3);
  if (long.length === 0) return null;
  return { match: long.map((word) => `"${word.replaceAll('"', '""')}"`).join(' AND '), short: words.filter((word) => length(word) < 3) };
}

function keysBySearch(query: OpportunityListQuery, search: { match: string; short: string[] }): Clause {
  const { column } = SORTS[query.sort];
  const second = secondOf(query);
  const { filter } = query;
  const clauses: Clause[] = [
    { sql: 'o.state = ?', parameters: [filter.state] },
    ...(filter.decision === undefined ? [] : [{ sql: 'o.decision = ?', parameters: [filter.decision] }]),
    ...(filter.sourceId === undefined ? [] : [{ sql: 'o.sourceId = ?', parameters: [filter.sourceId] }]),
    ...optionalClauses(filter),
    ...search.short.map((word) => ({ sql: `instr(lower(o.title || ' ' || coalesce(o.brand, '')), ?) > 0`, parameters: [word.toLowerCase()] })),
    ...keysetClause(query),
  ];
  return {
    sql: `SELECT o.rowid AS row, o.${column} AS value, ${second ? `o.${second.column}` : '0'} AS second, o.id AS id
            FROM (SELECT rowid AS hit FROM "opportunity_search" WHERE "opportunity_search" MATCH ? ORDER BY rowid DESC LIMIT ${SEARCH_CANDIDATES}) h
            CROSS JOIN "Opportunity" o ON o.rowid = h.hit WHERE ${whereOf(clauses)}`,
    parameters: [search.match, ...parametersOf(clauses)],
  };
}

/** One page and a row more. `limit` is 1 to 200. */
export function buildListQuery(query: OpportunityListQuery): SqlQuery {
  const { direction } = SORTS[query.sort];
  const second = secondOf(query);
  const order = (of: string) => `${of}value ${direction}, ${second ? `${of}second ${second.direction}, ` : ''}${of}id ${direction}`;
  const search = searchOf(query.filter.search);
  const keys = search ? keysBySearch(query, search) : keysByIndex(query);
  const sql = `WITH keys AS MATERIALIZED (SELECT row, value, second, id FROM (${keys.sql}) ORDER BY ${order('')} LIMIT ?)
    SELECT ${COLUMNS.map((column) => `o.${column}`).join(', ')}, s.name AS sourceName, k.value AS sortValue, k.second AS thenValue
      FROM keys k CROSS JOIN "Opportunity" o ON o.rowid = k.row LEFT JOIN "Source" s ON s.id = o.sourceId ORDER BY ${order('k.')}`;
  return { sql, parameters: [...keys.parameters, query.limit + 1] };
}

/** How many there are, counted no further than `cap`: a row with `count`, above `cap` by one where there are more. */
export function buildCountQuery(filter: OpportunityListFilter, cap: number): SqlQuery {
  const query: OpportunityListQuery = { filter, sort: 'score', limit: cap };
  const search = searchOf(filter.search);
  const keys = search ? keysBySearch(query, search) : keysByIndex(query);
  return { sql: `SELECT count(*) AS count FROM (SELECT 1 FROM (${keys.sql}) LIMIT ?)`, parameters: [...keys.parameters, cap + 1] };
}

/** Ids of what matches, newest first, at most `limit`. */
export function buildKeysQuery(filter: OpportunityListFilter, limit: number): SqlQuery {
  const query: OpportunityListQuery = { filter, sort: 'newest', limit };
  const search = searchOf(filter.search);
  const keys = search ? keysBySearch(query, search) : keysByIndex(query);
  return { sql: `SELECT id FROM (${keys.sql}) ORDER BY value DESC, id DESC LIMIT ?`, parameters: [...keys.parameters, limit] };
}

/** The cursor as text, opaque to callers. It holds the sort that it belongs to. */
export function encodeCursor(sort: OpportunitySort, row: Pick<OpportunityListRow, 'id' | 'sortValue'> & { readonly thenValue?: number }, secondSort?: OpportunitySort): string {
  return secondSort === undefined || secondSort === sort ? `${sort}~${row.sortValue}~${row.id}` : `${sort}.${secondSort}~${row.sortValue}~${row.id}~${row.thenValue ?? 0}`;
}

/** @throws DomainError INVALID when it is not one of this sort's. */
export function decodeCursor(sort: OpportunitySort, text: string, secondSort?: OpportunitySort): ListCursor {
  const [ofSort, value, id, second, ...rest] = text.split('~');
  const number = Number(value);
  const two = secondSort !== undefined && secondSort !== sort;
  const sound = ofSort === (two ? `${sort}.${secondSort}` : sort) && (second !== undefined) === two && (!two || (second !== '' && Number.isSafeInteger(Number(second))));
  if (!sound || !value || !id || rest.length > 0 || !Number.isSafeInteger(number)) throw new DomainError('INVALID', 'The page is not one of this list.', { field: 'cursor', reason: 'cursor' });
  return two ? { value: number, second: Number(second), id } : { value: number, id };
}
