import { z } from 'zod';
import type { ReferencePrice } from '#engine/catalog/ports.ts';
import type { CardPrices } from '#engine/suppliers/ports.ts';
import type { Instant } from '#kernel/time.ts';
import type { DailyFileStore } from './daily-files.ts';
import { answerSchema, readPrices } from './read-prices.ts';

const gameSchema = z.looseObject({ categoryId: z.int().positive(), name: z.string(), displayName: z.string().nullish() });
const setSchema = z.looseObject({ groupId: z.int().positive(), name: z.string() });
const cardSchema = z.looseObject({ productId: z.int().positive(), name: z.string(), cleanName: z.string().nullish() });

const namesOf = (name: string, other: string | null | undefined) => [...new Set([name, other ?? name])];
/** `SWSH01: Sword & Shield` is written without its number by sellers. */
const setNames = (name: string) => namesOf(name, name.replace(/^[^:]{1,12}:\s*/, ''));

const PRICES = /^\/tcgplayer\/(\d+)\/(\d+)\/prices$/;

/** The cheapest printing's market price of each card: which one a title means is not always said. */
function marketPrices(items: readonly ReferencePrice[]): Map<string, { minor: number; currency: string }> {
  const cheapest = new Map<string, { minor: number; currency: string }>();
  for (const { externalId, market } of items) if (market && !((cheapest.get(externalId)?.minor ?? Infinity) <= market.minor)) cheapest.set(externalId, market);
  return cheapest;
}

/** Sets whose prices were fetched once, out of the files on this disk alone: nothing is asked for. What no longer reads as the site's files do is left out. */
export async function readKeptCards(store: DailyFileStore): Promise<CardPrices[]> {
  const read = async <T>(path: string, schema: z.ZodType<T>): Promise<{ rows: T[]; raw: readonly unknown[]; at: Instant }> => {
    const file = await store.get(path);
    const raw = file === null ? [] : (answerSchema.safeParse(JSON.parse(file.text)).data?.results ?? []);
    return { rows: raw.flatMap((row) => schema.safeParse(row).data ?? []), raw, at: file?.fetchedAt ?? 0 };
  };
  const priced = (await store.paths()).flatMap((path) => (PRICES.test(path) ? [PRICES.exec(path)!] : []));
  if (priced.length === 0) return [];
  const games = new Map((await read('/tcgplayer/categories', gameSchema)).rows.map((game) => [String(game.categoryId), game]));
  const sets: CardPrices[] = [];
  for (const [path, categoryId = '', groupId = ''] of priced) {
    const game = games.get(categoryId);
    const set = (await read(`/tcgplayer/${categoryId}/groups`, setSchema)).rows.find((one) => String(one.groupId) === groupId);
    if (!game || !set) continue;
    const { raw, at } = await read(path, z.unknown());
    const items: ReferencePrice[] = [];
    readPrices(raw, items, []);
    const prices = marketPrices(items);
    const cards = (await read(`/tcgplayer/${categoryId}/${groupId}/products`, cardSchema)).rows.flatMap((card) => {
      const price = prices.get(String(card.productId));
      return price ? [{ names: namesOf(card.name, card.cleanName), ...price }] : [];
    });
    sets.push({ game: namesOf(game.name, game.displayName), set: setNames(set.name), at, cards });
  }
  return sets;
}
