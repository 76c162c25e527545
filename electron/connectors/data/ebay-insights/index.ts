import type { OperationQuota, SoldCountPort } from '#engine/catalog/ports.ts';
import { isConnectorError } from '#kernel/errors.ts';
import { DAY_MS, SECOND_MS, type Instant } from '#kernel/time.ts';
import quotas from '../../../../resources/quotas/ebay-insights.json' with { type: 'json' };
import { AccessToken, HttpClient, RateLimiter, TokenBucket, tokenSchema, windowQuota, type ConnectorOptions } from '../../http/index.ts';
import { judge, judgeLogin } from '../../marketplaces/ebay/ebay-client.ts';
import { API_URL, SITES } from '../../marketplaces/ebay/sites.ts';
import { salesHistorySchema } from './schema.ts';

export interface EbayInsightsOptions extends ConnectorOptions {
  readonly baseUrl?: string | undefined;
  /** The application's own keys; eBay must have approved the application for this API. */
  readonly credentials: () => Promise<{ readonly clientId: string; readonly clientSecret: string }>;
  /** `ebay-us` unless told. */
  readonly market?: string | undefined;
}

export interface EbayInsights extends SoldCountPort {
  quota(): OperationQuota;
  forgetSession(): void;
  close(): Promise<void>;
}

const CONNECTOR = 'ebay-insights';
const SCOPE = 'https://api.ebay.com/oauth/api_scope/buy.marketplace.insights';
/** The API looks back this far. */
const DAYS = 90;
const NOT_APPROVED_HOLDS_MS = DAY_MS;

/** Refused for want of approval: the sign-in names no such scope for the application, or the call is forbidden. */
const isNotApproved = (error: unknown) => isConnectorError(error) && (error.detail.httpStatus === 403 || error.detail.code === 'invalid_scope');

/** What was sold on one of eBay's sites, from its Marketplace Insights API. */
export function createEbayInsights(options: EbayInsightsOptions): EbayInsights {
  const market = options.market ?? 'ebay-us';
  const site = SITES[market];
  if (!site) throw new RangeError(`no eBay site is known as ${market}`);
  const baseUrl = options.baseUrl ?? API_URL;
  const login = new HttpClient({ ...options, connector: CONNECTOR, baseUrl, judge: judgeLogin });
  const token = new AccessToken(async (signal) => {
    const { clientId, clientSecret } = await options.credentials();
    const { body } = await login.send({
      operation: 'sign in', method: 'POST', path: '/identity/v1/oauth2/token', effect: 'idempotent', anonymous: true, schema: tokenSchema, signal, form: { grant_type: 'client_credentials', scope: SCOPE },
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    });
    return body;
  }, options.clock);
  const http = new HttpClient({ ...options, connector: CONNECTOR, baseUrl, judge, authorize: async (signal) => ({ authorization: `Bearer ${await token.get(signal)}` }), forgetSession: () => token.forget() });
  const limiter = new RateLimiter(new TokenBucket({ ...windowQuota(quotas.callsPerDay, DAY_MS / SECOND_MS), startedAt: options.clock.now() }), options.clock);
  let refusedAt: Instant | null = null;
  return {
    connector: CONNECTOR, market,
    async sold(code, call) {
      const now = options.clock.now();
      if (code.kind !== 'gtin' || (refusedAt !== null && now - refusedAt < NOT_APPROVED_HOLDS_MS)) return null;
      try {
        const { body } = await http.send({
          operation: 'read sales', method: 'GET', path: '/buy/marketplace_insights/v1_beta/item_sales/search', effect: 'read', schema: salesHistorySchema, limiter, signal: call?.signal,
          headers: { 'x-ebay-c-marketplace-id': site.marketplaceId }, query: { gtin: code.value, filter: 'conditionIds:{1000}', limit: quotas.itemsPerCall, offset: 0 },
        });
        const sales = body.itemSales ?? [];
        const units = sales.reduce((sum, { totalSoldQuantity }) => sum + Math.max(0, totalSoldQuantity ?? 1), 0);
        return { at: now, days: DAYS, units: sales.length > 0 ? Math.round((units * Math.max(sales.length, body.total ?? 0)) / sales.length) : 0 };
      } catch (error) {
        if (!isNotApproved(error)) throw error;
        refusedAt = now;
        options.log.info('eBay has not approved this application for its sales history: demand is estimated without it', { market });
        return null;
      }
    },
    quota() {
      const { bucket } = limiter;
      const now = options.clock.now();
      return { connector: CONNECTOR, operation: 'item_sales/search', unit: 'call', available: Math.max(0, Math.floor(bucket.available(now))), refillPerMinute: bucket.refillPerMinute, capacity: bucket.capacity, itemsPerCall: 1, told: false, asOf: now };
    },
    forgetSession: () => {
      refusedAt = null;
      token.forget();
    },
    close: async () => void (await Promise.all([http.close(), login.close()])),
  };
}
