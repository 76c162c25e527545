import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
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
import { DAY_MS, HOUR_MS, ManualClock, MINUTE_MS } from '#kernel/time.ts';
import { PRACTICE_CREDENTIALS } from '#practice/credentials.ts';
import { startMarket, type PracticeMarket } from '#practice/market.ts';
import { CERTAIN_CLAIMS, claimsOn } from '#practice/world/index.ts';
import type { Channel, Sale } from '#practice/world/types.ts';
import { mostWanted } from '#tests/support/most-wanted.ts';

const START = Date.UTC(2026, 8, 1);
const UNITS = 6;
let clock: ManualClock;
let market: PracticeMarket;
let app: App;
let desk: DeskClient;
let dir: string;
/** Called at every point where the program could be killed. */
let probe: (point: string) => void = () => undefined;

beforeEach(async () => {
  clock = new ManualClock(START);
  market = await startMarket({ seed: 3, clock, productCount: 1_000, priceListRows: 50 });
  dir = mkdtempSync(path.join(tmpdir(), 'resale-own-shops-'));
  const baseUrls = Object.fromEntries(Object.entries(market.vendors).map(([name, vendor]) => [name, vendor.baseUrl]));
  app = await composeApp({
    version: '0', dataDir: dir, rootDir: process.cwd(), clock, random: seededRandom(1), log: silentLogger, secrets: memorySecrets(), disposable: true, crashProbe: (point) => probe(point),
    practice: { seed: 3, speed: 0, baseUrls, keys: PRACTICE_CREDENTIALS, sources: [] },
  });
  desk = createInProcessClient<typeof contract>(app);
});
afterEach(async () => {
  probe = () => undefined;
  await app?.stop();
  expect(Object.values(market.vendors).flatMap((vendor) => vendor.bugs)).toEqual([]);
  await market.close();
  rmSync(dir, { recursive: true, force: true });
});

const settle = () => app.parts.ctx.jobs.runDue();
async function sync(): Promise<void> {
  const { db, jobs } = app.parts.ctx;
  await db.transaction((tx) => jobs.add(tx, { kind: SYNC_ORDERS, payload: {}, uniqueKey: SYNC_ORDERS }));
  await settle();
}

/** A picture of the thing, as a shop that was scanned showed it. */
async function picture(productId: string): Promise<void> {
  const at = clock.now();
  await app.parts.ctx.db.transaction(async (tx) => {
    await tx.source.create({ data: { id: 'src_1', kind: 'woocommerce', name: 'Shop', baseUrl: 'https://shop.example', config: '{}', enabled: false, createdAt: at } });
    await tx.offer.create({ data: { id: 'off_1', sourceId: 'src_1', externalId: '1', contentHash: 'x', facts: '{}', url: 'https://shop.example/1', title: 'Thing', condition: 'new', packSize: 1, priceMinor: 100, currency: 'USD', imageUrl: 'https://images.example/thing.jpg', productId, state: 'evaluated', firstSeenAt: at, lastSeenAt: at } });
  });
}

/** Goods on the shelf, up for sale at 70 % of what eBay's buyers pay: it sells even in an own shop within days. */
async function stock(): Promise<string> {
  const { product, goingMinor } = mostWanted(market.world);
  const { lotId } = await desk.stockByHand.add({
    key: 'own-shops-1', productId: null, gtin: product.gtin!.padStart(14, '0'), title: product.title, brand: product.brand || null, condition: 'new', quantity: UNITS, totalCost: money(UNITS * 50, 'USD'), location: 'A1', booking: 'opening', receipt: null,
    salePrice: money(Math.round(goingMinor * 0.7), 'USD'), list: false,
  });
  await picture((await app.parts.ctx.db.prisma.stockLot.findUniqueOrThrow({ where: { id: lotId } })).productId);
  await app.parts.ctx.db.transaction((tx) => app.parts.ctx.workflows.start(tx, LIST_WORKFLOW, `${LIST_WORKFLOW}:${lotId}`, { lotId }));
  await settle();
  return lotId;
}

/** The lot on the shop too, and on eBay at a price that nobody pays. */
async function offered(channel: Channel, lotId: string): Promise<void> {
  const onEbay = (await desk.listings.list({ limit: 10 })).items.find((listing) => listing.channel === 'ebay-us')!;
  expect(await onHand(lotId)).toBe(UNITS);
  await desk.listings.setPrice({ id: onEbay.id, version: onEbay.version, price: money(mostWanted(market.world).goingMinor * 2, 'USD') });
  await desk.listings.offer({ id: onEbay.id, channel });
  await settle();
}

const standing = (channel: Channel) => market.world.listings(channel).find(({ status }) => status === 'active');
const onHand = async (lotId: string) => (await desk.stock.list({ limit: 10 })).items.find(({ id }) => id === lotId)!.onHand;

async function soldOn(channel: Channel): Promise<Sale> {
  for (let hours = 0; hours < 24 * 10; hours++) {
    clock.advanceTo(clock.now() + HOUR_MS);
    market.world.now();
    const sale = market.world.sales(channel).find(({ status }) => status === 'paid');
    if (sale) return sale;
  }
  throw new Error(`nobody bought on ${channel}`);
}
const orderOf = async (sale: Sale) => (await desk.orders.list({ limit: 50 })).items.find(({ externalId }) => externalId === sale.id)!;

async function forMinutes(minutes: number): Promise<void> {
  for (let gone = 0; gone < minutes; gone += 2) {
    clock.advanceTo(clock.now() + 2 * MINUTE_MS);
    await settle();
  }
}

/** A photo of the very thing, as a person takes it: a dark box on a light table. */
async function photograph(lotId: string, shade: string): Promise<string> {
  const box = await sharp({ create: { width: 500, height: 400, channels: 3, background: shade } }).png().toBuffer();
  const bytes = await sharp({ create: { width: 1_000, height: 900, channels: 3, background: '#f4f2ee' } }).composite([{ input: box, left: 250, top: 220 }]).jpeg().toBuffer();
  const { upload } = await desk.lotPhotos.begin({ name: 'box.jpg', bytes: bytes.length });
  await desk.lotPhotos.append({ upload, at: 0, contentBase64: bytes.toString('base64') });
  const { id } = await desk.lotPhotos.add({ lotId, upload, name: 'box.jpg' });
  return (await app.parts.ctx.db.prisma.lotPhoto.findUniqueOrThrow({ where: { id } })).preparedSha;
}

/**
 * The listing that runs on eBay gets the lot's own pictures, each sent once although the program is killed when that was written down; the shop gets the same bytes with its product. WordPress can be asked for a
 * picture, so that there the program may also be killed before.
 */
async function shownEverywhere(channel: 'woocommerce' | 'shopify', lotId: string): Promise<void> {
  const hashes = [await photograph(lotId, '#203040'), await photograph(lotId, '#803020')];
  const killed = new Set<string>();
  probe = (point) => {
    if (!/^effect:place-picture-\w+:(?:called|recorded)$/.test(point) || killed.has(point)) return;
    killed.add(point);
    if (point.endsWith('recorded')) throw new Error('killed here');
  };
  await forMinutes(20);
  const { documents } = market.world;
  const sent = () => documents.call(market.world, 'ebay', 'image/').map(({ value }) => (value as { sha256: string }).sha256);
  expect([killed.size, sent()]).toEqual([4, hashes]);
  const { sku } = (await desk.listings.list({ limit: 10 })).items.find((listing) => listing.channel === 'ebay-us')!;
  const shown = (market.world.document('ebay', `item/${sku}`) as { product: { imageUrls: string[] } }).product.imageUrls;
  expect(shown).toEqual(hashes.map((sha, n) => `https://i.ebayimg.com/00/s/practice/z/${sha.slice(0, 16)}-${n + 1}/$_1.JPG`));
  let lost = false;
  probe = (point) => {
    if (channel !== 'woocommerce' || lost || !/^effect:place-picture-\w+:called$/.test(point)) return;
    lost = true;
    throw new Error('killed here');
  };
  await offered(channel, lotId);
  if (lost) await forMinutes(20);
  probe = () => undefined;
  expect(lost).toBe(channel === 'woocommerce');
  const inShop = (documents.call(market.world, channel === 'shopify' ? 'shopify' : 'woocommerce-shop', 'product/')[0]!.value as { pictures?: string[]; images?: { id: number }[] });
  const library = documents.call(market.world, 'woocommerce-shop', 'media/').map(({ value }) => value as { id: number; sha256: string });
  expect(inShop.pictures ?? inShop.images!.map(({ id }) => library.find((media) => media.id === id)?.sha256)).toEqual(hashes);
  expect([sent().length, library.length]).toEqual([2, channel === 'woocommerce' ? 2 : 0]);
  if (channel === 'shopify') await shownAgain(lotId, hashes);
}

const shownInShopify = () => (market.world.documents('shopify', 'product/')[0]!.value as { pictures?: string[] }).pictures;

/** A picture that is added later reaches the product that stands in the shop, in the place of those that it had. */
async function shownAgain(lotId: string, hashes: readonly string[]): Promise<void> {
  const third = await photograph(lotId, '#208050');
  for (let looks = 0; looks < 10 && shownInShopify()?.length !== 3; looks++) await forMinutes(2);
  expect(shownInShopify()).toEqual([...hashes, third]);
}

/** A part of the money, which eBay carries out minutes later, then the whole order: each once, although the program is killed as each call has been made. */
async function callBackOnEbay(sale: Sale, lotId: string): Promise<void> {
  const { id } = await orderOf(sale);
  const killedAt = (...points: string[]) => {
    const left = new Set(points);
    probe = (point) => {
      if (left.delete(point)) throw new Error('killed here');
    };
    return left;
  };
  const asked = await desk.orders.get({ id });
  expect(asked).toMatchObject({ refundWay: 'desk', cancelWay: 'desk', cancelsInOwnWords: true });
  const refunded = killedAt('effect:refund:called', 'effect:refund:recorded');
  await desk.orders.refund({ id, version: asked.version, amount: money(120, 'USD'), message: 'A scratch' });
  for (let minutes = 0; minutes < 40; minutes += 10) {
    await settle();
    clock.advanceTo(clock.now() + 10 * MINUTE_MS);
  }
  await settle();
  expect([refunded.size, market.world.sale(sale.id)!.givenBack?.map(({ minor }) => minor)]).toEqual([0, [120]]);
  const given = await desk.orders.get({ id });
  expect(given).toMatchObject({ state: 'paid', refunding: false, problems: [], refundable: money(asked.refundable!.minor - 120, 'USD') });
  const cancelled = killedAt('effect:cancel:called', 'effect:cancel:recorded');
  await desk.orders.cancel({ id, version: given.version });
  for (let minutes = 0; minutes < 40; minutes += 10) {
    await settle();
    clock.advanceTo(clock.now() + 10 * MINUTE_MS);
  }
  await settle();
  probe = () => undefined;
  expect([cancelled.size, market.vendors['ebay']!.counts().byRoute['createCancellation'], market.world.sale(sale.id)!.status]).toEqual([0, 1, 'cancelled']);
  expect((await desk.orders.get({ id })).state).toBe('cancelled');
  // what left for it came back, once; others may have bought meanwhile
  const moved = (await desk.stock.movements({ id: lotId })).filter(({ ref }) => ref.startsWith(`${id}:`));
  expect(moved.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(0);
  expect(moved).toHaveLength(2);
}

/** A buyer on eBay sends it back: the money is given back once although the program is killed as the call has been made, and what came back good is for sale again on both channels. */
async function sentBackOnEbay(sale: Sale, lotId: string): Promise<void> {
  const { id, version } = await orderOf(sale);
  await desk.orders.ship({ id, version, carrier: 'USPS', tracking: '9400123457' });
  await settle();
  market.world.sale(sale.id)!.return = { requestedAt: clock.now(), reason: 'defective', refundedAt: null, refundMinor: 0 };
  let asked = await desk.orders.get({ id });
  for (let looks = 0; looks < 30 && asked.return === null; looks++) {
    await forMinutes(2);
    asked = await desk.orders.get({ id });
  }
  expect(asked.return).toMatchObject({ state: 'asked', expected: money(sale.totalMinor - sale.salesTaxMinor, 'USD'), ways: ['approve', 'refund'] });
  expect((await desk.system.today()).items.find((item) => item.kind === 'customer-return')).toMatchObject({ id, reason: { code: 'order.return-waits' } });
  const left = new Set(['effect:answer:called', 'effect:answer:recorded']);
  probe = (point) => {
    if (left.delete(point)) throw new Error('killed here');
  };
  await desk.orders.answerReturn({ id, version: asked.version, answer: 'refund' });
  for (let looks = 0; looks < 30 && (await desk.orders.get({ id })).return?.answering !== null; looks++) await forMinutes(4);
  probe = () => undefined;
  const back = await desk.orders.get({ id });
  expect([left.size, market.vendors['ebay']!.counts().byRoute['refundReturn'], back.state, back.return?.state, back.return?.answering]).toEqual([0, 1, 'refunded', 'closed', null]);
  const before = await onHand(lotId);
  await desk.orders.inspect({ id, version: back.version, good: back.toInspect.map(({ lineId, units }) => ({ lineId, units })) });
  const now = before + sale.quantity;
  expect(await onHand(lotId)).toBe(now);
  for (let looks = 0; looks < 10 && standing('ebay')?.quantity !== now; looks++) await forMinutes(2);
  expect(standing('ebay')!.quantity).toBe(await onHand(lotId));
}

/** The buyer asks the bank for the money: it stands at the order and on Today with the day until which it is answered, and what the provider took is booked with what it cost. */
async function claimedAtBank(channel: 'woocommerce' | 'shopify', sale: Sale): Promise<void> {
  market.world.actions.putDocument(CERTAIN_CLAIMS, sale.id, { won: false });
  const claim = () => claimsOn(market.world, channel).find((found) => found.sale.id === sale.id)?.claim;
  for (let days = 0; days < 60 && !claim(); days++) {
    clock.advanceTo(clock.now() + DAY_MS);
    market.world.sale(sale.id)!.return = null; // nor does this buyer send it back
  }
  await sync();
  const { dueAt, minor, feeMinor } = claim()!;
  const order = await desk.orders.get({ id: (await orderOf(sale)).id });
  expect(order.problems).toMatchObject([{ code: channel === 'shopify' ? 'order.claim' : 'order.claim-at', data: { amount: money(minor, 'USD'), endsAt: dueAt } }]);
  expect([order.state, order.refundable, order.fees, order.lines.reduce((sum, line) => sum + line.refund.minor, 0)]).toEqual(['shipped', null, money(sale.feeMinor + feeMinor, 'USD'), sale.totalMinor]);
  expect((await desk.system.today()).items.find(({ kind }) => kind === 'claim')).toMatchObject({ id: order.id, at: dueAt });
  // the shop on WooCommerce is paid through Stripe, whose payouts name the order's payment
  expect((await app.parts.ctx.db.prisma.payoutLine.findMany({ where: { orderId: order.id }, orderBy: { grossMinor: 'desc' } })).slice(0, 2).map(({ kind, grossMinor }) => [kind, Number(grossMinor)])).toEqual(channel === 'woocommerce' ? [['payment', sale.totalMinor], ['refund', -150]] : []);
}

describe.each(['woocommerce', 'shopify'] as const)('the own shop on %s, beside eBay', (channel) => {
  it('is offered the same stock, sells it, and neither channel offers what the other has sold', async () => {
    const lotId = await stock();
    const [onEbay] = (await desk.listings.list({ limit: 10 })).items;
    expect(onEbay).toMatchObject({ channel: 'ebay-us', state: 'active', quantity: UNITS, stopReason: null });
    expect((await desk.listings.channels({ id: onEbay!.id })).map((option: { channel: string }) => option.channel)).toContain(channel);
    await shownEverywhere(channel, lotId);
    const listed = (await desk.listings.list({ limit: 10 })).items.find((listing) => listing.channel === channel)!;
    expect(listed).toMatchObject({ state: 'active', quantity: UNITS, stopReason: null });
    expect(standing(channel)).toMatchObject({ sku: listed.sku, quantity: UNITS, priceMinor: listed.price.minor, productId: mostWanted(market.world).product.id });

    const sale = await soldOn(channel);
    await sync();
    expect(await orderOf(sale)).toMatchObject({ channel, state: 'paid', total: money(sale.totalMinor, 'USD'), fees: money(sale.feeMinor, 'USD') });
    const left = await onHand(lotId);
    expect([standing('ebay')!.quantity, standing(channel)!.quantity]).toEqual([left, left]);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(UNITS);

    const paid = await orderOf(sale);
    await desk.orders.ship({ id: paid.id, version: paid.version, carrier: 'USPS', tracking: '9400123456' });
    await settle();
    expect(market.world.sale(sale.id)).toMatchObject({ status: 'shipped' });

    // A part of the money goes back, once, and is booked as the channel shows it.
    const shipped = await desk.orders.get({ id: paid.id });
    expect([shipped.refundable, shipped.refunding]).toEqual([money(sale.totalMinor, 'USD'), false]);
    const give = (version: number, minor: number) => desk.orders.refund({ id: paid.id, version, amount: money(minor, 'USD'), message: 'A scratch' });
    await expect(give(shipped.version, sale.totalMinor + 1)).rejects.toMatchObject({ code: 'INVALID' });
    const asked = await give(shipped.version, 150);
    await expect(give(asked.version, 150)).rejects.toMatchObject({ code: 'WRONG_STATE' });
    await settle();
    expect(market.world.sale(sale.id)!.givenBack).toMatchObject([{ minor: 150 }]);
    const after = await desk.orders.get({ id: paid.id });
    expect(after).toMatchObject({ state: 'shipped', refunding: false, refundable: money(sale.totalMinor - 150, 'USD') });
    expect(after.lines.reduce((sum, line) => sum + line.refund.minor, 0)).toBe(150);

    const second = await soldOn(channel);
    await sync();
    const [before, given] = [await onHand(lotId), await orderOf(second)];
    await desk.orders.cancel({ id: given.id, version: given.version, message: 'It was damaged on the shelf: you have your money back.' });
    await settle();
    await sync();
    expect(market.world.sale(second.id)).toMatchObject({ status: 'cancelled' });
    expect(['refunded', 'cancelled']).toContain((await orderOf(second)).state);
    // What was not sent is for sale again, everywhere.
    const now = await onHand(lotId);
    expect(now).toBe(before + second.quantity);
    expect([standing('ebay')!.quantity, standing(channel)!.quantity]).toEqual([now, now]);

    // And the other way: what eBay sells leaves the shop.
    const dear = (await desk.listings.list({ limit: 10 })).items.find((listing) => listing.channel === 'ebay-us')!;
    await desk.listings.setPrice({ id: dear.id, version: dear.version, price: listed.price });
    await settle();
    const third = await soldOn('ebay');
    await sync();
    expect(await orderOf(third)).toMatchObject({ channel: 'ebay-us', state: 'paid' });
    const last = await onHand(lotId);
    expect(last).toBeLessThan(now);
    expect([standing('ebay')!.quantity, standing(channel)!.quantity]).toEqual([last, last]);
    if (channel === 'woocommerce') await callBackOnEbay(third, lotId);
    else await sentBackOnEbay(third, lotId);
    await claimedAtBank(channel, sale);
    expect(await app.verifyBooks()).toMatchObject({ sound: true, findings: [], miscounted: [] });
  });

  // the other shop's is the same steps of ours: with every case
  if (channel === 'woocommerce' || process.env['RESALE_FULL'] === '1') it('gives money back once, wherever the program is killed', async () => {
    await offered(channel, await stock());
    const sale = await soldOn(channel);
    await sync();
    const { id } = await orderOf(sale);
    let given = 0;
    const give = async () => {
      await desk.orders.refund({ id, version: (await desk.orders.get({ id })).version, amount: money(10, 'USD'), message: 'A scratch' });
      for (let n = 0; n < 6; n++) {
        await settle();
        clock.advanceTo(clock.now() + 10 * MINUTE_MS);
      }
      given += 1;
      return { made: market.world.sale(sale.id)!.givenBack?.length, ...(await desk.orders.get({ id }).then(({ refunding, lines }) => ({ refunding, booked: lines[0]!.refund.minor }))) };
    };
    const passed = new Set<string>();
    probe = (point) => void passed.add(point);
    expect(await give()).toEqual({ made: given, refunding: false, booked: 10 * given });
    const points = [...passed].filter((point) => /:(?:refund|read-back|settled):/.test(point));
    expect(points).toEqual(expect.arrayContaining(['effect:refund:before', 'effect:refund:called', 'effect:refund:recorded', 'transact:settled:before', 'transact:settled:committed']));
    for (const point of points) {
      let killed = 0;
      probe = (at) => {
        if (at !== point || killed > 0) return;
        killed += 1;
        throw new Error('killed here');
      };
      expect([point, await give(), killed]).toEqual([point, { made: given, refunding: false, booked: 10 * given }, 1]);
    }
    expect(await app.verifyBooks()).toMatchObject({ sound: true });
  });
});
