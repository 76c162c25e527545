import type { CancelState, ChannelBuyer, ChannelOrder, ChannelOrderLine, FulfilmentState, PaymentState } from '#engine/orders/ports.ts';
import { add, money, multiply, negate, sum, zero, type Money } from '#kernel/money.ts';
import { moneyFromText } from '../../http/index.ts';
import type { OrderMoney } from './finances.ts';
import type { SpMoney, SpOrder, SpOrderItem } from './schema.ts';
import { StrangeOrder } from './strange-order.ts';

/** FulfillmentStatus of Orders 2026-01-01. A pending order is not paid for: Amazon withholds where it goes, and may still drop it. */
const STATES: Readonly<Record<string, { readonly payment: PaymentState; readonly fulfilment: FulfilmentState; readonly cancel: CancelState }>> = {
  PENDING_AVAILABILITY: { payment: 'pending', fulfilment: 'not-started', cancel: 'none' }, PENDING: { payment: 'pending', fulfilment: 'not-started', cancel: 'none' },
  UNSHIPPED: { payment: 'paid', fulfilment: 'not-started', cancel: 'none' }, PARTIALLY_SHIPPED: { payment: 'paid', fulfilment: 'in-progress', cancel: 'none' },
  SHIPPED: { payment: 'paid', fulfilment: 'fulfilled', cancel: 'none' }, CANCELLED: { payment: 'paid', fulfilment: 'not-started', cancel: 'cancelled' },
};
/** Their sum is what the seller gets for a line before fees; tax stands apart. */
const GOODS = new Set(['ITEM']);
const DELIVERY = new Set(['SHIPPING', 'GIFT_WRAP', 'COD_FEE', 'OTHER']);

function amount(given: SpMoney, field: string): Money {
  const read = moneyFromText(given.amount, given.currencyCode);
  if (!read) throw new StrangeOrder(`${field}: ${given.amount} ${given.currencyCode} is no amount`);
  return read;
}

function partOf(item: SpOrderItem, types: ReadonlySet<string>, currency: string): Money {
  return sum((item.proceeds?.breakdowns ?? []).filter((entry) => types.has(entry.type)).map((entry) => amount(entry.subtotal, `proceeds ${entry.type}`)), currency);
}

/** What a line brought. Where no proceeds are stated (a pending or cancelled order), the price of a unit tells; where that is missing too, nothing is made up. */
function goods(item: SpOrderItem, currency: string, cancelled: boolean): Money {
  if ((item.proceeds?.breakdowns ?? []).some((entry) => GOODS.has(entry.type))) return partOf(item, GOODS, currency);
  const unit = item.product.price?.unitPrice;
  if (unit) return multiply(amount(unit, 'unitPrice'), Math.max(1, item.quantityOrdered));
  if (cancelled) return zero(currency);
  throw new StrangeOrder(`orderItems: ${item.orderItemId} states no amount`);
}

/** Amazon collects and remits sales tax as marketplace facilitator; elsewhere it passes through the seller's account. */
const byAmazon = (item: SpOrderItem) => (item.tax?.taxCollections ?? []).some((entry) => entry.model === 'MARKETPLACE_FACILITATOR');

function readLine(item: SpOrderItem, given: { readonly currency: string; readonly cancelled: boolean; readonly shipBy: number | undefined; readonly fulfilment: FulfilmentState }): ChannelOrderLine {
  const { currency, cancelled } = given;
  const price = goods(item, currency, cancelled);
  const shipping = partOf(item, DELIVERY, currency);
  const stated = partOf(item, new Set(['DISCOUNT']), currency);
  // stated as what it takes off
  const discount = stated.minor < 0 ? negate(stated) : stated;
  const allTax = partOf(item, new Set(['TAX']), currency);
  const [tax, collected] = byAmazon(item) ? [zero(currency), allTax] : [allTax, zero(currency)];
  const left = item.fulfillment?.quantityUnfulfilled;
  const done = item.fulfillment?.quantityFulfilled;
  return {
    lineId: item.orderItemId, sku: item.product.sellerSku, listingId: item.product.asin, title: item.product.title ?? item.product.asin ?? item.orderItemId,
    // a cancelled line may count none; its units are those that we booked
    quantity: Math.max(1, item.quantityOrdered), price, shipping, discount, tax, taxCollectedByChannel: collected, total: add(add(add(price, shipping), negate(discount)), tax),
    fulfilment: left === 0 && (done ?? 0) > 0 ? 'fulfilled' : (done ?? 0) > 0 ? 'in-progress' : given.fulfilment === 'fulfilled' ? 'fulfilled' : 'not-started', ...(given.shipBy === undefined ? {} : { shipBy: given.shipBy }),
  };
}

function readBuyer(order: SpOrder): ChannelBuyer {
  const to = order.recipient?.deliveryAddress;
  return {
    name: to?.name ?? order.buyer?.buyerName, email: order.buyer?.buyerEmail, phone: to?.phone, addressLines: [to?.addressLine1, to?.addressLine2, to?.addressLine3].filter((line): line is string => !!line),
    city: to?.city, stateOrProvince: to?.stateOrRegion, postalCode: to?.postalCode, country: to?.countryCode,
  };
}

/** An order of Amazon's in the desk's terms; what the account's transactions say of it (fee, refunds, claims) stands in `moved`. @throws StrangeOrder */
export function readOrder(order: SpOrder, given: { readonly currency: string; readonly moved: OrderMoney | null }): ChannelOrder {
  const status = order.fulfillment?.fulfillmentStatus ?? '';
  const state = STATES[status];
  if (!state) throw new StrangeOrder(`fulfillmentStatus: unknown state ${status || 'none'}`);
  const until = Date.parse(order.fulfillment?.shipByWindow?.latestDateTime ?? '');
  const { currency, moved } = given;
  const lines = order.orderItems.map((item) => readLine(item, { currency, cancelled: state.cancel === 'cancelled', fulfilment: state.fulfilment, shipBy: Number.isNaN(until) ? undefined : until }));
  const total = sum(lines.map((line) => line.total), currency);
  const refunded = sum((moved?.refunds ?? []).map((refund) => refund.amount), currency);
  const asked = order.orderItems.some((item) => item.cancellation?.cancellationRequest);
  const payment: PaymentState = state.payment !== 'paid' || refunded.minor === 0 ? state.payment : refunded.minor >= total.minor ? 'refunded' : 'partly-refunded';
  return {
    orderId: order.orderId, createdAt: Date.parse(order.createdTime), modifiedAt: Math.max(Date.parse(order.lastUpdatedTime), moved?.at ?? 0), payment, fulfilment: state.fulfilment,
    cancel: state.cancel === 'none' && asked ? 'requested' : state.cancel, currency, lines, total, ...(state.cancel === 'cancelled' ? { marketplaceFee: money(0, currency) } : moved?.fee ? { marketplaceFee: moved.fee } : {}), ...(moved && moved.feeParts.length > 0 ? { feeParts: moved.feeParts } : {}),
    refunds: moved?.refunds ?? [], ...(moved && moved.claims.length > 0 ? { claims: moved.claims } : {}), ...(order.fulfillment?.fulfilledBy === 'AMAZON' ? { sentByChannel: true } : {}), buyer: readBuyer(order),
  };
}
