import { z } from 'zod';
import { isConnectorError, messageOf } from '#kernel/errors.ts';
import { maskText } from '#kernel/log.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, type Instant } from '#kernel/time.ts';
import type { Money } from '#kernel/money.ts';
import type { JobHandler, Tx, WorkflowDefinition } from '#runtime/ports.ts';
import { correctDirectFee, recordDirectSale, refundDirectSale } from '../orders/index.ts';
import { advance, loadPayment, record } from './advance-payment.ts';
import type { PaymentsDeps } from './deps.ts';
import { AWAITING, canGo, type PaymentState } from './machine.ts';
import { openCustomer, type Payment } from './payment.ts';
import type { PaymentReading } from './ports.ts';
import { findByAlias, findDue, insertAliases, noteNotice, updatePayment, type PaymentChange } from './repo.ts';
import { providerOf } from './request-payment.ts';

export const CHECK_PAYMENTS = 'payments.check';
export const CHECK_EVERY_MS = MINUTE_MS;
export const CAPTURE_PAYMENT = 'capture-payment';
const MOST_AT_ONCE = 100;
/** A prompt that was answered in the last minute is heard of within this. */
const PROMPT_GRACE_MS = 30 * MINUTE_MS;
/** How long after its end a payment is still asked about: a card that was slow to settle. */
const GRACE_MS = DAY_MS;
/** Fees, refunds and disputes come later: how long a paid one is looked at. */
const WATCH_PAID_MS = 30 * DAY_MS;

/** When to ask again: soon while the customer is likely to be paying, rarely later, never when there is nothing more to learn. */
export function nextCheck(payment: Pick<Payment, 'state' | 'expiresAt' | 'paidAt' | 'checks' | 'fee'>, now: Instant): Instant | null {
  if (AWAITING.includes(payment.state)) return now + Math.min(15 * SECOND_MS * 2 ** Math.min(payment.checks, 7), 15 * MINUTE_MS);
  if (payment.state === 'paid' || payment.state === 'disputed') return payment.paidAt !== null && now - payment.paidAt > WATCH_PAID_MS ? null : now + (payment.fee === null ? HOUR_MS : DAY_MS);
  if (payment.state === 'expired' || payment.state === 'cancelled' || payment.state === 'failed') return now < payment.expiresAt + GRACE_MS ? now + 6 * HOUR_MS : null;
  return null;
}

function stateFor(payment: Payment, reading: PaymentReading, now: Instant): PaymentState {
  if (reading.state === 'to-capture') return 'capturing';
  if (reading.state === 'open' && payment.expiresAt <= now) return 'expired';
  // a prompt on a phone that nobody answered: the provider may call it pending for ever
  if (reading.state === 'processing' && payment.url === null && payment.expiresAt + PROMPT_GRACE_MS <= now) return 'expired';
  return reading.state;
}

/** The sale that a paid payment is, and what the provider said of it since. */
async function book(deps: PaymentsDeps, tx: Tx, payment: Payment, reading: PaymentReading): Promise<string | null> {
  if (reading.paid === null) return payment.orderId;
  const order = await recordDirectSale(deps.orders, tx, {
    channel: payment.provider, externalId: payment.id, title: payment.description, lotId: payment.lotId, units: payment.units ?? 1, total: reading.paid, fee: reading.fee, buyer: openCustomer(deps.ctx.seal, payment),
  });
  if (reading.fee) await correctDirectFee(deps.orders, tx, order.id, reading.fee);
  if (reading.refunded && reading.refunded.minor > 0) await refundDirectSale(deps.orders, tx, order.id, reading.refunded);
  return order.id;
}

/** A fee or a refund in another currency is not known in the payment's. */
function inOneCurrency(reading: PaymentReading, currency: string): PaymentReading {
  const keep = (amount: Money | null) => (amount?.currency === currency ? amount : null);
  return { ...reading, fee: keep(reading.fee), refunded: keep(reading.refunded) };
}

/** Another currency than was asked for: a person looks in the provider's account. Nothing is booked under a currency that it is not. */
async function leaveAbroad(deps: PaymentsDeps, tx: Tx, payment: Payment, paid: Money): Promise<Payment> {
  const now = deps.ctx.clock.now();
  const isTold = payment.problem?.code === 'payment.other-currency';
  if (!isTold) await record(deps, tx, payment.id, 'other-currency', { asked: payment.amount, paid });
  await updatePayment(tx, payment, { checkedAt: now, checks: payment.checks + 1, checkAt: now + HOUR_MS, problem: { code: 'payment.other-currency', data: { asked: payment.amount, paid } } });
  if (!isTold) await deps.ctx.outbox.add(tx, 'payment.other-currency', payment.id, { provider: payment.provider });
  return loadPayment(tx, payment.id);
}

/** Takes one reading in, in the caller's transaction. The same reading again changes nothing but the time of the next look. */
export async function applyReading(deps: PaymentsDeps, tx: Tx, id: string, told: PaymentReading): Promise<Payment> {
  const now = deps.ctx.clock.now();
  const payment = await loadPayment(tx, id);
  const reading = inOneCurrency(told, payment.amount.currency);
  await insertAliases(tx, payment, reading.handle);
  if (reading.paid && reading.paid.currency !== payment.amount.currency) return leaveAbroad(deps, tx, payment, reading.paid);
  const orderId = await book(deps, tx, payment, reading);
  const to = stateFor(payment, reading, now);
  const known: PaymentChange = {
    handle: reading.handle, orderId, checkedAt: now, checks: payment.checks + 1, ...(reading.paid ? { paid: reading.paid } : {}), ...(reading.fee ? { fee: reading.fee } : {}),
    ...(reading.refunded && reading.refunded.minor > payment.refunded.minor ? { refunded: reading.refunded } : {}), ...(reading.paid && payment.paidAt === null ? { paidAt: now } : {}),
  };
  const next = { ...payment, ...known, state: to };
  if (to === payment.state || !canGo(payment.state, to)) {
    await updatePayment(tx, payment, { ...known, checkAt: nextCheck({ ...next, state: payment.state }, now) });
    return loadPayment(tx, id);
  }
  const odd = reading.paid && reading.paid.minor !== payment.amount.minor ? { code: 'payment.other-amount', data: { asked: payment.amount, paid: reading.paid } } : null;
  const moved = await advance(deps, tx, payment, { to, change: { ...known, checkAt: nextCheck({ ...next, checks: 0 }, now), checks: 0 }, problem: odd, data: { status: reading.status } });
  if (to === 'capturing') await deps.ctx.workflows.start(tx, CAPTURE_PAYMENT, `${CAPTURE_PAYMENT}:${id}`, { paymentId: id });
  if (to === 'paid') await deps.ctx.audit.append(tx, { actor: 'desk', channel: 'workflow', action: 'payment.paid', subject: id, data: { provider: payment.provider, paid: reading.paid, fee: reading.fee } });
  return moved;
}

/** Asks the provider about one payment now. A failure is kept with it and asked again later. */
export async function checkPayment(deps: PaymentsDeps, id: string, signal?: AbortSignal): Promise<Payment> {
  const payment = await loadPayment(deps.ctx.db.prisma, id);
  try {
    const reading = await providerOf(deps, payment.provider).read(payment.handle, signal, openCustomer(deps.ctx.seal, payment).phone);
    return await deps.ctx.db.transaction((tx) => applyReading(deps, tx, id, reading));
  } catch (error) {
    if (signal?.aborted || !isConnectorError(error)) throw error;
    const message = maskText(messageOf(error)).slice(0, 300);
    return deps.ctx.db.transaction(async (tx) => {
      const now = deps.ctx.clock.now();
      const current = await loadPayment(tx, id);
      const told = current.problem?.code === 'payment.cannot-ask' && current.problem.data['message'] === message;
      if (!told) await record(deps, tx, id, 'cannot-ask', { message });
      await updatePayment(tx, current, { problem: { code: 'payment.cannot-ask', data: { message } }, checkAt: now + Math.max(error.detail.retryAfterMs ?? 0, 10 * MINUTE_MS) });
      return loadPayment(tx, id);
    });
  }
}

const noPayload = z.strictObject({});

/** Asks about every payment that is due. */
export function checkPaymentsJob(deps: PaymentsDeps): JobHandler<z.infer<typeof noPayload>> {
  return {
    kind: CHECK_PAYMENTS, payload: noPayload,
    async run(_payload, job) {
      const connected = new Set(deps.providers().map((provider) => provider.id));
      for (const payment of await findDue(deps.ctx.db.prisma, deps.ctx.clock.now(), MOST_AT_ONCE)) {
        if (job.signal.aborted) return;
        if (connected.has(payment.provider)) await checkPayment(deps, payment.id, job.signal);
      }
    },
  };
}

const captureInput = z.strictObject({ paymentId: z.string() });
const moneySchema = z.strictObject({ minor: z.int(), currency: z.string() }).nullable();
const readingSchema = z.strictObject({ state: z.enum(['open', 'processing', 'to-capture', 'paid', 'failed', 'cancelled', 'expired', 'refunded', 'disputed']), status: z.string(), paid: moneySchema, fee: moneySchema, refunded: moneySchema, handle: z.record(z.string(), z.string()) });

/** Takes the money that a customer agreed to. Its key makes a repeat harmless, so a lost answer is asked for by the same call. */
export function captureWorkflow(deps: PaymentsDeps): WorkflowDefinition<z.infer<typeof captureInput>> {
  return {
    kind: CAPTURE_PAYMENT, input: captureInput,
    async run(run, { paymentId }) {
      const payment = await loadPayment(deps.ctx.db.prisma, paymentId);
      const provider = providerOf(deps, payment.provider);
      const reading = await run.effect('capture', {
        output: readingSchema,
        call: ({ idempotencyKey }) => provider.capture!(payment.handle, idempotencyKey, run.signal),
        reconcile: async () => {
          const now = await provider.read(payment.handle, run.signal, openCustomer(deps.ctx.seal, payment).phone);
          return now.state === 'to-capture' ? 'absent' : { found: now };
        },
      });
      await run.transact('note', z.null(), async (tx) => {
        await applyReading(deps, tx, paymentId, reading);
        return null;
      });
    },
    async failed(tx, { paymentId }, error) {
      const payment = await loadPayment(tx, paymentId);
      if (payment.state === 'capturing') await advance(deps, tx, payment, { to: 'failed', problem: { code: 'payment.refused', data: { message: messageOf(error).slice(0, 300) } } });
    },
  };
}

/** A verified notice says when to ask; what it says besides is not believed. The same notice again does nothing. */
export async function receiveNotice(deps: PaymentsDeps, providerId: string, request: { readonly raw: Uint8Array; readonly headers: Readonly<Record<string, string | undefined>> }): Promise<'asked' | 'known' | 'foreign'> {
  const provider = providerOf(deps, providerId);
  if (!provider.readWebhook) return 'foreign';
  const { db, clock } = deps.ctx;
  const now = clock.now();
  const news = await provider.readWebhook({ ...request, now });
  const about = news.about;
  const found = await db.transaction(async (tx) => {
    const paymentId = about === null ? null : await findByAlias(tx, providerId, about);
    return { paymentId, isNew: await noteNotice(tx, { provider: providerId, eventId: news.eventId, kind: news.kind, paymentId, receivedAt: now }) };
  });
  if (!found.isNew) return 'known';
  if (found.paymentId === null) return 'foreign';
  await checkPayment(deps, found.paymentId);
  return 'asked';
}
