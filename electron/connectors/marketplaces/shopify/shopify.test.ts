import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ListingContent, OfferTerms } from '#engine/listings/ports.ts';
import type { ChannelOrder } from '#engine/orders/ports.ts';
import { isConnectorError } from '#kernel/errors.ts';
import { silentLogger } from '#kernel/log.ts';
import { money } from '#kernel/money.ts';
import { seededRandom } from '#kernel/random.ts';
import { ManualClock, MINUTE_MS } from '#kernel/time.ts';
import { createShopifyVendor, PRACTICE_SHOPIFY, type ShopifyVendor } from '#practice/vendors/shopify/index.ts';
import { createWorld, type World } from '#practice/world/index.ts';
import { awaitSale, mostWanted } from '#tests/support/most-wanted.ts';
import { createShopify, type Shopify, type ShopifyAccount } from './index.ts';
import { findProduct, setStock } from './products.ts';
import { readOrder } from './read-order.ts';
import { orderSchema } from './schema.ts';
import { shopAddress, ShopifyClient } from './shopify-client.ts';

const START = Date.UTC(2026, 10, 21);
let clock: ManualClock;
let world: World;
let vendor: ShopifyVendor;
let shop: Shopify;
let content: ListingContent & { quantity: number };
let terms: OfferTerms;
const bag = (amount: string) => ({ shopMoney: { amount, currencyCode: 'EUR' } });
const eur = (minor: number) => money(minor, 'EUR');
const usd = (minor: number) => money(minor, 'USD');
const connect = (account: Partial<ShopifyAccount> = {}) => createShopify({ clock, random: seededRandom(1), log: silentLogger, account: async () => ({ address: vendor.baseUrl, ...PRACTICE_SHOPIFY, ...account }), limits: { timeoutMs: 3_000 } });

beforeEach(async () => {
  clock = new ManualClock(START);
  world = createWorld({ seed: 3, clock, productCount: 1_000 });
  vendor = createShopifyVendor(world);
  await vendor.start();
  shop = connect();
  const { product, goingMinor } = mostWanted(world);
  content = { title: product.title, description: '<p>From the box.</p>', condition: 'new', aspects: { Colour: ['Red & blue'] }, imageUrls: ['https://images.example/thing.jpg'], brand: product.brand, gtins: [product.gtin!], quantity: 3, packageMeasures: { weightGrams: 400 } };
  terms = { price: usd(Math.round(goingMinor * 0.7)), quantity: 3, categoryId: '', policies: { fulfilment: '', payment: '', returns: '' }, locationKey: 'home' };
});
afterEach(async () => {
  expect(vendor.bugs).toEqual([]);
  await shop.close();
  await vendor.close();
  world.close();
});

async function insist<T>(run: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await run();
    } catch (error) {
      if (tries >= 30 || !isConnectorError(error, 'Retryable', 'OutcomeUnknown', 'Throttled', 'Critical')) throw error;
    }
  }
}

async function list(sku = 'RD-1') {
  await insist(() => shop.putContent(sku, content));
  const offer = await insist(() => shop.ensureOffer(sku, terms));
  await insist(() => shop.publishOffer(offer.offerId));
  return offer.offerId;
}

async function orders(): Promise<ChannelOrder[]> {
  const found: ChannelOrder[] = [];
  for await (const page of shop.orders({ modifiedFrom: world.startAt - MINUTE_MS })) {
    expect(page.unreadable).toEqual([]);
    found.push(...page.orders);
  }
  return found;
}
const active = () => world.listings('shopify').filter(({ status }) => status === 'active');

describe('a product in the Shopify shop', () => {
  it('goes from nothing to live, is lowered, sells out, is ended and put up again, and stands once', async () => {
    await shop.check();
    expect(await shop.findOffer('RD-1')).toBeNull();
    const offerId = await list();
    expect(await shop.findOffer('RD-1')).toMatchObject({ sku: 'RD-1', offerId, listingId: 'rd-1', state: 'live', price: terms.price, quantity: 3 });
    expect(active()).toMatchObject([{ sku: 'RD-1', productId: mostWanted(world).product.id, condition: 'new', priceMinor: terms.price.minor, quantity: 3 }]);
    expect(vendor.product('RD-1')!.descriptionHtml).toContain('<li>Colour: Red &amp; blue</li>');
    expect(shop.listingUrl('rd-1')).toBe('https://practice-desk.myshopify.example/products/rd-1');
    await shop.reviseOffer('RD-1', offerId, { price: usd(1_850), quantity: 0 });
    expect(await shop.findOffer('RD-1')).toMatchObject({ state: 'out-of-stock', quantity: 0, price: usd(1_850) });
    expect([await shop.endOffer(offerId), await shop.endOffer(offerId)]).toMatchObject([{ existed: false }, { existed: true }]);
    expect((await shop.findOffer('RD-1'))!.state).toBe('unpublished');
    expect(active()).toEqual([]);
    expect(await list()).toBe(offerId);
    expect(active()).toMatchObject([{ quantity: 3 }]);
    expect(vendor.effects().productsCreated).toBe(1);
  });

  it('shows new pictures once they have changed, and no others, however often its call is repeated or cut', async () => {
    await list();
    const other = { ...content, imageUrls: ['https://images.example/a.jpg', 'https://images.example/b.jpg'] };
    const [before] = vendor.product('RD-1')!.media!;
    await shop.putContent('RD-1', other);
    expect(vendor.product('RD-1')).toMatchObject({ files: 1, media: [before] });
    vendor.setFaults({ rate: 0.4, kinds: ['server-error', 'cut-before', 'cut-after'] });
    for (const picturesChanged of [true, true]) await insist(() => shop.putContent('RD-1', { ...other, picturesChanged }));
    vendor.setFaults({ rate: 0 });
    expect(vendor.product('RD-1')!.files).toBe(2);
    expect(vendor.product('RD-1')!.media).not.toContain(before);
  });

  it('is not put up again by a figure that is older than a sale: what was bought meanwhile is taken off', async () => {
    await list();
    const client = new ShopifyClient({ clock, random: seededRandom(2), log: silentLogger, account: async () => ({ address: vendor.baseUrl, ...PRACTICE_SHOPIFY }) });
    const seen = (await findProduct(client, 'RD-1'))!;
    const left = () => active()[0]!.quantity;
    world.actions.reviseListing(active()[0]!.id, { quantity: 1 });
    await setStock(client, 'RD-1', { product: seen, quantity: 2 });
    expect(left()).toBe(0);
    await setStock(client, 'RD-1', { product: (await findProduct(client, 'RD-1'))!, quantity: 2 });
    expect(left()).toBe(2);
    await client.forget();
  });

  it('is refused, in plain words, to a wrong app, without access, in another currency, and over an unencrypted line', async () => {
    const stranger = connect({ clientSecret: 'something-else' });
    const error: unknown = await stranger.findOffer('RD-1').catch((thrown: unknown) => thrown);
    expect(isConnectorError(error, 'SessionLost')).toBe(true);
    expect(String(error)).toContain('does not take this client id and secret');
    expect(String(error)).not.toContain('something-else');
    const token = connect({ accessToken: 'shpat_wrong_token' });
    await expect(token.check()).rejects.toThrow('does not know this token');
    await shop.putContent('RD-1', content);
    await expect(shop.ensureOffer('RD-1', { ...terms, price: money(100_000, 'DZD') })).rejects.toThrow('the shop sells in USD and the price is in DZD');
    expect(() => shopAddress('http://shop.example')).toThrow('must begin with https');
    expect([shopAddress('my-shop'), shopAddress('my-shop.myshopify.com/admin')]).toEqual(['https://my-shop.myshopify.com', 'https://my-shop.myshopify.com']);
    await Promise.all([stranger.close(), token.close()]);
  });

  it('waits where the shop’s points are spent, and is never told to slow down', async () => {
    const began = clock.now();
    for (let n = 0; n < 90; n++) await shop.putContent(`RD-${n}`, content);
    expect(vendor.throttled()).toBe(0);
    expect(clock.now()).toBeGreaterThan(began);
    expect(vendor.effects().productsCreated).toBe(90);
  });
});

describe('two programs on one shop', () => {
  it('are slowed down by the shop, and lose nothing by it', async () => {
    const other = connect();
    await Promise.all([shop, other].map(async (one, n) => {
      for (let i = 0; i < 70; i++) await one.putContent(`RD-${n}-${i}`, content);
    }));
    expect(vendor.throttled()).toBeGreaterThan(0);
    expect(vendor.effects().productsCreated).toBe(140);
    await other.close();
  });
});

describe('orders of the Shopify shop', () => {
  it('are read with their money and fee, and shipped once', async () => {
    await list();
    const sale = awaitSale(world, clock, 'shopify');
    const [order] = await orders();
    expect(order).toMatchObject({
      orderId: sale.id, payment: 'paid', fulfilment: 'not-started', cancel: 'none', total: usd(sale.totalMinor), marketplaceFee: usd(sale.feeMinor), refunds: [],
      lines: [{ lineId: sale.lineItemId, sku: 'RD-1', listingId: 'rd-1', quantity: sale.quantity, price: usd(sale.unitMinor * sale.quantity), total: usd(sale.totalMinor) }], buyer: { name: sale.shipTo.name, email: sale.shipTo.email, city: sale.shipTo.city, country: 'US' },
    });
    const shipment = { lines: [{ lineId: sale.lineItemId, quantity: sale.quantity }], carrier: 'USPS', trackingNumber: '94001', shippedAt: clock.now() };
    const made = await shop.markShipped(sale.id, shipment);
    expect(await shop.markShipped(sale.id, shipment)).toEqual({ ...made, existed: true });
    expect(world.sale(sale.id)).toMatchObject({ status: 'shipped', tracking: { carrier: 'USPS', number: '94001' } });
    expect(await shop.order(sale.id)).toMatchObject({ fulfilment: 'fulfilled' });
    expect(await shop.order('9999999')).toBeNull();
    await expect(shop.markShipped(sale.id, { ...shipment, trackingNumber: '94002' })).rejects.toThrow('nothing of the order is left to send');
  });

  it('are given a part of their money back once, and never more than there is', async () => {
    await list();
    const { id, totalMinor } = awaitSale(world, clock, 'shopify');
    const part = { reference: 'ref_1', amount: usd(100), message: 'A scratch' };
    const made = await shop.refundOrder(id, part);
    expect(await shop.refundOrder(id, part)).toEqual({ refundId: made.refundId, existed: true });
    await expect(shop.refundOrder(id, { ...part, reference: 'ref_2', amount: usd(totalMinor) })).rejects.toThrow('can still be given back');
    expect(await shop.order(id)).toMatchObject({ payment: 'partly-refunded', refunds: [{ refundId: made.refundId, amount: usd(100) }] });
    expect(world.sale(id)!.givenBack).toMatchObject([{ minor: 100 }]);
  });

  it('are cancelled with the whole money back, once, and the shop puts nothing up again by itself', async () => {
    await list();
    const { id, quantity, totalMinor } = awaitSale(world, clock, 'shopify');
    const given = { reason: 'out-of-stock', message: 'It sold out a moment before.' } as const;
    expect([await shop.cancelOrder(id, given), await shop.cancelOrder(id, given)]).toEqual([{ existed: false }, { existed: true }]);
    expect(await shop.order(id)).toMatchObject({ payment: 'refunded', cancel: 'cancelled', refunds: [{ amount: usd(totalMinor) }] });
    expect(vendor.effects().cancellations).toBe(1);
    expect((await shop.findOffer('RD-1'))!.quantity).toBe(3 - quantity);
  });

  it('take the tax out of prices that hold it, and are kept as unreadable where they would have to be guessed', async () => {
    const raw = {
      id: 'gid://shopify/Order/1', createdAt: '2026-11-21T10:00:00Z', updatedAt: '2026-11-21T10:00:00Z', cancelledAt: null, test: false, currencyCode: 'EUR', presentmentCurrencyCode: 'EUR', taxesIncluded: true, displayFinancialStatus: 'PAID', displayFulfillmentStatus: 'UNFULFILLED', totalPriceSet: bag('30.0'), totalShippingPriceSet: bag('6.0'),
      totalTaxSet: bag('5.0'), taxLines: [{ title: 'MwSt', channelLiable: false, priceSet: bag('5.0') }], shippingAddress: null, billingAddress: { countryCodeV2: 'DE', provinceCode: null }, refunds: [], transactions: [],
      lineItems: { pageInfo: { hasNextPage: false }, nodes: [{ id: 'gid://shopify/LineItem/2', title: 'x', sku: 'A', quantity: 1, unfulfilledQuantity: 1, originalTotalSet: bag('24.0'), discountedTotalSet: bag('24.0'), taxLines: [{ channelLiable: false, priceSet: bag('4.0') }], product: null }] },
    };
    expect(readOrder(orderSchema.parse(raw)).lines[0]).toMatchObject({ price: eur(2_000), shipping: eur(500), tax: eur(500), discount: eur(0), total: eur(3_000) });
    expect(readOrder(orderSchema.parse(raw)).taxes).toEqual([{ jurisdiction: 'DE MwSt', amount: eur(500) }]);
    // sold through a channel that remits all of it: none passes through the seller
    const [line] = raw.lineItems.nodes;
    const remitted = { ...raw, taxLines: [{ ...raw.taxLines[0], channelLiable: true }], lineItems: { ...raw.lineItems, nodes: [{ ...line, taxLines: [{ channelLiable: true, priceSet: bag('4.0') }] }] } };
    const bySomebodyElse = readOrder(orderSchema.parse(remitted));
    expect([bySomebodyElse.lines[0]!.tax, bySomebodyElse.lines[0]!.taxCollectedByChannel, bySomebodyElse.lines[0]!.price, bySomebodyElse.lines[0]!.shipping, bySomebodyElse.taxes]).toEqual([eur(0), eur(500), eur(2_000), eur(500), undefined]);
    expect(() => readOrder(orderSchema.parse({ ...raw, test: true }))).toThrow('a test order');
    expect(() => readOrder(orderSchema.parse({ ...raw, displayFinancialStatus: 'BARTERED' }))).toThrow('BARTERED');
    expect(() => readOrder(orderSchema.parse({ ...raw, currencyCode: 'USD' }))).toThrow('is no amount of an order in USD');
  });
});

describe('nothing happens twice, whatever goes wrong', () => {
  it.each(['server-error', 'cut-before', 'cut-after', 'malformed-body', 'schema-drift', 'too-many-requests'] as const)('%s in two requests of five', async (kind) => {
    vendor.setFaults({ rate: 0.4, kinds: [kind], routes: ['graphql'], retryAfterSeconds: 0 });
    for (let n = 0; n < 3; n++) await list();
    vendor.setFaults({ rate: 0 });
    const { id } = awaitSale(world, clock, 'shopify');
    vendor.setFaults({ rate: 0.4, kinds: [kind], routes: ['graphql'], retryAfterSeconds: 0 });
    for (let n = 0; n < 3; n++) await insist(() => shop.refundOrder(id, { reference: 'ref_1', amount: usd(100), message: 'A scratch' }));
    for (let n = 0; n < 3; n++) await insist(() => shop.cancelOrder(id, { reason: 'out-of-stock', message: 'It sold out a moment before.' }));
    expect(vendor.effects()).toMatchObject({ productsCreated: 1, refundsMade: 1, cancellations: 1 });
    vendor.setFaults({ rate: 0 });
    expect(await shop.findOffer('RD-1')).toMatchObject({ state: 'live' });
    expect(active()).toHaveLength(1);
  });
});
