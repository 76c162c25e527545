/** Retention: closed tickets, and settled messages about orders, go when the rule's time is over, and nothing of them stays in the file. */
import { DAY_MS } from '#kernel/time.ts';
import type { EngineContext, Tx } from '#runtime/ports.ts';
import { readSetting } from '../settings/index.ts';
import { forgetOrderMessages } from './order-messages/index.ts';
import { SUPPORT_POLICY } from './policy.ts';

const AT_ONCE = 500;

const forgottenMark = ({ seal }: Pick<EngineContext, 'seal'>, channel: string, externalId: string) => `forgotten.${seal.mark(`inbound:${channel}`, externalId)}`;

/** The vendors still list what was erased here, and are asked from a little before the newest: it must not come in again. */
export const isForgotten = async (ctx: Pick<EngineContext, 'seal'>, tx: Tx, channel: string, externalId: string): Promise<boolean> =>
  (await tx.inboundText.findUnique({ where: { channel_externalId: { channel, externalId: forgottenMark(ctx, channel, externalId) } }, select: { channel: true } })) !== null;

/** Messages and history go with their tickets; of what came in a keyed hash of its number stays. @returns how many. */
export async function deleteTickets(ctx: Pick<EngineContext, 'seal' | 'clock'>, tx: Tx, where: NonNullable<Parameters<Tx['ticket']['deleteMany']>[0]>['where']): Promise<number> {
  await tx.$queryRawUnsafe('PRAGMA secure_delete = ON');
  const ids = (await tx.ticket.findMany({ where: where ?? {}, select: { id: true }, take: AT_ONCE })).map((row) => row.id);
  const received = await tx.ticketMessage.findMany({ where: { ticketId: { in: ids }, direction: 'in', externalId: { not: null } }, select: { channel: true, externalId: true } });
  for (const { channel, externalId } of received) {
    const key = { channel, externalId: forgottenMark(ctx, channel, externalId!) };
    await tx.inboundText.upsert({ where: { channel_externalId: key }, update: {}, create: { ...key, sender: '', subject: null, text: '', negotiationId: null, receivedAt: ctx.clock.now() } });
  }
  await tx.ticketMessage.deleteMany({ where: { ticketId: { in: ids } } });
  await tx.ticketEvent.deleteMany({ where: { ticketId: { in: ids } } });
  return (await tx.ticket.deleteMany({ where: { id: { in: ids } } })).count;
}

export async function forgetOldTickets(ctx: Pick<EngineContext, 'db' | 'clock' | 'audit' | 'seal'>): Promise<number> {
  const { keepDays } = (await readSetting(ctx.db, SUPPORT_POLICY)).value;
  const before = ctx.clock.now() - keepDays * DAY_MS;
  let gone = 0;
  await ctx.db.transaction((tx) => forgetOrderMessages(tx, before));
  for (;;) {
    const count = await ctx.db.transaction(async (tx) => {
      const deleted = await deleteTickets(ctx, tx, { state: 'closed', closedAt: { lt: before } });
      if (deleted > 0) await ctx.audit.append(tx, { actor: 'desk', channel: 'workflow', action: 'support.tickets-expired', data: { count: deleted, closedBefore: before, keepDays } });
      return deleted;
    });
    gone += count;
    if (count < AT_ONCE) break;
  }
  return gone;
}
