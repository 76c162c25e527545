import path from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DAY_MS, HOUR_MS } from '#kernel/time.ts';
import { createTestRuntime, type TestRuntime } from '#runtime/testing.ts';
import { loadListing, REVISE_WORKFLOW, soldThrough, type ListingsDeps } from '#engine/listings/index.ts';
import { readFeeCards } from '#engine/pricing/index.ts';
import { BUSINESS, PRACTICE_BUSINESS, putSetting } from '#engine/settings/index.ts';
import type { RepricingDeps } from './deps.ts';
import { learnFromGone } from './learn-from-gone.ts';
import { createRepricingProcedures } from './procedures.ts';
import { registerRepricing, scheduleRepricing } from './register.ts';
import { addObserved, mergeEvidence, noEvidence } from './demand-belief.ts';
import { findState, putState, replayEvidence } from './repo.ts';
import { repriceListings } from './reprice-listings.ts';
import { readDesk } from './weigh-listing.ts';
import { DEFAULT_RULE, REPRICING } from './rule-defaults.ts';
import { viewFromHistory } from './view-history.ts';

let runtime: TestRuntime;
let deps: RepricingDeps;
let lowest: number;
let refreshed: number;
const usd = (minor: number) => ({ minor, currency: 'USD' });
const cards = readFeeCards(path.resolve(import.meta.dirname, '../../../resources/fee-cards'));

beforeEach(async () => {
  runtime = await createTestRuntime();
  const ctx = runtime.context;
  [lowest, refreshed] = [4_600, 0];
  const port = { market: 'ebay-us', connector: 'ebay', limits: { titleCharacters: 80, descriptionCharacters: 4_000, images: 12, revisionsPerDay: 250 } };
  const listings = {
    ctx, inventory: { ctx }, feeCards: cards, salesTaxBp: 700, channels: { main: 'ebay-us', connected: () => [{ port }, { port: { ...port, market: 'shopify' } }], get: () => ({ name: 'eBay', port, taxonomy: null }) },
    products: { facts: () => Promise.resolve({ title: 'Kettle', brand: null, mpn: null, gtins: [], imageUrls: [], category: null, aspects: {}, package: { lengthMm: 200, widthMm: 150, heightMm: 100, weightG: 900 } }) }, market: { priceNow: () => Promise.resolve(null) },
  } as unknown as ListingsDeps;
  deps = {
    ctx, listings, practice: true,
    markets: {
      view: () => Promise.resolve(viewFromHistory({ currency: 'USD', at: ctx.clock.now(), source: 'test', lowest: [{ at: ctx.clock.now() - 60 * DAY_MS, value: 4_600 }, { at: ctx.clock.now(), value: lowest }], buyBoxMinor: null, rivalsMinor: null, rivalCount: 3, rankDrops30: 20, monthlySold: null, salesOf: 'amazon' })),
      earningPerDay: () => Promise.resolve(0),
      again: () => Promise.resolve(null), againShare: () => Promise.resolve(0.5),
      refresh: (ids) => Promise.resolve(ids.slice(0, (refreshed += ids.length) && ids.length)),
    },
  };
  ctx.workflows.define({ kind: REVISE_WORKFLOW, input: z.looseObject({}), run: async () => {} });
  registerRepricing(deps);
  await runtime.db.transaction(async (tx) => {
    const now = BigInt(ctx.clock.now() - 3 * DAY_MS);
    await putSetting(tx, BUSINESS, PRACTICE_BUSINESS, ctx.clock.now());
    await tx.stockLot.create({ data: { id: 'lot_1', sku: 'RD-1', productId: 'prd_1', purchaseId: 'pur_1', title: 'Kettle', condition: 'new', location: 'A', state: 'on-hand', unitCostMinor: 2_000n, totalCostMinor: 10_000n, currency: 'USD', quantity: 5, onHand: 5, estimate: JSON.stringify({ profit: usd(900), salePrice: usd(4_000), daysToSell: 10 }), createdAt: 1n } });
    await tx.listing.create({ data: { id: 'lst_1', sku: 'RD-1', lotId: 'lot_1', productId: 'prd_1', channel: 'ebay-us', title: 'Kettle', description: '', condition: 'new', priceMinor: 6_500n, floorMinor: 3_000n, currency: 'USD', quantity: 5, state: 'active', idempotencyKey: 'k1', createdAt: now, publishedAt: now, updatedAt: now } });
    await tx.listingEvent.create({ data: { id: 'evt_0', listingId: 'lst_1', kind: 'draft', data: JSON.stringify({ price: usd(6_500) }), at: now } });
  });
});
afterEach(() => runtime.close());

const client = () => createRouterClient(createRepricingProcedures(deps));
const price = async () => Number((await runtime.db.prisma.listing.findUniqueOrThrow({ where: { id: 'lst_1' } })).priceMinor);
const turnOn = () => runtime.db.transaction((tx) => putSetting(tx, REPRICING, { on: true, rule: { ...DEFAULT_RULE, strategy: 'match-lowest' }, sets: [] }, runtime.clock.now()));
async function sell(units: number): Promise<void> {
  await runtime.db.transaction(async (tx) => {
    await soldThrough({ ...deps.listings }, tx, 'lst_1', units);
    await tx.order.create({ data: { id: 'ord_1', channel: 'ebay-us', externalId: 'x', state: 'paid', currency: 'USD', totalMinor: 1n, feesMinor: 0n, placedAt: 1n, modifiedAt: 1n, raw: '{}' } });
    await tx.orderLine.create({ data: { id: 'orl_1', orderId: 'ord_1', externalId: '1', listingId: 'lst_1', lotId: 'lot_1', sku: 'RD-1', title: 'Kettle', quantity: units, revenueMinor: 1n, feesMinor: 0n } });
    await runtime.context.outbox.add(tx, 'order.added', 'ord_1');
  });
}

describe('repricing', () => {
  it('does nothing until a person turns it on, shows before what it would do, and is undone for a day', async () => {
    await scheduleRepricing(deps);
    runtime.clock.advanceTo(runtime.clock.now() + 7 * HOUR_MS);
    await runtime.context.jobs.runDue();
    expect([await price(), refreshed]).toEqual([6_500, 0]);
    const { value, version, practice } = await client().settings();
    expect([value.on, practice]).toEqual([false, true]);
    const rule = { ...value.rule, strategy: 'match-lowest' as const };
    const shown = await client().preview({ settings: { on: true, rule, sets: [] } });
    expect(shown).toMatchObject({ checked: 1, more: false, rows: [{ proposed: usd(4_600), action: 'change', price: usd(6_500) }] });
    expect(await price()).toBe(6_500);
    await client().saveSettings({ value: { on: true, rule, sets: [] }, version });
    await runtime.context.jobs.runDue();
    expect([await price(), refreshed]).toEqual([4_600, 1]);
    const { items: [decision] } = await client().decisions({ limit: 10 });
    expect(decision).toMatchObject({ trigger: 'rules', action: 'change', from: usd(6_500), to: usd(4_600), lowest: usd(4_600), canUndo: true, reasons: [{ code: 'reprice.match-lowest' }] });
    expect(await runtime.db.prisma.workflow.count({ where: { kind: REVISE_WORKFLOW } })).toBe(1);
    expect(await client().undo({ id: decision!.id })).toMatchObject({ canUndo: false });
    expect(await price()).toBe(6_500);
    runtime.clock.advanceTo(runtime.clock.now() + 7 * HOUR_MS);
    await runtime.context.jobs.runDue();
    expect(await price()).toBe(6_500);
    await expect(client().undo({ id: decision!.id })).rejects.toMatchObject({ code: 'WRONG_STATE' });
    runtime.clock.advanceTo(runtime.clock.now() + 20 * HOUR_MS);
    await runtime.context.jobs.runDue();
    expect(await price()).toBe(4_600);
  });

  it('is moved by the market after a sleep in one turn, stops at the floor, and is held by a pause', async () => {
    await turnOn();
    await scheduleRepricing(deps);
    lowest = 1_000;
    await client().pause({ id: 'lst_1', paused: true });
    runtime.clock.advanceTo(runtime.clock.now() + 3 * DAY_MS);
    await runtime.context.jobs.runDue();
    expect(await price()).toBe(6_500);
    await client().pause({ id: 'lst_1', paused: false });
    runtime.clock.advanceTo(runtime.clock.now() + 7 * HOUR_MS);
    await runtime.context.jobs.runDue();
    const { items } = await client().decisions({ limit: 10 });
    const floor = items[0]!.floor.minor;
    expect(await price()).toBe(floor);
    expect(floor).toBeGreaterThanOrEqual(3_000);
    expect(items[0]!.reasons.map((reason) => reason.code)).toEqual(['reprice.match-lowest', 'reprice.floor']);
    // the same again is not written again
    runtime.clock.advanceTo(runtime.clock.now() + 30 * HOUR_MS);
    await runtime.context.jobs.runDue();
    expect((await client().decisions({ limit: 10 })).items.filter((item) => item.action === 'change')).toHaveLength(1);
  });

  it('learns from its own sales, and the belief is made again from what was seen', async () => {
    await runtime.db.transaction((tx) => putSetting(tx, REPRICING, { on: true, rule: { ...DEFAULT_RULE, leastHours: 1 }, sets: [] }, runtime.clock.now()));
    await scheduleRepricing(deps);
    runtime.clock.advanceTo(runtime.clock.now() + 7 * HOUR_MS);
    await runtime.context.jobs.runDue();
    runtime.clock.advanceTo(runtime.clock.now() + HOUR_MS);
    await sell(2);
    await runtime.context.jobs.runDue();
    const state = (await findState(runtime.db.prisma, 'lst_1'))!;
    expect(state.evidence.units).toBe(2);
    runtime.clock.advanceTo(runtime.clock.now() + 2 * DAY_MS);
    await runtime.context.jobs.runDue();
    const later = (await findState(runtime.db.prisma, 'lst_1'))!;
    expect(later.evidence.days).toBeGreaterThan(2);
    expect(await replayEvidence(runtime.db.prisma, 'lst_1')).toEqual(later.evidence);
    expect((await loadListing(runtime.db.prisma, 'lst_1')).price.minor).toBeGreaterThanOrEqual(3_000);
  });

  it('weighs what the same stock sells on another channel, whose silence teaches nothing here', async () => {
    await runtime.db.transaction((tx) => putSetting(tx, REPRICING, { on: true, rule: DEFAULT_RULE, sets: [] }, runtime.clock.now()));
    await runtime.db.transaction(async (tx) => {
      const there = await tx.listing.findUniqueOrThrow({ where: { id: 'lst_1' } });
      await tx.listing.create({ data: { ...there, id: 'lst_2', channel: 'shopify', idempotencyKey: 'k2' } });
    });
    const standing = { ratio: 1, others: [1, 1.03], season: 1, perDay: 0.2, keptMinor: 3_300 };
    const silent = addObserved(noEvidence(1), { ratio: 1, others: [1], season: 1, units: 0, days: 300 });
    const before = (await readDesk(deps)).poolOf('ebay-us');
    await runtime.db.transaction((tx) => putState(tx, 'lst_2', { evidence: silent, standing, observedAt: runtime.clock.now(), pausedAt: null, heldUntil: null }, runtime.clock.now()));
    const desk = await readDesk(deps);
    expect(desk.poolOf('ebay-us')).toEqual(before);
    expect(desk.poolOf('shopify')).not.toEqual(before);
    await repriceListings(deps, ['lst_1'], { trigger: 'market' });
    const { items: [decision] } = await client().decisions({ listingId: 'lst_1', limit: 1 });
    expect(decision!.reasons).toContainEqual({ code: 'reprice.elsewhere', data: { perDay: 0.2, count: 1 } });
    expect((await findState(runtime.db.prisma, 'lst_1'))!.standing).toMatchObject({ perDay: expect.any(Number), keptMinor: expect.any(Number) });
  });

  it('prices what was bought again as one stock, whose days and demand count once', async () => {
    await runtime.db.transaction((tx) => putSetting(tx, REPRICING, { on: true, rule: DEFAULT_RULE, sets: [] }, runtime.clock.now()));
    const now = BigInt(runtime.clock.now() - 3 * DAY_MS);
    const again = async (n: number, floorMinor: bigint) => {
      const [lot, listing] = [await runtime.db.prisma.stockLot.findUniqueOrThrow({ where: { id: 'lot_1' } }), await runtime.db.prisma.listing.findUniqueOrThrow({ where: { id: 'lst_1' } })];
      await runtime.db.prisma.stockLot.create({ data: { ...lot, id: `lot_${n}`, sku: `RD-${n}`, purchaseId: `pur_${n}`, quantity: 4, onHand: 4, unitCostMinor: 2_000n, totalCostMinor: 8_000n } });
      await runtime.db.prisma.listing.create({ data: { ...listing, id: `lst_${n}`, sku: `RD-${n}`, lotId: `lot_${n}`, idempotencyKey: `k${n}`, quantity: 4, floorMinor } });
      await runtime.db.prisma.listingEvent.create({ data: { id: `evt_${n}`, listingId: `lst_${n}`, kind: 'draft', data: JSON.stringify({ price: usd(6_500) }), at: now } });
    };
    await again(2, 3_000n);
    // this one may not go as low as the others
    await again(3, 6_400n);
    const all = ['lst_1', 'lst_2', 'lst_3'];
    await repriceListings(deps, all, { trigger: 'market' });
    const prices = async () => (await runtime.db.prisma.listing.findMany({ where: { id: { in: all } }, orderBy: { id: 'asc' } })).map((listing) => Number(listing.priceMinor));
    const [one, two, dear] = await prices();
    expect([two, dear]).toEqual([one, 6_400]);
    expect((await client().decisions({ listingId: 'lst_1', limit: 1 })).items[0]!.reasons[0]).toMatchObject({ data: { units: 13 } });
    const shares = await Promise.all(all.map(async (id) => (await findState(runtime.db.prisma, id))!.standing!.timeShare));
    expect(shares).toEqual([0.5, 0.5, 0]);
    // listed three days ago, each learns of its own day alone; what all three saw is one day of one offer
    const met = async () => Promise.all(all.map(async (id) => (await findState(runtime.db.prisma, id))!.evidence));
    const before = await met();
    runtime.clock.advanceTo(runtime.clock.now() + DAY_MS);
    await repriceListings(deps, all, { trigger: 'market' });
    const after = await met();
    expect(after.map(({ days }, n) => days - before[n]!.days)).toEqual([1, 1, 1]);
    const gained = after.map(({ exposure }, n) => exposure[0]! - before[n]!.exposure[0]!);
    expect(gained[0]).toBeGreaterThan(0);
    expect(gained).toEqual([gained[0], gained[0], 0]);
    expect(await replayEvidence(runtime.db.prisma, 'lst_1')).toEqual(after[0]);
    const listing = await loadListing(runtime.db.prisma, 'lst_1');
    const besides = (await readDesk(deps)).besides(listing);
    expect(besides).toHaveLength(2);
    expect(mergeEvidence([...besides, after[0]!])!.exposure[0]).toBeCloseTo(2 * gained[0]!, 9);
  });

  it('learns from the sale that takes the last unit, once: else only what does not sell would teach', async () => {
    await turnOn();
    await repriceListings(deps, ['lst_1'], { trigger: 'market' });
    // heard of in the very moment of the look
    await runtime.db.transaction((tx) => soldThrough(deps.listings, tx, 'lst_1', 2));
    runtime.clock.advanceTo(runtime.clock.now() + DAY_MS);
    await sell(3);
    expect(await runtime.db.prisma.listing.findUniqueOrThrow({ where: { id: 'lst_1' } })).toMatchObject({ state: 'sold-out', quantity: 0 });
    runtime.clock.advanceTo(runtime.clock.now() + 5 * DAY_MS);
    await learnFromGone(deps, new AbortController().signal);
    await learnFromGone(deps, new AbortController().signal);
    const state = (await findState(runtime.db.prisma, 'lst_1'))!;
    // until it was gone, not until it was looked at
    expect(state).toMatchObject({ standing: null, evidence: { units: 5, days: 1 } });
    expect(await replayEvidence(runtime.db.prisma, 'lst_1')).toEqual(state.evidence);
  });
});
