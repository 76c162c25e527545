import { ASSUMED_FEES_KEPT_BP, ASSUMED_RECOVERY_BP, assumedReturnRateBp } from './assumptions.ts';

/** What became of the units that one sale sold, once their time to come back is over. Minor units. */
export interface ReturnRecord {
  readonly category: string | null;
  readonly soldUnits: number;
  readonly returnedUnits: number;
  /** Of the returned ones, those of which it is known what state they are in. */
  readonly seenUnits: number;
  /** Of these, those that can be sold as before. */
  readonly goodUnits: number;
  /** Fees of the returned units as the estimate had them, and what of them the channel kept. */
  readonly estimatedFeesMinor: number;
  readonly keptFeesMinor: number;
}

/** What settled sales say of returns; each figure drawn towards what is assumed. */
export interface LearnedReturns {
  /** Units that came back over those that the assumed rate promised, basis points: 10,000 changes nothing. */
  readonly returnsBp: number;
  /** Of the landed cost, what a returned unit is still worth, basis points. */
  readonly recoveryBp: number;
  /** Of the sale's fees, what is not given back with a refund, basis points. */
  readonly feesKeptBp: number;
}

export interface MeasuredReturns {
  readonly soldUnits: number;
  readonly returnedUnits: number;
  /** Returned units that the assumed rate promised. */
  readonly expectedUnits: number;
  readonly seenUnits: number;
  readonly goodUnits: number;
}

/** What is assumed counts as so many returned units of evidence: a spread of 0.3 in logarithms, as assumed and true rates lie apart. Chosen in practice worlds 14 to 40, which are not reported. */
export const PRIOR_RETURNS = 10;
const RATE_BOUNDS = [2_500, 30_000] as const;

const sum = (records: readonly ReturnRecord[], of: (record: ReturnRecord) => number) => records.reduce((total, record) => total + of(record), 0);
/** A gamma around the prior ratio, and a count. */
const ratio = (found: number, expected: number, priorBp: number) => Math.round(((PRIOR_RETURNS + found) / ((PRIOR_RETURNS * 10_000) / priorBp + expected)) * 10_000);
/** A share around the prior one, and parts of a whole that `units` of evidence stand for. */
const share = (part: number, units: number, priorBp: number) => Math.round((PRIOR_RETURNS * priorBp + units * 10_000 * part) / (PRIOR_RETURNS + units));

export const ASSUMED_RETURNS: LearnedReturns = { returnsBp: 10_000, recoveryBp: ASSUMED_RECOVERY_BP, feesKeptBp: ASSUMED_FEES_KEPT_BP };

/** Null where no sale has had its time to come back. @param prior what is assumed, or what all categories together taught */
export function learnReturns(records: readonly ReturnRecord[], prior: LearnedReturns): { readonly learned: LearnedReturns; readonly measured: MeasuredReturns } | null {
  const soldUnits = sum(records, (r) => r.soldUnits);
  if (soldUnits === 0) return null;
  const returnedUnits = sum(records, (r) => r.returnedUnits);
  const expectedUnits = sum(records, (r) => (r.soldUnits * assumedReturnRateBp(r.category)) / 10_000);
  const seenUnits = sum(records, (r) => r.seenUnits);
  const goodUnits = sum(records, (r) => r.goodUnits);
  const estimatedFees = sum(records, (r) => r.estimatedFeesMinor);
  const kept = estimatedFees > 0 ? Math.min(1, sum(records, (r) => r.keptFeesMinor) / estimatedFees) : 0;
  return {
    learned: {
      returnsBp: Math.max(RATE_BOUNDS[0], Math.min(RATE_BOUNDS[1], ratio(returnedUnits, expectedUnits, prior.returnsBp))),
      recoveryBp: share(seenUnits > 0 ? goodUnits / seenUnits : 0, seenUnits, prior.recoveryBp),
      feesKeptBp: share(kept, estimatedFees > 0 ? returnedUnits : 0, prior.feesKeptBp),
    },
    measured: { soldUnits, returnedUnits, expectedUnits: Math.round(expectedUnits * 100) / 100, seenUnits, goodUnits },
  };
}
