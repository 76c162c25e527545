import { z } from 'zod';
import { ConnectorError, messageOf } from '#kernel/errors.ts';
import { maskText } from '#kernel/log.ts';
import { money, type Money } from '#kernel/money.ts';
import { MINUTE_MS, type Instant } from '#kernel/time.ts';
import type { JobHandler, Tx, WorkflowDefinition } from '#runtime/ports.ts';
import { refundDirectSale } from '../orders/index.ts';
import { advance, loadPayment, loadVersion, record } from './advance-payment.ts';
import type { PaymentsDeps } from './deps.ts';
import { invalid, wrongState } from './errors.ts';
import { openCustomer, type Payment, type Refund } from './payment.ts';
import type { MadeRefund, NewRefund } from './ports.ts';
import { findPendingRefunds, findRefund, insertAliases, insertRefund, listRefunds, moveRefund, updatePayment } from './repo.ts';
import { providerOf } from './request-payment.ts';

export const REFUND_PAYMENT = 'refund-payment';
export const CHECK_REFUNDS = 'payments.check-refunds';
/** As long a provider is being asked: before that nobody can say that it was not made. */
const ASKING_MS = 15 * MINUTE_MS;
/** In the place of the provider's id, where a person gave it back. */
const BY_HAND = 'by-hand';

export interface RefundInput {
  readonly id: string;
  readonly version: number;
  readonly amount: Money;
  readonly reason: string;
  readonly by: string;
}

/** What may still be given back: what came in, without what was given back or is on its way. */
export function refundable(payment: Payment, refunds: readonly Refund[]): Money {
  const underWay = refunds.filter((refund) => refund.state === 'asked' || refund.state === 'pending').reduce((sum, refund) => sum + refund.amount.minor, 0);
  return money(Math.max(0, (payment.paid?.minor ?? 0) - payment.refunded.minor - underWay), payment.amount.currency);
}

/** Whether a refund waits for a person's word: on its way at the provider, or asked for so long ago that no answer comes by itself. */
export function hangs(refund: Pick<Refund, 'state' | 'createdAt'>, now: Instant): boolean {
  return refund.state === 'pending' || (refund.state === 'asked' && now - refund.createdAt >= ASKING_MS);
}

/**
 * Gives money back. Where the provider can, a workflow does; else the person did it in the provider's own account, and this records it.
 * @throws DomainError WRONG_STATE, INVALID for more than is left.
 */
export async function refundPayment(deps: PaymentsDeps, input: RefundInput): Promise<Payment> {
  const { db, ids, clock, workflows, audit } = deps.ctx;
  return db.transaction(async (tx) => {
    const payment = await loadVersion(tx, input.id, input.version);
    if (payment.state !== 'paid') throw wrongState(payment.state);
    const left = refundable(payment, await listRefunds(tx, payment.id));
    if (input.amount.currency !== left.currency || input.amount.minor <= 0) throw invalid('amount', `an amount in ${left.currency} above zero`);
    if (input.amount.minor > left.minor) throw invalid('amount', `more than the ${left.minor} ${left.currency} (minor units) that are left`);
    const provider = providerOf(deps, payment.provider);
    const id = ids.next('refund');
    await insertRefund(tx, { id, paymentId: payment.id, amount: input.amount, reason: input.reason, state: 'asked', externalId: null, error: null, idempotencyKey: `${id}:refund`, createdAt: clock.now(), endedAt: null });
    await record(deps, tx, payment.id, 'refund-asked', { amount: input.amount, reason: input.reason, by: input.by });
    await audit.append(tx, { actor: input.by, channel: 'desk', action: 'payment.refund-asked', subject: payment.id, data: { refund: id, amount: input.amount } });
    if (provider.refunds) await workflows.start(tx, REFUND_PAYMENT, `${REFUND_PAYMENT}:${id}`, { refundId: id });
    else await noteRefund(deps, tx, id, { externalId: BY_HAND, state: 'done' });
    await updatePayment(tx, await loadPayment(tx, payment.id), {});
    return loadPayment(tx, payment.id);
  });
}

/** What became of a refund, in the books too once it is done. */
async function noteRefund(deps: PaymentsDeps, tx: Tx, refundId: string, made: MadeRefund): Promise<void> {
  const refund = (await findRefund(tx, refundId))!;
  const { clock, outbox } = deps.ctx;
  const moved = await moveRefund(tx, refundId, { from: ['asked', 'pending'], to: made.state === 'pending' ? 'pending' : made.state, externalId: made.externalId, ...(made.state === 'pending' ? {} : { endedAt: clock.now() }) });
  if (!moved || (refund.state === 'pending' && made.state === 'pending')) return;
  const payment = await loadPayment(tx, refund.paymentId);
  await insertAliases(tx, payment, made.externalId === BY_HAND ? {} : { refund: made.externalId });
  await record(deps, tx, payment.id, `refund-${made.state}`, { amount: refund.amount, externalId: made.externalId });
  await outbox.add(tx, `payment.refund-${made.state}`, payment.id, {});
  if (made.state !== 'done') return;
  // a reading of the provider may have told of it before
  const done = (await listRefunds(tx, payment.id)).filter((r) => r.state === 'done').reduce((sum, r) => sum + r.amount.minor, 0);
  const refunded = money(Math.max(payment.refunded.minor, done), payment.amount.currency);
  if (payment.orderId) await refundDirectSale(deps.orders, tx, payment.orderId, refunded);
  if (payment.state === 'paid' && payment.paid && refunded.minor >= payment.paid.minor) await advance(deps, tx, payment, { to: 'refunded', change: { refunded, checkAt: null } });
  else await updatePayment(tx, payment, { refunded });
}

const inputSchema = z.strictObject({ refundId: z.string() });
const madeSchema = z.strictObject({ externalId: z.string(), state: z.enum(['pending', 'done', 'failed']) });

async function newRefund(deps: PaymentsDeps, refundId: string): Promise<{ readonly refund: NewRefund; readonly payment: Payment; readonly settled: boolean }> {
  const refund = (await findRefund(deps.ctx.db.prisma, refundId))!;
  const payment = await loadPayment(deps.ctx.db.prisma, refund.paymentId);
  return { payment, settled: refund.state === 'done' || refund.state === 'failed', refund: { idempotencyKey: refund.idempotencyKey, handle: payment.handle, amount: refund.amount, reason: refund.reason, customerPhone: openCustomer(deps.ctx.seal, payment).phone } };
}

export function refundWorkflow(deps: PaymentsDeps): WorkflowDefinition<z.infer<typeof inputSchema>> {
  return {
    kind: REFUND_PAYMENT, input: inputSchema,
    async run(run, { refundId }) {
      const { refund, payment, settled } = await newRefund(deps, refundId);
      // A person has said what became of it while this waited for its next try: it must not be made after all.
      if (settled) return;
      const provider = providerOf(deps, payment.provider);
      const made = await run.effect('refund', {
        output: madeSchema,
        call: async () => {
          // in a transaction: behind a person's word that is being written down at this moment
          const { state } = (await deps.ctx.db.transaction((tx) => findRefund(tx, refundId)))!;
          if (state !== 'asked') throw new ConnectorError({ kind: 'Rejected', connector: payment.provider, operation: 'refund', message: 'a person has settled it meanwhile' });
          return provider.refund!(refund, run.signal);
        },
        reconcile: async () => {
          const found = await provider.findRefund!(refund, run.signal);
          return typeof found === 'string' ? found : { found };
        },
      });
      await run.transact('note', z.null(), async (tx) => {
        await noteRefund(deps, tx, refundId, made);
        return null;
      });
    },
    async failed(tx, { refundId }, error) {
      const refund = (await findRefund(tx, refundId))!;
      const message = maskText(messageOf(error)).slice(0, 300);
      if (!(await moveRefund(tx, refundId, { from: ['asked', 'pending'], to: 'failed', error: message, endedAt: deps.ctx.clock.now() }))) return;
      await record(deps, tx, refund.paymentId, 'refund-failed', { amount: refund.amount, message });
      await deps.ctx.outbox.add(tx, 'payment.refund-failed', refund.paymentId, {});
    },
  };
}

/** A person looked in the provider's account: the refund that hung was made, or it was not. */
export async function settleRefund(deps: PaymentsDeps, input: { readonly refundId: string; readonly done: boolean; readonly by: string }): Promise<Payment> {
  return deps.ctx.db.transaction(async (tx) => {
    const refund = await findRefund(tx, input.refundId);
    if (!refund) throw invalid('refundId', 'there is no such refund');
    if (refund.state !== 'pending' && refund.state !== 'asked') throw wrongState(refund.state);
    if (!hangs(refund, deps.ctx.clock.now())) throw invalid('refundId', 'the provider is being asked just now; look again in a quarter of an hour');
    await noteRefund(deps, tx, refund.id, { externalId: refund.externalId ?? BY_HAND, state: input.done ? 'done' : 'failed' });
    await deps.ctx.audit.append(tx, { actor: input.by, channel: 'desk', action: 'payment.refund-settled', subject: refund.paymentId, data: { refund: refund.id, done: input.done } });
    return loadPayment(tx, refund.paymentId);
  });
}

const noPayload = z.strictObject({});

/** Asks what became of refunds that were on their way. */
export function checkRefundsJob(deps: PaymentsDeps): JobHandler<z.infer<typeof noPayload>> {
  return {
    kind: CHECK_REFUNDS, payload: noPayload,
    async run(_payload, job) {
      const providers = new Map(deps.providers().map((provider) => [provider.id, provider]));
      for (const refund of await findPendingRefunds(deps.ctx.db.prisma)) {
        const payment = await loadPayment(deps.ctx.db.prisma, refund.paymentId);
        const made = refund.externalId === null ? undefined : await providers.get(payment.provider)?.readRefund?.(refund.externalId, job.signal);
        if (made && made.state !== 'pending') await deps.ctx.db.transaction((tx) => noteRefund(deps, tx, refund.id, made));
      }
    },
  };
}
