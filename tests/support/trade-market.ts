import { createEbayVendor, type EbayVendor } from '#practice/vendors/ebay/index.ts';
import type { VendorServer } from '#practice/vendors/host.ts';
import { createWooCommerceVendor } from '#practice/vendors/woocommerce/index.ts';
import { createWorld, type World } from '#practice/world/index.ts';
import { ManualClock } from '#kernel/time.ts';
import type { OfferFacts } from './trade-desk.ts';

const START = Date.UTC(2026, 10, 2);
const FIRST_PRODUCT_ID = 1_000;

/** A small practice world with one shop and eBay, on a clock that the test moves. */
export interface TradeMarket {
  readonly world: World;
  /** Of the shop. */
  readonly outletId: string;
  readonly clock: ManualClock;
  readonly shop: VendorServer;
  readonly ebay: EbayVendor;
  close(): Promise<void>;
}

export async function startTradeMarket({ seed = 7, outletId = 'maplecart' }: { readonly seed?: number; readonly outletId?: string } = {}): Promise<TradeMarket> {
  const clock = new ManualClock(START);
  const world = createWorld({ seed, clock, startAt: START, productCount: 2_000, priceListRows: 50 });
  const shop = createWooCommerceVendor(world, { outletId });
  const ebay = createEbayVendor(world);
  await Promise.all([shop.start(), ebay.start()]);
  return {
    world, clock, shop, ebay, outletId,
    async close() {
      await Promise.all([shop.close(), ebay.close()]);
      world.close();
    },
  };
}

/** Offers of the shop that are cheap beside what eBay sells the same thing for and that people want, best first; of a shop in another currency, all that can be named. */
export function worthwhileOffers(market: TradeMarket, quantity: number): OfferFacts[] {
  const { world, clock, outletId } = market;
  const at = clock.now();
  const found: { facts: OfferFacts; score: number }[] = [];
  for (const offer of world.shops.offers(outletId)) {
    const state = world.shops.state(outletId, offer.number, at);
    const gtin = offer.idText?.replace(/\D/g, '') ?? '';
    const product = gtin.length >= 12 ? world.catalog.byGtin(gtin) : undefined;
    if (!state?.priceMinor || !state.shownInStock || !product?.gtin || product.restriction !== 'none' || world.shops.available(outletId, offer.number, at) < quantity + 3) continue;
    const market30 = world.market.snapshot(product.id, at);
    const price = market30.values.ebayNew ?? market30.values.buyBox;
    if (price === null || (state.currency === 'USD' && (price < state.priceMinor * 1.6 || state.priceMinor * quantity < 6_000 || price > 30_000))) continue;
    found.push({
      score: market30.values.monthlySold ?? 0,
      facts: {
        externalId: String(FIRST_PRODUCT_ID + offer.number), title: product.title, brand: product.brand, gtin: product.gtin, priceMinor: state.priceMinor, currency: state.currency, shippingMinor: state.currency === 'USD' ? 0 : world.shops.outlet(outletId).shippingMinor, salePriceMinor: Math.floor(price * 0.8), quantity, weightG: product.weightG,
      },
    });
  }
  return found.sort((a, b) => b.score - a.score).map(({ facts }) => facts);
}
