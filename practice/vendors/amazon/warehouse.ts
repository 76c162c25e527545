import { toIso } from '#kernel/time.ts';
import type { VendorRequest, VendorResponse } from '../host.ts';
import { US_MARKETPLACE } from './bodies.ts';
import { warehouseKey } from './listings.ts';
import { invalid } from './refusals.ts';
import type { Desk } from './selling.ts';

const VENDOR = 'amazon';
const MOST_SKUS = 50;

/** What lies in the warehouse under a SKU: what was put there, without what was sold; what is sold and not sent yet is reserved. */
function summaryOf({ world }: Desk, sku: string, given: { readonly put: number; readonly details: boolean; readonly at: number }) {
  const sales = world.sales('amazon').filter((sale) => sale.sku === sku && sale.status !== 'cancelled');
  const units = (list: typeof sales) => list.reduce((total, sale) => total + sale.quantity, 0);
  const reserved = units(sales.filter((sale) => sale.shippedAt === null));
  const sellable = given.put - units(sales);
  const none = { totalUnfulfillableQuantity: 0 };
  return {
    sellerSku: sku, totalQuantity: sellable + reserved, lastUpdatedTime: toIso(given.at), condition: 'NewItem',
    ...(given.details ? { inventoryDetails: { fulfillableQuantity: sellable, inboundWorkingQuantity: 0, inboundShippedQuantity: 0, inboundReceivingQuantity: 0, reservedQuantity: { totalReservedQuantity: reserved, pendingCustomerOrderQuantity: reserved, pendingTransshipmentQuantity: 0, fcProcessingQuantity: 0 }, unfulfillableQuantity: none } } : {}),
  };
}

export function inventorySummaries(desk: Desk, { query, at }: VendorRequest): VendorResponse {
  if (query.get('granularityType') !== 'Marketplace' || query.get('granularityId') !== US_MARKETPLACE || query.get('marketplaceIds') !== US_MARKETPLACE) return invalid('granularityType is Marketplace; granularityId and marketplaceIds name it');
  const asked = query.get('sellerSkus')?.split(',') ?? null;
  if (asked && asked.length > MOST_SKUS) return invalid('sellerSkus: at most 50');
  const start = warehouseKey('');
  const kept = desk.world.documents(VENDOR, start).map(({ key, value }) => ({ sku: key.slice(start.length), put: Number(value) })).filter(({ sku }) => asked === null || asked.includes(sku));
  const details = query.get('details') === 'true';
  return { status: 200, body: { payload: { granularity: { granularityType: 'Marketplace', granularityId: US_MARKETPLACE }, inventorySummaries: kept.map(({ sku, put }) => summaryOf(desk, sku, { put, details, at })) }, pagination: {} } };
}
