import { ConnectorError } from '#kernel/errors.ts';
import { ok } from '#kernel/result.ts';
import type { OpenSource, RawOffer, RawReject, ScanOptions, ScanPage, SitePolicy, SourceAdapter } from '#engine/sources/ports.ts';
import type { FetchPolicy, FetchResult } from '../../core/fetch/fetcher.ts';
import { parseConfig, policyOf, type SiteTools } from '../../core/source/open-config.ts';
import { rereadGarbage } from '../../core/source/reread-garbage.ts';
import { readPageCursor, ScanProgress, writePageCursor } from '../../core/source/scan-progress.ts';
import { parseAd } from './parse.ts';
import { answerSchema, configSchema, errorSchema, type OuedknissConfig } from './schema.ts';

const KIND = 'ouedkniss';
const POLICY: SitePolicy = {
  scan: 'allowed', buy: 'human', contactSeller: 'human', storePayload: 'forbidden',
  source: 'observed in public clients; the vendor publishes no API terms', asOf: '2026-11-21', note: 'Classifieds: deals are made by telephone between people. Only derived facts are kept.',
};
/** Public clients pause 250 to 600 ms. */
const PACE: FetchPolicy = { minIntervalMs: 600, concurrency: 1, zone: 'Africa/Algiers' };

const SEARCH = `query Search($q: String, $filter: SearchFilterInput, $mediaSize: MediaSize = MEDIUM) {
  search(q: $q, filter: $filter) {
    announcements {
      data {
        id title slug description price pricePreview priceUnit oldPrice oldPricePreview priceType exchangeType status createdAt refreshedAt isFromStore
        cities { id name region { id name } }
        store { id name slug }
        user { username displayName }
        defaultMedia(size: $mediaSize) { mediaUrl mimeType thumbnail }
        category { id slug }
      }
      paginatorInfo { total count currentPage lastPage hasMorePages }
    }
  }
}`;

/** Ouedkniss, the Algerian classifieds site, through the GraphQL search that its own pages use. */
export function createOuedknissAdapter(tools: SiteTools): SourceAdapter {
  return {
    kind: KIND, policy: POLICY,
    open(config) {
      const parsed = parseConfig(configSchema, config);
      return parsed.ok ? ok(openSite(parsed.value, tools)) : parsed;
    },
  };
}

function openSite(config: OuedknissConfig, tools: SiteTools): OpenSource {
  const what = config.query ?? config.categorySlug;
  return {
    kind: KIND, label: config.label ?? (what ? `Ouedkniss: ${what}` : 'Ouedkniss'), origin: config.baseUrl, policy: POLICY, currency: 'DZD',
    scan: (options) => scanSite(config, tools, options),
    close: () => Promise.resolve(),
  };
}

/** Newest first, so advertisements renewed during a pass shift the rest: one may come twice, and its offer is the same. */
async function* scanSite(config: OuedknissConfig, tools: SiteTools, options: ScanOptions): AsyncGenerator<ScanPage> {
  const progress = new ScanProgress(tools.clock, options.limits);
  for (let page = readPageCursor(options.cursor); ; page++) {
    options.signal.throwIfAborted();
    const scanned = await rereadGarbage(() => scanPage(config, tools, { page, signal: options.signal }), { clock: tools.clock, signal: options.signal });
    progress.count(scanned);
    yield scanned;
    if (scanned.complete || progress.isSpent) return;
  }
}

function searchBody(config: OuedknissConfig, page: number): string {
  const filter = {
    ...(config.categorySlug === undefined ? {} : { categorySlug: config.categorySlug }), ...(config.priceRange === undefined ? {} : { priceRange: config.priceRange }), ...(config.regionIds === undefined ? {} : { regionIds: config.regionIds }),
    page, count: config.perPage, orderByField: { field: 'REFRESHED_AT' },
  };
  return JSON.stringify({ operationName: 'Search', query: SEARCH, variables: { q: config.query ?? null, filter, mediaSize: 'MEDIUM' } });
}

async function scanPage(config: OuedknissConfig, tools: SiteTools, { page, signal }: { page: number; signal: AbortSignal }): Promise<ScanPage> {
  const operation = `search, page ${page}`;
  const headers = { 'content-type': 'application/json', accept: 'application/json', origin: 'https://www.ouedkniss.com', referer: 'https://www.ouedkniss.com/', locale: 'fr' };
  const answer = await tools.fetcher.fetch({ url: `${config.baseUrl}/graphql`, method: 'POST', headers, body: searchBody(config, page), connector: KIND, operation }, policyOf(config.politeness, PACE), signal);
  const { data, paginatorInfo } = readAnswer(answer, operation);
  const seenAt = tools.clock.now();
  const offers: RawOffer[] = [];
  const rejects: RawReject[] = [];
  for (const [index, item] of data.entries()) {
    const read = parseAd(item, { where: `page ${page} item ${index + 1}`, seenAt, staleDays: config.staleDays });
    if ('code' in read) rejects.push(read);
    else offers.push(read);
  }
  const complete = !paginatorInfo.hasMorePages || data.length === 0;
  return { offers, rejects, cursor: writePageCursor(complete ? 1 : page + 1), complete, total: paginatorInfo.total ?? undefined, requests: answer.requests };
}

function readAnswer(answer: FetchResult, operation: string) {
  const broken = (message: string, cause?: unknown) => new ConnectorError({ kind: 'Critical', connector: KIND, operation, message, evidence: answer.text }, cause);
  let body: unknown;
  try {
    body = JSON.parse(answer.text);
  } catch (error) {
    throw broken('the answer is no JSON', error);
  }
  const parsed = answerSchema.safeParse(body);
  if (parsed.success) return parsed.data.data.search.announcements;
  const refused = errorSchema.safeParse(body);
  if (refused.success) throw new ConnectorError({ kind: 'Rejected', connector: KIND, operation, message: refused.data.errors.map((e) => e.message).join('; '), evidence: answer.text });
  const issue = parsed.error.issues[0];
  throw broken(`the answer has another shape than expected at ${issue?.path.join('.') ?? '?'}: ${issue?.message ?? ''}`);
}
