import type { Reason } from '#contract/shared.ts';
import type { Money } from '#kernel/money.ts';
import type { Reading } from './watch.ts';

/** A price that fell by less is not told of. */
const LEAST_FALL_BP = 300;
/** A look that fails so often in a row is told of, once. */
export const FAILURES_TOLD = 3;

export const isSame = (a: Reading | null, b: Reading): boolean => a !== null && a.price?.minor === b.price?.minor && a.price?.currency === b.price?.currency && a.available === b.available && a.quantity === b.quantity && a.sellers === b.sellers;

/** Change in hundredths of a percent; null where the two cannot be compared. */
export const changeBpOf = (from: Money | null, to: Money | null): number | null => (from && to && from.currency === to.currency && from.minor > 0 ? Math.round(((to.minor - from.minor) * 10_000) / from.minor) : null);

interface Given {
  /** Null at the first look: nothing has changed then. */
  readonly before: Reading | null;
  readonly now: Reading;
  readonly belowMinor: number | null;
  /** What the same thing is listed for here. */
  readonly mine: Money | null;
}

const hasOffer = (reading: Reading) => reading.price !== null && reading.available !== false;

/** What a person is told of between two looks. The most telling price change alone: one move is one message. */
export function detectChanges({ before, now, belowMinor, mine }: Given): Reason[] {
  if (before === null) return [];
  const reasons: Reason[] = [];
  if (hasOffer(before) && !hasOffer(now)) return [{ code: 'watch.sold-out', data: { price: before.price } }];
  if (!hasOffer(before) && hasOffer(now)) reasons.push({ code: 'watch.back', data: { price: now.price } });
  const changeBp = changeBpOf(before.price, now.price);
  if (!hasOffer(now) || changeBp === null || changeBp >= 0) return reasons;
  const [from, to] = [before.price!, now.price!];
  const moved = { from, to, changeBp: -changeBp };
  if (belowMinor !== null && from.minor > belowMinor && to.minor <= belowMinor) reasons.push({ code: 'watch.below', data: moved });
  else if (mine && mine.currency === to.currency && from.minor >= mine.minor && to.minor < mine.minor) reasons.push({ code: 'watch.undercut', data: { ...moved, mine } });
  else if (-changeBp >= LEAST_FALL_BP) reasons.push({ code: 'watch.fell', data: moved });
  return reasons;
}
