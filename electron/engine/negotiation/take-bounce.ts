/** A text of ours that did not arrive: it is marked as failed, nothing more goes to that address by itself, and a person is told. */
import { maskText } from '#kernel/log.ts';
import { DAY_MS, HOUR_MS, type Instant } from '#kernel/time.ts';
import type { Tx } from '#runtime/ports.ts';
import type { NegotiationDeps } from './deps.ts';
import type { Negotiation } from './negotiation.ts';
import type { Bounce, IncomingText } from './ports.ts';
import { findText, talksWith, updateText } from './repo.ts';
import { dropWaiting, loadTalk, note, shift } from './shift-talk.ts';
import { canBecome, isEnd } from './strategy/index.ts';

/** How a text begins its error where no other text to that address will arrive either. */
export const UNDELIVERABLE = 'undeliverable: ';
/** How long before it was told of something was sent; vendors' clocks may be a little behind. Assumption. */
const TOLD_WITHIN_MS = 5 * DAY_MS;

/** Without the address, which stands beside it, and without what looks like a secret. */
export const reasonOf = ({ reason, recipient }: Bounce): string => maskText(reason.replaceAll(new RegExp(recipient.replaceAll(/[^\w@-]/g, '\\$&') || '(?!)', 'gi'), '…')).slice(0, 300);
export const errorOf = (bounce: Bounce): string => `${bounce.isPermanent ? UNDELIVERABLE : 'not delivered: '}${reasonOf(bounce)}`;

/** When the text that it speaks of was sent. */
export const sentWithin = (at: Instant): { gte: number; lte: number } => ({ gte: at - TOLD_WITHIN_MS, lte: at + HOUR_MS });

/** By the number of what did not arrive; else the last text to that address before the vendor told. */
async function bouncedText(tx: Tx, bounce: Bounce, at: Instant): Promise<string | null> {
  if (bounce.original !== null) return (await tx.negotiationMessage.findFirst({ where: { externalId: bounce.original, direction: 'out', negotiation: { channel: 'email' } }, select: { id: true } }))?.id ?? null;
  return (await tx.negotiationMessage.findFirst({ where: { direction: 'out', state: { in: ['sent', 'failed'] }, sentAt: sentWithin(at), negotiation: { channel: 'email', recipient: bounce.recipient } }, orderBy: { id: 'desc' }, select: { id: true } }))?.id ?? null;
}

/** Told again it changes nothing. @returns false where it is about no text of a talk. */
export async function takeBounce(deps: NegotiationDeps, tx: Tx, { bounce, at }: { readonly bounce: Bounce; readonly at: IncomingText['at'] }): Promise<boolean> {
  const id = await bouncedText(tx, bounce, at);
  const text = id === null ? null : await findText(tx, id);
  if (!text) return false;
  if (!(await updateText(tx, text.id, ['sent'], { state: 'failed', error: errorOf(bounce) }))) return false;
  const talk = await loadTalk(tx, text.negotiationId);
  const data = { messageId: text.id, message: reasonOf(bounce), ...(bounce.status === '' ? {} : { status: bounce.status }) };
  // what never arrived is no turn of the talk
  const last = talk.turns.findLastIndex((turn) => turn.by === 'us' && turn.amountMinor === text.amountMinor);
  await handOver(deps, tx, talk, { data, turns: last === talk.turns.length - 1 && last >= 0 ? talk.turns.slice(0, -1) : talk.turns });
  if (!bounce.isPermanent) return true;
  for (const other of await talksWith(tx, 'email', talk.recipient)) if (other.id !== talk.id && !isEnd(other.state)) await handOver(deps, tx, other, { data: { ...data, elsewhere: true }, turns: other.turns });
  return true;
}

async function handOver(deps: NegotiationDeps, tx: Tx, talk: Negotiation, { data, turns }: { readonly data: { readonly message: string } & Readonly<Record<string, unknown>>; readonly turns: Negotiation['turns'] }): Promise<void> {
  const event = { kind: 'bounced', data };
  if (!isEnd(talk.state)) await dropWaiting(tx, talk.id);
  if (canBecome(talk.state, 'needs-person')) await shift(deps, tx, talk, { to: 'needs-person', change: { turns, nextStep: null, nextAt: null, endReason: { code: 'talk.bounced', data: { message: data.message } } }, event });
  else if (!isEnd(talk.state)) await shift(deps, tx, talk, { to: talk.state, change: { turns, nextStep: null, nextAt: null, endReason: { code: 'talk.bounced', data: { message: data.message } } }, event });
  else await note(deps, tx, talk.id, event);
}

/** Whether mail there is known not to arrive. */
export async function isUndeliverable(tx: Tx, talk: Negotiation): Promise<boolean> {
  if (talk.channel !== 'email') return false;
  return (await tx.negotiationMessage.findFirst({ where: { direction: 'out', state: 'failed', error: { startsWith: UNDELIVERABLE }, negotiation: { channel: 'email', recipient: talk.recipient } }, select: { id: true } })) !== null;
}
