import { implement } from '@orpc/server';
import { declaredErrors } from '#contract/errors.ts';
import { ordersContract } from '#contract/selling.ts';
import { cancelOrder } from './cancel-order.ts';
import { doByHand, forgetByHand } from './do-by-hand.ts';
import type { OrdersDeps } from './deps.ts';
import { readOrderFacets } from './list-orders.ts';
import { readOrder, readOrders, rowOf } from './read-orders.ts';
import { refundOrder } from './refund-order.ts';
import { answerReturn } from './returns/answer-return.ts';
import { answerClaim } from './returns/answer-claim.ts';
import { recordClaim } from './returns/claim-by-hand.ts';
import { inspectReturned, returnable } from './returns/inspect-returned.ts';
import { loadOrder, shipOrder } from './ship-order.ts';
import { SYNC_ORDERS } from './sync-orders.ts';
import { waysOf } from './ways-of.ts';

export function createOrderProcedures(deps: OrdersDeps, person = 'owner') {
  const os = implement(ordersContract).use(declaredErrors);
  const { db, jobs } = deps.ctx;
  return os.router({
    list: os.list.handler(({ input }) => readOrders(deps.ctx, input)),
    facets: os.facets.handler(() => readOrderFacets(deps.ctx.db)),
    get: os.get.handler(async ({ input }) => {
      const order = await loadOrder(db.prisma, input.id);
      return { ...(await readOrder(deps.ctx, db.prisma, input.id)), ...waysOf(deps, order), toInspect: (await returnable(db.prisma, order)).map((one) => ({ ...one })) };
    }),
    ship: os.ship.handler(async ({ input }) => rowOf(deps.ctx.seal, await shipOrder(deps, input))),
    cancel: os.cancel.handler(async ({ input }) => rowOf(deps.ctx.seal, await cancelOrder(deps, { ...input, message: input.message ?? null, by: person }))),
    refund: os.refund.handler(async ({ input }) => rowOf(deps.ctx.seal, await refundOrder(deps, { ...input, by: person }))),
    byHand: os.byHand.handler(async ({ input }) => rowOf(deps.ctx.seal, await doByHand(deps, { ...input, by: person }))),
    forgetByHand: os.forgetByHand.handler(async ({ input }) => rowOf(deps.ctx.seal, await forgetByHand(deps, { ...input, by: person }))),
    answerReturn: os.answerReturn.handler(async ({ input }) => rowOf(deps.ctx.seal, await answerReturn(deps, { ...input, by: person }))),
    answerClaim: os.answerClaim.handler(async ({ input }) => rowOf(deps.ctx.seal, await answerClaim(deps, { ...input, by: person }))),
    claim: os.claim.handler(async ({ input }) => rowOf(deps.ctx.seal, await recordClaim(deps, { ...input, by: person }))),
    inspect: os.inspect.handler(async ({ input }) => rowOf(deps.ctx.seal, await inspectReturned(deps, { ...input, by: person }))),
    sync: os.sync.handler(async () => ({ jobId: await db.transaction((tx) => jobs.add(tx, { kind: SYNC_ORDERS, payload: {}, uniqueKey: SYNC_ORDERS })) })),
  });
}
