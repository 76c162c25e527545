import type { OperationQuota } from '#engine/catalog/ports.ts';
import type { InboundPort } from '#engine/inbound-shipments/ports.ts';
import type { CategoryPort, ListingChannelPort } from '#engine/listings/ports.ts';
import type { OrderSourcePort } from '#engine/orders/ports.ts';
import type { OrderMessagePort } from '#engine/support/ports.ts';
import { MINUTE_MS } from '#kernel/time.ts';
import quotas from '../../../../resources/quotas/amazon-sp-api.json' with { type: 'json' };
import type { SpOperation } from '../../data/amazon-sp-api/sp-client.ts';
import { readCharges, readTransactions } from './finances.ts';
import { createInbound } from './inbound.ts';
import { Listings } from './listings.ts';
import { createOrderMessages } from './messages.ts';
import { markShipped, readOneOrder, readOrders } from './orders.ts';
import { ProductTypes } from './product-types.ts';
import { warehouseUnits } from './warehouse.ts';
import type { SellerAccount } from './seller-account.ts';

/** The page of an ASIN on each site. */
const SITES: Readonly<Record<string, string>> = {
  'amazon-us': 'www.amazon.com', 'amazon-ca': 'www.amazon.ca', 'amazon-mx': 'www.amazon.com.mx', 'amazon-br': 'www.amazon.com.br', 'amazon-uk': 'www.amazon.co.uk', 'amazon-de': 'www.amazon.de', 'amazon-fr': 'www.amazon.fr',
  'amazon-it': 'www.amazon.it', 'amazon-es': 'www.amazon.es', 'amazon-in': 'www.amazon.in', 'amazon-jp': 'www.amazon.co.jp',
};

/** Seller Central of each region's sites. */
const SELLER_CENTRAL: Readonly<Record<string, string>> = {
  'amazon-us': 'sellercentral.amazon.com', 'amazon-ca': 'sellercentral.amazon.ca', 'amazon-mx': 'sellercentral.amazon.com.mx', 'amazon-br': 'sellercentral.amazon.com.br', 'amazon-uk': 'sellercentral.amazon.co.uk',
  'amazon-de': 'sellercentral.amazon.de', 'amazon-fr': 'sellercentral.amazon.fr', 'amazon-it': 'sellercentral.amazon.it', 'amazon-es': 'sellercentral.amazon.es', 'amazon-in': 'sellercentral.amazon.in', 'amazon-jp': 'sellercentral.amazon.co.jp',
};

/** At the rate of `searchOrders` a pass of one page can be had every three minutes; the burst is kept for passes of several. */
const READ_EVERY_MS = 4 * MINUTE_MS;

/** Amazon asks which product it is, and knows no standing terms and no places. */
type AmazonListings = Omit<ListingChannelPort, 'policies' | 'ensureLocation' | 'restrictions'> & Required<Pick<ListingChannelPort, 'restrictions'>>;

export interface AmazonSeller extends AmazonListings, OrderSourcePort {
  readonly connector: string;
  readonly market: string;
  /** Product types, and the catalogue's pages. */
  readonly productTypes: CategoryPort;
  /** What may be written to the buyer of an order. */
  readonly messages: OrderMessagePort;
  /** Stock on its way into Amazon's warehouses. */
  readonly inbound: InboundPort;
  quotaOf(operation: SpOperation): OperationQuota;
}

/** Selling on Amazon: listings, orders, shipments and money movements of one seller who ships by himself. See README.md for what may be repeated and why. */
export function createAmazonSeller(account: SellerAccount): AmazonSeller {
  const { client } = account;
  const productTypes = new ProductTypes(account);
  const listings = new Listings(account, productTypes);
  const { titleCharacters, descriptionCharacters, images } = quotas.listing;
  return {
    connector: client.connector,
    market: client.market,
    productTypes: productTypes.asCategories(),
    messages: createOrderMessages(client),
    inbound: createInbound(client),
    limits: { titleCharacters, descriptionCharacters, images, revisionsPerDay: null },
    putContent: (sku, content, call) => listings.putContent(sku, content, call),
    ensureOffer: (sku, terms, call) => listings.ensure(sku, terms, call),
    publishOffer: (sku, call) => listings.publish(sku, call),
    reviseOffer: (sku, _offerId, change, call) => listings.revise(sku, change, call),
    replaceOffer: (sku, terms, call) => listings.replace(sku, terms, call),
    endOffer: (sku, call) => listings.end(sku, call),
    findOffer: (sku, call) => listings.find(sku, call),
    restrictions: (page, condition, call) => listings.restrictions(page, condition, call),
    warehouseUnits: (skus, call) => warehouseUnits(client, skus, call?.signal),
    listingUrl: (asin) => `https://${SITES[client.market] ?? 'www.amazon.com'}/dp/${encodeURIComponent(asin)}`,
    readEveryMs: READ_EVERY_MS,
    orders: (query) => readOrders(client, query),
    order: (orderId, signal) => readOneOrder(client, orderId, signal),
    markShipped: (orderId, shipment, signal) => markShipped(client, orderId, { shipment, signal }),
    // the API has no call for a refund, and none for a cancellation that can be asked after
    orderPage: (orderId) => `https://${SELLER_CENTRAL[client.market] ?? 'sellercentral.amazon.com'}/orders-v3/order/${encodeURIComponent(orderId)}`,
    feeComesLater: true,
    charges: (query) => readCharges(client, query),
    transactions: (query) => readTransactions(client, query),
    quotaOf: (operation) => client.quotaOf(operation),
  };
}
