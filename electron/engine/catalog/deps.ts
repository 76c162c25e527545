import type { EngineContext } from '#runtime/ports.ts';
import type { CurrentPricePort, MarketDataPort, OperationQuota, RestrictionPort } from './ports.ts';

/** The data vendors that are connected; null where one is not. */
export interface CatalogDeps {
  readonly ctx: EngineContext;
  readonly marketData: MarketDataPort | null;
  readonly currentPrices: CurrentPricePort | null;
  readonly restrictions: RestrictionPort | null;
  /** What is left of the operations behind `currentPrices` and `restrictions`; null where not connected, absent where nobody counts. */
  readonly operationQuotas?: () => { readonly prices: OperationQuota | null; readonly restrictions: OperationQuota | null };
  /** Words of a category path to the key that the fee cards use; null when none fits. */
  readonly categoryOf: (path: readonly string[]) => string | null;
}
