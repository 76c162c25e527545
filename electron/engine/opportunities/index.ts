export type { OpportunitiesDeps } from './deps.ts';
export { evaluateOffers, type EvaluatedBatch } from './evaluate-offers.ts';
export { loadForApproval, markApproved, markPurchased, reopenAfterPurchase, type ApprovalFacts } from './gate.ts';
export type { ApprovalPreview } from './get-opportunity.ts';
export { ingestOffers, markSeen, retireUnseen } from './ingest-offers.ts';
export { normaliseOffer, type NormalOffer, type SourceTerms } from './normalise-offer.ts';
export { registerReconsidering, scheduleReconsidering } from './reconsider.ts';
export { createOpportunitiesProcedures, type Approvals } from './procedures.ts';
export { postageOf } from './assess-offer.ts';
