import path from 'node:path';
import { createWooCommerceCheckout } from '#connectors/marketplaces/woocommerce/index.ts';
import { BUSINESS, readSetting } from '#engine/settings/index.ts';
import { DomainError, messageOf } from '#kernel/errors.ts';
import type { Database, EngineContext } from '#runtime/ports.ts';
import type { CheckoutDirectory } from '#engine/purchasing/index.ts';
import { findSource, type PageInspectorPort, type SiteDetectorPort, type SourceAdapter, type SourceSessionPort } from '#engine/sources/index.ts';
import type { PageReaderPort } from '#engine/watch/index.ts';
import { createPriceListAdapter } from '#engine/suppliers/index.ts';
import { createSiteDetector } from '#scrapers/core/detect/detect-site.ts';
import { createFetcher } from '#scrapers/core/fetch/fetcher.ts';
import { createPageBrowser } from '#scrapers/core/fetch/browser-fetcher.ts';
import { launchBrowser } from '#scrapers/core/fetch/find-browser.ts';
import { createMemoryPageStore } from '#scrapers/core/fetch/page-store.ts';
import { createPageReader } from '#scrapers/sites/read-product-page.ts';
import { createPageInspector } from '#scrapers/sites/inspect-page.ts';
import { createSiteAdapters, HOST_RULES, SAMPLERS } from '#scrapers/sites/site-kinds.ts';
import type { ProductReader } from '#scrapers/core/extract/ai-reader.ts';
import type { AppOptions } from './options.ts';
import { createDownloads } from './downloads.ts';
import { createPageVersions } from './page-versions.ts';
import { createSessionStore } from './session-store.ts';

/** What the program calls itself to shops: its name, and how its people are reached where the person said so. */
export const programName = (version: string, contact: string | null): string => `ResaleDesk/${version}${contact === null ? '' : ` (+${contact})`}`;

/** Read once and again after each change, so that the very next request carries it. */
function followContact(options: AppOptions, ctx: EngineContext): () => string {
  let contact: string | null = null;
  const read = async () => void (contact = (await readSetting(ctx.db, BUSINESS)).value.contact);
  void read().catch((error: unknown) => ctx.log.warn('the contact for shops could not be read', { reason: messageOf(error) }));
  ctx.outbox.subscribe('settings.business', read);
  return () => programName(options.version, contact);
}

export interface Sites {
  /** Every kind of source that can be read. */
  readonly adapters: ReadonlyMap<string, SourceAdapter>;
  readonly detector: SiteDetectorPort;
  readonly sessions: SourceSessionPort;
  readonly inspector: PageInspectorPort;
  readonly pages: PageReaderPort;
  close(): Promise<void>;
}

/** All that reads the web shares one fetcher, and so one budget for each host. */
export function createSites(options: AppOptions, ctx: EngineContext, reader: ProductReader): Sites {
  const { db } = ctx;
  const nameNow = followContact(options, ctx);
  const { clock, random } = options;
  const sessions = createSessionStore(options.secrets);
  const fetcher = createFetcher({ clock, random, store: createMemoryPageStore(), get userAgent() { return nameNow(); }, sessions });
  const browser = createPageBrowser({ fetcher, launch: () => launchBrowser(process.env['RESALE_BROWSER']) });
  const allowLoopback = options.practice !== null;
  const downloads = createDownloads({ fetcher, dir: path.join(options.dataDir, 'downloads'), allowLoopback });
  const adapters = [...createSiteAdapters((kind) => ({ clock, fetcher: fetcher.remembering(createPageVersions(db, kind, options.version)), browser, reader })), createPriceListAdapter({ clock, downloads })];
  const detector = createSiteDetector({ clock, fetcher, adapters: (tools) => createSiteAdapters(() => tools), hosts: HOST_RULES, samplers: SAMPLERS, allowLoopback, browser });
  return { adapters: new Map(adapters.map((adapter) => [adapter.kind, adapter])), detector, sessions, inspector: createPageInspector({ clock, fetcher, browser }), pages: createPageReader({ clock, fetcher }, { allowLoopback }), close: async () => { await browser.close(); await fetcher.close(); } };
}

/** Shops that the program can order from by itself once a person has approved. One client a source is kept, with its connections; another address of the source gets another. */
export function createCheckouts(options: AppOptions, db: Database): CheckoutDirectory & { close(): Promise<void> } {
  const { clock, random, log } = options;
  const open = new Map<string, { readonly baseUrl: string; readonly checkout: ReturnType<typeof createWooCommerceCheckout> }>();
  return {
    supports: (connector) => connector === 'woocommerce',
    open: async (sourceId) => {
      const source = await findSource(db, sourceId);
      if (source?.kind !== 'woocommerce') throw new DomainError('INVALID', 'This source has no checkout that the program can use.', { field: 'sourceId', reason: 'no-checkout' });
      const standing = open.get(sourceId);
      if (standing?.baseUrl === source.baseUrl) return standing.checkout;
      const checkout = createWooCommerceCheckout({ clock, random, log, baseUrl: source.baseUrl });
      open.set(sourceId, { baseUrl: source.baseUrl, checkout });
      // The old one may be in the middle of a call: its idle connections end by themselves.
      return checkout;
    },
    close: async () => {
      await Promise.all([...open.values()].map(({ checkout }) => checkout.close()));
      open.clear();
    },
  };
}
