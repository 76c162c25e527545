import { readJson } from './repair-json.ts';

export interface JsonLdBlock {
  /** Top-level objects; arrays are unrolled. */
  readonly nodes: readonly Record<string, unknown>[];
  readonly repaired: boolean;
}

export interface JsonLdScan {
  readonly blocks: readonly JsonLdBlock[];
  /** Starts of scripts that are no JSON even after repair, or end too early, at most 1,000 characters each. */
  readonly broken: readonly string[];
}

export const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Finds `<script type="application/ld+json">` by scanning, without building a tree: by far the fastest way through a page that has one. */
export function findJsonLd(html: string): JsonLdScan {
  const blocks: JsonLdBlock[] = [];
  const broken: string[] = [];
  for (const text of scriptTexts(html)) {
    const read = readJson(text);
    if ((read === null || read.isCut) && text.trim() !== '') broken.push(text.trim().slice(0, 1_000));
    if (read === null) continue;
    blocks.push({ nodes: read.values.flatMap((v) => (Array.isArray(v) ? v.flat() : [v])).filter(isObject), repaired: read.repaired });
  }
  return { blocks, broken };
}

/** More than any page has; each costs a look back through the page. */
const MOST_HITS = 500;

function* scriptTexts(html: string): Generator<string> {
  const next = new Hits(html);
  let at = 0;
  for (let hits = 0; hits < MOST_HITS; hits++) {
    const hit = next.after(at);
    if (hit < 0) return;
    at = hit + 7;
    const open = openingTag(html, hit);
    if (open < 0 || isCommentedOut(html, open)) continue;
    const start = tagEnd(html, open);
    if (start < 0) continue;
    if (start < hit || !TYPE.test(html.slice(open, start))) continue;
    const end = scriptEnd(html, start + 1);
    yield html.slice(start + 1, end);
    at = end;
  }
}

const TYPE = /\stype\s*=\s*["']?\s*application\/ld/i;
/** `application/ld+json`, in capitals too, and with its plus written as an entity. */
const SPELLINGS = ['application/ld+json', 'application/ld&#', 'APPLICATION/LD+JSON'];

/** Where each spelling stands next. One that was looked for in vain, or stands ahead, is not looked for again: most pages have one spelling, and each look goes through the page. */
class Hits {
  readonly #html: string;
  readonly #next = SPELLINGS.map(() => 0);

  constructor(html: string) {
    this.#html = html;
  }

  after(from: number): number {
    let first = -1;
    for (const [i, spelling] of SPELLINGS.entries()) {
      let at = this.#next[i] as number;
      if (at >= 0 && (at < from || from === 0)) at = this.#next[i] = this.#html.indexOf(spelling, from);
      if (at >= 0 && (first < 0 || at < first)) first = at;
    }
    return first;
  }
}

/** The `>` that ends the tag that opens here: not one inside an attribute's value. */
function tagEnd(html: string, open: number): number {
  let quote = '';
  for (let i = open; i < html.length && i - open < 10_000; i++) {
    const c = html[i] as string;
    if (quote !== '') quote = c === quote ? '' : quote;
    else if ((c === '"' || c === "'") && html[i - 1] === '=') quote = c;
    else if (c === '>') return i;
  }
  return -1;
}

/** Where the `<script` begins whose attributes hold `hit`, or -1. */
function openingTag(html: string, hit: number): number {
  const open = html.lastIndexOf('<', hit);
  if (open < 0 || hit - open > 2_000) return -1;
  return html.slice(open, open + 7).toLowerCase() === '<script' ? open : -1;
}

function isCommentedOut(html: string, at: number): boolean {
  const open = html.lastIndexOf('<!--', at);
  if (open < 0) return false;
  const close = html.indexOf('-->', open);
  if (close < at) return false;
  // `<!--` inside an earlier script is text, not a comment.
  return html.lastIndexOf('<script', open) <= html.lastIndexOf('</script', open) || html.lastIndexOf('<script', open) < 0;
}

function scriptEnd(html: string, from: number): number {
  let at = from;
  for (;;) {
    const close = html.indexOf('</', at);
    if (close < 0) return html.length;
    if (html.slice(close + 2, close + 8).toLowerCase() === 'script') return close;
    at = close + 2;
  }
}
