import { oc } from '@orpc/contract';
import { z } from 'zod';
import { basisPointsSchema, commonErrors, filterInput, instantSchema, listFacets, moneySchema, pageInput, pageOf, reasonSchema, sortInput } from './shared.ts';
import { LIST_CHOICES, LIST_SORTS } from './words.ts';

/** See engine/support/machine.ts. */
export const ticketState = z.enum(['open', 'waiting-for-us', 'waiting-for-customer', 'snoozed', 'escalated', 'closed']);
export const supportIntent = z.enum(['shipping', 'return', 'question', 'payment', 'complaint', 'other']);
const language = z.enum(['en', 'fr', 'ar']);

export const supportPolicy = z.strictObject({
  /** Days after dispatch in which a buyer may send something back. */
  returnDays: z.int().min(0).max(365), returnPostage: z.enum(['buyer', 'seller']),
  /** Working time promised until dispatch, and until arrival after it, in days. */
  shipWithinDays: z.int().min(0).max(60), arriveWithinDays: z.int().min(1).max(120),
  /** A refund may be promised for what arrived damaged, once it is back, up to the limit. */
  damagedRefund: z.boolean(), refundLimit: moneySchema,
  /** Minutes of the day, in `timeZone`, between which nothing goes out by itself. */
  quietFromMinute: z.int().min(0).max(1_439), quietToMinute: z.int().min(0).max(1_439), timeZone: z.string().min(1).max(60),
  /** Mail of strangers is left alone unless told. */
  takeMailFrom: z.enum(['customers', 'everyone']),
  /** Hours in which an answer is owed, by urgency 0 to 3. */
  answerHours: z.tuple([z.int().min(1), z.int().min(1), z.int().min(1), z.int().min(1)]),
  /** Kinds of reply that may go by themselves once they have earned it. */
  autoSend: z.array(supportIntent),
  leastAcceptanceBp: basisPointsSchema.min(5_000).max(10_000), leastDrafts: z.int().min(5).max(500), shadowDays: z.int().min(0).max(90), mostEceBp: basisPointsSchema.min(0).max(5_000),
  /** Closed tickets are erased after so many days. */
  keepDays: z.int().min(30).max(3_650),
  canned: z.array(z.strictObject({ name: z.string().trim().min(1).max(60), text: z.string().trim().min(1).max(2_000) })).max(100),
});

export const ticketRow = z.strictObject({
  id: z.string(), state: ticketState, channel: z.enum(['email', 'sms', 'ebay']), customerName: z.string().nullable(), customerId: z.string().nullable(), orderId: z.string().nullable(), orderNumber: z.string().nullable(), subject: z.string().nullable(),
  /** Start of the latest message of the customer. */
  excerpt: z.string(), intent: supportIntent, language, confidenceBp: basisPointsSchema, urgency: z.int().min(0).max(3),
  /** Why a person has to answer; null: the rules can. */
  handOff: reasonSchema.nullable(), dueAt: instantSchema.nullable(), snoozedUntil: instantSchema.nullable(), satisfaction: z.enum(['good', 'bad']).nullable(), hasDraft: z.boolean(), openedAt: instantSchema, lastInAt: instantSchema, lastOutAt: instantSchema.nullable(), version: z.int(),
});
export const ticketMessage = z.strictObject({
  id: z.string(), direction: z.enum(['in', 'out']), state: z.enum(['received', 'repeated', 'draft', 'queued', 'sending', 'sent', 'failed', 'dropped']), author: z.enum(['customer', 'person', 'template', 'ai']), text: z.string(), subject: z.string().nullable(), sentAt: instantSchema.nullable(), deliveredAt: instantSchema.nullable(), error: z.string().nullable(), createdAt: instantSchema,
});
/** A line of what a draft rests on. */
export const replyFact = z.strictObject({ key: z.string(), value: z.string(), source: z.enum(['order', 'policy']) });
export const ticketDetail = ticketRow.extend({
  recipient: z.string(), messages: z.array(ticketMessage),
  draft: z.strictObject({ messageId: z.string(), text: z.string(), author: z.enum(['template', 'ai']), facts: z.array(replyFact) }).nullable(),
  order: z.strictObject({ id: z.string(), externalId: z.string(), channel: z.string(), state: z.string(), title: z.string(), total: moneySchema, placedAt: instantSchema, shippedAt: instantSchema.nullable(), tracking: z.string().nullable() }).nullable(),
  history: z.strictObject({ orders: z.int(), tickets: z.array(z.strictObject({ id: z.string(), intent: supportIntent, state: ticketState, openedAt: instantSchema, satisfaction: z.enum(['good', 'bad']).nullable() })) }),
  events: z.array(z.strictObject({ id: z.string(), kind: z.string(), data: z.record(z.string(), z.unknown()), at: instantSchema })),
});
/** What a kind of reply has earned. */
export const earnedRow = z.strictObject({
  intent: supportIntent, on: z.boolean(), mayEver: z.boolean(), drafts: z.int(), acceptanceBp: basisPointsSchema.nullable(), eceBp: basisPointsSchema.nullable(), sentByItself: z.int(), shadowUntil: instantSchema.nullable(), sends: z.boolean(), why: reasonSchema,
});

const transition = { ...commonErrors, WRONG_STATE: { status: 409, message: 'The ticket is in another state by now.', data: z.strictObject({ state: z.string() }) } } as const;
const promise = { PROMISE: { status: 422, message: 'The text promises what neither facts nor policy hold.', data: z.strictObject({ problems: z.array(z.string()) }) } } as const;
const seen = { id: z.string(), version: z.int() } as const;

export const supportContract = {
  list: oc.route({ method: 'GET', path: '/tickets' }).errors(commonErrors).input(z.strictObject({ state: ticketState.optional(), intent: supportIntent.optional(), owed: z.stringbool().or(z.boolean()).optional(), search: z.string().max(200).optional(), ...filterInput(LIST_CHOICES.support), ...sortInput(LIST_SORTS.support), ...pageInput })).output(pageOf(ticketRow)),
  facets: oc.route({ method: 'GET', path: '/tickets/facets' }).output(listFacets),
  get: oc.route({ method: 'GET', path: '/tickets/{id}' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(ticketDetail),
  counts: oc.route({ method: 'GET', path: '/tickets/counts' }).output(z.strictObject({ owed: z.int(), late: z.int(), escalated: z.int(), good: z.int(), bad: z.int() })),
  /** Sends the draft as it is, or what the person made of it. `despite`: the person stands by a text that the check objects to. */
  send: oc.route({ method: 'POST', path: '/tickets/{id}/send' }).errors({ ...transition, ...promise }).input(z.strictObject({ ...seen, text: z.string().trim().min(1).max(2_000), despite: z.boolean().default(false) })).output(ticketRow),
  escalate: oc.route({ method: 'POST', path: '/tickets/{id}/escalate' }).errors(transition).input(z.strictObject({ ...seen, note: z.string().trim().max(300).default('') })).output(ticketRow),
  snooze: oc.route({ method: 'POST', path: '/tickets/{id}/snooze' }).errors(transition).input(z.strictObject({ ...seen, until: instantSchema })).output(ticketRow),
  close: oc.route({ method: 'POST', path: '/tickets/{id}/close' }).errors(transition).input(z.strictObject(seen)).output(ticketRow),
  /** Opens one that is closed or put off. */
  reopen: oc.route({ method: 'POST', path: '/tickets/{id}/reopen' }).errors(transition).input(z.strictObject(seen)).output(ticketRow),
  earned: oc.route({ method: 'GET', path: '/support/earned' }).output(z.array(earnedRow)),
  policy: oc.route({ method: 'GET', path: '/support/policy' }).output(z.strictObject({ value: supportPolicy, version: z.int() })),
  setPolicy: oc.route({ method: 'PUT', path: '/support/policy' }).errors({ ...commonErrors, CONFLICT: { status: 409, message: 'Somebody changed this meanwhile.', data: z.strictObject({ version: z.int() }) } }).input(z.strictObject({ value: supportPolicy, version: z.int() })).output(z.strictObject({ value: supportPolicy, version: z.int() })),
  /** Who is known by a name, an address or a number. */
  customers: oc.route({ method: 'GET', path: '/customers' }).input(z.strictObject({ search: z.string().min(2).max(200) })).output(z.array(z.strictObject({ id: z.string(), name: z.string().nullable(), contacts: z.array(z.strictObject({ kind: z.string(), value: z.string() })), orders: z.int() }))),
  /** Everything that is held about a customer. */
  exportCustomer: oc.route({ method: 'GET', path: '/customers/{id}/export' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(z.record(z.string(), z.unknown())),
  /** The person goes; what the books must keep stays, without them. */
  eraseCustomer: oc.route({ method: 'POST', path: '/customers/{id}/erase' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(z.strictObject({ tickets: z.int(), orders: z.int(), payments: z.int(), contacts: z.int() })),
};
