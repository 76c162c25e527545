import type { implement } from '@orpc/server';
import type { CostFigures, CostMethod, ProductCosts } from '#contract/cost-layers.ts';
import type { contract } from '#contract/index.ts';
import { money } from '#kernel/money.ts';
import { DAY_MS } from '#kernel/time.ts';
import { FIXTURE_NOW, stockRows } from './fixture-data.ts';

const usd = (minor: number) => money(minor, 'USD');
const METHODS: readonly CostMethod[] = ['lots', 'fifo', 'average'];
const figures = (sold: number, all: number): CostFigures[] => METHODS.map((method, m) => ({ method, sold: usd(sold + m * 130), writtenOff: usd(450), left: usd(all - sold - m * 130 - 450) }));

function product(): ProductCosts {
  const layer = (n: number, units: number, cost: number) => ({ at: FIXTURE_NOW - (60 - n * 20) * DAY_MS, lotId: `lot_${String(n).padStart(6, '0')}`, units, cost: usd(cost) });
  return { productId: 'prd_000000', title: 'Kettle', unitsIn: 30, unitsSold: 12, unitsWrittenOff: 1, unitsLeft: 17, in: usd(66_000), methods: figures(24_900, 66_000), layers: { lots: [layer(0, 7, 15_330), layer(1, 10, 25_320)], fifo: [layer(0, 5, 10_950), layer(1, 12, 29_570)], average: [{ ...layer(0, 17, 40_390), lotId: null }] } };
}

/** The procedures of costs for the pages' tests. */
export function costProcedures(os: ReturnType<typeof implement<typeof contract>>, given: { readonly empty: () => boolean; readonly gate: () => Promise<void> }) {
  let setting: { value: { method: CostMethod }; version: number; updatedAt: number } = { value: { method: 'fifo' }, version: 0, updatedAt: 0 };
  return {
    product: os.costLayers.product.handler(async () => { await given.gate(); return product(); }),
    ofLot: os.costLayers.ofLot.handler(async () => { await given.gate(); return product(); }),
    report: os.costLayers.report.handler(async ({ input }) => {
      await given.gate();
      const rows = given.empty() ? [] : stockRows(60).map((lot, i) => ({ productId: `prd_${i}`, title: lot.title, unitsSold: 60 - i, unitsLeft: lot.onHand, methods: figures(lot.unitCost.minor * (60 - i), lot.unitCost.minor * 90) }));
      const sum = (of: 'sold' | 'writtenOff' | 'left', m: number) => usd(rows.reduce((total, row) => total + row.methods[m]![of].minor, 0));
      return { from: input.from, to: input.to, more: false, rows, unitsSold: rows.reduce((total, row) => total + row.unitsSold, 0), totals: METHODS.map((method, m) => ({ method, sold: sum('sold', m), writtenOff: sum('writtenOff', m), left: sum('left', m) })) };
    }),
    settings: os.costLayers.settings.handler(() => setting),
    setSettings: os.costLayers.setSettings.handler(({ input }) => (setting = { value: input.value, version: input.version + 1, updatedAt: FIXTURE_NOW })),
  };
}
