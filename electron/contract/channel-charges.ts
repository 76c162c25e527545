import { oc } from '@orpc/contract';
import { z } from 'zod';
import { commonErrors, instantSchema, moneySchema, pageInput, pageOf } from './shared.ts';

/** `reimbursement`: paid for goods that the channel lost. `not-ours`: on its way to the bank, or of another business. */
export const chargeMeaning = z.enum(['storage', 'service', 'freight', 'reimbursement', 'not-ours']);
export type ChargeMeaning = z.infer<typeof chargeMeaning>;

/** What a channel took from the account beside orders. Amounts below zero came back. */
export const chargeRow = z.strictObject({
  id: z.string(), channel: z.string(), kind: z.enum(['storage', 'placement', 'transport', 'service', 'unknown']), words: z.string(), amount: moneySchema,
  /** Agreed to for it, and how far the charge is from that; null where nothing was agreed. */
  expected: moneySchema.nullable(), difference: moneySchema.nullable(), shipment: z.strictObject({ id: z.string(), number: z.string() }).nullable(),
  explained: z.strictObject({ as: chargeMeaning, by: z.string(), at: instantSchema }).nullable(), at: instantSchema,
});
export type ChargeRow = z.infer<typeof chargeRow>;

export const channelChargesContract = {
  /** Newest first. `open`: those that a person has to explain. */
  list: oc.route({ method: 'GET', path: '/channel-charges' }).errors(commonErrors).input(z.strictObject({ shipmentId: z.string().optional(), open: z.stringbool().or(z.boolean()).optional(), ...pageInput })).output(pageOf(chargeRow)),
  /** Says what a charge was that the channel's words do not. */
  explain: oc.route({ method: 'POST', path: '/channel-charges/{id}/explain' }).errors(commonErrors).input(z.strictObject({ id: z.string(), as: chargeMeaning })).output(chargeRow),
};
