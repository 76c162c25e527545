/** eBay's sites. Source: eBay's MarketplaceIdEnum and the locales that Content-Language takes, read 2026-11-21. */
export const SITES: Readonly<Record<string, { readonly marketplaceId: string; readonly locale: string; readonly currency: string; readonly itemPage: string }>> = {
  'ebay-us': { marketplaceId: 'EBAY_US', locale: 'en-US', currency: 'USD', itemPage: 'https://www.ebay.com/itm/' },
  'ebay-gb': { marketplaceId: 'EBAY_GB', locale: 'en-GB', currency: 'GBP', itemPage: 'https://www.ebay.co.uk/itm/' },
  'ebay-de': { marketplaceId: 'EBAY_DE', locale: 'de-DE', currency: 'EUR', itemPage: 'https://www.ebay.de/itm/' },
  'ebay-fr': { marketplaceId: 'EBAY_FR', locale: 'fr-FR', currency: 'EUR', itemPage: 'https://www.ebay.fr/itm/' },
  'ebay-it': { marketplaceId: 'EBAY_IT', locale: 'it-IT', currency: 'EUR', itemPage: 'https://www.ebay.it/itm/' },
  'ebay-es': { marketplaceId: 'EBAY_ES', locale: 'es-ES', currency: 'EUR', itemPage: 'https://www.ebay.es/itm/' },
  'ebay-ca': { marketplaceId: 'EBAY_CA', locale: 'en-CA', currency: 'CAD', itemPage: 'https://www.ebay.ca/itm/' },
  'ebay-au': { marketplaceId: 'EBAY_AU', locale: 'en-AU', currency: 'AUD', itemPage: 'https://www.ebay.com.au/itm/' },
};

export const API_URL = 'https://api.ebay.com';
/** The Finances API lives on a host of its own. */
export const FINANCES_URL = 'https://apiz.ebay.com';

export const SELLER_SCOPES = [
  'https://api.ebay.com/oauth/api_scope/sell.inventory', 'https://api.ebay.com/oauth/api_scope/sell.account',
  'https://api.ebay.com/oauth/api_scope/sell.fulfillment', 'https://api.ebay.com/oauth/api_scope/sell.finances',
] as const;
export const APPLICATION_SCOPES = ['https://api.ebay.com/oauth/api_scope'] as const;
