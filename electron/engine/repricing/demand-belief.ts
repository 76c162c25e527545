import { z } from 'zod';
import { hash32, type Random } from '#kernel/random.ts';
import { drawGamma, logGamma } from './gamma.ts';
import { shareOfBuyers } from './share-of-buyers.ts';

/**
 * What is believed of demand, exactly, by conjugacy. Buyers come at an unknown rate M a day and choose by the logit of `shareOfBuyers` with an unknown sharpness s; the expected M may be wrong by an
 * unknown factor k that all our listings on that channel share. On a grid over (s, k), M is Gamma given the cell, and each day's sales are Poisson(M × share): so sums are all that has to be kept.
 */
export const BELIEF_VERSION = 1;
export const SHARPNESS = [2, 4, 6, 8, 10, 13, 17] as const;
const SHARPNESS_PRIOR = [0.08, 0.14, 0.2, 0.2, 0.18, 0.12, 0.08] as const;
const FACTOR = [0.2, 0.4, 0.7, 1, 1.5, 2.5, 4] as const;
const FACTOR_PRIOR = [0.06, 0.14, 0.2, 0.22, 0.2, 0.12, 0.06] as const;
const CELLS = SHARPNESS.flatMap((sharpness, s) => FACTOR.map((factor, k) => ({ s, sharpness, factor, logPrior: Math.log(SHARPNESS_PRIOR[s]! * FACTOR_PRIOR[k]!) })));
/** Sales that the expected rate of one listing is worth, the shared factor set aside: its spread is ± 70 %. */
const PRIOR_SHAPE = 2;

/** Sums over the days on sale; with the expected rate they determine the posterior. */
export const evidenceSchema = z.strictObject({
  version: z.literal(BELIEF_VERSION), units: z.int(), days: z.number(),
  /** Σ share × season × days in which buyers met it, for each sharpness. */
  exposure: z.array(z.number()).length(SHARPNESS.length),
  /** Σ units × ln share, for each sharpness. */
  logShare: z.array(z.number()).length(SHARPNESS.length),
  /** Units a day that all buyers of this thing here take, as expected before the first own sale. */
  expectedPerDay: z.number(),
  /** As `exposure`, had the going price been asked. Absent in sums that were begun without it. */
  atGoing: z.array(z.number()).length(SHARPNESS.length).optional(),
});
export type Evidence = z.infer<typeof evidenceSchema>;

export function noEvidence(expectedPerDay: number): Evidence {
  return { version: BELIEF_VERSION, units: 0, days: 0, exposure: SHARPNESS.map(() => 0), logShare: SHARPNESS.map(() => 0), expectedPerDay: Math.max(0.001, expectedPerDay), atGoing: SHARPNESS.map(() => 0) };
}

export interface Observed {
  readonly units: number;
  /** On sale with stock. */
  readonly days: number;
  /** The part of them in which it was what a buyer met of ours (`shareOfTime`); all of it unless told. */
  readonly timeShare?: number | undefined;
  readonly ratio: number;
  readonly others: readonly number[];
  /** Demand of that time over the usual. */
  readonly season: number;
}

export function addObserved(evidence: Evidence, seen: Observed): Evidence {
  const met = seen.days * (seen.timeShare ?? 1);
  const shares = SHARPNESS.map((s) => shareOfBuyers(seen.ratio, seen.others, s));
  const atGoing = evidence.atGoing?.map((sum, i) => sum + shareOfBuyers(1, seen.others, SHARPNESS[i]!) * met * seen.season);
  return {
    ...evidence, units: evidence.units + seen.units, days: evidence.days + seen.days, ...(atGoing ? { atGoing } : {}),
    exposure: evidence.exposure.map((sum, i) => sum + shares[i]! * met * seen.season),
    logShare: evidence.logShare.map((sum, i) => sum + seen.units * Math.log(shares[i]!)),
  };
}

/** Several listings of one thing on one channel as the one offer that they are to its buyers: what each was seen to sell counts for all of them. Null where there is none. */
export function mergeEvidence(all: readonly Evidence[]): Evidence | null {
  const [first, ...rest] = all;
  if (!first || rest.length === 0) return first ?? null;
  const add = (of: (evidence: Evidence) => number) => all.reduce((total, evidence) => total + of(evidence), 0);
  const addEach = (of: (evidence: Evidence) => readonly number[]) => SHARPNESS.map((_, i) => add((evidence) => of(evidence)[i]!));
  return {
    version: BELIEF_VERSION, units: add((evidence) => evidence.units), days: add((evidence) => evidence.days), exposure: addEach((evidence) => evidence.exposure), logShare: addEach((evidence) => evidence.logShare),
    expectedPerDay: add((evidence) => evidence.expectedPerDay) / all.length, ...(all.every((evidence) => evidence.atGoing) ? { atGoing: addEach((evidence) => evidence.atGoing!) } : {}),
  };
}

/** Log of the chance of a listing's sales in each cell, M integrated out. */
function logEvidence(evidence: Evidence): number[] {
  return CELLS.map((cell) => {
    const b = PRIOR_SHAPE / (cell.factor * evidence.expectedPerDay);
    const a = PRIOR_SHAPE + evidence.units;
    return logGamma(a) - logGamma(PRIOR_SHAPE) + PRIOR_SHAPE * Math.log(b) - a * Math.log(b + evidence.exposure[cell.s]!) + evidence.logShare[cell.s]!;
  });
}

function normalised(logs: readonly number[]): number[] {
  const top = Math.max(...logs);
  const raw = logs.map((log) => Math.exp(log - top));
  const sum = raw.reduce((total, value) => total + value, 0);
  return raw.map((value) => value / sum);
}

/** Weights of the cells that all things together leave: the prior of each single one. @param all one for each thing (`mergeEvidence`) */
export function poolBelief(all: readonly Evidence[]): readonly number[] {
  const logs = CELLS.map((cell) => cell.logPrior);
  for (const evidence of all) if (evidence.days > 0) logEvidence(evidence).forEach((log, i) => { logs[i]! += log; });
  return normalised(logs);
}

/** How likely each of `SHARPNESS` is under a pool. */
export function sharpnessWeights(pool: readonly number[]): readonly number[] {
  const weights = SHARPNESS.map(() => 0);
  CELLS.forEach((cell, i) => { weights[cell.s]! += pool[i]!; });
  return weights;
}

/** Demand as one way of seeing it has it. */
export interface Demand {
  readonly terms: readonly { readonly sharpness: number; readonly weight: number; readonly perDay: number }[];
}

/** @param pool of all listings, this one among them (`poolBelief`) */
export function meanDemand(evidence: Evidence, pool: readonly number[]): Demand {
  const terms = SHARPNESS.map((sharpness, s) => {
    let [weight, sum] = [0, 0];
    CELLS.forEach((cell, i) => {
      if (cell.s !== s) return;
      weight += pool[i]!;
      sum += pool[i]! * rateOf(evidence, cell);
    });
    return { sharpness, weight, perDay: weight > 0 ? sum / weight : 0 };
  });
  return { terms };
}

const rateOf = (evidence: Evidence, cell: (typeof CELLS)[number]) => (PRIOR_SHAPE + evidence.units) / (PRIOR_SHAPE / (cell.factor * evidence.expectedPerDay) + evidence.exposure[cell.s]!);

/** One draw from the posterior, for Thompson sampling: the same seed draws the same. */
export function drawDemand(evidence: Evidence, pool: readonly number[], random: Random): Demand {
  let u = random.next();
  const at = pool.findIndex((weight) => (u -= weight) < 0);
  const cell = CELLS[at < 0 ? CELLS.length - 1 : at]!;
  const rate = PRIOR_SHAPE / (cell.factor * evidence.expectedPerDay) + evidence.exposure[cell.s]!;
  return { terms: [{ sharpness: cell.sharpness, weight: 1, perDay: drawGamma(PRIOR_SHAPE + evidence.units, random) / rate }] };
}

/** Units a day at a price; `season` is the demand of the time over the usual. */
export function salesPerDay(demand: Demand, at: { readonly ratio: number; readonly others: readonly number[]; readonly season: number }): number {
  return demand.terms.reduce((sum, term) => sum + term.weight * term.perDay * shareOfBuyers(at.ratio, at.others, term.sharpness), 0) * at.season;
}

/** Coefficient of variation of the market's rate, the shared cells' spread included: above it a price search pays. */
export function uncertainty(evidence: Evidence, pool: readonly number[]): number {
  let [mean, square] = [0, 0];
  CELLS.forEach((cell, i) => {
    const rate = rateOf(evidence, cell);
    mean += pool[i]! * rate;
    square += pool[i]! * rate * rate * (1 + 1 / (PRIOR_SHAPE + evidence.units));
  });
  return mean > 0 ? Math.sqrt(Math.max(0, square / (mean * mean) - 1)) : 1;
}

/** A draw is kept for some days, so that a price tried is a price seen. */
export function drawSeed(listingId: string, day: number, keptDays: number): string {
  return `${listingId}:${Math.floor((day + (hash32(listingId) % keptDays)) / keptDays)}`;
}
