/** What the mail vendor tells of a text by itself: it arrived, it did not, or whoever got it wants no more. */
import type { Tx } from '#runtime/ports.ts';
import type { NegotiationDeps } from './deps.ts';
import type { MailEvent } from './ports.ts';
import { optOut } from './receive-text.ts';
import { talksWith } from './repo.ts';
import { loadTalk } from './shift-talk.ts';
import { takeBounce } from './take-bounce.ts';

/** Whether the vendor's number is of a text of ours to anybody: a copy to ourselves is such a mail too. */
export const isOwnText = async (tx: Tx, messageId: string): Promise<boolean> => (await tx.negotiationMessage.findFirst({ where: { externalId: messageId, direction: 'out' }, select: { id: true } })) !== null;

/** The text and its talk, or the talk alone where the event is about an address; null where it is about neither. */
async function subjectOf(tx: Tx, event: MailEvent): Promise<{ readonly messageId: string | null; readonly talkId: string } | null> {
  const text = event.messageId === null ? null : await tx.negotiationMessage.findFirst({ where: { externalId: event.messageId, direction: 'out', negotiation: { channel: 'email', recipient: event.recipient } }, select: { id: true, negotiationId: true } });
  if (text) return { messageId: text.id, talkId: text.negotiationId };
  if (!event.everywhere) return null;
  const [talk] = await talksWith(tx, 'email', event.recipient);
  return talk ? { messageId: null, talkId: talk.id } : null;
}

/** Each once: the caller knows which were here. @returns whether it is about a talk, and which of its texts. */
export async function takeMailEvent(deps: NegotiationDeps, tx: Tx, event: MailEvent): Promise<{ readonly messageId: string | null } | null> {
  const about = await subjectOf(tx, event);
  if (!about) return null;
  const { messageId, talkId } = about;
  if (event.delivered && messageId !== null) {
    await tx.negotiationMessage.updateMany({ where: { id: messageId, state: 'sent', deliveredAt: null }, data: { deliveredAt: event.at } });
    await deps.ctx.outbox.add(tx, 'negotiation.delivered', talkId, {});
  }
  if (event.bounce && messageId !== null) await takeBounce(deps, tx, { bounce: event.bounce, at: event.at });
  if (event.optOut) await optOut(deps, tx, await loadTalk(tx, talkId), { text: `told by the mail vendor: ${event.kind}`, data: { told: event.kind, ...(messageId === null ? {} : { messageId }) } });
  return { messageId };
}
