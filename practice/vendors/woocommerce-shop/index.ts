import type { World } from '../../world/types.ts';
import { createHost, type VendorOptions, type VendorServer } from '../host.ts';
import { mediaRoutes } from './media.ts';
import { orderRoutes } from './orders.ts';
import { productRoutes } from './products.ts';
import { refuse, Shop, type OrderNotes, type Product, type ShopEffect } from './shop.ts';

/** The practice shop's REST key; others are refused. */
export const PRACTICE_WOOCOMMERCE_SHOP = { consumerKey: 'ck_practice', consumerSecret: 'cs_practice', wordpressUser: 'practice', wordpressPassword: 'abcd efgh ijkl mnop' } as const;

const BASE = '/wp-json/wc/v3';

export interface WooCommerceShopVendor extends VendorServer {
  effects(): Readonly<Record<ShopEffect, number>>;
  product(sku: string): Product | undefined;
  about(orderId: string): OrderNotes;
}

/** The reseller's own WooCommerce shop, by its REST interface (wc/v3). The shops that one buys from are `../woocommerce`. */
export function createWooCommerceShopVendor(world: World, options: VendorOptions = {}): WooCommerceShopVendor {
  const shop = new Shop(world);
  const expected = `Basic ${Buffer.from(`${PRACTICE_WOOCOMMERCE_SHOP.consumerKey}:${PRACTICE_WOOCOMMERCE_SHOP.consumerSecret}`).toString('base64')}`;
  const uploader = `Basic ${Buffer.from(`${PRACTICE_WOOCOMMERCE_SHOP.wordpressUser}:${PRACTICE_WOOCOMMERCE_SHOP.wordpressPassword}`).toString('base64')}`;
  const host = createHost({
    name: 'woocommerce', world, errorBody: (status, message) => ({ status, body: { code: 'internal_server_error', message, data: { status } } }),
    routes: [...productRoutes(shop, BASE), ...orderRoutes(shop, BASE), ...mediaRoutes(shop), { method: 'GET', pattern: `${BASE}/data/currencies/current`, name: 'currentCurrency', handle: () => ({ status: 200, body: { code: 'USD', name: 'United States (US) dollar', symbol: '&#36;' } }) }],
    before: (request, { name }) => (request.header('authorization') === (name.endsWith('Media') ? uploader : expected) ? null : refuse(401, 'woocommerce_rest_cannot_view', 'Sorry, you cannot list resources.')),
  }, options);
  return Object.assign(host, { effects: () => ({ ...shop.done }), product: (sku: string) => shop.bySku(sku), about: (orderId: string) => shop.about(orderId) });
}
