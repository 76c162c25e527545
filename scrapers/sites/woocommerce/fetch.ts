import { ConnectorError } from '#kernel/errors.ts';
import { ok } from '#kernel/result.ts';
import type { OpenSource, RawOffer, RawReject, ScanOptions, ScanPage, SitePolicy, SourceAdapter } from '#engine/sources/ports.ts';
import type { FetchPolicy } from '../../core/fetch/fetcher.ts';
import { parseConfig, policyOf, type SiteTools } from '../../core/source/open-config.ts';
import { rereadGarbage } from '../../core/source/reread-garbage.ts';
import { readPageCursor, ScanProgress, writePageCursor } from '../../core/source/scan-progress.ts';
import { parseProduct } from './parse.ts';
import { configSchema, pageSchema, type WooCommerceConfig } from './schema.ts';

const KIND = 'woocommerce';
/** The Store API is the one that the shop's own pages use: public, without a key, cart and checkout included. */
const POLICY: SitePolicy = {
  scan: 'allowed', buy: 'allowed', contactSeller: 'human', storePayload: 'allowed',
  source: 'https://developer.woocommerce.com/docs/apis/store-api/', asOf: '2026-11-21', note: 'A shop may set its own terms: narrow this in its configuration.',
};
const PACE: FetchPolicy = { minIntervalMs: 500, concurrency: 1 };

/** Any WooCommerce shop, through its public Store API. */
export function createWooCommerceAdapter(tools: SiteTools): SourceAdapter {
  return {
    kind: KIND, policy: POLICY,
    open(config) {
      const parsed = parseConfig(configSchema, config);
      return parsed.ok ? ok(openShop(parsed.value, tools)) : parsed;
    },
  };
}

function openShop(config: WooCommerceConfig, tools: SiteTools): OpenSource {
  return {
    kind: KIND, label: config.label ?? new URL(config.baseUrl).host, origin: config.baseUrl, policy: POLICY, currency: config.currency,
    scan: (options) => scanShop(config, tools, options),
    close: () => Promise.resolve(),
  };
}

/** Asks for the next page while the one before is stored: of two that wait for each other, neither need. What was asked for in vain is given up. */
async function* scanShop(config: WooCommerceConfig, tools: SiteTools, options: ScanOptions): AsyncGenerator<ScanPage> {
  const progress = new ScanProgress(tools.clock, options.limits);
  const left = new AbortController();
  const signal = AbortSignal.any([options.signal, left.signal]);
  const read = (page: number) => {
    const asked = rereadGarbage(() => scanPage(config, tools, { page, signal }), { clock: tools.clock, signal });
    asked.catch(() => {}); // it is thrown where it is waited for, if it is
    return asked;
  };
  options.signal.throwIfAborted();
  let page = readPageCursor(options.cursor);
  let next = read(page);
  try {
    for (;;) {
      options.signal.throwIfAborted();
      const scanned = await next;
      progress.count(scanned);
      const last = scanned.complete || progress.isSpent;
      if (!last) next = read(++page);
      yield scanned;
      if (last) return;
    }
  } finally {
    left.abort();
  }
}

async function scanPage(config: WooCommerceConfig, tools: SiteTools, { page, signal }: { page: number; signal: AbortSignal }): Promise<ScanPage> {
  // In the order of their ids: products added during the pass come at the end, and shift nothing.
  const url = `${config.baseUrl}/wp-json/wc/store/v1/products?per_page=${config.perPage}&page=${page}&orderby=id&order=asc`;
  const operation = `read products, page ${page}`;
  const answer = await tools.fetcher.fetch({ url, connector: KIND, operation, headers: { accept: 'application/json' } }, policyOf(config.politeness, PACE), signal);
  const items = readList(answer.text, operation);
  const seenAt = tools.clock.now();
  const offers: RawOffer[] = [];
  const rejects: RawReject[] = [];
  const label = config.label ?? new URL(config.baseUrl).host;
  for (const [index, item] of items.entries()) {
    const read = parseProduct(item, { where: `page ${page} item ${index + 1}`, seenAt, currency: config.currency, label });
    if ('code' in read) rejects.push(read);
    else offers.push(read);
  }
  const pages = wholeNumber(answer.headers['x-wp-totalpages']);
  const complete = pages === null ? items.length < config.perPage : page >= pages;
  return { offers, rejects, cursor: writePageCursor(complete ? 1 : page + 1), complete, total: wholeNumber(answer.headers['x-wp-total']) ?? undefined, requests: answer.requests };
}

function wholeNumber(header: string | undefined): number | null {
  return header !== undefined && /^\d+$/.test(header) ? Number(header) : null;
}

function readList(text: string, operation: string): unknown[] {
  try {
    return pageSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new ConnectorError({ kind: 'Critical', connector: KIND, operation, message: 'the answer is no list of products: is this a WooCommerce shop?', evidence: text }, error);
  }
}
