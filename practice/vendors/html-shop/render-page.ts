import { toDecimal } from '#kernel/money.ts';
import type { OfferState, Outlet, ShopOffer } from '../../world/types.ts';

export interface PageOffer {
  readonly outlet: Outlet;
  readonly baseUrl: string;
  readonly offer: ShopOffer;
  readonly state: OfferState;
}

const escapeHtml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const price = (minor: number, currency: string) => toDecimal({ minor, currency });

/** Ways in which shops spoil their JSON-LD; which page has which depends on the offer's number alone. */
export type Spoiling = 'none' | 'comment' | 'trailing-comma' | 'control-character' | 'html-comment';
export function spoilingOf(outlet: Outlet, offer: ShopOffer): Spoiling {
  if (outlet.id !== 'corner-outlet' || offer.number % 5 !== 0) return 'none';
  return (['comment', 'trailing-comma', 'control-character', 'html-comment'] as const)[Math.floor(offer.number / 5) % 4]!;
}

function spoil(json: string, how: Spoiling): string {
  switch (how) {
    case 'none': return json;
    case 'comment': return json.replace('"offers":', '/* price block */ "offers":').replace(/^\{/, '{ // product\n');
    case 'trailing-comma': return json.replace(/\}\}$/, ',}}').replace(/\}$/, ',}');
    case 'control-character': return json.replace('"description":"', '"description":"\n\t\u0003');
    case 'html-comment': return `<!--${json}-->`;
  }
}

/** The identifier under the property that a shop would use for what it believes the number to be. */
function identifierOf(offer: ShopOffer): Record<string, string> {
  if (offer.idText === null) return {};
  const digits = offer.idText.replaceAll(/\D/g, '');
  if (/^97[89]/.test(digits) || /[xX]$/.test(offer.idText)) return { isbn: offer.idText };
  return { [digits.length === 12 ? 'gtin12' : digits.length === 13 ? 'gtin13' : 'gtin']: offer.idText };
}

export function productJsonLd({ outlet, baseUrl, offer, state }: PageOffer): string {
  return JSON.stringify({
    '@context': 'https://schema.org/', '@type': 'Product', name: offer.title.trim(), description: offer.description, sku: `${outlet.id.slice(0, 2).toUpperCase()}-${10_000 + offer.number}`, ...(offer.mpnText === null ? {} : { mpn: offer.mpnText }), ...identifierOf(offer),
    ...(offer.brandText === null ? {} : { brand: { '@type': 'Brand', name: offer.brandText } }), ...(offer.imageUrl === null ? {} : { image: [offer.imageUrl] }), category: offer.categoryText,
    ...(offer.weightG === null ? {} : { weight: { '@type': 'QuantitativeValue', value: offer.weightG, unitCode: 'GRM' } }),
    offers: {
      '@type': 'Offer', url: `${baseUrl}/p/${offer.slug}`, priceCurrency: outlet.currency, price: state.priceMinor === null ? '' : price(state.priceMinor, outlet.currency), itemCondition: offer.condition === 'new' ? 'https://schema.org/NewCondition' : 'https://schema.org/UsedCondition',
      availability: state.shownInStock ? 'https://schema.org/InStock' : 'https://schema.org/OutOfStock',
    },
  });
}

export function layout(outlet: Outlet, page: { title: string; head: string; main: string }): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(page.title)} | ${escapeHtml(outlet.name)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/assets/shop.css">
${page.head}</head><body><header class="site-header"><a class="logo" href="/">${escapeHtml(outlet.name)}</a><nav><a href="/c/books">Books</a> <a href="/c/toys">Toys</a> <a href="/cart">Cart</a></nav></header>
<main>${page.main}</main><footer><p>Free shipping over $${((outlet.freeShippingFromMinor ?? 0) / 100).toFixed(0)}. ${escapeHtml(outlet.name)} is not liable for typographical errors.</p></footer></body></html>
`;
}

export function renderProductPage(shown: PageOffer): string {
  const { outlet, offer, state } = shown;
  const asked = state.priceMinor === null ? 'Call for price' : `$${price(state.priceMinor, outlet.currency)}`;
  const was = state.regularMinor === null ? '' : `<s class="price-was">$${price(state.regularMinor, outlet.currency)}</s> `;
  const stock = state.shownInStock ? (state.shownStock !== null && state.shownStock < 5 ? `Only ${state.shownStock} left` : 'In stock') : 'Sold out';
  const canonical = `<link rel="canonical" href="${shown.baseUrl}/p/${offer.slug}">`;
  return layout(outlet, {
    title: offer.title, head: `${canonical}<script type="application/ld+json">${spoil(productJsonLd(shown).replaceAll('</', '<\\/'), spoilingOf(outlet, offer))}</script>`,
    main: `<article class="product" data-sku="${escapeHtml(offer.sku)}"><h1 class="product-title">${escapeHtml(offer.title)}</h1>${offer.imageUrl ? `<img class="product-photo" src="${offer.imageUrl}" alt="">` : ''}
<p class="product-price">${was}<span class="price-now">${asked}</span></p><p class="product-stock">${stock}</p>${state.shownInStock && state.priceMinor !== null ? `<form class="cart" method="post" action="/cart"><input type="hidden" name="product" value="${offer.number}"><label>Quantity <input type="number" name="quantity" value="1" min="1"></label> <button type="submit">Add to cart</button></form>` : ''}<div class="product-description">${escapeHtml(offer.description)}</div></article>`,
  });
}

export function renderCategoryPage(category: { outlet: Outlet; name: string; path: string }, page: { number: number; last: number; offers: readonly PageOffer[] }): string {
  const { outlet, name, path } = category;
  const cards = page.offers.map(({ offer, state }) => `<li class="card"><a href="/p/${offer.slug}">${escapeHtml(offer.title)}</a> <span class="card-price">${state.priceMinor === null ? '' : `$${price(state.priceMinor, outlet.currency)}`}</span></li>`);
  const next = page.number < page.last ? `<a rel="next" href="${path}?page=${page.number + 1}">Next</a>` : '';
  return layout(outlet, { title: name, head: '', main: `<h1>${escapeHtml(name)}</h1><ul class="cards">${cards.join('\n')}</ul><nav class="pages">Page ${page.number} of ${page.last} ${next}</nav>` });
}
