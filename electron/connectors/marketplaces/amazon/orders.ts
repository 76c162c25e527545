import type { ChannelOrder, OrderPage, OrderQuery, Shipment, UnreadableOrder } from '#engine/orders/ports.ts';
import { ConnectorError, isConnectorError } from '#kernel/errors.ts';
import { MINUTE_MS, toIso } from '#kernel/time.ts';
import quotas from '../../../../resources/quotas/amazon-sp-api.json' with { type: 'json' };
import { excerptOf, faultsOf } from '../../http/index.ts';
import type { SpClient } from '../../data/amazon-sp-api/index.ts';
import { moneyOf, ordersWithMoney } from './finances.ts';
import { readOrder } from './read-order.ts';
import { nothingSchema, oneOrderSchema, orderPageSchema, orderSchema, type SpOrder } from './schema.ts';
import { StrangeOrder } from './strange-order.ts';

const DATA_SETS = ['BUYER', 'RECIPIENT', 'PROCEEDS', 'CANCELLATION', 'FULFILLMENT', 'PACKAGES', 'TAX'] as const;
/** `lastUpdatedBefore` must be two minutes before the request. */
const SETTLES_MS = 3 * MINUTE_MS;
const PERSONAL = new Set(['buyer', 'recipient', 'packages']);

function unreadable(raw: unknown, reason: string): UnreadableOrder {
  const fields = typeof raw === 'object' && raw !== null ? (raw as Record<string, unknown>) : {};
  const orderId = fields['orderId'];
  return { ...(typeof orderId === 'string' ? { orderId } : {}), reason, excerpt: excerptOf(Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, PERSONAL.has(name) ? '[masked]' : value]))) };
}

/** Money is posted for what was sent, and for what was given back. Before that there is nothing to ask for. */
const hasMoney = (order: SpOrder) => ['SHIPPED', 'PARTIALLY_SHIPPED'].includes(order.fulfillment?.fulfillmentStatus ?? '');

async function complete(client: SpClient, order: SpOrder, signal: AbortSignal | undefined): Promise<ChannelOrder> {
  return readOrder(order, { currency: client.currency, moved: hasMoney(order) ? await moneyOf(client, order.orderId, signal) : null });
}

/**
 * `searchOrders` (Orders 2026-01-01) by time of change, what the seller sends and what Amazon sends. Then the orders for which money moved meanwhile: a fee or a refund is posted without the order changing.
 */
export async function* readOrders(client: SpClient, query: OrderQuery): AsyncGenerator<OrderPage> {
  const seen = new Set<string>();
  const until = query.modifiedUntil !== undefined && query.modifiedUntil < client.now() - SETTLES_MS ? { lastUpdatedBefore: toIso(query.modifiedUntil) } : {};
  for (let paginationToken: string | undefined; ; ) {
    const body = await client.call('searchOrders', {
      operation: 'read orders', method: 'GET', path: '/orders/2026-01-01/orders', schema: orderPageSchema, signal: query.signal,
      query: { lastUpdatedAfter: toIso(query.modifiedFrom), ...until, marketplaceIds: client.marketplaceId, maxResultsPerPage: quotas.operations.searchOrders.itemsPerCall, includedData: DATA_SETS, paginationToken },
    });
    const page: { orders: ChannelOrder[]; unreadable: UnreadableOrder[] } = { orders: [], unreadable: [] };
    for (const raw of body.orders) {
      const parsed = orderSchema.safeParse(raw);
      if (parsed.success) {
        seen.add(parsed.data.orderId);
        await take(client, parsed.data, { page, signal: query.signal });
      } else page.unreadable.push(unreadable(raw, faultsOf(parsed.error)));
    }
    paginationToken = body.pagination?.nextToken;
    yield { ...page, complete: false, at: client.now() };
    if (paginationToken === undefined) break;
  }
  const page: { orders: ChannelOrder[]; unreadable: UnreadableOrder[] } = { orders: [], unreadable: [] };
  for (const orderId of await ordersWithMoney(client, query)) {
    if (seen.has(orderId)) continue;
    const order = await getOrder(client, orderId, query.signal);
    if (order) await take(client, order, { page, signal: query.signal });
  }
  yield { ...page, complete: true, at: client.now() };
}

async function take(client: SpClient, order: SpOrder, into: { readonly page: { orders: ChannelOrder[]; unreadable: UnreadableOrder[] }; readonly signal: AbortSignal | undefined }): Promise<void> {
  try {
    into.page.orders.push(await complete(client, order, into.signal));
  } catch (error) {
    if (!(error instanceof StrangeOrder || error instanceof RangeError)) throw error;
    into.page.unreadable.push(unreadable(order, error.message));
  }
}

async function getOrder(client: SpClient, orderId: string, signal: AbortSignal | undefined): Promise<SpOrder | null> {
  const body = await client.callOrNull('getOrder', {
    operation: 'read order', method: 'GET', path: `/orders/2026-01-01/orders/${encodeURIComponent(orderId)}`, schema: oneOrderSchema, signal, query: { includedData: DATA_SETS },
  });
  return body?.order ?? null;
}

export async function readOneOrder(client: SpClient, orderId: string, signal?: AbortSignal): Promise<ChannelOrder | null> {
  const order = await getOrder(client, orderId, signal);
  if (!order) return null;
  try {
    return await complete(client, order, signal);
  } catch (error) {
    if (!(error instanceof StrangeOrder)) throw error;
    throw new ConnectorError({ kind: 'Critical', connector: client.connector, operation: 'read order', message: error.message }, error);
  }
}

/** Amazon's codes of carriers that need no name beside them. */
const CARRIERS: Readonly<Record<string, string>> = { USPS: 'USPS', UPS: 'UPS', FEDEX: 'FedEx', DHL: 'DHL', ONTRAC: 'OnTrac' };

/** A number of our own for the parcel, the same for the same tracking number: only positive numbers are taken. */
function packageReference(tracking: string): string {
  let hash = 7;
  for (const letter of tracking) hash = (hash * 31 + letter.charCodeAt(0)) % 999_999_937;
  return String(hash + 1);
}

async function findPackage(client: SpClient, orderId: string, given: { readonly shipment: Shipment; readonly signal: AbortSignal | undefined }): Promise<string | null> {
  const order = await getOrder(client, orderId, given.signal);
  return order?.packages?.find((entry) => entry.trackingNumber === given.shipment.trackingNumber)?.packageReferenceId ?? null;
}

/** `confirmShipment` (Orders v0; the newer model has no call for it). */
export async function markShipped(client: SpClient, orderId: string, given: { readonly shipment: Shipment; readonly signal: AbortSignal | undefined }): Promise<{ shipmentId: string; existed: boolean }> {
  const standing = await findPackage(client, orderId, given);
  if (standing !== null) return { shipmentId: standing, existed: true };
  const { shipment, signal } = given;
  const shipmentId = packageReference(shipment.trackingNumber);
  const code = CARRIERS[shipment.carrier.toUpperCase()];
  try {
    await client.call('confirmShipment', {
      operation: 'report shipment', method: 'POST', path: `/orders/v0/orders/${encodeURIComponent(orderId)}/shipmentConfirmation`, effect: 'once', schema: nothingSchema, body: 'none', signal,
      json: {
        marketplaceId: client.marketplaceId,
        packageDetail: {
          packageReferenceId: shipmentId, ...(code ? { carrierCode: code } : { carrierCode: 'Other', carrierName: shipment.carrier }), trackingNumber: shipment.trackingNumber, shipDate: toIso(shipment.shippedAt),
          orderItems: shipment.lines.map((line) => ({ orderItemId: line.lineId, quantity: line.quantity })),
        },
      },
    });
    return { shipmentId, existed: false };
  } catch (error) {
    if (!isConnectorError(error, 'OutcomeUnknown') || (await findPackage(client, orderId, given)) === null) throw error;
    return { shipmentId, existed: false };
  }
}
