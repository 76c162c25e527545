import type { Tx } from '#runtime/ports.ts';
import { skuFrom, type InventoryDeps } from './create-lot.ts';
import { badQuantity, noSuchLot, wrongLotState } from './errors.ts';
import type { Lot } from './lot.ts';
import { costOfChange, unitCostOf } from './lot-cost.ts';
import { stateWith } from './machine.ts';
import { findLot, insertLot, insertMovement, updateLot } from './repo.ts';

export interface MoveLot {
  readonly id: string;
  readonly version: number;
  readonly units: number;
  readonly location: string;
  readonly condition: string;
  readonly reason: string;
  readonly list: boolean;
}

/** The whole lot goes elsewhere: it stays what it is, and its listings with it. */
async function relocate(deps: InventoryDeps, tx: Tx, lot: Lot, move: MoveLot): Promise<Lot> {
  const { ids, clock, outbox } = deps.ctx;
  if (!(await updateLot(tx, lot, { location: move.location }))) throw wrongLotState(lot.state);
  const id = ids.next('stockMovement');
  await insertMovement(tx, lot.id, { id, kind: 'moved', quantity: 0, ref: id, reason: `${lot.location} → ${move.location}${move.reason ? `: ${move.reason}` : ''}`, at: clock.now() });
  await outbox.add(tx, 'stock.moved', lot.id, { from: lot.location, to: move.location });
  return { ...lot, location: move.location, version: lot.version + 1 };
}

/** Units leave the lot at their cost and are a lot of their own: what the two are worth is what the one was. */
export async function splitLot(deps: InventoryDeps, tx: Tx, lot: Lot, move: Omit<MoveLot, 'id' | 'version'>): Promise<Lot> {
  const { ids, clock, outbox } = deps.ctx;
  const onHand = lot.onHand - move.units;
  if (!(await updateLot(tx, lot, { onHand, state: stateWith(onHand) }))) throw wrongLotState(lot.state);
  const [out, into, at] = [ids.next('stockMovement'), ids.next('stockMovement'), clock.now()];
  const totalCost = costOfChange(lot, lot.onHand, onHand);
  const part: Lot = {
    ...lot, id: ids.next('stockLot'), sku: skuFrom(ids.next('listingSku')), purchaseId: `${lot.id}:${out}`, location: move.location, condition: move.condition, quantity: move.units, onHand: move.units, totalCost, unitCost: unitCostOf(totalCost, move.units), createdAt: at, version: 1,
  };
  const reason = `${lot.location}, ${lot.condition} → ${move.location}, ${move.condition}${move.reason ? `: ${move.reason}` : ''}`;
  await insertMovement(tx, lot.id, { id: out, kind: 'moved', quantity: -move.units, ref: part.id, reason, at });
  await insertLot(tx, part);
  await insertMovement(tx, part.id, { id: into, kind: 'moved', quantity: move.units, ref: lot.id, reason, at });
  // listings of the lot show no more than what is left of it
  await outbox.add(tx, 'stock.adjusted', lot.id, { units: -move.units, onHand, ref: `moved:${part.id}` });
  await outbox.add(tx, move.list ? 'stock.received' : 'stock.added', part.id, { purchaseId: part.purchaseId, units: move.units, byHand: true });
  return part;
}

/** Units go to another place or condition; nothing is booked, for nothing is gained or lost. Answers the lot that they are in now. @throws DomainError NOT_FOUND, WRONG_STATE, INVALID. */
export async function moveLot(deps: InventoryDeps, move: MoveLot): Promise<Lot> {
  return deps.ctx.db.transaction(async (tx) => {
    const lot = await findLot(tx, move.id);
    if (!lot) throw noSuchLot(move.id);
    if (lot.version !== move.version || lot.state !== 'on-hand') throw wrongLotState(lot.state);
    if (move.units > lot.onHand) throw badQuantity('units', `${lot.onHand} are on hand`);
    if (move.location === lot.location && move.condition === lot.condition) throw badQuantity('location', 'they are there already, in this condition');
    return move.units === lot.onHand && move.condition === lot.condition ? relocate(deps, tx, lot, move) : splitLot(deps, tx, lot, move);
  });
}
