import { createRouterClient } from '@orpc/server';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { money } from '#kernel/money.ts';
import { DAY_MS } from '#kernel/time.ts';
import { createTestRuntime, type TestRuntime } from '#runtime/testing.ts';
import { addLotByHand, createCostProcedures, createStockCountProcedures, returnUnits, stockValue, takeUnits } from '../index.ts';
import { runCosts, type StockFlow } from './cost-layers.ts';

const EVER = { from: 0, to: Number.MAX_SAFE_INTEGER };
const step = fc.record({ kind: fc.constantFrom('in', 'out', 'lost', 'back'), units: fc.integer({ min: 1, max: 9 }), cost: fc.integer({ min: 0, max: 5_000 }), pick: fc.nat(50) });
type Step = { kind: 'in' | 'out' | 'lost' | 'back'; units: number; cost: number; pick: number };

/** A course of flows that could have happened: nothing leaves that is not there, and no more comes back than left. */
function courseOf(steps: readonly Step[], unitCost?: number): StockFlow[] {
  const flows: StockFlow[] = [];
  const sales: { ref: string; units: number }[] = [];
  let there = 0;
  steps.forEach(({ kind, units, cost, pick }, at) => {
    const about = { at, lotId: 'lot' };
    if (kind === 'in') { flows.push({ ...about, kind, units, cost: unitCost === undefined ? cost : unitCost * units }); there += units; }
    else if (kind === 'back') {
      const sale = sales[pick % Math.max(1, sales.length)];
      const back = Math.min(units, sale?.units ?? 0);
      if (!sale || back === 0) return;
      flows.push({ ...about, kind, units: back, cost: 0, ref: sale.ref });
      sale.units -= back;
      there += back;
    } else {
      const gone = Math.min(units, there);
      if (gone === 0) return;
      const ref = `s${at}`;
      flows.push({ ...about, kind: 'out', units: gone, cost: 0, why: kind === 'out' ? 'sold' : 'written-off', ref });
      sales.push({ ref, units: gone });
      there -= gone;
    }
  });
  return flows;
}
const costIn = (flows: readonly StockFlow[]) => flows.reduce((sum, flow) => sum + (flow.kind === 'in' ? flow.cost : 0), 0);
const left = (layers: readonly { units: number; cost: number }[], of: 'units' | 'cost') => layers.reduce((sum, layer) => sum + layer[of], 0);
const unitsLeft = (flows: readonly StockFlow[]) => flows.reduce((sum, flow) => sum + (flow.kind === 'out' ? -flow.units : flow.units), 0);

describe('cost layers', () => {
  it('lose no cost and make none, whatever comes and goes', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const flows = courseOf(steps);
      for (const method of ['fifo', 'average'] as const) {
        const { sold, writtenOff, layers } = runCosts(flows, method, EVER);
        expect(sold + writtenOff + left(layers, 'cost')).toBe(costIn(flows));
        expect(left(layers, 'units')).toBe(unitsLeft(flows));
        expect(layers.every((layer) => layer.units > 0 && layer.cost >= 0)).toBe(true);
      }
    }), { seed: 5, numRuns: 300 });
  });

  it('are the same by either method where every unit costs the same', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 40 }), fc.integer({ min: 0, max: 5_000 }), (steps, unitCost) => {
      const flows = courseOf(steps, unitCost);
      const [fifo, average] = [runCosts(flows, 'fifo', EVER), runCosts(flows, 'average', EVER)];
      expect([fifo.sold, fifo.writtenOff, left(fifo.layers, 'cost')]).toEqual([average.sold, average.writtenOff, left(average.layers, 'cost')]);
      expect(left(fifo.layers, 'cost')).toBe(unitCost * unitsLeft(flows));
    }), { seed: 6, numRuns: 300 });
  });

  it('leave oldest first, as units in a row do', () => {
    fc.assert(fc.property(fc.array(step.filter((one) => one.kind !== 'back'), { maxLength: 30 }), (steps) => {
      // each unit of a step costs the same whole amount: one by one is exact
      const flows = courseOf(steps).map((flow) => (flow.kind === 'in' ? { ...flow, cost: flow.cost * flow.units } : flow));
      const row: number[] = [];
      let sold = 0;
      for (const flow of flows) {
        if (flow.kind === 'in') row.push(...Array.from({ length: flow.units }, () => flow.cost / flow.units));
        else for (const cost of row.splice(0, flow.units)) if (flow.kind === 'out' && flow.why === 'sold') sold += cost;
      }
      expect(runCosts(flows, 'fifo', EVER).sold).toBe(sold);
    }), { seed: 7, numRuns: 200 });
  });

  it('add up over any cut of the time', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 30 }), fc.nat(30), fc.constantFrom('fifo' as const, 'average' as const), (steps, cut, method) => {
      const flows = courseOf(steps);
      const of = (from: number, to: number) => runCosts(flows, method, { from, to });
      expect(of(0, cut).sold + of(cut, EVER.to).sold).toBe(of(0, EVER.to).sold);
    }), { seed: 8, numRuns: 200 });
  });
});

describe('costs of goods sold', () => {
  let runtime: TestRuntime;
  beforeEach(async () => { runtime = await createTestRuntime(); });
  afterEach(() => runtime.close());
  const deps = () => ({ ctx: runtime.context });
  const costs = () => createRouterClient(createCostProcedures(deps()));
  const add = (key: string, quantity: number, total: number) => runtime.db.transaction(async (tx) => (await addLotByHand(deps(), tx, { key, productId: 'prd_1', title: 'Kettle', condition: 'new', quantity, totalCost: money(total, 'USD'), location: 'main', estimate: { profit: money(1, 'USD'), salePrice: money(2, 'USD'), daysToSell: 30 }, booking: 'opening', receipt: null, list: false })).lot);
  const sell = (lotId: string, ref: string, units: number) => runtime.db.transaction((tx) => takeUnits(deps(), tx, { lotId, ref, units }));

  it('are shown by lots as booked, oldest first, and on average, for a product and a time', async () => {
    await add('old', 2, 1_000);
    const dear = await add('new', 2, 2_000);
    runtime.clock.advanceTo(runtime.clock.now() + DAY_MS);
    const day = runtime.clock.now();
    await sell(dear.id, 's1', 1);
    runtime.clock.advanceTo(runtime.clock.now() + DAY_MS);
    await sell(dear.id, 's2', 1);
    const { methods, ...product } = await costs().product({ productId: 'prd_1' });
    expect(product).toMatchObject({ unitsIn: 4, unitsSold: 2, unitsLeft: 2, in: { minor: 3_000 } });
    expect(methods.map((figures) => [figures.method, figures.sold.minor, figures.left.minor])).toEqual([['lots', 2_000, 1_000], ['fifo', 1_000, 2_000], ['average', 1_500, 1_500]]);
    expect(product.layers.fifo).toMatchObject([{ lotId: dear.id, units: 2, cost: { minor: 2_000 } }]);
    const report = await costs().report({ from: day, to: day + DAY_MS });
    expect(report.totals.map((figures) => [figures.sold.minor, figures.left.minor])).toEqual([[1_000, 2_000], [500, 2_500], [750, 2_250]]);
    expect(report.rows).toMatchObject([{ title: 'Kettle', unitsSold: 1, unitsLeft: 3 }]);
    await expect(costs().report({ from: 2, to: 2 })).rejects.toMatchObject({ code: 'INVALID' });
    await expect(costs().product({ productId: 'prd_9' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('follow returns, counts that are taken back and moves, and what is left by lots is what the books hold', async () => {
    const lot = await add('one', 5, 1_003);
    await sell(lot.id, 's1', 2);
    await runtime.db.transaction((tx) => returnUnits(deps(), tx, { lotId: lot.id, ref: 's1', units: 2 }));
    const counts = createRouterClient(createStockCountProcedures(deps(), 'owner'));
    const sheet = await counts.create({ name: 'n', location: null, condition: null });
    const counted = await counts.record({ id: sheet.id, version: sheet.version, lines: [{ lotId: lot.id, counted: 3, reason: 'lost' }] });
    const done = await counts.book({ id: sheet.id, version: counted.version });
    expect((await costs().ofLot({ lotId: lot.id })).methods.map((figures) => [figures.sold.minor, figures.writtenOff.minor + figures.left.minor])).toEqual([[0, 1_003], [0, 1_003], [0, 1_003]]);
    await counts.undo({ id: sheet.id, version: done.version });
    const { version } = await runtime.db.prisma.stockLot.findUniqueOrThrow({ where: { id: lot.id } });
    await counts.move({ id: lot.id, version, units: 2, location: 'shelf', condition: 'open-box', reason: '', list: false });
    const after = await costs().product({ productId: 'prd_1' });
    expect(after).toMatchObject({ unitsSold: 0, unitsWrittenOff: 0, unitsLeft: 5 });
    const value = (await stockValue(runtime.db.prisma, 'USD')).minor;
    expect(after.methods.map((figures) => [figures.sold.minor, figures.writtenOff.minor, figures.left.minor])).toEqual([[0, 0, value], [0, 0, 1_003], [0, 0, 1_003]]);
    const part = await runtime.db.prisma.stockLot.findFirstOrThrow({ where: { condition: 'open-box' } });
    await sell(part.id, 's2', 1);
    const sold = await costs().product({ productId: 'prd_1' });
    expect(sold.methods[0]).toMatchObject({ sold: { minor: 200 }, left: { minor: (await stockValue(runtime.db.prisma, 'USD')).minor } });
    const { value: chosen, version: stored } = await costs().settings();
    expect(chosen.method).toBe('fifo');
    await costs().setSettings({ value: { method: 'average' }, version: stored });
    await expect(costs().setSettings({ value: { method: 'fifo' }, version: stored })).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('are shown where a unit left before it came, and where more left than came', async () => {
    const lot = await add('early', 2, 1_001);
    const move = (id: string, quantity: number, at: number) => runtime.db.prisma.stockMovement.create({ data: { id, lotId: lot.id, kind: 'sold', quantity, ref: id, at } });
    await move('before', -1, runtime.clock.now() - DAY_MS);
    await move('beyond', -2, runtime.clock.now() + 1);
    const product = await costs().product({ productId: 'prd_1' });
    expect(product).toMatchObject({ unitsIn: 2, unitsSold: 3, unitsLeft: -1 });
    expect(product.methods[0]).toMatchObject({ sold: { minor: 1_501 }, left: { minor: -500 } });
    const report = await costs().report({ from: 0, to: runtime.clock.now() + DAY_MS });
    expect(report.rows).toMatchObject([{ unitsSold: 3, unitsLeft: -1 }]);
  });
});
