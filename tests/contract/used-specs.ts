import { isObject, type JsonObject } from './normalize-schema.ts';
import { Spec } from './spec.ts';

/** eBay's Inventory document types `product.aspects` as text, while its description, its own sample and the service have names with lists of values. */
export function correctInventory(document: JsonObject): void {
  const components = document['components'];
  const schemas = isObject(components) ? components['schemas'] : undefined;
  const product = isObject(schemas) ? schemas['Product'] : undefined;
  const properties = isObject(product) ? product['properties'] : undefined;
  if (isObject(properties)) properties['aspects'] = { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } };
}

/** The documents that a connector is held to, with the start of the paths that each describes. */
export const USED_SPECS: readonly { readonly file: string; readonly vendor: 'amazon' | 'ebay' | 'etsy'; readonly prefix: string; readonly correct?: (document: JsonObject) => void }[] = [
  { file: 'amazon-sp-api/models/catalogItems_2022-04-01.json', vendor: 'amazon', prefix: '/catalog/2022-04-01' },
  { file: 'amazon-sp-api/models/productPricingV0.json', vendor: 'amazon', prefix: '/products/pricing/v0' },
  { file: 'amazon-sp-api/models/productFeesV0.json', vendor: 'amazon', prefix: '/products/fees/v0' },
  { file: 'amazon-sp-api/models/listingsRestrictions_2021-08-01.json', vendor: 'amazon', prefix: '/listings/2021-08-01/restrictions' },
  { file: 'amazon-sp-api/models/listingsItems_2021-08-01.json', vendor: 'amazon', prefix: '/listings/2021-08-01/items' },
  { file: 'amazon-sp-api/models/definitionsProductTypes_2020-09-01.json', vendor: 'amazon', prefix: '/definitions/2020-09-01' },
  { file: 'amazon-sp-api/models/orders_2026-01-01.json', vendor: 'amazon', prefix: '/orders/2026-01-01' },
  { file: 'amazon-sp-api/models/ordersV0.json', vendor: 'amazon', prefix: '/orders/v0' },
  { file: 'amazon-sp-api/models/finances_2024-06-19.json', vendor: 'amazon', prefix: '/finances/2024-06-19' },
  { file: 'ebay/oas3/sell_inventory_v1_oas3.json', vendor: 'ebay', prefix: '/sell/inventory/v1', correct: correctInventory },
  { file: 'ebay/oas3/sell_account_v1_oas3.json', vendor: 'ebay', prefix: '/sell/account/v1' },
  { file: 'ebay/oas3/sell_fulfillment_v1_oas3.json', vendor: 'ebay', prefix: '/sell/fulfillment/v1' },
  { file: 'ebay/oas3/sell_finances_v1_oas3.json', vendor: 'ebay', prefix: '/sell/finances/v1' },
  { file: 'ebay/oas3/commerce_taxonomy_v1_oas3.json', vendor: 'ebay', prefix: '/commerce/taxonomy/v1' },
  { file: 'ebay/oas3/developer_analytics_v1_beta_oas3.json', vendor: 'ebay', prefix: '/developer/analytics/v1_beta' },
  { file: 'ebay/oas3/buy_browse_v1_oas3.json', vendor: 'ebay', prefix: '/buy/browse/v1' },
  { file: 'etsy/baseline.json', vendor: 'etsy', prefix: '/v3/application' },
];

/** The documents of one vendor, by path. */
export async function loadSpecs(vendor: 'amazon' | 'ebay' | 'etsy'): Promise<(path: string) => Spec | undefined> {
  const loaded = await Promise.all(USED_SPECS.filter((used) => used.vendor === vendor).map(async (used) => ({ prefix: used.prefix, spec: await Spec.load(used.file, { correct: used.correct }) })));
  return (path) => loaded.find((entry) => path.startsWith(entry.prefix))?.spec;
}
