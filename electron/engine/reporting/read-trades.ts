import type { InferContractRouterOutputs } from '@orpc/contract';
import type { opportunitiesContract } from '#contract/opportunities.ts';
import { money } from '#kernel/money.ts';
import type { Database } from '#runtime/ports.ts';

type Trade = InferContractRouterOutputs<typeof opportunitiesContract>['trades'][number];

/** Both sides of one product; more would not be told apart on a chart. */
const MOST_TRADES = 200;

interface TradeRow {
  kind: Trade['kind']; at: number; units: number; minor: number; currency: string; refId: string;
}

/** What was bought and sold of a product by this desk, oldest first: the landed cost of a unit bought, what the buyer paid for a unit sold. */
export async function readTrades(db: Database, productId: string): Promise<Trade[]> {
  const rows = await db.read<TradeRow>(
    `SELECT * FROM (
       SELECT 'bought' AS kind, createdAt AS at, quantity AS units, unitCostMinor AS minor, currency, purchaseId AS refId FROM "StockLot" WHERE productId = ? AND purchaseId NOT GLOB 'lot_*'
       UNION ALL
       SELECT 'sold', o.placedAt, l.quantity, l.revenueMinor / max(1, l.quantity), o.currency, o.id
         FROM "StockLot" t CROSS JOIN "OrderLine" l ON l.sku = t.sku JOIN "Order" o ON o.id = l.orderId WHERE t.productId = ? AND o.state <> 'cancelled'
     ) ORDER BY at DESC LIMIT ${MOST_TRADES}`, [productId, productId]);
  return rows.toReversed().map((r) => ({ kind: r.kind, at: r.at, units: r.units, price: money(r.minor, r.currency), refId: r.refId }));
}
