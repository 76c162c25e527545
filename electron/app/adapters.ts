import path from 'node:path';
import { createWooCommerceCheckout } from '#connectors/marketplaces/woocommerce/index.ts';
import { DomainError } from '#kernel/errors.ts';
import type { Database } from '#runtime/ports.ts';
import type { CheckoutDirectory } from '#engine/purchasing/index.ts';
import { findSource, type SourceAdapter } from '#engine/sources/index.ts';
import { createPriceListAdapter } from '#engine/suppliers/index.ts';
import { createFetcher } from '#scrapers/core/fetch/fetcher.ts';
import { createMemoryPageStore } from '#scrapers/core/fetch/page-store.ts';
import { createOuedknissAdapter } from '#scrapers/sites/ouedkniss/fetch.ts';
import { createStructuredShopAdapter } from '#scrapers/sites/structured-shop/fetch.ts';
import { createWooCommerceAdapter } from '#scrapers/sites/woocommerce/fetch.ts';
import type { AppOptions } from './options.ts';
import { createDownloads } from './downloads.ts';

const USER_AGENT = (version: string) => `ResaleDesk/${version} (+https://github.com/resale-desk/resale-desk)`;

/** Every kind of source that can be read. */
export function createAdapters(options: AppOptions): ReadonlyMap<string, SourceAdapter> {
  const { clock, random } = options;
  const fetcher = createFetcher({ clock, random, store: createMemoryPageStore(), userAgent: USER_AGENT(options.version) });
  const tools = { clock, fetcher };
  const downloads = createDownloads({ fetcher, dir: path.join(options.dataDir, 'downloads'), allowLoopback: options.practice !== null });
  const adapters = [createWooCommerceAdapter(tools), createOuedknissAdapter(tools), createStructuredShopAdapter(tools), createPriceListAdapter({ clock, downloads })];
  return new Map(adapters.map((adapter) => [adapter.kind, adapter]));
}

/** Shops that the program can order from by itself once a person has approved. */
export function createCheckouts(options: AppOptions, db: Database): CheckoutDirectory {
  const { clock, random, log } = options;
  return {
    supports: (connector) => connector === 'woocommerce',
    open: async (sourceId) => {
      const source = await findSource(db, sourceId);
      if (source?.kind !== 'woocommerce') throw new DomainError('INVALID', 'This source has no checkout that the program can use.', { field: 'sourceId', reason: 'no-checkout' });
      return createWooCommerceCheckout({ clock, random, log, baseUrl: source.baseUrl });
    },
  };
}
