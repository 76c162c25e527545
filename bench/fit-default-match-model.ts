// Fits the built-in matching model: node bench/fit-default-match-model.ts OUT FILE... (each FILE: lines of left TAB right TAB label).
// First prints how a model fitted without each file does on it: the honest figure for products outside these sets.
import { writeFileSync } from 'node:fs';
import { FIT_DEFAULTS, fitMatchModel, matchProbability } from '#engine/catalog/match/match-model.ts';
import { PairPreparer, readPairs } from './eval/matching-pairs.ts';

const OPTIONS = { ...FIT_DEFAULTS, bags: 1, boosting: { ...FIT_DEFAULTS.boosting, trees: 70, depth: 3, rate: 0.1 } };
const [out, ...files] = process.argv.slice(2);
if (!out || files.length === 0) throw new Error('usage: fit-default-match-model.ts OUT FILE...');

const sets = files.map((file) => {
  const pairs = readPairs(file);
  const preparer = new PairPreparer(pairs);
  /** Both directions, so that the model knows no first and second source. */
  const both = pairs.flatMap((pair) => [pair, { left: pair.right, right: pair.left, label: pair.label }]);
  return { file, rows: both.map((pair) => preparer.features(pair)), labels: both.map((pair) => pair.label), groups: pairs.flatMap((pair) => [file + pair.left, file + pair.left]) };
});

function fit(chosen: typeof sets) {
  return fitMatchModel(chosen.flatMap((set) => set.rows), chosen.flatMap((set) => set.labels), chosen.flatMap((set) => set.groups), OPTIONS).model;
}

for (const set of sets) {
  if (sets.length === 1) break;
  const model = fit(sets.filter((other) => other !== set));
  const taken = set.rows.map((row) => matchProbability(model, row) >= model.threshold);
  const hits = taken.filter((yes, i) => yes && set.labels[i] === 1).length;
  const f1 = (2 * hits) / (taken.filter(Boolean).length + set.labels.filter((label) => label === 1).length);
  console.log(`${set.file}: F1 ${(f1 * 100).toFixed(1)} % fitted on the other files alone`);
}
const round = (_: string, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(6)) : value);
writeFileSync(out, `${JSON.stringify(fit(sets), round)}\n`);
