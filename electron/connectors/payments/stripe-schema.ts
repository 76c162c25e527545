import { z } from 'zod';

const named = z.union([z.string(), z.looseObject({ id: z.string() })]).nullish();
const balanceTransaction = z.looseObject({ id: z.string(), amount: z.int(), fee: z.int(), net: z.int(), currency: z.string(), type: z.string(), source: z.union([z.string(), z.looseObject({ id: z.string(), charge: named, payment_intent: named })]).nullish(), description: z.string().nullish(), created: z.int() });
const charge = z.looseObject({ id: z.string(), amount: z.int(), amount_refunded: z.int(), currency: z.string(), paid: z.boolean(), refunded: z.boolean(), disputed: z.boolean(), balance_transaction: z.union([z.string(), balanceTransaction]).nullish() });
const paymentIntent = z.looseObject({ id: z.string(), status: z.string(), latest_charge: z.union([z.string(), charge]).nullish() });

export const sessionSchema = z.looseObject({
  id: z.string(), status: z.enum(['complete', 'expired', 'open']).nullish(), payment_status: z.enum(['no_payment_required', 'paid', 'unpaid']), amount_total: z.int().nullish(), currency: z.string().nullish(), expires_at: z.int(),
  url: z.string().nullish(), client_reference_id: z.string().nullish(), payment_intent: z.union([z.string(), paymentIntent]).nullish(),
});
export type StripeSession = z.infer<typeof sessionSchema>;

export const listOf = <T extends z.ZodType>(item: T) => z.looseObject({ data: z.array(item), has_more: z.boolean() });
export const priceSchema = z.looseObject({ id: z.string() });
export const linkSchema = z.looseObject({ id: z.string(), url: z.string(), active: z.boolean() });
export const balanceSchema = z.looseObject({ object: z.literal('balance') });
export const refundSchema = z.looseObject({ id: z.string(), status: z.string().nullish(), amount: z.int(), currency: z.string(), metadata: z.record(z.string(), z.string()).nullish() });
export const payoutSchema = z.looseObject({ id: z.string(), amount: z.int(), currency: z.string(), arrival_date: z.int(), status: z.string(), created: z.int() });
export const balanceTransactionSchema = balanceTransaction;
export const disputeSchema = z.looseObject({
  id: z.string(), amount: z.int(), currency: z.string(), charge: z.union([z.string(), z.looseObject({ id: z.string() })]), payment_intent: named, reason: z.string(), status: z.string(), created: z.int(),
  balance_transactions: z.array(balanceTransaction).default([]), evidence_details: z.looseObject({ due_by: z.int().nullish() }).nullish(),
});
export const eventSchema = z.looseObject({ id: z.string(), type: z.string(), data: z.looseObject({ object: z.looseObject({ id: z.string(), object: z.string(), payment_intent: z.string().nullish(), client_reference_id: z.string().nullish() }) }) });
export const errorSchema = z.looseObject({ error: z.looseObject({ type: z.string().optional(), code: z.string().optional(), message: z.string().optional() }) });
