/** Property copying (W3C, HTML+RDFa 1.1, section 3.5): what a page says once in an `rdfa:Pattern`, for every item that points to it by `rdfa:copy`. */
import { isObject } from './find-jsonld.ts';

/** An expanded node, as `readRdfa` gives them. */
type RdfaNode = Record<string, unknown>;

const COPY = 'http://www.w3.org/ns/rdfa#copy';
const PATTERN = 'http://www.w3.org/ns/rdfa#Pattern';
/** Patterns may copy patterns. */
const MOST_ROUNDS = 10;
/** Looked at in all: what many items copy of a long pattern must not run away. */
const MOST_VALUES = 50_000;

const valuesOf = (node: RdfaNode, name: string): unknown[] => (Array.isArray(node[name]) ? (node[name] as unknown[]) : []);
const isPattern = (node: RdfaNode | undefined): node is RdfaNode => node !== undefined && valuesOf(node, '@type').includes(PATTERN);

/** The nodes with everything copied, without the patterns that something was copied from. */
export function copyPatterns(nodes: readonly RdfaNode[]): RdfaNode[] {
  const byId = new Map(nodes.map((n) => [n['@id'], n]));
  const patternsOf = (node: RdfaNode) => valuesOf(node, COPY).map((v) => (isObject(v) ? byId.get(v['@id']) : undefined)).filter(isPattern);
  const copying = nodes.filter((n) => patternsOf(n).length > 0);
  if (copying.length === 0) return [...nodes];
  const budget = { left: MOST_VALUES };
  for (let round = 0, grown = true; grown && round < MOST_ROUNDS; round++) {
    grown = false;
    for (const node of copying) for (const pattern of patternsOf(node)) grown = copyInto(node, pattern, budget) || grown;
  }
  const used = new Set(copying.flatMap(patternsOf));
  for (const node of copying) {
    const left = valuesOf(node, COPY).filter((v) => !(isObject(v) && isPattern(byId.get(v['@id']))));
    if (left.length > 0) node[COPY] = left;
    else delete node[COPY];
  }
  return nodes.filter((n) => !used.has(n));
}

/** Whether anything was new. */
function copyInto(node: RdfaNode, pattern: RdfaNode, budget: { left: number }): boolean {
  let grown = false;
  for (const name of Object.keys(pattern).filter((n) => n !== '@id')) {
    const own = valuesOf(node, name);
    const known = new Set(own.map((v) => JSON.stringify(v)));
    const values = valuesOf(pattern, name).filter((v) => v !== PATTERN && !known.has(JSON.stringify(v)));
    budget.left -= own.length + valuesOf(pattern, name).length;
    if (budget.left < 0) return false;
    if (values.length === 0) continue;
    node[name] = [...own, ...values];
    grown = true;
  }
  return grown;
}
