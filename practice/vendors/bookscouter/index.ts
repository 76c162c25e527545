import type { Product, World } from '../../world/types.ts';
import { createHost, type VendorOptions, type VendorRequest, type VendorResponse, type VendorServer } from '../host.ts';

interface Buyer {
  readonly id: number;
  readonly name: string;
  /** Of what the book fetches used, in percent, at most. */
  readonly share: number;
  /** Dollars; the buyer takes no parcel worth less. */
  readonly minimumOrder: number;
}

const BUYERS: readonly Buyer[] = [
  { id: 1, name: 'Practice Book Buyback', share: 46, minimumOrder: 5 }, { id: 2, name: 'Campus Returns', share: 52, minimumOrder: 15 }, { id: 3, name: 'Second Shelf', share: 38, minimumOrder: 0 }, { id: 4, name: 'Textbook Exchange', share: 58, minimumOrder: 25 },
];

/** What a buyer pays today, in cents: a share of the used price, less where the buyer has enough of it. */
function paid(world: World, product: Product, given: { readonly buyer: Buyer; readonly at: number }): number {
  const used = world.market.value(product.id, 'used', given.at) ?? world.market.value(product.id, 'ebayUsed', given.at);
  if (used === null) return 0;
  const week = Math.floor(given.at / 604_800_000);
  // Spread over books, buyers and weeks; nothing more is asked of it.
  const wanted = (product.id * 7_919 + given.buyer.id * 104_729 + week * 1_299_709) % 100;
  return wanted < 35 ? 0 : Math.round((used * given.buyer.share * (60 + (wanted % 41))) / 10_000);
}

function sell(world: World, { params, at }: VendorRequest): VendorResponse {
  const product = world.catalog.byGtin(params['isbn'] ?? '');
  if (product?.category !== 'books' || product.gtin === null) return { status: 404, body: { message: 'Book not found' } };
  const prices = BUYERS.map((buyer) => ({ price: paid(world, product, { buyer, at }) / 100, vendor: { id: buyer.id, name: buyer.name, minimumOrder: buyer.minimumOrder } }));
  return { status: 200, body: { book: { title: product.title, author: product.author ? [product.author] : [], isbn13: product.gtin, isbn10: product.isbn10 }, prices } };
}

/** What buyers of used books pay, as BookScouter's public page asks for it. */
export function createBookScouterVendor(world: World, options: VendorOptions = {}): VendorServer {
  return createHost({
    name: 'bookscouter',
    world,
    routes: [{ method: 'GET', pattern: '/v4/prices/sell/{isbn}', name: 'sell', handle: (request) => sell(world, request) }],
    errorBody: (status, message) => ({ status, body: { message } }),
  }, options);
}
