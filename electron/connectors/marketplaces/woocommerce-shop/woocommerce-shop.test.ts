import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ListingContent, OfferTerms } from '#engine/listings/ports.ts';
import type { ChannelOrder } from '#engine/orders/ports.ts';
import { isConnectorError } from '#kernel/errors.ts';
import { silentLogger } from '#kernel/log.ts';
import { money } from '#kernel/money.ts';
import { seededRandom } from '#kernel/random.ts';
import { ManualClock, MINUTE_MS } from '#kernel/time.ts';
import { createWooCommerceShopVendor, PRACTICE_WOOCOMMERCE_SHOP, type WooCommerceShopVendor } from '#practice/vendors/woocommerce-shop/index.ts';
import { createWorld, type World } from '#practice/world/index.ts';
import { awaitSale, mostWanted } from '#tests/support/most-wanted.ts';
import { createOwnShop, type OwnShop, type OwnShopAccount } from './index.ts';
import { readOrder } from './orders.ts';
import { orderSchema } from './schema.ts';
import { judge, shopAddress } from './shop-client.ts';

const START = Date.UTC(2026, 10, 21);
let clock: ManualClock;
let world: World;
let vendor: WooCommerceShopVendor;
let shop: OwnShop;
let content: ListingContent & { quantity: number };
let terms: OfferTerms;
const usd = (minor: number) => money(minor, 'USD');
const wordpress = { user: PRACTICE_WOOCOMMERCE_SHOP.wordpressUser, applicationPassword: PRACTICE_WOOCOMMERCE_SHOP.wordpressPassword };
const connect = (account: Partial<OwnShopAccount> = {}) => createOwnShop({ clock, random: seededRandom(1), log: silentLogger, account: async () => ({ address: vendor.baseUrl, ...PRACTICE_WOOCOMMERCE_SHOP, ...account }), limits: { timeoutMs: 3_000 } });

beforeEach(async () => {
  clock = new ManualClock(START);
  world = createWorld({ seed: 3, clock, productCount: 1_000 });
  vendor = createWooCommerceShopVendor(world);
  await vendor.start();
  shop = connect();
  const { product, goingMinor } = mostWanted(world);
  content = { title: product.title, description: '<p>As new from the box.</p>', condition: 'new', aspects: { Colour: ['Red'] }, imageUrls: ['https://images.example/thing.jpg'], brand: product.brand, gtins: [product.gtin!], quantity: 3 };
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
      if (tries >= 5 || !isConnectorError(error, 'Retryable', 'OutcomeUnknown', 'Throttled', 'Critical')) throw error;
    }
  }
}

async function list(sku = 'RD1') {
  await insist(() => shop.putContent(sku, content));
  const offer = await insist(() => shop.ensureOffer(sku, terms));
  await insist(() => shop.publishOffer(offer.offerId));
  return offer.offerId;
}

async function orders(): Promise<ChannelOrder[]> {
  const found: ChannelOrder[] = [];
  for await (const page of shop.orders({ modifiedFrom: world.startAt - MINUTE_MS })) found.push(...page.orders);
  return found;
}
const active = () => world.listings('woocommerce').filter(({ status }) => status === 'active');

describe('pictures of our own', () => {
  const picture = { sha256: 'c'.repeat(64), jpeg: Buffer.from([0xff, 0xd8, 0xff, 0xc0, 0x00, 0x0b, 0x08, 0x01, 0xe0, 0x02, 0x80, 0x01, 0x01, 0x11, 0x00]) };

  it('go to the media library once, whichever call goes wrong, and replace those of a product that stands', async () => {
    await list();
    const open = connect({ wordpress });
    expect([await shop.mayPlacePictures!(), await open.mayPlacePictures!()]).toEqual([false, true]);
    for (const [n, route] of ['uploadMedia', 'listMedia'].entries()) {
      for (const [i, kind] of (['cut-before', 'cut-after', 'server-error', 'malformed-body'] as const).entries()) {
        const own = { ...picture, sha256: picture.sha256.slice(0, -2) + String(10 * n + i).padStart(2, '0') };
        vendor.setFaults({ rate: 1, limit: 1, kinds: [kind], routes: [route] });
        const { address } = await insist(() => open.placePicture!(own));
        expect([kind, await open.placePicture!(own), vendor.effects().mediaUploaded]).toEqual([kind, { address }, 4 * n + i + 1]);
      }
    }
    const { address } = (await open.findPicture!(picture.sha256.slice(0, -2) + '00'))!;
    const changed = vendor.effects().productsChanged;
    for (let n = 0; n < 2; n++) await open.putContent('RD1', { ...content, imageUrls: [address] });
    expect([vendor.product('RD1')!['images'], vendor.effects().productsChanged]).toEqual([[{ id: Number(/\d+/.exec(address)![0]) }], changed + 2]);
    await open.close();
  });

  it('need a user of WordPress, who may upload', async () => {
    await expect(shop.placePicture!(picture)).rejects.toThrow('enter a WordPress user and an application password');
    const wrong = connect({ wordpress: { ...wordpress, applicationPassword: 'no' } });
    await expect(wrong.placePicture!(picture)).rejects.toMatchObject({ kind: 'SessionLost' });
    await wrong.close();
  });
});

describe('a product in the own shop', () => {
  it('goes from nothing to live, is lowered, sells out, is ended and put up again, and stands once', async () => {
    expect(await shop.findOffer('RD1')).toBeNull();
    const offerId = await list();
    expect(await shop.findOffer('RD1')).toMatchObject({ offerId, listingId: offerId, state: 'live', price: terms.price, quantity: 3, sold: 0 });
    expect(active()).toMatchObject([{ sku: 'RD1', productId: mostWanted(world).product.id, condition: 'new', priceMinor: terms.price.minor, quantity: 3 }]);
    expect(shop.listingUrl(offerId)).toBe(`${vendor.baseUrl}/?p=${offerId}`);
    await shop.reviseOffer('RD1', offerId, { price: usd(1_850), quantity: 0 });
    expect(await shop.findOffer('RD1')).toMatchObject({ state: 'out-of-stock', quantity: 0, price: usd(1_850) });
    expect([await shop.endOffer(offerId), await shop.endOffer(offerId)]).toMatchObject([{ existed: false }, { existed: true }]);
    expect((await shop.findOffer('RD1'))!.state).toBe('unpublished');
    expect(active()).toEqual([]);
    expect(await list()).toBe(offerId);
    expect(active()).toMatchObject([{ quantity: 3 }]);
    expect(vendor.effects().productsCreated).toBe(1);
  });

  it('is refused, in plain words, to a wrong key, in another currency, and over an unencrypted line', async () => {
    const stranger = connect({ consumerKey: 'ck_x', consumerSecret: 'cs_x' });
    const error: unknown = await stranger.findOffer('RD1').catch((thrown: unknown) => thrown);
    expect(isConnectorError(error, 'SessionLost')).toBe(true);
    expect(String(error)).toContain('make a key with Read/Write rights');
    expect(String(error)).not.toContain('cs_x');
    await stranger.close();
    await shop.putContent('RD1', content);
    await expect(shop.ensureOffer('RD1', { ...terms, price: money(100_000, 'DZD') })).rejects.toThrow('the shop sells in USD and the price is in DZD');
    expect(() => shopAddress('http://shop.example')).toThrow('must begin with https');
    expect(shopAddress('shop.example/boutique/').href).toBe('https://shop.example/boutique/');
    const plain = connect({ address: 'http://shop.example' });
    await expect(plain.check()).rejects.toThrow('must begin with https');
    await plain.close();
  });
});

describe('orders of the own shop', () => {
  it('are read with their money and fee, shipped once, and told to the customer once', async () => {
    const offerId = await list();
    const sale = awaitSale(world, clock, 'woocommerce');
    const [order] = await orders();
    expect(order).toMatchObject({
      orderId: sale.id, payment: 'paid', fulfilment: 'not-started', cancel: 'none', total: usd(sale.totalMinor), marketplaceFee: usd(sale.feeMinor), lines: [{ sku: 'RD1', listingId: offerId, quantity: sale.quantity, total: usd(sale.totalMinor) }],
      buyer: { name: sale.shipTo.name, email: sale.shipTo.email, city: sale.shipTo.city, country: 'US' }, refunds: [],
    });
    expect((await shop.findOffer('RD1'))!.quantity).toBe(3 - sale.quantity);
    const shipment = { lines: [{ lineId: sale.lineItemId, quantity: sale.quantity }], carrier: 'USPS', trackingNumber: '94001', shippedAt: clock.now() };
    expect(await shop.markShipped(sale.id, shipment)).toEqual({ shipmentId: '94001', existed: false });
    expect(await shop.markShipped(sale.id, shipment)).toEqual({ shipmentId: '94001', existed: true });
    expect(vendor.about(sale.id).notes).toMatchObject([{ note: 'Sent with USPS, tracking number 94001.', customer_note: true }]);
    expect(await shop.order(sale.id)).toMatchObject({ fulfilment: 'fulfilled' });
    expect(await shop.order('9999999')).toBeNull();
  });

  it('are given a part of their money back once, and never more than there is', async () => {
    await list();
    const { id, totalMinor } = awaitSale(world, clock, 'woocommerce');
    const part = { reference: 'ref_1', amount: usd(100), message: 'A scratch' };
    const made = await shop.refundOrder(id, part);
    expect(await shop.refundOrder(id, part)).toEqual({ refundId: made.refundId, existed: true });
    await expect(shop.refundOrder(id, { ...part, reference: 'ref_2', amount: usd(totalMinor) })).rejects.toThrow('can still be given back');
    expect(await shop.order(id)).toMatchObject({ payment: 'partly-refunded', refunds: [{ refundId: made.refundId, amount: usd(100) }] });
    expect(world.sale(id)!.givenBack).toMatchObject([{ minor: 100 }]);
  });

  it('are not refunded again by themselves where the payment method refused', () => {
    const json = { code: 'woocommerce_rest_cannot_create_order_refund', message: 'The payment gateway for this order does not support automatic refunds.', data: { status: 500 } };
    expect(judge({ status: 500, headers: {}, text: '', json })).toMatchObject({ kind: 'Rejected', message: expect.stringContaining('does not support automatic refunds.): look at the payment provider') });
    expect(judge({ status: 404, headers: {}, text: '<html>', json: undefined })).toMatchObject({ message: expect.stringContaining('no WooCommerce answers at this address') });
  });

  it('are cancelled with a message and the whole money back, once, and the shop puts nothing up again by itself', async () => {
    await list();
    const { id, quantity, totalMinor } = awaitSale(world, clock, 'woocommerce');
    const given = { reason: 'out-of-stock', message: 'It sold out a moment before.' } as const;
    expect([await shop.cancelOrder(id, given), await shop.cancelOrder(id, given)]).toEqual([{ existed: false }, { existed: true }]);
    expect(await shop.order(id)).toMatchObject({ payment: 'refunded', refunds: [{ amount: usd(totalMinor) }] });
    expect(vendor.effects()).toMatchObject({ refundsMade: 1, notesWritten: 1 });
    expect(world.sale(id)).toMatchObject({ status: 'cancelled' });
    expect(vendor.product('RD1')).toMatchObject({ stock_quantity: 3 - quantity });
  });

  it('with a state that is not WooCommerce’s own are kept as unreadable', () => {
    const base = { id: 1, currency: 'USD', date_created_gmt: '2026-11-21T10:00:00', date_modified_gmt: '2026-11-21T10:00:00', total: '1.00', shipping_total: '0', shipping_tax: '0', line_items: [{ id: 1, name: 'x', quantity: 1, subtotal: '1.00', total: '1.00', total_tax: '0' }], refunds: [], meta_data: [] };
    expect(() => readOrder(orderSchema.parse({ ...base, status: 'awaiting-pickup' }))).toThrow('awaiting-pickup');
    expect(readOrder(orderSchema.parse({ ...base, status: 'cancelled' }))).toMatchObject({ cancel: 'cancelled', payment: 'pending' });
    expect(readOrder(orderSchema.parse({ ...base, status: 'processing' })).marketplaceFee).toBeUndefined();
  });

  it('name the payment that they were paid by where its provider can have an account here, and whom their tax is owed to', () => {
    const base = { id: 1, status: 'processing', currency: 'USD', date_created_gmt: '2026-11-21T10:00:00', date_modified_gmt: '2026-11-21T10:00:00', total: '12.15', shipping_total: '2.00', shipping_tax: '0.15', line_items: [{ id: 1, name: 'x', quantity: 1, subtotal: '9.00', total: '9.00', total_tax: '1.00' }], refunds: [], meta_data: [] };
    const through = (payment_method: string, transaction_id = 'T1') => readOrder(orderSchema.parse({ ...base, payment_method, transaction_id })).paidThrough;
    expect([through('stripe'), through('stripe_klarna'), through('ppcp-gateway'), through('woocommerce_payments'), through('cod'), through('stripe', '')]).toEqual([{ provider: 'stripe', reference: 'T1' }, { provider: 'stripe', reference: 'T1' }, { provider: 'paypal', reference: 'T1' }, undefined, undefined, undefined]);
    const taxed = readOrder(orderSchema.parse({ ...base, tax_lines: [{ rate_code: 'US-CA-STATE TAX-1', label: 'State Tax', tax_total: '0.90', shipping_tax_total: '0.15' }, { rate_code: 'US-CA-CITY-2', label: 'City', tax_total: '0.10', shipping_tax_total: '0' }] }));
    expect([taxed.taxes, taxed.lines[0]!.tax]).toEqual([[{ jurisdiction: 'US-CA State Tax', amount: usd(105) }, { jurisdiction: 'US-CA City', amount: usd(10) }], usd(115)]);
  });
});

describe('nothing happens twice, whatever goes wrong', () => {
  it.each(['server-error', 'cut-before', 'cut-after', 'malformed-body', 'schema-drift', 'too-many-requests'] as const)('%s on each call once', async (kind) => {
    for (const route of ['createProduct', 'listProducts', 'updateProduct', 'getProduct', 'currentCurrency']) {
      vendor.setFaults({ rate: 1, kinds: [kind], routes: [route], limit: 1, retryAfterSeconds: 0 });
      await list();
    }
    const { id } = awaitSale(world, clock, 'woocommerce');
    for (const route of ['createNote', 'createRefund', 'getOrder', 'listNotes']) {
      vendor.setFaults({ rate: 1, kinds: [kind], routes: [route], limit: 1, retryAfterSeconds: 0 });
      await insist(() => shop.cancelOrder(id, { reason: 'out-of-stock', message: 'It sold out a moment before.' }));
    }
    expect(vendor.effects()).toMatchObject({ productsCreated: 1, notesWritten: 1, refundsMade: 1 });
    expect(await insist(() => shop.findOffer('RD1'))).toMatchObject({ state: 'live' });
    expect(active()).toHaveLength(1);
  });
});
