/**
 * Learns which kind a message is from labelled messages alone: any labels, any of the desk's languages, nothing fetched. Word and letter models vote; how much each counts, and how
 * sure the vote is, is measured on texts that the voting models had not seen.
 */
import { seededRandom } from '#kernel/random.ts';
import { blendRow, confidenceAt, fitBlend, fitCurve, fitReliability, reliableAt, thresholdAtPrecision, type Blend } from './calibrate.ts';
import { fitComplementBayes } from './complement-bayes.ts';
import { fitSvm, scoreLinear, type LinearModel } from './linear-svm.ts';
import { countFeatures, fitVectoriser, vectorise, type FeatureCounts, type FeatureKind, type Vectoriser } from './text-features.ts';

export interface LabelledText {
  readonly text: string;
  readonly label: string;
}

export interface IntentAnswer {
  readonly label: string;
  /** Calibrated chance that the label is right, 0 to 1. */
  readonly confidence: number;
  /** Of every label, highest first; they sum to 1 and are not recalibrated. */
  readonly ranked: readonly { readonly label: string; readonly probability: number }[];
  /** True at or above the confidence where held-out training texts were right in 95 of 100 cases. */
  readonly autoSendable: boolean;
}

export interface IntentClassifier {
  readonly labels: readonly string[];
  /** Confidence from which `autoSendable` holds; above 1 when training never showed such precision. */
  readonly sendThreshold: number;
  /** Held-out accuracy on the training texts. */
  readonly trainingAccuracy: number;
  classify(text: string): IntentAnswer;
}

const SEND_PRECISION = 0.95;
/** Fewer held-out texts than this above a threshold prove nothing. */
const LEAST_PROOF = 20;
/** Weights are columns × classes; beyond this many the rarest columns go. */
const MOST_WEIGHTS = 24_000_000;

interface Member {
  readonly kind: FeatureKind;
  readonly start: number;
  readonly fit: (rows: Parameters<typeof fitSvm>[0], labels: readonly number[], shape: { columns: number; classes: number }) => LinearModel;
}

const MEMBERS: readonly Member[] = [
  { kind: 'words', start: 1.5, fit: (rows, labels, shape) => fitSvm(rows, labels, { ...shape, cost: 1 }) },
  { kind: 'letters', start: 2.5, fit: (rows, labels, shape) => fitSvm(rows, labels, { ...shape, cost: 1 }) },
  { kind: 'words', start: 0.3, fit: fitComplementBayes },
  { kind: 'concepts', start: 1, fit: (rows, labels, shape) => fitSvm(rows, labels, { ...shape, cost: 0.3 }) },
];

interface Fitted {
  readonly vectorisers: Readonly<Record<FeatureKind, Vectoriser>>;
  readonly models: readonly LinearModel[];
}

type Counted = Readonly<Record<FeatureKind, FeatureCounts>>;

const countAll = (text: string): Counted => ({ words: countFeatures(text, 'words'), letters: countFeatures(text, 'letters'), concepts: countFeatures(text, 'concepts') });

function fitMembers(texts: readonly Counted[], labels: readonly number[], classes: number): Fitted {
  const mostColumns = Math.floor(MOST_WEIGHTS / classes);
  const rare = texts.length > 1_000 ? 2 : 1;
  const prepare = (kind: FeatureKind) => {
    const vectoriser = fitVectoriser(texts.map((t) => t[kind]), kind === 'letters' ? rare : 1, mostColumns);
    return { vectoriser, rows: texts.map((t) => vectorise(t[kind], vectoriser)) };
  };
  const prepared = { words: prepare('words'), letters: prepare('letters'), concepts: prepare('concepts') };
  const models = MEMBERS.map(({ kind, fit }) => fit(prepared[kind].rows, labels, { columns: prepared[kind].vectoriser.idf.length, classes }));
  return { vectorisers: { words: prepared.words.vectoriser, letters: prepared.letters.vectoriser, concepts: prepared.concepts.vectoriser }, models };
}

/** The members' scores of one text, into `out[member]` from `at`. */
function scoreInto(fitted: Fitted, text: Counted, { out, at }: { out: readonly Float64Array[]; at: number }): void {
  const rows = { words: vectorise(text.words, fitted.vectorisers.words), letters: vectorise(text.letters, fitted.vectorisers.letters), concepts: vectorise(text.concepts, fitted.vectorisers.concepts) };
  fitted.models.forEach((model, m) => scoreLinear(model, rows[MEMBERS[m]!.kind], out[m]!.subarray(at, at + model.classes)));
}

/** A fold number for each text, even over every label; texts that are the same word for word share a fold, so that a copy never vouches for itself. */
export function foldsOf(examples: readonly LabelledText[], folds: number): number[] {
  const random = seededRandom(`folds:${examples.length}`);
  const next = new Map<string, number>();
  const taken = new Map<string, number>();
  const order = examples.map((_, i) => i);
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.int(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  const result = examples.map(() => 0);
  for (const i of order) {
    const { text, label } = examples[i]!;
    const same = taken.get(text);
    const turn = next.get(label) ?? random.int(folds);
    result[i] = same ?? turn;
    if (same === undefined) {
      taken.set(text, turn);
      next.set(label, (turn + 1) % folds);
    }
  }
  return result;
}

interface Calibration { readonly blend: Blend; readonly confidenceOf: (top: number) => number; readonly sendThreshold: number; readonly accuracy: number }

const topOf = (p: Float64Array) => p.reduce((best, value, k) => (value > p[best]! ? k : best), 0);

function calibrate(examples: readonly LabelledText[], counted: readonly Counted[], labels: readonly number[], classes: number): Calibration {
  const folds = examples.length > 4_000 ? 4 : 5;
  const fold = foldsOf(examples, folds);
  const scores = MEMBERS.map(() => new Float64Array(examples.length * classes));
  for (let f = 0; f < folds; f++) {
    const train = fold.flatMap((g, i) => (g === f ? [] : [i]));
    if (train.length === 0 || train.length === fold.length) continue;
    const fitted = fitMembers(train.map((i) => counted[i]!), train.map((i) => labels[i]!), classes);
    fold.forEach((g, i) => {
      if (g === f) scoreInto(fitted, counted[i]!, { out: scores, at: i * classes });
    });
  }
  const blend = fitBlend({ scores, labels, classes }, MEMBERS.map((m) => m.start));
  const p = new Float64Array(classes);
  const right: boolean[] = [];
  const tops = labels.map((label, i) => {
    blendRow(scores, blend, { at: i * classes, classes }, p);
    const top = topOf(p);
    right.push(top === label);
    return p[top]!;
  });
  const curve = fitCurve(tops, right);
  const reliability = fitReliability(tops.map((top) => confidenceAt(curve, top)), right);
  const confidenceOf = (top: number) => reliableAt(reliability, confidenceAt(curve, top));
  const confidences = tops.map(confidenceOf);
  return { blend, confidenceOf, sendThreshold: thresholdAtPrecision(confidences, right, SEND_PRECISION, LEAST_PROOF).confidence, accuracy: right.filter(Boolean).length / right.length };
}

/** The same examples in the same order give the same classifier. @throws RangeError with fewer than two labels. */
export function trainIntentClassifier(examples: readonly LabelledText[]): IntentClassifier {
  const names = [...new Set(examples.map((e) => e.label))].sort();
  if (names.length < 2) throw new RangeError(`a classifier needs examples of at least two labels, got ${names.length}`);
  const numberOf = new Map(names.map((name, k) => [name, k]));
  const labels = examples.map((e) => numberOf.get(e.label)!);
  const counted = examples.map((e) => countAll(e.text));
  const { blend, confidenceOf, sendThreshold, accuracy } = calibrate(examples, counted, labels, names.length);
  const fitted = fitMembers(counted, labels, names.length);
  const out = MEMBERS.map(() => new Float64Array(names.length));
  const p = new Float64Array(names.length);
  const classify = (text: string): IntentAnswer => {
    scoreInto(fitted, countAll(text), { out, at: 0 });
    blendRow(out, blend, { at: 0, classes: names.length }, p);
    const ranked = names.map((label, k) => ({ label, probability: p[k]! })).sort((a, b) => b.probability - a.probability);
    const confidence = confidenceOf(ranked[0]!.probability);
    return { label: ranked[0]!.label, confidence, ranked, autoSendable: confidence >= sendThreshold };
  };
  return { labels: names, sendThreshold, trainingAccuracy: accuracy, classify };
}
