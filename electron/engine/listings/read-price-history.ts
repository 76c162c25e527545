import { z } from 'zod';
import { moneySchema } from '#contract/shared.ts';
import type { Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import { toNumber } from '#runtime/database.ts';
import type { Tx } from '#runtime/ports.ts';

/** What happened to a listing's price, and what sold, by its own timeline. */
export interface PriceHistory {
  /** Prices in time order, the first one included. */
  readonly prices: readonly { readonly at: Instant; readonly price: Money }[];
  readonly sold: readonly { readonly at: Instant; readonly units: number }[];
  /** Units sold through the listing ever, whatever `since`: a difference of two readings misses no sale and counts none twice. */
  readonly soldEver: number;
  /** Times that the channel was told of a change. */
  readonly revisedAt: readonly Instant[];
  /** When its quantity last changed, by a sale here or elsewhere or by a count; null: never. */
  readonly stockMovedAt: Instant | null;
}

const first = z.looseObject({ price: moneySchema });
const changed = z.looseObject({ to: moneySchema });
const floor = z.looseObject({ priceTo: moneySchema });
const sold = z.looseObject({ units: z.int() });
const KINDS = ['draft', 'price', 'floor', 'sold', 'revised', 'stock', 'sold-out'];
const MOVES_STOCK: ReadonlySet<string> = new Set(['sold', 'stock', 'sold-out']);

/** @param since events before it are left out, but for the price that held then */
export async function readPriceHistory(tx: Tx, listingId: string, since: Instant): Promise<PriceHistory> {
  const rows = await tx.listingEvent.findMany({ where: { listingId, kind: { in: KINDS } }, orderBy: [{ at: 'asc' }, { id: 'asc' }] });
  const prices: { at: Instant; price: Money }[] = [];
  const units: { at: Instant; units: number }[] = [];
  const revisedAt: Instant[] = [];
  let soldEver = 0;
  for (const row of rows) {
    const at = toNumber(row.at);
    const data: unknown = JSON.parse(row.data);
    const price = row.kind === 'draft' ? first.safeParse(data).data?.price : row.kind === 'price' ? changed.safeParse(data).data?.to : row.kind === 'floor' ? floor.safeParse(data).data?.priceTo : undefined;
    if (price) prices.push({ at, price });
    // The sale that took the last unit is told as `sold-out`; one on another channel tells no units here.
    const bySale = row.kind === 'sold' || row.kind === 'sold-out' ? (sold.safeParse(data).data?.units ?? 0) : 0;
    soldEver += bySale;
    if (bySale > 0 && at > since) units.push({ at, units: bySale });
    if (['revised', 'price', 'stock'].includes(row.kind) && at > since) revisedAt.push(at);
  }
  const before = prices.findLastIndex((entry) => entry.at <= since);
  const stockMoved = rows.findLast((row) => MOVES_STOCK.has(row.kind));
  return { prices: prices.slice(Math.max(0, before)), sold: units, soldEver, revisedAt, stockMovedAt: stockMoved ? toNumber(stockMoved.at) : null };
}
