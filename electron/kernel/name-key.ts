import { foldText } from './fold-text.ts';

/** Latin look-alikes in Cyrillic and Greek, by which a name is written that reads the same. */
const LOOKS: Readonly<Record<string, string>> = Object.fromEntries([...'авеѕіјкмнорстухԛԝαβεικνορτυχ'].map((letter, at) => [letter, [...'abesijkmhopctyxqwabeiknoptux'][at]!]));

/** The same for two ways of writing a name: without case, accents, marks such as ® and ™, punctuation, what cannot be seen, and look-alikes of Latin letters. */
export function nameKey(text: string): string {
  const folded = foldText(text.replace(/[®™©℠]/g, ' ')).replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
  // a name of signs alone is none but itself
  if (folded === '') return text.trim();
  return /[a-z]/.test(folded) ? folded.replace(/[\u0370-\u052f]/g, (letter) => LOOKS[letter] ?? letter) : folded;
}

const sets = new WeakMap<readonly string[], ReadonlyMap<string, string>>();

/** The one of `names` that `name` is another way of writing of; null: none. Asked often over the same list, which must not change. */
export function namedIn(names: readonly string[], name: string): string | null {
  const known = sets.get(names) ?? new Map(names.map((one) => [nameKey(one), one]));
  sets.set(names, known);
  return known.get(nameKey(name)) ?? null;
}
