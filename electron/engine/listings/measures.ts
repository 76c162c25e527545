import type { z } from 'zod';
import type { listingMeasures } from '#contract/selling.ts';
import { getLot } from '../inventory/index.ts';
import { loadListing, loadVersion } from './advance-listing.ts';
import { onChannel } from './channels.ts';
import { categoryOn, type ChosenCategory } from './choose-category.ts';
import type { ListingsDeps, OnChannel } from './deps.ts';
import { badMeasure, wrongState } from './errors.ts';
import type { ListingFacts, ProductMeasures } from './facts-port.ts';
import type { DemandedMeasures } from './ports.ts';
import { liesWith } from './warehouses.ts';

type View = z.infer<typeof listingMeasures>;
const NOTHING: DemandedMeasures = { size: false, weight: false };
const UNKNOWN: ProductMeasures = { lengthMm: null, widthMm: null, heightMm: null, weightG: null };

const knownOf = (facts: Pick<ListingFacts, 'measures' | 'package'>): ProductMeasures => facts.measures ?? facts.package ?? UNKNOWN;

/** What a page in this category cannot be made without; nothing where the offer joins a page that stands. */
export async function demandedMeasures({ taxonomy }: OnChannel, category: Pick<ChosenCategory, 'id' | 'pages'> | null, signal?: AbortSignal): Promise<DemandedMeasures> {
  return (category && category.pages.length === 0 && (await taxonomy?.measures?.(category.id, { signal }))) || NOTHING;
}

/** Of what is demanded, what nobody has measured yet. */
export function missingMeasures(demanded: DemandedMeasures, facts: Pick<ListingFacts, 'measures' | 'package'>): ('size' | 'weight')[] {
  const { lengthMm, widthMm, heightMm, weightG } = knownOf(facts);
  return [...(demanded.size && !(lengthMm && widthMm && heightMm) ? (['size'] as const) : []), ...(demanded.weight && !weightG ? (['weight'] as const) : [])];
}

/** What is known of the package, what is asked for here, and why: the category asks for it (`category`), or the channel's fees for sending go by it (`fees`). */
export async function readMeasures(deps: ListingsDeps, id: string, signal?: AbortSignal): Promise<View> {
  const { prisma } = deps.ctx.db;
  const listing = await loadListing(prisma, id);
  const [facts, lot] = await Promise.all([deps.products.facts(listing.productId, listing.channel), getLot(prisma, listing.lotId)]);
  const there = liesWith(lot.location, listing.channel);
  const here = onChannel(deps, listing.channel);
  const category = here.taxonomy?.measures ? await categoryOn(here, { id: listing.productId, facts }, signal) : null;
  const byCategory = await demandedMeasures(here, category, signal);
  const demanded = there ? { size: true, weight: true } : byCategory;
  return { known: { ...knownOf(facts) }, demanded: { ...demanded }, why: byCategory.size || byCategory.weight ? 'category' : there ? 'fees' : null, category: category?.name ?? null, missing: missingMeasures(demanded, facts) };
}

/** A person measured the package. It holds for the product, on every channel; publishing is another step. @throws DomainError NOT_FOUND, WRONG_STATE, INVALID. */
export async function setMeasures(deps: ListingsDeps, input: { readonly id: string; readonly version: number } & { readonly [Measure in keyof ProductMeasures]?: number | undefined }): Promise<View> {
  const listing = await loadVersion(deps.ctx.db.prisma, input.id, input.version);
  if (listing.state === 'ended' || listing.state === 'ending') throw wrongState(listing.state);
  const { lengthMm, widthMm, heightMm, weightG } = input;
  const sides = [lengthMm, widthMm, heightMm].map((side) => side ?? null);
  if (sides.some((side) => side === null) && sides.some((side) => side !== null)) throw badMeasure('size', 'all three sides are needed');
  if (sides.every((side) => side === null) && (weightG ?? null) === null) throw badMeasure('size', 'nothing was given');
  await deps.products.measure(listing.productId, { lengthMm: sides[0] ?? null, widthMm: sides[1] ?? null, heightMm: sides[2] ?? null, weightG: weightG ?? null });
  return readMeasures(deps, input.id);
}
