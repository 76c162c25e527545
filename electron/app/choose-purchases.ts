import { planPurchases } from '#engine/capital/index.ts';
import type { App, DeskClient } from './compose.ts';

/**
 * What the person of a practice run buys by: `ranking` takes the list as it is ranked, at the recommended quantities; `roi` the highest return on cost first; `plan` what the capital plan says, in its
 * quantities.
 */
export const PRACTICE_POLICIES = ['ranking', 'roi', 'plan'] as const;
export type PracticePolicy = (typeof PRACTICE_POLICIES)[number];

export interface Wanted {
  readonly id: string;
  readonly version: number;
  readonly sourceId: string;
  /** As recommended unless told. */
  readonly quantity?: number;
}

/** Opportunities that are looked at in a morning. */
const LOOKED_AT = 60;

/** In the order in which they are approved. */
export async function choosePurchases({ parts }: App, client: DeskClient, policy: PracticePolicy): Promise<Wanted[]> {
  if (policy !== 'plan') return (await client.opportunities.list({ state: 'open', decision: 'purchase', sort: policy === 'roi' ? 'roi' : 'score', limit: LOOKED_AT })).items;
  // where nobody can order, nothing is planned: a run has no hands
  const sources = (await client.sources.list()).filter((source) => parts.trade.purchasing.checkouts.supports(source.kind)).map((source) => source.id);
  const plan = await planPurchases({ ctx: parts.ctx }, { sources });
  return plan.lines.map((line) => ({ id: line.opportunityId, version: line.version, sourceId: line.sourceId, quantity: line.quantity }));
}
