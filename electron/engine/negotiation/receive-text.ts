/** What comes in: read once, put with its talk, understood, and answered by the machine. The text is data; nothing in it can move a limit. */
import { detectLanguage } from '#kernel/detect-language.ts';
import { money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import type { Tx } from '#runtime/ports.ts';
import { z } from 'zod';
import { putSetting, readSetting, type SettingKey } from '../settings/index.ts';
import { emptyHistory, isEnd, canBecome, receive, type TalkState, type Turn } from './strategy/index.ts';
import { signatureFor, senderName } from './compose-text.ts';
import type { NegotiationDeps } from './deps.ts';
import { writeMessage } from './message/index.ts';
import { ourLast, talkOf, theirLast, type Negotiation, type Reading, type TalkText } from './negotiation.ts';
import type { IncomingBatch, IncomingText, SendingChannelId } from './ports.ts';
import { queueText } from './queue-text.ts';
import { readOffer, type OfferReading } from './read-offer/index.ts';
import { findTalk, insertOptOut, insertText, recipientsOn, talksOfSeller, talksWith } from './repo.ts';
import { dropWaiting, loadTalk, note, shift } from './shift-talk.ts';
import { stripQuoted } from './strip-quoted.ts';
import { takeBounce } from './take-bounce.ts';

export const SENDING_CHANNELS: readonly SendingChannelId[] = ['email', 'sms', 'ebay'];
const SURE_OF_LANGUAGE = 0.6;

const cursorOf = (channel: SendingChannelId): SettingKey<string | null> => ({ key: `negotiation-cursor:${channel}`, schema: z.string().nullable(), fallback: null });

/** Asks each connected channel that has talks for what is new. One channel's failure does not keep the others from being asked; it is thrown at the end. */
export async function pollChannels(deps: NegotiationDeps, signal: AbortSignal): Promise<void> {
  const { db, log } = deps.ctx;
  let failure: unknown = null;
  for (const id of SENDING_CHANNELS) {
    const channel = deps.channels.get(id);
    const senders = channel ? await recipientsOn(db.prisma, id) : [];
    if (!channel || senders.length === 0) continue;
    try {
      const before = (await readSetting(db, cursorOf(id))).value;
      const batch = await channel.receive(before, senders, signal);
      if (batch.messages.length > 0 || batch.cursor !== before) await keepBatch(deps, id, batch);
    } catch (error) {
      if (signal.aborted) throw error;
      log.warn('a channel could not be asked for answers', { channel: id, error });
      failure ??= error;
    }
  }
  if (failure) throw failure;
}

/** Messages and cursor in one transaction: a crash in between reads the same again, and keeps each once. */
export async function keepBatch(deps: NegotiationDeps, channel: SendingChannelId, batch: IncomingBatch): Promise<void> {
  await deps.ctx.db.transaction(async (tx) => {
    for (const message of batch.messages) await keepIncoming(deps, tx, channel, message);
    await putSetting(tx, cursorOf(channel), batch.cursor, deps.ctx.clock.now());
  });
}

/** @returns false for one that is known already. */
export async function keepIncoming(deps: NegotiationDeps, tx: Tx, channel: SendingChannelId, message: IncomingText): Promise<boolean> {
  if (message.bounce) return takeBounce(deps, tx, { bounce: message.bounce, at: message.at });
  const known = await tx.inboundText.findUnique({ where: { channel_externalId: { channel, externalId: message.externalId } }, select: { externalId: true } });
  if (known) return false;
  const found = await matchTalk(tx, channel, message);
  await tx.inboundText.create({ data: { channel, externalId: message.externalId, ...sealInbound(deps.ctx, message, found !== null), negotiationId: found?.id ?? null, receivedAt: message.at } });
  if (!found) {
    await deps.ctx.outbox.add(tx, 'negotiation.unmatched', null, { channel });
    return true;
  }
  await takeIn(deps, tx, found, { text: message.text, externalId: message.externalId, at: message.at, doubt: message.automatic ? 'automatic' : message.sender === found.recipient ? null : 'other-sender' });
  return true;
}

type InboundFields = Pick<IncomingText, 'sender' | 'subject' | 'text'>;

/** What belongs to no talk was mostly written by a customer: it is sealed like all that customers write, where there is a key. A program's words are nobody's. */
function sealInbound({ seal }: NegotiationDeps['ctx'], { sender, subject, text, automatic }: IncomingText, ours: boolean): InboundFields {
  const fields = { sender, subject, text: text.slice(0, 20_000) };
  if (ours || !seal.ready) return fields;
  if (automatic) return { sender: '', subject: null, text: '' };
  return { sender: seal.seal('InboundText.sender', sender), subject: subject === null ? null : seal.seal('InboundText.subject', subject), text: seal.seal('InboundText.text', fields.text) };
}
export const openInbound = ({ seal }: Pick<NegotiationDeps['ctx'], 'seal'>, { sender, subject, text }: InboundFields): InboundFields =>
  ({ sender: seal.open('InboundText.sender', sender), subject: subject === null ? null : seal.open('InboundText.subject', subject), text: seal.open('InboundText.text', text) });

const idOfTag = (tag: string) => `neg_${tag.slice(0, 8)}-${tag.slice(8, 12)}-${tag.slice(12, 16)}-${tag.slice(16, 20)}-${tag.slice(20)}`;

/** By the tag that the answer carries, by the message that it answers, or by who wrote it: then the newest talk that has not ended. */
async function matchTalk(tx: Tx, channel: SendingChannelId, message: IncomingText): Promise<Negotiation | null> {
  if (message.tag && /^[0-9a-f]{32}$/.test(message.tag)) {
    const tagged = await findTalk(tx, idOfTag(message.tag));
    if (tagged?.channel === channel) return tagged;
  }
  for (const externalId of message.answers) {
    const row = await tx.negotiationMessage.findFirst({ where: { externalId, direction: 'out', negotiation: { channel } }, select: { negotiationId: true } });
    if (row) return findTalk(tx, row.negotiationId);
  }
  const talks = await talksWith(tx, channel, message.sender);
  return talks.find((talk) => !isEnd(talk.state)) ?? talks[0] ?? null;
}

/** Whether it is a seller's answer in a talk, or our own words there: such texts are this module's own. */
export const belongsToTalk = async (tx: Tx, channel: SendingChannelId, message: IncomingText): Promise<boolean> =>
  (await matchTalk(tx, channel, message)) !== null || (await tx.negotiationMessage.findFirst({ where: { externalId: message.externalId, direction: 'out', negotiation: { channel } }, select: { id: true } })) !== null;

export interface TakenIn {
  readonly text: string;
  /** Null for what a person pasted. */
  readonly externalId: string | null;
  readonly at: Instant;
  /** Why it is not taken for an answer of the seller, whatever it says. */
  readonly doubt: 'automatic' | 'other-sender' | null;
}

/** @returns the talk as it is afterwards. */
export async function takeIn(deps: NegotiationDeps, tx: Tx, talk: Negotiation, incoming: TakenIn): Promise<Negotiation> {
  const own = stripQuoted(incoming.text);
  const guess = detectLanguage(own);
  const read = readOffer(own, contextOf(talk));
  // an opt-out counts whoever sent it
  const reading: OfferReading = incoming.doubt && read.intent !== 'opt-out' ? { intent: null, amount: null, reason: 'nothing-offered' } : read;
  const kept: TalkText = {
    id: deps.ctx.ids.next('message'), negotiationId: talk.id, direction: 'in', state: 'received', author: 'seller', kind: 'answer', text: (own || incoming.text).slice(0, 5_000), language: guess.language, amountMinor: null,
    reading: { ...asReading(reading), ...(incoming.doubt && reading.intent === null ? { reason: incoming.doubt } : {}), language: guess.language }, correctedBy: null, reasoning: null, externalId: incoming.externalId, attemptedAt: null, sentAt: incoming.at, deliveredAt: null, error: null, createdAt: deps.ctx.clock.now(),
  };
  await insertText(tx, kept);
  if (incoming.doubt === 'automatic' && reading.intent === null) {
    await note(deps, tx, talk.id, { kind: 'automatic-answer', data: { messageId: kept.id } });
    return talk;
  }
  const language = guess.language !== null && guess.confidence >= SURE_OF_LANGUAGE ? guess.language : talk.language;
  return applyReading(deps, tx, talk, { reading, messageId: kept.id, text: own, language });
}

const contextOf = (talk: Negotiation) => {
  const ours = ourLast(talk);
  return { expected: talk.currency, asked: money(theirLast(talk) ?? talk.askedMinor, talk.currency), ourOffer: ours === null ? null : money(ours, talk.currency) };
};

function asReading(reading: OfferReading): Reading {
  return { intent: reading.intent, amount: reading.amount, reason: reading.reason, confidence: reading.intent === null ? 'low' : 'high', language: null };
}

export interface Understood {
  readonly reading: OfferReading;
  readonly messageId: string;
  readonly text: string;
  readonly language: Negotiation['language'];
}

/** What an understood answer does to a talk. @throws DomainError WRONG_STATE when somebody was faster. */
export async function applyReading(deps: NegotiationDeps, tx: Tx, talk: Negotiation, { reading, messageId, text, language }: Understood): Promise<Negotiation> {
  const data = { messageId, intent: reading.intent, ...(reading.amount ? { amount: reading.amount } : {}), ...(reading.reason ? { doubt: reading.reason } : {}) };
  if (reading.intent === 'opt-out') return optOut(deps, tx, talk, { text, data });
  if (isEnd(talk.state)) {
    await note(deps, tx, talk.id, { kind: 'late-answer', data });
    return talk;
  }
  const now = deps.ctx.clock.now();
  // Judged as an answer to what was sent last, against the ceiling that a person approved: a price within our own offer stands even if the estimate fell since.
  const after = receive({ ...talkOf(talk, emptyHistory), ceilingMinor: talk.ceilingMinor, state: 'awaiting-reply' }, reading);
  const turns: readonly Turn[] = after.turns;
  if (talk.state === 'taken-over') return shift(deps, tx, talk, { to: 'taken-over', change: { turns, language }, event: { kind: 'answer', data } });
  await dropWaiting(tx, talk.id);
  const to: TalkState = talk.state === 'drafted' && after.state === 'deciding' ? 'needs-person' : after.state === 'awaiting-reply' ? talk.state : after.state;
  const decides = to === 'deciding';
  const doubt = to === 'needs-person' ? { code: reading.intent === 'question' ? 'talk.question' : 'talk.doubtful', data: { doubt: reading.reason ?? 'unexpected' } } : null;
  const next = await shift(deps, tx, talk, {
    to: to === talk.state || canBecome(talk.state, to) ? to : 'needs-person',
    change: { turns, language, reminded: false, endReason: doubt, nextStep: decides ? 'decide' : null, nextAt: decides ? now : null, ...(after.agreedMinor === null ? {} : { agreedMinor: after.agreedMinor }) },
    event: { kind: 'answer', data },
  });
  if (next.state === 'agreed') await confirmAgreement(deps, tx, next);
  return next;
}

/** They took our offer: a word of thanks that names the price, so that both sides have it in writing. */
async function confirmAgreement(deps: NegotiationDeps, tx: Tx, talk: Negotiation): Promise<void> {
  const name = await senderName(tx);
  const { text } = writeMessage({ kind: 'accept', language: talk.language, amount: money(talk.agreedMinor!, talk.currency), title: talk.title, name, turn: 0 });
  await queueText(deps, tx, talk, { kind: 'accept', text: text.includes(name) ? text : `${text}\n\n${signatureFor(talk.language, name)}`, author: 'strategy', amountMinor: talk.agreedMinor });
}

/** Whoever asks to be left alone is left alone, on every talk and for ever. */
export async function optOut(deps: NegotiationDeps, tx: Tx, talk: Negotiation, { text, data }: { readonly text: string; readonly data: Readonly<Record<string, unknown>> }): Promise<Negotiation> {
  await insertOptOut(tx, talk, text, deps.ctx.clock.now());
  await dropWaiting(tx, talk.id);
  for (const other of await talksOfSeller(tx, talk.sellerKey)) {
    if (other.id !== talk.id) await shift(deps, tx, other, { to: 'opted-out', change: { endReason: { code: 'talk.opted-out', data: {} } }, event: { kind: 'opted-out', data: { elsewhere: true } } });
  }
  if (isEnd(talk.state)) {
    await note(deps, tx, talk.id, { kind: 'opted-out', data });
    return talk;
  }
  return shift(deps, tx, await loadTalk(tx, talk.id), { to: 'opted-out', change: { endReason: { code: 'talk.opted-out', data: {} } }, event: { kind: 'opted-out', data } });
}
