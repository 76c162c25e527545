import type { z } from 'zod';
import type { decisionInput, decisionOutcome } from '#contract/approvals.ts';
import { skipOpportunity } from '../../opportunities/index.ts';
import { agreeAsSecond, approveAgain, approveOpportunity, cancelPurchase, loadPurchase, type PurchaseState } from '../../purchasing/index.ts';
import type { Actor } from '../../team/index.ts';
import type { ApprovalsDeps } from './deps.ts';

export type DecisionInput = z.infer<typeof decisionInput>;
export type DecisionOutcome = z.infer<typeof decisionOutcome>;

const outcomeOf = (state: PurchaseState): DecisionOutcome['outcome'] => (state === 'awaiting-second' ? 'waits-for-second' : state === 'stopped' ? 'asks-again' : 'approved');

/**
 * One decision of one person, whatever channel it came by: the desk, a chat and the phone page all end here. Said twice, also on two channels, it counts once.
 * @throws DomainError as approving, skipping and cancelling do.
 */
export async function decide(deps: ApprovalsDeps, input: DecisionInput, { personId, channel }: Actor): Promise<DecisionOutcome> {
  const { id, version, kind } = input;
  const by = { id, version, approvedBy: personId, channel };
  if (input.decision === 'refuse') {
    if (kind === 'opportunity') await skipOpportunity(deps.opportunities, id, version, { personId, channel });
    else await cancelPurchase(deps.purchasing, { id, version, by: personId, channel });
    return { outcome: 'refused', purchaseId: kind === 'opportunity' ? null : id };
  }
  if (kind === 'second') return { outcome: outcomeOf((await agreeAsSecond(deps.purchasing, by)).state), purchaseId: id };
  if (kind === 'again') return { outcome: outcomeOf((await approveAgain(deps.purchasing, by)).state), purchaseId: id };
  const { purchaseId } = await approveOpportunity(deps.purchasing, by);
  return { outcome: outcomeOf((await loadPurchase(deps.ctx.db.prisma, purchaseId)).state), purchaseId };
}
