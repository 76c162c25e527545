import { oc } from '@orpc/contract';
import { z } from 'zod';
import { commonErrors, instantSchema, moneySchema } from './shared.ts';

/** Sales tax that was collected for an authority and is not passed on yet. `account`: the ledger's, which names whom it is owed to. */
export const taxOwed = z.strictObject({ account: z.string(), owed: moneySchema });
export const taxPayment = z.strictObject({ id: z.string(), account: z.string(), amount: moneySchema, note: z.string(), paidAt: instantSchema, takenBack: z.boolean() });
export type TaxPayment = z.infer<typeof taxPayment>;

export const salesTaxContract = {
  /** What is owed now, and the latest payments. */
  get: oc.route({ method: 'GET', path: '/sales-tax' }).output(z.strictObject({ owed: z.array(taxOwed), payments: z.array(taxPayment) })),
  /** Records what was paid to an authority: one booking. `key`: of the form that was filled in; sent twice, it is one payment. */
  pay: oc.route({ method: 'POST', path: '/sales-tax/payments' }).errors(commonErrors).input(z.strictObject({ key: z.string().min(8).max(64), account: z.string().max(120), amount: moneySchema, paidAt: instantSchema, note: z.string().trim().max(200) })).output(taxPayment),
  /** It was a mistake: reversed by an entry of its own, once. */
  takeBack: oc.route({ method: 'POST', path: '/sales-tax/payments/{id}/take-back' }).errors(commonErrors).input(z.strictObject({ id: z.string() })).output(taxPayment),
};
