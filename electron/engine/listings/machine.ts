import type { z } from 'zod';
import type { listingState } from '#contract/selling.ts';

export type ListingState = z.infer<typeof listingState>;

/**
 * `draft` written and not sent; `publishing` on its way to the channel; `active` buyers can buy; `sold-out` published with nothing left; `ending` being
 * taken down; `stopped` the channel or a rule refused and a person decides, with the reason. `ended` is over for good.
 */
export const LISTING_TRANSITIONS: Readonly<Record<ListingState, readonly ListingState[]>> = {
  draft: ['publishing', 'stopped', 'ended'],
  publishing: ['active', 'sold-out', 'stopped'],
  active: ['sold-out', 'ending', 'stopped', 'ended'],
  'sold-out': ['active', 'ending', 'stopped', 'ended'],
  ending: ['ended', 'stopped'],
  stopped: ['publishing', 'ending', 'ended'],
  ended: [],
};

export const FIRST_STATES: readonly ListingState[] = ['draft', 'stopped'];

export function canGo(from: ListingState, to: ListingState): boolean {
  return LISTING_TRANSITIONS[from].includes(to);
}
