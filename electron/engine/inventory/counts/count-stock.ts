import { money } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import { INVENTORY, post, WRITE_OFF } from '../../ledger/index.ts';
import type { InventoryDeps } from '../create-lot.ts';
import { badQuantity, wrongCountState } from '../errors.ts';
import type { Lot } from '../lot.ts';
import { setUnits } from '../move-units.ts';
import { findLots } from '../repo.ts';
import { differenceOf, loadCount, type CountRecord, type CountState } from './read-counts.ts';

interface Seen {
  readonly id: string;
  readonly version: number;
}

const MOST_LOTS = 500;
const LEAST_REASON = 3;

async function loadOpen(tx: Tx, seen: Seen, state: CountState = 'open'): Promise<CountRecord> {
  const count = await loadCount(tx, seen.id);
  if (count.version !== seen.version || count.state !== state) throw wrongCountState(count.state);
  return count;
}

async function change(tx: Tx, count: CountRecord, data: { readonly state?: CountState; readonly bookedAt?: number; readonly undoneAt?: number }): Promise<void> {
  const done = await tx.stockCount.updateMany({ where: { id: count.id, version: count.version }, data: { ...data, version: { increment: 1 } } });
  if (done.count !== 1) throw wrongCountState(count.state);
}

/** A sheet of everything on hand at the place and in the condition. @throws DomainError INVALID where there is nothing, or too much for one sheet. */
export async function createCount(deps: InventoryDeps, input: { readonly name: string; readonly location: string | null; readonly condition: string | null; readonly by: string }): Promise<string> {
  const { ids, clock, db } = deps.ctx;
  return db.transaction(async (tx) => {
    const { location, condition } = input;
    const lots = await tx.stockLot.findMany({ where: { state: 'on-hand', ...(location === null ? {} : { location }), ...(condition === null ? {} : { condition }) }, select: { id: true, onHand: true }, orderBy: { id: 'asc' }, take: MOST_LOTS + 1 });
    if (lots.length === 0) throw badQuantity('location', 'nothing is on hand there');
    if (lots.length > MOST_LOTS) throw badQuantity('location', `more than ${MOST_LOTS} lots are too many for one sheet: choose a place or a condition`);
    const id = ids.next('stockCount');
    await tx.stockCount.create({ data: { id, state: 'open', ...input, createdAt: clock.now(), lines: { create: lots.map((lot) => ({ lotId: lot.id, expected: lot.onHand })) } } });
    return id;
  });
}

/** Numbers from the shelf. Each is put beside what stands in the books at this moment, so that what sells later is no difference. @throws DomainError NOT_FOUND, WRONG_STATE, INVALID. */
export async function recordCount(deps: InventoryDeps, input: Seen & { readonly lines: readonly { readonly lotId: string; readonly counted: number | null; readonly reason: string | null }[] }): Promise<void> {
  await deps.ctx.db.transaction(async (tx) => {
    const count = await loadOpen(tx, input);
    const lots = new Map((await findLots(tx, input.lines.map((line) => line.lotId))).map((lot) => [lot.id, lot]));
    for (const { lotId, counted, reason } of input.lines) {
      const line = count.lines.find((one) => one.lotId === lotId);
      if (!line) throw badQuantity('lotId', 'the lot is not on this sheet');
      // a reason that is given later does not move the moment of the count
      const again = counted !== line.counted ? { expected: lots.get(lotId)!.onHand, countedAt: counted === null ? null : deps.ctx.clock.now() } : {};
      await tx.stockCountLine.update({ where: { countId_lotId: { countId: count.id, lotId } }, data: { counted, reason: reason || null, ...again } });
    }
    await change(tx, count, {});
  });
}

/** A lot goes up or down by so many units, in stock and books. Answers the loss in minor units, below zero for a gain. */
async function shift(deps: InventoryDeps, tx: Tx, given: { readonly lot: Lot; readonly by: number; readonly ref: string; readonly reason: string }): Promise<number> {
  const { lot, by, ref, reason } = given;
  const to = lot.onHand + by;
  if (to < 0) throw badQuantity('lines', `${lot.title} (${lot.sku}): only ${lot.onHand} are on hand by now; count it again`);
  const moved = await setUnits(deps, tx, { lotId: lot.id, ref, units: to, reason });
  const lost = money(by < 0 ? moved.cost.minor : -moved.cost.minor || 0, moved.cost.currency);
  await post(deps, tx, { key: `lot:${lot.id}:${ref}`, kind: 'stock-count', memo: `${lot.title}: ${reason}`, ref: { kind: 'stock', id: lot.id }, at: deps.ctx.clock.now(), lines: [{ account: WRITE_OFF, amount: lost }, { account: INVENTORY, amount: money(-lost.minor || 0, lost.currency) }] });
  return lost.minor;
}

async function lotsOf(tx: Tx, count: CountRecord): Promise<ReadonlyMap<string, Lot>> {
  return new Map((await findLots(tx, count.lines.map((line) => line.lotId))).map((lot) => [lot.id, lot]));
}

/** Books every difference with its reason, all of them or none. @throws DomainError NOT_FOUND, WRONG_STATE; INVALID for a difference without a reason, or without the units. */
export async function bookCount(deps: InventoryDeps, input: Seen & { readonly by: string }): Promise<void> {
  const { clock, audit } = deps.ctx;
  await deps.ctx.db.transaction(async (tx) => {
    const count = await loadOpen(tx, input);
    if (count.lines.every((line) => line.counted === null)) throw badQuantity('lines', 'nothing was counted yet');
    const lots = await lotsOf(tx, count);
    let lost = 0;
    for (const line of count.lines) {
      const difference = differenceOf(line);
      if (line.counted === null || difference === 0) continue;
      const lot = lots.get(line.lotId)!;
      if ((line.reason ?? '').trim().length < LEAST_REASON) throw badQuantity('reason', `say why ${lot.title} (${lot.sku}) differs`);
      const costMinor = await shift(deps, tx, { lot, by: difference, ref: `count:${count.id}`, reason: line.reason! });
      await tx.stockCountLine.update({ where: { countId_lotId: { countId: count.id, lotId: lot.id } }, data: { difference, costMinor } });
      lost += costMinor;
    }
    await change(tx, count, { state: 'booked', bookedAt: clock.now() });
    await audit.append(tx, { actor: input.by, channel: 'desktop', action: 'stock-count.booked', subject: count.id, data: { name: count.name, lost } });
  });
}

/** A booked count is taken back; what sold since then stands. @throws DomainError NOT_FOUND, WRONG_STATE; INVALID where found units have sold. */
export async function undoCount(deps: InventoryDeps, input: Seen & { readonly by: string }): Promise<void> {
  await deps.ctx.db.transaction(async (tx) => {
    const count = await loadOpen(tx, input, 'booked');
    const lots = await lotsOf(tx, count);
    for (const line of count.lines) {
      if (line.difference) await shift(deps, tx, { lot: lots.get(line.lotId)!, by: -line.difference, ref: `count:${count.id}:undone`, reason: `Count taken back: ${count.name}` });
    }
    await change(tx, count, { state: 'undone', undoneAt: deps.ctx.clock.now() });
    await deps.ctx.audit.append(tx, { actor: input.by, channel: 'desktop', action: 'stock-count.undone', subject: count.id, data: { name: count.name } });
  });
}

export async function cancelCount(deps: InventoryDeps, seen: Seen): Promise<void> {
  await deps.ctx.db.transaction(async (tx) => change(tx, await loadOpen(tx, seen), { state: 'cancelled' }));
}
