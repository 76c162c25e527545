import { ConnectorError } from '#kernel/errors.ts';
import { money, toDecimal, type Money } from '#kernel/money.ts';
import { toIso } from '#kernel/time.ts';
import type { CancelReason, ChannelOrder, ChannelRefundRequest, OrderPage, OrderQuery, Shipment, UnreadableOrder } from '#engine/orders/ports.ts';
import quotas from '../../../../resources/quotas/shopify.json' with { type: 'json' };
import { excerptOf, faultsOf, moneyFromText } from '../../http/index.ts';
import { DOCUMENTS } from './documents.ts';
import { gidOf, isUnknown, numberOfGid, strange } from './products.ts';
import { readOrder, StrangeOrder } from './read-order.ts';
import { orderIdsSchema, orderSchema, outcomeOf, rawOrderSchema, refundedSchema, shipmentsSchema, shippedSchema, type ShopOrder } from './schema.ts';
import { CONNECTOR, keyOf, refuseUserErrors, rejected, type ShopifyClient } from './shopify-client.ts';

interface Call { readonly signal?: AbortSignal | undefined }

const PERSONAL = new Set(['email', 'phone', 'note', 'shippingAddress', 'billingAddress']);
/** A page's orders are read at the same time, as far as the shop's points allow. */
const AT_ONCE = 5;

async function rawOrder(client: ShopifyClient, id: string, { signal }: Call): Promise<unknown> {
  return (await client.ask(DOCUMENTS.order, { variables: { id }, effect: 'read', schema: rawOrderSchema, signal })).order;
}

type Taken = { readonly order: ChannelOrder } | { readonly bad: UnreadableOrder } | null;

function take(raw: unknown, id: string): Taken {
  if (raw === null) return null;
  const fields = typeof raw === 'object' ? (raw as Record<string, unknown>) : {};
  const bad = (reason: string): Taken => ({ bad: { orderId: numberOfGid(id), reason, excerpt: excerptOf(Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, PERSONAL.has(key) ? '[masked]' : value]))) } });
  const parsed = orderSchema.safeParse(raw);
  if (!parsed.success) return bad(faultsOf(parsed.error));
  try {
    return { order: readOrder(parsed.data) };
  } catch (error) {
    if (!(error instanceof StrangeOrder || error instanceof RangeError)) throw error;
    return bad(error.message);
  }
}

/** What cannot be read is asked for once more, in case the answer was damaged. */
async function takeSurely(client: ShopifyClient, id: string, call: Call): Promise<Taken> {
  const first = take(await rawOrder(client, id, call), id);
  return first && 'bad' in first ? take(await rawOrder(client, id, call), id) : first;
}

/** By time of change, oldest first: an order that changes meanwhile comes again at the end, and none is passed over. Each order is read by itself, since a page of whole orders costs more than a query may. */
export async function* readOrders(client: ShopifyClient, query: OrderQuery): AsyncGenerator<OrderPage> {
  const { signal } = query;
  const span = `updated_at:>='${toIso(query.modifiedFrom)}'${query.modifiedUntil === undefined ? '' : ` AND updated_at:<='${toIso(query.modifiedUntil)}'`}`;
  for (let after: string | null = null; ;) {
    const { orders: { nodes, pageInfo } }: { orders: { nodes: { id: string }[]; pageInfo: { hasNextPage: boolean; endCursor?: string | null | undefined } } } = await client.ask(DOCUMENTS.changedOrders, { variables: { query: span, first: quotas.ordersPerPage, after }, effect: 'read', schema: orderIdsSchema, signal });
    const taken: Taken[] = [];
    for (let from = 0; from < nodes.length; from += AT_ONCE) taken.push(...(await Promise.all(nodes.slice(from, from + AT_ONCE).map(({ id }) => takeSurely(client, id, { signal })))));
    const complete = !pageInfo.hasNextPage || !pageInfo.endCursor;
    yield { orders: taken.flatMap((one) => (one && 'order' in one ? [one.order] : [])), unreadable: taken.flatMap((one) => (one && 'bad' in one ? [one.bad] : [])), complete, at: client.options.clock.now() };
    if (complete) return;
    after = pageInfo.endCursor!;
  }
}

const orderGid = (orderId: string) => gidOf('Order', orderId);

export async function readOneOrder(client: ShopifyClient, orderId: string, call: Call): Promise<ChannelOrder | null> {
  const taken = await takeSurely(client, orderGid(orderId), call);
  if (taken && 'bad' in taken) throw strange(DOCUMENTS.order.operation, taken.bad.reason);
  return taken && taken.order;
}

async function needOrder(client: ShopifyClient, orderId: string, call: Call): Promise<ShopOrder> {
  const parsed = orderSchema.nullable().safeParse(await rawOrder(client, orderGid(orderId), call));
  if (!parsed.success) throw strange(DOCUMENTS.order.operation, faultsOf(parsed.error));
  if (parsed.data === null) throw rejected(DOCUMENTS.order.operation, `the shop knows no order ${orderId}`);
  return parsed.data;
}

/** Every part of the order that is still to be sent, and what names the tracking number already. */
async function openParts(client: ShopifyClient, orderId: string, given: Call & { readonly shipment: Shipment }) {
  const { order } = await client.ask(DOCUMENTS.shipments, { variables: { id: orderGid(orderId) }, effect: 'read', schema: shipmentsSchema, signal: given.signal });
  if (!order) throw rejected(DOCUMENTS.shipments.operation, `the shop knows no order ${orderId}`);
  const wanted = new Map(given.shipment.lines.map((line) => [gidOf('LineItem', line.lineId), line.quantity]));
  const parts = order.fulfillmentOrders.nodes.flatMap((part) => {
    const lines = part.lineItems.nodes.flatMap(({ id, remainingQuantity, lineItem }) => {
      const quantity = Math.min(remainingQuantity, wanted.get(lineItem.id) ?? 0);
      wanted.set(lineItem.id, (wanted.get(lineItem.id) ?? 0) - quantity);
      return quantity > 0 ? [{ id, quantity }] : [];
    });
    return lines.length > 0 ? [{ id: part.id, status: part.status, lines }] : [];
  });
  return { parts, made: order.fulfillments.find(({ trackingInfo }) => trackingInfo.some(({ number }) => number === given.shipment.trackingNumber))?.id ?? null };
}

/** A part that is sent has nothing left to send: asked again, only what is still open is reported. Parts at several locations are sent one by one, as the shop wants it. */
export async function markShipped(client: ShopifyClient, orderId: string, given: Call & { readonly shipment: Shipment }): Promise<{ shipmentId: string; existed: boolean }> {
  const { shipment, signal } = given;
  const before = await openParts(client, orderId, given);
  let shipmentId = before.made;
  if (before.made !== null) return { shipmentId: numberOfGid(before.made), existed: true };
  if (before.parts.length === 0) throw rejected(DOCUMENTS.ship.operation, 'nothing of the order is left to send: it was sent or cancelled in the shop');
  for (const part of before.parts) {
    if (part.status === 'ON_HOLD') throw rejected(DOCUMENTS.ship.operation, 'the shop holds the order back: release it there, then report the shipment again');
    const fulfillment = { lineItemsByFulfillmentOrder: [{ fulfillmentOrderId: part.id, fulfillmentOrderLineItems: part.lines }], trackingInfo: { company: shipment.carrier, number: shipment.trackingNumber }, notifyCustomer: true };
    try {
      const { fulfillmentCreate } = await client.ask(DOCUMENTS.ship, { variables: { fulfillment }, effect: 'once', schema: shippedSchema, signal });
      refuseUserErrors(DOCUMENTS.ship.operation, fulfillmentCreate.userErrors);
      shipmentId ??= fulfillmentCreate.fulfillment?.id ?? null;
    } catch (error) {
      if (!isUnknown(error)) throw error;
      const after = await openParts(client, orderId, given);
      if (after.parts.some(({ id }) => id === part.id)) throw error;
      shipmentId ??= after.made;
    }
  }
  return { shipmentId: shipmentId === null ? shipment.trackingNumber : numberOfGid(shipmentId), existed: false };
}

const mark = (reference: string) => `[${reference}]`;

/** @throws ConnectorError Rejected where that much cannot be given back */
function checkRefund(order: ShopOrder, amount: Money): void {
  const read = (text: string) => moneyFromText(text, order.currencyCode)?.minor ?? 0;
  const left = money(read(order.totalPriceSet.shopMoney.amount) - order.refunds.reduce((total, refund) => total + read(refund.totalRefundedSet.shopMoney.amount), 0), order.currencyCode);
  if (amount.currency !== order.currencyCode) throw rejected(DOCUMENTS.refund.operation, `the order is in ${order.currencyCode}, the refund in ${amount.currency}`);
  if (order.presentmentCurrencyCode !== order.currencyCode) throw rejected(DOCUMENTS.refund.operation, `the buyer paid in ${order.presentmentCurrencyCode}: refund it on its page in the shop, which counts the exchange`);
  if (amount.minor > left.minor) throw rejected(DOCUMENTS.refund.operation, `only ${toDecimal(left)} ${left.currency} of the order can still be given back`);
}

/** Money back by the way that it came. The note carries our reference, and the key stands for it: neither a repeat nor two at once give twice. */
export async function refundOrder(client: ShopifyClient, orderId: string, given: Call & { readonly refund: ChannelRefundRequest }): Promise<{ refundId: string; existed: boolean }> {
  const { refund: { reference, amount, message }, signal } = given;
  const order = await needOrder(client, orderId, { signal });
  const standing = (of: ShopOrder) => of.refunds.find((made) => made.note?.includes(mark(reference)));
  const before = standing(order);
  if (before) return { refundId: numberOfGid(before.id), existed: true };
  checkRefund(order, amount);
  const paid = order.transactions.find(({ kind, status }) => status === 'SUCCESS' && (kind === 'SALE' || kind === 'CAPTURE'));
  if (!paid?.gateway) throw rejected(DOCUMENTS.refund.operation, 'the order names no payment that money can go back by: refund it on its page in the shop');
  const input = { orderId: order.id, note: `${message} ${mark(reference)}`.trim(), notify: true, transactions: [{ orderId: order.id, parentId: paid.id, gateway: paid.gateway, kind: 'REFUND', amount: toDecimal(amount) }] };
  try {
    const { refundCreate } = await client.ask(DOCUMENTS.refund, { variables: { input, key: keyOf(`${order.id}:${reference}`) }, effect: 'once', schema: refundedSchema, signal });
    refuseUserErrors(DOCUMENTS.refund.operation, refundCreate.userErrors);
    if (!refundCreate.refund) throw new ConnectorError({ kind: 'OutcomeUnknown', connector: CONNECTOR, operation: DOCUMENTS.refund.operation, message: 'the shop names no refund' });
    return { refundId: numberOfGid(refundCreate.refund.id), existed: false };
  } catch (error) {
    if (!isUnknown(error)) throw error;
    const made = standing(await needOrder(client, orderId, { signal }));
    if (!made) throw error;
    return { refundId: numberOfGid(made.id), existed: false };
  }
}

/** The shop gives the money back and tells the buyer; it does so a moment later, and shows it when it has. */
export async function cancelOrder(client: ShopifyClient, orderId: string, given: Call & { readonly reason: CancelReason; readonly message: string }): Promise<{ existed: boolean }> {
  const { reason, message, signal } = given;
  const before = await needOrder(client, orderId, { signal });
  if (before.cancelledAt !== null) return { existed: true };
  const variables = { orderId: before.id, reason: reason === 'out-of-stock' ? 'INVENTORY' : 'OTHER', note: message.slice(0, 255) };
  try {
    refuseUserErrors(DOCUMENTS.cancel.operation, await client.ask(DOCUMENTS.cancel, { variables, effect: 'once', schema: outcomeOf('orderCancel', 'orderCancelUserErrors'), signal }));
  } catch (error) {
    if (!isUnknown(error) || (await needOrder(client, orderId, { signal })).cancelledAt === null) throw error;
  }
  return { existed: false };
}
