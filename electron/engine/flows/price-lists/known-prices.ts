import type { KnownPrice } from '#engine/suppliers/index.ts';
import { DAY_MS, type Instant } from '#kernel/time.ts';
import { openReadConnection } from '#runtime/read-connection.ts';

/** What was told, estimated or sold before this says too little of what it goes for now. */
export const OLDEST_PRICE_MS = 180 * DAY_MS;
// Products are asked for in the order of their codes: their estimates lie anywhere in the table.
const CACHE_MB = 16;

/** What the desk's own work tells of products' prices: asked for hundreds of thousands, on a connection of its own. What markets ask is told with the products (`openCodeProbe`). */
export interface KnownPrices {
  /** By place; null for a product of which nothing is known. Own sales come before an earlier scan's estimate. */
  pricesOf(productIds: readonly string[]): (KnownPrice | null)[];
  close(): void;
}

type Db = ReturnType<typeof openReadConnection>;
export interface Terms { readonly since: Instant; readonly currency: string }

/** Few even where much is sold: read once. Of what came back nothing is counted. */
function ownSales(db: Db, { since, currency }: Terms): Map<string, KnownPrice> {
  const rows = db.prepare<[number, string], [string, number, number, number]>(
    `SELECT s.productId, sum(l.revenueMinor), sum(l.quantity), max(o.placedAt) FROM "Order" o JOIN "OrderLine" l ON l.orderId = o.id JOIN "StockLot" s ON s.id = l.lotId
      WHERE o.placedAt >= ? AND o.currency = ? AND o.state NOT IN ('cancelled', 'refunded') AND l.refundMinor = 0 AND l.quantity > 0 AND s.condition = 'new' GROUP BY 1`).raw().all(since, currency);
  return new Map(rows.map(([productId, revenue, count, at]) => [productId, { minor: Math.round(revenue / count), currency, by: 'own-sales', at, count }]));
}

/** The newest estimate of each. */
function estimates(db: Db, { since, currency }: Terms): (productIds: readonly string[]) => (KnownPrice | null)[] {
  // one text of ids in and one of each column out, as the codes are asked
  const statement = db.prepare<[string, number, string], [string, string, string]>(
    `SELECT json_group_array(place), json_group_array(minor), json_group_array(at) FROM (
       SELECT j.key AS place, p.salePriceMinor AS minor, max(p.evaluatedAt) AS at FROM json_each(?) j CROSS JOIN "Opportunity" p ON p.productId = j.value WHERE p.evaluatedAt >= ? AND p.currency = ? GROUP BY j.key)`).raw();
  return (productIds) => {
    const found: (KnownPrice | null)[] = productIds.map(() => null);
    const [places, minors, ats] = statement.get(JSON.stringify(productIds), since, currency)!.map((list) => JSON.parse(list) as number[]) as [number[], number[], number[]];
    for (let i = 0; i < places.length; i++) found[places[i]!] = { minor: minors[i]!, currency, by: 'scan', at: ats[i]! };
    return found;
  };
}

/** Null where nothing is known of any product: then nothing need be asked. @param file the migrated database @param terms in which currency: the others' rates are not known here */
export function openKnownPrices(file: string, terms: Terms): KnownPrices | null {
  const db = openReadConnection(file);
  db.pragma(`cache_size = -${CACHE_MB * 1_024}`);
  // its pages would count as this process's memory without end
  db.pragma('mmap_size = 0');
  const sold = ownSales(db, terms);
  const estimated = db.prepare<[], number>('SELECT EXISTS (SELECT 1 FROM "Opportunity")').pluck().get() === 1;
  if (sold.size === 0 && !estimated) {
    db.close();
    return null;
  }
  const estimatesOf = estimated ? estimates(db, terms) : () => [];
  return {
    pricesOf(productIds) {
      const found = estimatesOf(productIds);
      return productIds.map((id, n) => sold.get(id) ?? found[n] ?? null);
    },
    close: () => void db.close(),
  };
}
