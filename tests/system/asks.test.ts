import { call } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEbayBrowse } from '#connectors/data/ebay-browse/index.ts';
import { createReverb } from '#connectors/data/reverb/index.ts';
import { VendorStub } from '#connectors/testing/serve-vendor.ts';
import { createOpportunitiesProcedures, type Approvals, type AskedMarket, type OpportunitiesDeps } from '#engine/opportunities/index.ts';
import { createIdSource } from '#kernel/ids.ts';
import { silentLogger } from '#kernel/log.ts';
import { seededRandom } from '#kernel/random.ts';
import { ManualClock } from '#kernel/time.ts';
import { createTestDatabase, type TestDatabase } from '#runtime/template.ts';
import { createRuntime } from '#runtime/runtime.ts';
import { seedOpportunity } from '#tests/support/trade-desk.ts';

const NOW = Date.UTC(2026, 10, 21);
const clock = new ManualClock(NOW);
const common = { clock, random: seededRandom(1), log: silentLogger };
const FACTS = { externalId: '1', title: 'Bosch GSR Drill', brand: 'Bosch', gtin: '3165140821858', priceMinor: 4_000, shippingMinor: 0, salePriceMinor: 9_000, quantity: 1, weightG: 900 };
let db: TestDatabase;
let vendor: VendorStub;
let down = false;
let markets: AskedMarket[];
let closers: (() => Promise<void>)[];

const usd = (value: string) => ({ value, currency: 'USD' });
const listing = (n: number, price: string, shipping: string) => ({ itemId: `v1|${n}|0`, title: `Bosch drill ${n}`, itemWebUrl: `https://www.ebay.com/itm/${n}`, price: usd(price), conditionId: '1000', buyingOptions: ['FIXED_PRICE'], shippingOptions: [{ shippingCostType: 'FIXED', shippingCost: usd(shipping) }] });

beforeEach(async () => {
  db = await createTestDatabase();
  down = false;
  vendor = await new VendorStub((r) => {
    if (r.path.endsWith('/oauth2/token')) return { body: { access_token: 't', expires_in: 7_200, token_type: 'Application Access Token' } };
    if (r.path.startsWith('/api/')) return { status: 401, body: { message: 'The access token is invalid' } };
    return down ? { status: 500, body: {} } : { body: { total: 3, itemSummaries: [listing(1, '80.00', '0.00'), listing(2, '75.00', '9.00'), { title: 'no id' }] } };
  }).start();
  const browse = createEbayBrowse({ ...common, baseUrl: vendor.url, credentials: async () => ({ clientId: 'i', clientSecret: 's' }) });
  const reverb = createReverb({ ...common, baseUrl: vendor.url, credentials: async () => ({ token: 'reverb-token-1234' }) });
  markets = [{ port: browse, categories: null }, { port: reverb, categories: /music/i }];
  closers = [() => browse.close(), () => reverb.close(), () => vendor.close(), () => db.close()];
});
afterEach(async () => {
  for (const close of closers) await close();
});

function open() {
  const runtime = createRuntime({ db, clock, random: common.random, ids: createIdSource(clock, common.random), log: silentLogger, killSwitch: { isOn: async () => false, isOnNow: () => false } });
  const ctx = runtime.context;
  const deps: OpportunitiesDeps = { ctx, catalog: { ctx, categoryOf: () => null, marketData: null, currentPrices: null, restrictions: null }, feeCards: [], askedMarkets: markets };
  const approvals: Approvals = { approve: () => Promise.reject(new Error('not here')), summary: () => Promise.reject(new Error('not here')), trades: async () => [], preview: () => Promise.reject(new Error('not here')), purchaseOf: async () => null };
  return { ctx, os: createOpportunitiesProcedures(deps, approvals) };
}

describe('what is asked for the same thing', () => {
  it('comes from the markets that sell its category, by its code, cheapest first with shipping', async () => {
    const { ctx, os } = open();
    const { opportunityId } = await seedOpportunity(ctx, FACTS);
    const { markets: found } = await call(os.asks, { id: opportunityId });
    expect(found).toMatchObject([{ market: 'ebay-us', query: '3165140821858', byCode: true, total: 3, unread: 1, error: null, asks: [{ listingId: 'v1|1|0', price: { minor: 8_000 }, shipping: { minor: 0 } }, { listingId: 'v1|2|0', price: { minor: 7_500 }, shipping: { minor: 900 } }] }]);
    expect(vendor.requests.some((r) => r.path.startsWith('/api/'))).toBe(false);
  });
  it('of one market is not lost when another fails, and no key is shown', async () => {
    const { ctx, os } = open();
    const { opportunityId } = await seedOpportunity(ctx, FACTS);
    await db.prisma.product.updateMany({ data: { category: 'Musical Instruments', gtin: null, title: 'Stratocaster', brand: 'Fender' } });
    const { markets: found } = await call(os.asks, { id: opportunityId });
    expect(found.map((m) => [m.market, m.query, m.byCode, m.asks.length, m.error !== null])).toEqual([['ebay-us', 'Fender Stratocaster', false, 2, false], ['reverb', 'Fender Stratocaster', false, 0, true]]);
    expect(JSON.stringify(found)).not.toContain('reverb-token-1234');
    down = true;
    expect((await call(os.asks, { id: opportunityId })).markets[0]).toMatchObject({ asks: [], total: null });
  });
  it('of an opportunity that does not exist is not found', async () => {
    await expect(call(open().os.asks, { id: 'opp_nothing' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
