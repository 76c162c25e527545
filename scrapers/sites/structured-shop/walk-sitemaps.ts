import { isConnectorError } from '#kernel/errors.ts';
import type { FetchPolicy } from '../../core/fetch/fetcher.ts';
import { STAND_IN } from '../../core/detect/find-stand-in.ts';
import { readSitemap } from '../../core/fetch/read-sitemap.ts';
import type { SiteTools } from '../../core/source/open-config.ts';
import type { ShopDialect } from './shop-dialect.ts';
import type { ShopCursor, StructuredShopConfig } from './schema.ts';

export interface Walk {
  readonly config: StructuredShopConfig;
  readonly tools: SiteTools;
  readonly dialect: ShopDialect;
  readonly policy: FetchPolicy;
  readonly signal: AbortSignal;
  /** Where to go on; null for a new pass. */
  readonly cursor: ShopCursor | null;
}

/** Pages of one sitemap, and what was spent to learn them. */
export interface Leaf {
  readonly sitemap: string;
  readonly urls: readonly string[];
  readonly changes: ReadonlyMap<string, string>;
  readonly requests: number;
}

export const KIND = 'structured-shop';
const DEEPEST_INDEX = 3;
const MOST_SITEMAPS = 2_000;
/** Sitemaps of pages that are no products, by the names that shop software gives them. */
const OTHER = /(?:blog|post|article|news|page|categor|collection|tag|author|image|video|brand)s?[-_.\d]/i;

/** Where a product's pages are told apart by name, the others need not be fetched. */
export function productSitemaps(urls: readonly string[]): readonly string[] {
  const products = urls.filter((u) => /product|produit|item|sku/i.test(new URL(u).pathname));
  return products.length > 0 ? products : urls.filter((u) => !OTHER.test(new URL(u).pathname.split('/').at(-1) ?? ''));
}

/** The first usual place that has one; the last where none has, so that its failure is the scan's. */
export async function guessRoot({ config, tools, policy, signal, dialect }: Walk): Promise<string> {
  const places = dialect.sitemapPaths.map((path) => `${config.baseUrl}${path}`);
  for (const url of places.slice(0, -1)) {
    try {
      const answer = await tools.fetcher.fetch({ url, connector: dialect.kind, operation: 'look for a sitemap' }, policy, signal);
      if (readSitemap(answer.bytes)) return url;
    } catch (error) {
      signal.throwIfAborted();
      if (!isConnectorError(error, 'Rejected')) throw error;
    }
  }
  return places.at(-1)!;
}

/** Leaves of the shop's sitemaps in a steady order, from the cursor's on. */
export async function* walkSitemaps(walk: Walk): AsyncGenerator<Leaf> {
  const { config, tools, policy, signal } = walk;
  const origin = new URL(config.baseUrl).origin;
  const named = config.sitemaps ?? (await tools.fetcher.sitemaps(origin, policy, signal));
  const roots = named.length > 0 ? named : [await guessRoot(walk)];
  const seen = new Set<string>();
  let waitingFor = walk.cursor?.sitemap ?? null;
  let spent = 0;
  const stack = roots.toReversed().map((url) => ({ url, depth: 0 }));
  for (let next = stack.pop(); next && seen.size < MOST_SITEMAPS; next = stack.pop()) {
    if (seen.has(next.url)) continue;
    seen.add(next.url);
    const answer = await tools.fetcher.fetch({ url: next.url, connector: walk.dialect.kind, operation: 'read sitemap' }, policy, signal);
    spent += answer.requests;
    const sitemap = readSitemap(answer.bytes);
    if (!sitemap) continue;
    if (sitemap.kind === 'index') {
      if (next.depth >= DEEPEST_INDEX) continue;
      const children = productSitemaps(sitemap.urls);
      const at = waitingFor === null ? 0 : Math.max(0, children.indexOf(waitingFor));
      for (const url of children.slice(at).toReversed()) stack.push({ url, depth: next.depth + 1 });
      continue;
    }
    if (waitingFor !== null && waitingFor !== next.url) continue;
    waitingFor = null;
    yield { sitemap: next.url, urls: sitemap.urls, changes: sitemap.changes, requests: spent };
    spent = 0;
  }
  // The cursor's sitemap is gone: the shop was rebuilt, and the pass starts anew.
  if (waitingFor !== null) yield* walkSitemaps({ ...walk, cursor: null });
}

/** A page's own failure, which costs that page only; anything else fails the scan. */
export function isPageFailure(error: unknown): boolean {
  return isConnectorError(error, 'Rejected', 'Critical', 'Retryable', 'Throttled') || (isConnectorError(error) && error.detail.code === STAND_IN);
}
