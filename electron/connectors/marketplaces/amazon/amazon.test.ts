import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ListingContent, OfferTerms } from '#engine/listings/ports.ts';
import type { ChannelOrder } from '#engine/orders/ports.ts';
import { isConnectorError } from '#kernel/errors.ts';
import { silentLogger } from '#kernel/log.ts';
import { money } from '#kernel/money.ts';
import { seededRandom } from '#kernel/random.ts';
import { DAY_MS, ManualClock, MINUTE_MS } from '#kernel/time.ts';
import { createAmazonVendor, PRACTICE_AMAZON, PRACTICE_SELLER_ID, type AmazonVendor } from '#practice/vendors/amazon/index.ts';
import { createWorld, type Product, type World } from '#practice/world/index.ts';
import { SpClient } from '../../data/amazon-sp-api/index.ts';
import { createAmazonSeller, type AmazonSeller } from './index.ts';
import { measuredOf, measuredValue } from './measured-attributes.ts';
import { readOrder } from './read-order.ts';
import { orderSchema } from './schema.ts';
import { stoppingIssues, tellIssue } from './tell-issues.ts';

const START = Date.UTC(2026, 10, 21);
let world: World;
let clock: ManualClock;
let vendor: AmazonVendor;
let client: SpClient;
let seller: AmazonSeller;
let product: Product;

beforeEach(async () => {
  clock = new ManualClock(START);
  world = createWorld({ seed: 11, clock, productCount: 1_000 });
  vendor = createAmazonVendor(world);
  await vendor.start();
  client = new SpClient({ clock, random: seededRandom(1), log: silentLogger, baseUrl: vendor.baseUrl, loginUrl: vendor.baseUrl, credentials: async () => PRACTICE_AMAZON, limits: { timeoutMs: 150 } });
  seller = createAmazonSeller({ client, sellerId: async () => PRACTICE_SELLER_ID });
  const sold = (entry: Product) => world.market.value(entry.id, 'monthlySold', START) ?? 0;
  product = world.catalog.products.filter((entry) => entry.kind === 'ordinary' && entry.restriction === 'none').toSorted((a, b) => sold(b) - sold(a))[0]!;
});
afterEach(async () => {
  await client.close();
  await vendor.close();
  world.close();
});

const content = (): ListingContent => ({ title: product.title, description: product.title, condition: 'new', aspects: {}, imageUrls: ['https://example.com/1.jpg'], gtins: [product.gtin!], cataloguePage: product.asin });
const terms = (): OfferTerms => ({ price: money(Math.round((world.market.value(product.id, 'buyBox', START) ?? 2_000) * 0.8), 'USD'), quantity: 50, categoryId: 'PRODUCT', policies: { fulfilment: '', payment: '', returns: '' }, locationKey: '', content: content() });

/** As the engine does after a failed or unknown outcome: the same again, after a while. */
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

async function firstOrder(): Promise<ChannelOrder> {
  for await (const page of seller.orders({ modifiedFrom: START })) {
    const open = page.orders.find((order) => order.fulfilment === 'not-started' && order.cancel === 'none');
    if (open) return open;
  }
  throw new Error('nobody bought');
}

it('lists, reprices and ends once whatever fails on the way', async () => {
  vendor.setFaults({ rate: 0.4, kinds: ['server-error', 'too-many-requests', 'cut-before', 'cut-after', 'timeout'], hangMs: 200 });
  await insist(() => seller.ensureOffer('S-1', terms()));
  expect(await insist(() => seller.publishOffer('S-1'))).toMatchObject({ listingId: product.asin });
  await insist(() => seller.reviseOffer('S-1', 'S-1', { price: money(3_333, 'USD'), quantity: 7 }));
  expect(world.listings('amazon')).toMatchObject([{ sku: 'S-1', status: 'active', priceMinor: 3_333, quantity: 7 }]);
  await insist(() => seller.endOffer('S-1'));
  expect(world.listings('amazon')).toMatchObject([{ status: 'ended' }]);
  expect(vendor.effects()).toMatchObject({ listingsCreated: 1, listingsDeleted: 1 });
});

it('reports a shipment once when its answer is lost', async () => {
  await seller.ensureOffer('S-1', terms());
  clock.advanceTo(START + 2 * DAY_MS);
  const order = await firstOrder();
  const shipment = { lines: order.lines.map(({ lineId, quantity }) => ({ lineId, quantity })), carrier: 'FedEx', trackingNumber: 'FX1', shippedAt: clock.now() };
  vendor.setFaults({ rate: 1, kinds: ['cut-after'], routes: ['confirmShipment'] });
  expect(await seller.markShipped(order.orderId, shipment)).toMatchObject({ existed: false });
  expect(await seller.markShipped(order.orderId, shipment)).toMatchObject({ existed: true });
  expect(vendor.effects().shipmentsReported).toBe(1);
  expect(vendor.counts().byRoute['confirmShipment']).toBe(1);
});

it('sends a message to a buyer once when its answer is lost, and says that nobody can tell', async () => {
  await seller.ensureOffer('S-1', terms());
  clock.advanceTo(START + 2 * DAY_MS);
  const { orderId } = await firstOrder();
  vendor.setFaults({ rate: 1, kinds: ['cut-after'], routes: ['createUnexpectedProblem'] });
  await expect(seller.messages.send(orderId, { kind: 'unexpected-problem', text: 'The parcel came back to us.' })).rejects.toMatchObject({ kind: 'OutcomeUnknown' });
  expect([vendor.effects().messagesSent, vendor.counts().byRoute['createUnexpectedProblem']]).toEqual([1, 1]);
});

it('shares token and limits with what is asked of the account', async () => {
  await seller.findOffer('S-1');
  await seller.restrictions(product.asin, 'new');
  expect(vendor.counts().byRoute['token']).toBe(1);
  expect(client.quotaOf('getListingsRestrictions').available).toBeLessThan(9);
});

const issue = (change: object) => ({ code: '1', message: 'Bad image.', severity: 'ERROR', ...change });
const usd = (amount: string) => ({ amount, currencyCode: 'USD' });

const unit = (...units: string[]) => ({ properties: { unit: { enum: units }, value: {} } });

describe('measures of a thing', () => {
  const size = { title: 'Item Dimensions', items: { properties: { length: unit('inches', 'centimeters'), width: unit('inches', 'centimeters'), height: unit('inches', 'centimeters'), marketplace_id: {} } } };
  const weight = { title: 'Item Weight', items: { properties: { unit: { anyOf: [{ enum: ['pounds', 'ounces'] }] }, value: {}, marketplace_id: {} } } };

  it('are sent in the unit that was written, or in the first that the product type takes; a plain value with a unit is none', () => {
    expect([measuredOf(size), measuredOf(weight), measuredOf({ items: { properties: { value: {}, unit: { enum: ['watts'] } } } }), measuredOf({})]).toEqual(['size', 'weight', null, null]);
    expect(measuredValue(size, '25 × 18 × 8 cm')).toEqual({ length: { unit: 'centimeters', value: 25 }, width: { unit: 'centimeters', value: 18 }, height: { unit: 'centimeters', value: 8 } });
    expect(measuredValue(size, '254 x 127 x 25.4 mm')).toEqual({ length: { unit: 'inches', value: 10 }, width: { unit: 'inches', value: 5 }, height: { unit: 'inches', value: 1 } });
    expect([measuredValue(weight, '800 g'), measuredValue(weight, '12 oz'), measuredValue(weight, '12')]).toEqual([{ unit: 'pounds', value: 1.764 }, { unit: 'ounces', value: 12 }, null]);
  });
});

describe('issues', () => {
  it('become sentences', () => {
    expect(tellIssue(issue({ attributeNames: ['main_product_image_locator'], enforcements: { actions: [{ action: 'LISTING_SUPPRESSED' }] } }))).toBe('Bad image (about: main product image locator); buyers cannot buy it');
  });
  it('stop a listing where buyers could not buy it', () => {
    const of = (action: string) => issue({ enforcements: { actions: [{ action }] } });
    expect(stoppingIssues([issue({}), of('LISTING_SUPPRESSED'), of('CATALOG_ITEM_REMOVED')])).toHaveLength(3);
    expect(stoppingIssues([issue({ severity: 'WARNING' }), of('ATTRIBUTE_SUPPRESSED'), of('SEARCH_SUPPRESSED')])).toEqual([]);
  });
});

const order = (change: object, item: object = {}) => orderSchema.parse({
  orderId: '111-1', createdTime: '2026-11-21T00:00:00Z', lastUpdatedTime: '2026-11-21T01:00:00Z', fulfillment: { fulfillmentStatus: 'UNSHIPPED' },
  orderItems: [{ orderItemId: '1', quantityOrdered: 2, product: { sellerSku: 'S', title: 'T' }, proceeds: { breakdowns: [{ type: 'ITEM', subtotal: usd('20.00') }, { type: 'SHIPPING', subtotal: usd('5.00') }, { type: 'DISCOUNT', subtotal: usd('-3.00') }, { type: 'TAX', subtotal: usd('1.60') }] }, ...item }], ...change,
});

const read = (given: ReturnType<typeof order>) => readOrder(given, { currency: 'USD', moved: null });

describe('an order', () => {
  it('counts discounts off and keeps apart the tax that Amazon remits', () => {
    const facilitated = read(order({}, { tax: { taxCollections: [{ model: 'MARKETPLACE_FACILITATOR' }] } }));
    expect(facilitated).toMatchObject({ total: money(2_200, 'USD'), lines: [{ price: money(2_000, 'USD'), shipping: money(500, 'USD'), discount: money(300, 'USD'), tax: money(0, 'USD'), taxCollectedByChannel: money(160, 'USD') }] });
    expect(read(order({}))).toMatchObject({ total: money(2_360, 'USD'), lines: [{ tax: money(160, 'USD'), taxCollectedByChannel: money(0, 'USD') }] });
  });
  it('takes the price of a unit where no proceeds are stated, and makes none up', () => {
    expect(read(order({ fulfillment: { fulfillmentStatus: 'PENDING' } }, { proceeds: undefined, product: { sellerSku: 'S', price: { unitPrice: usd('9.00') } } }))).toMatchObject({ payment: 'pending', total: money(1_800, 'USD') });
    expect(() => read(order({}, { proceeds: undefined }))).toThrow('states no amount');
    expect(read(order({ fulfillment: { fulfillmentStatus: 'CANCELLED' } }, { proceeds: undefined, quantityOrdered: 0 }))).toMatchObject({ cancel: 'cancelled', total: money(0, 'USD'), marketplaceFee: money(0, 'USD') });
  });
  it('guesses no state', () => {
    expect(() => read(order({ fulfillment: { fulfillmentStatus: 'LOST' } }))).toThrow('unknown state LOST');
  });
});
