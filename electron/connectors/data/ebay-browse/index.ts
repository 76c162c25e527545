import type { AskingPrice, AskingPriceQuery, AskingPrices, AskingPricesPort, CallOptions, ItemCondition, OperationQuota, UnreadableItem } from '#engine/catalog/ports.ts';
import type { Money } from '#kernel/money.ts';
import { DAY_MS, SECOND_MS } from '#kernel/time.ts';
import quotas from '../../../../resources/quotas/ebay-browse.json' with { type: 'json' };
import { AccessToken, excerptOf, faultsOf, HttpClient, moneyFromText, RateLimiter, TokenBucket, tokenSchema, windowQuota, type ConnectorOptions } from '../../http/index.ts';
import { judge, judgeLogin } from '../../marketplaces/ebay/ebay-client.ts';
import type { ToldLimit } from '../../marketplaces/ebay/told-limit.ts';
import { API_URL, APPLICATION_SCOPES, SITES } from '../../marketplaces/ebay/sites.ts';
import { itemSchema, searchSchema, summarySchema, type ItemSummary } from './schema.ts';

export interface EbayBrowseOptions extends ConnectorOptions {
  readonly baseUrl?: string | undefined;
  /** The application's own keys: no seller's consent is needed for public listings. */
  readonly credentials: () => Promise<{ readonly clientId: string; readonly clientSecret: string }>;
  /** `ebay-us` unless told. */
  readonly market?: string | undefined;
}

/** One listing with what a search leaves out. */
export interface ListingDetail extends AskingPrice {
  readonly gtin?: string | undefined;
  readonly mpn?: string | undefined;
  /** Units in one lot. */
  readonly lotSize?: number | undefined;
  readonly available?: number | undefined;
  /** Sold from this listing since it began, as eBay estimates. */
  readonly sold?: number | undefined;
}

export interface EbayBrowse extends AskingPricesPort {
  /** Null: there is no such listing any more. @param itemId eBay's RESTful id: `v1|110…|0`. */
  listing(itemId: string, options?: CallOptions): Promise<ListingDetail | null>;
  /** Replaces the dated file's limit by what eBay told of this application. */
  applyLimits(limits: readonly ToldLimit[]): void;
  quota(): OperationQuota;
  forgetSession(): void;
  close(): Promise<void>;
}

const CONNECTOR = 'ebay-browse';

/** eBay's condition ids. Source: eBay's "Item condition ID and name values", read 2026-11-21. */
const CONDITIONS: Readonly<Record<string, ItemCondition>> = {
  1000: 'new', 1500: 'open-box', 1750: 'open-box', 2000: 'refurbished', 2010: 'refurbished', 2020: 'refurbished', 2030: 'refurbished', 2500: 'refurbished', 2750: 'used-like-new', 2990: 'used-like-new', 3000: 'used-good', 3010: 'used-good', 4000: 'used-very-good', 5000: 'used-good', 6000: 'used-acceptable', 7000: 'for-parts',
};

class StrangeListing extends Error {}

function amountOf(amount: { value: string; currency: string } | null | undefined, field: string): Money | null {
  if (!amount) return null;
  const read = moneyFromText(amount.value, amount.currency);
  if (!read) throw new StrangeListing(`${field}: ${amount.value} ${amount.currency} is no amount`);
  return read;
}

function shippingOf(item: ItemSummary): Money | undefined {
  const option = item.shippingOptions?.find((o) => o.shippingCostType === 'FIXED' || o.shippingCostType === undefined || o.shippingCostType === null);
  return amountOf(option?.shippingCost, 'shippingOptions.shippingCost') ?? undefined;
}

/** Both figures or none: a share says nothing without how many stand behind it. */
function feedbackOf(seller: ItemSummary['seller']): Pick<AskingPrice, 'sellerFeedback'> {
  const share = seller?.feedbackPercentage ?? '';
  const score = seller?.feedbackScore ?? null;
  const positiveBp = /^\d{1,3}(?:\.\d+)?$/.test(share) ? Math.round(Number(share) * 100) : null;
  return score === null || positiveBp === null || positiveBp > 10_000 ? {} : { sellerFeedback: { positiveBp, score } };
}

/** Null: it shows no price of its own (`ON_GESTURE`: a minimum advertised price hides it). @throws StrangeListing */
function readListing(item: ItemSummary, market: string): AskingPrice {
  const auction = (item.buyingOptions ?? []).includes('AUCTION') && !(item.buyingOptions ?? []).includes('FIXED_PRICE');
  const price = auction ? (amountOf(item.currentBidPrice, 'currentBidPrice') ?? amountOf(item.price, 'price')) : amountOf(item.price, 'price');
  if (!price || price.minor <= 0) throw new StrangeListing(`price: none is shown${item.priceDisplayCondition ? ` (${item.priceDisplayCondition})` : ''}`);
  const listedAt = item.itemCreationDate ? Date.parse(item.itemCreationDate) : Number.NaN;
  return {
    market, listingId: item.itemId, url: item.itemWebUrl ?? '', title: item.title, price, shipping: shippingOf(item), condition: CONDITIONS[item.conditionId ?? ''] ?? 'unknown', sale: auction ? 'auction' : 'fixed',
    sellerName: item.seller?.username ?? undefined, ...feedbackOf(item.seller), country: item.itemLocation?.country ?? undefined, listedAt: Number.isNaN(listedAt) ? undefined : listedAt,
  };
}

function takeListing(raw: unknown, place: number, into: { readonly market: string; readonly items: AskingPrice[]; readonly unreadable: UnreadableItem[] }): void {
  const parsed = summarySchema.safeParse(raw);
  try {
    if (parsed.success) into.items.push(readListing(parsed.data, into.market));
    else into.unreadable.push({ where: `listing ${place}`, reason: faultsOf(parsed.error), excerpt: excerptOf(raw) });
  } catch (error) {
    if (!(error instanceof StrangeListing)) throw error;
    into.unreadable.push({ where: parsed.success ? parsed.data.itemId : `listing ${place}`, reason: error.message, excerpt: excerptOf(raw) });
  }
}

/** eBay takes GTINs of twelve digits as such; any other code is searched for as a word. */
function queryOf(query: AskingPriceQuery): Readonly<Record<string, string | undefined>> {
  const code = query.code?.value;
  const filter = [query.onlyNew ? 'conditionIds:{1000}' : null, query.withoutAuctions ? 'buyingOptions:{FIXED_PRICE}' : null].filter((f) => f !== null).join(',');
  if (code === undefined && !query.words?.trim()) throw new RangeError('a search needs a code or words');
  const upc = query.code?.kind === 'gtin' && code !== undefined ? /^0{0,2}(\d{12})$/.exec(code)?.[1] : undefined;
  return { ...(upc === undefined ? { q: (code ?? query.words ?? '').slice(0, 100) } : { gtin: upc }), filter: filter === '' ? undefined : filter };
}

/** What is asked now on one of eBay's sites, from its public Browse API. */
export function createEbayBrowse(options: EbayBrowseOptions): EbayBrowse {
  const market = options.market ?? 'ebay-us';
  const site = SITES[market];
  if (!site) throw new RangeError(`no eBay site is known as ${market}`);
  const baseUrl = options.baseUrl ?? API_URL;
  const login = new HttpClient({ ...options, connector: CONNECTOR, baseUrl, judge: judgeLogin });
  const token = new AccessToken(async (signal) => {
    const { clientId, clientSecret } = await options.credentials();
    const { body } = await login.send({
      operation: 'sign in', method: 'POST', path: '/identity/v1/oauth2/token', effect: 'idempotent', anonymous: true, schema: tokenSchema, signal, form: { grant_type: 'client_credentials', scope: APPLICATION_SCOPES.join(' ') },
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    });
    return body;
  }, options.clock);
  const http = new HttpClient({ ...options, connector: CONNECTOR, baseUrl, judge, authorize: async (signal) => ({ authorization: `Bearer ${await token.get(signal)}` }), forgetSession: () => token.forget() });
  // A day is counted from eBay's midnight: whichever it is, no 24 hours see more than the day's calls.
  const limiter = new RateLimiter(new TokenBucket({ ...windowQuota(quotas.callsPerDay, DAY_MS / SECOND_MS), startedAt: options.clock.now() }), options.clock);
  let told = false;
  const headers = { 'x-ebay-c-marketplace-id': site.marketplaceId };
  return {
    connector: CONNECTOR, market,
    async askingPrices(query, call) {
      const asked = queryOf(query);
      const most = Math.min(query.most ?? 50, quotas.resultSet);
      const items: AskingPrice[] = [];
      const unreadable: UnreadableItem[] = [];
      let total: number | null = null;
      for (let offset = 0; offset < most; offset += quotas.itemsPerCall) {
        const limit = Math.min(quotas.itemsPerCall, most - offset);
        const { body } = await http.send({ operation: 'search listings', method: 'GET', path: '/buy/browse/v1/item_summary/search', effect: 'read', schema: searchSchema, limiter, headers, signal: call?.signal, query: { ...asked, limit, offset } });
        total = body.total ?? total;
        const found = body.itemSummaries ?? [];
        for (const [i, raw] of found.entries()) takeListing(raw, offset + i + 1, { market, items, unreadable });
        if (found.length < limit || !body.next) break;
      }
      return { items, total, unreadable, at: options.clock.now() } satisfies AskingPrices;
    },
    async listing(itemId, call) {
      const { body } = await http.sendAccepting([404], { operation: 'read listing', method: 'GET', path: `/buy/browse/v1/item/${encodeURIComponent(itemId)}`, effect: 'read', schema: itemSchema, limiter, headers, signal: call?.signal });
      if (body === null) return null;
      const [stock] = body.estimatedAvailabilities ?? [];
      return {
        ...readListing(body, market), brand: body.brand ?? undefined, gtin: body.gtin ?? undefined, mpn: body.mpn ?? undefined, lotSize: body.lotSize ?? undefined,
        available: stock?.estimatedAvailableQuantity ?? undefined, sold: stock?.estimatedSoldQuantity ?? undefined,
      };
    },
    applyLimits(limits) {
      const own = limits.filter((limit) => limit.api === 'buyBrowse');
      for (const { limit, windowSeconds, remaining } of own.toSorted((a, b) => b.limit / b.windowSeconds - a.limit / a.windowSeconds)) limiter.bucket.setQuota({ ...windowQuota(limit, windowSeconds), remaining }, options.clock.now());
      told ||= own.length > 0;
    },
    quota() {
      const { bucket } = limiter;
      const now = options.clock.now();
      return { connector: CONNECTOR, operation: 'item_summary/search', unit: 'call', available: Math.max(0, Math.floor(bucket.available(now))), refillPerMinute: bucket.refillPerMinute, capacity: bucket.capacity, itemsPerCall: 1, told, asOf: now };
    },
    forgetSession: () => token.forget(),
    close: async () => void (await Promise.all([http.close(), login.close()])),
  };
}
