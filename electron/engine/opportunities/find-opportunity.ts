import { DomainError } from '#kernel/errors.ts';
import type { Database, Tx } from '#runtime/ports.ts';
import type { Instant } from '#kernel/time.ts';
import type { Verdict } from '#engine/pricing/index.ts';
import { evaluationSchema, type Decision, type Evaluation, type OpportunityState } from './evaluation.ts';

/** One opportunity. Amounts in minor units of `currency`, per sale unit. */
export interface OpportunityRecord {
  readonly id: string;
  readonly offerId: string;
  readonly productId: string;
  readonly sourceId: string;
  readonly state: OpportunityState;
  readonly decision: Decision;
  readonly verdict: Verdict;
  readonly title: string;
  readonly brand: string | null;
  readonly category: string | null;
  readonly imageUrl: string | null;
  readonly currency: string;
  readonly unitCostMinor: number;
  readonly salePriceMinor: number;
  readonly feesMinor: number;
  readonly profitMinor: number;
  readonly profitLowMinor: number;
  readonly profitHighMinor: number;
  readonly roiBp: number;
  readonly lossChanceBp: number;
  readonly daysToSell: number;
  readonly cashDayMinor: number;
  readonly demandPerMonth: number;
  readonly confidenceBp: number;
  readonly quantity: number;
  readonly channel: string;
  readonly cardVersion: string;
  readonly seenAt: Instant;
  readonly evaluatedAt: Instant;
  readonly version: number;
  readonly evaluation: Evaluation;
}

/** @throws DomainError NOT_FOUND. */
export async function requireOpportunity(db: Database | Tx, id: string): Promise<OpportunityRecord> {
  const tx: Tx = 'prisma' in db ? db.prisma : db;
  const row = await tx.opportunity.findUnique({ where: { id }, include: { detail: true } });
  if (!row?.detail) throw new DomainError('NOT_FOUND', `There is no opportunity ${id}.`, { kind: 'opportunity', id });
  const { inputsHash: _hash, detail, ...rest } = row;
  return {
    ...rest, state: rest.state as OpportunityState, decision: rest.decision as Decision, verdict: rest.verdict as Verdict, unitCostMinor: Number(rest.unitCostMinor), salePriceMinor: Number(rest.salePriceMinor), feesMinor: Number(rest.feesMinor),
    profitMinor: Number(rest.profitMinor), profitLowMinor: Number(rest.profitLowMinor), profitHighMinor: Number(rest.profitHighMinor), cashDayMinor: Number(rest.cashDayMinor),
    seenAt: Number(rest.seenAt), evaluatedAt: Number(rest.evaluatedAt), evaluation: evaluationSchema.parse(JSON.parse(detail.evaluation)),
  };
}
