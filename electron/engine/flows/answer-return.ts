import { z } from 'zod';
import { moneySchema } from '#contract/shared.ts';
import { messageOf } from '#kernel/errors.ts';
import { maskText } from '#kernel/log.ts';
import { DAY_MS } from '#kernel/time.ts';
import type { WorkflowDefinition } from '#runtime/ports.ts';
import { ANSWER_RETURN_WORKFLOW, endReturnAnswer, loadOrder, onSource, takeReading, takeReturn, type OrdersDeps } from '../orders/index.ts';

const input = z.strictObject({ orderId: z.string(), returnId: z.string(), answer: z.enum(['approve', 'refund']), amount: moneySchema.nullable() });
/** Of the channel's returns; the answered one is a recent one. */
const LOOK_BACK_MS = 90 * DAY_MS;

/** Answers a return at its channel, and takes in what the channel then shows of the order and of the return. */
export function answerReturnWorkflow(deps: OrdersDeps): WorkflowDefinition<z.infer<typeof input>> {
  const { db, clock } = deps.ctx;
  return {
    kind: ANSWER_RETURN_WORKFLOW, input,
    async run(run, { orderId, returnId, answer, amount }) {
      const order = await loadOrder(db.prisma, orderId);
      const here = onSource(deps, order.channel);
      await run.effect('answer', {
        output: z.strictObject({ existed: z.boolean() }),
        call: () => here.source.answerReturn!(returnId, { answer, amount }, run.signal),
        // The port asks the channel itself whether it still waits for the answer.
        reconcile: () => Promise.resolve('absent' as const),
      });
      await run.step('read-back', z.null(), async () => {
        const reading = await here.source.order(order.externalId, run.signal);
        if (reading) await takeReading(here, reading);
        const shown = (await here.source.returns?.({ openedFrom: clock.now() - LOOK_BACK_MS, signal: run.signal }))?.find((one) => one.returnId === returnId);
        if (shown) await db.transaction((tx) => takeReturn(here, tx, shown));
        return null;
      });
      await run.transact('settled', z.null(), async (tx) => (await endReturnAnswer(deps, tx, { orderId, refused: null }), null));
    },
    failed: (tx, given, error) => endReturnAnswer(deps, tx, { orderId: given.orderId, refused: maskText(messageOf(error)).slice(0, 500) }),
  };
}
