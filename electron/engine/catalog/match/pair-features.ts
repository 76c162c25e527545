import type { Measure } from './extract-title-facts.ts';
import { compareQualifiers, compareSets, QUALIFIER_FEATURES } from './compare-qualifiers.ts';
import { overlap, type PreparedRecord } from './vocabulary.ts';

/** Names of the features that tell as much of products of other sources as of those that a model was fitted on, in their order: the built-in model is of these alone. */
export const CARRIED_FEATURES = [
  'titleCosine', 'titleJaccard', 'titleMin', 'titleMax', 'gramCosine', 'gramJaccard', 'gramMin', 'gramMax', 'fullCosine', 'fullMin', 'fullMax', 'softMin', 'softMax', 'softJaccard', 'missedA', 'missedB', 'missedMaxA', 'missedMaxB', 'missedMin',
  'modelShared', 'modelSharedWeight', 'modelPrefix', 'modelSimilarity', 'modelConflict', 'modelsA', 'modelsB', 'modelInText', 'modelFieldEqual', 'modelFieldSimilarity', 'modelFieldInOther', 'modelFieldConflict',
  'numbersShared', 'numbersMissedBoth', 'numbersConflict', 'yearConflict', 'measureShared', 'measureConflict', 'brandEqual', 'brandInOther', 'brandConflict', 'firstWord', 'lastWord', 'orderShared',
  'priceRatio', 'priceKnown', 'editionsDiffer', 'editionsShared', 'colourShared', 'colourConflict', 'packEqual', 'packConflict', 'packOneSided', 'conditionDiffers', 'lengthRatio', 'lengthMin', 'categoryCosine', 'sharedRarest', 'sharedCount', 'prefixShared', 'coreA', 'coreB', 'coreMin', 'coreMissedA', 'coreMissedB', 'coreMissedMax', 'coreMissedLeast', 'numbersOnlyA', 'numbersOnlyB', 'editionsMissedBoth',
] as const;
/** All features in their order: the last ones help where a model may learn its two sources. None knows a data set: all are of titles, brands, models, prices. */
export const FEATURES = [...CARRIED_FEATURES, 'priceSigned', ...QUALIFIER_FEATURES] as const;

/** Prices further apart, by their natural logarithms, are as good as another unit. */
const MOST_PRICE_LOG = 3;
/** Words are compared by their first 32 letters: one bit of a number for each pair of letters. */
const LONGEST_COMPARED = 32;

/** Dice over letter pairs of two words, 0 to 1: cheap, and close to an edit distance for short words. */
export function wordSimilarity(a: string, b: string): number {
  if (a === b) return 1;
  if (a.length < 3 || b.length < 3) return 0;
  const pairsA = Math.min(a.length, LONGEST_COMPARED) - 1;
  const pairsB = Math.min(b.length, LONGEST_COMPARED) - 1;
  let shared = 0;
  let used = 0;
  for (let i = 0; i < pairsA; i++) {
    const first = a.charCodeAt(i);
    const second = a.charCodeAt(i + 1);
    for (let j = 0; j < pairsB; j++) {
      if (b.charCodeAt(j) !== first || b.charCodeAt(j + 1) !== second || (used & (1 << j)) !== 0) continue;
      used |= 1 << j;
      shared++;
      break;
    }
  }
  return (2 * shared) / (pairsA + pairsB);
}

interface Soft { inA: number; inB: number; missedA: number; missedB: number; maxA: number; maxB: number; shared: number; rarest: number; coreInA: number; coreInB: number; coreMissedA: number; coreMissedB: number; coreMaxA: number; coreMaxB: number }

/** A word is met by an equal one, by a like one (0.75 and more), or by the other's title written in one. */
function wordMet(word: string, other: PreparedRecord): number {
  if (other.wordSet.has(word)) return 1;
  if (word.length >= 5 && other.joined.includes(word)) return 0.95;
  if (word.length < 4) return 0;
  let best = 0;
  for (const candidate of other.words) {
    if (Math.abs(candidate.length - word.length) > 3 || candidate.charCodeAt(0) !== word.charCodeAt(0)) continue;
    if (candidate.startsWith(word) || word.startsWith(candidate)) best = Math.max(best, candidate.length >= 4 ? 0.8 : 0);
    else best = Math.max(best, wordSimilarity(word, candidate));
  }
  return best >= 0.7 ? best : 0;
}

function softOverlap(a: PreparedRecord, b: PreparedRecord): Soft {
  const soft: Soft = { inA: 0, inB: 0, missedA: 0, missedB: 0, maxA: 0, maxB: 0, shared: 0, rarest: 0, coreInA: 0, coreInB: 0, coreMissedA: 0, coreMissedB: 0, coreMaxA: 0, coreMaxB: 0 };
  const isBrand = (word: string) => a.brandWords.has(word) || b.brandWords.has(word);
  for (let i = 0; i < a.words.length; i++) {
    const weight = a.wordWeights[i]!;
    const met = wordMet(a.words[i]!, b);
    soft.inA += weight * met;
    soft.missedA += weight * (1 - met);
    if (met === 0) soft.maxA = Math.max(soft.maxA, weight);
    if (a.core[i] === 1 && !isBrand(a.words[i]!)) {
      soft.coreInA += weight * met;
      soft.coreMissedA += weight * (1 - met);
      if (met === 0) soft.coreMaxA = Math.max(soft.coreMaxA, weight);
    }
    if (met === 1) {
      soft.shared++;
      soft.rarest = Math.max(soft.rarest, weight);
    }
  }
  for (let i = 0; i < b.words.length; i++) {
    const weight = b.wordWeights[i]!;
    const met = wordMet(b.words[i]!, a);
    soft.inB += weight * met;
    soft.missedB += weight * (1 - met);
    if (met === 0) soft.maxB = Math.max(soft.maxB, weight);
    if (b.core[i] === 1 && !isBrand(b.words[i]!)) {
      soft.coreInB += weight * met;
      soft.coreMissedB += weight * (1 - met);
      if (met === 0) soft.coreMaxB = Math.max(soft.coreMaxB, weight);
    }
  }
  return soft;
}

interface Models { shared: number; weight: number; prefix: number; similarity: number; conflict: number; inText: number }

const weightOf = (word: string, from: PreparedRecord) => from.wordWeights[from.words.indexOf(word)] ?? 0;

function modelsOf(a: PreparedRecord, b: PreparedRecord): Models {
  const out: Models = { shared: 0, weight: 0, prefix: 0, similarity: 0, conflict: 0, inText: 0 };
  for (const model of a.facts.models) {
    if (b.wordSet.has(model) || (model.length >= 5 && b.joined.includes(model))) {
      out.shared++;
      out.weight = Math.max(out.weight, weightOf(model, a));
    } else if (b.text.has(model) || (model.length >= 6 && b.joinedAll.includes(model))) out.inText++;
    for (const other of b.facts.models) {
      out.similarity = Math.max(out.similarity, wordSimilarity(model, other));
      let same = 0;
      while (same < model.length && same < other.length && model[same] === other[same]) same++;
      if (same >= 4) out.prefix = Math.max(out.prefix, same / Math.max(model.length, other.length));
    }
  }
  for (const model of b.facts.models) {
    if (a.wordSet.has(model)) continue;
    if (model.length >= 5 && a.joined.includes(model)) {
      out.shared++;
      out.weight = Math.max(out.weight, weightOf(model, b));
    } else if (a.text.has(model) || (model.length >= 6 && a.joinedAll.includes(model))) out.inText++;
  }
  if (a.facts.models.length > 0 && b.facts.models.length > 0 && out.shared === 0) out.conflict = 1;
  return out;
}

/** Kinds that both name: with a common value, and without any. */
export function compareMeasures(a: readonly Measure[], b: readonly Measure[]): { shared: number; conflicts: number } {
  let shared = 0;
  let conflicts = 0;
  for (const kind of new Set(a.map((measure) => measure.kind))) {
    const own = a.filter((measure) => measure.kind === kind);
    const other = b.filter((measure) => measure.kind === kind);
    if (other.length === 0) continue;
    if (own.some((x) => other.some((y) => Math.abs(x.value - y.value) <= 0.02 * Math.max(x.value, y.value)))) shared++;
    else conflicts++;
  }
  return { shared, conflicts };
}

/** Shared words that follow each other in both titles, of the possible ones. */
function orderShared(a: readonly string[], b: readonly string[]): number {
  if (a.length < 2 || b.length < 2) return 0;
  const pairs = new Set<string>();
  for (let i = 0; i + 1 < b.length; i++) pairs.add(`${b[i]} ${b[i + 1]}`);
  let shared = 0;
  for (let i = 0; i + 1 < a.length; i++) if (pairs.has(`${a[i]} ${a[i + 1]}`)) shared++;
  return shared / (Math.min(a.length, b.length) - 1);
}

function brandFeatures(a: PreparedRecord, b: PreparedRecord): [number, number, number] {
  const equal = a.brand !== '' && b.brand !== '' ? (a.brand === b.brand || a.brand.startsWith(b.brand) || b.brand.startsWith(a.brand) ? 1 : wordSimilarity(a.brand, b.brand)) : -1;
  const inOther = (a.brand !== '' && b.joined.includes(a.brand) ? 1 : 0) + (b.brand !== '' && a.joined.includes(b.brand) ? 1 : 0);
  return [equal, inOther, equal >= 0 && equal < 0.4 && inOther === 0 ? 1 : 0];
}

function modelField(a: PreparedRecord, b: PreparedRecord): [number, number, number, number] {
  const both = a.model !== '' && b.model !== '';
  const similarity = both ? wordSimilarity(a.model, b.model) : -1;
  const contained = both && (a.model.includes(b.model) || b.model.includes(a.model)) ? 1 : 0;
  const inOther = (a.model.length >= 4 && b.joinedAll.includes(a.model) ? 1 : 0) + (b.model.length >= 4 && a.joinedAll.includes(b.model) ? 1 : 0);
  return [both ? Math.max(contained * 0.9, a.model === b.model ? 1 : 0) : -1, similarity, inOther, both && similarity < 0.5 && contained === 0 && inOther === 0 ? 1 : 0];
}

const packPair = (a: number | null, b: number | null): [number, number, number] =>
  a !== null && b !== null ? [a === b ? 1 : 0, a === b ? 0 : 1, 0] : [0, 0, (a ?? 1) > 1 || (b ?? 1) > 1 ? 1 : 0];

/** The first features of a pair, in the order of `CARRIED_FEATURES`, into `out`. Symmetric but for the sides' names. */
export function carriedFeatures(a: PreparedRecord, b: PreparedRecord, out: Float64Array): Float64Array {
  const title = overlap(a.title, b.title);
  const gram = overlap(a.trigrams, b.trigrams);
  const full = overlap(a.full, b.full);
  const soft = softOverlap(a, b);
  const softA = soft.inA / Math.max(1e-9, soft.inA + soft.missedA);
  const softB = soft.inB / Math.max(1e-9, soft.inB + soft.missedB);
  const coreA = soft.coreInA / Math.max(1e-9, soft.coreInA + soft.coreMissedA);
  const coreB = soft.coreInB / Math.max(1e-9, soft.coreInB + soft.coreMissedB);
  const models = modelsOf(a, b);
  const field = modelField(a, b);
  const numbers = compareSets(a.facts.numbers, b.facts.numbers);
  const years = compareSets(a.facts.years, b.facts.years);
  const measures = compareMeasures(a.facts.measures, b.facts.measures);
  const brand = brandFeatures(a, b);
  const editions = compareSets(a.facts.editions, b.facts.editions);
  const colours = compareSets(a.facts.colours, b.facts.colours);
  const pack = packPair(a.facts.packSize, b.facts.packSize);
  const priced = a.price !== null && b.price !== null;
  const wa = a.facts.tokens;
  const wb = b.facts.tokens;
  let prefix = 0;
  while (prefix < wa.length && prefix < wb.length && wa[prefix] === wb[prefix]) prefix++;
  const values = [
    title.cosine, title.jaccard, Math.min(title.inA, title.inB), Math.max(title.inA, title.inB), gram.cosine, gram.jaccard, Math.min(gram.inA, gram.inB), Math.max(gram.inA, gram.inB),
    full.cosine, Math.min(full.inA, full.inB), Math.max(full.inA, full.inB), Math.min(softA, softB), Math.max(softA, softB), (soft.inA + soft.inB) / Math.max(1e-9, soft.inA + soft.inB + soft.missedA + soft.missedB),
    soft.missedA, soft.missedB, soft.maxA, soft.maxB, Math.min(soft.missedA, soft.missedB),
    models.shared, models.weight, models.prefix, models.similarity, models.conflict, a.facts.models.length, b.facts.models.length, models.inText, ...field,
    numbers.shared, Math.min(numbers.onlyA, numbers.onlyB), numbers.onlyA > 0 && numbers.onlyB > 0 && numbers.shared === 0 ? 1 : 0, years.onlyA > 0 && years.onlyB > 0 ? 1 : 0, measures.shared, measures.conflicts,
    ...brand, wa[0] === wb[0] ? 1 : 0, wa.at(-1) === wb.at(-1) ? 1 : 0, orderShared(wa, wb),
    priced ? Math.abs(Math.log(a.price! / b.price!)) : -1, priced ? 1 : 0, editions.onlyA + editions.onlyB, editions.shared, colours.shared, colours.onlyA > 0 && colours.onlyB > 0 && colours.shared === 0 ? 1 : 0,
    ...pack, compareSets(a.facts.conditions, b.facts.conditions).onlyA, Math.min(wa.length, wb.length) / Math.max(1, wa.length, wb.length), Math.min(wa.length, wb.length), overlap(a.category, b.category).cosine, soft.rarest, soft.shared, prefix,
    coreA, coreB, Math.min(coreA, coreB), soft.coreMissedA, soft.coreMissedB, Math.max(soft.coreMaxA, soft.coreMaxB), Math.min(soft.coreMissedA, soft.coreMissedB), numbers.onlyA, numbers.onlyB, Math.min(editions.onlyA, editions.onlyB),
  ];
  out.set(values);
  return out;
}

/** The features of a pair, in the order of `FEATURES`, into `out`. Symmetric but for the sides' names. */
export function pairFeatures(a: PreparedRecord, b: PreparedRecord, out: Float64Array): Float64Array {
  carriedFeatures(a, b, out);
  const dearer = a.price === null || b.price === null ? 0 : Math.log(a.price / b.price);
  out.set([Math.max(-MOST_PRICE_LOG, Math.min(MOST_PRICE_LOG, dearer)), ...compareQualifiers(a, b)], CARRIED_FEATURES.length);
  return out;
}
