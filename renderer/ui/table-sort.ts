import { useEffect } from 'react';
import { readPreference, writePreference } from './preferences.ts';
import type { RawSearch } from './search-params.ts';

/** `total`: the least first, `-total`: the most first. */
export type SortText<Key extends string> = Key | `-${Key}`;
interface Sorted<Key extends string> { readonly sort?: SortText<Key> | undefined; readonly second?: SortText<Key> | undefined }

const keyOf = (text: string): string => (text.startsWith('-') ? text.slice(1) : text);

/** A column that the list can be ordered by, either way; `first`: what the first click asks for. */
export const eitherWay = (key: string, first: 'asc' | 'desc' = 'asc') => ({ sort: { key, direction: first, either: true } }) as const;

/** What a column's heading shows of an order, and what a click on it asks for. */
export interface ColumnSort { readonly key: string; readonly direction: 'asc' | 'desc'; readonly either?: true }
export const sortsBy = (sort: ColumnSort | undefined, text: string | undefined): boolean => sort !== undefined && text !== undefined && (sort.either ? keyOf(text) : text) === sort.key;
export const directionOf = (sort: ColumnSort, text: string): 'asc' | 'desc' => (sort.either ? (text.startsWith('-') ? 'desc' : 'asc') : sort.direction);
export function nextText(sort: ColumnSort, current: string | undefined): string {
  if (!sort.either) return sort.key;
  const descending = current === undefined ? sort.direction === 'desc' : !current.startsWith('-');
  return descending ? `-${sort.key}` : sort.key;
}

function readSort<Key extends string>(value: unknown, keys: readonly Key[]): SortText<Key> | undefined {
  return typeof value === 'string' && (keys as readonly string[]).includes(keyOf(value)) ? (value as SortText<Key>) : undefined;
}

/** The order in an address; what cannot be read counts as not given. */
export const sortParams = <const Key extends string>(raw: RawSearch, keys: readonly Key[]): Sorted<Key> => ({ sort: readSort(raw['sort'], keys), second: readSort(raw['second'], keys) });

/** Where a click on a heading leads: alone it orders by the column (again: the other way), with Shift after the first. */
export function sortAfter<Key extends string>(now: Sorted<Key>, given: { readonly text: SortText<Key>; readonly second: boolean; readonly usual: SortText<Key> }): Sorted<Key> {
  const first = now.sort ?? given.usual;
  const own = keyOf(first) === keyOf(given.text);
  if (given.second && !own) return { sort: first, second: given.text };
  const second = own && now.second !== undefined && keyOf(now.second) !== keyOf(given.text) ? now.second : undefined;
  return { sort: given.text === given.usual && second === undefined ? undefined : given.text, second };
}

/** A list's order: in the address, and remembered for the next time that the list is opened without one. */
export function useSort<Key extends string>(id: string, search: Sorted<Key>, given: { readonly keys: readonly Key[]; readonly usual: SortText<Key>; readonly change: (part: Sorted<Key>) => void }) {
  const { keys, usual, change } = given;
  const kept = readPreference<{ readonly sort?: unknown; readonly second?: unknown }>(`sort:${id}`, {});
  const now: Sorted<Key> = search.sort === undefined ? { sort: readSort(kept.sort, keys), second: readSort(kept.second, keys) } : search;
  useEffect(() => {
    if (search.sort === undefined && now.sort !== undefined) change(now);
    // A remembered order comes back once, when the list opens without one.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return {
    /** For the request. */
    input: now,
    sort: now.sort ?? usual, second: now.second,
    onSort: (text: string, second: boolean) => {
      const next = sortAfter(now, { text: text as SortText<Key>, second, usual });
      writePreference(`sort:${id}`, next);
      change(next);
    },
  };
}

/** By what rows are compared that are all at hand; null comes last in either direction. */
export type SortValues<Key extends string, Row> = Readonly<Record<Key, (row: Row) => string | number | null>>;

const compared = (a: string | number, b: string | number): number => (typeof a === 'string' && typeof b === 'string' ? a.localeCompare(b) : Number(a) - Number(b));

/** Rows in two orders, as the engine would give them; what both hold equal stays as it was. */
export function sortRows<Key extends string, Row>(rows: readonly Row[], values: SortValues<Key, Row>, sorts: readonly (SortText<Key> | undefined)[]): readonly Row[] {
  const terms = sorts.flatMap((text) => (text === undefined ? [] : [{ of: values[keyOf(text) as Key], sign: text.startsWith('-') ? -1 : 1 }]));
  return rows.toSorted((one, other) => {
    for (const { of, sign } of terms) {
      const [a, b] = [of(one), of(other)];
      if (a === null && b === null) continue;
      const order = a === null ? 1 : b === null ? -1 : sign * compared(a, b);
      if (order !== 0) return order;
    }
    return 0;
  });
}
