import { allocate, money, subtract, sum, type Money } from '#kernel/money.ts';
import type { ChannelOrder, ChannelOrderLine, ChannelTax, FulfilmentState, PaymentState } from '#engine/orders/ports.ts';
import { moneyFromText } from '../../http/index.ts';
import { numberOfGid } from './products.ts';
import type { ShopOrder } from './schema.ts';

/** What cannot be said of an order without guessing. */
export class StrangeOrder extends Error {}

/** Money that is only held, or that is missing in part, is not there yet. */
const PAYMENT: Readonly<Record<string, PaymentState>> = {
  PENDING: 'pending', AUTHORIZED: 'pending', EXPIRED: 'failed', PARTIALLY_PAID: 'pending', PAID: 'paid', PARTIALLY_REFUNDED: 'partly-refunded', REFUNDED: 'refunded', VOIDED: 'failed',
};
const FULFILMENT: Readonly<Record<string, FulfilmentState>> = {
  FULFILLED: 'fulfilled', PARTIALLY_FULFILLED: 'in-progress', IN_PROGRESS: 'in-progress', UNFULFILLED: 'not-started', OPEN: 'not-started', ON_HOLD: 'not-started', SCHEDULED: 'not-started', PENDING_FULFILLMENT: 'not-started', RESTOCKED: 'not-started', REQUEST_DECLINED: 'not-started',
};

interface Bag {
  readonly shopMoney: { readonly amount: string; readonly currencyCode: string };
}

function amountOf({ shopMoney }: Bag, currency: string, field: string): Money {
  const read = shopMoney.currencyCode === currency ? moneyFromText(shopMoney.amount, currency) : null;
  if (!read) throw new StrangeOrder(`${field}: ${shopMoney.amount} ${shopMoney.currencyCode} is no amount of an order in ${currency}`);
  return read;
}

/** What the payment provider took, where it is Shopify's own and says so. */
function feeOf(order: ShopOrder): Money | undefined {
  const fees = order.transactions.filter(({ status }) => status === 'SUCCESS').flatMap((transaction) => transaction.fees);
  if (fees.length === 0 || fees.some(({ amount }) => amount.currencyCode !== order.currencyCode)) return undefined;
  return sum(fees.map(({ amount }) => amountOf({ shopMoney: amount }, order.currencyCode, 'fees')), order.currencyCode);
}

function linesOf(order: ShopOrder): ChannelOrderLine[] {
  const { currencyCode: currency, lineItems: { nodes } } = order;
  const lineTaxes = nodes.map((line) => line.taxLines.map((tax) => ({ amount: amountOf(tax.priceSet, currency, 'taxLines'), byChannel: tax.channelLiable === true })));
  const whole = order.totalTaxSet ? amountOf(order.totalTaxSet, currency, 'totalTaxSet') : money(0, currency);
  const shippingTax = money(Math.max(0, whole.minor - lineTaxes.flat().reduce((total, { amount }) => total + amount.minor, 0)), currency);
  const byChannel = order.taxLines.reduce((total, tax) => total + (tax.channelLiable === true ? amountOf(tax.priceSet, currency, 'taxLines').minor : 0), 0);
  // what the channel remits beyond the lines' own is of shipping
  const remitted = Math.min(shippingTax.minor, Math.max(0, byChannel - lineTaxes.flat().reduce((total, tax) => total + (tax.byChannel ? tax.amount.minor : 0), 0)));
  const weights = nodes.map((line) => line.quantity);
  const [shipping, taxOnShipping, ofChannel] = [allocate(amountOf(order.totalShippingPriceSet, currency, 'totalShippingPriceSet'), weights), allocate(shippingTax, weights), allocate(money(remitted, currency), weights)];
  return nodes.map((line, index) => {
    const of = (remits: boolean) => money(lineTaxes[index]!.reduce((total, tax) => total + (tax.byChannel === remits ? tax.amount.minor : 0), 0), currency);
    const [tax, taxCollectedByChannel] = [money(of(false).minor + taxOnShipping[index]!.minor - ofChannel[index]!.minor, currency), money(of(true).minor + ofChannel[index]!.minor, currency)];
    const [original, paid] = [amountOf(line.originalTotalSet, currency, 'originalTotalSet'), amountOf(line.discountedTotalSet, currency, 'discountedTotalSet')];
    // Where prices hold the tax, it is taken out: what passes through is not the seller's.
    const inGoods = order.taxesIncluded ? of(false).minor + of(true).minor : 0;
    const inShipping = order.taxesIncluded ? taxOnShipping[index]!.minor : 0;
    const [price, carried] = [money(original.minor - inGoods, currency), money(shipping[index]!.minor - inShipping, currency)];
    const discount = subtract(original, paid);
    return {
      lineId: numberOfGid(line.id), ...(line.sku ? { sku: line.sku } : {}), ...(line.product ? { listingId: line.product.handle } : {}), title: line.title, quantity: line.quantity, price, shipping: carried, discount, tax, taxCollectedByChannel,
      total: money(price.minor + carried.minor - discount.minor + tax.minor, currency), fulfilment: line.unfulfilledQuantity === 0 ? 'fulfilled' : line.unfulfilledQuantity < line.quantity ? 'in-progress' : 'not-started',
    };
  });
}

/** Whom the tax is owed to: the place that it was sent to, and the tax's own name. What the channel remits is not among it. */
function taxesOf(order: ShopOrder): ChannelTax[] {
  const to = order.shippingAddress ?? order.billingAddress;
  const place = [to?.countryCodeV2, to?.provinceCode].filter(Boolean).join('-');
  return order.taxLines.filter(({ channelLiable }) => channelLiable !== true).map(({ title, priceSet }) => ({ jurisdiction: [place, title].filter(Boolean).join(' '), amount: amountOf(priceSet, order.currencyCode, 'taxLines') }));
}

function buyerOf(order: ShopOrder): ChannelOrder['buyer'] {
  const to = order.shippingAddress ?? order.billingAddress;
  const phone = order.phone ?? to?.phone;
  return {
    ...(to?.name ? { name: to.name } : {}), ...(order.email ? { email: order.email } : {}), ...(phone ? { phone } : {}), addressLines: [to?.address1, to?.address2].filter((line): line is string => Boolean(line)),
    ...(to?.city ? { city: to.city } : {}), ...(to?.provinceCode ? { stateOrProvince: to.provinceCode } : {}), ...(to?.zip ? { postalCode: to.zip } : {}), ...(to?.countryCodeV2 ? { country: to.countryCodeV2 } : {}),
  };
}

/** @throws StrangeOrder, RangeError for what cannot be read as an order of goods for money */
export function readOrder(order: ShopOrder): ChannelOrder {
  const payment = PAYMENT[order.displayFinancialStatus ?? 'PENDING'];
  const fulfilment = FULFILMENT[order.displayFulfillmentStatus];
  if (!payment) throw new StrangeOrder(`displayFinancialStatus: ${order.displayFinancialStatus} is not known`);
  if (!fulfilment) throw new StrangeOrder(`displayFulfillmentStatus: ${order.displayFulfillmentStatus} is not known`);
  if (order.test) throw new StrangeOrder('test: a test order, whose money is not real; nothing is booked');
  if (order.lineItems.pageInfo.hasNextPage) throw new StrangeOrder('lineItems: more than 50 lines, which are not read');
  const currency = order.currencyCode;
  const fee = feeOf(order);
  const taxes = taxesOf(order);
  const refunds = order.refunds.map((refund) => ({ refundId: numberOfGid(refund.id), amount: amountOf(refund.totalRefundedSet, currency, 'totalRefundedSet'), ...(refund.createdAt === null ? {} : { at: refund.createdAt }) }));
  return {
    orderId: numberOfGid(order.id), createdAt: order.createdAt, modifiedAt: order.updatedAt, payment, fulfilment, cancel: order.cancelledAt === null ? 'none' : 'cancelled', currency, lines: linesOf(order), total: amountOf(order.totalPriceSet, currency, 'totalPriceSet'),
    ...(fee ? { marketplaceFee: fee } : {}), ...(taxes.length > 0 ? { taxes } : {}), refunds: refunds.filter(({ amount }) => amount.minor > 0), buyer: buyerOf(order), ...(order.note ? { note: order.note } : {}),
  };
}
