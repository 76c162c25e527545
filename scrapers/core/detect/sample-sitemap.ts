import { isConnectorError } from '#kernel/errors.ts';
import type { RawOffer, RawReject } from '#engine/sources/ports.ts';
import type { FetchPolicy, FetchRequest, FetchResult, Fetcher } from '../fetch/fetcher.ts';
import { readSitemap } from '../fetch/read-sitemap.ts';
import { reject } from '../source/scan-progress.ts';
import { SPENT } from './count-requests.ts';
import { isEmptyShell } from './find-shell.ts';
import { findStandIn, type StandIn } from './find-stand-in.ts';

/** How one kind of shop that is listed in sitemaps is sampled. */
export interface SitemapSampler {
  readonly kind: string;
  readonly sitemapPaths: readonly string[];
  readonly externalIdOf: (url: string) => string;
  readonly accepts: (url: string) => boolean;
  readonly parsePage: (html: string, context: { readonly url: string; readonly externalId: string; readonly seenAt: number; readonly currency: string | undefined; readonly depth: 'fast' | 'full'; readonly label: string }) => RawOffer | RawReject;
}

export interface SampleTools {
  readonly fetcher: Fetcher & { readonly left: number };
  readonly policy: FetchPolicy;
  readonly signal: AbortSignal;
  readonly now: () => number;
}

export interface Sample {
  readonly offers: readonly RawOffer[];
  readonly rejects: readonly RawReject[];
  /** What product pages have in their path and other listed pages have not; null where there is no such thing. */
  readonly productPath: string | null;
  /** No sitemap lists them: they were found by links. */
  readonly byLinks: boolean;
  /** Pages that scripts have yet to fill. */
  readonly shells: number;
  /** What the site showed in place of its pages, where none could be read. */
  readonly standIn?: StandIn | undefined;
}

const PRODUCT_LIKE = /\/(?:products?|produits?|p|item|shop|dp|artikel|article)\/|\.html$|\/\d{3,}|-\d{3,}\b/i;
const PRODUCT_SITEMAP = /product|produit|item|sku/i;
/** Files of sitemaps that a sample opens. */
const MOST_FILES = 3;

export interface SampleOrder {
  readonly sampler: SitemapSampler;
  readonly tools: SampleTools;
  readonly want: number;
  /** Where no sitemap lists anything: pages that the first one links to. */
  readonly links: readonly string[];
  /** With the browser, where pages need one. */
  readonly render?: ((request: FetchRequest) => Promise<FetchResult>) | undefined;
}

/** Some pages spread over what the sitemaps list, the likeliest products first. */
export async function sampleSitemap(baseUrl: string, label: string, how: SampleOrder): Promise<Sample> {
  const { sampler, tools, want } = how;
  const mapped = await listPages(baseUrl, sampler, tools);
  const byLinks = mapped.length === 0;
  let shells = 0;
  let standIn: StandIn | undefined;
  const listed = (byLinks ? how.links : mapped).filter((u) => URL.canParse(u) && new URL(u).host.replace(/^www\./, '') === new URL(baseUrl).host.replace(/^www\./, '') && sampler.accepts(u));
  const likely = listed.filter((u) => PRODUCT_LIKE.test(new URL(u).pathname));
  const offers: RawOffer[] = [];
  const rejects: RawReject[] = [];
  for (const url of spread(likely.length >= want ? likely : listed, want)) {
    if (tools.fetcher.left === 0) break;
    const read = await readOne(url, label, how);
    if (read === null) continue;
    if (read === 'shell') {
      shells += 1;
      continue;
    }
    if ('message' in read) {
      standIn ??= read;
      continue;
    }
    if ('code' in read) rejects.push(read);
    else offers.push(read);
  }
  // Links lead to products through other pages: these must be read too.
  return { offers, rejects, productPath: byLinks ? null : commonPath(offers, listed), byLinks: byLinks && offers.length > 0, shells, ...(offers.length === 0 && standIn ? { standIn } : {}) };
}

async function listPages(baseUrl: string, sampler: SitemapSampler, { fetcher, policy, signal }: SampleTools): Promise<string[]> {
  const named = await fetcher.sitemaps(new URL(baseUrl).origin, policy, signal);
  const queue = named.length > 0 ? [...named] : sampler.sitemapPaths.map((path) => `${baseUrl}${path}`);
  const pages: string[] = [];
  for (let files = 0; queue.length > 0 && files < MOST_FILES && pages.length === 0; ) {
    const url = queue.shift()!;
    try {
      const sitemap = readSitemap((await fetcher.fetch({ url, connector: sampler.kind, operation: 'read sitemap' }, policy, signal)).bytes);
      if (sitemap === null) continue;
      files += 1;
      if (sitemap.kind === 'pages') pages.push(...sitemap.urls);
      else queue.unshift(...sitemap.urls.toSorted((a, b) => Number(PRODUCT_SITEMAP.test(b)) - Number(PRODUCT_SITEMAP.test(a))));
    } catch (error) {
      signal.throwIfAborted();
      if (!isConnectorError(error) || error.detail.code === SPENT) break;
    }
  }
  return pages;
}

/** So many of a list, evenly, its first among them. */
function spread<T>(list: readonly T[], want: number): T[] {
  if (list.length <= want) return [...list];
  return Array.from({ length: want }, (_, i) => list[Math.floor((i * list.length) / want)]!);
}

async function readOne(url: string, label: string, { sampler, tools, render }: SampleOrder): Promise<RawOffer | RawReject | StandIn | 'shell' | null> {
  const externalId = sampler.externalIdOf(url);
  try {
    const request: FetchRequest = { url, connector: sampler.kind, operation: 'read product page', headers: { accept: 'text/html' } };
    const answer = await (render ? render(request) : tools.fetcher.fetch(request, tools.policy, tools.signal));
    const read = sampler.parsePage(answer.text, { url, externalId, seenAt: tools.now(), currency: undefined, depth: 'full', label });
    if (!('code' in read) || read.code !== 'not-a-product') return read;
    return findStandIn({ html: answer.text, url: answer.url, headers: answer.headers }) ?? (!render && isEmptyShell(answer.text) ? 'shell' : read);
  } catch (error) {
    tools.signal.throwIfAborted();
    if (!isConnectorError(error)) throw error;
    if (error.detail.code === SPENT) return null;
    return reject(error.detail.code === 'ROBOTS' ? 'forbidden-by-robots' : 'fetch-failed', { where: url, externalId, reason: error.detail.message, raw: url, seenAt: tools.now() });
  }
}

const firstPart = (url: string) => /^\/[^/]+\//.exec(new URL(url).pathname)?.[0] ?? null;

/** The first part of the path of every offer, where it tells them from the rest: reading only those spares the site the others. */
function commonPath(offers: readonly RawOffer[], listed: readonly string[]): string | null {
  const parts = new Set(offers.map((o) => firstPart(o.url)));
  const [part] = parts;
  if (offers.length < 3 || parts.size !== 1 || !part) return null;
  return listed.some((u) => firstPart(u) !== part) ? part : null;
}
