import quotas from '../../../../resources/quotas/amazon-sp-api.json' with { type: 'json' };
import type { MarketId, OperationQuota } from '#engine/catalog/ports.ts';
import { ConnectorError } from '#kernel/errors.ts';
import type { Instant } from '#kernel/time.ts';
import { AccessToken, HttpClient, RateLimiter, TokenBucket, tokenSchema, type ConnectorOptions, type Effect, type FailedAnswer, type HttpCall, type VendorVerdict } from '../../http/index.ts';
import { LOGIN_URL, MARKETPLACES } from './marketplaces.ts';
import { errorListSchema } from './schema.ts';

export interface AmazonCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
}

export interface SpClientOptions extends ConnectorOptions {
  /** The region's host; of the market unless told. */
  readonly baseUrl?: string | undefined;
  /** Where access tokens are issued; Login with Amazon unless told. */
  readonly loginUrl?: string | undefined;
  readonly credentials: () => Promise<AmazonCredentials>;
  readonly market?: MarketId | undefined;
}

export interface AmazonOptions extends SpClientOptions {
  /** Merchant token of the account, needed for restrictions. */
  readonly sellerId: string;
}

/** An account's calls share one count and one token: the client that its other connectors use. Whoever made it closes it. */
export interface SharedAccount {
  readonly client: SpClient;
  readonly sellerId: string;
}

export type SpOperation = keyof typeof quotas.operations;
type SpCall<T> = Omit<HttpCall<T>, 'limiter' | 'effect'> & { readonly effect?: Effect };

const isHere = (url: URL) => url.hostname === '127.0.0.1' || url.hostname === 'localhost';

/** Requests name the program that sends them, as Amazon's agent policy of 2026-03-04 and the SP-API user-agent rule ask. */
const USER_AGENT = 'ResaleDesk/0.1 (Language=TypeScript)';

function judge(failed: FailedAnswer): VendorVerdict | undefined {
  const body = errorListSchema.safeParse(failed.json);
  const first = body.success ? body.data.errors[0] : undefined;
  const said = first ? { code: first.code, message: [first.message, first.details].filter(Boolean).join(' ') } : {};
  // An expired token and a missing role both answer 403; a renewed token tells them apart, for a missing role is refused again.
  if (failed.status === 403 && (first === undefined || /unauthorized|accessdenied|expired/i.test(`${first.code} ${first.details ?? ''}`))) return { ...said, kind: 'SessionLost' };
  return said;
}

/** The Selling Partner API's transport: sign-in, one limiter an operation, and the vendor's error words. */
export class SpClient {
  readonly connector = 'amazon-sp-api';
  readonly market: MarketId;
  readonly marketplaceId: string;
  readonly currency: string;
  readonly #http: HttpClient;
  readonly #login: HttpClient;
  readonly #limiters = new Map<SpOperation, RateLimiter<TokenBucket>>();
  readonly #told = new Set<SpOperation>();
  readonly #token: AccessToken;
  readonly #baseUrl: string;
  readonly #options: SpClientOptions;

  constructor(options: SpClientOptions) {
    this.#options = options;
    this.market = options.market ?? 'amazon-us';
    const site = MARKETPLACES[this.market];
    if (!site) throw new RangeError(`the Selling Partner API does not cover ${this.market}`);
    this.marketplaceId = site.marketplaceId;
    this.currency = site.currency;
    this.#login = new HttpClient({ ...options, connector: this.connector, baseUrl: options.loginUrl ?? LOGIN_URL, headers: { 'user-agent': USER_AGENT }, judge: judgeLogin });
    const token = new AccessToken((signal) => this.#signIn(signal), options.clock);
    this.#token = token;
    this.#baseUrl = options.baseUrl ?? site.host;
    this.#http = new HttpClient({
      ...options, connector: this.connector, baseUrl: this.#baseUrl, headers: { 'user-agent': USER_AGENT }, judge,
      authorize: async (signal) => ({ 'x-amz-access-token': await token.get(signal) }),
      forgetSession: () => token.forget(),
      onAnswer: (call, answer) => this.#hearRate(call, answer.headers['x-amzn-ratelimit-limit']),
    });
  }

  /** Items that one call of the operation takes. */
  batchOf(operation: SpOperation): number {
    return quotas.operations[operation].itemsPerCall;
  }

  /** A read unless told otherwise. */
  async call<T>(operation: SpOperation, call: SpCall<T>): Promise<T> {
    const { body } = await this.#http.send({ effect: 'read', ...call, limiter: this.#limiterOf(operation) });
    return body;
  }

  /** Null where Amazon answers 404. */
  async callOrNull<T>(operation: SpOperation, call: SpCall<T>): Promise<T | null> {
    return (await this.#http.sendAccepting([404], { effect: 'read', ...call, limiter: this.#limiterOf(operation) })).body;
  }

  /**
   * A document that an answer links to, such as the schema of a product type or a sheet of labels: without our token, and by https alone; a vendor on this machine may link to this machine.
   * @throws ConnectorError Critical for another address.
   */
  async fetchLinked<T>(link: string, call: Pick<HttpCall<T>, 'operation' | 'schema' | 'signal' | 'body'>): Promise<T> {
    const url = URL.canParse(link) ? new URL(link) : null;
    if (!url || (url.protocol !== 'https:' && !(isHere(url) && isHere(new URL(this.#baseUrl))))) throw new ConnectorError({ kind: 'Critical', connector: this.connector, operation: call.operation, message: 'the linked document has no address that may be read' });
    const http = new HttpClient({ ...this.#options, connector: this.connector, baseUrl: url.origin, headers: { 'user-agent': USER_AGENT } });
    try {
      return (await http.send({ ...call, method: 'GET', path: url.pathname, query: Object.fromEntries(url.searchParams), effect: 'read' })).body;
    } finally {
      await http.close();
    }
  }

  /** The account's keys have changed: the next call signs in anew. */
  forgetSession(): void {
    this.#token.forget();
  }

  now(): Instant {
    return this.#options.clock.now();
  }

  quotaOf(operation: SpOperation): OperationQuota {
    const { bucket } = this.#limiterOf(operation);
    const now = this.#options.clock.now();
    return {
      connector: this.connector, operation, unit: 'call', available: Math.max(0, Math.floor(bucket.available(now))), refillPerMinute: bucket.refillPerMinute, capacity: bucket.capacity,
      itemsPerCall: this.batchOf(operation), told: this.#told.has(operation), asOf: now,
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.#http.close(), this.#login.close()]);
  }

  #limiterOf(operation: SpOperation): RateLimiter<TokenBucket> {
    let limiter = this.#limiters.get(operation);
    if (!limiter) {
      const { ratePerSecond, burst } = quotas.operations[operation];
      limiter = new RateLimiter(new TokenBucket({ ratePerSecond, burst, startedAt: this.#options.clock.now() }), this.#options.clock);
      this.#limiters.set(operation, limiter);
    }
    return limiter;
  }

  #hearRate(call: HttpCall<unknown>, header: string | undefined): void {
    const rate = Number(header);
    if (header === undefined || !(rate > 0)) return;
    for (const [operation, limiter] of this.#limiters) {
      if (limiter !== call.limiter) continue;
      limiter.bucket.setRate(rate, this.#options.clock.now());
      this.#told.add(operation);
    }
  }

  async #signIn(signal?: AbortSignal) {
    const { clientId, clientSecret, refreshToken } = await this.#options.credentials();
    const { body } = await this.#login.send({
      operation: 'sign in', method: 'POST', path: '/auth/o2/token', effect: 'idempotent', anonymous: true, schema: tokenSchema, signal,
      form: { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: clientId, client_secret: clientSecret },
    });
    return body;
  }
}

/** Token endpoint errors (RFC 6749 section 5.2): the grant or client is not accepted. */
function judgeLogin(failed: FailedAnswer): VendorVerdict | undefined {
  const body = failed.json as { error?: unknown; error_description?: unknown } | undefined;
  if (typeof body?.error !== 'string') return undefined;
  const said = { code: body.error, message: typeof body.error_description === 'string' ? body.error_description : body.error };
  return ['invalid_grant', 'invalid_client', 'unauthorized_client'].includes(body.error) ? { ...said, kind: 'SessionLost' } : said;
}
