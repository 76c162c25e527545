import { DAY_MS } from '#kernel/time.ts';
import { ConnectorError, isConnectorError, messageOf } from '#kernel/errors.ts';
import { ok } from '#kernel/result.ts';
import type { PageSample, CrawlFrontier, FrontierClaim, FrontierEntry, OpenSource, RawOffer, RawReject, ScanOptions, ScanPage, SitePolicy, SourceAdapter } from '#engine/sources/ports.ts';
import type { FetchPolicy, FetchRequest, FetchResult } from '../../core/fetch/fetcher.ts';
import type { Validators } from '../../core/fetch/page-store.ts';
import { readByAi } from '../../core/extract/ai-reader.ts';
import { findStandIn, SIGN_IN_PATH, STAND_IN, standInError } from '../../core/detect/find-stand-in.ts';
import { findLinks } from '../../core/frontier/find-links.ts';
import { parseConfig, policyOf, type SiteTools } from '../../core/source/open-config.ts';
import { readCursor, reject, ScanProgress } from '../../core/source/scan-progress.ts';
import { externalIdOf, parsePage, valuesOf, type ParseContext } from './parse.ts';
import { configSchema, cursorSchema, type ShopCursor, type StructuredShopConfig } from './schema.ts';
import type { ShopDialect } from './shop-dialect.ts';
import { claimSteps, isWanted, outcomeOf, pageEntry } from './crawl-frontier.ts';
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
  /** Of a crawl: the same pages as the frontier gave them out. */
  readonly claims?: readonly FrontierClaim[] | undefined;
  /** What the sitemap says of their last change. */
  readonly changes: ReadonlyMap<string, string>;
  readonly cursor: ShopCursor | null;
  readonly requests: number;
}

/** Streams a shop whose products are listed in sitemaps, as its dialect reads them. */
export async function* scanSitemapShop(config: StructuredShopConfig, { tools, dialect }: { readonly tools: SiteTools; readonly dialect: ShopDialect }, options: ScanOptions): AsyncGenerator<ScanPage> {
  const walk: Walk = { config, tools, dialect, policy: policyOf(config.politeness, dialect.pace), signal: options.signal, cursor: readCursor(cursorSchema, options.cursor) };
  const progress = new ScanProgress(tools.clock, options.limits);
  let empty = walk.cursor === null;
  let isFirst = true;
  for await (const step of explained(walk, options.frontier ? crawlSteps(walk, options.frontier) : steps(walk))) {
    options.signal.throwIfAborted();
    empty = false;
    const read = await readStep(walk, step, isFirst);
    isFirst = false;
    progress.count(read.page);
    yield options.frontier ? await withProgress(read.page, options.frontier) : read.page;
    await rememberPages(walk, read);
    if (progress.isSpent) return;
  }
  // Taken for a complete pass, this would end every offer that the shop has.
  if (empty && (await hasNoPages(options.frontier))) throw await whyNoPages(walk);
  yield { offers: [], rejects: [], cursor: '', complete: true, requests: 0 };
}

/** A shop without a sitemap where one is usual has its reasons. */
async function* explained(walk: Walk, inner: AsyncGenerator<Step>): AsyncGenerator<Step> {
  let begun = walk.cursor !== null;
  try {
    for await (const step of inner) {
      begun = true;
      yield step;
    }
  } catch (error) {
    const missing = !begun && isConnectorError(error, 'Rejected') && (error.detail.httpStatus === 404 || error.detail.httpStatus === 410);
    throw missing ? await whyNoPages(walk) : error;
  }
}

/** What the shop's first page says of it. */
async function whyNoPages({ config, tools, policy, signal, dialect }: Walk): Promise<ConnectorError> {
  const during = { connector: dialect.kind, operation: 'read sitemaps' };
  try {
    const first = await tools.fetcher.fetch({ url: config.baseUrl, ...during, headers: { accept: 'text/html' } }, { ...policy, attempts: 1 }, signal);
    const standIn = findStandIn({ html: first.text, url: first.url, headers: first.headers });
    if (standIn) return standInError(standIn, { ...during, page: first.text });
  } catch (error) {
    signal.throwIfAborted();
    if (!isConnectorError(error)) throw error;
    // a shop may have sitemaps and no first page
    if (error.detail.httpStatus !== 404) return error;
  }
  return new ConnectorError({ ...during, kind: 'Critical', message: 'the sitemaps of the shop list no product pages: add it by the address of a category, whose links are then followed' });
}

/** A crawl whose last step was stored before the program was killed has nothing left to read, and had pages. */
async function hasNoPages(frontier: CrawlFrontier | undefined): Promise<boolean> {
  if (!frontier) return true;
  const { queued, done, failed } = await frontier.counts();
  return queued + done + failed === 0;
}

/** The consumer has stored the page once it asks for the next: only then is its version dealt with. */
async function rememberPages({ tools }: Walk, step: ReadStep): Promise<void> {
  await Promise.all(step.fetched.map(async ({ url, validators }) => {
    const listed = step.changes.get(url);
    if (validators || listed !== undefined) await tools.fetcher.remember(url, { ...validators, listed, readAt: tools.clock.now() });
  }));
}

async function* steps(walk: Walk): AsyncGenerator<Step> {
  const { config, cursor } = walk;
  for await (const leaf of walkSitemaps(walk)) {
    const urls = leaf.urls.filter((u) => isWanted(walk, u));
    let from = cursor?.sitemap === leaf.sitemap ? startAfter(urls, cursor) : 0;
    let requests = leaf.requests;
    for (; from < urls.length; from += config.pagesPerStep) {
      const part = urls.slice(from, from + config.pagesPerStep);
      yield { urls: part, changes: leaf.changes, cursor: cursorAfter(leaf, part, from), requests };
      requests = 0;
    }
  }
}

/** The frontier knows where the pass stands; the cursor is not asked. */
async function* crawlSteps(walk: Walk, frontier: CrawlFrontier): AsyncGenerator<Step> {
  for await (const { claims, requests } of claimSteps(walk, frontier)) {
    const changes = new Map(claims.flatMap((c) => (c.changed === undefined ? [] : [[c.url, c.changed] as const])));
    yield { urls: claims.map((c) => c.url), claims, changes, cursor: null, requests };
  }
}

/** `settled` and this step's pages among all that the crawl knows of. */
async function withProgress(page: ScanPage, frontier: CrawlFrontier): Promise<ScanPage> {
  const { queued, done, failed } = await frontier.counts();
  const found = page.crawl?.found.length ?? 0;
  return { ...page, total: queued + done + failed + found, read: done + failed + (page.crawl?.settled.filter((o) => o.state !== 'again').length ?? 0) };
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

type PageOutcome = { readonly offer?: RawOffer; readonly reject?: RawReject; readonly unchanged?: string; readonly fetched?: Fetched; readonly found?: readonly FrontierEntry[]; readonly html?: string; readonly error?: unknown };

/** So many pages that all show a sign-in, or the like, are the site; fewer may be pages of their own. */
const SEVERAL = 3;

/** @param keepPages holds on to the pages' text until the step is told: of the first step alone, for a step would hold many. */
async function readStep(walk: Walk, step: Step, keepPages: boolean): Promise<ReadStep> {
  const outcomes = await Promise.all(step.urls.map((url, i) => readPage(walk, url, { listed: step.changes.get(url), depth: step.claims?.[i]?.depth ?? 0, keepPages })));
  const errors = outcomes.filter((o) => o.error !== undefined);
  // Every page failing for want of an answer is the site's failure, not the pages'.
  const down = errors.find((o) => isConnectorError(o.error, 'Retryable', 'Throttled') || (outcomes.length >= SEVERAL && isConnectorError(o.error) && o.error.detail.code === STAND_IN));
  // What is left over at the end of a crawl has failed before: that says nothing of the site.
  if (down && errors.length === outcomes.length && !step.claims?.some((c) => c.attempts > 1)) throw down.error;
  const settled = step.claims?.map((claim, i) => outcomeOf(claim, outcomes[i]?.error, walk.tools.clock.now()));
  // What is tried again is no reject yet.
  const rejects = outcomes.map((o, i) => (settled?.[i]?.state === 'again' ? undefined : o.reject)).filter((r) => r !== undefined);
  return {
    changes: step.changes,
    fetched: outcomes.map((o) => (o.unchanged === undefined ? o.fetched : undefined)).filter((f) => f !== undefined),
    page: {
      offers: outcomes.map((o) => o.offer).filter((o) => o !== undefined), rejects, unchanged: outcomes.map((o) => o.unchanged).filter((u) => u !== undefined),
      cursor: step.cursor === null ? FRONTIER_CURSOR : JSON.stringify(step.cursor), complete: false, requests: step.requests + outcomes.reduce((n, o) => n + (o.fetched?.requests ?? (o.unchanged === undefined ? 1 : 0)), 0),
      ...sampleOf(outcomes),
      ...(settled ? { crawl: { settled, found: outcomes.flatMap((o) => o.found ?? []) } } : {}),
    },
  };
}

/** The step's best-read page: the one to find fields by when the site is rebuilt. */
function sampleOf(outcomes: readonly PageOutcome[]): { sample?: PageSample } {
  const score = (o: PageOutcome) => (o.offer && o.html !== undefined ? 1 + (o.offer.brand === undefined ? 0 : 1) + (o.offer.identifiers.some((i) => i.hint === 'gtin' || i.hint === 'isbn') ? 1 : 0) : 0);
  const best = outcomes.reduce<PageOutcome | null>((a, o) => (score(o) > (a ? score(a) : 0) ? o : a), null);
  return best?.offer && best.html !== undefined ? { sample: { url: best.offer.url, html: best.html, values: valuesOf(best.offer) } } : {};
}

/** Nobody reads it: the frontier is the cursor. */
const FRONTIER_CURSOR = '(in the frontier)';

/** A sitemap that says nothing new of a page is believed for so long: some shops change prices without saying so there. */
const BELIEVE_SITEMAP_MS = 7 * DAY_MS;

/** The page was read since the last change that the sitemap tells of, and not too long ago. */
async function isUnchanged({ tools }: Walk, url: string, listed: string | undefined): Promise<boolean> {
  if (listed === undefined) return false;
  const kept = await tools.fetcher.recall(url);
  return kept?.listed === listed && kept.readAt !== undefined && tools.clock.now() - kept.readAt < BELIEVE_SITEMAP_MS;
}

/** Pages that a page of the way links to. One that shows a product leads to others of its kind by chance only. */
function linksOf(walk: Walk, html: string, page: { readonly url: string; readonly depth: number }): FrontierEntry[] {
  if (page.depth >= walk.config.followLinks) return [];
  return findLinks(html, page.url).filter((url) => walk.dialect.accepts(url)).map((url) => pageEntry(walk, url, { depth: page.depth + 1 }));
}

async function readPage(walk: Walk, url: string, { listed, depth, keepPages }: { readonly listed: string | undefined; readonly depth: number; readonly keepPages: boolean }): Promise<PageOutcome> {
  const { config, tools, signal, dialect } = walk;
  const seenAt = tools.clock.now();
  const externalId = dialect.externalIdOf(url);
  const refuse = (code: RawReject['code'], reason: string) => reject(code, { where: url, externalId, reason, raw: url, seenAt });
  if (!isSameSite(url, config.baseUrl)) return { reject: refuse('not-a-product', 'the sitemap points to another site') };
  if (await isUnchanged(walk, url, listed)) return { unchanged: externalId };
  try {
    // A page on the way must be read for its links, changed or not.
    const answer = await fetchPage(walk, { url, connector: dialect.kind, operation: 'read product page', conditional: config.followLinks === 0, headers: { accept: 'text/html' } });
    const fetched = keep(answer);
    if (answer.notModified) return { unchanged: externalId, fetched };
    const read = await parseAnswer(walk, answer.text, { url, externalId, seenAt: tools.clock.now(), currency: config.currency, depth: config.depth, label: labelOf(config), rules: config.rules });
    const found = linksOf(walk, answer.text, { url: answer.url, depth });
    // a page on the way may have few words and a sign-in beside them; one in whose place the sign-in answered leads nowhere
    const isWay = found.length > 0 && !SIGN_IN_PATH.test(new URL(answer.url).pathname);
    const standIn = !isWay && 'code' in read && read.code === 'not-a-product' ? findStandIn({ html: answer.text, url: answer.url, headers: answer.headers }) : null;
    if (standIn) throw standInError(standIn, { connector: dialect.kind, operation: 'read product page', page: answer.text });
    if (!('code' in read)) return { offer: read, fetched, found, ...(keepPages ? { html: answer.text } : {}) };
    // A page on the way that is no product is the way, not a reject.
    return config.followLinks > 0 && read.code === 'not-a-product' ? { fetched, found } : { reject: read, fetched, found };
  } catch (error) {
    signal.throwIfAborted();
    if (!isPageFailure(error)) throw error;
    const detail = isConnectorError(error) ? error.detail : null;
    const code = detail?.code === 'ROBOTS' ? 'forbidden-by-robots' : detail?.httpStatus === 404 || detail?.httpStatus === 410 ? 'not-for-sale' : 'fetch-failed';
    return { reject: refuse(code, messageOf(error)), error };
  }
}

const UNREAD: ReadonlySet<RawReject['code']> = new Set(['not-a-product', 'no-price', 'no-title', 'unparseable']);

/** A language model is asked last, and only where it was asked for and the page could not be read. */
async function parseAnswer({ config, tools, signal, dialect }: Walk, html: string, context: ParseContext): Promise<RawOffer | RawReject> {
  const read = dialect.parsePage(html, context);
  if (!config.ai || !tools.reader || !('code' in read) || !UNREAD.has(read.code)) return read;
  const opinion = await readByAi(html, tools.reader, signal);
  const again = opinion.sheet ? dialect.parsePage(html, { ...context, depth: 'full', opinion: opinion.sheet }) : read;
  const why = opinion.refused ?? (opinion.invented.length > 0 ? `not on the page: ${opinion.invented.join('; ')}` : null);
  return 'code' in again && why !== null ? { ...again, reason: `${again.reason} (a language model was asked: ${why})` } : again;
}

/** With the browser where the pages need one. */
function fetchPage({ config, tools, policy, signal, dialect }: Walk, request: FetchRequest): Promise<FetchResult> {
  if (!config.render) return tools.fetcher.fetch(request, policy, signal);
  if (!tools.browser) throw new ConnectorError({ kind: 'Critical', connector: dialect.kind, operation: request.operation, code: 'NO_BROWSER', message: 'pages of this site need a browser, and none can be used here' });
  return tools.browser.fetch(request, policy, signal);
}

/** By the address that answered, after redirects: each hop of the next pass asks by its own. */
function keep({ url, validators, requests }: FetchResult): Fetched {
  return { url, validators, requests };
}

const bareHost = (url: string) => new URL(url).host.replace(/^www\./, '');

function isSameSite(url: string, baseUrl: string): boolean {
  return bareHost(url) === bareHost(baseUrl);
}
