import type { RawOffer, RawReject } from '#engine/sources/ports.ts';
import type { FetchPolicy } from '../../core/fetch/fetcher.ts';
import type { ParseContext } from './parse.ts';

/** What shops of one kind do alike, where they list their products in sitemaps. Made anew for every pass. */
export interface ShopDialect {
  /** The source's kind. */
  readonly kind: string;
  readonly pace: FetchPolicy;
  /** Where the sitemap lies when robots.txt names none, in the order to try. */
  readonly sitemapPaths: readonly string[];
  /** The offer's id by its page's address: a page that did not change is known by it. */
  readonly externalIdOf: (url: string) => string;
  /** Whether a listed address can be a product's page that this pass still needs. */
  readonly accepts: (url: string) => boolean;
  /** What tells two addresses of one product from two products, where that is more than the address. */
  readonly keyOf?: ((url: string) => string | null) | undefined;
  readonly parsePage: (html: string, context: ParseContext) => RawOffer | RawReject;
}
