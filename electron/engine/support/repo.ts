import { reasonSchema } from '#contract/shared.ts';
import { toNumber } from '#runtime/database.ts';
import type { EngineContext, Tx } from '#runtime/ports.ts';
import type { SendingChannelId } from '../negotiation/index.ts';
import type { TicketState } from './machine.ts';
import type { ReplyLanguage } from './reply/index.ts';
import type { MessageState, Ticket, TicketText } from './ticket.ts';

type Sealed = Pick<EngineContext, 'seal'>;
type TicketRowOf = NonNullable<Awaited<ReturnType<Tx['ticket']['findUnique']>>>;
type TextRowOf = NonNullable<Awaited<ReturnType<Tx['ticketMessage']['findUnique']>>>;
const instant = (value: bigint | null) => (value === null ? null : toNumber(value));

export function toTicket({ seal }: Sealed, row: TicketRowOf): Ticket {
  return {
    id: row.id, state: row.state as TicketState, channel: row.channel as SendingChannelId, recipient: seal.open('Ticket.recipient', row.recipient), handleMark: row.handleMark, itemId: row.itemId, customerId: row.customerId, orderId: row.orderId,
    subject: row.subject === null ? null : seal.open('Ticket.subject', row.subject), intent: row.intent, language: row.language as ReplyLanguage, confidenceBp: row.confidenceBp, urgency: row.urgency, handOff: row.handOff === null ? null : reasonSchema.parse(JSON.parse(seal.open('Ticket.handOff', row.handOff))),
    dueAt: instant(row.dueAt), snoozedUntil: instant(row.snoozedUntil), satisfaction: row.satisfaction as Ticket['satisfaction'], openedAt: toNumber(row.openedAt), lastInAt: toNumber(row.lastInAt), firstReplyAt: instant(row.firstReplyAt), lastOutAt: instant(row.lastOutAt), closedAt: instant(row.closedAt), version: row.version,
  };
}

export function toText({ seal }: Sealed, row: TextRowOf): TicketText {
  const open = (column: string, value: string | null) => (value === null ? null : seal.open(`TicketMessage.${column}`, value));
  return {
    id: row.id, ticketId: row.ticketId, channel: row.channel, direction: row.direction as TicketText['direction'], state: row.state as MessageState, author: row.author as TicketText['author'], text: open('text', row.text)!, proposed: open('proposed', row.proposed), subject: open('subject', row.subject),
    basis: open('basis', row.basis), externalId: row.externalId, intent: row.intent, confidenceBp: row.confidenceBp, attemptedAt: instant(row.attemptedAt), sentAt: instant(row.sentAt), deliveredAt: instant(row.deliveredAt), error: row.error, createdAt: toNumber(row.createdAt),
  };
}

/** Holds what a person noted of the customer. */
const sealedReason = ({ seal }: Sealed, reason: Ticket['handOff']) => reason && seal.seal('Ticket.handOff', JSON.stringify(reason));

export async function insertTicket(ctx: Sealed, tx: Tx, ticket: Ticket, words: string): Promise<void> {
  const { seal } = ctx;
  await tx.ticket.create({ data: { ...ticket, recipient: seal.seal('Ticket.recipient', ticket.recipient), subject: ticket.subject === null ? null : seal.seal('Ticket.subject', ticket.subject), handOff: sealedReason(ctx, ticket.handOff), words, updatedAt: ticket.openedAt } });
}

export type TicketChange = Partial<Pick<Ticket, 'state' | 'customerId' | 'orderId' | 'intent' | 'language' | 'confidenceBp' | 'urgency' | 'handOff' | 'dueAt' | 'snoozedUntil' | 'satisfaction' | 'lastInAt' | 'firstReplyAt' | 'lastOutAt' | 'closedAt'>>;

/** Compare-and-set on the version. False when somebody was faster. */
export async function updateTicket(ctx: Sealed, tx: Tx, ticket: Ticket, { change, at }: { readonly change: TicketChange; readonly at: number }): Promise<boolean> {
  const { handOff, ...plain } = change;
  const done = await tx.ticket.updateMany({ where: { id: ticket.id, version: ticket.version }, data: { ...plain, ...(handOff === undefined ? {} : { handOff: sealedReason(ctx, handOff) }), updatedAt: at, version: { increment: 1 } } });
  return done.count === 1;
}

export async function findTicket(ctx: Sealed, tx: Tx, id: string): Promise<Ticket | null> {
  const row = await tx.ticket.findUnique({ where: { id } });
  return row && toTicket(ctx, row);
}

export async function insertText({ seal }: Sealed, tx: Tx, text: TicketText): Promise<void> {
  const sealed = (column: string, value: string | null) => (value === null ? null : seal.seal(`TicketMessage.${column}`, value));
  await tx.ticketMessage.create({ data: { ...text, text: sealed('text', text.text)!, proposed: sealed('proposed', text.proposed), subject: sealed('subject', text.subject), basis: sealed('basis', text.basis) } });
}

export type TextChange = Partial<Pick<TicketText, 'state' | 'externalId' | 'attemptedAt' | 'sentAt' | 'error'>>;

/** False when it is in none of the states `from`. */
export async function updateText(tx: Tx, id: string, from: readonly MessageState[], change: TextChange): Promise<boolean> {
  return (await tx.ticketMessage.updateMany({ where: { id, state: { in: [...from] } }, data: change })).count === 1;
}

export async function findText(ctx: Sealed, tx: Tx, id: string): Promise<TicketText | null> {
  const row = await tx.ticketMessage.findUnique({ where: { id } });
  return row && toText(ctx, row);
}

/** Oldest first; the latest 200. */
export async function listTexts(ctx: Sealed, tx: Tx, ticketId: string): Promise<TicketText[]> {
  return (await tx.ticketMessage.findMany({ where: { ticketId }, orderBy: { id: 'desc' }, take: 200 })).toReversed().map((row) => toText(ctx, row));
}

export async function note(ctx: Pick<EngineContext, 'ids' | 'clock'>, tx: Tx, ticketId: string, kind: string, data: Readonly<Record<string, unknown>> = {}): Promise<void> {
  await tx.ticketEvent.create({ data: { id: ctx.ids.next('event'), ticketId, kind, data: JSON.stringify(data), at: ctx.clock.now() } });
}
