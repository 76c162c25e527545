import { z } from 'zod';
import { toIso, type Instant } from '#kernel/time.ts';
import { refundsOf, sellersPart, type Sale } from '../../world/index.ts';
import { connectionOf, type Args, type Resolver } from '../graphql/execute-document.ts';
import { bag, cents, CHANNEL, decimal, gid, idIn, type Shop } from './shop.ts';

const refuse = (message: string, field: readonly string[] = []) => [{ field, message }];
const usd = (minor: number) => ({ amount: decimal(minor), currencyCode: 'USD' });
const refunded = (sale: Sale) => refundsOf(sale).reduce((total, { minor }) => total + minor, 0);

function addressOf({ shipTo }: Sale) {
  return { name: shipTo.name, address1: shipTo.line1, address2: shipTo.line2 || null, city: shipTo.city, provinceCode: shipTo.state, zip: shipTo.postalCode, countryCodeV2: shipTo.country, phone: shipTo.phone };
}

function refundViews(shop: Shop, sale: Sale) {
  return refundsOf(sale).map(({ at, minor, reference }) => ({ id: gid('Refund', reference ?? `${sale.id}9`), createdAt: toIso(at), note: reference === null ? null : shop.noteOfRefund(reference), totalRefundedSet: bag(minor) }));
}

function transactionsOf(sale: Sale) {
  const paid = { id: gid('OrderTransaction', `${sale.id}3`), kind: 'SALE', status: 'SUCCESS', gateway: 'shopify_payments', amountSet: bag(sellersPart(sale)), fees: [{ id: gid('TransactionFee', `${sale.id}3`), amount: usd(sale.feeMinor - sale.feeCreditMinor) }] };
  return [paid, ...refundsOf(sale).map(({ minor }, n) => ({ id: gid('OrderTransaction', `${sale.id}4${n}`), kind: 'REFUND', status: 'SUCCESS', gateway: 'shopify_payments', amountSet: bag(minor), fees: [] }))];
}

function orderView(shop: Shop, sale: Sale) {
  const goods = sale.unitMinor * sale.quantity;
  const [back, whole] = [refunded(sale), sellersPart(sale)];
  const open = sale.status === 'paid' ? sale.quantity : 0;
  const handle = shop.product(shop.world.listing(sale.listingId)?.vendorRef ?? '')?.handle;
  const lineId = gid('LineItem', sale.lineItemId);
  const line = {
    id: lineId, title: shop.world.catalog.byId(sale.productId).title, sku: sale.sku, quantity: sale.quantity, unfulfilledQuantity: sale.shippedAt === null ? sale.quantity : 0, originalTotalSet: bag(goods), discountedTotalSet: bag(goods), taxLines: [], product: handle === undefined ? null : { handle },
  };
  return {
    id: gid('Order', sale.id), name: `#${sale.id.slice(-4)}`, createdAt: toIso(sale.createdAt), updatedAt: toIso(sale.changedAt), cancelledAt: sale.cancelledAt === null ? null : toIso(sale.cancelledAt), test: false, note: null, email: sale.shipTo.email, phone: null, currencyCode: 'USD', presentmentCurrencyCode: 'USD',
    taxesIncluded: false, displayFinancialStatus: back >= whole ? 'REFUNDED' : back > 0 ? 'PARTIALLY_REFUNDED' : 'PAID', displayFulfillmentStatus: sale.shippedAt === null ? 'UNFULFILLED' : 'FULFILLED',
    totalPriceSet: bag(whole), totalShippingPriceSet: bag(sale.shippingMinor), totalTaxSet: bag(0), taxLines: [], shippingAddress: addressOf(sale), billingAddress: addressOf(sale),
    lineItems: (args: Args) => connectionOf([line], args, ({ id }) => id), refunds: () => refundViews(shop, sale), transactions: () => transactionsOf(sale),
    fulfillments: () => (sale.tracking ? [{ id: gid('Fulfillment', `${sale.id}2`), status: 'SUCCESS', trackingInfo: () => [{ company: sale.tracking!.carrier, number: sale.tracking!.number, url: null }] }] : []),
    fulfillmentOrders: (args: Args) => connectionOf([{
      id: gid('FulfillmentOrder', `${sale.id}1`), status: sale.shippedAt !== null ? 'CLOSED' : sale.status === 'paid' ? 'OPEN' : 'CANCELLED',
      lineItems: (inner: Args) => connectionOf([{ id: gid('FulfillmentOrderLineItem', `${sale.id}1`), remainingQuantity: open, totalQuantity: sale.quantity, lineItem: { id: lineId } }], inner, ({ id }) => id),
    }], args, ({ id }) => id),
  };
}

/** `updated_at:>='…'`, `updated_at:<='…'`, joined by AND. */
function spanOf(query: unknown): { readonly from: Instant; readonly to: Instant } {
  const at = (sign: string) => Date.parse(new RegExp(`updated_at:${sign}'([^']+)'`).exec(String(query ?? ''))?.[1] ?? '');
  const [from, to] = [at('>='), at('<=')];
  return { from: Number.isNaN(from) ? 0 : from, to: Number.isNaN(to) ? Number.MAX_SAFE_INTEGER : to };
}

/** Where an order stands in the list: by its last change. */
const place = (sale: Sale) => `${toIso(sale.changedAt)} ${sale.id}`;
const saleIn = (shop: Shop, id: unknown): Sale | null => {
  const sale = shop.world.sale(idIn(id));
  return sale?.channel === CHANNEL ? sale : null;
};

const shipInput = z.strictObject({
  lineItemsByFulfillmentOrder: z.array(z.strictObject({ fulfillmentOrderId: z.string(), fulfillmentOrderLineItems: z.array(z.strictObject({ id: z.string(), quantity: z.int().positive() })).min(1) })).length(1),
  trackingInfo: z.strictObject({ company: z.string(), number: z.string().min(1) }), notifyCustomer: z.boolean(),
});
const notShipped = (message: string) => ({ fulfillment: null, userErrors: refuse(message, ['fulfillment']) });
function ship(shop: Shop, { fulfillment }: Args): unknown {
  const parsed = shipInput.safeParse(fulfillment);
  if (!parsed.success) return notShipped(parsed.error.issues[0]!.message);
  const [{ fulfillmentOrderId, fulfillmentOrderLineItems: [line] }] = parsed.data.lineItemsByFulfillmentOrder as [z.infer<typeof shipInput>['lineItemsByFulfillmentOrder'][number]];
  const sale = saleIn(shop, idIn(fulfillmentOrderId).slice(0, -1));
  if (!sale || sale.status !== 'paid') return notShipped('Fulfillment order is closed or does not exist.');
  if (line!.quantity !== sale.quantity) return notShipped('Invalid fulfillment order line item quantity requested.');
  const { company, number } = parsed.data.trackingInfo;
  shop.world.actions.shipSale(sale.id, { carrier: company, number });
  shop.done.shipments += 1;
  return { fulfillment: { id: gid('Fulfillment', `${sale.id}2`), status: 'SUCCESS' }, userErrors: [] };
}

const refundInput = z.strictObject({
  orderId: z.string(), note: z.string(), notify: z.boolean(),
  transactions: z.array(z.strictObject({ orderId: z.string(), parentId: z.string(), gateway: z.string(), kind: z.literal('REFUND'), amount: z.string().regex(/^\d+(\.\d{1,2})?$/) })).length(1),
});
const notRefunded = (message: string) => ({ order: null, refund: null, userErrors: refuse(message, ['input']) });
function refund(shop: Shop, { input }: Args): unknown {
  const parsed = refundInput.safeParse(input);
  if (!parsed.success) return notRefunded(parsed.error.issues[0]!.message);
  const sale = saleIn(shop, parsed.data.orderId);
  if (!sale || parsed.data.transactions[0]!.parentId !== gid('OrderTransaction', `${sale.id}3`)) return notRefunded('Order or parent transaction does not exist');
  const id = shop.nextId();
  const minor = cents(parsed.data.transactions[0]!.amount);
  const made = shop.world.actions.giveBack(sale.id, { reference: id, minor });
  if (!made.ok) return notRefunded('Refund amount is more than what can be refunded');
  shop.keepRefund(id, parsed.data.note);
  shop.done.refundsMade += 1;
  return { refund: { id: gid('Refund', id) }, userErrors: [] };
}

const notCancelled = (message: string, code: string) => ({ job: null, orderCancelUserErrors: [{ field: ['orderId'], message, code }] });
function cancel(shop: Shop, { orderId, restock, refundMethod }: Args): unknown {
  const sale = saleIn(shop, orderId);
  if (!sale) return notCancelled('Order does not exist', 'NOT_FOUND');
  if (sale.status === 'cancelled') return notCancelled('Order has already been cancelled', 'INVALID');
  if (sale.status !== 'paid' || restock !== false || (refundMethod as { originalPaymentMethodsRefund?: boolean } | undefined)?.originalPaymentMethodsRefund !== true) return notCancelled('Cannot cancel order with outstanding fulfillments', 'INVALID');
  shop.world.actions.cancelSale(sale.id);
  shop.done.cancellations += 1;
  return { job: { id: gid('Job', shop.nextId()), done: false }, orderCancelUserErrors: [] };
}

/** What can be asked and done about orders. */
export function orderResolvers(shop: Shop): { readonly query: Record<string, Resolver>; readonly mutation: Record<string, Resolver> } {
  return {
    query: {
      order: ({ id }) => {
        const sale = saleIn(shop, id);
        return sale && orderView(shop, sale);
      },
      orders: (args) => {
        const { from, to } = spanOf(args['query']);
        const found = shop.world.sales(CHANNEL).filter((sale) => sale.changedAt >= from && sale.changedAt <= to).toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
        const page = connectionOf(found, args, place);
        return { ...page, nodes: page.nodes.map((sale) => orderView(shop, sale)) };
      },
    },
    mutation: { fulfillmentCreate: (args) => ship(shop, args), refundCreate: (args) => refund(shop, args), orderCancel: (args) => cancel(shop, args) },
  };
}
