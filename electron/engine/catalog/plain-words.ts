import { isSellersWord } from './search-words.ts';
import { plainTitle, tokenise } from './match/index.ts';

/** In a seller's talk these may be said of a pack, which is part of what is sold. */
const OF_PACKS = new Set(['pack', 'lot', 'set', 'pcs', 'pk', 'count', 'box']);
const GENUINE = /\b100\s?%\s*(?:authentic|original|genuine|new|neuf)\b/gi;
const VOWEL_AFTER_FIRST = /^.+[aeiou]/;
const LEAST_PREFIX = 3;
/** Too short for the rule, and common. */
const SHORT_FORMS: Readonly<Record<string, string>> = { ed: 'edition', vol: 'volume', w: 'with' };

/** `kybd` is `keyboard`, `prem` is `premium`: the first letters, or the same letters in order without vowels. */
function isShortFor(short: string, long: string): boolean {
  if (SHORT_FORMS[short] === long) return true;
  if (short.length < LEAST_PREFIX || short.length + 2 > long.length || short[0] !== long[0] || /\d/.test(short)) return false;
  if (long.startsWith(short)) return true;
  if (VOWEL_AFTER_FIRST.test(short)) return false;
  let at = 0;
  for (const letter of long) if (letter === short[at]) at++;
  return at === short.length;
}

/**
 * An offer's title without its seller's talk, and with words written out that it cuts short: what the products at hand call so, and only where one word of theirs can be meant.
 * @param known words of the products that it may be; what one of them says is kept as it stands
 */
export function plainWords(title: string, known: ReadonlySet<string>): string {
  const kept: string[] = [];
  for (const chunk of title.replace(GENUINE, ' ').split(/\s+/)) {
    const words = tokenise(plainTitle(chunk));
    if (words.length === 0 || chunk.includes('@')) continue;
    if (words.some((word) => known.has(word))) kept.push(chunk);
    else if (words.length === 1) {
      const meant = [...known].filter((word) => isShortFor(words[0]!, word));
      if (meant.length === 1) kept.push(chunk.toLowerCase().includes(words[0]!) ? chunk.toLowerCase().replace(words[0]!, meant[0]!) : meant[0]!);
      else if (OF_PACKS.has(words[0]!) || !isSellersWord(words[0]!)) kept.push(chunk);
    } else if (!words.every((word) => isSellersWord(word) && !OF_PACKS.has(word))) kept.push(chunk);
  }
  return kept.join(' ');
}
