import { cancellingWorkflow } from './cancel-shipment.ts';
import { confirmingWorkflow } from './confirm-choice.ts';
import type { InboundDeps } from './deps.ts';
import { placingWorkflow } from './find-placements.ts';
import { UNDER_WAY } from './machine.ts';
import { planningWorkflow } from './make-plan.ts';
import { shipmentsIn } from './repo.ts';
import { reportingWorkflow } from './report-sent.ts';
import { TRACK_INBOUND, TRACK_INBOUND_EVERY_MS, trackInboundJob } from './track-shipments.ts';

/** Before `jobs.start()`. */
export function registerInbound(deps: InboundDeps): void {
  for (const workflow of [planningWorkflow, placingWorkflow, confirmingWorkflow, reportingWorkflow, cancellingWorkflow]) deps.ctx.workflows.define(workflow(deps));
  deps.ctx.jobs.register(trackInboundJob(deps));
  deps.ctx.outbox.subscribe('inbound-shipment.sent', () => scheduleInbound(deps));
}

/** Nothing is asked of anybody before something was sent. */
export async function scheduleInbound({ ctx }: InboundDeps): Promise<void> {
  if ((await shipmentsIn(ctx.db.prisma, UNDER_WAY)).length > 0) await ctx.jobs.schedule(TRACK_INBOUND, { everyMs: TRACK_INBOUND_EVERY_MS, jobKind: TRACK_INBOUND, payload: {} });
}
