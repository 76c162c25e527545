import { money, type Money } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import { CASH, INVENTORY, post, WRITE_OFF } from '../ledger/index.ts';
import type { InventoryDeps } from './create-lot.ts';
import { badQuantity, wrongLotState } from './errors.ts';
import type { Lot } from './lot.ts';
import { costOfChange, remainingCost, unitCostOf } from './lot-cost.ts';
import { stateWith } from './machine.ts';
import { findLotOfPurchase, insertMovement, updateLot } from './repo.ts';

export interface Receipt {
  readonly purchaseId: string;
  /** Units that arrived; those that were bought and did not are written off. */
  readonly units: number;
  /** Of those, the ones that cannot be sold. */
  readonly damaged: number;
  /** What preparing one unit for sale costs, home currency. */
  readonly prepPerUnit: Money;
}

/** The goods are here: sellable units come on hand, the rest is written off at cost, and preparation is added to the cost of what can be sold. */
export async function receiveLot(deps: InventoryDeps, tx: Tx, receipt: Receipt): Promise<Lot> {
  const lot = await findLotOfPurchase(tx, receipt.purchaseId);
  if (!lot) throw new Error(`the purchase ${receipt.purchaseId} has no stock`);
  if (lot.state !== 'inbound') throw wrongLotState(lot.state);
  if (receipt.units > lot.quantity) throw badQuantity('units', `${lot.quantity} were bought`);
  if (receipt.damaged > receipt.units) throw badQuantity('damaged', `${receipt.units} arrived`);
  const at = deps.ctx.clock.now();
  const good = receipt.units - receipt.damaged;
  const lost = costOfChange(lot, lot.quantity, good);
  const prep = money(receipt.prepPerUnit.minor * good, lot.totalCost.currency);
  const kept = money(remainingCost(lot, good).minor + prep.minor, lot.totalCost.currency);
  const cost = good === 0 ? {} : { quantity: good, totalCost: kept, unitCost: unitCostOf(kept, good) };
  if (!(await updateLot(tx, lot, { state: stateWith(good), onHand: good, receivedAt: at, ...cost }))) throw wrongLotState(lot.state);
  const short = lot.quantity - receipt.units;
  const notes = [short > 0 ? `${short} missing` : '', receipt.damaged > 0 ? `${receipt.damaged} damaged` : ''].filter(Boolean).join(', ');
  await insertMovement(tx, lot.id, { id: deps.ctx.ids.next('stockMovement'), kind: 'received', quantity: good, ref: receipt.purchaseId, reason: notes || null, at });
  const about = { ref: { kind: 'stock', id: lot.id }, at };
  await post(deps, tx, { ...about, key: `lot:${lot.id}:lost`, kind: 'write-off', memo: `${lot.title}: ${notes}`, lines: [{ account: WRITE_OFF, amount: lost }, { account: INVENTORY, amount: negative(lost) }] });
  await post(deps, tx, { ...about, key: `lot:${lot.id}:prepared`, kind: 'preparation', memo: `Preparing ${good} × ${lot.title}`, lines: [{ account: INVENTORY, amount: prep }, { account: CASH, amount: negative(prep) }] });
  await deps.ctx.outbox.add(tx, 'stock.received', lot.id, { purchaseId: receipt.purchaseId, units: good, lost: lot.quantity - good });
  return { ...lot, ...cost, state: stateWith(good), onHand: good, receivedAt: at, version: lot.version + 1 };
}

/** The purchase came to nothing before anything arrived. The caller books where the value went. */
export async function closeInboundLot(deps: InventoryDeps, tx: Tx, purchaseId: string): Promise<Money> {
  const lot = await findLotOfPurchase(tx, purchaseId);
  if (!lot || lot.state !== 'inbound') throw wrongLotState(lot?.state ?? 'absent');
  if (!(await updateLot(tx, lot, { state: 'closed' }))) throw wrongLotState(lot.state);
  await deps.ctx.outbox.add(tx, 'stock.cancelled', lot.id, { purchaseId });
  return lot.totalCost;
}

function negative(amount: Money): Money {
  return money(-amount.minor, amount.currency);
}
