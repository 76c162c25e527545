import type { EngineContext } from '#runtime/ports.ts';
import type { ListingsDeps } from '../listings/index.ts';

export interface UnitLocksDeps {
  readonly ctx: EngineContext;
  readonly listings: ListingsDeps;
}
