import { toIso } from '#kernel/time.ts';
import type { EngineContext, Tx } from '#runtime/ports.ts';
import { readOrder } from '../orders/index.ts';

/** What an order keeps of a buyer who was erased. */
export const ERASED_BUYER = { buyerName: null, buyerWords: null } as const;

export async function findOrderDetails(ctx: EngineContext, tx: Tx, ids: readonly string[]): Promise<Record<string, unknown>[]> {
  const found = [];
  for (const id of ids) {
    const order = await readOrder(ctx, tx, id);
    found.push({ id, channel: order.channel, number: order.externalId, state: order.state, buyerName: order.buyerName, total: order.total, placedAt: toIso(order.placedAt), shippedAt: order.shippedAt === null ? null : toIso(order.shippedAt), tracking: order.tracking, items: order.lines.map((line) => ({ title: line.title, quantity: line.quantity })) });
  }
  return found;
}
