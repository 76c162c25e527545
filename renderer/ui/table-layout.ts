import { useCallback, useMemo } from 'react';
import { usePreference } from './preferences.ts';

type Updater<T> = T | ((old: T) => T);
interface Stored { readonly sizing: Record<string, number>; readonly visibility: Record<string, boolean>; readonly order: string[] }

export interface TableLayout extends Stored {
  readonly setSizing: (next: Updater<Record<string, number>>) => void;
  readonly setVisibility: (next: Updater<Record<string, boolean>>) => void;
  readonly setOrder: (next: Updater<string[]>) => void;
  readonly reset: () => void;
}

const apply = <T,>(next: Updater<T>, old: T) => (typeof next === 'function' ? (next as (value: T) => T)(old) : next);
const EMPTY: Stored = { sizing: {}, visibility: {}, order: [] };

/** Column widths, order and visibility of one table, remembered. Table and menu of the same name share it. */
export function useTableLayout(id: string, columns: readonly { readonly id: string; readonly optional?: boolean }[]): TableLayout {
  const [stored, setStored] = usePreference<Stored>(`table:${id}`, EMPTY);
  const visibility = useMemo(() => ({ ...Object.fromEntries(columns.filter((c) => c.optional).map((c) => [c.id, false])), ...stored.visibility }), [columns, stored.visibility]);
  const order = useMemo(() => [...stored.order.filter((name) => columns.some((c) => c.id === name)), ...columns.filter((c) => !stored.order.includes(c.id)).map((c) => c.id)], [columns, stored.order]);
  const setSizing = useCallback((next: Updater<Record<string, number>>) => setStored((old) => ({ ...old, sizing: apply(next, old.sizing) })), [setStored]);
  const setVisibility = useCallback((next: Updater<Record<string, boolean>>) => setStored((old) => ({ ...old, visibility: apply(next, { ...visibility, ...old.visibility }) })), [setStored, visibility]);
  const setOrder = useCallback((next: Updater<string[]>) => setStored((old) => ({ ...old, order: apply(next, order) })), [setStored, order]);
  const reset = useCallback(() => setStored(EMPTY), [setStored]);
  return { sizing: stored.sizing, visibility, order, setSizing, setVisibility, setOrder, reset };
}
