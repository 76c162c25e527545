import { z } from 'zod';
import { messageOf } from '#kernel/errors.ts';
import { maskText } from '#kernel/log.ts';
import { HOUR_MS } from '#kernel/time.ts';
import type { JobHandler, WorkflowDefinition } from '#runtime/ports.ts';
import { loadOrder, noteShipmentRefused, onSource, payOut, SHIP_WORKFLOW, SYNC_EVERY_MS, SYNC_ORDERS, syncOrders, type OrdersDeps } from '../orders/index.ts';

const noPayload = z.strictObject({});
type NoPayload = z.infer<typeof noPayload>;
/** Without a channel: all that are connected. */
const syncPayload = z.strictObject({ channel: z.string().optional() });
const CHANNELS_AT_ONCE = 5;

export const PAY_OUT = 'orders.pay-out';
export const PAY_OUT_EVERY_MS = 24 * HOUR_MS;

/** One channel at a time, each in a job of its own: a channel that is down or asks to wait holds up no other. */
export function syncOrdersJob(deps: OrdersDeps): JobHandler<z.infer<typeof syncPayload>> {
  const { db, jobs } = deps.ctx;
  return {
    kind: SYNC_ORDERS, payload: syncPayload, concurrency: CHANNELS_AT_ONCE,
    run: async ({ channel }, job) => {
      const markets = channel === undefined ? deps.sources.connected().map((source) => source.market) : [channel];
      const [only] = markets;
      if (markets.length === 1 && only !== undefined) await syncOrders(onSource(deps, only), job);
      else await db.transaction(async (tx) => {
        for (const market of markets) await jobs.add(tx, { kind: SYNC_ORDERS, payload: { channel: market }, uniqueKey: `${SYNC_ORDERS}:${market}` });
      });
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
      const source = deps.sources.get(order.channel);
      if (!source) return;
      await run.effect('mark-shipped', {
        output: z.strictObject({ shipmentId: z.string() }),
        call: async () => {
          const lines = order.lines.map((line) => ({ lineId: line.externalId, quantity: line.quantity }));
          const { shipmentId } = await source.markShipped(order.externalId, { lines, carrier: input.carrier, trackingNumber: input.tracking, shippedAt: input.shippedAt }, run.signal);
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
