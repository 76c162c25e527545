import type { TalkDetail, TalkRow } from '#contract/negotiations.ts';
import { money } from '#kernel/money.ts';
import type { Database, Tx } from '#runtime/ports.ts';
import { inOrder, type PageOfIds } from '#runtime/sorted-page.ts';
import { listTalks, type TalkQuery } from './list-talks.ts';
import { ourLast, theirLast, type Negotiation, type TalkText } from './negotiation.ts';
import { findTalks, listTalkEvents, listTexts } from './repo.ts';
import { loadTalk } from './shift-talk.ts';
import { isEnd } from './strategy/index.ts';

/** @param waiting whether a text waits for the person. */
export function talkRowOf(talk: Negotiation, waiting: boolean): TalkRow {
  const amount = (minor: number | null) => (minor === null ? null : money(minor, talk.currency));
  const toBuy = talk.state === 'agreed' && talk.purchaseId === null;
  return {
    id: talk.id, title: talk.title, state: talk.state, channel: talk.channel, sourceName: talk.sourceName, sellerName: talk.sellerName, recipient: talk.recipient, asked: money(talk.askedMinor, talk.currency), ourLast: amount(ourLast(talk)), theirLast: amount(theirLast(talk)),
    agreed: amount(talk.agreedMinor), ceiling: money(talk.ceilingMinor, talk.currency), nextStep: talk.nextStep, nextAt: talk.nextAt, needsYou: talk.state === 'needs-person' || toBuy || (waiting && !isEnd(talk.state)), purchaseId: talk.purchaseId, updatedAt: talk.updatedAt, version: talk.version,
  };
}

async function withWaiting(tx: Tx, talks: readonly Negotiation[]): Promise<Set<string>> {
  const rows = await tx.negotiationMessage.findMany({ where: { negotiationId: { in: talks.map((talk) => talk.id) }, state: { in: ['draft', 'by-hand'] } }, distinct: ['negotiationId'], select: { negotiationId: true } });
  return new Set(rows.map((row) => row.negotiationId));
}

export async function readTalkRow(tx: Tx, id: string): Promise<TalkRow> {
  const talk = await loadTalk(tx, id);
  return talkRowOf(talk, (await withWaiting(tx, [talk])).has(id));
}

export async function readTalks(db: Pick<Database, 'prisma' | 'read'>, query: TalkQuery): Promise<Omit<PageOfIds, 'ids'> & { items: TalkRow[] }> {
  const { ids, ...page } = await listTalks(db, query);
  const talks = inOrder(ids, await findTalks(db.prisma, ids));
  const waiting = await withWaiting(db.prisma, talks);
  return { ...page, items: talks.map((talk) => talkRowOf(talk, waiting.has(talk.id))) };
}

function messageOf(talk: Negotiation, text: TalkText): TalkDetail['messages'][number] {
  const { id, direction, state, author, kind, language, reading, correctedBy, reasoning, error, sentAt, deliveredAt, createdAt } = text;
  return { id, direction, state, author, kind, text: text.text, language, amount: text.amountMinor === null ? null : money(text.amountMinor, talk.currency), reading, correctedBy, reasoning, error, sentAt, deliveredAt, createdAt };
}

export async function readTalk(tx: Tx, id: string): Promise<TalkDetail> {
  const talk = await loadTalk(tx, id);
  const [texts, events] = [await listTexts(tx, id), await listTalkEvents(tx, id)];
  return {
    ...talkRowOf(talk, texts.some((text) => text.state === 'draft' || text.state === 'by-hand')), opportunityId: talk.opportunityId, offerUrl: talk.offerUrl, language: talk.language, timeZone: talk.timeZone, review: talk.review, working: money(talk.workingMinor, talk.currency),
    endReason: talk.endReason, approvedBy: talk.approvedBy, approvedAt: talk.approvedAt, expiresAt: talk.expiresAt, evidenceSha256: talk.evidenceSha256, reasoning: talk.reasoning, messages: texts.map((text) => messageOf(talk, text)), events,
  };
}
