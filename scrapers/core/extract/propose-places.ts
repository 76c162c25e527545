/** Where on a page a known value stands: what a field's new place is proposed from. */
import { selectAll } from 'css-select';
import { isTag, type Document, type Element } from 'domhandler';
import { readPriceText } from '#kernel/price-text.ts';
import type { FieldRule, PageValues, PlacedRule, RepairableField } from '#engine/sources/ports.ts';
import { readPlace } from './apply-placed-rules.ts';
import { elementsIn, parseHtml, priceElementText, visibleText } from './parse-html.ts';

export interface PlaceProposal extends PlacedRule {
  /** The text that stands there. */
  readonly sample: string;
  /** For a person: the words before it, or the name of the element. */
  readonly place: string;
}

const MOST = 3;
const ATTRIBUTES = ['content', 'value', 'data-price', 'data-gtin', 'data-ean', 'data-brand', 'data-value'] as const;
/** Names made by build tools or for one product: another page of the site has others. */
const UNSTABLE = /\d{3,}|[0-9a-f]{6,}|^(?:css|sc|jsx|svelte|_)-?[\w-]*\d|active|selected|hover|first|last|odd|even/i;
const SIGNS: Readonly<Record<RepairableField, RegExp>> = { name: /title|name|heading|h1/i, price: /price|prix|amount|cost/i, brand: /brand|marque|maker|vendor|manufacturer/i, gtin: /gtin|ean|upc|isbn|barcode|sku/i };

const fold = (text: string) => text.normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase();

/** True where the text is the value and nothing else, but for a label before it. */
function isValue(field: RepairableField, text: string, known: string): boolean {
  if (text === '' || text.length > 300) return false;
  if (field === 'price') {
    const [a, b] = [readPriceText(text), readPriceText(known)];
    return a.amount !== null && a.bound === 'exact' && b.amount !== null && Number(a.amount) === Number(b.amount);
  }
  if (field === 'gtin') return text.replace(/\D/g, '') === known.replace(/\D/g, '') && text.replace(/[\d\s-]/g, '').length <= 20;
  return fold(text) === fold(known) || fold(text).replace(/^[^:]{1,30}:\s*/, '') === fold(known);
}

/** The shortest selector that finds this element first on the page: by its own name, else below its parent's. */
function selectorOf(element: Element, document: Document): string | null {
  const own = ownSelectors(element);
  const parents: string[] = [];
  for (let up = element.parent; up && isTag(up) && parents.length < 4; up = up.parent) parents.push(...ownSelectors(up).slice(0, 2));
  for (const css of [...own, ...parents.flatMap((p) => own.map((o) => `${p} ${o}`))]) {
    try {
      const found = selectAll<Document | Element, Element>(css, document.children as Element[]);
      if (found[0] === element && found.length <= 3) return css;
    } catch {
      // A name that no selector can hold.
    }
  }
  return null;
}

function ownSelectors(element: Element): string[] {
  const { attribs, name } = element;
  const named = (['itemprop', 'property', 'data-testid', 'data-test', 'data-field', 'name'] as const).flatMap((a) => (attribs[a] && /^[\w:-]{1,60}$/.test(attribs[a]) ? [`${name}[${a}="${attribs[a]}"]`] : []));
  const id = attribs['id'] && /^[A-Za-z][\w-]{0,60}$/.test(attribs['id']) && !UNSTABLE.test(attribs['id']) ? [`#${attribs['id']}`] : [];
  const classes = (attribs['class'] ?? '').split(/\s+/).filter((c) => /^[A-Za-z][\w-]{0,60}$/.test(c) && !UNSTABLE.test(c)).map((c) => `${name}.${c}`);
  return [...named, ...id, ...classes, ...(name === 'h1' ? ['h1'] : [])];
}

function labelOf(element: Element): string {
  let before = element.prev;
  while (before && !(isTag(before) && visibleText(before) !== '')) before = before.prev;
  return before && isTag(before) ? visibleText(before).slice(0, 80) : (element.attribs['class'] ?? element.attribs['itemprop'] ?? element.name);
}

/** Elements with the value as their whole text, innermost first; then attributes; then keys of scripts. */
function placesOf(field: RepairableField, known: string, page: { readonly document: Document; readonly html: string }): PlaceProposal[] {
  const found: (PlaceProposal & { readonly score: number })[] = [];
  const consider = (rule: FieldRule, place: string, hint: string) => {
    const sample = readPlace(rule, page, field);
    if (sample === null || !isValue(field, sample, known)) return;
    found.push({ field, rule, sample, place, score: (SIGNS[field].test(hint) ? 2 : 0) + ('css' in rule ? 1 : 0) });
  };
  for (const element of elementsIn(page.document)) {
    if (element.name === 'script' || element.name === 'style' || element.name === 'html' || element.name === 'body' || element.name === 'head') continue;
    const text = field === 'price' ? priceElementText(element) : visibleText(element);
    const hint = `${element.name} ${element.attribs['class'] ?? ''} ${element.attribs['id'] ?? ''} ${element.attribs['itemprop'] ?? ''} ${element.attribs['property'] ?? ''}`;
    const held = ATTRIBUTES.find((a) => element.attribs[a] !== undefined && isValue(field, element.attribs[a] ?? '', known));
    if (!held && !isValue(field, text, known)) continue;
    const css = selectorOf(element, page.document);
    if (css !== null) consider(held ? { css, attribute: held } : { css }, labelOf(element), hint + labelOf(element));
  }
  const escaped = known.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  for (const match of page.html.matchAll(new RegExp(`("[\\w-]{2,40}"\\s*:)\\s*(?:"${escaped}"|${escaped}\\s*[,}\\]])`, 'g'))) consider({ key: match[1] ?? '' }, match[1] ?? '', match[1] ?? '');
  // What holds the value and nothing else, where there is such a place: what surrounds it changes more.
  const exact = found.filter((p) => fold(p.sample) === fold(known));
  const seen = new Set<string>();
  return (exact.length > 0 ? exact : found).toSorted((a, b) => b.score - a.score).filter((p) => !seen.has(JSON.stringify(p.rule)) && seen.add(JSON.stringify(p.rule))).slice(0, MOST).map(({ score: _score, ...p }) => p);
}

/** Places of a page that hold values that are known of its product. @param fields those to look for */
export function proposePlaces(html: string, known: PageValues, fields: readonly RepairableField[]): PlaceProposal[] {
  const page = { document: parseHtml(html), html };
  return fields.flatMap((field) => (known[field] === undefined ? [] : placesOf(field, known[field] ?? '', page)));
}
