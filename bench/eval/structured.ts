import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { findJsonLd } from '#scrapers/core/extract/find-jsonld.ts';
import { flattenMicrodata, flattenOpenGraph } from '#scrapers/core/extract/flatten-items.ts';
import { flattenMicroformat, readMicroformats } from '#scrapers/core/extract/read-microformats.ts';
import { parseHtml } from '#scrapers/core/extract/parse-html.ts';
import { readDublinCore } from '#scrapers/core/extract/read-dublin-core.ts';
import { readMicrodata } from '#scrapers/core/extract/read-microdata.ts';
import { readOpenGraph } from '#scrapers/core/extract/read-opengraph.ts';
import { readRdfa } from '#scrapers/core/extract/read-rdfa.ts';
import { percent, readOptions, report } from './read-options.ts';

type Syntax = 'json-ld' | 'microdata' | 'opengraph' | 'opengraph-flat' | 'rdfa' | 'microformats' | 'microformats-flat' | 'dublin-core' | 'all-flat';

interface Task {
  readonly html: string;
  readonly expected: unknown;
  readonly syntax: Syntax;
  /** From the file's name: the set's expected outputs differ in them. */
  readonly baseUrl: string | undefined;
  readonly withNodeIds: boolean;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** An expected file does not say which syntax it is of; its shape does. */
function syntaxOf(file: string, expected: unknown): Syntax | null {
  if (file.endsWith('.jsonld')) return 'json-ld';
  if (isRecord(expected)) return 'all-flat';
  const items = Array.isArray(expected) ? expected.filter(isRecord) : [];
  const first = items[0];
  if (!first) return null;
  if ('namespace' in first) return 'opengraph';
  if ('namespaces' in first) return 'dublin-core';
  const types = [first['type'], first['@type']].flat().filter((t): t is string => typeof t === 'string');
  if (types.some((t) => t.startsWith('h-'))) return '@type' in first ? 'microformats-flat' : 'microformats';
  if (isRecord(first['@context'])) return 'opengraph-flat';
  if ('@id' in first || items.some((i) => Object.keys(i).some((k) => k.startsWith('http')))) return 'rdfa';
  return 'properties' in first || 'value' in first ? 'microdata' : 'json-ld';
}

/** The page that an expected file belongs to: its own name without the words for a variant. */
function pageOf(file: string): string {
  return file.replace(/\.(?:json|jsonld)$/, '').replace(/_flat|_custom_url|_and_node_id|_with_node_id|\.expanded$/g, '');
}

function jsonLdOf(html: string): unknown {
  return findJsonLd(html).blocks.flatMap((b) => b.nodes);
}

/** The page's own address is not in the set; for RDFa it is among the subjects expected. */
function rdfaMatches(task: Task): boolean {
  const ids = (task.expected as unknown[]).filter(isRecord).map((n) => n['@id']).filter((id): id is string => typeof id === 'string' && URL.canParse(id));
  return [...new Set([...ids, 'http://www.example.com/index.html'])].some((base) => equalAsSets(readRdfa(parseHtml(task.html), base), task.expected));
}

/**
 * White space at the end of an XML literal says nothing (RDF 1.1 compares such literals by their tree): the tool that made the expected files writes the
 * text after a literal's last element twice.
 */
function trimLiteral(value: Record<string, unknown>): Record<string, unknown> {
  return value['@type'] === XML_LITERAL && typeof value['@value'] === 'string' ? { ...value, '@value': value['@value'].trimEnd() } : value;
}
const XML_LITERAL = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral';

/** RDF has no order: neither of nodes nor of a property's values. */
function equalAsSets(a: unknown, b: unknown): boolean {
  const canonical = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(canonical).map((v) => JSON.stringify(v)).sort();
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.entries(trimLiteral(value)).toSorted(([x], [y]) => (x < y ? -1 : 1)).map(([k, v]) => [k, canonical(v)]));
  };
  return isDeepStrictEqual(canonical(nameBlanks(plain(a))), canonical(nameBlanks(b)));
}

const isBlank = (value: unknown): value is string => typeof value === 'string' && value.startsWith('_:');

/** Blank nodes have no name of their own: each is named by what it says, and by what the blank nodes that it points to say. */
function nameBlanks(graph: unknown): unknown {
  let names = new Map<string, string>();
  const renamed = (value: unknown): unknown => {
    if (isBlank(value)) return names.get(value) ?? '_:';
    if (Array.isArray(value)) return value.map(renamed).toSorted((x, y) => (JSON.stringify(x) < JSON.stringify(y) ? -1 : 1));
    return isRecord(value) ? Object.fromEntries(Object.keys(value).toSorted().map((key) => [key, renamed(value[key])])) : value;
  };
  const nodes = Array.isArray(graph) ? graph.filter(isRecord) : [];
  for (let round = 0; round < 6; round++) names = new Map(nodes.filter((n) => isBlank(n['@id'])).map((n) => [n['@id'] as string, `_:${createHash('sha256').update(JSON.stringify(renamed({ ...n, '@id': '' }))).digest('hex')}`]));
  return renamed(graph);
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

function readAll(task: Task): unknown {
  const document = parseHtml(task.html);
  const og = readOpenGraph(document);
  const all: Record<string, unknown> = {
    microdata: readMicrodata(document, task).map((i) => flattenMicrodata(i)), 'json-ld': jsonLdOf(task.html), opengraph: og ? [flattenOpenGraph(og)] : [], rdfa: readRdfa(document, task.baseUrl ?? 'http://www.example.com/index.html'),
    microformat: readMicroformats(document).map((m) => flattenMicroformat(m)), dublincore: [readDublinCore(document)].filter((d) => d !== null),
  };
  return Object.fromEntries(Object.entries(all).filter(([name]) => isRecord(task.expected) && name in task.expected));
}

function produce(task: Task): unknown {
  const document = parseHtml(task.html);
  const og = readOpenGraph(document);
  switch (task.syntax) {
    case 'json-ld': return jsonLdOf(task.html);
    case 'microdata': return readMicrodata(document, task);
    case 'opengraph': return og ? [og] : [];
    case 'opengraph-flat': return og ? [flattenOpenGraph(og)] : [];
    case 'microformats': return readMicroformats(document);
    case 'microformats-flat': return readMicroformats(document).map((m) => flattenMicroformat(m));
    case 'dublin-core': return [readDublinCore(document)].filter((d) => d !== null);
    case 'rdfa': return readRdfa(document, 'http://www.example.com/index.html');
    case 'all-flat': return readAll(task);
  }
}

const matches = (task: Task): boolean => (task.syntax === 'rdfa' ? rdfaMatches(task) : isDeepStrictEqual(plain(produce(task)), task.expected));

async function collect(dir: string): Promise<{ file: string; task: Task }[]> {
  const entries = await readdir(dir, { recursive: true });
  const pages = new Set(entries.filter((e) => e.endsWith('.html')));
  const found: { file: string; task: Task }[] = [];
  for (const file of entries.filter((e) => /\.(?:json|jsonld)$/.test(e)).sort()) {
    const page = [`${file.replace(/\.(?:json|jsonld)$/, '')}.html`, `${pageOf(file)}.html`].find((p) => pages.has(p));
    if (!page) continue;
    const expected: unknown = JSON.parse(await readFile(path.join(dir, file), 'utf8'));
    const syntax = syntaxOf(file, expected);
    if (!syntax) continue;
    const html = await readFile(path.join(dir, page), 'utf8');
    found.push({ file, task: { html, expected, syntax, baseUrl: file.includes('custom_url') ? 'http://some-example.com/' : undefined, withNodeIds: file.includes('node_id') } });
  }
  return found;
}

export async function run(args: string[]): Promise<number> {
  const options = readOptions(args, ['dir']);
  if (!options) return 2;
  const tasks = await collect(options.values['dir'] ?? '');
  const bySyntax = new Map<Syntax, { all: number; equal: number }>();
  let equal = 0;
  for (const { file, task } of tasks) {
    const good = matches(task);
    const count = bySyntax.get(task.syntax) ?? { all: 0, equal: 0 };
    bySyntax.set(task.syntax, { all: count.all + 1, equal: count.equal + (good ? 1 : 0) });
    if (good) equal += 1;
    else if (!options.json) console.log(`${file}: not equal (${task.syntax})`);
    if (!good && options.verbose) console.log(`  got      ${JSON.stringify(produce(task))}\n  expected ${JSON.stringify(task.expected)}`);
  }
  report('structured', {
    files: tasks.length, equal: options.json ? equal / Math.max(1, tasks.length) : `${equal} (${percent(equal, tasks.length)})`,
    ...Object.fromEntries([...bySyntax].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([syntax, c]) => [syntax, `${c.equal} of ${c.all}`])),
  }, options.json);
  return 0;
}
