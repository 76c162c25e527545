import { oc } from '@orpc/contract';
import { z } from 'zod';
import { commonErrors, filterInput, instantSchema, listFacets, moneySchema, pageInput, pageOf, reasonSchema, sortInput } from './shared.ts';
import { LIST_CHOICES, LIST_SORTS } from './words.ts';

/** The first five go on; `needs-person` and `taken-over` wait for a person; the rest are ends. */
export const talkState = z.enum(['drafted', 'awaiting-reply', 'deciding', 'needs-person', 'taken-over', 'agreed', 'walked-away', 'rejected', 'unavailable', 'timed-out', 'opted-out']);
export const talkChannel = z.enum(['email', 'sms', 'ebay', 'by-hand']);
export const talkLanguage = z.enum(['en', 'fr', 'ar', 'sn']);
export const offerIntent = z.enum(['offer', 'counter', 'accept', 'reject', 'last-price', 'question', 'unavailable', 'opt-out']);
/** Of an outgoing text: `draft` waits for a person's word, `queued` for its hour, `by-hand` for a person to carry it over. */
export const textState = z.enum(['draft', 'queued', 'sending', 'sent', 'failed', 'dropped', 'by-hand', 'received']);

/** Prices are for one offer, in the offer's currency. */
export const talkRow = z.strictObject({
  id: z.string(), title: z.string(), state: talkState, channel: talkChannel, sourceName: z.string(), sellerName: z.string().nullable(), recipient: z.string(),
  asked: moneySchema, ourLast: moneySchema.nullable(), theirLast: moneySchema.nullable(), agreed: moneySchema.nullable(),
  /** Never leaves the desk. */
  ceiling: moneySchema,
  /** What happens next by itself, and when; null when a person is needed or it has ended. */
  nextStep: z.enum(['decide', 'send', 'remind', 'close']).nullable(), nextAt: instantSchema.nullable(),
  /** A person is needed: a text to release or carry over, a doubtful answer, a price to buy at. */
  needsYou: z.boolean(), purchaseId: z.string().nullable(), updatedAt: instantSchema, version: z.int(),
});
export type TalkRow = z.infer<typeof talkRow>;

/** How an incoming text was understood. `reason` says why nothing sure could be read of it. */
export const readingSchema = z.strictObject({ intent: offerIntent.nullable(), amount: moneySchema.nullable(), reason: z.string().nullable(), confidence: z.enum(['high', 'low']), language: talkLanguage.nullable() });

/** Why the strategy did what it did. */
export const reasoningSchema = z.strictObject({
  move: z.enum(['offer', 'accept', 'walk-away']), amount: moneySchema.nullable(), reason: z.string(), chanceBp: z.int(), working: moneySchema, offersMade: z.int(), mostOffers: z.int(),
  ownTalks: z.int(), historyVersion: z.int(), at: instantSchema,
  /** Believed chance that an offer at each price is taken now. */
  curve: z.array(z.strictObject({ price: moneySchema, chanceBp: z.int() })),
});

export const talkMessage = z.strictObject({
  id: z.string(), direction: z.enum(['out', 'in']), state: textState, author: z.enum(['strategy', 'ai', 'person', 'seller']), kind: z.string(), text: z.string(), language: talkLanguage.nullable(),
  amount: moneySchema.nullable(), reading: readingSchema.nullable(), correctedBy: z.string().nullable(), reasoning: reasoningSchema.nullable(), error: z.string().nullable(), sentAt: instantSchema.nullable(), deliveredAt: instantSchema.nullable(), createdAt: instantSchema,
});

export const talkDetail = talkRow.extend({
  opportunityId: z.string(), offerUrl: z.string(), language: talkLanguage, timeZone: z.string(), review: z.boolean(), working: moneySchema, endReason: reasonSchema.nullable(),
  approvedBy: z.string(), approvedAt: instantSchema, expiresAt: instantSchema, evidenceSha256: z.string(), reasoning: reasoningSchema.nullable(),
  messages: z.array(talkMessage), events: z.array(z.strictObject({ id: z.string(), kind: z.string(), data: z.record(z.string(), z.unknown()), at: instantSchema })),
});
export type TalkDetail = z.infer<typeof talkDetail>;

export const talkProposal = z.strictObject({
  opportunityId: z.string(), version: z.int(), title: z.string(), sellerName: z.string().nullable(), asked: moneySchema, offerUrl: z.string(),
  /** The dearest price at which the limits are still met; null where none is. */
  ceiling: moneySchema.nullable(), language: talkLanguage, timeZone: z.string(),
  channels: z.array(z.strictObject({ id: talkChannel, connected: z.boolean(), recipient: z.string() })), blockedBy: z.array(reasonSchema),
});

const errors = {
  ...commonErrors,
  WRONG_STATE: { status: 409, message: 'The talk has moved on by now.', data: z.strictObject({ state: z.string() }) },
  STALE: { status: 409, message: 'The opportunity changed since it was shown.', data: z.strictObject({ version: z.int() }) },
  NOT_OPEN: { status: 409, message: 'The opportunity is no longer open.', data: z.strictObject({ state: z.string() }) },
  LIMIT: { status: 422, message: 'A limit does not allow this.', data: z.strictObject({ reasons: z.array(reasonSchema) }) },
  KILL_SWITCH: { status: 423, message: 'The kill switch is on: nothing goes out.', data: z.strictObject({}) },
} as const;
const at = { id: z.string(), version: z.int() };
const text = z.string().trim().min(1).max(900);

/** How sellers are written to. Times of day are the seller's own; waits are in ms. */
export const talkRules = z.strictObject({
  /** No text goes out between these minutes of the day; the same twice: at any hour. */
  quietFromMinute: z.int().min(0).max(1_439), quietToMinute: z.int().min(0).max(1_439),
  /** Between two texts to one seller, and how many a day. */
  leastGapMs: z.int().min(0).max(86_400_000), mostPerDay: z.int().min(1).max(50),
  /** Prices that one talk names at most. */
  mostOffers: z.int().min(1).max(20),
  /** How long an answer is waited for before the one reminder, and after it before the talk ends. */
  replyWaitMs: z.int().min(60_000).max(2_592_000_000), closeWaitMs: z.int().min(60_000).max(2_592_000_000),
  /** How long the approval of a ceiling holds. */
  approvalDays: z.int().min(1).max(60),
});
export type TalkRules = z.infer<typeof talkRules>;
const storedRules = z.strictObject({ value: talkRules, version: z.int(), updatedAt: instantSchema });
const conflict = { CONFLICT: { status: 409, message: 'Somebody changed this meanwhile: look at it again.', data: z.strictObject({ version: z.int() }) } } as const;

export const negotiationsContract = {
  rules: oc.route({ method: 'GET', path: '/settings/negotiation' }).output(storedRules),
  /** Holds for talks that begin from now on, and for texts that have not gone out. */
  setRules: oc.route({ method: 'PUT', path: '/settings/negotiation' }).errors({ ...commonErrors, ...conflict }).input(z.strictObject({ value: talkRules, version: z.int() })).output(storedRules),
  list: oc.route({ method: 'GET', path: '/negotiations' }).errors(commonErrors).input(z.strictObject({ state: talkState.optional(), search: z.string().max(200).optional(), ...filterInput(LIST_CHOICES.negotiations), ...sortInput(LIST_SORTS.negotiations), ...pageInput })).output(pageOf(talkRow)),
  facets: oc.route({ method: 'GET', path: '/negotiations/facets' }).output(listFacets),
  get: oc.route({ method: 'GET', path: '/negotiations/{id}' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(talkDetail),
  /** What a talk about this opportunity would begin with. */
  propose: oc.route({ method: 'GET', path: '/negotiations/proposal/{opportunityId}' }).errors(errors).input(z.strictObject({ opportunityId: z.string() })).output(talkProposal),
  /** A person approves a ceiling: the talk may go up to it, and nothing is bought by it. One talk at a time for each opportunity; a second start is answered with the first. */
  start: oc.route({ method: 'POST', path: '/negotiations' }).errors(errors).input(z.strictObject({
    opportunityId: z.string(), opportunityVersion: z.int(), ceiling: moneySchema, channel: talkChannel, recipient: z.string().trim().max(200).default(''), language: talkLanguage, timeZone: z.string().max(60),
    /** Every text waits for a person. */
    review: z.boolean().default(true),
  })).output(talkRow),
  takeOver: oc.route({ method: 'POST', path: '/negotiations/{id}/take-over' }).errors(errors).input(z.strictObject(at)).output(talkRow),
  handBack: oc.route({ method: 'POST', path: '/negotiations/{id}/hand-back' }).errors(errors).input(z.strictObject(at)).output(talkRow),
  setReview: oc.route({ method: 'POST', path: '/negotiations/{id}/review' }).errors(errors).input(z.strictObject({ ...at, review: z.boolean() })).output(talkRow),
  /** Lets a draft go, with the text as edited. Refused when the text names another number, presses, or hides who writes. */
  release: oc.route({ method: 'POST', path: '/negotiations/{id}/release' }).errors(errors).input(z.strictObject({ ...at, messageId: z.string(), text: text.optional() })).output(talkRow),
  /** While a person has the talk: their own words, and the price in them where there is one. */
  write: oc.route({ method: 'POST', path: '/negotiations/{id}/write' }).errors(errors).input(z.strictObject({ ...at, text, amount: moneySchema.nullable() })).output(talkRow),
  /** By hand: the person has sent it. */
  markSent: oc.route({ method: 'POST', path: '/negotiations/{id}/mark-sent' }).errors(errors).input(z.strictObject({ ...at, messageId: z.string() })).output(talkRow),
  /** What the seller answered where the program cannot read it itself. */
  paste: oc.route({ method: 'POST', path: '/negotiations/{id}/paste' }).errors(errors).input(z.strictObject({ ...at, text: z.string().trim().min(1).max(5_000) })).output(talkRow),
  /** The latest answer meant something else: decided anew. */
  correct: oc.route({ method: 'POST', path: '/negotiations/{id}/correct' }).errors(errors).input(z.strictObject({ ...at, messageId: z.string(), intent: offerIntent, amount: moneySchema.nullable() })).output(talkRow),
  /** Takes the seller's last price, if it is within the ceiling. */
  accept: oc.route({ method: 'POST', path: '/negotiations/{id}/accept' }).errors(errors).input(z.strictObject(at)).output(talkRow),
  end: oc.route({ method: 'POST', path: '/negotiations/{id}/end' }).errors(errors).input(z.strictObject({ ...at, outcome: z.enum(['walked-away', 'rejected', 'unavailable']) })).output(talkRow),
  /** The purchase at the agreed price, on the approved way: limits, kill switch and evidence as for any other. */
  buy: oc.route({ method: 'POST', path: '/negotiations/{id}/buy' }).errors(errors).input(z.strictObject(at)).output(z.strictObject({ purchaseId: z.string() })),
};
