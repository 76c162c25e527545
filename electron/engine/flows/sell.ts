import { z } from 'zod';
import { messageOf } from '#kernel/errors.ts';
import { maskText } from '#kernel/log.ts';
import { HOUR_MS } from '#kernel/time.ts';
import type { JobHandler, WorkflowDefinition } from '#runtime/ports.ts';
import { loadOrder, noteShipmentRefused, payOut, SHIP_WORKFLOW, SYNC_EVERY_MS, SYNC_ORDERS, syncOrders, type OrdersDeps } from '../orders/index.ts';

const noPayload = z.strictObject({});
type NoPayload = z.infer<typeof noPayload>;

export const PAY_OUT = 'orders.pay-out';
export const PAY_OUT_EVERY_MS = 24 * HOUR_MS;

export function syncOrdersJob(deps: OrdersDeps): JobHandler<NoPayload> {
  return {
    kind: SYNC_ORDERS, payload: noPayload,
    run: async (_payload, job) => {
      await syncOrders(deps, job);
    },
  };
}

export function payOutJob(deps: OrdersDeps): JobHandler<NoPayload> {
  return {
    kind: PAY_OUT, payload: noPayload,
    run: async () => {
      await payOut(deps);
    },
  };
}

const shipInput = z.strictObject({ orderId: z.string(), carrier: z.string(), tracking: z.string(), shippedAt: z.int() });

/** Tells the channel that an order was sent. */
export function shipWorkflow(deps: OrdersDeps): WorkflowDefinition<z.infer<typeof shipInput>> {
  return {
    kind: SHIP_WORKFLOW,
    input: shipInput,
    async run(run, input) {
      const order = await loadOrder(deps.ctx.db.prisma, input.orderId);
      // a direct sale has no channel that has to hear of it
      if (order.channel !== deps.source.market) return;
      await run.effect('mark-shipped', {
        output: z.strictObject({ shipmentId: z.string() }),
        call: async () => {
          const lines = order.lines.map((line) => ({ lineId: line.externalId, quantity: line.quantity }));
          const { shipmentId } = await deps.source.markShipped(order.externalId, { lines, carrier: input.carrier, trackingNumber: input.tracking, shippedAt: input.shippedAt }, run.signal);
          return { shipmentId };
        },
        // The port asks the channel itself whether this tracking number stands already.
        reconcile: () => Promise.resolve('absent' as const),
      });
    },
    failed: (tx, input, error) => noteShipmentRefused(deps, tx, input.orderId, maskText(messageOf(error)).slice(0, 500)),
  };
}

/** Turns of the two jobs that run by the clock. */
export async function scheduleSelling(deps: OrdersDeps): Promise<void> {
  await deps.ctx.jobs.schedule(SYNC_ORDERS, { everyMs: SYNC_EVERY_MS, jobKind: SYNC_ORDERS, payload: {} });
  await deps.ctx.jobs.schedule(PAY_OUT, { everyMs: PAY_OUT_EVERY_MS, jobKind: PAY_OUT, payload: {} });
}
