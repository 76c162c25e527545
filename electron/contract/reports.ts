import { oc } from '@orpc/contract';
import { z } from 'zod';
import { basisPointsSchema, commonErrors, instantSchema, moneySchema } from './shared.ts';
import { REPORT_BY } from './words.ts';

/** UTC days, both within the time. */
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/).refine((text) => new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true, 'no day of the calendar');
const span = { from: day, to: day };

export const reportBy = z.enum(REPORT_BY);

/** Movements of the ledger's accounts in one currency, as a person reads them: `profit` = revenue − refunds − fees − postage − cost − writeOff. */
export const reportFigures = z.strictObject({ revenue: moneySchema, refunds: moneySchema, fees: moneySchema, postage: moneySchema, cost: moneySchema, writeOff: moneySchema, profit: moneySchema });
export type ReportFigures = z.infer<typeof reportFigures>;

/** Of the units whose sale was booked in the time, without cancelled orders. */
export const reportSold = z.strictObject({
  orders: z.int(), units: z.int(),
  /** From goods received to sale, on average; null where no unit has a lot. */
  daysToSell: z.number().nullable(),
  /** What was expected of the units that had an estimate, and what the same units have brought so far. */
  estimates: z.array(z.strictObject({ units: z.int(), expected: moneySchema, outcome: moneySchema })),
});
export type ReportSold = z.infer<typeof reportSold>;

/** All currencies in the home currency, at the rate that the business uses. `without`: currencies that no rate is known of, and that are not in the sums. */
export const reportHome = z.strictObject({ figures: reportFigures, rates: z.array(z.strictObject({ currency: z.string(), rate: z.string(), asOf: z.string(), source: z.string() })), without: z.array(z.string()) });

export const reportSummary = z.strictObject({
  from: z.string(), to: z.string(), homeCurrency: z.string(),
  /** What the ledger has of the time, for each currency. Empty: nothing was booked. */
  currencies: z.array(reportFigures), home: reportHome,
  sold: reportSold,
  /** Of what could have been sold: units sold, of those and the units that were there at the end. */
  sellThroughBp: basisPointsSchema.nullable(),
  tax: z.strictObject({
    /** Per currency: tax that buyers paid through the seller, and what was passed on or given back. */
    salesTax: z.array(z.strictObject({ collected: moneySchema, settled: moneySchema })),
    /** The same by month of the booking (`2026-11`) and account, whose name ends in whom it is owed to: collected with sales, given up with what went back to buyers, and passed on. */
    salesTaxByMonth: z.array(z.strictObject({ month: z.string(), account: z.string(), collected: moneySchema, back: moneySchema, paid: moneySchema })),
    /** Orders of own shops in the time that were read before tax was booked: their tax is not in the books. */
    ordersWithoutTax: z.int(),
    /** The stock account in the home currency: opening + bought + prepared − returnedToSupplier − sold − writtenOff + other = closing. */
    stock: z.strictObject({ opening: moneySchema, bought: moneySchema, prepared: moneySchema, returnedToSupplier: moneySchema, sold: moneySchema, writtenOff: moneySchema, other: moneySchema, closing: moneySchema }),
    /** Accounts of expenses, by name and currency. */
    expenses: z.array(z.strictObject({ account: z.string(), amount: moneySchema })),
  }),
});
export type ReportSummary = z.infer<typeof reportSummary>;

/** A time in short, for another to be set beside. */
export const reportBrief = z.strictObject({ from: z.string(), to: z.string(), home: reportHome, units: z.int(), orders: z.int() });
export type ReportBrief = z.infer<typeof reportBrief>;

export const reportRow = z.strictObject({
  /** Empty: what has none, or belongs to no sale. */
  key: z.string(), label: z.string().nullable(),
  currencies: z.array(reportFigures), home: reportFigures,
  /** Profit to the cost of goods sold, home currency; null without cost. */
  roiBp: basisPointsSchema.nullable(),
  sold: reportSold,
});
export type ReportRow = z.infer<typeof reportRow>;

export const reportLine = z.strictObject({
  /** What was booked: an order, a lot, a payout… */
  refKind: z.string(), refId: z.string(), title: z.string(), detail: z.string().nullable(), at: instantSchema, units: z.int(), figures: z.array(reportFigures),
});
export type ReportLine = z.infer<typeof reportLine>;

export const stockAge = z.strictObject({
  /** Days since the goods came; null: no end. */
  fromDays: z.int(), toDays: z.int().nullable(), lots: z.int(), units: z.int(), value: moneySchema,
});
export const reportStock = z.strictObject({
  value: moneySchema, units: z.int(), lots: z.int(), ages: z.array(stockAge),
  /** Bought and not here yet. */
  inbound: z.strictObject({ units: z.int(), value: moneySchema }),
  /** The stock account. */
  booked: moneySchema,
  oldest: z.array(z.strictObject({ lotId: z.string(), title: z.string(), units: z.int(), value: moneySchema, days: z.int() })),
});
export type ReportStock = z.infer<typeof reportStock>;

export const reportsContract = {
  summary: oc.route({ method: 'GET', path: '/reports/summary' }).errors(commonErrors).input(z.strictObject(span)).output(reportSummary),
  brief: oc.route({ method: 'GET', path: '/reports/brief' }).errors(commonErrors).input(z.strictObject(span)).output(reportBrief),
  /** The 500 with most revenue; `others` is the sum of what follows, so that all rows together are the summary. */
  rows: oc.route({ method: 'GET', path: '/reports/rows' }).errors(commonErrors).input(z.strictObject({ ...span, by: reportBy })).output(z.strictObject({ rows: z.array(reportRow), others: z.strictObject({ count: z.int(), row: reportRow }).nullable() })),
  /** What stands behind a row: newest first. */
  lines: oc.route({ method: 'GET', path: '/reports/lines' }).errors(commonErrors)
    .input(z.strictObject({ ...span, by: reportBy, key: z.string().max(600), cursor: z.string().regex(/^\d{1,9}$/).optional(), limit: z.coerce.number().int().min(1).max(200).default(50) }))
    .output(z.strictObject({ items: z.array(reportLine), nextCursor: z.string().nullable(), total: z.strictObject({ count: z.int(), capped: z.boolean() }) })),
  /** What lies there now, at cost, by age. */
  stock: oc.route({ method: 'GET', path: '/reports/stock' }).errors(commonErrors).output(reportStock),
  /** `rows`: the table by `by`. `lines`: each order and other booking. `accounts`: each account's movement, as the accountant takes it. `sales-tax`: `salesTaxByMonth`. */
  export: oc.route({ method: 'POST', path: '/reports/export' }).errors(commonErrors).input(z.strictObject({ ...span, by: reportBy, what: z.enum(['rows', 'lines', 'accounts', 'sales-tax']), format: z.enum(['csv', 'xlsx']) }))
    .output(z.strictObject({ name: z.string(), rows: z.int(), contentBase64: z.string() })),
};
