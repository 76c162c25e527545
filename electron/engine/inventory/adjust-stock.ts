import { money } from '#kernel/money.ts';
import { INVENTORY, post, WRITE_OFF } from '../ledger/index.ts';
import type { InventoryDeps } from './create-lot.ts';
import { noSuchLot, wrongLotState } from './errors.ts';
import type { Lot } from './lot.ts';
import { setUnits } from './move-units.ts';
import { findLot } from './repo.ts';

/** A count found another number: it holds from now on, and the difference in value is booked with its reason. */
export async function adjustStock(deps: InventoryDeps, input: { readonly id: string; readonly version: number; readonly onHand: number; readonly reason: string }): Promise<Lot> {
  return deps.ctx.db.transaction(async (tx) => {
    const lot = await findLot(tx, input.id);
    if (!lot) throw noSuchLot(input.id);
    if (lot.version !== input.version || lot.state === 'inbound') throw wrongLotState(lot.state);
    const ref = `count:${lot.version}`;
    const moved = await setUnits(deps, tx, { lotId: lot.id, ref, units: input.onHand, reason: input.reason });
    const lost = money(input.onHand < lot.onHand ? moved.cost.minor : -moved.cost.minor, moved.cost.currency);
    await post(deps, tx, {
      key: `lot:${lot.id}:${ref}`, kind: 'stock-count', memo: `${lot.title}: ${input.reason}`, ref: { kind: 'stock', id: lot.id }, at: deps.ctx.clock.now(),
      lines: [{ account: WRITE_OFF, amount: lost }, { account: INVENTORY, amount: money(-lost.minor, lost.currency) }],
    });
    return moved.lot;
  });
}
