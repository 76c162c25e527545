import type { Reason } from '#contract/shared.ts';
import { foldText } from '#kernel/fold-text.ts';
import { FORBIDDEN } from './rules.ts';

const squeezed = (text: string) => ` ${foldText(text).replace(/[^\p{L}\p{N}%.']+/gu, ' ').replace(/\.(?=\s|$)/g, ' ').replace(/\s+/g, ' ').trim()} `;
const PHRASES = Object.entries(FORBIDDEN.kinds).flatMap(([kind, phrases]) => phrases.map((phrase) => ({ kind, phrase, open: phrase.endsWith('*'), folded: squeezed(phrase.replace(/\*$/, '')).trim() }))).toSorted((a, b) => b.folded.length - a.folded.length);

/** Addresses, numbers to call and links: by their form. */
const CONTACT: readonly (readonly [string, RegExp])[] = [
  ['contact', /[\w.+-]+\s*(?:@|\(at\)|\[at\])\s*[\w-]+\s*(?:\.|\(dot\))\s*[a-z]{2,}/iu],
  ['contact', /(?:^|\s)@[a-z0-9_.]{3,}/iu],
  ['link', /\b(?:https?:\/\/|www\.)\S+|\b[a-z0-9-]{2,}\.(?:com|net|org|shop|store|io|co|fr|dz|de|uk|info|biz|me|ly)\b/iu],
  ['contact', /(?:\+|\b00)\d[\d\s().-]{7,}\d|(?:\btel|\bphone|\bcall|الهاتف|هاتف)\W{0,3}\d[\d\s().-]{5,}\d/iu],
  ['contact', /(?<![\d.])0[5-7]\d{0,3}(?:[\s.-]\d{2,3}){2,4}(?![\d])/u],
  ['markup', /<\s*\/?\s*[a-z!][^>]*>|javascript:/iu],
];

/** So many times the same word, or so many words without a break, is written for search engines and not for people. */
const MOST_REPEATS = 3;
const LONGEST_LIST = 12;
const SMALL = /^(?:\p{L}{1,2}|the|and|for|with|les|des|pour|avec|من|في|علي|مع|\d+)$/u;

function stuffed(text: string): string | null {
  const count = new Map<string, number>();
  for (const word of squeezed(text).trim().split(' ')) {
    const times = (count.get(word) ?? 0) + 1;
    count.set(word, times);
    if (times > MOST_REPEATS && !SMALL.test(word)) return word;
  }
  return text.split(/[,/|،]/u).length > LONGEST_LIST ? text.split(/[,/|،]/u).slice(0, 3).join(', ') : null;
}

export interface ForbiddenOptions {
  /** The product's own name: praise inside a name is part of the name. */
  readonly name?: string | undefined;
  /** Codes of the product: their digits are no number to call. */
  readonly codes?: readonly string[] | undefined;
  /** The channel that it is for: it may be named. */
  readonly market?: string | undefined;
}

/** A claim that no channel takes or nobody can prove, whatever the facts say: the kind and the words; null where there is none. */
export function findForbidden(text: string, options: ForbiddenOptions = {}): Reason | null {
  const folded = squeezed(text);
  const name = options.name === undefined ? '' : squeezed(options.name);
  const own = options.market?.split('-')[0] ?? '';
  for (const { kind, phrase, open, folded: words } of PHRASES) {
    const at = folded.indexOf(open ? ` ${words}` : ` ${words} `);
    if (at < 0) continue;
    if (kind === 'superiority' && name.includes(` ${words}`)) continue;
    if (kind === 'competitor' && words === own) continue;
    return { code: 'text.forbidden', data: { kind, words: phrase.replace(/\*$/, '') } };
  }
  const uncoded = (options.codes ?? []).reduce((rest, code) => rest.replaceAll(code, ' '), text);
  for (const [kind, form] of CONTACT) {
    const found = form.exec(uncoded);
    if (found) return { code: 'text.forbidden', data: { kind, words: found[0].trim().slice(0, 60) } };
  }
  const repeated = stuffed(text);
  return repeated === null ? null : { code: 'text.forbidden', data: { kind: 'stuffing', words: repeated.slice(0, 60) } };
}

/** A product's title as a shop wrote it, without what may not be said here. */
export function withoutForbidden(title: string, market: string): string {
  let text = title;
  for (let turn = 0; turn < 12; turn++) {
    const found = findForbidden(text, { name: title, market });
    const words = found?.data['words'];
    if (!found || typeof words !== 'string' || found.data['kind'] === 'stuffing') break;
    const parts = words.trim().split(/\s+/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    const shorter = text.replace(new RegExp(`(?<![\\p{L}\\p{N}])${parts.join('\\W+')}(?:e?s|es)?(?![\\p{L}\\p{N}])`, 'iu'), ' ').replace(/\s+/g, ' ').trim();
    if (shorter === text || shorter === '') break;
    text = shorter;
  }
  return text.replace(/[\s,;:|/&(+-]+$/u, '').trim() || title;
}
