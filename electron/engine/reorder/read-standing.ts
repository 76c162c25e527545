import { DAY_MS, type Instant } from '#kernel/time.ts';
import type { Database } from '#runtime/ports.ts';
import { readPriceSpeeds } from '../repricing/index.ts';
import { supplierKeyOf } from '../suppliers/index.ts';
import { summariseDeliveries, type Deliveries } from './lead-time.ts';
import type { DayMoves } from './sales-series.ts';

/** Looked at: what sold within so many days. */
const LOOK_BACK_DAYS = 400;
export const MOST_PRODUCTS = 500;
/** An offer seen longer ago may be gone. */
const OFFER_FRESH_MS = 14 * DAY_MS;

interface Standing { readonly productId: string; readonly title: string; readonly condition: string; readonly onHand: number; readonly inbound: number }
export interface LotRow { readonly productId: string; readonly id: string; readonly location: string; readonly condition: string; readonly onHand: number }
export interface OfferRow { readonly productId: string; readonly sourceName: string; readonly url: string; readonly priceMinor: number; readonly currency: string; readonly packSize: number; /** Of packs, where a supplier's list says so. */ readonly caseUnits: number | null; readonly leastUnits: number | null }
export interface SupplierRow { readonly productId: string; readonly name: string; readonly unitMinor: number | null; readonly currency: string }
export interface ProfitRow { readonly productId: string; readonly currency: string; readonly profitMinor: number; readonly units: number }
interface UnitsRow { readonly productId: string; readonly units: number }
interface Delivery { readonly name: string; readonly days: number }

/** The products that sold most of late; one more than are looked at says that there are others. */
export async function soldProducts(db: Database, now: Instant): Promise<string[]> {
  const rows = await db.read<{ productId: string }>(
    `SELECT l.productId FROM StockMovement m JOIN StockLot l ON l.id = m.lotId WHERE m.kind = 'sold' AND m.at >= ? GROUP BY l.productId ORDER BY SUM(m.quantity), l.productId LIMIT ${MOST_PRODUCTS + 1}`, [now - LOOK_BACK_DAYS * DAY_MS]);
  return rows.map((row) => row.productId);
}

function groupBy<T>(rows: readonly T[], key: (row: T) => string): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group) group.push(row);
    else groups.set(key(row), [row]);
  }
  return groups;
}

const OF_THESE = '(SELECT value FROM json_each(?))';
const byProduct = <T extends { readonly productId: string }>(rows: readonly T[]) => groupBy(rows, (row) => row.productId);
const unitsOf = (rows: readonly UnitsRow[]): ReadonlyMap<string, number> => new Map(rows.map((row) => [row.productId, row.units]));

/** Days from our order to the shelf, of purchases and of purchase orders (to the first goods), by supplier. */
async function readDeliveries(db: Database): Promise<{ readonly all: Deliveries; readonly bySupplier: ReadonlyMap<string, Deliveries> }> {
  const rows = await db.read<Delivery>(
    `SELECT s.name, (p.receivedAt - p.confirmedAt) / ${DAY_MS}.0 AS days FROM Purchase p JOIN Source s ON s.id = p.sourceId WHERE p.state = 'received' AND p.receivedAt > p.confirmedAt
     UNION ALL SELECT o.supplier, (MIN(r.at) - o.sentAt) / ${DAY_MS}.0 FROM PurchaseOrderReceipt r JOIN PurchaseOrder o ON o.id = r.orderId WHERE o.sentAt IS NOT NULL AND r.takenBackAt IS NULL GROUP BY o.id HAVING MIN(r.at) > o.sentAt`);
  // A name is folded once, however often it delivered; two names of one supplier fold to the same.
  const keys = new Map([...new Set(rows.map((row) => row.name))].map((name) => [name, supplierKeyOf(name)]));
  const groups = groupBy(rows, (row) => keys.get(row.name)!);
  return { all: summariseDeliveries(rows.map((row) => row.days)), bySupplier: new Map([...groups].map(([key, group]) => [key, summariseDeliveries(group.map((row) => row.days))])) };
}

/** Where units of the products stand that are not on the shelf: on their way, promised, or on a document. */
async function readPosition(db: Database, ids: string) {
  const [approved, ordered, drafted, requested, oversold] = await Promise.all([
    db.read<UnitsRow>(`SELECT productId, SUM(quantity * unitsPerOffer) AS units FROM Purchase WHERE state IN ('awaiting-second', 'approved', 'preparing', 'placing', 'reconciling', 'ordering-by-hand') AND productId IN ${OF_THESE} GROUP BY productId`, [ids]),
    db.read<UnitsRow>(`SELECT l.productId, SUM(MAX(0, l.units - l.good - l.damaged)) AS units FROM PurchaseOrderLine l JOIN PurchaseOrder o ON o.id = l.orderId WHERE o.state IN ('sent', 'partly-received') AND l.productId IN ${OF_THESE} GROUP BY l.productId`, [ids]),
    db.read<UnitsRow>(`SELECT l.productId, SUM(l.units) AS units FROM PurchaseOrderLine l JOIN PurchaseOrder o ON o.id = l.orderId WHERE o.state = 'draft' AND l.productId IN ${OF_THESE} GROUP BY l.productId`, [ids]),
    db.read<UnitsRow>(`SELECT l.productId, SUM(p.units) AS units FROM Payment p JOIN StockLot l ON l.id = p.lotId WHERE p.state IN ('requesting', 'unclear', 'open', 'capturing', 'processing') AND l.productId IN ${OF_THESE} GROUP BY l.productId`, [ids]),
    db.read<UnitsRow>(`SELECT l.productId, SUM(n.quantity) AS units FROM OrderLine n JOIN StockLot l ON l.id = n.lotId JOIN "Order" o ON o.id = n.orderId WHERE o.state = 'paid' AND n.costMinor IS NULL AND l.productId IN ${OF_THESE} GROUP BY l.productId`, [ids]),
  ]);
  return { approved: unitsOf(approved), ordered: unitsOf(ordered), drafted: unitsOf(drafted), requested: unitsOf(requested), oversold: unitsOf(oversold) };
}

/** Who sells them: current offers, who was asked last by a purchase order, and whom they were bought from last. */
async function readSuppliers(db: Database, ids: string, now: Instant) {
  const [offers, asked, bought] = await Promise.all([
    db.read<OfferRow>(`SELECT f.productId, s.name AS sourceName, f.url, f.priceMinor, f.currency, MAX(1, f.packSize) AS packSize, f.facts->>'$.supply.caseUnits' AS caseUnits, f.facts->>'$.supply.leastUnits' AS leastUnits FROM Offer f JOIN Source s ON s.id = f.sourceId
      WHERE f.productId IN ${OF_THESE} AND f.state NOT IN ('gone', 'screened-out') AND f.duplicateOfId IS NULL AND f.lastSeenAt >= ? AND (f.stock IS NULL OR f.stock > 0) ORDER BY f.id`, [ids, now - OFFER_FRESH_MS]),
    // SQLite answers the other columns of the row that has the maximum
    db.read<SupplierRow>(`SELECT l.productId, o.supplier AS name, l.unitMinor, o.currency, MAX(o.sentAt) FROM PurchaseOrderLine l JOIN PurchaseOrder o ON o.id = l.orderId WHERE o.sentAt IS NOT NULL AND l.productId IN ${OF_THESE} GROUP BY l.productId`, [ids]),
    db.read<SupplierRow>(`SELECT p.productId, s.name, p.unitMinor / MAX(1, p.unitsPerOffer) AS unitMinor, p.currency, MAX(p.confirmedAt) FROM Purchase p JOIN Source s ON s.id = p.sourceId WHERE p.confirmedAt IS NOT NULL AND p.productId IN ${OF_THESE} GROUP BY p.productId`, [ids]),
  ]);
  return { offers: byProduct(offers), asked: new Map(asked.map((row) => [row.productId, row])), bought: new Map(bought.map((row) => [row.productId, row])) };
}

/** Everything that the figures of these products follow from. */
export async function readStanding(db: Database, productIds: readonly string[], now: Instant) {
  const ids = JSON.stringify(productIds);
  const [standing, lots, moves, profits, deliveries, position, suppliers, speeds] = await Promise.all([
    db.read<Standing>(`SELECT l.productId, p.title, l.condition, MAX(l.id), SUM(l.onHand) AS onHand, SUM(CASE WHEN l.state = 'inbound' THEN l.quantity ELSE 0 END) AS inbound FROM StockLot l JOIN Product p ON p.id = l.productId WHERE l.productId IN ${OF_THESE} GROUP BY l.productId`, [ids]),
    db.read<LotRow>(`SELECT productId, id, location, condition, onHand FROM StockLot WHERE onHand > 0 AND productId IN ${OF_THESE} ORDER BY location, id`, [ids]),
    db.read<DayMoves & { productId: string }>(`SELECT l.productId, m.at / ${DAY_MS} AS day, SUM(CASE WHEN m.kind = 'sold' THEN -m.quantity ELSE 0 END) AS sold, SUM(m.quantity) AS change FROM StockLot l JOIN StockMovement m ON m.lotId = l.id
      WHERE l.productId IN ${OF_THESE} AND m.kind <> 'bought' GROUP BY l.productId, day ORDER BY l.productId, day`, [ids]),
    db.read<ProfitRow>(`SELECT l.productId, o.currency, SUM(n.profitMinor) AS profitMinor, SUM(n.quantity) AS units FROM StockLot l JOIN OrderLine n ON n.lotId = l.id JOIN "Order" o ON o.id = n.orderId WHERE n.profitMinor IS NOT NULL AND l.productId IN ${OF_THESE} GROUP BY l.productId, o.currency`, [ids]),
    readDeliveries(db), readPosition(db, ids), readSuppliers(db, ids, now), readPriceSpeeds(db, 'productId'),
  ]);
  return { standing, lots: byProduct(lots), moves: byProduct(moves), profits: byProduct(profits), deliveries, position, suppliers, speeds };
}

export type Known = Awaited<ReturnType<typeof readStanding>>;
export type One = Standing;
