import { z } from 'zod';
import type { CategoryAspect, CategoryPort, CategorySuggestions } from '#engine/listings/ports.ts';
import { isConnectorError } from '#kernel/errors.ts';
import type { EbayClient } from './ebay-client.ts';

const maybe = <T extends z.ZodType>(schema: T) => schema.nullish();
const category = z.looseObject({ categoryId: z.string().min(1), categoryName: z.string() });

export const treeSchema = z.looseObject({ categoryTreeId: z.string().min(1), categoryTreeVersion: z.string() });
export const suggestionsSchema = z.looseObject({
  categoryTreeVersion: maybe(z.string()),
  categorySuggestions: maybe(z.array(z.looseObject({ category, categoryTreeNodeAncestors: maybe(z.array(z.looseObject({ categoryId: maybe(z.string()), categoryName: maybe(z.string()), categoryTreeNodeLevel: maybe(z.int()) }))) }))),
});
export const aspectsSchema = z.looseObject({
  aspects: maybe(z.array(z.looseObject({
    localizedAspectName: z.string().min(1),
    aspectConstraint: maybe(z.looseObject({ aspectRequired: maybe(z.boolean()), aspectMode: maybe(z.string()), aspectMaxLength: maybe(z.int()), itemToAspectCardinality: maybe(z.string()), aspectUsage: maybe(z.string()) })),
    aspectValues: maybe(z.array(z.looseObject({ localizedValue: maybe(z.string()) }))),
  }))),
});

/** "The specified category ID does not belong to specified category tree", and "... is not a leaf": errors of `getItemAspectsForCategory`. */
const NO_LEAF = new Set(['62005', '62008', '62009']);
/** The search takes words as a buyer would type them; longer titles add noise. */
const MOST_CHARACTERS = 120;

function readSuggestions(body: z.infer<typeof suggestionsSchema> | null): CategorySuggestions {
  return {
    treeVersion: body?.categoryTreeVersion ?? null,
    suggestions: (body?.categorySuggestions ?? []).map((entry) => ({
      id: entry.category.categoryId, name: entry.category.categoryName,
      // eBay lists ancestors from the parent up to the root, whose name says nothing.
      path: (entry.categoryTreeNodeAncestors ?? []).filter((node) => node.categoryTreeNodeLevel !== 0).map((node) => node.categoryName ?? '').filter((name) => name !== '').toReversed(),
    })),
  };
}

function readAspects(body: z.infer<typeof aspectsSchema> | null): CategoryAspect[] {
  return (body?.aspects ?? []).map((aspect) => {
    const rule = aspect.aspectConstraint;
    return {
      name: aspect.localizedAspectName, required: rule?.aspectRequired === true, recommended: rule?.aspectUsage === 'RECOMMENDED', chosenFromValues: rule?.aspectMode === 'SELECTION_ONLY',
      many: rule?.itemToAspectCardinality === 'MULTI', longest: rule?.aspectMaxLength ?? null, values: (aspect.aspectValues ?? []).map((v) => v.localizedValue ?? '').filter((v) => v !== ''),
    };
  });
}

const treePath = (treeId: string, verb: string) => `/category_tree/${encodeURIComponent(treeId)}/${verb}`;

/** eBay's Commerce Taxonomy API, v1, with the application's own token: no seller's consent is needed. */
export function createTaxonomy(client: EbayClient): CategoryPort {
  const base = '/commerce/taxonomy/v1';
  const get = <T>(operation: string, path: string, given: { schema: z.ZodType<T>; query: Record<string, string>; signal: AbortSignal | undefined }) =>
    client.send('commerceTaxonomy', { operation, method: 'GET', path: base + path, effect: 'read', ...given });
  return {
    connector: client.connector, market: client.market,
    async tree(call) {
      const { body } = await get('read category tree', '/get_default_category_tree_id', { schema: treeSchema, query: { marketplace_id: client.site.marketplaceId }, signal: call?.signal });
      return { id: body.categoryTreeId, version: body.categoryTreeVersion };
    },
    async suggest(treeId, words, call) {
      // 204: there is no suggestion.
      const { body } = await get('suggest categories', treePath(treeId, 'get_category_suggestions'), { schema: suggestionsSchema.nullable(), query: { q: words.slice(0, MOST_CHARACTERS) }, signal: call?.signal });
      return readSuggestions(body);
    },
    async aspects(treeId, categoryId, call) {
      try {
        const { body } = await get('read aspects', treePath(treeId, 'get_item_aspects_for_category'), { schema: aspectsSchema.nullable(), query: { category_id: categoryId }, signal: call?.signal });
        return readAspects(body);
      } catch (error) {
        if (isConnectorError(error, 'Rejected') && NO_LEAF.has(error.detail.code ?? '')) return null;
        throw error;
      }
    },
  };
}
