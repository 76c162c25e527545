/** Standardised inputs, log odds out. */
export interface LogisticModel { readonly mean: number[]; readonly scale: number[]; readonly weights: number[]; readonly intercept: number }

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const ROUNDS = 400;

/** Penalised logistic regression by accelerated gradient descent (Nesterov); deterministic. @param penalty on the squared weights, for each row. */
export function fitLogistic(rows: readonly Float64Array[], labels: readonly number[], penalty: number): LogisticModel {
  const n = rows.length;
  const width = rows[0]?.length ?? 0;
  const mean = Array.from({ length: width }, (_, f) => rows.reduce((sum, row) => sum + row[f]!, 0) / n);
  const scale = mean.map((m, f) => Math.sqrt(rows.reduce((sum, row) => sum + (row[f]! - m) ** 2, 0) / n) || 1);
  const x = rows.map((row) => Float64Array.from(row, (value, f) => Math.max(-4, Math.min(4, (value - mean[f]!) / scale[f]!))));
  const weights = new Float64Array(width + 1);
  const previous = new Float64Array(width + 1);
  const ahead = new Float64Array(width + 1);
  const gradient = new Float64Array(width + 1);
  const step = 4 / (width + 1);
  for (let round = 0; round < ROUNDS; round++) {
    const momentum = round / (round + 3);
    for (let f = 0; f <= width; f++) ahead[f] = weights[f]! + momentum * (weights[f]! - previous[f]!);
    gradient.fill(0);
    for (let i = 0; i < n; i++) {
      const row = x[i]!;
      let score = ahead[width]!;
      for (let f = 0; f < width; f++) score += ahead[f]! * row[f]!;
      const error = labels[i]! - sigmoid(score);
      for (let f = 0; f < width; f++) gradient[f]! += error * row[f]!;
      gradient[width]! += error;
    }
    previous.set(weights);
    for (let f = 0; f <= width; f++) weights[f] = ahead[f]! + step * (gradient[f]! / n - (f < width ? penalty * ahead[f]! : 0));
  }
  return { mean, scale, weights: [...weights.subarray(0, width)], intercept: weights[width]! };
}

/** Log odds. */
export function scoreLogistic(model: LogisticModel, row: Float64Array): number {
  let score = model.intercept;
  for (let f = 0; f < row.length; f++) score += model.weights[f]! * Math.max(-4, Math.min(4, (row[f]! - model.mean[f]!) / model.scale[f]!));
  return score;
}
