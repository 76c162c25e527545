import type { InferContractRouterOutputs } from '@orpc/contract';
import { implement } from '@orpc/server';
import { declaredErrors } from '#contract/errors.ts';
import { opportunitiesContract, type ApprovalSummary } from '#contract/opportunities.ts';
import { readAsks } from './read-asks.ts';
import type { OpportunitiesDeps } from './deps.ts';
import { getHistory, getOpportunity, type ApprovalPreview } from './get-opportunity.ts';
import { listOpportunities, readFacets } from './list-opportunities.ts';
import { readSparklines } from './read-sparklines.ts';
import { requireOpportunity } from './find-opportunity.ts';
import { reopenMany, reopenOpportunity, skipMany, skipOpportunity } from './skip-opportunity.ts';

/** What approving starts; purchasing does it, and knows opportunities only through its own port. */
export interface Approvals extends ApprovalPreview {
  summary(items: readonly { readonly id: string; readonly version: number }[]): Promise<ApprovalSummary>;
  /** What this desk bought and sold of a product. */
  trades(productId: string): Promise<InferContractRouterOutputs<typeof opportunitiesContract>['trades']>;
  approve(input: { readonly id: string; readonly version: number; readonly quantity?: number | undefined }): Promise<{ purchaseId: string; approvalId: string }>;
}

export function createOpportunitiesProcedures(deps: OpportunitiesDeps, approvals: Approvals) {
  const os = implement(opportunitiesContract).use(declaredErrors);
  return os.router({
    list: os.list.handler(({ input }) => listOpportunities(deps, input)),
    get: os.get.handler(({ input }) => getOpportunity(deps, approvals, input.id)),
    history: os.history.handler(({ input }) => getHistory(deps, input.id)),
    asks: os.asks.handler(({ input, signal }) => readAsks(deps, input.id, signal)),
    facets: os.facets.handler(() => readFacets(deps)),
    approve: os.approve.handler(({ input }) => approvals.approve(input)),
    sparklines: os.sparklines.handler(({ input }) => readSparklines(deps, input.ids)),
    trades: os.trades.handler(async ({ input }) => approvals.trades((await requireOpportunity(deps.ctx.db, input.id)).productId)),
    summary: os.summary.handler(({ input }) => approvals.summary(input.items)),
    skipMany: os.skipMany.handler(({ input }) => skipMany(deps, input.items)),
    reopenMany: os.reopenMany.handler(({ input }) => reopenMany(deps, input.ids)),
    skip: os.skip.handler(({ input }) => skipOpportunity(deps, input.id, input.version)),
    reopen: os.reopen.handler(({ input }) => reopenOpportunity(deps, input.id)),
  });
}
