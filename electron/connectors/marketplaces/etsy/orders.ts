import type { ChannelOrder, OrderPage, OrderQuery, Shipment, UnreadableOrder } from '#engine/orders/ports.ts';
import { ConnectorError, isConnectorError } from '#kernel/errors.ts';
import { SECOND_MS } from '#kernel/time.ts';
import quotas from '../../../../resources/quotas/etsy.json' with { type: 'json' };
import { excerptOf, faultsOf } from '../../http/index.ts';
import { StrangeAmount } from './amounts.ts';
import type { EtsyClient } from './etsy-client.ts';
import { feeOf } from './fees.ts';
import { readReceipt } from './read-receipt.ts';
import { receiptSchema, receiptsSchema, type EtsyReceipt } from './schema.ts';

const PERSONAL = new Set(['name', 'first_line', 'second_line', 'city', 'state', 'zip', 'formatted_address', 'buyer_email', 'buyer_user_id', 'payment_email', 'seller_email', 'message_from_buyer', 'gift_message', 'gift_sender', 'shipments']);

function unreadable(raw: unknown, reason: string): UnreadableOrder {
  const fields = typeof raw === 'object' && raw !== null ? (raw as Record<string, unknown>) : {};
  const receiptId = fields['receipt_id'];
  return { ...(typeof receiptId === 'number' ? { orderId: String(receiptId) } : {}), reason, excerpt: excerptOf(Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, PERSONAL.has(name) ? '[masked]' : value]))) };
}

async function complete(client: EtsyClient, receipt: EtsyReceipt, signal: AbortSignal | undefined): Promise<ChannelOrder> {
  return readReceipt(receipt, receipt.is_paid ? await feeOf(client, receipt, signal) : null);
}

/** `getShopReceipts` by the time of the last change, oldest change first: what changes meanwhile moves to the end, where it is read again. */
export async function* readOrders(client: EtsyClient, query: OrderQuery): AsyncGenerator<OrderPage> {
  const shop = await client.shopId();
  const until = query.modifiedUntil === undefined ? {} : { max_last_modified: Math.ceil(query.modifiedUntil / SECOND_MS) };
  for (let offset = 0; ; ) {
    const { body } = await client.send({
      operation: 'read receipts', method: 'GET', path: `/v3/application/shops/${shop}/receipts`, effect: 'read', schema: receiptsSchema, signal: query.signal,
      query: { min_last_modified: Math.floor(query.modifiedFrom / SECOND_MS), ...until, limit: quotas.perPage, offset, sort_on: 'updated', sort_order: 'asc' },
    });
    const page: { orders: ChannelOrder[]; unreadable: UnreadableOrder[] } = { orders: [], unreadable: [] };
    for (const raw of body.results) await take(client, raw, { page, signal: query.signal });
    offset += body.results.length;
    const last = body.results.length === 0 || offset >= body.count;
    yield { ...page, complete: last, at: client.now() };
    if (last) return;
  }
}

async function take(client: EtsyClient, raw: unknown, into: { readonly page: { orders: ChannelOrder[]; unreadable: UnreadableOrder[] }; readonly signal: AbortSignal | undefined }): Promise<void> {
  const parsed = receiptSchema.safeParse(raw);
  if (!parsed.success) {
    into.page.unreadable.push(unreadable(raw, faultsOf(parsed.error)));
    return;
  }
  try {
    into.page.orders.push(await complete(client, parsed.data, into.signal));
  } catch (error) {
    if (!(error instanceof StrangeAmount || error instanceof RangeError)) throw error;
    into.page.unreadable.push(unreadable(raw, error.message));
  }
}

async function getReceipt(client: EtsyClient, orderId: string, signal: AbortSignal | undefined): Promise<EtsyReceipt | null> {
  const shop = await client.shopId();
  return client.sendOrNull({ operation: 'read receipt', method: 'GET', path: `/v3/application/shops/${shop}/receipts/${encodeURIComponent(orderId)}`, effect: 'read', schema: receiptSchema, signal });
}

export async function readOneOrder(client: EtsyClient, orderId: string, signal?: AbortSignal): Promise<ChannelOrder | null> {
  const receipt = await getReceipt(client, orderId, signal);
  if (!receipt) return null;
  try {
    return await complete(client, receipt, signal);
  } catch (error) {
    if (!(error instanceof StrangeAmount)) throw error;
    throw new ConnectorError({ kind: 'Critical', connector: client.connector, operation: 'read receipt', message: error.message }, error);
  }
}

function shipmentIn(receipt: EtsyReceipt | null, trackingNumber: string): string | null {
  const found = receipt?.shipments?.find((shipment) => shipment.tracking_code === trackingNumber);
  return found ? String(found.receipt_shipping_id ?? trackingNumber) : null;
}

/** `createReceiptShipment`: the buyer is told by Etsy. A receipt is sent as a whole. */
export async function markShipped(client: EtsyClient, orderId: string, given: { readonly shipment: Shipment; readonly signal: AbortSignal | undefined }): Promise<{ shipmentId: string; existed: boolean }> {
  const { shipment, signal } = given;
  const standing = shipmentIn(await getReceipt(client, orderId, signal), shipment.trackingNumber);
  if (standing !== null) return { shipmentId: standing, existed: true };
  const shop = await client.shopId();
  try {
    const { body } = await client.send({
      operation: 'report shipment', method: 'POST', path: `/v3/application/shops/${shop}/receipts/${encodeURIComponent(orderId)}/tracking`, effect: 'once', schema: receiptSchema, signal,
      json: { tracking_code: shipment.trackingNumber, carrier_name: shipment.carrier.toLowerCase() },
    });
    return { shipmentId: shipmentIn(body, shipment.trackingNumber) ?? shipment.trackingNumber, existed: false };
  } catch (error) {
    if (!isConnectorError(error, 'OutcomeUnknown')) throw error;
    const made = shipmentIn(await getReceipt(client, orderId, signal), shipment.trackingNumber);
    if (made === null) throw error;
    return { shipmentId: made, existed: false };
  }
}
