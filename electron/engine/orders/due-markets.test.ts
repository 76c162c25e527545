import { afterEach, beforeEach, expect, it } from 'vitest';
import { HOUR_MS, ManualClock, MINUTE_MS } from '#kernel/time.ts';
import { createTestDatabase, type TestDatabase } from '#runtime/template.ts';
import { putSetting } from '../settings/index.ts';
import { fixedSources } from './order-sources.ts';
import type { OrdersDeps } from './deps.ts';
import type { OrderSourcePort } from './ports.ts';
import { dueMarkets, orderCursor } from './sync-orders.ts';

let db: TestDatabase;
let clock: ManualClock;
beforeEach(async () => {
  db = await createTestDatabase();
  clock = new ManualClock(Date.UTC(2026, 10, 21));
});
afterEach(() => db.close());

const source = (market: string, readEveryMs?: number) => ({ market, connector: market, ...(readEveryMs === undefined ? {} : { readEveryMs }) }) as unknown as OrderSourcePort;
const deps = () => ({ ctx: { db, clock }, listings: { channels: { main: 'ebay-us' } }, sources: fixedSources([source('ebay-us'), source('amazon-us', 4 * MINUTE_MS), source('etsy-us')]) }) as unknown as OrdersDeps;

async function list(channel: string): Promise<void> {
  const at = clock.now();
  await db.prisma.listing.create({
    data: { id: `lst_${channel}`, sku: 'S1', lotId: 'lot_1', productId: 'prd_1', channel, title: 'T', description: '', condition: 'new', priceMinor: 1, currency: 'USD', floorMinor: 1, quantity: 1, state: 'active', idempotencyKey: channel, createdAt: at, updatedAt: at, version: 1 },
  });
}
async function readAll(): Promise<void> {
  await db.transaction(async (tx) => {
    for (const market of ['ebay-us', 'amazon-us', 'etsy-us']) await putSetting(tx, orderCursor(market), { readUntil: clock.now(), unreadable: [] }, clock.now());
  });
}
const after = async (ms: number) => {
  clock.advanceTo(clock.now() + ms);
  return dueMarkets(deps());
};

it('reads each channel by what stands there and what its quota bears', async () => {
  // an account that is there only to be asked is not asked for orders
  expect(await dueMarkets(deps())).toEqual(['ebay-us']);
  await list('ebay-us');
  await readAll();
  // one channel sells: nothing has to leave another
  expect(await after(2 * MINUTE_MS)).toEqual([]);
  expect(await after(8 * MINUTE_MS)).toEqual(['ebay-us']);
  await list('amazon-us');
  await readAll();
  expect(await after(2 * MINUTE_MS)).toEqual(['ebay-us']);
  expect(await after(2 * MINUTE_MS)).toEqual(['ebay-us', 'amazon-us']);
  // nothing of ours stands on the third any more: it is looked at each hour
  await list('etsy-us');
  await db.prisma.listing.updateMany({ where: { channel: 'etsy-us' }, data: { state: 'ended' } });
  await readAll();
  expect(await after(2 * MINUTE_MS)).toEqual(['ebay-us']);
  expect(await after(HOUR_MS)).toEqual(['ebay-us', 'amazon-us', 'etsy-us']);
});
