import type { EngineContext } from '#runtime/ports.ts';
import type { InventoryDeps } from '../inventory/index.ts';
import type { ListingsDeps } from '../listings/index.ts';
import type { OrderSourcePort } from './ports.ts';

export interface OrdersDeps {
  readonly ctx: EngineContext;
  readonly inventory: InventoryDeps;
  readonly listings: ListingsDeps;
  readonly source: OrderSourcePort;
}

/** What booking an order needs, whatever channel it came from. */
export type BookingDeps = Pick<OrdersDeps, 'ctx' | 'inventory'>;
