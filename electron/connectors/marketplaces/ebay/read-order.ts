import { add, negate, subtract, sum, zero, type Money } from '#kernel/money.ts';
import type { CancelState, ChannelBuyer, ChannelOrder, ChannelOrderLine, ChannelRefund, FulfilmentState, PaymentState } from '#engine/orders/ports.ts';
import { readAmount, StrangeAmount } from './amounts.ts';
import type { EbayAmount, EbayLine, EbayOrder } from './schema.ts';

const PAYMENT: Readonly<Record<string, PaymentState>> = { PENDING: 'pending', PAID: 'paid', FAILED: 'failed', PARTIALLY_REFUNDED: 'partly-refunded', FULLY_REFUNDED: 'refunded' };
const FULFILMENT: Readonly<Record<string, FulfilmentState>> = { NOT_STARTED: 'not-started', IN_PROGRESS: 'in-progress', FULFILLED: 'fulfilled' };
const CANCEL: Readonly<Record<string, CancelState>> = { NONE_REQUESTED: 'none', IN_PROGRESS: 'requested', CANCELED: 'cancelled' };

/** A word that eBay's documents do not have: money hangs on these states, so none is guessed. */
function known<T>(table: Readonly<Record<string, T>>, word: string, field: string): T {
  const state = table[word];
  if (state === undefined) throw new StrangeAmount(`${field}: unknown state ${word}`);
  return state;
}

function instant(text: string | null | undefined): number | undefined {
  const at = text ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

function sumOf(list: readonly { readonly amount?: EbayAmount | null | undefined }[] | null | undefined, field: string, currency: string): Money {
  return sum((list ?? []).flatMap((entry) => (entry.amount ? [readAmount(entry.amount, field)] : [])), currency);
}

const readOptional = (amount: EbayAmount | null | undefined, field: string): Money | undefined => (amount ? readAmount(amount, field) : undefined);

function readLine(line: EbayLine, currency: string): ChannelOrderLine {
  const price = readAmount(line.lineItemCost, 'lineItemCost');
  const discounted = line.discountedLineItemCost ? readAmount(line.discountedLineItemCost, 'discountedLineItemCost') : price;
  const shipping = subtract(readAmount(line.deliveryCost.shippingCost, 'shippingCost'), readOptional(line.deliveryCost.discountAmount, 'deliveryCost.discountAmount') ?? zero(currency));
  const tax = sumOf(line.taxes, 'taxes', currency);
  return {
    lineId: line.lineItemId, sku: line.sku ?? undefined, listingId: line.legacyItemId ?? undefined, title: line.title, quantity: line.quantity,
    price, shipping, discount: subtract(price, discounted), tax, taxCollectedByChannel: sumOf(line.ebayCollectAndRemitTaxes, 'ebayCollectAndRemitTaxes', currency),
    total: line.total ? readAmount(line.total, 'total') : add(add(discounted, shipping), tax),
    fulfilment: known(FULFILMENT, line.lineItemFulfillmentStatus, 'lineItemFulfillmentStatus'), shipBy: instant(line.lineItemFulfillmentInstructions?.shipByDate),
  };
}

/** eBay lists a refund with the order, with its line, or with both; the id tells which are the same. */
function readRefunds(order: EbayOrder, currency: string): ChannelRefund[] {
  const refunds = new Map<string, ChannelRefund>();
  for (const [place, refund] of order.paymentSummary.refunds.entries()) {
    if (!refund.amount || refund.refundStatus === 'FAILED') continue;
    const refundId = refund.refundId ?? `${order.orderId}/refund/${place + 1}`;
    refunds.set(refundId, { refundId, amount: readAmount(refund.amount, 'refunds'), at: instant(refund.refundDate), ...(refund.refundStatus === 'PENDING' ? { pending: true } : {}) });
  }
  for (const line of order.lineItems) {
    for (const [place, refund] of (line.refunds ?? []).entries()) {
      if (!refund.amount) continue;
      const refundId = refund.refundId ?? `${order.orderId}/${line.lineItemId}/refund/${place + 1}`;
      refunds.set(refundId, { ...refunds.get(refundId), refundId, amount: readAmount(refund.amount, 'refunds'), at: instant(refund.refundDate), lineId: line.lineItemId });
    }
  }
  return [...refunds.values()].map((refund) => (refund.amount.minor < 0 ? { ...refund, amount: negate(refund.amount) } : refund)).filter((refund) => refund.amount.currency === currency);
}

function readBuyer(order: EbayOrder): ChannelBuyer {
  const shipTo = order.fulfillmentStartInstructions?.find((step) => step.shippingStep?.shipTo)?.shippingStep?.shipTo;
  const address = shipTo?.contactAddress;
  return {
    username: order.buyer?.username ?? undefined, name: shipTo?.fullName ?? undefined, email: shipTo?.email ?? undefined, phone: shipTo?.primaryPhone?.phoneNumber ?? undefined,
    addressLines: [address?.addressLine1, address?.addressLine2].filter((line): line is string => !!line),
    city: address?.city ?? undefined, stateOrProvince: address?.stateOrProvince ?? undefined, postalCode: address?.postalCode ?? undefined, country: address?.countryCode ?? undefined,
  };
}

/** An order of eBay's in the desk's terms. @throws StrangeAmount, RangeError when amounts do not add up across currencies. */
export function readOrder(order: EbayOrder): ChannelOrder {
  const total = readAmount(order.pricingSummary.total, 'pricingSummary.total');
  const { currency } = total;
  return {
    orderId: order.orderId, createdAt: Date.parse(order.creationDate), modifiedAt: Date.parse(order.lastModifiedDate),
    payment: known(PAYMENT, order.orderPaymentStatus, 'orderPaymentStatus'), fulfilment: known(FULFILMENT, order.orderFulfillmentStatus, 'orderFulfillmentStatus'),
    cancel: known(CANCEL, order.cancelStatus.cancelState, 'cancelState'), currency,
    lines: order.lineItems.map((line) => readLine(line, currency)), total,
    marketplaceFee: readOptional(order.totalMarketplaceFee, 'totalMarketplaceFee'), feeBasis: readOptional(order.totalFeeBasisAmount, 'totalFeeBasisAmount'),
    dueSeller: readOptional(order.paymentSummary.totalDueSeller, 'totalDueSeller'), refunds: readRefunds(order, currency), buyer: readBuyer(order),
    note: order.buyerCheckoutNotes ?? undefined,
  };
}
