import { money, type Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import type { Database } from '#runtime/ports.ts';
import { remainingCost, type LotCost } from '../lot-cost.ts';
import { TAKEN_BACK } from '../take-back-lot.ts';
import type { StockFlow } from './cost-layers.ts';

interface MoveRow { readonly productId: string; readonly title: string; readonly lotId: string; readonly kind: string; readonly quantity: number; readonly ref: string; readonly at: number; readonly totalCostMinor: number; readonly unitCostMinor: number; readonly currency: string; readonly bought: number }

export interface ProductFlows {
  readonly productId: string;
  readonly title: string;
  readonly currency: string;
  readonly flows: readonly StockFlow[];
}

const UNDONE = ':undone';

/** As `remainingCost`; units that left before they came are owed at a unit's cost each. Books of old, and times that were set by hand, know such: it is shown, and nothing stops at it. */
function worthOf(lot: LotCost, units: number): Money {
  return units < 0 ? money(lot.unitCost.minor * units, lot.unitCost.currency) : remainingCost(lot, units);
}

/** A movement as a flow of its product; null for what changes nothing. */
function flowOf(row: MoveRow, onHand: ReadonlyMap<string, number>, lot: LotCost): StockFlow | null {
  const before = onHand.get(row.lotId) ?? 0;
  if (row.quantity === 0) return null;
  const out = worthOf(lot, before).minor - worthOf(lot, before + row.quantity).minor;
  if (row.kind === 'moved') return { kind: 'move', at: row.at, units: row.quantity, cost: -out, lotId: row.lotId };
  const about = { at: row.at, units: Math.abs(row.quantity), cost: Math.abs(out), lotId: row.lotId };
  if (row.quantity < 0) return { ...about, kind: 'out', why: row.kind === 'sold' ? 'sold' : 'written-off', ref: row.ref };
  if (row.kind === 'returned') return { ...about, kind: 'back', ref: row.ref };
  // a count that is taken back gives what it took
  if (row.kind === 'adjusted' && row.ref.endsWith(UNDONE)) return { ...about, kind: 'back', ref: row.ref.slice(0, -UNDONE.length) };
  return { ...about, kind: 'in' };
}

/** Flows of the products (all, unless told), in order of time, by product. A lot that was taken back as a whole never came. */
export async function readFlows(db: Database, given: { readonly productId?: string; readonly to: Instant }): Promise<ProductFlows[]> {
  const rows = await db.read<MoveRow>(
    `SELECT l.productId, l.title, m.lotId, m.kind, m.quantity, m.ref, m.at, l.totalCostMinor, l.unitCostMinor, l.currency, l.quantity AS bought FROM StockLot l JOIN StockMovement m ON m.lotId = l.id
     WHERE m.kind <> 'bought' AND m.at < ? AND NOT EXISTS (SELECT 1 FROM StockMovement t WHERE t.lotId = m.lotId AND t.kind = 'adjusted' AND t.ref LIKE '%${TAKEN_BACK}' AND t.at < ?) ${given.productId === undefined ? '' : 'AND l.productId = ?'} ORDER BY l.productId, m.at, m.id`, given.productId === undefined ? [given.to, given.to] : [given.to, given.to, given.productId]);
  const products = new Map<string, { title: string; currency: string; flows: StockFlow[] }>();
  const onHand = new Map<string, number>();
  for (const row of rows) {
    const product = products.get(row.productId) ?? { title: row.title, currency: row.currency, flows: [] };
    products.set(row.productId, product);
    const flow = flowOf(row, onHand, { totalCost: money(row.totalCostMinor, row.currency), unitCost: money(row.unitCostMinor, row.currency), quantity: row.bought });
    onHand.set(row.lotId, (onHand.get(row.lotId) ?? 0) + row.quantity);
    if (flow) product.flows.push(flow);
  }
  return [...products].map(([productId, product]) => ({ productId, ...product }));
}
