import type { CatalogDeps } from '#engine/catalog/index.ts';
import type { FeeCard } from '#engine/pricing/index.ts';
import type { EngineContext } from '#runtime/ports.ts';

export interface OpportunitiesDeps {
  readonly ctx: EngineContext;
  readonly catalog: CatalogDeps;
  readonly feeCards: readonly FeeCard[];
}
