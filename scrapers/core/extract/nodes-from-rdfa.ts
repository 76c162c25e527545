import { isObject } from './find-jsonld.ts';
import type { RdfaNode } from './read-rdfa.ts';
import type { Node } from './read-schema-org.ts';

const SCHEMA = /^https?:\/\/schema\.org\//;

/** A list's values in their order, or the value itself. */
const itemsOf = (value: unknown): unknown[] => (isObject(value) && Array.isArray(value['@list']) ? (value['@list'] as unknown[]).flatMap(itemsOf) : [value]);

/** Expanded RDFa nodes in the shape of JSON-LD documents: names without their vocabulary, nodes inside the ones that point to them. Roots only. */
export function nodesFromRdfa(nodes: readonly RdfaNode[]): Node[] {
  const built = new Map<string, Record<string, unknown>>();
  for (const node of nodes) built.set(node['@id'] as string, { '@id': node['@id'] });
  const pointedAt = new Set<string>();
  for (const node of nodes) {
    const own = built.get(node['@id'] as string) as Record<string, unknown>;
    if (node['@type'] !== undefined) own['@type'] = node['@type'];
    for (const [name, values] of Object.entries(node)) {
      if (!Array.isArray(values) || !SCHEMA.test(name)) continue;
      own[name.replace(SCHEMA, '')] = values.flatMap(itemsOf).map((value: unknown) => {
        if (!isObject(value)) return value;
        const id = value['@id'];
        const target = typeof id === 'string' ? built.get(id) : undefined;
        if (!target || target === own) return id ?? value['@value'];
        pointedAt.add(id as string);
        return target;
      });
    }
  }
  return [...built].filter(([id]) => !pointedAt.has(id)).map(([, node]) => node);
}
