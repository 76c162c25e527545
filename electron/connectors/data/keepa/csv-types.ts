/**
 * Keepa's numbering of its histories (`Product.CsvType`). Money is in the market's minor units; a rating is in tenths; -1 stands for "none".
 * Source: Keepa's published API client structures, read 2026-11-21.
 */
export const CSV = {
  amazon: 0, new: 1, used: 2, salesRank: 3, listPrice: 4, newSellerFulfilledWithShipping: 7, warehouse: 9, newFulfilledByMarket: 10,
  offersNew: 11, offersUsed: 12, rating: 16, reviews: 17, buyBoxWithShipping: 18, ebayNewWithShipping: 28, ebayUsedWithShipping: 29,
} as const;

/** Histories of (time, price, shipping) in place of (time, value). */
const TRIPLES = new Set([7, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 32]);

export const isTriple = (type: number): boolean => TRIPLES.has(type);

/** What Keepa calls a product. To be looked at before anything else of it. */
export const PRODUCT_TYPE = { standard: 0, downloadable: 1, ebook: 2, priceHidden: 3, invalid: 4, variationParent: 5 } as const;

/** Amazon sites by Keepa's `domain`. */
export const DOMAINS: Readonly<Record<string, { readonly domain: number; readonly currency: string }>> = {
  'amazon-us': { domain: 1, currency: 'USD' }, 'amazon-uk': { domain: 2, currency: 'GBP' }, 'amazon-de': { domain: 3, currency: 'EUR' },
  'amazon-fr': { domain: 4, currency: 'EUR' }, 'amazon-jp': { domain: 5, currency: 'JPY' }, 'amazon-ca': { domain: 6, currency: 'CAD' },
  'amazon-it': { domain: 8, currency: 'EUR' }, 'amazon-es': { domain: 9, currency: 'EUR' }, 'amazon-in': { domain: 10, currency: 'INR' },
  'amazon-mx': { domain: 11, currency: 'MXN' }, 'amazon-br': { domain: 12, currency: 'BRL' },
};
