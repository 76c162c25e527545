/** What is held about a person, over all modules: given out whole, and taken away from what the books must keep. */
import { DomainError } from '#kernel/errors.ts';
import { toIso } from '#kernel/time.ts';
import { toNumber } from '#runtime/database.ts';
import type { EngineContext, Tx } from '#runtime/ports.ts';
import { readCustomer, type Customer } from '../customers/index.ts';
import { findOrderDetails, ERASED_BUYER } from './customer-orders.ts';
import { deleteOrderMessages, deleteTickets, listMessages, readTicket } from '../support/index.ts';

async function load(ctx: EngineContext, tx: Tx, id: string): Promise<Customer> {
  const found = await readCustomer(ctx, tx, id);
  if (!found || found.erasedAt !== null) throw new DomainError('NOT_FOUND', `There is no customer ${id}.`, { kind: 'customer', id });
  return found;
}

/** Payments of their sales, and those that carry one of their contacts. */
async function paymentsOf({ seal }: EngineContext, tx: Tx, customer: Customer): Promise<string[]> {
  const marks = customer.contacts.filter((contact) => contact.kind === 'email' || contact.kind === 'sms').map((contact) => seal.words(contact.value)).filter((words) => words !== '' && !words.includes(' '));
  const rows = await tx.payment.findMany({ where: { OR: [{ orderId: { in: [...customer.orderIds] } }, ...marks.map((mark) => ({ customerWords: { contains: mark } }))] }, select: { id: true } });
  return rows.map((row) => row.id);
}

/** Everything, in plain words and UTC times. The caller keeps it where it may be kept. */
export async function exportCustomer(ctx: EngineContext, id: string): Promise<Record<string, unknown>> {
  const { db, seal, clock } = ctx;
  const tx = db.prisma;
  const customer = await load(ctx, tx, id);
  const open = (column: string, value: string | null) => (value === null ? null : seal.open(`Payment.${column}`, value));
  const payments = await tx.payment.findMany({ where: { id: { in: await paymentsOf(ctx, tx, customer) } }, orderBy: { id: 'asc' } });
  const tickets = [];
  for (const { id: ticketId } of await tx.ticket.findMany({ where: { customerId: id }, select: { id: true }, orderBy: { id: 'asc' } })) {
    const ticket = await readTicket(ctx, tx, ticketId);
    tickets.push({ id: ticket.id, channel: ticket.channel, writtenFrom: ticket.recipient, subject: ticket.subject, intent: ticket.intent, language: ticket.language, openedAt: toIso(ticket.openedAt), messages: ticket.messages.map((message) => ({ at: toIso(message.sentAt ?? message.createdAt), from: message.direction === 'in' ? 'customer' : 'us', text: message.text })) });
  }
  const written = await listMessages(ctx, tx, customer.orderIds);
  return {
    exportedAt: toIso(clock.now()), customer: { id, name: customer.name, since: toIso(customer.createdAt), contacts: customer.contacts.map(({ kind, value }) => ({ kind, value })) }, orders: await findOrderDetails(ctx, tx, customer.orderIds), tickets, messagesAboutOrders: written.map(({ orderId, kind, state, text, createdAt }) => ({ at: toIso(createdAt), orderId, kind, state, text })),
    payments: payments.map((row) => ({ id: row.id, provider: row.provider, state: row.state, amountMinor: toNumber(row.amountMinor), currency: row.currency, description: row.description, name: open('customerName', row.customerName), email: open('customerEmail', row.customerEmail), phone: open('customerPhone', row.customerPhone), at: toIso(toNumber(row.createdAt)) })),
  };
}

/** Tickets go; orders and payments stay for the books, without name, address and number; the customer's row stays as a number without a person. */
export async function eraseCustomer(ctx: EngineContext, id: string, by: string): Promise<{ tickets: number; orders: number; payments: number; contacts: number }> {
  const done = await ctx.db.transaction(async (tx) => {
    await tx.$queryRawUnsafe('PRAGMA secure_delete = ON');
    const customer = await load(ctx, tx, id);
    const paymentIds = await paymentsOf(ctx, tx, customer);
    let tickets = 0;
    for (let gone = 1; gone > 0;) tickets += gone = await deleteTickets(ctx, tx, { customerId: id });
    await deleteOrderMessages(tx, customer.orderIds);
    const orders = (await tx.order.updateMany({ where: { id: { in: [...customer.orderIds] } }, data: ERASED_BUYER })).count;
    const payments = (await tx.payment.updateMany({ where: { id: { in: paymentIds } }, data: { customerName: null, customerEmail: null, customerPhone: null, customerWords: null } })).count;
    await tx.customerOrder.deleteMany({ where: { customerId: id } });
    const contacts = (await tx.customerHandle.deleteMany({ where: { customerId: id } })).count;
    await tx.customer.update({ where: { id }, data: { name: null, words: '', erasedAt: ctx.clock.now(), updatedAt: ctx.clock.now() } });
    const counts = { tickets, orders, payments, contacts };
    await ctx.audit.append(tx, { actor: by, channel: 'desktop', action: 'customer.erased', subject: id, data: counts });
    await ctx.outbox.add(tx, 'ticket.erased', id, {});
    return counts;
  });
  await ctx.db.prisma.$queryRawUnsafe('PRAGMA wal_checkpoint(TRUNCATE)');
  return done;
}
