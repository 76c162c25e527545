import { z } from 'zod';
import { moneySchema, type Reason } from '#contract/shared.ts';
import type { Money, Rate } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import { frozenFeesSchema } from '../opportunities/index.ts';
import type { CheckoutSession, PlacedOrder } from './checkout.ts';
import type { PurchaseState } from './machine.ts';

/** The part of the frozen evidence that the program reads again; the rest is for people. */
export const frozenSchema = z.looseObject({
  opportunityVersion: z.int(),
  sourceName: z.string(),
  offerExternalId: z.string(),
  offerUrl: z.string(),
  /** Who orders, as the person agreed to it: the program at the vendor's checkout, or the person at the shop. */
  orderedBy: z.enum(['checkout', 'hand']).default('checkout'),
  terms: z.looseObject({ total: moneySchema.optional() }),
  /** Where the price was agreed in a talk: that talk. */
  agreed: z.strictObject({ negotiationId: z.string() }).optional(),
  condition: z.string(),
  brand: z.string().nullable(),
  category: z.string().nullable(),
  expected: z.strictObject({ profit: moneySchema, salePrice: moneySchema, unitCost: moneySchema }),
  roiBp: z.int(),
  lossChanceBp: z.int(),
  confidenceBp: z.int().default(10_000),
  fees: frozenFeesSchema.nullable().catch(null),
  daysToSell: z.int(),
});
export type Frozen = z.infer<typeof frozenSchema>;

/** A person's consent with what they saw. Never altered; a new consent is a new approval. */
export interface Approval {
  readonly id: string;
  readonly opportunityId: string;
  /** Offers (packs). */
  readonly quantity: number;
  readonly maxUnit: Money;
  readonly maxTotal: Money;
  /** Canonical JSON. */
  readonly evidence: string;
  readonly evidenceSha256: string;
  readonly approvedBy: string;
  readonly approvedAt: Instant;
  readonly expiresAt: Instant;
  readonly revokedAt: Instant | null;
}

export interface Purchase {
  readonly id: string;
  readonly approval: Approval;
  readonly opportunityId: string;
  readonly offerId: string;
  readonly productId: string;
  readonly sourceId: string;
  readonly connector: string;
  readonly sellerName: string | null;
  readonly title: string;
  readonly state: PurchaseState;
  readonly stopReason: Reason | null;
  /** Offers (packs). */
  readonly quantity: number;
  readonly unitsPerOffer: number;
  readonly currency: string;
  /** As the vendor charged; null before. */
  readonly total: Money | null;
  /** The most that may be spent, until it is known what was; home currency. */
  readonly homeTotal: Money;
  /** The offer's currency to the home currency, as at approval. */
  readonly rate: Rate;
  readonly idempotencyKey: string;
  readonly session: CheckoutSession | null;
  readonly externalId: string | null;
  readonly receipt: PlacedOrder | null;
  readonly createdAt: Instant;
  readonly confirmedAt: Instant | null;
  readonly receivedAt: Instant | null;
  /** Arrival after this is late. */
  readonly expectedBy: Instant | null;
  /** The last moment to send it back; null where nothing can be counted on. */
  readonly returnUntil: Instant | null;
  /** Whose word the end of the window is. */
  readonly returnFrom: 'assumed' | 'person' | null;
  readonly version: number;
}

export interface PurchaseEvent {
  readonly id: string;
  readonly kind: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: Instant;
}

export function frozenOf(approval: Approval): Frozen {
  return frozenSchema.parse(JSON.parse(approval.evidence));
}

export function unitsBought(purchase: Pick<Purchase, 'quantity' | 'unitsPerOffer'>): number {
  return purchase.quantity * purchase.unitsPerOffer;
}

/** Limits per seller count together what has the same seller at the same source. */
export function sellerKey(sourceId: string, sellerName: string | null): string {
  return sellerName === null ? sourceId : `${sourceId}/${sellerName.normalize('NFKC').trim().toLowerCase()}`;
}
