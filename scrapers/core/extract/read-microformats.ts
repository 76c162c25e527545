/** Microformats 2 (microformats.org, parsing specification): `h-` roots, `p-`, `u-`, `dt-` and `e-` properties, implied name, photo and url. */
import { isTag, isText, type AnyNode, type Document, type Element } from 'domhandler';
import { childElements } from './parse-html.ts';

export type MicroformatValue = string | Microformat | { readonly value: string; readonly html: string } | { readonly value: string; readonly alt: string };
export interface Microformat {
  type: string[];
  properties: Record<string, MicroformatValue[]>;
  children?: Microformat[];
  /** Of an item that is itself a property. */
  value?: string;
}

const DEEPEST = 500;
const classes = (element: Element) => (element.attribs['class'] ?? '').split(/\s+/).filter((c) => c !== '');
const rootsOf = (element: Element) => [...new Set(classes(element).filter((c) => /^h-(?:[a-z0-9]+-)?[a-z]+(?:-[a-z]+)*$/.test(c)))].sort();
const propertiesOf = (element: Element) => classes(element).map((c) => /^(p|u|dt|e)-((?:[a-z0-9]+-)?[a-z]+(?:-[a-z]+)*)$/.exec(c)).filter((m) => m !== null).map((m) => ({ prefix: m[1] as 'p' | 'u' | 'dt' | 'e', name: m[2] as string }));

/** Items of the page; those inside another stand among its properties or `children`. */
export function readMicroformats(document: Document): Microformat[] {
  const found: Microformat[] = [];
  const visit = (element: Element, depth: number) => {
    if (rootsOf(element).length > 0) found.push(readItem(element, depth));
    else if (depth < DEEPEST) for (const child of childElements(element)) visit(child, depth + 1);
  };
  for (const child of childElements(document)) visit(child, 0);
  return found;
}

interface Collected {
  readonly properties: Record<string, MicroformatValue[]>;
  readonly children: Microformat[];
  /** Prefixes used: an explicit property of a kind stands against implied ones. */
  readonly prefixes: Set<string>;
}

function readItem(element: Element, depth: number): Microformat {
  const collected: Collected = { properties: {}, children: [], prefixes: new Set() };
  for (const child of childElements(element)) collect(child, collected, depth + 1);
  imply(element, collected);
  const item: Microformat = { type: rootsOf(element), properties: collected.properties };
  if (collected.children.length > 0) item.children = collected.children;
  return item;
}

function collect(element: Element, into: Collected, depth: number): void {
  const names = propertiesOf(element);
  const nested = rootsOf(element).length > 0 && depth < DEEPEST ? readItem(element, depth) : null;
  for (const { prefix, name } of names) {
    into.prefixes.add(prefix);
    const value = readProperty(element, prefix);
    (into.properties[name] ??= []).push(nested ? { ...nested, value: valueOfItem(nested, value, prefix) } : value);
  }
  if (nested) {
    if (names.length === 0) into.children.push(nested);
    return;
  }
  if (depth < DEEPEST) for (const child of childElements(element)) collect(child, into, depth + 1);
}

function valueOfItem(item: Microformat, value: MicroformatValue, prefix: string): string {
  const first = item.properties[prefix === 'u' ? 'url' : 'name']?.[0];
  if (typeof first === 'string' && prefix !== 'e') return first;
  return typeof value === 'string' ? value : 'value' in value ? (value.value ?? '') : '';
}

function readProperty(element: Element, prefix: 'p' | 'u' | 'dt' | 'e'): MicroformatValue {
  const { name, attribs } = element;
  if (prefix === 'e') return { value: plainText(element), html: innerHtml(element).trim() };
  if (prefix === 'dt') return attribs['datetime'] ?? attribs['title'] ?? (name === 'data' || name === 'input' ? attribs['value'] : undefined) ?? plainText(element);
  if (prefix === 'u') {
    const url = name === 'a' || name === 'area' || name === 'link' ? attribs['href'] : (attribs['src'] ?? attribs['data'] ?? attribs['poster']);
    if (url !== undefined) return name === 'img' && attribs['alt'] !== undefined ? { value: url, alt: attribs['alt'] } : url;
  }
  if (name === 'abbr' || name === 'link') return attribs['title'] ?? plainText(element);
  if (name === 'data' || name === 'input') return attribs['value'] ?? plainText(element);
  return name === 'img' || name === 'area' ? (attribs['alt'] ?? '') : plainText(element);
}

/** The only child of a kind, or the only child's only child: where an implied property may stand. */
function implying(element: Element, fits: (e: Element) => boolean): Element | null {
  if (fits(element)) return element;
  const only = (parent: Element) => {
    const fitting = childElements(parent).filter(fits);
    return fitting.length === 1 && fitting[0] && rootsOf(fitting[0]).length === 0 ? fitting[0] : null;
  };
  const direct = only(element);
  if (direct) return direct;
  const children = childElements(element);
  const child = children[0];
  return children.length === 1 && child && rootsOf(child).length === 0 ? only(child) : null;
}

function imply(element: Element, { properties, children, prefixes }: Collected): void {
  const hasNested = children.length > 0;
  if (properties['name'] === undefined && !prefixes.has('p') && !prefixes.has('e') && !hasNested) {
    const named = implying(element, (e) => ((e.name === 'img' || e.name === 'area') && (e.attribs['alt'] ?? '') !== '') || (e.name === 'abbr' && (e.attribs['title'] ?? '') !== ''));
    const onlyNamed = named === element || childElements(element).length === 1 ? named : null;
    properties['name'] = [(onlyNamed ? (onlyNamed.attribs['alt'] ?? onlyNamed.attribs['title']) : undefined) ?? plainText(element)];
  }
  if (properties['photo'] === undefined && !prefixes.has('u') && !hasNested) {
    const image = implying(element, (e) => (e.name === 'img' && e.attribs['src'] !== undefined) || (e.name === 'object' && e.attribs['data'] !== undefined));
    const url = image?.attribs['src'] ?? image?.attribs['data'];
    if (image && url !== undefined) properties['photo'] = [image.attribs['alt'] === undefined ? url : { value: url, alt: image.attribs['alt'] }];
  }
  if (properties['url'] === undefined && !prefixes.has('u') && !hasNested) {
    const link = implying(element, (e) => (e.name === 'a' || e.name === 'area') && e.attribs['href'] !== undefined);
    if (link) properties['url'] = [link.attribs['href'] as string];
  }
}

/** Text without scripts and styles; an image stands for its `alt`. */
function plainText(element: Element): string {
  let out = '';
  const visit = (node: AnyNode, depth: number) => {
    if (isText(node)) out += node.data;
    else if (isTag(node) && depth < DEEPEST && node.name !== 'script' && node.name !== 'style') {
      if (node.name === 'img') out += ` ${node.attribs['alt'] ?? node.attribs['src'] ?? ''} `;
      for (const child of node.children) visit(child, depth + 1);
    }
  };
  for (const child of element.children) visit(child, 0);
  return out.trim();
}

const VOID = new Set(['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'track', 'wbr']);
const escapeText = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The element's content as HTML. */
export function innerHtml(element: Element, depth = 0): string {
  return element.children
    .map((node) => {
      if (isText(node)) return escapeText(node.data);
      if (!isTag(node) || depth > DEEPEST) return '';
      const attributes = Object.entries(node.attribs).map(([n, v]) => ` ${n}="${escapeText(v).replaceAll('"', '&quot;')}"`).join('');
      return VOID.has(node.name) ? `<${node.name}${attributes}/>` : `<${node.name}${attributes}>${innerHtml(node, depth + 1)}</${node.name}>`;
    })
    .join('');
}

/** Properties beside `@type`, with the vocabulary's address on the outermost item. */
export function flattenMicroformat(item: Microformat, nested = false): Record<string, unknown> {
  const { type, properties, children, value } = item;
  const flat: Record<string, unknown> = { '@type': type };
  if (!nested) flat['@context'] = 'http://microformats.org/wiki/';
  for (const [name, values] of Object.entries(properties)) flat[name] = values.map((v) => (typeof v === 'object' && 'properties' in v ? flattenMicroformat(v, true) : v));
  if (children) flat['children'] = children.map((c) => flattenMicroformat(c, true));
  if (value !== undefined) flat['value'] = value;
  return flat;
}
