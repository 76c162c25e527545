import type { Reason } from '#contract/shared.ts';
import { turnAt, type FactBook, type Mode, type Writing } from './fact-book.ts';
import { WORDS } from './rules.ts';
import { tokenize, type Token } from './tokens.ts';

/** A sentence with the facts that it says, or why it may not be said. */
export interface Traced {
  readonly text: string;
  /** Keys of the facts, in the order in which they are said. */
  readonly facts: readonly string[];
  readonly refusal: Reason | null;
}

const PLAIN = { en: new Set(WORDS.plain.en), fr: new Set(WORDS.plain.fr), ar: new Set(WORDS.plain.ar) };
const CONDITION_WORDS = new Set(WORDS.conditionWords);
const NEGATION = new Set(WORDS.negation);
const UNITS = new Set(WORDS.units);
/** Facts that may stand beside any other: they name the thing. */
const IDENTITY = new Set(['brand', 'mpn', 'gtin', 'condition']);

interface Match {
  readonly writing: Writing;
  readonly from: number;
  readonly length: number;
  readonly whole: boolean;
}

/** A number means nothing without its unit, a model nothing without its first half: neither is cut in two. */
function cutsInTwo(tokens: readonly Token[], from: number, to: number): boolean {
  const before = tokens[from];
  const after = tokens[to];
  if (before?.glued && from > 0) return true;
  if (after?.glued) return true;
  return Boolean(tokens[to - 1]?.digits && after && !after.afterBreak && UNITS.has(after.text));
}

function matchesAt(book: FactBook, tokens: readonly Token[], at: number): Match[] {
  const found: Match[] = [];
  for (const writing of book.writings) {
    for (let from = 0; from < writing.tokens.length; from++) {
      let length = 0;
      while (from + length < writing.tokens.length && at + length < tokens.length && writing.tokens[from + length]!.text === tokens[at + length]!.text) length++;
      // what is longest may cut a number off its unit; what is shorter may not
      while (length > 0 && (cutsInTwo(writing.tokens, from, from + length) || cutsInTwo(tokens, at, at + length))) length--;
      const value = writing.tokens.length - writing.named;
      if (length > 0 && (!writing.negated || length >= value)) found.push({ writing, from, length, whole: from <= writing.named && from + length === writing.tokens.length });
    }
  }
  return found.toSorted((a, b) => b.length - a.length || Number(b.whole) - Number(a.whole));
}

/** A condition is only ever said as the condition, or inside a name (`New Balance`). */
function mayBe(match: Match, tokens: readonly Token[], at: number): boolean {
  if (match.writing.key === 'condition' || match.writing.key.startsWith('person:')) return true;
  const said = tokens.slice(at, at + match.length).some((token) => CONDITION_WORDS.has(token.text));
  return !said || (match.length > 1 && (match.writing.key === 'title' || match.writing.key === 'brand') && !CONDITION_WORDS.has(tokens[at + match.length - 1]!.text));
}

const untraced = (words: string): Reason => ({ code: 'text.untraced', data: { words } });
const misplaced = (words: string, fact: string): Reason => ({ code: 'text.misplaced', data: { words, fact } });

interface Standing {
  mode: Mode;
  /** After a comma the turn may be over. */
  loose: boolean;
  /** The run just before, without a plain word or a break between. */
  previous: Match | null;
  /** A run stands in this clause already. */
  anchored: Match | null;
  label: string | null;
}

/** Whether a claim may stand where it stands: the same words mean other things after another number, after `for`, or beside another claim. */
function fitsHere(match: Match, standing: Standing, given: { readonly tokens: readonly Token[]; readonly at: number; readonly title: boolean }): boolean {
  const { tokens, at, title } = given;
  const { writing } = match;
  const saysDigits = tokens.slice(at, at + match.length).some((token) => token.digits);
  const identity = IDENTITY.has(writing.key) && match.whole;
  const turned = turnAt(writing.tokens, match.from) !== null;
  const mode = writing.modes[match.from]!;
  const named = match.from < writing.named;
  if (!turned && !named && !(title && identity) && mode !== standing.mode && !(standing.loose && mode === 'own')) return false;
  if (standing.label !== null && standing.label !== writing.key) return false;
  const follows = (other: Match) => other.writing === writing && other.from + other.length === match.from;
  if (standing.previous && !follows(standing.previous)) {
    const beside = identity || (IDENTITY.has(standing.previous.writing.key) && standing.previous.whole) || (title && match.whole && !saysDigits);
    if (!beside) return false;
  }
  if (saysDigits && !identity && standing.label === null && standing.anchored && !follows(standing.anchored)) {
    const after = IDENTITY.has(standing.anchored.writing.key) && standing.anchored.whole;
    const underName = standing.anchored.writing.key === writing.key && standing.anchored.from + standing.anchored.length <= writing.named;
    if (!after && !underName) return false;
  }
  return true;
}

function plainAt(book: FactBook, tokens: readonly Token[], at: number): boolean {
  const { text, digits } = tokens[at]!;
  if (digits || NEGATION.has(text)) return false;
  const words = PLAIN[book.language];
  if (words.has(text)) return true;
  return book.language === 'ar' && ['و', 'ال', 'وال', 'بال', 'لل', 'ب'].some((prefix) => text.startsWith(prefix) && text.length > prefix.length + 1 && words.has(text.slice(prefix.length)));
}

const AND = new Set(['and', 'or', 'et', 'ou', 'و', 'او']);

/**
 * Follows each word of a sentence to a fact of the product. What is said has to stand, in this order and uncut, in one fact; between claims there may be only words that claim nothing. So a
 * number keeps its unit and its subject, what the thing works with is never said to be the thing, and what is not known is not said, whoever wrote the sentence.
 */
export function traceSentence(text: string, book: FactBook, options: { readonly title?: boolean } = {}): Traced {
  const tokens = tokenize(text);
  const facts: string[] = [];
  const standing: Standing = { mode: 'own', loose: true, previous: null, anchored: null, label: null };
  const refuse = (refusal: Reason): Traced => ({ text, facts, refusal });
  if (tokens.length === 0) return refuse({ code: 'text.empty', data: {} });
  let at = 0;
  while (at < tokens.length) {
    const token = tokens[at]!;
    if (token.afterBreak) Object.assign(standing, { previous: null, anchored: null, loose: true });
    const possible = matchesAt(book, tokens, at).filter((match) => mayBe(match, tokens, at));
    const label = book.labels.find(({ words }) => words.every((word, i) => tokens[at + i]?.text === word));
    const match = possible.find((m) => fitsHere(m, standing, { tokens, at, title: options.title === true }));
    const plain = plainAt(book, tokens, at);
    const turn = turnAt(tokens, at);
    // a lone small word is glue even where a title happens to hold it
    const glue = (plain || turn !== null || AND.has(token.text)) && (!match || match.length === 1);
    if (label && (!match || match.length <= label.words.length)) {
      Object.assign(standing, { label: label.key, previous: null, anchored: null });
      at += label.words.length;
    } else if (match && !glue) {
      facts.push(match.writing.key);
      const last = match.writing.modes[match.from + match.length - 1]!;
      const named = match.from + match.length <= match.writing.named;
      Object.assign(standing, { previous: match, anchored: match, label: named ? match.writing.key : null, mode: named ? 'own' : last, loose: last === 'own' || named });
      if (named && last !== 'own') Object.assign(standing, { mode: last, loose: false });
      at += match.length;
    } else if (turn) {
      Object.assign(standing, { mode: turn.mode, loose: false, previous: null, label: null });
      at += turn.length;
    } else if (plain || AND.has(token.text)) {
      standing.previous = null;
      at += 1;
    } else {
      const words = tokens.slice(at, at + 3).map((t) => t.text).join(' ');
      const known = possible[0];
      return refuse(known ? misplaced(words, known.writing.value.slice(0, 80)) : untraced(words));
    }
  }
  if (standing.label !== null && facts.length === 0) return refuse(untraced(text.slice(0, 60)));
  return { text, facts: [...new Set(facts)], refusal: facts.length === 0 ? { code: 'text.says-nothing', data: {} } : null };
}
