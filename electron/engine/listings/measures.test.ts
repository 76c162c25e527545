import { afterEach, beforeEach, expect, it } from 'vitest';
import { money } from '#kernel/money.ts';
import { ManualClock } from '#kernel/time.ts';
import { createTestDatabase, type TestDatabase } from '#runtime/template.ts';
import { openTradeDesk, seedBusiness, type TradeDesk } from '#tests/support/trade-desk.ts';
import { addLotByHand } from '../inventory/index.ts';
import { retryListing } from './change-listing.ts';
import { loadListing } from './advance-listing.ts';
import type { OnChannel } from './deps.ts';
import { demandedMeasures, missingMeasures, readMeasures, setMeasures } from './measures.ts';

const usd = (minor: number) => money(minor, 'USD');
const none = { lengthMm: null, widthMm: null, heightMm: null, weightG: null };

it('asks for what the category demands and nobody has measured, and nothing where the offer joins a page', async () => {
  const both = { size: true, weight: true };
  expect(missingMeasures(both, { measures: none, package: null })).toEqual(['size', 'weight']);
  expect(missingMeasures(both, { measures: { ...none, lengthMm: 1, widthMm: 1 }, package: null })).toEqual(['size', 'weight']);
  expect(missingMeasures(both, { measures: { ...none, weightG: 5 }, package: null })).toEqual(['size']);
  expect(missingMeasures({ size: false, weight: true }, { measures: { ...none, weightG: 5 }, package: null })).toEqual([]);
  expect(missingMeasures(both, { package: { lengthMm: 1, widthMm: 1, heightMm: 1, weightG: 1 } })).toEqual([]);
  const here = { taxonomy: { measures: async () => both } } as unknown as OnChannel;
  expect(await demandedMeasures(here, { id: 'KNIFE', pages: [] })).toEqual(both);
  expect(await demandedMeasures(here, { id: 'KNIFE', pages: [{} as never] })).toEqual({ size: false, weight: false });
  expect(await demandedMeasures({ taxonomy: {} } as unknown as OnChannel, { id: 'KNIFE', pages: [] })).toEqual({ size: false, weight: false });
});

let db: TestDatabase;
let desk: TradeDesk;
const clock = new ManualClock(Date.UTC(2026, 10, 2));
beforeEach(async () => {
  db = await createTestDatabase();
  desk = await openTradeDesk({ db, clock, shopUrl: 'http://127.0.0.1:9', ebayUrl: 'http://127.0.0.1:9' });
  await seedBusiness(desk.ctx);
  const at = clock.now();
  await db.prisma.product.create({ data: { id: 'prd_1', title: 'Knife', attributes: '{}', createdAt: at, updatedAt: at } });
  const { lot } = await db.transaction((tx) => addLotByHand(desk.trade.inventory, tx, { key: 'form-0001', productId: 'prd_1', title: 'Knife', condition: 'new', quantity: 2, totalCost: usd(3_000), location: 'main', estimate: { profit: usd(0), salePrice: usd(6_000), daysToSell: 30 }, booking: 'opening', receipt: null, list: false }));
  await db.prisma.listing.create({ data: { id: 'lst_1', sku: lot.sku, lotId: lot.id, productId: 'prd_1', channel: 'ebay-us', title: 'Knife', description: '', condition: 'new', priceMinor: 2_500, floorMinor: 2_500, currency: 'EUR', quantity: 2, state: 'stopped', stopReason: JSON.stringify({ code: 'listing.no-measures', data: {} }), idempotencyKey: 'k', createdAt: at, updatedAt: at } });
});
afterEach(async () => {
  await desk.close();
  await db.close();
});

it('is remembered for the product, whole sides or none, and a listing that had no price gets one with a floor when it is sent again', async () => {
  const { listings } = desk.trade;
  const set = (given: { lengthMm?: number; widthMm?: number; heightMm?: number; weightG?: number }) => setMeasures(listings, { id: 'lst_1', version: 1, ...given });
  await expect(set({ lengthMm: 10, widthMm: 10 })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'size' } });
  await expect(set({})).rejects.toMatchObject({ code: 'INVALID' });
  await expect(setMeasures(listings, { id: 'lst_1', version: 9, weightG: 5 })).rejects.toMatchObject({ code: 'WRONG_STATE' });
  await set({ weightG: 420 });
  await set({ lengthMm: 300, widthMm: 80, heightMm: 30 });
  expect(await db.prisma.product.findUniqueOrThrow({ where: { id: 'prd_1' }, select: { lengthMm: true, widthMm: true, heightMm: true, weightG: true } })).toEqual({ lengthMm: 300, widthMm: 80, heightMm: 30, weightG: 420 });
  expect((await readMeasures(listings, 'lst_1')).missing).toEqual([]);
  const again = await retryListing(listings, { id: 'lst_1', version: 1 });
  expect([again.state, again.price.currency, again.floor.minor > 1_500, again.floor.minor < again.price.minor]).toEqual(['publishing', 'USD', true, true]);
  // one that was stopped by the channel keeps the price that it has
  await db.prisma.listing.update({ where: { id: 'lst_1' }, data: { state: 'stopped', priceMinor: 9_900, stopReason: JSON.stringify({ code: 'listing.refused', data: {} }), version: 20 } });
  expect((await retryListing(listings, { id: 'lst_1', version: 20 })).price.minor).toBe(9_900);
  expect((await loadListing(db.prisma, 'lst_1')).state).toBe('publishing');
});
