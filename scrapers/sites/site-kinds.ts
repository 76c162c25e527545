import type { SourceAdapter } from '#engine/sources/ports.ts';
import type { HostRule } from '../core/detect/detect-site.ts';
import type { SitemapSampler } from '../core/detect/sample-sitemap.ts';
import type { SiteTools } from '../core/source/open-config.ts';
import { createJumiaAdapter } from './jumia/fetch.ts';
import { countryOf } from './jumia/schema.ts';
import { createOuedknissAdapter } from './ouedkniss/fetch.ts';
import { createDialect, createPrestaShopAdapter } from './prestashop/fetch.ts';
import { createShopifyAdapter } from './shopify/fetch.ts';
import { createStructuredShopAdapter, PLAIN } from './structured-shop/fetch.ts';
import { createWooCommerceAdapter } from './woocommerce/fetch.ts';

/** Every kind of web site that can be read. */
export function createSiteAdapters(toolsFor: (kind: string) => SiteTools): SourceAdapter[] {
  return [
    createWooCommerceAdapter(toolsFor('woocommerce')), createShopifyAdapter(toolsFor('shopify')), createPrestaShopAdapter(toolsFor('prestashop')),
    createOuedknissAdapter(toolsFor('ouedkniss')), createJumiaAdapter(toolsFor('jumia')), createStructuredShopAdapter(toolsFor('structured-shop')),
  ];
}

/** Kinds of which single pages are picked for a sample. */
export const SAMPLERS: Readonly<Record<string, () => SitemapSampler>> = { prestashop: () => createDialect(undefined), 'structured-shop': () => PLAIN };

const jumia: HostRule = (address) => {
  const country = countryOf(address.href);
  if (country === null) return null;
  const site = { kind: 'jumia', label: `Jumia ${country}`, settings: {} };
  if (address.pathname === '/') return { ...site, baseUrl: address.origin, refusal: 'The whole of Jumia is too large to read: paste the address of one of its categories.' };
  if (address.pathname.endsWith('.html')) return { ...site, baseUrl: address.origin, refusal: 'This is one product’s page: paste the address of a category.' };
  return { ...site, label: `${site.label}: ${address.pathname.replaceAll('/', ' ').replaceAll('-', ' ').trim()}`, baseUrl: `${address.origin}${address.pathname.replace(/\/+$/, '')}` };
};

const ouedkniss: HostRule = (address) => {
  if (!/(?:^|\.)ouedkniss\.com$/.test(address.hostname)) return null;
  const slug = /^\/([a-z][a-z\d_-]*)(?:\/|$)/.exec(address.pathname)?.[1];
  const categorySlug = slug !== undefined && !/^(?:store|stores|boutiques?|s|search)$|-d\d+$/.test(slug) ? slug : undefined;
  const query = address.searchParams.get('keywords') ?? address.searchParams.get('q') ?? undefined;
  return {
    kind: 'ouedkniss', label: ['Ouedkniss', query ?? categorySlug?.replaceAll(/[_-]/g, ' ')].filter((p) => p).join(': '), baseUrl: `${address.origin}${address.pathname.replace(/\/+$/, '')}${query === undefined ? '' : address.search}`,
    settings: { ...(categorySlug === undefined ? {} : { categorySlug }), ...(query === undefined ? {} : { query }) }, scanUrl: 'https://api.ouedkniss.com',
  };
};

export const HOST_RULES: readonly HostRule[] = [jumia, ouedkniss];
