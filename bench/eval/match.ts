import { parseArgs } from 'node:util';
import { bestThreshold, fitCompetition, fitMatchModel, foldsOf, matchProbability, resolveCompetition, type ScoredPair } from '#engine/catalog/match/index.ts';
import { PairPreparer, readPairs, type LabelledPair } from './matching-pairs.ts';

export interface MatchFigures { precision: number; recall: number; f1: number; recallAtPrecision95: number; positives: number; pairs: number }

function figures(probabilities: readonly number[], labels: readonly number[], threshold: number): MatchFigures {
  let hits = 0;
  let taken = 0;
  probabilities.forEach((p, i) => {
    if (p < threshold) return;
    taken++;
    hits += labels[i]!;
  });
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const order = probabilities.map((_, i) => i).sort((a, b) => probabilities[b]! - probabilities[a]!);
  let found = 0;
  let recallAtPrecision95 = 0;
  order.forEach((row, rank) => {
    found += labels[row]!;
    if (found / (rank + 1) >= 0.95) recallAtPrecision95 = Math.max(recallAtPrecision95, found / Math.max(1, positives));
  });
  const precision = taken === 0 ? 0 : hits / taken;
  const recall = positives === 0 ? 0 : hits / positives;
  return { precision, recall, f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall), recallAtPrecision95, positives, pairs: labels.length };
}

interface Result { alone: MatchFigures; resolved: MatchFigures; pairsPerSecond: number; pairsPerSecondFromText: number; alonePredictions: number[]; resolvedPredictions: number[] }

/** F1 that the competition must win out of fold: with two hundred matches less is chance. */
const LEAST_GAIN = 0.01;

const scored = (pairs: readonly LabelledPair[], probabilities: readonly number[]) => pairs.map((pair, i): ScoredPair => ({ left: pair.left, right: pair.right, probability: probabilities[i]! }));

/** Fits on one set of pairs, and scores another that it has not seen; pairs/s is of records made ready (as a catalogue's are), and, apart, from their texts in one cold pass. */
function fitAndScore(train: readonly LabelledPair[], test: readonly LabelledPair[]): Result {
  const preparer = new PairPreparer(train);
  const labels = train.map((pair) => pair.label);
  const { model, outOfFold } = fitMatchModel(train.map((pair) => preparer.features(pair)), labels, train.map((pair) => pair.left));
  const competition = fitCompetition(scored(train, outOfFold), labels);
  const trainResolved = resolveCompetition(competition, scored(train, outOfFold));
  const threshold = bestThreshold(trainResolved);
  /** Weighing against rivals is used where it helps on the fitted file, out of fold: not every pair of sources is one to one. */
  const competes = figures(trainResolved, labels, threshold).f1 > figures(outOfFold, labels, model.threshold).f1 + LEAST_GAIN;
  const started = performance.now();
  const alone = test.map((pair) => matchProbability(model, preparer.features(pair)));
  const resolved = competes ? resolveCompetition(competition, scored(test, alone)) : alone;
  const resolvedThreshold = competes ? threshold : model.threshold;
  const fromText = (performance.now() - started) / 1_000;
  const ready = performance.now();
  let again = 0;
  do {
    for (const pair of test) matchProbability(model, preparer.features(pair));
    again += test.length;
  } while (performance.now() - ready < 300);
  const seconds = (performance.now() - ready) / 1_000;
  const truth = test.map((pair) => pair.label);
  return {
    alone: figures(alone, truth, model.threshold), resolved: figures(resolved, truth, resolvedThreshold), pairsPerSecond: Math.round(again / seconds), pairsPerSecondFromText: Math.round(test.length / fromText),
    alonePredictions: alone.map((p) => (p >= model.threshold ? 1 : 0)), resolvedPredictions: resolved.map((p) => (p >= resolvedThreshold ? 1 : 0)),
  };
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** Cross-validation within one file: the figures of all folds' predictions together. */
function crossValidate(pairs: readonly LabelledPair[], folds: number): { alone: MatchFigures; resolved: MatchFigures; pairsPerSecond: number; pairsPerSecondFromText: number } {
  const fold = foldsOf(pairs.map((pair) => pair.left), folds);
  const truth: number[] = [];
  const alone: number[] = [];
  const resolved: number[] = [];
  const speeds: number[] = [];
  const textSpeeds: number[] = [];
  const at95: number[] = [];
  for (let k = 0; k < folds; k++) {
    const test = pairs.filter((_, i) => fold[i] === k);
    const result = fitAndScore(pairs.filter((_, i) => fold[i] !== k), test);
    truth.push(...test.map((pair) => pair.label));
    alone.push(...result.alonePredictions);
    resolved.push(...result.resolvedPredictions);
    speeds.push(result.pairsPerSecond);
    textSpeeds.push(result.pairsPerSecondFromText);
    at95.push(result.resolved.recallAtPrecision95);
  }
  const mean = at95.reduce((sum, value) => sum + value, 0) / folds;
  return { alone: { ...figures(alone, truth, 0.5), recallAtPrecision95: mean }, resolved: { ...figures(resolved, truth, 0.5), recallAtPrecision95: mean }, pairsPerSecond: median(speeds), pairsPerSecondFromText: median(textSpeeds) };
}

const percent = (value: number) => `${(value * 100).toFixed(1)} %`;
const line = (name: string, f: MatchFigures) => `${name}: precision ${percent(f.precision)}  recall ${percent(f.recall)}  F1 ${percent(f.f1)}  recall at precision 0.95 ${percent(f.recallAtPrecision95)}`;

/**
 * `--valid FILE --test FILE [--json]`: fits on the first file alone, prints the second's figures. Without `--test`: five-fold cross-validation within the first, no record on both sides.
 * "each pair alone" judges pairs one by one; "among candidates" also weighs a pair against the other candidates of its two records in the same file (their texts and scores, never labels), as the desk does, where that helped on the fitted file.
 */
export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { valid: { type: 'string' }, test: { type: 'string' }, json: { type: 'boolean', default: false } }, strict: true });
  if (!values.valid) {
    console.error('usage: eval match --valid FILE [--test FILE] [--json]');
    return 2;
  }
  const valid = readPairs(values.valid);
  const result = values.test ? fitAndScore(valid, readPairs(values.test)) : crossValidate(valid, 5);
  const { alone, resolved, pairsPerSecond, pairsPerSecondFromText } = result;
  if (values.json) console.log(JSON.stringify({ ...resolved, pairsPerSecond, pairsPerSecondFromText, alone, fittedOn: values.valid, testedOn: values.test ?? 'cross-validation', fittedPairs: valid.length }));
  else console.log([`${values.test ? `test ${values.test}` : 'cross-validation (5 folds)'}: ${resolved.pairs} pairs, ${resolved.positives} matches; fitted on ${valid.length} pairs`, line('among candidates', resolved), line('each pair alone ', alone), `${pairsPerSecond} pairs/s (records made ready), ${pairsPerSecondFromText} pairs/s from text`].join('\n'));
  return 0;
}
