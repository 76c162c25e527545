import type { Money } from '#kernel/money.ts';
import type { EngineContext, Tx } from '#runtime/ports.ts';
import type { LedgerDeps } from '../ledger/index.ts';
import type { Lot, LotEstimate } from './lot.ts';
import { unitCostOf } from './lot-cost.ts';
import { findLotOfPurchase, insertLot, insertMovement } from './repo.ts';

export interface InventoryDeps extends LedgerDeps {
  readonly ctx: EngineContext;
}

export interface NewLot {
  readonly purchaseId: string;
  readonly productId: string;
  readonly title: string;
  readonly condition: string;
  readonly quantity: number;
  /** Landed, home currency. */
  readonly totalCost: Money;
  readonly estimate: LotEstimate;
}

const LOCATION = 'main';

/** Stock on its way, one lot for each purchase: asked again, it answers with the lot that stands. The caller books its value. */
export async function createLot(deps: InventoryDeps, tx: Tx, lot: NewLot): Promise<Lot> {
  const standing = await findLotOfPurchase(tx, lot.purchaseId);
  if (standing) return standing;
  const { ids, clock, outbox } = deps.ctx;
  const at = clock.now();
  const id = ids.next('stockLot');
  const created: Lot = {
    ...lot, id, sku: skuFrom(ids.next('listingSku')), location: LOCATION, state: 'inbound', unitCost: unitCostOf(lot.totalCost, lot.quantity), onHand: 0, createdAt: at, receivedAt: null, version: 1,
  };
  await insertLot(tx, created);
  await insertMovement(tx, id, { id: ids.next('stockMovement'), kind: 'bought', quantity: 0, ref: lot.purchaseId, reason: `${lot.quantity} on their way`, at });
  await outbox.add(tx, 'stock.bought', id, { purchaseId: lot.purchaseId, units: lot.quantity });
  return created;
}

/** Channels take letters and digits only. */
export function skuFrom(id: string): string {
  return `RD${id.slice(id.indexOf('_') + 1).replaceAll('-', '').toUpperCase()}`;
}
