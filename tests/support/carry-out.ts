import { readOrders, shipOrder } from '#engine/orders/index.ts';
import { approveOpportunity, readPurchases, receivePurchase } from '#engine/purchasing/index.ts';
import { HOUR_MS } from '#kernel/time.ts';
import type { TradeDesk } from './trade-desk.ts';

async function receiveAll(desk: TradeDesk): Promise<void> {
  for (const purchase of (await readPurchases(desk.ctx.db, { limit: 10, state: 'confirmed' })).items) {
    await receivePurchase(desk.trade.purchasing, { id: purchase.id, version: purchase.version, units: purchase.units, damaged: 0 });
  }
}

async function shipAll(desk: TradeDesk): Promise<void> {
  for (const order of (await readOrders(desk.ctx, { limit: 50, state: 'paid' })).items) {
    await shipOrder(desk.trade.orders, { id: order.id, version: order.version, carrier: 'USPS', tracking: `9400${order.externalId.replace(/\D/g, '')}` });
  }
}

/**
 * What a person and the clock do from approval to payout: receives what was bought, ships what was sold, and lets days pass. Done again on a desk that
 * was killed on the way, it goes on where that was.
 */
export async function carryOut(desk: TradeDesk, opportunityId: string, advance: (ms: number) => Promise<void>): Promise<void> {
  await approveOpportunity(desk.trade.purchasing, { id: opportunityId, version: 1, approvedBy: 'test' });
  await desk.settle();
  await receiveAll(desk);
  await desk.settle();
  for (let hour = 0; hour < 24 * 30 && (await readOrders(desk.ctx, { limit: 1, state: 'shipped' })).items.length === 0; hour += 6) {
    await advance(6 * HOUR_MS);
    await desk.settle(0);
    await shipAll(desk);
    await desk.settle();
  }
  for (let day = 0; day < 5; day++) {
    await advance(24 * HOUR_MS);
    await desk.settle(0);
  }
  await shipAll(desk);
  await desk.settle();
}
