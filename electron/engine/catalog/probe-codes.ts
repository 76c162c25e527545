import { openReadConnection } from '#runtime/read-connection.ts';

/** Which products codes name, asked on a connection of its own: for hundreds of thousands of codes. */
export interface CodeProbe {
  /** Tells `found` of GTIN-14s and our product's id, in no order; a code that names several products comes several times. Ask for tens of thousands at once: neighbours lie on the same page of the index. */
  byGtin(gtin14s: readonly string[], found: (gtin14: string, productId: string) => void): void;
  /** The same by ASIN. */
  byAsin(asins: readonly string[], found: (asin: string, productId: string) => void): void;
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
    // answers by place: a code that comes back as text would be another text to make and to hash
    const byPlace = db.prepare<[string], [number, string]>(`SELECT j.key, p.productId FROM json_each(?) j CROSS JOIN "ProductIdentifier" p ON p.kind = '${kind}' AND p.value = j.value`).raw();
    let upward = true;
    return (codes: readonly string[], found: (code: string, productId: string) => void) => {
      const sorted = codes.toSorted();
      const parts = Math.ceil(sorted.length / AT_ONCE);
      for (let n = 0; n < parts; n++) {
        const at = (upward ? n : parts - 1 - n) * AT_ONCE;
        for (const [place, productId] of byPlace.all(JSON.stringify(sorted.slice(at, at + AT_ONCE)))) found(sorted[at + place]!, productId);
      }
      // Each question goes back the way that the last one came: the pages that are still in the cache come first.
      upward = !upward;
    };
  };
  return {
    byGtin: prober('gtin'),
    byAsin: prober('asin'),
    close: () => void db.close(),
  };
}
