/**
 * Pages of a list in any of its orders, by keyset: a page begins after what the last one ended with, so that nothing is shown twice or left out because rows came or went meanwhile. Answers ids; whoever asks
 * loads the rows. Runs on the reader thread.
 */
import { z } from 'zod';
import { DomainError } from '#kernel/errors.ts';
import type { Database } from './ports.ts';

/** `total`: the least first, `-total`: the most first. */
export type SortText<Key extends string> = Key | `-${Key}`;

/** What a sort compares, one after the other; the ids decide last. Rows without a value come last in either direction. */
export interface SortTerm {
  /** SQL over the list's row. */
  readonly sql: string;
  /** Upper and lower case (ASCII) are the same. */
  readonly text?: true;
  /** Looks other rows up: worked out once for each row, and not for each comparison. */
  readonly costly?: true;
  /** Can be null. */
  readonly nullable?: true;
  /** The least first, whatever the sort's direction: currencies, before amounts in them. */
  readonly always?: true;
}

export interface SortableList<Key extends string> {
  /** The table and the name of its row: `"Order" o`. */
  readonly from: string;
  readonly id: string;
  readonly sorts: Readonly<Record<Key, readonly SortTerm[]>>;
  readonly usual: SortText<Key>;
}

/** A condition that holds for all rows of the list. */
export interface Condition {
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
}

export interface PageQuery<Key extends string> {
  readonly sort?: SortText<Key> | undefined;
  /** Orders what `sort` holds equal. */
  readonly second?: SortText<Key> | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export interface PageOfIds {
  readonly ids: readonly string[];
  readonly nextCursor: string | null;
  /** On the first page alone. */
  readonly total?: { readonly count: number; readonly capped: boolean };
}

/** Counts stop here: counting them all would cost, and nobody needs it. */
const COUNT_CAP = 100_000;
/** Of a text that rows are sorted by: what is equal so far is ordered by the ids. */
const TEXT_LENGTH = 48;

export const byText = (sql: string): SortTerm => ({ sql: `substr(${sql}, 1, ${TEXT_LENGTH})`, text: true });
export const byTextOrNone = (sql: string): SortTerm => ({ ...byText(sql), nullable: true });
export const byNumber = (sql: string): SortTerm => ({ sql });
/** Amounts of one currency stand together: those of two cannot be compared. */
export const byAmount = (currency: string, minor: SortTerm): readonly SortTerm[] => [{ sql: currency, always: true }, minor];

/** Case-insensitive for ASCII, as SQLite has it. */
export const contains = (columns: readonly string[], text: string): Condition => ({ sql: `(${columns.map((column) => `instr(lower(${column}), lower(?)) > 0`).join(' OR ')})`, parameters: columns.map(() => text) });

interface Directed { readonly sql: string; readonly descending: boolean }
type Value = string | number | null;

const keyOf = <Key extends string>(text: SortText<Key>): Key => (text.startsWith('-') ? text.slice(1) : text) as Key;

interface Ordered {
  /** A table expression with the list's conditions in it, or around it. */
  readonly from: string;
  readonly filtered: boolean;
  readonly terms: readonly Directed[];
}

function orderOf<Key extends string>(list: SortableList<Key>, query: PageQuery<Key>, where: string): Ordered {
  const first = query.sort ?? list.usual;
  const sorts = query.second === undefined || keyOf(query.second) === keyOf(first) ? [first] : [first, query.second];
  const all = sorts.flatMap((sort) => list.sorts[keyOf(sort)].map((term) => ({ ...term, descending: !term.always && sort.startsWith('-') })));
  const apart = all.some((term) => term.costly);
  const terms = all.flatMap(({ sql, text, nullable, descending }, n): Directed[] => {
    const value = apart ? `r.v${n}` : sql;
    return [...(nullable ? [{ sql: `((${value}) IS NULL)`, descending: false }] : []), { sql: text ? `${value} COLLATE NOCASE` : value, descending }];
  });
  const ends = { sql: apart ? 'r.id' : list.id, descending: first.startsWith('-') };
  if (!apart) return { from: list.from, filtered: false, terms: [...terms, ends] };
  return { from: `(SELECT ${all.map((term, n) => `${term.sql} AS v${n}`).join(', ')}, ${list.id} AS id FROM ${list.from} ${where} LIMIT -1) r`, filtered: true, terms: [...terms, ends] };
}

/** Rows after the one that has these values. Where all terms go one way, as one comparison, which an index answers. */
function afterClause(terms: readonly Directed[], values: readonly Value[]): Condition {
  const sign = (term: Directed) => (term.descending ? '<' : '>');
  if (terms.every((term) => term.descending === terms[0]!.descending) && values.every((value) => value !== null)) {
    return { sql: `(${terms.map((term) => term.sql).join(', ')}) ${sign(terms[0]!)} (${terms.map(() => '?').join(', ')})`, parameters: values as (string | number)[] };
  }
  const parameters: (string | number)[] = [];
  const bound = (value: Value) => (value === null ? 'NULL' : (parameters.push(value), '?'));
  // a term that is null stands among its like: none of them is after another by it
  const cases = terms.flatMap((term, k) => (values[k] === null ? [] : [[...terms.slice(0, k).map((same, i) => `${same.sql} IS ${bound(values[i]!)}`), `${term.sql} ${sign(term)} ${bound(values[k]!)}`].join(' AND ')]));
  return { sql: `(${cases.map((one) => `(${one})`).join(' OR ')})`, parameters };
}

const cursorSchema = z.tuple([z.string()], z.union([z.string(), z.number(), z.null()]));

const notACursor = () => new DomainError('INVALID', 'cursor: not one that a page of this list in this order gave.', { field: 'cursor', reason: 'unreadable' });

function readCursor(text: string, order: string, length: number): Value[] {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    throw notACursor();
  }
  const parsed = cursorSchema.safeParse(raw);
  if (!parsed.success || parsed.data[0] !== order || parsed.data.length !== length + 1) throw notACursor();
  return parsed.data.slice(1);
}

const whereOf = (all: readonly Condition[]) => (all.length === 0 ? '' : `WHERE ${all.map((one) => one.sql).join(' AND ')}`);
const parametersOf = (all: readonly Condition[]) => all.flatMap((one) => one.parameters);

/** @throws DomainError INVALID for a cursor of another list or order. */
export async function readPageOfIds<Key extends string>(db: Pick<Database, 'read'>, list: SortableList<Key>, query: PageQuery<Key> & { readonly where: readonly Condition[] }): Promise<PageOfIds> {
  const { from, filtered, terms } = orderOf(list, query, whereOf(query.where));
  const order = `${query.sort ?? list.usual}/${query.second ?? ''}`;
  const after = query.cursor === undefined ? [] : [afterClause(terms, readCursor(query.cursor, order, terms.length))];
  const sql = `SELECT ${terms.map((term, k) => `${term.sql} AS k${k}`).join(', ')} FROM ${from} ${whereOf(filtered ? after : [...query.where, ...after])} ORDER BY ${terms.map((term) => `${term.sql} ${term.descending ? 'DESC' : 'ASC'}`).join(', ')} LIMIT ?`;
  const [rows, counted] = await Promise.all([
    db.read<Record<string, Value>>(sql, [...parametersOf([...query.where, ...after]), query.limit + 1]),
    query.cursor === undefined ? db.read<{ count: number }>(`SELECT count(*) AS count FROM (SELECT 1 FROM ${list.from} ${whereOf(query.where)} LIMIT ${COUNT_CAP + 1})`, parametersOf(query.where)) : [],
  ]);
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  const count = counted[0]?.count;
  return {
    ids: shown.map((row) => row[`k${terms.length - 1}`] as string),
    nextCursor: rows.length > query.limit && last ? JSON.stringify([order, ...terms.map((_, k) => last[`k${k}`]!)]) : null,
    ...(count === undefined ? {} : { total: { count: Math.min(count, COUNT_CAP), capped: count > COUNT_CAP } }),
  };
}

/** The rows of a page in its order; one that has gone meanwhile is left out. */
export function inOrder<Row extends { readonly id: string }>(ids: readonly string[], rows: readonly Row[]): Row[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
