import { ok } from '#kernel/result.ts';
import type { OpenSource, SitePolicy, SourceAdapter } from '#engine/sources/ports.ts';
import { parseConfig, type SiteTools } from '../../core/source/open-config.ts';
import { scanSitemapShop } from '../structured-shop/fetch.ts';
import type { ShopDialect } from '../structured-shop/shop-dialect.ts';
import { externalIdOf, parsePage, productNumberOf } from './parse.ts';
import { configSchema, type PrestaShopConfig } from './schema.ts';

const KIND = 'prestashop';
const POLICY: SitePolicy = {
  scan: 'allowed', buy: 'human', contactSeller: 'human', storePayload: 'forbidden',
  source: 'robots.txt of the site, read before every pass', asOf: '2026-11-21', note: 'What a shop publishes for search engines; its own terms may forbid more: narrow this in its configuration.',
};

/** Any PrestaShop shop: its sitemap, then the pages of its products. */
export function createPrestaShopAdapter(tools: SiteTools): SourceAdapter {
  return {
    kind: KIND, policy: POLICY,
    open(config) {
      const parsed = parseConfig(configSchema, config);
      return parsed.ok ? ok(openShop(parsed.value, tools)) : parsed;
    },
  };
}

function openShop(config: PrestaShopConfig, tools: SiteTools): OpenSource {
  const { language, ...shop } = config;
  return {
    kind: KIND, label: config.label ?? new URL(config.baseUrl).host, origin: config.baseUrl, policy: POLICY, currency: config.currency,
    scan: (options) => scanSitemapShop(shop, { tools, dialect: createDialect(language) }, options),
    close: () => Promise.resolve(),
  };
}

/** One address for each product: a sitemap lists it once a language. */
export function createDialect(language: string | undefined): ShopDialect {
  const listed = new Map<string, string>();
  return {
    kind: KIND, pace: { minIntervalMs: 1_000, concurrency: 1 }, sitemapPaths: ['/1_index_sitemap.xml', '/sitemap.xml'], externalIdOf, parsePage,
    keyOf: (url) => { const number = productNumberOf(url); return number === null ? null : `product ${number}`; },
    accepts(url) {
      if (language !== undefined && !new URL(url).pathname.startsWith(`/${language}/`)) return false;
      const number = productNumberOf(url);
      if (number === null) return false;
      const first = listed.get(number);
      if (first === undefined) listed.set(number, url);
      return first === undefined || first === url;
    },
  };
}
