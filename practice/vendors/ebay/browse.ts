import type { EbayCompetitor, Product, World } from '../../world/types.ts';
import type { Route, VendorRequest, VendorResponse } from '../host.ts';
import { refuse } from './errors.ts';
import type { Shop } from './shop.ts';
import { leafOf } from './taxonomy.ts';

const MOST = 200;
/** Products whose listings one search brings together. */
const PRODUCTS_PER_SEARCH = 20;

const usd = (minor: number) => ({ value: (minor / 100).toFixed(2), currency: 'USD' });
const itemId = (listing: EbayCompetitor) => `v1|${listing.itemId}|0`;

function summary(world: World, listing: EbayCompetitor, product: Product) {
  return {
    itemId: itemId(listing), legacyItemId: listing.itemId, title: listing.title, itemWebUrl: `https://www.ebay.com/itm/${listing.itemId}`, price: usd(listing.priceMinor), buyingOptions: ['FIXED_PRICE'],
    condition: listing.condition === 'new' ? 'New' : 'Used', conditionId: listing.condition === 'new' ? '1000' : '3000', categories: [{ categoryId: leafOf(world, product) }], seller: { username: listing.sellerName },
    itemLocation: { country: 'US' }, shippingOptions: [{ shippingCostType: 'FIXED', shippingCost: usd(listing.shippingMinor) }],
  };
}

/** By code only what has it; by words what a buyer would be shown. */
function wanted({ world }: Shop, query: URLSearchParams): Product[] | VendorResponse {
  const gtin = query.get('gtin');
  const words = query.get('q');
  if (gtin === null && !words) return refuse(400, { errorId: 12_001, domain: 'API_BROWSE', message: "The call must have a valid 'q', 'category_ids', 'charity_ids', 'epid' or 'gtin' query parameter." });
  const byCode = world.catalog.byGtin(gtin ?? words ?? '');
  if (gtin !== null || byCode) return byCode ? [byCode] : [];
  return [...world.catalog.search(words ?? '', { limit: PRODUCTS_PER_SEARCH }).products].filter((product) => product.kind !== 'parent');
}

function search(shop: Shop, { query, at, path }: VendorRequest): VendorResponse {
  const products = wanted(shop, query);
  if (!Array.isArray(products)) return products;
  const limit = Math.min(MOST, Number(query.get('limit') ?? 50) || 50);
  const offset = Number(query.get('offset') ?? 0) || 0;
  const onlyNew = query.get('filter')?.includes('conditionIds:{1000}') ?? false;
  const all = products.flatMap((product) => shop.world.market.ebayListings(product.id, at).filter((listing) => !onlyNew || listing.condition === 'new').map((listing) => summary(shop.world, listing, product)));
  const page = all.slice(offset, offset + limit);
  return { status: 200, body: { href: path, total: all.length, limit, offset, ...(offset + page.length < all.length ? { next: `${path}?offset=${offset + limit}` } : {}), ...(page.length > 0 ? { itemSummaries: page } : {}) } };
}

/** The Browse API: what other sellers ask now. */
export function browseRoutes(shop: Shop): Route[] {
  return [{ method: 'GET', pattern: '/buy/browse/v1/item_summary/search', name: 'search', handle: (request) => search(shop, request) }];
}
