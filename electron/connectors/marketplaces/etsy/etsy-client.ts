import { ConnectorError } from '#kernel/errors.ts';
import { DAY_MS, SECOND_MS, type Instant } from '#kernel/time.ts';
import quotas from '../../../../resources/quotas/etsy.json' with { type: 'json' };
import { AccessToken, HttpClient, RateLimiter, TokenBucket, windowQuota, type ConnectorOptions, type FailedAnswer, type HttpAnswer, type HttpCall, type VendorVerdict } from '../../http/index.ts';
import { meSchema, sessionSchema, shopSchema } from './schema.ts';

const API_URL = 'https://openapi.etsy.com';

/** Keys of the user's own Etsy application, and its consent for the shop. */
export interface EtsyCredentials {
  readonly keystring: string;
  readonly sharedSecret: string;
  readonly refreshToken: string;
}

/** A picture as it goes out. */
export interface Picture {
  readonly bytes: Uint8Array;
  /** `image/jpeg`. */
  readonly type: string;
}

export interface EtsyOptions extends ConnectorOptions {
  readonly baseUrl?: string | undefined;
  readonly credentials: () => Promise<EtsyCredentials>;
  /** Etsy answers each renewal with a new refresh token; the old one ends some months after it was issued. */
  readonly keepRefreshToken: (token: string) => Promise<void>;
  /** The picture behind an address; null where it cannot be had. */
  readonly fetchPicture: (url: string, signal?: AbortSignal) => Promise<Picture | null>;
}

function judge(failed: FailedAnswer): VendorVerdict | undefined {
  const body = failed.json as { error?: unknown; error_description?: unknown } | undefined;
  const error = typeof body?.error === 'string' ? body.error : undefined;
  const message = typeof body?.error_description === 'string' ? body.error_description : error;
  if (failed.status === 401 || error === 'invalid_token') return { kind: 'SessionLost', ...(message === undefined ? {} : { message }) };
  return error === undefined ? undefined : { code: /^[a-z_]+$/.test(error) ? error : String(failed.status), message: message! };
}

const judgeLogin = (failed: FailedAnswer): VendorVerdict | undefined => {
  const verdict = judge(failed);
  return verdict && failed.status < 500 ? { ...verdict, kind: 'SessionLost' } : verdict;
};

/** Etsy's transport: sign-in with its changing refresh token, the shop that the consent is for, calls a second and a day. */
export class EtsyClient {
  readonly connector = 'etsy';
  readonly market = 'etsy-us';
  readonly currency = 'USD';
  readonly options: EtsyOptions;
  readonly #http: HttpClient;
  readonly #login: HttpClient;
  readonly #token: AccessToken;
  readonly #perSecond: RateLimiter<TokenBucket>;
  readonly #perDay: RateLimiter<TokenBucket>;
  #shop: Promise<number> | null = null;

  constructor(options: EtsyOptions) {
    this.options = options;
    const baseUrl = options.baseUrl ?? API_URL;
    const startedAt = options.clock.now();
    this.#perSecond = new RateLimiter(new TokenBucket({ ratePerSecond: quotas.callsPerSecond, burst: quotas.callsPerSecond, startedAt }), options.clock);
    this.#perDay = new RateLimiter(new TokenBucket({ ...windowQuota(quotas.callsPerDay, DAY_MS / SECOND_MS), startedAt }), options.clock);
    this.#login = new HttpClient({ ...options, connector: this.connector, baseUrl, judge: judgeLogin });
    const token = new AccessToken((signal) => this.#signIn(signal), options.clock);
    this.#token = token;
    this.#http = new HttpClient({
      ...options, connector: this.connector, baseUrl, judge,
      authorize: async (signal) => {
        const bearer = await token.get(signal);
        const { keystring, sharedSecret } = await options.credentials();
        return { authorization: `Bearer ${bearer}`, 'x-api-key': `${keystring}:${sharedSecret}` };
      },
      forgetSession: () => token.forget(),
      onAnswer: (_call, { headers }) => this.#hearLimit(headers['x-limit-per-day'], headers['x-remaining-today']),
    });
  }

  async send<T>(call: Omit<HttpCall<T>, 'limiter'>): Promise<HttpAnswer<T>> {
    await this.#perSecond.acquire(1, call.signal);
    return this.#http.send({ ...call, limiter: this.#perDay });
  }

  /** Null where Etsy answers 404. */
  async sendOrNull<T>(call: Omit<HttpCall<T>, 'limiter'>): Promise<T | null> {
    await this.#perSecond.acquire(1, call.signal);
    return (await this.#http.sendAccepting([404], { ...call, limiter: this.#perDay })).body;
  }

  /** The shop that the consent is for. @throws ConnectorError Rejected where it sells in another currency than the fee card counts in. */
  shopId(): Promise<number> {
    this.#shop ??= this.#readShop().catch((error: unknown) => {
      this.#shop = null;
      throw error;
    });
    return this.#shop;
  }

  now(): Instant {
    return this.options.clock.now();
  }

  forgetSession(): void {
    this.#token.forget();
    this.#shop = null;
  }

  async close(): Promise<void> {
    await Promise.all([this.#http.close(), this.#login.close()]);
  }

  async #readShop(): Promise<number> {
    const { body: me } = await this.send({ operation: 'read own account', method: 'GET', path: '/v3/application/users/me', effect: 'read', schema: meSchema });
    const { body: shop } = await this.send({ operation: 'read own shop', method: 'GET', path: `/v3/application/shops/${me.shop_id}`, effect: 'read', schema: shopSchema });
    if (shop.currency_code === this.currency) return shop.shop_id;
    throw new ConnectorError({ kind: 'Rejected', connector: this.connector, operation: 'read own shop', message: `the shop sells in ${shop.currency_code}; the desk knows Etsy's fees in ${this.currency} alone` });
  }

  #hearLimit(limit: string | undefined, remaining: string | undefined): void {
    const calls = Number(limit);
    if (limit === undefined || !(calls > 0)) return;
    const left = Number(remaining);
    this.#perDay.bucket.setQuota({ ...windowQuota(calls, DAY_MS / SECOND_MS), remaining: remaining === undefined || Number.isNaN(left) ? null : left }, this.now());
  }

  async #signIn(signal?: AbortSignal) {
    const { keystring, refreshToken } = await this.options.credentials();
    const { body } = await this.#login.send({
      operation: 'sign in', method: 'POST', path: '/v3/public/oauth/token', effect: 'idempotent', anonymous: true, schema: sessionSchema, signal, form: { grant_type: 'refresh_token', client_id: keystring, refresh_token: refreshToken },
    });
    if (body.refresh_token !== refreshToken) await this.options.keepRefreshToken(body.refresh_token);
    return body;
  }
}
