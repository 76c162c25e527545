import { oc } from '@orpc/contract';
import { z } from 'zod';
import { commonErrors, filterInput, instantSchema, listFacets, moneySchema, pageInput, pageOf, reasonSchema, sortInput } from './shared.ts';
import { LIST_CHOICES, LIST_SORTS } from './words.ts';

/** See engine/payments/machine.ts. */
export const paymentState = z.enum(['requesting', 'unclear', 'open', 'capturing', 'processing', 'paid', 'disputed', 'lost', 'refunded', 'failed', 'cancelled', 'expired']);
export const paymentMethod = z.enum(['link', 'checkout', 'edahabia', 'cib', 'ecocash', 'paynow', 'paypal']);

export const paymentRow = z.strictObject({
  id: z.string(), provider: z.string(), providerName: z.string(), method: paymentMethod, state: paymentState, problem: reasonSchema.nullable(), amount: moneySchema, paid: moneySchema.nullable(), fee: moneySchema.nullable(), refunded: moneySchema,
  description: z.string(), customerName: z.string().nullable(), createdAt: instantSchema, expiresAt: instantSchema, paidAt: instantSchema.nullable(), checkedAt: instantSchema.nullable(), checkAt: instantSchema.nullable(), version: z.int(),
});
export const refundRow = z.strictObject({
  id: z.string(), amount: moneySchema, reason: z.string(), state: z.enum(['asked', 'pending', 'done', 'failed']), externalId: z.string().nullable(), error: z.string().nullable(), createdAt: instantSchema, endedAt: instantSchema.nullable(),
  /** It hangs: whether it was made is for a person to see in the provider's account, and to say here. */
  hangs: z.boolean(),
});
export const paymentDetail = paymentRow.extend({
  customerEmail: z.string().nullable(),
  /** Its last digits alone: `••• 111`. */
  customerPhone: z.string().nullable(), url: z.string().nullable(), lotId: z.string().nullable(), units: z.int().nullable(), orderId: z.string().nullable(),
  /** What may still be given back. */
  refundable: moneySchema, refunds: z.array(refundRow),
  /** Whether the provider gives money back by itself; else a person does in its account, and it is recorded here. */
  refundsByProvider: z.boolean(),
  events: z.array(z.strictObject({ id: z.string(), kind: z.string(), data: z.record(z.string(), z.unknown()), at: instantSchema })),
});
export const providerView = z.strictObject({
  id: z.string(), name: z.string(), methods: z.array(paymentMethod), currencies: z.array(z.string()).nullable(), needs: z.record(z.string(), z.array(z.enum(['email', 'phone']))), refunds: z.boolean(), payouts: z.boolean(),
  /** What it owes: sales without fees, refunds and payouts, by currency. */
  owed: z.array(moneySchema),
});
export const payoutRow = z.strictObject({
  id: z.string(), provider: z.string(), externalId: z.string(), state: z.enum(['pending', 'paid', 'failed']), amount: moneySchema, arrivesAt: instantSchema, booked: z.boolean(),
  /** What no movement explains: zero, or something to look into. */
  difference: moneySchema,
  /** Movements of no payment of this program. */
  foreign: z.int(),
  lines: z.array(z.strictObject({ externalId: z.string(), kind: z.enum(['payment', 'refund', 'dispute', 'fee', 'balance', 'other']), paymentId: z.string().nullable(), gross: moneySchema, fee: moneySchema, net: moneySchema, description: z.string() })),
});
export const disputeRow = z.strictObject({
  id: z.string(), provider: z.string(), externalId: z.string(), paymentId: z.string().nullable(), state: z.enum(['needs-response', 'under-review', 'won', 'lost']), amount: moneySchema, fee: moneySchema, reason: z.string(),
  answerBy: instantSchema.nullable(), seenAt: instantSchema,
});

const transition = { ...commonErrors, WRONG_STATE: { status: 409, message: 'The payment is in another state by now.', data: z.strictObject({ state: z.string() }) } } as const;
const held = { KILL_SWITCH: { status: 423, message: 'The kill switch is on: nothing goes out.', data: z.strictObject({}) } } as const;
const seen = { id: z.string(), version: z.int() } as const;
const text = (most: number) => z.string().trim().min(1).max(most);

export const paymentsContract = {
  /** Providers that have an account. */
  providers: oc.route({ method: 'GET', path: '/payments/providers' }).output(z.array(providerView)),
  list: oc.route({ method: 'GET', path: '/payments' }).errors(commonErrors).input(z.strictObject({ state: paymentState.optional(), search: z.string().max(200).optional(), ...filterInput(LIST_CHOICES.payments), ...sortInput(LIST_SORTS.payments), ...pageInput })).output(pageOf(paymentRow)),
  facets: oc.route({ method: 'GET', path: '/payments/facets' }).output(listFacets),
  get: oc.route({ method: 'GET', path: '/payments/{id}' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(paymentDetail),
  /** Asks a customer for money. `lotId` and `units` name the stock that is sold by it. */
  request: oc.route({ method: 'POST', path: '/payments' }).errors(transition).input(z.strictObject({
    provider: z.string(), method: paymentMethod, amount: moneySchema, description: text(200), lotId: z.string().nullable().default(null), units: z.int().min(1).nullable().default(null),
    customer: z.strictObject({ name: text(120).nullable().default(null), email: z.email().max(200).nullable().default(null), phone: text(40).nullable().default(null) }).default({ name: null, email: null, phone: null }),
    hours: z.int().min(1).max(24 * 60).default(72),
  })).output(paymentDetail),
  /** Asks the provider now. */
  check: oc.route({ method: 'POST', path: '/payments/{id}/check' }).errors(transition).input(z.strictObject({ id: z.string() })).output(paymentDetail),
  cancel: oc.route({ method: 'POST', path: '/payments/{id}/cancel' }).errors({ ...transition, ...held }).input(z.strictObject(seen)).output(paymentDetail),
  /** Of one that is `unclear`: the customer says that nothing arrived. */
  requestAgain: oc.route({ method: 'POST', path: '/payments/{id}/request-again' }).errors(transition).input(z.strictObject(seen)).output(paymentDetail),
  refund: oc.route({ method: 'POST', path: '/payments/{id}/refunds' }).errors(transition).input(z.strictObject({ ...seen, amount: moneySchema, reason: text(200) })).output(paymentDetail),
  /** A refund that hangs: a person looked in the provider's account. */
  settleRefund: oc.route({ method: 'POST', path: '/payments/refunds/{refundId}/settle' }).errors(transition).input(z.strictObject({ refundId: z.string(), done: z.boolean() })).output(paymentDetail),
  payouts: oc.route({ method: 'GET', path: '/payouts' }).input(z.strictObject({ limit: z.coerce.number().int().min(1).max(200).default(50) })).output(z.array(payoutRow)),
  /** Money of a provider that a person saw arrive at the bank. */
  recordPayout: oc.route({ method: 'POST', path: '/payouts' }).errors(commonErrors).input(z.strictObject({ provider: z.string(), amount: moneySchema, reference: text(120) })).output(z.strictObject({})),
  disputes: oc.route({ method: 'GET', path: '/disputes' }).output(z.array(disputeRow)),
};
