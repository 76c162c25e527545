import { z } from 'zod';
import { lineSchema, riskSchema } from '#contract/opportunities.ts';
import { moneySchema, reasonSchema } from '#contract/shared.ts';
import type { Verdict } from '#engine/pricing/index.ts';

/** What an evaluation leaves beside its figures: stored as JSON with the opportunity, and frozen whole when a person approves. */
export const evaluationSchema = z.strictObject({
  lines: z.array(lineSchema),
  costLines: z.array(lineSchema),
  reasons: z.array(reasonSchema),
  risks: z.array(riskSchema),
  unknowns: z.array(reasonSchema),
  evidence: z.array(z.strictObject({ kind: z.string(), vendor: z.string(), fetchedAt: z.int(), data: z.record(z.string(), z.unknown()) })),
  priceQuantiles: z.array(z.int()),
  profitQuantiles: z.array(z.int()),
  ceiling: moneySchema.nullable(),
  /** Purchase units (packs as offered) that make the recommended quantity of sale units. */
  purchaseUnits: z.int().min(0),
  piecesPerPurchase: z.int().min(1),
  piecesPerSale: z.int().min(1),
  priceSeries: z.string().nullable(),
  restrictionCheckedAt: z.int().nullable(),
  /** Uncorrected, for what settled sales teach later: units a day in millionths, the median price and its fees for one unit. Absent in what was judged before it was kept. */
  forecast: z.strictObject({
    unitsPerDayMicro: z.int(), salePriceMinor: z.int(), feesMinor: z.int(),
    /** Of the amounts, where it is not the opportunity's: what the channel of the sale pays in. */
    currency: z.string().optional(),
    /** What the selling channel says that it sold, in so many days, and what its assumed share promised for one; absent where it does not say. */
    channel: z.strictObject({ units: z.int(), days: z.number(), promisedPerDayMicro: z.int() }).optional(),
  }).optional(),
});
export type Evaluation = z.infer<typeof evaluationSchema>;

export type Decision = 'purchase' | 'negotiate' | 'skip';
export type OpportunityState = 'open' | 'approved' | 'purchased' | 'skipped' | 'expired';

/** One row as it is written. Amounts in minor units of `currency`, per sale unit. */
export interface EvaluatedOffer {
  readonly offerId: string;
  readonly productId: string;
  readonly sourceId: string;
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
  readonly cashDayMilli: number;
  readonly demandPerMonth: number;
  readonly confidenceBp: number;
  readonly quantity: number;
  readonly channel: string;
  readonly inputsHash: string;
  readonly evaluation: Evaluation;
  readonly cardVersion: string;
  readonly seenAt: number;
}
