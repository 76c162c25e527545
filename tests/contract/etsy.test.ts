import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawPracticePicture } from '#connectors/images/index.ts';
import { createEtsy, type Etsy } from '#connectors/marketplaces/etsy/index.ts';
import type { ListingContent, OfferTerms } from '#engine/listings/ports.ts';
import type { ChannelOrder } from '#engine/orders/ports.ts';
import { isConnectorError } from '#kernel/errors.ts';
import { silentLogger } from '#kernel/log.ts';
import { money } from '#kernel/money.ts';
import { seededRandom } from '#kernel/random.ts';
import { DAY_MS, HOUR_MS, ManualClock } from '#kernel/time.ts';
import { createEtsyVendor, PRACTICE_ETSY, type EtsyVendor } from '#practice/vendors/etsy/index.ts';
import { createWorld, type Product, type World } from '#practice/world/index.ts';
import { examine } from './examine-traffic.ts';
import { recordTraffic, type Recorder } from './record-traffic.ts';
import { SKIP_NOTE, SPECS_PRESENT } from './spec.ts';
import { loadSpecs } from './used-specs.ts';

if (!SPECS_PRESENT) console.log(SKIP_NOTE);

const START = Date.UTC(2026, 10, 21);
/** As the desk makes them: two characters longer than Etsy takes. */
const OWN_SKU = 'RD0199C7C1A2B34D5E8F90A1B2C3D4E5F6';
const VINTAGE = { 'Who made it': ['Someone else'], 'When it was made': ['1970s'], 'What it is': ['A finished product'] };

const content = (product: Product, change: Partial<ListingContent> = {}): ListingContent => ({
  title: product.title, description: `<p>${product.title} &amp; more</p>`, condition: 'used-good', conditionNote: 'A scratch.', aspects: VINTAGE, imageUrls: ['https://example.com/1.jpg', 'https://example.com/2.jpg'], brand: product.brand, gtins: [product.gtin!],
  packageMeasures: { lengthMm: product.lengthMm, widthMm: product.widthMm, heightMm: product.heightMm, weightGrams: product.weightG }, ...change,
});

describe.skipIf(!SPECS_PRESENT)('selling on Etsy follows Etsy’s document', () => {
  let world: World;
  let clock: ManualClock;
  let vendor: EtsyVendor;
  let recorder: Recorder;
  let etsy: Etsy;
  let account: { keystring: string; sharedSecret: string; refreshToken: string };
  let terms: (given: { readonly minor: number; readonly categoryId: string; readonly content: ListingContent; readonly quantity?: number }) => OfferTerms;
  let products: Product[];

  const open = (baseUrl: string) => createEtsy({
    clock, random: seededRandom(1), log: silentLogger, baseUrl, credentials: () => Promise.resolve(account),
    keepRefreshToken: (refreshToken) => {
      account = { ...account, refreshToken };
      return Promise.resolve();
    },
    fetchPicture: (url) => (url.endsWith('2.jpg') ? Promise.resolve(null) : drawPracticePicture()),
  });
  const categoryOf = async (product: Product) => (await etsy.taxonomy.suggest('seller-taxonomy', product.title)).suggestions[0]!.id;

  beforeAll(async () => {
    clock = new ManualClock(START);
    account = { ...PRACTICE_ETSY };
    world = createWorld({ seed: 7, clock, productCount: 2_000 });
    vendor = createEtsyVendor(world);
    recorder = await recordTraffic(await vendor.start());
    etsy = open(recorder.baseUrl);
    const policies = await etsy.policies();
    terms = (given) => ({ price: money(given.minor, 'USD'), quantity: given.quantity ?? 4, categoryId: given.categoryId, policies: { fulfilment: policies.fulfilment[0]!.id, payment: policies.payment[0]!.id, returns: policies.returns[0]!.id }, locationKey: 'home', content: given.content });
    products = world.catalog.products.filter((product) => product.kind === 'ordinary' && ['jewelry', 'watches'].includes(product.category) && world.catalog.search(product.title, { limit: 1 }).products[0] === product && (world.market.value(product.id, 'ebayUsed', START) ?? 0) > 1_000).slice(0, 40);
    expect(products.length).toBeGreaterThan(10);
  });
  afterAll(async () => {
    await etsy.close();
    await recorder.close();
    await vendor.close();
    world.close();
  });

  it('suggests leaves by the title, and asks who made it, when and what: nobody else knows', async () => {
    const product = products[0]!;
    const tree = await etsy.taxonomy.tree();
    const { suggestions, treeVersion } = await etsy.taxonomy.suggest(tree.id, product.title);
    expect(treeVersion).toBe(tree.version);
    expect(suggestions[0]).toMatchObject({ name: product.noun, path: [world.catalog.category(product.category).name] });
    expect((await etsy.taxonomy.aspects(tree.id, suggestions[0]!.id))!.map((aspect) => [aspect.name, aspect.required, aspect.chosenFromValues])).toEqual([['Who made it', true, true], ['When it was made', true, true], ['What it is', true, true]]);
    expect(await etsy.taxonomy.aspects(tree.id, '1')).toBeNull();
  });

  it('makes a draft, completes it, publishes it, pauses it at nothing and goes on, ends it', async () => {
    const product = products[0]!;
    const given = { minor: 2_500, categoryId: await categoryOf(product), content: content(product) };
    await etsy.putContent('E-1', { ...given.content, quantity: 4 });
    expect(await etsy.findOffer('E-1')).toBeNull();
    const offer = await etsy.ensureOffer('E-1', terms(given));
    expect(offer).toMatchObject({ existed: false, state: 'unpublished' });
    expect(world.listings('etsy')).toEqual([]);
    expect(await etsy.publishOffer(offer.offerId)).toEqual({ listingId: offer.offerId, existed: false });
    expect(await etsy.publishOffer(offer.offerId)).toEqual({ listingId: offer.offerId, existed: true });
    expect(world.listings('etsy')).toMatchObject([{ sku: 'E-1', productId: product.id, condition: 'used', priceMinor: 2_500, quantity: 4, status: 'active' }]);
    expect(await etsy.ensureOffer('E-1', terms(given))).toMatchObject({ existed: true, state: 'live', offerId: offer.offerId });
    await etsy.reviseOffer('E-1', offer.offerId, { price: money(2_600, 'USD'), quantity: 2 });
    expect(await etsy.findOffer('E-1')).toMatchObject({ state: 'live', price: money(2_600, 'USD'), quantity: 2, listingId: offer.offerId });
    await etsy.replaceOffer(offer.offerId, terms({ ...given, minor: 2_700 }));
    await etsy.putContent('E-1', { ...given.content, title: `100% ${product.title} 100%`, quantity: 4 });
    await etsy.reviseOffer('E-1', offer.offerId, { price: money(2_700, 'USD'), quantity: 0 });
    expect(await etsy.findOffer('E-1')).toMatchObject({ state: 'ended', quantity: 0 });
    await etsy.reviseOffer('E-1', offer.offerId, { price: money(2_700, 'USD'), quantity: 3 });
    expect(await etsy.findOffer('E-1')).toMatchObject({ state: 'live', quantity: 3 });
    expect(await etsy.endOffer(offer.offerId)).toEqual({ listingId: offer.offerId, existed: false });
    expect(await etsy.endOffer(offer.offerId)).toEqual({ listingId: offer.offerId, existed: true });
    expect(vendor.effects()).toMatchObject({ draftsCreated: 1, picturesTaken: 1, listingsActivated: 2, listingsPaused: 2 });
    for (const urls of [['https://example.com/3.jpg', 'https://example.com/4.jpg'], ['https://example.com/5.jpg']]) await etsy.putContent('E-1', { ...given.content, imageUrls: urls, quantity: 3, picturesChanged: true });
    expect(world.document('etsy', `listing/${offer.offerId}`)).toMatchObject({ pictures: [expect.any(Number)] });
    await expect(etsy.ensureOffer('E-4', terms({ ...given, content: content(product, { aspects: { ...VINTAGE, 'When it was made': ['2020 to 2026'] } }) }))).rejects.toThrow('made by somebody else, and lately');
    await expect(etsy.ensureOffer('E-2', terms({ ...given, content: content(product, { imageUrls: ['https://example.com/2.jpg'] }) }))).rejects.toThrow('Etsy wants a picture');
  });

  it('finds a draft again whose answer was lost, by its mark, and makes no second one; also after a restart', async () => {
    const product = products[1]!;
    const given = { minor: 2_500, categoryId: await categoryOf(product), content: content(product) };
    const before = vendor.effects().draftsCreated;
    vendor.setFaults({ rate: 1, kinds: ['cut-after'], routes: ['createDraftListing'] });
    const made = await etsy.ensureOffer(OWN_SKU, terms(given));
    vendor.setFaults({ rate: 0 });
    expect(vendor.effects().draftsCreated).toBe(before + 1);
    expect(await etsy.findOffer(OWN_SKU)).toMatchObject({ offerId: made.offerId, state: 'unpublished' });
    const again = open(vendor.baseUrl);
    expect(await again.ensureOffer(OWN_SKU, terms(given))).toMatchObject({ existed: true, offerId: made.offerId });
    expect(await again.findOffer('E-1')).toMatchObject({ state: 'ended' });
    await again.close();
    expect(vendor.effects().draftsCreated).toBe(before + 1);
    // nothing left: it stays a draft
    await etsy.ensureOffer(OWN_SKU, terms({ ...given, quantity: 0 }));
    await etsy.publishOffer(made.offerId);
    expect(world.listings('etsy').some((listing) => listing.sku === OWN_SKU.slice(2))).toBe(false);
  });

  it('reads receipts, reports a shipment once, and knows fees and refunds', async () => {
    for (const product of products.slice(2)) {
      const offer = await etsy.ensureOffer(`S-${product.id}`, terms({ minor: Math.max(200, Math.round(world.market.value(product.id, 'ebayUsed', clock.now())! * 0.5)), quantity: 30, categoryId: await categoryOf(product), content: content(product) }));
      await etsy.publishOffer(offer.offerId);
    }
    const from = clock.now();
    clock.advanceTo(from + 5 * DAY_MS);
    world.now();
    const read = async (since: number) => {
      const found: ChannelOrder[] = [];
      for await (const page of etsy.orders({ modifiedFrom: since })) {
        expect(page.unreadable).toEqual([]);
        found.push(...page.orders);
      }
      return found;
    };
    const sold = await read(from);
    expect(sold.map((order) => order.orderId).toSorted()).toEqual(world.sales('etsy').map((sale) => sale.id).toSorted());
    const unsent = sold.find((order) => order.fulfilment === 'not-started' && order.cancel === 'none')!;
    const sale = world.sale(unsent.orderId)!;
    expect(unsent).toMatchObject({ payment: 'paid', total: money(sale.totalMinor - sale.salesTaxMinor, 'USD'), marketplaceFee: money(sale.feeMinor, 'USD'), lines: [{ sku: sale.sku, taxCollectedByChannel: money(sale.salesTaxMinor, 'USD') }], buyer: { name: sale.shipTo.name } });
    const shipment = { lines: unsent.lines.map(({ lineId, quantity }) => ({ lineId, quantity })), carrier: 'USPS', trackingNumber: '940012345', shippedAt: clock.now() };
    expect((await etsy.markShipped(unsent.orderId, shipment)).existed).toBe(false);
    expect((await etsy.markShipped(unsent.orderId, shipment)).existed).toBe(true);
    expect(vendor.effects().shipmentsReported).toBe(1);
    expect(await etsy.order(unsent.orderId)).toMatchObject({ fulfilment: 'fulfilled', payment: 'paid' });
    expect(await etsy.order('1')).toBeNull();
    const back = sold.find((order) => order.orderId !== unsent.orderId && order.fulfilment === 'not-started' && order.cancel === 'none')!;
    world.actions.giveBack(back.orderId, { reference: 'part', minor: 100 });
    clock.advanceTo(clock.now() + HOUR_MS);
    expect((await read(clock.now() - 2 * HOUR_MS)).find((order) => order.orderId === back.orderId)).toMatchObject({ payment: 'partly-refunded', refunds: [{ amount: money(100, 'USD') }] });
    world.actions.cancelSale(back.orderId);
    const cancelled = world.sale(back.orderId)!;
    expect(await etsy.order(back.orderId)).toMatchObject({ cancel: 'cancelled', marketplaceFee: money(cancelled.feeMinor - cancelled.feeCreditMinor, 'USD') });
    let movements = 0;
    for await (const page of etsy.transactions!({ modifiedFrom: from })) movements += page.length;
    expect(movements).toBeGreaterThan(sold.length * 3);
  });

  it('keeps the refresh token that each renewal hands out, and says when the consent is gone', async () => {
    const first = account.refreshToken;
    expect(first).not.toBe(PRACTICE_ETSY.refreshToken);
    clock.advanceTo(clock.now() + 2 * HOUR_MS);
    await etsy.findOffer('E-1');
    expect(account.refreshToken).not.toBe(first);
    const kept = account;
    account = { ...kept, refreshToken: 'withdrawn' };
    etsy.forgetSession();
    const lost: unknown = await etsy.findOffer('E-1').catch((error: unknown) => error);
    expect(isConnectorError(lost, 'SessionLost')).toBe(true);
    account = kept;
  });

  it('in every request and every answer', async () => {
    const seen = examine(recorder.exchanges, await loadSpecs('etsy'));
    expect(seen.requestFaults).toEqual([]);
    expect(seen.answerFaults).toEqual([]);
    expect(seen.operations).toEqual([
      'createDraftListing', 'createReceiptShipment', 'deleteListingImage', 'getListing', 'getListingImages', 'getListingInventory', 'getListingsByShop', 'getMe', 'getSellerTaxonomyNodes', 'getShop', 'getShopPaymentAccountLedgerEntries', 'getShopPaymentByReceiptId', 'getShopReadinessStateDefinitions',
      'getShopReceipt', 'getShopReceipts', 'getShopReturnPolicies', 'getShopShippingProfiles', 'updateListing', 'updateListingInventory', 'uploadListingImage',
    ]);
    expect(vendor.bugs).toEqual([]);
  });
});
