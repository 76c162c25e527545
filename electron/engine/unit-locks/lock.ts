import type { Instant } from '#kernel/time.ts';
import type { LockState } from './machine.ts';

export type CauseKind = 'sale' | 'direct-sale' | 'count';

export interface UnitLock {
  readonly id: string;
  readonly lotId: string;
  readonly listingId: string;
  /** That has to hear it. */
  readonly channel: string;
  /** The most that the channel may show for this lock. */
  readonly quantity: number;
  readonly causeKind: CauseKind;
  /** Of the stock movement. */
  readonly causeRef: string;
  /** Where it was sold; null for a count. */
  readonly causeChannel: string | null;
  readonly orderId: string | null;
  readonly state: LockState;
  /** At the vendor, by its clock. */
  readonly soldAt: Instant | null;
  readonly heardAt: Instant;
  readonly firstCallAt: Instant | null;
  readonly toldAt: Instant | null;
  readonly provedAt: Instant | null;
  /** What the channel showed then; null where it does not say. */
  readonly shown: number | null;
  readonly attempts: number;
  readonly error: string | null;
}
