import type { Tx } from '#runtime/ports.ts';
import type { ApprovalFacts, FrozenFees } from '../opportunities/index.ts';

/** What is approved: an opportunity as it stands in the transaction that approves it. */
export type ApprovalCandidate = ApprovalFacts;

export interface OpportunityGate {
  /** @throws DomainError NOT_FOUND, STALE (another version), NOT_OPEN. */
  loadForApproval(tx: Tx, opportunityId: string, version: number): Promise<ApprovalCandidate>;
  markApproved(tx: Tx, opportunityId: string): Promise<void>;
  markPurchased(tx: Tx, opportunityId: string): Promise<void>;
  /** The purchase came to nothing: it may be looked at again. */
  reopen(tx: Tx, opportunityId: string): Promise<void>;
  /** What the approved sale would cost in fees now; null where that cannot be said. */
  feesNow(frozen: FrozenFees): FrozenFees | null;
}
