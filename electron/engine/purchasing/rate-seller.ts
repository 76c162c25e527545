import { z } from 'zod';
import type { sellerRating } from '#contract/purchases.ts';
import type { Tx } from '#runtime/ports.ts';
import { sellerKey } from './purchase.ts';
import { findOutcomes, type Outcome } from './repo-arrivals.ts';

export type SellerRating = z.infer<typeof sellerRating>;

/** Before anything is known a seller is taken to keep nine promises of ten (assumption), and that weighs as much as so many orders. */
const PRIOR = 0.9;
const PRIOR_WEIGHT = 5;
/** How much of an order is the goods, and how much the day that they come on. */
const GOODS = 0.7;
/** A price that rose cost a look, not an order. */
const PRICE_ROSE_WEIGHT = 0.5;

/**
 * From what happened, drawn towards the prior: one bad order is no verdict, and ten good ones are. `scoreBp` 10,000: everything came, as described and on
 * time. Orders that are still on their way say nothing yet.
 */
export function rateSeller(outcomes: readonly Outcome[]): SellerRating {
  let points = PRIOR * PRIOR_WEIGHT;
  let weight = PRIOR_WEIGHT;
  const counts = { arrived: 0, late: 0, notAsDescribed: 0, cancelled: 0, priceRose: 0 };
  for (const outcome of outcomes) {
    if (outcome.kind === 'price-rose') {
      counts.priceRose += 1;
      weight += PRICE_ROSE_WEIGHT;
      continue;
    }
    weight += 1;
    if (outcome.kind === 'cancelled') {
      counts.cancelled += 1;
      continue;
    }
    counts.arrived += 1;
    if (outcome.late) counts.late += 1;
    if (outcome.goodShare < 1) counts.notAsDescribed += 1;
    points += GOODS * outcome.goodShare + (outcome.late ? 0 : 1 - GOODS);
  }
  return { scoreBp: Math.round((points / weight) * 10_000), outcomes: outcomes.length, ...counts };
}

/** Of the seller at this source by that name; null where nothing has happened with them yet. */
export async function readSellerRating(tx: Tx, sourceId: string, sellerName: string | null): Promise<SellerRating | null> {
  const wanted = sellerKey(sourceId, sellerName);
  const outcomes = (await findOutcomes(tx, sourceId)).filter((found) => sellerKey(sourceId, found.sellerName) === wanted).flatMap((found) => found.outcomes);
  return outcomes.length === 0 ? null : rateSeller(outcomes);
}

/** Below this a seller is a risk that is said before anybody approves. */
const POOR_BP = 8_000;

/** Orders that went wrong from which a seller is not bought from, where they are more than half. */
const MOST_WRONG = 3;

export interface SellerRisk { readonly code: string; readonly data: Record<string, unknown>; readonly source: string; readonly severity: 'info' | 'warning' | 'block' }

/** A seller's record as a stated risk; none while nothing is known. A price that rose costs a look and blocks nobody. */
export function sellerRisk(rating: SellerRating | null): SellerRisk | null {
  if (rating === null) return null;
  const poor = rating.scoreBp < POOR_BP;
  const wrong = rating.cancelled + rating.notAsDescribed;
  const severity = wrong >= MOST_WRONG && 2 * wrong > rating.cancelled + rating.arrived ? 'block' : poor ? 'warning' : 'info';
  return { code: severity === 'info' ? 'seller.record' : 'seller.poor-record', data: { ...rating }, source: 'own-purchases', severity };
}

/** What is known of each seller of a source, by name, read once for all of them. */
export async function readSellerRisks(tx: Tx, sourceId: string): Promise<(sellerName: string | null) => SellerRisk | null> {
  const outcomes = new Map<string, Outcome[]>();
  for (const found of await findOutcomes(tx, sourceId)) {
    const key = sellerKey(sourceId, found.sellerName);
    outcomes.set(key, [...(outcomes.get(key) ?? []), ...found.outcomes]);
  }
  const risks = new Map([...outcomes].filter(([, some]) => some.length > 0).map(([key, some]) => [key, sellerRisk(rateSeller(some))]));
  return (sellerName) => risks.get(sellerKey(sourceId, sellerName)) ?? null;
}

/** Freezes the seller's record with what else was seen when it was approved. */
export async function withSellerRecord<Facts extends { readonly sourceId: string; readonly sellerName: string | null; readonly evidence: Readonly<Record<string, unknown>> }>(tx: Tx, facts: Facts): Promise<Facts> {
  const rating = await readSellerRating(tx, facts.sourceId, facts.sellerName);
  return rating === null ? facts : { ...facts, evidence: { ...facts.evidence, sellerRecord: rating } };
}
