/** A GraphQL document that this connector sends, and what it is thought to cost until the shop has said so. */
export interface Document {
  /** In words, for errors and logs. */
  readonly operation: string;
  readonly text: string;
  /** Cost points. */
  readonly cost: number;
}

const PRODUCT_PARTS = `fragment ProductParts on Product {
  id handle status
  mediaCount { count }
  resourcePublicationsCount(onlyPublished: true) { count }
  variants(first: 2) {
    nodes {
      id sku price
      inventoryItem { id tracked inventoryLevel(locationId: $location) { id quantities(names: ["available"]) { name quantity } } }
    }
  }
}`;

const MONEY = '{ shopMoney { amount currencyCode } }';

const ORDER_PARTS = `fragment OrderParts on Order {
  id createdAt updatedAt cancelledAt test note email phone currencyCode presentmentCurrencyCode taxesIncluded displayFinancialStatus displayFulfillmentStatus
  totalPriceSet ${MONEY}
  totalShippingPriceSet ${MONEY}
  totalTaxSet ${MONEY}
  taxLines { title channelLiable priceSet ${MONEY} }
  shippingAddress { name address1 address2 city provinceCode zip countryCodeV2 phone }
  billingAddress { name address1 address2 city provinceCode zip countryCodeV2 phone }
  lineItems(first: 50) {
    nodes { id title sku quantity unfulfilledQuantity originalTotalSet ${MONEY} discountedTotalSet(withCodeDiscounts: true) ${MONEY} taxLines { channelLiable priceSet ${MONEY} } product { handle } }
    pageInfo { hasNextPage }
  }
  refunds(first: 50) { id createdAt note totalRefundedSet ${MONEY} }
  transactions(first: 20) { id kind status gateway amountSet ${MONEY} fees { amount { amount currencyCode } } }
}`;

const ERRORS = 'userErrors { field message }';
const CODED_ERRORS = 'userErrors { field message code }';

/** Every document that is ever sent; a contract test holds each to the vendor's schema. Inventory and refunds carry the key without which the vendor refuses them. */
export const DOCUMENTS = {
  shop: {
    operation: 'read shop', cost: 120,
    text: `query Shop {
  shop { currencyCode url }
  locations(first: 20) { nodes { id name isActive fulfillsOnlineOrders } }
  publications(first: 25) { nodes { id } }
  currentAppInstallation { accessScopes { handle } }
}`,
  },
  findProduct: { operation: 'find product', cost: 30, text: `query FindProduct($handle: String!, $location: ID!) {\n  productByIdentifier(identifier: {handle: $handle}) { ...ProductParts }\n}\n${PRODUCT_PARTS}` },
  product: { operation: 'read product', cost: 30, text: `query Product($id: ID!, $location: ID!) {\n  product(id: $id) { ...ProductParts }\n}\n${PRODUCT_PARTS}` },
  findBySku: { operation: 'find SKU', cost: 60, text: `query FindBySku($query: String!, $location: ID!) {\n  productVariants(first: 3, query: $query) { nodes { sku product { ...ProductParts } } }\n}\n${PRODUCT_PARTS}` },
  setProduct: { operation: 'create product', cost: 40, text: `mutation SetProduct($identifier: ProductSetIdentifiers, $input: ProductSetInput!, $location: ID!) {\n  productSet(identifier: $identifier, input: $input, synchronous: true) { product { ...ProductParts } ${CODED_ERRORS} }\n}\n${PRODUCT_PARTS}` },
  stageUpload: { operation: 'prepare picture', cost: 15, text: `mutation StageUpload($input: [StagedUploadInput!]!) {\n  stagedUploadsCreate(input: $input) { stagedTargets { url resourceUrl parameters { name value } } ${ERRORS} }\n}` },
  updateProduct: { operation: 'update product', cost: 15, text: `mutation UpdateProduct($product: ProductUpdateInput!) {\n  productUpdate(product: $product) { product { id } ${ERRORS} }\n}` },
  productMedia: { operation: 'read pictures', cost: 10, text: `query ProductMedia($id: ID!) {\n  product(id: $id) { media(first: 50) { nodes { id } } }\n}` },
  addPictures: { operation: 'send pictures', cost: 20, text: `mutation AddPictures($product: ProductUpdateInput!, $media: [CreateMediaInput!]!) {\n  productUpdate(product: $product, media: $media) { product { id } ${ERRORS} }\n}` },
  dropPictures: { operation: 'take pictures down', cost: 15, text: `mutation DropPictures($files: [FileUpdateInput!]!) {\n  fileUpdate(files: $files) { files { id } ${CODED_ERRORS} }\n}` },
  setPrice: { operation: 'set price', cost: 20, text: `mutation SetPrice($productId: ID!, $variants: [ProductVariantsBulkInput!]!) {\n  productVariantsBulkUpdate(productId: $productId, variants: $variants) { productVariants { id } ${CODED_ERRORS} }\n}` },
  setStock: { operation: 'set stock', cost: 15, text: `mutation SetStock($input: InventorySetQuantitiesInput!, $key: String!) {\n  inventorySetQuantities(input: $input) @idempotent(key: $key) { inventoryAdjustmentGroup { id } ${CODED_ERRORS} }\n}` },
  stockAt: { operation: 'stock at location', cost: 15, text: `mutation StockAt($item: ID!, $location: ID!, $available: Int!, $key: String!) {\n  inventoryActivate(inventoryItemId: $item, locationId: $location, available: $available) @idempotent(key: $key) { inventoryLevel { id } ${ERRORS} }\n}` },
  publish: { operation: 'publish product', cost: 15, text: `mutation Publish($id: ID!, $input: [PublicationInput!]!) {\n  publishablePublish(id: $id, input: $input) { ${ERRORS} }\n}` },
  changedOrders: { operation: 'read orders', cost: 60, text: `query ChangedOrders($query: String!, $first: Int!, $after: String) {\n  orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) { nodes { id } pageInfo { hasNextPage endCursor } }\n}` },
  order: { operation: 'read order', cost: 700, text: `query Order($id: ID!) {\n  order(id: $id) { ...OrderParts }\n}\n${ORDER_PARTS}` },
  shipments: {
    operation: 'read shipments', cost: 300,
    text: `query Shipments($id: ID!) {
  order(id: $id) {
    id
    fulfillments(first: 50) { id trackingInfo(first: 10) { number } }
    fulfillmentOrders(first: 10) { nodes { id status lineItems(first: 20) { nodes { id remainingQuantity lineItem { id } } } } }
  }
}`,
  },
  payouts: { operation: 'read payouts', cost: 120, text: `query Payouts($query: String!, $first: Int!, $after: String) {\n  shopifyPaymentsAccount { payouts(first: $first, after: $after, query: $query) { nodes { id legacyResourceId issuedAt status transactionType net { amount currencyCode } } pageInfo { hasNextPage endCursor } } }\n}` },
  payoutParts: { operation: 'read a payout', cost: 220, text: `query PayoutParts($query: String!, $first: Int!, $after: String) {\n  shopifyPaymentsAccount { balanceTransactions(first: $first, after: $after, query: $query, hideTransfers: true) { nodes { id type net { amount currencyCode } associatedOrder { id } associatedPayout { id } } pageInfo { hasNextPage endCursor } } }\n}` },
  disputes: { operation: 'read disputes', cost: 120, text: `query Disputes($query: String!, $first: Int!, $after: String) {\n  disputes(first: $first, after: $after, query: $query) { nodes { id legacyResourceId type status initiatedAt evidenceDueBy finalizedOn amount { amount currencyCode } reasonDetails { reason } order { id } } pageInfo { hasNextPage endCursor } }\n}` },
  disputeMoves: { operation: 'read what disputes cost', cost: 220, text: `query DisputeMoves($query: String!, $first: Int!, $after: String) {\n  shopifyPaymentsAccount { balanceTransactions(first: $first, after: $after, query: $query, hideTransfers: true) { nodes { id type sourceType sourceId fee { amount currencyCode } } pageInfo { hasNextPage endCursor } } }\n}` },
  ship: { operation: 'report shipment', cost: 15, text: `mutation Ship($fulfillment: FulfillmentInput!) {\n  fulfillmentCreate(fulfillment: $fulfillment) { fulfillment { id } ${ERRORS} }\n}` },
  refund: { operation: 'refund order', cost: 15, text: `mutation Refund($input: RefundInput!, $key: String!) {\n  refundCreate(input: $input) @idempotent(key: $key) { refund { id } ${ERRORS} }\n}` },
  cancel: { operation: 'cancel order', cost: 15, text: `mutation Cancel($orderId: ID!, $reason: OrderCancelReason!, $note: String!) {\n  orderCancel(orderId: $orderId, reason: $reason, refundMethod: {originalPaymentMethodsRefund: true}, restock: false, notifyCustomer: true, staffNote: $note) { job { id done } orderCancelUserErrors { field message code } }\n}` },
} as const satisfies Readonly<Record<string, Document>>;
