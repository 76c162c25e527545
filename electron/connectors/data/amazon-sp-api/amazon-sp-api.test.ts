import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isConnectorError } from '#kernel/errors.ts';
import { silentLogger } from '#kernel/log.ts';
import { money } from '#kernel/money.ts';
import { seededRandom } from '#kernel/random.ts';
import { HOUR_MS, ManualClock, SECOND_MS } from '#kernel/time.ts';
import { createAmazonVendor, PRACTICE_AMAZON, PRACTICE_SELLER_ID } from '#practice/vendors/amazon/index.ts';
import type { VendorServer } from '#practice/vendors/host.ts';
import { createWorld, type Product, type World } from '#practice/world/index.ts';
import { createAmazonSpApi, type AmazonSpApi } from './index.ts';
import { readMeasures } from './read-measures.ts';

const START = Date.UTC(2026, 10, 21);
let world: World;
let clock: ManualClock;
let vendor: VendorServer;
let amazon: AmazonSpApi;
let sellable: readonly Product[];

const connect = (credentials: { clientId: string; clientSecret: string; refreshToken: string } = PRACTICE_AMAZON) =>
  createAmazonSpApi({ clock, random: seededRandom(1), log: silentLogger, baseUrl: vendor.baseUrl, loginUrl: vendor.baseUrl, credentials: async () => credentials, sellerId: PRACTICE_SELLER_ID, limits: { timeoutMs: 3_000 } });

beforeAll(() => {
  clock = new ManualClock(START);
  world = createWorld({ seed: 11, clock, productCount: 1_500 });
  sellable = world.catalog.products.filter((product) => product.kind === 'ordinary');
});
afterAll(() => world.close());
beforeEach(async () => {
  vendor = createAmazonVendor(world);
  await vendor.start();
  amazon = connect();
});
afterEach(async () => {
  await amazon.close();
  await vendor.close();
});

describe('identify', () => {
  it('finds products by GTIN-12, GTIN-13, padded GTIN-14, ISBN-10 and ASIN, and says which codes are unknown', async () => {
    const upc = sellable.find((product) => product.gtin!.length === 12)!;
    const book = sellable.find((product) => product.isbn10 !== null)!;
    const answer = await amazon.identify([
      { kind: 'gtin', value: upc.gtin! }, { kind: 'gtin', value: `0${upc.gtin!}` }, { kind: 'gtin', value: `00${upc.gtin!}` }, { kind: 'gtin', value: book.gtin! },
      { kind: 'isbn10', value: book.isbn10! }, { kind: 'external', value: upc.asin }, { kind: 'gtin', value: '4006381333931' },
    ]);
    expect(answer.matches.map((match) => match.items.map((item) => item.externalId))).toEqual([[upc.asin], [upc.asin], [upc.asin], [book.asin], [book.asin], [upc.asin], []]);
  });

  it('reads measures, rank, hazards and variation parents', async () => {
    const parent = world.catalog.products.find((product) => product.kind === 'parent')!;
    const child = world.catalog.childrenOf(parent.asin)[0]!;
    const hazmat = sellable.find((product) => product.hazmat)!;
    const items = (await amazon.identify([parent, child, hazmat].map((product) => ({ kind: 'external', value: product.asin })))).matches.map((match) => match.items[0]!);
    expect(items[0]!.kind).toBe('variation-parent');
    expect(items[1]!.parentExternalId).toBe(parent.asin);
    expect(items[2]!.hazards).toEqual(['ghs']);
    const { packageMeasures, salesRank } = items[1]!;
    expect(Math.abs(packageMeasures!.weightGrams! - child.weightG)).toBeLessThanOrEqual(1);
    expect(Math.abs(packageMeasures!.lengthMm! - child.lengthMm)).toBeLessThanOrEqual(1);
    expect(salesRank).toBe(world.market.value(child.id, 'salesRank', clock.now()) ?? undefined);
  });

  it('leaves out a measure in a unit that it does not know', () => {
    expect(readMeasures({ length: { unit: 'cubits', value: 2 }, weight: { unit: 'pounds', value: 2 } })).toEqual({ lengthMm: undefined, widthMm: undefined, heightMm: undefined, weightGrams: 907 });
  });
});

describe('prices, fees and restrictions', () => {
  it('reads the buy box with shipping, and names what is missing', async () => {
    const product = sellable.find((each) => world.market.offers(each.id, clock.now()).some((offer) => offer.isBuyBox && offer.condition === 'new'))!;
    const { items, missing } = await amazon.currentPrices([product.asin, 'B0ZZZZZZZZ']);
    const offers = world.market.offers(product.id, clock.now());
    const box = offers.find((offer) => offer.isBuyBox && offer.condition === 'new')!;
    expect(items[0]).toMatchObject({ externalId: product.asin, buyBoxNew: money(box.priceMinor + box.shippingMinor, 'USD'), offersNew: offers.filter((offer) => offer.condition === 'new').length, ours: false });
    expect(missing).toEqual(['B0ZZZZZZZZ']);
  });

  it('estimates fees as the market will charge them, one answer a question, in order', async () => {
    const questions = sellable.slice(0, 43).map((product, i) => ({ externalId: product.asin, price: money(999 + i * 700, 'USD'), shipping: money(i % 2 === 0 ? 0 : 499, 'USD'), fulfilledByMarket: i % 3 === 0 }));
    const answers = await amazon.estimateFees([...questions, { ...questions[0]!, externalId: 'B0ZZZZZZZZ' }]);
    for (const [i, answer] of answers.slice(0, 43).entries()) {
      const { price, shipping, fulfilledByMarket } = questions[i]!;
      const truth = world.fees.amazon(sellable[i]!.id, { priceMinor: price.minor, shippingMinor: shipping.minor, fba: fulfilledByMarket, at: answer.at });
      expect(answer.total!.minor).toBe(truth.reduce((sum, line) => sum + line.minor, 0));
      expect(answer.lines.reduce((sum, line) => sum + line.amount.minor, 0)).toBe(answer.total!.minor);
    }
    expect(answers[43]).toMatchObject({ lines: [], refusal: { code: 'InvalidParameterValue' } });
    expect((await amazon.estimateFees([questions[0]!]))[0]!.total).toEqual(answers[0]!.total);
  });

  it('says whether a product may be listed, and why not', async () => {
    const of = (restriction: Product['restriction']) => amazon.restriction(world.catalog.products.find((product) => product.restriction === restriction)!.asin, 'new');
    expect(await of('none')).toMatchObject({ allowed: true, reasons: [] });
    expect(await of('approval-required')).toMatchObject({ allowed: false, reasons: [{ code: 'approval-required', link: expect.stringContaining('sellercentral') as string }] });
    expect(await of('not-eligible')).toMatchObject({ allowed: false, reasons: [{ code: 'not-eligible' }] });
    expect(await amazon.restriction('B0ZZZZZZZZ', 'new')).toMatchObject({ allowed: false, reasons: [{ code: 'product-not-found' }] });
    expect((await amazon.restriction(sellable[0]!.asin, 'for-parts')).allowed).toBe(false);
  });
});

const unknown = (count: number) => Array.from({ length: count }, (_, i) => `B${String(i).padStart(9, '0')}`);

describe('quota', () => {
  // One after another: a clock that jumps would let calls sent together arrive at one instant.
  const kinds: readonly { readonly what: string; readonly rate: number; readonly calls: number; readonly run: (calls: number) => Promise<unknown> }[] = [
    { what: 'catalogue', rate: 2, calls: 200, run: (calls) => amazon.identify(unknown(calls * 20).map((value) => ({ kind: 'external', value }))) },
    { what: 'prices', rate: 0.5, calls: 200, run: (calls) => amazon.currentPrices(unknown(calls * 20)) },
    { what: 'fees', rate: 0.5, calls: 100, run: (calls) => amazon.estimateFees(unknown(calls * 20).map((externalId) => ({ externalId, price: money(999, 'USD'), shipping: money(0, 'USD'), fulfilledByMarket: true }))) },
    {
      what: 'restrictions', rate: 5, calls: 400,
      run: async (calls) => {
        for (const asin of unknown(calls)) await amazon.restriction(asin, 'new');
      },
    },
  ];
  it.each(kinds)('of the $what is used to 95 % at least, without one refusal', async ({ rate, calls, run }) => {
    const from = clock.now();
    await run(calls);
    expect(vendor.counts().byStatus['429']).toBeUndefined();
    expect(calls / (((clock.now() - from) / SECOND_MS) * rate)).toBeGreaterThanOrEqual(0.95);
  });
});

describe('sign-in', () => {
  it('is done once and again when the token ends', async () => {
    await amazon.restriction('B000000000', 'new');
    await amazon.restriction('B000000000', 'new');
    expect(vendor.counts().byRoute['token']).toBe(1);
    clock.advanceTo(clock.now() + HOUR_MS);
    await amazon.restriction('B000000000', 'new');
    expect(vendor.counts().byRoute['token']).toBe(2);
  });

  it('is renewed when Amazon forgets the token', async () => {
    await amazon.restriction('B000000000', 'new');
    const { port } = new URL(vendor.baseUrl);
    await vendor.close();
    vendor = createAmazonVendor(world, { port: Number(port) });
    await vendor.start();
    expect((await amazon.restriction('B000000000', 'new')).allowed).toBe(false);
    expect(vendor.counts().byStatus).toMatchObject({ '403': 1, '200': 2 });
  });

  it('fails as a lost session with wrong credentials', async () => {
    const wrong = connect({ ...PRACTICE_AMAZON, refreshToken: 'Atzr|someone-else' });
    const error: unknown = await wrong.restriction('B000000000', 'new').catch((thrown: unknown) => thrown);
    expect(isConnectorError(error, 'SessionLost')).toBe(true);
    expect(JSON.stringify(error)).not.toContain(PRACTICE_AMAZON.clientSecret);
    await wrong.close();
  });

  it('rides out faults of every kind', async () => {
    vendor.setFaults({ rate: 0.2, kinds: ['server-error', 'too-many-requests', 'cut-before', 'cut-after', 'slow-body', 'malformed-body'], slowBodyMs: 5 });
    for (let i = 0; i < 40; i++) expect((await amazon.restriction('B000000000', 'new')).allowed).toBe(false);
    expect(Object.keys(vendor.counts().byFault).length).toBeGreaterThan(2);
  });
});
