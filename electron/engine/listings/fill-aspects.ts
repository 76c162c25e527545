import { readSize, readWeight } from '#kernel/measure-text.ts';
import type { ListingFacts } from './facts-port.ts';
import type { CategoryAspect } from './ports.ts';

export interface FilledAspect {
  readonly name: string;
  readonly required: boolean;
  /** Empty: not known. */
  readonly values: readonly string[];
  /** `fact`: known of the product. `title`: one of the channel's own values stands in the title. */
  readonly from: 'person' | 'fact' | 'title' | null;
  /** What the channel offers to choose from, at most 200. */
  readonly options: readonly string[];
  readonly onlyOptions: boolean;
  /** Three sides or a weight of the thing itself, with their unit; never its package's. */
  readonly measured: 'size' | 'weight' | null;
}

/** Aspects that ask for the title of a work, which is what the product's title is. */
const TITLES = new Set(['book title', 'release title', 'movie/tv title']);
/** Aspects whose values mean something else where they stand in a title by chance. */
const NEVER_FROM_TITLE = new Set(['brand', 'mpn', 'upc', 'ean', 'isbn', 'author', 'artist', 'manufacturer']);
const MOST_OPTIONS = 200;

const plain = (text: string) => ` ${text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim()} `;

/** The longest of the channel's values that stands in the title as whole words. */
function valueInTitle(aspect: CategoryAspect, title: string): string | null {
  if (NEVER_FROM_TITLE.has(aspect.name.toLowerCase())) return null;
  const text = plain(title);
  return aspect.values.filter((value) => plain(value).trim() !== '' && text.includes(plain(value))).toSorted((a, b) => b.length - a.length)[0] ?? null;
}

function given(record: Readonly<Record<string, readonly string[]>>, name: string): readonly string[] {
  const found = Object.entries(record).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1] ?? [];
  return found.map((value) => value.trim()).filter((value) => value !== '');
}

const READ = { size: readSize, weight: readWeight } as const;

/** In the channel's own spelling; what it does not offer is dropped where it takes nothing else, and so are measures without a unit. */
function taken(aspect: CategoryAspect, values: readonly string[]): string[] {
  const { measured } = aspect;
  if (measured) return values.filter((value) => READ[measured](value) !== null).slice(0, 1);
  const spelled = values.flatMap((value) => {
    const own = aspect.values.find((option) => plain(option) === plain(value));
    return own ?? (aspect.chosenFromValues ? [] : value);
  });
  const short = spelled.map((value) => (aspect.longest === null ? value : value.slice(0, aspect.longest).trim()));
  return aspect.many ? [...new Set(short)] : short.slice(0, 1);
}

function fillOne(aspect: CategoryAspect, facts: ListingFacts, byPerson: StoredValues): FilledAspect {
  const shared = { name: aspect.name, required: aspect.required, options: aspect.values.slice(0, MOST_OPTIONS), onlyOptions: aspect.chosenFromValues, measured: aspect.measured ?? null };
  const title = valueInTitle(aspect, facts.title);
  const tries: readonly (readonly [FilledAspect['from'], readonly string[]])[] = [
    ['person', given(byPerson, aspect.name)], ['fact', given(facts.aspects, aspect.name)], ['fact', TITLES.has(aspect.name.toLowerCase()) ? [facts.title] : []], ['title', title === null ? [] : [title]],
  ];
  for (const [from, values] of tries) {
    const usable = taken(aspect, values);
    if (usable.length > 0) return { ...shared, values: usable, from };
  }
  return { ...shared, values: [], from: null };
}

type StoredValues = Readonly<Record<string, readonly string[]>>;

/** What the channel asks for in the category, answered from what is known and nothing else. */
export function fillAspects(asked: readonly CategoryAspect[], facts: ListingFacts, byPerson: StoredValues): FilledAspect[] {
  return asked.map((aspect) => fillOne(aspect, facts, byPerson));
}

export const missingAspects = (filled: readonly FilledAspect[]): string[] => filled.filter((aspect) => aspect.required && aspect.values.length === 0).map((aspect) => aspect.name);

/** What is sent: the category's aspects, and what else is known of the product. */
export function sentAspects(filled: readonly FilledAspect[], facts: ListingFacts): Record<string, readonly string[]> {
  const answered = filled.filter((aspect) => aspect.values.length > 0).map((aspect) => [aspect.name, aspect.values] as const);
  const asked = new Set(filled.map((aspect) => aspect.name.toLowerCase()));
  return { ...Object.fromEntries(Object.entries(facts.aspects).filter(([name]) => !asked.has(name.toLowerCase()))), ...Object.fromEntries(answered) };
}
