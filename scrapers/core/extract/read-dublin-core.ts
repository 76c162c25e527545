/** Dublin Core in `<meta name>` and `<link rel>` (DCMI, "Expressing Dublin Core in HTML/XHTML meta and link elements"). */
import type { Document, Element } from 'domhandler';
import { elementsIn } from './parse-html.ts';

export interface DublinCore {
  /** Prefixes that the page declares by `<link rel="schema.DC">`. */
  readonly namespaces: Readonly<Record<string, string>>;
  /** The fifteen elements of version 1.1. Each keeps its element's attributes, and `URI`. */
  readonly elements: readonly Readonly<Record<string, string>>[];
  /** The qualified terms. */
  readonly terms: readonly Readonly<Record<string, string>>[];
}

const ELEMENTS_URI = 'http://purl.org/dc/elements/1.1/';
const TERMS_URI = 'http://purl.org/dc/terms/';
const ELEMENTS = new Set(['contributor', 'coverage', 'creator', 'date', 'description', 'format', 'identifier', 'language', 'publisher', 'relation', 'rights', 'source', 'subject', 'title', 'type']);
const TERMS = new Set(['abstract', 'accessRights', 'accrualMethod', 'accrualPeriodicity', 'accrualPolicy', 'alternative', 'audience', 'available', 'bibliographicCitation', 'conformsTo', 'created', 'dateAccepted', 'dateCopyrighted', 'dateSubmitted', 'educationLevel', 'extent', 'hasFormat', 'hasPart', 'hasVersion', 'instructionalMethod', 'isFormatOf', 'isPartOf', 'isReferencedBy', 'isReplacedBy', 'isRequiredBy', 'issued', 'isVersionOf', 'license', 'mediator', 'medium', 'modified', 'provenance', 'references', 'replaces', 'requires', 'rightsHolder', 'spatial', 'tableOfContents', 'temporal', 'valid']);
const TERM_BY_LOWER = new Map([...TERMS].map((t) => [t.toLowerCase(), t]));

/** Null where the page has none. */
export function readDublinCore(document: Document): DublinCore | null {
  const namespaces: Record<string, string> = {};
  const named: { element: Element; name: string }[] = [];
  for (const element of elementsIn(document)) {
    const name = element.name === 'meta' ? element.attribs['name'] : element.name === 'link' ? element.attribs['rel'] : undefined;
    if (name === undefined) continue;
    if (element.name === 'link' && name.toLowerCase().startsWith('schema.')) namespaces[name.slice(7)] = element.attribs['href'] ?? '';
    else named.push({ element, name });
  }
  const elements: Record<string, string>[] = [];
  const terms: Record<string, string>[] = [];
  // Metas before links: the order in which readers of the format report them.
  for (const { element, name } of named.toSorted((a, b) => (a.element.name === b.element.name ? 0 : a.element.name === 'meta' ? -1 : 1))) {
    const [prefix = '', ...rest] = name.split('.');
    if (rest.length === 0 || !/^dc(?:terms)?$/i.test(prefix)) continue;
    const last = (rest.at(-1) as string).toLowerCase();
    const term = TERM_BY_LOWER.get(last);
    const entry = { ...element.attribs };
    if (term !== undefined) terms.push({ ...entry, URI: TERMS_URI + term });
    else if (ELEMENTS.has(last)) (/^dcterms$/i.test(prefix) ? terms : elements).push({ ...entry, URI: (/^dcterms$/i.test(prefix) ? TERMS_URI : ELEMENTS_URI) + last });
  }
  return elements.length + terms.length === 0 ? null : { namespaces, elements, terms };
}
