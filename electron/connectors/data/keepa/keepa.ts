import type { CallOptions, CodeMatches, LookupAnswer, MarketData, MarketDataOptions, MarketDataPort, MarketId, ProductCode, QuotaEstimate, QuotaStatus, UnreadableItem } from '#engine/catalog/ports.ts';
import type { Instant } from '#kernel/time.ts';
import quotas from '../../../../resources/quotas/keepa.json' with { type: 'json' };
import { excerptOf, faultsOf, HttpClient, RateLimiter, SteppedBucket, type ConnectorOptions, type FailedAnswer, type VendorVerdict } from '../../http/index.ts';
import { DOMAINS, PRODUCT_TYPE } from './csv-types.ts';
import { BrokenSeries } from './decode-series.ts';
import { readProduct } from './read-product.ts';
import { productAnswerSchema, productSchema, refusalSchema, tokenStatusSchema, type TokenStatus } from './schema.ts';

export interface KeepaOptions extends ConnectorOptions {
  /** `https://api.keepa.com`, or a practice vendor's address. */
  readonly baseUrl: string;
  readonly credentials: () => Promise<{ readonly key: string }>;
  /** `amazon-us` unless told. @see DOMAINS */
  readonly market?: MarketId | undefined;
  /** Days that statistics cover; 90 unless told. */
  readonly statsDays?: number | undefined;
  /** How far back histories reach; all that Keepa has unless told. Fewer days make far smaller answers. */
  readonly historyDays?: number | undefined;
}

export interface Keepa extends MarketDataPort {
  close(): Promise<void>;
}

/** Until Keepa has told the account's rate, the smallest plan is taken for granted. */
const UNKNOWN_ACCOUNT = { tokensLeft: 0, refillInMs: 0, refillPerMinute: 1 };

function judge(failed: FailedAnswer): VendorVerdict | undefined {
  const body = refusalSchema.safeParse(failed.json);
  const error = body.success ? body.data.error : undefined;
  const said = { code: error?.type ?? undefined, message: error?.message ?? undefined };
  if (failed.status === 429) return { ...said, kind: 'Throttled', message: 'out of tokens', retryAfterMs: (body.success ? body.data.refillIn : undefined) ?? undefined };
  if (failed.status === 402) return { ...said, kind: 'Rejected', code: said.code ?? 'PAYMENT_REQUIRED', message: said.message ?? 'the access key is not paid for' };
  return said;
}

/** GTINs compare as numbers: leading zeros carry nothing. */
const bareCode = (code: string) => code.replace(/^0+/, '');

interface Answer { readonly products: readonly unknown[]; readonly at: Instant }

const chunk = <T>(values: readonly T[], size: number): T[][] => Array.from({ length: Math.ceil(values.length / size) }, (_, i) => values.slice(i * size, (i + 1) * size));

class KeepaConnector implements Keepa {
  readonly connector = 'keepa';
  readonly market: MarketId;
  readonly historyDays: number | undefined;
  readonly #options: KeepaOptions;
  readonly #site: { readonly domain: number; readonly currency: string };
  readonly #http: HttpClient;
  readonly #tokens: RateLimiter<SteppedBucket>;
  #told = false;

  constructor(options: KeepaOptions) {
    this.#options = options;
    this.market = options.market ?? 'amazon-us';
    this.historyDays = options.historyDays;
    const site = DOMAINS[this.market];
    if (!site) throw new RangeError(`Keepa does not cover ${this.market}`);
    this.#site = site;
    this.#tokens = new RateLimiter(new SteppedBucket(UNKNOWN_ACCOUNT, options.clock.now()), options.clock);
    this.#http = new HttpClient({
      ...options, connector: this.connector, secretQuery: options.credentials,
      judge: (failed) => {
        // A refusal tells the token count too.
        const status = tokenStatusSchema.safeParse(failed.json);
        if (status.success) this.#hear(status.data);
        return judge(failed);
      },
    });
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  async quota(options: CallOptions = {}): Promise<QuotaStatus> {
    const { body } = await this.#http.send({ operation: 'read token count', method: 'GET', path: '/token', effect: 'read', schema: tokenStatusSchema, signal: options.signal });
    this.#hear(body);
    const { bucket } = this.#tokens;
    const now = this.#options.clock.now();
    return { unit: 'token', available: Math.max(0, bucket.available(now)), refillPerMinute: bucket.refillPerMinute, capacity: bucket.capacity, asOf: now };
  }

  async estimate(codeCount: number, options: MarketDataOptions = {}): Promise<QuotaEstimate> {
    if (!this.#told) await this.quota(options);
    const cost = codeCount * this.#costOfOne(options);
    const calls = Math.ceil(codeCount / quotas.codesPerCall);
    const now = this.#options.clock.now();
    const { bucket } = this.#tokens;
    const missing = Math.max(0, cost - bucket.available(now));
    return { cost, unit: 'token', calls, durationMs: missing === 0 ? 0 : Math.ceil((missing / bucket.refillPerMinute) * 60_000) };
  }

  async lookup(codes: readonly ProductCode[], options: MarketDataOptions = {}): Promise<LookupAnswer<MarketData>> {
    if (!this.#told) await this.quota(options);
    const found: MarketData[] = [];
    const unreadable: UnreadableItem[] = [];
    const asins = [...new Set(codes.filter((code) => code.kind !== 'gtin').map((code) => code.value))];
    const gtins = [...new Set(codes.filter((code) => code.kind === 'gtin').map((code) => code.value))];
    let at: Instant = this.#options.clock.now();
    const batches = ([['asin', asins], ['code', gtins]] as const).flatMap(([name, values]) => chunk(values, this.#batchSize(options)).map((batch) => ({ name, batch })));
    // the next call is on its way while the answer before it is read
    let next = batches[0] ? this.#fetch(batches[0].name, batches[0].batch, options) : null;
    for (let i = 1; next; i++) {
      const answer: Answer = await next;
      const following = batches[i];
      next = following ? this.#fetch(following.name, following.batch, options) : null;
      next?.catch(() => {}); // it is thrown where it is waited for
      at = answer.at;
      for (const [place, raw] of answer.products.entries()) this.#take(raw, place, { options, found, unreadable });
    }
    return { matches: this.#match(codes, found), unreadable, at };
  }

  #costOfOne(options: MarketDataOptions): number {
    return quotas.cost.product + (options.buyBox ? quotas.cost.buyBox : 0);
  }

  /** No call may cost more than the account can ever hold. */
  #batchSize(options: MarketDataOptions): number {
    return Math.max(1, Math.min(quotas.codesPerCall, Math.floor(this.#tokens.bucket.capacity / this.#costOfOne(options))));
  }

  async #fetch(name: 'asin' | 'code', batch: readonly string[], options: MarketDataOptions): Promise<Answer> {
    const cost = batch.length * this.#costOfOne(options);
    await this.#tokens.acquire(cost, options.signal);
    let settled = false;
    try {
      const { body } = await this.#http.send({
        operation: 'look up products', method: 'GET', path: '/product', effect: 'read', schema: productAnswerSchema, signal: options.signal,
        query: { domain: this.#site.domain, [name]: batch, stats: this.#options.statsDays ?? 90, history: options.histories === false ? 0 : 1, days: options.historyDays ?? this.historyDays, ...(options.buyBox ? { buybox: 1 } : {}) },
      });
      this.#tokens.bucket.settle(cost);
      settled = true;
      this.#hear(body);
      return { products: body.products ?? [], at: this.#options.clock.now() };
    } finally {
      if (!settled) this.#tokens.bucket.settle(cost);
    }
  }

  #take(raw: unknown, place: number, into: { options: MarketDataOptions; found: MarketData[]; unreadable: UnreadableItem[] }): void {
    if (raw === null) return;
    const parsed = productSchema.safeParse(raw);
    const where = parsed.success ? parsed.data.asin : `product ${place + 1}`;
    if (!parsed.success) {
      into.unreadable.push({ where, reason: faultsOf(parsed.error), excerpt: excerptOf(raw) });
      return;
    }
    if (parsed.data.productType === PRODUCT_TYPE.standard && into.options.histories !== false && !parsed.data.csv) {
      into.unreadable.push({ where, reason: 'csv: histories were asked for and are missing', excerpt: excerptOf(raw) });
      return;
    }
    try {
      into.found.push(readProduct(parsed.data, this.market, this.#site.currency));
    } catch (error) {
      if (!(error instanceof BrokenSeries)) throw error;
      into.unreadable.push({ where, reason: error.message, excerpt: excerptOf({ ...parsed.data, csv: '[histories]' }) });
    }
  }

  #match(codes: readonly ProductCode[], found: readonly MarketData[]): CodeMatches<MarketData>[] {
    const byAsin = new Map(found.map((data) => [data.item.externalId, data]));
    const byCode = new Map<string, Map<string, MarketData>>();
    for (const data of byAsin.values()) {
      for (const code of data.item.codes) {
        const bare = bareCode(code.value);
        const same = byCode.get(bare) ?? new Map<string, MarketData>();
        byCode.set(bare, same.set(data.item.externalId, data));
      }
    }
    return codes.map((code) => {
      if (code.kind === 'gtin') return { code, items: [...(byCode.get(bareCode(code.value))?.values() ?? [])] };
      const data = byAsin.get(code.value);
      return { code, items: data && data.item.kind !== 'unavailable' ? [data] : [] };
    });
  }

  #hear(status: TokenStatus): void {
    this.#told = true;
    this.#tokens.bucket.read({ tokensLeft: status.tokensLeft, refillInMs: Math.max(0, status.refillIn), refillPerMinute: Math.max(1, status.refillRate) }, this.#options.clock.now());
  }
}

/** Market data on Amazon's sites from Keepa. */
export function createKeepa(options: KeepaOptions): Keepa {
  return new KeepaConnector(options);
}
