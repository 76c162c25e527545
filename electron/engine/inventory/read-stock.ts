import { money, type Currency, type Money } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import type { InventoryDeps } from './create-lot.ts';
import { noSuchLot } from './errors.ts';
import { unitsOf, type Lot, type Movement } from './lot.ts';
import { remainingCost } from './lot-cost.ts';
import type { LotState } from './machine.ts';
import { findLot, findLotOfPurchase, findLots, findMiscounted, listLots, listMovements, openLots, sumMovements } from './repo.ts';

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

export interface LotPage {
  readonly items: readonly Lot[];
  readonly nextCursor: string | null;
}

export async function readStock(tx: Tx, query: { readonly state?: LotState | undefined; readonly location?: string | undefined; readonly condition?: string | undefined; readonly search?: string | undefined; readonly cursor?: string | undefined; readonly limit: number }): Promise<LotPage> {
  const found = await listLots(tx, { ...query, limit: query.limit + 1 });
  const items = found.slice(0, query.limit);
  return { items, nextCursor: found.length > query.limit ? (items.at(-1)?.id ?? null) : null };
}

/** Whether every unit is accounted for: lots whose count and movements disagree, and units by what became of them. */
export async function accountForUnits(deps: InventoryDeps): Promise<{ readonly miscounted: readonly { lotId: string; onHand: number; moved: number }[]; readonly units: Readonly<Record<string, number>> }> {
  const [miscounted, sums] = await Promise.all([findMiscounted(deps.ctx.db), sumMovements(deps.ctx.db)]);
  return { miscounted, units: Object.fromEntries(sums.map((s) => [s.kind, s.units])) };
}
