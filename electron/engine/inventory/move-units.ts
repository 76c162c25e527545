import { money, type Money } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import type { InventoryDeps } from './create-lot.ts';
import { noSuchLot, wrongLotState } from './errors.ts';
import type { Lot, MovementKind } from './lot.ts';
import { costOfChange } from './lot-cost.ts';
import { stateWith } from './machine.ts';
import { findLot, hasMovement, insertMovement, movedUnits, updateLot } from './repo.ts';

export interface Move {
  readonly lotId: string;
  /** Why, once: a second move of this kind with this reference changes nothing. */
  readonly ref: string;
  readonly units: number;
  readonly reason?: string | undefined;
}

export interface Moved {
  readonly lot: Lot;
  /** Units that moved: fewer than asked where there were fewer. */
  readonly units: number;
  /** What they cost. The caller books it. */
  readonly cost: Money;
  /** It had been done before: nothing moved now. */
  readonly repeated: boolean;
}

async function change(deps: InventoryDeps, tx: Tx, move: Move & { kind: MovementKind; to: (onHand: number) => number }): Promise<Moved> {
  const lot = await findLot(tx, move.lotId);
  if (!lot) throw noSuchLot(move.lotId);
  const nothing = { lot, units: 0, cost: money(0, lot.totalCost.currency) };
  if (await hasMovement(tx, lot.id, move.kind, move.ref)) return { ...nothing, repeated: true };
  const onHand = move.to(lot.onHand);
  const difference = onHand - lot.onHand;
  if (difference === 0) return { ...nothing, repeated: false };
  if (lot.state === 'inbound' || !(await updateLot(tx, lot, { onHand, state: stateWith(onHand) }))) throw wrongLotState(lot.state);
  await insertMovement(tx, lot.id, { id: deps.ctx.ids.next('stockMovement'), kind: move.kind, quantity: difference, ref: move.ref, reason: move.reason ?? null, at: deps.ctx.clock.now() });
  await deps.ctx.outbox.add(tx, `stock.${move.kind}`, lot.id, { units: difference, onHand, ref: move.ref });
  const cost = costOfChange(lot, lot.onHand, onHand);
  return { lot: { ...lot, onHand, state: stateWith(onHand), version: lot.version + 1 }, units: Math.abs(difference), cost: money(Math.abs(cost.minor), cost.currency), repeated: false };
}

/** A sale takes units, as many as there are; compare `units` with what was asked. A lot still on its way has none. */
export async function takeUnits(deps: InventoryDeps, tx: Tx, move: Move): Promise<Moved> {
  return change(deps, tx, { ...move, kind: 'sold', to: (onHand) => Math.max(0, onHand - move.units) });
}

/** Units that were sold are back on the shelf. */
export async function returnUnits(deps: InventoryDeps, tx: Tx, move: Move): Promise<Moved> {
  return change(deps, tx, { ...move, kind: 'returned', to: (onHand) => onHand + move.units });
}

/** Units are there no more, or more are there than thought: `units` is what there is. */
export async function setUnits(deps: InventoryDeps, tx: Tx, move: Move): Promise<Moved> {
  return change(deps, tx, { ...move, kind: 'adjusted', to: () => move.units });
}

/** Units that a sale took from the lot under a reference. */
export async function unitsTaken(tx: Tx, lotId: string, ref: string): Promise<number> {
  return Math.max(0, -(await movedUnits(tx, lotId, 'sold', ref)));
}

/** Units that were written off under a reference. */
export async function unitsWrittenOff(tx: Tx, lotId: string, ref: string): Promise<number> {
  return Math.max(0, -(await movedUnits(tx, lotId, 'adjusted', ref)));
}
