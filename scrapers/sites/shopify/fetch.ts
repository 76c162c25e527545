import { createHash } from 'node:crypto';
import { ConnectorError, isConnectorError } from '#kernel/errors.ts';
import { ok } from '#kernel/result.ts';
import { DAY_MS } from '#kernel/time.ts';
import type { OpenSource, RawOffer, RawReject, ScanOptions, ScanPage, SitePolicy, SourceAdapter } from '#engine/sources/ports.ts';
import type { FetchPolicy } from '../../core/fetch/fetcher.ts';
import { parseConfig, policyOf, type SiteTools } from '../../core/source/open-config.ts';
import { readPageCursor, reject, ScanProgress, writePageCursor } from '../../core/source/scan-progress.ts';
import { parseProduct } from './parse.ts';
import { findCurrency } from './find-currency.ts';
import { configSchema, detailSchema, pageSchema, productSchema, type ShopifyConfig } from './schema.ts';

const KIND = 'shopify';
const POLICY: SitePolicy = {
  scan: 'allowed', buy: 'human', contactSeller: 'human', storePayload: 'forbidden',
  source: 'robots.txt of the shop, read before every pass; the product list is public and not among the paths that Shopify forbids', asOf: '2026-11-21',
  note: 'Shopify forbids automatic checkouts in its robots.txt; a shop may set its own terms: narrow this in its configuration.',
};
export const PACE: FetchPolicy = { minIntervalMs: 500, concurrency: 1 };
/** Shopify lists the first 25,000 products only. */
const MOST_LISTED = 25_000;
/** A barcode rarely changes, and never without the product: but a wrong one is mended some day. */
const BELIEVE_BARCODES_MS = 14 * DAY_MS;

/** Any Shopify shop, through the product list that every storefront has. */
export function createShopifyAdapter(tools: SiteTools): SourceAdapter {
  return {
    kind: KIND, policy: POLICY,
    open(config) {
      const parsed = parseConfig(configSchema, config);
      return parsed.ok ? ok(openShop(parsed.value, tools)) : parsed;
    },
  };
}

const labelOf = (config: ShopifyConfig) => config.label ?? new URL(config.baseUrl).host;

function openShop(config: ShopifyConfig, tools: SiteTools): OpenSource {
  return {
    kind: KIND, label: labelOf(config), origin: config.baseUrl, policy: POLICY, currency: config.currency,
    scan: (options) => scanShop(config, tools, options),
    close: () => Promise.resolve(),
  };
}

interface Shop {
  readonly config: ShopifyConfig;
  readonly tools: SiteTools;
  readonly policy: FetchPolicy;
  readonly signal: AbortSignal;
}

interface ReadPage {
  readonly page: ScanPage;
  /** Products whose barcodes were read: address → what the list said of them. */
  readonly dealtWith: ReadonlyMap<string, string>;
}

async function* scanShop(config: ShopifyConfig, tools: SiteTools, options: ScanOptions): AsyncGenerator<ScanPage> {
  const shop: Shop = { config, tools, policy: policyOf(config.politeness, PACE), signal: options.signal };
  const progress = new ScanProgress(tools.clock, options.limits);
  let currency: string | null = null;
  for (let page = readPageCursor(options.cursor); ; page++) {
    options.signal.throwIfAborted();
    const listed = await readList(shop, page);
    let asked = 0;
    if (listed.items.length > 0 && currency === null) {
      const found = await findCurrency({ ...shop, connector: KIND }, listed.items[0]);
      currency = found.currency;
      asked = found.requests;
    }
    const { page: scanned, dealtWith } = await readPage(shop, { ...listed, page, currency: currency ?? '', requests: listed.requests + asked });
    progress.count(scanned);
    yield scanned;
    await Promise.all([...dealtWith].map(([url, fingerprint]) => tools.fetcher.remember(url, { listed: fingerprint, readAt: tools.clock.now() })));
    if (scanned.complete || progress.isSpent || page * config.perPage >= MOST_LISTED) return;
  }
}

interface Listed {
  readonly items: readonly unknown[];
  readonly requests: number;
}

async function readList({ config, tools, policy, signal }: Shop, page: number): Promise<Listed> {
  const list = config.collection === undefined ? 'products.json' : `collections/${config.collection}/products.json`;
  const operation = `read products, page ${page}`;
  const answer = await tools.fetcher.fetch({ url: `${config.baseUrl}/${list}?limit=${config.perPage}&page=${page}`, connector: KIND, operation, headers: { accept: 'application/json' } }, policy, signal);
  try {
    return { items: pageSchema.parse(JSON.parse(answer.text)).products, requests: answer.requests };
  } catch (error) {
    throw new ConnectorError({ kind: 'Critical', connector: KIND, operation, message: 'the answer is no list of products: is this a Shopify shop?', evidence: answer.text }, error);
  }
}

async function readPage(shop: Shop, listed: Listed & { readonly page: number; readonly currency: string }): Promise<ReadPage> {
  const { config, tools } = shop;
  const seenAt = tools.clock.now();
  const offers: RawOffer[] = [];
  const rejects: RawReject[] = [];
  const unchanged: string[] = [];
  const dealtWith = new Map<string, string>();
  let { requests } = listed;
  for (const [index, item] of listed.items.entries()) {
    const where = `page ${listed.page} item ${index + 1}`;
    const detail = config.barcodes ? await readDetail(shop, item, where) : NO_DETAIL;
    requests += detail.requests;
    if (detail.unchanged) {
      unchanged.push(...detail.unchanged);
      continue;
    }
    if (detail.fingerprint) dealtWith.set(detail.fingerprint.url, detail.fingerprint.text);
    if (detail.reject) rejects.push(detail.reject);
    const read = parseProduct(item, { baseUrl: config.baseUrl, where, seenAt, currency: listed.currency, label: labelOf(config), barcodes: detail.barcodes });
    offers.push(...read.offers);
    rejects.push(...read.rejects);
  }
  // A page may hold less than was asked for although more follow (unpublished ones are taken out afterwards): only an empty one is the end.
  const complete = listed.items.length === 0;
  return { page: { offers, rejects, unchanged, cursor: writePageCursor(complete ? 1 : listed.page + 1), complete, requests }, dealtWith };
}

interface Detail {
  readonly barcodes: ReadonlyMap<number, string>;
  readonly requests: number;
  /** Offers that still stand: the list says of their product what it said when its barcodes were read. */
  readonly unchanged?: readonly string[];
  readonly fingerprint?: { readonly url: string; readonly text: string };
  readonly reject?: RawReject;
}
const NO_DETAIL: Detail = { barcodes: new Map(), requests: 0 };

async function readDetail({ config, tools, policy, signal }: Shop, item: unknown, where: string): Promise<Detail> {
  const parsed = productSchema.safeParse(item);
  if (!parsed.success) return NO_DETAIL;
  const { id, handle, variants } = parsed.data;
  const url = `${config.baseUrl}/products/${handle}.js`;
  const text = createHash('sha256').update(JSON.stringify(item)).digest('base64url').slice(0, 22);
  const kept = await tools.fetcher.recall(url);
  if (kept?.listed === text && kept.readAt !== undefined && tools.clock.now() - kept.readAt < BELIEVE_BARCODES_MS) {
    return { ...NO_DETAIL, unchanged: variants.map((v) => String((v as { id?: unknown } | null)?.id ?? id)) };
  }
  try {
    const answer = await tools.fetcher.fetch({ url, connector: KIND, operation: `read product ${handle}`, headers: { accept: 'application/json' } }, policy, signal);
    const detail = detailSchema.parse(JSON.parse(answer.text));
    return { barcodes: new Map(detail.variants.flatMap((v) => (v.barcode?.trim() ? [[v.id, v.barcode.trim()]] : []))), requests: answer.requests, fingerprint: { url, text } };
  } catch (error) {
    signal.throwIfAborted();
    // The price is known from the list: the barcode alone is missing.
    if (isConnectorError(error, 'Retryable', 'Throttled')) throw error;
    return { ...NO_DETAIL, requests: 1, reject: reject('fetch-failed', { where, field: 'barcode', externalId: String(id), reason: 'the barcode could not be read; the offer stands without it', raw: url, seenAt: tools.clock.now() }) };
  }
}
