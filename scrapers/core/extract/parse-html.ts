import { DomHandler, isTag, isText, type AnyNode, type Document, type Element } from 'domhandler';
import { Parser } from 'htmlparser2';

/** No page that people read is nested deeper. Beyond it both this parser and what walks the tree would slow down without bound. */
const DEEPEST = 500;
/** Text is fed in parts, so that parsing stops soon after the tree has become too deep. */
const PART = 16_384;

class ShallowHandler extends DomHandler {
  #depth = 0;
  tooDeep = false;
  override onopentag(name: string, attribs: Record<string, string>): void {
    this.#depth += 1;
    if (this.#depth > DEEPEST) this.tooDeep = true;
    if (!this.tooDeep) super.onopentag(name, attribs);
  }
  override onclosetag(): void {
    this.#depth -= 1;
    if (!this.tooDeep) super.onclosetag();
  }
}

/**
 * Builds a tree. Six times faster than a parser that follows the whole HTML standard; build one only where a rule needs it. What comes after the page
 * has nested 500 elements is not read.
 */
export function parseHtml(html: string): Document {
  const handler = new ShallowHandler();
  const parser = new Parser(handler, { decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true });
  for (let at = 0; at < html.length && !handler.tooDeep; at += PART) parser.write(html.slice(at, at + PART));
  if (!handler.tooDeep) parser.end();
  return handler.root;
}

const ENTITIES = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,30});/gi;

/** A text whose characters a template has written as entities. Without its semicolon one is part of an address (`&copy=2`), and stays; so do tags. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(ENTITIES, (entity) => parseHtml(entity).children.map((node) => (isText(node) ? node.data : '')).join(''));
}

export function attribute(element: Element, name: string): string | undefined {
  return element.attribs[name];
}

/** Elements in document order, without recursion: a hostile page can be nested deeper than the stack. */
export function* elementsIn(root: { readonly children: readonly AnyNode[] }): Generator<Element> {
  const stack: AnyNode[] = root.children.toReversed();
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (!isTag(node)) continue;
    yield node;
    for (let i = node.children.length - 1; i >= 0; i--) stack.push(node.children[i] as AnyNode);
  }
}

/** What relative addresses of the page stand on: its `<base href>`, or the page's own address. */
export function baseOf(document: Document, url: string): string {
  for (const element of elementsIn(document)) {
    if (element.name === 'body') break;
    const href = element.name === 'base' ? element.attribs['href'] : undefined;
    if (href !== undefined && URL.canParse(href, url)) return new URL(href, url).href;
  }
  return url;
}

export function childElements(element: { readonly children: readonly AnyNode[] }): Element[] {
  return element.children.filter(isTag);
}

const SILENT = new Set(['script', 'style', 'noscript', 'template', 'head', 'svg', 'iframe', 'object']);
const LINE = new Set(['article', 'aside', 'br', 'dd', 'details', 'div', 'dt', 'fieldset', 'figcaption', 'footer', 'form', 'header', 'hr', 'legend', 'li', 'main', 'nav', 'table', 'tr', 'option', 'section', 'address', 'tbody', 'thead']);
const PARAGRAPH = new Set(['blockquote', 'dl', 'figure', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ol', 'p', 'pre', 'title', 'ul']);

/** Text as a reader sees it: spaces collapsed, blocks on lines of their own, paragraphs apart. */
export function visibleText(node: AnyNode): string {
  const parts: string[] = [];
  collectText(node, parts, 0);
  return parts.join('').replace(/[^\S\n]+/g, ' ').replace(/ ?\n ?/g, '\n').replace(/\n{3,}/g, '\n\n').trim();
}

function collectText(node: AnyNode, parts: string[], depth: number): void {
  if (isText(node)) {
    parts.push(node.data.replace(/\s+/g, ' '));
    return;
  }
  if (!isTag(node) || depth > DEEPEST || SILENT.has(node.name)) return;
  const edge = PARAGRAPH.has(node.name) ? '\n\n' : LINE.has(node.name) ? '\n' : '';
  if (edge) parts.push(edge);
  for (const child of node.children) collectText(child, parts, depth + 1);
  if (edge && node.name !== 'br') parts.push(edge);
}

const CENTS_CLASS = /superscript|fraction|cents|decimal|sup\b/i;

/**
 * Text of an element that shows a price. Digits of different elements are never glued: cents set small (`<sup>99</sup>`, or a class that says so)
 * get their decimal point, and any other digits a space, so that the reader of the text sees two numbers.
 */
export function priceElementText(element: Element): string {
  let out = '';
  let owner: AnyNode | null = null;
  const visit = (node: AnyNode, depth: number) => {
    if (isText(node)) {
      const data = node.data.replace(/\s+/g, ' ');
      if (/\d$/.test(out) && /^\d/.test(data) && owner !== node.parent) out += /^\d\d\s*$/.test(data) && isCents(node.parent as Element | null) ? '.' : ' ';
      out += data;
      owner = node.parent;
    } else if (isTag(node) && depth < DEEPEST && !SILENT.has(node.name)) {
      if (LINE.has(node.name) || PARAGRAPH.has(node.name)) out += ' ';
      for (const child of node.children) visit(child, depth + 1);
    }
  };
  visit(element, 0);
  return out.replace(/\s+/g, ' ').trim();
}

function isCents(element: Element | null): boolean {
  return element !== null && (element.name === 'sup' || CENTS_CLASS.test(element.attribs?.['class'] ?? ''));
}
