import { money } from '#kernel/money.ts';
import { toNumber } from '#runtime/database.ts';
import type { Database, Tx } from '#runtime/ports.ts';
import { lotEstimateSchema, type Lot, type Movement } from './lot.ts';
import type { LotState } from './machine.ts';

type LotRow = NonNullable<Awaited<ReturnType<Tx['stockLot']['findUnique']>>>;

function toLot(row: LotRow): Lot {
  return {
    id: row.id, sku: row.sku, productId: row.productId, purchaseId: row.purchaseId, title: row.title, condition: row.condition, location: row.location,
    state: row.state as LotState, unitCost: money(toNumber(row.unitCostMinor), row.currency), totalCost: money(toNumber(row.totalCostMinor), row.currency),
    quantity: row.quantity, onHand: row.onHand, estimate: lotEstimateSchema.parse(JSON.parse(row.estimate)), createdAt: toNumber(row.createdAt),
    receivedAt: row.receivedAt === null ? null : toNumber(row.receivedAt), version: row.version,
  };
}

export async function insertLot(tx: Tx, lot: Lot): Promise<void> {
  await tx.stockLot.create({
    data: {
      id: lot.id, sku: lot.sku, productId: lot.productId, purchaseId: lot.purchaseId, title: lot.title, condition: lot.condition, location: lot.location, state: lot.state,
      unitCostMinor: lot.unitCost.minor, totalCostMinor: lot.totalCost.minor, currency: lot.totalCost.currency, quantity: lot.quantity, onHand: lot.onHand,
      estimate: JSON.stringify(lot.estimate), createdAt: lot.createdAt, receivedAt: lot.receivedAt, version: lot.version,
    },
  });
}

export async function findLot(tx: Tx, id: string): Promise<Lot | null> {
  const row = await tx.stockLot.findUnique({ where: { id } });
  return row && toLot(row);
}

export async function findLotOfPurchase(tx: Tx, purchaseId: string): Promise<Lot | null> {
  const row = await tx.stockLot.findUnique({ where: { purchaseId } });
  return row && toLot(row);
}

export async function findLots(tx: Tx, ids: readonly string[]): Promise<Lot[]> {
  return (await tx.stockLot.findMany({ where: { id: { in: [...ids] } } })).map(toLot);
}

/** Compare-and-set on the version. False when somebody was faster. */
export async function updateLot(tx: Tx, lot: Lot, change: Partial<Pick<Lot, 'state' | 'onHand' | 'location' | 'quantity' | 'totalCost' | 'unitCost' | 'receivedAt'>>): Promise<boolean> {
  const { totalCost, unitCost, ...plain } = change;
  const done = await tx.stockLot.updateMany({
    where: { id: lot.id, version: lot.version },
    data: { ...plain, ...(totalCost ? { totalCostMinor: totalCost.minor } : {}), ...(unitCost ? { unitCostMinor: unitCost.minor } : {}), version: { increment: 1 } },
  });
  return done.count === 1;
}

export async function insertMovement(tx: Tx, lotId: string, movement: Movement): Promise<void> {
  await tx.stockMovement.create({ data: { ...movement, lotId } });
}

export async function hasMovement(tx: Tx, lotId: string, kind: string, ref: string): Promise<boolean> {
  return (await tx.stockMovement.findUnique({ where: { lotId_kind_ref: { lotId, kind, ref } }, select: { id: true } })) !== null;
}

/** Units that a movement changed the lot by; 0 when there is none. */
export async function movedUnits(tx: Tx, lotId: string, kind: string, ref: string): Promise<number> {
  const row = await tx.stockMovement.findUnique({ where: { lotId_kind_ref: { lotId, kind, ref } }, select: { quantity: true } });
  return row?.quantity ?? 0;
}

export async function listMovements(tx: Tx, lotId: string): Promise<Movement[]> {
  const rows = await tx.stockMovement.findMany({ where: { lotId }, orderBy: [{ at: 'asc' }, { id: 'asc' }] });
  return rows.map((row) => ({ id: row.id, kind: row.kind, quantity: row.quantity, ref: row.ref, reason: row.reason, at: toNumber(row.at) }));
}

export async function openLots(tx: Tx): Promise<Lot[]> {
  return (await tx.stockLot.findMany({ where: { state: { in: ['inbound', 'on-hand'] } } })).map(toLot);
}

/** Lots whose units on hand are not what their movements add up to: none, unless the file was changed by another hand. */
export async function findMiscounted(db: Database): Promise<{ lotId: string; onHand: number; moved: number }[]> {
  return db.read(`SELECT l.id AS lotId, l.onHand AS onHand, COALESCE((SELECT SUM(m.quantity) FROM StockMovement m WHERE m.lotId = l.id), 0) AS moved
    FROM StockLot l WHERE l.onHand <> COALESCE((SELECT SUM(m.quantity) FROM StockMovement m WHERE m.lotId = l.id), 0) LIMIT 100`);
}

/** Units by what became of them, over all lots. */
export async function sumMovements(db: Database): Promise<{ kind: string; units: number }[]> {
  return db.read('SELECT kind, SUM(quantity) AS units FROM StockMovement GROUP BY kind');
}
