import { money, scaleMinor, type Money, type Rate } from '#kernel/money.ts';
import { DomainError } from '#kernel/errors.ts';
import type { ApprovalCandidate } from './opportunity-gate.ts';
import type { Rules } from './check-limits.ts';
import { toHome } from './terms.ts';

/** A price that the seller agreed to in a talk. */
export interface AgreedPrice {
  /** Of one offer, in its currency; at or below what is asked. */
  readonly unitPrice: Money;
  readonly negotiationId: string;
}

/**
 * The candidate at the agreed price: what the unit costs less is added to the expected profit. No vendor's checkout knows that price, so a person orders, and no drift above it is tolerated.
 * @throws DomainError INVALID for another currency, or a price above the one that is asked.
 */
export function atAgreedPrice(candidate: ApprovalCandidate, agreed: AgreedPrice, rate: Rate | null): ApprovalCandidate {
  const { unitPrice } = agreed;
  if (unitPrice.currency !== candidate.unitPrice.currency) throw new DomainError('INVALID', 'The agreed price is in another currency than the offer.', { field: 'agreed', reason: 'currency' });
  if (unitPrice.minor > candidate.unitPrice.minor) throw new DomainError('INVALID', 'The offer is cheaper by now than the price that was agreed.', { field: 'agreed', reason: 'dearer-than-asked' });
  const { profit, unitCost, salePrice } = candidate.expected;
  const drop = rate ? Math.floor(toHome(money(candidate.unitPrice.minor - unitPrice.minor, unitPrice.currency), rate).minor / candidate.unitsPerOffer) : 0;
  const after = { profit: money(profit.minor + drop, profit.currency), unitCost: money(Math.max(1, unitCost.minor - drop), unitCost.currency), salePrice };
  return { ...candidate, unitPrice, agreed: { negotiationId: agreed.negotiationId }, expected: after, roiBp: scaleMinor(after.profit.minor, 10_000, after.unitCost.minor, 'down') };
}

export const withoutDrift = (rules: Rules): Rules => ({ ...rules, limits: { ...rules.limits, priceDriftBp: 0 } });
