/** Typed where a vendor asks for no key, so that nobody is asked without the person's word. */
const CONSENT = { name: 'consent', secret: false } as const;

/** Fields of each vendor account; every one is kept in the keychain, also those that are no secret, so that an account is in one place. */
export const ACCOUNTS = {
  keepa: { name: 'Keepa', baseUrl: 'https://api.keepa.com', fields: [{ name: 'key', label: 'Access key', secret: true }] },
  'amazon-sp-api': {
    name: 'Amazon Selling Partner API', baseUrl: 'https://sellingpartnerapi-na.amazon.com',
    fields: [
      { name: 'clientId', label: 'LWA client id', secret: false }, { name: 'clientSecret', label: 'LWA client secret', secret: true },
      { name: 'refreshToken', label: 'Refresh token', secret: true }, { name: 'sellerId', label: 'Merchant token', secret: false },
    ],
  },
  ebay: {
    name: 'eBay', baseUrl: 'https://api.ebay.com',
    fields: [{ name: 'clientId', label: 'App id (client id)', secret: false }, { name: 'clientSecret', label: 'Cert id (client secret)', secret: true }, { name: 'refreshToken', label: 'Refresh token', secret: true }],
  },
  woocommerce: {
    name: 'WooCommerce (your own shop)', baseUrl: 'your shop’s address',
    fields: [
      { name: 'address', label: 'Shop address', secret: false }, { name: 'consumerKey', label: 'Consumer key (Read/Write)', secret: true }, { name: 'consumerSecret', label: 'Consumer secret', secret: true },
      { name: 'wordpressUser', label: 'WordPress user who may upload (to send your own pictures)', secret: false, optional: true }, { name: 'wordpressPassword', label: 'Application password of that user (Users → Profile)', secret: true, optional: true },
    ],
  },
  shopify: {
    name: 'Shopify (your own shop)', baseUrl: 'your shop’s myshopify.com address',
    fields: [
      { name: 'address', label: 'Shop address (example.myshopify.com)', secret: false }, { name: 'clientId', label: 'Client id of your app', secret: false, optional: true }, { name: 'clientSecret', label: 'Client secret of your app', secret: true, optional: true },
      { name: 'accessToken', label: 'Or an access token, where you have one', secret: true, optional: true },
    ],
  },
  etsy: {
    name: 'Etsy', baseUrl: 'https://openapi.etsy.com',
    fields: [{ name: 'keystring', label: 'Keystring', secret: false }, { name: 'sharedSecret', label: 'Shared secret', secret: true }, { name: 'refreshToken', label: 'Refresh token', secret: true }],
  },
  reverb: { name: 'Reverb (musical gear: what is asked)', baseUrl: 'https://api.reverb.com', fields: [{ name: 'token', label: 'Personal access token', secret: true }] },
  bookscouter: { name: 'BookScouter (books: what buyers pay)', baseUrl: 'https://api.bookscouter.com', fields: [{ ...CONSENT, label: 'It needs no key and its interface is not documented: type yes to have it asked' }] },
  tcgplayer: { name: 'TCGplayer (cards, with an existing key)', baseUrl: 'https://api.tcgplayer.com', fields: [{ name: 'publicKey', label: 'Public key', secret: false }, { name: 'privateKey', label: 'Private key', secret: true }] },
  tcgcsv: { name: 'TCGplayer’s daily price files (tcgcsv.com)', baseUrl: 'https://tcgcsv.com', fields: [{ ...CONSENT, label: 'They need no key, and each is fetched once a day at most: type yes to have them read' }] },
} as const;
export type Account = keyof typeof ACCOUNTS;
