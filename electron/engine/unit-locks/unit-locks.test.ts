import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MINUTE_MS, SECOND_MS } from '#kernel/time.ts';
import { createTestRuntime, type TestRuntime } from '#runtime/testing.ts';
import { openChannels, type ChannelsDesk } from '#tests/support/channels-desk.ts';
import { explore, traps } from '#tests/support/state-machine.ts';
import type { SimChannel } from '#tests/support/sim-channel.ts';
import { adjustStock, getLot } from '../inventory/index.ts';
import { cancelOrder, recordDirectSale, refundDirectSale } from '../orders/index.ts';
import { BUSINESS, PRACTICE_BUSINESS, putSetting } from '../settings/index.ts';
import { explainOversell, locksOfLot, summariseLocks } from './index.ts';
import { scheduleUnitLocks } from './follow-stock.ts';
import { FIRST_STATES, LOCK_TRANSITIONS } from './machine.ts';

const usd = (minor: number) => ({ minor, currency: 'USD' });
const MARKETS = ['ebay-us', 'woocommerce', 'shopify', 'amazon-us'];
let runtime: TestRuntime;
let desk: ChannelsDesk;
let [ebay, woo, shopify, amazon]: SimChannel[] = [];

async function open(faultRate = 0): Promise<void> {
  desk = openChannels(runtime.context, { markets: MARKETS, clock: runtime.clock, seed: 'locks', faultRate });
  [ebay, woo, shopify, amazon] = [...desk.channels];
  await runtime.context.db.transaction((tx) => putSetting(tx, BUSINESS, PRACTICE_BUSINESS, runtime.clock.now()));
}
beforeEach(async () => {
  runtime = await createTestRuntime();
  await open();
});
afterEach(() => runtime.close());

const prisma = () => runtime.db.prisma;
const shown = (sku: string) => desk.channels.map((channel) => channel.shown.get(sku));
const locks = (lotId: string) => locksOfLot(prisma(), lotId);
const later = (ms: number) => runtime.runUntil(runtime.clock.now() + ms);
const orderAt = (channel: SimChannel) => prisma().order.findFirstOrThrow({ where: { channel: channel.market } });

describe('the lock machine', () => {
  it('reaches every state, and nothing is a trap', () => {
    const { reachable, terminal } = explore(LOCK_TRANSITIONS, FIRST_STATES);
    expect([...reachable].sort()).toEqual(Object.keys(LOCK_TRANSITIONS).sort());
    expect([...terminal].sort()).toEqual(['moot', 'proved']);
    expect(traps(LOCK_TRANSITIONS)).toEqual([]);
  });
});

describe('a unit that is gone', () => {
  it('sold on one channel leaves the others, each with its times and its proof; the channel that sold it is not told', async () => {
    const { lotId, sku } = await desk.stock('mug', 3);
    const soldAt = runtime.clock.now();
    ebay!.buy(sku, 1, soldAt);
    await later(MINUTE_MS);
    await desk.sync('ebay-us');
    const heardAt = runtime.clock.now();
    expect(shown(sku)).toEqual([2, 3, 3, 3]);
    await later(SECOND_MS);
    expect(shown(sku)).toEqual([2, 2, 2, 2]);
    const kept = await locks(lotId);
    expect(kept.map((lock) => [lock.channel, lock.state, lock.quantity, lock.shown]).sort()).toEqual([['amazon-us', 'proved', 2, 2], ['shopify', 'proved', 2, 2], ['woocommerce', 'proved', 2, 2]]);
    expect(kept[0]).toMatchObject({ soldAt, heardAt, firstCallAt: heardAt, toldAt: heardAt, provedAt: heardAt, causeKind: 'sale', causeChannel: 'ebay-us' });
    expect(ebay!.calls).toBe(1);
    const lag = (await summariseLocks({ ctx: runtime.context })).find((row) => row.channel === 'shopify')!;
    expect(lag).toMatchObject({ locks: 1, open: 0, heard: { medianMs: MINUTE_MS }, told: { medianMs: 0 }, total: { medianMs: MINUTE_MS } });
  });

  it('sold directly, or counted away, leaves every channel; read twice it is told once', async () => {
    const { lotId, sku } = await desk.stock('mug', 3);
    const sale = { channel: 'stripe', externalId: 'pay_1', title: 'mug', lotId, units: 1, total: usd(2_000), fee: null, buyer: { name: null, email: null, phone: null } };
    const { ctx, inventory } = desk.trade.orders;
    await ctx.db.transaction((tx) => recordDirectSale({ ctx, inventory }, tx, sale));
    await ctx.db.transaction((tx) => recordDirectSale({ ctx, inventory }, tx, sale));
    await later(SECOND_MS);
    expect(shown(sku)).toEqual([2, 2, 2, 2]);
    const lot = await getLot(prisma(), lotId);
    await adjustStock(inventory, { id: lotId, version: lot.version, onHand: 1, reason: 'one is broken' });
    await later(SECOND_MS);
    expect(shown(sku)).toEqual([1, 1, 1, 1]);
    expect((await locks(lotId)).map((lock) => [lock.causeKind, lock.state])).toEqual(['direct-sale', 'count'].flatMap((kind) => MARKETS.map(() => [kind, 'proved'])));
    const order = await prisma().order.findFirstOrThrow();
    await ctx.db.transaction((tx) => refundDirectSale({ ctx, inventory }, tx, order.id, usd(2_000)));
    await later(SECOND_MS);
    expect(shown(sku)).toEqual([2, 2, 2, 2]);
  });

  it('is told to nobody from the moment at which everything was stopped, also in the middle of a batch', async () => {
    await runtime.close();
    let pressed = false;
    // the batch has begun: it looked, and nothing was stopped yet
    runtime = await createTestRuntime({ killSwitch: { isOn: () => Promise.resolve(false), isOnNow: () => pressed } });
    await open();
    const { sku } = await desk.stock('mug', 3);
    pressed = true;
    ebay!.buy(sku, 1, runtime.clock.now());
    await desk.sync('ebay-us');
    await later(MINUTE_MS);
    expect(shown(sku)).toEqual([2, 3, 3, 3]);
    pressed = false;
    await later(MINUTE_MS);
    expect(shown(sku)).toEqual([2, 2, 2, 2]);
  });

  it('leaves a channel that hides the listing for now: it may show it later, with what stands there', async () => {
    const { lotId, sku } = await desk.stock('mug', 3);
    amazon!.hidden.add(sku);
    ebay!.buy(sku, 1, runtime.clock.now());
    await desk.sync('ebay-us');
    await later(SECOND_MS);
    expect(shown(sku)).toEqual([2, 2, 2, 2]);
    expect((await locks(lotId)).find((lock) => lock.channel === 'amazon-us')).toMatchObject({ state: 'proved', shown: 2 });
  });

  it('never raises a channel that has sold more than we heard of', async () => {
    const { sku } = await desk.stock('mug', 3);
    ebay!.buy(sku, 1, runtime.clock.now());
    woo!.buy(sku, 2, runtime.clock.now());
    await desk.sync('ebay-us');
    await later(SECOND_MS);
    expect(shown(sku)).toEqual([2, 1, 2, 2]);
    await desk.sync('woocommerce');
    await later(SECOND_MS);
    expect(shown(sku)).toEqual([0, 1, 0, 0]);
    expect(woo!.reached.get(sku)).toBeUndefined();
  });

  it.each(['cut-before', 'cut-after', 'throttled', 'server-error'] as const)('is told until it is proved, through %s', async (fault) => {
    const { lotId, sku } = await desk.stock('mug', 1);
    ebay!.buy(sku, 1, runtime.clock.now());
    await desk.sync('ebay-us');
    for (const channel of [woo!, shopify!]) channel.planted.push(fault, fault);
    await later(2 * MINUTE_MS);
    expect(shown(sku)).toEqual([0, 0, 0, 0]);
    const kept = await locks(lotId);
    expect(kept.every((lock) => lock.state === 'proved' && lock.shown === 0)).toBe(true);
    expect(kept.find((lock) => lock.channel === 'woocommerce')!.attempts).toBe(3);
    expect(kept.find((lock) => lock.channel === 'amazon-us')!.attempts).toBe(1);
  });

  it('is told after a kill in the middle of a call: what the channel shows is read first', async () => {
    const { lotId, sku } = await desk.stock('mug', 1);
    ebay!.buy(sku, 1, runtime.clock.now());
    await desk.sync('ebay-us');
    await runtime.db.prisma.$executeRawUnsafe('DELETE FROM "Job"');
    await runtime.context.jobs.runDue();
    // The process died after the call got through, and before anything was written.
    await prisma().unitLock.updateMany({ data: { state: 'calling', attempts: 1, calledAt: runtime.clock.now(), nextAt: runtime.clock.now() + MINUTE_MS, provedAt: null, toldAt: null, shown: null } });
    const before = desk.channels.map((channel) => channel.reached.get(sku)?.length ?? 0);
    const restarted = await createTestRuntime({ db: runtime.db, clock: runtime.clock });
    openChannels(restarted.context, { markets: MARKETS, clock: runtime.clock, seed: 'x', known: desk.channels });
    await scheduleUnitLocks({ ctx: restarted.context, listings: desk.trade.listings });
    runtime.clock.advanceTo(runtime.clock.now() + 6 * MINUTE_MS);
    await restarted.context.jobs.runDue();
    expect((await locks(lotId)).map((lock) => lock.state)).toEqual(['proved', 'proved', 'proved']);
    expect(desk.channels.map((channel) => channel.reached.get(sku)?.length ?? 0)).toEqual(before);
    await restarted.stop();
  });
});

async function oversell() {
  const { lotId, sku } = await desk.stock('mug', 1);
  const first = runtime.clock.now();
  shopify!.buy(sku, 1, first);
  await later(30 * SECOND_MS);
  woo!.buy(sku, 1, runtime.clock.now());
  await later(30 * SECOND_MS);
  return { lotId, sku };
}

describe('an oversell', () => {

  it('is explained: which sale was first, when each was heard of, and that nothing could have stopped the later', async () => {
    await oversell();
    await desk.sync('shopify');
    await later(SECOND_MS);
    await desk.sync('woocommerce');
    const later2 = await orderAt(woo!);
    const told = await explainOversell(prisma(), later2.id);
    expect(told).toMatchObject({ had: 1, sold: 2, verdict: 'before-heard', cancelOrderId: later2.id });
    expect(told!.sales.map((sale) => [sale.channel, sale.taken])).toEqual([['shopify', 1], ['woocommerce', 0]]);
    expect(await explainOversell(prisma(), (await orderAt(shopify!)).id)).toBeNull();
  });

  it('is resolved by one decision: the later at the vendors is cancelled there with a message, though it was heard of first, and the earlier gets the unit', async () => {
    const { lotId, sku } = await oversell();
    await desk.sync('woocommerce');
    await later(SECOND_MS);
    await desk.sync('shopify');
    const [earlier, latest] = [await orderAt(shopify!), await orderAt(woo!)];
    expect(await explainOversell(prisma(), earlier.id)).toMatchObject({ cancelOrderId: latest.id, verdict: 'before-heard' });
    await cancelOrder(desk.trade.orders, { id: latest.id, version: latest.version, message: 'It sold out a moment before.', by: 'owner' });
    await later(MINUTE_MS);
    expect(woo!.cancelled).toEqual([{ orderId: latest.externalId, message: 'It sold out a moment before.' }]);
    expect(await prisma().order.findUniqueOrThrow({ where: { id: latest.id } })).toMatchObject({ state: 'cancelled' });
    const served = await prisma().order.findUniqueOrThrow({ where: { id: earlier.id }, include: { lines: true } });
    expect(served.lines[0]).toMatchObject({ costMinor: 1_000n });
    expect(JSON.parse(served.raw)).toMatchObject({ problems: [{ code: 'order.oversold-filled' }] });
    expect((await getLot(prisma(), lotId)).onHand).toBe(0);
    expect(amazon!.shown.get(sku)).toBe(0);
    await expect(cancelOrder(desk.trade.orders, { id: earlier.id, version: 1, message: 'seen in another version', by: 'owner' })).rejects.toMatchObject({ code: 'WRONG_STATE' });
  });
});
