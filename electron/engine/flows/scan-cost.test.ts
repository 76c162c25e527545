import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { estimateLookups, type CatalogDeps } from '#engine/catalog/index.ts';
import { estimateScan } from '#engine/opportunities/index.ts';
import { addSource, startScan } from '#engine/sources/index.ts';
import { MINUTE_MS } from '#kernel/time.ts';
import { offerOf, openOfferDesk, type OfferDesk } from '#tests/support/offer-desk.ts';

let desk: OfferDesk;
let sourceId: string;
beforeEach(async () => {
  desk = await openOfferDesk();
  ({ id: sourceId } = await addSource(desk.scan.sources, { kind: 'woocommerce', name: 'Shop', baseUrl: 'https://shop.example', intervalMs: null }));
});
afterEach(() => desk.close());

const cost = () => estimateScan(desk.opportunities, sourceId);
async function scan() {
  await startScan(desk.scan.sources, sourceId);
  await desk.settle();
}

describe('the cost of a scan, told before it', () => {
  it('is that of 1,000 offers for a source that never ran, and spends nothing', async () => {
    expect(await cost()).toMatchObject({ basis: 'per-thousand', offers: { expected: 1_000, most: 1_000 }, vendors: [{ connector: 'keepa', unit: 'token', cost: { expected: 1_000, most: 1_000 }, available: 1_000, basis: 'vendor' }], requests: null });
    expect(desk.vendor.asked).toEqual([]);
    await expect(estimateScan(desk.opportunities, 'src_none')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('comes from what the last runs brought: what changes as a rule, and at most all there is', async () => {
    for (const n of [1, 2, 3, 4]) desk.vendor.know({ n, priceMinor: 4_000 });
    // two of four survive the first pass
    desk.shop.pages = [{ offers: [offerOf(1), offerOf(2), offerOf(3, { condition: 'used' }), offerOf(4, { condition: 'used' })] }];
    await scan();
    expect(await cost()).toMatchObject({ basis: 'last-runs', offers: { expected: 4, most: 4 }, lookups: { expected: 2, most: 4 }, requests: 1 });
    desk.runtime.clock.advanceTo(desk.runtime.clock.now() + MINUTE_MS);
    await scan();
    // nothing changed in the second run: that is the usual, the first run is not
    expect(await cost()).toMatchObject({ offers: { expected: 0, most: 4 }, lookups: { expected: 0, most: 4 }, durationMs: { expected: 0 } });
  });

  it('counts calls by what one takes, waits out what is not there, and says whose figure it is', async () => {
    const quota = { connector: 'amazon-sp-api', unit: 'call' as const, asOf: 1, capacity: 9, told: false };
    const catalog: CatalogDeps = {
      ...desk.catalog,
      operationQuotas: () => ({ prices: { ...quota, operation: 'getCompetitivePricing', available: 1, refillPerMinute: 30, itemsPerCall: 20 }, restrictions: { ...quota, operation: 'getListingsRestrictions', available: 9, refillPerMinute: 300, itemsPerCall: 1, told: true } }),
    };
    const { vendors, durationMs } = await estimateLookups(catalog, { lookups: { expected: 100, most: 200 }, promising: { expected: 45, most: 200 } });
    expect(vendors.slice(1)).toMatchObject([
      { operation: 'getCompetitivePricing', cost: { expected: 3, most: 10 }, durationMs: { expected: 4_000, most: 18_000 }, basis: 'file' },
      { operation: 'getListingsRestrictions', cost: { expected: 45, most: 200 }, durationMs: { expected: 7_200, most: 38_200 }, basis: 'vendor' },
    ]);
    expect(durationMs).toEqual({ expected: 11_200, most: 56_200 });
  });

  it('still tells the cost where the vendor cannot say what is left, and names who is not connected', async () => {
    desk.vendor.quota = () => Promise.reject(new Error('the site answered 503'));
    const { vendors, durationMs } = await cost();
    expect(vendors).toMatchObject([{ connector: 'keepa', cost: { most: 1_000 }, available: null, durationMs: null, basis: 'file', error: 'the site answered 503' }]);
    expect(durationMs).toBeNull();
    expect(await estimateLookups({ ...desk.catalog, marketData: null, currentPrices: null, restrictions: null }, { lookups: { expected: 1, most: 1 }, promising: { expected: 1, most: 1 } })).toMatchObject({ vendors: [], notConnected: ['keepa', 'amazon-sp-api'] });
  });
});
