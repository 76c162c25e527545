import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ConnectorError } from '#kernel/errors.ts';
import { SECOND_MS } from '#kernel/time.ts';
import quotas from '../../../../resources/quotas/shopify.json' with { type: 'json' };
import { AccessToken, HttpClient, RateLimiter, TokenBucket, type ConnectorOptions, type Effect, type FailedAnswer, type VendorVerdict } from '../../http/index.ts';
import { DOCUMENTS, type Document } from './documents.ts';
import { answerOf, shopSchema, tokenAnswerSchema, type Cost, type UserErrors } from './schema.ts';

export const CONNECTOR = 'shopify';

/** Either an access token, or the client id and secret of an app of the shop's own, which are exchanged for one. */
export interface ShopifyAccount {
  /** `example.myshopify.com`. */
  readonly address: string;
  readonly accessToken?: string | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
}

export interface ShopifyOptions extends ConnectorOptions {
  readonly account: () => Promise<ShopifyAccount>;
}

/** What one query of the shop tells, asked once for each session. */
export interface ShopFacts {
  readonly currency: string;
  /** Where buyers find it. */
  readonly url: string;
  /** The place that online orders are sent from; null where there is none. */
  readonly locationId: string | null;
  /** Sales channels (Online Store, …) that the app may publish on. */
  readonly publicationIds: readonly string[];
  readonly scopes: readonly string[];
}

interface Session {
  readonly http: HttpClient;
  readonly close: () => Promise<unknown>;
  shop: Promise<ShopFacts> | null;
}

export interface Ask<T> {
  readonly variables: Readonly<Record<string, unknown>>;
  readonly effect: Effect;
  readonly schema: z.ZodType<T>;
  readonly signal?: AbortSignal | undefined;
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);
const MOST_WAITS = 8;

export const rejected = (operation: string, message: string, code?: string) => new ConnectorError({ kind: 'Rejected', connector: CONNECTOR, operation, message, ...(code ? { code } : {}) });

/** `example`, `example.myshopify.com` or a whole address. @throws ConnectorError Rejected for what is none, or one that would carry the token unencrypted */
export function shopAddress(text: string): string {
  const typed = text.trim().replace(/\/+$/, '');
  const named = /^[a-z0-9][a-z0-9-]*$/i.test(typed) ? `${typed}.myshopify.com` : typed;
  const full = /^[a-z]+:\/\//i.test(named) ? named : `https://${named}`;
  if (typed === '' || !URL.canParse(full)) throw rejected('open shop', 'the shop’s address is not one: write it as example.myshopify.com');
  const url = new URL(full);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.has(url.hostname))) throw rejected('open shop', 'the shop’s address must begin with https: its token would travel unencrypted');
  return url.origin;
}

export function judge(failed: FailedAnswer): VendorVerdict | undefined {
  if (failed.status === 401) return { kind: 'SessionLost', message: 'the shop does not know this token: make one for this shop and enter it in the settings' };
  if (failed.status === 402) return { message: 'the shop is frozen: Shopify waits for its owner to pay' };
  if (failed.status === 403) return { message: 'the shop is locked, or the app is not installed in it' };
  return failed.status === 404 ? { message: 'no Shopify shop answers at this address: write it as example.myshopify.com' } : undefined;
}

function judgeLogin(failed: FailedAnswer): VendorVerdict | undefined {
  return failed.status >= 400 && failed.status < 500 && failed.status !== 429 ? { kind: 'SessionLost', message: 'the shop does not take this client id and secret: the app must belong to the shop’s own organisation and be installed in the shop' } : undefined;
}

/** The vendor's words with the field that they are about. */
export function refuseUserErrors(operation: string, errors: UserErrors): void {
  const [first] = errors;
  if (first) throw rejected(operation, first.field && first.field.length > 0 ? `${first.field.join('.')}: ${first.message}` : first.message, first.code ?? undefined);
}

/** Shopify's GraphQL Admin interface: the shop's cost points, its errors inside successful answers, and the session. */
export class ShopifyClient {
  readonly options: ShopifyOptions;
  readonly #limiter: RateLimiter<TokenBucket>;
  /** What each document was said to cost. */
  readonly #costs = new Map<string, number>();
  #session: Promise<Session> | null = null;
  #url = '';

  constructor(options: ShopifyOptions) {
    this.options = options;
    this.#limiter = new RateLimiter(new TokenBucket({ ratePerSecond: quotas.pointsPerSecond, burst: quotas.bucket, startedAt: options.clock.now() }), options.clock);
  }

  /** Where buyers find the shop; empty before it was asked. */
  get url(): string {
    return this.#url;
  }

  /** Points that may be spent now. */
  get available(): number {
    return this.#limiter.bucket.available(this.options.clock.now());
  }

  /** @throws ConnectorError */
  async ask<T>(document: Document, given: Ask<T>): Promise<T> {
    const { http } = await this.#open();
    const { bucket } = this.#limiter;
    for (let waits = 0; ; waits++) {
      const reserved = Math.min(this.#costs.get(document.text) ?? document.cost, bucket.capacity);
      await this.#limiter.acquire(reserved, given.signal);
      const { body } = await http.send({
        operation: document.operation, method: 'POST', path: `/admin/api/${quotas.apiVersion}/graphql.json`, json: { query: document.text, variables: given.variables }, effect: given.effect, schema: answerOf(given.schema), signal: given.signal,
      });
      this.#settle(document, reserved, body.extensions?.cost ?? null);
      if ('data' in body && !('errors' in body)) return body.data as T;
      const error = this.#failure(document, given.effect, body as { errors: readonly { message: string; extensions?: { code?: string | null | undefined; requiredAccess?: string | null | undefined } | null | undefined }[] }, body.extensions?.cost ?? null);
      // Throttled is said before anything is done, so that also what must happen once may be sent again.
      if (error.kind !== 'Throttled' || waits >= MOST_WAITS) throw error;
      this.#limiter.block(error.detail.retryAfterMs ?? SECOND_MS);
    }
  }

  /** The shop's own facts. */
  async shop(signal?: AbortSignal): Promise<ShopFacts> {
    const session = await this.#open();
    const asking = (session.shop ??= this.#readShop(signal));
    asking.catch(() => {
      if (session.shop === asking) session.shop = null;
    });
    return asking;
  }

  /** A form to the place that the shop named for an upload, which is a host of its own and takes no token. */
  async upload(target: string, form: { readonly type: string; readonly body: Uint8Array }, signal?: AbortSignal): Promise<void> {
    const url = URL.canParse(target) ? new URL(target) : null;
    if (!url || (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.has(url.hostname)))) throw rejected('send picture', 'the shop named no place for an upload that begins with https:');
    const http = new HttpClient({ ...this.options, connector: CONNECTOR, baseUrl: url.origin });
    try {
      await http.send({ operation: 'send picture', method: 'POST', path: `${url.pathname}${url.search}`, effect: 'idempotent', anonymous: true, schema: z.unknown(), body: 'none', bytes: form, signal });
    } finally {
      await http.close();
    }
  }

  /** A key that no other call has; the same call sent again by the transport carries the same. */
  freshKey(): string {
    return keyOf(`${this.options.clock.now()}:${this.options.random.next()}:${this.options.random.next()}`);
  }

  async forget(): Promise<void> {
    const before = this.#session;
    this.#session = null;
    await before?.then(({ close }) => close(), () => undefined);
  }

  /** The bucket is the shop's: what was held back too much is given back, and what the shop says counts. */
  #settle(document: Document, reserved: number, cost: Cost | null): void {
    const { bucket } = this.#limiter;
    const now = this.options.clock.now();
    if (!cost) return;
    if (cost.requestedQueryCost) this.#costs.set(document.text, cost.requestedQueryCost);
    if (cost.actualQueryCost !== null && cost.actualQueryCost !== undefined) bucket.spend(Math.min(0, cost.actualQueryCost - reserved), now);
    if (cost.throttleStatus) bucket.setQuota({ ratePerSecond: cost.throttleStatus.restoreRate, burst: cost.throttleStatus.maximumAvailable, remaining: cost.throttleStatus.currentlyAvailable }, now);
  }

  #failure(document: Document, effect: Effect, { errors }: { readonly errors: readonly { message: string; extensions?: { code?: string | null | undefined; requiredAccess?: string | null | undefined } | null | undefined }[] }, cost: Cost | null): ConnectorError {
    const first = errors[0]!;
    const code = first.extensions?.code ?? '';
    const told = (kind: ConnectorError['kind'], message: string, more: { readonly retryAfterMs?: number } = {}) => new ConnectorError({ kind, connector: CONNECTOR, operation: document.operation, message: message.slice(0, 500), ...(code ? { code } : {}), ...more });
    if (code === 'THROTTLED') {
      const status = cost?.throttleStatus;
      const missing = Math.max(1, (cost?.requestedQueryCost ?? document.cost) - (status?.currentlyAvailable ?? 0));
      return told('Throttled', 'the shop asks to slow down', { retryAfterMs: Math.ceil((missing / Math.max(1, status?.restoreRate ?? quotas.pointsPerSecond)) * SECOND_MS) });
    }
    if (code === 'ACCESS_DENIED') return told('SessionLost', `the app may not do this: give it the access that is missing${first.extensions?.requiredAccess ? ` (${first.extensions.requiredAccess})` : ''}`);
    if (code === 'SHOP_INACTIVE') return told('Rejected', 'the shop is not active');
    if (code === 'INTERNAL_SERVER_ERROR') return told(effect === 'once' ? 'OutcomeUnknown' : 'Retryable', 'the shop failed inside');
    return told(code === 'MAX_COST_EXCEEDED' ? 'Critical' : 'Rejected', first.message);
  }

  async #readShop(signal?: AbortSignal): Promise<ShopFacts> {
    const { shop, locations, publications, currentAppInstallation } = await this.ask(DOCUMENTS.shop, { variables: {}, effect: 'read', schema: shopSchema, signal });
    this.#url = shop.url.replace(/\/+$/, '');
    return {
      currency: shop.currencyCode, url: this.#url, locationId: locations.nodes.find((place) => place.isActive && place.fulfillsOnlineOrders)?.id ?? null, publicationIds: publications.nodes.map(({ id }) => id),
      scopes: currentAppInstallation.accessScopes.map(({ handle }) => handle),
    };
  }

  #open(): Promise<Session> {
    const opening = (this.#session ??= this.#begin());
    opening.catch(() => {
      if (this.#session === opening) this.#session = null;
    });
    return opening;
  }

  async #begin(): Promise<Session> {
    const account = await this.options.account();
    const baseUrl = shopAddress(account.address);
    const base = { ...this.options, connector: CONNECTOR, baseUrl };
    if (account.accessToken) {
      const headers = { 'x-shopify-access-token': account.accessToken };
      const http = new HttpClient({ ...base, judge, authorize: () => Promise.resolve(headers) });
      return { shop: null, http, close: () => http.close() };
    }
    const { clientId, clientSecret } = account;
    if (!clientId || !clientSecret) throw new ConnectorError({ kind: 'SessionLost', connector: CONNECTOR, operation: 'sign in', message: 'enter an access token, or the client id and secret of the shop’s own app' });
    const login = new HttpClient({ ...base, judge: judgeLogin });
    const token = new AccessToken(async (signal) => (await login.send({
      operation: 'sign in', method: 'POST', path: '/admin/oauth/access_token', effect: 'idempotent', anonymous: true, form: { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }, schema: tokenAnswerSchema, signal,
    })).body, this.options.clock);
    const http = new HttpClient({ ...base, judge, authorize: async (signal) => ({ 'x-shopify-access-token': await token.get(signal) }), forgetSession: () => token.forget() });
    return { shop: null, http, close: () => Promise.all([http.close(), login.close()]) };
  }
}

/** A key of the form of a UUID that stands for the text: the same text, the same key. */
export function keyOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
