import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createShopify, type Shopify } from '#connectors/marketplaces/shopify/index.ts';
import { DOCUMENTS } from '#connectors/marketplaces/shopify/documents.ts';
import { drawPracticePicture } from '#connectors/images/index.ts';
import { silentLogger } from '#kernel/log.ts';
import { money } from '#kernel/money.ts';
import { seededRandom } from '#kernel/random.ts';
import { DAY_MS, ManualClock, MINUTE_MS } from '#kernel/time.ts';
import { createShopifyVendor, PRACTICE_SHOPIFY, type ShopifyVendor } from '#practice/vendors/shopify/index.ts';
import { CERTAIN_CLAIMS, claimsOn, createWorld, type World } from '#practice/world/index.ts';
import { awaitSale, mostWanted } from '#tests/support/most-wanted.ts';
import { GraphqlSchema } from './graphql-schema.ts';
import { recordTraffic, type Recorder } from './record-traffic.ts';
import { SKIP_NOTE, SPECS_DIR } from './spec.ts';

const FILE = 'shopify/admin_2026-07.json.gz';
const PRESENT = existsSync(path.join(SPECS_DIR, FILE));
if (!PRESENT) console.log(SKIP_NOTE);

interface Sent {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

describe.skipIf(!PRESENT)('what is said to Shopify follows its schema', () => {
  let schema: GraphqlSchema;
  let recorder: Recorder;
  let vendor: ShopifyVendor;
  let world: World;
  let shop: Shopify;
  let exchanges: { readonly sent: Sent; readonly data: unknown }[];
  const clock = new ManualClock(Date.UTC(2026, 10, 21));

  beforeAll(async () => {
    schema = GraphqlSchema.load(FILE);
    world = createWorld({ seed: 3, clock, productCount: 1_000 });
    vendor = createShopifyVendor(world, { payouts: true });
    recorder = await recordTraffic(await vendor.start());
    shop = createShopify({ clock, random: seededRandom(1), log: silentLogger, account: async () => ({ address: recorder.baseUrl, ...PRACTICE_SHOPIFY }) });
    await sellThrough();
    exchanges = recorder.exchanges.flatMap(({ path: at, sent, answered }) => (at.endsWith('graphql.json') ? [{ sent: sent as Sent, data: (answered as { data?: unknown }).data }] : []));
  });
  afterAll(async () => {
    await shop?.close();
    await recorder?.close();
    await vendor?.close();
    world?.close();
  });

  /** Every call that the connector can make. */
  async function sellThrough(): Promise<void> {
    const { product, goingMinor } = mostWanted(world);
    const price = money(Math.round(goingMinor * 0.7), 'USD');
    const content = { title: product.title, description: 'x', condition: 'used-good' as const, conditionNote: 'A scratch', bullets: ['One'], aspects: { Colour: ['Red'] }, imageUrls: [] as string[], brand: product.brand, gtins: [product.gtin!], quantity: 4, packageMeasures: { weightGrams: 300 } };
    const terms = { price, quantity: 4, categoryId: '', policies: { fulfilment: '', payment: '', returns: '' }, locationKey: 'home' };
    await shop.check();
    const { bytes } = await drawPracticePicture();
    const { address } = await shop.placePicture!({ sha256: 'b'.repeat(64), jpeg: bytes });
    for (const sku of ['RD-1', 'RD-2']) {
      await shop.putContent(sku, { ...content, imageUrls: [address, 'https://images.example/1.jpg'], condition: sku === 'RD-1' ? 'new' : 'used-good' });
      await shop.putContent(sku, content);
      await shop.putContent(sku, { ...content, imageUrls: ['https://images.example/2.jpg'], picturesChanged: true });
      const { offerId } = await shop.ensureOffer(sku, terms);
      await shop.publishOffer(offerId);
      await shop.replaceOffer(offerId, { ...terms, quantity: 3 });
      if (sku === 'RD-2') await shop.endOffer(offerId);
      else await shop.reviseOffer(sku, offerId, { price, quantity: 2 });
    }
    // Somebody took it from the location, so that it has to be stocked there again.
    const taken = vendor.product('RD-2')!;
    world.actions.putDocument('shopify', `product/${taken.id}`, { ...taken, stock: null });
    await shop.reviseOffer('RD-2', taken.id, { price, quantity: 1 });
    const first = awaitSale(world, clock, 'shopify');
    for await (const page of shop.orders({ modifiedFrom: world.startAt - MINUTE_MS, modifiedUntil: clock.now() })) expect(page.unreadable).toEqual([]);
    await shop.refundOrder(first.id, { reference: 'ref_1', amount: money(100, 'USD'), message: 'A scratch' });
    await shop.markShipped(first.id, { lines: [{ lineId: first.lineItemId, quantity: first.quantity }], carrier: 'USPS', trackingNumber: '9400', shippedAt: clock.now() });
    await shop.order(first.id);
    clock.advanceTo(clock.now() + 5 * DAY_MS);
    const payouts = (await shop.payouts!({ modifiedFrom: world.startAt }))!;
    expect(payouts.flatMap((payout) => payout.orders).find(({ orderId }) => orderId === first.id)!.amount.minor).toBe(first.totalMinor - first.feeMinor - 100);
    for (const payout of payouts) expect(payout.orders.reduce((sum, { amount }) => sum + amount.minor, 0)).toBe(payout.amount.minor);
    if ((await shop.findOffer('RD-1'))!.quantity === 0) await shop.reviseOffer('RD-1', (await shop.findOffer('RD-1'))!.offerId, { price, quantity: 2 });
    await shop.cancelOrder(awaitSale(world, clock, 'shopify').id, { reason: 'other', message: 'Given up' });

    // a bank's dispute: the money is taken with a fee, and both come back where it is won
    world.actions.putDocument(CERTAIN_CLAIMS, first.id, { won: true });
    const known = () => claimsOn(world, 'shopify').find(({ sale }) => sale.id === first.id)?.claim;
    while (!known()) clock.advanceTo(clock.now() + DAY_MS);
    const { at, dueAt, decidedAt, minor } = known()!;
    const read = async () => (await shop.claims!({ openedFrom: at - DAY_MS, ordersOf: async () => [] }))!.find(({ orderId }) => orderId === first.id);
    expect(await read()).toMatchObject({ state: 'answer', amount: money(minor, 'USD'), taken: money(minor, 'USD'), fee: money(1_500, 'USD'), respondBy: dueAt });
    clock.advanceTo(decidedAt + DAY_MS);
    expect(await read()).toMatchObject({ state: 'won', taken: money(0, 'USD'), fee: money(0, 'USD'), respondBy: null });
  }

  it.each(Object.entries(DOCUMENTS))('%s asks for nothing that there is not', (_name, { text }) => {
    expect(schema.checkDocument(text)).toEqual([]);
  });

  it('each document was sent, with values that the schema takes', () => {
    const sent = new Set(exchanges.map((exchange) => exchange.sent.query));
    expect(Object.entries(DOCUMENTS).flatMap(([name, { text }]) => (sent.has(text) ? [] : [name]))).toEqual([]);
    for (const { sent: { query, variables } } of exchanges) expect(schema.checkVariables(query, variables)).toEqual([]);
  });

  it('the practice shop answers what the schema says', () => {
    for (const { sent, data } of exchanges) expect(schema.checkAnswer(sent.query, data)).toEqual([]);
    expect(vendor.bugs).toEqual([]);
  });

  it('faults are seen: an unknown field, a missing argument, a wrong variable, a value that does not fit', () => {
    expect(schema.checkDocument('query A($id: ID!) { product(id: $id) { id nickname } }')).toEqual(['Product.nickname: there is no such field']);
    expect(schema.checkDocument('query A { product { id } }')).toEqual(['QueryRoot.product: the argument id is missing']);
    expect(schema.checkDocument('query A($id: String!) { product(id: $id) { id priceRange { minVariantPrice { amount } } } }')).toEqual(['QueryRoot.product(id): $id is String!, not ID!', 'Product.priceRange: deprecated']);
    expect(schema.checkVariables(DOCUMENTS.setStock.text, { input: { name: 'available', reason: 'x', quantities: [{ locationId: 'a', quantity: '1', extra: 1 }] }, key: 'k' })).toEqual([
      '$input.quantities[0]: there is no field extra', '$input.quantities[0].inventoryItemId: is missing', '$input.quantities[0].quantity: "1" is no Int',
    ]);
    expect(schema.checkAnswer('query A($id: ID!) { product(id: $id) { id status } }', { product: { id: null, status: 'SOLD' } })).toEqual(['A.product.id: is never null', 'A.product.status: SOLD is none of ProductStatus']);
  });
});
