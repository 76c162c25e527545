import { z } from 'zod';
import { DAY_MS, HOUR_MS, toIso, type Instant } from '#kernel/time.ts';
import type { VendorRequest, VendorResponse } from '../host.ts';
import { US_MARKETPLACE } from './bodies.ts';
import { addressFor, itemOf, page, prepDetails, summary, transportsOf, windowsOf } from './inbound-bodies.ts';
import { labelSheet } from './inbound-labels.ts';
import { accepted, boxesOf, boxIdOf, findShipment, fnskuOf, handOver, InboundPlans, partnered, shipmentsOf, statusOf, unitsIn, WORKS_MS, type InboundShipment, type Plan, type PlanBox } from './inbound-plan.ts';
import { sentByAmazon } from './listings.ts';
import type { Operation } from './rate-limits.ts';
import { invalid, refusal } from './refusals.ts';
import type { Desk } from './selling.ts';

const text = (most: number) => z.string().min(1).max(most);
const owner = z.enum(['SELLER', 'AMAZON', 'NONE']);
const item = z.strictObject({ msku: text(255), quantity: z.int().min(1).max(500_000), prepOwner: owner, labelOwner: owner, expiration: z.string().optional(), manufacturingLotCode: z.string().optional() });
const address = z.strictObject({
  name: text(50), addressLine1: text(180), addressLine2: text(60).optional(), city: text(30), companyName: text(50).optional(), countryCode: z.string().length(2), districtOrCounty: z.string().optional(), email: z.string().optional(), phoneNumber: text(20), postalCode: text(32), stateOrProvinceCode: text(64).optional(),
});
const contact = z.strictObject({ name: text(50), phoneNumber: text(20), email: z.string().optional() });
const createSchema = z.strictObject({ name: text(40).optional(), sourceAddress: address, destinationMarketplaces: z.array(z.literal(US_MARKETPLACE)).length(1), items: z.array(item).min(1).max(2_000) });
const boxSchema = z.strictObject({
  contentInformationSource: z.enum(['BOX_CONTENT_PROVIDED', 'MANUAL_PROCESS', 'BARCODE_2D']), quantity: z.int().min(1), items: z.array(item).optional(), weight: z.strictObject({ unit: z.enum(['LB', 'KG']), value: z.number().positive() }),
  dimensions: z.strictObject({ unitOfMeasurement: z.enum(['IN', 'CM']), length: z.number().positive(), width: z.number().positive(), height: z.number().positive() }),
});
const packingSchema = z.strictObject({ packageGroupings: z.array(z.strictObject({ packingGroupId: z.string().optional(), shipmentId: z.string().optional(), boxes: z.array(boxSchema).min(1) })).min(1) });
const transportsSchema = z.strictObject({
  placementOptionId: z.string(), shipmentTransportationConfigurations: z.array(z.strictObject({ shipmentId: z.string(), readyToShipWindow: z.strictObject({ start: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{3})?)?Z$/) }), contactInformation: contact.optional() })).min(1),
});
const selectionSchema = z.strictObject({ transportationSelections: z.array(z.strictObject({ shipmentId: z.string(), transportationOptionId: z.string(), contactInformation: contact.optional() })).min(1) });
const trackingSchema = z.strictObject({ trackingDetails: z.strictObject({ spdTrackingDetail: z.strictObject({ spdTrackingItems: z.array(z.strictObject({ boxId: z.string(), trackingId: text(1_024) })).min(1) }) }) });
const labelsSchema = z.strictObject({
  marketplaceId: z.literal(US_MARKETPLACE), labelType: z.enum(['STANDARD_FORMAT', 'THERMAL_PRINTING']), pageType: z.string().optional(), localeCode: z.string().optional(), height: z.number().optional(), width: z.number().optional(),
  mskuQuantities: z.array(z.strictObject({ msku: text(255), quantity: z.int().min(1) })).min(1).max(100),
});

const usd = (minor: number) => ({ amount: minor / 100, code: 'USD' });
const HEAVIEST_BOX_G = 22_700;

/** What was really done to stock on its way in, since this server was made. */
export interface InboundEffects { plansCreated: number; plansCancelled: number; packingsConfirmed: number; placementsConfirmed: number; windowsConfirmed: number; transportsConfirmed: number; trackingReported: number }

type Handle = (desk: Desk, request: VendorRequest) => VendorResponse;
interface InboundRoute { readonly name: Operation; readonly method: 'GET' | 'POST' | 'PUT'; readonly pattern: string; readonly handle: Handle }
export interface Inbound {
  readonly plans: InboundPlans;
  readonly routes: readonly InboundRoute[];
  readonly effects: InboundEffects;
  /** A sheet of labels, by the address that was given out. */
  labels(request: VendorRequest): VendorResponse;
}

const ok = (body: unknown): VendorResponse => ({ status: 200, body });
const notFound = () => refusal(404, 'NotFound', 'The resource you requested was not found.');
const said = (error: z.ZodError) => invalid(`${error.issues[0]?.path.join('.') ?? 'body'}: ${error.issues[0]?.message ?? 'malformed'}`);

const itemLabels: Handle = (_desk, request) => {
  const parsed = labelsSchema.safeParse(request.json());
  if (!parsed.success) return said(parsed.error);
  return ok({ documentDownloads: [{ downloadType: 'URL', expiration: toIso(request.at + HOUR_MS), uri: addressFor(request, parsed.data.mskuQuantities.map(({ msku, quantity }) => [fnskuOf(msku), msku, `x ${quantity}`])) }] });
};

/** Fulfillment Inbound 2024-03-20, and box labels and receipts of v0, over the world. */
export function createInboundVendor(world: Desk['world']): Inbound {
  const plans = new InboundPlans(world);
  const effects: InboundEffects = { plansCreated: 0, plansCancelled: 0, packingsConfirmed: 0, placementsConfirmed: 0, windowsConfirmed: 0, transportsConfirmed: 0, trackingReported: 0 };
  const started = (operation: string, at: Instant, problems: readonly string[] = []): VendorResponse => ({ status: 202, body: { operationId: plans.begin(operation, at, problems) } });

  /** The plan of the path, open for changes. */
  const onPlan = (handle: (plan: Plan, request: VendorRequest, desk: Desk) => VendorResponse, given: { readonly voided?: true } = {}): Handle => (desk, request) => {
    const plan = plans.load(request.params['planId'] ?? '');
    if (!plan) return notFound();
    return plan.voidedAt !== null && !given.voided && request.method !== 'GET' ? invalid('The inbound plan is voided.') : handle(plan, request, desk);
  };
  const onShipment = (handle: (plan: Plan, one: InboundShipment, request: VendorRequest) => VendorResponse): Handle => onPlan((plan, request) => {
    const one = findShipment(plan, request.params['shipmentId'] ?? '');
    return one ? handle(plan, one, request) : notFound();
  });

  const createPlan: Handle = (desk, request) => {
    const parsed = createSchema.safeParse(request.json());
    if (!parsed.success) return said(parsed.error);
    const { at } = request;
    const { name, sourceAddress, items } = parsed.data;
    const unknown = items.filter(({ msku }) => !sentByAmazon(desk, msku)).map(({ msku }) => msku);
    const planId = plans.id('wf', `plan:${plans.all().length}`);
    const problems = unknown.map((msku) => `The MSKU ${msku} does not exist, or is not fulfilled by Amazon.`);
    plans.save({ planId, name: name ?? `FBA (${toIso(at)})`, createdAt: at, updatedAt: at, voidedAt: problems.length > 0 ? at : null, source: sourceAddress as Record<string, string>, items, packing: null, boxes: [], placements: [] }, at);
    effects.plansCreated++;
    return { status: 202, body: { inboundPlanId: planId, operationId: plans.begin('createInboundPlan', at, problems) } };
  };
  const listPlans: Handle = (_desk, request) => page(request, 'inboundPlans', plans.all().filter((plan) => !request.query.has('status') || summary(plan, request.at).status === request.query.get('status')).toSorted((a, b) => b.createdAt - a.createdAt).map((plan) => summary(plan, request.at)));
  const cancelPlan = onPlan((plan, { at }) => {
    if (shipmentsOf(plan).some((one) => one.handedOverAt !== null)) return started('cancelInboundPlan', at, ['The shipments have been picked up.']);
    if (plan.voidedAt === null) {
      plans.save({ ...plan, voidedAt: at }, at);
      effects.plansCancelled++;
    }
    return started('cancelInboundPlan', at);
  }, { voided: true });
  const operation: Handle = (_desk, { params, at }) => {
    const found = plans.operation(params['operationId'] ?? '');
    if (!found) return notFound();
    const status = at < found.doneAt ? 'IN_PROGRESS' : found.problems.length > 0 ? 'FAILED' : 'SUCCESS';
    return ok({ operation: found.operation, operationId: params['operationId'], operationStatus: status, operationProblems: status === 'FAILED' ? found.problems.map((message) => ({ code: 'FBA_INB_0001', message, severity: 'ERROR' })) : [] });
  };

  const generatePacking = onPlan((plan, { at }) => {
    if ((plan.packing?.acceptedAt ?? null) === null) plans.save({ ...plan, packing: { optionId: plans.id('po', `${plan.planId}:packing:${at}`), groupId: plans.id('pg', `${plan.planId}:group`), readyAt: at + WORKS_MS, expiresAt: at + 2 * DAY_MS, acceptedAt: null } }, at);
    return started('generatePackingOptions', at);
  });
  const listPacking = onPlan((plan, request) => page(request, 'packingOptions', plan.packing && plan.packing.readyAt <= request.at ? [{
    packingOptionId: plan.packing.optionId, status: plan.packing.acceptedAt !== null && plan.packing.acceptedAt <= request.at ? 'ACCEPTED' : plan.packing.acceptedAt === null && plan.packing.expiresAt <= request.at ? 'EXPIRED' : 'OFFERED', fees: [], discounts: [], expiration: toIso(plan.packing.expiresAt), packingGroups: [plan.packing.groupId],
    supportedConfigurations: [{ boxPackingMethods: ['BOX_CONTENT_PROVIDED'], boxRequirements: { weight: { minimum: 0, maximum: HEAVIEST_BOX_G / 1_000, unit: 'KG' } }, shippingRequirements: [{ modes: ['GROUND_SMALL_PARCEL'], solution: 'AMAZON_PARTNERED_CARRIER' }, { modes: ['GROUND_SMALL_PARCEL'], solution: 'USE_YOUR_OWN_CARRIER' }] }],
    supportedShippingConfigurations: [],
  }] : []));
  const groupItems = onPlan((plan, request, desk) => (plan.packing?.groupId === request.params['packingGroupId'] ? page(request, 'items', plan.items.map((entry) => itemOf(desk, entry))) : notFound()));
  const confirmPacking = onPlan((plan, { params, at }) => {
    if (!plan.packing || plan.packing.optionId !== params['packingOptionId']) return notFound();
    if (plan.packing.acceptedAt !== null) return invalid('The packing option is confirmed already.');
    if (plan.packing.expiresAt <= at) return invalid('The packing option has expired.');
    plans.save({ ...plan, packing: { ...plan.packing, acceptedAt: at + WORKS_MS } }, at);
    effects.packingsConfirmed++;
    return started('confirmPackingOption', at);
  });
  const setPacking = onPlan((plan, request) => {
    const parsed = packingSchema.safeParse(request.json());
    if (!parsed.success) return said(parsed.error);
    const { at } = request;
    if (accepted(plan)) return invalid('The placement is confirmed.');
    if (plan.packing === null || plan.packing.acceptedAt === null || plan.packing.acceptedAt > at) return invalid('Confirm a packing option first.');
    const boxes: PlanBox[] = parsed.data.packageGroupings.flatMap((group) => group.boxes).flatMap((given) => Array.from({ length: given.quantity }, () => given)).map((given, place) => ({
      packageId: plans.id('pk', `${plan.planId}:box:${place}`), groupId: plan.packing!.groupId, items: given.items ?? [], weightG: Math.round(given.weight.value * (given.weight.unit === 'KG' ? 1_000 : 453.59237)), sidesMm: [given.dimensions.length, given.dimensions.width, given.dimensions.height].map((side) => Math.round(side * (given.dimensions.unitOfMeasurement === 'CM' ? 10 : 25.4))),
    }));
    const packed = new Map(unitsIn(boxes).map(({ msku, quantity }) => [msku, quantity]));
    const problems = [
      ...(parsed.data.packageGroupings.some(({ packingGroupId }) => packingGroupId !== plan.packing!.groupId) ? ['The packing group does not belong to the confirmed packing option.'] : []),
      ...plan.items.filter(({ msku, quantity }) => packed.get(msku) !== quantity).map(({ msku, quantity }) => `Of ${msku} ${quantity} are in the plan and ${packed.get(msku) ?? 0} in boxes.`), ...boxes.filter(({ weightG }) => weightG > HEAVIEST_BOX_G).map((_box, place) => `Box ${place + 1} is too heavy.`),
    ];
    if (problems.length === 0) plans.save({ ...plan, boxes, placements: [] }, at);
    return started('setPackingInformation', at, problems);
  });

  const generatePlacement = onPlan((plan, request) => {
    if (!z.strictObject({ customPlacement: z.array(z.unknown()).optional() }).safeParse(request.json()).success) return invalid('body: unknown fields');
    if (plan.boxes.length === 0) return started('generatePlacementOptions', request.at, ['There is no packing information.']);
    if (!accepted(plan)) plans.save({ ...plan, placements: plans.placementsFor(plan, request.at) }, request.at);
    return started('generatePlacementOptions', request.at);
  });
  const listPlacement = onPlan((plan, request) => page(request, 'placementOptions', plan.placements.filter(({ readyAt }) => readyAt <= request.at).filter((option) => !accepted(plan) || option === accepted(plan)).map((option) => ({
    placementOptionId: option.placementOptionId, status: option.acceptedAt !== null && option.acceptedAt <= request.at ? 'ACCEPTED' : option.acceptedAt === null && option.expiresAt <= request.at ? 'EXPIRED' : 'OFFERED', shipmentIds: option.shipments.map(({ shipmentId }) => shipmentId), discounts: [], expiration: toIso(option.expiresAt),
    fees: option.feeMinor > 0 ? [{ type: 'FEE', target: 'Placement Services', description: 'Placement fee', value: usd(option.feeMinor) }] : [],
  }))));
  const confirmPlacement = onPlan((plan, { params, at }) => {
    const option = plan.placements.find(({ placementOptionId }) => placementOptionId === params['placementOptionId']);
    if (!option) return notFound();
    if (accepted(plan)) return invalid('A placement option is confirmed already.');
    if (option.expiresAt <= at) return invalid('The placement option has expired.');
    option.acceptedAt = at + WORKS_MS;
    plans.save(plan, at);
    effects.placementsConfirmed++;
    return started('confirmPlacementOption', at);
  });

  const generateTransports = onPlan((plan, request) => {
    const parsed = transportsSchema.safeParse(request.json());
    if (!parsed.success) return said(parsed.error);
    const option = plan.placements.find(({ placementOptionId }) => placementOptionId === parsed.data.placementOptionId);
    if (!option) return notFound();
    for (const wanted of parsed.data.shipmentTransportationConfigurations) {
      const one = option.shipments.find(({ shipmentId }) => shipmentId === wanted.shipmentId);
      if (!one) return notFound();
      one.transportsAt = request.at + WORKS_MS;
      one.readyAt = Date.parse(wanted.readyToShipWindow.start);
    }
    plans.save(plan, request.at);
    return started('generateTransportationOptions', request.at);
  });
  const listTransports = onPlan((plan, request) => {
    const [placementId, shipmentId] = [request.query.get('placementOptionId'), request.query.get('shipmentId')];
    if (!placementId && !shipmentId) return invalid('placementOptionId or shipmentId must be specified');
    const wanted = plan.placements.filter(({ placementOptionId }) => placementId === null || placementOptionId === placementId).flatMap(({ shipments }) => shipments).filter((one) => shipmentId === null || one.shipmentId === shipmentId);
    return page(request, 'transportationOptions', wanted.flatMap((one) => transportsOf(plan, one, request.at)));
  });
  const confirmTransports = onPlan((plan, request) => {
    const parsed = selectionSchema.safeParse(request.json());
    if (!parsed.success) return said(parsed.error);
    const { at } = request;
    const chosen = new Map(parsed.data.transportationSelections.map((entry) => [entry.shipmentId, entry.transportationOptionId]));
    const all = shipmentsOf(plan);
    if (accepted(plan) === null || accepted(plan)!.acceptedAt! > at) return invalid('Confirm a placement option first.');
    if (all.some((one) => one.transportOptionId !== null)) return invalid('The transportation options are confirmed already.');
    for (const one of all) {
      const option = transportsOf(plan, one, at).find(({ transportationOptionId }) => transportationOptionId === chosen.get(one.shipmentId));
      if (!option) return invalid(`transportationSelections: none of shipment ${one.shipmentId}`);
      if (option.preconditions.length > 0 && one.windowId === null) return invalid('The precondition CONFIRMED_DELIVERY_WINDOW is not met.');
    }
    for (const one of all) {
      one.transportOptionId = chosen.get(one.shipmentId)!;
      one.transportAt = at + WORKS_MS;
      one.confirmationId = plans.id('FBA', `${plan.planId}:${one.shipmentId}:confirmation`, 9);
      if (partnered(one)) one.boxes.forEach((_box, place) => { one.tracking[boxIdOf(one, place)] = plans.id('1Z', `${one.confirmationId}:tracking:${place}`, 16); });
    }
    plans.save(plan, at);
    effects.transportsConfirmed++;
    return started('confirmTransportationOptions', at);
  });

  const generateWindows = onShipment((plan, one, { at }) => {
    one.windowsAt = at + WORKS_MS;
    plans.save(plan, at);
    return started('generateDeliveryWindowOptions', at);
  });
  const listWindows = onShipment((_plan, one, request) => page(request, 'deliveryWindowOptions', one.windowsAt !== null && one.windowsAt <= request.at ? windowsOf(one) : []));
  const confirmWindow = onShipment((plan, one, { params, at }) => {
    if (!windowsOf(one).some((option) => option.deliveryWindowOptionId === params['windowId'] && option.availabilityType === 'AVAILABLE')) return invalid('The delivery window is not available.');
    if (one.windowId !== null) return invalid('A delivery window is confirmed already.');
    one.windowId = params['windowId']!;
    plans.save(plan, at);
    effects.windowsConfirmed++;
    return started('confirmDeliveryWindowOptions', at);
  });

  const readShipment = onShipment((plan, one, { at }) => {
    const confirmed = one.confirmationId !== null && one.transportAt! <= at;
    const window = windowsOf(one).find(({ deliveryWindowOptionId }) => deliveryWindowOptionId === one.windowId);
    return ok({
      shipmentId: one.shipmentId, placementOptionId: plan.placements.find(({ shipments }) => shipments.some((entry) => entry.shipmentId === one.shipmentId))!.placementOptionId, status: statusOf(plan, one, at), name: plan.name,
      source: { sourceType: 'SELLER_FACILITY', address: plan.source }, destination: { destinationType: 'AMAZON_WAREHOUSE', warehouseId: one.warehouseId },
      ...(window ? { selectedDeliveryWindow: { deliveryWindowOptionId: window.deliveryWindowOptionId, availabilityType: window.availabilityType, startDate: window.startDate, endDate: window.endDate } } : {}),
      ...(confirmed ? { shipmentConfirmationId: one.confirmationId, selectedTransportationOptionId: one.transportOptionId } : {}),
      ...(Object.keys(one.tracking).length > 0 && confirmed ? { trackingDetails: { spdTrackingDetail: { spdTrackingItems: Object.entries(one.tracking).map(([boxId, trackingId]) => ({ boxId, trackingId, trackingNumberValidationStatus: 'VALIDATED' })) } } } : {}),
    });
  });
  const shipmentItems: Handle = (desk, request) => onShipment((plan, one) => page(request, 'items', unitsIn(boxesOf(plan, one)).map((entry) => itemOf(desk, entry))))(desk, request);
  const shipmentBoxes: Handle = (desk, request) => onShipment((plan, one) => page(request, 'boxes', boxesOf(plan, one).map((box, place) => ({
    packageId: box.packageId, ...(one.confirmationId !== null && one.transportAt! <= request.at ? { boxId: boxIdOf(one, place) } : {}), quantity: 1, contentInformationSource: 'BOX_CONTENT_PROVIDED', items: box.items.map((entry) => itemOf(desk, entry)),
    weight: { unit: 'KG', value: box.weightG / 1_000 }, dimensions: { unitOfMeasurement: 'CM', length: box.sidesMm[0]! / 10, width: box.sidesMm[1]! / 10, height: box.sidesMm[2]! / 10 },
  }))))(desk, request);
  const reportTracking = onShipment((plan, one, request) => {
    const parsed = trackingSchema.safeParse(request.json());
    if (!parsed.success) return said(parsed.error);
    if (one.confirmationId === null || partnered(one)) return invalid('The shipment takes no tracking numbers.');
    const known = one.boxes.map((_box, place) => boxIdOf(one, place));
    const given = parsed.data.trackingDetails.spdTrackingDetail.spdTrackingItems;
    if (given.some(({ boxId }) => !known.includes(boxId))) return invalid('boxId: not of this shipment');
    for (const { boxId, trackingId } of given) one.tracking[boxId] = trackingId;
    if (one.handedOverAt === null) handOver(plans, plan, one, request.at);
    plans.save(plan, request.at);
    effects.trackingReported++;
    return started('updateShipmentTrackingDetails', request.at);
  });

  const confirmed = (id: string) => plans.all().flatMap((plan) => shipmentsOf(plan).map((one) => ({ plan, one }))).find(({ one }) => one.confirmationId === id);
  const boxLabels: Handle = (_desk, request) => {
    const found = confirmed(request.params['confirmationId'] ?? '');
    if (!found) return notFound();
    if (request.query.get('LabelType') !== 'UNIQUE' || !request.query.get('PageType')) return invalid('give PageType and LabelType UNIQUE');
    const wanted = request.query.get('PackageLabelsToPrint')?.split(',') ?? found.one.boxes.map((_box, place) => boxIdOf(found.one, place));
    return ok({ payload: { DownloadURL: addressFor(request, wanted.map((boxId) => [boxId, found.one.warehouseId, found.one.tracking[boxId] ?? ''])) } });
  };
  const received: Handle = (_desk, { params }) => {
    const found = confirmed(params['confirmationId'] ?? '');
    if (!found) return notFound();
    return ok({ payload: { ItemData: unitsIn(boxesOf(found.plan, found.one)).map(({ msku, quantity }) => ({ ShipmentId: found.one.confirmationId, SellerSKU: msku, FulfillmentNetworkSKU: fnskuOf(msku), QuantityShipped: quantity, QuantityReceived: found.one.counted[msku] ?? 0, QuantityInCase: 0 })) } });
  };

  const root = '/inbound/fba/2024-03-20';
  const planAt = `${root}/inboundPlans/{planId}`;
  const oneAt = `${planAt}/shipments/{shipmentId}`;
  const route = (name: Operation, at: readonly [InboundRoute['method'], string], handle: Handle): InboundRoute => ({ name, method: at[0], pattern: at[1], handle });
  return {
    plans, effects,
    labels: ({ params }) => ({ status: 200, headers: { 'content-type': 'application/pdf' }, body: labelSheet(z.array(z.array(z.string())).parse(JSON.parse(Buffer.from(params['sheet'] ?? '', 'base64url').toString('utf8')))) }),
    routes: [
      route('createInboundPlan', ['POST', `${root}/inboundPlans`], createPlan), route('listInboundPlans', ['GET', `${root}/inboundPlans`], listPlans), route('getInboundPlan', ['GET', planAt], onPlan((found, { at }) => ok(summary(found, at)))), route('cancelInboundPlan', ['PUT', `${planAt}/cancellation`], cancelPlan),
      route('getInboundOperationStatus', ['GET', `${root}/operations/{operationId}`], operation), route('listPrepDetails', ['GET', `${root}/items/prepDetails`], prepDetails), route('createMarketplaceItemLabels', ['POST', `${root}/items/labels`], itemLabels),
      route('generatePackingOptions', ['POST', `${planAt}/packingOptions`], generatePacking), route('listPackingOptions', ['GET', `${planAt}/packingOptions`], listPacking), route('listPackingGroupItems', ['GET', `${planAt}/packingGroups/{packingGroupId}/items`], groupItems),
      route('confirmPackingOption', ['POST', `${planAt}/packingOptions/{packingOptionId}/confirmation`], confirmPacking), route('setPackingInformation', ['POST', `${planAt}/packingInformation`], setPacking),
      route('generatePlacementOptions', ['POST', `${planAt}/placementOptions`], generatePlacement), route('listPlacementOptions', ['GET', `${planAt}/placementOptions`], listPlacement), route('confirmPlacementOption', ['POST', `${planAt}/placementOptions/{placementOptionId}/confirmation`], confirmPlacement),
      route('generateTransportationOptions', ['POST', `${planAt}/transportationOptions`], generateTransports), route('listTransportationOptions', ['GET', `${planAt}/transportationOptions`], listTransports), route('confirmTransportationOptions', ['POST', `${planAt}/transportationOptions/confirmation`], confirmTransports),
      route('generateDeliveryWindowOptions', ['POST', `${oneAt}/deliveryWindowOptions`], generateWindows), route('listDeliveryWindowOptions', ['GET', `${oneAt}/deliveryWindowOptions`], listWindows), route('confirmDeliveryWindowOptions', ['POST', `${oneAt}/deliveryWindowOptions/{windowId}/confirmation`], confirmWindow),
      route('getShipment', ['GET', oneAt], readShipment), route('listShipmentItems', ['GET', `${oneAt}/items`], shipmentItems), route('listShipmentBoxes', ['GET', `${oneAt}/boxes`], shipmentBoxes), route('updateShipmentTrackingDetails', ['PUT', `${oneAt}/trackingDetails`], reportTracking),
      route('getLabels', ['GET', '/fba/inbound/v0/shipments/{confirmationId}/labels'], boxLabels), route('getShipmentItemsByShipmentId', ['GET', '/fba/inbound/v0/shipments/{confirmationId}/items'], received),
    ],
  };
}
