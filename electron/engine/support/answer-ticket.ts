/** Reads an open ticket and drafts its reply, from facts and policy. Whether it goes by itself is earned; whether a person has to is a field. */
import { isConnectorError, messageOf } from '#kernel/errors.ts';
import { hash32 } from '#kernel/random.ts';
import { toNumber } from '#runtime/database.ts';
import { money } from '#kernel/money.ts';
import type { Reason } from '#contract/shared.ts';
import type { Tx } from '#runtime/ports.ts';
import { BUSINESS, readSetting } from '../settings/index.ts';
import type { SupportDeps } from './deps.ts';
import { INTENTS, readEarned } from './earned.ts';
import { joinOrder } from './join-order.ts';
import { AUDITED_ONE_IN, SUPPORT_POLICY, type SupportPolicy } from './policy.ts';
import { checkReply, decideReply, letter, type DecidedReply, type OrderFacts, type ReplyDecision } from './reply/index.ts';
import { findTicket, insertText, listTexts } from './repo.ts';
import { startSending } from './send-reply.ts';
import { OPTED_OUT } from './take-mail-event.ts';
import { dropDrafts, shift } from './shift-ticket.ts';
import type { Ticket, TicketText } from './ticket.ts';
import { understandText } from './understand-text.ts';

export const ANSWER_TICKET = 'support.answer';

export async function readOrderFacts(tx: Tx, orderId: string | null): Promise<OrderFacts | null> {
  const row = orderId === null ? null : await tx.order.findUnique({ where: { id: orderId }, include: { lines: { select: { title: true }, orderBy: { id: 'asc' }, take: 1 } } });
  return row && {
    id: row.id, externalId: row.externalId, channel: row.channel, state: row.state, title: row.lines[0]?.title ?? row.externalId, total: money(toNumber(row.totalMinor), row.currency), placedAt: toNumber(row.placedAt),
    shippedAt: row.shippedAt === null ? null : toNumber(row.shippedAt), tracking: row.tracking,
  };
}

async function senderNameOf(tx: Tx): Promise<string> {
  const { firstName, lastName } = (await readSetting(tx, BUSINESS)).value.address;
  return `${firstName} ${lastName}`.trim();
}

interface Look {
  readonly ticket: Ticket;
  readonly policy: SupportPolicy;
  readonly latest: TicketText;
  readonly decision: ReplyDecision;
  readonly thanks: boolean;
  readonly senderName: string;
}

async function look(deps: SupportDeps, tx: Tx, id: string): Promise<Look | null> {
  const { ctx } = deps;
  const ticket = await findTicket(ctx, tx, id);
  if (!ticket || ticket.state !== 'open') return null;
  const latest = (await listTexts(ctx, tx, id)).findLast((text) => text.direction === 'in' && text.state === 'received');
  if (!latest) return null;
  const policy = (await readSetting(tx, SUPPORT_POLICY)).value;
  const understood = understandText(await deps.classifier(), latest.text, ticket.language);
  const joined = ticket.orderId === null ? null : await joinOrder(tx, { customerId: ticket.customerId, text: `${ticket.subject ?? ''} ${latest.text}`, itemId: ticket.itemId, now: ctx.clock.now() });
  const senderName = await senderNameOf(tx);
  const decision: ReplyDecision = ticket.handOff ? { person: ticket.handOff } : decideReply({
    intent: ticket.intent, damaged: understood.damaged, language: ticket.language, order: await readOrderFacts(tx, ticket.orderId), otherOrders: joined?.orderId === ticket.orderId ? joined.others : 0, policy, now: ctx.clock.now(), senderName,
  });
  return { ticket, policy, latest, decision, thanks: understood.thanks, senderName };
}

/** A model may say it better. What is wrong with its words sends the template instead. */
async function wordsFor(deps: SupportDeps, { ticket, latest, senderName }: Look, reply: DecidedReply, signal: AbortSignal): Promise<{ readonly text: string; readonly author: 'template' | 'ai' }> {
  try {
    const words = (await deps.words.reply({ language: ticket.language, message: latest.text.slice(0, 2_000), template: reply.body }, signal))?.trim();
    if (words) {
      const text = letter(words, ticket.language, senderName);
      const problems = checkReply(text, { allowed: reply.text, promises: reply.promises });
      if (problems.length === 0) return { text, author: 'ai' };
      deps.ctx.log.warn('words of a model were refused for the template', { ticket: ticket.id, problems });
    }
  } catch (error) {
    if (signal.aborted) throw error;
    deps.ctx.log.warn('no words could be had of a model', { ticket: ticket.id, error: isConnectorError(error) ? error.kind : messageOf(error) });
  }
  return { text: reply.text, author: 'template' };
}

/** JSON of `TicketMessage.basis`. */
export interface DraftBasis {
  readonly kind: string;
  readonly allowed: string;
  readonly promises: DecidedReply['promises'];
  readonly facts: DecidedReply['facts'];
}

/** Reported our mail as spam, or unsubscribed: from there on only a person writes there. */
const wantsNoMore = async (tx: Tx, { channel, handleMark }: Ticket): Promise<boolean> => (await tx.ticketEvent.findFirst({ where: { kind: OPTED_OUT, ticket: { channel, handleMark } }, select: { id: true } })) !== null;

async function keepDraft(deps: SupportDeps, tx: Tx, given: Look & { readonly reply: DecidedReply; readonly words: { readonly text: string; readonly author: 'template' | 'ai' } }): Promise<void> {
  const { ticket, policy, reply, words } = given;
  const { ctx } = deps;
  await dropDrafts(tx, ticket.id);
  const intent = INTENTS.find((one) => one === ticket.intent) ?? 'other';
  const earned = await readEarned(tx, policy, intent, ctx.clock.now());
  const id = ctx.ids.next('message');
  const goes = earned.sends && ticket.confidenceBp >= policy.leastAcceptanceBp && hash32(id) % AUDITED_ONE_IN !== 0 && !(await wantsNoMore(tx, ticket));
  const basis: DraftBasis = { kind: reply.kind, allowed: reply.text, promises: reply.promises, facts: reply.facts };
  await insertText(ctx, tx, {
    id, ticketId: ticket.id, channel: ticket.channel, direction: 'out', state: goes ? 'queued' : 'draft', author: words.author, text: words.text, proposed: words.text, subject: ticket.subject, basis: JSON.stringify(basis), externalId: null, intent: ticket.intent,
    confidenceBp: ticket.confidenceBp, attemptedAt: null, sentAt: null, deliveredAt: null, error: null, createdAt: ctx.clock.now(),
  });
  await shift(deps, tx, ticket, { state: 'waiting-for-us', event: goes ? 'answers-by-itself' : 'drafted', data: { kind: reply.kind, author: words.author } });
  if (!goes) return;
  await startSending(deps, tx, id);
  await ctx.audit.append(tx, { actor: 'desk', channel: 'workflow', action: 'support.reply-by-itself', subject: ticket.id, data: { messageId: id, kind: reply.kind, acceptanceBp: earned.acceptanceBp, drafts: earned.drafts } });
}

/** A person has to; what signals danger stands above the rest. */
async function handOver(deps: SupportDeps, tx: Tx, ticket: Ticket, reason: Reason): Promise<void> {
  const urgent = ['support.signal', 'support.foreign-order', 'support.not-satisfied', 'support.complaint'].includes(reason.code);
  await shift(deps, tx, ticket, { state: urgent ? 'escalated' : 'waiting-for-us', change: { handOff: reason }, event: urgent ? 'escalated' : 'handed-over', data: { reason } });
}

/** Safe to repeat: a ticket that is not open any more is left alone. */
export async function answerTicket(deps: SupportDeps, id: string, signal: AbortSignal): Promise<void> {
  const { db } = deps.ctx;
  const seen = await look(deps, db.prisma, id);
  if (!seen) return;
  const words = 'reply' in seen.decision && !seen.thanks ? await wordsFor(deps, seen, seen.decision.reply, signal) : null;
  await db.transaction(async (tx) => {
    const ticket = await findTicket(deps.ctx, tx, id);
    if (ticket?.version !== seen.ticket.version) throw new Error('the ticket changed while it was read: it is read anew');
    if (seen.thanks) await shift(deps, tx, ticket, { state: 'closed', event: 'thanked' });
    else if ('person' in seen.decision) await handOver(deps, tx, ticket, seen.decision.person);
    else await keepDraft(deps, tx, { ...seen, ticket, reply: seen.decision.reply, words: words! });
  });
}
