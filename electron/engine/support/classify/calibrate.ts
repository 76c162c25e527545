/** Turns the scores of several models into honest probabilities, from predictions made on texts that the models had not seen. */

/** `scores[model]` is rows × classes. */
export interface HeldOutScores {
  readonly scores: readonly Float64Array[];
  readonly labels: readonly number[];
  readonly classes: number;
}

/** Softmax of the weighted sum of the models' scores. One positive weight a model serves as its temperature. */
export type Blend = readonly number[];

const BLEND_STEPS = 150;

/** The blend with the least log loss (Adam on the logarithms of the weights). @param start a weight a model. */
export function fitBlend({ scores, labels, classes }: HeldOutScores, start: readonly number[]): Blend {
  const theta = start.map((w) => Math.log(w));
  const first = theta.map(() => 0);
  const second = theta.map(() => 0);
  const p = new Float64Array(classes);
  for (let step = 1; step <= BLEND_STEPS; step++) {
    const weights = theta.map(Math.exp);
    const gradient = theta.map(() => 0);
    labels.forEach((label, i) => {
      blendRow(scores, weights, { at: i * classes, classes }, p);
      scores.forEach((model, m) => {
        let expected = 0;
        for (let k = 0; k < classes; k++) expected += p[k]! * model[i * classes + k]!;
        gradient[m]! += (expected - model[i * classes + label]!) * weights[m]!;
      });
    });
    theta.forEach((_, m) => {
      // A weak pull keeps a model that separates everything from growing without end.
      const g = gradient[m]! / labels.length + 0.002 * theta[m]!;
      first[m] = 0.9 * first[m]! + 0.1 * g;
      second[m] = 0.99 * second[m]! + 0.01 * g * g;
      theta[m]! -= (0.1 * (first[m]! / (1 - 0.9 ** step))) / (Math.sqrt(second[m]! / (1 - 0.99 ** step)) + 1e-8);
    });
  }
  return theta.map(Math.exp);
}

/** Probabilities of one row into `out`. */
export function blendRow(scores: readonly Float64Array[], weights: Blend, { at, classes }: { at: number; classes: number }, out: Float64Array): void {
  let top = -Infinity;
  for (let k = 0; k < classes; k++) {
    let sum = 0;
    for (let m = 0; m < scores.length; m++) sum += weights[m]! * scores[m]![at + k]!;
    out[k] = sum;
    if (sum > top) top = sum;
  }
  let total = 0;
  for (let k = 0; k < classes; k++) total += out[k] = Math.exp(out[k]! - top);
  for (let k = 0; k < classes; k++) out[k]! /= total;
}

/** `confidence = 1 / (1 + exp(-(a·ln p − b·ln(1 − p) + c)))`, rising in p (beta calibration, Kull et al., AISTATS 2017). */
export interface ConfidenceCurve {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

const CURVE_STEPS = 400;
const inside = (p: number) => Math.min(1 - 1e-4, Math.max(1e-4, p));

export function confidenceAt(curve: ConfidenceCurve, p: number): number {
  const q = inside(p);
  return 1 / (1 + Math.exp(-(curve.a * Math.log(q) - curve.b * Math.log(1 - q) + curve.c)));
}

/** From the highest probability of held-out rows and whether it was right. Pulled towards no change, more so with few rows. */
export function fitCurve(tops: readonly number[], right: readonly boolean[]): ConfidenceCurve {
  const rows = tops.map((p) => [Math.log(inside(p)), -Math.log(1 - inside(p)), 1] as const);
  const w = [1, 1, 0];
  const prior = [1, 1, 0];
  const pull = 3 / Math.max(1, rows.length);
  const first = [0, 0, 0];
  const second = [0, 0, 0];
  for (let step = 1; step <= CURVE_STEPS; step++) {
    const gradient = w.map((v, j) => pull * (v - prior[j]!));
    rows.forEach((row, i) => {
      const error = 1 / (1 + Math.exp(-(w[0]! * row[0] + w[1]! * row[1] + w[2]! * row[2]))) - (right[i] ? 1 : 0);
      for (let j = 0; j < 3; j++) gradient[j]! += (error * row[j]!) / rows.length;
    });
    for (let j = 0; j < 3; j++) {
      first[j] = 0.9 * first[j]! + 0.1 * gradient[j]!;
      second[j] = 0.99 * second[j]! + 0.01 * gradient[j]! ** 2;
      w[j]! -= (0.05 * (first[j]! / (1 - 0.9 ** step))) / (Math.sqrt(second[j]! / (1 - 0.99 ** step)) + 1e-9);
    }
    w[0] = Math.max(0, w[0]!);
    w[1] = Math.max(0, w[1]!);
  }
  return { a: w[0]!, b: w[1]!, c: w[2]! };
}

/** What held-out rows of such confidences were right in: rising points, between which it is read off. */
export type Reliability = readonly { readonly confidence: number; readonly right: number }[];

/** Fewer held-out rows say less of the shape than a curve does. */
const LEAST_ROWS = 600;
const MOST_BINS = 40;
const LEAST_IN_BIN = 30;
/** The rest is the curve's own: what would all be said alike keeps its order. */
const BELIEVED = 0.9;

/** Bins of as many rows each, joined where a surer one was right less often (isotonic regression by pooling adjacent violators). Null with too few rows. */
export function fitReliability(confidences: readonly number[], right: readonly boolean[]): Reliability | null {
  const n = confidences.length;
  if (n < LEAST_ROWS) return null;
  const order = confidences.map((_, i) => i).sort((a, b) => confidences[a]! - confidences[b]!);
  const bins = Math.min(MOST_BINS, Math.floor(n / LEAST_IN_BIN));
  const pooled: { from: number; to: number; rows: number; right: number }[] = [];
  for (let bin = 0; bin < bins; bin++) {
    const rows = order.slice(Math.round((bin * n) / bins), Math.round(((bin + 1) * n) / bins));
    const middle = rows.reduce((sum, i) => sum + confidences[i]!, 0) / rows.length;
    let last = { from: middle, to: middle, rows: rows.length, right: rows.reduce((sum, i) => sum + (right[i] ? 1 : 0), 0) };
    for (let before = pooled.at(-1); before && before.right / before.rows >= last.right / last.rows; before = pooled.at(-1)) {
      pooled.pop();
      last = { from: before.from, to: last.to, rows: last.rows + before.rows, right: last.right + before.right };
    }
    pooled.push(last);
  }
  return pooled.flatMap(({ from, to, rows, right: hits }) => [from, to].map((confidence) => ({ confidence, right: hits / rows })));
}

/** The confidence that held-out rows bear out; as it is where none were measured. */
export function reliableAt(points: Reliability | null, confidence: number): number {
  if (!points) return confidence;
  const above = points.findIndex((point) => point.confidence >= confidence);
  const [low, high] = above === 0 ? [points[0]!, points[0]!] : above < 0 ? [points.at(-1)!, points.at(-1)!] : [points[above - 1]!, points[above]!];
  const share = high.confidence > low.confidence ? (confidence - low.confidence) / (high.confidence - low.confidence) : 0;
  return BELIEVED * (low.right + share * (high.right - low.right)) + (1 - BELIEVED) * confidence;
}

/** Expected calibration error: the mean distance of confidence and accuracy over bins of equal width, weighted by rows. 0 to 1. */
export function calibrationError(confidences: readonly number[], right: readonly boolean[], bins = 15): number {
  const sums = Array.from({ length: bins }, () => ({ n: 0, confidence: 0, right: 0 }));
  confidences.forEach((confidence, i) => {
    const bin = sums[Math.min(bins - 1, Math.floor(confidence * bins))]!;
    bin.n += 1;
    bin.confidence += confidence;
    if (right[i]) bin.right += 1;
  });
  return sums.reduce((error, bin) => error + Math.abs(bin.confidence - bin.right), 0) / Math.max(1, confidences.length);
}

export interface SendThreshold {
  /** Texts at or above this confidence may go; above 1 when no threshold holds the precision. */
  readonly confidence: number;
  /** Share of the rows at or above it. */
  readonly share: number;
  /** Of those, the share that is right. */
  readonly precision: number;
}

/** The lowest confidence at which what lies at or above it is right in at least `precision` of the cases, and `least` cases say so. */
export function thresholdAtPrecision(confidences: readonly number[], right: readonly boolean[], precision: number, least = 1): SendThreshold {
  const order = confidences.map((_, i) => i).sort((a, b) => confidences[b]! - confidences[a]!);
  let hits = 0;
  let best: SendThreshold = { confidence: 2, share: 0, precision: Number.NaN };
  order.forEach((row, rank) => {
    if (right[row]) hits += 1;
    const tied = rank + 1 < order.length && confidences[order[rank + 1]!] === confidences[row];
    if (!tied && rank + 1 >= least && hits / (rank + 1) >= precision) best = { confidence: confidences[row]!, share: (rank + 1) / order.length, precision: hits / (rank + 1) };
  });
  return best;
}
