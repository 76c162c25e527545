import { seededRandom } from '#kernel/random.ts';

/** Nodes in one array each: a leaf has `feature` −1 and its value in `threshold`; the left child takes values up to the threshold. */
export interface Tree { readonly feature: number[]; readonly threshold: number[]; readonly left: number[]; readonly right: number[] }

export interface BoostedTrees { readonly base: number; readonly trees: readonly Tree[] }

export interface BoostingOptions {
  readonly trees: number;
  readonly depth: number;
  readonly rate: number;
  /** Shares of rows and features that each tree sees. */
  readonly rows: number;
  readonly features: number;
  /** Least weight (sum of p(1−p)) in a leaf, and its shrinkage. */
  readonly leafWeight: number;
  readonly lambda: number;
  readonly seed: number;
}

const BINS = 48;
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

interface Binned { bins: Uint8Array[]; edges: Float64Array[] }

/** Features cut at quantiles: histograms make the split search linear. */
function binned(rows: readonly Float64Array[]): Binned {
  const width = rows[0]?.length ?? 0;
  const bins: Uint8Array[] = [];
  const edges: Float64Array[] = [];
  for (let f = 0; f < width; f++) {
    const values = Float64Array.from(rows, (row) => row[f]!);
    const distinct = [...new Set(values)].sort((x, y) => x - y);
    const step = Math.max(1, distinct.length / BINS);
    const cut: number[] = [];
    for (let k = step; k < distinct.length; k += step) cut.push((distinct[Math.ceil(k) - 1]! + distinct[Math.min(distinct.length - 1, Math.ceil(k))]!) / 2);
    const column = new Uint8Array(rows.length);
    for (let i = 0; i < rows.length; i++) {
      let bin = 0;
      while (bin < cut.length && values[i]! > cut[bin]!) bin++;
      column[i] = bin;
    }
    bins.push(column);
    edges.push(Float64Array.from(cut));
  }
  return { bins, edges };
}

interface Growing { data: Binned; gradient: Float64Array; weight: Float64Array; features: number[]; options: BoostingOptions; tree: Tree }

interface Split { gain: number; feature: number; bin: number }

function bestSplit(g: Growing, rows: Int32Array): Split | null {
  const { lambda, leafWeight } = g.options;
  let best: Split | null = null;
  const gradients = new Float64Array(BINS + 2);
  const weights = new Float64Array(BINS + 2);
  for (const feature of g.features) {
    const column = g.data.bins[feature]!;
    const cuts = g.data.edges[feature]!.length;
    if (cuts === 0) continue;
    gradients.fill(0);
    weights.fill(0);
    let total = 0;
    let mass = 0;
    for (const row of rows) {
      gradients[column[row]!]! += g.gradient[row]!;
      weights[column[row]!]! += g.weight[row]!;
      total += g.gradient[row]!;
      mass += g.weight[row]!;
    }
    const whole = (total * total) / (mass + lambda);
    let left = 0;
    let leftMass = 0;
    for (let bin = 0; bin < cuts; bin++) {
      left += gradients[bin]!;
      leftMass += weights[bin]!;
      if (leftMass < leafWeight || mass - leftMass < leafWeight) continue;
      const gain = (left * left) / (leftMass + lambda) + ((total - left) * (total - left)) / (mass - leftMass + lambda) - whole;
      if (gain > (best?.gain ?? 1e-3)) best = { gain, feature, bin };
    }
  }
  return best;
}

function grow(g: Growing, rows: Int32Array, depth: number): number {
  const node = g.tree.feature.length;
  g.tree.feature.push(-1);
  g.tree.threshold.push(0);
  g.tree.left.push(-1);
  g.tree.right.push(-1);
  const split = depth > 0 ? bestSplit(g, rows) : null;
  if (!split) {
    let gradient = 0;
    let weight = 0;
    for (const row of rows) {
      gradient += g.gradient[row]!;
      weight += g.weight[row]!;
    }
    g.tree.threshold[node] = (g.options.rate * gradient) / (weight + g.options.lambda);
    return node;
  }
  const column = g.data.bins[split.feature]!;
  g.tree.feature[node] = split.feature;
  g.tree.threshold[node] = g.data.edges[split.feature]![split.bin]!;
  g.tree.left[node] = grow(g, rows.filter((row) => column[row]! <= split.bin), depth - 1);
  g.tree.right[node] = grow(g, rows.filter((row) => column[row]! > split.bin), depth - 1);
  return node;
}

function leafOf(tree: Tree, row: Float64Array): number {
  let node = 0;
  for (;;) {
    const feature = tree.feature[node]!;
    if (feature < 0) return tree.threshold[node]!;
    node = row[feature]! <= tree.threshold[node]! ? tree.left[node]! : tree.right[node]!;
  }
}

/** Gradient boosting on the logistic loss (Friedman 2001, with second-order leaves). The same rows and seed give the same trees. */
export function fitBoostedTrees(rows: readonly Float64Array[], labels: readonly number[], options: BoostingOptions): BoostedTrees {
  const random = seededRandom(options.seed);
  const data = binned(rows);
  const rate = Math.min(0.99, Math.max(0.01, labels.reduce((sum, label) => sum + label, 0) / Math.max(1, labels.length)));
  const base = Math.log(rate / (1 - rate));
  const score = new Float64Array(rows.length).fill(base);
  const gradient = new Float64Array(rows.length);
  const weight = new Float64Array(rows.length);
  const width = rows[0]?.length ?? 0;
  const trees: Tree[] = [];
  for (let t = 0; t < options.trees; t++) {
    for (let i = 0; i < rows.length; i++) {
      const p = sigmoid(score[i]!);
      gradient[i] = labels[i]! - p;
      weight[i] = Math.max(1e-6, p * (1 - p));
    }
    const sample = Int32Array.from(rows.keys()).filter(() => random.next() < options.rows);
    const features = Array.from({ length: width }, (_, f) => f).filter(() => random.next() < options.features);
    const tree: Tree = { feature: [], threshold: [], left: [], right: [] };
    grow({ data, gradient, weight, features, options, tree }, sample, options.depth);
    trees.push(tree);
    for (let i = 0; i < rows.length; i++) score[i]! += leafOf(tree, rows[i]!);
  }
  return { base, trees };
}

/** Trees laid out for scoring: every one filled up to the same depth, so that node `i` has its children at `2i + 1` and `2i + 2` and no step asks whether it has come to a leaf. */
interface FlatTrees {
  readonly depth: number;
  /** Inner nodes of one tree: `2^depth − 1`. */
  readonly inner: number;
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  /** `2^depth` values a tree. */
  readonly leaves: Float64Array;
}

const flat = new WeakMap<BoostedTrees, FlatTrees>();

function depthOf(tree: Tree, node = 0): number {
  return tree.feature[node]! < 0 ? 0 : 1 + Math.max(depthOf(tree, tree.left[node]!), depthOf(tree, tree.right[node]!));
}

function flatten({ trees }: BoostedTrees): FlatTrees {
  const depth = trees.reduce((most, tree) => Math.max(most, depthOf(tree)), 0);
  const inner = 2 ** depth - 1;
  const out: FlatTrees = { depth, inner, feature: new Int32Array(trees.length * inner), threshold: new Float64Array(trees.length * inner).fill(Number.POSITIVE_INFINITY), leaves: new Float64Array(trees.length * (inner + 1)) };
  trees.forEach((tree, at) => {
    /** A leaf above the lowest level goes on to the left and right as itself. */
    const place = (node: number, slot: number): void => {
      if (slot >= inner) {
        out.leaves[at * (inner + 1) + slot - inner] = tree.threshold[node]!;
        return;
      }
      const isLeaf = tree.feature[node]! < 0;
      if (!isLeaf) {
        out.feature[at * inner + slot] = tree.feature[node]!;
        out.threshold[at * inner + slot] = tree.threshold[node]!;
      }
      place(isLeaf ? node : tree.left[node]!, 2 * slot + 1);
      place(isLeaf ? node : tree.right[node]!, 2 * slot + 2);
    };
    place(0, 0);
  });
  return out;
}

/** Log odds. A model is plain data and must not be changed once it was scored with: its flat form is kept beside it. */
export function scoreBoostedTrees(model: BoostedTrees, row: Float64Array): number {
  let ready = flat.get(model);
  if (!ready) flat.set(model, (ready = flatten(model)));
  const { depth, inner, feature, threshold, leaves } = ready;
  let score = model.base;
  for (let tree = 0; tree < model.trees.length; tree++) {
    const from = tree * inner;
    let slot = 0;
    for (let level = 0; level < depth; level++) slot = 2 * slot + (row[feature[from + slot]!]! <= threshold[from + slot]! ? 1 : 2);
    score += leaves[from + tree + slot - inner]!;
  }
  return score;
}
