/** Open Graph (ogp.me) and its product vocabulary, and other namespaced `<meta property>`. */
import type { Document } from 'domhandler';
import { attribute, elementsIn } from './parse-html.ts';

export interface OpenGraph {
  readonly namespace: Readonly<Record<string, string>>;
  /** In the order of the page; a name may come more than once. */
  readonly properties: readonly (readonly [string, string])[];
}

/** Prefixes that pages use without declaring them. */
const KNOWN: Readonly<Record<string, string>> = {
  og: 'http://ogp.me/ns#', music: 'http://ogp.me/ns/music#', video: 'http://ogp.me/ns/video#', article: 'http://ogp.me/ns/article#', book: 'http://ogp.me/ns/book#', profile: 'http://ogp.me/ns/profile#', product: 'http://ogp.me/ns/product#',
};
const PREFIX = /([^\s:]+):\s+(\S+)/g;

/** Null where the page has no such property with a value. */
export function readOpenGraph(document: Document): OpenGraph | null {
  const declared: Record<string, string> = {};
  const properties: [string, string][] = [];
  for (const element of elementsIn(document)) {
    const prefix = attribute(element, 'prefix');
    if (prefix) for (const match of prefix.matchAll(PREFIX)) if (match[1] && match[2]) declared[match[1]] ??= match[2];
    if (element.name !== 'meta') continue;
    const name = attribute(element, 'property') ?? '';
    const content = attribute(element, 'content');
    if (content === undefined || !name.includes(':')) continue;
    properties.push([name.trim(), content.trim()]);
  }
  const namespaces = { ...KNOWN, ...declared };
  const known = properties.filter(([name]) => Object.hasOwn(namespaces, name.slice(0, name.indexOf(':'))));
  if (known.length === 0) return null;
  const used: Record<string, string> = {};
  for (const [name] of known) {
    const prefix = name.slice(0, name.indexOf(':'));
    used[prefix] = namespaces[prefix] as string;
  }
  return { namespace: used, properties: known };
}
