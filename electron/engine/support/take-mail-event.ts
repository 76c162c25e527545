/** What the mail vendor tells of a reply by itself: it arrived, it did not, or the customer wants no more of them. */
import type { Tx } from '#runtime/ports.ts';
import { contactMark } from '../customers/index.ts';
import type { MailEvent } from '../negotiation/index.ts';
import type { SupportDeps } from './deps.ts';
import { note } from './repo.ts';
import { dropDrafts, loadTicket, shift } from './shift-ticket.ts';
import { takeBounce } from './take-bounce.ts';

/** The kind of the event that stands in a ticket's history. */
export const OPTED_OUT = 'opted-out';

/** Whether the vendor's number is of a reply of ours to anybody. */
export const isOwnReply = async (tx: Tx, messageId: string): Promise<boolean> => (await tx.ticketMessage.findFirst({ where: { channel: 'email', externalId: messageId, direction: 'out' }, select: { id: true } })) !== null;

/** Each once: the caller knows which were here. @returns the reply that it is about; null where it is about none. */
export async function takeMailEvent(deps: SupportDeps, tx: Tx, event: MailEvent): Promise<{ readonly messageId: string } | null> {
  const { ctx } = deps;
  if (event.messageId === null) return null;
  const reply = await tx.ticketMessage.findFirst({ where: { channel: 'email', externalId: event.messageId, direction: 'out', ticket: { handleMark: contactMark(ctx, { kind: 'email', value: event.recipient }) } }, select: { id: true, ticketId: true } });
  if (!reply) return null;
  if (event.delivered) {
    await tx.ticketMessage.updateMany({ where: { id: reply.id, state: 'sent', deliveredAt: null }, data: { deliveredAt: event.at } });
    await ctx.outbox.add(tx, 'ticket.delivered', reply.ticketId, {});
  }
  if (event.bounce) await takeBounce(deps, tx, { bounce: event.bounce, at: event.at });
  if (event.optOut) await leaveAlone(deps, tx, { ticketId: reply.ticketId, messageId: reply.id, told: event.kind });
  return { messageId: reply.id };
}

/** Nothing goes there by itself any more; what is still owed is a person's to say, another way. */
async function leaveAlone(deps: SupportDeps, tx: Tx, { ticketId, ...data }: { readonly ticketId: string; readonly messageId: string; readonly told: string }): Promise<void> {
  const ticket = await loadTicket(deps, tx, ticketId);
  await dropDrafts(tx, ticketId);
  if (ticket.state === 'closed') return note(deps.ctx, tx, ticketId, OPTED_OUT, data);
  await shift(deps, tx, ticket, { state: ticket.state === 'escalated' ? 'escalated' : 'waiting-for-us', change: { handOff: { code: 'support.opted-out', data: {} } }, event: OPTED_OUT, data });
}
