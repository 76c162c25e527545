import { z } from 'zod';
import { messageOf } from '#kernel/errors.ts';
import { maskText } from '#kernel/log.ts';
import { money, type Money } from '#kernel/money.ts';
import { HOUR_MS } from '#kernel/time.ts';
import type { Tx, WorkflowDefinition } from '#runtime/ports.ts';
import { getLot } from '../inventory/index.ts';
import { advance, loadPayment, loadVersion } from './advance-payment.ts';
import type { PaymentsDeps } from './deps.ts';
import { invalid, killSwitchOn, wrongState } from './errors.ts';
import { FIRST_STATE } from './machine.ts';
import { requestOf, sealCustomer, wordsOfCustomer, type Payment } from './payment.ts';
import type { MadePayment, PaymentMethod, PaymentProvider } from './ports.ts';
import { insertAliases, insertEvent, insertPayment, updatePayment } from './repo.ts';

export const REQUEST_PAYMENT = 'request-payment';
/** First look after something to pay was made. */
export const FIRST_CHECK_MS = 15_000;

export interface PaymentInput {
  readonly provider: string;
  readonly method: PaymentMethod;
  readonly amount: Money;
  readonly description: string;
  readonly lotId: string | null;
  readonly units: number | null;
  readonly customer: { readonly name: string | null; readonly email: string | null; readonly phone: string | null };
  /** How long the customer has. */
  readonly hours: number;
  readonly by: string;
}

export function providerOf(deps: PaymentsDeps, id: string): PaymentProvider {
  const found = deps.providers().find((provider) => provider.id === id);
  if (!found) throw invalid('provider', `${id} is not connected: enter its keys in the settings`);
  return found;
}

function check(deps: PaymentsDeps, input: PaymentInput): void {
  const provider = providerOf(deps, input.provider);
  if (!provider.methods.includes(input.method)) throw invalid('method', `${provider.name} has no ${input.method}`);
  if (provider.currencies && !provider.currencies.includes(input.amount.currency)) throw invalid('amount', `${provider.name} takes ${provider.currencies.join(', ')} only`);
  if (input.amount.minor <= 0) throw invalid('amount', 'must be above zero');
  for (const need of provider.needs[input.method] ?? []) if (!input.customer[need]) throw invalid(`customer.${need}`, `${provider.name} needs it for ${input.method}`);
  if ((input.lotId === null) !== (input.units === null)) throw invalid('units', 'a sale from stock names the lot and the units');
}

/**
 * Asks a customer for money. The record and the workflow that tells the provider are one transaction, so that nothing is asked twice and nothing is forgotten.
 * @throws DomainError INVALID naming the field.
 */
export async function requestPayment(deps: PaymentsDeps, input: PaymentInput): Promise<Payment> {
  check(deps, input);
  const { ids, clock, db, workflows, audit, outbox } = deps.ctx;
  const now = clock.now();
  const id = ids.next('payment');
  return db.transaction(async (tx) => {
    if (input.lotId !== null) {
      const lot = await getLot(tx, input.lotId);
      if (lot.onHand < (input.units ?? 0)) throw invalid('units', `only ${lot.onHand} on hand`);
    }
    const payment: Payment = {
      id, provider: input.provider, method: input.method, state: FIRST_STATE, problem: null, amount: input.amount, paid: null, fee: null, refunded: money(0, input.amount.currency), description: input.description, lotId: input.lotId,
      units: input.units, orderId: null, customer: sealCustomer(deps.ctx.seal, input.customer), url: null, handle: {}, idempotencyKey: keyOf(id, 1), createdBy: input.by, createdAt: now, expiresAt: now + input.hours * HOUR_MS, paidAt: null, checkedAt: null, checkAt: null,
      checks: 0, version: 1,
    };
    await insertPayment(tx, payment, wordsOfCustomer(deps.ctx.seal, input.customer));
    await insertEvent(tx, id, { id: ids.next('event'), kind: 'requesting', data: { by: input.by, amount: input.amount }, at: now });
    await workflows.start(tx, REQUEST_PAYMENT, `${REQUEST_PAYMENT}:${id}:1`, { paymentId: id, turn: 1 });
    await outbox.add(tx, 'payment.requesting', id, { provider: input.provider });
    await audit.append(tx, { actor: input.by, channel: 'desk', action: 'payment.requested', subject: id, data: { provider: input.provider, amount: input.amount } });
    return payment;
  });
}

/** Null: a person settled it meanwhile. */
const madeSchema = z.strictObject({ handle: z.record(z.string(), z.string()), url: z.string().nullable(), expiresAt: z.int().nullable() }).nullable();
const inputSchema = z.strictObject({ paymentId: z.string(), turn: z.int() });

/** Of each time that a person has it asked: the first time, and after they found that nothing had arrived. */
const keyOf = (paymentId: string, turn: number): string => (turn === 1 ? `${paymentId}:create` : `${paymentId}:create:${turn}`);
const isAsked = ({ state }: Payment): boolean => state === 'requesting' || state === 'unclear';

async function noteMade(deps: PaymentsDeps, tx: Tx, paymentId: string, made: MadePayment): Promise<void> {
  const payment = await loadPayment(tx, paymentId);
  if (!isAsked(payment)) return;
  await insertAliases(tx, payment, made.handle);
  await advance(deps, tx, payment, {
    to: made.url === null ? 'processing' : 'open', data: { url: made.url },
    change: { handle: made.handle, url: made.url, expiresAt: made.expiresAt === null ? payment.expiresAt : Math.min(made.expiresAt, payment.expiresAt), checkAt: deps.ctx.clock.now() + FIRST_CHECK_MS, checks: 0 },
  });
}

/** Tells the provider; a lost answer is asked after before anything is asked again. */
export function requestWorkflow(deps: PaymentsDeps): WorkflowDefinition<z.infer<typeof inputSchema>> {
  return {
    kind: REQUEST_PAYMENT, input: inputSchema,
    async run(run, { paymentId, turn }) {
      const payment = await loadPayment(deps.ctx.db.prisma, paymentId);
      const provider = providerOf(deps, payment.provider);
      const request = { ...requestOf(deps.ctx.seal, payment), idempotencyKey: keyOf(paymentId, turn) };
      const made = await run.effect('create', {
        output: madeSchema,
        call: () => provider.create(request, run.signal),
        reconcile: async () => {
          const now = await loadPayment(deps.ctx.db.prisma, paymentId);
          if (!isAsked(now) || now.idempotencyKey !== request.idempotencyKey) return { found: null };
          const found = await provider.find(request, run.signal);
          if (found === 'unknown') await noteUnclear(deps, now, provider);
          return typeof found === 'string' ? found : { found };
        },
      });
      await run.transact('note', z.null(), async (tx) => {
        if (made) await noteMade(deps, tx, paymentId, made);
        return null;
      });
    },
    async failed(tx, { paymentId }, error) {
      const payment = await loadPayment(tx, paymentId);
      if (payment.state === 'requesting') await advance(deps, tx, payment, { to: 'failed', problem: { code: 'payment.refused', data: { message: maskText(messageOf(error)).slice(0, 300) } } });
    },
  };
}

/** The provider has no search: whether the customer was asked cannot be learned from it. A person asks the customer; the program must not ask twice. */
async function noteUnclear(deps: PaymentsDeps, payment: Payment, provider: PaymentProvider): Promise<void> {
  if (payment.state === 'unclear') return;
  await deps.ctx.db.transaction((tx) => advance(deps, tx, payment, { to: 'unclear', problem: { code: 'payment.unclear', data: { provider: provider.name } } }));
}

/** A person found out that the customer was never asked: it is asked once more, under a new key. */
export async function requestAgain(deps: PaymentsDeps, input: { readonly id: string; readonly version: number; readonly by: string }): Promise<Payment> {
  return deps.ctx.db.transaction(async (tx) => {
    const payment = await loadVersion(tx, input.id, input.version);
    if (payment.state !== 'unclear') throw wrongState(payment.state);
    const turn = payment.checks + 2;
    const again = await advance(deps, tx, payment, { to: 'requesting', change: { checks: turn - 1, idempotencyKey: keyOf(payment.id, turn) }, data: { by: input.by } });
    await deps.ctx.workflows.start(tx, REQUEST_PAYMENT, `${REQUEST_PAYMENT}:${payment.id}:${turn}`, { paymentId: payment.id, turn });
    await deps.ctx.audit.append(tx, { actor: input.by, channel: 'desk', action: 'payment.requested-again', subject: payment.id });
    return again;
  });
}

/** Nobody is to pay it any more. Where the provider can close it, it does; money that arrives all the same is still taken in. */
export async function cancelPayment(deps: PaymentsDeps, input: { readonly id: string; readonly version: number; readonly by: string }): Promise<Payment> {
  const seen = await loadVersion(deps.ctx.db.prisma, input.id, input.version);
  if (seen.state !== 'open' && seen.state !== 'processing' && seen.state !== 'unclear') throw wrongState(seen.state);
  if (await deps.ctx.killSwitch.isOn()) throw killSwitchOn();
  // who wants it is on record before the provider hears of it: what a program did that was killed then has its author
  await deps.ctx.db.transaction(async (tx) => {
    await loadVersion(tx, input.id, input.version);
    await deps.ctx.audit.append(tx, { actor: input.by, channel: 'desk', action: 'payment.cancel-asked', subject: input.id });
  });
  if (seen.state !== 'unclear') await providerOf(deps, seen.provider).cancel?.(seen.handle);
  return deps.ctx.db.transaction(async (tx) => {
    const payment = await loadPayment(tx, input.id);
    if (payment.state !== seen.state) throw wrongState(payment.state);
    await deps.ctx.audit.append(tx, { actor: input.by, channel: 'desk', action: 'payment.cancelled', subject: payment.id });
    const cancelled = await advance(deps, tx, payment, { to: 'cancelled', data: { by: input.by } });
    // one more look, for a customer who was faster
    await updatePayment(tx, cancelled, { checkAt: deps.ctx.clock.now() + HOUR_MS });
    return loadPayment(tx, payment.id);
  });
}
