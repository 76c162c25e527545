import { call } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createStockProcedures } from '#engine/inventory/index.ts';
import { createListingProcedures, createLotListings } from '#engine/listings/index.ts';
import { approveOpportunity, readPurchases, receivePurchase } from '#engine/purchasing/index.ts';
import { KILL_SWITCH, putSetting } from '#engine/settings/index.ts';
import { DAY_MS } from '#kernel/time.ts';
import { createTestDatabase, type TestDatabase } from '#runtime/template.ts';
import { openTradeDesk, seedBusiness, seedOpportunity, type OfferFacts, type TradeDesk } from '#tests/support/trade-desk.ts';
import { startTradeMarket, worthwhileOffers, type TradeMarket } from '#tests/support/trade-market.ts';

let market: TradeMarket;
let db: TestDatabase;
let desk: TradeDesk;
let os: ReturnType<typeof createListingProcedures>;
let stock: ReturnType<typeof createStockProcedures>;
let offer: OfferFacts;

beforeEach(async () => {
  market = await startTradeMarket();
  db = await createTestDatabase();
  desk = await openTradeDesk({ db, clock: market.clock, shopUrl: market.shop.baseUrl, ebayUrl: market.ebay.baseUrl });
  os = createListingProcedures(desk.trade.listings);
  stock = createStockProcedures({ ...desk.trade.inventory, lotListings: createLotListings(desk.ctx) });
  offer = worthwhileOffers(market, 3)[0]!;
  await seedBusiness(desk.ctx);
});
afterEach(async () => {
  await desk.close();
  await market.close();
  await db.close();
});

async function buyAndReceive(): Promise<void> {
  const { opportunityId } = await seedOpportunity(desk.ctx, offer);
  await approveOpportunity(desk.trade.purchasing, { id: opportunityId, version: 1, approvedBy: 'test' });
  await desk.settle();
  const bought = (await readPurchases(db, { limit: 1 })).items[0]!;
  await receivePurchase(desk.trade.purchasing, { id: bought.id, version: bought.version, units: 3, damaged: 0 });
  await desk.settle();
}
const only = async () => (await call(os.list, { limit: 10 })).items[0]!;
const atVendor = () => market.world.effects().listings;

describe('what is received', () => {
  it('is listed with facts, at the price of the estimate, above the floor', async () => {
    await buyAndReceive();
    const listing = await only();
    expect(listing).toMatchObject({ state: 'active', channel: 'ebay-us', quantity: 3, price: { minor: offer.salePriceMinor } });
    expect(listing.price.minor).toBeGreaterThanOrEqual(listing.floor.minor);
    expect(atVendor()).toMatchObject([{ id: listing.externalId, sku: listing.sku, quantity: 3, priceMinor: offer.salePriceMinor, status: 'active' }]);
    expect(atVendor()[0]!.productId).toBe(market.world.catalog.byGtin(offer.gtin)!.id);
    const detail = await call(os.get, { id: listing.id });
    expect(detail.events.map((event) => event.kind)).toEqual(['draft', 'publishing', 'active']);
    expect((await call(stock.list, { limit: 10 })).items[0]).toMatchObject({ listingId: listing.id, listingState: 'active', onHand: 3 });
  });
});

describe('while everything is stopped', () => {
  it('nothing of a listing reaches the channel, not even where its goods lie', async () => {
    const { opportunityId } = await seedOpportunity(desk.ctx, offer);
    await approveOpportunity(desk.trade.purchasing, { id: opportunityId, version: 1, approvedBy: 'test' });
    await desk.settle();
    const set = (on: boolean) => db.transaction((tx) => putSetting(tx, KILL_SWITCH, { on }, market.clock.now()));
    await set(true);
    const bought = (await readPurchases(db, { limit: 1 })).items[0]!;
    await receivePurchase(desk.trade.purchasing, { id: bought.id, version: bought.version, units: 3, damaged: 0 });
    await desk.settle(30 * 60_000);
    expect(Object.values(market.ebay.effects()).filter((count) => count > 0)).toEqual([]);
    await set(false);
    await desk.settle(5 * 60_000);
    expect([(await only()).state, market.ebay.effects().locationsCreated]).toEqual(['active', 1]);
  });
});

describe('listings.setPrice', () => {
  it('revises the channel, and goes below the floor for nobody', async () => {
    await buyAndReceive();
    const listing = await only();
    await expect(call(os.setPrice, { id: listing.id, version: listing.version, price: { ...listing.floor, minor: listing.floor.minor - 1 } })).rejects.toMatchObject({ code: 'BELOW_FLOOR', data: { floor: listing.floor } });
    const price = { minor: listing.price.minor + 250, currency: 'USD' };
    const changed = await call(os.setPrice, { id: listing.id, version: listing.version, price });
    await desk.settle();
    expect(atVendor()).toMatchObject([{ priceMinor: price.minor, quantity: 3 }]);
    await expect(call(os.setPrice, { id: listing.id, version: listing.version, price })).rejects.toMatchObject({ code: 'WRONG_STATE' });
    await expect(call(os.setPrice, { id: listing.id, version: (await only()).version, price: { minor: 9_000, currency: 'EUR' } })).rejects.toMatchObject({ code: 'INVALID' });
    expect(changed.price).toEqual(price);
  });
});

describe('stock.adjust', () => {
  it('is told to the channel: fewer units, none, and some again', async () => {
    await buyAndReceive();
    const adjust = async (onHand: number) => {
      const lot = (await call(stock.list, { limit: 1 })).items[0]!;
      await call(stock.adjust, { id: lot.id, version: lot.version, onHand, reason: 'counted' });
      await desk.settle();
      return [(await only()).state, (await only()).quantity, atVendor()[0]!.quantity];
    };
    expect(await adjust(1)).toEqual(['active', 1, 1]);
    expect(await adjust(0)).toEqual(['sold-out', 0, 0]);
    expect(await adjust(2)).toEqual(['active', 2, 2]);
    expect(atVendor().filter((listing) => listing.status === 'active')).toHaveLength(1);
  });
});

describe('listings.end', () => {
  it('takes the listing down once', async () => {
    await buyAndReceive();
    const listing = await only();
    expect((await call(os.end, { id: listing.id, version: listing.version })).state).toBe('ending');
    await desk.settle();
    expect(await only()).toMatchObject({ state: 'ended', quantity: 0 });
    expect(atVendor()).toMatchObject([{ status: 'ended', endReason: 'seller' }]);
    await expect(call(os.end, { id: listing.id, version: (await only()).version })).rejects.toMatchObject({ code: 'WRONG_STATE', data: { state: 'ended' } });
  });
});

describe('listings.retry', () => {
  it('publishes what the channel refused, once it no longer does', async () => {
    market.ebay.setFaults({ rate: 1, kinds: ['malformed-body'], routes: ['getFulfillmentPolicies'] });
    await buyAndReceive();
    const stopped = await only();
    expect(stopped).toMatchObject({ state: 'stopped', stopReason: { code: 'listing.channel-broken' } });
    expect(atVendor()).toHaveLength(0);
    market.ebay.setFaults({ rate: 0 });
    expect((await call(os.retry, { id: stopped.id, version: stopped.version })).state).toBe('publishing');
    await desk.settle();
    expect(await only()).toMatchObject({ state: 'active', stopReason: null });
    expect(atVendor()).toHaveLength(1);
  });

  it('does not put up again what the channel sold while nobody listened', async () => {
    await buyAndReceive();
    market.ebay.setFaults({ rate: 1, kinds: ['malformed-body'], routes: ['bulkUpdatePriceQuantity'] });
    const { id, version, price } = await only();
    await call(os.setPrice, { id, version, price: { ...price, minor: price.minor + 100 } });
    await desk.settle();
    const stopped = await only();
    expect(stopped.state).toBe('stopped');
    market.ebay.setFaults({ rate: 0 });
    for (let step = 0; step < 240 && market.world.effects().sales.length === 0; step++) {
      market.clock.advanceTo(market.clock.now() + DAY_MS / 4);
      market.world.now();
    }
    const sold = market.world.effects().sales.reduce((sum, { quantity }) => sum + quantity, 0);
    expect([sold, (await only()).quantity]).toEqual([expect.toSatisfy((units: number) => units > 0 && units < 3), 3]);
    await call(os.retry, { id, version: stopped.version });
    await desk.settle();
    expect([await only(), atVendor()[0]]).toMatchObject([{ state: 'active', quantity: 3 - sold }, { quantity: 3 - sold, priceMinor: price.minor + 100 }]);
  });
});
