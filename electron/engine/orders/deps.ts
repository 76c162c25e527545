import type { EngineContext } from '#runtime/ports.ts';
import type { InventoryDeps } from '../inventory/index.ts';
import type { ListingsDeps } from '../listings/index.ts';
import type { OrderSourcePort } from './ports.ts';

/** Channels that orders come from, by market. */
export interface OrderSources {
  /** Null: no channel of the program (a direct sale). One without an account is known, and refuses its calls with `SessionLost`. */
  get(market: string): OrderSourcePort | null;
  /** Every channel that the program knows: what they owe has to be paid out, whether they are connected still or not. */
  all(): readonly OrderSourcePort[];
  /** Those with a complete account now. */
  connected(): readonly OrderSourcePort[];
}

export interface OrdersDeps {
  readonly ctx: EngineContext;
  readonly inventory: InventoryDeps;
  readonly listings: ListingsDeps;
  readonly sources: OrderSources;
}

/** What orders of one channel need. */
export interface OnSource extends OrdersDeps {
  readonly source: OrderSourcePort;
}

/** What booking an order needs, whatever channel it came from. */
export type BookingDeps = Pick<OrdersDeps, 'ctx' | 'inventory'>;
