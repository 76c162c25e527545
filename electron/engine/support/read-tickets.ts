import { z } from 'zod';
import type { ticketDetail, ticketRow } from '#contract/support.ts';
import { DomainError } from '#kernel/errors.ts';
import { toNumber } from '#runtime/database.ts';
import { searchMarks } from '#runtime/field-seal.ts';
import type { EngineContext, Tx } from '#runtime/ports.ts';
import { inOrder, type PageOfIds } from '#runtime/sorted-page.ts';
import { readOrderFacts } from './answer-ticket.ts';
import { listTicketIds, type TicketQuery } from './list-tickets.ts';
import { OWED } from './machine.ts';
import { listTexts, toTicket } from './repo.ts';
import { basisOf } from './steer-ticket.ts';
import type { Ticket } from './ticket.ts';

type Row = z.infer<typeof ticketRow>;
type Detail = z.infer<typeof ticketDetail>;
type Ctx = Pick<EngineContext, 'seal' | 'db'>;
const EXCERPT = 140;
const HISTORY = 20;

const some = (values: readonly (string | null)[]) => [...new Set(values.filter((value) => value !== null))];

/** Rows of a page in few queries: names, orders and latest texts are read together. */
async function toRows({ seal }: Pick<Ctx, 'seal'>, tx: Tx, tickets: readonly Ticket[]): Promise<Row[]> {
  const ids = tickets.map((ticket) => ticket.id);
  const names = new Map((await tx.customer.findMany({ where: { id: { in: some(tickets.map((ticket) => ticket.customerId)) } }, select: { id: true, name: true } })).map((row) => [row.id, row.name === null ? null : seal.open('Customer.name', row.name)]));
  const orders = new Map((await tx.order.findMany({ where: { id: { in: some(tickets.map((ticket) => ticket.orderId)) } }, select: { id: true, externalId: true } })).map((row) => [row.id, row.externalId]));
  const latest = await tx.$queryRawUnsafe<{ ticketId: string; text: string }[]>(`SELECT m.ticketId, m.text FROM json_each(?) j JOIN "TicketMessage" m ON m.id = (SELECT id FROM "TicketMessage" WHERE ticketId = j.value AND direction = 'in' ORDER BY id DESC LIMIT 1)`, JSON.stringify(ids));
  const texts = new Map(latest.map((row) => [row.ticketId, seal.open('TicketMessage.text', row.text)]));
  const drafts = new Set((await tx.ticketMessage.findMany({ where: { ticketId: { in: ids }, state: 'draft' }, select: { ticketId: true } })).map((row) => row.ticketId));
  return tickets.map((ticket) => ({
    id: ticket.id, state: ticket.state, channel: ticket.channel, customerName: (ticket.customerId && names.get(ticket.customerId)) || ticket.recipient || null, customerId: ticket.customerId, orderId: ticket.orderId, orderNumber: (ticket.orderId && orders.get(ticket.orderId)) || null, subject: ticket.subject,
    excerpt: (texts.get(ticket.id) ?? '').replace(/\s+/g, ' ').slice(0, EXCERPT), intent: ticket.intent as Row['intent'], language: ticket.language, confidenceBp: ticket.confidenceBp, urgency: ticket.urgency, handOff: ticket.handOff && { code: ticket.handOff.code, data: ticket.handOff.data },
    dueAt: ticket.dueAt, snoozedUntil: ticket.snoozedUntil, satisfaction: ticket.satisfaction, hasDraft: drafts.has(ticket.id), openedAt: ticket.openedAt, lastInAt: ticket.lastInAt, lastOutAt: ticket.lastOutAt, version: ticket.version,
  }));
}

export const readTicketRow = async (ctx: Ctx, tx: Tx, ticket: Ticket): Promise<Row> => (await toRows(ctx, tx, [ticket]))[0]!;

/** What is owed is listed soonest due first, everything else newest first, unless told. */
export async function readTickets(ctx: Ctx, query: TicketQuery): Promise<Omit<PageOfIds, 'ids'> & { items: Row[] }> {
  const { prisma } = ctx.db;
  const marks = query.search === undefined ? [] : searchMarks(ctx.seal, query.search);
  if (query.search !== undefined && marks.length === 0) return { items: [], nextCursor: null, ...(query.cursor === undefined ? { total: { count: 0, capped: false } } : {}) };
  const { ids, ...page } = await listTicketIds(ctx.db, query, marks);
  const rows = inOrder(ids, await prisma.ticket.findMany({ where: { id: { in: [...ids] } } }));
  return { ...page, items: await toRows(ctx, prisma, rows.map((row) => toTicket(ctx, row))) };
}

const eventData = z.record(z.string(), z.unknown());

export async function readTicket(ctx: Ctx, tx: Tx, id: string): Promise<Detail> {
  const row = await tx.ticket.findUnique({ where: { id } });
  if (!row) throw new DomainError('NOT_FOUND', `There is no ticket ${id}.`, { kind: 'ticket', id });
  const ticket = toTicket(ctx, row);
  const texts = await listTexts(ctx, tx, id);
  const draft = texts.findLast((text) => text.state === 'draft') ?? null;
  const basis = basisOf(draft);
  const others = ticket.customerId === null ? [] : await tx.ticket.findMany({ where: { customerId: ticket.customerId, id: { not: id } }, orderBy: { id: 'desc' }, take: HISTORY });
  const events = await tx.ticketEvent.findMany({ where: { ticketId: id }, orderBy: { id: 'asc' }, take: 200 });
  return {
    ...(await readTicketRow(ctx, tx, ticket)), recipient: ticket.recipient,
    messages: texts.filter((text) => text.state !== 'draft' && text.state !== 'dropped').map((text) => ({ id: text.id, direction: text.direction, state: text.state, author: text.author, text: text.text, subject: text.subject, sentAt: text.sentAt, deliveredAt: text.deliveredAt, error: text.error, createdAt: text.createdAt })),
    draft: draft && { messageId: draft.id, text: draft.text, author: draft.author === 'ai' ? 'ai' : 'template', facts: (basis?.facts ?? []).map(({ key, value, source }) => ({ key, value, source })) },
    order: await readOrderFacts(tx, ticket.orderId),
    history: {
      orders: ticket.customerId === null ? 0 : await tx.customerOrder.count({ where: { customerId: ticket.customerId } }),
      tickets: others.map((one) => ({ id: one.id, intent: one.intent as Row['intent'], state: one.state as Row['state'], openedAt: toNumber(one.openedAt), satisfaction: one.satisfaction as Row['satisfaction'] })),
    },
    events: events.map((event) => ({ id: event.id, kind: event.kind, data: eventData.parse(JSON.parse(event.data)), at: toNumber(event.at) })),
  };
}

export async function readCounts(tx: Tx, now: number) {
  const owed = { state: { in: [...OWED] } };
  return {
    owed: await tx.ticket.count({ where: owed }), late: await tx.ticket.count({ where: { ...owed, dueAt: { lt: now } } }), escalated: await tx.ticket.count({ where: { state: 'escalated' } }),
    good: await tx.ticket.count({ where: { satisfaction: 'good' } }), bad: await tx.ticket.count({ where: { satisfaction: 'bad' } }),
  };
}
