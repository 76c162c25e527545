import { afterEach, describe, expect, it } from 'vitest';
import { silentLogger } from '#kernel/log.ts';
import { seededRandom } from '#kernel/random.ts';
import { DAY_MS, ManualClock } from '#kernel/time.ts';
import { VendorStub, type VendorAnswer, type VendorRequest } from '../../testing/serve-vendor.ts';
import { createEbayBrowse, type EbayBrowse } from './index.ts';

const NOW = Date.UTC(2026, 10, 21);
const clock = new ManualClock(NOW);
let vendor: VendorStub;
let browse: EbayBrowse;

const usd = (value: string) => ({ value, currency: 'USD' });
const summary = (n: number, more: object = {}) => ({
  itemId: `v1|${n}|0`, title: `Drill ${n}`, itemWebUrl: `https://www.ebay.com/itm/${n}`, price: usd('49.99'), conditionId: '1000', condition: 'New', buyingOptions: ['FIXED_PRICE'], seller: { username: 'toolbox', feedbackPercentage: '99.1' }, itemLocation: { country: 'US', postalCode: '941**' },
  shippingOptions: [{ shippingCostType: 'FIXED', shippingCost: usd('0.00') }], itemCreationDate: '2026-11-01T10:00:00.000Z', ...more,
});
async function connect(answer: (request: VendorRequest) => VendorAnswer | null, quota = false): Promise<EbayBrowse> {
  vendor = await new VendorStub((r) => (r.path.endsWith('/oauth2/token') ? { body: { access_token: 't', expires_in: 7_200, token_type: 'Application Access Token' } } : answer(r)), quota ? { clock, limit: { calls: 5_000, windowMs: DAY_MS }, counts: (p) => !p.endsWith('/token') } : undefined).start();
  browse = createEbayBrowse({ clock, random: seededRandom(1), log: silentLogger, baseUrl: vendor.url, credentials: async () => ({ clientId: 'id', clientSecret: 'secret-secret' }) });
  return browse;
}
afterEach(async () => {
  await browse.close();
  await vendor.close();
});
const searches = () => vendor.requests.filter((r) => r.path.endsWith('/search'));

describe('eBay Browse', () => {
  it('reads what is asked, as an application, and asks for twelve digits as a code', async () => {
    await connect(() => ({ body: { total: 1, itemSummaries: [summary(1)] } }));
    const answer = await browse.askingPrices({ code: { kind: 'gtin', value: '00012345678905' }, onlyNew: true, withoutAuctions: true });
    expect(answer).toEqual({
      total: 1, unreadable: [], at: clock.now(), items: [{ market: 'ebay-us', listingId: 'v1|1|0', url: 'https://www.ebay.com/itm/1', title: 'Drill 1', price: { minor: 4_999, currency: 'USD' }, shipping: { minor: 0, currency: 'USD' }, condition: 'new', sale: 'fixed', sellerName: 'toolbox', country: 'US', listedAt: Date.UTC(2026, 10, 1, 10) }],
    });
    expect(Object.fromEntries(searches()[0]!.query)).toEqual({ gtin: '012345678905', filter: 'conditionIds:{1000},buyingOptions:{FIXED_PRICE}', limit: '50', offset: '0' });
    expect(vendor.requests[0]?.body).toBe('grant_type=client_credentials&scope=https%3A%2F%2Fapi.ebay.com%2Foauth%2Fapi_scope');
    await browse.askingPrices({ code: { kind: 'gtin', value: '4006381333931' } });
    expect(searches()[1]!.query.get('q')).toBe('4006381333931');
  });
  it('pages as far as it is wanted, and no further than there is', async () => {
    await connect((r) => ({ body: { total: 450, ...(Number(r.query.get('offset')) < 400 ? { next: 'x' } : {}), itemSummaries: Array.from({ length: Math.min(Number(r.query.get('limit')), 450 - Number(r.query.get('offset'))) }, (_, i) => summary(Number(r.query.get('offset')) + i + 1)) } }));
    expect((await browse.askingPrices({ words: 'drill', most: 300 })).items).toHaveLength(300);
    expect((await browse.askingPrices({ words: 'drill', most: 2_000 })).items).toHaveLength(450);
    expect(searches().map((r) => `${r.query.get('limit')}@${r.query.get('offset')}`)).toEqual(['200@0', '100@200', '200@0', '200@200', '200@400']);
  });
  it('keeps what it cannot read, and tells an auction from a fixed price', async () => {
    await connect(() => ({ body: { total: 4, itemSummaries: [summary(1, { price: null, priceDisplayCondition: 'ON_GESTURE' }), { title: 'no id' }, summary(3, { price: usd('1.234') }), summary(4, { buyingOptions: ['AUCTION'], currentBidPrice: usd('12.00'), conditionId: '7000', shippingOptions: [{ shippingCostType: 'CALCULATED' }] })] } }));
    const { items, unreadable } = await browse.askingPrices({ words: 'drill' });
    expect(items).toMatchObject([{ listingId: 'v1|4|0', sale: 'auction', price: { minor: 1_200 }, condition: 'for-parts', shipping: undefined }]);
    expect(unreadable.map((u) => [u.where, u.reason])).toEqual([['v1|1|0', 'price: none is shown (ON_GESTURE)'], ['listing 2', expect.stringContaining('itemId')], ['v1|3|0', 'price: 1.234 USD is no amount']]);
  });
  it('reads what buyers say of a seller: the share with the score behind it, or neither', async () => {
    const sellers = [{ username: 'a', feedbackPercentage: '91.3', feedbackScore: 1_204 }, { username: 'b', feedbackPercentage: '99.1' }, { username: 'c', feedbackPercentage: 'n/a', feedbackScore: 4 }];
    await connect(() => ({ body: { total: 3, itemSummaries: sellers.map((seller, i) => summary(i + 1, { seller })) } }));
    expect((await browse.askingPrices({ words: 'drill' })).items.map((i) => i.sellerFeedback)).toEqual([{ positiveBp: 9_130, score: 1_204 }, undefined, undefined]);
  });
  it('reads one listing with what a search leaves out, and null for one that is gone', async () => {
    await connect((r) => (decodeURIComponent(r.path).endsWith('v1|1|0') ? { body: summary(1, { brand: 'Bosch', gtin: '3165140821858', mpn: 'GSR', estimatedAvailabilities: [{ estimatedAvailableQuantity: 4, estimatedSoldQuantity: 120 }] }) } : { status: 404, body: { errors: [{ errorId: 11_001, message: 'not found' }] } }));
    expect(await browse.listing('v1|1|0')).toMatchObject({ brand: 'Bosch', gtin: '3165140821858', available: 4, sold: 120 });
    expect(await browse.listing('v1|2|0')).toBeNull();
  });
  it('uses at least 95 % of 5,000 calls a day over days, and is never refused', async () => {
    await connect(() => ({ body: { total: 0, itemSummaries: [] } }), true);
    const from = clock.now();
    for (let i = 0; i < 6_500; i++) await browse.askingPrices({ words: 'drill' });
    expect(vendor.refused).toBe(0);
    expect(6_500 / (((clock.now() - from) / DAY_MS) * 5_000)).toBeGreaterThanOrEqual(0.95);
  });
});
