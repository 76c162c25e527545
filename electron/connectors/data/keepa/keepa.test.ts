import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isConnectorError } from '#kernel/errors.ts';
import { silentLogger } from '#kernel/log.ts';
import { seededRandom } from '#kernel/random.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, ManualClock } from '#kernel/time.ts';
import { createKeepaVendor, PRACTICE_KEEPA_KEY } from '#practice/vendors/keepa/index.ts';
import type { VendorServer } from '#practice/vendors/host.ts';
import { createWorld, type Product, type World } from '#practice/world/index.ts';
import { BrokenSeries, decodeSeries } from './decode-series.ts';
import { createKeepa, instantOf, keepaMinutesOf, type Keepa } from './index.ts';
import { readProduct } from './read-product.ts';
import { productSchema } from './schema.ts';

const START = Date.UTC(2026, 10, 21);
let world: World;
let clock: ManualClock;
let vendor: VendorServer;
let keepa: Keepa;
const opened: { close(): Promise<void> }[] = [];

async function connect(refillRate = 250, key = PRACTICE_KEEPA_KEY): Promise<Keepa> {
  vendor = createKeepaVendor(world, { refillRate, gzip: true });
  const baseUrl = await vendor.start();
  const made = createKeepa({ clock, random: seededRandom(1), log: silentLogger, baseUrl, credentials: async () => ({ key }), historyDays: 120, limits: { timeoutMs: 3_000 } });
  opened.push(made, vendor);
  return made;
}

beforeAll(() => {
  clock = new ManualClock(START);
  world = createWorld({ seed: 11, clock, productCount: 1_500 });
});
afterAll(() => world.close());
beforeEach(async () => {
  keepa = await connect();
});
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

const ofKind = (kind: Product['kind']) => world.catalog.products.find((product) => product.kind === kind)!;

describe('Keepa time and series', () => {
  it('counts minutes from 2011', () => {
    expect(instantOf(411_180)).toBe(1_318_510_800_000);
    expect(keepaMinutesOf(1_318_510_800_000)).toBe(411_180);
  });
  it('reads pairs, with -1 as a gap', () => {
    expect(decodeSeries([411_180, 4_900, 411_190, -1], 0)).toEqual({ at: [1_318_510_800_000, 1_318_511_400_000], value: [4_900, null] });
  });
  it('reads triples as landed prices for the listed types alone', () => {
    expect(decodeSeries([1, 1_000, 399, 2, -1, -1], 18)!.value).toEqual([1_399, null]);
    expect(() => decodeSeries([1, 1_000, 399, 2], 7)).toThrow(BrokenSeries);
    expect(decodeSeries([1, 1_000, 399, 2], 10)!.value).toEqual([1_000, 2]);
  });
  it('keeps the later of two values at one time and refuses time that runs backwards', () => {
    expect(decodeSeries([5, 1, 5, 2], 0)).toMatchObject({ value: [2] });
    expect(() => decodeSeries([5, 1, 4, 2], 0)).toThrow('csv.0.2: time runs backwards');
    expect(() => decodeSeries([5, 1.5], 0)).toThrow('whole numbers');
  });
});

describe('lookup', () => {
  it('answers every code in order: found by GTIN, by ASIN, and unknown', async () => {
    const product = ofKind('ordinary');
    const answer = await keepa.lookup([{ kind: 'gtin', value: product.gtin!.padStart(14, '0') }, { kind: 'external', value: product.asin }, { kind: 'external', value: 'B0ZZZZZZZZ' }, { kind: 'gtin', value: '4006381333931' }]);
    expect(answer.matches.map((match) => match.items.map((item) => item.item.externalId))).toEqual([[product.asin], [product.asin], [], []]);
    expect(answer.unreadable).toEqual([]);
  });

  it('brings prices, ranks and demand as the market has them', async () => {
    const product = world.catalog.products.find((each) => each.kind === 'ordinary' && world.market.value(each.id, 'new', clock.now()) !== null && world.market.value(each.id, 'buyBox', clock.now()) !== null)!;
    const [match] = (await keepa.lookup([{ kind: 'external', value: product.asin }], { buyBox: true })).matches;
    const data = match!.items[0]!;
    const now = clock.now();
    const snapshot = world.market.snapshot(product.id, now);
    expect(data.histories.new!.value.at(-1)).toBe(snapshot.values.new);
    expect(data.histories.buyBox!.value.at(-1)).toBe(snapshot.values.buyBox);
    expect(data.histories.new!.currency).toBe('USD');
    expect(data.histories.salesRank!.value.at(-1)).toBe(snapshot.values.salesRank);
    expect(data.demand).toEqual({ monthlySold: snapshot.values.monthlySold ?? undefined, rankDrops30: snapshot.salesRankDrops30, rankDrops90: snapshot.salesRankDrops90, rankDrops180: snapshot.salesRankDrops180 });
    expect(data.item).toMatchObject({ kind: 'standard', title: product.title, brand: product.brand, packQuantity: product.packSize, packageMeasures: { weightGrams: product.weightG, lengthMm: product.lengthMm } });
    expect(data.histories.new!.at[0]).toBeGreaterThanOrEqual(now - 121 * DAY_MS);
    const fee = world.fees.amazon(product.id, { priceMinor: snapshot.values.new!, shippingMinor: 0, fba: true, at: now });
    expect(data.quotedFees.fulfilment!.minor).toBe(fee.filter((line) => line.kind.startsWith('f')).reduce((sum, line) => sum + line.minor, 0));
  });

  it('tells hidden prices and variation parents apart before anything else', async () => {
    const [map, parent] = (await keepa.lookup([{ kind: 'external', value: ofKind('map').asin }, { kind: 'external', value: ofKind('parent').asin }])).matches.map((match) => match.items[0]!);
    expect(map).toMatchObject({ newPriceHidden: true, item: { kind: 'price-hidden' } });
    expect(map!.histories.new).toBeUndefined();
    expect(parent!.item.kind).toBe('variation-parent');
  });

  it('leaves histories out when they are not wanted', async () => {
    const [match] = (await keepa.lookup([{ kind: 'external', value: ofKind('ordinary').asin }], { histories: false })).matches;
    expect(match!.items[0]!.histories.new).toBeUndefined();
    expect(match!.items[0]!.demand.rankDrops90).toBeGreaterThanOrEqual(0);
  });
});

describe('tokens', () => {
  it('shows the cost and time of a scan before it runs', async () => {
    keepa = await connect(20);
    expect(await keepa.estimate(1_000)).toMatchObject({ cost: 1_000, unit: 'token', calls: 10, durationMs: 0 });
    const estimate = await keepa.estimate(2_200, { buyBox: true });
    expect(estimate.cost).toBe(6_600);
    expect(estimate.durationMs).toBe(((6_600 - 1_200) / 20) * MINUTE_MS);
  });

  it('are never overspent and nearly all used: 95 % of the refill over hours, and no 429', async () => {
    keepa = await connect(20);
    const codes = Array.from({ length: 4_000 }, (_, i) => ({ kind: 'external', value: world.catalog.products[i % 1_500]!.asin.slice(0, 4) + String(i).padStart(6, '0') }) as const);
    const from = clock.now();
    await keepa.lookup(codes, { histories: false });
    const elapsed = clock.now() - from;
    expect(vendor.counts().byStatus['429']).toBeUndefined();
    expect(4_000 / (1_200 + (elapsed / MINUTE_MS) * 20)).toBeGreaterThanOrEqual(0.95);
    expect(elapsed).toBeLessThan(3 * HOUR_MS);
  });

  it('run out for another client too: then the wait is what Keepa says', async () => {
    keepa = await connect(20);
    await keepa.quota();
    // Someone else with the same key spends them all.
    const url = `${vendor.baseUrl}/product?key=${PRACTICE_KEEPA_KEY}&domain=1&history=0&asin=${Array.from({ length: 100 }, (_, i) => `B${String(i).padStart(9, '0')}`).join(',')}`;
    for (let i = 0; i < 12; i++) await (await fetch(url)).arrayBuffer();
    const from = clock.now();
    const answer = await keepa.lookup([{ kind: 'external', value: ofKind('ordinary').asin }]);
    expect(answer.matches[0]!.items).toHaveLength(1);
    expect(vendor.counts().byStatus['429']).toBe(1);
    expect(clock.now() - from).toBeLessThanOrEqual(2 * MINUTE_MS);
  });
});

describe('trouble', () => {
  it('reports an unpaid key as rejected, without showing it', async () => {
    keepa = await connect(20, 'stolen-key-123456');
    const error: unknown = await keepa.quota().catch((thrown: unknown) => thrown);
    expect(isConnectorError(error, 'Rejected')).toBe(true);
    expect(JSON.stringify(error)).not.toContain('stolen-key');
  });

  it('rides out faults of every kind', async () => {
    const asins = world.catalog.products.slice(0, 60).map((product) => ({ kind: 'external', value: product.asin }) as const);
    vendor.setFaults({ rate: 0.2, kinds: ['server-error', 'too-many-requests', 'cut-before', 'cut-after', 'slow-body', 'malformed-body'], slowBodyMs: 5 });
    for (let i = 0; i < 12; i++) expect((await keepa.lookup(asins.slice(i * 5, i * 5 + 5))).matches.every((match) => match.items.length === 1)).toBe(true);
    expect(Object.keys(vendor.counts().byFault).length).toBeGreaterThan(1);
  });

  it('keeps a product that it cannot read beside those that it can', () => {
    const good = productSchema.parse({ asin: 'B000000001', productType: 0, csv: [[1, 5]] });
    expect(readProduct(good, 'amazon-us', 'USD').histories.amazon!.value).toEqual([5]);
    expect(productSchema.safeParse({ asin: 'B000000001', csv: [] }).success).toBe(false);
    expect(() => readProduct(productSchema.parse({ asin: 'B000000001', productType: 0, csv: [[1]] }), 'amazon-us', 'USD')).toThrow(BrokenSeries);
  });
});
