import type { EngineContext } from '#runtime/ports.ts';
import type { InventoryDeps } from '../inventory/index.ts';
import type { FeeCard } from '../pricing/index.ts';
import type { ListingFactsPort, MarketPricePort } from './facts-port.ts';
import type { OwnPicturesPort } from './own-pictures.ts';
import type { CategoryPort, ListingChannelPort } from './ports.ts';

/** A place where stock is put up for sale. */
export interface SalesChannel {
  readonly port: ListingChannelPort;
  /** The channel's tree of categories; null where it asks for none. */
  readonly taxonomy: CategoryPort | null;
  /** What people call it: `eBay`. */
  readonly name: string;
}

/** Channels by market (`ebay-us`, `woocommerce`, …). */
export interface ChannelDirectory {
  /** Null: the program knows no such channel. One without an account is known, and refuses its calls with `SessionLost`. */
  get(market: string): SalesChannel | null;
  /** Those with a complete account now, in the order in which they are offered. */
  connected(): readonly SalesChannel[];
  /** Where what comes on hand is listed by itself. */
  readonly main: string;
}

export interface ListingsDeps {
  readonly ctx: EngineContext;
  readonly inventory: InventoryDeps;
  readonly channels: ChannelDirectory;
  readonly feeCards: readonly FeeCard[];
  readonly products: ListingFactsPort;
  readonly market: MarketPricePort;
  /** Pictures of the very things; absent where none are kept. */
  readonly pictures?: OwnPicturesPort | undefined;
  /** Sales tax that the channel collects from buyers, on average: part of what some fees are counted on. Basis points. */
  readonly salesTaxBp: number;
}

/** What a listing on one channel needs. */
export interface OnChannel extends ListingsDeps {
  readonly channel: ListingChannelPort;
  readonly taxonomy: CategoryPort | null;
}
