import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { money } from '#kernel/money.ts';
import { HOUR_MS } from '#kernel/time.ts';
import { createAlertProcedures, createScanProcedures, registerAlerts } from '#engine/opportunities/index.ts';
import { addSource, startScan } from '#engine/sources/index.ts';
import { gtinOf, offerOf, openOfferDesk, type OfferDesk } from '#tests/support/offer-desk.ts';

let desk: OfferDesk;
let sourceId: string;
const usd = (minor: number) => money(minor, 'USD');
const stock = (quantity: number) => ({ available: quantity > 0, quantity });
const clients = () => ({ scans: createRouterClient(createScanProcedures(desk.opportunities)), alerts: createRouterClient(createAlertProcedures(desk.opportunities)) });
const prisma = () => desk.runtime.db.prisma;

beforeEach(async () => {
  desk = await openOfferDesk();
  ({ id: sourceId } = await addSource(desk.scan.sources, { kind: 'woocommerce', name: 'Shop', baseUrl: 'https://shop.example', intervalMs: null }));
  for (const n of [1, 2, 3, 4, 5, 6]) desk.vendor.know({ n, priceMinor: 4_000 });
});
afterEach(() => desk.close());

/** One pass of the shop as it now is, an hour after the last. */
async function scan(...offers: Parameters<typeof offerOf>[]): Promise<string> {
  desk.runtime.clock.advanceTo(desk.runtime.clock.now() + HOUR_MS);
  desk.shop.pages = [{ offers: offers.map((given) => offerOf(...given)) }];
  const { id } = await startScan(desk.scan.sources, sourceId);
  await desk.settle();
  return id;
}

describe('scans.runs', () => {
  it('counts how each run differs from the one before, and compares the first with nothing', async () => {
    await scan([1], [2], [3], [4, { stock: stock(0) }], [5]);
    await scan([1, { price: usd(1_100) }], [2, { price: usd(1_300) }], [3, { title: 'Northgate kettle K3 steel' }], [4, { stock: stock(8) }], [6]);
    const { items } = await clients().scans.runs({ sourceId });
    expect(items.map((r) => r.changes)).toEqual([{ new: 1, back: 0, gone: 1, cheaper: 1, dearer: 1, restocked: 1, 'sold-out': 0, other: 1 }, null]);
    expect(items[0]).toMatchObject({ state: 'done', seen: 5, added: 1, changed: 4 });
  });

  it('keeps nothing of a run in which nothing changed', async () => {
    await scan([1], [2]);
    await scan([1], [2]);
    expect(await prisma().scanChange.count()).toBe(0);
  });
});

describe('scans.differences', () => {
  it('nets several runs: what came and went is none, and a price counts from the first to the last', async () => {
    const first = await scan([1], [2], [3]);
    await scan([1, { price: usd(1_100) }], [2, { price: usd(1_300) }], [4]);
    const third = await scan([1, { price: usd(1_000) }], [2], [3]);
    const { scans } = clients();
    const net = await scans.differences({ from: first, to: third });
    expect(net.items.map((d) => [d.kind, d.before?.minor, d.after?.minor])).toEqual([['cheaper', 1_200, 1_000]]);
    expect(net.counts).toMatchObject({ cheaper: 1, gone: 0, new: 0, dearer: 0, other: 0 });
    const last = await scans.differences({ to: third });
    expect(last.items.map((d) => [d.kind, d.title, d.before?.minor ?? null, d.after?.minor ?? null])).toEqual([
      ['cheaper', 'Northgate kettle K1', 1_100, 1_000], ['cheaper', 'Northgate kettle K2', 1_300, 1_200], ['back', 'Northgate kettle K3', null, 1_200], ['gone', 'Northgate kettle K4', 1_200, null],
    ]);
    expect((await scans.differences({ to: third, kind: 'gone' })).items).toHaveLength(1);
  });

  it('gives pages, and refuses runs that cannot be compared', async () => {
    const first = await scan([1], [2], [3]);
    const second = await scan([1, { price: usd(1_100) }], [2, { price: usd(1_100) }], [3, { price: usd(1_100) }]);
    const { scans } = clients();
    const one = await scans.differences({ to: second, limit: 2 });
    const two = await scans.differences({ to: second, limit: 2, cursor: one.nextCursor! });
    expect(new Set([...one.items, ...two.items].map((d) => d.offerId)).size).toBe(3);
    expect(two.nextCursor).toBeNull();
    await expect(scans.differences({ from: second, to: first })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'from', reason: 'not-earlier' } });
    await expect(scans.differences({ to: 'run_none' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('keeps what an offer was before the run when the run meets it twice', async () => {
    await scan([1]);
    desk.runtime.clock.advanceTo(desk.runtime.clock.now() + HOUR_MS);
    desk.shop.pages = [{ offers: [offerOf(1, { price: usd(1_150) })] }, { offers: [offerOf(1, { price: usd(1_100) })] }];
    const { id } = await startScan(desk.scan.sources, sourceId);
    await desk.settle();
    expect((await clients().scans.differences({ to: id })).items).toMatchObject([{ kind: 'cheaper', before: usd(1_200), after: usd(1_100) }]);
  });
});

const on = () => clients().alerts.set({ viewId: 'viw_1', filter: { state: 'open', decision: 'purchase' } });

describe('alerts', () => {
  beforeEach(async () => {
    registerAlerts(desk.opportunities);
    await prisma().savedView.create({ data: { id: 'viw_1', page: 'opportunities', name: 'Kettles', query: '{"q":"kettle"}', createdAt: 1 } });
  });

  it('tells of what comes to match when a scan ends, and not of what matched already', async () => {
    await scan([1]);
    expect(await on()).toMatchObject({ viewId: 'viw_1', name: 'Kettles', query: { q: 'kettle' }, unseen: 0 });
    await scan([1]);
    expect(await clients().alerts.list()).toMatchObject([{ unseen: 0, untold: 0 }]);
    await scan([1], [2], [3]);
    expect(await clients().alerts.list()).toMatchObject([{ unseen: 2, untold: 2 }]);
    expect((await clients().alerts.matches({ viewId: 'viw_1' })).map((r) => r.title).toSorted()).toEqual(['Northgate kettle K2', 'Northgate kettle K3']);
    expect(await prisma().outbox.count({ where: { topic: 'alert.matched' } })).toBe(1);
  });

  it('tells of each match once, whoever asks, and also when the end of the scan is told again after a kill', async () => {
    await on();
    await scan([1], [2]);
    await prisma().outbox.updateMany({ where: { topic: 'source.scan-ended' }, data: { dispatchedAt: null } });
    await desk.settle();
    const told = await Promise.all([clients().alerts.claim(), clients().alerts.claim()]);
    expect(told.flat()).toMatchObject([{ viewId: 'viw_1', count: 2 }]);
    expect(await clients().alerts.claim()).toEqual([]);
    expect(await clients().alerts.list()).toMatchObject([{ unseen: 2, untold: 0 }]);
  });

  it('counts as seen what the person looked at, and tells of it no more', async () => {
    await on();
    await scan([1]);
    expect(await clients().alerts.look({ viewId: 'viw_1' })).toEqual({ seen: 1 });
    expect(await clients().alerts.claim()).toEqual([]);
    expect(await clients().alerts.list()).toMatchObject([{ unseen: 0 }]);
    await scan([1, { price: usd(1_150) }]);
    expect(await clients().alerts.list()).toMatchObject([{ unseen: 0 }]);
  });

  it('ends with its view, and refuses a view that is none', async () => {
    await on();
    await scan([1]);
    await prisma().savedView.delete({ where: { id: 'viw_1' } });
    expect(await prisma().alertMatch.count()).toBe(0);
    await expect(on()).rejects.toMatchObject({ code: 'NOT_FOUND', data: { kind: 'view' } });
    await expect(clients().alerts.remove({ viewId: 'viw_1' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('looks at what the filters say alone', async () => {
    await clients().alerts.set({ viewId: 'viw_1', filter: { state: 'open', search: 'K2 kettle', minProfitMinor: 1 } });
    await scan([1], [2, { identifiers: [{ hint: 'gtin', text: gtinOf(2) }] }]);
    expect((await clients().alerts.matches({ viewId: 'viw_1' })).map((r) => r.title)).toEqual(['Northgate kettle K2']);
  });
});
