import { MINUTE_MS } from '#kernel/time.ts';
import { z } from 'zod';
import { expireWaiting } from '../../purchasing/index.ts';
import { registerAudit, scheduleAudit } from './audit.ts';
import { registerChat } from './chat-bot.ts';
import type { ApprovalsDeps } from './deps.ts';

export { cardText, listenToChat, pollChat, syncCards, type RunningChat } from './chat-bot.ts';
export { decide } from './decide.ts';
export type { ApprovalsDeps, HeadMemory, RememberedHead } from './deps.ts';
export { createApprovalProcedures } from './procedures.ts';
export { readInbox } from './read-inbox.ts';
export { readLimitHistory } from './read-limit-history.ts';
export { replayApproval } from './replay-approval.ts';
export { readHeldBack, setKillSwitch } from './set-kill-switch.ts';
export { exportAuditHead, verifyAudit } from './audit.ts';

const EXPIRE_JOB = 'approvals.expire';

export function registerApprovals(deps: ApprovalsDeps): void {
  registerAudit(deps);
  registerChat(deps);
  deps.ctx.jobs.register({ kind: EXPIRE_JOB, payload: z.null(), run: async () => void (await expireWaiting(deps.purchasing)) });
}

export async function scheduleApprovals(deps: ApprovalsDeps): Promise<void> {
  await scheduleAudit(deps);
  await deps.ctx.jobs.schedule(EXPIRE_JOB, { everyMs: 5 * MINUTE_MS, jobKind: EXPIRE_JOB, payload: null });
}
