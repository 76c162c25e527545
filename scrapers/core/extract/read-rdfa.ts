/** RDFa 1.1 in HTML (W3C, RDFa Core 1.1 section 7.5), with `xmlns:` prefixes of RDFa 1.0, as expanded JSON-LD nodes. */
import { isTag, isText, type AnyNode, type Document, type Element } from 'domhandler';
import { baseOf, childElements } from './parse-html.ts';
import { copyPatterns } from './copy-rdfa-patterns.ts';

export type RdfaNode = Record<string, unknown>;
export type RdfaObject = Readonly<Record<string, string>> | { readonly '@list': readonly RdfaObject[] };
/** Values that keep their order (`inlist`), by predicate, of one subject and within the element that named it. */
type Lists = Map<string, RdfaObject[]>;

interface Context {
  readonly base: string;
  readonly prefixes: Readonly<Record<string, string>>;
  readonly vocab: string | null;
  readonly language: string | null;
  readonly subject: string;
  readonly object: string | null;
  /** Properties whose object is still to come, forward and reverse. */
  readonly pending: readonly Pending[];
  /** Of `object`. */
  readonly lists: Lists;
  readonly isRoot: boolean;
  /** RDFa 1.0: a property whose content has markup is an XML literal, and plain text only by `datatype=""`. */
  readonly isVersion10: boolean;
}

interface Pending {
  readonly predicate: string;
  readonly reverse: boolean;
  /** The object goes to the end of this list instead. */
  readonly list?: RdfaObject[];
}

interface Graph {
  readonly nodes: Map<string, RdfaNode>;
  /** Subject, predicate and object of every triple: each is there once. */
  readonly said: Set<string>;
  blank: number;
}

/** The initial context (W3C, "RDFa Core Initial Context"), and Open Graph's. */
const PREFIXES: Readonly<Record<string, string>> = {
  schema: 'http://schema.org/', og: 'http://ogp.me/ns#', dc: 'http://purl.org/dc/terms/', dcterms: 'http://purl.org/dc/terms/', dc11: 'http://purl.org/dc/elements/1.1/', foaf: 'http://xmlns.com/foaf/0.1/', gr: 'http://purl.org/goodrelations/v1#', v: 'http://rdf.data-vocabulary.org/#', rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#', rdfs: 'http://www.w3.org/2000/01/rdf-schema#',
  xsd: 'http://www.w3.org/2001/XMLSchema#', owl: 'http://www.w3.org/2002/07/owl#', skos: 'http://www.w3.org/2004/02/skos/core#', sioc: 'http://rdfs.org/sioc/ns#', vcard: 'http://www.w3.org/2006/vcard/ns#', cc: 'http://creativecommons.org/ns#', ctag: 'http://commontag.org/ns#', rev: 'http://purl.org/stuff/rev#', xhv: 'http://www.w3.org/1999/xhtml/vocab#', void: 'http://rdfs.org/ns/void#', ical: 'http://www.w3.org/2002/12/cal/icaltzd#',
  rdfa: 'http://www.w3.org/ns/rdfa#', xml: 'http://www.w3.org/XML/1998/namespace', grddl: 'http://www.w3.org/2003/g/data-view#', ma: 'http://www.w3.org/ns/ma-ont#', org: 'http://www.w3.org/ns/org#', prov: 'http://www.w3.org/ns/prov#', qb: 'http://purl.org/linked-data/cube#', rif: 'http://www.w3.org/2007/rif#', rr: 'http://www.w3.org/ns/r2rml#', sd: 'http://www.w3.org/ns/sparql-service-description#',
  skosxl: 'http://www.w3.org/2008/05/skos-xl#', wdr: 'http://www.w3.org/2007/05/powder#', wdrs: 'http://www.w3.org/2007/05/powder-s#', dcat: 'http://www.w3.org/ns/dcat#', time: 'http://www.w3.org/2006/time#',
  music: 'http://ogp.me/ns/music#', video: 'http://ogp.me/ns/video#', article: 'http://ogp.me/ns/article#', book: 'http://ogp.me/ns/book#', profile: 'http://ogp.me/ns/profile#', product: 'http://ogp.me/ns/product#',
};
const XHV = 'http://www.w3.org/1999/xhtml/vocab#';
/** Link types that RDFa 1.1 in XHTML keeps as terms. */
const TERMS = new Set(['alternate', 'appendix', 'bookmark', 'cite', 'chapter', 'contents', 'copyright', 'first', 'glossary', 'help', 'icon', 'index', 'last', 'license', 'meta', 'next', 'p3pv1', 'prev', 'role', 'section', 'start', 'subsection', 'top', 'up', 'describedby']);
const XML_LITERAL = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral';
const XSD = PREFIXES['xsd'] as string;
const USES_VOCABULARY = 'http://www.w3.org/ns/rdfa#usesVocabulary';
/** What the text of a `<time>` is, by its form (HTML+RDFa 1.1, section 3.1). */
const TIME_TYPES: readonly (readonly [string, RegExp])[] = [
  ['dateTime', /^\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?$/], ['date', /^\d{4,}-\d\d-\d\d(?:Z|[+-]\d\d:\d\d)?$/], ['time', /^\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?$/],
  ['gYearMonth', /^\d{4,}-\d\d(?:Z|[+-]\d\d:\d\d)?$/], ['gYear', /^\d{4,}$/], ['duration', /^-?P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?$/],
];
const HTML_LITERAL = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#HTML';
const DEEPEST = 400;

const words = (text: string | undefined) => (text ? text.trim().split(/\s+/).filter((w) => w !== '') : []);

/** Every subject of the page with its types and properties, in the order first met. */
export function readRdfa(document: Document, baseUrl: string): RdfaNode[] {
  const graph: Graph = { nodes: new Map(), said: new Set(), blank: 0 };
  const base = baseOf(document, baseUrl);
  const isVersion10 = childElements(document).some((e) => e.name === 'html' && /RDFa 1\.0/i.test(e.attribs['version'] ?? ''));
  const context: Context = { base, prefixes: PREFIXES, vocab: null, language: null, subject: base, object: null, pending: [], lists: new Map(), isRoot: true, isVersion10 };
  // A piece of a page stands in a body whose tags a browser would add: its first element is not the page.
  for (const child of childElements(document)) process(child, child.name === 'html' ? context : { ...context, isRoot: false, object: base }, { graph, depth: 0 });
  addLists(graph, base, context.lists);
  return copyPatterns([...graph.nodes.values()]).filter((n) => Object.keys(n).length > 1);
}

function expand(text: string, context: Context, kind: 'term' | 'resource'): string | null {
  const safe = /^\[(.*)\]$/.exec(text)?.[1];
  const value = safe ?? text;
  const colon = value.indexOf(':');
  if (colon >= 0) {
    const prefix = value.slice(0, colon);
    const rest = value.slice(colon + 1);
    if (prefix === '_') return `_:${rest}`;
    const namespace = prefix === '' ? XHV : (context.prefixes[prefix] ?? context.prefixes[prefix.toLowerCase()]);
    if (namespace !== undefined && !rest.startsWith('//')) return namespace + rest;
    if (kind === 'term') return /^[a-z][a-z0-9+.-]*:/i.test(value) && rest !== '' && (URL.canParse(value) && (rest.startsWith('//') || prefix === 'urn')) ? value : null;
  }
  if (safe !== undefined) return null;
  if (kind === 'term') return colon >= 0 ? null : context.vocab !== null ? context.vocab + value : TERMS.has(value.toLowerCase()) ? XHV + value.toLowerCase() : null;
  return resolve(value, context.base);
}

function resolve(url: string, base: string): string {
  return URL.canParse(url, base) ? (url === '' ? base : keepSpelling(url, base)) : url;
}

/** An absolute address is an identifier: it stays as written. */
const keepSpelling = (url: string, base: string) => (/^[a-z][a-z0-9+.-]*:/i.test(url) ? url : new URL(url, base).href);

interface Place {
  readonly graph: Graph;
  readonly depth: number;
}

function localContext(element: Element, context: Context): Context {
  const { attribs } = element;
  let prefixes = context.prefixes;
  const add = (name: string, uri: string) => {
    prefixes = { ...prefixes, [name.toLowerCase()]: uri };
  };
  for (const [name, value] of Object.entries(attribs)) if (name.startsWith('xmlns:')) add(name.slice(6), value);
  const declared = words(attribs['prefix']);
  for (let i = 0; i + 1 < declared.length; i += 2) if (declared[i]?.endsWith(':')) add((declared[i] as string).slice(0, -1), declared[i + 1] as string);
  const vocab = attribs['vocab'] === undefined ? context.vocab : attribs['vocab'] === '' ? null : attribs['vocab'];
  const language = attribs['lang'] ?? attribs['xml:lang'] ?? context.language;
  // RDF 1.1 compares language tags in lower case
  return { ...context, prefixes, vocab, language: language === '' ? null : language?.toLowerCase() ?? null };
}

const blankNode = (graph: Graph): string => `_:b${graph.blank++}`;

/** `role="search"` (W3C, Role Attribute 1.0): said of the element itself, which its `id` names. */
function addRoles({ attribs }: Element, context: Context, graph: Graph): void {
  const roles = words(attribs['role']).map((role) => (role.includes(':') ? expand(role, context, 'term') : XHV + role)).filter((role) => role !== null);
  if (roles.length === 0) return;
  const subject = attribs['id'] ? resolve(`#${attribs['id']}`, context.base) : blankNode(graph);
  for (const role of roles) addTriple(graph, subject, { predicate: `${XHV}role`, object: { '@id': role } });
}

function nodeOf(graph: Graph, id: string): RdfaNode {
  let node = graph.nodes.get(id);
  if (!node) graph.nodes.set(id, (node = { '@id': id }));
  return node;
}

function addTriple(graph: Graph, subject: string, triple: { readonly predicate: string; readonly object: RdfaObject }): void {
  const values = (nodeOf(graph, subject)[triple.predicate] ??= []) as RdfaObject[];
  const said = JSON.stringify([subject, triple.predicate, triple.object]);
  if (!graph.said.has(said)) values.push(triple.object);
  graph.said.add(said);
}

function listOf(lists: Lists, predicate: string): RdfaObject[] {
  let list = lists.get(predicate);
  if (!list) lists.set(predicate, (list = []));
  return list;
}

function addLists(graph: Graph, subject: string, lists: Lists): void {
  for (const [predicate, list] of lists) addTriple(graph, subject, { predicate, object: { '@list': list } });
}

function expandAll(text: string | undefined, context: Context): string[] {
  return words(text).map((w) => expand(w, context, 'term')).filter((t): t is string => t !== null);
}

function process(element: Element, outer: Context, place: Place): void {
  const { graph, depth } = place;
  if (depth > DEEPEST) return;
  const context = localContext(element, outer);
  const { attribs } = element;
  if (attribs['vocab']) addTriple(graph, context.base, { predicate: USES_VOCABULARY, object: { '@id': attribs['vocab'] } });
  addRoles(element, context, graph);
  const resource = (name: string) => (attribs[name] === undefined ? null : name === 'href' || name === 'src' ? resolve(attribs[name].trim(), context.base) : expand(attribs[name].trim(), context, 'resource'));
  const rels = attribs['rel'] === undefined ? null : relTerms(element, context);
  const revs = attribs['rev'] === undefined ? null : expandAll(attribs['rev'], context);
  const properties = expandAll(attribs['property'], context);
  const types = attribs['typeof'] === undefined ? null : expandAll(attribs['typeof'], context);
  const target = resource('resource') ?? resource('href') ?? resource('src');
  const fresh = () => blankNode(graph);
  const isPage = context.isRoot || element.name === 'head' || element.name === 'body' || element.name === 'html';
  let subject: string | null = resource('about');
  let object: string | null = null;
  let typed: string | null = null;
  let skip = false;
  if (rels === null && revs === null) {
    if (attribs['property'] !== undefined && attribs['content'] === undefined && attribs['datatype'] === undefined) {
      subject ??= isPage ? (context.object ?? context.subject) : context.object;
      if (types !== null) {
        typed = resource('about') ?? (isPage && target === null ? context.subject : (target ?? fresh()));
        object = typed;
      }
    } else {
      subject ??= target ?? (isPage ? (context.object ?? context.subject) : types !== null ? fresh() : null);
      if (subject === null) {
        subject = context.object;
        skip = attribs['property'] === undefined;
      }
      if (types !== null) typed = subject;
    }
  } else {
    const own = subject;
    subject ??= isPage ? (context.object ?? context.subject) : context.object;
    object = target ?? (types !== null && own === null ? fresh() : null);
    if (types !== null) typed = own ?? object;
  }
  subject ??= context.subject;
  if (typed !== null && types !== null) {
    const node = nodeOf(graph, typed);
    for (const type of types) if (!((node['@type'] as string[] | undefined) ?? []).includes(type)) node['@type'] = [...((node['@type'] as string[] | undefined) ?? []), type];
  }
  const ordered = attribs['inlist'] !== undefined;
  // what another element has said of this subject as its object goes on in the same lists
  const lists: Lists = subject === context.object ? context.lists : new Map();
  const pending: Pending[] = [];
  for (const predicate of rels ?? []) {
    const list = ordered ? listOf(lists, predicate) : undefined;
    if (object === null) pending.push({ predicate, reverse: false, ...(list ? { list } : {}) });
    else if (list) list.push({ '@id': object });
    else addTriple(graph, subject, { predicate, object: { '@id': object } });
  }
  for (const predicate of revs ?? []) if (object !== null) addTriple(graph, object, { predicate, object: { '@id': subject } });
    else pending.push({ predicate, reverse: true });
  if (object === null && pending.length > 0) object = fresh();
  if (properties.length > 0) {
    const value = propertyValue(element, context, { typed: attribs['about'] === undefined ? typed : null, target, hasRel: rels !== null || revs !== null });
    for (const predicate of properties) if (ordered) listOf(lists, predicate).push(value);
      else addTriple(graph, subject, { predicate, object: value });
  }
  if (!skip) for (const waiting of context.pending) settlePending(graph, waiting, { subject, parent: context.subject });
  const inside = object ?? subject;
  const insideLists = skip ? context.lists : inside === subject ? lists : new Map();
  const inner: Context = skip ? { ...context, isRoot: false } : { ...context, isRoot: false, subject, object: inside, pending, lists: insideLists };
  for (const child of childElements(element)) process(child, inner, { graph, depth: depth + 1 });
  if (lists !== context.lists) addLists(graph, subject, lists);
  if (insideLists !== lists && insideLists !== context.lists) addLists(graph, inside, insideLists);
}

function settlePending(graph: Graph, { predicate, reverse, list }: Pending, { subject, parent }: { readonly subject: string; readonly parent: string }): void {
  if (list) list.push({ '@id': subject });
  else addTriple(graph, reverse ? subject : parent, { predicate, object: { '@id': reverse ? parent : subject } });
}

/** In HTML, plain words in `rel` beside a `property` are no predicates; elsewhere the link types are. */
function relTerms(element: Element, context: Context): string[] {
  const all = words(element.attribs['rel']);
  const kept = element.attribs['property'] === undefined ? all : all.filter((w) => w.includes(':'));
  return kept.map((w) => expand(w, context, 'term')).filter((t): t is string => t !== null);
}

interface ValueHints {
  readonly typed: string | null;
  readonly target: string | null;
  readonly hasRel: boolean;
}

function propertyValue(element: Element, context: Context, { typed, target, hasRel }: ValueHints): RdfaObject {
  const { attribs } = element;
  const datatype = attribs['datatype'] === undefined || attribs['datatype'] === '' ? null : expand(attribs['datatype'], context, 'term');
  if (datatype === XML_LITERAL || datatype === HTML_LITERAL) return { '@value': xmlOf(element), '@type': datatype };
  const text = attribs['content'] ?? (element.name === 'time' ? attribs['datetime'] : element.name === 'data' ? attribs['value'] : undefined);
  if (datatype !== null) return { '@value': text ?? textOf(element), '@type': datatype };
  if (element.name === 'time' && attribs['content'] === undefined && attribs['datatype'] === undefined) {
    const type = TIME_TYPES.find(([, form]) => form.test(text ?? textOf(element)))?.[0];
    if (type !== undefined) return { '@value': text ?? textOf(element), '@type': XSD + type };
  }
  if (text === undefined && attribs['datatype'] === undefined && !hasRel && target !== null) return { '@id': target };
  if (text === undefined && typed !== null && attribs['datatype'] === undefined) return { '@id': typed };
  if (context.isVersion10 && text === undefined && attribs['datatype'] === undefined && childElements(element).length > 0) return { '@value': xmlOf(element), '@type': XML_LITERAL };
  const value = { '@value': text ?? textOf(element) };
  return context.language === null ? value : { '@language': context.language, ...value };
}

function textOf(element: Element): string {
  let out = '';
  const visit = (node: AnyNode, depth: number) => {
    if (isText(node)) out += node.data;
    else if (isTag(node) && depth < DEEPEST) for (const child of node.children) visit(child, depth + 1);
  };
  visit(element, 0);
  return out;
}

const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Canonical enough: the outermost elements carry the namespaces in use around them, in the order of their names. */
function xmlOf(element: Element): string {
  const declared: Record<string, string> = {};
  for (let node: Element | null = element; node; node = node.parent && isTag(node.parent) ? node.parent : null) for (const [name, value] of Object.entries(node.attribs)) if (name === 'xmlns' || name.startsWith('xmlns:')) declared[name] ??= value;
  const namespaces = Object.entries(declared).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([n, v]) => ` ${n}="${v}"`).join('');
  const render = (node: AnyNode, depth: number): string => {
    if (isText(node)) return escapeXml(node.data);
    if (!isTag(node) || depth > DEEPEST) return '';
    const attributes = Object.entries(node.attribs).map(([n, v]) => ` ${n}="${escapeXml(v).replaceAll('"', '&quot;')}"`).join('');
    return `<${node.name}${depth === 0 ? namespaces : ''}${attributes}>${node.children.map((c) => render(c, depth + 1)).join('')}</${node.name}>`;
  };
  return element.children.map((c) => render(c, 0)).join('');
}
