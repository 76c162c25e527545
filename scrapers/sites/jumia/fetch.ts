import { ConnectorError, isConnectorError, messageOf } from '#kernel/errors.ts';
import { err, ok } from '#kernel/result.ts';
import type { OpenSource, RawOffer, RawReject, ScanOptions, ScanPage, SitePolicy, SourceAdapter } from '#engine/sources/ports.ts';
import type { FetchPolicy, FetchResult } from '../../core/fetch/fetcher.ts';
import { parseConfig, policyOf, type SiteTools } from '../../core/source/open-config.ts';
import { readCursor, reject, ScanProgress } from '../../core/source/scan-progress.ts';
import { scanSitemapShop } from '../structured-shop/fetch.ts';
import { parsePage as parseStructured, type ParseContext as PageContext } from '../structured-shop/parse.ts';
import { configSchema as shopSchema } from '../structured-shop/schema.ts';
import type { ShopDialect } from '../structured-shop/shop-dialect.ts';
import { findStore, parseProduct, readCards } from './parse.ts';
import { configSchema, COUNTRIES, countryOf, cursorSchema, type JumiaConfig, type JumiaCursor } from './schema.ts';

const KIND = 'jumia';
const POLICY: SitePolicy = {
  scan: 'allowed', buy: 'forbidden', contactSeller: 'human', storePayload: 'forbidden',
  source: 'robots.txt of the site, read before every pass', asOf: '2026-11-21', note: 'Public pages that the site’s robots.txt permits; its terms are to be read for each country.',
};
const PACE: FetchPolicy = { minIntervalMs: 3_000, concurrency: 1 };

/** Jumia's sites of Nigeria, Kenya, Egypt, Morocco and Ivory Coast: their public category and product pages. */
export function createJumiaAdapter(tools: SiteTools): SourceAdapter {
  return {
    kind: KIND, policy: POLICY,
    open(config) {
      const parsed = parseConfig(configSchema, config);
      if (!parsed.ok) return parsed;
      const site = siteOf(parsed.value);
      return site ? ok(openSite(site, tools)) : err([{ field: 'baseUrl', reason: `not one of Jumia’s sites: ${Object.values(COUNTRIES).map((c) => c.host).join(', ')}` }]);
    },
  };
}

interface Site {
  readonly config: JumiaConfig;
  readonly origin: string;
  readonly currency: string;
  readonly zone: string;
  readonly label: string;
  /** Paths with a closing slash. Empty: the whole site. */
  readonly categories: readonly string[];
}

function siteOf(config: JumiaConfig): Site | null {
  const country = config.country ?? countryOf(config.baseUrl);
  if (!country) return null;
  const { origin, pathname } = new URL(config.baseUrl);
  const asked = config.categories.length > 0 ? config.categories : pathname === '/' ? [] : [pathname];
  const categories = [...new Set(asked.map((c) => `${c.replace(/\/+$/, '')}/`))];
  return { config, origin, currency: COUNTRIES[country].currency, zone: COUNTRIES[country].zone, label: config.label ?? `Jumia ${country}`, categories };
}

function openSite(site: Site, tools: SiteTools): OpenSource {
  return {
    kind: KIND, label: site.label, origin: site.config.baseUrl, policy: POLICY, currency: site.currency,
    scan: (options) => (site.categories.length > 0 ? scanCategories(site, tools, options) : scanWhole(site, tools, options)),
    close: () => Promise.resolve(),
  };
}

/** Every product in the sitemaps, page by page. */
function scanWhole(site: Site, tools: SiteTools, options: ScanOptions): AsyncIterable<ScanPage> {
  const config = shopSchema.parse({ baseUrl: site.origin, label: site.label, currency: site.currency, ...(site.config.politeness ? { politeness: site.config.politeness } : {}) });
  const dialect: ShopDialect = {
    kind: KIND, pace: { ...PACE, zone: site.zone }, sitemapPaths: ['/sitemap.xml'], externalIdOf: (url) => new URL(url).pathname,
    accepts: (url) => new URL(url).pathname.endsWith('.html'), parsePage: (html, context) => parseProductPage(html, context, site),
  };
  return scanSitemapShop(config, { tools, dialect }, options);
}

/** The product page's own data first; its structured data where it carries none. */
function parseProductPage(html: string, context: PageContext, site: Site): RawOffer | RawReject {
  let store: ReturnType<typeof findStore>;
  try {
    store = findStore(html);
  } catch {
    store = null;
  }
  const [product] = store?.view === 'Product' ? store.products : [];
  if (product === undefined) return parseStructured(html, context);
  // The page's address stands for the offer: a pass that finds it unchanged knows no more of it.
  return { ...parseProduct(product, { origin: site.origin, where: context.url, seenAt: context.seenAt, currency: site.currency, label: site.label }), externalId: context.externalId };
}

async function* scanCategories(site: Site, tools: SiteTools, options: ScanOptions): AsyncGenerator<ScanPage> {
  const progress = new ScanProgress(tools.clock, options.limits);
  const from = readCursor(cursorSchema, options.cursor) ?? START;
  const policy = policyOf(site.config.politeness, { ...PACE, zone: site.zone });
  for (let at: JumiaCursor = from.category < site.categories.length ? from : START, before: ReadonlySet<string> = new Set(); ; ) {
    options.signal.throwIfAborted();
    const read = await readListing({ site, tools, policy, signal: options.signal }, at, before);
    const full = !read.ended && at.page >= site.config.maxPages;
    const next = { ...(read.ended || full ? { ...at, category: at.category + 1, page: 1 } : { ...at, page: at.page + 1 }), cut: at.cut || full };
    const done = next.category >= site.categories.length;
    const complete = done && !next.cut;
    before = next.category === at.category ? read.skus : new Set();
    at = next;
    const page: ScanPage = { offers: read.offers, rejects: read.rejects, requests: read.requests, complete, cursor: JSON.stringify(done ? START : next) };
    progress.count(page);
    yield page;
    if (done || progress.isSpent) return;
  }
}

const START: JumiaCursor = { v: 1, category: 0, page: 1, cut: false };

interface How {
  readonly site: Site;
  readonly tools: SiteTools;
  readonly policy: FetchPolicy;
  readonly signal: AbortSignal;
}

interface Listing {
  readonly offers: readonly RawOffer[];
  readonly rejects: readonly RawReject[];
  readonly skus: ReadonlySet<string>;
  readonly requests: number;
  /** There is no such page, or it repeats the one before: the category has been read. */
  readonly ended: boolean;
}

async function readListing(how: How, at: JumiaCursor, before: ReadonlySet<string>): Promise<Listing> {
  const { site, tools } = how;
  const category = site.categories[at.category]!;
  const answer = await fetchListing(how, `${site.origin}${category}${at.page === 1 ? '' : `?page=${at.page}`}`, at.page > 1);
  if (answer === null) return { offers: [], rejects: [], skus: new Set(), requests: 1, ended: true };
  const operation = `read ${category}, page ${at.page}`;
  const { products, broken } = productsOf(answer.text);
  if (at.page === 1 && products.length === 0) throw new ConnectorError({ kind: 'Critical', connector: KIND, operation, message: broken ?? 'the page lists no products: is this a category?', evidence: answer.text.slice(0, 2_000) });
  const seenAt = tools.clock.now();
  const offers: RawOffer[] = [];
  const rejects: RawReject[] = broken === null ? [] : [reject('schema-drift', { where: answer.url, field: '__STORE__', reason: broken, raw: answer.text.slice(0, 1_000), seenAt })];
  const skus = new Set<string>();
  for (const [index, product] of products.entries()) {
    const read = parseProduct(product, { origin: site.origin, where: `${category} page ${at.page} item ${index + 1}`, seenAt, currency: site.currency, label: site.label });
    if (read.externalId !== undefined) skus.add(read.externalId);
    if ('code' in read) rejects.push(read);
    else offers.push(read);
  }
  const repeated = skus.size > 0 && [...skus].every((s) => before.has(s));
  return { offers: repeated ? [] : offers, rejects: repeated ? [] : rejects, skus, requests: answer.requests, ended: repeated || products.length === 0 };
}

/** Null where there is no such page: the category is at its end. */
async function fetchListing({ tools, policy, signal }: How, url: string, mayEnd: boolean): Promise<FetchResult | null> {
  try {
    return await tools.fetcher.fetch({ url, connector: KIND, operation: 'read category page', headers: { accept: 'text/html' } }, policy, signal);
  } catch (error) {
    if (mayEnd && isConnectorError(error, 'Rejected') && (error.detail.httpStatus === 404 || error.detail.httpStatus === 410)) return null;
    throw error;
  }
}

function productsOf(html: string): { products: readonly unknown[]; broken: string | null } {
  try {
    const store = findStore(html);
    if (store && store.products.length > 0) return { products: store.products, broken: null };
    return { products: readCards(html), broken: null };
  } catch (error) {
    return { products: readCards(html), broken: `the page's data cannot be read: ${messageOf(error).slice(0, 200)}` };
  }
}
