// Fits the built-in matching model: node bench/fit-default-match-model.ts OUT FILE... (each FILE: lines of left TAB right TAB label).
// Unless told `--only-fit`, first prints how a model fitted without each file does on it: the honest figure for products outside these sets.
import { writeFileSync } from 'node:fs';
import { FIT_DEFAULTS, fitMatchModel, matchProbability } from '#engine/catalog/match/match-model.ts';
import { CARRIED_FEATURES } from '#engine/catalog/match/pair-features.ts';
import type { MatchRecord } from '#engine/catalog/match/vocabulary.ts';
import { seededRandom } from '#kernel/random.ts';
import { PairPreparer, parseRecord, readPairs } from './eval/matching-pairs.ts';

const OPTIONS = { ...FIT_DEFAULTS, bags: 1, treeShare: 0.8, folds: 3, boosting: { ...FIT_DEFAULTS.boosting, trees: 90, depth: 3, rate: 0.1 } };
const onlyFit = process.argv.includes('--only-fit');
const [out, ...files] = process.argv.slice(2).filter((arg) => arg !== '--only-fit');
if (!out || files.length === 0) throw new Error('usage: fit-default-match-model.ts OUT FILE...');

/** Sources name some fields and not others: each is taken away in half of the copies, so that the model leans on none. */
function thinned(record: MatchRecord, keep: () => boolean): MatchRecord {
  return { title: record.title, brand: keep() ? record.brand : null, model: keep() ? record.model : null, description: keep() ? record.description : null, category: keep() ? record.category : null, price: keep() ? record.price : null };
}

const carried = (row: Float64Array) => row.subarray(0, CARRIED_FEATURES.length);

const sets = files.map((file) => {
  const pairs = readPairs(file);
  const preparer = new PairPreparer(pairs);
  const random = seededRandom(file.split('/').at(-2) ?? file);
  const rows: Float64Array[] = [];
  const labels: number[] = [];
  const groups: string[] = [];
  const add = (row: Float64Array, label: number, group: string) => {
    rows.push(carried(row));
    labels.push(label);
    groups.push(group);
  };
  for (const pair of pairs) {
    const group = file + pair.left;
    add(preparer.features(pair), pair.label, group);
    /** The other way round, so that the model knows no first and second source. */
    add(preparer.features({ left: pair.right, right: pair.left, label: pair.label }), pair.label, group);
    const keep = () => random.next() < 0.5;
    add(preparer.featuresOf(thinned(parseRecord(pair.left), keep), thinned(parseRecord(pair.right), keep)), pair.label, group);
    /** Products that have nothing in common are candidates too, when a catalogue is small. */
    const stranger = pairs[random.int(pairs.length)]!;
    if (random.next() < 0.5 && stranger.left !== pair.left) add(preparer.features({ left: pair.left, right: stranger.right, label: 0 }), 0, group);
  }
  return { file, rows, labels, groups, test: pairs.map((pair) => ({ row: carried(preparer.features(pair)), label: pair.label })) };
});

function fit(chosen: typeof sets) {
  return fitMatchModel(chosen.flatMap((set) => set.rows), chosen.flatMap((set) => set.labels), chosen.flatMap((set) => set.groups), OPTIONS).model;
}

for (const set of sets) {
  if (sets.length === 1 || onlyFit) break;
  const model = fit(sets.filter((other) => other !== set));
  const taken = set.test.map(({ row }) => matchProbability(model, row) >= model.threshold);
  const hits = taken.filter((yes, i) => yes && set.test[i]?.label === 1).length;
  const f1 = (2 * hits) / (taken.filter(Boolean).length + set.test.filter(({ label }) => label === 1).length);
  console.log(`${set.file}: F1 ${(f1 * 100).toFixed(1)} % fitted on the other files alone`);
}
const round = (_: string, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(6)) : value);
writeFileSync(out, `${JSON.stringify(fit(sets), round)}\n`);
