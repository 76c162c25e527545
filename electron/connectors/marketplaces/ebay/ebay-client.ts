import type { OperationQuota } from '#engine/catalog/ports.ts';
import { DAY_MS, SECOND_MS } from '#kernel/time.ts';
import quotas from '../../../../resources/quotas/ebay.json' with { type: 'json' };
import { AccessToken, HttpClient, RateLimiter, TokenBucket, tokenSchema, windowQuota, type ConnectorOptions, type FailedAnswer, type HttpAnswer, type HttpCall, type VendorVerdict } from '../../http/index.ts';
import { errorsSchema } from './schema.ts';
import type { EbayApi, ToldLimit } from './told-limit.ts';
import { API_URL, APPLICATION_SCOPES, DISPUTE_SCOPES, FINANCES_URL, MEDIA_URL, SELLER_SCOPES, SITES } from './sites.ts';

/** Keys of the user's own eBay application. Without a refresh token only public data can be read. */
export interface EbayCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken?: string | undefined;
}

export interface EbayOptions extends ConnectorOptions {
  readonly baseUrl?: string | undefined;
  readonly financesUrl?: string | undefined;
  readonly mediaUrl?: string | undefined;
  readonly credentials: () => Promise<EbayCredentials>;
  /** `ebay-us` unless told. */
  readonly market?: string | undefined;
}

/** Errors by which eBay says that the token is not, or no longer, valid. */
const TOKEN_ERRORS = new Set([1001, 1002, 1003]);
const TOO_MANY_REQUESTS = 2001;

export function judge(failed: FailedAnswer): VendorVerdict | undefined {
  const body = errorsSchema.safeParse(failed.json);
  if (!body.success) return undefined;
  const first = body.data.errors[0]!;
  const said = { code: String(first.errorId), message: first.longMessage ?? first.message ?? `error ${first.errorId}` };
  if (failed.status === 401 || TOKEN_ERRORS.has(first.errorId)) return { ...said, kind: 'SessionLost' };
  return failed.status === 429 || first.errorId === TOO_MANY_REQUESTS ? { ...said, kind: 'Throttled' } : said;
}

export function judgeLogin(failed: FailedAnswer): VendorVerdict | undefined {
  const body = failed.json as { error?: unknown; error_description?: unknown } | undefined;
  if (typeof body?.error !== 'string') return undefined;
  const said = { code: body.error, message: typeof body.error_description === 'string' ? body.error_description : body.error };
  return failed.status < 500 ? { ...said, kind: 'SessionLost' } : said;
}

/** eBay's REST transport: OAuth, site, quota of calls a day, and the vendor's error words. */
export class EbayClient {
  readonly connector = 'ebay';
  readonly market: string;
  readonly site: (typeof SITES)[string];
  readonly options: EbayOptions;
  readonly #http: HttpClient;
  readonly #finances: HttpClient;
  readonly #disputes: HttpClient;
  readonly #postOrder: HttpClient;
  readonly #media: HttpClient;
  readonly #login: HttpClient;
  readonly #token: AccessToken;
  readonly #limiters = new Map<EbayApi, RateLimiter<TokenBucket>>();
  readonly #told = new Set<EbayApi>();

  constructor(options: EbayOptions) {
    this.options = options;
    this.market = options.market ?? 'ebay-us';
    const site = SITES[this.market];
    if (!site) throw new RangeError(`no eBay site is known as ${this.market}`);
    this.site = site;
    const baseUrl = options.baseUrl ?? API_URL;
    this.#login = new HttpClient({ ...options, connector: this.connector, baseUrl, judge: judgeLogin });
    const token = new AccessToken((signal) => this.#signIn(signal), options.clock);
    this.#token = token;
    const signedIn = {
      ...options, connector: this.connector, judge,
      authorize: async (signal?: AbortSignal) => ({ authorization: `Bearer ${await token.get(signal)}` }),
      forgetSession: () => token.forget(),
    };
    this.#http = new HttpClient({ ...signedIn, baseUrl });
    // The same token under a scheme of its own.
    this.#postOrder = new HttpClient({ ...signedIn, baseUrl, headers: { 'x-ebay-c-marketplace-id': site.marketplaceId }, authorize: async (signal?: AbortSignal) => ({ authorization: `IAF ${await token.get(signal)}` }) });
    this.#media = new HttpClient({ ...signedIn, baseUrl: options.mediaUrl ?? options.baseUrl ?? MEDIA_URL });
    const financesUrl = options.financesUrl ?? options.baseUrl ?? FINANCES_URL;
    this.#finances = new HttpClient({ ...signedIn, baseUrl: financesUrl });
    // Disputes live on the host of Finances.
    const consent = new AccessToken((signal) => this.#signIn(signal, DISPUTE_SCOPES), options.clock);
    this.#disputes = new HttpClient({ ...signedIn, baseUrl: financesUrl, authorize: async (signal?: AbortSignal) => ({ authorization: `Bearer ${await consent.get(signal)}` }), forgetSession: () => consent.forget() });
  }

  send<T>(api: EbayApi, call: Omit<HttpCall<T>, 'limiter'>): Promise<HttpAnswer<T>> {
    return this.#hostOf(api).send({ ...call, limiter: this.#limiterOf(api) });
  }

  /** By the token for disputes, at the pace of the Fulfillment API. @throws ConnectorError SessionLost where the seller has not consented to it */
  readDisputes<T>(call: Omit<HttpCall<T>, 'limiter'>): Promise<HttpAnswer<T>> {
    return this.#disputes.send({ ...call, limiter: this.#limiterOf('sellFulfillment') });
  }

  /** Null where eBay answers 404. */
  async sendOrNull<T>(api: EbayApi, call: Omit<HttpCall<T>, 'limiter'>): Promise<T | null> {
    return (await this.#hostOf(api).sendAccepting([404], { ...call, limiter: this.#limiterOf(api) })).body;
  }

  #hostOf(api: EbayApi): HttpClient {
    if (api === 'sellFinances') return this.#finances;
    if (api === 'commerceMedia') return this.#media;
    return api === 'postOrder' ? this.#postOrder : this.#http;
  }

  forgetSession(): void {
    this.#token.forget();
  }

  async close(): Promise<void> {
    await Promise.all([this.#http.close(), this.#finances.close(), this.#disputes.close(), this.#postOrder.close(), this.#media.close(), this.#login.close()]);
  }

  /** Replaces the dated file by what eBay says of this account. Of several windows of one API the strictest rate and burst count. */
  applyLimits(told: readonly ToldLimit[]): void {
    const now = this.options.clock.now();
    for (const api of new Set(told.map((limit) => limit.api))) {
      const windows = told.filter((limit) => limit.api === api);
      const quotasOfWindows = windows.map((w) => windowQuota(w.limit, w.windowSeconds));
      const remaining = windows.map((w) => w.remaining).filter((r) => r !== null);
      this.#limiterOf(api).bucket.setQuota({ ratePerSecond: Math.min(...quotasOfWindows.map((q) => q.ratePerSecond)), burst: Math.min(...quotasOfWindows.map((q) => q.burst)), remaining: remaining.length > 0 ? Math.min(...remaining) : null }, now);
      this.#told.add(api);
    }
  }

  quotaOf(api: EbayApi): OperationQuota {
    const { bucket } = this.#limiterOf(api);
    const now = this.options.clock.now();
    return {
      connector: this.connector, operation: api, unit: 'call', available: Math.max(0, Math.floor(bucket.available(now))), refillPerMinute: bucket.refillPerMinute, capacity: bucket.capacity,
      itemsPerCall: 1, told: this.#told.has(api), asOf: now,
    };
  }

  #limiterOf(api: EbayApi): RateLimiter<TokenBucket> {
    let limiter = this.#limiters.get(api);
    if (!limiter) {
      limiter = new RateLimiter(new TokenBucket({ ...windowQuota(quotas.callsPerDay[api], DAY_MS / SECOND_MS), startedAt: this.options.clock.now() }), this.options.clock);
      this.#limiters.set(api, limiter);
    }
    return limiter;
  }

  async #signIn(signal?: AbortSignal, scopes: readonly string[] = SELLER_SCOPES) {
    const { clientId, clientSecret, refreshToken } = await this.options.credentials();
    const form: Record<string, string> = refreshToken
      ? { grant_type: 'refresh_token', refresh_token: refreshToken, scope: scopes.join(' ') }
      : { grant_type: 'client_credentials', scope: APPLICATION_SCOPES.join(' ') };
    const { body } = await this.#login.send({
      operation: 'sign in', method: 'POST', path: '/identity/v1/oauth2/token', effect: 'idempotent', anonymous: true, schema: tokenSchema, signal, form,
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    });
    return body;
  }
}
