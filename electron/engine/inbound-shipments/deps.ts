import type { EngineContext } from '#runtime/ports.ts';
import type { InventoryDeps } from '../inventory/index.ts';
import type { InboundPort } from './ports.ts';

/** A channel with a warehouse of its own. */
export interface InboundChannel {
  readonly port: InboundPort;
  /** What people call it: `Amazon`. */
  readonly name: string;
  /** What of these SKUs lies there and cannot be sold. */
  unsellable(skus: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, number>>;
}

export interface InboundDeps {
  readonly ctx: EngineContext;
  readonly inventory: InventoryDeps;
  /** By market; one without an account is known, and refuses its calls with `SessionLost`. */
  readonly channels: { get(market: string): InboundChannel | null; connected(): readonly InboundChannel[] };
}
