import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConnectorError } from '#kernel/errors.ts';
import { money } from '#kernel/money.ts';
import { DAY_MS, HOUR_MS } from '#kernel/time.ts';
import { createTestRuntime, type TestRuntime } from '#runtime/testing.ts';
import type { CurrentPricePort } from '../catalog/ports.ts';
import { compareSteps } from './analyse.ts';
import { detectChanges } from './detect-changes.ts';
import { registerWatching, scheduleWatching } from './look-when-due.ts';
import type { WatchDeps } from './look.ts';
import type { WatchedPage } from './ports.ts';
import { createWatchProcedures } from './procedures.ts';
import { readAddress } from './read-address.ts';

const usd = (minor: number) => money(minor, 'USD');
const SHOP = 'https://shop.example';
const page = (minor: number, over: Partial<WatchedPage> = {}): WatchedPage => ({ title: 'Kettle', price: usd(minor), available: true, quantity: null, codes: [], ...over });

let runtime: TestRuntime;
let pages: Map<string, WatchedPage | ConnectorError>;
let asked: string[];
let buyBox: number | null;
beforeEach(async () => {
  runtime = await createTestRuntime();
  pages = new Map();
  asked = [];
  buyBox = 2_500;
});
afterEach(() => runtime.close());

const prices: CurrentPricePort = {
  connector: 'amazon-sp-api', market: 'amazon-us',
  currentPrices: (ids) => Promise.resolve({ items: ids.filter((id) => id === 'B000000001').map((externalId) => ({ market: 'amazon-us', externalId, ours: false, offersNew: buyBox === null ? 0 : 4, ...(buyBox === null ? {} : { buyBoxNew: usd(buyBox) }) })), missing: [], unreadable: [], at: runtime.clock.now() }),
};

function deps(): WatchDeps {
  return {
    ctx: runtime.context, catalog: { currentPrices: prices },
    pages: { read: (url) => {
      asked.push(url);
      const found = pages.get(url) ?? new ConnectorError({ kind: 'Rejected', connector: 'page', operation: 'look', code: 'not-a-product', message: 'the page describes no one product' });
      return found instanceof ConnectorError ? Promise.reject(found) : Promise.resolve(found);
    } },
  };
}
const client = () => createRouterClient(createWatchProcedures(deps()));
const pass = (ms: number) => runtime.runUntil(runtime.clock.now() + ms);

describe('an address', () => {
  it('is a page, an ASIN or one of Amazon with an ASIN, and nothing else', () => {
    expect(readAddress(' b000000001 ')).toEqual({ kind: 'asin', asin: 'B000000001' });
    expect(readAddress('https://www.amazon.com/Some-Kettle/dp/B000000001?th=1')).toEqual({ kind: 'asin', asin: 'B000000001' });
    expect(readAddress('shop.example/p/1#reviews')).toMatchObject({ kind: 'page', url: { href: `${SHOP}/p/1` } });
    for (const text of ['kettle', 'ftp://shop.example/x', 'https://me:secret@shop.example/', 'https://www.amazon.com/gp/help', 'https://www.amazon.de/dp/B000000001']) expect(() => readAddress(text), text).toThrow(expect.objectContaining({ code: 'INVALID' }) as Error);
  });
});

const reading = (minor: number | null) => ({ price: minor === null ? null : usd(minor), available: minor !== null, quantity: null, sellers: null });

const codes = (before: number | null, now: number | null, over: { belowMinor?: number; mine?: number } = {}) => detectChanges({ before: reading(before), now: reading(now), belowMinor: over.belowMinor ?? null, mine: over.mine === undefined ? null : usd(over.mine) }).map((reason) => reason.code);

describe('changes', () => {
  it('are told once, the most telling of a price alone', () => {
    expect(detectChanges({ before: null, now: reading(100), belowMinor: 200, mine: null })).toEqual([]);
    expect([codes(1_000, 1_000), codes(1_000, 980), codes(1_000, 1_200), codes(1_000, 900)]).toEqual([[], [], [], ['watch.fell']]);
    expect([codes(1_000, 900, { belowMinor: 900 }), codes(900, 850, { belowMinor: 900 }), codes(1_000, 990, { mine: 1_000 }), codes(990, 980, { mine: 1_000 })]).toEqual([['watch.below'], ['watch.fell'], ['watch.undercut'], []]);
    expect([codes(1_000, null), codes(null, 1_000)]).toEqual([['watch.sold-out'], ['watch.back']]);
  });
});

describe('two prices over the same time', () => {
  it('say how long and how often either was the lower', () => {
    const span = { from: 0, to: 100 };
    expect(compareSteps([{ at: 0, value: 10 }, { at: 20, value: 8 }, { at: 60, value: null }], [{ at: 0, value: 9 }, { at: 40, value: 7 }], span)).toEqual({ belowMineBp: 3_333, theyWentBelow: 1, iWentBelow: 1 });
    expect(compareSteps([{ at: 0, value: 10 }], [], span)).toBeNull();
  });
});

describe('watching', () => {
  it('looks in turns, keeps what changed, tells of it once, and stops while paused', async () => {
    pages.set(`${SHOP}/p/1`, page(2_000));
    registerWatching(deps());
    const watch = await client().add({ address: `${SHOP}/p/1` });
    expect(watch).toMatchObject({ kind: 'page', place: 'shop.example', title: 'Kettle', price: usd(2_000), changeBp: null, unseen: 0 });
    expect((await client().add({ address: `${SHOP}/p/1` })).id).toBe(watch.id);
    await pass(13 * HOUR_MS);
    expect(asked.length).toBe(3);
    expect((await client().get({ id: watch.id })).analysis).toMatchObject({ changes: 0, lowest: usd(2_000), withoutOfferBp: 0, against: null });
    pages.set(`${SHOP}/p/1`, page(1_700));
    await pass(7 * HOUR_MS);
    const detail = await client().get({ id: watch.id });
    expect(detail).toMatchObject({ price: usd(1_700), unseen: 1, analysis: { changes: 1, lowest: usd(1_700), highest: usd(2_000) }, alerts: [{ reason: { code: 'watch.fell', data: { changeBp: 1_500 } }, seen: false }] });
    expect(detail.history.price.value).toEqual([2_000, 1_700, 1_700]);
    expect(await client().untold()).toEqual({ count: 1 });
    expect([(await client().claim()).length, (await client().claim()).length]).toEqual([1, 0]);
    expect(await client().seen({ id: watch.id })).toEqual({ seen: 1 });
    const paused = await client().update({ id: watch.id, version: detail.version, state: 'paused', belowMinor: 1_500 });
    expect(paused).toMatchObject({ state: 'paused', below: usd(1_500) });
    await expect(client().update({ id: watch.id, version: detail.version, state: 'active' })).rejects.toMatchObject({ code: 'CONFLICT' });
    const looks = asked.length;
    await pass(3 * DAY_MS);
    expect(asked).toHaveLength(looks);
    await client().remove({ id: watch.id });
    expect((await client().list({})).items).toEqual([]);
  });

  it('catches a night up with one look each, and says why where nothing can be read', async () => {
    pages.set(`${SHOP}/p/1`, page(2_000));
    pages.set(`${SHOP}/p/2`, page(3_000));
    registerWatching(deps());
    const [one] = [await client().add({ address: `${SHOP}/p/1`, intervalMs: HOUR_MS }), await client().add({ address: `${SHOP}/p/2`, intervalMs: HOUR_MS })];
    runtime.clock.advanceTo(runtime.clock.now() + 9 * HOUR_MS);
    const before = asked.length;
    await scheduleWatching(runtime.context);
    await runtime.context.jobs.runDue();
    expect(asked.slice(before).sort()).toEqual([`${SHOP}/p/1`, `${SHOP}/p/2`]);
    pages.delete(`${SHOP}/p/1`);
    await pass(9 * HOUR_MS);
    const failing = await client().get({ id: one.id });
    expect(failing).toMatchObject({ price: usd(2_000), problem: { code: 'message', data: { text: 'the page describes no one product' } }, alerts: [{ reason: { code: 'watch.unreadable' } }] });
    expect((await client().list({ show: 'failing' })).items.map((row) => row.id)).toEqual([one.id]);
    pages.set(`${SHOP}/p/1`, page(2_000));
    expect(await client().look({ id: one.id })).toMatchObject({ problem: null });
    await expect(client().add({ address: `${SHOP}/about` })).rejects.toMatchObject({ code: 'NO_OFFER', data: { reason: 'the page describes no one product' } });
  });

  it('asks Amazon for a number, and knows the own price of the same thing', async () => {
    await runtime.db.transaction(async (tx) => {
      await tx.product.create({ data: { id: 'prd_1', title: 'Steel kettle', asin: 'B000000001', attributes: '{}', createdAt: 1n, updatedAt: 1n, identifiers: { create: { kind: 'asin', value: 'B000000001', source: 'keepa' } } } });
      await tx.listing.create({ data: { id: 'lst_1', channel: 'ebay-us', sku: 'RD-1', lotId: 'lot_1', productId: 'prd_1', title: 'Kettle', description: '', condition: 'new', idempotencyKey: 'k', state: 'active', priceMinor: 2_400n, floorMinor: 1n, currency: 'USD', quantity: 2, createdAt: 1n, updatedAt: 1n } });
    });
    registerWatching(deps());
    const watch = await client().add({ address: 'https://www.amazon.com/dp/B000000001' });
    expect(watch).toMatchObject({ kind: 'market', place: 'amazon-us', title: 'Steel kettle', price: usd(2_500), sellers: 4, mine: usd(2_400), productId: 'prd_1' });
    buyBox = 2_300;
    await pass(7 * HOUR_MS);
    expect((await client().get({ id: watch.id })).alerts.map((alert) => alert.reason.code)).toEqual(['watch.undercut']);
    expect((await client().list({ show: 'undercut' })).items).toHaveLength(1);
    buyBox = null;
    await pass(7 * HOUR_MS);
    expect(await client().get({ id: watch.id })).toMatchObject({ price: null, available: false, sellers: 0, history: { currency: 'USD' } });
    expect(asked).toEqual([]);
    await expect(client().add({ address: 'B000000002' })).rejects.toMatchObject({ code: 'NO_OFFER' });
  });

  it('goes with a source whose address has changed', async () => {
    await runtime.db.transaction((tx) => tx.source.create({ data: { id: 'src_1', kind: 'structured-shop', name: 'Shop', baseUrl: SHOP, config: '{"site":{},"terms":{}}', createdAt: 1n } }));
    pages.set(`${SHOP}/p/1?v=2`, page(2_000));
    const watch = await client().add({ address: `${SHOP}/p/1?v=2` });
    await runtime.db.prisma.source.update({ where: { id: 'src_1' }, data: { baseUrl: 'https://new.example' } });
    pages.set('https://new.example/p/1?v=2', page(1_000));
    expect(await client().look({ id: watch.id })).toMatchObject({ price: usd(1_000), place: 'Shop', address: 'https://new.example/p/1?v=2' });
  });
});
