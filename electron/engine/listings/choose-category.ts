import { z } from 'zod';
import { DomainError } from '#kernel/errors.ts';
import { DAY_MS } from '#kernel/time.ts';
import type { EngineContext } from '#runtime/ports.ts';
import { findChoice, findTaxonomy, forgetOtherVersions, keepTaxonomy, saveChoice, type StoredChoice, type TaxonomyKind } from './category-store.ts';
import type { OnChannel } from './deps.ts';
import type { ListingFacts } from './facts-port.ts';
import { fillAspects, missingAspects, type FilledAspect } from './fill-aspects.ts';
import type { CataloguePage, CategoryAspect, CategoryPort, SuggestedCategory } from './ports.ts';

/** The version of the tree is asked for again after this; while it stays, nothing else is. */
const TREE_HOLDS_MS = DAY_MS;

export interface CategoryDeps {
  readonly ctx: EngineContext;
  readonly taxonomy: CategoryPort;
}

/** Where a product is listed at the channel, and what is known of what the channel asks for there. */
export interface ChosenCategory {
  readonly id: string;
  readonly name: string;
  readonly path: readonly string[];
  readonly chosenBy: 'suggested' | 'person';
  readonly treeVersion: string;
  /** Other leaves that fit the words, likeliest first. */
  readonly alternatives: readonly SuggestedCategory[];
  readonly aspects: readonly FilledAspect[];
  /** Required, and not known: nothing is published until a person gives them. */
  readonly missing: readonly string[];
  /** Pages of the channel's own catalogue that the product's codes name. One: the offer joins it, and nothing is asked. Empty: it is listed by itself. */
  readonly pages: readonly CataloguePage[];
}

const treeSchema = z.strictObject({ id: z.string(), version: z.string() });
const suggestionsSchema = z.array(z.strictObject({ id: z.string(), name: z.string(), path: z.array(z.string()) }));
const aspectsSchema = z.array(z.strictObject({ name: z.string(), required: z.boolean(), recommended: z.boolean(), chosenFromValues: z.boolean(), many: z.boolean(), longest: z.int().nullable(), values: z.array(z.string()) })).nullable();

/** The channel's tree as it stands, at most a day old. A new version makes all else be asked anew. */
async function readTree({ ctx, taxonomy }: CategoryDeps, signal: AbortSignal | undefined): Promise<{ id: string; version: string }> {
  const place = { channel: taxonomy.market, kind: 'tree' as const, key: '' };
  const kept = await findTaxonomy(ctx.db, place);
  const known = kept && ctx.clock.now() - kept.fetchedAt < TREE_HOLDS_MS ? treeSchema.safeParse(kept.body) : null;
  if (known?.success) return known.data;
  const tree = await taxonomy.tree({ signal });
  await ctx.db.transaction(async (tx) => {
    await keepTaxonomy(tx, place, { treeVersion: tree.version, body: tree, fetchedAt: ctx.clock.now() });
    await forgetOtherVersions(tx, taxonomy.market, tree.version);
  });
  return tree;
}

interface Asked<T> {
  readonly kind: TaxonomyKind;
  readonly key: string;
  readonly schema: z.ZodType<T>;
  readonly ask: () => Promise<T>;
}

/** From what is kept of this version of the tree, or asked once and kept. */
async function readKept<T>({ ctx, taxonomy }: CategoryDeps, version: string, asked: Asked<T>): Promise<T> {
  const place = { channel: taxonomy.market, kind: asked.kind, key: asked.key };
  const kept = await findTaxonomy(ctx.db, place);
  const known = kept?.treeVersion === version ? asked.schema.safeParse(kept.body) : null;
  if (known?.success) return known.data;
  const body = await asked.ask();
  await ctx.db.transaction((tx) => keepTaxonomy(tx, place, { treeVersion: version, body, fetchedAt: ctx.clock.now() }));
  return body;
}

const wordsOf = (facts: ListingFacts) => facts.title.replace(/\s+/g, ' ').trim().slice(0, 120);

function suggestionsFor(deps: CategoryDeps, tree: { id: string; version: string }, given: { readonly words: string; readonly signal: AbortSignal | undefined }): Promise<SuggestedCategory[]> {
  const { words, signal } = given;
  return readKept(deps, tree.version, {
    kind: 'suggestions', key: words.toLowerCase(), schema: suggestionsSchema,
    ask: async () => (await deps.taxonomy.suggest(tree.id, words, { signal })).suggestions.map(({ id, name, path }) => ({ id, name, path: [...path] })),
  });
}

function aspectsIn(deps: CategoryDeps, tree: { id: string; version: string }, given: { readonly categoryId: string; readonly signal: AbortSignal | undefined }): Promise<CategoryAspect[] | null> {
  const { categoryId, signal } = given;
  return readKept(deps, tree.version, {
    kind: 'aspects', key: categoryId, schema: aspectsSchema,
    ask: async () => (await deps.taxonomy.aspects(tree.id, categoryId, { signal }))?.map((aspect) => ({ ...aspect, values: [...aspect.values] })) ?? null,
  });
}

/**
 * The leaf that a person chose, or else the channel's first suggestion for the title that is a leaf still; kept, so that the same product goes to the same place
 * until the tree changes. Null: the channel suggests nothing.
 */
export async function chooseCategory(deps: CategoryDeps, product: { readonly id: string; readonly facts: ListingFacts }, signal?: AbortSignal): Promise<ChosenCategory | null> {
  const { ctx, taxonomy } = deps;
  const pages = (await taxonomy.pagesOf?.({ gtins: product.facts.gtins, knownPage: product.facts.page ?? null }, { signal })) ?? [];
  if (pages[0]) return { ...pages[0].category, chosenBy: 'suggested', treeVersion: '', alternatives: [], aspects: [], missing: [], pages };
  const tree = await readTree(deps, signal);
  const [stored, suggestions] = await Promise.all([findChoice(ctx.db, taxonomy.market, product.id), suggestionsFor(deps, tree, { words: wordsOf(product.facts), signal })]);
  const standing = stored && (stored.chosenBy === 'person' || stored.treeVersion === tree.version) ? [{ id: stored.categoryId, name: stored.name, path: [...stored.path] }] : [];
  for (const leaf of [...standing, ...suggestions.filter((s) => s.id !== standing[0]?.id)]) {
    const asked = await aspectsIn(deps, tree, { categoryId: leaf.id, signal });
    if (asked === null) continue;
    const chosenBy = stored?.chosenBy === 'person' && stored.categoryId === leaf.id ? 'person' : 'suggested';
    if (stored?.categoryId !== leaf.id || stored.treeVersion !== tree.version) {
      const choice: StoredChoice = { channel: taxonomy.market, productId: product.id, categoryId: leaf.id, name: leaf.name, path: leaf.path, chosenBy, treeVersion: tree.version, aspects: stored?.aspects ?? {}, chosenAt: ctx.clock.now() };
      await ctx.db.transaction((tx) => saveChoice(tx, choice));
    }
    const aspects = fillAspects(asked, product.facts, stored?.aspects ?? {});
    return { id: leaf.id, name: leaf.name, path: leaf.path, chosenBy, treeVersion: tree.version, alternatives: suggestions.filter((s) => s.id !== leaf.id), aspects, missing: missingAspects(aspects), pages: [] };
  }
  return null;
}

/** The same for a channel that may ask for no category at all: null too. */
export async function categoryOn(deps: OnChannel, product: { readonly id: string; readonly facts: ListingFacts }, signal?: AbortSignal): Promise<ChosenCategory | null> {
  return deps.taxonomy === null ? null : chooseCategory({ ctx: deps.ctx, taxonomy: deps.taxonomy }, product, signal);
}

/** A person's word: another leaf of the suggested ones, values for what the channel asks, or both. @throws DomainError INVALID */
export async function setCategory(deps: CategoryDeps, product: { readonly id: string; readonly facts: ListingFacts }, said: { readonly categoryId: string; readonly aspects: Readonly<Record<string, readonly string[]>> }): Promise<void> {
  const { ctx, taxonomy } = deps;
  const now = await chooseCategory(deps, product);
  if (now && now.pages.length > 0) throw new DomainError('INVALID', 'The channel’s own page of the product says its category.', { field: 'categoryId', reason: 'page-decides' });
  const leaf = now && [{ id: now.id, name: now.name, path: now.path }, ...now.alternatives].find((candidate) => candidate.id === said.categoryId);
  if (!leaf) throw new DomainError('INVALID', `The channel does not suggest the category ${said.categoryId} for this.`, { field: 'categoryId', reason: 'not-suggested' });
  const before = await findChoice(ctx.db, taxonomy.market, product.id);
  const aspects = Object.fromEntries(Object.entries({ ...before?.aspects, ...said.aspects }).filter(([, values]) => values.length > 0));
  await ctx.db.transaction((tx) => saveChoice(tx, { channel: taxonomy.market, productId: product.id, categoryId: leaf.id, name: leaf.name, path: leaf.path, chosenBy: 'person', treeVersion: now.treeVersion, aspects, chosenAt: ctx.clock.now() }));
}
