import type { KnownPrice } from '#engine/suppliers/index.ts';
import { DAY_MS, type Instant } from '#kernel/time.ts';
import { openReadConnection } from '#runtime/read-connection.ts';

/** What was told, estimated or sold before this says too little of what it goes for now. */
const OLDEST_MS = 180 * DAY_MS;
// Products are asked for in the order of their codes: their prices lie anywhere in the table.
const CACHE_MB = 16;
/** Market prices that are held in memory, some 20 MB; more are asked for a batch at a time. */
const MOST_AT_HAND = 100_000;

/** What the database knows of products' prices: asked for hundreds of thousands, on a connection of its own. */
export interface KnownPrices {
  /** By place; null for a product of which nothing is known. Own sales come first, then the newer of an earlier scan's estimate and what the market was told to ask. */
  pricesOf(productIds: readonly string[]): (KnownPrice | null)[];
  close(): void;
}

type Db = ReturnType<typeof openReadConnection>;
interface Terms { readonly since: Instant; readonly currency: string; readonly mostAtHand: number }

/** Few even where much is sold: read once. Of what came back nothing is counted. */
function ownSales(db: Db, { since, currency }: Terms): Map<string, KnownPrice> {
  const rows = db.prepare<[number, string], [string, number, number, number]>(
    `SELECT s.productId, sum(l.revenueMinor), sum(l.quantity), max(o.placedAt) FROM "Order" o JOIN "OrderLine" l ON l.orderId = o.id JOIN "StockLot" s ON s.id = l.lotId
      WHERE o.placedAt >= ? AND o.currency = ? AND o.state NOT IN ('cancelled', 'refunded') AND l.refundMinor = 0 AND l.quantity > 0 AND s.condition = 'new' GROUP BY 1`).raw().all(since, currency);
  return new Map(rows.map(([productId, revenue, count, at]) => [productId, { minor: Math.round(revenue / count), currency, by: 'own-sales', at, count }]));
}

/** Histories by the code that stands for them in an answer: a short number costs a tenth of a text. */
const SERIES = ['ebayNew', 'new', 'newFulfilledBySeller', 'buyBox'] as const;
const CODES = 8;
const ofSeries = (code: number) => SERIES[code];
const SERIES_CODE = `CASE p.series ${SERIES.map((name, code) => `WHEN '${name}' THEN ${code}`).join(' ')} ELSE ${CODES - 1} END`;

type Found = (KnownPrice | null)[];

function asker(db: Db, by: 'scan' | 'market', { since, currency }: Terms): (ids: string, found: Found) => void {
  const figures = by === 'market'
    ? `p.priceMinor AS minor, p.at * ${CODES} + ${SERIES_CODE} AS told FROM json_each(?) j CROSS JOIN "MarketPrice" p ON p.productId = j.value WHERE p.at >= ? AND p.currency = ?`
    : `p.salePriceMinor AS minor, max(p.evaluatedAt) * ${CODES} AS told FROM json_each(?) j CROSS JOIN "Opportunity" p ON p.productId = j.value WHERE p.evaluatedAt >= ? AND p.currency = ? GROUP BY j.key`;
  // one text of ids in and one of each column out, as the codes are asked
  const statement = db.prepare<[string, number, string], [string, string, string]>(`SELECT json_group_array(place), json_group_array(minor), json_group_array(told) FROM (SELECT j.key AS place, ${figures})`).raw();
  return (ids, found) => {
    const [places, minors, told] = statement.get(ids, since, currency)!.map((list) => JSON.parse(list) as number[]) as [number[], number[], number[]];
    for (let i = 0; i < places.length; i++) {
      const at = Math.floor(told[i]! / CODES);
      const of = by === 'market' ? ofSeries(told[i]! % CODES) : undefined;
      const known = found[places[i]!]!;
      if (known === null || known.at < at) found[places[i]!] = { minor: minors[i]!, currency, by, at, ...(of === undefined ? {} : { of }) };
    }
  };
}

/** All of them, where they are so few that to have them at hand costs less than to ask for each: read while the list's first rows are. */
function marketPrices(db: Db, { since, currency, mostAtHand }: Terms): Map<string, KnownPrice> | null {
  const many = db.prepare<[], number>(`SELECT count(*) FROM (SELECT 1 FROM "MarketPrice" LIMIT ${mostAtHand + 1})`).pluck().get()!;
  if (many > mostAtHand) return null;
  const rows = db.prepare<[number, string], [string, number, number, string]>('SELECT productId, priceMinor, at, series FROM "MarketPrice" WHERE at >= ? AND currency = ?').raw().all(since, currency);
  return new Map(rows.map(([productId, minor, at, of]) => [productId, { minor, currency, by: 'market', at, of }]));
}

const any = (db: Db, table: 'Opportunity') => db.prepare<[], number>(`SELECT EXISTS (SELECT 1 FROM "${table}")`).pluck().get() === 1;

/** Null where nothing is known of any product: then nothing need be asked. @param file the migrated database @param wanted in which currency: the others' rates are not known here; `mostAtHand`: market prices that are held in memory, for tests */
export function openKnownPrices(file: string, wanted: { readonly currency: string; readonly at: Instant; readonly mostAtHand?: number }): KnownPrices | null {
  const db = openReadConnection(file);
  db.pragma(`cache_size = -${CACHE_MB * 1_024}`);
  // its pages would count as this process's memory without end
  db.pragma('mmap_size = 0');
  const terms: Terms = { since: wanted.at - OLDEST_MS, currency: wanted.currency, mostAtHand: wanted.mostAtHand ?? MOST_AT_HAND };
  const sold = ownSales(db, terms);
  const market = marketPrices(db, terms);
  // a scan's estimate is made of what the market said just before it, and is newer
  const askers = [...(market === null ? [asker(db, 'market', terms)] : []), ...(any(db, 'Opportunity') ? [asker(db, 'scan', terms)] : [])];
  if (sold.size === 0 && market?.size === 0 && askers.length === 0) {
    db.close();
    return null;
  }
  return {
    pricesOf(productIds) {
      const found: Found = market === null ? productIds.map(() => null) : productIds.map((id) => market.get(id) ?? null);
      const ids = askers.length === 0 ? '' : JSON.stringify(productIds);
      for (const ask of askers) ask(ids, found);
      if (sold.size > 0) for (const [n, id] of productIds.entries()) found[n] = sold.get(id) ?? found[n]!;
      return found;
    },
    close: () => void db.close(),
  };
}
