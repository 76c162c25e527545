import { CATEGORY_IDS, type Category, type Product, type World } from '../../world/types.ts';
import type { Route, VendorRequest, VendorResponse } from '../host.ts';
import { refuse, type EbayError } from './errors.ts';
import type { Shop } from './shop.ts';
import type { Item } from './store.ts';

/** eBay US has tree 0. The version is this market's own. */
const TREE_ID = '0';
const TREE_VERSION = '135';
const ROOT_ID = '0';
const FIRST_LEAF = 900_000;
const MOST_SUGGESTIONS = 5;
/** As the Inventory API takes values of aspects. */
const LONGEST_VALUE = 50;

interface Leaf {
  readonly id: string;
  readonly name: string;
  readonly department: Category;
  /** Names of all leaves of the department. */
  readonly siblings: readonly string[];
}

interface AspectRule {
  readonly name: string;
  readonly required: boolean;
  readonly mode: 'FREE_TEXT' | 'SELECTION_ONLY';
  readonly many?: boolean;
  readonly values?: readonly string[];
  /** What is true of a product; null: nothing to say. */
  readonly of: (product: Product) => string | null;
}

const wordsOf = (text: string) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 1);

/** This market's tree: departments with eBay's own ids, and a leaf for each kind of thing that the world has. */
class Tree {
  readonly leaves: readonly Leaf[];
  readonly #byId: ReadonlyMap<string, Leaf>;
  readonly #byKind: ReadonlyMap<string, Leaf>;
  readonly departmentIds: ReadonlySet<string>;
  readonly colors: readonly string[];

  constructor({ catalog }: World) {
    this.leaves = CATEGORY_IDS.flatMap((id, i) => {
      const nouns = [...new Set(catalog.products.filter((product) => product.category === id).map((product) => product.noun))].toSorted();
      return nouns.map((name, j) => ({ id: String(FIRST_LEAF + i * 100 + j), name, department: catalog.category(id), siblings: nouns }));
    });
    this.#byId = new Map(this.leaves.map((leaf) => [leaf.id, leaf]));
    this.#byKind = new Map(this.leaves.map((leaf) => [`${leaf.department.id} ${leaf.name}`, leaf]));
    this.departmentIds = new Set(this.leaves.map((leaf) => leaf.department.ebay.categoryId));
    this.colors = [...new Set(catalog.products.flatMap((product) => product.color ?? []))].toSorted();
  }

  leaf(id: string): Leaf | undefined {
    return this.#byId.get(id);
  }
  /** Where a product belongs. */
  of(product: Product): Leaf {
    return this.#byKind.get(`${product.category} ${product.noun}`)!;
  }
}

const TREES = new WeakMap<World, Tree>();
function treeOf(world: World): Tree {
  const tree = TREES.get(world) ?? new Tree(world);
  TREES.set(world, tree);
  return tree;
}

/** The leaf that a product belongs in. */
export const leafOf = (world: World, product: Product): string => treeOf(world).of(product).id;

function rulesOf({ colors }: Tree, leaf: Leaf): AspectRule[] {
  const type: AspectRule = { name: 'Type', required: false, mode: 'SELECTION_ONLY', values: leaf.siblings, of: (product) => product.noun };
  if (leaf.department.id === 'books') {
    return [{ name: 'Book Title', required: true, mode: 'FREE_TEXT', of: (product) => product.title.slice(0, LONGEST_VALUE) }, { name: 'Author', required: true, mode: 'FREE_TEXT', of: (product) => product.author }, { ...type, name: 'Topic' }];
  }
  if (leaf.department.id === 'media') return [{ name: 'Release Title', required: true, mode: 'FREE_TEXT', of: (product) => product.title.slice(0, LONGEST_VALUE) }, { name: 'Artist', required: false, mode: 'FREE_TEXT', of: (product) => product.author }];
  return [
    { name: 'Brand', required: true, mode: 'FREE_TEXT', of: (product) => product.brand }, type, { name: 'MPN', required: false, mode: 'FREE_TEXT', of: (product) => product.mpn || null },
    { name: 'Color', required: false, mode: 'FREE_TEXT', many: true, values: colors, of: (product) => product.color },
  ];
}

/** What a seller who knows the product would write. */
export function aspectsOf(world: World, product: Product): Record<string, string[]> {
  const tree = treeOf(world);
  const filled = rulesOf(tree, tree.of(product)).map((rule) => [rule.name, rule.of(product)] as const);
  return Object.fromEntries(filled.flatMap(([name, value]) => (value === null ? [] : [[name, [value]]])));
}

/** Why eBay would not publish the item in the category; null: it would. */
export function categoryFault(world: World, categoryId: string, item: Item): EbayError | null {
  const tree = treeOf(world);
  const leaf = tree.leaf(categoryId);
  if (!leaf) return { errorId: 25005, message: `Invalid category. The category ${categoryId} is not a leaf category.` };
  const given = item.product?.aspects ?? {};
  const lacking = rulesOf(tree, leaf).find((rule) => rule.required && !given[rule.name]?.some((value) => value.trim() !== ''));
  return lacking ? { errorId: 25002, category: 'BUSINESS', message: `A user error has occurred. The item specific ${lacking.name} is missing. Add ${lacking.name} to this listing, enter a valid value, and then try again.`, parameters: [{ name: '0', value: lacking.name }] } : null;
}

const refused = (errorId: number, message: string) => refuse(400, { errorId, domain: 'API_TAXONOMY', message });
const inTree = (handle: (shop: Shop, request: VendorRequest) => VendorResponse) => (shop: Shop, request: VendorRequest) => (request.params['treeId'] === TREE_ID ? handle(shop, request) : refused(62_004, 'The specified category tree ID was not found.'));

function suggest(shop: Shop, { query }: VendorRequest): VendorResponse {
  const words = wordsOf(query.get('q') ?? '');
  if (words.length === 0) return refused(62_007, "Missing keyword 'q'. Please specify a valid set of keywords that best describes your item.");
  const asked = new Set(words);
  // By the words of the category itself, then by where similar things are listed.
  const tree = treeOf(shop.world);
  const named = tree.leaves.map((leaf, index) => ({ leaf, index, hits: wordsOf(leaf.name).filter((word) => asked.has(word)).length, size: wordsOf(leaf.name).length }))
    .filter(({ hits, size }) => hits === size).toSorted((a, b) => b.size - a.size || a.index - b.index).map(({ leaf }) => leaf);
  const similar = shop.world.catalog.search(words.slice(0, 8).join(' '), { limit: 10 }).products.map((product) => tree.of(product));
  const siblings = named[0] ? tree.leaves.filter((leaf) => leaf.department.id === named[0]!.department.id) : [];
  const found = [...new Set([...named, ...similar, ...siblings])].slice(0, MOST_SUGGESTIONS);
  if (found.length === 0) return { status: 204 };
  const base = `/commerce/taxonomy/v1/category_tree/${TREE_ID}/get_category_subtree?category_id=`;
  const node = (categoryId: string, categoryName: string, categoryTreeNodeLevel: number) => ({ categoryId, categoryName, categoryTreeNodeLevel, categorySubtreeNodeHref: base + categoryId });
  return {
    status: 200,
    body: {
      categoryTreeId: TREE_ID, categoryTreeVersion: TREE_VERSION,
      categorySuggestions: found.map((leaf) => ({
        category: { categoryId: leaf.id, categoryName: leaf.name }, categoryTreeNodeLevel: 2, relevancy: '',
        categoryTreeNodeAncestors: [node(leaf.department.ebay.categoryId, leaf.department.ebay.categoryName, 1), node(ROOT_ID, 'Root', 0)],
      })),
    },
  };
}

function listAspects({ world }: Shop, { query }: VendorRequest): VendorResponse {
  const tree = treeOf(world);
  const id = query.get('category_id');
  if (!id) return refused(62_006, 'Missing category ID.');
  const leaf = tree.leaf(id);
  if (id === ROOT_ID) return refused(62_008, 'The specified category ID is the root for the category tree.');
  if (!leaf) return tree.departmentIds.has(id) ? refused(62_009, 'The specified category ID must be a leaf category.') : refused(62_005, 'The specified category ID does not belong to specified category tree.');
  const aspects = rulesOf(tree, leaf).map((rule) => ({
    localizedAspectName: rule.name,
    aspectConstraint: {
      aspectRequired: rule.required, aspectMode: rule.mode, aspectDataType: 'STRING', aspectUsage: rule.required ? 'RECOMMENDED' : 'OPTIONAL', itemToAspectCardinality: rule.many ? 'MULTI' : 'SINGLE', aspectMaxLength: LONGEST_VALUE,
      aspectApplicableTo: ['PRODUCT'], aspectEnabledForVariations: false,
    },
    ...(rule.values ? { aspectValues: rule.values.map((localizedValue) => ({ localizedValue })) } : {}),
  }));
  return { status: 200, body: { aspects } };
}

/** The Commerce Taxonomy API: the calls by which a seller finds a leaf and what it asks for. */
export function taxonomyRoutes(shop: Shop): Route[] {
  const base = '/commerce/taxonomy/v1';
  const get = (pattern: string, name: string, handle: (shop: Shop, request: VendorRequest) => VendorResponse): Route => ({ method: 'GET', pattern: base + pattern, name, handle: (request) => handle(shop, request) });
  return [
    get('/get_default_category_tree_id', 'getDefaultCategoryTreeId', (_shop, { query }) => {
      if (!query.get('marketplace_id')) return refused(62_002, 'Missing marketplace ID.');
      return query.get('marketplace_id') === 'EBAY_US' ? { status: 200, body: { categoryTreeId: TREE_ID, categoryTreeVersion: TREE_VERSION } } : refused(62_003, 'The specified marketplace ID was not found.');
    }),
    get('/category_tree/{treeId}/get_category_suggestions', 'getCategorySuggestions', inTree(suggest)),
    get('/category_tree/{treeId}/get_item_aspects_for_category', 'getItemAspectsForCategory', inTree(listAspects)),
  ];
}
