import { toIso } from '#kernel/time.ts';
import type { EbayCompetitor, Product, World } from '../../world/types.ts';
import { createHost, type VendorOptions, type VendorRequest, type VendorResponse, type VendorServer } from '../host.ts';

/** The practice account's token; others are refused. */
export const PRACTICE_REVERB = { token: 'practice-reverb-token' } as const;

const MOST_PER_PAGE = 50;
const PRODUCTS_PER_SEARCH = 10;

/** Sellers here ask a little more than on a general market, since buyers come for instruments. */
const DEARER = 1.04;

const usd = (minor: number) => ({ amount: (minor / 100).toFixed(2), amount_cents: minor, currency: 'USD', symbol: '$', display: `$${(minor / 100).toFixed(2)}` });

function listing(product: Product, offer: EbayCompetitor) {
  const id = Number(offer.itemId) % 100_000_000;
  return {
    id, make: product.brand, model: product.mpn || product.noun, title: product.title, created_at: toIso(offer.since), published_at: toIso(offer.since), shop_name: offer.sellerName, auction: false,
    condition: { uuid: '7c3f45de-2ae0-4c81-8400-fdb6b1d74890', display_name: 'Brand New', slug: 'brand-new' }, price: usd(Math.round(offer.priceMinor * DEARER)),
    shipping: { local: false, rates: [{ region_code: 'US', rate: usd(offer.shippingMinor) }] }, _links: { web: { href: `https://reverb.com/item/${id}` } },
  };
}

function search(world: World, { query, at }: VendorRequest): VendorResponse {
  const words = query.get('query') ?? '';
  const coded = world.catalog.byGtin(words);
  const found = (coded ? [coded] : [...world.catalog.search(words, { limit: PRODUCTS_PER_SEARCH }).products]).filter((product) => product.category === 'instruments' && product.kind !== 'parent');
  const all = found.flatMap((product) => world.market.ebayListings(product.id, at).map((offer) => listing(product, offer)));
  const size = Math.min(MOST_PER_PAGE, Math.max(1, Number(query.get('per_page') ?? 24) || 24));
  const page = Math.max(1, Number(query.get('page') ?? 1) || 1);
  return { status: 200, headers: { 'content-type': 'application/hal+json' }, body: { total: all.length, current_page: page, per_page: size, total_pages: Math.ceil(all.length / size), listings: all.slice((page - 1) * size, page * size) } };
}

/** Reverb's search of listings over the world's musical instruments. */
export function createReverbVendor(world: World, options: VendorOptions = {}): VendorServer {
  return createHost({
    name: 'reverb',
    world,
    routes: [{ method: 'GET', pattern: '/api/listings/all', name: 'listings', handle: (request) => search(world, request) }],
    before: (request) => (request.header('authorization') === `Bearer ${PRACTICE_REVERB.token}` ? null : { status: 401, body: { message: 'The access token is invalid' } }),
    errorBody: (status, message) => ({ status, body: { message } }),
  }, options);
}
