import { receiveLot, type InventoryDeps } from '../inventory/index.ts';
import type { StockIntakePort } from '../purchasing/index.ts';
import { BUSINESS, readSetting } from '../settings/index.ts';

/** Received purchases become stock on hand, prepared for sale at the business's cost. */
export function createStockIntake(deps: InventoryDeps): StockIntakePort {
  return {
    async receive(tx, receipt) {
      const business = await readSetting(tx, BUSINESS);
      await receiveLot(deps, tx, { ...receipt, prepPerUnit: business.value.prepPerUnit });
    },
  };
}
