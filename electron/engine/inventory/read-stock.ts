import { money, type Currency, type Money } from '#kernel/money.ts';
import type { Database, Tx } from '#runtime/ports.ts';
import { inOrder, type PageOfIds } from '#runtime/sorted-page.ts';
import type { InventoryDeps } from './create-lot.ts';
import { noSuchLot } from './errors.ts';
import { unitsOf, type Lot, type Movement } from './lot.ts';
import { remainingCost } from './lot-cost.ts';
import { listLots, type LotQuery } from './list-lots.ts';
import { findLot, findLotOfPurchase, findLots, findMiscounted, listMovements, openLots, sumMovements } from './repo.ts';

export async function getLot(tx: Tx, id: string): Promise<Lot> {
  const lot = await findLot(tx, id);
  if (!lot) throw noSuchLot(id);
  return lot;
}

export function getLots(tx: Tx, ids: readonly string[]): Promise<Lot[]> {
  return findLots(tx, ids);
}

export function lotOfPurchase(tx: Tx, purchaseId: string): Promise<Lot | null> {
  return findLotOfPurchase(tx, purchaseId);
}

export async function movementsOf(tx: Tx, lotId: string): Promise<Movement[]> {
  await getLot(tx, lotId);
  return listMovements(tx, lotId);
}

/** What a lot is worth at cost. */
export function valueOf(lot: Lot): Money {
  return remainingCost(lot, unitsOf(lot));
}

/** What all stock is worth at cost, on its way and on hand. */
export async function stockValue(tx: Tx, currency: Currency): Promise<Money> {
  let minor = 0;
  for (const lot of await openLots(tx)) if (lot.totalCost.currency === currency) minor += valueOf(lot).minor;
  return money(minor, currency);
}

export interface LotPage extends Omit<PageOfIds, 'ids'> {
  readonly items: readonly Lot[];
}

export async function readStock(db: Pick<Database, 'prisma' | 'read'>, query: LotQuery): Promise<LotPage> {
  const { ids, ...page } = await listLots(db, query);
  return { ...page, items: inOrder(ids, await findLots(db.prisma, ids)) };
}

/** Whether every unit is accounted for: lots whose count and movements disagree, and units by what became of them. */
export async function accountForUnits(deps: InventoryDeps): Promise<{ readonly miscounted: readonly { lotId: string; onHand: number; moved: number }[]; readonly units: Readonly<Record<string, number>> }> {
  const [miscounted, sums] = await Promise.all([findMiscounted(deps.ctx.db), sumMovements(deps.ctx.db)]);
  return { miscounted, units: Object.fromEntries(sums.map((s) => [s.kind, s.units])) };
}
