import type { WarehouseUnits } from '#engine/listings/ports.ts';
import quotas from '../../../../resources/quotas/amazon-sp-api.json' with { type: 'json' };
import type { SpClient } from '../../data/amazon-sp-api/index.ts';
import { inventorySchema, type SpInventory } from './schema.ts';

const sum = (...counts: readonly (number | null | undefined)[]) => counts.reduce<number>((total, count) => total + (count ?? 0), 0);

function unitsOf(summary: SpInventory): WarehouseUnits {
  const { inventoryDetails: details } = summary;
  return {
    sku: summary.sellerSku, sellable: sum(details.fulfillableQuantity),
    // what buyers have ordered has left our books with its order
    reserved: sum(details.reservedQuantity?.totalReservedQuantity) - sum(details.reservedQuantity?.pendingCustomerOrderQuantity),
    inbound: sum(details.inboundWorkingQuantity, details.inboundShippedQuantity, details.inboundReceivingQuantity),
    unsellable: sum(details.unfulfillableQuantity?.totalUnfulfillableQuantity, details.researchingQuantity?.totalResearchingQuantity),
  };
}

/** `getInventorySummaries` (FBA Inventory v1) of our SKUs, with details. What Amazon lists beside them is not ours to count. */
export async function warehouseUnits(client: SpClient, skus: readonly string[], signal?: AbortSignal): Promise<WarehouseUnits[]> {
  const perCall = quotas.operations.getInventorySummaries.itemsPerCall;
  const wanted = new Set(skus);
  const found: WarehouseUnits[] = [];
  for (let from = 0; from < skus.length; from += perCall) {
    for (let nextToken: string | undefined; ; ) {
      const body = await client.call('getInventorySummaries', {
        operation: 'read stock at Amazon', method: 'GET', path: '/fba/inventory/v1/summaries', schema: inventorySchema, signal,
        query: { granularityType: 'Marketplace', granularityId: client.marketplaceId, marketplaceIds: client.marketplaceId, details: true, sellerSkus: skus.slice(from, from + perCall), nextToken },
      });
      found.push(...body.payload.inventorySummaries.map(unitsOf).filter(({ sku }) => wanted.has(sku)));
      nextToken = body.pagination?.nextToken ?? undefined;
      if (nextToken === undefined) break;
    }
  }
  return found;
}
