import { oc } from '@orpc/contract';
import { z } from 'zod';
import { basisPointsSchema, commonErrors, instantSchema, moneySchema, pageInput, pageOf, reasonSchema } from './shared.ts';

export const decisionSchema = z.enum(['purchase', 'negotiate', 'skip']);
/** Whether it would earn, whatever the limits: `profitable` and `losing` where the expected profit is beyond what estimates are commonly off by, and nothing casts doubt on what the thing is. */
export const verdictSchema = z.enum(['profitable', 'unsure', 'losing']);
export const opportunityState = z.enum(['open', 'approved', 'purchased', 'skipped', 'expired']);
export const opportunitySort = z.enum(['score', 'profit', 'roi', 'days', 'newest']);

/** One row of the list. Amounts are per sellable unit, in the home currency. */
export const opportunityRow = z.strictObject({
  id: z.string(), title: z.string(), brand: z.string().nullable(), category: z.string().nullable(), imageUrl: z.string().nullable(),
  sourceId: z.string(), sourceName: z.string(), channel: z.string(),
  state: opportunityState, decision: decisionSchema, verdict: verdictSchema,
  unitCost: moneySchema, salePrice: moneySchema, profit: moneySchema, profitLow: moneySchema, profitHigh: moneySchema,
  roiBp: basisPointsSchema, lossChanceBp: basisPointsSchema, daysToSell: z.int(), demandPerMonth: z.int(), confidenceBp: basisPointsSchema, quantity: z.int(),
  /** Expected profit for each day of locked cash, in thousandths of a minor unit. */
  profitPerCashDayMilli: z.int(),
  seenAt: instantSchema, version: z.int(),
});
export type OpportunityRow = z.infer<typeof opportunityRow>;

/** A line of arithmetic: what is added to or taken from the sale price, and where the figure comes from. */
export const lineSchema = z.strictObject({
  code: z.string(), amount: moneySchema, detail: z.record(z.string(), z.unknown()).default({}),
  source: z.string(), asOf: z.string().nullable(), confidence: z.enum(['high', 'medium', 'low']),
});

/** A series in time: `value[i]` at `at[i]`, null is a gap (no offer). Prices are minor units. */
export const seriesSchema = z.strictObject({ key: z.string(), unit: z.enum(['minor', 'rank', 'count']), currency: z.string().nullable(), at: z.array(instantSchema), value: z.array(z.number().nullable()) });

/**
 * What can go wrong with a thing, and by whose word: a vendor's `answer`, the offer's own `page`, a dated `list`, a `rule` of the owner or the program, own `orders`. `source` names it. `asOf`: when it was said. `url`: where it
 * can be looked up; `evidence`: the kind of the saved answer that it rests on. What was judged before these were kept has none of them.
 */
export const riskSchema = reasonSchema.extend({
  source: z.string(), severity: z.enum(['info', 'warning', 'block']),
  kind: z.enum(['answer', 'page', 'list', 'rule', 'orders']).optional(), asOf: instantSchema.nullable().optional(), url: z.string().nullable().optional(), evidence: z.string().nullable().optional(),
});
export type Risk = z.infer<typeof riskSchema>;

export const opportunityDetail = opportunityRow.extend({
  offer: z.strictObject({
    url: z.string(), title: z.string(), price: moneySchema, listPrice: moneySchema.nullable(), stock: z.int().nullable(), sellerName: z.string().nullable(),
    packSize: z.int(), condition: z.string(), gtin: z.string().nullable(), asin: z.string().nullable(), identifierNote: z.string().nullable(), firstSeenAt: instantSchema, lastSeenAt: instantSchema,
  }),
  product: z.strictObject({
    id: z.string(), title: z.string(), brand: z.string().nullable(), gtin: z.string().nullable(), asin: z.string().nullable(), category: z.string().nullable(),
    dimensionsMm: z.tuple([z.number(), z.number(), z.number()]).nullable(), weightG: z.number().nullable(),
  }),
  /** From sale price down to profit: their sum is the expected profit exactly. */
  lines: z.array(lineSchema),
  /** How one unit's landed cost is made up. */
  costLines: z.array(lineSchema),
  reasons: z.array(reasonSchema),
  risks: z.array(riskSchema),
  unknowns: z.array(reasonSchema),
  evidence: z.array(z.strictObject({ kind: z.string(), vendor: z.string(), fetchedAt: instantSchema, data: z.record(z.string(), z.unknown()) })),
  /** Sale price at 5, 10, 25, 50, 75, 90, 95 % in minor units of the home currency. */
  priceQuantiles: z.array(z.int()),
  profitQuantiles: z.array(z.int()),
  /** The dearest unit cost at which the limits are still met; a negotiation stays below. */
  ceiling: moneySchema.nullable(),
  cardVersion: z.string(),
  evaluatedAt: instantSchema,
  /** The same product at other sources, cheapest first. */
  comparables: z.array(z.strictObject({ offerId: z.string(), sourceName: z.string(), title: z.string(), unitPrice: moneySchema, stock: z.int().nullable(), url: z.string(), lastSeenAt: instantSchema })),
  purchaseId: z.string().nullable(),
  /** What approving would do just now. `byHand`: the program has no checkout there, so the person orders at the shop after approving. */
  approval: z.strictObject({ quantity: z.int(), total: moneySchema, byHand: z.boolean(), allowed: z.boolean(), blockedBy: z.array(reasonSchema) }),
});
export type OpportunityDetail = z.infer<typeof opportunityDetail>;

export const opportunityFilter = {
  state: opportunityState.default('open'),
  decision: decisionSchema.optional(),
  sourceId: z.string().optional(),
  category: z.string().optional(),
  minProfitMinor: z.coerce.number().int().optional(),
  minRoiBp: z.coerce.number().int().optional(),
  maxDaysToSell: z.coerce.number().int().optional(),
  /** From three letters on: words of title or brand. */
  search: z.string().max(200).optional(),
};

const approveErrors = {
  ...commonErrors,
  STALE: { status: 409, message: 'The opportunity changed since it was shown.', data: z.strictObject({ version: z.int() }) },
  NOT_OPEN: { status: 409, message: 'The opportunity is no longer open.', data: z.strictObject({ state: z.string() }) },
  LIMIT: { status: 422, message: 'A limit does not allow this purchase.', data: z.strictObject({ reasons: z.array(reasonSchema) }) },
  KILL_SWITCH: { status: 423, message: 'The kill switch is on: nothing goes out.', data: z.strictObject({}) },
} as const;

const manyOutcome = z.strictObject({ done: z.array(z.string()), refused: z.array(z.strictObject({ id: z.string(), code: z.string() })) });

export const approvalSummary = z.strictObject({
  items: z.array(z.strictObject({
    id: z.string(), version: z.int(), title: z.string(), quantity: z.int(),
    /** In the offer's currency, and in the home currency; null where no rate is known. */
    total: moneySchema, home: moneySchema.nullable(),
    /** Expected, for all its units. */
    profit: moneySchema, byHand: z.boolean(),
    /** Why it cannot be approved by itself. */
    blockedBy: z.array(reasonSchema),
    /** Fine by itself, but with those before it a limit is passed. */
    beyond: z.array(reasonSchema),
  })),
  /** Of those that can be approved together. */
  /** The most that they may cost before they ask again: what the limits are held against. */
  sum: moneySchema, profit: moneySchema, approvable: z.int(),
  spentToday: moneySchema, dayLimit: moneySchema.nullable(), cash: moneySchema, cashReserve: moneySchema,
});
export type ApprovalSummary = z.infer<typeof approvalSummary>;

export const opportunitiesContract = {
  list: oc.route({ method: 'GET', path: '/opportunities' }).errors(commonErrors).input(z.strictObject({ ...opportunityFilter, sort: opportunitySort.default('score'), /** Orders what `sort` holds equal. */ second: opportunitySort.optional(), ...pageInput })).output(pageOf(opportunityRow)),
  get: oc.route({ method: 'GET', path: '/opportunities/{id}' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(opportunityDetail),
  /** The chart: price, Buy Box, offers and rank on one time axis. */
  history: oc.route({ method: 'GET', path: '/opportunities/{id}/history' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(z.strictObject({ series: z.array(seriesSchema) })),
  /** What is asked now for the same thing on the markets that are connected: asked of them at this moment, for a person to compare. Asks are not sales, and enter no estimate. */
  asks: oc.route({ method: 'GET', path: '/opportunities/{id}/asks' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(z.strictObject({
    markets: z.array(z.strictObject({
      market: z.string(),
      /** `asks`: what sellers ask. `buyback`: what buyers pay for it now, best first. `reference`: what the market gives as its price (of recent sales, lowest, middle). */
      kind: z.enum(['asks', 'buyback', 'reference']).default('asks'),
      /** What was asked for: a code, or words. */
      query: z.string(), byCode: z.boolean(),
      total: z.int().nullable(), unread: z.int(), error: z.string().nullable(), at: instantSchema,
      /** Cheapest first, shipping included where it is said; what buyers pay, best first. */
      asks: z.array(z.strictObject({ listingId: z.string(), url: z.string(), title: z.string(), price: moneySchema, shipping: moneySchema.nullable(), condition: z.string(), sale: z.enum(['fixed', 'auction']), sellerName: z.string().nullable(),
        /** What buyers say of the seller there; `isPoor`: little enough to be a bad sign. */
        sellerFeedback: z.strictObject({ positiveBp: z.int(), score: z.int(), isPoor: z.boolean() }).nullable().default(null),
        /** What the figure is, or what it comes with, in the market's words: `market price`, `Holofoil`, `smallest order $10.00`. */
        note: z.string().nullable().default(null) })),
    })),
  })),
  /** The last 90 days of the price that an estimate follows, at 30 even steps, oldest first; null where there was no offer. Opportunities without a history are left out. */
  sparklines: oc.route({ method: 'POST', path: '/opportunities/sparklines' }).input(z.strictObject({ ids: z.array(z.string()).max(200) })).output(z.array(z.strictObject({ id: z.string(), value: z.array(z.number().nullable()) }))),
  /** Own purchases and sales of an opportunity's product, for its chart: one unit's price, oldest first. */
  trades: oc.route({ method: 'GET', path: '/opportunities/{id}/trades' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(z.array(z.strictObject({ kind: z.enum(['bought', 'sold']), at: instantSchema, units: z.int(), price: moneySchema, refId: z.string() }))),
  /** What approving several at once would come to: each weighed by itself, and their sum against the limits in the order given. Nothing is approved. */
  summary: oc.route({ method: 'POST', path: '/opportunities/summary' }).errors(commonErrors).input(z.strictObject({ items: z.array(z.strictObject({ id: z.string(), version: z.int() })).min(1).max(50) })).output(approvalSummary),
  /** Filter values that occur, with counts (capped at 10,000). */
  facets: oc.route({ method: 'GET', path: '/opportunities/facets' }).output(z.strictObject({
    sources: z.array(z.strictObject({ id: z.string(), name: z.string(), count: z.int() })),
    categories: z.array(z.strictObject({ key: z.string(), count: z.int() })),
    decisions: z.array(z.strictObject({ key: decisionSchema, count: z.int() })),
  })),
  /** One click: freezes the evidence that `version` shows and starts the purchase. A second call with the same version answers with the same purchase. */
  approve: oc.route({ method: 'POST', path: '/opportunities/{id}/approve' }).errors(approveErrors)
    .input(z.strictObject({ id: z.string(), version: z.int(), quantity: z.int().min(1).max(100_000).optional() })).output(z.strictObject({ purchaseId: z.string(), approvalId: z.string() })),
  skip: oc.route({ method: 'POST', path: '/opportunities/{id}/skip' }).errors(approveErrors).input(z.strictObject({ id: z.string(), version: z.int() })).output(opportunityRow),
  /** All that can be skipped are, in one transaction; the others are named with the reason. */
  skipMany: oc.route({ method: 'POST', path: '/opportunities/skip' }).input(z.strictObject({ items: z.array(z.strictObject({ id: z.string(), version: z.int() })).min(1).max(1_000) })).output(manyOutcome),
  /** Undo of `skipMany`. */
  reopenMany: oc.route({ method: 'POST', path: '/opportunities/reopen' }).input(z.strictObject({ ids: z.array(z.string()).min(1).max(1_000) })).output(manyOutcome),
  /** Undo of a skip. */
  reopen: oc.route({ method: 'POST', path: '/opportunities/{id}/reopen' }).errors(approveErrors).input(z.strictObject({ id: z.string() })).output(opportunityRow),
};
