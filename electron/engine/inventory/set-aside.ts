import { money, type Money } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import { CASH, findEntry, INVENTORY, post, POSTAGE, WRITE_OFF } from '../ledger/index.ts';
import type { InventoryDeps } from './create-lot.ts';
import { badQuantity, noSuchLot, wrongLotState } from './errors.ts';
import type { Lot } from './lot.ts';
import { remainingCost } from './lot-cost.ts';
import { splitLot } from './move-lot.ts';
import { setUnits } from './move-units.ts';
import { findLot, insertMovement, updateLot } from './repo.ts';

async function load(tx: Tx, id: string): Promise<Lot> {
  const lot = await findLot(tx, id);
  if (!lot) throw noSuchLot(id);
  return lot;
}

/** Units leave a lot at their cost and are one of their own in another place, with a SKU of its own; whatever the first lot offers falls by as many. @throws DomainError NOT_FOUND, WRONG_STATE, INVALID. */
export async function setAside(deps: InventoryDeps, tx: Tx, given: { readonly lotId: string; readonly units: number; readonly location: string; readonly reason: string; readonly list: boolean }): Promise<Lot> {
  const lot = await load(tx, given.lotId);
  if (lot.state !== 'on-hand') throw wrongLotState(lot.state);
  if (given.units > lot.onHand) throw badQuantity('units', `${lot.onHand} are on hand`);
  return splitLot(deps, tx, lot, { units: given.units, location: given.location, condition: lot.condition, reason: given.reason, list: given.list });
}

/** The whole lot is in another place from now on. */
export async function relocateLot(deps: InventoryDeps, tx: Tx, given: { readonly lotId: string; readonly location: string; readonly reason: string }): Promise<void> {
  const { ids, clock, outbox } = deps.ctx;
  const lot = await load(tx, given.lotId);
  if (lot.location === given.location) return;
  if (!(await updateLot(tx, lot, { location: given.location }))) throw wrongLotState(lot.state);
  const id = ids.next('stockMovement');
  await insertMovement(tx, lot.id, { id, kind: 'moved', quantity: 0, ref: id, reason: `${lot.location} → ${given.location}: ${given.reason}`, at: clock.now() });
  await outbox.add(tx, 'stock.moved', lot.id, { from: lot.location, to: given.location });
}

/**
 * Money paid for a lot that is here already, such as its freight to another place: part of what its units cost, each alike. Nothing is left of the lot: it is an expense. `key` of the booking: a second time changes nothing.
 */
export async function addLandedCost(deps: InventoryDeps, tx: Tx, given: { readonly lotId: string; readonly amount: Money; readonly key: string; readonly kind: string; readonly memo: string }): Promise<void> {
  const { amount } = given;
  if (amount.minor === 0 || (await findEntry(tx, given.key))) return;
  const lot = await load(tx, given.lotId);
  const about = { key: given.key, kind: given.kind, memo: given.memo, ref: { kind: 'stock', id: lot.id }, at: deps.ctx.clock.now() };
  await post(deps, tx, { ...about, lines: [{ account: lot.onHand > 0 ? INVENTORY : POSTAGE, amount }, { account: CASH, amount: money(-amount.minor, amount.currency) }] });
  if (lot.onHand === 0) return;
  const value = remainingCost(lot, lot.onHand).minor + amount.minor;
  const unit = Math.floor(value / lot.onHand);
  // what was taken before stays as it was booked: the total is moved so that what is left is worth what it cost
  const totalCost = money(value + unit * (lot.quantity - lot.onHand), lot.totalCost.currency);
  if (!(await updateLot(tx, lot, { totalCost, unitCost: money(unit, lot.totalCost.currency) }))) throw wrongLotState(lot.state);
  await deps.ctx.outbox.add(tx, 'stock.cost-changed', lot.id, { unitCost: money(unit, lot.totalCost.currency), kind: given.kind });
}

/** Units of a lot are not there, or cannot be sold; below zero, more are there. Booked with the reason, once for its reference. */
export async function writeOffUnits(deps: InventoryDeps, tx: Tx, given: { readonly lotId: string; readonly units: number; readonly ref: string; readonly reason: string }): Promise<void> {
  const lot = await load(tx, given.lotId);
  const moved = await setUnits(deps, tx, { lotId: lot.id, ref: given.ref, units: Math.max(0, lot.onHand - given.units), reason: given.reason });
  const lost = money(given.units >= 0 ? moved.cost.minor : -moved.cost.minor, moved.cost.currency);
  await post(deps, tx, {
    key: `lot:${lot.id}:${given.ref}`, kind: 'stock-count', memo: `${lot.title}: ${given.reason}`, ref: { kind: 'stock', id: lot.id }, at: deps.ctx.clock.now(),
    lines: [{ account: WRITE_OFF, amount: lost }, { account: INVENTORY, amount: money(-lost.minor, lost.currency) }],
  });
}
