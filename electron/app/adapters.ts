import path from 'node:path';
import { createWooCommerceCheckout } from '#connectors/marketplaces/woocommerce/index.ts';
import { DomainError } from '#kernel/errors.ts';
import type { Database } from '#runtime/ports.ts';
import type { CheckoutDirectory } from '#engine/purchasing/index.ts';
import { findSource, type SiteDetectorPort, type SourceAdapter, type SourceSessionPort } from '#engine/sources/index.ts';
import { createPriceListAdapter } from '#engine/suppliers/index.ts';
import { createSiteDetector } from '#scrapers/core/detect/detect-site.ts';
import { createFetcher } from '#scrapers/core/fetch/fetcher.ts';
import { createPageBrowser } from '#scrapers/core/fetch/browser-fetcher.ts';
import { launchBrowser } from '#scrapers/core/fetch/find-browser.ts';
import { createMemoryPageStore } from '#scrapers/core/fetch/page-store.ts';
import { createSiteAdapters, HOST_RULES, SAMPLERS } from '#scrapers/sites/site-kinds.ts';
import type { AppOptions } from './options.ts';
import { createDownloads } from './downloads.ts';
import { createPageVersions } from './page-versions.ts';
import { createSessionStore } from './session-store.ts';

const USER_AGENT = (version: string) => `ResaleDesk/${version}`;

export interface Sites {
  /** Every kind of source that can be read. */
  readonly adapters: ReadonlyMap<string, SourceAdapter>;
  readonly detector: SiteDetectorPort;
  readonly sessions: SourceSessionPort;
  close(): Promise<void>;
}

/** All that reads the web shares one fetcher, and so one budget for each host. */
export function createSites(options: AppOptions, db: Database): Sites {
  const { clock, random } = options;
  const sessions = createSessionStore(options.secrets);
  const fetcher = createFetcher({ clock, random, store: createMemoryPageStore(), userAgent: USER_AGENT(options.version), sessions });
  const browser = createPageBrowser({ fetcher, launch: () => launchBrowser(process.env['RESALE_BROWSER']) });
  const allowLoopback = options.practice !== null;
  const downloads = createDownloads({ fetcher, dir: path.join(options.dataDir, 'downloads'), allowLoopback });
  const adapters = [...createSiteAdapters((kind) => ({ clock, fetcher: fetcher.remembering(createPageVersions(db, kind, options.version)), browser })), createPriceListAdapter({ clock, downloads })];
  const detector = createSiteDetector({ clock, fetcher, adapters: (tools) => createSiteAdapters(() => tools), hosts: HOST_RULES, samplers: SAMPLERS, allowLoopback, browser });
  return { adapters: new Map(adapters.map((adapter) => [adapter.kind, adapter])), detector, sessions, close: async () => { await browser.close(); await fetcher.close(); } };
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
