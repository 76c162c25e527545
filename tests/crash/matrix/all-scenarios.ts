import type { Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios.ts';

/** `whole`: also those that need the whole program, which takes long to load. `only`: those whose name begins so. */
export async function allScenarios({ whole, only }: { readonly whole: boolean; readonly only: string | undefined }): Promise<Readonly<Record<string, Scenario>>> {
  const all = whole ? { ...SCENARIOS, ...(await import('./app-scenarios.ts')).APP_SCENARIOS } : SCENARIOS;
  return Object.fromEntries(Object.entries(all).filter(([name]) => !only || !whole || name.startsWith(only)));
}
