/** What the person does with a ticket. */
import { DomainError } from '#kernel/errors.ts';
import { z } from 'zod';
import type { Tx } from '#runtime/ports.ts';
import type { DraftBasis } from './answer-ticket.ts';
import type { SupportDeps } from './deps.ts';
import { checkReply, type PromiseKind } from './reply/index.ts';
import { insertText, listTexts, updateText } from './repo.ts';
import { startSending } from './send-reply.ts';
import { dropDrafts, dueAt, loadVersion, shift, wrongState } from './shift-ticket.ts';
import type { Ticket, TicketText } from './ticket.ts';
import { readSetting } from '../settings/index.ts';
import { SUPPORT_POLICY } from './policy.ts';

interface Seen { readonly id: string; readonly version: number }
interface By extends Seen { readonly by: string }

const basisSchema = z.looseObject({ allowed: z.string(), promises: z.array(z.custom<PromiseKind>()), facts: z.array(z.looseObject({ value: z.string() })) });

export const basisOf = (text: TicketText | null): DraftBasis | null => (text?.basis ? (basisSchema.parse(JSON.parse(text.basis)) as unknown as DraftBasis) : null);

/** Measured only where a draft was shown: what the person made of it. */
async function measure({ ctx }: SupportDeps, tx: Tx, draft: TicketText, outcome: 'unchanged' | 'edited' | 'rejected'): Promise<void> {
  const row = { intent: draft.intent ?? 'other', confidenceBp: draft.confidenceBp ?? 0, outcome, at: ctx.clock.now() };
  await tx.draftOutcome.upsert({ where: { messageId: draft.id }, create: { messageId: draft.id, ...row }, update: row });
}

export async function sendReply(deps: SupportDeps, { id, version, text, despite, by }: By & { readonly text: string; readonly despite: boolean }): Promise<Ticket> {
  const { ctx } = deps;
  return ctx.db.transaction(async (tx) => {
    const ticket = await loadVersion(deps, tx, { id, version });
    const texts = await listTexts(ctx, tx, id);
    if (texts.some((one) => one.state === 'sending' || one.state === 'queued')) throw wrongState(ticket.state);
    const draft = texts.findLast((one) => one.direction === 'out' && one.state === 'draft') ?? null;
    const unchanged = draft !== null && draft.text.trim() === text.trim();
    const basis = basisOf(draft);
    const problems = unchanged ? [] : checkReply(text, { allowed: `${basis?.allowed ?? ''}\n${(basis?.facts ?? []).map((fact) => fact.value).join('\n')}\n${texts.filter((one) => one.direction === 'in').map((one) => one.text).join('\n')}`, promises: basis?.promises ?? [] });
    if (problems.length > 0 && !despite) throw new DomainError('PROMISE', 'The text promises what neither facts nor policy hold.', { problems });
    if (draft) await measure(deps, tx, draft, unchanged ? 'unchanged' : 'edited');
    await dropDrafts(tx, id);
    const messageId = ctx.ids.next('message');
    await insertText(ctx, tx, { id: messageId, ticketId: id, channel: ticket.channel, direction: 'out', state: 'queued', author: 'person', text: text.trim(), proposed: draft?.text ?? null, subject: ticket.subject, basis: null, externalId: null, intent: ticket.intent, confidenceBp: null, attemptedAt: null, sentAt: null, deliveredAt: null, error: null, createdAt: ctx.clock.now() });
    await ctx.audit.append(tx, { actor: by, channel: 'desktop', action: 'support.reply-sent', subject: id, data: { messageId, unchanged, despite: problems } });
    const moved = await shift(deps, tx, ticket.state === 'closed' ? await shift(deps, tx, ticket, { state: 'open', event: 'reopened' }) : ticket, { state: 'waiting-for-us', event: 'answered', data: { unchanged } });
    await startSending(deps, tx, messageId);
    return moved;
  });
}

export async function escalateTicket(deps: SupportDeps, { id, version, note, by }: By & { readonly note: string }): Promise<Ticket> {
  return deps.ctx.db.transaction(async (tx) => {
    const ticket = await loadVersion(deps, tx, { id, version });
    await rejectDraft(deps, tx, id);
    await deps.ctx.audit.append(tx, { actor: by, channel: 'desktop', action: 'support.escalated', subject: id });
    return shift(deps, tx, ticket, { state: 'escalated', change: { handOff: { code: 'support.by-person', data: { note } }, urgency: Math.max(2, ticket.urgency), dueAt: ticket.dueAt ?? dueAt((await readSetting(tx, SUPPORT_POLICY)).value, deps.ctx.clock.now(), 2) }, event: 'escalated', data: { by } });
  });
}

/** A draft that the person passed over counts against its kind. */
async function rejectDraft(deps: SupportDeps, tx: Tx, ticketId: string): Promise<void> {
  const draft = (await listTexts(deps.ctx, tx, ticketId)).findLast((one) => one.direction === 'out' && one.state === 'draft');
  if (!draft) return;
  await measure(deps, tx, draft, 'rejected');
  await updateText(tx, draft.id, ['draft'], { state: 'dropped' });
}

export async function snoozeTicket(deps: SupportDeps, { id, version, until }: By & { readonly until: number }): Promise<Ticket> {
  if (until <= deps.ctx.clock.now()) throw new DomainError('INVALID', 'It can be put off to a time to come.', { field: 'until', reason: 'past' });
  return deps.ctx.db.transaction(async (tx) => shift(deps, tx, await loadVersion(deps, tx, { id, version }), { state: 'snoozed', change: { snoozedUntil: until }, event: 'snoozed', data: { until } }));
}

export async function closeTicket(deps: SupportDeps, { id, version }: By): Promise<Ticket> {
  return deps.ctx.db.transaction(async (tx) => {
    const ticket = await loadVersion(deps, tx, { id, version });
    if (ticket.state === 'closed') return ticket;
    await rejectDraft(deps, tx, id);
    await dropDrafts(tx, id);
    return shift(deps, tx, ticket, { state: 'closed', event: 'closed' });
  });
}

export async function reopenTicket(deps: SupportDeps, { id, version }: By): Promise<Ticket> {
  return deps.ctx.db.transaction(async (tx) => {
    const ticket = await loadVersion(deps, tx, { id, version });
    const open = ticket.state === 'closed' ? await shift(deps, tx, ticket, { state: 'open', change: { closedAt: null }, event: 'reopened' }) : ticket;
    return shift(deps, tx, open, { state: 'waiting-for-us', change: { dueAt: dueAt((await readSetting(tx, SUPPORT_POLICY)).value, deps.ctx.clock.now(), ticket.urgency) }, event: 'with-us' });
  });
}
