import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '#kernel/time.ts';
import { createTestRuntime, type TestRuntime } from '#runtime/testing.ts';
import { readFeeCards } from '../pricing/index.ts';
import { chooseCategory, setCategory, type CategoryDeps } from './choose-category.ts';
import type { ListingFacts } from './facts-port.ts';
import { feeCategoryIn } from './fee-category.ts';
import { fillAspects, missingAspects, sentAspects } from './fill-aspects.ts';
import type { CategoryAspect, CategoryPort, SuggestedCategory } from './ports.ts';

const facts: ListingFacts = { title: 'Bosch GSR 12V Cordless Drill, Blue', brand: 'Bosch', mpn: 'GSR12', gtins: [], imageUrls: [], category: 'tools', aspects: { Brand: ['Bosch'], MPN: ['GSR12'] }, package: null };
const aspect = (name: string, over: Partial<CategoryAspect> = {}): CategoryAspect => ({ name, required: false, recommended: false, chosenFromValues: false, many: false, longest: 65, values: [], ...over });
const DRILLS: SuggestedCategory = { id: '1', name: 'Cordless Drills', path: ['Home & Garden', 'Power Tools'] };
const DRIVERS: SuggestedCategory = { id: '2', name: 'Drill Drivers', path: ['Home & Garden', 'Power Tools'] };

const page = (id: string) => ({ id, title: `Page ${id}`, category: { id: 'DRILL', name: 'Drills', path: [] } });

/** A channel's tree that a test changes, and what it was asked. */
class Tree implements CategoryPort {
  readonly connector = 'ebay';
  readonly market = 'ebay-us';
  version = '1';
  suggestions: SuggestedCategory[] = [DRILLS, DRIVERS];
  aspectsOf: Record<string, CategoryAspect[]> = { '1': [aspect('Brand', { required: true }), aspect('Type', { required: true, chosenFromValues: true, values: ['Cordless Drill', 'Impact Driver'] })], '2': [aspect('Brand', { required: true }), aspect('Voltage', { required: true })] };
  readonly asked: string[] = [];
  tree = async () => (this.asked.push('tree'), { id: '0', version: this.version });
  suggest = async (_tree: string, words: string) => (this.asked.push(`suggest ${words}`), { treeVersion: this.version, suggestions: this.suggestions });
  aspects = async (_tree: string, id: string) => (this.asked.push(`aspects ${id}`), this.aspectsOf[id] ?? null);
}

let runtime: TestRuntime;
let tree: Tree;
let deps: CategoryDeps;
const product = { id: 'prd_1', facts };
beforeEach(async () => {
  runtime = await createTestRuntime();
  tree = new Tree();
  deps = { ctx: runtime.context, taxonomy: tree };
});
afterEach(() => runtime.close());

describe('the category of a listing', () => {
  it('is the first leaf that the channel suggests, with what it asks for filled from facts; asked once while the tree stays', async () => {
    const chosen = await chooseCategory(deps, product);
    expect(chosen).toMatchObject({ id: '1', chosenBy: 'suggested', treeVersion: '1', alternatives: [DRIVERS], missing: [], aspects: [{ name: 'Brand', values: ['Bosch'], from: 'fact' }, { name: 'Type', values: ['Cordless Drill'], from: 'title' }] });
    runtime.clock.advanceTo(runtime.clock.now() + 23 * HOUR_MS);
    expect(await chooseCategory(deps, product)).toEqual(chosen);
    expect(tree.asked).toEqual(['tree', `suggest ${facts.title}`, 'aspects 1']);
  });

  it('is asked for anew when the tree has another version, and not before', async () => {
    await chooseCategory(deps, product);
    runtime.clock.advanceTo(runtime.clock.now() + DAY_MS);
    await chooseCategory(deps, product);
    expect(tree.asked.slice(3)).toEqual(['tree']);
    tree.version = '2';
    delete tree.aspectsOf['1'];
    runtime.clock.advanceTo(runtime.clock.now() + DAY_MS);
    expect(await chooseCategory(deps, product)).toMatchObject({ id: '2', treeVersion: '2', missing: ['Voltage'] });
    expect(tree.asked.slice(4)).toEqual(['tree', `suggest ${facts.title}`, 'aspects 1', 'aspects 2']);
    expect(await runtime.db.prisma.channelTaxonomy.count({ where: { treeVersion: '1' } })).toBe(0);
  });

  it('is that of the product’s page where the channel has a catalogue of its own: nothing is asked, and nothing chosen', async () => {
    const pages = [page('B01')];
    const askedFor: unknown[] = [];
    const catalogue: CategoryDeps = { ...deps, taxonomy: { ...tree, connector: 'a', market: 'amazon-us', pagesOf: async (codes) => (askedFor.push(codes), pages) } };
    const known = { id: 'prd_1', facts: { ...facts, gtins: ['4006381333931'], page: 'B01' } };
    expect(await chooseCategory(catalogue, known)).toMatchObject({ id: 'DRILL', missing: [], aspects: [], pages: [{ id: 'B01' }] });
    expect(askedFor).toEqual([{ gtins: ['4006381333931'], knownPage: 'B01' }]);
    await expect(setCategory(catalogue, known, { categoryId: '2', aspects: {} })).rejects.toMatchObject({ code: 'INVALID', data: { reason: 'page-decides' } });
    pages.push(page('B02'));
    expect((await chooseCategory(catalogue, known))!.pages).toHaveLength(2);
    expect(tree.asked).toEqual([]);
    pages.length = 0;
    expect(await chooseCategory(catalogue, known)).toMatchObject({ id: '1', pages: [] });
  });

  it('is a person’s where a person said so, with the values that were given, also after the tree changes', async () => {
    await setCategory(deps, product, { categoryId: '2', aspects: { Voltage: ['12 V'] } });
    expect(await chooseCategory(deps, product)).toMatchObject({ id: '2', chosenBy: 'person', missing: [], aspects: [{ name: 'Brand' }, { name: 'Voltage', values: ['12 V'], from: 'person' }], alternatives: [DRILLS] });
    tree.version = '2';
    runtime.clock.advanceTo(runtime.clock.now() + DAY_MS);
    expect(await chooseCategory(deps, product)).toMatchObject({ id: '2', chosenBy: 'person', missing: [] });
    await expect(setCategory(deps, product, { categoryId: '9', aspects: {} })).rejects.toMatchObject({ code: 'INVALID', data: { reason: 'not-suggested' } });
  });

  it('is none where the channel suggests none', async () => {
    tree.suggestions = [];
    expect(await chooseCategory(deps, product)).toBeNull();
  });
});

describe('aspects', () => {
  it('are answered by facts alone: in the channel’s spelling, never longer than it takes, and left open where nothing is known', () => {
    const asked = [
      aspect('brand', { required: true, values: ['BOSCH', 'Makita'] }), aspect('Color', { values: ['Blue', 'Black'], many: true }), aspect('Voltage', { required: true }), aspect('Book Title', { longest: 9 }),
      aspect('Type', { required: true, chosenFromValues: true, values: ['Hammer'] }), aspect('Author', { values: ['Blue'] }),
    ];
    const filled = fillAspects(asked, facts, { Type: ['a drill'] });
    expect(filled.map((a) => [a.name, a.values, a.from])).toEqual([['brand', ['BOSCH'], 'fact'], ['Color', ['Blue'], 'title'], ['Voltage', [], null], ['Book Title', ['Bosch GSR'], 'fact'], ['Type', [], null], ['Author', [], null]]);
    expect(missingAspects(filled)).toEqual(['Voltage', 'Type']);
    expect(sentAspects(filled, facts)).toEqual({ MPN: ['GSR12'], brand: ['BOSCH'], Color: ['Blue'], 'Book Title': ['Bosch GSR'] });
  });

  it('that are a size or a weight of the thing are kept with their unit, asked for without one, and never taken from its package', () => {
    const asked = [aspect('Item Dimensions', { required: true, measured: 'size' }), aspect('Item Weight', { required: true, measured: 'weight' })];
    const boxed = { ...facts, package: { lengthMm: 300, widthMm: 200, heightMm: 100, weightG: 900 }, measures: { lengthMm: 300, widthMm: 200, heightMm: 100, weightG: 900 } };
    expect(missingAspects(fillAspects(asked, boxed, { 'Item Dimensions': ['30 x 20 x 10'], 'Item Weight': ['900'] }))).toEqual(['Item Dimensions', 'Item Weight']);
    expect(fillAspects(asked, { ...boxed, aspects: { 'Item Weight': ['0.8 kg'] } }, { 'Item Dimensions': ['25 × 18 × 8 cm'] }).map(({ values, from, measured }) => [values, from, measured])).toEqual([[['25 × 18 × 8 cm'], 'person', 'size'], [['0.8 kg'], 'fact', 'weight']]);
  });
});

describe('the fee card’s category', () => {
  const cards = { ctx: { clock: { now: () => Date.UTC(2026, 10, 21) } }, channel: { market: 'ebay-us' }, feeCards: readFeeCards('resources/fee-cards') } as unknown as Parameters<typeof feeCategoryIn>[0];
  it.each([
    [{ name: 'Novels', path: ['Books & Magazines', 'Books'] }, { key: 'books-film-music', by: 'tree', confidence: 'medium' }],
    [{ name: 'Wristwatches', path: ['Jewelry & Watches', 'Watches, Parts & Accessories'] }, { key: 'watches', by: 'tree', confidence: 'medium' }],
    [{ name: 'Acoustic Guitars', path: ['Musical Instruments & Gear', 'Guitars & Basses'] }, { key: 'guitars', by: 'tree', confidence: 'medium' }],
    [{ name: 'Cordless Drills', path: ['Home & Garden', 'Power Tools'] }, { key: 'everything', by: 'own', confidence: 'low' }],
    [null, { key: 'everything', by: 'own', confidence: 'low' }],
  ])('of %j is %j', (leaf, expected) => {
    expect(feeCategoryIn(cards, leaf, { category: 'everything' })).toEqual(expected);
  });
});
