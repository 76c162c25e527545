import { CARRIED_FEATURES, carriedFeatures, compareMeasures } from './pair-features.ts';
import { matchProbability, type MatchModel } from './match-model.ts';
import defaultModelJson from './default-match-model.json' with { type: 'json' };
import type { PreparedRecord } from './vocabulary.ts';

export type VetoCode = 'pack.conflict' | 'variant.capacity' | 'variant.colour' | 'variant.year';

/** A reason why two titles cannot be one offer, whatever their likeness; the values are as each side names them. */
export interface Veto { readonly code: VetoCode; readonly a: string; readonly b: string }

export interface PairScore {
  /** Calibrated; after a veto at most `VETOED`. */
  readonly probability: number;
  readonly vetoes: readonly Veto[];
  /** One side names a pack, the other says nothing: a person or a page has to tell. */
  readonly packUnknown: boolean;
}

const VETOED = 0.01;
/** What makes another product of the same name: memory, volume, weight. */
const CAPACITY_KINDS = ['data-gb', 'volume-l', 'mass-g', 'mass-oz'];

/** Fitted by `bench/fit-default-match-model.ts` on public candidate pairs (about a tenth of them matches); it names no data set and no brand. */
export const defaultMatchModel: MatchModel = defaultModelJson;

/** Conflicts of pack size and variant. A shared model number outweighs colour words (`noir` on one side, a finish on the other), never a pack. */
export function vetoesOf(a: PreparedRecord, b: PreparedRecord): Veto[] {
  const vetoes: Veto[] = [];
  const fa = a.facts;
  const fb = b.facts;
  if (fa.packSize !== null && fb.packSize !== null && fa.packSize !== fb.packSize) vetoes.push({ code: 'pack.conflict', a: String(fa.packSize), b: String(fb.packSize) });
  for (const kind of CAPACITY_KINDS) {
    const own = fa.measures.filter((m) => m.kind === kind);
    const other = fb.measures.filter((m) => m.kind === kind);
    if (own.length === 1 && other.length === 1 && compareMeasures(own, other).conflicts > 0) vetoes.push({ code: 'variant.capacity', a: `${own[0]!.value} ${kind}`, b: `${other[0]!.value} ${kind}` });
  }
  const sharedModel = fa.models.some((model) => b.wordSet.has(model));
  if (!sharedModel && fa.colours.length > 0 && fb.colours.length > 0 && !fa.colours.some((colour) => fb.colours.includes(colour))) vetoes.push({ code: 'variant.colour', a: fa.colours.join(' '), b: fb.colours.join(' ') });
  if (!sharedModel && fa.years.length === 1 && fb.years.length === 1 && fa.years[0] !== fb.years[0]) vetoes.push({ code: 'variant.year', a: String(fa.years[0]), b: String(fb.years[0]) });
  return vetoes;
}

/** How likely two records, made ready by one vocabulary, are the same sellable product. Pure; about 20 µs. */
export function scorePair(a: PreparedRecord, b: PreparedRecord): PairScore {
  const vetoes = vetoesOf(a, b);
  const probability = matchProbability(defaultMatchModel, carriedFeatures(a, b, new Float64Array(CARRIED_FEATURES.length)));
  const packUnknown = (a.facts.packSize === null) !== (b.facts.packSize === null) && (a.facts.packSize ?? b.facts.packSize ?? 1) > 1;
  return { probability: vetoes.length > 0 ? Math.min(VETOED, probability) : probability, vetoes, packUnknown };
}
