import type { ClaimFacts, HandClaim, Order } from '../order.ts';
import type { ChannelClaim } from '../ports.ts';

const takes = ({ taken }: Pick<ClaimFacts, 'taken'>): boolean => taken > 0;
const isByHand = (order: Order, claimId: string): boolean => (order.facts.handClaims ?? []).some(({ id }) => id === claimId);

/** Whether a claim that was told, and not written down by a person, holds money of the order now. */
export const isTold = (order: Order): boolean => (order.facts.claims ?? []).some((claim) => takes(claim) && !isByHand(order, claim.id));

/** The one that a person meant: of the same sum, else the first that is not won. */
function meant(order: Order, minor: number): HandClaim | undefined {
  const open = (order.facts.handClaims ?? []).filter(({ state }) => state !== 'won');
  return open.find(({ taken }) => taken === minor) ?? open[0];
}

function added(a: ClaimFacts, b: ClaimFacts): ClaimFacts {
  const lines = new Set([...Object.keys(a.byLine), ...Object.keys(b.byLine)]);
  return { id: a.id, taken: a.taken + b.taken, fee: a.fee + b.fee, tax: a.tax + b.tax, byLine: Object.fromEntries([...lines].map((line) => [line, (a.byLine[line] ?? 0) + (b.byLine[line] ?? 0)])) };
}

/**
 * Where a claim is told to have taken money for the first time, and a person had written one down: they are the same. What was booked of the person's is the told one's from here on, so that only the difference is still to be
 * booked, and the person's is gone. The same order where nothing is joined.
 */
export function joinHandClaim(order: Order, { claimId, taken }: Pick<ChannelClaim, 'claimId' | 'taken'>): Order {
  if (taken === undefined || taken.currency !== order.total.currency || taken.minor <= 0 || isByHand(order, claimId)) return order;
  const { claims = [], handClaims = [], problems } = order.facts;
  const told = claims.find(({ id }) => id === claimId);
  const own = told && takes(told) ? undefined : meant(order, taken.minor);
  if (!own) return order;
  const booked = claims.find(({ id }) => id === own.id);
  const both = booked ? [added(told ?? { id: claimId, taken: 0, fee: 0, tax: 0, byLine: {} }, booked)] : told ? [told] : [];
  return {
    ...order, facts: {
      ...order.facts, claims: [...claims.filter((claim) => claim !== told && claim !== booked), ...both], handClaims: handClaims.filter((claim) => claim !== own), problems: problems.filter((problem) => problem.data?.['claimId'] !== own.id),
    },
  };
}
