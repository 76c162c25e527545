import { z } from 'zod';
import { reasonSchema } from '#contract/shared.ts';
import { money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import { toNumber } from '#runtime/database.ts';
import type { Tx } from '#runtime/ports.ts';
import type { PaymentState } from './machine.ts';
import { handleSchema, type Payment, type PaymentEvent, type Refund } from './payment.ts';
import type { PaymentMethod, ProviderHandle } from './ports.ts';

type Row = NonNullable<Awaited<ReturnType<typeof rowOf>>>;
const rowOf = (tx: Tx, id: string) => tx.payment.findUnique({ where: { id } });
const instant = (value: bigint | null) => (value === null ? null : toNumber(value));
const eventData = z.record(z.string(), z.unknown());

function toPayment(row: Row): Payment {
  const amount = (minor: bigint) => money(toNumber(minor), row.currency);
  return {
    id: row.id, provider: row.provider, method: row.method as PaymentMethod, state: row.state as PaymentState, problem: row.problem === null ? null : reasonSchema.parse(JSON.parse(row.problem)), amount: amount(row.amountMinor),
    paid: row.paidMinor === null ? null : amount(row.paidMinor), fee: row.feeMinor === null ? null : amount(row.feeMinor), refunded: amount(row.refundedMinor), description: row.description, lotId: row.lotId, units: row.units, orderId: row.orderId,
    customer: { name: row.customerName, email: row.customerEmail, phone: row.customerPhone }, url: row.url, handle: handleSchema.parse(JSON.parse(row.handle)), idempotencyKey: row.idempotencyKey, createdBy: row.createdBy,
    createdAt: toNumber(row.createdAt), expiresAt: toNumber(row.expiresAt), paidAt: instant(row.paidAt), checkedAt: instant(row.checkedAt), checkAt: instant(row.checkAt), checks: row.checks, version: row.version,
  };
}

/** @param customerWords marks of the words by which the customer is searched for. */
export async function insertPayment(tx: Tx, payment: Payment, customerWords: string): Promise<void> {
  const { amount, paid, fee, refunded, customer, handle, problem, ...plain } = payment;
  await tx.payment.create({
    data: {
      ...plain, amountMinor: amount.minor, currency: amount.currency, paidMinor: paid?.minor ?? null, feeMinor: fee?.minor ?? null, refundedMinor: refunded.minor, problem: problem && JSON.stringify(problem),
      customerName: customer.name, customerEmail: customer.email, customerPhone: customer.phone, customerWords, handle: JSON.stringify(handle),
    },
  });
}

export async function findPayment(tx: Tx, id: string): Promise<Payment | null> {
  const row = await rowOf(tx, id);
  return row && toPayment(row);
}

export type PaymentChange = Partial<Pick<Payment, 'state' | 'problem' | 'paid' | 'fee' | 'refunded' | 'orderId' | 'url' | 'handle' | 'expiresAt' | 'paidAt' | 'checkedAt' | 'checkAt' | 'checks' | 'idempotencyKey'>>;

/** Compare-and-set on the version. False when somebody was faster. */
export async function updatePayment(tx: Tx, payment: Payment, change: PaymentChange): Promise<boolean> {
  const { paid, fee, refunded, problem, handle, ...plain } = change;
  const done = await tx.payment.updateMany({
    where: { id: payment.id, version: payment.version },
    data: {
      ...plain, version: { increment: 1 }, ...(paid === undefined ? {} : { paidMinor: paid?.minor ?? null }), ...(fee === undefined ? {} : { feeMinor: fee?.minor ?? null }), ...(refunded ? { refundedMinor: refunded.minor } : {}),
      ...(problem === undefined ? {} : { problem: problem && JSON.stringify(problem) }), ...(handle ? { handle: JSON.stringify(handle) } : {}),
    },
  });
  return done.count === 1;
}

/** Names by which the provider will speak of it. */
export async function insertAliases(tx: Tx, payment: Pick<Payment, 'id' | 'provider'>, handle: ProviderHandle): Promise<void> {
  for (const value of new Set([payment.id, ...Object.values(handle)])) {
    await tx.paymentAlias.upsert({ where: { provider_value: { provider: payment.provider, value } }, create: { provider: payment.provider, value, paymentId: payment.id }, update: {} });
  }
}

export async function findByAlias(tx: Tx, provider: string, value: string): Promise<string | null> {
  return (await tx.paymentAlias.findUnique({ where: { provider_value: { provider, value } } }))?.paymentId ?? null;
}

export async function findPayments(tx: Tx, ids: readonly string[]): Promise<Payment[]> {
  return (await tx.payment.findMany({ where: { id: { in: [...ids] } } })).map(toPayment);
}

/** Payments whose provider is to be asked now, longest due first. */
export async function findDue(tx: Tx, by: Instant, limit: number): Promise<Payment[]> {
  return (await tx.payment.findMany({ where: { checkAt: { lte: by } }, orderBy: { checkAt: 'asc' }, take: limit })).map(toPayment);
}

export async function insertEvent(tx: Tx, paymentId: string, event: PaymentEvent): Promise<void> {
  await tx.paymentEvent.create({ data: { ...event, paymentId, data: JSON.stringify(event.data) } });
}

export async function listEvents(tx: Tx, paymentId: string): Promise<PaymentEvent[]> {
  const rows = await tx.paymentEvent.findMany({ where: { paymentId }, orderBy: { id: 'asc' } });
  return rows.map((row) => ({ id: row.id, kind: row.kind, data: eventData.parse(JSON.parse(row.data)), at: toNumber(row.at) }));
}

type RefundRow = Awaited<ReturnType<Tx['paymentRefund']['findMany']>>[number];
const toRefund = (row: RefundRow): Refund => ({
  id: row.id, paymentId: row.paymentId, amount: money(toNumber(row.amountMinor), row.currency), reason: row.reason, state: row.state as Refund['state'], externalId: row.externalId, error: row.error,
  idempotencyKey: row.idempotencyKey, createdAt: toNumber(row.createdAt), endedAt: instant(row.endedAt),
});

export async function insertRefund(tx: Tx, refund: Refund): Promise<void> {
  const { amount, ...plain } = refund;
  await tx.paymentRefund.create({ data: { ...plain, amountMinor: amount.minor, currency: amount.currency } });
}

export async function findRefund(tx: Tx, id: string): Promise<Refund | null> {
  const row = await tx.paymentRefund.findUnique({ where: { id } });
  return row && toRefund(row);
}

export async function listRefunds(tx: Tx, paymentId: string): Promise<Refund[]> {
  return (await tx.paymentRefund.findMany({ where: { paymentId }, orderBy: { id: 'asc' } })).map(toRefund);
}

export async function findPendingRefunds(tx: Tx): Promise<Refund[]> {
  return (await tx.paymentRefund.findMany({ where: { state: 'pending' }, orderBy: { id: 'asc' } })).map(toRefund);
}

/** From one state to the next; false when it was in another one. */
export async function moveRefund(tx: Tx, id: string, move: { readonly from: readonly Refund['state'][]; readonly to: Refund['state']; readonly externalId?: string; readonly error?: string; readonly endedAt?: Instant }): Promise<boolean> {
  const { from, to, ...plain } = move;
  return (await tx.paymentRefund.updateMany({ where: { id, state: { in: [...from] } }, data: { ...plain, state: to } })).count === 1;
}

/** True when this notice is new. */
export async function noteNotice(tx: Tx, notice: { readonly provider: string; readonly eventId: string; readonly kind: string; readonly paymentId: string | null; readonly receivedAt: Instant }): Promise<boolean> {
  const known = await tx.paymentNotice.findUnique({ where: { provider_eventId: { provider: notice.provider, eventId: notice.eventId } } });
  if (known) return false;
  await tx.paymentNotice.create({ data: notice });
  return true;
}
