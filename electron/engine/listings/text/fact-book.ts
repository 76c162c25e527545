import type { ListingFacts } from '../facts-port.ts';
import { aspectName, aspectValue, conditionWords, TEXT_LANGUAGES, WORDS, type TextLanguage } from './rules.ts';
import { tokenize, type Token } from './tokens.ts';

/** A fact of the product as it may be written: the same fact may have several writings. */
export interface Writing {
  /** `title`, `brand`, `mpn`, `gtin`, `condition`, `package`, `aspect:Colour`, `person:2`. */
  readonly key: string;
  readonly value: string;
  readonly tokens: readonly Token[];
  /** How many of the tokens, from the first, are the fact's name. */
  readonly named: number;
  /** For each token: what a word before it makes of it. */
  readonly modes: readonly Mode[];
  readonly negated: boolean;
}

/** `compatible`: it is said of another thing that this one works with. `included`: of a thing that comes along. */
export type Mode = 'own' | 'compatible' | 'included';

export interface FactBook {
  readonly writings: readonly Writing[];
  /** Words of each label, by the fact that has to follow it. */
  readonly labels: readonly { readonly key: string; readonly words: readonly string[] }[];
  readonly condition: string;
  readonly language: TextLanguage;
}

const NEGATION = new Set(WORDS.negation);
const phrases = (lists: Readonly<Record<TextLanguage, readonly string[]>>) => TEXT_LANGUAGES.flatMap((language) => lists[language]).map((phrase) => tokenize(phrase).map((token) => token.text)).filter((words) => words.length > 0).toSorted((a, b) => b.length - a.length);
const COMPATIBILITY = phrases(WORDS.compatibility);
const INCLUSION = phrases(WORDS.inclusion);

const startsWith = (tokens: readonly Token[], at: number, words: readonly string[]) => words.every((word, i) => tokens[at + i]?.text === word);

/** Words at this place that turn what follows into a claim about another thing, and how many they are. */
export function turnAt(tokens: readonly Token[], at: number): { readonly mode: Mode; readonly length: number } | null {
  const compatible = COMPATIBILITY.find((words) => startsWith(tokens, at, words));
  if (compatible) return { mode: 'compatible', length: compatible.length };
  const included = INCLUSION.find((words) => startsWith(tokens, at, words));
  return included ? { mode: 'included', length: included.length } : null;
}

function modesOf(tokens: readonly Token[], first: Mode): Mode[] {
  let mode = first;
  let turned = -1;
  return tokens.map((_, at) => {
    if (at > turned) {
      const turn = turnAt(tokens, at);
      if (turn) [mode, turned] = [turn.mode, at + turn.length - 1];
    }
    return mode;
  });
}

function writing(key: string, name: string, value: string): Writing {
  const named = tokenize(name).length;
  // the name ends where the value begins, as if a colon stood there
  const tokens = name === '' ? tokenize(value) : tokenize(`${name}: ${value}`);
  const about = name === '' ? null : /compatib|\bfor\b|متوافق/i.test(name) ? 'compatible' : /includ|inclus|accessor|يشمل/i.test(name) ? 'included' : null;
  return { key, value, tokens, named, modes: modesOf(tokens, about ?? 'own'), negated: tokens.some((token) => NEGATION.has(token.text)) };
}

/** What a denial belongs to stands between two commas: it is said whole or not at all, and the rest of the fact goes free. */
function writingsOf(key: string, name: string, value: string): Writing[] {
  const whole = writing(key, name, value);
  const parts = value.split(/\s*[,;()[\]|·•–—،؛\n]\s*/u).filter((part) => part !== '');
  return whole.negated && parts.length > 1 ? parts.map((part, i) => writing(key, i === 0 ? name : '', part)) : [whole];
}

const once = (texts: readonly string[]) => [...new Set(texts)];

export interface TextFacts {
  readonly facts: ListingFacts;
  /** The channel's word for it: `used-good`. */
  readonly condition: string;
  /** What a person has said of this very thing, in that person's words. */
  readonly vouched: readonly string[];
}

/** Everything that may be claimed, in English and in the language of the text. @param titles other writings of the title */
export function openFactBook({ facts, condition, vouched }: TextFacts, language: TextLanguage, titles: readonly string[] = []): FactBook {
  const languages = once(['en', language]) as TextLanguage[];
  const writings = [
    ...[facts.title, ...titles].flatMap((title) => writingsOf('title', '', title)),
    ...(facts.brand === null ? [] : writingsOf('brand', '', facts.brand)), ...(facts.mpn === null ? [] : writingsOf('mpn', '', facts.mpn)), ...facts.gtins.flatMap((gtin) => writingsOf('gtin', '', gtin)),
    ...once(languages.map((l) => conditionWords(condition, l))).flatMap((words) => writingsOf('condition', '', words)),
    ...(facts.package === null ? [] : [...writingsOf('package', '', `${facts.package.weightG} g`), ...writingsOf('package', '', `${facts.package.lengthMm} × ${facts.package.widthMm} × ${facts.package.heightMm} mm`)]),
    ...Object.entries(facts.aspects).flatMap(([name, values]) => values.flatMap((value) => languages.flatMap((l) => writingsOf(`aspect:${name}`, aspectName(name, l), aspectValue(value, l))))),
    ...vouched.flatMap((line, i) => writingsOf(`person:${i + 1}`, '', line)),
  ];
  const labels = Object.entries(WORDS.labels).flatMap(([key, words]) => languages.flatMap((l) => words[l]).map((phrase) => ({ key, words: tokenize(phrase).map((token) => token.text) })));
  return { writings, labels: labels.toSorted((a, b) => b.words.length - a.words.length), condition, language };
}
