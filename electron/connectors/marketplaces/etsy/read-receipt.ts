import type { CancelState, ChannelOrder, ChannelOrderLine, ChannelRefund, PaymentState } from '#engine/orders/ports.ts';
import { add, allocate, multiply, subtract, sum, zero, type Money } from '#kernel/money.ts';
import { SECOND_MS } from '#kernel/time.ts';
import { readAmount, StrangeAmount } from './amounts.ts';
import type { EtsyReceipt } from './schema.ts';
import { fromEtsySku } from './short-sku.ts';

const STATES: Readonly<Record<string, { readonly payment: PaymentState; readonly cancel: CancelState }>> = {
  open: { payment: 'pending', cancel: 'none' }, 'payment processing': { payment: 'pending', cancel: 'none' }, paid: { payment: 'paid', cancel: 'none' }, completed: { payment: 'paid', cancel: 'none' },
  canceled: { payment: 'paid', cancel: 'cancelled' }, 'fully refunded': { payment: 'refunded', cancel: 'none' }, 'partially refunded': { payment: 'partly-refunded', cancel: 'none' },
};

const at = (seconds: number) => seconds * SECOND_MS;

function refundsOf(receipt: EtsyReceipt): ChannelRefund[] {
  return (receipt.refunds ?? []).flatMap((refund, place): ChannelRefund[] => {
    const amount = readAmount(refund.amount, 'refunds');
    // Etsy gives a refund no id: its place is one, for none is ever taken back out of the list
    return amount.minor > 0 && !/fail/i.test(refund.status ?? '') ? [{ refundId: `${receipt.receipt_id}/refund/${place + 1}`, amount, at: at(refund.created_timestamp) }] : [];
  });
}

/**
 * A receipt of Etsy's in the desk's terms. Shipping and discounts are stated for the whole of it and shared out by what the lines cost. Sales tax and VAT count as collected by Etsy, which remits them for most places.
 * @throws StrangeAmount
 */
export function readReceipt(receipt: EtsyReceipt, fee: Money | null): ChannelOrder {
  const state = STATES[receipt.status.toLowerCase()];
  if (!state) throw new StrangeAmount(`status: unknown state ${receipt.status}`);
  const prices = receipt.transactions.map((line) => multiply(readAmount(line.price, 'price'), line.quantity));
  const { currency } = prices[0]!;
  const weights = prices.some((price) => price.minor > 0) ? prices.map((price) => price.minor) : prices.map(() => 1);
  const share = (amount: Money) => allocate(amount, weights);
  const gift = receipt.gift_wrap_price ? readAmount(receipt.gift_wrap_price, 'gift_wrap_price') : zero(currency);
  const shipping = share(add(readAmount(receipt.total_shipping_cost, 'total_shipping_cost'), gift));
  const discount = share(readAmount(receipt.discount_amt, 'discount_amt'));
  const tax = share(add(readAmount(receipt.total_tax_cost, 'total_tax_cost'), readAmount(receipt.total_vat_cost, 'total_vat_cost')));
  const lines = receipt.transactions.map((line, index): ChannelOrderLine => ({
    lineId: String(line.transaction_id), sku: line.sku ? fromEtsySku(line.sku) : undefined, ...(line.listing_id ? { listingId: String(line.listing_id) } : {}), title: line.title ?? '', quantity: line.quantity,
    price: prices[index]!, shipping: shipping[index]!, discount: discount[index]!, tax: zero(currency), taxCollectedByChannel: tax[index]!, total: subtract(add(prices[index]!, shipping[index]!), discount[index]!),
    fulfilment: receipt.is_shipped ? 'fulfilled' : 'not-started', ...(line.expected_ship_date ? { shipBy: at(line.expected_ship_date) } : {}),
  }));
  return {
    orderId: String(receipt.receipt_id), createdAt: at(receipt.created_timestamp), modifiedAt: at(receipt.updated_timestamp), payment: state.payment, fulfilment: receipt.is_shipped ? 'fulfilled' : 'not-started', cancel: state.cancel, currency, lines,
    total: sum(lines.map((line) => line.total), currency), ...(fee ? { marketplaceFee: fee } : {}), refunds: refundsOf(receipt),
    buyer: {
      ...(receipt.buyer_user_id ? { username: String(receipt.buyer_user_id) } : {}), name: receipt.name ?? undefined, email: receipt.buyer_email ?? undefined, addressLines: [receipt.first_line, receipt.second_line].filter((line): line is string => !!line),
      city: receipt.city ?? undefined, stateOrProvince: receipt.state ?? undefined, postalCode: receipt.zip ?? undefined, country: receipt.country_iso ?? undefined,
    },
    note: receipt.message_from_buyer ?? undefined,
  };
}
