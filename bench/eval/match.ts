import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  bestThreshold, FEATURES, fitCompetition, fitMatchModel, foldsOf, matchProbability, pairFeatures, resolveCompetition, Vocabulary, type MatchRecord, type PreparedRecord, type ScoredPair,
} from '#engine/catalog/match/index.ts';

interface Pair { left: string; right: string; label: number }

/** `COL title VAL … COL price VAL …` to a record; names that are not known join the description. */
function parseRecord(text: string): MatchRecord {
  const fields: Record<string, string> = {};
  for (const part of text.split(/(?:^|\s)COL /)) {
    const at = part.indexOf(' VAL');
    if (at > 0) fields[part.slice(0, at).trim()] = part.slice(at + 4).trim();
  }
  const { title, name, manufacturer, brand, modelno, model, category, price, ...rest } = fields;
  const amount = Number.parseFloat((price ?? '').replace(/[^\d.]/g, ''));
  return { title: title ?? name ?? '', brand: manufacturer ?? brand ?? null, model: modelno ?? model ?? null, category: category ?? null, description: Object.values(rest).join(' '), price: Number.isFinite(amount) ? amount : null };
}

/** Lines of `left TAB right TAB label`. @throws with file and line on anything else. */
function readPairs(file: string): Pair[] {
  return readFileSync(file, 'utf8').split('\n').filter((line) => line.trim() !== '').map((line, i) => {
    const [left, right, label] = line.split('\t');
    if (left === undefined || right === undefined || !/^[01]\s*$/.test(label ?? '')) throw new Error(`${file}:${i + 1}: not "left TAB right TAB 0 or 1"`);
    return { left, right, label: Number(label) };
  });
}

/** Records made ready once each; word weights from the fitted file's records alone. */
class Preparer {
  readonly #vocabulary = new Vocabulary();
  readonly #ready = new Map<string, PreparedRecord>();
  constructor(pairs: readonly Pair[]) {
    for (const record of new Set(pairs.flatMap((pair) => [pair.left, pair.right]))) this.#vocabulary.add(parseRecord(record).title);
  }
  get(record: string): PreparedRecord {
    let ready = this.#ready.get(record);
    if (!ready) this.#ready.set(record, (ready = this.#vocabulary.prepare(parseRecord(record))));
    return ready;
  }
  features(pair: Pair): Float64Array {
    return pairFeatures(this.get(pair.left), this.get(pair.right), new Float64Array(FEATURES.length));
  }
}

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

interface Result { alone: MatchFigures; resolved: MatchFigures; pairsPerSecond: number; threshold: number; alonePredictions: number[]; resolvedPredictions: number[] }

/** Fits on one set of pairs, and scores another that it has not seen; the clock runs over preparing, features and scoring of the second. */
function fitAndScore(train: readonly Pair[], test: readonly Pair[]): Result {
  const preparer = new Preparer(train);
  const labels = train.map((pair) => pair.label);
  const { model, outOfFold } = fitMatchModel(train.map((pair) => preparer.features(pair)), labels, train.map((pair) => pair.left));
  const scored = (pairs: readonly Pair[], probabilities: readonly number[]) => pairs.map((pair, i): ScoredPair => ({ left: pair.left, right: pair.right, probability: probabilities[i]! }));
  const competition = fitCompetition(scored(train, outOfFold), labels);
  const threshold = bestThreshold(resolveCompetition(competition, scored(train, outOfFold)), labels);
  const started = performance.now();
  const alone = test.map((pair) => matchProbability(model, preparer.features(pair)));
  const resolved = resolveCompetition(competition, scored(test, alone));
  const seconds = (performance.now() - started) / 1_000;
  const truth = test.map((pair) => pair.label);
  return {
    alone: figures(alone, truth, model.threshold), resolved: figures(resolved, truth, threshold), pairsPerSecond: Math.round(test.length / seconds), threshold,
    alonePredictions: alone.map((p) => (p >= model.threshold ? 1 : 0)), resolvedPredictions: resolved.map((p) => (p >= threshold ? 1 : 0)),
  };
}

/** Cross-validation within one file: the figures of all folds' predictions together. */
function crossValidate(pairs: readonly Pair[], folds: number): { alone: MatchFigures; resolved: MatchFigures; pairsPerSecond: number } {
  const fold = foldsOf(pairs.map((pair) => pair.left), folds);
  const truth: number[] = [];
  const alone: number[] = [];
  const resolved: number[] = [];
  const speeds: number[] = [];
  const at95: number[] = [];
  for (let k = 0; k < folds; k++) {
    const test = pairs.filter((_, i) => fold[i] === k);
    const result = fitAndScore(pairs.filter((_, i) => fold[i] !== k), test);
    truth.push(...test.map((pair) => pair.label));
    alone.push(...result.alonePredictions);
    resolved.push(...result.resolvedPredictions);
    speeds.push(result.pairsPerSecond);
    at95.push(result.resolved.recallAtPrecision95);
  }
  const mean = at95.reduce((sum, value) => sum + value, 0) / folds;
  return { alone: { ...figures(alone, truth, 0.5), recallAtPrecision95: mean }, resolved: { ...figures(resolved, truth, 0.5), recallAtPrecision95: mean }, pairsPerSecond: speeds.sort((a, b) => a - b)[folds >> 1]! };
}

const percent = (value: number) => `${(value * 100).toFixed(1)} %`;
const line = (name: string, f: MatchFigures) => `${name}: precision ${percent(f.precision)}  recall ${percent(f.recall)}  F1 ${percent(f.f1)}  recall at precision 0.95 ${percent(f.recallAtPrecision95)}`;

/**
 * `--valid FILE --test FILE [--json]`: fits on the first file alone, prints the second's figures. Without `--test`: five-fold cross-validation within the first, no record on both sides.
 * "each pair alone" judges pairs one by one; "among candidates" also weighs a pair against the other candidates of its two records in the same file, as the desk does.
 */
export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { valid: { type: 'string' }, test: { type: 'string' }, json: { type: 'boolean', default: false } }, strict: true });
  if (!values.valid) {
    console.error('usage: eval match --valid FILE [--test FILE] [--json]');
    return 2;
  }
  const valid = readPairs(values.valid);
  const result = values.test ? fitAndScore(valid, readPairs(values.test)) : crossValidate(valid, 5);
  const { alone, resolved, pairsPerSecond } = result;
  if (values.json) console.log(JSON.stringify({ ...resolved, pairsPerSecond, alone, fittedOn: values.valid, testedOn: values.test ?? 'cross-validation', fittedPairs: valid.length }));
  else console.log([`${values.test ? `test ${values.test}` : 'cross-validation (5 folds)'}: ${resolved.pairs} pairs, ${resolved.positives} matches; fitted on ${valid.length} pairs`, line('among candidates', resolved), line('each pair alone ', alone), `${pairsPerSecond} pairs/s`].join('\n'));
  return 0;
}
