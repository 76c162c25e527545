import { z } from 'zod';
import { moneySchema } from '#contract/shared.ts';
import type { Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import type { LotCost } from './lot-cost.ts';
import type { LotState } from './machine.ts';

/** What was expected of one unit when its purchase was approved; stands beside what it really earned. */
export const lotEstimateSchema = z.strictObject({ profit: moneySchema, salePrice: moneySchema, daysToSell: z.int() });
export type LotEstimate = z.infer<typeof lotEstimateSchema>;

/** Units bought together at one cost, sold under one SKU. */
export interface Lot extends LotCost {
  readonly id: string;
  /** Letters and digits, at most 50: what channels take. */
  readonly sku: string;
  readonly productId: string;
  readonly purchaseId: string;
  readonly title: string;
  readonly condition: string;
  readonly location: string;
  readonly state: LotState;
  /** Units bought; once received, the units that could be sold. */
  readonly quantity: number;
  /** What the movements add up to. */
  readonly onHand: number;
  readonly estimate: LotEstimate;
  readonly unitCost: Money;
  readonly createdAt: Instant;
  readonly receivedAt: Instant | null;
  readonly version: number;
}

export type MovementKind = 'bought' | 'received' | 'sold' | 'returned' | 'adjusted' | 'moved';

export interface Movement {
  readonly id: string;
  readonly kind: string;
  /** Change of the units on hand. */
  readonly quantity: number;
  readonly ref: string;
  readonly reason: string | null;
  readonly at: Instant;
}

/** Units of the lot that are ours: on their way, or on hand. */
export function unitsOf(lot: Lot): number {
  return lot.state === 'inbound' ? lot.quantity : lot.onHand;
}
