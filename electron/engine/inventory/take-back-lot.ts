import { money, type Money } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import type { InventoryDeps } from './create-lot.ts';
import { noSuchLot, wrongLotState } from './errors.ts';
import { setUnits } from './move-units.ts';
import { findLot, listMovements } from './repo.ts';

/** How the movement ends by which a lot that came in by mistake goes out again. */
export const TAKEN_BACK = ':taken-back';

const OPEN_PAYMENTS = ['requesting', 'unclear', 'open', 'capturing', 'processing'];

/** Why a lot cannot be as if it had never come in; null where it can. In words, for the person who asked. */
export async function standsAgainst(tx: Tx, lotId: string): Promise<string | null> {
  const lot = await findLot(tx, lotId);
  if (!lot) throw noSuchLot(lotId);
  const moves = (await listMovements(tx, lotId)).filter((one) => one.kind !== 'received' && one.quantity !== 0);
  const sold = -moves.filter((one) => one.kind === 'sold').reduce((sum, one) => sum + one.quantity, 0);
  if (sold > 0) return `${sold} of ${lot.quantity} were sold: correct the stock by a count instead`;
  if (moves.some((one) => one.kind === 'moved')) return 'a part of them lies in another place or condition: move it back by a count, or correct the stock there';
  if (moves.length > 0) return 'they were counted since: take the count back first, or correct the stock by another one';
  const listed = await tx.listing.findFirst({ where: { lotId, state: { not: 'ended' } }, select: { channel: true } });
  if (listed) return `they are listed on ${listed.channel}: end the listing first`;
  if (await tx.payment.findFirst({ where: { lotId, state: { in: OPEN_PAYMENTS } }, select: { id: true } })) return 'a customer was asked to pay for some of them: cancel that payment first';
  return null;
}

/** A lot leaves as a whole, as if it had never come in. @returns what it cost; the caller books it. @throws DomainError WRONG_STATE where something stands against it. */
export async function takeBackLot(deps: InventoryDeps, tx: Tx, given: { readonly lotId: string; readonly ref: string; readonly reason: string }): Promise<Money> {
  const lot = await findLot(tx, given.lotId);
  if (!lot) throw noSuchLot(given.lotId);
  if ((await standsAgainst(tx, lot.id)) !== null) throw wrongLotState(lot.state);
  const moved = await setUnits(deps, tx, { lotId: lot.id, ref: `${given.ref}${TAKEN_BACK}`, units: 0, reason: given.reason });
  return money(moved.cost.minor, moved.cost.currency);
}
