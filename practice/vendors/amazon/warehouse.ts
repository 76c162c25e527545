import { toIso } from '#kernel/time.ts';
import type { VendorRequest, VendorResponse } from '../host.ts';
import { US_MARKETPLACE } from './bodies.ts';
import { inboundOf, type InboundPlans } from './inbound-plan.ts';
import { warehouseKey } from './listings.ts';
import { invalid } from './refusals.ts';
import type { Desk } from './selling.ts';

const VENDOR = 'amazon';
const MOST_SKUS = 50;

/** What lies in the warehouse under a SKU: what was put there, without what was sold; what is sold and not sent yet is reserved. */
function summaryOf({ world }: Desk, sku: string, given: { readonly put: number; readonly details: boolean; readonly at: number; readonly plans: InboundPlans }) {
  const sales = world.sales('amazon').filter((sale) => sale.sku === sku && sale.status !== 'cancelled');
  const units = (list: typeof sales) => list.reduce((total, sale) => total + sale.quantity, 0);
  const reserved = units(sales.filter((sale) => sale.shippedAt === null));
  const sellable = given.put - units(sales);
  const { working, shipped, receiving, damaged } = inboundOf(given.plans, sku, given.at);
  return {
    sellerSku: sku, totalQuantity: sellable + reserved + working + shipped + receiving + damaged, lastUpdatedTime: toIso(given.at), condition: 'NewItem',
    ...(given.details ? { inventoryDetails: { fulfillableQuantity: sellable, inboundWorkingQuantity: working, inboundShippedQuantity: shipped, inboundReceivingQuantity: receiving, reservedQuantity: { totalReservedQuantity: reserved, pendingCustomerOrderQuantity: reserved, pendingTransshipmentQuantity: 0, fcProcessingQuantity: 0 }, unfulfillableQuantity: { totalUnfulfillableQuantity: damaged } } } : {}),
  };
}

export function inventorySummaries(desk: Desk, { query, at }: VendorRequest, plans: InboundPlans): VendorResponse {
  if (query.get('granularityType') !== 'Marketplace' || query.get('granularityId') !== US_MARKETPLACE || query.get('marketplaceIds') !== US_MARKETPLACE) return invalid('granularityType is Marketplace; granularityId and marketplaceIds name it');
  const asked = query.get('sellerSkus')?.split(',') ?? null;
  if (asked && asked.length > MOST_SKUS) return invalid('sellerSkus: at most 50');
  const start = warehouseKey('');
  const stored = desk.world.documents(VENDOR, start).map(({ key, value }) => ({ sku: key.slice(start.length), put: Number(value) }));
  const coming = [...new Set(plans.all().flatMap((plan) => plan.items.map(({ msku }) => msku)))].filter((sku) => !stored.some((entry) => entry.sku === sku)).map((sku) => ({ sku, put: 0 }));
  const kept = [...stored, ...coming].filter(({ sku }) => asked === null || asked.includes(sku));
  const details = query.get('details') === 'true';
  return { status: 200, body: { payload: { granularity: { granularityType: 'Marketplace', granularityId: US_MARKETPLACE }, inventorySummaries: kept.map(({ sku, put }) => summaryOf(desk, sku, { put, details, at, plans })) }, pagination: {} } };
}
