/** One shape for every syntax: `@type`, `@context` and the properties themselves, as JSON-LD has them. */
import type { MicrodataItem } from './read-microdata.ts';
import type { OpenGraph } from './read-opengraph.ts';

export type FlatItem = Record<string, unknown>;

/** `http://schema.org/Product` is type `Product` in the context `http://schema.org`. */
function splitType(type: string): { readonly context: string; readonly name: string } | null {
  if (!URL.canParse(type)) return null;
  const { protocol, host } = new URL(type);
  const context = `${protocol}//${host}`;
  return host === '' ? null : { context, name: type.slice(context.length).replace(/^\/+|\/+$/g, '') };
}

const isItem = (value: unknown): value is MicrodataItem => typeof value === 'object' && value !== null && ('properties' in value || 'type' in value);

/** The context stands on the outermost item only. */
export function flattenMicrodata(item: MicrodataItem, nested = false): FlatItem {
  const { type, properties, ...rest } = item;
  const flat: FlatItem = { ...rest };
  const types = (Array.isArray(type) ? type : type === undefined ? [] : [type]).map((t) => splitType(t) ?? { context: 'http://schema.org', name: t });
  if (types[0]) flat['@type'] = types.length === 1 ? types[0].name : types.map((t) => t.name);
  if (!nested) flat['@context'] = types[0]?.context ?? 'http://schema.org';
  for (const [name, value] of Object.entries(properties ?? {})) flat[name] = Array.isArray(value) ? value.map(flattenValue) : flattenValue(value);
  return flat;
}

const flattenValue = (value: unknown): unknown => (isItem(value) ? flattenMicrodata(value, true) : value);

/** The first value of each name that says something. */
export function flattenOpenGraph(og: OpenGraph): FlatItem {
  const flat: FlatItem = {};
  for (const [name, value] of og.properties) {
    const key = name === 'og:type' ? '@type' : name;
    if (flat[key] === undefined || (flat[key] === '' && value !== '')) flat[key] = value;
  }
  return { ...flat, '@context': og.namespace };
}
