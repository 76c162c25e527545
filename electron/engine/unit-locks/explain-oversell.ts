import type { z } from 'zod';
import type { oversell } from '#contract/unit-locks.ts';
import type { Tx } from '#runtime/ports.ts';
import { findListings } from '../listings/index.ts';
import { loadOrder, salesOfLot, type LotSale } from '../orders/index.ts';
import type { UnitLock } from './lock.ts';
import { locksOfLot } from './repo.ts';

export type Oversell = z.infer<typeof oversell>;
type Verdict = Oversell['verdict'];

/**
 * More was sold of a lot than there was: every sale of it in the order in which the vendors made them, and which of them could not have been stopped. Null where the order is not
 * oversold. The order to cancel is the latest at the vendors that has not been sent.
 */
export async function explainOversell(tx: Tx, orderId: string): Promise<Oversell | null> {
  const order = await loadOrder(tx, orderId);
  const problem = order.facts.problems.find((found) => found.code === 'order.oversold');
  const line = order.lines.find((candidate) => candidate.lotId !== null && (problem?.data?.['sku'] === undefined || candidate.sku === problem.data['sku']));
  if (!problem || !line || line.lotId === null) return null;
  const [sales, locks] = await Promise.all([salesOfLot(tx, line.lotId), locksOfLot(tx, line.lotId)]);
  const live = sales.filter((sale) => sale.state !== 'cancelled').toSorted((a, b) => a.placedAt - b.placedAt || (a.orderId < b.orderId ? -1 : 1));
  const last = live.findLast((sale) => sale.state === 'paid') ?? null;
  const listings = await findListings(tx, [...new Set(locks.map((lock) => lock.listingId))]);
  return {
    orderId, lotId: line.lotId, sku: line.sku, title: line.title, had: live.reduce((sum, sale) => sum + sale.taken, 0), sold: live.reduce((sum, sale) => sum + sale.quantity, 0),
    sales: live.map((sale) => ({ ...sale, locks: locks.filter((lock) => lock.orderId === sale.orderId).map((lock) => ({ channel: lock.channel, heardAt: lock.heardAt, firstCallAt: lock.firstCallAt, toldAt: lock.toldAt, provedAt: lock.provedAt })) })),
    verdict: verdictOf(live, locks, last), cancelOrderId: last?.orderId ?? null, channels: listings.map((listing) => listing.channel),
  };
}

/** Why the latest sale could be made: what we knew, and had said to its channel, when it was. */
function verdictOf(sales: readonly LotSale[], locks: readonly UnitLock[], last: LotSale | null): Verdict {
  const latest = last ?? sales.at(-1);
  const earlier = latest ? sales.filter((sale) => sale !== latest) : [];
  if (!latest || earlier.length === 0) return 'miscounted';
  if (earlier.some((sale) => sale.channel === latest.channel) && earlier.every((sale) => sale.channel === latest.channel)) return 'channel-oversold';
  const toItsChannel = locks.filter((lock) => lock.channel === latest.channel && earlier.some((sale) => sale.orderId === lock.orderId) && lock.quantity === 0);
  const lock = toItsChannel[0];
  if (!lock || latest.placedAt <= lock.heardAt) return 'before-heard';
  if (lock.firstCallAt === null || latest.placedAt <= lock.firstCallAt) return 'before-called';
  if (lock.toldAt === null || latest.placedAt <= lock.toldAt) return 'before-told';
  return 'after-told';
}
