import { fallsOf, learnSeasons, SEASON_DAYS, SEASON_OF_ALL, type FallHistory, type LearnedSeason } from '#engine/pricing/index.ts';
import { DAY_MS, type Instant } from '#kernel/time.ts';
import type { World } from '#practice/world/index.ts';

/** As many as the desk looks at in a category (`flows/learn-seasons.ts`). */
const MOST_PRODUCTS = 40;

/** How the year goes in a category of this world, as a desk learns it from the data vendor's rank histories; nothing of the world's own seasons is told. None of it with `RESALE_BENCH_NO_SEASON`, to see what it brings. */
export function learnWorldSeasons(world: World, { products, at }: { readonly products: number; readonly at: Instant }): (productId: number) => LearnedSeason | null {
  if (process.env['RESALE_BENCH_NO_SEASON']) return () => null;
  const histories = new Map<string, FallHistory[]>();
  for (let id = 0; id < products; id++) {
    const { category, kind } = world.catalog.byId(id);
    const known = histories.get(category) ?? [];
    if (kind !== 'ordinary' || known.length >= MOST_PRODUCTS) continue;
    const falls = fallsOf(world.market.history(id, 'salesRank', { from: at - (SEASON_DAYS + 1) * DAY_MS, to: at }), at);
    if (falls) histories.set(category, [...known, { category, falls }]);
  }
  const learned = new Map(learnSeasons([...histories.values()].flat(), at).map((season) => [season.category, season]));
  return (productId) => learned.get(world.catalog.byId(productId).category) ?? learned.get(SEASON_OF_ALL) ?? null;
}
