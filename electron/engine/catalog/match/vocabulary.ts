import { ASCII, factsOfPlain, plainTitle, tokenise, type TitleFacts } from './extract-title-facts.ts';
import { majorsOf, qualifiersOf, versionsOf, type Qualifiers } from './title-qualifiers.ts';

/** A product as its source describes it. Missing fields are empty or null. */
export interface MatchRecord {
  readonly title: string;
  readonly brand?: string | null | undefined;
  readonly model?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly category?: string | null | undefined;
  /** In any one unit on both sides of a comparison; null when unknown. */
  readonly price?: number | null | undefined;
}

/** Ascending ids with a weight each; `norm` is the length of the weights. */
export interface SparseVector { readonly ids: Int32Array; readonly weights: Float64Array; readonly norm: number; readonly sum: number }

/** A record made ready for many comparisons. */
export interface PreparedRecord {
  readonly facts: TitleFacts;
  readonly qualifiers: Qualifiers;
  /** Versions, volumes and years under one writing: `7.0` and `VII` as `7`. */
  readonly versions: readonly string[];
  /** The versions' first numbers. */
  readonly majorVersions: readonly string[];
  readonly brand: string;
  readonly model: string;
  readonly price: number | null;
  /** Distinct title words, in order, with their weights. */
  readonly words: readonly string[];
  readonly wordWeights: Float64Array;
  readonly wordSet: ReadonlySet<string>;
  /** 1 for each word that names the product itself: no filler, no maker's number. */
  readonly core: Uint8Array;
  readonly brandWords: ReadonlySet<string>;
  readonly title: SparseVector;
  readonly trigrams: SparseVector;
  readonly full: SparseVector;
  readonly category: SparseVector;
  /** Title without spaces, for models that others write in one. */
  readonly joined: string;
  /** Title and description without spaces. */
  readonly joinedAll: string;
  /** Words of the description. */
  readonly text: ReadonlySet<string>;
}

/** What an index needs of a record: no weights. */
export type IndexedRecord = Pick<PreparedRecord, 'facts' | 'words' | 'model'>;

const GRAM_BITS = 20;
/** Words that say how a thing is sold or run, not what it is. */
const FILLER = new Set('the a an and or of for with w by in on to from at software inc corp co llc ltd company international cd rom dvd cdrom box boxed retail package pack new win windows mac pc xp vista nt os x version v edition ed english us usa product series de la le les du des et pour avec'.split(' '));
const LEAST_DOCUMENTS = 50;
const LEAST_WEIGHT = 0.02;
const MOST_CATEGORIES = 5_000;

/** The text without spaces and marks; plain ASCII, nearly all titles, goes the short way. */
function onlyWordLetters(plain: string): string {
  return ASCII.test(plain) ? plain.replace(/[^a-z0-9]+/g, '') : plain.replace(/[^\p{L}\p{N}]+/gu, '');
}

/** How rare words and letter groups are in a catalogue: what makes a shared word tell. */
export class Vocabulary {
  readonly #words = new Map<string, number>();
  readonly #grams = new Map<number, number>();
  readonly #ids = new Map<string, number>();
  readonly #categories = new Map<string, SparseVector>();
  #documents = 0;

  /** Counts a title's words once. */
  add(title: string): void {
    this.#documents++;
    const plain = plainTitle(title);
    for (const word of new Set(tokenise(plain))) this.#words.set(word, (this.#words.get(word) ?? 0) + 1);
    for (const gram of new Set(gramsOf(plain))) this.#grams.set(gram, (this.#grams.get(gram) ?? 0) + 1);
  }

  get documents(): number {
    return this.#documents;
  }

  documentsWith(word: string): number {
    return this.#words.get(word) ?? 0;
  }

  /** Smoothed inverse document frequency over its own largest value, so that a catalogue's size does not move it: about 1 for a word never seen, near 0 for one in every title. */
  weight(word: string): number {
    return this.#rarity(this.#words.get(word) ?? 0);
  }

  /** With hardly any titles counted nothing can be called rare: every word weighs the same. */
  #rarity(documents: number): number {
    return this.#documents < LEAST_DOCUMENTS ? 1 : Math.max(LEAST_WEIGHT, Math.log((this.#documents + 1) / (documents + 0.5)) / Math.log(2 * (this.#documents + 1)));
  }

  #id(word: string): number {
    const known = this.#ids.get(word);
    if (known !== undefined) return known;
    this.#ids.set(word, this.#ids.size);
    return this.#ids.size - 1;
  }

  #vector(words: Iterable<string>): SparseVector {
    const weights = new Map<number, number>();
    for (const word of words) weights.set(this.#id(word), this.weight(word));
    return sparse(weights);
  }

  #gramVector(plain: string): SparseVector {
    const weights = new Map<number, number>();
    for (const gram of gramsOf(plain)) weights.set(gram, (weights.get(gram) ?? 0) + 1);
    for (const [gram, count] of weights) weights.set(gram, (1 + Math.log(count)) * this.#rarity(this.#grams.get(gram) ?? 0));
    return sparse(weights);
  }

  /** Categories repeat: each is made ready once. */
  #categoryVector(category: string): SparseVector {
    let known = this.#categories.get(category);
    if (!known) {
      known = this.#vector(tokenise(plainTitle(category)));
      if (this.#categories.size < MOST_CATEGORIES) this.#categories.set(category, known);
    }
    return known;
  }

  /** As `prepare`, without what only comparing needs. */
  prepareForIndex(record: MatchRecord): IndexedRecord {
    const facts = factsOfPlain(plainTitle(record.title), record.brand ?? null);
    return { facts, words: [...new Set(facts.tokens)], model: squeeze(record.model ?? '') };
  }

  prepare(record: MatchRecord): PreparedRecord {
    const plain = plainTitle(record.title);
    const facts = factsOfPlain(plain, record.brand ?? null);
    const words = [...new Set(facts.tokens)];
    const description = plainTitle(record.description ?? '');
    const text = tokenise(description);
    const joined = onlyWordLetters(plain);
    const title = this.#vector(words);
    const versions = versionsOf(facts.tokens);
    return {
      facts, qualifiers: qualifiersOf(facts.tokens), versions, majorVersions: majorsOf(versions), words, brand: squeeze(record.brand ?? ''), model: squeeze(record.model ?? ''), price: record.price !== undefined && record.price !== null && record.price > 0 ? record.price : null,
      wordWeights: Float64Array.from(words, (word) => this.weight(word)), wordSet: new Set(words), core: Uint8Array.from(words, (word) => (FILLER.has(word) || facts.models.includes(word) ? 0 : 1)), brandWords: new Set(facts.brand === null ? [] : tokenise(facts.brand)), title, trigrams: this.#gramVector(plain),
      full: text.length === 0 ? title : this.#vector([...words, ...text]), category: this.#categoryVector(record.category ?? ''),
      joined, joinedAll: description === '' ? joined : joined + onlyWordLetters(description), text: new Set(text),
    };
  }
}

/** Letters and digits alone. */
export function squeeze(text: string): string {
  return text === '' ? '' : onlyWordLetters(plainTitle(text));
}

function sparse(weights: ReadonlyMap<number, number>): SparseVector {
  const ids = Int32Array.from(weights.keys()).sort();
  const values = Float64Array.from(ids, (id) => weights.get(id) ?? 0);
  let squares = 0;
  let sum = 0;
  for (const value of values) {
    squares += value * value;
    sum += value;
  }
  return { ids, weights: values, norm: Math.sqrt(squares), sum };
}

/** Letter groups of three, over the title without spaces, so that `back pack` and `backpack` agree. */
function gramsOf(plain: string): number[] {
  const text = `^${onlyWordLetters(plain)}$`;
  const grams: number[] = [];
  for (let i = 0; i + 3 <= text.length; i++) grams.push(Math.imul(Math.imul(text.charCodeAt(i), 0x9e3779b1) ^ Math.imul(text.charCodeAt(i + 1), 0x85ebca6b) ^ Math.imul(text.charCodeAt(i + 2), 0xc2b2ae35), 0x27d4eb2f) >>> (32 - GRAM_BITS));
  return grams;
}

/** Cosine, weighted Jaccard and both containments of two vectors of one vocabulary. */
export function overlap(a: SparseVector, b: SparseVector): { cosine: number; jaccard: number; inA: number; inB: number } {
  let i = 0;
  let j = 0;
  let dot = 0;
  let shared = 0;
  while (i < a.ids.length && j < b.ids.length) {
    const d = a.ids[i]! - b.ids[j]!;
    if (d === 0) {
      dot += a.weights[i]! * b.weights[j]!;
      shared += Math.min(a.weights[i]!, b.weights[j]!);
      i++;
      j++;
    } else if (d < 0) i++;
    else j++;
  }
  return { cosine: a.norm > 0 && b.norm > 0 ? dot / (a.norm * b.norm) : 0, jaccard: a.sum + b.sum - shared > 0 ? shared / (a.sum + b.sum - shared) : 0, inA: a.sum > 0 ? shared / a.sum : 0, inB: b.sum > 0 ? shared / b.sum : 0 };
}
