import { exponentOf } from '#kernel/money.ts';
import type { OfferState, Outlet, ShopOffer } from '../../world/types.ts';

/** Product ids of a shop start here; an offer's number follows from it. */
export const FIRST_PRODUCT_ID = 1_000;
/** Below this the shop shows how many are left. */
const LOW_STOCK = 3;

/** Digits that a shop prints: its own setting, not the currency's. Algerian shops print whole dinars. */
export function shopDigits(outlet: Outlet): number {
  return outlet.currency === 'DZD' ? 0 : 2;
}

/** World minor units as the shop's minor-unit string. */
export function shopMinor(outlet: Outlet, minor: number): string {
  return String(Math.round(minor / 10 ** (exponentOf(outlet.currency) - shopDigits(outlet))));
}

/** Text as WordPress renders it. */
export function wpText(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ').replaceAll('&', '&amp;').replaceAll('"', '&#8221;').replaceAll("'", '&#8217;').replaceAll(' - ', ' &#8211; ');
}

export function currencyFields(outlet: Outlet) {
  const dinar = outlet.currency === 'DZD';
  return {
    currency_code: outlet.currency, currency_symbol: dinar ? 'د.ج' : '$', currency_minor_unit: shopDigits(outlet), currency_decimal_separator: dinar ? ',' : '.', currency_thousand_separator: dinar ? ' ' : ',',
    currency_prefix: dinar ? '' : '$', currency_suffix: dinar ? ' د.ج' : '',
  };
}

export interface ShownOffer {
  readonly outlet: Outlet;
  readonly baseUrl: string;
  readonly offer: ShopOffer;
  readonly state: OfferState;
}

export function priceFields(shown: ShownOffer) {
  const price = shopMinor(shown.outlet, shown.state.priceMinor ?? 0);
  const regular = shown.state.regularMinor === null ? price : shopMinor(shown.outlet, shown.state.regularMinor);
  return { price, regular_price: regular, sale_price: price, price_range: null, ...currencyFields(shown.outlet) };
}

export function imagesOf({ offer }: ShownOffer) {
  if (offer.imageUrl === null) return [];
  const src = offer.imageUrl;
  return [{ id: 50_000 + offer.number, src, thumbnail: src.replace('.jpg', '-300x300.jpg'), srcset: '', sizes: '', name: `${offer.slug}.jpg`, alt: '' }];
}

function attributesOf({ offer }: ShownOffer) {
  const values: [string, string | null][] = [['Brand', offer.brandText], ['MPN', offer.mpnText], ['EAN', offer.idPlace === 'attribute' ? offer.idText : null]];
  return values.flatMap(([name, value], i) => (value === null ? [] : [{ id: i + 1, name, taxonomy: `pa_${name.toLowerCase()}`, has_variations: false, terms: [{ id: 7_000 + offer.number * 3 + i, name: wpText(value), slug: value.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-') }] }]));
}

function stockFields({ state }: ShownOffer) {
  const low = state.shownInStock && state.shownStock !== null && state.shownStock <= LOW_STOCK;
  return {
    is_in_stock: state.shownInStock, is_on_backorder: false, low_stock_remaining: low ? state.shownStock : null,
    stock_availability: state.shownInStock ? { text: low ? `Only ${state.shownStock} left in stock` : '', class: 'in-stock' } : { text: 'Out of stock', class: 'out-of-stock' },
  };
}

/** A product as `GET wc/store/v1/products` gives it. */
export function renderProduct(shown: ShownOffer) {
  const { offer, state, baseUrl } = shown;
  const categorySlug = offer.categoryText.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const name = wpText(offer.title);
  const pounds = offer.weightG === null ? '' : (offer.weightG / 453.6).toFixed(2);
  return {
    id: FIRST_PRODUCT_ID + offer.number, name, slug: offer.slug, parent: 0, type: 'simple', variation: '', permalink: `${baseUrl}/product/${offer.slug}/`, sku: offer.sku, short_description: '', description: `<p>${wpText(offer.description)}</p>\n`,
    on_sale: state.regularMinor !== null, prices: priceFields(shown), price_html: '', average_rating: '0', review_count: 0, images: imagesOf(shown), categories: [{ id: 15 + offer.categoryText.length, name: offer.categoryText, slug: categorySlug, link: `${baseUrl}/product-category/${categorySlug}/` }],
    tags: [], brands: [], attributes: attributesOf(shown), variations: [], grouped_products: [], has_options: false, is_purchasable: state.priceMinor !== null, ...stockFields(shown), sold_individually: false,
    weight: pounds, dimensions: { length: '', width: '', height: '' }, formatted_weight: pounds ? `${pounds} lbs` : 'N/A', formatted_dimensions: 'N/A',
    add_to_cart: { text: state.shownInStock ? 'Add to cart' : 'Read more', description: `Add to cart: &ldquo;${name}&rdquo;`, url: `?add-to-cart=${FIRST_PRODUCT_ID + offer.number}`, single_text: 'Add to cart', minimum: 1, maximum: state.shownStock ?? 9_999, multiple_of: 1 },
    extensions: {},
  };
}
