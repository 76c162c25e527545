import type { PreparedRecord } from './match/index.ts';

/** Sellers' noise: says nothing of what a thing is, and a search engine takes it for part of the name. */
const NOISE = new Set(('new brand neuf jamais utilise occasion bonne original originale importe prix fixe livraison wilayas urgent etat emballage sous free shipping fast ship hot deal best price authentic clearance open box last ones sale '
  + 'promo pack lot set pcs pk count stk vpe look l@@k جديد للبيع اصلي توصيل متوفر سعر مغري').split(' '));
const MOST_WORDS = 8;

export const isSellersWord = (word: string): boolean => NOISE.has(word) || /^(?:\d+\/\d+|\W+)$/.test(word);

/** `SE-4643Z` as it is printed: a search parts it where the maker does, and finds nothing for it written in one. */
function asPrinted(model: string, texts: readonly (string | null)[]): string {
  for (const text of texts) {
    for (const word of text?.split(/[\s,;:()[\]{}"!|]+/) ?? []) if (word.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '') === model) return word.toLowerCase();
  }
  return model;
}

/**
 * What to ask a catalogue's search for: the maker's number, the brand, the words that are rarest, then what may be a seller's talk or part of the name (`original`); a long question finds nothing on most markets.
 * @param printed the offer as it is written
 */
export function searchWords({ facts, model, words, wordWeights }: PreparedRecord, printed?: { readonly title: string; readonly mpn: string | null }): string {
  const told = words.map((word, i) => ({ word, weight: NOISE.has(word) ? -1 : wordWeights[i]! })).filter(({ word }) => !/^x?\d{1,3}x?(?:pk|pcs|-pack)?$/.test(word) && !facts.models.includes(word)).sort((a, b) => b.weight - a.weight);
  const own = model.length >= 4 ? model : '';
  // the number in the title is mostly the beginning of the maker's own
  const models = facts.models.filter((word) => !own.startsWith(word) || word === own);
  const texts = [printed?.mpn ?? null, printed?.title ?? null];
  const chosen = new Set([...models, ...(own === '' || models.includes(own) ? [] : [own])].map((word) => asPrinted(word, texts)));
  for (const word of [...(facts.brand ?? '').split(' ').filter((w) => w !== ''), ...told.map((t) => t.word)]) if (chosen.size < MOST_WORDS) chosen.add(word);
  return [...chosen].join(' ');
}
