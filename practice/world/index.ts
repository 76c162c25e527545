export type * from './types.ts';
export { CATEGORY_IDS, CHANNELS, SERIES } from './types.ts';
export { createWorld } from './create-world.ts';
