/** Carries one reply out: at an hour when it may go, once, and known. */
import { z } from 'zod';
import { ConnectorError, messageOf } from '#kernel/errors.ts';
import { maskText } from '#kernel/log.ts';
import type { EffectCall, Tx, WorkflowDefinition, WorkflowRun } from '#runtime/ports.ts';
import { maySend, type MessageChannel, type OutgoingText, type SentText } from '../negotiation/index.ts';
import { BUSINESS, readSetting } from '../settings/index.ts';
import type { SupportDeps } from './deps.ts';
import { SUPPORT_POLICY } from './policy.ts';
import { findText, listTexts, note, updateText } from './repo.ts';
import { loadTicket, shift } from './shift-ticket.ts';
import { tagOf, type Ticket } from './ticket.ts';

export const SEND_REPLY = 'support.send';
const inputSchema = z.strictObject({ messageId: z.string() });
const leaveSchema = z.union([z.strictObject({ go: z.literal('now') }), z.strictObject({ go: z.literal('never') }), z.strictObject({ go: z.literal('later'), at: z.int() })]);
const sentSchema = z.strictObject({ externalId: z.string(), at: z.int() });
const MOST_LOOKS = 30;
const SUBJECT: Readonly<Record<string, string>> = { en: 'Your order', fr: 'Votre commande', ar: 'طلبكم' };

export async function startSending({ ctx }: SupportDeps, tx: Tx, messageId: string): Promise<void> {
  await ctx.workflows.start(tx, SEND_REPLY, `${SEND_REPLY}:${messageId}`, { messageId });
}

export function sendReplyWorkflow(deps: SupportDeps): WorkflowDefinition<z.infer<typeof inputSchema>> {
  return { kind: SEND_REPLY, input: inputSchema, run: (run, { messageId }) => send(deps, run, messageId), failed: (tx, { messageId }, error) => failed(deps, tx, messageId, error) };
}

async function send(deps: SupportDeps, run: WorkflowRun, messageId: string): Promise<void> {
  for (let look = 0; ; look++) {
    const leave = await run.transact(`may-leave-${look}`, leaveSchema, (tx) => mayLeave(deps, tx, messageId, look));
    if (leave.go === 'never') return;
    if (leave.go === 'now') break;
    await run.waitUntil(`hour-${look}`, leave.at);
  }
  const sent = await run.effect('send', effectOf(deps, messageId, run.signal));
  await run.transact('record', z.null(), async (tx) => {
    await recordSent(deps, tx, messageId, sent);
    return null;
  });
}

/** Quiet hours hold what goes by itself; what a person sends goes at once. */
async function mayLeave(deps: SupportDeps, tx: Tx, messageId: string, look: number): Promise<z.infer<typeof leaveSchema>> {
  const { ctx } = deps;
  const text = await findText(ctx, tx, messageId);
  if (!text || (text.state !== 'queued' && text.state !== 'sending')) return { go: 'never' };
  if (text.author !== 'person') {
    const policy = (await readSetting(tx, SUPPORT_POLICY)).value;
    const may = maySend(ctx.clock.now(), { quiet: { fromMinute: policy.quietFromMinute, toMinute: policy.quietToMinute }, timeZone: policy.timeZone, leastGapMs: 0, mostPerDay: 50 }, { optedOut: false, sentAt: [], unanswered: 0 });
    if (!may.ok && 'earliest' in may && look < MOST_LOOKS) return { go: 'later', at: may.earliest };
  }
  await updateText(tx, messageId, ['queued'], { state: 'sending' });
  return { go: 'now' };
}

const channelOf = (deps: SupportDeps, ticket: Ticket): MessageChannel => {
  const channel = deps.channels.get(ticket.channel);
  if (!channel) throw new ConnectorError({ kind: 'SessionLost', connector: ticket.channel, operation: 'send', message: 'the channel is not connected: enter its account in the settings' });
  return channel;
};

function effectOf(deps: SupportDeps, messageId: string, signal: AbortSignal): EffectCall<SentText> {
  const { db, clock } = deps.ctx;
  const outgoing = async () => {
    const text = (await findText(deps.ctx, db.prisma, messageId))!;
    const ticket = await loadTicket(deps, db.prisma, text.ticketId);
    const before = (await listTexts(deps.ctx, db.prisma, ticket.id)).findLast((one) => one.direction === 'in' && one.channel === ticket.channel && one.id < text.id);
    const { firstName, lastName } = (await readSetting(db, BUSINESS)).value.address;
    const message: OutgoingText = {
      recipient: ticket.recipient, subject: (ticket.subject ?? '').replace(/^(?:re\s*:\s*)+/i, '') || SUBJECT[ticket.language]!, text: text.text, senderName: `${firstName} ${lastName}`.trim(), tag: tagOf(ticket.id), inReplyTo: before?.externalId ?? null, itemId: ticket.itemId,
    };
    return { text, ticket, message };
  };
  return {
    output: sentSchema,
    call: async ({ idempotencyKey }) => {
      const { ticket, message } = await outgoing();
      const attemptedAt = clock.now();
      const stands = await db.transaction((tx) => updateText(tx, messageId, ['sending'], { attemptedAt }));
      if (!stands) throw new ConnectorError({ kind: 'Rejected', connector: ticket.channel, operation: 'send', message: 'the reply was taken back before it went out' });
      return channelOf(deps, ticket).send(message, { idempotencyKey, attemptedAt, signal });
    },
    reconcile: async ({ idempotencyKey }) => {
      const { text, ticket, message } = await outgoing();
      // no attempt was kept: it ended before anything could go out
      if (text.attemptedAt === null) return 'absent';
      const known = (await db.prisma.ticketMessage.findMany({ where: { channel: ticket.channel, direction: 'out', externalId: { not: null }, ticket: { handleMark: ticket.handleMark } }, select: { externalId: true }, orderBy: { id: 'desc' }, take: 50 })).map((row) => row.externalId!);
      return channelOf(deps, ticket).find(message, { idempotencyKey, attemptedAt: text.attemptedAt, known, signal });
    },
  };
}

/** The reply is out. What the customer wrote meanwhile keeps the ticket with us. */
async function recordSent(deps: SupportDeps, tx: Tx, messageId: string, sent: SentText): Promise<void> {
  const { ctx } = deps;
  const text = await findText(ctx, tx, messageId);
  if (!text || text.state === 'sent' || !(await updateText(tx, messageId, ['queued', 'sending', 'dropped', 'failed'], { state: 'sent', externalId: sent.externalId, sentAt: sent.at, error: null }))) return;
  if (text.author !== 'person') {
    const known = await tx.draftOutcome.findUnique({ where: { messageId }, select: { messageId: true } });
    if (!known) await tx.draftOutcome.create({ data: { messageId, intent: text.intent ?? 'other', confidenceBp: text.confidenceBp ?? 0, outcome: 'by-itself', at: ctx.clock.now() } });
  }
  const ticket = await loadTicket(deps, tx, text.ticketId);
  const later = await tx.ticketMessage.findFirst({ where: { ticketId: ticket.id, direction: 'in', state: 'received', id: { gt: messageId } }, select: { id: true } });
  const change = { lastOutAt: sent.at, firstReplyAt: ticket.firstReplyAt ?? sent.at };
  await shift(deps, tx, ticket, later || ticket.state === 'closed' ? { state: ticket.state, change, event: 'sent', data: { messageId, author: text.author } } : { state: 'waiting-for-customer', change: { ...change, handOff: null }, event: 'sent', data: { messageId, author: text.author } });
}

/** Nothing went out, or nobody can tell: a person looks. */
async function failed(deps: SupportDeps, tx: Tx, messageId: string, error: unknown): Promise<void> {
  const text = await findText(deps.ctx, tx, messageId);
  if (!text || !(await updateText(tx, messageId, ['queued', 'sending'], { state: 'failed', error: maskText(messageOf(error)).slice(0, 300) }))) return;
  const ticket = await loadTicket(deps, tx, text.ticketId);
  const reason = { code: 'support.send-failed', data: { message: maskText(messageOf(error)).slice(0, 300) } };
  if (ticket.state === 'closed') await note(deps.ctx, tx, ticket.id, 'send-failed', reason.data);
  else await shift(deps, tx, ticket, { state: 'waiting-for-us', change: { handOff: reason }, event: 'send-failed', data: reason.data });
}
