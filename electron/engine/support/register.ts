import { z } from 'zod';
import { DAY_MS, MINUTE_MS } from '#kernel/time.ts';
import { ANSWER_TICKET, answerTicket } from './answer-ticket.ts';
import type { SupportDeps } from './deps.ts';
import { forgetOldTickets } from './forget-tickets.ts';
import { orderMessageWorkflow } from './order-messages/index.ts';
import { pollTickets } from './poll-channels.ts';
import { sendReplyWorkflow } from './send-reply.ts';

export const POLL_TICKETS = 'support.poll';
export const FORGET_TICKETS = 'support.forget';
const POLL_EVERY_MS = 5 * MINUTE_MS;

export function registerSupport(deps: SupportDeps): void {
  const { jobs, workflows } = deps.ctx;
  workflows.define(sendReplyWorkflow(deps));
  workflows.define(orderMessageWorkflow(deps));
  jobs.register({ kind: ANSWER_TICKET, payload: z.strictObject({ id: z.string() }), run: ({ id }, { signal }) => answerTicket(deps, id, signal) });
  jobs.register({ kind: POLL_TICKETS, payload: z.strictObject({}), run: (_, { signal }) => pollTickets(deps, signal) });
  jobs.register({ kind: FORGET_TICKETS, payload: z.strictObject({}), run: async () => void (await forgetOldTickets(deps.ctx)) });
}

export async function scheduleSupport({ ctx }: SupportDeps, everyMs = POLL_EVERY_MS): Promise<void> {
  await ctx.jobs.schedule(POLL_TICKETS, { everyMs, jobKind: POLL_TICKETS, payload: {} });
  await ctx.jobs.schedule(FORGET_TICKETS, { everyMs: DAY_MS, jobKind: FORGET_TICKETS, payload: {} });
}
