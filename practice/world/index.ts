export type * from './types.ts';
export { CATEGORY_IDS, SERIES } from './types.ts';
export { createWorld } from './create-world.ts';
