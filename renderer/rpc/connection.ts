import { useSyncExternalStore } from 'react';

/** `online`: live changes arrive. `connecting`: not yet, or for a moment not. `offline`: the engine does not answer; `since` is when it last did (wall clock, ms). */
export interface Connection {
  readonly state: 'connecting' | 'online' | 'offline';
  readonly since: number;
}

let current: Connection = { state: 'connecting', since: Date.now() };
const listeners = new Set<() => void>();

export function setConnection(state: Connection['state']): void {
  if (current.state === state) return;
  current = { state, since: Date.now() };
  for (const listener of listeners) listener();
}

export const readConnection = (): Connection => current;

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export function useConnection(): Connection {
  return useSyncExternalStore(subscribe, readConnection);
}
