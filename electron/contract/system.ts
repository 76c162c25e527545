import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { commonErrors, instantSchema, moneySchema, reasonSchema } from './shared.ts';

export const modeSchema = z.enum(['practice', 'live']);

export const systemInfo = z.strictObject({
  version: z.string(),
  mode: modeSchema,
  /** True until the person has chosen practice or own accounts. */
  firstRun: z.boolean(),
  dataDir: z.string(),
  now: instantSchema,
  practice: z.strictObject({ seed: z.int(), speed: z.number() }).nullable(),
  killSwitch: z.boolean(),
});

export const jobView = z.strictObject({
  id: z.string(),
  kind: z.string(),
  state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
  attempts: z.int(),
  lastError: z.string().nullable(),
  /** `done` of `total` (null: not known), at `perSecond`, with `left` seconds to go (null: not known). */
  progress: z.strictObject({ done: z.int(), total: z.int().nullable(), perSecond: z.number().nullable(), leftSeconds: z.number().nullable(), note: z.string().nullable() }).nullable(),
  createdAt: instantSchema,
  finishedAt: instantSchema.nullable(),
});

/** What needs a person, dearest wait first. */
export const todayItem = z.strictObject({
  kind: z.enum(['purchase-stopped', 'order-by-hand', 'listing-stopped', 'approve', 'receive', 'return-ends', 'ship', 'source-failing', 'job-failed', 'unbalanced', 'approve-second', 'oversold', 'order-unreadable', 'source-drifting', 'source-stale', 'source-rejects', 'identify', 'alert', 'watch', 'talk', 'ticket', 'claim', 'customer-return', 'not-shown', 'warehouse-differs', 'buyer-message', 'inbound']),
  id: z.string(),
  title: z.string(),
  reason: reasonSchema.nullable(),
  amount: moneySchema.nullable(),
  at: instantSchema,
});

export const todayView = z.strictObject({
  items: z.array(todayItem),
  counts: z.strictObject({ openOpportunities: z.int(), stoppedPurchases: z.int(), toOrder: z.int(), toReceive: z.int(), toShip: z.int(), /** Sources that need a person: failing, out of date, half unreadable, or with fields that vanished. */ troubledSources: z.int(), /** New matches of saved views since the person last looked. */ alertMatches: z.int(), /** Offers of which a person has to say what they are. */ toIdentify: z.int(), /** Purchases that wait for a second person, or ask again. */ toApprove: z.int(), /** Talks about a price that need a person. */ talks: z.int(), /** Tickets of customers that wait for a person. */ tickets: z.int() }),
  money: z.strictObject({
    currency: z.string(),
    /** Currencies that something is in and no rate is known of: what is in them is in none of the sums here. */
    without: z.array(z.string()).optional(),
    cash: moneySchema,
    stockAtCost: moneySchema,
    owedByChannels: moneySchema,
    spentToday: moneySchema,
    dayLimit: moneySchema.nullable(),
    revenue30: moneySchema,
    profit30: moneySchema,
    /** One figure a UTC day, oldest first, 30 days. */
    profitByDay: z.array(z.strictObject({ day: z.string(), profit: moneySchema })),
  }),
});

/** One live event: which kind of thing changed, and which one. Windows refetch what they show of it. */
export const liveEvent = z.strictObject({ seq: z.int(), topic: z.string(), id: z.string().nullable(), at: instantSchema, data: z.record(z.string(), z.unknown()).default({}) });
export type LiveEvent = z.infer<typeof liveEvent>;

export const savedView = z.strictObject({ id: z.string(), page: z.string(), name: z.string().min(1).max(80), query: z.record(z.string(), z.unknown()) });

export const systemContract = {
  info: oc.route({ method: 'GET', path: '/system' }).output(systemInfo),
  /** Ends the first run. Practice starts the simulated market; live starts with no source. */
  chooseMode: oc.route({ method: 'POST', path: '/system/mode' }).errors(commonErrors).input(z.strictObject({ mode: modeSchema })).output(systemInfo),
  /** Stops every outgoing effect at once, or allows them again. */
  setKillSwitch: oc.route({ method: 'POST', path: '/system/kill-switch' }).input(z.strictObject({ on: z.boolean() })).output(systemInfo),
  today: oc.route({ method: 'GET', path: '/today' }).output(todayView),
  jobs: oc.route({ method: 'GET', path: '/jobs' }).output(z.array(jobView)),
  cancelJob: oc.route({ method: 'POST', path: '/jobs/{id}/cancel' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(jobView),
  retryJob: oc.route({ method: 'POST', path: '/jobs/{id}/retry' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(jobView),
  views: oc.route({ method: 'GET', path: '/views' }).input(z.strictObject({ page: z.string() })).output(z.array(savedView)),
  saveView: oc.route({ method: 'POST', path: '/views' }).errors(commonErrors).input(savedView.omit({ id: true })).output(savedView),
  deleteView: oc.route({ method: 'DELETE', path: '/views/{id}' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(z.strictObject({ id: z.string() })),
  /** Endless: live changes from now on, or from `after` where they are still kept. */
  events: oc.route({ method: 'GET', path: '/events' }).input(z.strictObject({ after: z.coerce.number().int().optional() })).output(eventIterator(liveEvent)),
};
