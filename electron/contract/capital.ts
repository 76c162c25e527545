import { oc } from '@orpc/contract';
import { z } from 'zod';
import { basisPointsSchema, commonErrors, instantSchema, moneySchema } from './shared.ts';

/** Why one unit is, or is not, worth its money: value = profit − locked money − risk. */
const unitValue = z.strictObject({
  expectedProfit: moneySchema,
  /** What the money would have earned elsewhere until it is back. */
  lockedMoney: moneySchema,
  risk: moneySchema, value: moneySchema, chanceSoldBp: basisPointsSchema,
  /** Until its money is back. */
  days: z.number(),
});

export const planStop = z.enum(['available', 'cash', 'purchase-limit', 'seller-limit', 'category-limit', 'demand', 'risk', 'locked-money', 'same-product']);

export const planLine = z.strictObject({
  opportunityId: z.string(), version: z.int(), productId: z.string(), title: z.string(), brand: z.string().nullable(), category: z.string().nullable(), imageUrl: z.string().nullable(), sourceId: z.string(), sourceName: z.string(),
  /** Offers (packs) to buy; 0 when it is left out. */
  quantity: z.int(),
  /** The units that one offer holds. */
  unitsPerOffer: z.int(),
  cost: moneySchema, expectedProfit: moneySchema,
  /** The last unit taken, and the first one not taken. */
  last: unitValue.nullable(), next: unitValue.nullable(),
  /** Why it is not more. */
  stoppedBy: planStop,
  /** Units of the same product that stand before these: on hand or under way. */
  ahead: z.int(),
});
export type PlanLine = z.infer<typeof planLine>;

/** What the money at hand is. The tightest of `bounds` is what the plan may spend. */
export const planCash = z.strictObject({
  onHand: moneySchema, committed: moneySchema, reserve: moneySchema,
  /** What each limit leaves, before the tolerance for drift. */
  bounds: z.array(z.strictObject({ code: z.enum(['cash', 'per-day', 'per-week', 'per-month']), left: moneySchema })),
  available: moneySchema, boundBy: z.enum(['cash', 'per-day', 'per-week', 'per-month']),
});

export const capitalPlan = z.strictObject({
  currency: z.string(), at: instantSchema, cash: planCash, horizonDays: z.int(), payoutDelayDays: z.int(),
  /** What free money has earned in the last 30 days, hundredths of a basis point a day; 0 without settled sales. */
  earningPerDayCentiBp: z.int(),
  /** Best use of money first. */
  lines: z.array(planLine), leftOut: z.array(planLine),
  spent: moneySchema, expectedProfit: moneySchema,
  /** Standard deviation of the plan's profit from what its lines share. */
  risk: moneySchema,
  /** Open opportunities that the plan looked at, and all that there are. */
  considered: z.int(), open: z.int(),
});
export type CapitalPlanView = z.infer<typeof capitalPlan>;

export const capitalContract = {
  /**
   * Which open opportunities the money goes to, and how many of each. Plans only: buying goes through each opportunity's own approval.
   * `cashMinor`: as if so much were on hand. `horizonDays`: by when the money is to be back.
   */
  plan: oc.route({ method: 'GET', path: '/capital/plan' }).errors(commonErrors)
    .input(z.strictObject({ cashMinor: z.coerce.number().int().min(0).max(100_000_000_000).optional(), horizonDays: z.coerce.number().int().min(7).max(365).optional() })).output(capitalPlan),
};
