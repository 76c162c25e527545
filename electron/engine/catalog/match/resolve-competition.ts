import { fitLogistic, scoreLogistic, type LogisticModel } from './logistic-regression.ts';

/** A pair with its probability and the keys of its two records. */
export interface ScoredPair { readonly left: string; readonly right: string; readonly probability: number }

const logit = (p: number) => Math.log(Math.max(1e-6, p) / Math.max(1e-6, 1 - p));

/** Best and second best log odds of each record. */
function tops(pairs: readonly ScoredPair[], key: 'left' | 'right'): Map<string, [number, number]> {
  const best = new Map<string, [number, number]>();
  for (const pair of pairs) {
    const score = logit(pair.probability);
    const known = best.get(pair[key]);
    if (!known) best.set(pair[key], [score, -8]);
    else if (score > known[0]) best.set(pair[key], [score, known[0]]);
    else if (score > known[1]) known[1] = score;
  }
  return best;
}

const other = (best: Map<string, [number, number]>, key: string, score: number) => {
  const [first, second] = best.get(key) ?? [-8, -8];
  return score >= first ? second : first;
};

/**
 * How a pair stands against the other candidates of the same two records: a product is mostly one product elsewhere, so a better rival counts against it.
 * Uses the candidates' scores alone, never a label.
 */
export function competitionFeatures(pairs: readonly ScoredPair[]): Float64Array[] {
  const lefts = tops(pairs, 'left');
  const rights = tops(pairs, 'right');
  return pairs.map((pair) => {
    const score = logit(pair.probability);
    const left = other(lefts, pair.left, score);
    const right = other(rights, pair.right, score);
    return Float64Array.of(score, Math.max(-6, Math.min(6, score - left)), Math.max(-6, Math.min(6, score - right)), score < left ? 1 : 0, score < right ? 1 : 0, Math.max(left, right));
  });
}

export function fitCompetition(pairs: readonly ScoredPair[], labels: readonly number[]): LogisticModel {
  return fitLogistic(competitionFeatures(pairs), labels, 0.001);
}

/** Probabilities after the competition, in the pairs' order. */
export function resolveCompetition(model: LogisticModel, pairs: readonly ScoredPair[]): number[] {
  return competitionFeatures(pairs).map((row) => 1 / (1 + Math.exp(-scoreLogistic(model, row))));
}
