import { ConnectorError, isConnectorError } from '#kernel/errors.ts';
import { add, allocate, money, subtract, toDecimal, type Money } from '#kernel/money.ts';
import { toIso } from '#kernel/time.ts';
import type { CancelState, ChannelOrder, ChannelRefundRequest, ChannelTax, FulfilmentState, OrderPage, OrderQuery, PaymentState, Shipment, UnreadableOrder } from '#engine/orders/ports.ts';
import quotas from '../../../../resources/quotas/woocommerce-shop.json' with { type: 'json' };
import { excerptOf, faultsOf, moneyFromText } from '../../http/index.ts';
import { madeSchema, notesSchema, orderPageSchema, orderSchema, type ShopOrder } from './schema.ts';
import { CONNECTOR, type ShopClient } from './shop-client.ts';

const PERSONAL = new Set(['billing', 'shipping', 'customer_note', 'customer_ip_address', 'customer_user_agent', 'meta_data']);
const TRACKING = '_resale_desk_tracking';
/** Where the payment plug-ins of Stripe and of WooCommerce itself write down what they took. Others write nothing that is sure. */
const FEE_FIELDS: ReadonlySet<string> = new Set(['_stripe_fee', '_wcpay_transaction_fee']);

/** WooCommerce's states. One that a plug-in added is not guessed at: the order is shown as unreadable. */
const STATES: Readonly<Record<string, { readonly payment: PaymentState; readonly fulfilment: FulfilmentState; readonly cancel: CancelState }>> = {
  pending: { payment: 'pending', fulfilment: 'not-started', cancel: 'none' }, 'checkout-draft': { payment: 'pending', fulfilment: 'not-started', cancel: 'none' }, 'on-hold': { payment: 'pending', fulfilment: 'not-started', cancel: 'none' },
  processing: { payment: 'paid', fulfilment: 'not-started', cancel: 'none' }, completed: { payment: 'paid', fulfilment: 'fulfilled', cancel: 'none' }, cancelled: { payment: 'paid', fulfilment: 'not-started', cancel: 'cancelled' },
  refunded: { payment: 'refunded', fulfilment: 'not-started', cancel: 'none' }, failed: { payment: 'failed', fulfilment: 'not-started', cancel: 'none' },
};

class Strange extends Error {}

function amountOf(text: string, currency: string, field: string): Money {
  const read = moneyFromText(text, currency);
  if (!read) throw new Strange(`${field}: ${text} ${currency} is no amount`);
  return read;
}

/** What the payment provider took; undefined where its plug-in does not say. */
function feeIn(order: ShopOrder): Money | undefined {
  const written = order.meta_data.find((entry) => FEE_FIELDS.has(entry.key))?.value;
  const text = typeof written === 'number' ? String(written) : written;
  return typeof text === 'string' ? (moneyFromText(text, order.currency) ?? undefined) : undefined;
}

/** Payment plug-ins whose provider has an account of its own here, by the method that they write down. WooPayments pays out by itself and shows its payouts to no other. */
function paidThrough({ payment_method: method, transaction_id: reference }: ShopOrder): ChannelOrder['paidThrough'] {
  if (!method || !reference || /woocommerce_payments/.test(method)) return undefined;
  const provider = /stripe/.test(method) ? 'stripe' : /^ppcp|paypal/.test(method) ? 'paypal' : null;
  return provider ? { provider, reference } : undefined;
}

/** Whom the tax is owed to, as the shop's rates name it: a rate's code begins with country and state (`US-CA-STATE TAX-1`). */
function taxesOf(order: ShopOrder): ChannelTax[] {
  return (order.tax_lines ?? []).map(({ rate_code: code, label, tax_total: goods, shipping_tax_total: shipping }) => {
    const place = /^([A-Z]{2})-(?:([A-Z0-9]{2,3})-)?/.exec(code ?? '');
    const name = [place ? [place[1], place[2]].filter(Boolean).join('-') : '', label ?? ''].filter(Boolean).join(' ');
    return { jurisdiction: name || (code ?? ''), amount: add(amountOf(goods, order.currency, 'tax_total'), amountOf(shipping || '0', order.currency, 'shipping_tax_total')) };
  });
}

export function readOrder(order: ShopOrder): ChannelOrder {
  const state = STATES[order.status];
  if (!state) throw new Strange(`status: ${order.status} is not one of WooCommerce's own`);
  const { currency } = order;
  const of = (text: string, field: string) => amountOf(text, currency, field);
  const units = order.line_items.map((line) => line.quantity);
  const [shipping, shippingTax] = [allocate(of(order.shipping_total, 'shipping_total'), units), allocate(of(order.shipping_tax, 'shipping_tax'), units)];
  const lines = order.line_items.map((line, index) => {
    const [price, paid, tax] = [of(line.subtotal, 'subtotal'), of(line.total, 'total'), add(of(line.total_tax, 'total_tax'), shippingTax[index]!)];
    return {
      lineId: String(line.id), ...(line.sku ? { sku: line.sku } : {}), ...(line.product_id ? { listingId: String(line.product_id) } : {}), title: line.name, quantity: line.quantity, price, shipping: shipping[index]!,
      discount: subtract(price, paid), tax, taxCollectedByChannel: money(0, currency), total: add(add(paid, shipping[index]!), tax), fulfilment: state.fulfilment,
    };
  });
  const to = order.shipping?.address_1 ? order.shipping : order.billing;
  const name = [to?.first_name, to?.last_name].filter(Boolean).join(' ');
  const refunds = order.refunds.map((refund) => ({ refundId: String(refund.id), amount: money(Math.abs(of(refund.total, 'refunds.total').minor), currency) }));
  const fee = feeIn(order);
  const [through, taxes] = [paidThrough(order), taxesOf(order)];
  return {
    ...(fee ? { marketplaceFee: fee } : {}), ...(through ? { paidThrough: through } : {}), ...(taxes.length > 0 ? { taxes } : {}),
    orderId: String(order.id), createdAt: order.date_created_gmt, modifiedAt: order.date_modified_gmt, ...state, payment: state.cancel === 'cancelled' && !order.date_paid_gmt ? 'pending' : state.payment === 'paid' && refunds.length > 0 ? 'partly-refunded' : state.payment,
    currency, lines, total: of(order.total, 'total'), refunds,
    buyer: {
      ...(name ? { name } : {}), ...(order.billing?.email ? { email: order.billing.email } : {}), ...(order.billing?.phone ? { phone: order.billing.phone } : {}), addressLines: [to?.address_1, to?.address_2].filter((line): line is string => Boolean(line)),
      ...(to?.city ? { city: to.city } : {}), ...(to?.state ? { stateOrProvince: to.state } : {}), ...(to?.postcode ? { postalCode: to.postcode } : {}), ...(to?.country ? { country: to.country } : {}),
    },
    ...(order.customer_note ? { note: order.customer_note } : {}),
  };
}

function take(raw: unknown, into: { readonly orders: ChannelOrder[]; readonly unreadable: UnreadableOrder[] }): void {
  const fields = typeof raw === 'object' && raw !== null ? (raw as Record<string, unknown>) : {};
  const bad = (reason: string) => into.unreadable.push({ ...(typeof fields['id'] === 'number' ? { orderId: String(fields['id']) } : {}), reason, excerpt: excerptOf(Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, PERSONAL.has(key) ? '[masked]' : value]))) });
  const parsed = orderSchema.safeParse(raw);
  if (!parsed.success) return void bad(faultsOf(parsed.error));
  try {
    into.orders.push(readOrder(parsed.data));
  } catch (error) {
    if (!(error instanceof Strange || error instanceof RangeError)) throw error;
    bad(error.message);
  }
}

/** By time of change, oldest id first: an order that changes meanwhile keeps its place, and one that is new comes last. */
export async function* readOrders(client: ShopClient, query: OrderQuery): AsyncGenerator<OrderPage> {
  for (let page = 1; ; page++) {
    const { body } = await client.send({
      operation: 'read orders', method: 'GET', path: '/orders', effect: 'read', schema: orderPageSchema, signal: query.signal,
      query: { modified_after: toIso(query.modifiedFrom).slice(0, 19), ...(query.modifiedUntil === undefined ? {} : { modified_before: toIso(query.modifiedUntil).slice(0, 19) }), dates_are_gmt: true, orderby: 'id', order: 'asc', per_page: quotas.ordersPerCall, page },
    });
    const read = { orders: [] as ChannelOrder[], unreadable: [] as UnreadableOrder[] };
    for (const raw of body) take(raw, read);
    const complete = body.length < quotas.ordersPerCall;
    yield { ...read, complete, at: client.options.clock.now() };
    if (complete) return;
  }
}

const pathOf = (orderId: string, rest = '') => `/orders/${encodeURIComponent(orderId)}${rest}`;

async function fetchOrder(client: ShopClient, orderId: string, signal?: AbortSignal): Promise<ShopOrder | null> {
  return client.sendOrNull({ operation: 'read order', method: 'GET', path: pathOf(orderId), effect: 'read', schema: orderSchema, signal });
}

async function needOrder(client: ShopClient, orderId: string, signal?: AbortSignal): Promise<ShopOrder> {
  const order = await fetchOrder(client, orderId, signal);
  if (!order) throw new ConnectorError({ kind: 'Rejected', connector: CONNECTOR, operation: 'read order', message: `the shop knows no order ${orderId}` });
  return order;
}

export async function readOneOrder(client: ShopClient, orderId: string, signal?: AbortSignal): Promise<ChannelOrder | null> {
  const order = await fetchOrder(client, orderId, signal);
  try {
    return order && readOrder(order);
  } catch (error) {
    if (!(error instanceof Strange || error instanceof RangeError)) throw error;
    throw new ConnectorError({ kind: 'Critical', connector: CONNECTOR, operation: 'read order', message: error.message }, error);
  }
}

/** Tells the customer once: a note with the same words is not written again. */
async function tellCustomer(client: ShopClient, orderId: string, given: { readonly note: string; readonly signal?: AbortSignal | undefined }): Promise<void> {
  const told = async () => (await client.send({ operation: 'read notes', method: 'GET', path: pathOf(orderId, '/notes'), effect: 'read', schema: notesSchema, signal: given.signal })).body.some((entry) => entry.customer_note && entry.note.includes(given.note));
  if (await told()) return;
  try {
    await client.send({ operation: 'tell customer', method: 'POST', path: pathOf(orderId, '/notes'), json: { note: given.note, customer_note: true }, effect: 'once', schema: madeSchema, signal: given.signal });
  } catch (error) {
    if (!isConnectorError(error, 'OutcomeUnknown') || !(await told())) throw error;
  }
}

export async function markShipped(client: ShopClient, orderId: string, given: { readonly shipment: Shipment; readonly signal?: AbortSignal | undefined }): Promise<{ shipmentId: string; existed: boolean }> {
  const { shipment, signal } = given;
  const order = await needOrder(client, orderId, signal);
  const existed = order.status === 'completed' && order.meta_data.some((entry) => entry.key === TRACKING && entry.value === shipment.trackingNumber);
  if (!existed) await client.send({ operation: 'complete order', method: 'PUT', path: pathOf(orderId), json: { status: 'completed', meta_data: [{ key: TRACKING, value: shipment.trackingNumber }] }, effect: 'idempotent', schema: orderSchema, signal });
  await tellCustomer(client, orderId, { note: `Sent with ${shipment.carrier}, tracking number ${shipment.trackingNumber}.`, signal });
  return { shipmentId: shipment.trackingNumber, existed };
}

/** Stands at the end of a refund's reason, so that it is found again. */
const mark = (reference: string) => `[${reference}]`;

function leftToRefund(order: ShopOrder): Money {
  return order.refunds.reduce((left, refund) => money(left.minor - Math.abs(amountOf(refund.total, order.currency, 'refunds.total').minor), order.currency), amountOf(order.total, order.currency, 'total'));
}

/** Money back through the order's payment method. Stock stays as we set it: what comes back is counted here. */
export async function refundOrder(client: ShopClient, orderId: string, given: { readonly refund: ChannelRefundRequest; readonly signal?: AbortSignal | undefined }): Promise<{ refundId: string; existed: boolean }> {
  const { refund: { reference, amount, message }, signal } = given;
  const order = await needOrder(client, orderId, signal);
  const standing = (of: ShopOrder) => of.refunds.find((made) => made.reason?.includes(mark(reference)));
  const before = standing(order);
  if (before) return { refundId: String(before.id), existed: true };
  if (amount.currency !== order.currency) throw new ConnectorError({ kind: 'Rejected', connector: CONNECTOR, operation: 'refund order', message: `the order is in ${order.currency}, the refund in ${amount.currency}` });
  const left = leftToRefund(order);
  if (amount.minor > left.minor) throw new ConnectorError({ kind: 'Rejected', connector: CONNECTOR, operation: 'refund order', message: `only ${toDecimal(left)} ${left.currency} of the order can still be given back` });
  try {
    const { body } = await client.send({ operation: 'refund order', method: 'POST', path: pathOf(orderId, '/refunds'), json: { amount: toDecimal(amount), reason: `${message} ${mark(reference)}`.trim(), api_refund: true, api_restock: false }, effect: 'once', schema: madeSchema, signal });
    return { refundId: String(body.id), existed: false };
  } catch (error) {
    if (!isConnectorError(error, 'OutcomeUnknown')) throw error;
    const made = standing(await needOrder(client, orderId, signal));
    if (!made) throw error;
    return { refundId: String(made.id), existed: false };
  }
}

const GIVEN_UP: ReadonlySet<string> = new Set(['cancelled', 'refunded']);
const CANCEL_REFERENCE = 'cancelled';

/** A paid order is given back in full through its payment method, which makes it `refunded`; any other is `cancelled`. The customer is told first, so that no refund comes unexplained. */
export async function cancelOrder(client: ShopClient, orderId: string, given: { readonly message: string; readonly signal?: AbortSignal | undefined }): Promise<{ existed: boolean }> {
  const { message, signal } = given;
  const order = await needOrder(client, orderId, signal);
  if (GIVEN_UP.has(order.status)) return { existed: true };
  await tellCustomer(client, orderId, { note: message, signal });
  const left = leftToRefund(order);
  if (order.status !== 'processing' || left.minor === 0) {
    await client.send({ operation: 'cancel order', method: 'PUT', path: pathOf(orderId), json: { status: 'cancelled' }, effect: 'idempotent', schema: orderSchema, signal });
    return { existed: false };
  }
  const { existed } = await refundOrder(client, orderId, { refund: { reference: CANCEL_REFERENCE, amount: left, message: 'out of stock' }, signal });
  return { existed };
}
