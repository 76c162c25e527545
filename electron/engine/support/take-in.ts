/** A text of a customer becomes part of a ticket, once. The text is data: nothing in it can move a rule. */
import { DAY_MS } from '#kernel/time.ts';
import type { Tx } from '#runtime/ports.ts';
import { contactMark, emailOf, findCustomer, phoneOf, rememberCustomer, type Contact } from '../customers/index.ts';
import { belongsToTalk, stripQuoted, type IncomingText, type SendingChannelId } from '../negotiation/index.ts';
import { readSetting } from '../settings/index.ts';
import { ANSWER_TICKET } from './answer-ticket.ts';
import type { SupportDeps } from './deps.ts';
import { isRelayAddress, joinRelay } from './join-relay.ts';
import { joinOrder, likeness, numbersIn, type JoinedOrder } from './join-order.ts';
import { isForgotten } from './forget-tickets.ts';
import { REOPEN_MS, SUPPORT_POLICY, type SupportPolicy } from './policy.ts';
import { findTicket, insertText, insertTicket, note, toText, toTicket } from './repo.ts';
import { dropDrafts, dueAt, shift } from './shift-ticket.ts';
import { idOfTag, type MessageState, type Ticket } from './ticket.ts';
import { understandText, type Understood } from './understand-text.ts';
import type { IntentClassifier } from './classify/index.ts';

const SAME_TEXT = 0.8;
const SAME_WITHIN_MS = 7 * DAY_MS;

const contactOf = (channel: SendingChannelId, sender: string): Contact => ({ kind: channel, value: channel === 'email' ? (emailOf(sender) ?? sender) : channel === 'sms' ? (phoneOf(sender) ?? sender) : sender.toLowerCase() });

export interface Wanted {
  readonly deps: SupportDeps;
  readonly channel: SendingChannelId;
  readonly message: IncomingText;
}
export interface Arriving extends Wanted {
  readonly classifier: IntentClassifier;
}

/** Mail of people who never bought is none of the program's business unless the person said so. */
async function isOurs({ deps, channel, message }: Wanted, tx: Tx, policy: SupportPolicy, customerId: string | null): Promise<boolean> {
  if (await belongsToTalk(tx, channel, message)) return false;
  if (channel === 'email' && isRelayAddress(message.sender)) return true;
  if (channel !== 'email' || policy.takeMailFrom === 'everyone' || customerId !== null) return true;
  if (message.tag !== null && (await findTicket(deps.ctx, tx, idOfTag(message.tag)))) return true;
  if ((await tx.ticketMessage.findFirst({ where: { channel, externalId: { in: [...message.answers] }, direction: 'out' }, select: { id: true } })) !== null) return true;
  const named = numbersIn(`${message.subject ?? ''} ${message.text}`);
  return named.length > 0 && (await tx.order.findFirst({ where: { externalId: { in: named } }, select: { id: true } })) !== null;
}

async function matchTicket({ deps, channel, message }: Arriving, tx: Tx, mark: string, order: JoinedOrder): Promise<Ticket | null> {
  const { ctx } = deps;
  const tagged = message.tag === null ? null : await findTicket(ctx, tx, idOfTag(message.tag));
  if (tagged?.channel === channel && tagged.handleMark === mark) return tagged;
  for (const externalId of message.answers) {
    const row = await tx.ticketMessage.findUnique({ where: { channel_externalId: { channel, externalId } }, select: { ticket: true, direction: true } });
    if (row?.direction === 'out' && row.ticket.handleMark === mark) return toTicket(ctx, row.ticket);
  }
  const rows = await tx.ticket.findMany({ where: { channel, handleMark: mark }, orderBy: { id: 'desc' }, take: 10 });
  const live = rows.map((row) => toTicket(ctx, row)).filter((one) => one.closedAt === null || one.state !== 'closed' || one.closedAt > ctx.clock.now() - REOPEN_MS);
  return live.find((one) => order.orderId === null || one.orderId === null || one.orderId === order.orderId) ?? null;
}

/** The same thing written on another channel: the same customer, the same order, near the same words. */
async function findDuplicate({ deps, channel, message }: Arriving, tx: Tx, customerId: string | null, order: JoinedOrder): Promise<Ticket | null> {
  if (customerId === null || order.orderId === null) return null;
  const rows = await tx.ticket.findMany({ where: { customerId, orderId: order.orderId, channel: { not: channel }, state: { not: 'closed' } }, orderBy: { id: 'desc' }, take: 5, include: { messages: { where: { direction: 'in' }, orderBy: { id: 'desc' }, take: 5 } } });
  const own = stripQuoted(message.text);
  const found = rows.find((row) => row.messages.some((kept) => message.at - Number(kept.createdAt) < SAME_WITHIN_MS && likeness(toText(deps.ctx, kept).text, own) >= SAME_TEXT));
  return found ? toTicket(deps.ctx, found) : null;
}

async function keepText({ deps, channel, message }: Arriving, tx: Tx, ticketId: string, given: { readonly own: string; readonly state: MessageState; readonly understood: Understood }): Promise<void> {
  await insertText(deps.ctx, tx, {
    id: deps.ctx.ids.next('message'), ticketId, channel, direction: 'in', state: given.state, author: 'customer', text: given.own.slice(0, 20_000), proposed: null, subject: message.subject, basis: null, externalId: message.externalId, intent: given.understood.intent,
    confidenceBp: Math.round(given.understood.confidence * 10_000), attemptedAt: null, sentAt: message.at, deliveredAt: null, error: null, createdAt: deps.ctx.clock.now(),
  });
}

const escalation = (understood: Understood, order: JoinedOrder) => understood.handOff ?? (order.foreign ? { code: 'support.foreign-order', data: {} } : null);

async function openTicket(arriving: Arriving, tx: Tx, given: { readonly contact: Contact; readonly mark: string; readonly customerId: string | null; readonly order: JoinedOrder; readonly understood: Understood; readonly policy: SupportPolicy }): Promise<Ticket> {
  const { deps: { ctx }, channel, message } = arriving;
  const { understood, order, policy } = given;
  const now = ctx.clock.now();
  const customer = given.customerId === null ? null : await tx.customer.findUnique({ where: { id: given.customerId }, select: { words: true } });
  const number = order.orderId === null ? '' : ((await tx.order.findUnique({ where: { id: order.orderId }, select: { externalId: true } }))?.externalId ?? '');
  const ticket: Ticket = {
    id: ctx.ids.next('ticket'), state: 'open', channel, recipient: given.contact.value, handleMark: given.mark, itemId: message.itemId ?? null, customerId: given.customerId, orderId: order.orderId, subject: message.subject, intent: understood.intent, language: understood.language,
    confidenceBp: Math.round(understood.confidence * 10_000), urgency: understood.urgency, handOff: escalation(understood, order), dueAt: dueAt(policy, message.at, understood.urgency), snoozedUntil: null, satisfaction: null, openedAt: now, lastInAt: message.at, firstReplyAt: null, lastOutAt: null, closedAt: null, version: 1,
  };
  await insertTicket(ctx, tx, ticket, `${ctx.seal.words(`${given.contact.value} ${number}`)} ${customer?.words ?? ''}`.trim());
  await note(ctx, tx, ticket.id, 'opened', { channel, intent: understood.intent });
  await ctx.outbox.add(tx, 'ticket.opened', ticket.id, { channel });
  return ticket;
}

/** A reply that went by itself and was answered in anger counts against its kind. */
async function regret(deps: SupportDeps, tx: Tx, ticketId: string): Promise<void> {
  const last = await tx.ticketMessage.findFirst({ where: { ticketId, direction: 'out', state: 'sent' }, orderBy: { id: 'desc' }, select: { id: true } });
  if (last) await tx.draftOutcome.updateMany({ where: { messageId: last.id, outcome: 'by-itself' }, data: { outcome: 'regretted', at: deps.ctx.clock.now() } });
}

/** Ours, and new: neither known nor forgotten. Costs no reading of the text. */
export async function isWanted({ deps, channel, message }: Wanted, tx: Tx): Promise<boolean> {
  const { ctx } = deps;
  if (message.automatic || message.bounce || (await tx.ticketMessage.findUnique({ where: { channel_externalId: { channel, externalId: message.externalId } }, select: { id: true } })) || (await isForgotten(ctx, tx, channel, message.externalId))) return false;
  return isOurs({ deps, channel, message }, tx, (await readSetting(tx, SUPPORT_POLICY)).value, await findCustomer(ctx, tx, [contactOf(channel, message.sender)]));
}

/** @returns false for what is known already or is none of ours. */
export async function takeIn(arriving: Arriving, tx: Tx): Promise<boolean> {
  const { deps, classifier, channel, message } = arriving;
  const { ctx } = deps;
  if (!(await isWanted(arriving, tx))) return false;
  const policy = (await readSetting(tx, SUPPORT_POLICY)).value;
  const contact = contactOf(channel, message.sender);
  if (channel === 'email' && isRelayAddress(message.sender)) await joinRelay(ctx, tx, { contact, message });
  const customerId = (await findCustomer(ctx, tx, [contact])) ?? (await rememberCustomer(ctx, tx, { name: null, contacts: [contact] }));
  const own = stripQuoted(message.text) || message.text;
  const order = await joinOrder(tx, { customerId, text: `${message.subject ?? ''} ${own}`, itemId: message.itemId ?? null, now: ctx.clock.now() });
  const mark = contactMark(ctx, contact);
  const thread = await matchTicket(arriving, tx, mark, order);
  const understood = understandText(classifier, own, thread?.language ?? null);
  const duplicate = thread ? null : await findDuplicate(arriving, tx, customerId, order);
  if (duplicate) {
    await keepText(arriving, tx, duplicate.id, { own, state: 'repeated', understood });
    await note(ctx, tx, duplicate.id, 'duplicate-merged', { channel });
    return true;
  }
  if (!thread) {
    const ticket = await openTicket(arriving, tx, { contact, mark, customerId, order, understood, policy });
    await keepText(arriving, tx, ticket.id, { own, state: 'received', understood });
    await ctx.jobs.add(tx, { kind: ANSWER_TICKET, payload: { id: ticket.id }, uniqueKey: `${ANSWER_TICKET}:${ticket.id}` });
    return true;
  }
  const before = await tx.ticketMessage.findMany({ where: { ticketId: thread.id, direction: 'in' }, orderBy: { id: 'desc' }, take: 3 });
  const repeated = thread.state !== 'closed' && before.some((row) => likeness(toText(ctx, row).text, own) >= SAME_TEXT) && thread.lastOutAt === null;
  await keepText(arriving, tx, thread.id, { own, state: repeated ? 'repeated' : 'received', understood });
  if (repeated) {
    await note(ctx, tx, thread.id, 'repeated', { channel });
    return true;
  }
  await continueThread(deps, tx, thread, { understood, order, policy, at: message.at });
  return true;
}

async function continueThread(deps: SupportDeps, tx: Tx, thread: Ticket, given: { readonly understood: Understood; readonly order: JoinedOrder; readonly policy: SupportPolicy; readonly at: number }): Promise<void> {
  const { ctx } = deps;
  const { understood, order, policy, at } = given;
  const mood = thread.lastOutAt === null ? thread.satisfaction : (understood.mood ?? thread.satisfaction);
  if (thread.lastOutAt !== null && understood.mood === 'bad') await regret(deps, tx, thread.id);
  await dropDrafts(tx, thread.id);
  const shared = { lastInAt: at, satisfaction: mood, language: understood.language, orderId: thread.orderId ?? order.orderId };
  if (understood.thanks && thread.lastOutAt !== null) {
    const open = thread.state === 'closed' ? thread : await shift(deps, tx, thread, { state: 'closed', change: shared, event: 'thanked' });
    if (thread.state === 'closed') await note(ctx, tx, open.id, 'thanked');
    return;
  }
  const urgency = Math.max(understood.urgency, understood.mood === 'bad' ? 2 : 0);
  const handOff = escalation(understood, order) ?? (understood.mood === 'bad' ? { code: 'support.not-satisfied', data: {} } : null) ?? (thread.state === 'escalated' ? thread.handOff : null);
  await shift(deps, tx, thread, { state: 'open', change: { ...shared, intent: understood.thanks ? thread.intent : understood.intent, confidenceBp: Math.round(understood.confidence * 10_000), urgency, handOff, closedAt: null, dueAt: dueAt(policy, at, urgency) }, event: 'wrote-again' });
  await ctx.jobs.add(tx, { kind: ANSWER_TICKET, payload: { id: thread.id }, uniqueKey: `${ANSWER_TICKET}:${thread.id}` });
}

