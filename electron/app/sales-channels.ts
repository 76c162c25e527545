import type { InboundDeps } from '#engine/inbound-shipments/index.ts';
import type { ChannelDirectory, SalesChannel } from '#engine/listings/index.ts';
import type { OrderSources } from '#engine/orders/index.ts';
import type { OrderSourcePort } from '#engine/orders/ports.ts';
import type { OrderMessageChannels } from '#engine/support/index.ts';
import type { Account, Connectors } from './connectors.ts';

interface WiredChannel extends SalesChannel {
  readonly account: Account;
  readonly orders: OrderSourcePort;
}

/** Every channel that the program can sell on; the first is the main one. */
function wired(connectors: Connectors): WiredChannel[] {
  const { woocommerce, shopify } = connectors.shops;
  return [
    { name: 'eBay', account: 'ebay', port: connectors.ebay, orders: connectors.ebay, taxonomy: connectors.ebayApplication },
    { name: 'Amazon', account: 'amazon-sp-api', port: connectors.amazonSeller, orders: connectors.amazonSeller, taxonomy: connectors.amazonSeller.productTypes },
    { name: 'WooCommerce', account: 'woocommerce', port: woocommerce, orders: woocommerce, taxonomy: null },
    { name: 'Shopify', account: 'shopify', port: shopify, orders: shopify, taxonomy: null },
    { name: 'Etsy', account: 'etsy', port: connectors.etsy, orders: connectors.etsy, taxonomy: connectors.etsy.taxonomy },
  ];
}

export function salesChannels(connectors: Connectors): ChannelDirectory {
  const all = wired(connectors);
  return {
    main: all[0]!.port.market, get: (market) => all.find((channel) => channel.port.market === market) ?? null,
    connected: () => all.filter(({ account }) => connectors.isSoldOn(account)),
  };
}

export function orderSources(connectors: Connectors): OrderSources {
  const all = wired(connectors);
  return {
    get: (market) => all.find((channel) => channel.orders.market === market)?.orders ?? null, all: () => all.map(({ orders }) => orders),
    connected: () => all.filter(({ account }) => connectors.isSoldOn(account)).map(({ orders }) => orders),
  };
}

/** Amazon alone takes stock into warehouses of its own. */
export function inboundChannels(connectors: Connectors): InboundDeps['channels'] {
  const { amazonSeller } = connectors;
  const amazon = { port: amazonSeller.inbound, name: 'Amazon', unsellable: async (skus: readonly string[], signal?: AbortSignal) => new Map((await amazonSeller.warehouseUnits!(skus, { signal })).map(({ sku, unsellable }) => [sku, unsellable])) };
  return { get: (market) => (market === amazonSeller.market ? amazon : null), connected: () => (connectors.isSoldOn('amazon-sp-api') ? [amazon] : []) };
}

/** Amazon alone has forms of message about an order; the other channels' buyers are written to in talks. */
export function orderMessageChannels(connectors: Connectors): OrderMessageChannels {
  const { messages } = connectors.amazonSeller;
  return { get: (market) => (market === messages.market && connectors.isSoldOn('amazon-sp-api') ? messages : null) };
}
