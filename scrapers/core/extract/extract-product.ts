/** Reads a product page: structured data in order of trust, then site rules, with the source of every field kept. */
import { applyGeneralRules, applySiteRules, hostCurrency } from './apply-site-rules.ts';
import type { PlacedRule } from '#engine/sources/ports.ts';
import { applyPlacedRules } from './apply-placed-rules.ts';
import { emptySheet, mergeSheets, type FactSheet, type ProductFacts } from './fact-sheet.ts';
import { findJsonLd, isObject } from './find-jsonld.ts';
import { baseOf, parseHtml } from './parse-html.ts';
import { readMicrodata, type MicrodataItem, type MicrodataValue } from './read-microdata.ts';
import { readOpenGraph, type OpenGraph } from './read-opengraph.ts';
import { readRdfa } from './read-rdfa.ts';
import { readShownOffer, readVisiblePrice, showsPrice } from './read-visible-price.ts';
import { nodesFromRdfa } from './nodes-from-rdfa.ts';
import { conditionOf, priceOf, readSchemaOrg, type Node, type PageIdentity } from './read-schema-org.ts';

export interface ExtractedPage {
  /** Null where the page shows no one product. */
  readonly product: ProductFacts | null;
  /** Scripts of structured data that could not be read. */
  readonly broken: readonly string[];
  /** Whether structured data had to be repaired. */
  readonly repaired: boolean;
}

export interface ExtractOptions {
  /**
   * `fast` builds no tree when JSON-LD alone gives name, price and currency, and the page shows that figure. `full` reads every syntax, and so sees where they contradict each other.
   * Default `full`.
   */
  readonly depth?: 'fast' | 'full' | undefined;
  /** Places that a person has shown: after the site's own rules. */
  readonly rules?: readonly PlacedRule[] | undefined;
  /** What a language model read, checked against the page: last of all. */
  readonly opinion?: FactSheet | undefined;
}

/** Structured data is unrolled: `@graph` members stand beside their document. */
function roots(nodes: readonly Node[]): Node[] {
  return nodes.flatMap((n) => (Array.isArray(n['@graph']) ? [n, ...n['@graph'].filter(isObject)] : [n]));
}

/** From the head, without a tree. */
function identify(html: string, url: string): PageIdentity {
  const head = html.slice(0, 200_000);
  const link = /<link\b[^>]{0,500}?\brel\s*=\s*["']?canonical\b[^>]{0,2000}>/i.exec(head)?.[0];
  const canonical = link === undefined ? undefined : /\bhref\s*=\s*["']?([^"'\s>]+)/i.exec(link)?.[1];
  const title = /<title\b[^>]{0,200}>([^<]{0,1000})/i.exec(head)?.[1];
  return { url, canonical, title };
}

export function extractProduct(html: string, url: string, options: ExtractOptions = {}): ExtractedPage {
  const { blocks, broken } = findJsonLd(html);
  const repaired = blocks.some((b) => b.repaired);
  const identity = identify(html, url);
  const jsonLd = readSchemaOrg(roots(blocks.flatMap((b) => b.nodes)), identity, 'json-ld');
  if (options.depth === 'fast' && !options.rules?.length && jsonLd?.name !== undefined && jsonLd.price !== undefined && jsonLd.currency !== undefined && showsPrice(html, jsonLd.price)) return { product: mergeSheets([jsonLd]), broken, repaired };
  const document = parseHtml(html);
  const page = { document, html, url };
  const baseUrl = baseOf(document, url);
  const sheets = [
    jsonLd,
    readSchemaOrg(readMicrodata(document, { baseUrl }).map(toNode), identity, 'microdata'),
    html.includes('typeof=') ? readSchemaOrg(nodesFromRdfa(readRdfa(document, url)), identity, 'rdfa') : null,
    openGraphSheet(readOpenGraph(document)),
    applySiteRules(page),
    applyPlacedRules(options.rules ?? [], page, hostCurrency(url)),
    options.opinion ?? null,
  ].filter((s) => s !== null);
  if (!sheets.some((s) => s.price !== undefined)) {
    const general = applyGeneralRules(page);
    if (general) sheets.push(general);
  }
  if (sheets.every((s) => s.price === undefined && s.available === undefined)) {
    const shown = readShownOffer(document, hostCurrency(url));
    if (shown) sheets.push(shown);
  }
  // Elsewhere a witness alone: a figure on the page is a price only beside a product that says it has one.
  const priced = sheets.find((s) => s.price !== undefined);
  const seen = priced ? readVisiblePrice(document, priced.currency ?? hostCurrency(url)) : null;
  if (seen && !sheets.some((s) => Number(s.price) === Number(seen.price))) sheets.push({ ...emptySheet('text'), price: seen.price, priceText: seen.priceText, currency: seen.currency });
  if (sheets.length === 0) return { product: null, broken, repaired };
  return { product: withHostCurrency(mergeSheets(sheets), url), broken, repaired };
}

function withHostCurrency(facts: ProductFacts, url: string): ProductFacts {
  const currency = facts.price !== undefined && facts.currency === undefined ? hostCurrency(url) : null;
  return currency === null ? facts : { ...facts, currency, extractedBy: { ...facts.extractedBy, currency: 'site-rule' } };
}

function toNode(item: MicrodataItem): Node {
  const node: Record<string, unknown> = { '@type': item.type };
  if (item.id !== undefined) node['@id'] = item.id;
  if (item.value !== undefined) node['@value'] = item.value;
  for (const [name, value] of Object.entries(item.properties ?? {})) node[name] = Array.isArray(value) ? value.map(toValue) : toValue(value);
  return node;
}

const toValue = (value: MicrodataValue): unknown => (typeof value === 'string' || 'valueName' in value || 'valueRequired' in value ? value : toNode(value as MicrodataItem));

const OG_IDENTIFIERS = { 'product:gtin': 'gtin', 'product:ean': 'gtin', 'product:upc': 'gtin', 'product:isbn': 'isbn', 'book:isbn': 'isbn', 'product:mfr_part_no': 'mpn', 'product:retailer_item_id': 'sku', 'product:retailer_part_no': 'sku' } as const;

/** A page that calls itself a product, or states a price. */
function openGraphSheet(og: OpenGraph | null): FactSheet | null {
  if (!og) return null;
  const first = (...names: string[]) => names.map((n) => og.properties.find(([p, v]) => p === n && v !== '')?.[1]).find((v) => v !== undefined);
  const currency = first('product:sale_price:currency', 'product:price:currency', 'og:price:currency')?.toUpperCase();
  const sale = priceOf(first('product:sale_price:amount', 'product:price:amount', 'og:price:amount'), currency);
  if (!sale && !/product/.test(first('og:type') ?? '')) return null;
  const sheet = emptySheet('opengraph');
  const regular = priceOf(first('product:original_price:amount', 'og:price:standard_amount'), currency) ?? (first('product:sale_price:amount') ? priceOf(first('product:price:amount'), currency) : null);
  for (const [name, value] of og.properties) {
    const hint = Object.hasOwn(OG_IDENTIFIERS, name) ? OG_IDENTIFIERS[name as keyof typeof OG_IDENTIFIERS] : undefined;
    if (hint && value !== '') sheet.identifiers.push({ hint, text: value });
  }
  const availability = first('product:availability', 'og:availability');
  return Object.assign(sheet, {
    name: first('og:title'), brand: first('product:brand', 'og:brand'), description: first('og:description'), url: first('og:url'), sku: first('product:retailer_item_id'),
    price: sale?.price, priceText: sale?.text, currency: currency !== undefined && /^[A-Z]{3}$/.test(currency) ? currency : undefined, listPrice: regular && sale && Number(regular.price) > Number(sale.price) ? regular.price : undefined,
    availability, available: availability === undefined ? undefined : !/out|oos|sold|discontinued|pending/i.test(availability), condition: conditionOf(first('product:condition')),
    categoryPath: first('product:category')?.split(/\s*>\s*/) ?? [], imageUrls: og.properties.filter(([p, v]) => p === 'og:image' && URL.canParse(v)).map(([, v]) => v),
  });
}
