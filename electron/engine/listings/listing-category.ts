import type { z } from 'zod';
import type { listingCategory } from '#contract/selling.ts';
import { loadListing, loadVersion } from './advance-listing.ts';
import { onChannel } from './channels.ts';
import { categoryOn, setCategory, type ChosenCategory } from './choose-category.ts';
import type { ListingsDeps, OnChannel } from './deps.ts';
import { badCategory, wrongState } from './errors.ts';
import type { ListingFacts } from './facts-port.ts';
import { feeCategoryIn } from './fee-category.ts';

interface CategoryView {
  category: z.infer<typeof listingCategory> | null;
}

const leaf = ({ id, name, path }: Pick<ChosenCategory, 'id' | 'name' | 'path'>) => ({ id, name, path: [...path] });

function viewCategory(deps: OnChannel, chosen: ChosenCategory | null, facts: ListingFacts): CategoryView {
  if (!chosen) return { category: null };
  return {
    category: {
      ...leaf(chosen), chosenBy: chosen.chosenBy, treeVersion: chosen.treeVersion, pages: chosen.pages.map(({ id, title }) => ({ id, title })), alternatives: chosen.alternatives.map(leaf), missing: [...chosen.missing],
      aspects: chosen.aspects.map((aspect) => ({ ...aspect, values: [...aspect.values], options: [...aspect.options] })), fees: feeCategoryIn(deps, chosen, facts),
    },
  };
}

export async function readCategory(deps: ListingsDeps, id: string, signal?: AbortSignal): Promise<CategoryView> {
  const listing = await loadListing(deps.ctx.db.prisma, id);
  const facts = await deps.products.facts(listing.productId, listing.channel);
  const here = onChannel(deps, listing.channel);
  return viewCategory(here, await categoryOn(here, { id: listing.productId, facts }, signal), facts);
}

/** @throws DomainError NOT_FOUND, WRONG_STATE, INVALID. */
export async function changeCategory(deps: ListingsDeps, input: { readonly id: string; readonly version: number; readonly categoryId: string; readonly aspects: Readonly<Record<string, readonly string[]>> }): Promise<CategoryView> {
  const listing = await loadVersion(deps.ctx.db.prisma, input.id, input.version);
  if (listing.state !== 'stopped' && listing.state !== 'draft') throw wrongState(listing.state);
  const facts = await deps.products.facts(listing.productId, listing.channel);
  const { taxonomy } = onChannel(deps, listing.channel);
  if (taxonomy === null) throw badCategory('the channel has none to choose');
  await setCategory({ ctx: deps.ctx, taxonomy }, { id: listing.productId, facts }, input);
  return readCategory(deps, input.id);
}
