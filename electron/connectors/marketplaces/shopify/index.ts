import type { ListingChannelPort } from '#engine/listings/ports.ts';
import type { OrderSourcePort } from '#engine/orders/ports.ts';
import quotas from '../../../../resources/quotas/shopify.json' with { type: 'json' };
import { readClaims } from './claims.ts';
import { readPayouts } from './payouts.ts';
import { placePicture } from './place-picture.ts';
import { DOCUMENTS } from './documents.ts';
import { cancelOrder, markShipped, readOneOrder, readOrders, refundOrder } from './orders.ts';
import { changeProduct, findProduct, gidOf, isLive, locationOf, needProduct, offerOf, publishProduct, putProduct, setTerms } from './products.ts';
import { productByIdSchema, type ShopProduct } from './schema.ts';
import { CONNECTOR, rejected, ShopifyClient, type ShopifyOptions } from './shopify-client.ts';

export type { ShopifyAccount, ShopifyOptions } from './shopify-client.ts';

export interface Shopify extends ListingChannelPort, OrderSourcePort {
  readonly connector: string;
  readonly market: string;
  readonly cancelOrder: NonNullable<OrderSourcePort['cancelOrder']>;
  readonly refundOrder: NonNullable<OrderSourcePort['refundOrder']>;
  /** Harmless: the token is good, and has every access that selling needs. @throws ConnectorError that names what is missing */
  check(signal?: AbortSignal): Promise<void>;
  /** To be called when the account has changed: the next call opens the shop anew. */
  forget(): Promise<void>;
  close(): Promise<void>;
}

/** Access scopes without which something that this connector does is refused; any of a group will do. */
const NEEDED: readonly (readonly string[])[] = [
  ['write_products'], ['write_inventory'], ['write_orders'], ['write_publications'],
  ['write_merchant_managed_fulfillment_orders', 'write_assigned_fulfillment_orders', 'write_third_party_fulfillment_orders'],
];

/** The user's own Shopify shop as a channel. See README.md for what may be repeated and why. */
export function createShopify(options: ShopifyOptions): Shopify {
  const client = new ShopifyClient(options);
  const byId = async (offerId: string, operation: string, signal?: AbortSignal): Promise<ShopProduct> => {
    const { product } = await client.ask(DOCUMENTS.product, { variables: { id: gidOf('Product', offerId), location: await locationOf(client, { signal }) }, effect: 'read', schema: productByIdSchema, signal });
    if (!product) throw rejected(operation, `the shop has no product ${offerId}`);
    return product;
  };
  return {
    connector: CONNECTOR, market: CONNECTOR,
    limits: { titleCharacters: quotas.titleCharacters, descriptionCharacters: quotas.descriptionCharacters, images: quotas.images, revisionsPerDay: null },
    replacesPictures: 'when-changed',
    placePicture: (picture, call) => placePicture(client, picture, call?.signal),
    putContent: (sku, content, call) => putProduct(client, sku, { content, signal: call?.signal }),
    async ensureOffer(sku, { price, quantity }, call) {
      const { signal } = call ?? {};
      const product = await needProduct(client, sku, { operation: 'set terms', signal });
      const { currency } = await client.shop(signal);
      if (isLive(product)) return { ...offerOf(product, currency), existed: true };
      await setTerms(client, sku, { product, price, quantity, signal });
      return { ...offerOf(product, currency), price, quantity, existed: false };
    },
    async publishOffer(offerId, call) {
      const product = await byId(offerId, 'publish product', call?.signal);
      if (isLive(product)) return { listingId: product.handle, existed: true };
      await publishProduct(client, product.id, { signal: call?.signal });
      return { listingId: product.handle, existed: false };
    },
    reviseOffer: async (sku, offerId, { price, quantity }, call) => setTerms(client, sku, { product: await byId(offerId, 'set price and stock', call?.signal), price, quantity, signal: call?.signal }),
    async replaceOffer(offerId, { price, quantity }, call) {
      const product = await byId(offerId, 'set terms', call?.signal);
      await setTerms(client, product.variants.nodes[0]?.sku ?? '', { product, price, quantity, signal: call?.signal });
    },
    async endOffer(offerId, call) {
      const product = await byId(offerId, 'take product down', call?.signal);
      if (!isLive(product)) return { listingId: product.handle, existed: true };
      await changeProduct(client, { id: product.id, status: 'DRAFT' }, { signal: call?.signal });
      return { listingId: product.handle, existed: false };
    },
    async findOffer(sku, call) {
      const product = await findProduct(client, sku, { signal: call?.signal });
      return product && offerOf(product, (await client.shop(call?.signal)).currency);
    },
    listingUrl: (listingId) => `${client.url}/products/${encodeURIComponent(listingId)}`,
    orders: (query) => readOrders(client, query),
    order: (orderId, signal) => readOneOrder(client, orderId, { signal }),
    markShipped: (orderId, shipment, signal) => markShipped(client, orderId, { shipment, signal }),
    payouts: (query) => readPayouts(client, query),
    claims: (query) => readClaims(client, query),
    orderPage: (orderId) => `${client.url}/admin/orders/${encodeURIComponent(orderId)}`,
    cancelOrder: (orderId, { reason, message }, signal) => cancelOrder(client, orderId, { reason, message, signal }),
    refundOrder: (orderId, refund, signal) => refundOrder(client, orderId, { refund, signal }),
    async check(signal) {
      const { scopes } = await client.shop(signal);
      const missing = NEEDED.filter((group) => !group.some((scope) => scopes.includes(scope))).map(([first]) => first!);
      if (missing.length > 0) throw rejected('check access', `the app lacks access that selling needs: ${[...new Set(missing)].join(', ')}`);
    },
    forget: () => client.forget(),
    close: () => client.forget(),
  };
}
