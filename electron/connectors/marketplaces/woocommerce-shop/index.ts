import { ConnectorError } from '#kernel/errors.ts';
import type { Money } from '#kernel/money.ts';
import type { ListingChannelPort } from '#engine/listings/ports.ts';
import type { OrderSourcePort } from '#engine/orders/ports.ts';
import quotas from '../../../../resources/quotas/woocommerce-shop.json' with { type: 'json' };
import { cancelOrder, markShipped, readOneOrder, readOrders, refundOrder } from './orders.ts';
import { findPicture, placePicture } from './place-picture.ts';
import { changeProduct, findProduct, offerOf, putProduct, readProduct, stockFields } from './products.ts';
import type { ShopProduct } from './schema.ts';
import { CONNECTOR, ShopClient, type OwnShopOptions } from './shop-client.ts';

export type { OwnShopAccount, OwnShopOptions } from './shop-client.ts';

export interface OwnShop extends ListingChannelPort, OrderSourcePort {
  readonly connector: string;
  readonly market: string;
  readonly cancelOrder: NonNullable<OrderSourcePort['cancelOrder']>;
  readonly refundOrder: NonNullable<OrderSourcePort['refundOrder']>;
  /** Two harmless calls: the key may read, and the shop says its currency. */
  check(signal?: AbortSignal): Promise<void>;
  /** To be called when the account has changed: the next call opens the shop anew. */
  forget(): Promise<void>;
  close(): Promise<void>;
}

const refuse = (operation: string, message: string) => new ConnectorError({ kind: 'Rejected', connector: CONNECTOR, operation, message });

/** The user's own WooCommerce shop as a channel. See README.md for what may be repeated and why. */
export function createOwnShop(options: OwnShopOptions): OwnShop {
  const client = new ShopClient(options);
  const need = async (sku: string, operation: string, signal?: AbortSignal): Promise<ShopProduct> => {
    const product = await findProduct(client, sku, { signal });
    if (!product) throw refuse(operation, `the shop has no product ${sku}`);
    return product;
  };
  const terms = async (price: Money, quantity: number, signal?: AbortSignal) => {
    const currency = await client.currency(signal);
    if (currency !== price.currency) throw refuse('set price', `the shop sells in ${currency} and the price is in ${price.currency}: a fee card in ${currency} is needed to list there`);
    return stockFields(price, quantity);
  };
  const change = (operation: string, id: string | number, given: { readonly json: unknown; readonly signal?: AbortSignal | undefined }) => changeProduct(client, id, { operation, ...given });
  return {
    connector: CONNECTOR, market: CONNECTOR,
    limits: { titleCharacters: quotas.titleCharacters, descriptionCharacters: quotas.descriptionCharacters, images: quotas.images, revisionsPerDay: null },
    mayPlacePictures: () => client.mayPlacePictures(),
    replacesPictures: 'always',
    placePicture: (picture, call) => placePicture(client, picture, call?.signal),
    findPicture: (sha256, call) => findPicture(client, sha256, call?.signal),
    putContent: (sku, content, call) => putProduct(client, sku, { content, signal: call?.signal }),
    async ensureOffer(sku, { price, quantity }, call) {
      const product = await need(sku, 'set terms', call?.signal);
      if (product.status === 'publish') return { ...offerOf(product, await client.currency(call?.signal)), existed: true };
      return { ...offerOf(await change('set terms', product.id, { json: await terms(price, quantity, call?.signal), signal: call?.signal }), price.currency), existed: false };
    },
    async publishOffer(offerId, call) {
      if ((await readProduct(client, offerId, call?.signal)).status === 'publish') return { listingId: offerId, existed: true };
      await change('publish product', offerId, { json: { status: 'publish' }, signal: call?.signal });
      return { listingId: offerId, existed: false };
    },
    reviseOffer: async (_sku, offerId, { price, quantity }, call) => void (await change('set price and stock', offerId, { json: await terms(price, quantity, call?.signal), signal: call?.signal })),
    replaceOffer: async (offerId, { price, quantity }, call) => void (await change('set terms', offerId, { json: await terms(price, quantity, call?.signal), signal: call?.signal })),
    async endOffer(offerId, call) {
      if ((await readProduct(client, offerId, call?.signal)).status !== 'publish') return { listingId: offerId, existed: true };
      await change('take product down', offerId, { json: { status: 'draft' }, signal: call?.signal });
      return { listingId: offerId, existed: false };
    },
    async findOffer(sku, call) {
      const product = await findProduct(client, sku, { signal: call?.signal });
      return product && offerOf(product, await client.currency(call?.signal));
    },
    listingUrl: (listingId) => `${client.address}/?p=${encodeURIComponent(listingId)}`,
    orders: (query) => readOrders(client, query),
    order: (orderId, signal) => readOneOrder(client, orderId, signal),
    markShipped: (orderId, shipment, signal) => markShipped(client, orderId, { shipment, signal }),
    orderPage: (orderId) => `${client.address}/wp-admin/post.php?post=${encodeURIComponent(orderId)}&action=edit`,
    cancelOrder: (orderId, { message }, signal) => cancelOrder(client, orderId, { message, signal }),
    refundOrder: (orderId, refund, signal) => refundOrder(client, orderId, { refund, signal }),
    check: async (signal) => {
      await findProduct(client, 'resale-desk-check', { signal });
      await client.currency(signal);
    },
    forget: () => client.forget(),
    close: () => client.close(),
  };
}
