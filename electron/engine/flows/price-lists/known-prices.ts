import type { KnownPrice } from '#engine/suppliers/index.ts';
import { DAY_MS, type Instant } from '#kernel/time.ts';
import { openReadConnection } from '#runtime/read-connection.ts';

/** What was told, estimated or sold before this says too little of what it goes for now. */
const OLDEST_MS = 180 * DAY_MS;
// Products are asked for in the order of their codes: their prices lie anywhere in the table.
const CACHE_MB = 16;

/** What the database knows of products' prices: asked for hundreds of thousands, on a connection of its own. */
export interface KnownPrices {
  /** By place; null for a product of which nothing is known. Own sales come first, then the newer of an earlier scan's estimate and what the market was told to ask. */
  pricesOf(productIds: readonly string[]): (KnownPrice | null)[];
  close(): void;
}

type Db = ReturnType<typeof openReadConnection>;

/** Few even where much is sold: read once. Of what came back nothing is counted. */
function ownSales(db: Db, since: Instant): Map<string, KnownPrice> {
  const rows = db.prepare<[number], [string, string, number, number, number]>(
    `SELECT s.productId, o.currency, sum(l.revenueMinor), sum(l.quantity), max(o.placedAt) FROM "Order" o JOIN "OrderLine" l ON l.orderId = o.id JOIN "StockLot" s ON s.id = l.lotId
      WHERE o.placedAt >= ? AND o.state NOT IN ('cancelled', 'refunded') AND l.refundMinor = 0 AND l.quantity > 0 AND s.condition = 'new' GROUP BY 1, 2 ORDER BY 5`).raw().all(since);
  return new Map(rows.map(([productId, currency, revenue, count, at]) => [productId, { minor: Math.round(revenue / count), currency, by: 'own-sales', at, count }]));
}

/** Columns of an answer, each a list by place. */
type Told = readonly [places: string, minors: string, currencies: string, instants: string, ofs: string];

function asker(db: Db, by: 'scan' | 'market', since: Instant) {
  const figures = by === 'market'
    ? `p.priceMinor AS minor, p.currency AS currency, p.at AS at, p.series AS of FROM json_each(?) j CROSS JOIN "MarketPrice" p ON p.productId = j.value WHERE p.at >= ?`
    : `p.salePriceMinor AS minor, p.currency AS currency, max(p.evaluatedAt) AS at, p.channel AS of FROM json_each(?) j CROSS JOIN "Opportunity" p ON p.productId = j.value WHERE p.evaluatedAt >= ? GROUP BY j.key`;
  // one text of ids in and one of each column out, as the codes are asked
  const statement = db.prepare<[string, number], Told>(`SELECT json_group_array(place), json_group_array(minor), json_group_array(currency), json_group_array(at), json_group_array(of) FROM (SELECT j.key AS place, ${figures})`).raw();
  return (ids: string, found: (KnownPrice | null)[]) => {
    const [places, minors, currencies, instants, ofs] = statement.get(ids, since)!.map((list) => JSON.parse(list) as unknown[]) as [number[], number[], string[], number[], string[]];
    for (let i = 0; i < places.length; i++) {
      const known = found[places[i]!]!;
      if (known === null || known.at < instants[i]!) found[places[i]!] = { minor: minors[i]!, currency: currencies[i]!, by, at: instants[i]!, of: ofs[i]! };
    }
  };
}

const any = (db: Db, table: 'MarketPrice' | 'Opportunity') => db.prepare<[], number>(`SELECT EXISTS (SELECT 1 FROM "${table}")`).pluck().get() === 1;

/** Null where nothing is known of any product: then nothing need be asked. @param file the migrated database */
export function openKnownPrices(file: string, at: Instant): KnownPrices | null {
  const db = openReadConnection(file);
  db.pragma(`cache_size = -${CACHE_MB * 1_024}`);
  // its pages would count as this process's memory without end
  db.pragma('mmap_size = 0');
  const since = at - OLDEST_MS;
  const sold = ownSales(db, since);
  // a scan's estimate is made of what the market said just before it, and is newer
  const askers = [...(any(db, 'MarketPrice') ? [asker(db, 'market', since)] : []), ...(any(db, 'Opportunity') ? [asker(db, 'scan', since)] : [])];
  if (sold.size === 0 && askers.length === 0) {
    db.close();
    return null;
  }
  return {
    pricesOf(productIds) {
      const found: (KnownPrice | null)[] = productIds.map(() => null);
      const ids = JSON.stringify(productIds);
      for (const ask of askers) ask(ids, found);
      if (sold.size > 0) for (const [n, id] of productIds.entries()) found[n] = sold.get(id) ?? found[n]!;
      return found;
    },
    close: () => void db.close(),
  };
}

