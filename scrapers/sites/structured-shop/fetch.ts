import { DAY_MS } from '#kernel/time.ts';
import { ConnectorError, isConnectorError, messageOf } from '#kernel/errors.ts';
import { ok } from '#kernel/result.ts';
import type { OpenSource, RawOffer, RawReject, ScanOptions, ScanPage, SitePolicy, SourceAdapter } from '#engine/sources/ports.ts';
import type { FetchPolicy, FetchResult } from '../../core/fetch/fetcher.ts';
import type { Validators } from '../../core/fetch/page-store.ts';
import { parseConfig, policyOf, type SiteTools } from '../../core/source/open-config.ts';
import { readCursor, reject, ScanProgress } from '../../core/source/scan-progress.ts';
import { externalIdOf, parsePage } from './parse.ts';
import { configSchema, cursorSchema, type ShopCursor, type StructuredShopConfig } from './schema.ts';
import type { ShopDialect } from './shop-dialect.ts';
import { isPageFailure, KIND, walkSitemaps, type Leaf, type Walk } from './walk-sitemaps.ts';

const POLICY: SitePolicy = {
  scan: 'allowed', buy: 'human', contactSeller: 'human', storePayload: 'forbidden',
  source: 'robots.txt of the site, read before every pass', asOf: '2026-11-21', note: 'What a shop publishes for search engines; its own terms may forbid more: narrow this in its configuration.',
};
const PACE: FetchPolicy = { minIntervalMs: 500, concurrency: 2 };

/** Any shop whose pages carry structured data: robots.txt, sitemaps, product pages. */
export function createStructuredShopAdapter(tools: SiteTools): SourceAdapter {
  return {
    kind: KIND, policy: POLICY,
    open(config) {
      const parsed = parseConfig(configSchema, config);
      return parsed.ok ? ok(openShop(parsed.value, tools)) : parsed;
    },
  };
}

function labelOf(config: StructuredShopConfig): string {
  return config.label ?? new URL(config.baseUrl).host;
}

function openShop(config: StructuredShopConfig, tools: SiteTools): OpenSource {
  return {
    kind: KIND, label: labelOf(config), origin: config.baseUrl, policy: POLICY, currency: config.currency,
    scan: (options) => scanSitemapShop(config, { tools, dialect: PLAIN }, options),
    close: () => Promise.resolve(),
  };
}

/** Any page may be a product's. */
export const PLAIN: ShopDialect = {
  kind: KIND, pace: PACE, sitemapPaths: ['/sitemap.xml'], externalIdOf, parsePage, accepts: () => true,
};

interface Step {
  readonly urls: readonly string[];
  /** What the sitemap says of their last change. */
  readonly changes: ReadonlyMap<string, string>;
  readonly cursor: ShopCursor;
  readonly requests: number;
}

/** Streams a shop whose products are listed in sitemaps, as its dialect reads them. */
export async function* scanSitemapShop(config: StructuredShopConfig, { tools, dialect }: { readonly tools: SiteTools; readonly dialect: ShopDialect }, options: ScanOptions): AsyncGenerator<ScanPage> {
  const walk: Walk = { config, tools, dialect, policy: policyOf(config.politeness, dialect.pace), signal: options.signal, cursor: readCursor(cursorSchema, options.cursor) };
  const progress = new ScanProgress(tools.clock, options.limits);
  let empty = walk.cursor === null;
  for await (const step of steps(walk)) {
    options.signal.throwIfAborted();
    empty = false;
    const read = await readStep(walk, step);
    progress.count(read.page);
    yield read.page;
    await rememberPages(walk, read);
    if (progress.isSpent) return;
  }
  // Taken for a complete pass, this would end every offer that the shop has.
  if (empty) throw new ConnectorError({ kind: 'Critical', connector: dialect.kind, operation: 'read sitemaps', message: 'the sitemaps of the shop list no product pages' });
  yield { offers: [], rejects: [], cursor: '', complete: true, requests: 0 };
}

/** The consumer has stored the page once it asks for the next: only then is its version dealt with. */
async function rememberPages({ tools }: Walk, step: ReadStep): Promise<void> {
  await Promise.all(step.fetched.map(async ({ url, validators }) => {
    const listed = step.changes.get(url);
    if (validators || listed !== undefined) await tools.fetcher.remember(url, { ...validators, listed, readAt: tools.clock.now() });
  }));
}

async function* steps(walk: Walk): AsyncGenerator<Step> {
  const { config, cursor, dialect } = walk;
  for await (const leaf of walkSitemaps(walk)) {
    const urls = leaf.urls.filter((u) => (config.productPath === undefined || new URL(u).pathname.includes(config.productPath)) && dialect.accepts(u));
    let from = cursor?.sitemap === leaf.sitemap ? startAfter(urls, cursor) : 0;
    let requests = leaf.requests;
    for (; from < urls.length; from += config.pagesPerStep) {
      const part = urls.slice(from, from + config.pagesPerStep);
      yield { urls: part, changes: leaf.changes, cursor: cursorAfter(leaf, part, from), requests };
      requests = 0;
    }
  }
}

/** After the page that was last stored, wherever it is by now; by its place where it is gone. */
function startAfter(urls: readonly string[], cursor: ShopCursor): number {
  const at = cursor.after === null ? -1 : urls.indexOf(cursor.after);
  return at >= 0 ? at + 1 : Math.min(cursor.index, urls.length);
}

function cursorAfter(leaf: Leaf, part: readonly string[], from: number): ShopCursor {
  return { v: 1, sitemap: leaf.sitemap, after: part.at(-1) ?? null, index: from + part.length };
}

interface ReadStep {
  readonly changes: ReadonlyMap<string, string>;
  readonly page: ScanPage;
  readonly fetched: readonly Fetched[];
}

/** What is kept of an answer: not its body, of which a step would hold many. */
interface Fetched {
  readonly url: string;
  readonly validators: Validators | null;
  readonly requests: number;
}

type PageOutcome = { readonly offer?: RawOffer; readonly reject?: RawReject; readonly unchanged?: string; readonly fetched?: Fetched; readonly error?: unknown };

async function readStep(walk: Walk, step: Step): Promise<ReadStep> {
  const outcomes = await Promise.all(step.urls.map((url) => readPage(walk, url, step.changes.get(url))));
  const errors = outcomes.filter((o) => o.error !== undefined);
  // Every page failing for want of an answer is the site's failure, not the pages'.
  const down = errors.find((o) => isConnectorError(o.error, 'Retryable', 'Throttled'));
  if (down && errors.length === outcomes.length) throw down.error;
  return {
    changes: step.changes,
    fetched: outcomes.map((o) => (o.unchanged === undefined ? o.fetched : undefined)).filter((f) => f !== undefined),
    page: {
      offers: outcomes.map((o) => o.offer).filter((o) => o !== undefined), rejects: outcomes.map((o) => o.reject).filter((r) => r !== undefined), unchanged: outcomes.map((o) => o.unchanged).filter((u) => u !== undefined),
      cursor: JSON.stringify(step.cursor), complete: false, requests: step.requests + outcomes.reduce((n, o) => n + (o.fetched?.requests ?? (o.unchanged === undefined ? 1 : 0)), 0),
    },
  };
}

/** A sitemap that says nothing new of a page is believed for so long: some shops change prices without saying so there. */
const BELIEVE_SITEMAP_MS = 7 * DAY_MS;

/** The page was read since the last change that the sitemap tells of, and not too long ago. */
async function isUnchanged({ tools }: Walk, url: string, listed: string | undefined): Promise<boolean> {
  if (listed === undefined) return false;
  const kept = await tools.fetcher.recall(url);
  return kept?.listed === listed && kept.readAt !== undefined && tools.clock.now() - kept.readAt < BELIEVE_SITEMAP_MS;
}

async function readPage(walk: Walk, url: string, listed: string | undefined): Promise<PageOutcome> {
  const { config, tools, policy, signal, dialect } = walk;
  const seenAt = tools.clock.now();
  const externalId = dialect.externalIdOf(url);
  const refuse = (code: RawReject['code'], reason: string) => reject(code, { where: url, externalId, reason, raw: url, seenAt });
  if (!isSameSite(url, config.baseUrl)) return { reject: refuse('not-a-product', 'the sitemap points to another site') };
  if (await isUnchanged(walk, url, listed)) return { unchanged: externalId };
  try {
    const answer = await tools.fetcher.fetch({ url, connector: dialect.kind, operation: 'read product page', conditional: true, headers: { accept: 'text/html' } }, policy, signal);
    const fetched = keep(answer);
    if (answer.notModified) return { unchanged: externalId, fetched };
    const read = dialect.parsePage(answer.text, { url, externalId, seenAt: tools.clock.now(), currency: config.currency, depth: config.depth, label: labelOf(config) });
    return 'code' in read ? { reject: read, fetched } : { offer: read, fetched };
  } catch (error) {
    signal.throwIfAborted();
    if (!isPageFailure(error)) throw error;
    const detail = isConnectorError(error) ? error.detail : null;
    const code = detail?.code === 'ROBOTS' ? 'forbidden-by-robots' : detail?.httpStatus === 404 || detail?.httpStatus === 410 ? 'not-for-sale' : 'fetch-failed';
    return { reject: refuse(code, messageOf(error)), error };
  }
}

/** By the address that answered, after redirects: each hop of the next pass asks by its own. */
function keep({ url, validators, requests }: FetchResult): Fetched {
  return { url, validators, requests };
}

const bareHost = (url: string) => new URL(url).host.replace(/^www\./, '');

function isSameSite(url: string, baseUrl: string): boolean {
  return bareHost(url) === bareHost(baseUrl);
}
