import { DAY_MS, toIso } from '#kernel/time.ts';
import type { EbaySold, Product } from '../../world/types.ts';
import type { Route, VendorRequest, VendorResponse } from '../host.ts';
import { refuse } from './errors.ts';
import type { Shop } from './shop.ts';
import { leafOf } from './taxonomy.ts';

const MOST = 200;
const DAYS = 90;

function sale(shop: Shop, sold: EbaySold, product: Product) {
  return {
    itemId: `v1|${sold.itemId}|0`, title: sold.title, itemWebUrl: `https://www.ebay.com/itm/${sold.itemId}`, condition: 'New', conditionId: '1000', buyingOptions: ['FIXED_PRICE'], categories: [{ categoryId: leafOf(shop.world, product) }],
    seller: { username: sold.sellerName }, itemLocation: { country: 'US' }, lastSoldDate: toIso(sold.lastSoldAt), lastSoldPrice: { value: (sold.lastPriceMinor / 100).toFixed(2), currency: 'USD' }, totalSoldQuantity: sold.units,
  };
}

/** By code alone: what listings of other sellers sold in the last 90 days. */
function search(shop: Shop, { query, at, path }: VendorRequest): VendorResponse {
  const gtin = query.get('gtin');
  if (gtin === null) return refuse(400, { errorId: 12_001, domain: 'API_BROWSE', message: 'The call must have a valid gtin query parameter.' });
  const product = shop.world.catalog.byGtin(gtin);
  const limit = Math.min(MOST, Number(query.get('limit') ?? 50) || 50);
  const offset = Number(query.get('offset') ?? 0) || 0;
  const onlyUsed = /conditionIds:\{(?!1000)/.test(query.get('filter') ?? '');
  const all = product && !onlyUsed ? shop.world.market.ebaySold(product.id, { from: at - DAYS * DAY_MS, to: at }) : [];
  const page = all.slice(offset, offset + limit);
  return { status: 200, body: { href: path, total: all.length, limit, offset, ...(product && page.length > 0 ? { itemSales: page.map((sold) => sale(shop, sold, product)) } : {}) } };
}

/** The Marketplace Insights API: what was sold. */
export function insightsRoutes(shop: Shop): Route[] {
  return [{ method: 'GET', pattern: '/buy/marketplace_insights/v1_beta/item_sales/search', name: 'searchSales', handle: (request) => search(shop, request) }];
}
