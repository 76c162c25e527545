import { z } from 'zod';
import type { Risk } from '#contract/opportunities.ts';
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

interface SellerRecord { readonly rating: SellerRating; /** When the latest of the orders last moved. */ readonly at: number }

function recordOf(found: Awaited<ReturnType<typeof findOutcomes>>): SellerRecord | null {
  const told = found.filter(({ outcomes }) => outcomes.length > 0);
  return told.length === 0 ? null : { rating: rateSeller(told.flatMap(({ outcomes }) => outcomes)), at: Math.max(...told.map(({ at }) => at)) };
}

async function readRecord(tx: Tx, sourceId: string, sellerName: string | null): Promise<SellerRecord | null> {
  const wanted = sellerKey(sourceId, sellerName);
  return recordOf((await findOutcomes(tx, sourceId)).filter((found) => sellerKey(sourceId, found.sellerName) === wanted));
}

/** Of the seller at this source by that name; null where nothing has happened with them yet. */
export async function readSellerRating(tx: Tx, sourceId: string, sellerName: string | null): Promise<SellerRating | null> {
  return (await readRecord(tx, sourceId, sellerName))?.rating ?? null;
}

/** Below this a seller is a risk that is said before anybody approves. */
const POOR_BP = 8_000;

/** Orders that went wrong from which a seller is not bought from, where they are more than half. */
const MOST_WRONG = 3;

/** A seller's record as a stated risk; none while nothing is known. A price that rose costs a look and blocks nobody. @param at when the latest of the orders last moved */
export function sellerRisk(rating: SellerRating | null, at: number | null = null): Risk | null {
  if (rating === null) return null;
  const poor = rating.scoreBp < POOR_BP;
  const wrong = rating.cancelled + rating.notAsDescribed;
  const severity = wrong >= MOST_WRONG && 2 * wrong > rating.cancelled + rating.arrived ? 'block' : poor ? 'warning' : 'info';
  return { code: severity === 'info' ? 'seller.record' : 'seller.poor-record', data: { ...rating }, severity, kind: 'orders', source: 'own-purchases', asOf: at, url: null, evidence: null };
}

const riskOf = (record: SellerRecord | null): Risk | null => record && sellerRisk(record.rating, record.at);

/** What earlier orders with the seller say, as a stated risk. */
export const readSellerRisk = async (tx: Tx, sourceId: string, sellerName: string | null): Promise<Risk | null> => riskOf(await readRecord(tx, sourceId, sellerName));

/** What is known of each seller of a source, by name, read once for all of them. */
export async function readSellerRisks(tx: Tx, sourceId: string): Promise<(sellerName: string | null) => Risk | null> {
  const bySeller = Map.groupBy(await findOutcomes(tx, sourceId), (found) => sellerKey(sourceId, found.sellerName));
  const risks = new Map([...bySeller].map(([key, found]) => [key, riskOf(recordOf(found))]));
  return (sellerName) => risks.get(sellerKey(sourceId, sellerName)) ?? null;
}

/** Freezes the seller's record, and what was said of it, with what else was seen when it was approved. */
export async function withSellerRecord<Facts extends { readonly sourceId: string; readonly sellerName: string | null; readonly evidence: Readonly<Record<string, unknown>> }>(tx: Tx, facts: Facts): Promise<Facts> {
  const record = await readRecord(tx, facts.sourceId, facts.sellerName);
  return record === null ? facts : { ...facts, evidence: { ...facts.evidence, sellerRecord: record.rating, sellerRisk: riskOf(record) } };
}
