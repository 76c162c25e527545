import type { World } from '../../world/types.ts';

/** What was really done at the vendor. */
export type EffectName = 'listingsCreated' | 'listingsReplaced' | 'listingsPatched' | 'listingsDeleted' | 'shipmentsReported' | 'messagesSent';

/** What every handler of the selling operations works on. */
export interface Desk {
  readonly world: World;
  readonly count: (effect: EffectName) => void;
}
