import { foldText } from '#kernel/fold-text.ts';
import { withoutForbidden } from './find-forbidden.ts';

/** Words of which a title without any other word says nothing. */
const SMALL = new Set(['and', 'or', 'the', 'a', 'an', 'of', 'for', 'with', 'by', 'in', 'et', 'ou', 'le', 'la', 'les', 'de', 'des', 'du', 'pour', 'avec', 'من', 'في', 'مع', 'و']);
const DENIAL = /(?:^| )(?:not|no|without|non|sans|pas|ليس|بدون)(?: |$)/;
/** Where a shop puts one more way of saying the same: a dash between spaces, a comma, a bar, a bracket. */
const BREAK = /(\s[-–—|/]\s|\s*[,;]\s+|\s*[()[\]]\s*)/u;
/** Shorter words in capitals are sizes and models; so few of them are no shouting. */
const SHORTEST_SHOUT = 4;
const MOST_SHOUTED = 3;

const wordsOf = (text: string): string[] => foldText(text).replace(/'s\b/g, 's').split(/[^\p{L}\p{N}.']+/u).filter((word) => word !== '' && !SMALL.has(word));
/** `Men's` and `Men` are one word here. */
const stem = (word: string) => (word.length > 3 && !/\d/.test(word) ? word.replace(/'?s$/, '') : word);

/** Whether every word of it was said before. */
export function saysNothingNew(part: string, before: string): boolean {
  const said = new Set(wordsOf(before).map(stem));
  return wordsOf(part).every((word) => said.has(stem(word)));
}

/** A part between breaks that says nothing new goes, with the break before it. */
function withoutRepeats(title: string): string {
  const pieces = title.split(BREAK);
  let text = pieces[0]!;
  for (let i = 1; i < pieces.length; i += 2) {
    const [gap, part] = [pieces[i]!, pieces[i + 1]!];
    if (part.trim() === '') text += gap;
    else if (!saysNothingNew(part, text)) text += gap + part;
    else if (/[()[\]]/.test(gap)) text += gap;
  }
  return text;
}

const isShouted = (word: string) => /^[\p{Lu}'’&-]+$/u.test(word) && word.length >= SHORTEST_SHOUT;
/** A title in capitals alone is shouted; what has digits or is short stays as it is. */
function withoutShouting(title: string): string {
  const words = title.split(' ');
  if (/\p{Ll}/u.test(title) || words.filter(isShouted).length <= MOST_SHOUTED) return title;
  return words.map((word) => (isShouted(word) ? word[0]! + word.slice(1).toLowerCase() : word)).join(' ');
}

/** Marks that shout, breaks that hold nothing any more, and brackets that are empty. */
function withoutMarks(title: string): string {
  const plain = title.replace(/[*~#]{2,}|!+|(?<=\s)[*~]+(?=\s|$)/gu, ' ').replace(/\(\s*\)|\[\s*\]/g, ' ').replace(/\s+/g, ' ').replace(/\s+(?=[,;])/g, '').replace(/([,;])(?:\s*[,;])+/g, '$1');
  return plain.replace(/^[\s,;:|/&+-]+|[\s,;:|/&(+-]+$/gu, '');
}

/** A product's title as a shop wrote it, without what may not be said on the channel, what it says twice, and what it shouts. */
export function cleanTitle(title: string, market: string): string {
  return withoutShouting(withoutMarks(withoutRepeats(withoutMarks(withoutForbidden(title, market))))) || title;
}

/** Nothing was taken from a title that denies something: without a word, it could deny another. */
export const mayStandFor = (title: string): boolean => !DENIAL.test(foldText(title));
