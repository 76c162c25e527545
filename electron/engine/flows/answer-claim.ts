import { z } from 'zod';
import { messageOf } from '#kernel/errors.ts';
import { maskText } from '#kernel/log.ts';
import type { WorkflowDefinition } from '#runtime/ports.ts';
import { ANSWER_CLAIM_WORKFLOW, endClaimAnswer, loadOrder, onSource, readClaims, takeClaim, takeReading, type OrdersDeps } from '../orders/index.ts';
import { awaitRefund } from './await-refund.ts';

const shipment = z.strictObject({ carrier: z.string(), trackingNumber: z.string(), shippedAt: z.int() });
const input = z.strictObject({ orderId: z.string(), claimId: z.string(), answer: z.enum(['tracking', 'refund', 'escalate']), message: z.string(), shipment: shipment.nullable() });

/** Answers a claim at its channel, and takes in what the channel then shows of the order and of the claim. Money that it gives back is waited for: until it has come, nothing else moves the order's money. */
export function answerClaimWorkflow(deps: OrdersDeps): WorkflowDefinition<z.infer<typeof input>> {
  const { db } = deps.ctx;
  return {
    kind: ANSWER_CLAIM_WORKFLOW, input,
    async run(run, { orderId, claimId, answer, message, shipment: sent }) {
      const order = await loadOrder(db.prisma, orderId);
      const here = onSource(deps, order.channel);
      const refunds = async () => ((await here.source.order(order.externalId, run.signal))?.refunds ?? []).map((made) => made.refundId);
      // Kept before the call: a refund that was not there then was ours.
      const known = await run.step('known', z.array(z.string()), refunds);
      await run.effect('answer-claim', {
        output: z.strictObject({ existed: z.boolean() }),
        call: () => here.source.answerClaim!({ claimId, orderId: order.externalId }, { answer, message, shipment: sent, known }, run.signal),
        // The port asks the channel itself whether it still waits for the answer.
        reconcile: () => Promise.resolve('absent' as const),
      });
      const made = answer === 'refund' ? await run.step('made', z.string().nullable(), async () => (await refunds()).find((id) => !known.includes(id)) ?? null) : null;
      const outcome = made === null ? 'done' : await awaitRefund(deps, run, { here, externalId: order.externalId, refundId: made });
      await run.step('claim-read-back', z.null(), async () => {
        const reading = await here.source.order(order.externalId, run.signal);
        if (reading) await takeReading(here, reading);
        const shown = (await readClaims(here, run.signal))?.find((one) => one.claimId === claimId);
        if (shown) await db.transaction(async (tx) => takeClaim(here, tx, await loadOrder(tx, orderId), shown));
        return null;
      });
      await run.transact('settled', z.null(), async (tx) => (await endClaimAnswer(deps, tx, { orderId, claimId, refused: outcome === 'failed' ? `the refund was taken and then not carried out (${made}); look at the order there` : null }), null));
    },
    failed: (tx, given, error) => endClaimAnswer(deps, tx, { orderId: given.orderId, claimId: given.claimId, refused: maskText(messageOf(error)).slice(0, 500) }),
  };
}
