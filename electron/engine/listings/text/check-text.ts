import type { CheckedLine, PlainText } from '#contract/listing-texts.ts';
import type { Reason } from '#contract/shared.ts';
import { cleanTitle, mayStandFor } from './clean-title.ts';
import { openFactBook, type TextFacts } from './fact-book.ts';
import { findForbidden } from './find-forbidden.ts';
import type { TextLanguage, TextLimits } from './rules.ts';
import { sentencesOf } from './tokens.ts';
import { traceSentence } from './trace-claims.ts';

export interface CheckGiven {
  readonly about: TextFacts;
  readonly language: TextLanguage;
  readonly limits: TextLimits;
  readonly market: string;
}

const tooLong = (length: number, most: number): Reason => ({ code: 'text.too-long', data: { length, most } });

interface Asked { readonly part: CheckedLine['part']; readonly text: string; readonly most: number }

function checkOne({ part, text, most }: Asked, { about, language, limits, market }: CheckGiven): CheckedLine {
  const plain = text.trim();
  const refused = (refusal: Reason, vouchable = false): CheckedLine => ({ part, text: plain, facts: [], refusal, vouchable });
  if (plain.length > most) return refused(tooLong(plain.length, most));
  const clean = cleanTitle(about.facts.title, market);
  const forbidden = findForbidden(plain, { market, codes: about.facts.gtins, ...(part === 'title' || plain === about.facts.title || plain === clean ? { name: about.facts.title } : {}) });
  if (forbidden) return refused(forbidden);
  const character = part === 'title' ? [...limits.titleForbids].find((c) => plain.includes(c)) : undefined;
  if (character !== undefined) return refused({ code: 'text.character', data: { character } });
  const book = openFactBook(about, language, clean !== about.facts.title && mayStandFor(about.facts.title) ? [clean] : []);
  const traced = sentencesOf(plain).map((sentence) => traceSentence(sentence, book, { title: part === 'title' }));
  const broken = traced.find((sentence) => sentence.refusal !== null);
  if (broken) return refused(broken.refusal!, true);
  return { part, text: plain, facts: [...new Set(traced.flatMap((sentence) => sentence.facts))], refusal: null, vouchable: false };
}

/** Every line of a text, each with the facts that it says or why it may not stand. Empty lines are left out; the whole must fit the channel. */
export function checkText(text: PlainText, given: CheckGiven): CheckedLine[] {
  const { limits } = given;
  const asked: Asked[] = [
    { part: 'title', text: text.title, most: limits.title }, ...text.lines.map((line): Asked => ({ part: 'line', text: line, most: limits.description })),
    ...text.bullets.map((line): Asked => ({ part: 'bullet', text: line, most: limits.bulletCharacters })),
    ...(text.conditionNote.trim() === '' ? [] : [{ part: 'condition-note', text: text.conditionNote, most: limits.conditionNote } as const]),
  ];
  const checked = asked.filter(({ part, text: line }) => part === 'title' || line.trim() !== '').map((line) => checkOne(line, given));
  let length = 0;
  let bullets = 0;
  return checked.map((line) => {
    if (line.part === 'bullet') bullets += 1;
    if (line.part === 'bullet' && bullets > limits.bullets && line.refusal === null) return { ...line, refusal: { code: 'text.too-many-bullets', data: { most: limits.bullets } } };
    if (line.part !== 'line') return line;
    length += line.text.length + 9;
    return length > limits.description && line.refusal === null ? { ...line, refusal: tooLong(length, limits.description) } : line;
  });
}

/** What a machine wrote, without what could not be traced; null where no title or nothing else is left. */
export function keepTraced(text: PlainText, given: CheckGiven): { readonly text: PlainText; readonly checked: readonly CheckedLine[] } | null {
  const checked = checkText(text, given);
  const kept = checked.filter((line) => line.refusal === null);
  const of = (part: CheckedLine['part']) => kept.filter((line) => line.part === part).map((line) => line.text);
  const title = of('title')[0];
  const lines = of('line');
  return title === undefined || lines.length === 0 ? null : { text: { title, lines, bullets: of('bullet'), conditionNote: of('condition-note')[0] ?? '' }, checked };
}

const escaped = (text: string) => text.replace(/[\p{Cc}\p{Cf}<>]+/gu, ' ').replace(/\s+/gu, ' ').trim().replaceAll('&', '&amp;').replaceAll('"', '&quot;');

const named = (line: string) => /^[^:：.]{1,40}\s?[:：]\s\S/u.test(line);

/** The lines as the little HTML that every channel permits: `Name: value` lines are a list. */
export function renderDescription(text: Pick<PlainText, 'lines'>, language: TextLanguage): string {
  const said = text.lines.map((line) => ({ line: escaped(line), item: named(line) })).filter(({ line }) => line !== '');
  const html = said.map(({ line, item }, i) => (item ? `${i === 0 || !said[i - 1]!.item ? '<ul>' : ''}<li>${line}</li>${said[i + 1]?.item ? '' : '</ul>'}` : `<p>${line}</p>`)).join('');
  return language === 'ar' ? `<div dir="rtl">${html}</div>` : html;
}
