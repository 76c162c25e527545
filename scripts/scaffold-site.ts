/** The files of a new site's code, made from one recorded page. Pure: texts in, texts out. */
import type { PlacedRule, RawOffer, RawReject } from '#engine/sources/ports.ts';

export interface SiteToMake {
  /** `corner-outlet`: the folder, and the kind of the source. */
  readonly name: string;
  /** The recorded page, and what is read of it as it stands. */
  readonly url: string;
  readonly html: string;
  readonly read: RawOffer | RawReject;
  /** Places of fields that structured data does not give, where they were found. */
  readonly places: readonly PlacedRule[];
  readonly hasSitemap: boolean;
  /** `2026-11-21`. */
  readonly day: string;
}

const pascal = (name: string) => name.replace(/(?:^|-)([a-z\d])/g, (_, c: string) => c.toUpperCase());
const quote = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;

function literal(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object' && value !== null) return `{ ${Object.entries(value).filter(([, v]) => v !== undefined).map(([k, v]) => `${/^[A-Za-z_]\w*$/.test(k) ? k : quote(k)}: ${literal(v)}`).join(', ')} }`;
  return String(value);
}

/** What the scaffolder refuses. */
export class ScaffoldError extends Error {}

/** Files below `scrapers/sites/<name>`, by their path there. */
export function siteFiles(site: SiteToMake): ReadonlyMap<string, string> {
  const { name, url, day } = site;
  if (!/^[a-z][a-z\d]*(?:-[a-z\d]+)*$/.test(name) || name.length > 40) throw new ScaffoldError(`${name} is no name for a site: small letters, digits and dashes, such as corner-outlet`);
  const type = pascal(name);
  const { origin, hostname } = new URL(url);
  const host = hostname.replace(/^www\./, '');
  return new Map([
    ['README.md', readme(site, host)],
    ['schema.ts', `import { z } from 'zod';
import { configSchema as shopSchema } from '../structured-shop/schema.ts';

/** As any shop that is read page by page; the address is the site's own unless told. */
export const configSchema = shopSchema.extend({ baseUrl: shopSchema.shape.baseUrl.default(${quote(origin)}), followLinks: z.number().int().min(0).max(5).default(${site.hasSitemap ? 0 : 3}) });
export type ${type}Config = z.infer<typeof configSchema>;
`],
    ['parse.ts', `import type { PlacedRule, RawOffer, RawReject } from '#engine/sources/ports.ts';
import { parsePage as parseStructured, type ParseContext } from '../structured-shop/parse.ts';

/** Where the site shows what its structured data does not say. Structured data goes first; a place that is gone is a field that is missing, never a wrong one. */
const PLACES: readonly PlacedRule[] = ${literal(site.places)};

/** An offer, or why the page holds none. */
export function parsePage(html: string, context: ParseContext): RawOffer | RawReject {
  return parseStructured(html, { ...context, depth: 'full', rules: [...PLACES, ...(context.rules ?? [])] });
}
`],
    ['fetch.ts', `import { ok } from '#kernel/result.ts';
import type { OpenSource, SitePolicy, SourceAdapter } from '#engine/sources/ports.ts';
import { parseConfig, type SiteTools } from '../../core/source/open-config.ts';
import { scanSitemapShop } from '../structured-shop/fetch.ts';
import { externalIdOf } from '../structured-shop/parse.ts';
import type { ShopDialect } from '../structured-shop/shop-dialect.ts';
import { parsePage } from './parse.ts';
import { configSchema, type ${type}Config } from './schema.ts';

const KIND = ${quote(name)};
const POLICY: SitePolicy = {
  scan: 'allowed', buy: 'human', contactSeller: 'human', storePayload: 'forbidden',
  source: 'robots.txt of the site, read before every pass', asOf: ${quote(day)}, note: 'Its terms of use were not read yet: read them, name them here, and narrow what they forbid.',
};

/** Which pages of the site are products, and how fast they may be read. */
const DIALECT: ShopDialect = { kind: KIND, pace: { minIntervalMs: 1_000, concurrency: 1 }, sitemapPaths: ['/sitemap.xml'], externalIdOf, accepts: () => true, parsePage };

/** ${host}, page by page. */
export function create${type}Adapter(tools: SiteTools): SourceAdapter {
  return {
    kind: KIND, policy: POLICY,
    open(config) {
      const parsed = parseConfig(configSchema, config);
      return parsed.ok ? ok(openShop(parsed.value, tools)) : parsed;
    },
  };
}

function openShop(config: ${type}Config, tools: SiteTools): OpenSource {
  return {
    kind: KIND, label: config.label ?? ${quote(host)}, origin: config.baseUrl, policy: POLICY, currency: config.currency,
    scan: (options) => scanSitemapShop(config, { tools, dialect: DIALECT }, options),
    close: () => Promise.resolve(),
  };
}
`],
    [`${name}.test.ts`, testFile(site, type)],
    ['fixtures/product.html', site.html],
  ]);
}

function readme({ name, url, day, read, places }: SiteToMake, host: string): string {
  return `# ${host}

Made from one recorded page (\`fixtures/product.html\`: ${url}, ${day}). Its sitemap or links lead to the pages; structured data is read first, then the places in \`parse.ts\`.

- ${'code' in read ? `The recorded page could not be read yet: ${read.reason}.` : `Of the recorded page these were read: ${Object.entries({ title: read.title, price: true, brand: read.brand, identifiers: read.identifiers[0], stock: read.stock }).filter(([, v]) => v !== undefined).map(([k]) => k).join(', ')}.`}
${places.length > 0 ? `- By their place on the page: ${places.map((p) => p.field).join(', ')}.\n` : ''}
Configuration: that of \`structured-shop\`. Kind: \`${name}\`.
`;
}

function testFile({ name, url, read }: SiteToMake, type: string): string {
  const expected = 'code' in read
    ? { code: read.code }
    : { title: read.title, price: read.price, ...(read.brand === undefined ? {} : { brand: read.brand }), ...(read.identifiers.length > 0 ? { identifiers: read.identifiers } : {}), ...(read.stock === undefined ? {} : { stock: { available: read.stock.available } }) };
  const offer = !('code' in read);
  return `import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { FixtureSite, offersOf, rejectsOf, scanAll } from '../../core/source/serve-fixture.ts';
import { create${type}Adapter } from './fetch.ts';
import { parsePage } from './parse.ts';

const PAGE = readFileSync(path.join(import.meta.dirname, 'fixtures/product.html'), 'utf8');
const NOW = Date.UTC(2026, 10, 21);
const context = { url: ${quote(url)}, externalId: '/p/1', seenAt: NOW, currency: undefined, depth: 'full' as const, label: ${quote(name)} };
let site: FixtureSite;
afterEach(() => site?.close());

describe(${quote(name)}, () => {
  it('reads the recorded page', () => {
    expect(parsePage(PAGE, context)).toMatchObject(${literal(expected)});
  });
  it('takes a page without a product for what it is', () => {
    expect(parsePage('<html><body><h1>About us</h1></body></html>', context)).toMatchObject({ code: 'not-a-product' });
  });
  it('goes through its pages', async () => {
    site = await new FixtureSite((r) => (r.path === '/sitemap.xml' ? { body: \`<urlset><url><loc>\${site.url}/p/1</loc></url><url><loc>\${site.url}/p/2</loc></url></urlset>\` } : r.path === '/p/1' ? { body: PAGE } : r.path === '/p/2' ? { status: 410 } : null), NOW).start();
    const pages = await scanAll(site.open(create${type}Adapter(site.tools), { followLinks: 0 }));
    expect(pages.at(-1)?.complete).toBe(true);
    expect(offersOf(pages)).toHaveLength(${offer ? 1 : 0});
    expect(rejectsOf(pages)).toHaveLength(${offer ? 1 : 2});
  });
});
`;
}

/** Where a site has to be named beside its folder. @throws ScaffoldError where a place to name it was not found. */
export function siteRegistrations({ name, url }: Pick<SiteToMake, 'name' | 'url'>): readonly { readonly file: string; readonly edit: (text: string) => string }[] {
  const type = pascal(name);
  const host = new URL(url).hostname.replace(/^www\./, '');
  const once = (text: string, before: string, after: string): string => {
    if (!text.includes(before)) throw new ScaffoldError(`${before} is not where it was expected: register ${name} by hand`);
    return text.replace(before, after);
  };
  return [
    { file: 'scrapers/sites/site-kinds.ts', edit: (text) => {
      const imported = once(text, "import { createJumiaAdapter }", `import { create${type}Adapter } from './${name}/fetch.ts';\nimport { createJumiaAdapter }`);
      const made = once(imported, "createStructuredShopAdapter(toolsFor('structured-shop')),", `createStructuredShopAdapter(toolsFor('structured-shop')), create${type}Adapter(toolsFor(${quote(name)})),`);
      const rule = `const on${type}: HostRule = (address) => (address.hostname.replace(/^www\\./, '') === ${quote(host)} ? { kind: ${quote(name)}, label: ${quote(host)}, baseUrl: address.origin, settings: {} } : null);\n\n`;
      return once(made, 'export const HOST_RULES: readonly HostRule[] = [', `${rule}export const HOST_RULES: readonly HostRule[] = [on${type}, `);
    } },
    { file: 'electron/contract/sources.ts', edit: (text) => once(text, "'structured-shop', 'price-list'", `'structured-shop', ${quote(name)}, 'price-list'`) },
    { file: 'electron/engine/sources/repo.ts', edit: (text) => once(text, "'structured-shop' | 'price-list'", `'structured-shop' | ${quote(name)} | 'price-list'`) },
    { file: 'renderer/locales/en/sources.json', edit: (text) => once(text, '  "kind.structured-shop":', `  "kind.${name}": ${JSON.stringify(host)},\n  "kind.structured-shop":`) },
  ];
}
