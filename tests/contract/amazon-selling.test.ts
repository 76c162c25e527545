import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ZodType } from 'zod';
import { SpClient } from '#connectors/data/amazon-sp-api/index.ts';
import { createAmazonSeller, type AmazonSeller } from '#connectors/marketplaces/amazon/index.ts';
import { pagesSchema } from '#connectors/marketplaces/amazon/find-pages.ts';
import { readOrder } from '#connectors/marketplaces/amazon/read-order.ts';
import { definitionSchema, inventorySchema, listingsItemSchema, messageActionsSchema, messageAttributesSchema, messageSentSchema, oneOrderSchema, orderPageSchema, orderSchema, productTypesSchema, submissionSchema, transactionsSchema } from '#connectors/marketplaces/amazon/schema.ts';
import { isConnectorError } from '#kernel/errors.ts';
import { silentLogger } from '#kernel/log.ts';
import { money } from '#kernel/money.ts';
import { seededRandom } from '#kernel/random.ts';
import { DAY_MS, ManualClock, MINUTE_MS, SECOND_MS } from '#kernel/time.ts';
import type { ListingContent, OfferTerms } from '#engine/listings/ports.ts';
import type { ChannelOrder } from '#engine/orders/ports.ts';
import { createAmazonVendor, PRACTICE_AMAZON, PRACTICE_SELLER_ID, type AmazonVendor } from '#practice/vendors/amazon/index.ts';
import { claimsOn, createWorld, type Product, type World } from '#practice/world/index.ts';
import { examine } from './examine-traffic.ts';
import { recordTraffic, type Recorder } from './record-traffic.ts';
import { SKIP_NOTE, Spec, SPECS_PRESENT } from './spec.ts';
import { loadSpecs } from './used-specs.ts';

if (!SPECS_PRESENT) console.log(SKIP_NOTE);

const START = Date.UTC(2026, 10, 21);

const content = (product: Product, change: Partial<ListingContent> = {}): ListingContent => ({
  title: product.title, description: `<p>${product.title}</p>`, condition: 'new', aspects: {}, imageUrls: ['https://example.com/1.jpg', 'https://example.com/2.jpg'], brand: product.brand, gtins: [product.gtin!],
  packageMeasures: { lengthMm: product.lengthMm, widthMm: product.widthMm, heightMm: product.heightMm, weightGrams: product.weightG }, ...change,
});
const terms = (given: { readonly minor: number; readonly categoryId: string; readonly content: ListingContent; readonly quantity?: number }): OfferTerms => ({
  price: money(given.minor, 'USD'), quantity: given.quantity ?? 4, categoryId: given.categoryId, policies: { fulfilment: '', payment: '', returns: '' }, locationKey: 'home', content: given.content,
});

describe.skipIf(!SPECS_PRESENT)('selling on Amazon follows Amazon’s documents', () => {
  let world: World;
  let clock: ManualClock;
  let vendor: AmazonVendor;
  let recorder: Recorder;
  let client: SpClient;
  let seller: AmazonSeller;
  let products: Product[];

  const allOrders = async (from: number) => {
    const found: ChannelOrder[] = [];
    for await (const page of seller.orders({ modifiedFrom: from })) {
      expect(page.unreadable).toEqual([]);
      found.push(...page.orders);
    }
    return found;
  };

  beforeAll(async () => {
    clock = new ManualClock(START);
    world = createWorld({ seed: 7, clock, productCount: 2_000 });
    vendor = createAmazonVendor(world);
    recorder = await recordTraffic(await vendor.start());
    client = new SpClient({ clock, random: seededRandom(1), log: silentLogger, baseUrl: recorder.baseUrl, loginUrl: recorder.baseUrl, credentials: async () => PRACTICE_AMAZON });
    seller = createAmazonSeller({ client, sellerId: async () => PRACTICE_SELLER_ID });
    products = world.catalog.products.filter((product) => product.kind === 'ordinary' && product.restriction === 'none' && (world.market.snapshot(product.id, START).values.monthlySold ?? 0) > 30).slice(0, 30);
  });
  afterAll(async () => {
    await client.close();
    await recorder.close();
    await vendor.close();
    world.close();
  });

  it('joins a product’s page: checked, put, seen published, repriced, ended and put again', async () => {
    const product = products[0]!;
    const [page, ...others] = await seller.productTypes.pagesOf!({ gtins: [product.gtin!], knownPage: null });
    expect(others).toEqual([]);
    expect(page).toMatchObject({ id: product.asin, category: { id: world.catalog.category(product.category).amazon.productType } });
    expect(await seller.productTypes.pagesOf!({ gtins: [], knownPage: product.asin })).toEqual([page]);
    expect(await seller.restrictions(product.asin, 'new')).toEqual([]);
    const restricted = world.catalog.products.find((entry) => entry.restriction === 'approval-required')!;
    expect(await seller.restrictions(restricted.asin, 'new')).toMatchObject([{ message: expect.stringContaining('approval') as string, link: expect.stringContaining('https://') as string }]);

    const given = { minor: 2_000, categoryId: page!.category.id, content: content(product, { cataloguePage: page!.id, condition: 'used-good', conditionNote: 'A scratch.' }) };
    await seller.putContent('L-1', { ...given.content, quantity: 4 });
    expect(await seller.findOffer('L-1')).toBeNull();
    expect(await seller.ensureOffer('L-1', terms(given))).toMatchObject({ existed: false, offerId: 'L-1' });
    // Amazon works on it for a while
    await expect(seller.publishOffer('L-1')).rejects.toMatchObject({ kind: 'Retryable' });
    clock.advanceTo(clock.now() + 30 * SECOND_MS);
    expect(await seller.publishOffer('L-1')).toEqual({ listingId: product.asin, existed: true });
    expect(await seller.ensureOffer('L-1', terms(given))).toMatchObject({ existed: true, state: 'live', listingId: product.asin, quantity: 4, price: money(2_000, 'USD') });
    await seller.reviseOffer('L-1', 'L-1', { price: money(2_150, 'USD'), quantity: 0 });
    expect(await seller.findOffer('L-1')).toMatchObject({ state: 'out-of-stock', quantity: 0, price: money(2_150, 'USD') });
    await seller.reviseOffer('L-1', 'L-1', { price: money(2_150, 'USD'), floor: money(1_900, 'USD'), quantity: 1 });
    // a floor above the price would make Amazon refuse the quantity too
    await seller.reviseOffer('L-1', 'L-1', { price: money(2_100, 'USD'), floor: money(2_500, 'USD'), quantity: 1 });
    expect(recorder.exchanges.filter(({ method }) => method === 'PATCH').slice(-2).map(({ sent }) => JSON.stringify(sent).match(/minimum_seller_allowed_price":\[\{"schedule":\[\{"value_with_tax":([\d.]+)/)?.[1])).toEqual(['19', '21']);
    expect(await seller.findOffer('L-1')).toMatchObject({ price: money(2_100, 'USD'), quantity: 1 });
    await seller.replaceOffer('L-1', terms({ ...given, minor: 2_300 }));
    await seller.putContent('L-1', { ...given.content, conditionNote: 'Two scratches.', quantity: 4 });
    expect(world.listings('amazon')).toMatchObject([{ sku: 'L-1', productId: product.id, condition: 'used', priceMinor: 2_300, quantity: 4, status: 'active' }]);
    expect(await seller.endOffer('L-1')).toEqual({ listingId: product.asin, existed: false });
    expect(await seller.endOffer('L-1')).toEqual({ existed: true });
    expect(vendor.effects()).toMatchObject({ listingsCreated: 1, listingsReplaced: 0, listingsDeleted: 1 });
  });

  it('asks what a product type wants where there is no page, and makes one', async () => {
    const product = products[1]!;
    const unknown = content(product, { gtins: ['4006381333931'], title: `${product.title} Unlisted`, bullets: ['First.', 'Second.'] });
    expect(await seller.productTypes.pagesOf!({ gtins: unknown.gtins, knownPage: null })).toEqual([]);
    const tree = await seller.productTypes.tree();
    const { suggestions } = await seller.productTypes.suggest(tree.id, product.title);
    const type = suggestions[0]!.id;
    expect(type).toBe(world.catalog.category(product.category).amazon.productType);
    expect(await seller.productTypes.aspects(tree.id, 'NO_SUCH_TYPE')).toBeNull();
    const aspects = (await seller.productTypes.aspects(tree.id, type))!;
    expect(aspects.map((aspect) => [aspect.name, aspect.required, aspect.chosenFromValues])).toEqual([['Manufacturer', true, false], ['Country of Origin', true, true]]);
    // the package's measures are asked for apart: they are the product's, not the channel's
    expect(await seller.productTypes.measures!(type)).toEqual({ size: true, weight: true });
    const refused: unknown = await seller.ensureOffer('L-2', terms({ minor: 1_500, categoryId: type, content: unknown })).catch((error: unknown) => error);
    expect(isConnectorError(refused, 'Rejected')).toBe(true);
    expect((refused as Error).message).toContain("'manufacturer' is required but not supplied (about: manufacturer)");
    expect(vendor.effects().listingsCreated).toBe(1);
    await seller.ensureOffer('L-2', terms({ minor: 1_500, categoryId: type, content: { ...unknown, aspects: { Manufacturer: ['Acme'], 'Country of Origin': ['US'], Colour: ['Red'] } } }));
    expect(vendor.effects().listingsCreated).toBe(2);
    expect(world.listings('amazon').at(-1)).toMatchObject({ sku: 'L-2', productId: null });
  });

  it('names what it may not list', async () => {
    const product = world.catalog.products.find((entry) => entry.restriction === 'not-eligible' && entry.kind === 'ordinary')!;
    await expect(seller.ensureOffer('L-3', terms({ minor: 1_500, categoryId: 'PRODUCT', content: content(product, { cataloguePage: product.asin }) }))).rejects.toThrow('You are not eligible to list this product');
    await expect(seller.ensureOffer('L-3', terms({ minor: 1_500, categoryId: 'PRODUCT', content: content(product, { cataloguePage: product.asin, condition: 'for-parts' }) }))).rejects.toThrow('sold for parts');
    await expect(seller.reviseOffer('L-3', 'L-3', { price: money(1_500, 'USD'), quantity: 1 })).rejects.toThrow('nothing stands under the SKU L-3');
  });

  it('reads orders, reports a shipment once, and learns fees and refunds from the account’s transactions', async () => {
    for (const product of products.slice(2)) {
      const price = Math.round((world.market.snapshot(product.id, clock.now()).values.buyBox ?? 2_000) * 0.8);
      await seller.ensureOffer(`S-${product.id}`, terms({ minor: Math.max(100, price), quantity: 30, categoryId: 'PRODUCT', content: content(product, { cataloguePage: product.asin }) }));
    }
    const from = clock.now();
    clock.advanceTo(from + 5 * DAY_MS);
    const sold = await allOrders(from);
    expect(sold.map((order) => order.orderId).toSorted()).toEqual(world.sales('amazon').map((sale) => sale.id).toSorted());
    const open = sold.find((order) => order.fulfilment === 'not-started' && order.cancel === 'none')!;
    const sale = world.sale(open.orderId)!;
    expect(open).toMatchObject({ payment: 'paid', total: money(sale.totalMinor - sale.salesTaxMinor, 'USD'), lines: [{ sku: sale.sku, quantity: sale.quantity, taxCollectedByChannel: money(sale.salesTaxMinor, 'USD') }], buyer: { name: sale.shipTo.name, country: 'US' } });
    expect(open.marketplaceFee).toBeUndefined();
    const shipment = { lines: open.lines.map(({ lineId, quantity }) => ({ lineId, quantity })), carrier: 'Lasership', trackingNumber: 'LS123456789', shippedAt: clock.now() };
    const reported = await seller.markShipped(open.orderId, shipment);
    expect(reported.existed).toBe(false);
    expect(await seller.markShipped(open.orderId, shipment)).toEqual({ shipmentId: reported.shipmentId, existed: true });
    expect(vendor.effects().shipmentsReported).toBe(1);
    clock.advanceTo(clock.now() + 5 * MINUTE_MS);
    expect(await seller.order(open.orderId)).toMatchObject({ fulfilment: 'fulfilled', marketplaceFee: money(sale.feeMinor, 'USD') });
    expect(await seller.order('111-0000000-0000000')).toBeNull();

    // every order is sent; some come back, and then money moves without the order saying so
    for (const order of sold) {
      if (world.sale(order.orderId)!.status === 'paid') await seller.markShipped(order.orderId, { ...shipment, lines: order.lines.map(({ lineId, quantity }) => ({ lineId, quantity })), carrier: 'USPS', trackingNumber: `9400${order.lines[0]!.lineId}` });
    }
    clock.advanceTo(clock.now() + 30 * DAY_MS);
    world.now();
    const back = world.sales('amazon').find((entry) => entry.return?.refundedAt);
    expect(back).toBeDefined();
    const later = (await allOrders(back!.return!.refundedAt! - 10 * MINUTE_MS)).find((order) => order.orderId === back!.id)!;
    expect(later).toMatchObject({ payment: 'refunded', marketplaceFee: money(back!.feeMinor - back!.feeCreditMinor, 'USD'), refunds: [{ amount: money(back!.totalMinor - back!.salesTaxMinor, 'USD') }] });
    let net = 0;
    for await (const page of seller.transactions!({ modifiedFrom: START })) for (const entry of page) net += entry.orderId === back!.id ? entry.amount.minor : 0;
    expect(net).toBe(back!.feeCreditMinor - back!.feeMinor);

    // buyers who go past the seller: all that is told is money taken, and money that came back
    clock.advanceTo(clock.now() + 45 * DAY_MS);
    const claimed = claimsOn(world, 'amazon');
    expect(claimed.length).toBeGreaterThan(0);
    for (const { sale: of, claim } of claimed) {
      const read = (await seller.order(of.id))!;
      const isBack = claim.won && claim.decidedAt <= clock.now();
      const stands = !isBack && clock.now() < claim.at + 30 * DAY_MS;
      expect(read).toMatchObject({ payment: 'paid', refunds: [], marketplaceFee: money(of.feeMinor, 'USD'), claims: [{ orderId: of.id, state: isBack ? 'won' : stands ? 'taken' : 'lost', amount: money(claim.minor, 'USD'), taken: money(isBack ? 0 : claim.minor, 'USD'), respondBy: stands ? claim.at + 30 * DAY_MS : null }] });
    }
  });

  it('writes to a buyer by the forms that are open for the order, and by no other', async () => {
    for (const product of products.slice(2, 12)) await seller.ensureOffer(`M-${product.id}`, terms({ minor: Math.max(100, Math.round((world.market.snapshot(product.id, clock.now()).values.buyBox ?? 2_000) * 0.8)), quantity: 30, categoryId: 'PRODUCT', content: content(product, { cataloguePage: product.asin }) }));
    clock.advanceTo(clock.now() + 5 * DAY_MS);
    world.now();
    const [paid, cancelled] = ['paid', 'cancelled'].map((status) => world.sales('amazon').find((sale) => sale.status === status));
    const { messages } = seller;
    expect(await messages.open(paid!.id)).toEqual(['order-details', 'delivery-details', 'unexpected-problem']);
    expect(await messages.language(paid!.id)).toBe('en-US');
    for (const kind of await messages.open(paid!.id)) await messages.send(paid!.id, { kind, text: 'Which of the two colours would you like?' });
    expect(vendor.effects().messagesSent).toBe(3);
    expect(await messages.open('111-0000000-0000000')).toEqual([]);
    if (cancelled) expect(await messages.open(cancelled.id)).toEqual([]);
    const shipped = world.sales('amazon').find((sale) => sale.shippedAt !== null && sale.deliveredAt !== null)!;
    await expect(messages.send(shipped.id, { kind: 'order-details', text: 'Which colour?' })).rejects.toMatchObject({ kind: 'Rejected', message: expect.stringContaining('not available for this order') as string });
    await expect(messages.send(paid!.id, { kind: 'order-details', text: 'See https://example.com' })).rejects.toMatchObject({ kind: 'Rejected' });
    expect(vendor.effects().messagesSent).toBe(3);
  });

  it('counts what lies in Amazon’s warehouse, without what buyers have ordered', async () => {
    const sku = 'FBA-1';
    world.actions.putDocument('amazon', `fba/${sku}`, 7);
    expect(await seller.warehouseUnits!([sku, 'UNKNOWN'])).toEqual([{ sku, sellable: 7, reserved: 0, inbound: 0, unsellable: 0 }]);
    expect(inventorySchema.parse({ payload: { inventorySummaries: [{ sellerSku: sku, inventoryDetails: { fulfillableQuantity: 3 } }] } })).toBeDefined();
  });

  it('in every request and every answer', async () => {
    const seen = examine(recorder.exchanges.filter((exchange) => !exchange.path.startsWith('/schemas/')), await loadSpecs('amazon'));
    expect(seen.requestFaults).toEqual([]);
    expect(seen.answerFaults).toEqual([]);
    expect(seen.operations).toEqual(['GetAttributes', 'confirmShipment', 'createConfirmDeliveryDetails', 'createConfirmOrderDetails', 'createUnexpectedProblem', 'deleteListingsItem', 'getDefinitionsProductType', 'getInventorySummaries', 'getListingsItem', 'getListingsRestrictions', 'getMessagingActionsForOrder', 'getOrder', 'listTransactions', 'patchListingsItem', 'putListingsItem', 'searchCatalogItems', 'searchDefinitionsProductTypes', 'searchOrders']);
    expect(vendor.bugs).toEqual([]);
    expect(vendor.counts().byStatus['429']).toBeUndefined();
  });
});

describe.skipIf(!SPECS_PRESENT)('the connector reads Amazon’s own examples', () => {
  const readers: readonly (readonly [file: string, operation: string, schema: ZodType])[] = [
    ['listingsItems_2021-08-01', 'getListingsItem', listingsItemSchema], ['listingsItems_2021-08-01', 'putListingsItem', submissionSchema], ['listingsItems_2021-08-01', 'patchListingsItem', submissionSchema],
    ['listingsItems_2021-08-01', 'deleteListingsItem', submissionSchema], ['definitionsProductTypes_2020-09-01', 'searchDefinitionsProductTypes', productTypesSchema], ['definitionsProductTypes_2020-09-01', 'getDefinitionsProductType', definitionSchema],
    ['orders_2026-01-01', 'searchOrders', orderPageSchema], ['orders_2026-01-01', 'getOrder', oneOrderSchema], ['finances_2024-06-19', 'listTransactions', transactionsSchema], ['catalogItems_2022-04-01', 'searchCatalogItems', pagesSchema],
    ['messaging', 'getMessagingActionsForOrder', messageActionsSchema], ['messaging', 'GetAttributes', messageAttributesSchema], ['messaging', 'createUnexpectedProblem', messageSentSchema], ['messaging', 'createConfirmOrderDetails', messageSentSchema], ['messaging', 'createConfirmDeliveryDetails', messageSentSchema],
  ];
  it.each(readers)('%s %s', async (file, operation, schema) => {
    const spec = await Spec.load(`amazon-sp-api/models/${file}.json`);
    const examples = [...spec.examples()].filter((example) => example.operation === operation && [200, 201].includes(example.status));
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) expect(schema.safeParse(example.body).error?.issues).toBeUndefined();
  });

  it('makes orders of its own of Amazon’s', async () => {
    const spec = await Spec.load('amazon-sp-api/models/orders_2026-01-01.json');
    const examples = [...spec.examples()].filter((example) => example.status === 200).flatMap((example) => ('order' in (example.body as object) ? [(example.body as { order: unknown }).order] : (example.body as { orders: unknown[] }).orders));
    expect(examples.length).toBeGreaterThan(3);
    const faults: string[] = [];
    for (const raw of examples) {
      const order = orderSchema.parse(raw);
      const currency = order.orderItems[0]!.proceeds?.proceedsTotal?.currencyCode ?? order.orderItems[0]!.product.price?.unitPrice?.currencyCode ?? 'USD';
      try {
        const read = readOrder(order, { currency, moved: null });
        expect(read.lines.length).toBe(order.orderItems.length);
      } catch (error) {
        faults.push(`${order.orderId}: ${(error as Error).message}`);
      }
    }
    expect(faults).toEqual([]);
  });
});
