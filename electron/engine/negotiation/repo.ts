import { z } from 'zod';
import { reasonSchema } from '#contract/shared.ts';
import { readingSchema, reasoningSchema, talkLanguage } from '#contract/negotiations.ts';
import type { MessageLanguage } from '#kernel/detect-language.ts';
import type { Instant } from '#kernel/time.ts';
import { toNumber, toNumberOrNull } from '#runtime/database.ts';
import type { Tx } from '#runtime/ports.ts';
import { turnsSchema, type Negotiation, type NextStep, type TalkText, type TextState } from './negotiation.ts';
import type { ChannelId } from './ports.ts';
import { TALK_TRANSITIONS, type TalkState } from './strategy/index.ts';

type TalkDbRow = NonNullable<Awaited<ReturnType<Tx['negotiation']['findUnique']>>>;
type TextDbRow = NonNullable<Awaited<ReturnType<Tx['negotiationMessage']['findUnique']>>>;
const eventData = z.record(z.string(), z.unknown());
const parsed = <T>(schema: z.ZodType<T>, text: string | null): T | null => (text === null ? null : schema.parse(JSON.parse(text)));

export const ENDS: readonly TalkState[] = (Object.keys(TALK_TRANSITIONS) as TalkState[]).filter((state) => TALK_TRANSITIONS[state].length === 0);

function toTalk(row: TalkDbRow): Negotiation {
  const { askedMinor, ceilingMinor, workingMinor, agreedMinor, nextAt, approvedAt, expiresAt, createdAt, updatedAt, endedAt, ...plain } = row;
  return {
    ...plain, channel: plain.channel as ChannelId, language: plain.language as MessageLanguage, state: plain.state as TalkState, nextStep: plain.nextStep as NextStep | null, turns: turnsSchema.parse(JSON.parse(plain.turns)),
    endReason: parsed(reasonSchema, plain.endReason), reasoning: parsed(reasoningSchema, plain.reasoning), askedMinor: toNumber(askedMinor), ceilingMinor: toNumber(ceilingMinor), workingMinor: toNumber(workingMinor),
    agreedMinor: toNumberOrNull(agreedMinor), nextAt: toNumberOrNull(nextAt), approvedAt: toNumber(approvedAt), expiresAt: toNumber(expiresAt), createdAt: toNumber(createdAt), updatedAt: toNumber(updatedAt), endedAt: toNumberOrNull(endedAt),
  };
}

function toText(row: TextDbRow): TalkText {
  return {
    ...row, direction: row.direction as 'out' | 'in', state: row.state as TextState, author: row.author as TalkText['author'], language: row.language === null ? null : talkLanguage.parse(row.language),
    amountMinor: toNumberOrNull(row.amountMinor), reading: parsed(readingSchema, row.reading), reasoning: parsed(reasoningSchema, row.reasoning), attemptedAt: toNumberOrNull(row.attemptedAt), sentAt: toNumberOrNull(row.sentAt), deliveredAt: toNumberOrNull(row.deliveredAt), createdAt: toNumber(row.createdAt),
  };
}

export async function insertTalk(tx: Tx, talk: Negotiation): Promise<void> {
  const { turns, endReason, reasoning, ...plain } = talk;
  await tx.negotiation.create({ data: { ...plain, turns: JSON.stringify(turns), endReason: endReason && JSON.stringify(endReason), reasoning: reasoning && JSON.stringify(reasoning) } });
}

export async function findTalk(tx: Tx, id: string): Promise<Negotiation | null> {
  const row = await tx.negotiation.findUnique({ where: { id } });
  return row && toTalk(row);
}

/** The talk about an opportunity that has not ended, or is agreed and waits to be bought. */
export async function findOpenTalk(tx: Tx, opportunityId: string): Promise<Negotiation | null> {
  const row = await tx.negotiation.findFirst({ where: { opportunityId, OR: [{ state: { notIn: [...ENDS] } }, { state: 'agreed', purchaseId: null }] }, orderBy: { id: 'desc' } });
  return row && toTalk(row);
}

export type TalkChange = Partial<Pick<Negotiation, 'state' | 'language' | 'workingMinor' | 'turns' | 'review' | 'agreedMinor' | 'endReason' | 'nextStep' | 'nextAt' | 'reminded' | 'reasoning' | 'purchaseId' | 'endedAt'>>;

/** Compare-and-set on the version. False when somebody was faster. */
export async function updateTalk(tx: Tx, talk: Negotiation, change: TalkChange & { readonly at: Instant }): Promise<boolean> {
  const { at, turns, endReason, reasoning, ...plain } = change;
  const done = await tx.negotiation.updateMany({
    where: { id: talk.id, version: talk.version },
    data: {
      ...plain, updatedAt: at, version: { increment: 1 }, ...(turns === undefined ? {} : { turns: JSON.stringify(turns) }),
      ...(endReason === undefined ? {} : { endReason: endReason && JSON.stringify(endReason) }), ...(reasoning === undefined ? {} : { reasoning: reasoning && JSON.stringify(reasoning) }),
    },
  });
  return done.count === 1;
}

export async function insertText(tx: Tx, text: TalkText): Promise<void> {
  const { reading, reasoning, ...plain } = text;
  await tx.negotiationMessage.create({ data: { ...plain, reading: reading && JSON.stringify(reading), reasoning: reasoning && JSON.stringify(reasoning) } });
}

export async function findText(tx: Tx, id: string): Promise<TalkText | null> {
  const row = await tx.negotiationMessage.findUnique({ where: { id } });
  return row && toText(row);
}

export type TextChange = Partial<Pick<TalkText, 'state' | 'text' | 'author' | 'reading' | 'correctedBy' | 'externalId' | 'attemptedAt' | 'sentAt' | 'error'>>;

/** Only from one of the given states. False when it is in another by now. */
export async function updateText(tx: Tx, id: string, from: readonly TextState[], change: TextChange): Promise<boolean> {
  const { reading, ...plain } = change;
  const done = await tx.negotiationMessage.updateMany({ where: { id, state: { in: [...from] } }, data: { ...plain, ...(reading === undefined ? {} : { reading: reading && JSON.stringify(reading) }) } });
  return done.count === 1;
}

/** Oldest first. */
export async function listTexts(tx: Tx, negotiationId: string): Promise<TalkText[]> {
  return (await tx.negotiationMessage.findMany({ where: { negotiationId }, orderBy: { id: 'asc' } })).map(toText);
}

/** Outgoing texts that are neither sent nor given up. */
export async function waitingTexts(tx: Tx, negotiationId: string): Promise<TalkText[]> {
  return (await tx.negotiationMessage.findMany({ where: { negotiationId, direction: 'out', state: { in: ['draft', 'queued', 'sending', 'by-hand'] } }, orderBy: { id: 'asc' } })).map(toText);
}

export async function insertTalkEvent(tx: Tx, negotiationId: string, event: { readonly id: string; readonly kind: string; readonly data: Readonly<Record<string, unknown>>; readonly at: Instant }): Promise<void> {
  await tx.negotiationEvent.create({ data: { ...event, negotiationId, data: JSON.stringify(event.data) } });
}

export async function listTalkEvents(tx: Tx, negotiationId: string) {
  const rows = await tx.negotiationEvent.findMany({ where: { negotiationId }, orderBy: { id: 'asc' } });
  return rows.map((row) => ({ id: row.id, kind: row.kind, data: eventData.parse(JSON.parse(row.data)), at: toNumber(row.at) }));
}

export async function findTalks(tx: Tx, ids: readonly string[]): Promise<Negotiation[]> {
  return (await tx.negotiation.findMany({ where: { id: { in: [...ids] } } })).map(toTalk);
}

/** Talks with a person on a channel, newest first; ended ones too, so that what comes after the end is shown where it belongs. */
export async function talksWith(tx: Tx, channel: ChannelId, recipient: string): Promise<Negotiation[]> {
  return (await tx.negotiation.findMany({ where: { channel, recipient }, orderBy: { id: 'desc' }, take: 20 })).map(toTalk);
}

export async function talksOfSeller(tx: Tx, sellerKey: string): Promise<Negotiation[]> {
  return (await tx.negotiation.findMany({ where: { sellerKey, state: { notIn: [...ENDS] } } })).map(toTalk);
}

export async function recipientsOn(tx: Tx, channel: ChannelId): Promise<string[]> {
  return (await tx.negotiation.findMany({ where: { channel }, distinct: ['recipient'], select: { recipient: true } })).map((row) => row.recipient);
}

/** Instants at which something was sent to a seller since, over all talks. */
export async function sentTo(tx: Tx, sellerKey: string, since: Instant): Promise<Instant[]> {
  const rows = await tx.negotiationMessage.findMany({ where: { direction: 'out', state: 'sent', sentAt: { gte: since }, negotiation: { sellerKey } }, select: { sentAt: true } });
  return rows.map((row) => toNumber(row.sentAt!));
}

export async function hasOptedOut(tx: Tx, who: { readonly channel: ChannelId; readonly recipient: string; readonly sellerKey: string }): Promise<boolean> {
  return (await tx.optOut.findFirst({ where: { OR: [{ channel: who.channel, recipient: who.recipient }, { sellerKey: who.sellerKey }] }, select: { at: true } })) !== null;
}

export async function insertOptOut(tx: Tx, talk: Negotiation, text: string, at: Instant): Promise<void> {
  const key = { channel: talk.channel, recipient: talk.channel === 'by-hand' ? talk.sellerKey : talk.recipient };
  await tx.optOut.upsert({ where: { channel_recipient: key }, update: {}, create: { ...key, sellerKey: talk.sellerKey, text: text.slice(0, 500), negotiationId: talk.id, at } });
}
