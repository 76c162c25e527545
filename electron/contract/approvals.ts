import { oc } from '@orpc/contract';
import { z } from 'zod';
import { limitsSchema } from './settings.ts';
import { commonErrors, instantSchema, moneySchema, reasonSchema } from './shared.ts';

/** `opportunity` is worth buying; `second` waits for the consent of another person; `again` left the approved terms and asks anew. */
export const inboxKind = z.enum(['opportunity', 'second', 'again']);

export const inboxItem = z.strictObject({
  kind: inboxKind,
  /** Of the opportunity, or of the purchase. */
  id: z.string(), version: z.int(), opportunityId: z.string(), title: z.string(), sourceName: z.string(), quantity: z.int(),
  /** The most that it may cost, in the offer's currency. */
  total: moneySchema,
  profit: moneySchema.nullable(), roiBp: z.int(), lossChanceBp: z.int(), daysToSell: z.int(),
  /** Null: an opportunity has no end of its own. */
  expiresAt: instantSchema.nullable(), at: instantSchema,
  reason: reasonSchema.nullable(),
  /** What left the approved terms: before and after, in the order of what matters. */
  drift: z.array(z.strictObject({ code: z.enum(['unit', 'total', 'quantity', 'fees']), before: z.union([moneySchema, z.int()]), after: z.union([moneySchema, z.int()]) })),
  consents: z.array(z.strictObject({ personId: z.string(), name: z.string(), channel: z.string(), at: instantSchema })),
  /** Whether the person who asks can decide it: nobody is the second of two to themselves. */
  mayDecide: z.boolean(),
});
export type InboxItem = z.infer<typeof inboxItem>;

export const decisionInput = z.strictObject({ kind: inboxKind, id: z.string(), version: z.int(), decision: z.enum(['approve', 'refuse']) });
export const decisionOutcome = z.strictObject({ outcome: z.enum(['approved', 'waits-for-second', 'refused', 'asks-again']), purchaseId: z.string().nullable() });

export const personView = z.strictObject({
  id: z.string(), name: z.string(), role: z.enum(['owner', 'approver']), disabledAt: instantSchema.nullable(),
  channels: z.array(z.strictObject({ id: z.string(), kind: z.enum(['telegram', 'phone']), label: z.string(), linkedAt: instantSchema, seenAt: instantSchema.nullable() })),
});

const headSchema = z.strictObject({ seq: z.int(), hash: z.string() });
export const auditRow = z.strictObject({
  seq: z.int(), at: instantSchema, actor: z.string(), actorName: z.string().nullable(), channel: z.string(), action: z.string(), subject: z.string().nullable(), data: z.record(z.string(), z.unknown()), hash: z.string(),
});
export const auditReport = z.strictObject({
  /** Chain and books. */
  sound: z.boolean(), rows: z.int(), head: headSchema.nullable(),
  broken: z.strictObject({ seq: z.int(), problem: z.enum(['changed', 'missing', 'out-of-order', 'cut-off', 'other-history']) }).nullable(),
  /** The newest row as the keychain remembers it; null where none was kept yet. */
  anchor: headSchema.extend({ at: instantSchema, keptIn: z.enum(['keychain', 'settings']) }).nullable(),
  /** Every booking is in the chain too: the first entry of the ledger that is not what was booked. */
  books: z.strictObject({ entries: z.int(), broken: z.strictObject({ entryId: z.string(), problem: z.enum(['changed', 'missing', 'unsealed', 'earlier']) }).nullable() }),
  tookMs: z.int(),
});

/** The newest row of a sound chain, to be kept somewhere else: a chain that is cut off or written anew afterwards does not fit it. `count` rows end with it; `at` is when it was written. */
export const auditHeadFile = z.strictObject({ format: z.literal('resale-desk/audit-head-1'), count: z.int().min(1), seq: z.int().min(1), hash: z.string().regex(/^[0-9a-f]{64}$/), at: instantSchema, exportedAt: instantSchema });

/** An approval once more from its frozen evidence alone. */
export const replayView = z.strictObject({
  approvalId: z.string(), purchaseId: z.string().nullable(), title: z.string(), approvedAt: instantSchema, expiresAt: instantSchema, evidenceSha256: z.string(), equal: z.boolean(),
  consents: inboxItem.shape.consents,
  checks: z.array(z.strictObject({ code: z.enum(['evidence', 'terms', 'home-total', 'fees', 'profit', 'limits']), frozen: z.string(), recomputed: z.string(), equal: z.boolean() })),
  versions: z.record(z.string(), z.string()),
});

export const limitHistory = z.strictObject({
  since: instantSchema, purchases: z.int(), spent: moneySchema,
  /** What each limit by itself would have stopped, and what it did stop when somebody tried. */
  limits: z.array(z.strictObject({ code: z.string(), wouldStop: z.int(), amount: moneySchema, stopped: z.int() })),
});

const decideErrors = {
  ...commonErrors,
  STALE: { status: 409, message: 'It changed since it was shown.', data: z.strictObject({ version: z.int() }) },
  NOT_OPEN: { status: 409, message: 'It is no longer open.', data: z.strictObject({ state: z.string() }) },
  WRONG_STATE: { status: 409, message: 'The purchase is in another state by now.', data: z.strictObject({ state: z.string() }) },
  LIMIT: { status: 422, message: 'A limit does not allow this purchase.', data: z.strictObject({ reasons: z.array(reasonSchema) }) },
  KILL_SWITCH: { status: 423, message: 'The kill switch is on: nothing goes out.', data: z.strictObject({}) },
  SAME_PERSON: { status: 409, message: 'You agreed already: this amount needs another person as well.', data: z.strictObject({}) },
} as const;
const phoneErrors = { ...decideErrors, SIGNED_OUT: { status: 401, message: 'This phone is not linked, or no longer.', data: z.strictObject({}) } } as const;
const session = z.string().min(20).max(200);

export const approvalsContract = {
  /** What waits for a decision: what expires soonest first, then the best opportunities. */
  inbox: oc.route({ method: 'GET', path: '/approvals' }).output(z.strictObject({ items: z.array(inboxItem), waiting: z.int() })),
  decide: oc.route({ method: 'POST', path: '/approvals/decide' }).errors(decideErrors).input(decisionInput).output(decisionOutcome),
  replay: oc.route({ method: 'GET', path: '/approvals/{id}/replay' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(replayView),
  /** What each limit would have stopped in the last 30 days; `limits` in the place of the stored ones. */
  limitHistory: oc.route({ method: 'POST', path: '/limits/history' }).input(z.strictObject({ limits: limitsSchema.optional() })).output(limitHistory),
  /** What goes on once the kill switch is released. */
  heldBack: oc.route({ method: 'GET', path: '/kill-switch/held-back' }).output(z.strictObject({ on: z.boolean(), since: instantSchema.nullable(), by: z.string().nullable(), waiting: z.array(z.strictObject({ kind: z.string(), count: z.int() })) })),
  audit: oc.route({ method: 'GET', path: '/audit' }).input(z.strictObject({ cursor: z.string().max(20).optional(), limit: z.coerce.number().int().min(1).max(200).default(50), subject: z.string().max(200).optional() })).output(z.strictObject({ items: z.array(auditRow), nextCursor: z.string().nullable() })),
  /** `exported`: a head that was kept elsewhere; the chain has to hold it too. */
  verifyAudit: oc.route({ method: 'POST', path: '/audit/verify' }).errors(commonErrors).input(z.strictObject({ exported: auditHeadFile.optional() })).output(auditReport),
  /** INVALID for a chain that is not sound, or empty: no head of it is worth keeping. */
  exportAuditHead: oc.route({ method: 'POST', path: '/audit/head' }).errors(commonErrors).output(auditHeadFile),
  people: oc.route({ method: 'GET', path: '/people' }).output(z.array(personView)),
  addPerson: oc.route({ method: 'POST', path: '/people' }).errors(commonErrors).input(z.strictObject({ name: z.string().trim().min(1).max(80) })).output(z.array(personView)),
  removePerson: oc.route({ method: 'POST', path: '/people/{id}/remove' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(z.array(personView)),
  /** A one-time code, valid for ten minutes, that links a chat or a phone to a person. */
  issueCode: oc.route({ method: 'POST', path: '/people/{personId}/code' }).errors(commonErrors).input(z.strictObject({ personId: z.string(), kind: z.enum(['telegram', 'phone']) })).output(z.strictObject({ code: z.string(), expiresAt: instantSchema })),
  /** The phone page's address with a code in it as a QR code: rows of `1` (dark) and `0`. Only an address that ends in `/phone#code=…` is drawn. */
  pairingPicture: oc.route({ method: 'POST', path: '/people/code/picture' }).errors(commonErrors).input(z.strictObject({ address: z.string().max(300).regex(/^https?:\/\/[^\s/]+\/phone#code=[A-Z0-9]{4,20}$/) })).output(z.strictObject({ rows: z.array(z.string().regex(/^[01]+$/)) })),
  unlink: oc.route({ method: 'POST', path: '/channels/{id}/unlink' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(z.array(personView)),
  /** For the phone page; the host keeps the session in a cookie. */
  phone: {
    login: oc.route({ method: 'POST', path: '/phone/login' }).errors(phoneErrors).input(z.strictObject({ code: z.string().min(4).max(40), label: z.string().max(80) })).output(z.strictObject({ session, name: z.string() })),
    inbox: oc.route({ method: 'POST', path: '/phone/inbox' }).errors(phoneErrors).input(z.strictObject({ session })).output(z.strictObject({ name: z.string(), killSwitch: z.boolean(), now: instantSchema, items: z.array(inboxItem) })),
    decide: oc.route({ method: 'POST', path: '/phone/decide' }).errors(phoneErrors).input(decisionInput.extend({ session })).output(decisionOutcome),
    stop: oc.route({ method: 'POST', path: '/phone/stop' }).errors(phoneErrors).input(z.strictObject({ session })).output(z.strictObject({ on: z.boolean() })),
  },
};
