/** eBay's sites. Source: eBay's MarketplaceIdEnum and the locales that Content-Language takes, read 2026-11-21. */
export const SITES: Readonly<Record<string, { readonly marketplaceId: string; readonly locale: string; readonly currency: string; readonly itemPage: string; /** Money that goes back is asked for with a digital signature there, which this program cannot give. */ readonly signed?: true }>> = {
  'ebay-us': { marketplaceId: 'EBAY_US', locale: 'en-US', currency: 'USD', itemPage: 'https://www.ebay.com/itm/' },
  'ebay-gb': { marketplaceId: 'EBAY_GB', locale: 'en-GB', currency: 'GBP', itemPage: 'https://www.ebay.co.uk/itm/', signed: true },
  'ebay-de': { marketplaceId: 'EBAY_DE', locale: 'de-DE', currency: 'EUR', itemPage: 'https://www.ebay.de/itm/', signed: true },
  'ebay-fr': { marketplaceId: 'EBAY_FR', locale: 'fr-FR', currency: 'EUR', itemPage: 'https://www.ebay.fr/itm/', signed: true },
  'ebay-it': { marketplaceId: 'EBAY_IT', locale: 'it-IT', currency: 'EUR', itemPage: 'https://www.ebay.it/itm/', signed: true },
  'ebay-es': { marketplaceId: 'EBAY_ES', locale: 'es-ES', currency: 'EUR', itemPage: 'https://www.ebay.es/itm/', signed: true },
  'ebay-ca': { marketplaceId: 'EBAY_CA', locale: 'en-CA', currency: 'CAD', itemPage: 'https://www.ebay.ca/itm/' },
  'ebay-au': { marketplaceId: 'EBAY_AU', locale: 'en-AU', currency: 'AUD', itemPage: 'https://www.ebay.com.au/itm/' },
};

/** The order's page in Seller Hub (address as commonly linked, not documented by eBay). */
export const orderPage = (itemPage: string, orderId: string): string => `${new URL(itemPage).origin}/mesh/ord/details?mode=SH&orderid=${encodeURIComponent(orderId)}`;

export const API_URL = 'https://api.ebay.com';
/** The Finances API lives on a host of its own. */
export const FINANCES_URL = 'https://apiz.ebay.com';

/** So does the Media API. */
export const MEDIA_URL = 'https://apim.ebay.com';

export const SELLER_SCOPES = [
  'https://api.ebay.com/oauth/api_scope/sell.inventory', 'https://api.ebay.com/oauth/api_scope/sell.account',
  'https://api.ebay.com/oauth/api_scope/sell.fulfillment', 'https://api.ebay.com/oauth/api_scope/sell.finances',
] as const;
/** Asked for in a token of its own: a seller who has not consented to it keeps everything else. */
export const DISPUTE_SCOPES = ['https://api.ebay.com/oauth/api_scope/sell.payment.dispute'] as const;
export const APPLICATION_SCOPES = ['https://api.ebay.com/oauth/api_scope'] as const;
