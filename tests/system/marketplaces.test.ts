import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memorySecrets } from '#app/hosting/memory-secrets.ts';
import { composeApp, type App, type DeskClient } from '#app/compose.ts';
import { createInProcessClient } from '#app/transports/in-process.ts';
import type { contract } from '#contract/index.ts';
import { LIST_WORKFLOW } from '#engine/flows/list.ts';
import { SYNC_ORDERS } from '#engine/orders/index.ts';
import { silentLogger } from '#kernel/log.ts';
import { money } from '#kernel/money.ts';
import { seededRandom } from '#kernel/random.ts';
import { HOUR_MS, ManualClock, MINUTE_MS } from '#kernel/time.ts';
import { PRACTICE_CREDENTIALS } from '#practice/credentials.ts';
import { startMarket, type PracticeMarket } from '#practice/market.ts';
import type { Channel, Product, Sale } from '#practice/world/types.ts';

const START = Date.UTC(2026, 8, 1);
const UNITS = 6;
let clock: ManualClock;
let market: PracticeMarket;
let app: App;
let desk: DeskClient;
let dir: string;

beforeEach(async () => {
  clock = new ManualClock(START);
  market = await startMarket({ seed: 3, clock, productCount: 1_000, priceListRows: 50 });
  dir = mkdtempSync(path.join(tmpdir(), 'resale-marketplaces-'));
  const baseUrls = Object.fromEntries(Object.entries(market.vendors).map(([name, vendor]) => [name, vendor.baseUrl]));
  app = await composeApp({
    version: '0', dataDir: dir, rootDir: process.cwd(), clock, random: seededRandom(1), log: silentLogger, secrets: memorySecrets(), disposable: true,
    practice: { seed: 3, speed: 0, baseUrls, keys: PRACTICE_CREDENTIALS, sources: [] },
  });
  desk = createInProcessClient<typeof contract>(app);
});
afterEach(async () => {
  await app.stop();
  expect(Object.values(market.vendors).flatMap((vendor) => vendor.bugs)).toEqual([]);
  await market.close();
  rmSync(dir, { recursive: true, force: true });
});

/** Works until nothing is due; what waits for a channel gets its minutes. */
async function settle(minutes = 3): Promise<void> {
  await app.parts.ctx.jobs.runDue();
  for (let gone = 0; gone < minutes; gone++) {
    clock.advanceTo(clock.now() + MINUTE_MS);
    await app.parts.ctx.jobs.runDue();
  }
}
async function sync(): Promise<void> {
  const { db, jobs } = app.parts.ctx;
  await db.transaction((tx) => jobs.add(tx, { kind: SYNC_ORDERS, payload: {}, uniqueKey: SYNC_ORDERS }));
  await settle();
}

/** What many buy on eBay, with its going price: such a thing sells within days wherever it is offered. */
function wanted(fits: (product: Product) => boolean): { product: Product; goingMinor: number } {
  const { world } = market;
  const found = world.catalog.products.filter((product) => product.kind === 'ordinary' && product.gtin?.length === 12 && fits(product)).map((product) => ({ product, snapshot: world.market.snapshot(product.id, START) }))
    .filter(({ snapshot }) => (snapshot.values.ebayNew ?? 0) > 1_500 && (snapshot.values.buyBox ?? 0) > 1_500).toSorted((a, b) => (b.snapshot.values.monthlySold ?? 0) - (a.snapshot.values.monthlySold ?? 0))[0]!;
  return { product: found.product, goingMinor: Math.min(found.snapshot.values.ebayNew!, found.snapshot.values.buyBox!) };
}

/** Goods on the shelf with a picture, up for sale on eBay, too dear there for anybody: so that it is the other channel that sells. */
async function stock({ product, goingMinor }: { product: Product; goingMinor: number }): Promise<string> {
  const { db, workflows } = app.parts.ctx;
  const { lotId } = await desk.stockByHand.add({
    key: 'marketplaces-1', productId: null, gtin: product.gtin!.padStart(14, '0'), title: product.title, brand: product.brand || null, condition: 'new', quantity: UNITS, totalCost: money(UNITS * 50, 'USD'), location: 'A1', booking: 'opening', receipt: null,
    salePrice: money(Math.round(goingMinor * 0.7), 'USD'), list: false,
  });
  const { productId } = await db.prisma.stockLot.findUniqueOrThrow({ where: { id: lotId } });
  const at = clock.now();
  await db.transaction(async (tx) => {
    await tx.source.create({ data: { id: 'src_1', kind: 'woocommerce', name: 'Shop', baseUrl: 'https://shop.example', config: '{}', enabled: false, createdAt: at } });
    await tx.offer.create({ data: { id: 'off_1', sourceId: 'src_1', externalId: '1', contentHash: 'x', facts: '{}', url: 'https://shop.example/1', title: 'Thing', condition: 'new', packSize: 1, priceMinor: 100, currency: 'USD', imageUrl: 'https://images.example/thing.jpg', productId, state: 'evaluated', firstSeenAt: at, lastSeenAt: at } });
    await workflows.start(tx, LIST_WORKFLOW, `${LIST_WORKFLOW}:${lotId}`, { lotId });
  });
  await settle(0);
  const [onEbay] = (await desk.listings.list({ limit: 10 })).items;
  await desk.listings.setPrice({ id: onEbay!.id, version: onEbay!.version, price: money(goingMinor * 2, 'USD') });
  await settle(0);
  return lotId;
}

const listingOn = async (channel: string) => (await desk.listings.list({ limit: 10 })).items.find((listing) => listing.channel === channel)!;
const standing = (channel: Channel) => market.world.listings(channel).find(({ status }) => status === 'active');
const onHand = async (lotId: string) => (await desk.stock.list({ limit: 10 })).items.find(({ id }) => id === lotId)!.onHand;
const orderOf = async (sale: Sale) => (await desk.orders.list({ limit: 50 })).items.find(({ externalId }) => externalId === sale.id)!;

async function soldOn(channel: Channel): Promise<Sale> {
  for (let hours = 0; hours < 24 * 30; hours++) {
    clock.advanceTo(clock.now() + HOUR_MS);
    market.world.now();
    const sale = market.world.sales(channel).find(({ status }) => status === 'paid');
    if (sale) return sale;
  }
  throw new Error(`nobody bought on ${channel}`);
}

async function offer(channel: string): Promise<void> {
  const onEbay = await listingOn('ebay-us');
  expect((await desk.listings.channels({ id: onEbay.id })).map((option: { channel: string }) => option.channel)).toContain(channel);
  await desk.listings.offer({ id: onEbay.id, channel });
  await settle();
}

/** The channel takes no refund from a program: a person gives it on the order's page there, and it is booked when the channel shows it. */
async function givenBackThere(sale: Sale, site: string): Promise<void> {
  const { id } = await orderOf(sale);
  const asked = await desk.orders.get({ id });
  expect(asked).toMatchObject({ refundWay: 'by-hand', cancelWay: null, page: expect.stringContaining(site) as string });
  expect(asked.page).toContain(sale.id);
  await expect(desk.orders.refund({ id, version: asked.version, amount: money(130, 'USD'), message: 'A scratch' })).rejects.toMatchObject({ code: 'INVALID' });
  await desk.orders.byHand({ id, version: asked.version, what: 'refund', amount: money(130, 'USD') });
  await sync();
  expect(await desk.orders.get({ id })).toMatchObject({ byHand: { what: 'refund' }, refundable: asked.refundable });
  expect(market.world.actions.giveBack(sale.id, { reference: 'by-hand', minor: 130 }).ok).toBe(true);
  clock.advanceTo(clock.now() + HOUR_MS);
  await sync();
  expect(await desk.orders.get({ id })).toMatchObject({ byHand: null, problems: [], refundable: money(asked.refundable!.minor - 130, 'USD') });
}

/** By the form that Amazon has open for the order, once. */
async function writesToBuyer(orderId: string): Promise<void> {
  expect(await desk.orderMessages.open({ orderId })).toEqual({ kinds: ['order-details', 'delivery-details', 'unexpected-problem'], language: 'en-US', mostCharacters: 2_000 });
  const message = { orderId, kind: 'order-details', text: 'Which of the two colours would you like?', key: 'marketplaces-message-1' } as const;
  await expect(desk.orderMessages.send({ ...message, text: 'See www.example.com' })).rejects.toMatchObject({ code: 'FORBIDDEN_CONTENT' });
  const { id } = await desk.orderMessages.send(message);
  expect((await desk.orderMessages.send(message)).id).toBe(id);
  await settle();
  expect(await desk.orderMessages.list({ orderId })).toMatchObject({ possible: true, messages: [{ id, state: 'sent' }] });
  expect(market.vendors['amazon']!.counts().byRoute['createConfirmOrderDetails']).toBe(1);
}

describe('Amazon, beside eBay', () => {
  it('joins the product’s page there, sells it, ships it, learns its fee, and neither channel offers what the other has sold', async () => {
    const thing = wanted(({ restriction }) => restriction === 'none');
    const lotId = await stock(thing);
    await offer('amazon-us');
    const listed = await listingOn('amazon-us');
    expect(listed).toMatchObject({ state: 'active', quantity: UNITS, stopReason: null, externalId: thing.product.asin });
    expect(standing('amazon')).toMatchObject({ sku: listed.sku, quantity: UNITS, priceMinor: listed.price.minor, productId: thing.product.id, condition: 'new' });

    const sale = await soldOn('amazon');
    await sync();
    const paid = await orderOf(sale);
    expect(paid).toMatchObject({ channel: 'amazon-us', state: 'paid', total: money(sale.totalMinor - sale.salesTaxMinor, 'USD') });
    const left = await onHand(lotId);
    expect(left).toBeLessThan(UNITS);
    expect([standing('ebay')!.quantity, standing('amazon')!.quantity]).toEqual([left, left]);

    await writesToBuyer(paid.id);
    await desk.orders.ship({ id: paid.id, version: paid.version, carrier: 'USPS', tracking: '9400123456' });
    await settle();
    expect(market.world.sale(sale.id)).toMatchObject({ status: 'shipped', tracking: { carrier: 'USPS', number: '9400123456' } });
    clock.advanceTo(clock.now() + HOUR_MS);
    await sync();
    expect(await orderOf(sale)).toMatchObject({ state: 'shipped', fees: money(sale.feeMinor, 'USD') });
    await givenBackThere(sale, 'sellercentral.amazon.com');

    const now = await listingOn('amazon-us');
    await desk.listings.setPrice({ id: now.id, version: now.version, price: money(now.price.minor + 111, 'USD') });
    await settle();
    expect(standing('amazon')).toMatchObject({ priceMinor: now.price.minor + 111, quantity: await onHand(lotId) });
    const ending = await listingOn('amazon-us');
    await desk.listings.end({ id: ending.id, version: ending.version });
    await settle();
    expect(standing('amazon')).toBeUndefined();
    expect(await listingOn('amazon-us')).toMatchObject({ state: 'ended' });
    expect(await app.verifyBooks()).toMatchObject({ sound: true, findings: [], miscounted: [] });
  });

  it('sells what lies in its own warehouse there alone, asks nobody to pack it, and books no postage', async () => {
    const thing = wanted(({ restriction }) => restriction === 'none');
    const lotId = await stock(thing);
    // the measures by which Amazon's fees for sending go
    const { productId } = await app.parts.ctx.db.prisma.stockLot.findUniqueOrThrow({ where: { id: lotId } });
    await app.parts.ctx.db.prisma.product.update({ where: { id: productId }, data: { weightG: 200, lengthMm: 150, widthMm: 100, heightMm: 30 } });
    const lot = (await desk.stock.list({ limit: 10 })).items.find(({ id }) => id === lotId)!;
    const options = (await desk.listings.channels({ id: (await listingOn('ebay-us')).id })).filter(({ channel }) => channel === 'amazon-us');
    expect(new Set(options.map(({ ifMovedTo }) => ifMovedTo))).toEqual(new Set([null, 'Amazon FBA']));
    expect(options.map(({ refusal }) => refusal)).toEqual([null, null]);
    expect(new Set(options.map(({ fees }) => fees!.minor)).size).toBe(2);
    await desk.stockCounts.move({ id: lotId, version: lot.version, units: UNITS, location: 'Amazon FBA', condition: 'new', reason: 'sent in', list: false });
    market.world.actions.putDocument('amazon', `fba/${lot.sku}`, UNITS);
    await settle();
    expect([(await listingOn('ebay-us')).state, standing('ebay')]).toEqual(['ended', undefined]);
    await offer('amazon-us');
    const listed = await listingOn('amazon-us');
    expect(listed).toMatchObject({ state: 'active', stopReason: null });
    const kept = () => (market.world.document('amazon', `item/${lot.sku}`) as { attributes: Record<string, unknown> }).attributes['fulfillment_availability'];
    expect([kept(), standing('amazon')!.quantity]).toEqual([[{ fulfillment_channel_code: 'AMAZON_NA' }], UNITS]);
    // a new price tells Amazon no quantity, and does not take the goods out of its hands
    await desk.listings.setPrice({ id: listed.id, version: listed.version, price: money(listed.price.minor + 50, 'USD') });
    await settle();
    expect([kept(), standing('amazon')!.priceMinor]).toEqual([[{ fulfillment_channel_code: 'AMAZON_NA' }], listed.price.minor + 50]);

    const sale = await soldOn('amazon');
    await sync();
    const paid = await orderOf(sale);
    expect(await desk.orders.get({ id: paid.id })).toMatchObject({ state: 'paid', sentByChannel: true, cancelWay: null });
    expect((await desk.system.today()).items.filter(({ kind }) => kind === 'ship')).toEqual([]);
    await expect(desk.orders.ship({ id: paid.id, version: paid.version, carrier: 'USPS', tracking: '94001' })).rejects.toMatchObject({ code: 'INVALID' });
    clock.advanceTo(clock.now() + 13 * HOUR_MS);
    await sync();
    expect(await desk.orders.get({ id: paid.id })).toMatchObject({ state: 'shipped', lines: [{ postage: money(0, 'USD') }] });
    expect(await onHand(lotId)).toBe(standing('amazon')!.quantity);
    const { count } = await desk.listings.warehouse({ lotId, fresh: true });
    expect(count).toMatchObject({ channel: 'amazon-us', booked: await onHand(lotId), difference: 0 });
    expect(count!.sellable + count!.reserved).toBe(count!.booked);
    expect(await app.verifyBooks()).toMatchObject({ sound: true, findings: [], miscounted: [] });
  });

  it('is not offered what this account may not list there, and says why', async () => {
    await stock(wanted(({ restriction }) => restriction === 'approval-required'));
    await offer('amazon-us');
    expect(await listingOn('amazon-us')).toMatchObject({ state: 'stopped', stopReason: { code: 'listing.restricted', data: { message: 'You need approval to list this product.', link: expect.stringContaining('sellercentral') as string } } });
    expect(market.world.listings('amazon')).toEqual([]);
  });
});

describe('Etsy, beside eBay', () => {
  it('asks who made it and when before anything is sent, then lists, sells and ships it, and neither channel offers what the other has sold', async () => {
    const { world } = market;
    const thing = wanted((product) => product.category === 'jewelry' && world.catalog.search(product.title, { limit: 1 }).products[0] === product);
    const lotId = await stock(thing);
    await offer('etsy-us');
    const asked = await listingOn('etsy-us');
    expect(asked).toMatchObject({ state: 'stopped', stopReason: { code: 'listing.aspects-missing', data: { missing: ['Who made it', 'When it was made', 'What it is'] } } });
    expect(market.vendors['etsy']!.counts().byRoute['createDraftListing']).toBeUndefined();

    const { category } = await desk.listings.category({ id: asked.id });
    await desk.listings.setCategory({ id: asked.id, version: asked.version, categoryId: category!.id, aspects: { 'Who made it': ['I did'], 'When it was made': ['Made to order'], 'What it is': ['A finished product'] } });
    await desk.listings.retry({ id: asked.id, version: (await listingOn('etsy-us')).version });
    await settle();
    const listed = await listingOn('etsy-us');
    expect(listed).toMatchObject({ state: 'active', quantity: UNITS, stopReason: null });
    expect(standing('etsy')).toMatchObject({ sku: listed.sku.slice(2), quantity: UNITS, priceMinor: listed.price.minor, productId: thing.product.id, vendorRef: listed.externalId });
    expect(market.vendors['etsy']!.counts().byRoute).toMatchObject({ createDraftListing: 1, uploadListingImage: 1 });

    await desk.listings.setPrice({ id: listed.id, version: listed.version, price: money(Math.round(thing.goingMinor * 0.5), 'USD') });
    await settle();
    expect(standing('etsy')).toMatchObject({ priceMinor: Math.round(thing.goingMinor * 0.5), quantity: UNITS });

    const sale = await soldOn('etsy');
    await sync();
    const paid = await orderOf(sale);
    expect(paid).toMatchObject({ channel: 'etsy-us', state: 'paid', total: money(sale.totalMinor - sale.salesTaxMinor, 'USD'), fees: money(sale.feeMinor, 'USD') });
    const left = await onHand(lotId);
    expect(left).toBeLessThan(UNITS);
    expect([standing('ebay')!.quantity, standing('etsy')!.quantity]).toEqual([left, left]);

    await desk.orders.ship({ id: paid.id, version: paid.version, carrier: 'USPS', tracking: '9400123456' });
    await settle();
    expect(market.world.sale(sale.id)).toMatchObject({ status: 'shipped', tracking: { carrier: 'usps', number: '9400123456' } });
    await sync();
    expect(await orderOf(sale)).toMatchObject({ state: 'shipped' });
    await givenBackThere(sale, 'etsy.com');
    expect(await app.verifyBooks()).toMatchObject({ sound: true, findings: [], miscounted: [] });
  });
});
