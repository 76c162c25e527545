import type { PreparedRecord } from './match/index.ts';

/** Sellers' noise: says nothing of what a thing is, and a search engine takes it for part of the name. */
const NOISE = new Set(('new brand neuf jamais utilise occasion bonne original originale importe prix fixe livraison wilayas urgent etat emballage sous free shipping fast ship hot deal best price authentic clearance open box last ones sale '
  + 'promo pack lot set pcs pk count stk vpe look l@@k جديد للبيع اصلي توصيل متوفر سعر مغري').split(' '));
const MOST_WORDS = 8;

export const isSellersWord = (word: string): boolean => NOISE.has(word) || /^(?:\d+\/\d+|\W+)$/.test(word);

/** What to ask a catalogue's search for: the maker's number, the brand, then the words that are rarest; a long question finds nothing on most markets. */
export function searchWords({ facts, model, words, wordWeights }: PreparedRecord): string {
  const rarest = words.map((word, i) => ({ word, weight: wordWeights[i]! })).filter(({ word }) => !NOISE.has(word) && !/^x?\d{1,3}x?(?:pk|pcs|-pack)?$/.test(word) && !facts.models.includes(word)).sort((a, b) => b.weight - a.weight);
  const chosen = new Set([...facts.models, ...(model.length >= 4 && !facts.models.includes(model) ? [model] : []), ...(facts.brand ?? '').split(' ').filter((w) => w !== ''), ...rarest.map((r) => r.word)].slice(0, MOST_WORDS));
  return [...chosen].join(' ');
}
