import { afterEach, describe, expect, it } from 'vitest';
import { silentLogger } from '#kernel/log.ts';
import { seededRandom } from '#kernel/random.ts';
import { DAY_MS, ManualClock } from '#kernel/time.ts';
import { VendorStub, type VendorAnswer, type VendorRequest } from '../../testing/serve-vendor.ts';
import { createEbayInsights, type EbayInsights } from './index.ts';

const clock = new ManualClock(Date.UTC(2026, 10, 21));
const TOKEN = { access_token: 't', expires_in: 7_200, token_type: 'Application Access Token' };
const CODE = { kind: 'gtin', value: '012345678905' } as const;
let vendor: VendorStub;
let insights: EbayInsights;

async function connect(answer: (request: VendorRequest) => VendorAnswer | null): Promise<void> {
  vendor = await new VendorStub(answer).start();
  insights = createEbayInsights({ clock, random: seededRandom(1), log: silentLogger, baseUrl: vendor.url, credentials: async () => ({ clientId: 'id', clientSecret: 'secret-secret' }) });
}
afterEach(async () => {
  await insights.close();
  await vendor.close();
});
const isSignIn = ({ path }: VendorRequest) => path.endsWith('/oauth2/token');

describe('eBay Marketplace Insights', () => {
  it('counts what all listings of a code sold, under a scope of its own', async () => {
    await connect((r) => (isSignIn(r) ? { body: TOKEN } : { body: { total: 2, itemSales: [{ itemId: 'v1|1|0', totalSoldQuantity: 7 }, { itemId: 'v1|2|0' }] } }));
    expect(await insights.sold(CODE)).toEqual({ units: 8, days: 90, at: clock.now() });
    const asked = vendor.requests.find((r) => !isSignIn(r))!;
    expect([asked.path, Object.fromEntries(asked.query)]).toEqual(['/buy/marketplace_insights/v1_beta/item_sales/search', { gtin: '012345678905', filter: 'conditionIds:{1000}', limit: '200', offset: '0' }]);
    expect(vendor.requests.find(isSignIn)!.body).toContain('buy.marketplace.insights');
    expect(await insights.sold({ kind: 'external', value: 'B000000001' })).toBeNull();
  });

  it('scales to the listings that eBay names beyond the page, and reads none as none', async () => {
    let total = 400;
    await connect((r) => (isSignIn(r) ? { body: TOKEN } : { body: total > 0 ? { total, itemSales: Array.from({ length: 200 }, () => ({ totalSoldQuantity: 3 })) } : { total } }));
    expect(await insights.sold(CODE)).toMatchObject({ units: 1_200 });
    total = 0;
    expect(await insights.sold(CODE)).toMatchObject({ units: 0 });
  });

  it.each([
    ['names no such scope at the sign-in', (r: VendorRequest) => (isSignIn(r) ? { status: 400, body: { error: 'invalid_scope', error_description: 'The requested scope is invalid' } } : null)],
    ['forbids the call', (r: VendorRequest) => (isSignIn(r) ? { body: TOKEN } : { status: 403, body: { errors: [{ errorId: 1100, message: 'Insufficient permissions to fulfill the request.' }] } })],
  ])('says nothing where eBay %s, and asks again after a day', async (_how, answer) => {
    await connect(answer);
    expect(await insights.sold(CODE)).toBeNull();
    const asked = vendor.requests.length;
    expect(await insights.sold(CODE)).toBeNull();
    expect(vendor.requests.length).toBe(asked);
    clock.advanceTo(clock.now() + DAY_MS);
    expect(await insights.sold(CODE)).toBeNull();
    expect(vendor.requests.length).toBeGreaterThan(asked);
  });
});
