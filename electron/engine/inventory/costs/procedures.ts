import { implement } from '@orpc/server';
import { z } from 'zod';
import { costLayersContract, costMethod, type CostMethod } from '#contract/cost-layers.ts';
import { declaredErrors } from '#contract/errors.ts';
import { BUSINESS, readSetting, writeSetting, type SettingKey } from '../../settings/index.ts';
import type { InventoryDeps } from '../create-lot.ts';
import { badQuantity } from '../errors.ts';
import { getLot } from '../read-stock.ts';
import { productCosts, reportCosts } from './report-costs.ts';

const COSTING: SettingKey<{ method: CostMethod }> = { key: 'costing', schema: z.strictObject({ method: costMethod }), fallback: { method: 'fifo' } };

export function createCostProcedures(deps: InventoryDeps) {
  const os = implement(costLayersContract).use(declaredErrors);
  const { db, clock, audit } = deps.ctx;
  return os.router({
    product: os.product.handler(({ input }) => productCosts(db, input.productId)),
    ofLot: os.ofLot.handler(async ({ input }) => productCosts(db, (await getLot(db.prisma, input.lotId)).productId)),
    report: os.report.handler(async ({ input }) => {
      if (input.to <= input.from) throw badQuantity('to', 'ends before it begins');
      return reportCosts(db, input, (await readSetting(db, BUSINESS)).value.homeCurrency);
    }),
    settings: os.settings.handler(() => readSetting(db, COSTING)),
    setSettings: os.setSettings.handler(({ input }) => db.transaction(async (tx) => {
      const stored = await writeSetting(tx, COSTING, { ...input, at: clock.now() });
      await audit.append(tx, { actor: 'owner', channel: 'desktop', action: 'costing.set', data: { version: stored.version, method: stored.value.method } });
      return stored;
    })),
  });
}
