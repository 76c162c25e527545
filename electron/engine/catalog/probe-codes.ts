import { openReadConnection } from '#runtime/read-connection.ts';

/** Market prices that are told beside the products: those in one currency, and not older than `since`. */
export interface MarketTerms {
  readonly currency: string;
  readonly since: number;
}

/** Which products codes name, asked on a connection of its own: for hundreds of thousands of codes. */
export interface CodeProbe {
  /**
   * Tells `found` of our products' ids, each by its code's place in `codes`, in no order; a code that names several comes several times. `minor` is what the market was last told to ask, null where that is not
   * known; then `at` is when, and `series` its place in `MARKET_SERIES`. Ask for thousands at once, in the order of their texts: neighbours lie on the same page of the index.
   */
  productsOf(kind: 'gtin' | 'asin', codes: readonly string[], found: (place: number, productId: string, minor: number | null, at: number, series: number) => void): void;
  close(): void;
}

/** Histories that a market price is of; another comes last, without a name. */
export const MARKET_SERIES = ['ebayNew', 'new', 'newFulfilledBySeller', 'buyBox', undefined] as const;
const SERIES_CODE = `CASE m.series ${MARKET_SERIES.slice(0, -1).map((name, code) => `WHEN '${name}' THEN ${code}`).join(' ')} ELSE ${MARKET_SERIES.length - 1} END`;
/** A time and a series are told in one number: a number costs a tenth of a text. */
const CODES = 8;

// Codes are asked in their order: hardly a page of their index is read twice. Prices lie in the order of the products.
const CACHE_MB = 8;

/** @param file the migrated database. It sees what was committed before each question. */
export function openCodeProbe(file: string, { currency, since }: MarketTerms): CodeProbe {
  const db = openReadConnection(file);
  db.pragma(`cache_size = -${CACHE_MB * 1_024}`);
  // A third faster through the mapped file, but its pages would count as this process's memory without end.
  db.pragma('mmap_size = 0');
  // One text of codes in and one of each answer out: SQLite parses and writes them in less time than it takes to bind each code, and to make a row and its texts of each answer.
  const prepare = (kind: 'gtin' | 'asin') => db.prepare<[string, number, string], [string, string, string, string]>(
    `SELECT json_group_array(j.key), json_group_array(p.productId), json_group_array(m.priceMinor), json_group_array(m.at * ${CODES} + ${SERIES_CODE})
       FROM json_each(?) j CROSS JOIN "ProductIdentifier" p ON p.kind = '${kind}' AND p.value = j.value LEFT JOIN "MarketPrice" m ON m.productId = p.productId AND m.at >= ? AND m.currency = ?`).raw();
  const statements = { gtin: prepare('gtin'), asin: prepare('asin') };
  return {
    productsOf(kind, codes, found) {
      const [places, productIds, minors, told] = statements[kind].get(JSON.stringify(codes), since, currency)!.map((list) => JSON.parse(list) as unknown[]) as [number[], string[], (number | null)[], (number | null)[]];
      for (let i = 0; i < places.length; i++) {
        const at = told[i] ?? 0;
        found(places[i]!, productIds[i]!, minors[i]!, Math.floor(at / CODES), at % CODES);
      }
    },
    close: () => void db.close(),
  };
}
