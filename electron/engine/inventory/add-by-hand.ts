import { money, type Money } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import { CASH, INVENTORY, OPENING, post } from '../ledger/index.ts';
import { skuFrom, type InventoryDeps } from './create-lot.ts';
import type { Lot, LotEstimate } from './lot.ts';
import { unitCostOf } from './lot-cost.ts';
import { findLotOfPurchase, insertLot, insertMovement } from './repo.ts';

export interface HandLot {
  /** Of the form that was filled in: sent twice, it is one lot. */
  readonly key: string;
  readonly productId: string;
  readonly title: string;
  readonly condition: string;
  readonly quantity: number;
  /** Of all units, home currency. */
  readonly totalCost: Money;
  readonly location: string;
  readonly estimate: LotEstimate;
  /** `opening`: owned before the desk was; `cash`: paid now. */
  readonly booking: 'opening' | 'cash';
  readonly receipt: string | null;
  /** Whoever lists what comes on hand is told. */
  readonly list: boolean;
}

/** What stands in a lot's `purchaseId` where the desk made no purchase. */
export const handReference = (key: string): string => `hand_${key}`;

/** A lot that is on the shelf at once. The caller books its value. */
export type ShelvedLot = Omit<HandLot, 'key' | 'booking' | 'receipt'> & {
  /** What it came by: one lot for each. */
  readonly purchaseId: string;
  readonly reason: string | null;
};

/** Lot and movement of goods that are here; whoever lists what comes on hand is told when they are to be listed. */
export async function shelveLot(deps: InventoryDeps, tx: Tx, given: ShelvedLot): Promise<Lot> {
  const { ids, clock, outbox } = deps.ctx;
  const at = clock.now();
  const { reason, list, ...about } = given;
  const lot: Lot = { ...about, id: ids.next('stockLot'), sku: skuFrom(ids.next('listingSku')), state: 'on-hand', unitCost: unitCostOf(given.totalCost, given.quantity), onHand: given.quantity, createdAt: at, receivedAt: at, version: 1 };
  await insertLot(tx, lot);
  await insertMovement(tx, lot.id, { id: ids.next('stockMovement'), kind: 'received', quantity: lot.quantity, ref: given.purchaseId, reason, at });
  await outbox.add(tx, list ? 'stock.received' : 'stock.added', lot.id, { purchaseId: given.purchaseId, units: lot.quantity, byHand: true });
  return lot;
}

/** Goods that the desk did not buy, on hand at once, and booked at what they cost. */
export async function addLotByHand(deps: InventoryDeps, tx: Tx, given: HandLot): Promise<{ readonly lot: Lot; readonly existed: boolean }> {
  const { key, booking, receipt, ...about } = given;
  const purchaseId = handReference(key);
  const standing = await findLotOfPurchase(tx, purchaseId);
  if (standing) return { lot: standing, existed: true };
  const lot = await shelveLot(deps, tx, { ...about, purchaseId, reason: receipt });
  await post(deps, tx, {
    key: `lot:${lot.id}:by-hand`, kind: booking === 'cash' ? 'cash-purchase' : 'opening-stock', memo: `${lot.quantity} × ${lot.title}${receipt === null ? '' : ` (${receipt})`}`, ref: { kind: 'stock', id: lot.id }, at: deps.ctx.clock.now(),
    lines: [{ account: INVENTORY, amount: lot.totalCost }, { account: booking === 'cash' ? CASH : OPENING, amount: money(-lot.totalCost.minor, lot.totalCost.currency) }],
  });
  return { lot, existed: false };
}
