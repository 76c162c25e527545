import type { OpportunityRow } from '#contract/opportunities.ts';

export type EarningFacts = Pick<OpportunityRow, 'decision' | 'verdict' | 'profit' | 'salePrice'>;

/** Of the sale price: above it no verdict is unsure for its figures' sake, but for something that speaks against the offer. */
const CLEAR_BP = 600;

/** What is said beside the decision of whether it would earn: nothing where both say the same. */
export function earnsKey({ decision, verdict, profit, salePrice }: EarningFacts): 'unsure' | 'against' | 'profitable' | null {
  if (verdict === 'unsure') return profit.minor * 10_000 >= salePrice.minor * CLEAR_BP ? 'against' : 'unsure';
  return verdict === 'profitable' && decision !== 'purchase' ? 'profitable' : null;
}
