import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CostFigures, CostMethod, ProductCosts } from '#contract/cost-layers.ts';
import { money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import type { Database } from '#runtime/ports.ts';
import { noSuchLot } from '../errors.ts';
import { runCosts, runLots, type CostRun, type StockFlow } from './cost-layers.ts';
import { readFlows, type ProductFlows } from './read-flows.ts';

const METHODS: readonly CostMethod[] = ['lots', 'fifo', 'average'];
const MOST_ROWS = 500;
/** Products between which others of the thread get their turn. */
const AT_ONCE = 200;

interface Range { readonly from: Instant; readonly to: Instant }

const run = (flows: readonly StockFlow[], method: CostMethod, range: Range): CostRun => (method === 'lots' ? runLots(flows, range) : runCosts(flows, method, range));
const leftOf = (costs: CostRun): number => costs.layers.reduce((sum, layer) => sum + layer.cost, 0);

function figuresOf(costs: CostRun, method: CostMethod, currency: string): CostFigures {
  return { method, sold: money(costs.sold, currency), writtenOff: money(costs.writtenOff, currency), left: money(leftOf(costs), currency) };
}

function countUnits(flows: readonly StockFlow[], { from, to }: Range) {
  const units = { in: 0, sold: 0, writtenOff: 0, left: 0 };
  const why = new Map<string, 'sold' | 'writtenOff'>();
  for (const flow of flows) {
    if (flow.at >= to) break;
    if (flow.kind === 'move') continue;
    units.left += flow.kind === 'out' ? -flow.units : flow.units;
    if (flow.kind === 'in') { units.in += flow.units; continue; }
    const key = `${flow.lotId} ${flow.ref}`;
    if (flow.kind === 'out') why.set(key, flow.why === 'sold' ? 'sold' : 'writtenOff');
    const as = why.get(key);
    if (as && flow.at >= from) units[as] += flow.kind === 'out' ? flow.units : -flow.units;
  }
  return units;
}

const EVER: Range = { from: 0, to: Number.MAX_SAFE_INTEGER };

/** One product over all time, with the layers that are left. @throws DomainError NOT_FOUND for one that never came in. */
export async function productCosts(db: Database, productId: string): Promise<ProductCosts> {
  const [product] = await readFlows(db, { productId, to: EVER.to });
  if (!product) throw noSuchLot(productId);
  const { flows, currency, title } = product;
  const units = countUnits(flows, EVER);
  const runs = Object.fromEntries(METHODS.map((method) => [method, run(flows, method, EVER)])) as Record<CostMethod, CostRun>;
  const layers = (method: CostMethod) => runs[method].layers.map((layer) => ({ ...layer, cost: money(layer.cost, currency) }));
  return {
    productId, title, unitsIn: units.in, unitsSold: units.sold, unitsWrittenOff: units.writtenOff, unitsLeft: units.left, in: money(flows.reduce((sum, flow) => sum + (flow.kind === 'in' ? flow.cost : 0), 0), currency),
    methods: METHODS.map((method) => figuresOf(runs[method], method, currency)), layers: { lots: layers('lots'), fifo: layers('fifo'), average: layers('average') },
  };
}

interface ReportRow { readonly productId: string; readonly title: string; readonly unitsSold: number; readonly unitsLeft: number; readonly methods: CostFigures[] }

function rowOf({ productId, title, flows, currency }: ProductFlows, range: Range): ReportRow {
  const units = countUnits(flows, range);
  return { productId, title, unitsSold: units.sold, unitsLeft: units.left, methods: METHODS.map((method) => figuresOf(run(flows, method, range), method, currency)) };
}

/** Cost of goods sold in a time, by every method; the sums hold all products. */
export async function reportCosts(db: Database, range: Range, currency: string) {
  const rows: ReportRow[] = [];
  for (const [i, product] of (await readFlows(db, { to: range.to })).entries()) {
    if (i % AT_ONCE === AT_ONCE - 1) await nextTurn();
    if (product.currency === currency) rows.push(rowOf(product, range));
  }
  const totals = METHODS.map((method, m): CostFigures => {
    const sum = (of: 'sold' | 'writtenOff' | 'left') => money(rows.reduce((total, row) => total + row.methods[m]![of].minor, 0), currency);
    return { method, sold: sum('sold'), writtenOff: sum('writtenOff'), left: sum('left') };
  });
  const shown = rows.filter((row) => row.unitsSold !== 0 || row.unitsLeft !== 0 || row.methods[0]!.writtenOff.minor !== 0).sort((a, b) => b.methods[0]!.sold.minor - a.methods[0]!.sold.minor || (a.productId < b.productId ? -1 : 1));
  return { ...range, totals, unitsSold: rows.reduce((sum, row) => sum + row.unitsSold, 0), more: shown.length > MOST_ROWS, rows: shown.slice(0, MOST_ROWS) };
}
