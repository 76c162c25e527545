import type { Instant } from '#kernel/time.ts';
import type { Database } from '#runtime/ports.ts';

const AT_ONCE = 10_000;

/** How many of the products have facts of this vendor that are still fresh: nothing has to be asked about them. Read on the reader thread, for any number. */
export async function countFreshProducts(db: Database, { vendor, at }: { readonly vendor: string; readonly at: Instant }, productIds: readonly string[]): Promise<number> {
  let fresh = 0;
  for (let from = 0; from < productIds.length; from += AT_ONCE) {
    const [part] = await db.read<{ n: number }>(
      `SELECT count(*) AS n FROM json_each(?) w CROSS JOIN "MarketSnapshot" s ON s.productId = w.value AND s.vendor = ? WHERE s.expiresAt > ?`, [JSON.stringify(productIds.slice(from, from + AT_ONCE)), vendor, at]);
    fresh += part!.n;
  }
  return fresh;
}
