import { oc } from '@orpc/contract';
import { z } from 'zod';
import { businessSchema } from './settings.ts';
import { commonErrors, moneySchema, reasonSchema } from './shared.ts';

const currency = z.string().regex(/^[A-Z]{3}$/);
const rateKind = z.enum(['official', 'parallel']);
export const homeRateSchema = businessSchema.shape.rates.element;

export const homeCurrencyState = z.strictObject({
  currency,
  /** Why another cannot be chosen any more; null while nothing is booked. */
  fixed: reasonSchema.nullable(),
  /** What a unit of the home currency is known to be in others: those that the business has set, in practice those of the simulated market too. */
  known: z.array(homeRateSchema),
});
export type HomeCurrencyState = z.infer<typeof homeCurrencyState>;

/** One unit of the home currency of today in the new one. */
const proposed = { currency, rate: z.string().regex(/^\d{1,9}(?:\.\d{1,6})?$/), kind: rateKind, source: z.string().trim().min(1).max(200) };

export const homeCurrencyProposal = z.strictObject({
  rate: homeRateSchema,
  /** Each amount that would be converted, such as `limits.perDay`. */
  amounts: z.array(z.strictObject({ field: z.string(), before: moneySchema, after: moneySchema })),
  /** The rates as they would stand: those through the old home currency are worked out, and say so. */
  rates: z.array(homeRateSchema),
  businessVersion: z.int(), limitsVersion: z.int(),
});
export type HomeCurrencyProposal = z.infer<typeof homeCurrencyProposal>;

const conflict = { CONFLICT: { status: 409, message: 'Somebody changed this meanwhile: look at it again.', data: z.strictObject({ version: z.int() }) } } as const;

export const homeCurrencyContract = {
  state: oc.route({ method: 'GET', path: '/home-currency' }).output(homeCurrencyState),
  /** What choosing it would make of limits, costs, opening cash and rates. Changes nothing. */
  propose: oc.route({ method: 'GET', path: '/home-currency/proposal' }).errors(commonErrors).input(z.strictObject(proposed)).output(homeCurrencyProposal),
  /** Exactly what was proposed, as long as nothing is booked: INVALID afterwards. */
  choose: oc.route({ method: 'PUT', path: '/home-currency' }).errors({ ...commonErrors, ...conflict }).input(z.strictObject({ ...proposed, businessVersion: z.int(), limitsVersion: z.int() })).output(homeCurrencyState),
};
