import { z } from 'zod';
import { moneySchema, reasonSchema, type Reason } from '#contract/shared.ts';
import type { Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import type { OrderState } from './machine.ts';

/** What a person does on the channel's own page, and the channel is expected to show. */
export const byHandSchema = z.strictObject({
  what: z.enum(['refund', 'cancel']),
  /** Null: the whole order is given up. */
  amount: moneySchema.nullable(),
  /** Given back before, minor units of the order's currency. */
  before: z.int(),
  at: z.int(),
});
export type ByHand = z.infer<typeof byHandSchema>;

/** A return that the buyer asked for, as the channel told last. */
export const returnFactsSchema = z.strictObject({
  id: z.string(), state: z.enum(['asked', 'approved', 'sent', 'arrived', 'escalated', 'closed', 'other']), word: z.string(), reason: z.string(), units: z.int(), expected: moneySchema.nullable(), respondBy: z.int().nullable(), ways: z.array(z.enum(['approve', 'refund'])),
  /** The channel has been told so, and has not shown it yet. */
  answering: z.enum(['approve', 'refund']).optional(),
});
export type ReturnFacts = z.infer<typeof returnFactsSchema>;

/** What a claim has taken of an order, as it is booked: minor units of the order's currency. */
export const claimFactsSchema = z.strictObject({ id: z.string(), taken: z.int(), fee: z.int(), tax: z.int(), byLine: z.record(z.string(), z.int()) });
export type ClaimFacts = z.infer<typeof claimFactsSchema>;

/** A claim that can be answered from here, as the channel told last. */
export const openClaimSchema = z.strictObject({
  id: z.string(), kind: z.enum(['payment', 'inquiry', 'case']), amount: moneySchema.nullable(), respondBy: z.int().nullable(), ways: z.array(z.enum(['tracking', 'refund', 'escalate'])),
  /** The channel is being told so. */
  answering: z.enum(['tracking', 'refund', 'escalate']).optional(),
});
export type OpenClaim = z.infer<typeof openClaimSchema>;

/** A claim as a person wrote it down. `taken`, `fee`: minor units; `shown`: what the channel had shown as given back when it was written down. */
export const handClaimSchema = z.strictObject({ id: z.string(), state: z.enum(['answer', 'taken', 'won', 'lost']), reason: z.string(), taken: z.int(), fee: z.int(), respondBy: z.int().nullable(), shown: z.int() });
export type HandClaim = z.infer<typeof handClaimSchema>;

/** Sales tax of an order, as it is booked: what was collected, by whom it is owed to (empty: not said), and what went back to the buyer. Minor units. */
export const taxFactsSchema = z.strictObject({ collected: z.array(z.strictObject({ to: z.string(), minor: z.int() })), back: z.int() });
export type TaxFacts = z.infer<typeof taxFactsSchema>;

const feePart = z.strictObject({ kind: z.enum(['referral', 'fulfilment', 'closing', 'other']), minor: z.int() });
/** What the fee card in force at the sale expects, and what the channel charged for the sale: minor units of the order's currency. `charged` null: not named yet. */
export const feeCheckSchema = z.strictObject({ cardId: z.string(), expected: z.array(feePart), charged: z.array(feePart).nullable() });
export type FeeCheck = z.infer<typeof feeCheckSchema>;

/** Facts of an order beside the columns: what it did not add up with, whether its fee is the channel's word. Not the vendor's payload, and no address. */
export const orderFactsSchema = z.strictObject({
  problems: z.array(reasonSchema),
  /** The channel has named its fee. */
  feeKnown: z.boolean(),
  fulfilment: z.string(),
  payment: z.string(),
  /** When the program first read it. */
  heardAt: z.int().optional(),
  /** The channel has been asked to cancel it. */
  cancelling: z.boolean().optional(),
  /** The channel has been asked to give money back. */
  refunding: z.boolean().optional(),
  byHand: byHandSchema.optional(),
  return: returnFactsSchema.optional(),
  /** What came back was looked at: units on the shelf again, and units that stay a loss. */
  inspected: z.strictObject({ at: z.int(), good: z.int(), spoilt: z.int() }).optional(),
  /** The channel sends it from its own warehouse. */
  sentByChannel: z.boolean().optional(),
  claims: z.array(claimFactsSchema).optional(),
  openClaims: z.array(openClaimSchema).optional(),
  /** Those that a person wrote down, because the channel has no call that tells of them. */
  handClaims: z.array(handClaimSchema).optional(),
  /** Absent: the order was first read before tax was booked, and its tax stays out of the books. */
  tax: taxFactsSchema.optional(),
  /** The fee is what the payment provider took by its payout: no later word of the shop changes it. */
  feeSettled: z.boolean().optional(),
  /** Absent: no fee card was there for the channel, or the order was first read before fees were compared. */
  feeCheck: feeCheckSchema.optional(),
});
export type OrderFacts = z.infer<typeof orderFactsSchema>;

/** What `Order.buyerName` is sealed for. */
export const BUYER_NAME = 'Order.buyerName';

export interface OrderLine {
  readonly id: string;
  readonly externalId: string;
  readonly listingId: string | null;
  readonly lotId: string | null;
  readonly sku: string;
  readonly title: string;
  readonly quantity: number;
  /** Goods and shipping after discount, without tax. */
  readonly revenue: Money;
  readonly fees: Money;
  /** Of the units that stock had; null where none is known. */
  readonly cost: Money | null;
  readonly postage: Money;
  readonly refund: Money;
  /** Realised: revenue − refund − fees − postage − cost. */
  readonly profit: Money | null;
  /** As estimated at approval, for these units. */
  readonly estimate: Money | null;
}

export interface Order {
  readonly id: string;
  /** `ebay-us`. */
  readonly channel: string;
  readonly externalId: string;
  readonly state: OrderState;
  /** Sealed: `ctx.seal.open(BUYER_NAME, …)`. */
  readonly buyerName: string | null;
  /** What the buyer paid for goods and shipping, without tax that the marketplace collects. */
  readonly total: Money;
  readonly fees: Money;
  /** Collected for the authority and not given back: passes through, and is no income. */
  readonly tax: Money;
  /** The payment at the provider that an own shop was paid through: `stripe ch_…`. */
  readonly paymentRef: string | null;
  readonly placedAt: Instant;
  readonly modifiedAt: Instant;
  readonly shippedAt: Instant | null;
  readonly tracking: string | null;
  readonly facts: OrderFacts;
  readonly version: number;
  readonly lines: readonly OrderLine[];
}

export function profitOf(line: Pick<OrderLine, 'revenue' | 'refund' | 'fees' | 'postage' | 'cost'>): Money | null {
  if (line.cost === null) return null;
  return { minor: line.revenue.minor - line.refund.minor - line.fees.minor - line.postage.minor - line.cost.minor, currency: line.revenue.currency };
}

/** Its money is on its way back, or a person said that it is, or the channel is being answered: nothing else may move it meanwhile. */
export function isMovingMoney({ refunding, cancelling, byHand, return: asked, openClaims = [] }: OrderFacts): boolean {
  return Boolean(refunding || cancelling || byHand || asked?.answering || openClaims.some(({ answering }) => answering));
}

export function withProblem(facts: OrderFacts, problem: Reason): OrderFacts {
  return { ...facts, problems: [...facts.problems, problem] };
}
