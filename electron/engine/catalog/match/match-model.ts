import { seededRandom } from '#kernel/random.ts';
import { fitBoostedTrees, scoreBoostedTrees, type BoostedTrees, type BoostingOptions } from './boosted-trees.ts';
import { fitLogistic, scoreLogistic, type LogisticModel } from './logistic-regression.ts';

/** A blend of boosted trees and logistic regression over one feature vector, with its calibration. Plain data: it can be stored as JSON. */
export interface MatchModel {
  readonly ensembles: readonly BoostedTrees[];
  readonly logistic: LogisticModel;
  /** Share of the trees in the blend of log odds. */
  readonly treeShare: number;
  /** Platt scaling of the blend: probability = sigmoid(slope × blend + offset). */
  readonly slope: number;
  readonly offset: number;
  /** Probability from which a pair is taken for a match: the best expected F1 out of fold. */
  readonly threshold: number;
}

export interface FitOptions {
  /** Boosted ensembles with different seeds, averaged. */
  readonly bags: number;
  readonly folds: number;
  readonly boosting: Omit<BoostingOptions, 'seed'>;
  readonly penalty: number;
  readonly treeShare: number;
}

export const FIT_DEFAULTS: FitOptions = { bags: 4, folds: 5, boosting: { trees: 220, depth: 3, rate: 0.06, rows: 0.7, features: 0.35, leafWeight: 1, lambda: 2 }, penalty: 0.003, treeShare: 0.6 };

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

type Uncalibrated = Pick<MatchModel, 'ensembles' | 'logistic' | 'treeShare'>;

function fitBlend(rows: readonly Float64Array[], labels: readonly number[], options: FitOptions): Uncalibrated {
  const ensembles = Array.from({ length: options.bags }, (_, bag) => fitBoostedTrees(rows, labels, { ...options.boosting, seed: 101 + bag }));
  return { ensembles, logistic: fitLogistic(rows, labels, options.penalty), treeShare: options.treeShare };
}

function blend(model: Uncalibrated, row: Float64Array): number {
  let trees = 0;
  for (const ensemble of model.ensembles) trees += scoreBoostedTrees(ensemble, row);
  return model.treeShare * (trees / model.ensembles.length) + (1 - model.treeShare) * scoreLogistic(model.logistic, row);
}

/** Platt's method (1999) with his smoothed targets, by Newton's steps. */
export function fitPlatt(scores: readonly number[], labels: readonly number[]): { slope: number; offset: number } {
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (labels.length - positives + 2);
  let slope = 1;
  let offset = 0;
  for (let round = 0; round < 50; round++) {
    let ga = 0;
    let gb = 0;
    let haa = 1e-6;
    let hab = 0;
    let hbb = 1e-6;
    scores.forEach((score, i) => {
      const p = sigmoid(slope * score + offset);
      const error = (labels[i] === 1 ? high : low) - p;
      const weight = Math.max(1e-9, p * (1 - p));
      ga += error * score;
      gb += error;
      haa += weight * score * score;
      hab += weight * score;
      hbb += weight;
    });
    const det = haa * hbb - hab * hab;
    const da = (hbb * ga - hab * gb) / det;
    const db = (haa * gb - hab * ga) / det;
    slope += da;
    offset += db;
    if (Math.abs(da) + Math.abs(db) < 1e-9) break;
  }
  return { slope, offset };
}

/**
 * The threshold of the best expected F1, by the calibrated probabilities themselves: with few matches it is steadier than the best F1 counted on the labels, which follows their noise.
 * It lies half-way to the next pair that is left out: where matches stand far apart from the rest, others a little less like each other are still taken.
 */
export function bestThreshold(probabilities: readonly number[]): number {
  const sorted = Float64Array.from(probabilities).sort((a, b) => b - a);
  const expected = sorted.reduce((sum, p) => sum + p, 0);
  let hits = 0;
  let best = { f1: -1, at: 0.5 };
  sorted.forEach((p, rank) => {
    hits += p;
    const f1 = (2 * hits) / (rank + 1 + expected);
    if (f1 > best.f1) best = { f1, at: (p + (sorted[rank + 1] ?? p)) / 2 };
  });
  return best.at;
}

/** A fold for each group, so that pairs of one record never stand on both sides. */
export function foldsOf(groups: readonly string[], folds: number): number[] {
  const random = seededRandom('folds');
  const fold = new Map<string, number>();
  for (const group of groups) if (!fold.has(group)) fold.set(group, random.int(folds));
  return groups.map((group) => fold.get(group)!);
}

export interface Fitted { readonly model: MatchModel; /** Calibrated probabilities of the fitted pairs, each from a model that did not see its group. */ readonly outOfFold: number[] }

/** Fits blend, calibration and threshold. @param groups the left record of each pair. */
export function fitMatchModel(rows: readonly Float64Array[], labels: readonly number[], groups: readonly string[], options: FitOptions = FIT_DEFAULTS): Fitted {
  const fold = foldsOf(groups, options.folds);
  const scores = Array.from({ length: rows.length }, () => 0);
  for (let k = 0; k < options.folds; k++) {
    const inside = rows.map((_, i) => i).filter((i) => fold[i] !== k);
    const part = fitBlend(inside.map((i) => rows[i]!), inside.map((i) => labels[i]!), options);
    rows.forEach((row, i) => {
      if (fold[i] === k) scores[i] = blend(part, row);
    });
  }
  const { slope, offset } = fitPlatt(scores, labels);
  const outOfFold = scores.map((score) => sigmoid(slope * score + offset));
  return { model: { ...fitBlend(rows, labels, options), slope, offset, threshold: bestThreshold(outOfFold) }, outOfFold };
}

/** Calibrated probability that the pair is one product. */
export function matchProbability(model: MatchModel, row: Float64Array): number {
  return sigmoid(model.slope * blend(model, row) + model.offset);
}
