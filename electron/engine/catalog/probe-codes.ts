import { openReadConnection } from '#runtime/read-connection.ts';

/** Which products codes name, asked on a connection of its own: for hundreds of thousands of codes. */
export interface CodeProbe {
  /** Pairs of GTIN-14 and our product's id, in no order; a code that names several products comes several times. Ask for thousands at once: SQLite sorts them, and neighbours lie on the same page of the index. */
  byGtin(gtin14s: readonly string[]): readonly (readonly [gtin14: string, productId: string])[];
  close(): void;
}

/** Codes in one statement; SQLite takes 32,766 at most. */
const AT_ONCE = 5_000;

/** @param file the migrated database. It sees what was committed before each question. */
export function openCodeProbe(file: string): CodeProbe {
  const db = openReadConnection(file);
  // A third faster through the mapped file, but its pages would count as this process's memory without end.
  db.pragma('mmap_size = 0');
  const byGtin = db.prepare<(string | null)[], [string, string]>(`SELECT value, productId FROM "ProductIdentifier" WHERE kind = 'gtin' AND value IN (${Array.from({ length: AT_ONCE }, () => '?').join(', ')})`).raw();
  return {
    byGtin(gtin14s) {
      const found: [string, string][] = [];
      for (let at = 0; at < gtin14s.length; at += AT_ONCE) {
        const part: (string | null)[] = gtin14s.slice(at, at + AT_ONCE);
        while (part.length < AT_ONCE) part.push(null);
        for (const pair of byGtin.all(...part)) found.push(pair);
      }
      return found;
    },
    close: () => void db.close(),
  };
}
