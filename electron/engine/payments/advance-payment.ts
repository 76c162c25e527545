import type { Reason } from '#contract/shared.ts';
import type { Tx } from '#runtime/ports.ts';
import type { PaymentsDeps } from './deps.ts';
import { noSuchPayment, wrongState } from './errors.ts';
import { canGo, type PaymentState } from './machine.ts';
import type { Payment } from './payment.ts';
import { findPayment, insertEvent, updatePayment, type PaymentChange } from './repo.ts';

export async function loadPayment(tx: Tx, id: string): Promise<Payment> {
  const payment = await findPayment(tx, id);
  if (!payment) throw noSuchPayment(id);
  return payment;
}

/** Refuses what somebody looked at before it changed. */
export async function loadVersion(tx: Tx, id: string, version: number): Promise<Payment> {
  const payment = await loadPayment(tx, id);
  if (payment.version !== version) throw wrongState(payment.state);
  return payment;
}

export async function record(deps: PaymentsDeps, tx: Tx, paymentId: string, kind: string, data: Readonly<Record<string, unknown>> = {}): Promise<void> {
  await insertEvent(tx, paymentId, { id: deps.ctx.ids.next('event'), kind, data, at: deps.ctx.clock.now() });
}

export interface Advance {
  readonly to: PaymentState;
  readonly change?: Omit<PaymentChange, 'state'>;
  readonly problem?: Reason | null;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** Moves a payment along the machine: state, timeline, event and audit in the caller's transaction. @throws DomainError WRONG_STATE */
export async function advance(deps: PaymentsDeps, tx: Tx, payment: Payment, { to, change = {}, problem = null, data = {} }: Advance): Promise<Payment> {
  if (!canGo(payment.state, to)) throw wrongState(payment.state);
  if (!(await updatePayment(tx, payment, { ...change, problem, state: to }))) throw wrongState(payment.state);
  await record(deps, tx, payment.id, to, { ...data, ...(problem ? { reason: problem } : {}) });
  await deps.ctx.outbox.add(tx, `payment.${to}`, payment.id, { provider: payment.provider });
  return loadPayment(tx, payment.id);
}
