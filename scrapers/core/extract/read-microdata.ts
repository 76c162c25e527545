/** Microdata (WHATWG HTML, section 5). Values are read as the standard says, with spaces collapsed in texts; URLs are made absolute only when a base is given. */
import type { Document, Element } from 'domhandler';
import { attribute, childElements, elementsIn, visibleText } from './parse-html.ts';

export type MicrodataValue = string | MicrodataItem | { readonly valueRequired?: boolean; readonly valueName?: string };
/** The name under which other readers of microdata give it. */
const NODE_ID = '_nodeId_';

export interface MicrodataItem {
  type?: string | string[];
  id?: string;
  /** The element's own `id`, where asked for. */
  [NODE_ID]?: string;
  properties?: Record<string, MicrodataValue | MicrodataValue[]>;
  /** Text of an item that has no properties. */
  value?: string;
}

export interface MicrodataOptions {
  readonly baseUrl?: string | undefined;
  readonly withNodeIds?: boolean | undefined;
}

interface Reader extends MicrodataOptions {
  readonly byId: Map<string, Element>;
  /** Of items and of elements with an id: their place in the page. */
  readonly order: Map<Element, number>;
  /** Items that may still be read: references that multiply each other must not run away. */
  left: number;
}

const MOST_ITEMS = 5_000;

const URL_ATTRIBUTE: Readonly<Record<string, string>> = { audio: 'src', embed: 'src', iframe: 'src', img: 'src', source: 'src', track: 'src', video: 'src', a: 'href', area: 'href', link: 'href', object: 'data' };

/** Items that are no property of another, in document order. */
export function readMicrodata(document: Document, options: MicrodataOptions = {}): MicrodataItem[] {
  const items: Element[] = [];
  const byId = new Map<string, Element>();
  const order = new Map<Element, number>();
  const referenced = new Set<string>();
  for (const element of elementsIn(document)) {
    const id = attribute(element, 'id');
    if (id && !byId.has(id)) {
      byId.set(id, element);
      order.set(element, order.size);
    }
    if (attribute(element, 'itemscope') === undefined) continue;
    items.push(element);
    if (!order.has(element)) order.set(element, order.size);
    for (const ref of tokens(attribute(element, 'itemref'))) referenced.add(ref);
  }
  const reader: Reader = { ...options, byId, order, left: MOST_ITEMS };
  return items.filter((item) => isTopLevel(item, referenced)).map((item) => readItem(item, reader, new Set()));
}

const tokens = (text: string | undefined) => (text ? text.split(/\s+/).filter((t) => t !== '') : []);

/** A property of an item belongs to it; one outside every item, and not called for by an `itemref`, stands alone. */
function isTopLevel(item: Element, referenced: ReadonlySet<string>): boolean {
  if (attribute(item, 'itemprop') === undefined) return true;
  for (let node = item as Element | null; node; node = node.parent as Element | null) {
    if (node !== item && node.attribs && attribute(node, 'itemscope') !== undefined) return false;
    if (node.attribs?.['id'] && referenced.has(node.attribs['id'])) return false;
  }
  return true;
}

function readItem(element: Element, reader: Reader, open: ReadonlySet<Element>): MicrodataItem {
  const item: MicrodataItem = {};
  const types = tokens(attribute(element, 'itemtype'));
  if (types.length > 0) item.type = types.length === 1 ? (types[0] as string) : types;
  const nodeId = attribute(element, 'id');
  if (reader.withNodeIds && nodeId) item[NODE_ID] = nodeId;
  const id = attribute(element, 'itemid');
  if (id && types.length > 0) item.id = id.trim();
  const properties = readProperties(element, reader, new Set([...open, element]));
  if (properties.size > 0) item.properties = Object.fromEntries([...properties].map(([name, values]) => [name, values.length === 1 ? (values[0] as MicrodataValue) : values]));
  else item.value = visibleText(element);
  return item;
}

/** The item and what its `itemref` names, in the order of the page. */
function rootsOf(item: Element, { byId, order }: Reader): Element[] {
  const referenced = tokens(attribute(item, 'itemref')).map((ref) => byId.get(ref)).filter((e) => e !== undefined);
  return [item, ...referenced].toSorted((a, b) => (order.get(a) as number) - (order.get(b) as number));
}

/** An item can be made to hold itself through `itemref`; `open` holds the items being read. */
function readProperties(item: Element, reader: Reader, open: ReadonlySet<Element>): Map<string, MicrodataValue[]> {
  const properties = new Map<string, MicrodataValue[]>();
  const seen = new Set<Element>();
  const visit = (element: Element, depth: number) => {
    if (seen.has(element)) return;
    seen.add(element);
    const names = [...new Set(tokens(attribute(element, 'itemprop')))];
    const nested = attribute(element, 'itemscope') !== undefined;
    if (names.length > 0 && !open.has(element)) {
      if (reader.left-- <= 0) return;
      const value = nested ? readItem(element, reader, open) : readValue(element, reader);
      for (const name of names) properties.set(name, [...(properties.get(name) ?? []), value]);
    }
    if (names.some((n) => n.endsWith('-input')) || nested || depth > 500) return;
    for (const child of childElements(element)) visit(child, depth + 1);
  };
  for (const root of rootsOf(item, reader)) {
    if (root !== item && open.has(root)) continue;
    if (root === item || (attribute(root, 'itemscope') !== undefined && attribute(root, 'itemprop') === undefined)) for (const child of childElements(root)) visit(child, 0);
    else visit(root, 0);
  }
  return properties;
}

function readValue(element: Element, reader: Reader): MicrodataValue {
  const name = element.name;
  if (name === 'input' && tokens(attribute(element, 'itemprop')).some((p) => p.endsWith('-input'))) {
    const input: { valueRequired?: boolean; valueName?: string } = {};
    if (attribute(element, 'required') !== undefined) input.valueRequired = true;
    const valueName = attribute(element, 'name');
    if (valueName !== undefined) input.valueName = valueName;
    return input;
  }
  const content = attribute(element, 'content')?.trim() ?? '';
  if (name === 'meta') return content;
  // The standard knows `content` on `meta` alone; shops put it anywhere, and there it comes after what the standard reads.
  const urlAttribute = URL_ATTRIBUTE[name];
  const own = urlAttribute !== undefined ? attribute(element, urlAttribute) : name === 'data' || name === 'meter' ? attribute(element, 'value') : name === 'time' ? attribute(element, 'datetime') : undefined;
  if (own !== undefined) return urlAttribute === undefined ? own.trim() : absolute(own, reader);
  if (content !== '') return content;
  return urlAttribute !== undefined || name === 'data' || name === 'meter' ? '' : visibleText(element);
}

function absolute(url: string, { baseUrl }: Reader): string {
  const trimmed = url.trim();
  if (baseUrl === undefined) return trimmed;
  return URL.canParse(trimmed, baseUrl) ? new URL(trimmed, baseUrl).href : trimmed;
}
