import { DomainError } from '#kernel/errors.ts';
import { HOUR_MS } from '#kernel/time.ts';
import type { Tx } from '#runtime/ports.ts';
import type { SupportDeps } from './deps.ts';
import { canBecome, OWED, type TicketState } from './machine.ts';
import type { SupportPolicy } from './policy.ts';
import { findTicket, note, updateTicket, type TicketChange } from './repo.ts';
import type { Ticket } from './ticket.ts';

export const wrongState = (state: string) => new DomainError('WRONG_STATE', `The ticket is ${state} by now: look at it again.`, { state });

export async function loadTicket({ ctx }: Pick<SupportDeps, 'ctx'>, tx: Tx, id: string): Promise<Ticket> {
  const ticket = await findTicket(ctx, tx, id);
  if (!ticket) throw new DomainError('NOT_FOUND', `There is no ticket ${id}.`, { kind: 'ticket', id });
  return ticket;
}

export async function loadVersion(deps: Pick<SupportDeps, 'ctx'>, tx: Tx, { id, version }: { readonly id: string; readonly version: number }): Promise<Ticket> {
  const ticket = await loadTicket(deps, tx, id);
  if (ticket.version !== version) throw wrongState(ticket.state);
  return ticket;
}

export const dueAt = (policy: SupportPolicy, from: number, urgency: number): number => from + policy.answerHours[Math.min(3, Math.max(0, urgency))]! * HOUR_MS;

/** Moves a ticket along the machine; its history line and the word of it are of the same transaction. Where nothing is owed no clock runs. */
export async function shift({ ctx }: Pick<SupportDeps, 'ctx'>, tx: Tx, ticket: Ticket, to: { readonly state: TicketState; readonly change?: Omit<TicketChange, 'state'>; readonly event: string; readonly data?: Readonly<Record<string, unknown>> }): Promise<Ticket> {
  if (!canBecome(ticket.state, to.state)) throw wrongState(ticket.state);
  const at = ctx.clock.now();
  const change: TicketChange = { ...to.change, state: to.state, ...(OWED.includes(to.state) ? {} : { dueAt: null }), ...(to.state === 'closed' ? { closedAt: at } : {}), ...(to.state === 'snoozed' ? {} : { snoozedUntil: null }) };
  if (!(await updateTicket(ctx, tx, ticket, { change, at }))) throw wrongState((await loadTicket({ ctx }, tx, ticket.id)).state);
  await note(ctx, tx, ticket.id, to.event, to.data);
  await ctx.outbox.add(tx, `ticket.${to.state}`, ticket.id, {});
  return loadTicket({ ctx }, tx, ticket.id);
}

/** Takes back what has not gone out. */
export async function dropDrafts(tx: Tx, ticketId: string): Promise<void> {
  await tx.ticketMessage.updateMany({ where: { ticketId, direction: 'out', state: { in: ['draft', 'queued'] } }, data: { state: 'dropped' } });
}
