import type { Instant } from '#kernel/time.ts';

/** What somebody wrote back, and when it arrives. */
export interface Answer {
  readonly from: string;
  readonly text: string;
  readonly at: Instant;
}
