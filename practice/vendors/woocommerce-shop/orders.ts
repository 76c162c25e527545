import { z } from 'zod';
import { refundsOf, sellersPart, type Sale } from '../../world/index.ts';
import type { Route, VendorRequest, VendorResponse } from '../host.ts';
import { captureOfSale, chargeOfSale, isThroughPaypal } from '../payments/shop-charges.ts';
import { cents, CHANNEL, decimal, gmt, refuse, type Shop } from './shop.ts';

const changeSchema = z.looseObject({ status: z.enum(['processing', 'completed', 'cancelled', 'on-hold']).optional(), meta_data: z.array(z.looseObject({ key: z.string(), value: z.unknown() })).optional() });
const noteSchema = z.looseObject({ note: z.string().min(1), customer_note: z.boolean().default(false) });
const refundSchema = z.looseObject({ amount: z.string().regex(/^\d+(\.\d{1,2})?$/), reason: z.string().default(''), api_refund: z.boolean().default(true), api_restock: z.boolean().default(true) });

/** Refunds that nobody asked for here (a card's issuer, a buyer who cancelled) have a number of their own. */
const wholeId = (sale: Sale) => Number(sale.id) * 10 + 9;

const changedAt = (shop: Shop, sale: Sale) => Math.max(sale.changedAt, shop.about(sale.id).modifiedAt);

function statusOf(shop: Shop, sale: Sale): string {
  if (shop.about(sale.id).cancelled) return 'cancelled';
  if (refundsOf(sale).reduce((total, { minor }) => total + minor, 0) >= sellersPart(sale)) return 'refunded';
  return sale.shippedAt === null ? 'processing' : 'completed';
}

function orderBody(shop: Shop, sale: Sale) {
  const about = shop.about(sale.id);
  const [first = '', ...rest] = sale.shipTo.name.split(' ');
  const to = { first_name: first, last_name: rest.join(' '), company: '', address_1: sale.shipTo.line1, address_2: sale.shipTo.line2, city: sale.shipTo.city, state: sale.shipTo.state, postcode: sale.shipTo.postalCode, country: sale.shipTo.country };
  const paypal = isThroughPaypal(shop.world, sale.id);
  const goods = decimal(sale.unitMinor * sale.quantity);
  return {
    id: Number(sale.id), number: sale.id, status: statusOf(shop, sale), currency: 'USD', date_created_gmt: gmt(sale.createdAt), date_modified_gmt: gmt(changedAt(shop, sale)), date_paid_gmt: gmt(sale.createdAt),
    date_completed_gmt: sale.shippedAt === null ? null : gmt(sale.shippedAt), discount_total: '0.00', shipping_total: decimal(sale.shippingMinor), shipping_tax: '0.00', total: decimal(sellersPart(sale)), total_tax: '0.00', customer_note: '', payment_method: paypal ? 'ppcp-gateway' : 'stripe', transaction_id: paypal ? captureOfSale(sale) : chargeOfSale(sale), tax_lines: [],
    billing: { ...to, email: sale.shipTo.email, phone: sale.shipTo.phone }, shipping: to,
    line_items: [{ id: Number(sale.lineItemId), name: shop.world.catalog.byId(sale.productId).title, product_id: Number(shop.world.listing(sale.listingId)?.vendorRef ?? 0), variation_id: 0, quantity: sale.quantity, subtotal: goods, total: goods, total_tax: '0.00', sku: sale.sku, price: sale.unitMinor / 100 }],
    refunds: refundsOf(sale).map(({ minor, reference }) => ({ id: reference === null ? wholeId(sale) : Number(reference), reason: about.refunds.find(({ id }) => String(id) === reference)?.reason ?? '', total: `-${decimal(minor)}` })),
    meta_data: [...(paypal ? [] : [{ id: Number(sale.id) * 10, key: '_stripe_fee', value: decimal(sale.feeMinor - sale.feeCreditMinor) }]), ...about.meta.map((entry, n) => ({ id: Number(sale.id) * 10 + 1 + n, ...entry }))],
  };
}

function list(shop: Shop, { query }: VendorRequest): VendorResponse {
  const [size, page] = [Math.min(100, Number(query.get('per_page') ?? 10)), Number(query.get('page') ?? 1)];
  // Whole seconds, as the shop writes them; neither end counts.
  const secondOf = (name: string, otherwise: number) => (query.has(name) ? Date.parse(`${query.get(name)}Z`) : otherwise);
  const [after, before] = [secondOf('modified_after', Number.NEGATIVE_INFINITY), secondOf('modified_before', Number.POSITIVE_INFINITY)];
  const all = shop.world.sales(CHANNEL).filter((sale) => {
    const second = Math.floor(changedAt(shop, sale) / 1_000) * 1_000;
    return second > after && second < before;
  });
  return { status: 200, headers: { 'x-wp-total': String(all.length), 'x-wp-totalpages': String(Math.ceil(all.length / size)) }, body: all.slice((page - 1) * size, page * size).map((sale) => orderBody(shop, sale)) };
}

function change(shop: Shop, request: VendorRequest, sale: Sale): VendorResponse {
  const fields = changeSchema.safeParse(request.json());
  if (!fields.success) return refuse(400, 'rest_invalid_param', 'Invalid parameter(s): status');
  const { status, meta_data: meta = [] } = fields.data;
  // WooCommerce lets a merchant set any state; what the state does not do by itself, it does not do.
  if (status === 'completed' && sale.status === 'paid') {
    shop.world.actions.shipSale(sale.id, { carrier: 'shop', number: `WC${sale.id}` });
    shop.done.shipments += 1;
  }
  if (status === 'cancelled' && sale.status === 'paid') shop.world.actions.cancelSale(sale.id);
  const kept = shop.about(sale.id).meta.filter((entry) => !meta.some((given) => given.key === entry.key));
  shop.note(sale.id, { meta: [...kept, ...meta.map(({ key, value }) => ({ key, value }))], ...(status === 'cancelled' ? { cancelled: true } : {}) }, request.at);
  return { status: 200, body: orderBody(shop, sale) };
}

function refund(shop: Shop, request: VendorRequest, sale: Sale): VendorResponse {
  const wanted = refundSchema.safeParse(request.json());
  if (!wanted.success) return refuse(400, 'rest_invalid_param', 'Invalid parameter(s): amount');
  const id = shop.nextId();
  const made = shop.world.actions.giveBack(sale.id, { reference: String(id), minor: cents(wanted.data.amount) });
  if (!made.ok) return refuse(400, 'woocommerce_rest_invalid_order_refund', 'Refund amount must be greater than zero and no more than what is left.');
  shop.note(sale.id, { refunds: [...shop.about(sale.id).refunds, { id, reason: wanted.data.reason }] }, request.at);
  shop.done.refundsMade += 1;
  return { status: 201, body: { id, amount: wanted.data.amount, reason: wanted.data.reason, refunded_payment: wanted.data.api_refund } };
}

function addNote(shop: Shop, request: VendorRequest, sale: Sale): VendorResponse {
  const wanted = noteSchema.safeParse(request.json());
  if (!wanted.success) return refuse(400, 'rest_missing_callback_param', 'Missing parameter(s): note');
  const note = { id: shop.nextId(), note: wanted.data.note, customer_note: wanted.data.customer_note };
  shop.note(sale.id, { notes: [...shop.about(sale.id).notes, note] }, request.at);
  shop.done.notesWritten += 1;
  return { status: 201, body: note };
}

export function orderRoutes(shop: Shop, base: string): Route[] {
  const withSale = (handle: (request: VendorRequest, sale: Sale) => VendorResponse) => (request: VendorRequest) => {
    const sale = shop.world.sale(request.params['id']!);
    return sale?.channel === CHANNEL ? handle(request, sale) : refuse(404, 'woocommerce_rest_shop_order_invalid_id', 'Invalid ID.');
  };
  return [
    { method: 'GET', pattern: `${base}/orders`, name: 'listOrders', handle: (request) => list(shop, request) },
    { method: 'GET', pattern: `${base}/orders/{id}`, name: 'getOrder', handle: withSale((_request, sale) => ({ status: 200, body: orderBody(shop, sale) })) },
    { method: 'PUT', pattern: `${base}/orders/{id}`, name: 'updateOrder', handle: withSale((request, sale) => change(shop, request, sale)) },
    { method: 'POST', pattern: `${base}/orders/{id}/refunds`, name: 'createRefund', handle: withSale((request, sale) => refund(shop, request, sale)) },
    { method: 'GET', pattern: `${base}/orders/{id}/notes`, name: 'listNotes', handle: withSale((_request, sale) => ({ status: 200, body: shop.about(sale.id).notes })) },
    { method: 'POST', pattern: `${base}/orders/{id}/notes`, name: 'createNote', handle: withSale((request, sale) => addNote(shop, request, sale)) },
  ];
}
