/** What a person does in a talk. Each call names the version that the person saw. */
import { DomainError } from '#kernel/errors.ts';
import { money, type Money } from '#kernel/money.ts';
import type { Tx } from '#runtime/ports.ts';
import { KILL_SWITCH, readSetting } from '../settings/index.ts';
import { composeText, senderName, signatureFor } from './compose-text.ts';
import type { AgreedBuyer, NegotiationDeps } from './deps.ts';
import { badTalkField, wrongTalkState } from './errors.ts';
import { checkText, plainTitle, type TextProblem } from './message/index.ts';
import { ourLast, theirLast, type Negotiation, type TalkText } from './negotiation.ts';
import { queueText, startSending } from './queue-text.ts';
import type { OfferIntent, OfferReading } from './read-offer/index.ts';
import { applyReading, takeIn } from './receive-text.ts';
import { findText, listTexts, updateTalk, updateText } from './repo.ts';
import { NEGOTIATION_RULES } from './rules.ts';
import { recordSent } from './send-text.ts';
import { dropWaiting, loadTalk, loadTalkVersion, note, shift } from './shift-talk.ts';
import { isEnd, type Turn } from './strategy/index.ts';

export interface Seen { readonly id: string; readonly version: number }

const inTalk = (deps: NegotiationDeps, seen: Seen, run: (tx: Tx, talk: Negotiation) => Promise<Negotiation>): Promise<Negotiation> => deps.ctx.db.transaction(async (tx) => run(tx, await loadTalkVersion(tx, seen)));

function mustGoOn(talk: Negotiation): void {
  if (isEnd(talk.state)) throw wrongTalkState(talk.state);
}

/** From here on the program says nothing in this talk. What has not gone out is taken back. */
export function takeOver(deps: NegotiationDeps, input: Seen & { readonly by: string }): Promise<Negotiation> {
  return inTalk(deps, input, async (tx, talk) => {
    mustGoOn(talk);
    await dropWaiting(tx, talk.id);
    return shift(deps, tx, talk, { to: 'taken-over', change: { nextStep: null, nextAt: null }, event: { kind: 'taken-over', data: { by: input.by } } });
  });
}

/** The program goes on where the talk stands: it waits where our word was the last, and decides otherwise. */
export function handBack(deps: NegotiationDeps, input: Seen & { readonly by: string }): Promise<Negotiation> {
  return inTalk(deps, input, async (tx, talk) => {
    if (talk.state !== 'taken-over' && talk.state !== 'needs-person') throw wrongTalkState(talk.state);
    const now = deps.ctx.clock.now();
    if (now >= talk.expiresAt) throw badTalkField('ceiling', 'its approval has run out: end this talk and start another');
    await dropWaiting(tx, talk.id);
    const waits = talk.turns.at(-1)?.by === 'us';
    const rules = (await readSetting(tx, NEGOTIATION_RULES)).value;
    return shift(deps, tx, talk, { to: waits ? 'awaiting-reply' : 'deciding', change: { endReason: null, nextStep: waits ? 'remind' : 'decide', nextAt: waits ? now + rules.replyWaitMs : now }, event: { kind: 'handed-back', data: { by: input.by } } });
  });
}

export function setReview(deps: NegotiationDeps, input: Seen & { readonly review: boolean }): Promise<Negotiation> {
  return inTalk(deps, input, async (tx, talk) => {
    mustGoOn(talk);
    return shift(deps, tx, talk, { to: talk.state, change: { review: input.review }, event: { kind: 'review', data: { review: input.review } } });
  });
}

async function refuseProblems(tx: Tx, talk: Negotiation, { text, amount, allowed = [] }: { readonly text: string; readonly amount: Money | null; readonly allowed?: readonly TextProblem[] }): Promise<void> {
  const problems = checkText(text, { amount, name: await senderName(tx), title: plainTitle(talk.title) }).filter((problem) => !allowed.includes(problem));
  if (problems.length > 0) throw new DomainError('INVALID', `The text cannot go out: ${problems.join(', ')}.`, { field: 'text', reason: problems[0]!, problems });
}

async function refuseWhileStopped(tx: Tx): Promise<void> {
  if ((await readSetting(tx, KILL_SWITCH)).value.on) throw new DomainError('KILL_SWITCH', 'The kill switch is on: nothing goes out.', {});
}

export function releaseText(deps: NegotiationDeps, input: Seen & { readonly messageId: string; readonly text?: string | undefined; readonly by: string }): Promise<Negotiation> {
  return inTalk(deps, input, async (tx, talk) => {
    await refuseWhileStopped(tx);
    const text = await findText(tx, input.messageId);
    if (text?.negotiationId !== talk.id || text.state !== 'draft') throw wrongTalkState(talk.state);
    const words = input.text ?? text.text;
    const carriesAmount = text.kind === 'opening' || text.kind === 'counter' || text.kind === 'accept';
    if (words !== text.text) await refuseProblems(tx, talk, { text: words, amount: carriesAmount && text.amountMinor !== null ? money(text.amountMinor, talk.currency) : null });
    if (!(await updateText(tx, text.id, ['draft'], { state: 'queued', text: words, ...(words === text.text ? {} : { author: 'person' as const }) }))) throw wrongTalkState(talk.state);
    await startSending(deps, tx, text.id);
    const event = { kind: 'released', data: { by: input.by, messageId: text.id, edited: words !== text.text } };
    if (text.kind === 'reminder' || isEnd(talk.state)) {
      await note(deps, tx, talk.id, event);
      if (!(await updateTalk(tx, talk, { at: deps.ctx.clock.now() }))) throw wrongTalkState(talk.state);
      return loadTalk(tx, talk.id);
    }
    return shift(deps, tx, talk, { to: talk.state, change: { nextStep: 'send', nextAt: deps.ctx.clock.now() }, event });
  });
}

/** A person's own words; a price in them is bound to the approved ceiling as any other. */
export function writeOwn(deps: NegotiationDeps, input: Seen & { readonly text: string; readonly amount: Money | null; readonly by: string }): Promise<Negotiation> {
  return inTalk(deps, input, async (tx, talk) => {
    if (talk.state !== 'taken-over') throw wrongTalkState(talk.state);
    await refuseWhileStopped(tx);
    const { amount } = input;
    if (amount && (amount.currency !== talk.currency || amount.minor <= 0)) throw badTalkField('amount', `a price in ${talk.currency}`);
    if (amount && amount.minor > talk.ceilingMinor) throw badTalkField('amount', 'above the ceiling that you approved');
    const name = await senderName(tx);
    const text = input.text.includes(name) ? input.text : `${input.text}\n\n${signatureFor(talk.language, name)}`;
    await refuseProblems(tx, talk, { text, amount, allowed: ['contact-or-link'] });
    await dropWaiting(tx, talk.id);
    await queueText(deps, tx, talk, { kind: 'own', text, author: 'person', amountMinor: amount?.minor ?? null, released: true });
    return shift(deps, tx, talk, { to: 'taken-over', event: { kind: 'wrote', data: { by: input.by, ...(amount ? { amount } : {}) } } });
  });
}

/** By hand: the person has carried the text over. */
export function markSent(deps: NegotiationDeps, input: Seen & { readonly messageId: string; readonly by: string }): Promise<Negotiation> {
  return inTalk(deps, input, async (tx, talk) => {
    const text = await findText(tx, input.messageId);
    if (text?.negotiationId !== talk.id || text.state !== 'by-hand') throw wrongTalkState(talk.state);
    await recordSent(deps, tx, text.id, { externalId: text.id, at: deps.ctx.clock.now() });
    return loadTalk(tx, talk.id);
  });
}

export function pasteAnswer(deps: NegotiationDeps, input: Seen & { readonly text: string }): Promise<Negotiation> {
  return inTalk(deps, input, (tx, talk) => takeIn(deps, tx, talk, { text: input.text, externalId: null, at: deps.ctx.clock.now(), doubt: null }).then(() => loadTalk(tx, talk.id)));
}

export interface Correction { readonly messageId: string; readonly intent: OfferIntent; readonly amount: Money | null; readonly by: string }

const PRICED: readonly OfferIntent[] = ['offer', 'counter', 'last-price'];

function correctedReading(talk: Negotiation, { intent, amount }: Correction): OfferReading {
  if (PRICED.includes(intent) && !amount) throw badTalkField('amount', 'this meaning needs a price');
  if (amount && (amount.currency !== talk.currency || amount.minor <= 0)) throw badTalkField('amount', `a price in ${talk.currency}`);
  return { intent, amount: PRICED.includes(intent) ? amount : null, reason: null };
}

/** The latest answer meant something else: what it did to the talk is undone, and it is decided anew. Not after we have answered it. */
export function correctReading(deps: NegotiationDeps, input: Seen & Correction): Promise<Negotiation> {
  return inTalk(deps, input, async (tx, talk) => {
    mustGoOn(talk);
    const texts = await listTexts(tx, talk.id);
    const text = texts.find((t) => t.id === input.messageId && t.direction === 'in');
    if (!text || texts.some((t) => t.id > text.id && (t.direction === 'in' || t.state === 'sent'))) throw badTalkField('messageId', 'only the latest answer can be corrected, and only before it was answered');
    if (texts.some((t) => t.state === 'sending')) throw wrongTalkState(talk.state);
    const reading = correctedReading(talk, input);
    await updateText(tx, text.id, ['received'], { reading: { intent: reading.intent, amount: reading.amount, reason: null, confidence: 'high', language: text.language }, correctedBy: input.by });
    const turns: readonly Turn[] = talk.turns.at(-1)?.by === 'them' ? talk.turns.slice(0, -1) : talk.turns;
    const before = await shift(deps, tx, talk, { to: talk.state, change: { turns }, event: { kind: 'corrected', data: { by: input.by, intent: input.intent, ...(input.amount ? { amount: input.amount } : {}) } } });
    return applyReading(deps, tx, before, { reading, messageId: text.id, text: text.text, language: talk.language });
  });
}

/** Takes the price that the seller stands by. */
export async function acceptPrice(deps: NegotiationDeps, input: Seen & { readonly by: string }): Promise<Negotiation> {
  const talk = await loadTalkVersion(deps.ctx.db.prisma, input);
  const price = theirLast(talk);
  if (isEnd(talk.state) || talk.state === 'drafted') throw wrongTalkState(talk.state);
  if (price === null) throw badTalkField('price', 'the seller has named none yet');
  if (price > talk.ceilingMinor) throw badTalkField('price', 'above the ceiling that you approved');
  const words = await composeText(deps, talk, { kind: 'accept', amountMinor: price, name: await senderName(deps.ctx.db.prisma), turn: 0 });
  return inTalk(deps, input, async (tx, now) => {
    await refuseWhileStopped(tx);
    await dropWaiting(tx, now.id);
    const kept: TalkText = await queueText(deps, tx, now, { kind: 'accept', text: words.text, author: words.author, amountMinor: price, released: true });
    const queued = kept.state === 'queued';
    return shift(deps, tx, now, { to: now.state, change: { nextStep: queued ? 'send' : null, nextAt: queued ? deps.ctx.clock.now() : null }, event: { kind: 'accept-asked', data: { by: input.by, amount: money(price, now.currency) } } });
  });
}

export async function endTalk(deps: NegotiationDeps, input: Seen & { readonly outcome: 'walked-away' | 'rejected' | 'unavailable'; readonly by: string }): Promise<Negotiation> {
  const talk = await loadTalkVersion(deps.ctx.db.prisma, input);
  mustGoOn(talk);
  const courteous = input.outcome === 'walked-away' && ourLast(talk) !== null;
  const words = courteous ? await composeText(deps, talk, { kind: 'walk-away', amountMinor: null, name: await senderName(deps.ctx.db.prisma), turn: 0 }) : null;
  return inTalk(deps, input, async (tx, now) => {
    const ended = await shift(deps, tx, now, { to: input.outcome, change: { endReason: { code: 'talk.ended-by-person', data: {} } }, event: { kind: input.outcome, data: { by: input.by } } });
    if (words) await queueText(deps, tx, ended, { kind: 'walk-away', text: words.text, author: words.author, amountMinor: null, released: true });
    return ended;
  });
}

/** Prepares the purchase at the agreed price on the way of every purchase. Asked again, it answers with the same one. */
export async function buyAgreed(deps: NegotiationDeps, buyer: AgreedBuyer, input: Seen & { readonly by: string }): Promise<{ purchaseId: string }> {
  const { db } = deps.ctx;
  const talk = await loadTalk(db.prisma, input.id);
  if (talk.purchaseId) return { purchaseId: talk.purchaseId };
  if (talk.state !== 'agreed' || talk.agreedMinor === null || talk.version !== input.version) throw wrongTalkState(talk.state);
  if (talk.agreedMinor > talk.ceilingMinor) throw badTalkField('price', 'above the ceiling that was approved');
  const { version } = await deps.opportunities.terms(db.prisma, talk.opportunityId);
  const { purchaseId } = await buyer.buy({ opportunityId: talk.opportunityId, version, agreed: { unitPrice: money(talk.agreedMinor, talk.currency), negotiationId: talk.id }, approvedBy: input.by });
  await db.transaction(async (tx) => {
    const now = await loadTalk(tx, talk.id);
    if (!now.purchaseId) await shift(deps, tx, now, { to: 'agreed', change: { purchaseId }, event: { kind: 'bought', data: { by: input.by, purchaseId } } });
  });
  return { purchaseId };
}
