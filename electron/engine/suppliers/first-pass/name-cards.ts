import { foldText } from '#kernel/fold-text.ts';
import type { CardPrices } from '../ports.ts';
import type { KnownPrice } from './types.ts';

export type { CardPrices } from '../ports.ts';

/** Words with a blank before, between and behind. */
const plain = (text: string) => ` ${foldText(text).replace(/[^\p{L}\p{N}]+/gu, ' ').trim()} `;

interface Named<T> { readonly name: string; readonly of: T }

/** Entries by the first word of each of their names: a title is held only against those that it may name. */
function byFirstWord<T>(entries: readonly T[], namesOf: (entry: T) => readonly string[]): Map<string, Named<T>[]> {
  const index = new Map<string, Named<T>[]>();
  for (const of of entries) {
    for (const name of new Set(namesOf(of).map(plain))) {
      if (name.trim().length < 3) continue;
      const first = name.slice(1, name.indexOf(' ', 1));
      index.set(first, [...(index.get(first) ?? []), { name, of }]);
    }
  }
  return index;
}

/** The entry with the longest name in the words; null where none, or two of the same length, stand there. */
function longestNamed<T>(index: ReadonlyMap<string, readonly Named<T>[]>, words: string): T | null {
  let best: Named<T> | null = null;
  let rival = false;
  for (const word of new Set(words.trim().split(' '))) {
    for (const named of index.get(word) ?? []) {
      if (named.of === best?.of || !words.includes(named.name) || (best !== null && named.name.length < best.name.length)) continue;
      rival = best !== null && named.name.length === best.name.length;
      best = named;
    }
  }
  return rival ? null : (best?.of ?? null);
}

/** Whether a title may name a game at all, before it is brought to plain words: most lists hold no cards. */
function gamePattern(sets: readonly CardPrices[]): RegExp {
  const words = new Set(sets.flatMap(({ game }) => game.flatMap((name) => [name.split(/[^\p{L}\p{N}]+/u)[0]!, plain(name).split(' ')[1]!])).filter((word) => word !== ''));
  return new RegExp([...words].map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join('|') || '(?!)', 'iu');
}

/** Says of a title which card's price is known: its game, its set and itself must each be named, or there is none rather than a wrong one. */
export function nameCards(sets: readonly CardPrices[]): (title: string) => KnownPrice | null {
  const games = byFirstWord([...new Map(sets.map((set) => [set.game.join('|'), set])).values()], ({ game }) => game);
  const setsOf = new Map([...Map.groupBy(sets, ({ game }) => game.join('|'))].map(([game, own]) => [game, byFirstWord(own, ({ set }) => set)]));
  const cardsOf = new Map(sets.map((set) => [set, byFirstWord(set.cards, ({ names }) => names)]));
  const mayName = gamePattern(sets);
  return (title) => {
    if (!mayName.test(title)) return null;
    const words = plain(title);
    const game = longestNamed(games, words);
    const set = game && longestNamed(setsOf.get(game.game.join('|'))!, words);
    const card = set && longestNamed(cardsOf.get(set)!, words);
    return card && { minor: card.minor, currency: card.currency, by: 'cards', at: set.at, of: card.names[0]! };
  };
}
