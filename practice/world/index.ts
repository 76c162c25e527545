import type { World, WorldOptions } from './types.ts';

export type * from './types.ts';
export { CATEGORY_IDS, SERIES } from './types.ts';

/** Builds the world; deterministic from its options and the journal's actions. */
export function createWorld(options: WorldOptions): World {
  throw new Error(`the world of seed ${options.seed} is not built yet`);
}
