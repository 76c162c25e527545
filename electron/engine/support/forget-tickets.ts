/** Retention: closed tickets go when the rule's time is over, and nothing of them stays in the file. */
import { DAY_MS } from '#kernel/time.ts';
import type { EngineContext, Tx } from '#runtime/ports.ts';
import { readSetting } from '../settings/index.ts';
import { SUPPORT_POLICY } from './policy.ts';

const AT_ONCE = 500;

/** Messages and history go with their tickets. @returns how many. */
export async function deleteTickets(tx: Tx, where: NonNullable<Parameters<Tx['ticket']['deleteMany']>[0]>['where']): Promise<number> {
  await tx.$queryRawUnsafe('PRAGMA secure_delete = ON');
  const ids = (await tx.ticket.findMany({ where: where ?? {}, select: { id: true }, take: AT_ONCE })).map((row) => row.id);
  await tx.ticketMessage.deleteMany({ where: { ticketId: { in: ids } } });
  await tx.ticketEvent.deleteMany({ where: { ticketId: { in: ids } } });
  return (await tx.ticket.deleteMany({ where: { id: { in: ids } } })).count;
}

export async function forgetOldTickets(ctx: Pick<EngineContext, 'db' | 'clock' | 'audit'>): Promise<number> {
  const { keepDays } = (await readSetting(ctx.db, SUPPORT_POLICY)).value;
  const before = ctx.clock.now() - keepDays * DAY_MS;
  let gone = 0;
  for (;;) {
    const count = await ctx.db.transaction(async (tx) => {
      const deleted = await deleteTickets(tx, { state: 'closed', closedAt: { lt: before } });
      if (deleted > 0) await ctx.audit.append(tx, { actor: 'desk', channel: 'workflow', action: 'support.tickets-expired', data: { count: deleted, closedBefore: before, keepDays } });
      return deleted;
    });
    gone += count;
    if (count < AT_ONCE) break;
  }
  return gone;
}
