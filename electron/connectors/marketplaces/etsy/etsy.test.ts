import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OfferTerms } from '#engine/listings/ports.ts';
import { isConnectorError } from '#kernel/errors.ts';
import { silentLogger } from '#kernel/log.ts';
import { money } from '#kernel/money.ts';
import { seededRandom } from '#kernel/random.ts';
import { ManualClock, MINUTE_MS } from '#kernel/time.ts';
import { createEtsyVendor, PRACTICE_ETSY, type EtsyVendor } from '#practice/vendors/etsy/index.ts';
import { createWorld, type Product, type World } from '#practice/world/index.ts';
import { createEtsy, type Etsy } from './index.ts';
import { readReceipt } from './read-receipt.ts';
import { receiptSchema } from './schema.ts';
import { fromEtsySku, toEtsySku } from './short-sku.ts';
import { plainTitle } from './taxonomy.ts';

/** The head of a JPEG of 640 × 480 pixels, which is what a vendor looks at. */
const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xc0, 0x00, 0x0b, 0x08, 0x01, 0xe0, 0x02, 0x80, 0x01, 0x01, 0x11, 0x00]);
const START = Date.UTC(2026, 10, 21);
let world: World;
let clock: ManualClock;
let vendor: EtsyVendor;
let etsy: Etsy;
let product: Product;

beforeEach(async () => {
  clock = new ManualClock(START);
  world = createWorld({ seed: 11, clock, productCount: 1_000 });
  vendor = createEtsyVendor(world);
  await vendor.start();
  etsy = createEtsy({
    clock, random: seededRandom(1), log: silentLogger, baseUrl: vendor.baseUrl, credentials: async () => PRACTICE_ETSY, keepRefreshToken: async () => undefined, fetchPicture: async () => ({ bytes: JPEG, type: 'image/jpeg' }), limits: { timeoutMs: 150 },
  });
  product = world.catalog.products.find((entry) => entry.category === 'jewelry' && entry.kind === 'ordinary')!;
});
afterEach(async () => {
  await etsy.close();
  await vendor.close();
  world.close();
});

async function insist<T>(run: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await run();
    } catch (error) {
      if (tries >= 12 || !isConnectorError(error, 'Retryable', 'OutcomeUnknown', 'Throttled')) throw error;
      clock.advanceTo(clock.now() + MINUTE_MS);
    }
  }
}

async function terms(): Promise<OfferTerms> {
  const policies = await etsy.policies();
  const { suggestions } = await etsy.taxonomy.suggest('', product.title);
  return {
    price: money(2_500, 'USD'), quantity: 3, categoryId: suggestions[0]!.id, policies: { fulfilment: policies.fulfilment[0]!.id, payment: policies.payment[0]!.id, returns: policies.returns[0]!.id }, locationKey: '',
    content: { title: product.title, description: product.title, condition: 'new', aspects: { 'Who made it': ['I did'], 'When it was made': ['Made to order'], 'What it is': ['A finished product'] }, imageUrls: ['https://example.com/1.jpg', 'https://example.com/2.jpg', 'https://example.com/3.jpg'], gtins: [] },
  };
}

it('makes one draft, publishes, revises and ends it once whatever fails on the way', async () => {
  const given = await terms();
  vendor.setFaults({ rate: 0.35, kinds: ['server-error', 'too-many-requests', 'cut-before', 'cut-after', 'timeout'], hangMs: 200 });
  const { offerId } = await insist(() => etsy.ensureOffer('S-1', given));
  await insist(() => etsy.publishOffer(offerId));
  expect(world.document('etsy', `listing/${offerId}`)).toMatchObject({ pictures: [expect.any(Number), expect.any(Number), expect.any(Number)] });
  await insist(() => etsy.reviseOffer('S-1', offerId, { price: money(2_600, 'USD'), quantity: 2 }));
  expect(world.listings('etsy')).toMatchObject([{ sku: 'S-1', status: 'active', priceMinor: 2_600, quantity: 2 }]);
  await insist(() => etsy.endOffer(offerId));
  vendor.setFaults({ rate: 0 });
  const shown = () => (world.document('etsy', `listing/${offerId}`) as { pictures: number[] }).pictures;
  const before = shown();
  const words = { ...given.content!, quantity: 2, imageUrls: ['https://example.com/a.jpg', 'https://example.com/b.jpg'] };
  await etsy.putContent('S-1', words);
  expect(shown()).toEqual(before);
  // new pictures take the place of the old ones, and there are fewer of them
  await insist(() => etsy.putContent('S-1', { ...words, picturesChanged: true }));
  expect(shown()).toHaveLength(2);
  expect(shown().filter((id) => before.includes(id))).toEqual([]);
  expect(world.listings('etsy')).toMatchObject([{ status: 'ended' }]);
  expect(vendor.effects()).toMatchObject({ draftsCreated: 1, listingsActivated: 1, listingsPaused: 1 });
  expect(await etsy.findOffer('S-1')).toMatchObject({ offerId, state: 'ended', quantity: 0 });
});

describe('words for Etsy', () => {
  it('use each of four signs once, and no sign that it does not take', () => {
    expect(plainTitle('A & B & C: 100% + 50% <new> 😀 “x”')).toBe('A & B C: 100% + 50 <new> “x”');
  });
  it('shorten our SKU so that it can be read back', () => {
    const own = 'RD0199C7C1A2B34D5E8F90A1B2C3D4E5F6';
    expect(toEtsySku(own)).toHaveLength(32);
    expect(fromEtsySku(toEtsySku(own))).toBe(own);
    expect(fromEtsySku(toEtsySku('S-1'))).toBe('S-1');
    expect(() => toEtsySku('X'.repeat(33))).toThrow('longer than the 32 characters');
  });
});

const usd = (amount: number) => ({ amount, divisor: 100, currency_code: 'USD' });

const receipt = (change: object = {}) => receiptSchema.parse({
  receipt_id: 7, status: 'Paid', is_paid: true, is_shipped: false, created_timestamp: 1_000, updated_timestamp: 2_000, grandtotal: usd(2_700), total_shipping_cost: usd(500), total_tax_cost: usd(200), total_vat_cost: usd(0), discount_amt: usd(300),
  transactions: [{ transaction_id: 1, title: 'A', quantity: 2, sku: 'S', price: usd(1_000) }, { transaction_id: 2, title: 'B', quantity: 1, sku: '', price: usd(300) }], ...change,
});

describe('a receipt', () => {
  it('shares shipping, discount and tax out over its lines, to the cent', () => {
    const order = readReceipt(receipt(), null);
    expect(order.total).toEqual(money(2_500, 'USD'));
    expect(order.lines.map((line) => [line.price.minor, line.shipping.minor, line.discount.minor, line.taxCollectedByChannel.minor, line.total.minor])).toEqual([[2_000, 435, 261, 174, 2_174], [300, 65, 39, 26, 326]]);
    expect(order.lines[1]!.sku).toBeUndefined();
    expect(order.marketplaceFee).toBeUndefined();
  });
  it('reads refunds, and guesses no state', () => {
    expect(readReceipt(receipt({ status: 'Partially Refunded', refunds: [{ amount: usd(100), created_timestamp: 3_000, status: 'completed' }, { amount: usd(50), created_timestamp: 3_000, status: 'failed' }] }), null)).toMatchObject({ payment: 'partly-refunded', refunds: [{ refundId: '7/refund/1', amount: money(100, 'USD') }] });
    expect(() => readReceipt(receipt({ status: 'Vanished' }), null)).toThrow('unknown state');
    expect(() => readReceipt(receipt({ grandtotal: usd(1), total_shipping_cost: { amount: 1, divisor: 1_000, currency_code: 'USD' } }), null)).toThrow('no amount');
  });
});
