import { oc } from '@orpc/contract';
import { z } from 'zod';
import { basisPointsSchema, commonErrors, instantSchema, moneySchema, pageInput, pageOf, reasonSchema } from './shared.ts';
import { REPRICE_STRATEGIES } from './words.ts';

/** `optimise` earns most for the stock at hand; the others follow one rule. All keep to floor, ceiling, pace and the rest of their rule set. */
const repriceStrategy = z.enum(REPRICE_STRATEGIES);

export const repriceRule = z.strictObject({
  strategy: repriceStrategy,
  /** Least profit of a sale on the unit's cost, beside the least profit of the limits: the higher floor holds. */
  minRoiBp: basisPointsSchema.min(0).max(100_000),
  /** Never above so much of the usual price (10,000 is the median of 30 days). */
  ceilingBp: basisPointsSchema.min(10_000).max(30_000),
  /** For `undercut`: so much below the lowest offer. */
  undercutBp: basisPointsSchema.min(0).max(2_000),
  /** For `fixed-margin`: profit on the unit's cost. */
  marginBp: basisPointsSchema.min(0).max(100_000),
  /** Stock should be sold within so many days of its listing; as they run out, speed counts more. */
  sellWithinDays: z.int().min(7).max(365),
  /** What an unsold unit is worth at the end, of what a sale at the going price leaves. An assumption of the person's. */
  clearanceBp: basisPointsSchema.min(0).max(10_000),
  /** What a unit in stock costs a year, of its cost: money and room. What the desk's money, in stock or idle, earned of late counts instead where it is more. */
  holdingBpPerYear: basisPointsSchema.min(0).max(20_000),
  /** Tries prices to learn demand where few sales are known (Thompson sampling). */
  search: z.boolean(),
  /** Smaller changes are not worth a revision. */
  leastChangeBp: basisPointsSchema.min(10).max(2_000),
  /** Hours between two changes of one listing; a price below its floor waits for nothing. */
  leastHours: z.int().min(1).max(168),
  changesPerDay: z.int().min(1).max(24),
});
export type RepriceRule = z.infer<typeof repriceRule>;

export const repriceSettings = z.strictObject({
  on: z.boolean(),
  rule: repriceRule,
  /** Rule sets of single categories (key of the fee cards); the first that fits holds. */
  sets: z.array(z.strictObject({ category: z.string().min(1).max(80), rule: repriceRule })).max(50),
});
export type RepriceSettings = z.infer<typeof repriceSettings>;

export const repriceAction = z.enum(['change', 'keep', 'refuse']);
export const repriceRow = z.strictObject({
  listingId: z.string(), listingVersion: z.int(), sku: z.string(), title: z.string(), channel: z.string(), category: z.string().nullable(), quantity: z.int(),
  price: moneySchema, floor: moneySchema, proposed: moneySchema, action: repriceAction, strategy: repriceStrategy, reasons: z.array(reasonSchema),
  /** What others ask: lowest first; null where nothing is known. */
  lowest: moneySchema.nullable(), pausedAt: instantSchema.nullable(),
});
export type RepriceRow = z.infer<typeof repriceRow>;

export const repriceDecision = z.strictObject({
  id: z.string(), listingId: z.string(), title: z.string(), at: instantSchema,
  /** `stock`, `sale`, `market`, `daily`, `rules`, `person`. */
  trigger: z.string(),
  action: repriceAction, from: moneySchema, to: moneySchema, floor: moneySchema, lowest: moneySchema.nullable(), reasons: z.array(reasonSchema),
  undoneAt: instantSchema.nullable(),
  /** True for a listing's last change, while its price is still what was decided. */
  canUndo: z.boolean(),
});
export type RepriceDecision = z.infer<typeof repriceDecision>;

const stale = { WRONG_STATE: { status: 409, message: 'It is in another state by now.', data: z.strictObject({ state: z.string() }) } } as const;
const conflict = { CONFLICT: { status: 409, message: 'Somebody changed this meanwhile.', data: z.strictObject({ version: z.int() }) } } as const;
const withVersion = z.strictObject({ value: repriceSettings, version: z.int(), practice: z.boolean() });

export const repricingContract = {
  settings: oc.route({ method: 'GET', path: '/repricing/settings' }).output(withVersion),
  saveSettings: oc.route({ method: 'PUT', path: '/repricing/settings' }).errors({ ...commonErrors, ...conflict }).input(z.strictObject({ value: repriceSettings, version: z.int() })).output(withVersion),
  /** What would change now under these rules (the stored ones unless told); nothing is written. At most 500 listings are looked at. */
  preview: oc.route({ method: 'POST', path: '/repricing/preview' }).errors(commonErrors).input(z.strictObject({ settings: repriceSettings.optional() })).output(z.strictObject({ rows: z.array(repriceRow), checked: z.int(), more: z.boolean() })),
  decisions: oc.route({ method: 'GET', path: '/repricing/decisions' }).errors(commonErrors).input(z.strictObject({ listingId: z.string().optional(), ...pageInput })).output(pageOf(repriceDecision)),
  /** Puts the price back and holds the listing for a day. */
  undo: oc.route({ method: 'POST', path: '/repricing/decisions/{id}/undo' }).errors({ ...commonErrors, ...stale }).input(z.strictObject({ id: z.string() })).output(repriceDecision),
  pause: oc.route({ method: 'POST', path: '/repricing/listings/{id}/pause' }).errors(commonErrors).input(z.strictObject({ id: z.string(), paused: z.boolean() })).output(z.strictObject({ pausedAt: instantSchema.nullable() })),
};
