import type { Instant } from '#kernel/time.ts';
import { toNumber } from '#runtime/database.ts';
import type { Tx } from '#runtime/ports.ts';
import { unitsTaken } from '../inventory/index.ts';
import { saleRef } from './book-order.ts';
import { findOrders } from './repo.ts';

/** One order's part in a lot. */
export interface LotSale {
  readonly orderId: string;
  readonly channel: string;
  readonly externalId: string;
  readonly state: string;
  readonly quantity: number;
  /** Units that the lot had for it. */
  readonly taken: number;
  /** At the vendor. */
  readonly placedAt: Instant;
  /** When it was first read; null for orders from before this was kept. */
  readonly heardAt: Instant | null;
  readonly version: number;
}

/** Every order that was to be served from a lot. */
export async function salesOfLot(tx: Tx, lotId: string): Promise<LotSale[]> {
  const lines = await tx.orderLine.findMany({ where: { lotId }, select: { orderId: true }, take: 500 });
  const sales: LotSale[] = [];
  for (const order of await findOrders(tx, [...new Set(lines.map((line) => line.orderId))])) {
    const own = order.lines.filter((line) => line.lotId === lotId);
    let taken = 0;
    for (const line of own) taken += await unitsTaken(tx, lotId, saleRef(order.id, line.externalId));
    sales.push({
      orderId: order.id, channel: order.channel, externalId: order.externalId, state: order.state, quantity: own.reduce((sum, line) => sum + line.quantity, 0), taken, placedAt: toNumber(order.placedAt),
      heardAt: order.facts.heardAt ?? null, version: order.version,
    });
  }
  return sales;
}
