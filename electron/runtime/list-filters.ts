/**
 * What a list can be narrowed by beside its state and its text: a value of a choice (channel, source, category), a time, an amount. Answers conditions for `sorted-page.ts`, and what each choice offers. Runs on the
 * reader thread.
 */
import { setImmediate as nextTurnOfLoop } from 'node:timers/promises';
import { DomainError } from '#kernel/errors.ts';
import type { Database } from './ports.ts';
import type { Condition } from './sorted-page.ts';

/** One thing that rows differ by. */
export interface ChoiceTerm {
  /** SQL: the value's key. Rows where it is null have none. */
  readonly key: string;
  /** SQL: what the key is called, where that is not the key's own word. */
  readonly name?: string;
  /** Tables that `key` and `name` are read from, with the list's row among them; the list's own unless told. */
  readonly from?: string;
  /** SQL: the list's row, where those tables can hold it several times over for one value: it counts once. */
  readonly row?: string;
  /** SQL with one parameter, the key: holds for the rows that have it. `key = ?` unless told. */
  readonly holds?: string;
}

export interface AmountTerm {
  readonly currency: string;
  readonly minor: string;
}

export interface ListFilters<Choice extends string> {
  readonly choices: Readonly<Record<Choice, ChoiceTerm>>;
  /** SQL: the instant that `since` and `until` are about. */
  readonly at?: string;
  readonly amount?: AmountTerm | ((currency: string) => { readonly sql: string; readonly parameters: readonly string[] });
}

export type FilterQuery<Choice extends string> = { readonly [K in Choice]?: string | undefined } & {
  /** From this instant on, and before that one. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** Minor units of `currency`, both ends among them. */
  readonly least?: number | undefined;
  readonly most?: number | undefined;
  readonly currency?: string | undefined;
};

function amountConditions<Choice extends string>(amount: NonNullable<ListFilters<Choice>['amount']>, { least, most, currency }: FilterQuery<Choice>): Condition[] {
  if (currency === undefined) {
    if (least === undefined && most === undefined) return [];
    throw new DomainError('INVALID', 'currency: least and most are amounts; say in which currency.', { field: 'currency', reason: 'missing' });
  }
  const own = typeof amount === 'function' ? amount(currency) : { sql: amount.minor, parameters: [] };
  const ends = (sign: string, minor: number | undefined): Condition[] => (minor === undefined ? [] : [{ sql: `${own.sql} ${sign} ?`, parameters: [...own.parameters, minor] }]);
  // the currency alone is a filter, too: rows that have an amount in it
  const inIt: Condition = typeof amount === 'function' ? { sql: `${own.sql} IS NOT NULL`, parameters: own.parameters } : { sql: `${amount.currency} = ?`, parameters: [currency] };
  return [inIt, ...ends('>=', least), ...ends('<=', most)];
}

/** @throws DomainError INVALID for an amount without its currency. */
export function conditionsOf<Choice extends string>(filters: ListFilters<Choice>, query: FilterQuery<Choice>): Condition[] {
  const chosen = (Object.keys(filters.choices) as Choice[]).flatMap((choice): Condition[] => {
    const value = query[choice] as string | undefined;
    const { key, holds } = filters.choices[choice];
    return value === undefined ? [] : [{ sql: holds ?? `${key} = ?`, parameters: [value] }];
  });
  const time = filters.at === undefined ? [] : [
    ...(query.since === undefined ? [] : [{ sql: `${filters.at} >= ?`, parameters: [query.since] }]),
    ...(query.until === undefined ? [] : [{ sql: `${filters.at} < ?`, parameters: [query.until] }]),
  ];
  return [...chosen, ...time, ...(filters.amount ? amountConditions(filters.amount, query) : [])];
}

/** Beyond so many, a value is found by the search and not in a menu. */
const MOST_CHOICES = 60;

export interface Facets {
  /** By choice: the values that occur, the most frequent first. */
  readonly choices: Record<string, { key: string; name: string | null; count: number }[]>;
  readonly currencies: string[];
}

/**
 * One question after the other, beginning behind what was asked in the same breath: the thread that reads takes them in turn, and the list's own page, which a person waits for, stands behind one of these at most.
 * @param given.currencies SQL that answers the currencies of the list's amounts as `key`
 */
export async function readFacets<Choice extends string>(db: Pick<Database, 'read'>, from: string, given: { readonly filters: ListFilters<Choice>; readonly currencies?: string }): Promise<Facets> {
  const { filters, currencies } = given;
  const amount = typeof filters.amount === 'object' ? `SELECT DISTINCT ${filters.amount.currency} AS key FROM ${from}` : undefined;
  const byCurrency = currencies ?? amount;
  const choices: Facets['choices'] = {};
  await nextTurnOfLoop();
  for (const [choice, term] of Object.entries(filters.choices) as [Choice, ChoiceTerm][]) {
    choices[choice] = await db.read(`SELECT ${term.key} AS key, ${term.name ? `max(${term.name})` : 'NULL'} AS name, count(${term.row ? `DISTINCT ${term.row}` : '*'}) AS count FROM ${term.from ?? from} WHERE ${term.key} IS NOT NULL AND ${term.key} <> '' GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT ${MOST_CHOICES}`, []);
  }
  const found = byCurrency === undefined ? [] : await db.read<{ key: string | null }>(byCurrency, []);
  return { choices, currencies: found.flatMap((row) => row.key ?? []).toSorted() };
}
