import { z } from 'zod';
import { moneySchema } from '#contract/shared.ts';
import { messageOf } from '#kernel/errors.ts';
import { maskText } from '#kernel/log.ts';
import { HOUR_MS } from '#kernel/time.ts';
import type { JobHandler, WorkflowDefinition } from '#runtime/ports.ts';
import { BY_HAND_WAIT_MS, BY_HAND_WORKFLOW, CANCEL_WORKFLOW, dueMarkets, fillOversold, endRefund, loadOrder, noteByHandUnseen, noteCancelRefused, noteShipmentRefused, onSource, payOut, REFUND_WORKFLOW, SHIP_WORKFLOW, SYNC_EVERY_MS, SYNC_ORDERS, SYNC_SEVERAL_EVERY_MS, syncClaims, syncOrders, syncReturns, takeReading, type OrdersDeps } from '../orders/index.ts';
import { awaitRefund } from './await-refund.ts';
import type { HearSales } from './list.ts';

const noPayload = z.strictObject({});
type NoPayload = z.infer<typeof noPayload>;
/** Without a channel: all that are connected, or `due` ones: those whose turn it is. */
const syncPayload = z.strictObject({ channel: z.string().optional(), due: z.boolean().optional() });
const CHANNELS_AT_ONCE = 5;

export const PAY_OUT = 'orders.pay-out';
export const PAY_OUT_EVERY_MS = 24 * HOUR_MS;

/** One channel at a time, each in a job of its own: a channel that is down or asks to wait holds up no other. */
export function syncOrdersJob(deps: OrdersDeps): JobHandler<z.infer<typeof syncPayload>> {
  const { db, jobs } = deps.ctx;
  return {
    kind: SYNC_ORDERS, payload: syncPayload, concurrency: CHANNELS_AT_ONCE,
    run: async ({ channel, due = false }, job) => {
      const markets = channel !== undefined ? [channel] : due ? await dueMarkets(deps) : deps.sources.connected().map((source) => source.market);
      const [only] = markets;
      if (markets.length === 1 && only !== undefined) {
        await syncOrders(onSource(deps, only), job);
        await syncReturns(onSource(deps, only), job.signal);
        await syncClaims(onSource(deps, only), job.signal);
      }
      else await db.transaction(async (tx) => {
        for (const market of markets) await jobs.add(tx, { kind: SYNC_ORDERS, payload: { channel: market }, uniqueKey: `${SYNC_ORDERS}:${market}` });
      });
    },
  };
}

/** Takes in what a market sold up to now; false where its orders can't be read. */
export function hearSales(deps: OrdersDeps): HearSales {
  return async (market, signal) => {
    if (!deps.sources.connected().some((source) => source.market === market)) return false;
    await syncOrders(onSource(deps, market), { signal, progress: () => undefined });
    return true;
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

const cancelInput = z.strictObject({ orderId: z.string(), message: z.string() });

/** Cancels an order at its channel, and takes in what the channel then shows: units come back, and an earlier order that waits for them gets them. */
export function cancelWorkflow(deps: OrdersDeps): WorkflowDefinition<z.infer<typeof cancelInput>> {
  return {
    kind: CANCEL_WORKFLOW,
    input: cancelInput,
    async run(run, input) {
      const order = await loadOrder(deps.ctx.db.prisma, input.orderId);
      const here = onSource(deps, order.channel);
      await run.effect('cancel', {
        output: z.strictObject({ existed: z.boolean() }),
        call: () => here.source.cancelOrder!(order.externalId, { reason: 'out-of-stock', message: input.message }, run.signal),
        // The port asks the channel itself whether the order is cancelled already.
        reconcile: () => Promise.resolve('absent' as const),
      });
      await run.step('read-back', z.null(), async () => {
        const reading = await here.source.order(order.externalId, run.signal);
        if (reading) await takeReading(here, reading);
        return null;
      });
    },
    failed: (tx, input, error) => noteCancelRefused(deps, tx, input.orderId, maskText(messageOf(error)).slice(0, 500)),
  };
}

const refundInput = z.strictObject({ orderId: z.string(), reference: z.string(), amount: moneySchema, message: z.string() });

/** Gives money back at the order's channel under a reference that was stored before, and takes in what the channel then shows: that is what is booked. */
export function refundWorkflow(deps: OrdersDeps): WorkflowDefinition<z.infer<typeof refundInput>> {
  const { prisma } = deps.ctx.db;
  return {
    kind: REFUND_WORKFLOW,
    input: refundInput,
    async run(run, { orderId, ...refund }) {
      const order = await loadOrder(prisma, orderId);
      const here = onSource(deps, order.channel);
      // Kept before the call: a channel without references tells ours by what was not there.
      const known = await run.step('known', z.array(z.string()), async () => ((await here.source.order(order.externalId, run.signal))?.refunds ?? []).map((made) => made.refundId));
      const { refundId } = await run.effect('refund', {
        output: z.strictObject({ refundId: z.string(), existed: z.boolean() }),
        call: () => here.source.refundOrder!(order.externalId, { ...refund, known }, run.signal),
        // The port looks for the reference at the channel before it gives anything.
        reconcile: () => Promise.resolve('absent' as const),
      });
      const outcome = await awaitRefund(deps, run, { here, externalId: order.externalId, refundId });
      await run.transact('settled', z.null(), async (tx) => (await endRefund(deps, tx, orderId, outcome === 'failed' ? `it was taken and then not carried out (${refundId}); look at the order there` : null), null));
    },
    failed: (tx, input, error) => endRefund(deps, tx, input.orderId, maskText(messageOf(error)).slice(0, 500)),
  };
}

const byHandInput = z.strictObject({ orderId: z.string(), at: z.int() });

/** Waits for what a person does on the channel's page; reads the order once more before it complains. */
export function byHandWorkflow(deps: OrdersDeps): WorkflowDefinition<z.infer<typeof byHandInput>> {
  const { prisma } = deps.ctx.db;
  return {
    kind: BY_HAND_WORKFLOW,
    input: byHandInput,
    async run(run, input) {
      await run.waitUntil('shown', input.at + BY_HAND_WAIT_MS);
      const { channel, externalId, facts } = await loadOrder(prisma, input.orderId);
      if (facts.byHand?.at !== input.at) return;
      await run.step('read-back', z.null(), async () => {
        const here = onSource(deps, channel);
        const reading = await here.source.order(externalId, run.signal);
        if (reading) await takeReading(here, reading);
        return null;
      });
      await run.transact('unseen', z.null(), async (tx) => (await noteByHandUnseen(deps, tx, input), null));
    },
    failed: (tx, input) => noteByHandUnseen(deps, tx, input),
  };
}

/** Units that came back go to the orders that still wait for them, before they are offered again. */
export function serveWaitingOrders(deps: OrdersDeps): void {
  deps.ctx.outbox.subscribe('stock.returned', async ({ id }) => {
    if (id !== null) await deps.ctx.db.transaction((tx) => fillOversold(deps, tx, id));
  });
}

/** Turns of the two jobs that run by the clock. */
export async function scheduleSelling(deps: OrdersDeps): Promise<void> {
  // With one stock on several channels each minute counts: what sold on one has to leave the others.
  const everyMs = deps.sources.connected().length > 1 ? SYNC_SEVERAL_EVERY_MS : SYNC_EVERY_MS;
  await deps.ctx.jobs.schedule(SYNC_ORDERS, { everyMs, jobKind: SYNC_ORDERS, payload: { due: true } });
  await deps.ctx.jobs.schedule(PAY_OUT, { everyMs: PAY_OUT_EVERY_MS, jobKind: PAY_OUT, payload: {} });
}
