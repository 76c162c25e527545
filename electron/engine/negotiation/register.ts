import { z } from 'zod';
import { MINUTE_MS } from '#kernel/time.ts';
import type { NegotiationDeps } from './deps.ts';
import { pollChannels } from './receive-text.ts';
import { sendWorkflow } from './send-text.ts';
import { TALK_DUE } from './shift-talk.ts';
import { stepTalk } from './step-talk.ts';

export const POLL_CHANNELS = 'negotiation.poll';
const POLL_EVERY_MS = 2 * MINUTE_MS;

export function registerNegotiation(deps: NegotiationDeps): void {
  const { jobs, workflows } = deps.ctx;
  workflows.define(sendWorkflow(deps));
  jobs.register({ kind: TALK_DUE, payload: z.strictObject({ id: z.string() }), run: ({ id }, { signal }) => stepTalk(deps, id, signal) });
  jobs.register({ kind: POLL_CHANNELS, payload: z.strictObject({}), run: (_, { signal }) => pollChannels(deps, signal) });
}

export async function scheduleNegotiation(deps: NegotiationDeps, everyMs = POLL_EVERY_MS): Promise<void> {
  await deps.ctx.jobs.schedule(POLL_CHANNELS, { everyMs, jobKind: POLL_CHANNELS, payload: {} });
}
