import type { DeliveryPhase, DeliveryReading, InboundPort, Owner, PackedBox, PlanItem, ShipFrom, Started, TransportOption } from '#engine/inbound-shipments/ports.ts';
import { ConnectorError } from '#kernel/errors.ts';
import { money, type Money } from '#kernel/money.ts';
import { toIso, type Instant } from '#kernel/time.ts';
import type { ZodType } from 'zod';
import { moneyFromNumber } from '../../http/index.ts';
import type { SpClient, SpOperation } from '../../data/amazon-sp-api/sp-client.ts';
import {
  boxesSchema, boxLabelsSchema, createdPlanSchema, fileSchema, itemLabelsSchema, itemsSchema, operationSchema, packingOptionsSchema, placementOptionsSchema, planSchema, plansSchema, prepDetailsSchema, receivedSchema, shipmentSchema,
  startedSchema, transportOptionsSchema, windowsSchema, type SpIncentive, type SpProblem, type SpShipment, type SpTransport,
} from './inbound-schema.ts';

const ROOT = '/inbound/fba/2024-03-20';
const V0 = '/fba/inbound/v0/shipments';
/** Pages of one list that are read; a plan has no more options than that. */
const MOST_PAGES = 50;
/** An item label of 30 to a letter page, a box label that any printer takes. */
const ITEM_PAGE = 'Letter_30';
const BOX_PAGE = 'PackageLabel_Plain_Paper';

const OWNERS: Readonly<Record<Owner, string>> = { seller: 'SELLER', channel: 'AMAZON', none: 'NONE' };
const PHASES: Readonly<Record<string, DeliveryPhase>> = {
  UNCONFIRMED: 'working', WORKING: 'working', READY_TO_SHIP: 'working', SHIPPED: 'sent', IN_TRANSIT: 'sent', DELIVERED: 'sent', CHECKED_IN: 'receiving', RECEIVING: 'receiving', MIXED: 'receiving', CLOSED: 'closed', CANCELLED: 'cancelled', DELETED: 'cancelled', ABANDONED: 'cancelled',
};
/** What a transport by a carrier of one's own waits for. */
const WINDOW = 'CONFIRMED_DELIVERY_WINDOW';

const planPath = (planId: string, rest = '') => `${ROOT}/inboundPlans/${encodeURIComponent(planId)}${rest}`;
const shipmentPath = (planId: string, shipmentId: string, rest = '') => planPath(planId, `/shipments/${encodeURIComponent(shipmentId)}${rest}`);
const instantOf = (value: string | undefined): Instant | null => (value === undefined || Number.isNaN(Date.parse(value)) ? null : Date.parse(value));
/** Amazon takes whole minutes. */
const minute = (at: Instant) => `${toIso(at).slice(0, 16)}Z`;
const itemInput = ({ sku, units, prepBy, labelBy }: PlanItem) => ({ msku: sku, quantity: units, prepOwner: OWNERS[prepBy], labelOwner: OWNERS[labelBy] });
const contactOf = ({ name, phone }: ShipFrom) => ({ name, phoneNumber: phone });
const addressOf = (from: ShipFrom) => ({
  name: from.name, addressLine1: from.line1, city: from.city, countryCode: from.country, postalCode: from.postcode, phoneNumber: from.phone,
  ...(from.company ? { companyName: from.company } : {}), ...(from.line2 ? { addressLine2: from.line2 } : {}), ...(from.state ? { stateOrProvinceCode: from.state } : {}),
});
const boxOf = (box: PackedBox) => ({
  contentInformationSource: 'BOX_CONTENT_PROVIDED', quantity: 1, items: box.contents.map(itemInput), weight: { unit: 'KG', value: box.weightG / 1_000 },
  dimensions: { unitOfMeasurement: 'CM', length: box.lengthMm / 10, width: box.widthMm / 10, height: box.heightMm / 10 },
});

interface Call<T> {
  readonly operation: string;
  readonly path: string;
  readonly schema: ZodType<T>;
  readonly signal: AbortSignal | undefined;
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
}

/** Fulfillment Inbound 2024-03-20, and of v0 what the newer one has no call for: labels of boxes and what was received. See README.md for what may be repeated. */
export function createInbound(client: SpClient): InboundPort {
  const fault = (operation: string, message: string) => new ConnectorError({ kind: 'Critical', connector: client.connector, operation, message });
  const amountOf = (operation: string, cost: { readonly amount: number; readonly code: string }): Money => moneyFromNumber(cost.amount, cost.code) ?? (() => { throw fault(operation, `${cost.amount} ${cost.code} is no amount`); })();
  const get = <T>(name: SpOperation, call: Call<T>) => client.call(name, { ...call, method: 'GET' });
  /** Lists are pages; the last has no token. */
  const pages = async <T extends { readonly pagination?: { readonly nextToken?: string | null | undefined } | null | undefined }>(name: SpOperation, call: Call<T>, on: (page: T) => boolean | void): Promise<void> => {
    let paginationToken: string | undefined;
    for (let page = 0; page < MOST_PAGES; page++) {
      const body = await get(name, { ...call, query: { pageSize: client.batchOf(name), ...call.query, paginationToken } });
      if (on(body) === true) return;
      paginationToken = body.pagination?.nextToken ?? undefined;
      if (paginationToken === undefined) return;
    }
    throw fault(call.operation, `more than ${MOST_PAGES} pages`);
  };
  const start = async (name: SpOperation, call: Omit<Call<unknown>, 'schema'> & { readonly method?: 'POST' | 'PUT'; readonly json?: unknown; readonly effect: 'idempotent' | 'once'; readonly personal?: readonly string[] }): Promise<Started> => {
    const { operationId } = await client.call(name, { method: 'POST', ...call, schema: startedSchema });
    return { operationId };
  };
  const netOf = (operation: string, fees: readonly SpIncentive[], discounts: readonly SpIncentive[]): Money => {
    const amounts = [...fees.map((fee) => amountOf(operation, fee.value)), ...discounts.map((discount) => { const value = amountOf(operation, discount.value); return money(-Math.abs(value.minor), value.currency); })];
    if (amounts.some(({ currency }) => currency !== client.currency)) throw fault(operation, `costs in another currency than ${client.currency}`);
    return money(amounts.reduce((sum, { minor }) => sum + minor, 0), client.currency);
  };
  const items = async (name: SpOperation, call: Omit<Call<unknown>, 'schema'>) => {
    const found = new Map<string, number>();
    await pages(name, { ...call, schema: itemsSchema }, (page) => page.items.forEach(({ msku, quantity }) => found.set(msku, (found.get(msku) ?? 0) + quantity)));
    return [...found].map(([sku, units]) => ({ sku, units }));
  };
  const transportOf = (option: SpTransport): TransportOption => {
    const solution = option.shippingSolution === 'AMAZON_PARTNERED_CARRIER' ? 'partnered' : 'own';
    return {
      optionId: option.transportationOptionId, shipmentId: option.shipmentId, solution, mode: option.shippingMode, carrier: option.carrier.name ?? option.carrier.alphaCode ?? '', cost: option.quote ? amountOf('read transports', option.quote.cost) : null,
      until: instantOf(option.quote?.expiration), voidableUntil: instantOf(option.quote?.voidableUntil), needsWindow: option.preconditions.includes(WINDOW),
    };
  };

  return {
    connector: client.connector,
    market: client.market,
    async prepDetails(skus, signal) {
      const found: Awaited<ReturnType<InboundPort['prepDetails']>>[number][] = [];
      const perCall = client.batchOf('listPrepDetails');
      for (let from = 0; from < skus.length; from += perCall) {
        const { mskuPrepDetails } = await get('listPrepDetails', { operation: 'read what preparation is asked for', path: `${ROOT}/items/prepDetails`, schema: prepDetailsSchema, signal, query: { marketplaceId: client.marketplaceId, mskus: skus.slice(from, from + perCall) } });
        found.push(...mskuPrepDetails.map((detail) => ({
          sku: detail.msku, category: detail.prepCategory === 'UNKNOWN' ? null : detail.prepCategory, types: detail.prepTypes,
          prepBy: ownerOf(detail.prepOwnerConstraint, detail.prepCategory === 'NONE' ? 'none' : 'seller'), labelBy: ownerOf(detail.labelOwnerConstraint, 'seller'),
        })));
      }
      return found;
    },
    async findPlan(name, notBefore, signal) {
      let found: { readonly planId: string } | null = null;
      await pages('listInboundPlans', { operation: 'look for the plan', path: `${ROOT}/inboundPlans`, schema: plansSchema, signal, query: { sortBy: 'CREATION_TIME', sortOrder: 'DESC' } }, ({ inboundPlans }) => {
        const plan = inboundPlans?.find((entry) => entry.name === name && (entry.status === 'ACTIVE' || entry.status === 'SHIPPED'));
        if (plan) found = { planId: plan.inboundPlanId };
        return found !== null || (inboundPlans ?? []).some((entry) => Date.parse(entry.createdAt) < notBefore);
      });
      return found;
    },
    async createPlan({ name, from, items: lines }, signal) {
      const made = await client.call('createInboundPlan', {
        operation: 'make a plan', method: 'POST', path: `${ROOT}/inboundPlans`, effect: 'once', schema: createdPlanSchema, signal, personal: [from.phone, from.line1],
        json: { name, sourceAddress: addressOf(from), destinationMarketplaces: [client.marketplaceId], items: lines.map(itemInput) },
      });
      return { planId: made.inboundPlanId, operationId: made.operationId };
    },
    async planState(planId, signal) {
      const { status } = await get('getInboundPlan', { operation: 'read the plan', path: planPath(planId), schema: planSchema, signal });
      return status === 'VOIDED' ? 'cancelled' : status === 'SHIPPED' ? 'sent' : status === 'ACTIVE' ? 'active' : 'failed';
    },
    cancelPlan: (planId, signal) => start('cancelInboundPlan', { operation: 'cancel the plan', method: 'PUT', path: planPath(planId, '/cancellation'), effect: 'once', signal }),
    async operation(operationId, signal) {
      const body = await get('getInboundOperationStatus', { operation: 'ask what became of it', path: `${ROOT}/operations/${encodeURIComponent(operationId)}`, schema: operationSchema, signal });
      const state = body.operationStatus === 'SUCCESS' ? 'done' : body.operationStatus === 'FAILED' ? 'failed' : 'running';
      return { state, problems: body.operationProblems.filter(({ severity }) => severity === 'ERROR' || state === 'failed').map(said) };
    },
    generatePacking: (planId, signal) => start('generatePackingOptions', { operation: 'ask for ways to pack', path: planPath(planId, '/packingOptions'), effect: 'idempotent', signal }),
    async packingOptions(planId, signal) {
      const operation = 'read ways to pack';
      const found: Awaited<ReturnType<InboundPort['packingOptions']>>[number][] = [];
      await pages('listPackingOptions', { operation, path: planPath(planId, '/packingOptions'), schema: packingOptionsSchema, signal }, ({ packingOptions }) => void found.push(...packingOptions.filter(({ status }) => status !== 'EXPIRED').map((option) => ({
        optionId: option.packingOptionId, accepted: option.status === 'ACCEPTED', fee: netOf(operation, option.fees, option.discounts), until: instantOf(option.expiration), groupIds: option.packingGroups,
      }))));
      return found;
    },
    groupItems: (planId, groupId, signal) => items('listPackingGroupItems', { operation: 'read what is packed together', path: planPath(planId, `/packingGroups/${encodeURIComponent(groupId)}/items`), signal }),
    confirmPacking: (planId, optionId, signal) => start('confirmPackingOption', { operation: 'confirm the way to pack', path: planPath(planId, `/packingOptions/${encodeURIComponent(optionId)}/confirmation`), effect: 'once', signal }),
    setPacking: (planId, groups, signal) => start('setPackingInformation', {
      operation: 'tell what lies in which box', path: planPath(planId, '/packingInformation'), effect: 'idempotent', signal, json: { packageGroupings: groups.map(({ groupId, boxes }) => ({ packingGroupId: groupId, boxes: boxes.map(boxOf) })) },
    }),
    generatePlacement: (planId, signal) => start('generatePlacementOptions', { operation: 'ask for placements', path: planPath(planId, '/placementOptions'), effect: 'idempotent', signal, json: {} }),
    async placementOptions(planId, signal) {
      const operation = 'read placements';
      const found: Awaited<ReturnType<InboundPort['placementOptions']>>[number][] = [];
      await pages('listPlacementOptions', { operation, path: planPath(planId, '/placementOptions'), schema: placementOptionsSchema, signal }, ({ placementOptions }) => void found.push(...placementOptions.filter(({ status }) => status !== 'EXPIRED').map((option) => ({
        optionId: option.placementOptionId, accepted: option.status === 'ACCEPTED', fee: netOf(operation, option.fees, option.discounts), until: instantOf(option.expiration), shipmentIds: option.shipmentIds,
      }))));
      return found;
    },
    shipmentItems: (planId, shipmentId, signal) => items('listShipmentItems', { operation: 'read what goes where', path: shipmentPath(planId, shipmentId, '/items'), signal }),
    generateTransport: (planId, wanted, signal) => start('generateTransportationOptions', {
      operation: 'ask for transports', path: planPath(planId, '/transportationOptions'), effect: 'idempotent', signal,
      json: { placementOptionId: wanted.placementOptionId, shipmentTransportationConfigurations: wanted.shipmentIds.map((shipmentId) => ({ shipmentId, readyToShipWindow: { start: minute(wanted.readyAt) }, contactInformation: contactOf(wanted.contact) })) },
    }),
    async transportOptions(planId, placementOptionId, signal) {
      const found: TransportOption[] = [];
      await pages('listTransportationOptions', { operation: 'read transports', path: planPath(planId, '/transportationOptions'), schema: transportOptionsSchema, signal, query: { placementOptionId } }, (page) => void found.push(...page.transportationOptions.map(transportOf)));
      return found;
    },
    confirmPlacement: (planId, optionId, signal) => start('confirmPlacementOption', { operation: 'confirm the placement', path: planPath(planId, `/placementOptions/${encodeURIComponent(optionId)}/confirmation`), effect: 'once', signal }),
    generateWindows: (planId, shipmentId, signal) => start('generateDeliveryWindowOptions', { operation: 'ask for delivery windows', path: shipmentPath(planId, shipmentId, '/deliveryWindowOptions'), effect: 'idempotent', signal }),
    async windows(planId, shipmentId, signal) {
      const found: Awaited<ReturnType<InboundPort['windows']>>[number][] = [];
      await pages('listDeliveryWindowOptions', { operation: 'read delivery windows', path: shipmentPath(planId, shipmentId, '/deliveryWindowOptions'), schema: windowsSchema, signal }, (page) => {
        for (const option of page.deliveryWindowOptions) {
          const [from, to] = [instantOf(option.startDate), instantOf(option.endDate)];
          if (from !== null && to !== null) found.push({ optionId: option.deliveryWindowOptionId, from, to, open: option.availabilityType !== 'BLOCKED' });
        }
      });
      return found;
    },
    confirmWindow: (planId, { shipmentId, optionId }, signal) => start('confirmDeliveryWindowOptions', { operation: 'confirm the delivery window', path: shipmentPath(planId, shipmentId, `/deliveryWindowOptions/${encodeURIComponent(optionId)}/confirmation`), effect: 'once', signal }),
    confirmTransport: (planId, { transports, contact }, signal) => start('confirmTransportationOptions', {
      operation: 'confirm the transports', path: planPath(planId, '/transportationOptions/confirmation'), effect: 'once', signal, personal: [contact.phone],
      json: { transportationSelections: transports.map(({ shipmentId, optionId }) => ({ shipmentId, transportationOptionId: optionId, contactInformation: contactOf(contact) })) },
    }),
    delivery: async (planId, shipmentId, signal) => deliveryOf(await get('getShipment', { operation: 'read the shipment', path: shipmentPath(planId, shipmentId), schema: shipmentSchema, signal }), (message) => fault('read the shipment', message)),
    async boxes(planId, shipmentId, signal) {
      const found: string[] = [];
      await pages('listShipmentBoxes', { operation: 'read the boxes', path: shipmentPath(planId, shipmentId, '/boxes'), schema: boxesSchema, signal }, (page) => void found.push(...page.boxes.flatMap(({ boxId }) => (boxId === undefined ? [] : [boxId]))));
      return found;
    },
    reportTracking: (planId, { shipmentId, boxes }, signal) => start('updateShipmentTrackingDetails', {
      operation: 'report tracking numbers', method: 'PUT', path: shipmentPath(planId, shipmentId, '/trackingDetails'), effect: 'idempotent', signal,
      json: { trackingDetails: { spdTrackingDetail: { spdTrackingItems: boxes.map(({ boxId, number }) => ({ boxId, trackingId: number })) } } },
    }),
    async received(confirmationId, signal) {
      const { payload } = await get('getShipmentItemsByShipmentId', { operation: 'read what was received', path: `${V0}/${encodeURIComponent(confirmationId)}/items`, schema: receivedSchema, signal });
      if (payload.NextToken) throw fault('read what was received', 'there are more items than one answer holds');
      return (payload.ItemData ?? []).map((entry) => ({ sku: entry.SellerSKU, shipped: entry.QuantityShipped, received: entry.QuantityReceived ?? 0 }));
    },
    async itemLabels(wanted, signal) {
      const operation = 'make labels for units';
      const { documentDownloads: [first] } = await client.call('createMarketplaceItemLabels', {
        operation, method: 'POST', path: `${ROOT}/items/labels`, effect: 'read', schema: itemLabelsSchema, signal,
        json: { marketplaceId: client.marketplaceId, labelType: 'STANDARD_FORMAT', pageType: ITEM_PAGE, localeCode: 'en_US', mskuQuantities: wanted.map(({ sku, units }) => ({ msku: sku, quantity: units })) },
      });
      return client.fetchLinked(first!.uri, { operation, schema: fileSchema, body: 'bytes', signal });
    },
    async boxLabels(confirmationId, boxIds, signal) {
      const operation = 'make labels for boxes';
      const { payload } = await get('getLabels', { operation, path: `${V0}/${encodeURIComponent(confirmationId)}/labels`, schema: boxLabelsSchema, signal, query: { PageType: BOX_PAGE, LabelType: 'UNIQUE', PackageLabelsToPrint: boxIds } });
      return client.fetchLinked(payload.DownloadURL, { operation, schema: fileSchema, body: 'bytes', signal });
    },
  };
}

const ownerOf = (constraint: string | undefined, usual: Owner): Owner => (constraint === 'AMAZON_ONLY' ? 'channel' : constraint === 'NONE_ONLY' ? 'none' : constraint === 'SELLER_ONLY' ? 'seller' : usual);
const said = ({ code, message, details }: SpProblem): string => [message, details].filter(Boolean).join(' ') || code;

/** A word for the state that nobody knows is told, not guessed at: what was counted would else be taken for all there is. */
function deliveryOf(shipment: SpShipment, fault: (message: string) => ConnectorError): DeliveryReading {
  const status = shipment.status ?? 'UNCONFIRMED';
  const phase = PHASES[status];
  if (!phase) throw fault(`unknown state ${status}`);
  return {
    shipmentId: shipment.shipmentId, confirmationId: shipment.shipmentConfirmationId ?? null, warehouse: shipment.destination.warehouseId ?? '', status, phase, transportOptionId: shipment.selectedTransportationOptionId ?? null,
    windowOptionId: shipment.selectedDeliveryWindow?.deliveryWindowOptionId ?? null,
    tracking: (shipment.trackingDetails?.spdTrackingDetail?.spdTrackingItems ?? []).flatMap(({ boxId, trackingId }) => (boxId !== undefined && trackingId !== undefined ? [{ boxId, number: trackingId }] : [])),
  };
}
