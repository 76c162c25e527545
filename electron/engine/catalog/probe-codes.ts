import { openReadConnection } from '#runtime/read-connection.ts';

/** Which products codes name, asked on a connection of its own: for hundreds of thousands of codes. */
export interface CodeProbe {
  /**
   * Tells `found` of our products' ids, each by its code's place in `codes`, in no order; a code that names several comes several times. Ask for thousands at once, in the order of
   * their texts: neighbours lie on the same page of the index.
   */
  productsOf(kind: 'gtin' | 'asin', codes: readonly string[], found: (place: number, productId: string) => void): void;
  close(): void;
}

// Asked in their order, hardly a page of the index is read twice: more would be memory for nothing.
const CACHE_MB = 8;

/** @param file the migrated database. It sees what was committed before each question. */
export function openCodeProbe(file: string): CodeProbe {
  const db = openReadConnection(file);
  db.pragma(`cache_size = -${CACHE_MB * 1_024}`);
  // A third faster through the mapped file, but its pages would count as this process's memory without end.
  db.pragma('mmap_size = 0');
  // One text of codes in and two of answers out, by place: SQLite parses and writes them in less time than it takes to bind each code, and to make a row and two texts of each answer.
  const prepare = (kind: 'gtin' | 'asin') => db.prepare<[string], [string, string]>(`SELECT json_group_array(j.key), json_group_array(p.productId) FROM json_each(?) j CROSS JOIN "ProductIdentifier" p ON p.kind = '${kind}' AND p.value = j.value`).raw();
  const statements = { gtin: prepare('gtin'), asin: prepare('asin') };
  return {
    productsOf(kind, codes, found) {
      const [places, productIds] = statements[kind].get(JSON.stringify(codes))!.map((list) => JSON.parse(list) as unknown[]) as [number[], string[]];
      for (let i = 0; i < places.length; i++) found(places[i]!, productIds[i]!);
    },
    close: () => void db.close(),
  };
}
