/** Amazon's own ids of its sites. Source: SP-API marketplace ids page, read 2026-11-21. */
export const MARKETPLACES: Readonly<Record<string, { readonly marketplaceId: string; readonly currency: string; readonly host: string }>> = {
  'amazon-us': { marketplaceId: 'ATVPDKIKX0DER', currency: 'USD', host: 'https://sellingpartnerapi-na.amazon.com' },
  'amazon-ca': { marketplaceId: 'A2EUQ1WTGCTBG2', currency: 'CAD', host: 'https://sellingpartnerapi-na.amazon.com' },
  'amazon-mx': { marketplaceId: 'A1AM78C64UM0Y8', currency: 'MXN', host: 'https://sellingpartnerapi-na.amazon.com' },
  'amazon-br': { marketplaceId: 'A2Q3Y263D00KWC', currency: 'BRL', host: 'https://sellingpartnerapi-na.amazon.com' },
  'amazon-uk': { marketplaceId: 'A1F83G8C2ARO7P', currency: 'GBP', host: 'https://sellingpartnerapi-eu.amazon.com' },
  'amazon-de': { marketplaceId: 'A1PA6795UKMFR9', currency: 'EUR', host: 'https://sellingpartnerapi-eu.amazon.com' },
  'amazon-fr': { marketplaceId: 'A13V1IB3VIYZZH', currency: 'EUR', host: 'https://sellingpartnerapi-eu.amazon.com' },
  'amazon-it': { marketplaceId: 'APJ6JRA9NG5V4', currency: 'EUR', host: 'https://sellingpartnerapi-eu.amazon.com' },
  'amazon-es': { marketplaceId: 'A1RKKUPIHCS9HS', currency: 'EUR', host: 'https://sellingpartnerapi-eu.amazon.com' },
  'amazon-in': { marketplaceId: 'A21TJRUUN4KGV', currency: 'INR', host: 'https://sellingpartnerapi-eu.amazon.com' },
  'amazon-jp': { marketplaceId: 'A1VC38T7YXB528', currency: 'JPY', host: 'https://sellingpartnerapi-fe.amazon.com' },
};

/** Where access tokens come from. */
export const LOGIN_URL = 'https://api.amazon.com';
