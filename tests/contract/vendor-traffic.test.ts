import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ZodType } from 'zod';
import { createAmazonSpApi } from '#connectors/data/amazon-sp-api/index.ts';
import { catalogAnswerSchema, catalogItemSchema, feesAnswerSchema, pricingAnswerSchema, priceSchema, restrictionsAnswerSchema, singleFeeAnswerSchema } from '#connectors/data/amazon-sp-api/schema.ts';
import { createKeepa } from '#connectors/data/keepa/index.ts';
import { drawPracticePicture } from '#connectors/images/index.ts';
import { createEbayBrowse } from '#connectors/data/ebay-browse/index.ts';
import { createEbayInsights } from '#connectors/data/ebay-insights/index.ts';
import { salesHistorySchema } from '#connectors/data/ebay-insights/schema.ts';
import { createEbay, createEbayApplication, type Ebay } from '#connectors/marketplaces/ebay/index.ts';
import { rateLimitsSchema } from '#connectors/marketplaces/ebay/rate-limits.ts';
import { aspectsSchema, suggestionsSchema, treeSchema } from '#connectors/marketplaces/ebay/taxonomy.ts';
import type { ChannelClaim, ChannelOrder } from '#engine/orders/ports.ts';
import { silentLogger } from '#kernel/log.ts';
import { money } from '#kernel/money.ts';
import { seededRandom } from '#kernel/random.ts';
import { DAY_MS, ManualClock, toIso } from '#kernel/time.ts';
import { createAmazonVendor, PRACTICE_AMAZON, PRACTICE_SELLER_ID } from '#practice/vendors/amazon/index.ts';
import { aspectsOf, createEbayVendor, leafOf, PRACTICE_EBAY } from '#practice/vendors/ebay/index.ts';
import { createKeepaVendor, PRACTICE_KEEPA_KEY } from '#practice/vendors/keepa/index.ts';
import { CERTAIN_INQUIRIES, createWorld, type Product, type World } from '#practice/world/index.ts';
import { examine } from './examine-traffic.ts';
import { recordTraffic } from './record-traffic.ts';
import { SKIP_NOTE, Spec, SPECS_DIR, SPECS_PRESENT } from './spec.ts';
import { loadSpecs } from './used-specs.ts';

if (!SPECS_PRESENT) console.log(SKIP_NOTE);

const START = Date.UTC(2026, 10, 21);

const question = (asin: string) => ({ externalId: asin, price: money(2_599, 'USD'), shipping: money(499, 'USD'), fulfilledByMarket: true });

interface Selling {
  readonly ebay: Ebay;
  readonly world: World;
  readonly clock: ManualClock;
}

/** Two buyers ask where it is: one is told the number, and eBay is asked to decide; the other has the money back. */
async function answerInquiries({ ebay, world, clock }: Selling, { lost, late, claims }: { readonly lost: ChannelOrder; readonly late: ChannelOrder; readonly claims: () => Promise<readonly ChannelClaim[]> }): Promise<void> {
  const shippedAt = clock.now();
  for (const { orderId, lines } of [lost, late]) {
    await ebay.markShipped(orderId, { lines: lines.map(({ lineId, quantity }) => ({ lineId, quantity })), carrier: 'USPS', trackingNumber: `94${orderId.replaceAll('-', '')}`, shippedAt });
    world.actions.putDocument(CERTAIN_INQUIRIES, orderId, { at: shippedAt });
  }
  clock.advanceTo(shippedAt + DAY_MS);
  const inquiryOf = async (orderId: string) => (await claims()).find((one) => one.orderId === orderId)!;
  const first = await inquiryOf(lost.orderId);
  expect(first).toMatchObject({ kind: 'inquiry', state: 'answer', amount: lost.total, respondBy: shippedAt + 3 * DAY_MS, ways: ['tracking', 'refund', 'escalate'] });
  const say = { message: 'It was sent: the number is with eBay.', shipment: { carrier: 'USPS', trackingNumber: '9400', shippedAt }, known: [] };
  for (const existed of [false, true]) expect(await ebay.answerClaim!(first, { ...say, answer: 'tracking' })).toEqual({ existed });
  expect(await inquiryOf(lost.orderId)).toMatchObject({ state: 'waits', respondBy: null, ways: ['escalate'] });
  for (const existed of [false, true]) expect(await ebay.answerClaim!(first, { ...say, answer: 'escalate' })).toEqual({ existed });
  expect((await claims()).filter(({ orderId }) => orderId === lost.orderId).map(({ kind, state, ways }) => [kind, state, ways])).toEqual([['inquiry', 'closed', []], ['case', 'waits', []]]);
  const second = await inquiryOf(late.orderId);
  for (const existed of [false, true]) expect(await ebay.answerClaim!(second, { ...say, answer: 'refund' })).toEqual({ existed });
  expect((await inquiryOf(late.orderId)).state).toBe('closed');
  expect(await ebay.order(late.orderId)).toMatchObject({ refunds: [{ amount: late.total, pending: true }] });
}

describe.skipIf(!SPECS_PRESENT)('what connectors and practice vendors say to each other follows the vendors’ documents', () => {
  let world: World;
  let clock: ManualClock;
  beforeAll(() => {
    clock = new ManualClock(START);
    world = createWorld({ seed: 7, clock, productCount: 2_000 });
  });
  afterAll(() => world.close());
  const common = () => ({ clock, random: seededRandom(1), log: silentLogger });

  it('Amazon SP-API: catalogue, prices, fees and restrictions', async () => {
    const vendor = createAmazonVendor(world);
    const recorder = await recordTraffic(await vendor.start());
    const amazon = createAmazonSpApi({ ...common(), baseUrl: recorder.baseUrl, loginUrl: recorder.baseUrl, credentials: async () => PRACTICE_AMAZON, sellerId: PRACTICE_SELLER_ID });
    const products = world.catalog.products.filter((product) => product.gtin !== null).slice(0, 45);
    const parent = world.catalog.products.find((product) => product.kind === 'parent')!;
    await amazon.identify([
      ...products.map((product) => ({ kind: 'gtin', value: product.gtin! }) as const), { kind: 'external', value: parent.asin }, { kind: 'isbn10', value: products.find((product) => product.isbn10)!.isbn10! },
      { kind: 'gtin', value: '00000000000000' },
    ]);
    await amazon.currentPrices([...products.map((product) => product.asin), 'B000000000']);
    await amazon.estimateFees([...products.slice(0, 25).map((product) => question(product.asin)), question('B000000000')]);
    await amazon.estimateFees([question(products[0]!.asin)]);
    for (const restriction of ['none', 'approval-required', 'not-eligible'] as const) await amazon.restriction(world.catalog.products.find((product) => product.restriction === restriction)!.asin, 'used-good');
    await amazon.restriction('B000000000', 'new');
    await amazon.close();
    await recorder.close();
    await vendor.close();
    const seen = examine(recorder.exchanges, await loadSpecs('amazon'));
    expect(seen.requestFaults).toEqual([]);
    expect(seen.answerFaults).toEqual([]);
    expect(seen.operations).toEqual(['getCompetitivePricing', 'getListingsRestrictions', 'getMyFeesEstimateForASIN', 'getMyFeesEstimates', 'searchCatalogItems']);
    expect(recorder.exchanges.every((exchange) => exchange.status === 200)).toBe(true);
  });

  it('Amazon SP-API: refusals', async () => {
    const vendor = createAmazonVendor(world);
    const baseUrl = await vendor.start();
    const specOf = await loadSpecs('amazon');
    const refused = await fetch(`${baseUrl}/catalog/2022-04-01/items?marketplaceIds=ATVPDKIKX0DER&keywords=x`);
    expect(refused.status).toBe(403);
    expect(specOf('/catalog/2022-04-01/items')!.checkResponse({ method: 'GET', path: '/catalog/2022-04-01/items', status: 403, body: await refused.json() })).toEqual([]);
    const login = await fetch(`${baseUrl}/auth/o2/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: PRACTICE_AMAZON.refreshToken, client_id: PRACTICE_AMAZON.clientId, client_secret: PRACTICE_AMAZON.clientSecret }) });
    const { access_token: token } = (await login.json()) as { access_token: string };
    const ask = () => fetch(`${baseUrl}/products/pricing/v0/competitivePrice?MarketplaceId=ATVPDKIKX0DER&ItemType=Asin&Asins=B000000000`, { headers: { 'x-amz-access-token': token } });
    expect((await ask()).status).toBe(200);
    const over = await ask();
    expect(over.status).toBe(429);
    expect(specOf('/products/pricing/v0')!.checkResponse({ method: 'GET', path: '/products/pricing/v0/competitivePrice', status: 429, body: await over.json() })).toEqual([]);
    await vendor.close();
  });

  it('eBay: policies, location, item, offer, publish, revise, end, orders, shipment, refund, cancellation, transactions', async () => {
    const vendor = createEbayVendor(world);
    const recorder = await recordTraffic(await vendor.start());
    const ebay = createEbay({ ...common(), baseUrl: recorder.baseUrl, credentials: async () => PRACTICE_EBAY });
    const policies = await ebay.policies();
    await ebay.ensureLocation({ key: 'home', name: 'Home', country: 'US', postalCode: '94105', city: 'San Francisco', stateOrProvince: 'CA', addressLine: '1 Main St' });
    const { address } = await ebay.placePicture!({ sha256: 'a'.repeat(64), jpeg: (await drawPracticePicture()).bytes });
    const sellable = world.catalog.products.filter((product) => product.kind === 'ordinary' && product.gtin !== null && world.market.value(product.id, 'ebayNew', START) !== null).slice(0, 60);
    const terms = (minor: number, product: Product) => ({ price: money(minor, 'USD'), quantity: 4, categoryId: leafOf(world, product), policies: { fulfilment: policies.fulfilment[0]!.id, payment: policies.payment[0]!.id, returns: policies.returns[0]!.id }, locationKey: 'home' });
    for (const [i, product] of sellable.entries()) {
      const sku = `C-${product.id}`;
      await ebay.putContent(sku, {
        title: product.title.slice(0, 80), description: product.bullets.join('\n') || product.title, condition: i === 0 ? 'used-good' : 'new', conditionNote: i === 0 ? 'A scratch.' : undefined, aspects: aspectsOf(world, product),
        imageUrls: [address], brand: product.brand, mpn: product.mpn || undefined, gtins: [product.gtin!], packageMeasures: { lengthMm: product.lengthMm, widthMm: product.widthMm, heightMm: product.heightMm, weightGrams: product.weightG }, quantity: 4,
      });
      const price = Math.max(150, Math.round(world.market.value(product.id, 'ebayNew', START)! * 0.8));
      const offer = await ebay.ensureOffer(sku, terms(price, product));
      await ebay.publishOffer(offer.offerId);
      if (i > 0) continue;
      await ebay.reviseOffer(sku, offer.offerId, { price: money(price + 10, 'USD'), quantity: 3 });
      await ebay.replaceOffer(offer.offerId, terms(price + 20, product));
      await ebay.endOffer(offer.offerId);
      await ebay.findOffer(sku);
    }
    clock.advanceTo(clock.now() + 10 * DAY_MS);
    const orders: ChannelOrder[] = [];
    for await (const page of ebay.orders({ modifiedFrom: START, modifiedUntil: clock.now() })) {
      expect(page.unreadable).toEqual([]);
      orders.push(...page.orders);
    }
    const open = orders.find((order) => order.fulfilment === 'not-started' && order.cancel === 'none')!;
    const [asked, given, lost, late] = orders.filter((order) => order !== open && order.fulfilment === 'not-started' && order.cancel === 'none');
    await ebay.cancelOrder!(asked!.orderId, { reason: 'out-of-stock', message: '' });
    await ebay.refundOrder!(given!.orderId, { reference: 'r', amount: money(150, 'USD'), message: 'A scratch', known: [] });
    expect(await ebay.order(given!.orderId)).toMatchObject({ refunds: [{ amount: money(150, 'USD'), pending: true }] });
    await ebay.markShipped(open.orderId, { lines: open.lines.map(({ lineId, quantity }) => ({ lineId, quantity })), carrier: 'USPS', trackingNumber: '9400100000000000000000', shippedAt: clock.now() });
    expect(await ebay.order(open.orderId)).toMatchObject({ fulfilment: 'fulfilled' });
    for await (const page of ebay.transactions!({ modifiedFrom: START })) expect(page.length).toBeGreaterThan(0);
    world.sale(open.orderId)!.return = { requestedAt: clock.now() - DAY_MS, reason: 'defective', refundedAt: null, refundMinor: 0 };
    const returned = async () => (await ebay.returns!({ openedFrom: START })).find((one) => one.orderId === open.orderId)!;
    expect(await returned()).toMatchObject({ state: 'asked', reason: 'DEFECTIVE_ITEM', ways: ['approve', 'refund'], respondBy: clock.now() + 2 * DAY_MS });
    const { returnId } = await returned();
    expect(await ebay.answerReturn!(returnId, { answer: 'approve', amount: null })).toEqual({ existed: false });
    expect(await ebay.answerReturn!(returnId, { answer: 'approve', amount: null })).toEqual({ existed: true });
    const { state, expected } = await returned();
    expect(state).toBe('approved');
    await expect(ebay.answerReturn!(returnId, { answer: 'refund', amount: money(expected!.minor - 1, 'USD') })).rejects.toThrow('eBay expects another sum');
    for (const existed of [false, true]) expect(await ebay.answerReturn!(returnId, { answer: 'refund', amount: expected })).toEqual({ existed });
    expect([(await returned()).state, vendor.effects().returnsApproved, vendor.effects().returnsRefunded]).toEqual(['closed', 1, 1]);
    const ordersOf = async (listingId: string) => orders.filter(({ lines }) => lines.some((line) => line.listingId === listingId)).map(({ orderId }) => orderId);
    const claims = async () => (await ebay.claims!({ openedFrom: START, ordersOf }))!;
    expect(await claims()).toEqual([]);
    world.actions.putDocument('ebay', 'payment-disputes', [{ paymentDisputeId: '5', orderId: open.orderId, paymentDisputeStatus: 'ACTION_NEEDED', reason: 'ITEM_NOT_RECEIVED', amount: { value: '12.50', currency: 'USD' }, openDate: toIso(clock.now()), respondByDate: toIso(clock.now() + DAY_MS) }]);
    expect(await claims()).toEqual([{ claimId: '5', orderId: open.orderId, state: 'answer', reason: 'ITEM_NOT_RECEIVED', amount: money(1_250, 'USD'), respondBy: clock.now() + DAY_MS }]);
    world.actions.deleteDocument('ebay', 'payment-disputes');
    await answerInquiries({ ebay, world, clock }, { lost: lost!, late: late!, claims });
    expect(vendor.effects()).toMatchObject({ inquiriesTracked: 1, inquiriesEscalated: 1, inquiriesRefunded: 1 });
    await ebay.close();
    await recorder.close();
    await vendor.close();
    const seen = examine(recorder.exchanges, await loadSpecs('ebay'));
    expect(seen.requestFaults).toEqual([]);
    expect(seen.answerFaults).toEqual([]);
    expect(seen.operations).toEqual([
      'bulkUpdatePriceQuantity', 'createCancellation', 'createImageFromFile', 'createInventoryLocation', 'createOffer', 'createOrReplaceInventoryItem', 'createShippingFulfillment', 'escalateInquiry', 'getFulfillmentPolicies', 'getInquiry', 'getInventoryLocation', 'getOffer', 'getOffers',
      'getOrder', 'getOrders', 'getPaymentDisputeSummaries', 'getPaymentPolicies', 'getReturn', 'getReturnPolicies', 'getShippingFulfillments', 'getTransactions', 'issueInquiryRefund', 'issueRefund', 'issueReturnRefund', 'processReturnRequest', 'provideInquiryShipmentInfo', 'publishOffer', 'search', 'searchCases', 'searchInquiries', 'searchReturns', 'updateOffer', 'withdrawOffer',
    ]);
  });

  it('eBay: categories, what they ask for, what others ask, and limits', async () => {
    const vendor = createEbayVendor(world);
    const recorder = await recordTraffic(await vendor.start());
    const application = createEbayApplication({ ...common(), baseUrl: recorder.baseUrl, credentials: async () => PRACTICE_EBAY });
    const seller = createEbay({ ...common(), baseUrl: recorder.baseUrl, credentials: async () => PRACTICE_EBAY });
    const browse = createEbayBrowse({ ...common(), baseUrl: recorder.baseUrl, credentials: async () => PRACTICE_EBAY });
    const insights = createEbayInsights({ ...common(), baseUrl: recorder.baseUrl, credentials: async () => PRACTICE_EBAY });
    const tree = await application.tree();
    const products = ['books', 'media', 'tools', 'instruments'].map((category) => world.catalog.products.find((product) => product.category === category && product.kind === 'ordinary' && product.gtin?.length === 12) ?? world.catalog.products.find((product) => product.category === category && product.kind === 'ordinary')!);
    for (const product of products) {
      const { suggestions } = await application.suggest(tree.id, product.title);
      expect(suggestions[0]).toMatchObject({ id: leafOf(world, product), path: [expect.any(String)] });
      expect((await application.aspects(tree.id, suggestions[0]!.id))!.some((aspect) => aspect.required)).toBe(true);
      await browse.askingPrices({ code: { kind: 'gtin', value: product.gtin! }, onlyNew: true });
      expect((await browse.askingPrices({ words: product.title })).unreadable).toEqual([]);
      expect((await insights.sold({ kind: 'gtin', value: product.gtin! }))!.units).toBe(world.market.ebaySold(product.id, { from: world.now() - 90 * DAY_MS, to: world.now() }).reduce((sum, { units }) => sum + units, 0));
    }
    // no leaf, another tree's, words that say nothing
    expect(await application.aspects(tree.id, '293')).toBeNull();
    expect(await application.aspects(tree.id, '1')).toBeNull();
    expect((await application.suggest(tree.id, 'zzzz qqqq')).suggestions).toEqual([]);
    const told = [...(await application.rateLimits()), ...(await seller.userRateLimits())];
    expect(told).toContainEqual({ api: 'buyBrowse', limit: 5_000, windowSeconds: 86_400, remaining: expect.any(Number) });
    expect(told.map((limit) => limit.api)).toContain('sellInventory');
    for (const client of [application, seller, browse]) client.applyLimits(told);
    expect(browse.quota()).toMatchObject({ told: true, unit: 'call' });
    expect(seller.quotaOf('sellInventory').told).toBe(true);
    await Promise.all([application.close(), seller.close(), browse.close(), insights.close()]);
    await recorder.close();
    await vendor.close();
    const seen = examine(recorder.exchanges, await loadSpecs('ebay'));
    expect(seen.requestFaults).toEqual([]);
    expect(seen.answerFaults).toEqual([]);
    expect(seen.operations).toEqual(['getCategorySuggestions', 'getDefaultCategoryTreeId', 'getItemAspectsForCategory', 'getRateLimits', 'getUserRateLimits', 'search']);
  });

  it.each([
    ['ebay/oas3/commerce_taxonomy_v1_oas3.json', { getDefaultCategoryTreeId: treeSchema, getCategorySuggestions: suggestionsSchema, getItemAspectsForCategory: aspectsSchema }],
    ['ebay/oas3/buy_marketplace_insights_v1_beta_oas3.json', { search: salesHistorySchema }],
    ['ebay/oas3/developer_analytics_v1_beta_oas3.json', { getRateLimits: rateLimitsSchema, getUserRateLimits: rateLimitsSchema }],
  ])('every example of %s parses', async (file, schemas) => {
    const spec = await Spec.load(file);
    for (const example of spec.examples()) {
      const schema = (schemas as Record<string, ZodType>)[example.operation];
      if (schema && example.status === 200) expect(schema.safeParse(example.body).error?.issues).toBeUndefined();
    }
  });

  it('Keepa: products of every kind, tokens, and the answer when they run out', async () => {
    const vendor = createKeepaVendor(world, { refillRate: 20, gzip: true });
    const recorder = await recordTraffic(await vendor.start());
    const keepa = createKeepa({ ...common(), baseUrl: recorder.baseUrl, credentials: async () => ({ key: PRACTICE_KEEPA_KEY }) });
    const kinds = (['ordinary', 'map', 'parent'] as const).flatMap((kind) => world.catalog.products.filter((product) => product.kind === kind).slice(0, 3));
    await keepa.lookup(kinds.map((product) => ({ kind: 'external', value: product.asin })), { buyBox: true });
    await keepa.lookup([{ kind: 'external', value: 'B000000000' }, { kind: 'gtin', value: kinds[0]!.gtin! }]);
    await keepa.close();
    const exhausted = await fetch(`${recorder.baseUrl}/product?key=${PRACTICE_KEEPA_KEY}&domain=1&history=0&asin=${Array.from({ length: 100 }, () => 'B000000000').join(',')}`);
    expect(exhausted.status).toBe(200);
    for (let i = 0; i < 12; i++) await (await fetch(`${recorder.baseUrl}/product?key=${PRACTICE_KEEPA_KEY}&domain=1&history=0&asin=${Array.from({ length: 100 }, () => 'B000000000').join(',')}`)).arrayBuffer();
    await recorder.close();
    await vendor.close();
    const schema = JSON.parse(readFileSync(path.join(SPECS_DIR, 'keepa/keepa-backend.schema.json'), 'utf8')) as { $defs: Record<string, { properties?: Record<string, unknown> }> };
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    ajv.addSchema(schema, 'keepa');
    const validate = ajv.getSchema('keepa#/$defs/Response')!;
    const faults = recorder.exchanges.flatMap((exchange) => (validate(exchange.answered) ? [] : (validate.errors ?? []).map((error) => `${exchange.path} ${exchange.status}: ${error.instancePath} ${error.message ?? ''}`)));
    expect(faults).toEqual([]);
    // The schema lets unknown fields pass, so a misspelt one would too: every field of a product must be one that Keepa has.
    const known = new Set(Object.keys(schema.$defs['Product']!.properties!));
    const strange = recorder.exchanges.flatMap((exchange) => ((exchange.answered as { products?: object[] }).products ?? []).flatMap((product) => Object.keys(product))).filter((name) => !known.has(name));
    expect([...new Set(strange)]).toEqual([]);
    expect(new Set(recorder.exchanges.map((exchange) => exchange.status))).toEqual(new Set([200, 429]));
    expect(recorder.exchanges.flatMap((exchange) => ((exchange.answered as { products?: { productType: number }[] }).products ?? []).map((product) => product.productType))).toEqual(expect.arrayContaining([0, 3, 4, 5]));
  });
});

describe.skipIf(!SPECS_PRESENT)('connectors read Amazon’s own examples', () => {
  const readers: readonly (readonly [file: string, operation: string, read: (body: never) => void])[] = [
    ['amazon-sp-api/models/catalogItems_2022-04-01.json', 'searchCatalogItems', (body) => {
      // Examples of requests that ask for fewer data sets lack what the connector always asks for; what is there must read.
      for (const item of catalogAnswerSchema.parse(body).items) catalogItemSchema.partial().parse(item);
    }],
    ['amazon-sp-api/models/productPricingV0.json', 'getCompetitivePricing', (body) => pricingAnswerSchema.parse(body).payload.forEach((entry) => priceSchema.parse(entry))],
    ['amazon-sp-api/models/productFeesV0.json', 'getMyFeesEstimates', (body) => feesAnswerSchema.parse(body)],
    ['amazon-sp-api/models/productFeesV0.json', 'getMyFeesEstimateForASIN', (body) => singleFeeAnswerSchema.parse(body)],
    ['amazon-sp-api/models/listingsRestrictions_2021-08-01.json', 'getListingsRestrictions', (body) => restrictionsAnswerSchema.parse(body)],
  ];
  it.each(readers)('%s %s', async (file, operation, read) => {
    const spec = await Spec.load(file);
    const examples = [...spec.examples()].filter((example) => example.operation === operation && example.status === 200);
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) read(example.body as never);
  });
});
