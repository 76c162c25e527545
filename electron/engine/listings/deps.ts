import type { EngineContext } from '#runtime/ports.ts';
import type { InventoryDeps } from '../inventory/index.ts';
import type { FeeCard } from '../pricing/index.ts';
import type { ListingFactsPort, MarketPricePort } from './facts-port.ts';
import type { CategoryPort, ListingChannelPort } from './ports.ts';

export interface ListingsDeps {
  readonly ctx: EngineContext;
  readonly inventory: InventoryDeps;
  readonly channel: ListingChannelPort;
  /** The channel's tree of categories. */
  readonly taxonomy: CategoryPort;
  readonly feeCards: readonly FeeCard[];
  readonly products: ListingFactsPort;
  readonly market: MarketPricePort;
  /** Sales tax that the channel collects from buyers, on average: part of what some fees are counted on. Basis points. */
  readonly salesTaxBp: number;
}
