import path from 'node:path';
import type { CatalogDeps, MarketDataPort } from '#engine/catalog/index.ts';
import type { CurrentPricePort, MarketData, ProductCode, RestrictionPort, Series } from '#engine/catalog/ports.ts';
import { registerScanning, type ScanDeps } from '#engine/flows/scan.ts';
import type { OpportunitiesDeps } from '#engine/opportunities/index.ts';
import { readFeeCards } from '#engine/pricing/index.ts';
import type { OpenSource, RawOffer, RawReject, ScanOptions, ScanPage, SitePolicy, SourceAdapter } from '#engine/sources/index.ts';
import { gtinCheckDigit, toGtin14 } from '#kernel/identifiers.ts';
import { money } from '#kernel/money.ts';
import { seededRandom } from '#kernel/random.ts';
import { err, ok } from '#kernel/result.ts';
import { DAY_MS, type Clock, type Instant } from '#kernel/time.ts';
import { createTestRuntime, type TestRuntime, type TestRuntimeOptions } from '#runtime/testing.ts';

/** A valid GTIN-13 for each number. */
export function gtinOf(n: number): string {
  const data = `40${String(n).padStart(10, '0')}`;
  return `${data}${gtinCheckDigit(data)}`;
}
export const gtin14Of = (n: number): string => toGtin14(gtinOf(n));
export const asinOf = (n: number): string => `B0${String(n).padStart(8, '0')}`;
export const titleOf = (n: number): string => `Northgate kettle K${n}`;

/** A sound new offer of product `n` at $12. */
export function offerOf(n: number, over: Partial<RawOffer> = {}): RawOffer {
  return {
    externalId: `item-${n}`, url: `https://shop.example/p/${n}`, title: titleOf(n), brand: 'Northgate', identifiers: [{ hint: 'gtin', text: gtinOf(n) }], price: money(1_200, 'USD'),
    shipping: money(0, 'USD'), stock: { available: true, quantity: 20 }, condition: 'new', imageUrls: [], categoryPath: ['Kitchen'], seenAt: 0, extractedBy: {}, defaultExtractor: 'api', ...over,
  };
}

export const OPEN_POLICY: SitePolicy = { scan: 'allowed', buy: 'human', contactSeller: 'human', storePayload: 'allowed', source: 'https://shop.example/terms', asOf: '2026-11-01' };

export interface ScriptedPage {
  readonly offers?: readonly RawOffer[];
  readonly rejects?: readonly RawReject[];
  readonly unchanged?: readonly string[];
  /** Thrown in the place of this page, once. */
  error?: unknown;
  /** Called before the page is given. */
  readonly before?: ((signal: AbortSignal) => Promise<void> | void) | undefined;
}

/** A site whose pages a test sets. Its cursor is the number of pages given; it remembers from where each pass began and which pages it gave. */
export class ScriptedShop implements SourceAdapter {
  readonly kind: string;
  policy: SitePolicy = OPEN_POLICY;
  pages: ScriptedPage[] = [];
  readonly begun: (string | undefined)[] = [];
  readonly given: number[] = [];
  closed = 0;
  readonly #clock: Clock;

  constructor(clock: Clock, kind = 'woocommerce') {
    this.#clock = clock;
    this.kind = kind;
  }

  open(config: unknown): ReturnType<SourceAdapter['open']> {
    const { baseUrl } = config as { baseUrl?: string };
    if (baseUrl?.includes('invalid')) return err([{ field: 'baseUrl', reason: 'must be the address of the shop' }]);
    const source: OpenSource = { kind: this.kind, label: 'Scripted', origin: 'https://shop.example', policy: this.policy, scan: (options) => this.#scan(options), close: async () => void (this.closed += 1) };
    return ok(source);
  }

  async *#scan(options: ScanOptions): AsyncIterable<ScanPage> {
    this.begun.push(options.cursor);
    const from = options.cursor === undefined || Number(options.cursor) >= this.pages.length ? 0 : Number(options.cursor);
    for (let i = from; i < this.pages.length; i++) {
      const page = this.pages[i]!;
      await page.before?.(options.signal);
      options.signal.throwIfAborted();
      if (page.error !== undefined) {
        const { error } = page;
        delete page.error;
        throw error;
      }
      this.given.push(i);
      yield {
        offers: (page.offers ?? []).map((o) => ({ ...o, seenAt: this.#clock.now() })), rejects: page.rejects ?? [], cursor: String(i + 1), complete: i === this.pages.length - 1, requests: 1,
        ...(page.unchanged ? { unchanged: page.unchanged } : {}),
      };
    }
  }
}

/** One price level over 120 days with a little noise, in minor units of USD. */
export function priceHistory(now: Instant, minor: number): Series {
  const random = seededRandom(`price ${minor}`);
  const at = Array.from({ length: 120 }, (_, i) => Math.floor((now - (120 - i) * DAY_MS) / 60_000) * 60_000);
  return { at, value: at.map(() => Math.round(minor * Math.exp(0.02 * random.normal()))) };
}

export interface VendorProduct {
  readonly n: number;
  readonly priceMinor: number;
  readonly over?: Partial<MarketData['item']>;
  readonly newPriceHidden?: boolean;
}

/** A data vendor that knows the products that a test gives it, and counts what it is asked. */
export class ScriptedVendor implements MarketDataPort {
  readonly connector = 'keepa';
  readonly market = 'amazon-us';
  readonly asked: string[][] = [];
  readonly products = new Map<string, VendorProduct[]>();
  /** Thrown at the next lookup, once. */
  failure: unknown = null;
  refreshedAt: Instant | undefined = undefined;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  know(product: VendorProduct): void {
    for (const code of [gtinOf(product.n), asinOf(product.n)]) this.products.set(code, [product]);
  }

  dataOf({ n, priceMinor, over, newPriceHidden = false }: VendorProduct): MarketData {
    const history = priceHistory(0, priceMinor);
    const base = Math.floor(this.#clock.now() / DAY_MS) * DAY_MS;
    const series = { at: history.at.map((at) => at + base), value: history.value };
    return {
      item: {
        market: this.market, externalId: asinOf(n), kind: 'standard', title: titleOf(n), brand: 'Northgate', codes: [{ kind: 'gtin', value: gtinOf(n) }], categoryPath: ['Home & Kitchen', 'Kettles'],
        packQuantity: 1, packageMeasures: { lengthMm: 200, widthMm: 150, heightMm: 100, weightGrams: 400 }, hazards: [], ...over,
      },
      currency: 'USD', histories: { new: { currency: 'USD', ...series }, ebayNew: { currency: 'USD', ...series } }, demand: { monthlySold: 600 }, quotedFees: {}, newPriceHidden,
      ...(this.refreshedAt === undefined ? {} : { refreshedAt: this.refreshedAt }),
    };
  }

  estimate = (codeCount: number) => Promise.resolve({ cost: codeCount, unit: 'tokens', calls: 1, durationMs: 0 });
  quota = () => Promise.resolve({ unit: 'tokens', available: 1_000, refillPerMinute: 20, capacity: 1_000, asOf: this.#clock.now() });
  lookup(codes: readonly ProductCode[], _options?: Parameters<MarketDataPort['lookup']>[1]): ReturnType<MarketDataPort['lookup']> {
    this.asked.push(codes.map((c) => c.value));
    if (this.failure !== null) {
      const { failure } = this;
      this.failure = null;
      return Promise.reject(failure as Error);
    }
    return Promise.resolve({ matches: codes.map((code) => ({ code, items: (this.products.get(code.value) ?? []).map((p) => this.dataOf(p)) })), unreadable: [], at: this.#clock.now() });
  }
}

export interface OfferDesk {
  readonly runtime: TestRuntime;
  readonly shop: ScriptedShop;
  readonly vendor: ScriptedVendor;
  /** ASINs that the restriction port and the price port were asked about. */
  readonly restrictionsAsked: string[];
  readonly pricesAsked: string[];
  readonly catalog: CatalogDeps;
  readonly opportunities: OpportunitiesDeps;
  readonly scan: ScanDeps;
  /** Works until nothing is due now. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** Scanning and judging over a real database; the shop and the data vendor are the test's own. */
export async function openOfferDesk(options: TestRuntimeOptions = {}): Promise<OfferDesk> {
  const runtime = await createTestRuntime(options);
  const { context: ctx } = runtime;
  const { clock } = ctx;
  const shop = new ScriptedShop(clock);
  const vendor = new ScriptedVendor(clock);
  const restrictionsAsked: string[] = [];
  const pricesAsked: string[] = [];
  const restrictions: RestrictionPort = {
    connector: 'amazon-sp-api', market: 'amazon-us',
    restriction: (externalId, condition) => {
      restrictionsAsked.push(externalId);
      return Promise.resolve({ externalId, condition, allowed: true, reasons: [], at: clock.now() });
    },
  };
  const currentPrices: CurrentPricePort = {
    connector: 'amazon-sp-api', market: 'amazon-us',
    currentPrices: (ids) => {
      pricesAsked.push(...ids);
      return Promise.resolve({ items: [], missing: [...ids], unreadable: [], at: clock.now() });
    },
  };
  const catalog: CatalogDeps = { ctx, marketData: vendor, currentPrices, restrictions, categoryOf: () => null };
  const opportunities: OpportunitiesDeps = { ctx, catalog, feeCards: readFeeCards(path.resolve(import.meta.dirname, '../../resources/fee-cards')) };
  const scan: ScanDeps = { ctx, sources: { ctx, adapters: new Map([[shop.kind, shop]]) }, opportunities };
  registerScanning(scan);
  return {
    runtime, shop, vendor, restrictionsAsked, pricesAsked, catalog, opportunities, scan,
    settle: async () => void (await ctx.jobs.runDue()),
    close: () => runtime.close(),
  };
}
