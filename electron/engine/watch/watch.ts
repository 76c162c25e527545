import type { Reason } from '#contract/shared.ts';
import type { Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';

/** What a look found. It holds until a later one finds something else. */
export interface Reading {
  /** Null: nobody offers it. */
  readonly price: Money | null;
  readonly available: boolean | null;
  readonly quantity: number | null;
  readonly sellers: number | null;
}

export interface ReadingAt extends Reading {
  readonly at: Instant;
}

export type WatchTarget =
  /** A page; of a source's site it moves with the source. */
  | { readonly kind: 'page'; readonly url: string; readonly sourceId: string | null; readonly path: string }
  | { readonly kind: 'market'; readonly market: string; readonly externalId: string };

export interface Watch {
  readonly id: string;
  readonly target: WatchTarget;
  /** Where a person sees it. */
  readonly address: string;
  readonly title: string;
  readonly productId: string | null;
  readonly state: 'active' | 'paused';
  readonly intervalMs: number;
  readonly belowMinor: number | null;
  readonly nextAt: Instant;
  readonly checkedAt: Instant | null;
  readonly readAt: Instant | null;
  readonly problem: Reason | null;
  /** In a row. */
  readonly failures: number;
  /** As last read; null before. */
  readonly last: Reading | null;
  readonly changeBp: number | null;
  readonly createdAt: Instant;
  readonly version: number;
}
