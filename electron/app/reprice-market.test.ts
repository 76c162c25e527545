import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { money } from '#kernel/money.ts';
import { DAY_MS } from '#kernel/time.ts';
import { evaluateOffers, ingestOffers, normaliseOffer } from '#engine/opportunities/index.ts';
import { addSource } from '#engine/sources/index.ts';
import { offerOf, openOfferDesk, type OfferDesk } from '#tests/support/offer-desk.ts';
import { createRepriceMarket } from './reprice-market.ts';

let desk: OfferDesk;
const prisma = () => desk.runtime.db.prisma;
const market = () => createRepriceMarket({ db: desk.runtime.db, clock: desk.runtime.clock, catalog: desk.opportunities.catalog });
const again = (lotId = 'lot_1') => market().again(lotId);
const asks = (data: { priceMinor?: bigint; stock?: number; state?: string }) => prisma().offer.updateMany({ data });
const learn = (category: string, amplitudeBp: number) => prisma().season.create({ data: { category, version: 1, products: 40, falls: 3_000, waveBp: JSON.stringify([-amplitudeBp, 0, 0, 0]), createdAt: 1n } });
const is = (state: string) => prisma().opportunity.updateMany({ data: { state } });

/** Two packs of a kettle, bought at 12.00 each and on the shelf. */
beforeAll(async () => {
  desk = await openOfferDesk();
  const { context: ctx, db, clock } = desk.runtime;
  const { id: sourceId } = await addSource(desk.scan.sources, { kind: 'woocommerce', name: 'Shop', baseUrl: 'https://shop.example', intervalMs: null });
  desk.vendor.know({ n: 1, priceMinor: 4_000 });
  await db.transaction((tx) => ingestOffers(ctx, tx, sourceId, [normaliseOffer({ ...offerOf(1, { price: money(1_200, 'USD') }), seenAt: clock.now() }, {})]));
  await evaluateOffers(desk.opportunities, { sourceId, limit: 10, signal: new AbortController().signal });
  const { id: opportunityId, offerId, productId } = await prisma().opportunity.findFirstOrThrow();
  await prisma().approval.create({ data: { id: 'apr_1', opportunityId, quantity: 2, maxUnitMinor: 1_200n, maxTotalMinor: 2_400n, currency: 'USD', evidence: '{}', evidenceSha256: '', approvedBy: 'owner', approvedAt: 1n, expiresAt: 2n } });
  await prisma().purchase.create({ data: { id: 'pur_1', approvalId: 'apr_1', opportunityId, offerId, productId, sourceId, connector: 'woocommerce', title: 'Kettle', quantity: 2, unitsPerOffer: 3, unitMinor: 1_200n, currency: 'USD', homeCurrency: 'USD', state: 'received', idempotencyKey: 'k', createdAt: 1n, updatedAt: 1n } });
  await prisma().stockLot.create({ data: { id: 'lot_1', sku: 'RD-1', productId, purchaseId: 'pur_1', title: 'Kettle', condition: 'new', location: '', state: 'on-hand', quantity: 6, onHand: 6, unitCostMinor: 400n, totalCostMinor: 2_400n, currency: 'USD', estimate: '{}', createdAt: 1n } });
});
afterAll(() => desk.close());

describe('the market that repricing sees', () => {
  it('has the season of the product\'s category, and none before one was learned', async () => {
    const { productId } = await prisma().opportunity.findFirstOrThrow();
    const view = async () => (await market().view(productId, 'ebay-us'))!;
    const plain = await view();
    expect(plain).toMatchObject({ season: 1, seasonAhead: [] });
    await prisma().product.update({ where: { id: productId }, data: { category: 'kitchen' } });
    await learn('all', 1_000);
    const common = await view();
    expect(common.season * common.unitsPerDay).not.toBeCloseTo(plain.unitsPerDay, 6);
    await learn('kitchen', 5_000);
    const own = await view();
    expect(Math.abs(own.season - 1)).toBeGreaterThan(3 * Math.abs(common.season - 1));
    expect(own.seasonAhead[0]).toBe(1);
  });
});

describe('what can be bought again', () => {
  it('is what the offer asks now over what was paid, in as many units as last time and as are there, while it stands and no other purchase of it is under way', async () => {
    expect(await again()).toBeNull();
    await is('purchased');
    await asks({ priceMinor: 1_500n, stock: 20 });
    expect(await again()).toEqual({ costRatio: 1.25, units: 6 });
    await asks({ stock: 1 });
    expect(await again()).toEqual({ costRatio: 1.25, units: 3 });
    await asks({ stock: 0 });
    expect(await again()).toBeNull();
    await asks({ stock: 20, state: 'gone' });
    expect(await again()).toBeNull();
    await asks({ state: 'evaluated' });
    await is('skipped');
    expect(await again()).toBeNull();
    expect(await again('lot_by_hand')).toBeNull();
  });

  it('is likelier the more of what sold out was bought again, once a person had the time to', async () => {
    const { id, approvalId: _, ...purchase } = await prisma().purchase.findFirstOrThrow();
    const { id: approval, ...consent } = await prisma().approval.findFirstOrThrow();
    const sold = (at: number) => prisma().stockMovement.create({ data: { id: `mov_${at}`, lotId: 'lot_1', kind: 'sold', quantity: -6, ref: `ord_${at}`, at } });
    const { clock } = desk.runtime;
    await prisma().stockLot.updateMany({ data: { createdAt: clock.now(), receivedAt: clock.now(), onHand: 0 } });
    await sold(clock.now());
    expect(await market().againShare()).toBe(0.5);
    clock.advanceTo(clock.now() + 4 * DAY_MS);
    expect(await market().againShare()).toBeCloseTo(2 / 5);
    await prisma().approval.create({ data: { ...consent, id: `${approval}_2` } });
    await prisma().purchase.create({ data: { ...purchase, id: `${id}_2`, approvalId: `${approval}_2`, idempotencyKey: 'k2', createdAt: clock.now() } });
    expect(await market().againShare()).toBeCloseTo(3 / 5);
  });
});
