/** States that can be reached from the first ones, and those that nothing leads out of. */
export function explore<State extends string>(table: Readonly<Record<State, readonly State[]>>, first: readonly State[]): { reachable: Set<State>; terminal: State[] } {
  const reachable = new Set<State>(first);
  for (const state of reachable) for (const next of table[state]) reachable.add(next);
  return { reachable, terminal: (Object.keys(table) as State[]).filter((state) => table[state].length === 0) };
}

/** States from which no end can be reached: a trap. */
export function traps<State extends string>(table: Readonly<Record<State, readonly State[]>>): State[] {
  const states = Object.keys(table) as State[];
  return states.filter((state) => ![...explore(table, [state]).reachable].some((reached) => table[reached].length === 0));
}
