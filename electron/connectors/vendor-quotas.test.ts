import { afterAll, describe, expect, it } from 'vitest';
import { silentLogger } from '#kernel/log.ts';
import { seededRandom } from '#kernel/random.ts';
import { money } from '#kernel/money.ts';
import { DAY_MS, ManualClock, MINUTE_MS, SECOND_MS, type Instant } from '#kernel/time.ts';
import amazonQuotas from '../../resources/quotas/amazon-sp-api.json' with { type: 'json' };
import bookscouterQuotas from '../../resources/quotas/bookscouter.json' with { type: 'json' };
import etsyQuotas from '../../resources/quotas/etsy.json' with { type: 'json' };
import reverbQuotas from '../../resources/quotas/reverb.json' with { type: 'json' };
import tcgplayerQuotas from '../../resources/quotas/tcgplayer.json' with { type: 'json' };
import { createAmazonSpApi, SpClient } from './data/amazon-sp-api/index.ts';
import { createBookScouter } from './data/bookscouter/index.ts';
import { createEbayBrowse } from './data/ebay-browse/index.ts';
import { createKeepa } from './data/keepa/index.ts';
import { createReverb } from './data/reverb/index.ts';
import { createTcgplayer } from './data/tcgplayer/index.ts';
import { createAmazonSeller, type AmazonSeller } from './marketplaces/amazon/index.ts';
import { createEtsy } from './marketplaces/etsy/index.ts';
import { createEbay, createEbayApplication, type ToldLimit } from './marketplaces/ebay/index.ts';
import { VendorStub } from './testing/serve-vendor.ts';

/** The vendor's own count, in the test's time: units that it takes or refuses. */
interface Meter {
  /** Units taken so far. */
  readonly used: number;
  readonly refused: number;
  admit(units: number): boolean;
}

/** A bucket as Amazon documents it. */
function bucketMeter(clock: ManualClock, ratePerSecond: number, burst: number): Meter {
  let level = burst;
  let at: Instant = clock.now();
  const meter = {
    used: 0, refused: 0,
    admit(units: number) {
      level = Math.min(burst, level + ((clock.now() - at) * ratePerSecond) / SECOND_MS);
      at = clock.now();
      const taken = level >= units - 1e-9;
      if (taken) { level -= units; meter.used += units; } else meter.refused += 1;
      return taken;
    },
  };
  return meter;
}

/** So many in any window: the strictest reading of "so many a day". */
function windowMeter(clock: ManualClock, limit: number, windowMs: number): Meter {
  const taken: Instant[] = [];
  const meter = {
    used: 0, refused: 0,
    admit(units: number) {
      while (taken.length > 0 && taken[0]! <= clock.now() - windowMs) taken.shift();
      const fits = taken.length + units <= limit;
      if (fits) { for (let i = 0; i < units; i++) taken.push(clock.now()); meter.used += units; } else meter.refused += 1;
      return fits;
    },
  };
  return meter;
}

interface Case {
  readonly name: string;
  /** Units that the vendor gives per second. */
  readonly perSecond: number;
  readonly meter: (clock: ManualClock) => Meter;
  /** Calls before the measure begins, which use up what a rested account has saved. */
  readonly warm: number;
  readonly calls: number;
  /** Units of a request; 0: not counted (sign-in). */
  readonly costOf?: (path: string, query: URLSearchParams) => number;
  readonly body: (path: string, meter: Meter, clock: ManualClock) => unknown;
  readonly connect: (url: string, clock: ManualClock) => { readonly call: (n: number) => Promise<unknown>; readonly close: () => Promise<void> };
}

const tools = (clock: ManualClock) => ({ clock, random: seededRandom(1), log: silentLogger });
const LOGINS = new Set(['/auth/o2/token', '/identity/v1/oauth2/token', '/v3/public/oauth/token']);
const isLogin = (path: string) => LOGINS.has(path);
const ebayKeys = async () => ({ clientId: 'i', clientSecret: 's', refreshToken: 'r' });
const asin = (n: number) => `B0${String(n).padStart(8, '0')}`;
const question = (n: number) => ({ externalId: asin(n), price: money(1_000, 'USD'), shipping: money(0, 'USD'), fulfilledByMarket: true });
const feeResult = (id: string) => ({ Status: 'Success', FeesEstimateIdentifier: { IdValue: id }, FeesEstimate: { TimeOfFeesEstimation: '2026-11-21T00:00:00Z', TotalFeesEstimate: { CurrencyCode: 'USD', Amount: 1 }, FeeDetailList: [] } });

function amazon(operation: keyof typeof amazonQuotas.operations, body: Case['body'], call: (api: ReturnType<typeof createAmazonSpApi>, n: number) => Promise<unknown>): Case {
  const { ratePerSecond, burst } = amazonQuotas.operations[operation];
  return {
    name: `Amazon ${operation}`, perSecond: ratePerSecond, warm: burst + 5, calls: 150, body, meter: (clock) => bucketMeter(clock, ratePerSecond, burst), costOf: (path) => (isLogin(path) ? 0 : 1),
    connect: (url, clock) => {
      const api = createAmazonSpApi({ ...tools(clock), baseUrl: url, loginUrl: url, sellerId: 'A1', credentials: async () => ({ clientId: 'i', clientSecret: 's', refreshToken: 'r' }) });
      return { call: (n) => call(api, n), close: () => api.close() };
    },
  };
}

function selling(operation: keyof typeof amazonQuotas.operations, body: Case['body'], call: (seller: AmazonSeller, n: number) => Promise<unknown>): Case {
  const { ratePerSecond, burst } = amazonQuotas.operations[operation];
  return {
    name: `Amazon ${operation}`, perSecond: ratePerSecond, warm: burst + 5, calls: 150, body, meter: (clock) => bucketMeter(clock, ratePerSecond, burst), costOf: (path) => (isLogin(path) ? 0 : 1),
    connect: (url, clock) => {
      const client = new SpClient({ ...tools(clock), baseUrl: url, loginUrl: url, credentials: async () => ({ clientId: 'i', clientSecret: 's', refreshToken: 'r' }) });
      const seller = createAmazonSeller({ client, sellerId: async () => 'A1' });
      return { call: (n) => call(seller, n), close: () => client.close() };
    },
  };
}

/** As eBay told this account: fewer a day than usual, so that the test sees days. */
const DAILY = 400;
function ebay(api: ToldLimit['api'], body: Case['body'], open: (url: string, clock: ManualClock) => { readonly call: () => Promise<unknown>; readonly close: () => Promise<void>; readonly applyLimits: (told: readonly ToldLimit[]) => void }): Case {
  return {
    name: `eBay ${api}`, perSecond: (DAILY * SECOND_MS) / DAY_MS, warm: 20, calls: 520, body, meter: (clock) => windowMeter(clock, DAILY, DAY_MS), costOf: (path) => (path.endsWith('/token') ? 0 : 1),
    connect: (url, clock) => {
      const client = open(url, clock);
      client.applyLimits([{ api, limit: DAILY, windowSeconds: DAY_MS / SECOND_MS, remaining: DAILY }]);
      return client;
    },
  };
}

function paced(name: string, given: { perSecond: number; burst: number; windowMs?: number; body: Case['body']; connect: Case['connect'] }): Case {
  const { perSecond, burst, windowMs } = given;
  return {
    name, perSecond, warm: burst + 5, calls: 200, body: given.body, connect: given.connect, costOf: () => 1,
    meter: (clock) => (windowMs ? windowMeter(clock, Math.round((perSecond * windowMs) / SECOND_MS), windowMs) : bucketMeter(clock, perSecond, burst)),
  };
}

const KEEPA_REFILL = 20;
/** Tokens come in steps of a minute and lapse after an hour. */
function keepaMeter(clock: ManualClock): Meter & { left(): number } {
  let minute = Math.floor(clock.now() / MINUTE_MS);
  let tokens = KEEPA_REFILL * 60;
  const meter = {
    used: 0, refused: 0,
    left() {
      const now = Math.floor(clock.now() / MINUTE_MS);
      tokens = Math.min(KEEPA_REFILL * 60, tokens + (now - minute) * KEEPA_REFILL);
      minute = now;
      return tokens;
    },
    admit(units: number) {
      if (units > meter.left()) { meter.refused += 1; return false; }
      tokens -= units;
      meter.used += units;
      return true;
    },
  };
  return meter;
}

const CASES: readonly Case[] = [
  {
    name: 'Keepa tokens', perSecond: KEEPA_REFILL / 60, warm: 15, calls: 60, meter: keepaMeter, costOf: (path, query) => (path === '/product' ? (query.get('asin') ?? '').split(',').length : 0),
    body: (_path, meter, clock) => ({ timestamp: clock.now(), tokensLeft: (meter as ReturnType<typeof keepaMeter>).left(), refillIn: MINUTE_MS - (clock.now() % MINUTE_MS), refillRate: KEEPA_REFILL, products: [] }),
    connect: (url, clock) => {
      const keepa = createKeepa({ ...tools(clock), baseUrl: url, credentials: async () => ({ key: 'k' }) });
      return { call: (n) => keepa.lookup(Array.from({ length: 100 }, (_, i) => ({ kind: 'external', value: asin(n * 100 + i) }))), close: () => keepa.close() };
    },
  },
  amazon('searchCatalogItems', () => ({ numberOfResults: 0, items: [] }), (api, n) => api.identify([{ kind: 'external', value: asin(n) }])),
  amazon('getCompetitivePricing', () => ({ payload: [] }), (api, n) => api.currentPrices([asin(n)])),
  amazon('getMyFeesEstimates', () => [], (api, n) => api.estimateFees([question(n), question(n + 1)]).catch(() => null)),
  amazon('getMyFeesEstimateForASIN', (path) => ({ payload: { FeesEstimateResult: feeResult(path) } }), (api, n) => api.estimateFees([question(n)]).catch(() => null)),
  amazon('getListingsRestrictions', () => ({ restrictions: [] }), (api, n) => api.restriction(asin(n), 'new')),
  selling('getListingsItem', () => ({ sku: 'S' }), (seller) => seller.findOffer('S')),
  selling('listTransactions', () => ({ payload: { transactions: [] } }), async (seller) => {
    for await (const page of seller.transactions!({ modifiedFrom: 0 })) expect(page).toEqual([]);
  }),
  selling('getMessagingActionsForOrder', () => ({ _links: { actions: [] } }), (seller) => seller.messages.open('111-1')),
  selling('getOrder', () => ({ errors: [] }), (seller) => seller.order('111-1').catch(() => null)),
  ebay('buyBrowse', () => ({ total: 0, itemSummaries: [] }), (url, clock) => {
    const browse = createEbayBrowse({ ...tools(clock), baseUrl: url, credentials: ebayKeys });
    return { call: () => browse.askingPrices({ words: 'drill' }), close: () => browse.close(), applyLimits: (told) => browse.applyLimits(told) };
  }),
  ebay('commerceTaxonomy', () => ({ categoryTreeId: '0', categoryTreeVersion: '1' }), (url, clock) => {
    const application = createEbayApplication({ ...tools(clock), baseUrl: url, credentials: ebayKeys });
    return { call: () => application.tree(), close: () => application.close(), applyLimits: (told) => application.applyLimits(told) };
  }),
  ...(['sellInventory', 'sellAccount', 'sellFulfillment', 'sellFinances', 'developerAnalytics'] as const).map((api) => ebay(api, () => ({ offers: [], rateLimits: [], fulfillmentPolicies: [], paymentPolicies: [], returnPolicies: [], transactions: [], total: 0 }), (url, clock) => {
    const seller = createEbay({ ...tools(clock), baseUrl: url, credentials: ebayKeys });
    const transactions = async () => {
      for await (const page of seller.transactions!({ modifiedFrom: clock.now() - DAY_MS })) expect(page).toEqual([]);
    };
    const call = { sellAccount: () => seller.policies(), sellFinances: transactions, sellInventory: () => seller.findOffer('S-1'), sellFulfillment: () => seller.order('1-1').catch(() => null), developerAnalytics: () => seller.userRateLimits() }[api];
    return { call, close: () => seller.close(), applyLimits: (told: readonly ToldLimit[]) => seller.applyLimits(told) };
  })),
  {
    name: 'Etsy', perSecond: (etsyQuotas.callsPerDay * SECOND_MS) / DAY_MS, warm: 205, calls: 200, meter: (clock) => windowMeter(clock, etsyQuotas.callsPerDay, DAY_MS), costOf: (path) => (isLogin(path) ? 0 : 1),
    body: (path) => (path.endsWith('/me') ? { user_id: 1, shop_id: 1 } : path.endsWith('/shops/1') ? { shop_id: 1, currency_code: 'USD' } : { count: 0, results: [] }),
    connect: (url, clock) => {
      const etsy = createEtsy({ ...tools(clock), baseUrl: url, credentials: async () => ({ keystring: 'k', sharedSecret: 's', refreshToken: 'r' }), keepRefreshToken: async () => undefined, fetchPicture: async () => null });
      const call = async () => {
        for await (const page of etsy.orders({ modifiedFrom: clock.now() - DAY_MS })) expect(page.orders).toEqual([]);
      };
      return { call, close: () => etsy.close() };
    },
  },
  paced('TCGplayer', {
    perSecond: tcgplayerQuotas.ratePerSecond, burst: 1, windowMs: SECOND_MS, body: (path) => (path === '/token' ? { access_token: 't', expires_in: 1_209_599, token_type: 'bearer' } : { success: true, errors: [], results: [] }),
    connect: (url, clock) => {
      const tcg = createTcgplayer({ ...tools(clock), baseUrl: url, credentials: async () => ({ publicKey: 'p', privateKey: 'q' }) });
      return { call: (n) => tcg.referencePrices([String(n + 1)]), close: () => tcg.close() };
    },
  }),
  paced('BookScouter', {
    perSecond: bookscouterQuotas.ratePerSecond, burst: bookscouterQuotas.burst, body: () => ({ prices: [] }),
    connect: (url, clock) => {
      const books = createBookScouter({ ...tools(clock), baseUrl: url });
      return { call: () => books.buyback('9780307742483'), close: () => books.close() };
    },
  }),
  paced('Reverb', {
    perSecond: reverbQuotas.ratePerSecond, burst: reverbQuotas.burst, body: () => ({ total: 0, total_pages: 1, listings: [] }),
    connect: (url, clock) => {
      const reverb = createReverb({ ...tools(clock), baseUrl: url, credentials: async () => ({ token: 't' }) });
      return { call: () => reverb.askingPrices({ words: 'pedal' }), close: () => reverb.close() };
    },
  }),
];

const shares: string[] = [];
afterAll(() => void process.stdout.write(`share of each vendor's quota that is used in steady state\n${shares.map((line) => `  ${line}\n`).join('')}`));

describe('every vendor’s quota is nearly always full and never exceeded', () => {
  it.each(CASES)('$name', async ({ name, perSecond, meter: makeMeter, warm, calls, costOf, body, connect }) => {
    const clock = new ManualClock(Date.UTC(2026, 10, 21));
    const meter = makeMeter(clock);
    const vendor = await new VendorStub((request) => {
      const cost = costOf?.(request.path, request.query) ?? 1;
      if (isLogin(request.path)) return { body: { access_token: 't', expires_in: 900_000, token_type: 'bearer', refresh_token: 'r' } };
      if (cost > 0 && !meter.admit(cost)) return { status: 429, body: { errors: [] } };
      return { body: body(request.path, meter, clock) };
    }).start();
    const { call, close } = connect(vendor.url, clock);
    try {
      for (let n = 0; n < warm; n++) await call(n);
      const from = clock.now();
      const before = meter.used;
      for (let n = warm; n < warm + calls; n++) await call(n);
      const share = (meter.used - before) / (((clock.now() - from) / SECOND_MS) * perSecond);
      shares.push(`${name.padEnd(34)} ${(share * 100).toFixed(1)} %, ${meter.refused} refused of ${meter.used}`);
      expect(meter.refused).toBe(0);
      expect(share).toBeGreaterThanOrEqual(0.95);
      // More than all of it would be a measure that is wrong.
      expect(share).toBeLessThanOrEqual(1.02);
    } finally {
      await close();
      await vendor.close();
    }
  });
});
