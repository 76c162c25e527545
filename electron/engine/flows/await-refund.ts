import { z } from 'zod';
import { DAY_MS, MINUTE_MS } from '#kernel/time.ts';
import type { WorkflowRun } from '#runtime/ports.ts';
import { takeReading, type OnSource, type OrdersDeps } from '../orders/index.ts';

/** A channel that carries refunds out later is asked again so often, and no longer than so. */
const REFUND_LOOK_MS = 10 * MINUTE_MS;
const REFUND_LONGEST_MS = 14 * DAY_MS;

const seenSchema = z.enum(['done', 'pending', 'gone']).nullable();

/** Reads the order until the channel has carried the refund out. One that was pending and is no longer listed has failed. */
export async function awaitRefund(deps: OrdersDeps, run: WorkflowRun, given: { readonly here: OnSource; readonly externalId: string; readonly refundId: string }): Promise<'done' | 'failed'> {
  const { here, externalId, refundId } = given;
  const read = async () => {
    const reading = await here.source.order(externalId, run.signal);
    if (reading) await takeReading(here, reading);
    const made = reading?.refunds.find((refund) => refund.refundId === refundId);
    return made ? (made.pending ? ('pending' as const) : ('done' as const)) : ('gone' as const);
  };
  // what is not listed at once goes by another name there
  if ((await run.step('read-back', seenSchema, read)) !== 'pending') return 'done';
  const since = await run.step('pending-since', z.int(), () => Promise.resolve(deps.ctx.clock.now()));
  for (let look = 1; look * REFUND_LOOK_MS <= REFUND_LONGEST_MS; look++) {
    await run.waitUntil(`refund-${look}`, since + look * REFUND_LOOK_MS);
    const seen = await run.step(`read-back-${look}`, seenSchema, read);
    if (seen !== 'pending') return seen === 'done' ? 'done' : 'failed';
  }
  return 'failed';
}
