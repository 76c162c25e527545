import { implement } from '@orpc/server';
import { declaredErrors } from '#contract/errors.ts';
import { ordersContract } from '#contract/selling.ts';
import type { Order } from './order.ts';
import { cancelOrder } from './cancel-order.ts';
import type { OrdersDeps } from './deps.ts';
import { readOrder, readOrders, rowOf } from './read-orders.ts';
import { refundable, refundOrder } from './refund-order.ts';
import { loadOrder, shipOrder } from './ship-order.ts';
import { SYNC_ORDERS } from './sync-orders.ts';

const refundView = (deps: OrdersDeps, order: Order) => ({ refundable: refundable(deps, order), refunding: order.facts.refunding === true });

export function createOrderProcedures(deps: OrdersDeps, person = 'owner') {
  const os = implement(ordersContract).use(declaredErrors);
  const { db, jobs } = deps.ctx;
  return os.router({
    list: os.list.handler(({ input }) => readOrders(deps.ctx, db.prisma, input)),
    get: os.get.handler(async ({ input }) => ({ ...(await readOrder(deps.ctx, db.prisma, input.id)), ...refundView(deps, await loadOrder(db.prisma, input.id)) })),
    ship: os.ship.handler(async ({ input }) => rowOf(deps.ctx.seal, await shipOrder(deps, input))),
    cancel: os.cancel.handler(async ({ input }) => rowOf(deps.ctx.seal, await cancelOrder(deps, { ...input, by: person }))),
    refund: os.refund.handler(async ({ input }) => rowOf(deps.ctx.seal, await refundOrder(deps, { ...input, by: person }))),
    sync: os.sync.handler(async () => ({ jobId: await db.transaction((tx) => jobs.add(tx, { kind: SYNC_ORDERS, payload: {}, uniqueKey: SYNC_ORDERS })) })),
  });
}
