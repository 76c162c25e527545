import type { Reason } from '#contract/shared.ts';
import type { Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import type { ListingState } from './machine.ts';

export interface Listing {
  readonly id: string;
  readonly sku: string;
  readonly lotId: string;
  readonly productId: string;
  /** The channel's market: `ebay-us`. */
  readonly channel: string;
  readonly title: string;
  readonly description: string;
  readonly condition: string;
  readonly price: Money;
  /** Below it a sale would not earn the least profit wanted. */
  readonly floor: Money;
  /** Units offered. */
  readonly quantity: number;
  readonly state: ListingState;
  readonly stopReason: Reason | null;
  readonly externalOfferId: string | null;
  readonly externalId: string | null;
  readonly idempotencyKey: string;
  readonly createdAt: Instant;
  readonly publishedAt: Instant | null;
  readonly updatedAt: Instant;
  readonly version: number;
}

export interface ListingEvent {
  readonly id: string;
  readonly kind: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: Instant;
}
