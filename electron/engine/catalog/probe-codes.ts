import { openReadConnection } from '#runtime/read-connection.ts';

/** Which products codes name, asked on a connection of its own: for hundreds of thousands of codes. */
export interface CodeProbe {
  /**
   * Tells `found` of our products' ids, each by its code's place in `codes`, in no order; a code that names several comes several times. Ask for tens of thousands, each once, in the
   * order of their texts: neighbours lie on the same page of the index.
   */
  productsOf(kind: 'gtin' | 'asin', codes: readonly string[], found: (place: number, productId: string) => void): void;
  close(): void;
}

/** Codes in one question: their text is parsed by SQLite, which costs less than binding each. */
const AT_ONCE = 5_000;

/** @param file the migrated database. It sees what was committed before each question. */
export function openCodeProbe(file: string): CodeProbe {
  const db = openReadConnection(file);
  // A third faster through the mapped file, but its pages would count as this process's memory without end.
  db.pragma('mmap_size = 0');
  const prober = (kind: 'gtin' | 'asin') => {
    // Answers by place, and all of them in two texts: each code that came back as text, and each row, would cost as much again as finding it.
    const byPlace = db.prepare<[string], [string, string]>(`SELECT json_group_array(j.key), json_group_array(p.productId) FROM json_each(?) j CROSS JOIN "ProductIdentifier" p ON p.kind = '${kind}' AND p.value = j.value`).raw();
    let upward = true;
    return (codes: readonly string[], found: (place: number, productId: string) => void) => {
      const parts = Math.ceil(codes.length / AT_ONCE);
      for (let n = 0; n < parts; n++) {
        const from = (upward ? n : parts - 1 - n) * AT_ONCE;
        const [places, productIds] = byPlace.get(JSON.stringify(codes.slice(from, from + AT_ONCE)))!.map((list) => JSON.parse(list) as unknown[]) as [number[], string[]];
        for (let i = 0; i < places.length; i++) found(from + places[i]!, productIds[i]!);
      }
      // Each question goes back the way that the last one came: the pages that are still in the cache come first.
      upward = !upward;
    };
  };
  const ask = { gtin: prober('gtin'), asin: prober('asin') };
  return {
    productsOf: (kind, codes, found) => ask[kind](codes, found),
    close: () => void db.close(),
  };
}
