import type { AskingPricesPort, CatalogDeps } from '#engine/catalog/index.ts';
import type { FeeCard } from '#engine/pricing/index.ts';
import type { EngineContext } from '#runtime/ports.ts';

export interface AskedMarket {
  readonly port: AskingPricesPort;
  /** Only for products of these categories; null: for all. */
  readonly categories: RegExp | null;
}

export interface OpportunitiesDeps {
  readonly ctx: EngineContext;
  readonly catalog: CatalogDeps;
  readonly feeCards: readonly FeeCard[];
  /** Markets that can be asked what is asked there now; those that are connected. */
  readonly askedMarkets?: readonly AskedMarket[];
}
