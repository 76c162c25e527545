import { z } from 'zod';
import type { AskingPrice, AskingPricesPort, ReferencePrice, ReferencePricePort, UnreadableItem } from '#engine/catalog/ports.ts';
import type { DailyPrices } from './daily-files.ts';

export interface CardMarketOptions {
  readonly daily: DailyPrices;
  /** The interface with an existing key, whose prices are of the hour; null: the daily file's. */
  readonly live: () => ReferencePricePort | null;
}

const MARKET = 'tcgplayer-us';
const gameSchema = z.looseObject({ categoryId: z.int().positive(), name: z.string(), displayName: z.string().nullish() });
const cardSchema = z.looseObject({ productId: z.int().positive(), name: z.string(), cleanName: z.string().nullish(), url: z.string().nullish() });
type Card = z.infer<typeof cardSchema>;

const plain = (text: string) => ` ${text.toLowerCase().normalize('NFKD').replace(/\p{M}+/gu, '').replace(/[^\p{L}\p{N}]+/gu, ' ').trim()} `;

/** The entry with the longest name that stands in the title as whole words; null where none or two of the same length do. */
function named<T>(entries: readonly T[], namesOf: (entry: T) => readonly string[], title: string): T | null {
  const text = plain(title);
  const hits = entries.flatMap((entry) => {
    const length = Math.max(0, ...namesOf(entry).map(plain).filter((name) => name.trim().length > 2 && text.includes(name)).map((name) => name.length));
    return length > 0 ? [{ entry, length }] : [];
  }).toSorted((a, b) => b.length - a.length);
  return hits.length > 0 && hits[0]!.length !== hits[1]?.length ? hits[0]!.entry : null;
}

/** `SWSH01: Sword & Shield` is written without its number by sellers. */
const setNames = (name: string) => [name, name.replace(/^[^:]{1,12}:\s*/, '')];

const FIGURES = [['market', 'market price'], ['low', 'lowest ask'], ['mid', 'middle of the asks'], ['directLow', 'lowest ask sent by the market']] as const;

function asItems(card: Card, prices: readonly ReferencePrice[]): AskingPrice[] {
  return prices.filter((price) => price.externalId === String(card.productId)).flatMap((price) =>
    FIGURES.flatMap(([field, words]) => {
      const amount = price[field];
      return amount ? [{ market: MARKET, listingId: `${card.productId} ${price.printing} ${field}`, url: card.url ?? `https://www.tcgplayer.com/product/${card.productId}`, title: card.name, price: amount, condition: 'unknown' as const, sale: 'fixed' as const, note: `${price.printing}: ${words}` }] : [];
    }));
}

const readAll = <T>(rows: readonly unknown[], schema: z.ZodType<T>) => rows.flatMap((row) => schema.safeParse(row).data ?? []);

/** TCGplayer's prices of the card that a title names: its game, its set and itself must each be named, or there is no answer rather than a wrong one. */
export function cardMarket({ daily, live }: CardMarketOptions): AskingPricesPort {
  const find = async (title: string, signal: AbortSignal | undefined): Promise<{ card: Card; group: { categoryId: number; groupId: number } } | null> => {
    const game = named(readAll(await daily.rows('/tcgplayer/categories', signal), gameSchema), (g) => [g.name, g.displayName ?? g.name], title);
    if (!game) return null;
    const set = named(await daily.groups(game.categoryId, signal), (g) => setNames(g.name), title);
    if (!set) return null;
    const group = { categoryId: game.categoryId, groupId: set.groupId };
    const card = named(readAll(await daily.rows(`/tcgplayer/${group.categoryId}/${group.groupId}/products`, signal), cardSchema), (c) => [c.name, c.cleanName ?? c.name], title);
    return card ? { card, group } : null;
  };
  return {
    connector: 'tcgplayer', market: MARKET,
    async askingPrices(query, call) {
      if (!query.words) throw new RangeError('cards are asked for by their names');
      const unreadable: UnreadableItem[] = [];
      const found = await find(query.words, call?.signal);
      const port = live();
      const prices = !found ? null : port ? await port.referencePrices([String(found.card.productId)], call) : await daily.groupPrices(found.group, call?.signal);
      const items = found && prices ? asItems(found.card, prices.items) : [];
      return { items, total: items.length, unreadable, at: prices?.at ?? daily.now() };
    },
  };
}
