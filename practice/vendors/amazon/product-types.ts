import type { World } from '../../world/types.ts';
import type { VendorRequest, VendorResponse } from '../host.ts';
import { US_MARKETPLACE } from './bodies.ts';
import { invalid, refusal } from './refusals.ts';

const VERSION = 'UPractice1=';
const COUNTRIES = ['US', 'CN', 'DE', 'JP', 'VN', 'MX', 'IN', 'GB'];

/** Required of a new page, beside what every listing has. */
export const REQUIRED_ATTRIBUTES = ['item_name', 'brand', 'product_description', 'bullet_point', 'externally_assigned_product_identifier', 'manufacturer', 'country_of_origin', 'item_package_dimensions', 'item_package_weight'] as const;

const text = (title: string, maxLength: number, localized = true) => ({
  title, type: 'array', minUniqueItems: 1, maxUniqueItems: 1,
  items: { type: 'object', required: localized ? ['value', 'language_tag'] : ['value'], properties: { value: { title, type: 'string', maxLength }, ...(localized ? { language_tag: { type: 'string' } } : {}), marketplace_id: { type: 'string' } }, additionalProperties: false },
});

const measured = (unit: string) => ({ type: 'object', required: ['unit', 'value'], properties: { unit: { type: 'string', enum: [unit] }, value: { type: 'number', exclusiveMinimum: 0 } } });

/** The JSON Schema of a product type, as far as this market asks. */
export function productTypeSchema(): unknown {
  return {
    $schema: 'https://schemas.amazon.com/selling-partners/definitions/product-types/meta-schema/v1', type: 'object', required: REQUIRED_ATTRIBUTES,
    properties: {
      item_name: text('Item Name', 200), brand: text('Brand Name', 100), product_description: text('Product Description', 2_000), manufacturer: text('Manufacturer', 100),
      bullet_point: { ...text('Bullet Point', 500), maxUniqueItems: 5 },
      externally_assigned_product_identifier: { title: 'External Product ID', type: 'array', items: { type: 'object', required: ['type', 'value'], properties: { type: { type: 'string', enum: ['ean', 'gtin', 'upc'] }, value: { type: 'string', maxLength: 14 }, marketplace_id: { type: 'string' } } } },
      item_package_dimensions: { title: 'Item Package Dimensions', type: 'array', maxUniqueItems: 1, items: { type: 'object', required: ['length', 'width', 'height'], properties: { length: measured('centimeters'), width: measured('centimeters'), height: measured('centimeters'), marketplace_id: { type: 'string' } } } },
      item_package_weight: { title: 'Package Weight', type: 'array', maxUniqueItems: 1, items: { type: 'object', required: ['unit', 'value'], properties: { ...measured('grams').properties, marketplace_id: { type: 'string' } } } },
      country_of_origin: { title: 'Country of Origin', type: 'array', maxUniqueItems: 1, items: { type: 'object', required: ['value'], properties: { value: { title: 'Country of Origin', type: 'string', enum: COUNTRIES }, marketplace_id: { type: 'string' } }, additionalProperties: false } },
    },
  };
}

const types = (world: World) => world.catalog.categories.map((category) => ({ name: category.amazon.productType, displayName: category.name, marketplaceIds: [US_MARKETPLACE] }));

/** `searchDefinitionsProductTypes`: by the title of a thing, or all. */
export function searchProductTypes(world: World, { query }: VendorRequest): VendorResponse {
  if (query.get('marketplaceIds') !== US_MARKETPLACE) return invalid('marketplaceIds: the practice market has Amazon US only');
  const words = query.get('itemName');
  const all = types(world);
  const fitting = words === null ? all : [...new Set(world.catalog.search(words, { limit: 10 }).products.map((product) => world.catalog.category(product.category).amazon.productType))].flatMap((name) => all.find((type) => type.name === name) ?? []);
  return { status: 200, body: { productTypes: fitting, productTypeVersion: VERSION } };
}

/** `getDefinitionsProductType`: the schema is a document of its own, behind a link. */
export function readProductType(world: World, request: VendorRequest): VendorResponse {
  const name = request.params['productType'] ?? '';
  const type = types(world).find((entry) => entry.name === name);
  if (!type || request.query.get('marketplaceIds') !== US_MARKETPLACE) return refusal(404, 'NotFound', `There is no product type ${name}.`);
  return {
    status: 200,
    body: {
      schema: { link: { resource: `http://${request.header('host')}/schemas/${encodeURIComponent(name)}.json`, verb: 'GET' }, checksum: 'cHJhY3RpY2U=' }, requirements: 'LISTING', requirementsEnforced: 'ENFORCED',
      propertyGroups: { product_identity: { title: 'Product Identity', description: 'What the product is', propertyNames: ['item_name', 'brand'] } }, locale: 'en_US', marketplaceIds: [US_MARKETPLACE], productType: name, displayName: type.displayName,
      productTypeVersion: { version: VERSION, latest: true, releaseCandidate: false },
    },
  };
}
