/**
 * The product that a page's schema.org data describes, whatever syntax carried it (JSON-LD, or microdata and RDFa turned into the same shape).
 * A page about several different products, such as a listing, describes none.
 */
import { readPriceText } from '#kernel/price-text.ts';
import type { Extractor, IdentifierHint, RawCondition } from '#engine/sources/ports.ts';
import { emptySheet, type FactSheet } from './fact-sheet.ts';
import { isObject } from './find-jsonld.ts';
import { decodeEntities } from './parse-html.ts';
import { readSellerFeedback } from './read-seller-feedback.ts';

export type Node = Readonly<Record<string, unknown>>;

const PRODUCT_TYPES = new Set(['product', 'productgroup', 'individualproduct', 'productmodel', 'someproducts', 'book', 'vehicle', 'car', 'videogame', 'musicalbum', 'movie', 'softwareapplication']);
/** Edges that lead to other products than the page's own. */
const ELSEWHERE = new Set(['isRelatedTo', 'isSimilarTo', 'isAccessoryOrSparePartFor', 'isConsumableFor', 'itemListElement', 'review', 'reviews', 'offers', 'hasVariant', 'isVariantOf', 'related_products', 'associatedMedia', 'publisher', 'author']);

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]);
const nodes = (value: unknown): Node[] => list(value).filter(isObject);

/** Last segment of a type's address, in lower case. */
export function typesOf(node: Node): string[] {
  return list(node['@type'] ?? node['type']).filter((t): t is string => typeof t === 'string').map((t) => t.slice(Math.max(t.lastIndexOf('/'), t.lastIndexOf('#'), t.lastIndexOf(':')) + 1).toLowerCase());
}

const isType = (node: Node, ...names: string[]) => typesOf(node).some((t) => names.includes(t));

/** Text of a value, of its `@value`, or of its name. Many shops escape texts for HTML before they write them as JSON. */
export function textOf(value: unknown): string | undefined {
  const first = Array.isArray(value) ? value.find((v) => v !== null && v !== '') : value;
  if (typeof first === 'string') return first.trim() === '' ? undefined : decodeEntities(first).trim();
  if (typeof first === 'number' && Number.isFinite(first)) return String(first);
  if (isObject(first)) return textOf(first['@value'] ?? first['name'] ?? first['value'] ?? first['url'] ?? first['@id']);
  return undefined;
}

function findProducts(roots: readonly Node[]): Node[] {
  const found: Node[] = [];
  const seen = new Set<Node>();
  const visit = (node: Node, depth: number) => {
    if (seen.has(node) || depth > 12 || found.length > 500) return;
    seen.add(node);
    if (isType(node, 'itemlist', 'searchresultspage', 'offercatalog', 'breadcrumblist')) return;
    if (typesOf(node).some((t) => PRODUCT_TYPES.has(t))) {
      found.push(node);
      return;
    }
    if (isType(node, 'offer', 'aggregateoffer')) {
      for (const item of nodes(node['itemOffered'])) if (PRODUCT_TYPES.has(typesOf(item)[0] ?? '')) found.push({ ...item, offers: item['offers'] ?? node });
      return;
    }
    for (const [key, value] of Object.entries(node)) if (!ELSEWHERE.has(key)) for (const child of nodes(value)) visit(child, depth + 1);
  };
  for (const root of roots) visit(root, 0);
  return found;
}

/** An address without what does not name the page: protocol, `www.`, fragment, closing slash. */
function pageKey(url: string | undefined, base: string): string | null {
  if (url === undefined || !URL.canParse(url, base)) return null;
  const { hostname, pathname } = new URL(url, base);
  return hostname.replace(/^www\./, '') + decodeURI(pathname).replace(/\/$/, '').toLowerCase();
}

/** What tells the page's own product from others that it describes. */
export interface PageIdentity {
  readonly url: string;
  /** `<link rel="canonical">`. */
  readonly canonical?: string | undefined;
  readonly title?: string | undefined;
}

/** A shorter name says too little: `Mug` stands in many titles. */
const LEAST_NAME = 8;

function choose(found: readonly Node[], page: PageIdentity): Node | null {
  if (found.length <= 1) return found[0] ?? null;
  const here = [page.url, page.canonical].map((u) => pageKey(u, page.url)).filter((k) => k !== null);
  const own = found.filter((p) => [textOf(p['url']), textOf(p['@id']), ...nodes(p['offers']).map((o) => textOf(o['url']))].some((u) => here.includes(pageKey(u, page.url) ?? '')));
  const priced = (own.length > 0 ? own : found).filter((p) => p['offers'] !== undefined || p['hasVariant'] !== undefined);
  const pool = priced.length > 0 ? priced : own.length > 0 ? own : found;
  const first = pool[0] as Node;
  const alike = (p: Node) => textOf(p['name']) === textOf(first['name']) || (textOf(p['sku']) !== undefined && textOf(p['sku']) === textOf(first['sku']));
  if (own.length === 1 || pool.every(alike)) return first;
  const title = decodeEntities(page.title ?? '').toLowerCase();
  const named = pool.filter((p) => (textOf(p['name']) ?? '').length >= LEAST_NAME && title.includes((textOf(p['name']) as string).toLowerCase()));
  return named.length === 1 ? (named[0] as Node) : null;
}

/** Decimal text of a schema.org price: a number, or a text that is surely one. Zero means that the shop states none. */
export function priceOf(value: unknown, currency: string | undefined): { readonly price: string; readonly text?: string } | null {
  const text = textOf(value);
  if (text === undefined) return null;
  const amount = /^\d{1,12}(\.\d{1,6})?$/.test(text) ? text : readPriceText(text, { expected: currency ?? null }).amount;
  if (amount === null || Number(amount) === 0) return null;
  return typeof value === 'string' ? { price: amount, text } : { price: amount };
}

interface Priced {
  readonly price: string;
  readonly text?: string | undefined;
  readonly currency?: string | undefined;
  readonly listPrice?: string | undefined;
  readonly offer: Node;
  readonly several?: boolean | undefined;
}

const codeOf = (value: unknown) => {
  const text = textOf(value)?.toUpperCase();
  return text !== undefined && /^[A-Z]{3}$/.test(text) ? text : undefined;
};

function readSpecifications(offer: Node, currency: string | undefined): { sale?: { price: string; text?: string } | null; currency?: string | undefined; list?: string } {
  const found: ReturnType<typeof readSpecifications> = {};
  for (const spec of nodes(offer['priceSpecification'])) {
    const code = codeOf(spec['priceCurrency']) ?? currency;
    const price = priceOf(spec['price'] ?? spec['minPrice'], code);
    if (!price || isType(spec, 'deliverychargespecification')) continue;
    const kind = textOf(spec['priceType'])?.toLowerCase() ?? '';
    if (/list|strikethrough|msrp|srp|regular/.test(kind)) found.list ??= price.price;
    else if (spec['referenceQuantity'] === undefined || found.sale === undefined) {
      if (found.sale === undefined || spec['referenceQuantity'] === undefined) found.sale = price;
      found.currency ??= code;
    }
  }
  return found;
}

function readOffer(offer: Node, inherited: string | undefined): Priced | null {
  const currency = codeOf(offer['priceCurrency']) ?? inherited;
  const specified = readSpecifications(offer, currency);
  const direct = priceOf(offer['price'], currency) ?? specified.sale ?? null;
  if (direct) return { price: direct.price, text: direct.text, currency: currency ?? specified.currency, listPrice: specified.list, offer };
  if (!isType(offer, 'aggregateoffer') && offer['lowPrice'] === undefined) return null;
  const inner = nodes(offer['offers']).map((o) => readOffer(o, currency)).filter((o) => o !== null);
  const low = priceOf(offer['lowPrice'], currency);
  const high = priceOf(offer['highPrice'], currency);
  if (low) return { price: low.price, text: low.text, currency: currency ?? inner[0]?.currency, offer: inner[0]?.offer ?? offer, several: high !== null && Number(high.price) !== Number(low.price) };
  return several(inner);
}

/** The first offer in stock stands for all; `several` says that they differ. */
function several(offers: readonly Priced[]): Priced | null {
  const first = offers.find((o) => availabilityOf(o.offer)?.available !== false) ?? offers[0];
  if (!first) return null;
  return offers.some((o) => Number(o.price) !== Number(first.price)) ? { ...first, several: true } : first;
}

function priceProduct(product: Node, pageUrl: string): Priced | null {
  const offers = nodes(product['offers']);
  const variants = nodes(product['hasVariant']);
  const priced = offers.map((o) => readOffer(o, codeOf(product['priceCurrency']))).filter((o) => o !== null);
  if (priced.length > 0) {
    const full = (u: string | undefined) => (u !== undefined && URL.canParse(u, pageUrl) ? new URL(u, pageUrl).href : null);
    const exact = priced.filter((o) => full(textOf(o.offer['url'])) === pageUrl);
    return exact.length === 1 && exact[0] ? exact[0] : several(priced);
  }
  return several(variants.map((v) => priceProduct(v, pageUrl)).filter((v) => v !== null));
}

const UNAVAILABLE = /outofstock|soldout|discontinued|backorder|preorder|presale|out of stock|sold out|unavailable|épuisé|rupture/i;

export function availabilityOf(offer: Node): { readonly text: string; readonly available: boolean } | null {
  const raw = textOf(offer['availability']);
  if (raw === undefined) return null;
  const text = raw.slice(raw.lastIndexOf('/') + 1);
  return { text, available: !UNAVAILABLE.test(text) };
}

export function conditionOf(text: string | undefined): RawCondition | undefined {
  if (text === undefined) return undefined;
  const word = text.toLowerCase();
  if (/refurb|reconditionn/.test(word)) return 'refurbished';
  if (/damaged/.test(word)) return 'damaged';
  if (/used|occasion|pre-?owned/.test(word)) return 'used';
  return /new|neuf/.test(word) ? 'new' : undefined;
}

const IDENTIFIER_KEYS: readonly (readonly [string, IdentifierHint])[] = [
  ['gtin', 'gtin'], ['gtin13', 'gtin'], ['gtin12', 'gtin'], ['gtin14', 'gtin'], ['gtin8', 'gtin'], ['ean', 'gtin'], ['upc', 'gtin'], ['isbn', 'isbn'], ['asin', 'asin'], ['mpn', 'mpn'], ['sku', 'sku'], ['productID', 'unknown'],
];

function identifiersOf(product: Node, offer: Node | undefined): FactSheet['identifiers'] {
  const found: FactSheet['identifiers'] = [];
  for (const node of offer ? [product, offer] : [product]) {
    for (const [key, hint] of IDENTIFIER_KEYS) {
      for (const value of list(node[key])) {
        const raw = textOf(value);
        if (raw === undefined) continue;
        const labelled = /^(isbn|gtin|ean|upc|asin|mpn|sku):\s*(.+)$/i.exec(raw);
        const text = labelled?.[2] ?? raw;
        if (!found.some((f) => f.text === text)) found.push({ hint: labelled?.[1] ? hintOf(labelled[1]) : hint, text });
      }
    }
  }
  return found;
}

function hintOf(label: string): IdentifierHint {
  const word = label.toLowerCase();
  return word === 'ean' || word === 'upc' || word === 'gtin' ? 'gtin' : (word as IdentifierHint);
}

function imagesOf(value: unknown, pageUrl: string): string[] {
  return list(value)
    .map((v) => (isObject(v) ? textOf(v['contentUrl'] ?? v['url'] ?? v['@id']) : textOf(v)))
    .filter((u): u is string => u !== undefined && URL.canParse(u, pageUrl))
    .map((u) => new URL(u, pageUrl).href);
}

const GRAMS: Readonly<Record<string, number>> = { GRM: 1, G: 1, KGM: 1_000, KG: 1_000, LBR: 453.59237, LB: 453.59237, LBS: 453.59237, ONZ: 28.349523125, OZ: 28.349523125 };

function gramsOf(value: unknown): number | undefined {
  const node = nodes(value)[0];
  const amount = Number(textOf(node ? node['value'] : undefined));
  const unit = GRAMS[(textOf(node?.['unitCode'] ?? node?.['unitText']) ?? '').toUpperCase()];
  return unit !== undefined && Number.isFinite(amount) && amount > 0 ? Math.round(amount * unit) : undefined;
}

function breadcrumb(roots: readonly Node[]): string[] {
  const crumbs = roots.flatMap((r) => [r, ...nodes(r['breadcrumb']), ...nodes(r['@graph'])]).find((n) => isType(n, 'breadcrumblist'));
  if (!crumbs) return [];
  const items = nodes(crumbs['itemListElement']).map((i) => ({ position: Number(textOf(i['position']) ?? 0), name: textOf(i['name'] ?? i['item']) }));
  return items.sort((a, b) => a.position - b.position).map((i) => i.name).filter((n): n is string => n !== undefined && !n.startsWith('http'));
}

/** The page's one product, or null where there is none or no telling which. */
export function readSchemaOrg(roots: readonly Node[], page: PageIdentity, by: Extractor): FactSheet | null {
  const pageUrl = page.url;
  const product = choose(findProducts(roots), page);
  if (!product) return null;
  const sheet = emptySheet(by);
  const priced = priceProduct(product, pageUrl);
  const offer = priced?.offer ?? nodes(product['offers'])[0] ?? nodes(product['hasVariant']).flatMap((v) => nodes(v['offers']))[0];
  const stock = offer ? availabilityOf(offer) : null;
  const category = textOf(product['category']);
  const path = category?.split(/\s*(?:>|»|\/)\s*/).filter((c) => c !== '') ?? [];
  return Object.assign(sheet, {
    name: textOf(product['name']),
    brand: textOf(product['brand']) ?? textOf(product['manufacturer']),
    model: textOf(product['model']),
    description: textOf(product['description']),
    url: textOf(product['url']),
    sku: textOf(product['sku']) ?? textOf(offer?.['sku']),
    identifiers: identifiersOf(product, priced?.several ? undefined : offer),
    price: priced?.price, priceText: priced?.text, severalPrices: priced?.several, currency: priced?.currency ?? codeOf(offer?.['priceCurrency']), listPrice: priced?.listPrice,
    availability: stock?.text, available: stock?.available,
    condition: conditionOf(textOf(offer?.['itemCondition'] ?? product['itemCondition'])),
    sellerName: textOf(offer?.['seller'] ?? offer?.['offeredBy']),
    sellerFeedback: nodes(offer?.['seller'] ?? offer?.['offeredBy']).map((seller) => readSellerFeedback(nodes(seller['aggregateRating'])[0])).find((f) => f !== undefined),
    categoryPath: path.length > 0 && !/^\d+$/.test(path[0] ?? '') ? path : breadcrumb(roots),
    imageUrls: imagesOf(product['image'], pageUrl),
    weightGrams: gramsOf(product['weight']),
  });
}
