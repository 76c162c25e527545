import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ListingContent, OfferTerms } from '#engine/listings/ports.ts';
import type { ChannelOrder, Shipment } from '#engine/orders/ports.ts';
import { isConnectorError } from '#kernel/errors.ts';
import { silentLogger } from '#kernel/log.ts';
import { money } from '#kernel/money.ts';
import { seededRandom } from '#kernel/random.ts';
import { DAY_MS, HOUR_MS, ManualClock, MINUTE_MS } from '#kernel/time.ts';
import { aspectsOf, createEbayVendor, leafOf, PRACTICE_EBAY, type EbayVendor, type EffectName } from '#practice/vendors/ebay/index.ts';
import { createWorld, type Product, type World } from '#practice/world/index.ts';
import { createEbay, type Ebay } from './index.ts';
import { orderSchema } from './schema.ts';
import { readOrder } from './read-order.ts';

const START = Date.UTC(2026, 10, 21);
const HOME = { key: 'home', name: 'Home', country: 'US', postalCode: '94105' };
let world: World;
let clock: ManualClock;
let vendor: EbayVendor;
let ebay: Ebay;
let products: readonly Product[];

const connect = (credentials: { clientId: string; clientSecret: string; refreshToken: string } = PRACTICE_EBAY) =>
  createEbay({ clock, random: seededRandom(1), log: silentLogger, baseUrl: vendor.baseUrl, credentials: async () => credentials, limits: { timeoutMs: 150 } });

beforeEach(async () => {
  clock = new ManualClock(START);
  world = createWorld({ seed: 11, clock, productCount: 1_000 });
  vendor = createEbayVendor(world);
  await vendor.start();
  ebay = connect();
  products = world.catalog.products.filter((product) => product.kind === 'ordinary' && world.market.value(product.id, 'ebayNew', START) !== null);
});
afterEach(async () => {
  await ebay.close();
  await vendor.close();
  world.close();
});

const contentOf = (product: Product): ListingContent & { quantity: number } => ({
  title: product.title.slice(0, 80), description: product.title, condition: 'new', aspects: aspectsOf(world, product), imageUrls: ['https://example.com/1.jpg'], brand: product.brand, gtins: [product.gtin!], quantity: 3,
});

const standard = (list: readonly { id: string; isDefault: boolean }[]) => list.find((policy) => policy.isDefault)!.id;

async function termsFor(minor: number, product: Product = products[0]!): Promise<OfferTerms> {
  const policies = await ebay.policies();
  return { price: money(minor, 'USD'), quantity: 3, categoryId: leafOf(world, product), policies: { fulfilment: standard(policies.fulfilment), payment: standard(policies.payment), returns: standard(policies.returns) }, locationKey: 'home' };
}

async function listOne(product: Product, minor = 2_000) {
  const sku = `T-${product.id}`;
  const terms = await termsFor(minor, product);
  await ebay.ensureLocation(HOME);
  await ebay.putContent(sku, contentOf(product));
  const offer = await ebay.ensureOffer(sku, terms);
  const published = await ebay.publishOffer(offer.offerId);
  return { sku, terms, offerId: offer.offerId, listingId: published.listingId };
}

/** As the engine does after an unknown or failed outcome: the same again, which is always allowed. */
async function insist<T>(run: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await run();
    } catch (error) {
      if (tries >= 5 || !isConnectorError(error, 'Retryable', 'OutcomeUnknown', 'Throttled')) throw error;
    }
  }
}

async function allOrders(from = START): Promise<ChannelOrder[]> {
  const orders: ChannelOrder[] = [];
  for await (const page of ebay.orders({ modifiedFrom: from })) orders.push(...page.orders);
  return orders;
}

describe('a listing', () => {
  it('goes from nothing to live, and is found by its SKU', async () => {
    expect(await ebay.findOffer('T-none')).toBeNull();
    const { sku, offerId, listingId } = await listOne(products[0]!);
    expect(await ebay.findOffer(sku)).toMatchObject({ sku, offerId, listingId, state: 'live', price: money(2_000, 'USD'), quantity: 3, sold: 0 });
    expect(world.listing(listingId)).toMatchObject({ productId: products[0]!.id, priceMinor: 2_000, quantity: 3, status: 'active' });
    expect(ebay.listingUrl(listingId)).toBe(`https://www.ebay.com/itm/${listingId}`);
  });

  it('is revised in price and quantity, replaced in its terms, ended, and published anew', async () => {
    const { sku, offerId, terms, listingId } = await listOne(products[0]!);
    await ebay.reviseOffer(sku, offerId, { price: money(1_855, 'USD'), quantity: 7 });
    expect(world.listing(listingId)).toMatchObject({ priceMinor: 1_855, quantity: 7 });
    const paid = (await ebay.policies()).fulfilment.find((policy) => !policy.isDefault)!;
    await ebay.replaceOffer(offerId, { ...terms, price: money(1_900, 'USD'), quantity: 2, policies: { ...terms.policies, fulfilment: paid.id } });
    expect(world.listing(listingId)).toMatchObject({ priceMinor: 1_900, quantity: 2, shippingMinor: 599 });
    expect(await ebay.endOffer(offerId)).toEqual({ listingId, existed: false });
    expect(await ebay.endOffer(offerId)).toEqual({ listingId, existed: true });
    expect((await ebay.findOffer(sku))!.state).toBe('ended');
    const again = await ebay.publishOffer(offerId);
    expect(again.existed).toBe(false);
    expect(again.listingId).not.toBe(listingId);
  });

  it('is refused with the vendor’s words when something is missing, and nothing is published', async () => {
    const sku = 'T-bare';
    await ebay.putContent(sku, { ...contentOf(products[0]!), imageUrls: [] });
    const offer = await ebay.ensureOffer(sku, await termsFor(2_000));
    const error: unknown = await ebay.publishOffer(offer.offerId).catch((thrown: unknown) => thrown);
    expect(isConnectorError(error, 'Rejected')).toBe(true);
    expect(String(error)).toContain('imageUrls');
    expect(vendor.effects().listingsPublished).toBe(0);
  });

  it('takes 250 revisions a day and no more', async () => {
    const { sku, offerId } = await listOne(products[0]!);
    for (let i = 0; i < ebay.limits.revisionsPerDay!; i++) await ebay.reviseOffer(sku, offerId, { price: money(2_000 + i, 'USD'), quantity: 3 });
    const error: unknown = await ebay.reviseOffer(sku, offerId, { price: money(1_500, 'USD'), quantity: 3 }).catch((thrown: unknown) => thrown);
    expect(isConnectorError(error, 'Rejected') && error.detail.code).toBe('25026');
    clock.advanceTo(START + DAY_MS);
    await ebay.reviseOffer(sku, offerId, { price: money(1_500, 'USD'), quantity: 3 });
  });

  it('survives a restart of eBay’s server with the same ids', async () => {
    const { sku, offerId, listingId } = await listOne(products[0]!);
    const { port } = new URL(vendor.baseUrl);
    await vendor.close();
    vendor = createEbayVendor(world, { port: Number(port) });
    await vendor.start();
    expect(await ebay.findOffer(sku)).toMatchObject({ offerId, listingId, state: 'live' });
    expect((await ebay.publishOffer(offerId)).listingId).toBe(listingId);
    await ebay.putContent('T-2', contentOf(products[1]!));
    expect((await ebay.ensureOffer('T-2', await termsFor(900))).offerId).not.toBe(offerId);
  });
});

const FAULTS = ['too-many-requests', 'server-error', 'timeout', 'cut-before', 'cut-after', 'malformed-body', 'schema-drift'] as const;

describe('nothing happens twice, whatever goes wrong', () => {
  const cases: readonly { readonly effect: EffectName; readonly routes: readonly string[] }[] = [
    { effect: 'locationsCreated', routes: ['getInventoryLocation', 'createInventoryLocation'] },
    { effect: 'itemsCreated', routes: ['createOrReplaceInventoryItem'] },
    { effect: 'offersCreated', routes: ['getOffers', 'createOffer'] },
    { effect: 'listingsPublished', routes: ['getOffer', 'publishOffer'] },
    { effect: 'listingsWithdrawn', routes: ['withdrawOffer'] },
  ];
  const matrix = cases.flatMap(({ effect, routes }) => routes.map((route) => ({ effect, route })));

  it.each(matrix)('each fault at $route: $effect once each time', async ({ effect, route }) => {
    const terms = await termsFor(2_000);
    for (const [i, fault] of FAULTS.entries()) {
      const sku = `T-${fault}`;
      const before = vendor.effects()[effect];
      vendor.setFaults({ rate: 1, limit: 1, kinds: [fault], routes: [route], hangMs: 170 });
      await insist(() => ebay.ensureLocation({ ...HOME, key: fault }));
      await insist(() => ebay.putContent(sku, contentOf(products[i]!)));
      const offer = await insist(() => ebay.ensureOffer(sku, { ...terms, locationKey: fault }));
      const published = await insist(() => ebay.publishOffer(offer.offerId));
      if (effect === 'listingsWithdrawn') await insist(() => ebay.endOffer(offer.offerId));
      // A hanging request is written down when it ends.
      await vi.waitFor(() => expect(vendor.counts().byFault[fault]).toBe(1), 20_000);
      expect([fault, vendor.effects()[effect] - before]).toEqual([fault, 1]);
      expect(world.effects().listings.filter((listing) => listing.sku === sku).map((listing) => listing.id)).toEqual([published.listingId]);
    }
  });

  it('sixty listings while one request in five goes wrong: each is made once', async () => {
    const terms = await termsFor(2_000);
    await ebay.ensureLocation(HOME);
    vendor.setFaults({ rate: 0.2, hangMs: 160, slowBodyMs: 5 });
    const made = new Map<string, string>();
    for (const product of products.slice(0, 60)) {
      const sku = `T-${product.id}`;
      await insist(() => ebay.putContent(sku, contentOf(product)));
      const offer = await insist(() => ebay.ensureOffer(sku, terms));
      made.set(sku, (await insist(() => ebay.publishOffer(offer.offerId))).listingId);
    }
    vendor.setFaults({ rate: 0 });
    expect(Object.keys(vendor.counts().byFault).length).toBe(8);
    expect(vendor.effects()).toMatchObject({ itemsCreated: 60, offersCreated: 60, listingsPublished: 60 });
    expect(world.effects().listings.map((listing) => [listing.sku, listing.id])).toEqual([...made]);
  });

  it('a create that someone else was faster with answers the offer that stands (error 25002)', async () => {
    const terms = await termsFor(2_000);
    await ebay.putContent('T-1', contentOf(products[0]!));
    const other = connect();
    await other.policies();
    const both = await Promise.all([ebay.ensureOffer('T-1', terms), other.ensureOffer('T-1', terms)]);
    await other.close();
    expect(both[0]!.offerId).toBe(both[1]!.offerId);
    expect(both.map((offer) => offer.existed).toSorted()).toEqual([false, true]);
    expect(vendor.effects().offersCreated).toBe(1);
    expect(vendor.counts().byStatus['400']).toBe(1);
  });

  it('each fault while a shipment is reported: it is reported once', async () => {
    for (const product of products.slice(0, 40)) await listOne(product, Math.max(150, Math.round(world.market.value(product.id, 'ebayNew', START)! * 0.7)));
    clock.advanceTo(START + 3 * DAY_MS);
    const open = (await allOrders()).filter((each) => each.fulfilment === 'not-started' && each.cancel === 'none');
    expect(open.length).toBeGreaterThanOrEqual(FAULTS.length);
    for (const [i, fault] of FAULTS.entries()) {
      const order = open[i]!;
      const trackingNumber = `9400${i}`;
      const shipment: Shipment = { lines: order.lines.map(({ lineId, quantity }) => ({ lineId, quantity })), carrier: 'USPS', trackingNumber, shippedAt: clock.now() };
      vendor.setFaults({ rate: 1, limit: 1, kinds: [fault], routes: ['createShippingFulfillment'], hangMs: 170 });
      expect((await insist(() => ebay.markShipped(order.orderId, shipment))).shipmentId).toBe(trackingNumber);
      expect(await ebay.markShipped(order.orderId, shipment)).toEqual({ shipmentId: trackingNumber, existed: true });
      expect([fault, vendor.effects().shipmentsReported]).toEqual([fault, i + 1]);
    }
  });
});

describe('orders', () => {
  beforeEach(async () => {
    for (const product of products.slice(0, 60)) await listOne(product, Math.max(150, Math.round(world.market.value(product.id, 'ebayNew', START)! * 0.7)));
    clock.advanceTo(START + 6 * DAY_MS);
  });

  it('come as the market made them, with the fee that eBay takes', async () => {
    const orders = await allOrders();
    const sales = world.sales('ebay');
    expect(orders.length).toBeGreaterThan(20);
    expect(orders.map((order) => order.orderId)).toEqual(sales.map((sale) => sale.id));
    for (const [i, order] of orders.entries()) {
      const sale = sales[i]!;
      expect(order).toMatchObject({ createdAt: sale.createdAt, modifiedAt: sale.changedAt, currency: 'USD', total: money(sale.totalMinor - sale.salesTaxMinor, 'USD'), feeBasis: money(sale.totalMinor, 'USD') });
      expect(order.marketplaceFee!.minor).toBe(sale.feeMinor - sale.feeCreditMinor);
      expect(order.lines[0]).toMatchObject({ sku: sale.sku, listingId: sale.listingId, quantity: sale.quantity, price: money(sale.unitMinor * sale.quantity, 'USD'), taxCollectedByChannel: money(sale.salesTaxMinor, 'USD') });
      expect(order.dueSeller!.minor).toBe(order.total.minor - order.marketplaceFee!.minor - order.refunds.reduce((sum, refund) => sum + refund.amount.minor, 0));
      expect(order.cancel).toBe(sale.cancelledAt === null ? 'none' : 'cancelled');
      expect(order.buyer).toMatchObject({ username: sale.buyerUsername, name: sale.shipTo.name, country: 'US' });
    }
  });

  it('can be read from an instant on, so that only what changed comes', async () => {
    const from = START + 4 * DAY_MS;
    expect((await allOrders(from)).map((order) => order.orderId)).toEqual(world.sales('ebay').filter((sale) => sale.changedAt >= from).map((sale) => sale.id));
    expect(await allOrders(clock.now() + HOUR_MS)).toEqual([]);
  });

  it('are told as movements of money that add up to the same', async () => {
    const orders = await allOrders();
    const byOrder = new Map<string, number>();
    for await (const page of ebay.transactions!({ modifiedFrom: START })) for (const entry of page) byOrder.set(entry.orderId!, (byOrder.get(entry.orderId!) ?? 0) + entry.amount.minor);
    for (const order of orders) expect(byOrder.get(order.orderId)).toBe(order.dueSeller!.minor);
  });

  it('come right although an answer is damaged on its way, whatever part of it', async () => {
    const right = await allOrders();
    for (let i = 0; i < 25; i++) {
      vendor.setFaults({ rate: 1, limit: 1, kinds: ['schema-drift'], routes: ['getOrders'] });
      const read = await allOrders();
      expect(read.map(({ orderId, lines, marketplaceFee, refunds, cancel, total }) => ({ orderId, lines, marketplaceFee, refunds, cancel, total }))).toEqual(right.map(({ orderId, lines, marketplaceFee, refunds, cancel, total }) => ({ orderId, lines, marketplaceFee, refunds, cancel, total })));
    }
  });

  it('give money back once, whichever call goes wrong, and say that it is pending until eBay has carried it out', async () => {
    const open = (await allOrders()).filter((each) => each.cancel === 'none' && each.refunds.length === 0);
    for (const [i, fault] of FAULTS.entries()) {
      const { orderId } = open[i]!;
      const refund = { reference: `r${i}`, amount: money(100, 'USD'), message: 'A scratch on the lid', known: [] };
      vendor.setFaults({ rate: 1, limit: 1, kinds: [fault], routes: ['issueRefund'], hangMs: 170 });
      const { refundId } = await insist(() => ebay.refundOrder!(orderId, refund));
      expect(await ebay.refundOrder!(orderId, refund)).toEqual({ refundId, existed: true });
      expect([fault, vendor.effects().refundsIssued, world.sale(orderId)!.givenBack?.length]).toEqual([fault, i + 1, 1]);
      expect((await ebay.order(orderId))!.refunds).toEqual([expect.objectContaining({ refundId, amount: money(100, 'USD'), pending: true })]);
    }
    const { orderId } = open[0]!;
    const first = (await ebay.order(orderId))!.refunds.map((made) => made.refundId);
    // another of the same sum: refused while the first is on its way, then given
    const again = { reference: 'again', amount: money(100, 'USD'), message: 'Once more', known: first };
    expect(isConnectorError(await ebay.refundOrder!(orderId, again).catch((error: unknown) => error), 'OutcomeUnknown')).toBe(true);
    clock.advanceTo(clock.now() + 6 * MINUTE_MS);
    expect(await ebay.refundOrder!(orderId, again)).toMatchObject({ existed: false });
    expect((await ebay.order(orderId))!.refunds.map(({ pending = false }) => pending)).toEqual([false, true]);
    expect(isConnectorError(await ebay.refundOrder!(open[1]!.orderId, { ...again, amount: money(9_999_999, 'USD') }).catch((error: unknown) => error), 'Rejected')).toBe(true);
  });

  it('are given up once, whichever call goes wrong, and what was sent is not', async () => {
    const open = (await allOrders()).filter((each) => each.fulfilment === 'not-started' && each.cancel === 'none');
    for (const [i, [fault, route]] of [...FAULTS.map((kind) => [kind, 'createCancellation'] as const), ['schema-drift', 'searchCancellations'] as const].entries()) {
      const { orderId } = open[i]!;
      vendor.setFaults({ rate: 1, limit: 1, kinds: [fault], routes: [route], hangMs: 170 });
      await insist(() => ebay.cancelOrder!(orderId, { reason: 'out-of-stock', message: '' }));
      expect(await ebay.cancelOrder!(orderId, { reason: 'out-of-stock', message: '' })).toEqual({ existed: true });
      expect([fault, route, vendor.effects().ordersCancelled]).toEqual([fault, route, i + 1]);
      expect(await ebay.order(orderId)).toMatchObject({ cancel: 'cancelled' });
    }
    vendor.setFaults({ rate: 0 });
    const sent = open.at(-1)!;
    await ebay.markShipped(sent.orderId, { lines: sent.lines.map(({ lineId, quantity }) => ({ lineId, quantity })), carrier: 'USPS', trackingNumber: '94001', shippedAt: clock.now() });
    await expect(ebay.cancelOrder!(sent.orderId, { reason: 'out-of-stock', message: '' })).rejects.toThrow('eBay does not let this order be cancelled (SHIPPED)');
  });

  it('are null when unknown', async () => {
    expect(await ebay.order('00-00000-00000')).toBeNull();
  });
});

const raw = (change: object) => ({
  orderId: '1', creationDate: '2026-11-21T00:00:00.000Z', lastModifiedDate: '2026-11-21T00:00:00.000Z', orderPaymentStatus: 'PAID', orderFulfillmentStatus: 'NOT_STARTED', pricingSummary: { total: { value: '10.0', currency: 'USD' } },
  cancelStatus: { cancelState: 'NONE_REQUESTED', cancelRequests: [] }, paymentSummary: { refunds: [] },
  lineItems: [{ lineItemId: '2', title: 'x', quantity: 1, lineItemCost: { value: '10.0', currency: 'USD' }, taxes: [], deliveryCost: { shippingCost: { value: '0.0', currency: 'USD' } }, lineItemFulfillmentStatus: 'NOT_STARTED' }], ...change,
});

describe('an order that cannot be read', () => {
  it('is read with what it has', () => {
    expect(readOrder(orderSchema.parse(raw({})))).toMatchObject({ total: money(1_000, 'USD'), marketplaceFee: undefined, cancel: 'none', refunds: [] });
  });
  it.each([
    ['a state that eBay does not have', { orderPaymentStatus: 'PAYED' }, 'orderPaymentStatus: unknown state PAYED'],
    ['an amount that is none', { pricingSummary: { total: { value: '10,0', currency: 'USD' } } }, '10,0 USD is no amount'],
    ['an amount with lost digits', { totalMarketplaceFee: { value: '1.005', currency: 'USD' } }, '1.005 USD is no amount'],
  ])('says why: %s', (_, change, reason) => {
    expect(() => readOrder(orderSchema.parse(raw(change)))).toThrow(reason);
  });
  it('counts a refund that stands in two places once', () => {
    const refund = { refundId: 'R1', amount: { value: '4.0', currency: 'USD' } };
    const order = raw({ paymentSummary: { refunds: [refund] } });
    Object.assign((order.lineItems as object[])[0]!, { refunds: [refund] });
    expect(readOrder(orderSchema.parse(order)).refunds).toEqual([{ refundId: 'R1', amount: money(400, 'USD'), at: undefined, lineId: '2' }]);
  });
});

describe('sign-in', () => {
  it('is all that is asked for in the USA; where eBay wants a digital signature too, no money goes back from here', async () => {
    const german = createEbay({ clock, random: seededRandom(1), log: silentLogger, baseUrl: vendor.baseUrl, market: 'ebay-de', credentials: async () => PRACTICE_EBAY });
    expect([german.refundOrder, german.cancelOrder, german.orderPage!('10-1')]).toEqual([undefined, undefined, 'https://www.ebay.de/mesh/ord/details?mode=SH&orderid=10-1']);
    await german.close();
  });

  it('is kept, and done anew when the account has changed', async () => {
    await ebay.policies();
    await ebay.policies();
    expect(vendor.counts().byRoute['token']).toBe(1);
    ebay.forgetSession();
    await ebay.policies();
    expect(vendor.counts().byRoute['token']).toBe(2);
  });

  it('fails as a lost session with wrong keys, which are not shown', async () => {
    const wrong = connect({ ...PRACTICE_EBAY, clientSecret: 'PRD-something-else' });
    const error: unknown = await wrong.policies().catch((thrown: unknown) => thrown);
    expect(isConnectorError(error, 'SessionLost')).toBe(true);
    expect(JSON.stringify(error) + String(error)).not.toContain('PRD-something-else');
    await wrong.close();
  });
});
