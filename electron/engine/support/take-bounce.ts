/** A reply that did not reach the customer: marked as failed, drafts to that address are taken back, and a person is told. */
import type { Tx } from '#runtime/ports.ts';
import { contactMark } from '../customers/index.ts';
import { bounceError, bounceReason, sentWithin, type Bounce } from '../negotiation/index.ts';
import { readSetting } from '../settings/index.ts';
import type { SupportDeps } from './deps.ts';
import { SUPPORT_POLICY } from './policy.ts';
import { note, updateText } from './repo.ts';
import { dropDrafts, dueAt, loadTicket, shift } from './shift-ticket.ts';

/** Told again it changes nothing. @returns false where it is about no reply. */
export async function takeBounce(deps: SupportDeps, tx: Tx, { bounce, at }: { readonly bounce: Bounce; readonly at: number }): Promise<boolean> {
  const { ctx } = deps;
  const where = bounce.original === null
    ? { direction: 'out', state: { in: ['sent', 'failed'] }, sentAt: sentWithin(at), ticket: { channel: 'email', handleMark: contactMark(ctx, { kind: 'email', value: bounce.recipient }) } }
    : { channel: 'email', externalId: bounce.original, direction: 'out' };
  const text = await tx.ticketMessage.findFirst({ where, orderBy: { id: 'desc' }, select: { id: true, ticketId: true } });
  if (!text || !(await updateText(tx, text.id, ['sent'], { state: 'failed', error: bounceError(bounce) }))) return false;
  const ticket = await loadTicket(deps, tx, text.ticketId);
  const reason = { code: 'support.bounced', data: { message: bounceReason(bounce) } };
  const data = { messageId: text.id, ...reason.data };
  await dropDrafts(tx, ticket.id);
  // the customer wrote since, so they are reached, and their new message is what waits
  const wroteSince = await tx.ticketMessage.findFirst({ where: { ticketId: ticket.id, direction: 'in', id: { gt: text.id } }, select: { id: true } });
  if (wroteSince) {
    await note(ctx, tx, ticket.id, 'bounced', data);
    return true;
  }
  const open = ticket.state === 'closed' ? await shift(deps, tx, ticket, { state: 'open', change: { closedAt: null }, event: 'reopened' }) : ticket;
  const due = dueAt((await readSetting(tx, SUPPORT_POLICY)).value, ctx.clock.now(), open.urgency);
  await shift(deps, tx, open, { state: open.state === 'escalated' ? 'escalated' : 'waiting-for-us', change: { handOff: reason, dueAt: due }, event: 'bounced', data });
  return true;
}
