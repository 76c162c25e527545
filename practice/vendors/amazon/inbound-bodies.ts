import { DAY_MS, HOUR_MS, toIso, type Instant } from '#kernel/time.ts';
import type { VendorRequest, VendorResponse } from '../host.ts';
import { US_MARKETPLACE } from './bodies.ts';
import { boxesOf, fnskuOf, shipmentsOf, VOIDABLE_MS, type InboundShipment, type Plan, type PlanItem } from './inbound-plan.ts';
import { asinOf } from './listings.ts';
import { invalid } from './refusals.ts';
import type { Desk } from './selling.ts';

const ok = (body: unknown): VendorResponse => ({ status: 200, body });
const usd = (minor: number) => ({ amount: minor / 100, code: 'USD' });

export const itemOf = (desk: Desk, entry: PlanItem) => ({ msku: entry.msku, asin: asinOf(desk, entry.msku) ?? '', fnsku: fnskuOf(entry.msku), labelOwner: entry.labelOwner, quantity: entry.quantity, prepInstructions: entry.labelOwner === 'NONE' ? [] : [{ prepType: 'ITEM_LABELING', prepOwner: entry.labelOwner }] });

export const page = (request: VendorRequest, name: string, all: readonly unknown[]): VendorResponse => {
  const size = Number(request.query.get('pageSize') ?? 10);
  const from = Number(/^practice-(\d+)$/.exec(request.query.get('paginationToken') ?? '')?.[1] ?? 0);
  return ok({ [name]: all.slice(from, from + size), ...(from + size < all.length ? { pagination: { nextToken: `practice-${from + size}` } } : {}) });
};

export const summary = (plan: Plan, at: Instant) => ({
  inboundPlanId: plan.planId, name: plan.name, createdAt: toIso(plan.createdAt), lastUpdatedAt: toIso(plan.updatedAt), marketplaceIds: [US_MARKETPLACE], sourceAddress: plan.source,
  status: plan.voidedAt !== null ? 'VOIDED' : shipmentsOf(plan).length > 0 && shipmentsOf(plan).every((one) => one.handedOverAt !== null && one.handedOverAt <= at) ? 'SHIPPED' : 'ACTIVE',
});

export const prepDetails = (_desk: Desk, { query }: VendorRequest): VendorResponse => {
  const mskus = query.get('mskus')?.split(',').filter(Boolean) ?? [];
  if (query.get('marketplaceId') !== US_MARKETPLACE || mskus.length === 0 || mskus.length > 100) return invalid('give marketplaceId and 1 to 100 mskus');
  return ok({ mskuPrepDetails: mskus.map((msku) => ({ msku, prepCategory: 'NONE', prepTypes: ['ITEM_LABELING'], prepOwnerConstraint: 'NONE_ONLY', labelOwnerConstraint: 'SELLER_ONLY' })) });
};

/** What the partnered carrier takes, cents. */
export const carriageOf = (plan: Plan, one: InboundShipment): number => 310 * one.boxes.length + Math.round(boxesOf(plan, one).reduce((sum, { weightG }) => sum + weightG, 0) * 0.06);

export const transportsOf = (plan: Plan, one: InboundShipment, at: Instant) => {
  if (one.transportsAt === null || one.transportsAt > at) return [];
  const cost = carriageOf(plan, one);
  const common = { shipmentId: one.shipmentId, shippingMode: 'GROUND_SMALL_PARCEL' };
  return [
    { ...common, transportationOptionId: `${one.shipmentId}-partnered`, shippingSolution: 'AMAZON_PARTNERED_CARRIER', carrier: { alphaCode: 'UPSN', name: 'United Parcel Service' }, preconditions: [], quote: { cost: usd(cost), expiration: toIso(one.transportsAt + 2 * DAY_MS), voidableUntil: toIso((one.transportAt ?? at) + VOIDABLE_MS) } },
    { ...common, transportationOptionId: `${one.shipmentId}-own`, shippingSolution: 'USE_YOUR_OWN_CARRIER', carrier: { alphaCode: 'USPS', name: 'United States Postal Service' }, preconditions: ['CONFIRMED_DELIVERY_WINDOW'] },
  ];
};

export const windowsOf = (one: InboundShipment) => (one.windowsAt === null ? [] : [0, 1, 2].map((week) => {
  const from = (one.readyAt ?? one.windowsAt!) + (7 + 7 * week) * DAY_MS;
  return { deliveryWindowOptionId: `dw-${one.shipmentId}-${week}`, availabilityType: week === 0 ? 'BLOCKED' : 'AVAILABLE', startDate: toIso(from), endDate: toIso(from + 6 * DAY_MS), validUntil: toIso(one.windowsAt! + 12 * HOUR_MS) };
}));

export const addressFor = (request: VendorRequest, labels: readonly (readonly string[])[]) => `http://${request.header('host')}/labels/${Buffer.from(JSON.stringify(labels)).toString('base64url')}`;
