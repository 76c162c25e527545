import type { IndexedRecord } from './vocabulary.ts';

/** Words in more titles than this tell too little to look up. */
const MOST_POSTINGS = 3_000;
/** Of a query's words the rarest are looked up. */
const WORDS_LOOKED_UP = 10;
const MODEL_BONUS = 2;
const MODEL_PREFIX = 6;

/** Candidates of a record by shared rare words and models: a few of a million, without comparing with each. */
export class CatalogueIndex {
  readonly #postings = new Map<string, number[]>();
  readonly #keys: string[] = [];

  get size(): number {
    return this.#keys.length;
  }

  /** @param key the caller's id of the product. */
  add(key: string, record: IndexedRecord): void {
    const at = this.#keys.push(key) - 1;
    for (const term of termsOf(record)) {
      const list = this.#postings.get(term);
      if (!list) this.#postings.set(term, [at]);
      else if (list.length <= MOST_POSTINGS) list.push(at);
    }
  }

  /** Keys of the likeliest products, best first, at most `limit`. */
  candidates(record: IndexedRecord, limit = 20): string[] {
    const scores = new Map<number, number>();
    const terms = [...termsOf(record)].map((term) => ({ term, list: this.#postings.get(term) ?? [] })).filter(({ list }) => list.length > 0 && list.length <= MOST_POSTINGS);
    terms.sort((a, b) => a.list.length - b.list.length || (a.term < b.term ? -1 : 1));
    for (const { term, list } of terms.slice(0, WORDS_LOOKED_UP)) {
      const weight = Math.log((this.#keys.length + 1) / (list.length + 0.5)) * (term.startsWith('#') ? MODEL_BONUS : 1);
      for (const at of list) scores.set(at, (scores.get(at) ?? 0) + weight);
    }
    return [...scores].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, limit).map(([at]) => this.#keys[at]!);
  }
}

/** Title words, and models by their first letters, which survive a colour or region suffix; neighbours written in one find words that are parted elsewhere. */
function termsOf(record: IndexedRecord): Set<string> {
  const terms = new Set<string>(record.words);
  for (const model of record.facts.models) terms.add(`#${model.slice(0, MODEL_PREFIX)}`);
  if (record.model.length >= 4) terms.add(`#${record.model.slice(0, MODEL_PREFIX)}`);
  const { tokens } = record.facts;
  for (let i = 0; i + 1 < tokens.length; i++) if (tokens[i]!.length + tokens[i + 1]!.length <= 14) terms.add(tokens[i]! + tokens[i + 1]!);
  return terms;
}
