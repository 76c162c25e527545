import { createRouterClient, type RouterClient } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConnectorError } from '#kernel/errors.ts';
import { money } from '#kernel/money.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, scaledClock } from '#kernel/time.ts';
import { createTestRuntime, TEST_START } from '#runtime/testing.ts';
import { estimateScan, retireUnseen } from '#engine/opportunities/index.ts';
import { addSource, createSourcesProcedures, startScan } from '#engine/sources/index.ts';
import { offerOf, openOfferDesk, OPEN_POLICY, ScriptedShop, type OfferDesk } from '#tests/support/offer-desk.ts';
import { registerScanning, scheduleScanning } from './scan.ts';

let desk: OfferDesk;
let sources: RouterClient<ReturnType<typeof createSourcesProcedures>>;
const usd = (minor: number) => money(minor, 'USD');
const down = (kind: 'Retryable' | 'Rejected' = 'Retryable') => new ConnectorError({ kind, connector: 'scripted', operation: 'read page', message: 'the shop is down, key=abc123secret' });

const unasked = () => Promise.reject(new Error('not asked for here'));

beforeEach(async () => {
  desk = await openOfferDesk();
  sources = createRouterClient(createSourcesProcedures(desk.scan.sources, { cost: (id) => estimateScan(desk.opportunities, id), withdrawOffers: (tx, id) => retireUnseen(tx, id, Number.MAX_SAFE_INTEGER), importFile: unasked, importStaged: unasked }));
  for (const n of [1, 2, 3, 4, 5, 6]) desk.vendor.know({ n, priceMinor: 4_000 });
});
afterEach(() => desk.close());

const add = (over: { intervalMs?: number; baseUrl?: string } = {}) => sources.add({ kind: 'woocommerce', name: 'Shop', baseUrl: 'https://shop.example/', ...over });
const prisma = () => desk.runtime.db.prisma;
const offers = () => prisma().offer.findMany({ orderBy: { externalId: 'asc' } });
const opportunities = () => prisma().opportunity.findMany({ orderBy: { offerId: 'asc' } });
async function scanned(sourceId: string) {
  const { id } = await sources.run({ id: sourceId });
  await desk.settle();
  return (await sources.get({ id: sourceId })).runs.find((r) => r.id === id)!;
}

describe('sources.add', () => {
  it('stores a source and says that it never ran', async () => {
    const source = await add();
    expect(source.ai).toBeNull();
    await expect(sources.update({ id: source.id, ai: true })).rejects.toMatchObject({ data: { field: 'ai', reason: 'kind' } });
    expect(source).toMatchObject({ name: 'Shop', baseUrl: 'https://shop.example', health: 'never-run', offers: 0, successBp: null, lastRun: null });
    expect(await sources.list()).toEqual([source]);
  });

  it('refuses the same address a second time, whatever slash it ends with', async () => {
    await add();
    await expect(add({ baseUrl: 'https://shop.example//' })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'baseUrl', reason: 'duplicate' } });
    expect(await sources.list()).toHaveLength(1);
  });

  it('refuses what the adapter cannot read, naming the field, and kinds that nothing reads', async () => {
    await expect(add({ baseUrl: 'https://invalid.example' })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'baseUrl', reason: 'must be the address of the shop' } });
    await expect(sources.add({ kind: 'jumia', name: 'Jumia', baseUrl: 'https://jumia.example' })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'kind', reason: 'unsupported' } });
    expect(await sources.list()).toEqual([]);
  });

  it('shows a source whose configuration cannot be read with its problem, and the others as usual', async () => {
    const fine = await add();
    const [noJson, wrong] = [await add({ baseUrl: 'https://one.example' }), await add({ baseUrl: 'https://two.example' })];
    await prisma().source.update({ where: { id: noJson.id }, data: { config: '{"site":' } });
    await prisma().source.update({ where: { id: wrong.id }, data: { config: '{"site":7,"terms":{}}' } });
    expect(await sources.list()).toMatchObject([{ id: fine.id, health: 'never-run', lastError: null }, { id: noJson.id, health: 'failing', lastError: expect.stringContaining('no JSON') }, { id: wrong.id, health: 'failing', lastError: expect.stringContaining('site: ') }]);
    expect((await sources.get({ id: wrong.id })).source).toMatchObject({ name: 'Shop', health: 'failing' });
    expect(await sources.update({ id: wrong.id, enabled: false, name: 'Broken' })).toMatchObject({ name: 'Broken', enabled: false, readable: false, lastError: expect.stringContaining('site: ') });
    await expect(sources.run({ id: wrong.id })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'config' } });
    expect(await scanned(fine.id)).toMatchObject({ state: 'done' });
    expect([await sources.remove({ id: wrong.id }), await sources.remove({ id: noJson.id })]).toEqual([{ id: wrong.id, offers: 0 }, { id: noJson.id, offers: 0 }]);
    expect((await sources.list()).map((s) => s.id)).toEqual([fine.id]);
    expect(await add({ baseUrl: 'https://two.example' })).toMatchObject({ id: wrong.id, name: 'Shop', enabled: true, readable: true, lastError: null });
  });

  it('takes a source off the desk with what it offered, and brings it back with its history when its address is added again', async () => {
    desk.shop.pages = [{ offers: [offerOf(1), offerOf(2)] }];
    const source = await add({ intervalMs: HOUR_MS });
    await scanned(source.id);
    expect(await sources.remove({ id: source.id })).toEqual({ id: source.id, offers: 2 });
    expect([await sources.list(), (await offers()).map((o) => o.state), (await opportunities()).map((o) => o.state)]).toEqual([[], ['gone', 'gone'], ['expired', 'expired']]);
    for (const gone of [sources.get({ id: source.id }), sources.run({ id: source.id }), sources.update({ id: source.id, name: 'x' }), sources.remove({ id: source.id }), sources.health({ id: source.id })]) await expect(gone).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const back = await add();
    expect(back).toMatchObject({ id: source.id, enabled: true, intervalMs: null, lastRun: { state: 'done' } });
    expect(await scanned(source.id)).toMatchObject({ state: 'done', opportunities: 2 });
    expect((await offers()).map((o) => o.state)).toEqual(['evaluated', 'evaluated']);
  });

  it('lets nothing of a run come in after its source was removed', async () => {
    desk.shop.pages = [{ offers: [offerOf(1)] }];
    const source = await add();
    await sources.run({ id: source.id });
    await sources.remove({ id: source.id });
    await desk.settle();
    expect([await offers(), (await prisma().scanRun.findMany()).map((r) => r.state)]).toEqual([[], ['cancelled']]);
  });

  it('does not know a source that is none', async () => {
    await expect(sources.run({ id: 'src_none' })).rejects.toMatchObject({ code: 'NOT_FOUND', data: { kind: 'source', id: 'src_none' } });
    await expect(sources.cancel({ id: 'run_none' })).rejects.toMatchObject({ code: 'NOT_FOUND', data: { kind: 'run' } });
  });
});

const health = async () => Object.fromEntries((await sources.list()).map((s) => [s.id, s.health]));

describe('sources.run', () => {
  it('stores offers, rejects and opportunities, and counts them', async () => {
    desk.shop.pages = [{ offers: [offerOf(1), offerOf(2)], rejects: [{ code: 'no-price', where: 'page 1 item 3', field: 'price', reason: 'no price', excerpt: '<li>call us</li>', seenAt: 5 }] }, { offers: [offerOf(3)] }];
    const source = await add();
    const run = await scanned(source.id);
    expect(run).toMatchObject({ state: 'done', seen: 3, added: 3, changed: 0, rejected: 1, survivors: 3, opportunities: 3, requests: 2, error: null });
    expect((await offers()).map((o) => o.state)).toEqual(['evaluated', 'evaluated', 'evaluated']);
    expect((await opportunities()).map((o) => o.decision)).toEqual(['purchase', 'purchase', 'purchase']);
    expect((await sources.get({ id: source.id })).source).toMatchObject({ health: 'healthy', offers: 3, openOpportunities: 3, successBp: 10_000 });
    expect(desk.shop.closed).toBe(2); // once when it was added, once after the pass
  });

  it('is refused while a scan of the source is queued or running, and names that run', async () => {
    const source = await add();
    const run = await sources.run({ id: source.id });
    await expect(sources.run({ id: source.id })).rejects.toMatchObject({ code: 'ALREADY_RUNNING', data: { runId: run.id } });
  });

  it('changes nothing that did not change', async () => {
    desk.shop.pages = [{ offers: [offerOf(1), offerOf(2)] }];
    const source = await add();
    await scanned(source.id);
    const before = await opportunities();
    const asked = desk.vendor.asked.length;
    desk.runtime.clock.advanceTo(desk.runtime.clock.now() + HOUR_MS);
    expect(await scanned(source.id)).toMatchObject({ state: 'done', seen: 2, added: 0, changed: 0, survivors: 0, opportunities: 0 });
    expect(await opportunities()).toEqual(before);
    expect(desk.vendor.asked).toHaveLength(asked);
    expect((await offers()).every((o) => Number(o.lastSeenAt) === desk.runtime.clock.now())).toBe(true);
  });

  it('rewrites one opportunity when one page changed', async () => {
    desk.shop.pages = [{ offers: [offerOf(1), offerOf(2)] }];
    const source = await add();
    await scanned(source.id);
    const before = await opportunities();
    desk.shop.pages = [{ offers: [offerOf(1), offerOf(2, { price: usd(1_300) })] }];
    expect(await scanned(source.id)).toMatchObject({ added: 0, changed: 1, opportunities: 1 });
    const [first, second] = await opportunities();
    expect(first).toEqual(before[0]);
    expect(second).toMatchObject({ id: before[1]!.id, version: before[1]!.version + 1 });
    expect(Number(second!.unitCostMinor) - Number(before[1]!.unitCostMinor)).toBe(100);
  });

  it('retires what a complete pass no longer shows, with its opportunity, and brings both back with the page', async () => {
    desk.shop.pages = [{ offers: [offerOf(1), offerOf(2)] }];
    const source = await add();
    await scanned(source.id);
    desk.runtime.clock.advanceTo(desk.runtime.clock.now() + HOUR_MS);
    desk.shop.pages = [{ offers: [offerOf(1)] }];
    await scanned(source.id);
    expect((await offers()).map((o) => o.state)).toEqual(['evaluated', 'gone']);
    expect((await opportunities()).map((o) => [o.state, o.version])).toEqual([['open', 1], ['expired', 2]]);
    expect((await sources.get({ id: source.id })).source).toMatchObject({ offers: 1, openOpportunities: 1 });
    desk.runtime.clock.advanceTo(desk.runtime.clock.now() + HOUR_MS);
    desk.shop.pages = [{ offers: [offerOf(1), offerOf(2)] }];
    expect(await scanned(source.id)).toMatchObject({ added: 0, changed: 1 });
    expect((await opportunities()).map((o) => [o.state, o.version])).toEqual([['open', 1], ['open', 3]]);
  });

  it('keeps what the site says has not changed, and retires nothing after a pass that broke off', async () => {
    desk.shop.pages = [{ offers: [offerOf(1), offerOf(2)] }];
    const source = await add();
    await scanned(source.id);
    desk.runtime.clock.advanceTo(desk.runtime.clock.now() + HOUR_MS);
    desk.shop.pages = [{ offers: [offerOf(1)], unchanged: ['item-2'] }];
    await scanned(source.id);
    desk.runtime.clock.advanceTo(desk.runtime.clock.now() + HOUR_MS);
    desk.shop.pages = [{ offers: [offerOf(1)] }, { error: down('Rejected') }];
    expect(await scanned(source.id)).toMatchObject({ state: 'failed' });
    expect((await offers()).map((o) => o.state)).toEqual(['evaluated', 'evaluated']);
    expect((await opportunities()).map((o) => o.state)).toEqual(['open', 'open']);
  });

  it('fails with the reason, masked, and the source shows it until the next success', async () => {
    desk.shop.pages = [{ error: down('Rejected') }];
    const source = await add();
    expect(await scanned(source.id)).toMatchObject({ state: 'failed', error: expect.stringContaining('the shop is down') as string });
    expect((await sources.get({ id: source.id })).source).toMatchObject({ health: 'failing', successBp: 0 });
    expect((await sources.health({ id: source.id })).error).toMatchObject({ kind: 'Rejected', at: desk.runtime.clock.now(), hasPage: false });
    desk.shop.pages = [{ offers: [offerOf(1)] }];
    await scanned(source.id);
    expect((await sources.get({ id: source.id })).source).toMatchObject({ health: 'healthy', lastError: null, successBp: 5_000 });
    expect((await sources.health({ id: source.id })).error).toBeNull();
  });

  it('counts a source as stale when its last success is long past', async () => {
    desk.shop.pages = [{ offers: [offerOf(1)] }];
    const [asked, due] = [await add(), await add({ baseUrl: 'https://other.example', intervalMs: DAY_MS })];
    await scanned(asked.id);
    await scanned(due.id);
    desk.runtime.clock.advanceTo(desk.runtime.clock.now() + 2 * DAY_MS + 1);
    expect(await health()).toEqual({ [asked.id]: 'healthy', [due.id]: 'stale' });
    desk.runtime.clock.advanceTo(desk.runtime.clock.now() + 5 * DAY_MS);
    expect(await health()).toEqual({ [asked.id]: 'stale', [due.id]: 'stale' });
  });

  it('is refused where the site does not permit it, without reading a page', async () => {
    const source = await add();
    desk.shop.policy = { ...OPEN_POLICY, scan: 'forbidden' };
    desk.shop.pages = [{ offers: [offerOf(1)] }];
    expect(await scanned(source.id)).toMatchObject({ state: 'failed', error: expect.stringContaining('https://shop.example/terms') as string });
    expect(desk.shop.begun).toEqual([]);
    expect(await offers()).toEqual([]);
  });
});

describe('a scan that breaks off', () => {
  it('goes on at its cursor after a failure that passes: no page twice, none left out', async () => {
    desk.shop.pages = [{ offers: [offerOf(1), offerOf(2)] }, { offers: [offerOf(3)] }, { offers: [offerOf(4)], error: down() }, { offers: [offerOf(5)] }];
    const source = await add();
    const { id } = await sources.run({ id: source.id });
    await desk.settle();
    expect((await sources.get({ id: source.id })).runs[0]).toMatchObject({ id, state: 'running', seen: 3 });
    await desk.runtime.runUntil(desk.runtime.clock.now() + HOUR_MS);
    expect(desk.shop.begun).toEqual([undefined, '2']);
    expect(desk.shop.given).toEqual([0, 1, 2, 3]);
    expect((await sources.get({ id: source.id })).runs[0]).toMatchObject({ id, state: 'done', seen: 5, added: 5, requests: 4, opportunities: 5 });
  });

  it('goes on at its cursor after the program ended between two pages', async () => {
    const clock = scaledClock({ anchor: TEST_START, realAnchor: Date.now(), speed: 1 });
    const live = await openOfferDesk({ clock });
    const { ctx } = live.scan;
    let waiting = false;
    live.shop.pages = [{ offers: [offerOf(1)] }, { offers: [offerOf(2)], before: (signal) => {
      waiting = true;
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
    } }, { offers: [offerOf(3)] }];
    live.runtime.start();
    const { id } = await addSource(live.scan.sources, { kind: 'woocommerce', name: 'Shop', baseUrl: 'https://shop.example', intervalMs: null });
    await startScan(live.scan.sources, id);
    await expect.poll(() => waiting, { timeout: 20_000 }).toBe(true);
    await live.runtime.stop();
    expect((await ctx.db.prisma.offer.findMany()).map((o) => o.externalId)).toEqual(['item-1']);

    const again = await createTestRuntime({ db: live.runtime.db, clock });
    const shop = new ScriptedShop(clock);
    shop.pages = live.shop.pages.map(({ offers: found }) => ({ offers: found! }));
    registerScanning({
      ctx: again.context, sources: { ctx: again.context, adapters: new Map([[shop.kind, shop]]) },
      opportunities: { ...live.opportunities, ctx: again.context, catalog: { ...live.catalog, ctx: again.context } },
    });
    await again.context.jobs.runDue();
    expect(shop.begun).toEqual(['1']);
    expect(await ctx.db.prisma.scanRun.findMany()).toMatchObject([{ state: 'done', seen: 3, added: 3 }]);
    expect(await ctx.db.prisma.offer.count({ where: { state: 'gone' } })).toBe(0);
    await live.close();
  });

  it('reads no page again when only the judging failed after the last one', async () => {
    desk.shop.pages = [{ offers: [offerOf(1)] }, { offers: [offerOf(2)] }];
    desk.vendor.failure = new ConnectorError({ kind: 'Throttled', connector: 'keepa', operation: 'look up', message: 'no tokens', retryAfterMs: MINUTE_MS });
    const source = await add();
    await sources.run({ id: source.id });
    await desk.runtime.runUntil(desk.runtime.clock.now() + HOUR_MS);
    expect(desk.shop.given).toEqual([0, 1]);
    expect((await sources.get({ id: source.id })).runs[0]).toMatchObject({ state: 'done', seen: 2, requests: 2, opportunities: 2 });
  });

  it('gives up after six tries, and the next run begins anew', async () => {
    const source = await add();
    for (let i = 0; i < 6; i++) {
      desk.shop.pages = [{ offers: [offerOf(1)], error: down() }];
      if (i === 0) await sources.run({ id: source.id });
      else desk.runtime.clock.advanceTo((await desk.runtime.context.jobs.nextDueAt())!);
      await desk.settle();
    }
    expect((await sources.get({ id: source.id })).runs[0]).toMatchObject({ state: 'failed', seen: 0 });
    expect(await scanned(source.id)).toMatchObject({ state: 'done', seen: 1 });
  });

  it('does not block its source for ever when its job is gone', async () => {
    desk.shop.pages = [{ offers: [offerOf(1)] }];
    const source = await add();
    const lost = await sources.run({ id: source.id });
    await prisma().scanRun.update({ where: { id: lost.id }, data: { state: 'running' } });
    await prisma().job.deleteMany({});
    expect(await scanned(source.id)).toMatchObject({ state: 'done', seen: 1 });
    expect((await sources.get({ id: source.id })).runs.find((r) => r.id === lost.id)).toMatchObject({ state: 'failed', error: 'the program ended while it ran' });
  });
});

describe('sources.cancel', () => {
  it('keeps what was stored, stays cancelled, and a new scan can begin at once', async () => {
    const source = await add();
    let runId = '';
    let next = '';
    desk.shop.pages = [{ offers: [offerOf(1)] }, { offers: [offerOf(2)], before: async () => {
      if (runId === '') return;
      expect(await sources.cancel({ id: runId })).toMatchObject({ state: 'cancelled', seen: 1 });
      runId = '';
      next = (await sources.run({ id: source.id })).id;
    } }];
    const first = (runId = (await sources.run({ id: source.id })).id);
    await desk.settle();
    const { runs } = await sources.get({ id: source.id });
    expect(runs.find((r) => r.id === first)).toMatchObject({ state: 'cancelled', seen: 1, finishedAt: desk.runtime.clock.now() });
    expect(runs.find((r) => r.id === next)).toMatchObject({ state: 'done', seen: 2, added: 1 });
    expect((await offers()).map((o) => o.state)).toEqual(['evaluated', 'evaluated']);
  });

  it('stays cancelled when it comes while the last batch is judged', async () => {
    desk.shop.pages = [{ offers: [offerOf(1)] }];
    const source = await add();
    const { id } = await sources.run({ id: source.id });
    const lookup = desk.vendor.lookup.bind(desk.vendor);
    desk.vendor.lookup = async (codes) => {
      await sources.cancel({ id });
      return lookup(codes);
    };
    await desk.settle();
    expect((await sources.get({ id: source.id })).runs[0]).toMatchObject({ state: 'cancelled' });
    expect((await sources.get({ id: source.id })).source.lastSuccessAt).toBeNull();
  });

  it('leaves an ended run as it is', async () => {
    desk.shop.pages = [{ offers: [offerOf(1)] }];
    const source = await add();
    const run = await scanned(source.id);
    expect(await sources.cancel({ id: run.id })).toEqual(run);
  });
});

describe('sources.rejects', () => {
  it('pages through every reject of a run with place, field, reason and what was read; the next run clears them', async () => {
    const rejects = Array.from({ length: 25 }, (_, i) => ({ code: 'unparseable' as const, where: `page 1 item ${i}`, field: 'price', reason: 'price is no number', excerpt: `<b>${i}</b>`, seenAt: 7 }));
    desk.shop.pages = [{ offers: [offerOf(1)], rejects: rejects.slice(0, 10) }, { rejects: rejects.slice(10) }];
    const source = await add();
    const run = await scanned(source.id);
    const all = [];
    let cursor: string | undefined;
    do {
      const page = await sources.rejects({ id: run.id, limit: 7, ...(cursor === undefined ? {} : { cursor }) });
      expect(page.items.length).toBeLessThanOrEqual(7);
      all.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(all.map((r) => r.place)).toEqual(rejects.map((r) => r.where));
    expect(all[3]).toMatchObject({ field: 'price', reason: 'unparseable: price is no number', raw: '<b>3</b>', at: 7 });
    await scanned(source.id);
    expect((await sources.rejects({ id: run.id })).items).toEqual([]);
  });
});

describe('scans by schedule', () => {
  it('start each enabled source whose interval has passed, and no other', async () => {
    desk.shop.pages = [{ offers: [offerOf(1)] }];
    const hourly = await add({ intervalMs: HOUR_MS });
    const daily = await add({ baseUrl: 'https://daily.example', intervalMs: DAY_MS });
    const off = await add({ baseUrl: 'https://off.example', intervalMs: HOUR_MS });
    await add({ baseUrl: 'https://asked.example' });
    await sources.update({ id: off.id, enabled: false });
    const start = desk.runtime.clock.now();
    await scheduleScanning(desk.scan);
    await desk.runtime.runUntil(start + 3 * HOUR_MS + MINUTE_MS);
    const runs = Object.fromEntries(await Promise.all((await sources.list()).map(async (s) => [s.baseUrl, (await sources.get({ id: s.id })).runs.length] as const)));
    // the schedule looks once a minute
    expect(runs[hourly.baseUrl]).toBeGreaterThanOrEqual(3);
    expect(runs[hourly.baseUrl]).toBeLessThanOrEqual(4);
    expect(runs).toMatchObject({ [daily.baseUrl]: 1, 'https://off.example': 0, 'https://asked.example': 0 });
  });
});
