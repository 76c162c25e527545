/**
 * One-against-rest linear support vector machines with squared hinge loss, fitted by dual coordinate descent (Hsieh et al., ICML 2008). All classes are fitted in one
 * pass over each row, so that a row's columns are read once.
 */
import { seededRandom } from '#kernel/random.ts';
import type { SparseRow } from './text-features.ts';

export interface LinearModel {
  readonly classes: number;
  /** `weights[column * classes + class]`; the last column is the constant. */
  readonly weights: Float32Array;
}

export interface SvmOptions {
  readonly columns: number;
  readonly classes: number;
  /** Weight of a training error beside the size of the weights. */
  readonly cost: number;
}

const MOST_ROUNDS = 30;
/** From so many rows times classes on, later rounds take minutes and move hardly an answer. */
const LARGE = 200_000;
const ROUNDS_OF_LARGE = 10;
/** Rounds end when no class of any row is further from its optimum. */
const TOLERANCE = 0.1;

export function scoreLinear(model: LinearModel, row: SparseRow, out: Float64Array): void {
  const { classes, weights } = model;
  const constant = weights.length - classes;
  for (let k = 0; k < classes; k++) out[k] = weights[constant + k]!;
  const { index, value } = row;
  for (let j = 0; j < index.length; j++) {
    const base = index[j]! * classes;
    const v = value[j]!;
    for (let k = 0; k < classes; k++) out[k]! += v * weights[base + k]!;
  }
}

function addToClass(model: LinearModel, row: SparseRow, k: number, step: number): void {
  const { classes, weights } = model;
  for (let j = 0; j < row.index.length; j++) weights[row.index[j]! * classes + k]! += step * row.value[j]!;
  weights[weights.length - classes + k]! += step;
}

/** The same rows in the same order give the same model. */
export function fitSvm(rows: readonly SparseRow[], labels: readonly number[], { columns, classes, cost }: SvmOptions): LinearModel {
  const model: LinearModel = { classes, weights: new Float32Array((columns + 1) * classes) };
  const alpha = new Float32Array(rows.length * classes);
  const diagonal = 1 / (2 * cost);
  const squared = rows.map((row) => row.value.reduce((sum, v) => sum + v * v, 0) + 1 + diagonal);
  const order = rows.map((_, i) => i);
  const random = seededRandom(`svm:${rows.length}:${classes}`);
  const scores = new Float64Array(classes);
  const rounds = rows.length * classes < LARGE ? MOST_ROUNDS : ROUNDS_OF_LARGE;
  for (let round = 0; round < rounds; round++) {
    for (let i = order.length - 1; i > 0; i--) {
      const j = random.int(i + 1);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    let worst = 0;
    for (const i of order) {
      const row = rows[i]!;
      scoreLinear(model, row, scores);
      for (let k = 0; k < classes; k++) {
        const sign = labels[i] === k ? 1 : -1;
        const at = i * classes + k;
        const old = alpha[at]!;
        const gradient = sign * scores[k]! - 1 + diagonal * old;
        if (old === 0 && gradient >= 0) continue;
        worst = Math.max(worst, Math.abs(gradient));
        const next = Math.max(0, old - gradient / squared[i]!);
        if (Math.abs(next - old) < 1e-6) continue;
        alpha[at] = next;
        addToClass(model, row, k, sign * (next - old));
      }
    }
    if (worst < TOLERANCE) break;
  }
  return model;
}
