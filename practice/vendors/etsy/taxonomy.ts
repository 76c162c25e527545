import type { World } from '../../world/types.ts';
import type { VendorResponse } from '../host.ts';

interface Node {
  readonly id: number;
  readonly level: number;
  readonly name: string;
  readonly parent_id: number | null;
  readonly children: readonly Node[];
  readonly full_path_taxonomy_ids: readonly number[];
}

/** A shelf for each category, and on it one for each kind of thing. */
function treeOf(world: World): Node[] {
  return world.catalog.categories.map((category, place): Node => {
    const id = 100 + place;
    const nouns = [...new Set(world.catalog.products.filter((product) => product.category === category.id).map((product) => product.noun))].toSorted();
    const children = nouns.map((noun, n): Node => ({ id: id * 1_000 + n, level: 2, name: noun, parent_id: id, children: [], full_path_taxonomy_ids: [id, id * 1_000 + n] }));
    return { id, level: 1, name: category.name, parent_id: null, children, full_path_taxonomy_ids: [id] };
  });
}

const trees = new WeakMap<World, Node[]>();
function tree(world: World): Node[] {
  const known = trees.get(world) ?? treeOf(world);
  trees.set(world, known);
  return known;
}

export const isLeaf = (world: World, id: number): boolean => tree(world).some((node) => node.children.some((child) => child.id === id));

export function sellerTaxonomy(world: World): VendorResponse {
  const results = tree(world);
  return { status: 200, body: { count: results.length, results } };
}
