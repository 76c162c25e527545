import { ConnectorError } from '#kernel/errors.ts';
import quotas from '../../../../resources/quotas/woocommerce-shop.json' with { type: 'json' };
import { HttpClient, RateLimiter, TokenBucket, type ConnectorOptions, type FailedAnswer, type HttpAnswer, type HttpCall, type VendorVerdict } from '../../http/index.ts';
import { currencySchema, errorSchema } from './schema.ts';

export const CONNECTOR = 'woocommerce';

/** A REST key with read and write rights (WooCommerce → Settings → Advanced → REST API), and where the shop answers. */
export interface OwnShopAccount {
  /** `https://shop.example`, with WordPress's folder where it has one. */
  readonly address: string;
  readonly consumerKey: string;
  readonly consumerSecret: string;
  /** A user of WordPress who may upload files, with an application password: pictures are WordPress's own, and no REST key of WooCommerce opens it. */
  readonly wordpress?: { readonly user: string; readonly applicationPassword: string } | undefined;
}

export interface OwnShopOptions extends ConnectorOptions {
  readonly account: () => Promise<OwnShopAccount>;
}

/** What a person can do about the refusals that a shop gives most. */
const PLAIN: Readonly<Record<string, string>> = {
  woocommerce_rest_cannot_view: 'the shop does not let this key read: make a key with Read/Write rights and enter it in the settings',
  woocommerce_rest_cannot_create: 'the shop does not let this key write: make a key with Read/Write rights and enter it in the settings',
  woocommerce_rest_cannot_edit: 'the shop does not let this key write: make a key with Read/Write rights and enter it in the settings',
  woocommerce_rest_authentication_error: 'the shop does not know this key: enter its consumer key and secret in the settings',
  rest_cannot_create: 'this WordPress user may not upload files: choose one who is an author at least',
  incorrect_password: 'WordPress does not take this application password: make a new one under Users → Profile',
  invalid_username: 'WordPress knows no such user',
  rest_no_route: 'no WooCommerce answers at this address: check the address, and that WordPress permalinks are not “plain”',
  woocommerce_product_image_upload_error: 'the shop could not fetch a picture of the product: check that its address opens without a login',
  product_invalid_sku: 'another product of the shop has this SKU',
  woocommerce_rest_invalid_order_refund: 'the shop would not give that much back: look at the order’s earlier refunds',
};
/** Said with status 500 where the payment method would not give money back: the shop has taken its refund out again, and only a person can see what the provider did. */
const REFUND_REFUSED = 'woocommerce_rest_cannot_create_order_refund';
const KEY_REFUSED: ReadonlySet<string> = new Set(['woocommerce_rest_cannot_view', 'woocommerce_rest_cannot_create', 'woocommerce_rest_cannot_edit', 'woocommerce_rest_authentication_error']);

export function judge(failed: FailedAnswer): VendorVerdict | undefined {
  const body = errorSchema.safeParse(failed.json);
  if (!body.success) return failed.status === 404 ? { message: PLAIN['rest_no_route'] } : undefined;
  const { code, message } = body.data;
  if (code === REFUND_REFUSED) return { kind: 'Rejected', code, message: `the payment method would not give the money back (${message.replace(/<[^>]*>/g, '').slice(0, 200)}): look at the payment provider before you try again` };
  const said = { code, message: PLAIN[code] ?? message.replace(/<[^>]*>/g, '').slice(0, 300) };
  return failed.status === 401 || KEY_REFUSED.has(code) ? { ...said, kind: 'SessionLost' } : said;
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

const refuse = (message: string) => new ConnectorError({ kind: 'Rejected', connector: CONNECTOR, operation: 'open shop', message });

/** @throws ConnectorError Rejected for what is no address, or one that would carry the keys unencrypted. */
export function shopAddress(text: string): URL {
  const typed = text.trim();
  const full = /^[a-z]+:\/\//i.test(typed) ? typed : `https://${typed}`;
  const url = URL.canParse(full) ? new URL(full) : null;
  if (!url || typed === '') throw refuse('the shop’s address is not one: write it as https://shop.example');
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.has(url.hostname))) throw refuse('the shop’s address must begin with https: its keys would travel unencrypted');
  return url;
}

interface Session {
  readonly http: HttpClient;
  readonly account: OwnShopAccount;
  currency: string | null;
}

/** The REST interface of the user's own WooCommerce shop (wc/v3). The keys go as Basic authorisation, which WooCommerce takes over https alone. */
export class ShopClient {
  readonly options: OwnShopOptions;
  readonly #limiter: RateLimiter<TokenBucket>;
  #session: Promise<Session> | null = null;
  #address = '';

  constructor(options: OwnShopOptions) {
    this.options = options;
    this.#limiter = new RateLimiter(new TokenBucket({ ratePerSecond: quotas.ratePerSecond, burst: quotas.burst, startedAt: options.clock.now() }), options.clock);
  }

  /** Where the shop answers; empty before the first call. */
  get address(): string {
    return this.#address;
  }

  async send<T>(call: Omit<HttpCall<T>, 'limiter'>): Promise<HttpAnswer<T>> {
    const { http } = await this.#open();
    return http.send({ ...call, path: `/wp-json/wc/v3${call.path}`, limiter: this.#limiter });
  }

  /** Whether pictures can be sent: the account names a user of WordPress. */
  async mayPlacePictures(): Promise<boolean> {
    return (await this.#open()).account.wordpress !== undefined;
  }

  /** WordPress's own REST interface, as the user who may upload. @throws ConnectorError SessionLost where the account names none */
  async sendToWordPress<T>(call: Omit<HttpCall<T>, 'limiter'>): Promise<HttpAnswer<T>> {
    const { http, account: { wordpress } } = await this.#open();
    if (!wordpress) throw new ConnectorError({ kind: 'SessionLost', connector: CONNECTOR, operation: call.operation, message: 'enter a WordPress user and an application password in the settings: pictures are sent to WordPress itself' });
    const authorization = `Basic ${Buffer.from(`${wordpress.user}:${wordpress.applicationPassword}`).toString('base64')}`;
    return http.send({ ...call, path: `/wp-json/wp/v2${call.path}`, headers: { ...call.headers, authorization }, limiter: this.#limiter });
  }

  /** Null where the shop answers 404. */
  async sendOrNull<T>(call: Omit<HttpCall<T>, 'limiter'>): Promise<T | null> {
    const { http } = await this.#open();
    return (await http.sendAccepting([404], { ...call, path: `/wp-json/wc/v3${call.path}`, limiter: this.#limiter })).body;
  }

  /** The shop's own currency, asked once: prices carry none, and one in another currency would sell for a wrong sum. */
  async currency(signal?: AbortSignal): Promise<string> {
    const session = await this.#open();
    if (session.currency === null) session.currency = (await this.send({ operation: 'read currency', method: 'GET', path: '/data/currencies/current', effect: 'read', schema: currencySchema, signal })).body.code;
    return session.currency;
  }

  /** To be called when the account has changed. */
  async forget(): Promise<void> {
    const before = this.#session;
    this.#session = null;
    await before?.then(({ http }) => http.close(), () => undefined);
  }

  close(): Promise<void> {
    return this.forget();
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
    const url = shopAddress(account.address);
    this.#address = url.href.replace(/\/+$/, '');
    const authorization = `Basic ${Buffer.from(`${account.consumerKey}:${account.consumerSecret}`).toString('base64')}`;
    return { account, currency: null, http: new HttpClient({ ...this.options, connector: CONNECTOR, baseUrl: this.#address, judge, authorize: () => Promise.resolve({ authorization }) }) };
  }
}
