import type { Money } from '#kernel/money.ts';
import type { EngineContext, Tx } from '#runtime/ports.ts';
import type { InventoryDeps, LotEstimate } from '../inventory/index.ts';
import type { ReceiptArchive } from '../purchasing/index.ts';

/** What one unit is expected to leave, by fees and postage of today. */
export interface LotEstimator {
  estimate(tx: Tx, unit: { readonly productId: string; readonly unitCost: Money; readonly salePrice: Money }): Promise<LotEstimate>;
}

export interface PurchaseOrdersDeps {
  readonly ctx: EngineContext;
  readonly inventory: InventoryDeps;
  readonly estimator: LotEstimator;
  readonly archive: ReceiptArchive;
}
