import { useCallback, useSyncExternalStore } from 'react';

const PREFIX = 'resale-desk:';
/** Parsed values, so that a value keeps its identity between renders. */
const cache = new Map<string, unknown>();
const listeners = new Set<() => void>();

export function readPreference<T>(key: string, fallback: T): T {
  if (cache.has(key)) return cache.get(key) as T;
  let value = fallback;
  try {
    const text = window.localStorage.getItem(PREFIX + key);
    if (text !== null) value = JSON.parse(text) as T;
  } catch { /* Unreadable or denied storage counts as never set. */ }
  cache.set(key, value);
  return value;
}

export function writePreference(key: string, value: unknown): void {
  cache.set(key, value);
  try {
    window.localStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch { /* Storage is full or denied: the choice lasts for this window only. */ }
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** How this window looks (columns, widths): kept on this computer, harmless to lose, shared by all who name the same key. `fallback` must be stable. */
export function usePreference<T>(key: string, fallback: T): [T, (next: T | ((old: T) => T)) => void] {
  const value = useSyncExternalStore(subscribe, () => readPreference(key, fallback));
  const set = useCallback((next: T | ((old: T) => T)) => {
    writePreference(key, typeof next === 'function' ? (next as (old: T) => T)(readPreference(key, fallback)) : next);
  }, [key, fallback]);
  return [value, set];
}
