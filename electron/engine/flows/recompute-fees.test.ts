import path from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ConnectorError } from '#kernel/errors.ts';
import { createTestRuntime, type TestRuntime } from '#runtime/testing.ts';
import { REVISE_WORKFLOW, type ListingsDeps } from '#engine/listings/index.ts';
import { readFeeCards, type FeeCard } from '#engine/pricing/index.ts';
import { BUSINESS, PRACTICE_BUSINESS, putSetting } from '#engine/settings/index.ts';
import { createFeesProcedures, type RecomputeDeps } from './recompute-fees.ts';

let runtime: TestRuntime;
const usd = (minor: number) => ({ minor, currency: 'USD' });
const cards = readFeeCards(path.resolve(import.meta.dirname, '../../../resources/fee-cards'));
/** The same cards with eBay's order fee risen by a dollar. */
const dearer = cards.map((card): FeeCard => (card.channel === 'ebay-us' ? { ...card, version: `${card.version}-next`, rules: card.rules.map((rule) => (rule.code === 'ebay.order' && 'bands' in rule ? { ...rule, bands: rule.bands.map((b) => ({ ...b, amountMinor: b.amountMinor + 100 })) } : rule)) } : card));

const away = () => Promise.reject(new ConnectorError({ kind: 'Retryable', connector: 'ebay', operation: 'suggest', message: 'away' }));

function clientWith(feeCards: readonly FeeCard[]) {
  const ctx = runtime.context;
  const listings = {
    ctx, inventory: { ctx }, feeCards, salesTaxBp: 700, channels: { main: 'ebay-us', connected: () => [], get: () => ({ name: 'eBay', port: { market: 'ebay-us', connector: 'ebay', limits: { titleCharacters: 80, descriptionCharacters: 4_000 } }, taxonomy: { connector: 'ebay', market: 'ebay-us', suggest: away, aspects: away, tree: away } }) },
    products: { facts: () => Promise.resolve({ title: 'Kettle', brand: null, mpn: null, gtins: [], imageUrls: [], category: null, aspects: {}, package: { lengthMm: 200, widthMm: 150, heightMm: 100, weightG: 900 } }) }, market: { priceNow: () => Promise.resolve(null) },
  } as unknown as ListingsDeps;
  const deps: RecomputeDeps = { listings, opportunities: { ctx, feeCards } };
  return createRouterClient(createFeesProcedures(deps));
}

beforeEach(async () => {
  runtime = await createTestRuntime();
  runtime.context.workflows.define({ kind: REVISE_WORKFLOW, input: z.looseObject({}), run: async () => {} });
  await runtime.db.transaction(async (tx) => {
    await putSetting(tx, BUSINESS, PRACTICE_BUSINESS, runtime.clock.now());
    for (const n of [1, 2]) {
      await tx.stockLot.create({ data: { id: `lot_${n}`, sku: `RD-${n}`, productId: 'prd_1', purchaseId: `pur_${n}`, title: 'Kettle', condition: 'new', location: 'A', state: 'on-hand', unitCostMinor: 2_000n, totalCostMinor: 10_000n, currency: 'USD', quantity: 5, onHand: 5, estimate: JSON.stringify({ profit: usd(900), salePrice: usd(4_000), daysToSell: 10 }), createdAt: 1n } });
      await tx.listing.create({ data: { id: `lst_${n}`, sku: `RD-${n}`, lotId: `lot_${n}`, productId: 'prd_1', channel: 'ebay-us', title: `Kettle ${n}`, description: '', condition: 'new', priceMinor: 4_000n, floorMinor: 1n, currency: 'USD', quantity: 5, state: 'active', idempotencyKey: `k${n}`, createdAt: 1n, updatedAt: 1n } });
    }
  });
});
afterEach(() => runtime.close());
const listing = (n: number) => runtime.db.prisma.listing.findUniqueOrThrow({ where: { id: `lst_${n}` } });

describe('fees', () => {
  it('shows what the new card changes, sets it as shown, and puts it back', async () => {
    const now = clientWith(cards);
    const set = await now.apply({ items: (await now.preview()).listings });
    expect(set).toMatchObject({ changed: 2, refused: [] });
    const floor = Number((await listing(1)).floorMinor);
    expect((await now.preview()).listings).toEqual([]);

    const later = clientWith(dearer);
    const shown = await later.preview();
    expect(shown.listings.map((l) => [l.id, l.floorBefore.minor, l.floorAfter.minor > floor + 90, l.priceAfter])).toEqual([['lst_1', floor, true, usd(4_000)], ['lst_2', floor, true, usd(4_000)]]);
    expect(shown.cards.find((c) => c.channel === 'ebay-us')!.version).toContain('-next');
    expect(shown.cards.every((c) => c.source.length > 10 && /^20\d\d-/.test(c.retrievedAt))).toBe(true);
    const { id } = await later.apply({ items: shown.listings });
    expect(Number((await listing(1)).floorMinor)).toBe(shown.listings[0]!.floorAfter.minor);
    expect(await runtime.db.prisma.job.count({ where: { kind: 'reconsider' } })).toBe(1);
    expect((await later.preview()).last).toMatchObject({ id, listings: 2 });
    expect(await later.undo({ id })).toMatchObject({ changed: 2, refused: [] });
    expect(Number((await listing(1)).floorMinor)).toBe(floor);
    await expect(later.undo({ id })).rejects.toMatchObject({ code: 'INVALID' });
  });

  it('raises a price that would lie below the floor, tells the channel, and leaves alone what changed meanwhile', async () => {
    await runtime.db.prisma.listing.updateMany({ data: { priceMinor: 2_500n } });
    const fees = clientWith(dearer);
    const { listings } = await fees.preview();
    expect(listings[0]!.priceAfter).toEqual(listings[0]!.floorAfter);
    await runtime.db.prisma.listing.update({ where: { id: 'lst_2' }, data: { version: 7 } });
    const done = await fees.apply({ items: listings });
    expect(done).toMatchObject({ changed: 1, refused: [{ id: 'lst_2', title: 'Kettle 2', code: 'WRONG_STATE' }] });
    expect(await listing(1)).toMatchObject({ priceMinor: BigInt(listings[0]!.floorAfter.minor) });
    expect(await runtime.db.prisma.workflow.count({ where: { kind: REVISE_WORKFLOW } })).toBe(1);
    await expect(fees.undo({ id: 'evt_none' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
