import { isConnectorError } from '#kernel/errors.ts';
import { negate } from '#kernel/money.ts';
import { toIso } from '#kernel/time.ts';
import type { ChannelOrder, ChannelTransaction, OrderPage, OrderQuery, Shipment, UnreadableOrder } from '#engine/orders/ports.ts';
import quotas from '../../../../resources/quotas/ebay.json' with { type: 'json' };
import { excerptOf, faultsOf } from '../../http/index.ts';
import { orDrift, readAmount, StrangeAmount } from './amounts.ts';
import type { EbayClient } from './ebay-client.ts';
import { readOrder } from './read-order.ts';
import { nothingSchema, orderPageSchema, orderSchema, shipmentsSchema, transactionsSchema } from './schema.ts';

/** Personal parts of an order, which no excerpt may carry. */
const PERSONAL = new Set(['buyer', 'fulfillmentStartInstructions', 'buyerCheckoutNotes']);

function unreadable(raw: unknown, reason: string): UnreadableOrder {
  const fields = typeof raw === 'object' && raw !== null ? (raw as Record<string, unknown>) : {};
  const shown = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, PERSONAL.has(name) ? '[masked]' : value]));
  const orderId = fields['orderId'];
  return { ...(typeof orderId === 'string' ? { orderId } : {}), reason, excerpt: excerptOf(shown) };
}

function take(raw: unknown, into: { orders: ChannelOrder[]; unreadable: UnreadableOrder[] }): void {
  const parsed = orderSchema.safeParse(raw);
  if (!parsed.success) {
    into.unreadable.push(unreadable(raw, faultsOf(parsed.error)));
    return;
  }
  try {
    into.orders.push(readOrder(parsed.data));
  } catch (error) {
    if (!(error instanceof StrangeAmount || error instanceof RangeError)) throw error;
    into.unreadable.push(unreadable(raw, error.message));
  }
}

const range = (from: number, until: number | undefined) => `[${toIso(from)}..${until === undefined ? '' : toIso(until)}]`;

/** Times that a listing is read from its start again because it changed while it was being paged through. */
const MOST_RESTARTS = 3;

/**
 * `getOrders` by modification time. Pages are by offset, so an order that changes meanwhile could push another across a page's edge unseen:
 * when the total changes, paging starts again. Orders then come twice, which readers bear.
 */
export async function* readOrders(client: EbayClient, query: OrderQuery): AsyncGenerator<OrderPage> {
  let restarts = 0;
  let total: number | null = null;
  for (let offset = 0; ; ) {
    const page = await readSurePage(client, query, offset);
    if (total !== null && page.total !== total && restarts < MOST_RESTARTS) {
      restarts += 1;
      total = null;
      offset = 0;
      continue;
    }
    total = page.total;
    offset += page.count;
    const complete = page.count === 0 || offset >= total;
    yield { orders: page.orders, unreadable: page.unreadable, complete, at: client.options.clock.now() };
    if (complete) return;
  }
}

interface ReadPage {
  readonly orders: ChannelOrder[];
  readonly unreadable: UnreadableOrder[];
  readonly count: number;
  readonly total: number;
}

async function readPage(client: EbayClient, query: OrderQuery, offset: number): Promise<ReadPage> {
  const { body } = await client.send('sellFulfillment', {
    operation: 'read orders', method: 'GET', path: '/sell/fulfillment/v1/order', effect: 'read', schema: orderPageSchema, signal: query.signal,
    query: { filter: `lastmodifieddate:${range(query.modifiedFrom, query.modifiedUntil)}`, limit: quotas.ordersPerCall, offset },
  });
  const page: ReadPage = { orders: [], unreadable: [], count: body.orders.length, total: body.total };
  for (const raw of body.orders) take(raw, page);
  return page;
}

/** Entries that cannot be read, or lack what a paid order of this program has: its SKU and its fee. Both may be so, yet rarely are. */
function doubtsIn(page: ReadPage): number {
  const doubtful = page.orders.filter((order) => order.lines.some((line) => line.sku === undefined) || (order.payment !== 'pending' && order.marketplaceFee === undefined));
  return page.unreadable.length + doubtful.length;
}

/** A doubtful page is asked for once more, in case eBay's answer was damaged; the better of the two counts. */
async function readSurePage(client: EbayClient, query: OrderQuery, offset: number): Promise<ReadPage> {
  const first = await readPage(client, query, offset);
  const doubts = doubtsIn(first);
  if (doubts === 0) return first;
  const second = await readPage(client, query, offset);
  return doubtsIn(second) <= doubts ? second : first;
}

const orderPath = (orderId: string, rest = '') => `/sell/fulfillment/v1/order/${encodeURIComponent(orderId)}${rest}`;

export async function readOneOrder(client: EbayClient, orderId: string, signal?: AbortSignal): Promise<ChannelOrder | null> {
  const operation = 'read order';
  const body = await client.sendOrNull('sellFulfillment', { operation, method: 'GET', path: orderPath(orderId), effect: 'read', schema: orderSchema, signal });
  return body ? orDrift(operation, () => readOrder(body)) : null;
}

async function findShipment(client: EbayClient, orderId: string, given: { readonly shipment: Shipment; readonly signal?: AbortSignal | undefined }): Promise<string | null> {
  const { body } = await client.send('sellFulfillment', { operation: 'read shipments', method: 'GET', path: orderPath(orderId, '/shipping_fulfillment'), effect: 'read', schema: shipmentsSchema, signal: given.signal });
  const wanted = given.shipment.lines.map((line) => line.lineId);
  const same = body.fulfillments.find((entry) => entry.shipmentTrackingNumber === given.shipment.trackingNumber && (entry.lineItems ?? []).some((line) => wanted.includes(line.lineItemId)));
  return same?.fulfillmentId ?? null;
}

export async function markShipped(client: EbayClient, orderId: string, given: { readonly shipment: Shipment; readonly signal?: AbortSignal | undefined }): Promise<{ shipmentId: string; existed: boolean }> {
  const standing = await findShipment(client, orderId, given);
  if (standing) return { shipmentId: standing, existed: true };
  const { shipment, signal } = given;
  try {
    const { headers } = await client.send('sellFulfillment', {
      operation: 'report shipment', method: 'POST', path: orderPath(orderId, '/shipping_fulfillment'), effect: 'once', schema: nothingSchema, body: 'none', signal,
      json: {
        lineItems: shipment.lines.map((line) => ({ lineItemId: line.lineId, quantity: line.quantity })),
        shippedDate: toIso(shipment.shippedAt), shippingCarrierCode: shipment.carrier, trackingNumber: shipment.trackingNumber,
      },
    });
    const named = /\/shipping_fulfillment\/([^/?]+)/.exec(headers['location'] ?? '')?.[1];
    const shipmentId = named ?? (await findShipment(client, orderId, given)) ?? shipment.trackingNumber;
    return { shipmentId, existed: false };
  } catch (error) {
    if (!isConnectorError(error, 'OutcomeUnknown')) throw error;
    const made = await findShipment(client, orderId, given);
    if (!made) throw error;
    return { shipmentId: made, existed: false };
  }
}

/** `getTransactions` of the Finances API. eBay writes amounts without a sign and says the direction beside them. */
export async function* readTransactions(client: EbayClient, query: OrderQuery): AsyncGenerator<ChannelTransaction[]> {
  const operation = 'read transactions';
  for (let offset = 0; ; ) {
    const { body } = await client.send('sellFinances', {
      operation, method: 'GET', path: '/sell/finances/v1/transaction', effect: 'read', schema: transactionsSchema.nullable(), signal: query.signal,
      query: { filter: `transactionDate:${range(query.modifiedFrom, query.modifiedUntil)}`, limit: 200, offset },
    });
    const listed = body?.transactions ?? [];
    if (listed.length > 0) {
      yield orDrift(operation, () => listed.map((entry): ChannelTransaction => {
        const amount = readAmount(entry.amount, 'amount');
        return {
          transactionId: entry.transactionId, kind: entry.transactionType, orderId: entry.orderId ?? undefined, amount: entry.bookingEntry === 'DEBIT' ? negate(amount) : amount,
          fee: entry.totalFeeAmount ? readAmount(entry.totalFeeAmount, 'totalFeeAmount') : undefined, at: Date.parse(entry.transactionDate), memo: entry.transactionMemo ?? undefined,
        };
      }));
    }
    offset += listed.length;
    if (listed.length === 0 || offset >= (body?.total ?? 0)) return;
  }
}
