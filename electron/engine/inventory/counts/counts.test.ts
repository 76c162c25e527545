import { createRouterClient } from '@orpc/server';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { money } from '#kernel/money.ts';
import { createTestRuntime, type TestRuntime } from '#runtime/testing.ts';
import { INVENTORY, readBalances, verifyLedger, WRITE_OFF } from '../../ledger/index.ts';
import { addLotByHand, accountForUnits, createStockCountProcedures, stockValue, takeUnits } from '../index.ts';

const usd = (minor: number) => money(minor, 'USD');
let runtime: TestRuntime;
beforeEach(async () => { runtime = await createTestRuntime(); });
afterEach(() => runtime.close());

const deps = () => ({ ctx: runtime.context });
const client = () => createRouterClient(createStockCountProcedures(deps(), 'owner'));
const add = (key: string, given: { readonly quantity: number; readonly total: number; readonly location?: string }) => runtime.db.transaction(async (tx) => (await addLotByHand(deps(), tx, {
  key, productId: `prd_${key}`, title: `Kettle ${key}`, condition: 'new', quantity: given.quantity, totalCost: usd(given.total), location: given.location ?? 'main', estimate: { profit: usd(1), salePrice: usd(2), daysToSell: 30 }, booking: 'opening', receipt: null, list: false,
})).lot);
const lots = () => runtime.db.prisma.stockLot.findMany({ orderBy: { id: 'asc' } });
const booked = async (account: string) => (await readBalances(runtime.db.prisma)).find((line) => line.account === account)?.amount.minor ?? 0;
/** Books, lots and movements agree. */
async function sound(): Promise<void> {
  expect(await verifyLedger(deps(), [{ name: 'stock', account: INVENTORY, expected: await stockValue(runtime.db.prisma, 'USD') }])).toEqual({ balanced: true, findings: [] });
  expect((await accountForUnits(deps())).miscounted).toEqual([]);
}
const seen = (count: { id: string; version: number }) => ({ id: count.id, version: count.version });

describe('a count', () => {
  it('books differences with their reasons, all or none, and is taken back', async () => {
    const [a, b, c] = [await add('a', { quantity: 5, total: 1_003 }), await add('b', { quantity: 2, total: 900 }), await add('c', { quantity: 4, total: 400, location: 'shelf 4' })];
    const sheet = await client().create({ name: 'Main', location: 'main', condition: null });
    expect(sheet.sheet.map((line) => [line.lotId, line.expected, line.counted])).toEqual([[a.id, 5, null], [b.id, 2, null]]);
    await expect(client().create({ name: 'x', location: 'nowhere', condition: null })).rejects.toMatchObject({ code: 'INVALID' });
    await expect(client().book(seen(sheet))).rejects.toMatchObject({ code: 'INVALID' });
    await expect(client().record({ ...seen(sheet), lines: [{ lotId: c.id, counted: 1, reason: null }] })).rejects.toMatchObject({ code: 'INVALID' });
    const counted = await client().record({ ...seen(sheet), lines: [{ lotId: a.id, counted: 3, reason: null }, { lotId: b.id, counted: 3, reason: 'found behind the shelf' }] });
    expect(counted).toMatchObject({ counted: 2, difference: -1, loss: usd(400), gain: usd(450) });
    // a difference without a reason holds up all of them
    await expect(client().book(seen(counted))).rejects.toMatchObject({ code: 'INVALID', data: { field: 'reason' } });
    expect((await lots()).map((lot) => lot.onHand)).toEqual([5, 2, 4]);
    const said = await client().record({ ...seen(counted), lines: [{ lotId: a.id, counted: 3, reason: 'damaged by water' }] });
    const done = await client().book(seen(said));
    expect(done).toMatchObject({ state: 'booked', loss: usd(400), gain: usd(450) });
    expect([(await lots()).map((lot) => lot.onHand), await booked(WRITE_OFF), await booked(INVENTORY)]).toEqual([[3, 3, 4], -50, 2_353]);
    await sound();
    await expect(client().book(seen(said))).rejects.toMatchObject({ code: 'WRONG_STATE' });
    expect(await client().undo(seen(done))).toMatchObject({ state: 'undone' });
    expect([(await lots()).map((lot) => lot.onHand), await booked(WRITE_OFF)]).toEqual([[5, 2, 4], 0]);
    await sound();
    expect((await client().list({})).items.map((row) => [row.name, row.state])).toEqual([['Main', 'undone']]);
  });

  it('is no difference for what sells between counting and booking', async () => {
    const lot = await add('a', { quantity: 5, total: 500 });
    const sheet = await client().create({ name: 'All', location: null, condition: null });
    await runtime.db.transaction((tx) => takeUnits(deps(), tx, { lotId: lot.id, ref: 'o1', units: 1 }));
    const counted = await client().record({ ...seen(sheet), lines: [{ lotId: lot.id, counted: 3, reason: 'lost' }] });
    expect(counted.sheet[0]).toMatchObject({ expected: 4, counted: 3 });
    await runtime.db.transaction((tx) => takeUnits(deps(), tx, { lotId: lot.id, ref: 'o2', units: 2 }));
    const done = await client().book(seen(counted));
    expect((await lots())[0]!.onHand).toBe(1);
    await runtime.db.transaction((tx) => takeUnits(deps(), tx, { lotId: lot.id, ref: 'o3', units: 1 }));
    expect(await client().undo(seen(done))).toMatchObject({ state: 'undone' });
    expect((await lots())[0]!.onHand).toBe(1);
  });

  it('that would leave fewer than none is refused with the lot\'s name', async () => {
    const lot = await add('a', { quantity: 2, total: 500 });
    const sheet = await client().create({ name: 'All', location: null, condition: null });
    const counted = await client().record({ ...seen(sheet), lines: [{ lotId: lot.id, counted: 0, reason: 'lost' }] });
    await runtime.db.transaction((tx) => takeUnits(deps(), tx, { lotId: lot.id, ref: 'o1', units: 1 }));
    await expect(client().book(seen(counted))).rejects.toMatchObject({ code: 'INVALID', message: expect.stringContaining('Kettle a') as string });
    expect(await client().cancel(seen(counted))).toMatchObject({ state: 'cancelled' });
    expect((await lots()).map((row) => row.onHand)).toEqual([1]);
  });
});

describe('units that move', () => {
  it('stay one lot as a whole, become a lot of their own in part or in another condition, and cost the same', async () => {
    const lot = await add('a', { quantity: 5, total: 1_003 });
    const moved = await client().move({ ...seen(lot), units: 5, location: 'shelf 4', condition: 'new', reason: '', list: false });
    expect(moved).toEqual({ lotId: lot.id, version: 2 });
    const part = await client().move({ id: lot.id, version: 2, units: 2, location: 'shelf 4', condition: 'open-box', reason: 'seal broken', list: true });
    expect(part.lotId).not.toBe(lot.id);
    expect((await lots()).map((row) => [row.onHand, row.location, row.condition])).toEqual([[3, 'shelf 4', 'new'], [2, 'shelf 4', 'open-box']]);
    expect(await client().places()).toEqual([{ location: 'shelf 4', condition: 'new', lots: 1, products: 1, units: 3, value: usd(603) }, { location: 'shelf 4', condition: 'open-box', lots: 1, products: 1, units: 2, value: usd(400) }]);
    await sound();
    await expect(client().move({ id: lot.id, version: 3, units: 4, location: 'x', condition: 'new', reason: '', list: false })).rejects.toMatchObject({ code: 'INVALID' });
    await expect(client().move({ id: lot.id, version: 3, units: 3, location: 'shelf 4', condition: 'new', reason: '', list: false })).rejects.toMatchObject({ code: 'INVALID' });
    await expect(client().move({ id: lot.id, version: 2, units: 3, location: 'x', condition: 'new', reason: '', list: false })).rejects.toMatchObject({ code: 'WRONG_STATE' });
  });

  it('are conserved with their cost by any course of moves, counts and undos', async () => {
    let run = 0;
    const step = fc.record({ pick: fc.nat(20), units: fc.integer({ min: 1, max: 4 }), kind: fc.constantFrom('move', 'grade', 'count', 'count-undo') });
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 999 }), fc.array(step, { minLength: 1, maxLength: 6 }), async (quantity, total, steps) => {
      run += 1;
      await add(`p${run}`, { quantity, total, location: `room ${run}` });
      const mine = () => runtime.db.prisma.stockLot.findMany({ where: { productId: `prd_p${run}`, onHand: { gt: 0 } }, orderBy: { id: 'asc' } });
      let expected = quantity;
      for (const { pick, units, kind } of steps) {
        const open = await mine();
        const lot = open[pick % Math.max(1, open.length)];
        if (!lot) break;
        if (kind === 'move' || kind === 'grade') {
          const to = { location: `${lot.location}.`, condition: kind === 'grade' && lot.condition === 'new' ? ('used-good' as const) : (lot.condition as 'new') };
          await client().move({ ...seen(lot), units: Math.min(units, lot.onHand), ...to, reason: '', list: false });
        } else {
          const sheet = await client().create({ name: 'n', location: lot.location, condition: null });
          const counted = Math.max(0, lot.onHand + units - 3);
          const recorded = await client().record({ ...seen(sheet), lines: [{ lotId: lot.id, counted, reason: 'counted' }] });
          const done = await client().book(seen(recorded));
          expected += counted - lot.onHand;
          if (kind === 'count-undo') { await client().undo(seen(done)); expected -= counted - lot.onHand; }
        }
      }
      expect((await mine()).reduce((sum, lot) => sum + lot.onHand, 0)).toBe(expected);
      await sound();
    }), { numRuns: 12, seed: 7 });
  });
});
