import type { ChannelCondition, ListingContent } from '#engine/listings/ports.ts';
import { ConnectorError } from '#kernel/errors.ts';
import type { Money } from '#kernel/money.ts';
import { numberOf } from '../../http/index.ts';
import type { SpClient } from '../../data/amazon-sp-api/index.ts';
import { CONDITIONS } from '../../data/amazon-sp-api/read-restriction.ts';

export type Attributes = Record<string, readonly Record<string, unknown>[]>;

const schedule = (price: Money) => ({ schedule: [{ value_with_tax: numberOf(price) }] });

/** Sold and sent by the seller. */
export const BY_SELLER = 'DEFAULT';
/** Amazon's own warehouses, by region (codes as commonly used; the models name none). */
const BY_AMAZON: readonly (readonly [markets: RegExp, code: string])[] = [[/-(?:us|ca|mx|br)$/, 'AMAZON_NA'], [/-(?:uk|de|fr|it|es)$/, 'AMAZON_EU'], [/-jp$/, 'AMAZON_JP'], [/-in$/, 'AMAZON_IN']];

/** @throws ConnectorError Rejected where no warehouse of Amazon's is known */
function amazonsCode(market: string): string {
  const code = BY_AMAZON.find(([markets]) => markets.test(market))?.[1];
  if (code === undefined) throw new ConnectorError({ kind: 'Rejected', connector: 'amazon-sp-api', operation: 'write listing', message: `the code of Amazon's warehouses at ${market} is not known` });
  return code;
}
const LANGUAGE = 'en_US';

/** @throws ConnectorError Rejected for what Amazon has no condition for. */
export function conditionType(condition: ChannelCondition): string {
  if (condition === 'for-parts') throw new ConnectorError({ kind: 'Rejected', connector: 'amazon-sp-api', operation: 'write listing', message: 'Amazon does not take items sold for parts' });
  return CONDITIONS[condition];
}

/** Who sends it, and how much the seller has; Amazon counts by itself what lies with it. */
export function availability(client: SpClient, terms: { readonly quantity: number; readonly sentByChannel?: boolean | undefined }): Attributes {
  return { fulfillment_availability: [terms.sentByChannel ? { fulfillment_channel_code: amazonsCode(client.market) } : { fulfillment_channel_code: BY_SELLER, quantity: terms.quantity }] };
}

/**
 * Price: what changes most. The floor is Amazon's lowest price for this offer, so that no rule of Amazon's own goes below it either; it never stands above the price, for then Amazon would refuse
 * the whole change, its quantity too.
 */
export function priceTerms(client: SpClient, terms: { readonly price: Money; readonly floor?: Money | undefined }): Attributes {
  const lowest = terms.floor?.currency === terms.price.currency ? { minimum_seller_allowed_price: [schedule(terms.floor.minor < terms.price.minor ? terms.floor : terms.price)] } : {};
  return {
    purchasable_offer: [{ marketplace_id: client.marketplaceId, currency: terms.price.currency, audience: 'ALL', our_price: [schedule(terms.price)], ...lowest }],
  };
}

/** Condition, and what is said of it. */
export function conditionAttributes(client: SpClient, content: ListingContent): Attributes {
  const marketplace_id = client.marketplaceId;
  return {
    condition_type: [{ value: conditionType(content.condition), marketplace_id }],
    ...(content.conditionNote && content.condition !== 'new' ? { condition_note: [{ value: content.conditionNote, language_tag: LANGUAGE, marketplace_id }] } : {}),
  };
}

const plainText = (html: string) => html.replace(/<br\s*\/?>|<\/(?:p|li|div)>/gi, '\n').replace(/<[^>]+>/g, '').replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replace(/\n{2,}/g, '\n').trim();

function codeOf(gtin: string): { readonly type: string; readonly value: string } {
  return { type: gtin.length === 12 ? 'upc' : gtin.length === 13 ? 'ean' : 'gtin', value: gtin };
}

const side = (mm: number) => ({ unit: 'centimeters', value: mm / 10 });

function measures(client: SpClient, { packageMeasures }: ListingContent): Attributes {
  const { lengthMm, widthMm, heightMm, weightGrams } = packageMeasures ?? {};
  const marketplace_id = client.marketplaceId;
  return {
    ...(lengthMm && widthMm && heightMm ? { item_package_dimensions: [{ length: side(lengthMm), width: side(widthMm), height: side(heightMm), marketplace_id }] } : {}),
    ...(weightGrams ? { item_package_weight: [{ unit: 'grams', value: weightGrams, marketplace_id }] } : {}),
  };
}

/** Attributes that are written from the content itself: nobody has to be asked for them. */
export const OWN_ATTRIBUTES: ReadonlySet<string> = new Set([
  'item_name', 'brand', 'product_description', 'bullet_point', 'part_number', 'externally_assigned_product_identifier', 'main_product_image_locator', 'item_package_dimensions', 'item_package_weight',
  'condition_type', 'condition_note', 'purchasable_offer', 'fulfillment_availability', 'merchant_suggested_asin',
]);

/** A product's own page, from its facts. What the product type asks for beside these comes from the aspects: see `product-types.ts`. */
export function productAttributes(client: SpClient, content: ListingContent): Attributes {
  const marketplace_id = client.marketplaceId;
  const words = (value: string) => ({ value, language_tag: LANGUAGE, marketplace_id });
  const pictures = content.imageUrls.slice(0, 9).map((url, place) => [place === 0 ? 'main_product_image_locator' : `other_product_image_locator_${place}`, [{ media_location: url, marketplace_id }]] as const);
  return {
    item_name: [words(content.title)], product_description: [words(plainText(content.description))],
    ...(content.brand ? { brand: [words(content.brand)] } : {}), ...(content.mpn ? { part_number: [{ value: content.mpn, marketplace_id }] } : {}),
    ...(content.bullets && content.bullets.length > 0 ? { bullet_point: content.bullets.map(words) } : {}),
    ...(content.gtins[0] ? { externally_assigned_product_identifier: [{ ...codeOf(content.gtins[0]), marketplace_id }] } : {}),
    ...Object.fromEntries(pictures), ...measures(client, content),
  };
}
