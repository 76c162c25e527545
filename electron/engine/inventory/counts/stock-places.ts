import type { StockPlace } from '#contract/stock-counts.ts';
import { money } from '#kernel/money.ts';
import type { Database } from '#runtime/ports.ts';

interface Row { readonly location: string; readonly condition: string; readonly currency: string; readonly lots: number; readonly products: number; readonly units: number; readonly minor: number }

/** What is on hand by place and condition; its value is what the lots are still worth (see lot-cost.ts). */
export async function stockPlaces(db: Database): Promise<StockPlace[]> {
  const rows = await db.read<Row>(
    `SELECT location, condition, currency, COUNT(*) AS lots, COUNT(DISTINCT productId) AS products, SUM(onHand) AS units, SUM(totalCostMinor - unitCostMinor * (quantity - onHand)) AS minor
     FROM StockLot WHERE state = 'on-hand' AND onHand > 0 GROUP BY location, condition, currency ORDER BY location, condition`);
  return rows.map(({ currency, minor, ...row }) => ({ ...row, value: money(minor, currency) }));
}
