/** Complement naive Bayes (Rennie et al., ICML 2003): each class is judged by what the others' texts hold, which suits few and uneven examples. */
import type { LinearModel } from './linear-svm.ts';
import type { SparseRow } from './text-features.ts';

/** Added to each column's mass in every class. */
const SMOOTHING = 0.3;

export function fitComplementBayes(rows: readonly SparseRow[], labels: readonly number[], shape: { readonly columns: number; readonly classes: number }): LinearModel {
  const { columns, classes } = shape;
  const mass = new Float64Array(columns * classes);
  const total = new Float64Array(columns);
  rows.forEach((row, i) => {
    for (let j = 0; j < row.index.length; j++) {
      mass[row.index[j]! * classes + labels[i]!]! += row.value[j]!;
      total[row.index[j]!]! += row.value[j]!;
    }
  });
  const outside = new Float64Array(classes);
  for (let c = 0; c < columns; c++) for (let k = 0; k < classes; k++) outside[k]! += total[c]! - mass[c * classes + k]! + SMOOTHING;
  const weights = new Float32Array((columns + 1) * classes);
  const size = new Float64Array(classes);
  for (let c = 0; c < columns; c++) {
    for (let k = 0; k < classes; k++) {
      const weight = -Math.log((total[c]! - mass[c * classes + k]! + SMOOTHING) / outside[k]!);
      weights[c * classes + k] = weight;
      size[k]! += Math.abs(weight);
    }
  }
  // Equal total weight, so that no class wins by its size.
  const mean = size.reduce((a, b) => a + b, 0) / Math.max(1, classes * columns);
  for (let c = 0; c < columns; c++) for (let k = 0; k < classes; k++) weights[c * classes + k]! *= columns / (size[k]! || 1) * (mean > 0 ? mean : 1);
  return { classes, weights };
}
