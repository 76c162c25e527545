/**
 * Where well-known sites show a price when their structured data does not say it. Rules are data: tried in order, the first sure price wins.
 * A site that changes its pages loses a price here, never gains a wrong one: every text found is read by `readPriceText`, ranges refused.
 */

/** An element by CSS (its text, or an attribute), or a value after a key in a script's JSON. */
export type Rule = { readonly css: string; readonly attribute?: string } | { readonly key: string };

export interface SiteRules {
  /** Ends of host names: `amazon.de`; a dot-less name (`amazon`) stands for it under any top-level domain. */
  readonly hosts: readonly string[];
  readonly price: readonly Rule[];
  readonly listPrice?: readonly Rule[];
  readonly name?: readonly Rule[];
  readonly brand?: readonly Rule[];
  /** The site's own number for the product, in the path: the first group. */
  readonly idInPath?: { readonly pattern: string; readonly hint: 'asin' | 'sku' };
}

/** A currency for hosts whose pages write a bare `$` or `£`. */
export const HOST_CURRENCIES: Readonly<Record<string, string>> = {
  'amazon.com': 'USD', 'amazon.co.uk': 'GBP', 'amazon.ca': 'CAD', 'amazon.com.au': 'AUD', 'amazon.de': 'EUR', 'amazon.fr': 'EUR', 'amazon.it': 'EUR', 'amazon.es': 'EUR', 'amazon.nl': 'EUR', 'amazon.co.jp': 'JPY', 'amazon.in': 'INR', 'amazon.com.mx': 'MXN', 'amazon.com.br': 'BRL', 'amazon.se': 'SEK', 'amazon.pl': 'PLN', 'amazon.ae': 'AED', 'amazon.sa': 'SAR',
  'walmart.com': 'USD', 'walmart.ca': 'CAD', 'homedepot.com': 'USD', 'homedepot.ca': 'CAD', 'target.com': 'USD', 'bestbuy.com': 'USD', 'bestbuy.ca': 'CAD', 'wayfair.com': 'USD', 'costco.com': 'USD', 'lowes.com': 'USD', 'macys.com': 'USD', 'overstock.com': 'USD', 'newegg.com': 'USD', 'ebay.com': 'USD', 'ebay.co.uk': 'GBP', 'kohls.com': 'USD', 'rei.com': 'USD', 'bhphotovideo.com': 'USD', 'nordstrom.com': 'USD', 'sephora.com': 'USD',
  'potterybarn.com': 'USD', 'westelm.com': 'USD', 'williams-sonoma.com': 'USD', 'crateandbarrel.com': 'USD', 'cb2.com': 'USD', 'bedbathandbeyond.com': 'USD', 'anthropologie.com': 'USD', 'urbanoutfitters.com': 'USD', 'gap.com': 'USD', 'staples.com': 'USD', 'samsclub.com': 'USD', 'chewy.com': 'USD', 'zappos.com': 'USD', 'ouedkniss.com': 'DZD', 'jumia.com.ng': 'NGN', 'jumia.co.ke': 'KES', 'jumia.com.eg': 'EGP', 'jumia.ma': 'MAD',
};

/** Names of a price that any site may use, and that can hardly mean another product's. Used only where one value is found. */
export const GENERAL_PRICE: readonly Rule[] = [
  { css: 'meta[itemprop="price"]', attribute: 'content' },
  { css: '[itemprop="offers"] [itemprop="price"]', attribute: 'content' },
  { css: '[itemprop="price"]', attribute: 'content' },
  { css: '[itemprop="price"]' },
  { css: 'meta[name="product:price:amount"], meta[name="og:price:amount"]', attribute: 'content' },
  { css: 'meta[name="twitter:data1"]', attribute: 'content' },
];

export const SITE_RULES: readonly SiteRules[] = [
  {
    hosts: ['amazon'],
    price: [
      { css: '#corePriceDisplay_desktop_feature_div .priceToPay .a-offscreen' }, { css: '#corePrice_feature_div .apexPriceToPay .a-offscreen' }, { css: '#corePrice_feature_div .a-price:not(.a-text-price) .a-offscreen' }, { css: '#corePrice_desktop .apexPriceToPay .a-offscreen' },
      { css: '#attach-base-product-price', attribute: 'value' }, { css: '#twister-plus-price-data-price', attribute: 'value' },
      { css: '#priceblock_dealprice' }, { css: '#priceblock_saleprice' }, { css: '#priceblock_ourprice' }, { css: '#price_inside_buybox' }, { css: '#newBuyBoxPrice' }, { css: '#buyNewSection .offer-price' },
      { css: '#buybox .offer-price' }, { css: '#kindle-price' }, { css: '#mediaNoAccordion .header-price' }, { css: '#buybox .header-price' }, { css: '#tmmSwatches .swatchElement.selected .a-color-price' }, { css: '#tmmSwatches .swatchElement.selected .a-color-base .a-color-base' },
      { css: '#olp-upd-new .a-color-price' }, { css: '#unqualified-buybox-olp .a-color-price' }, { css: '#usedBuySection .offer-price' }, { css: '#buybox .a-color-price' }, { css: '#price' }, { css: '#actualPriceValue' },
      { css: '#cerberus-data-metrics', attribute: 'data-asin-price' }, { css: '#displayedPrice', attribute: 'value' }, { css: 'input[name="displayedPrice"]', attribute: 'value' }, { css: '#apex_offerDisplay_desktop .a-price:not(.a-text-price) .a-offscreen' }, { css: '#buybox .a-price:not(.a-text-price) .a-offscreen' }, { css: '#rightCol .a-price:not(.a-text-price) .a-offscreen' },
      { css: '#centerCol .a-price:not(.a-text-price) .a-offscreen' }, { css: '#centerCol [data-asin-price]', attribute: 'data-asin-price' }, { css: '.priceBlockBuyingPriceString' }, { css: '.priceBlockDealPriceString' }, { css: '.priceBlockSalePriceString' },
    ],
    listPrice: [{ css: '#priceblock_listprice' }, { css: '#price .priceBlockStrikePriceString' }, { css: '#listPriceLegalMessage .a-text-strike' }, { css: '#corePriceDisplay_desktop_feature_div .basisPrice .a-offscreen' }],
    name: [{ css: '#productTitle' }, { css: '#ebooksProductTitle' }],
    brand: [{ css: '#bylineInfo' }],
    idInPath: { pattern: '/(?:dp|gp/product|gp/aw/d)/([A-Z0-9]{10})(?:[/?]|$)', hint: 'asin' },
  },
  { hosts: ['walmart.com', 'walmart.ca'], price: [{ css: '[data-testid="price-wrap"] [itemprop="price"]' }, { css: '.prod-PriceHero .price-characteristic', attribute: 'content' }, { css: '#price .price-characteristic', attribute: 'content' }, { key: '"priceInfo":{"currentPrice":{"price":' }, { key: '"CURRENT":{"price":' }, { css: '.prod-PriceHero .visuallyhidden' }, { css: '[data-automation="buybox-price"]' }], name: [{ css: 'h1' }], idInPath: { pattern: '/ip/(?:[^/]+/)?(\\d{5,})', hint: 'sku' } },
  { hosts: ['homedepot.com', 'homedepot.ca'], price: [{ css: '#ajaxPrice', attribute: 'content' }, { css: '#ajaxPrice' }, { css: '.price-detailed__wrapper .price-format__large' }, { key: '"specialPrice":' }, { key: '"pricing":{"value":' }] },
  { hosts: ['target.com'], price: [{ css: '[data-test="product-price"]' }, { key: '"current_retail":' }, { key: '"formatted_current_price":' }, { key: '"offerPrice":{"price":' }, { key: '\\"current_retail\\":' }] },
  { hosts: ['etsy.com'], price: [{ css: 'meta[property="etsymarketplace:price_value"]', attribute: 'content' }, { css: '[data-buy-box-region="price"] .wt-text-title-03, [data-buy-box-region="price"] .wt-text-title-largest' }, { css: '#listing-price .currency-value' }, { css: '.listing-page-cart .text-largest' }] },
  { hosts: ['nike.com'], price: [{ css: '[data-test="product-price-reduced"]' }, { css: '[data-test="product-price"]' }, { css: '[data-testid="currentPrice-container"]' }, { key: '"currentPrice":' }] },
  { hosts: ['wayfair.com', 'wayfair.co.uk', 'allmodern.com', 'jossandmain.com', 'birchlane.com', 'perigold.com'], price: [{ css: '.StandardPriceBlock .BasePriceBlock--highlight' }, { css: '[data-enzyme-id="PriceBlock"] [data-enzyme-id="PriceBlock-primary"]' }, { css: '.SFPrice [data-test-id="PriceDisplay"]' }, { css: '.BasePriceBlock' }, { css: '.ProductDetailPriceBlock-price' }, { key: '"salePrice":' }] },
  { hosts: ['zara.com'], price: [{ css: '.product-detail-info .price-current__amount' }, { css: '.product-detail-info .price__amount' }, { css: '._product-price .main-price', attribute: 'data-price' }, { css: '.price._product-price' }] },
  { hosts: ['bestbuy.com', 'bestbuy.ca'], price: [{ css: '.pricing-price .priceView-customer-price span[aria-hidden="true"]' }, { css: '.priceView-hero-price span[aria-hidden="true"]' }, { css: '[data-automation="product-price"] span' }] },
  { hosts: ['ebay'], price: [{ css: '#prcIsum', attribute: 'content' }, { css: '#mm-saleDscPrc' }, { css: '.x-price-primary .ux-textspans' }, { css: '#prcIsum' }], name: [{ css: '.x-item-title__mainTitle' }], idInPath: { pattern: '/itm/(?:[^/]+/)?(\\d{9,})', hint: 'sku' } },
  { hosts: ['lowes.com'], price: [{ css: '.art-pd-price' }, { css: '[data-selector="art-pd-price"]' }, { key: '"sellingPrice":' }] },
  { hosts: ['macys.com', 'bloomingdales.com'], price: [{ css: '[data-auto="main-price"]' }, { css: '[data-auto="sale-price"]' }, { css: '.lowest-sale-price' }] },
  { hosts: ['kohls.com'], price: [{ css: '.pdpprice-row2-main-text' }, { css: '.main-price' }] },
  { hosts: ['costco.com'], price: [{ css: '#pull-right-price .value' }] },
  { hosts: ['newegg.com'], price: [{ css: '.product-price .price-current' }, { css: '#landingpage-price .price-current' }] },
  { hosts: ['bhphotovideo.com'], price: [{ css: '[data-selenium="pricingPrice"]' }] },
  { hosts: ['rei.com'], price: [{ css: '#buy-box-product-price' }] },
  { hosts: ['aliexpress'], price: [{ css: '.product-price-current .product-price-value' }, { key: '"formatedActivityPrice":' }, { key: '"formatedPrice":' }] },
  { hosts: ['adidas'], price: [{ css: '.product-price .gl-price__value--sale' }, { css: '.product-price .gl-price__value' }] },
  { hosts: ['asos.com'], price: [{ css: '[data-testid="current-price"]' }, { css: '[data-id="current-price"]' }] },
  { hosts: ['hm.com'], price: [{ css: '.product-item-price .price-value' }, { css: '#product-price .price-value' }] },
  { hosts: ['nordstrom.com'], price: [{ css: '[itemprop="offers"] [itemprop="price"]' }, { css: '#price-line-a11y' }] },
  { hosts: ['ikea.com'], price: [{ css: '.js-product-pip', attribute: 'data-product-price' }, { css: '.range-revamp-pip-price-package__main-price' }] },
  { hosts: ['sephora.com'], price: [{ css: '[data-comp="Price Box"]' }, { key: '"listPrice":' }] },
  { hosts: ['crateandbarrel.com', 'cb2.com'], price: [{ css: '.shop-bar-price-area .salePrice' }, { css: '.shop-bar-price-area .regPrice' }] },
  { hosts: ['urbanoutfitters.com', 'anthropologie.com', 'freepeople.com'], price: [{ css: '.c-pwa-product-price__current' }] },
];
