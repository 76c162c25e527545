/** The way through a shop that outlives the program: sitemaps and links into the frontier, pages out of it. */
import { isConnectorError, messageOf } from '#kernel/errors.ts';
import { MINUTE_MS } from '#kernel/time.ts';
import type { CrawlFrontier, FrontierClaim, FrontierEntry, FrontierOutcome } from '#engine/sources/ports.ts';
import { canonicalUrl } from '../../core/frontier/canonical-url.ts';
import { readSitemap, type Sitemap } from '../../core/fetch/read-sitemap.ts';
import { guessRoot, productSitemaps, type Walk } from './walk-sitemaps.ts';

/** The first sitemaps are read before any page, so that the desk can say how much there is; of a large shop the others are read as pages run out. */
const EARLY_SITEMAPS = 20;
const EARLY = 0;
const PAGE = 10;
const LATE = 20;
const DEEPEST_INDEX = 3;
/** A page that fails for want of an answer is tried again later in the pass, so often in all. */
const MOST_TRIES = 3;
const TRY_AGAIN_MS = 5 * MINUTE_MS;

export function pageEntry(walk: Walk, url: string, found: { readonly depth: number; readonly changed?: string | undefined }): FrontierEntry {
  return { key: walk.dialect.keyOf?.(url) ?? canonicalUrl(url), url, kind: 'page', depth: found.depth, priority: PAGE + found.depth, changed: found.changed };
}

const sitemapEntry = (url: string, depth: number, place: number): FrontierEntry => ({ key: canonicalUrl(url), url, kind: 'sitemap', depth, priority: place < EARLY_SITEMAPS ? EARLY : LATE });

/** A listed address that this pass reads. */
export function isWanted({ config, dialect }: Walk, url: string): boolean {
  return (config.productPath === undefined || new URL(url).pathname.includes(config.productPath)) && dialect.accepts(url);
}

async function seed(walk: Walk, frontier: CrawlFrontier): Promise<void> {
  const { config, tools, policy, signal } = walk;
  const found: FrontierEntry[] = [];
  if (config.followLinks > 0) found.push(pageEntry(walk, config.baseUrl.endsWith('/') ? config.baseUrl : `${config.baseUrl}/`, { depth: 0 }));
  else {
    const named = config.sitemaps ?? (await tools.fetcher.sitemaps(new URL(config.baseUrl).origin, policy, signal));
    const roots = named.length > 0 ? named : [await guessRoot(walk)];
    found.push(...roots.map((url, place) => sitemapEntry(url, 0, place)));
  }
  await frontier.add({ settled: [], found });
}

function entriesOf(walk: Walk, sitemap: Sitemap, depth: number): FrontierEntry[] {
  if (sitemap.kind === 'index') return depth >= DEEPEST_INDEX ? [] : productSitemaps(sitemap.urls).map((url, place) => sitemapEntry(url, depth + 1, place));
  return sitemap.urls.filter((url) => URL.canParse(url) && isWanted(walk, url)).map((url) => pageEntry(walk, url, { depth: 0, changed: sitemap.changes.get(url) }));
}

/** Reads one sitemap that is due into the frontier; answers the requests it took, or null when none is due. A sitemap that cannot be read fails the scan. */
async function expandSitemap(walk: Walk, frontier: CrawlFrontier, upTo: number): Promise<number | null> {
  const [claim] = await frontier.claim('sitemap', 1, upTo);
  if (!claim) return null;
  try {
    const answer = await walk.tools.fetcher.fetch({ url: claim.url, connector: walk.dialect.kind, operation: 'read sitemap' }, walk.policy, walk.signal);
    const sitemap = readSitemap(answer.bytes);
    await frontier.add({ settled: [{ key: claim.key, kind: 'sitemap', state: 'done', error: sitemap ? undefined : 'it is no sitemap' }], found: sitemap ? entriesOf(walk, sitemap, claim.depth) : [] });
    return answer.requests;
  } catch (error) {
    await frontier.release([claim.key]).catch(() => undefined);
    throw error;
  }
}

export interface ClaimedStep {
  readonly claims: readonly FrontierClaim[];
  readonly requests: number;
}

/** Steps of claimed pages until nothing is left. What the consumer did not get to store is given back. */
export async function* claimSteps(walk: Walk, frontier: CrawlFrontier): AsyncGenerator<ClaimedStep> {
  if (await frontier.isEmpty()) await seed(walk, frontier);
  let requests = 0;
  for (;;) {
    walk.signal.throwIfAborted();
    const early = await expandSitemap(walk, frontier, EARLY);
    requests += early ?? 0;
    if (early !== null) continue;
    const claims = await frontier.claim('page', walk.config.pagesPerStep);
    if (claims.length > 0) {
      try {
        yield { claims, requests };
      } finally {
        await frontier.release(claims.map((c) => c.key)).catch(() => undefined);
      }
      requests = 0;
      continue;
    }
    const late = await expandSitemap(walk, frontier, LATE);
    requests += late ?? 0;
    if (late !== null) continue;
    const dueAt = await frontier.nextDueAt();
    if (dueAt === null) return;
    await walk.tools.clock.sleep(Math.max(1, dueAt - walk.tools.clock.now()), walk.signal);
  }
}

/** What becomes of a page that was asked for. Only what may come right by itself is tried again. */
export function outcomeOf(claim: FrontierClaim, error: unknown, now: number): FrontierOutcome {
  if (error === undefined) return { key: claim.key, kind: 'page', state: 'done' };
  const passes = isConnectorError(error, 'Retryable', 'Throttled');
  if (!passes || claim.attempts >= MOST_TRIES) return { key: claim.key, kind: 'page', state: passes ? 'failed' : 'done', error: messageOf(error) };
  return { key: claim.key, kind: 'page', state: 'again', dueAt: now + Math.max(TRY_AGAIN_MS * claim.attempts, error.detail.retryAfterMs ?? 0), error: messageOf(error) };
}
