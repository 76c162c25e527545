import { oc } from '@orpc/contract';
import { z } from 'zod';
import { basisPointsSchema, commonErrors, instantSchema, moneySchema, reasonSchema } from './shared.ts';

export const reorderSettings = z.strictObject({
  /** Chance that the stock lasts until an order of today is on the shelf. */
  serviceBp: basisPointsSchema.min(5_000).max(9_990),
  /** Days between two looks: an order has to last until the next look's arrives. */
  reviewDays: z.int().min(1).max(90),
  /** Prior of the lead time in days and its standard deviation: weighs as much as three own deliveries. */
  leadDays: z.int().min(1).max(180),
  leadSdDays: z.int().min(0).max(90),
});
export type ReorderSettings = z.infer<typeof reorderSettings>;

/** What a person knows of buying a product again; null: own evidence or the settings hold. */
export const reorderTerms = z.strictObject({
  supplier: z.string().trim().min(1).max(120).nullable(),
  /** Units in a case; whole cases are ordered. */
  caseUnits: z.int().min(1).max(100_000).nullable(),
  leastUnits: z.int().min(0).max(1_000_000).nullable(),
  leadDays: z.int().min(1).max(365).nullable(),
  serviceBp: basisPointsSchema.min(5_000).max(9_990).nullable(),
  /** What one unit costs there, in the supplier's currency. */
  unit: moneySchema.nullable(),
});
export type ReorderTerms = z.infer<typeof reorderTerms>;

export const reorderRow = z.strictObject({
  productId: z.string(), title: z.string(),
  /** Of the newest lot. */
  condition: z.string(),
  onHand: z.int(), onOrder: z.int(),
  /** Promised and still on the shelf: open requests for payment, and orders that wait for units. */
  reserved: z.int(),
  /** On hand + on order − reserved. */
  position: z.int(),
  /** Units a day by the method that forecast this product's own sales best, at the going price: corrected for what was asked, where repricing saw it. */
  perDay: z.number(), method: z.string(),
  /** Root mean squared error of that method over the back-test's stretches, in units; null: too few days for a back-test. */
  error: z.number().nullable(), naiveError: z.number().nullable(),
  /** Days that the series has, and units sold in them. */
  days: z.int(), sold: z.int(),
  leadDays: z.number(), leadSd: z.number(),
  leadFrom: z.enum(['person', 'supplier', 'all', 'prior']),
  reorderPoint: z.int(), target: z.int(), units: z.int(),
  /** Chance that the position lasts until an order of today arrives. */
  lastsBp: basisPointsSchema,
  /** Where it is bought again; null: nobody is known to have it. */
  supplier: z.strictObject({ name: z.string(), from: z.enum(['person', 'last-order', 'offer', 'last-purchase']), unit: moneySchema.nullable(), url: z.string().nullable() }).nullable(),
  /** Units times the supplier's price, home currency. */
  cost: moneySchema.nullable(),
  /** Mean profit of the units sold so far, home currency. */
  profitPerUnit: moneySchema.nullable(),
  /** Units on purchase orders that were not sent yet: they are not on order. */
  drafted: z.int(),
  reasons: z.array(reasonSchema),
});
export type ReorderRow = z.infer<typeof reorderRow>;

const stretch = z.strictObject({ mean: z.number(), sd: z.number() });
/** A row with everything that its figures follow from. */
export const reorderDetail = reorderRow.extend({
  terms: z.strictObject({ value: reorderTerms, version: z.int() }),
  caseUnits: z.int(), caseFrom: z.enum(['person', 'offer', 'none']), leastUnits: z.int(), serviceBp: z.int(), reviewDays: z.int(),
  /** Back-test of every method over `horizon` days, best first: errors of the sum in units, absolute ones relative to the naive forecast, and bias. */
  horizon: z.int(), origins: z.int(),
  tests: z.array(z.strictObject({ method: z.string(), rmse: z.number(), mase: z.number().nullable(), bias: z.number().nullable() })),
  /** Units sold by week of days with stock, oldest first. */
  weeks: z.array(z.int()),
  lead: z.strictObject({ priorDays: z.number(), priorSd: z.number(), priorWeight: z.int(), own: z.int(), ownDays: z.number().nullable(), all: z.int(), allDays: z.number().nullable() }),
  stock: z.strictObject({ inbound: z.int(), approved: z.int(), ordered: z.int(), requested: z.int(), oversold: z.int() }),
  /** Demand until an order of today arrives, and until the next look's does. */
  overLead: stretch, overLeadAndReview: stretch,
  limitedBy: z.enum(['none', 'least-order', 'cash', 'cannot-afford']),
  lots: z.array(z.strictObject({ id: z.string(), location: z.string(), condition: z.string(), onHand: z.int() })),
});
export type ReorderDetail = z.infer<typeof reorderDetail>;

const conflict = { CONFLICT: { status: 409, message: 'Somebody changed this meanwhile: look at it again.', data: z.strictObject({ version: z.int() }) } } as const;
const versioned = z.strictObject({ value: reorderSettings, version: z.int(), updatedAt: instantSchema });

export const reorderContract = {
  /** What has sold in the last 400 days, what runs out first on top; at most 500 products (`more`: there are others). Nothing is ordered by this. */
  list: oc.route({ method: 'GET', path: '/reorder' }).errors(commonErrors).output(z.strictObject({ rows: z.array(reorderRow), more: z.boolean() })),
  get: oc.route({ method: 'GET', path: '/reorder/products/{productId}' }).errors(commonErrors).input(z.strictObject({ productId: z.string() })).output(reorderDetail),
  setTerms: oc.route({ method: 'PUT', path: '/reorder/products/{productId}/terms' }).errors({ ...commonErrors, ...conflict })
    .input(z.strictObject({ productId: z.string(), version: z.int(), value: reorderTerms })).output(z.strictObject({ value: reorderTerms, version: z.int() })),
  settings: oc.route({ method: 'GET', path: '/reorder/settings' }).output(versioned),
  setSettings: oc.route({ method: 'PUT', path: '/reorder/settings' }).errors({ ...commonErrors, ...conflict }).input(z.strictObject({ value: reorderSettings, version: z.int() })).output(versioned),
};
