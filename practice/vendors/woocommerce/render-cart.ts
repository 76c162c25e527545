import { hash32 } from '#kernel/random.ts';
import type { Outlet, ShopOrder } from '../../world/types.ts';
import type { Cart, ShopAddress } from './keep-cart.ts';
import { currencyFields, FIRST_PRODUCT_ID, imagesOf, priceFields, shopMinor, type ShownOffer, wpText } from './render-product.ts';

export function itemKey(number: number): string {
  const part = (salt: string) => hash32(`${salt}:${number}`).toString(16).padStart(8, '0');
  return part('a') + part('b') + part('c') + part('d');
}

function lineTotals(outlet: Outlet, minor: number) {
  const total = shopMinor(outlet, minor);
  return { line_subtotal: total, line_subtotal_tax: '0', line_total: total, line_total_tax: '0', ...currencyFields(outlet) };
}

function renderItem(shown: ShownOffer, line: { quantity: number; unitMinor: number }) {
  const { offer, outlet } = shown;
  const prices = priceFields(shown);
  const unit = shopMinor(outlet, line.unitMinor);
  const fine = (text: string) => text + '0'.repeat(6 - currencyFields(outlet).currency_minor_unit);
  return {
    key: itemKey(offer.number), id: FIRST_PRODUCT_ID + offer.number, type: 'simple', quantity: line.quantity, quantity_limits: { minimum: 1, maximum: shown.state.shownStock ?? 9_999, multiple_of: 1, editable: true }, name: wpText(offer.title), short_description: '',
    description: `<p>${wpText(offer.description)}</p>\n`, sku: offer.sku, low_stock_remaining: null, backorders_allowed: false, show_backorder_badge: false, sold_individually: false, permalink: `${shown.baseUrl}/product/${offer.slug}/`, images: imagesOf(shown),
    variation: [], item_data: [], prices: { ...prices, price: unit, sale_price: unit, raw_prices: { precision: 6, price: fine(unit), regular_price: fine(prices.regular_price), sale_price: fine(unit) } }, totals: lineTotals(outlet, line.unitMinor * line.quantity),
    catalog_visibility: 'visible', extensions: {},
  };
}

export interface CartLine {
  readonly shown: ShownOffer;
  readonly quantity: number;
}

export function shippingOf(outlet: Outlet, itemsMinor: number): number {
  return outlet.freeShippingFromMinor !== null && itemsMinor >= outlet.freeShippingFromMinor ? 0 : outlet.shippingMinor;
}

const totalOf = (lines: readonly CartLine[]) => lines.reduce((total, { shown, quantity }) => total + (shown.state.priceMinor ?? 0) * quantity, 0);

function shippingRates(outlet: Outlet, lines: readonly CartLine[]) {
  const price = shopMinor(outlet, shippingOf(outlet, totalOf(lines)));
  return [{
    package_id: 0, name: 'Shipment 1', destination: {}, items: lines.map(({ shown, quantity }) => ({ key: itemKey(shown.offer.number), name: wpText(shown.offer.title), quantity })),
    shipping_rates: [{ rate_id: 'flat_rate:1', name: price === '0' ? 'Free shipping' : 'Flat rate', description: '', delivery_time: '', price, taxes: '0', instance_id: 1, method_id: 'flat_rate', meta_data: [], selected: true, ...currencyFields(outlet) }],
  }];
}

/** A cart as `GET wc/store/v1/cart` gives it. */
export function renderCart(outlet: Outlet, cart: Cart, content: { lines: readonly CartLine[]; errors: readonly { code: string; message: string }[] }) {
  const { lines, errors } = content;
  const itemsMinor = totalOf(lines);
  const shippingMinor = lines.length === 0 ? 0 : shippingOf(outlet, itemsMinor);
  return {
    coupons: [], shipping_rates: lines.length === 0 ? [] : shippingRates(outlet, lines), shipping_address: withoutEmail(cart.shipping), billing_address: { ...withoutEmail(cart.billing), email: cart.billing.email ?? '' },
    items: lines.map(({ shown, quantity }) => renderItem(shown, { quantity, unitMinor: shown.state.priceMinor ?? 0 })), items_count: lines.reduce((n, line) => n + line.quantity, 0), items_weight: 0, cross_sells: [], needs_payment: lines.length > 0, needs_shipping: lines.length > 0,
    has_calculated_shipping: cart.shipping.country !== '', fees: [],
    totals: {
      total_items: shopMinor(outlet, itemsMinor), total_items_tax: '0', total_fees: '0', total_fees_tax: '0', total_discount: '0', total_discount_tax: '0', total_shipping: shopMinor(outlet, shippingMinor), total_shipping_tax: '0',
      total_price: shopMinor(outlet, itemsMinor + shippingMinor), total_tax: '0', tax_lines: [], ...currencyFields(outlet),
    },
    errors, payment_methods: PAYMENT_METHODS, payment_requirements: ['products'], extensions: {},
  };
}

/** Bank transfer and cash on delivery: what a shop offers without a card form. */
export const PAYMENT_METHODS = ['bacs', 'cod'];

export function withoutEmail(address: ShopAddress): Omit<ShopAddress, 'email'> {
  const { email: _email, ...rest } = address;
  return rest;
}

/** An order as `GET wc/store/v1/order/{id}` gives it. */
export function renderOrder(outlet: Outlet, order: ShopOrder, detail: { status: string; items: readonly ShownOffer[]; billing: ShopAddress; shipping: ShopAddress }) {
  const itemsMinor = order.totalMinor - order.shippingMinor;
  return {
    id: order.id, status: detail.status, items: order.lines.map((line, i) => renderItem(detail.items[i]!, line)), coupons: [], fees: [],
    totals: {
      subtotal: shopMinor(outlet, itemsMinor), total_items: shopMinor(outlet, itemsMinor), total_items_tax: '0', total_fees: '0', total_fees_tax: '0', total_discount: '0', total_discount_tax: '0', total_shipping: shopMinor(outlet, order.shippingMinor), total_shipping_tax: '0',
      total_refund: detail.status === 'refunded' ? shopMinor(outlet, order.totalMinor) : '0', total_price: shopMinor(outlet, order.totalMinor), total_tax: '0', tax_lines: [], ...currencyFields(outlet),
    },
    shipping_address: withoutEmail(detail.shipping), billing_address: { ...withoutEmail(detail.billing), email: detail.billing.email ?? '' }, needs_payment: false, needs_shipping: true, payment_requirements: ['products'], errors: [],
  };
}
