import path from 'node:path';
import { readProduct } from '#connectors/data/keepa/read-product.ts';
import { productSchema } from '#connectors/data/keepa/schema.ts';
import { WordsIdentifier } from '#engine/catalog/index.ts';
import type { AskingPrice, AskingPricesPort, CatalogSearchPort, MarketData, MarketDataPort, RestrictionPort, SoldCountPort } from '#engine/catalog/ports.ts';
import type { RawOffer } from '#engine/sources/index.ts';
import { readFeeCards, resolveCategory, selectFeeCard } from '#engine/pricing/index.ts';
import { CARD_CHANNEL } from '#engine/opportunities/fee-context.ts';
import { BUSINESS, PRACTICE_BUSINESS, putSetting } from '#engine/settings/index.ts';
import type { OpportunitiesDeps } from '#engine/opportunities/index.ts';
import { money } from '#kernel/money.ts';
import { DAY_MS, ManualClock, utcDay } from '#kernel/time.ts';
import { createWorld, type World } from '#practice/world/index.ts';
import type { Outlet, Product } from '#practice/world/types.ts';
import { termsOf } from '#practice/shop-terms.ts';
import { productBody } from '#practice/vendors/keepa/product-body.ts';
import { renderProduct } from '#practice/vendors/woocommerce/render-product.ts';
import { createTestRuntime, type TestRuntime } from '#runtime/testing.ts';
import { parseProduct } from '#scrapers/sites/woocommerce/parse.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** As every practice run begins. */
export const START = Date.UTC(2026, 8, 1);
const HISTORY_DAYS = 90;

export interface FoundDesk {
  readonly world: World;
  readonly runtime: TestRuntime;
  readonly opportunities: OpportunitiesDeps;
  /** Our source by outlet. */
  readonly sources: ReadonlyMap<string, string>;
  close(): Promise<void>;
}

/** Keepa's answers through its own reader, without the wire: what it costs the program to understand them is part of the time. */
function marketDataOf(world: World): MarketDataPort {
  const known = new Map<number, MarketData>();
  const readOf = (product: Product, days: number) => readProduct(productSchema.parse(productBody(world, product, { at: world.now(), history: true, buyBox: false, rating: false, statsDays: HISTORY_DAYS, days })), 'amazon-us', 'USD');
  const dataOf = (product: Product): MarketData => {
    let data = known.get(product.id);
    if (!data) known.set(product.id, (data = readOf(product, HISTORY_DAYS)));
    return data;
  };
  return {
    connector: 'keepa', market: 'amazon-us',
    estimate: (count) => Promise.resolve({ cost: count, unit: 'token', calls: 1, durationMs: 0 }),
    quota: () => Promise.resolve({ unit: 'token', available: 1_000, refillPerMinute: 60, capacity: 3_600, asOf: world.now() }),
    historyDays: HISTORY_DAYS,
    lookup: (codes, { historyDays = HISTORY_DAYS } = {}) => Promise.resolve({
      at: world.now(), unreadable: [],
      matches: codes.map((code) => {
        const product = code.kind === 'gtin' ? world.catalog.byGtin(code.value) : world.catalog.byAsin(code.value);
        return { code, items: product ? [historyDays === HISTORY_DAYS ? dataOf(product) : readOf(product, historyDays)] : [] };
      }),
    }),
  };
}

/** Amazon's search by words, without the wire. */
function searchOf(world: World): CatalogSearchPort {
  return {
    connector: 'amazon-sp-api', market: 'amazon-us',
    search: (words, { most = 10 } = {}) => Promise.resolve({
      at: world.now(), unreadable: [],
      items: world.catalog.search(words, { limit: most }).products.map((p) => ({
        market: 'amazon-us', externalId: p.asin, kind: p.kind === 'parent' ? 'variation-parent' as const : 'standard' as const, title: p.title, brand: p.brand, partNumber: p.mpn || undefined, codes: [], categoryPath: [], hazards: [], packageMeasures: { weightGrams: p.weightG },
      })),
    }),
  };
}

/** What others ask on eBay, without the wire. */
function asksOf(world: World): AskingPricesPort {
  return {
    connector: 'ebay-browse', market: CARD_CHANNEL,
    askingPrices: ({ code }) => {
      const product = code && world.catalog.byGtin(code.value);
      const items = product ? world.market.ebayListings(product.id, world.now()) : [];
      return Promise.resolve({
        at: world.now(), unreadable: [], total: items.length,
        items: items.map((one): AskingPrice => ({ market: CARD_CHANNEL, listingId: one.itemId, url: `https://www.ebay.com/itm/${one.itemId}`, title: one.title, price: money(one.priceMinor, 'USD'), shipping: money(one.shippingMinor, 'USD'), condition: 'new', sale: 'fixed' })),
      });
    },
  };
}

/** Whether Amazon lets a new account sell it, without the wire. */
function restrictionsOf(world: World): RestrictionPort {
  return {
    connector: 'amazon-sp-api', market: 'amazon-us',
    restriction: (asin, condition) => {
      const restriction = world.catalog.byAsin(asin)?.restriction ?? 'none';
      const allowed = restriction === 'none';
      return Promise.resolve({ externalId: asin, condition, allowed, reasons: allowed ? [] : [{ code: restriction === 'not-eligible' ? 'not-eligible' : 'approval-required', message: restriction }], at: world.now() });
    },
  };
}

/** What others sold on eBay in the last 90 days, without the wire. */
function soldOn(world: World): SoldCountPort {
  return {
    connector: 'ebay-insights', market: CARD_CHANNEL,
    sold: (code) => {
      const product = world.catalog.byGtin(code.value);
      const at = world.now();
      const sold = product ? world.market.ebaySold(product.id, { from: at - HISTORY_DAYS * DAY_MS, to: at }) : [];
      return Promise.resolve({ at, days: HISTORY_DAYS, units: sold.reduce((sum, one) => sum + one.units, 0) });
    },
  };
}

const isOffer = (read: ReturnType<typeof parseProduct>): read is RawOffer => 'price' in read;

/** What an outlet shows of some of its offers, by their numbers, through the WooCommerce reader. Suppliers' lists, which another reader reads, are left out. */
export function offersOf(world: World, outlet: Outlet, isAsked: (number: number) => boolean): RawOffer[] {
  const at = world.now();
  return world.shops.offers(outlet.id).filter((offer) => isAsked(offer.number)).flatMap((offer) => {
    const state = world.shops.state(outlet.id, offer.number, at);
    if (!state || state.priceMinor === null) return [];
    const read = parseProduct(renderProduct({ outlet, baseUrl: `https://${outlet.id}.invalid`, offer, state }), { where: String(offer.number), seenAt: at, currency: outlet.currency, label: outlet.name });
    return isOffer(read) ? [{ ...read, ...(offer.condition === 'used' ? { condition: 'used' as const } : {}) }] : [];
  });
}

/** A desk with the practice business over a world, its shops as sources, and the data vendor beside them. Nothing is scanned yet. */
export async function openFoundDesk(seed: number): Promise<FoundDesk> {
  const clock = new ManualClock(START);
  const world = createWorld({ seed, clock, startAt: START });
  const runtime = await createTestRuntime({ clock });
  const { context: ctx } = runtime;
  await ctx.db.transaction((tx) => putSetting(tx, BUSINESS, PRACTICE_BUSINESS, START));
  const feeCards = readFeeCards(path.join(ROOT, 'resources/fee-cards'));
  const card = selectFeeCard(feeCards, 'amazon-us', utcDay(START));
  const categoryOf = (words: readonly string[]) => {
    for (const word of words.toReversed()) {
      const found = card ? resolveCategory(card, word) : null;
      if (found !== null) return found;
    }
    return null;
  };
  const words = new WordsIdentifier({ ctx, search: searchOf(world), judge: null });
  const opportunities: OpportunitiesDeps = { ctx, feeCards, words, askedMarkets: [{ port: asksOf(world), categories: null }], ...(process.env['RESALE_BENCH_UNSOLD'] ? {} : { soldCounts: [soldOn(world)] }), catalog: { ctx, marketData: marketDataOf(world), currentPrices: null, restrictions: restrictionsOf(world), categoryOf } };
  const sources = new Map<string, string>();
  for (const outlet of world.shops.outlets.filter((o) => o.kind !== 'price-list' && o.kind !== 'ouedkniss')) {
    const id = ctx.ids.next('source');
    await ctx.db.prisma.source.create({ data: { id, kind: 'woocommerce', name: outlet.name, baseUrl: `https://${outlet.id}.invalid`, config: JSON.stringify({ site: {}, terms: termsOf(outlet) }), createdAt: BigInt(START) } });
    sources.set(outlet.id, id);
  }
  return {
    world, runtime, opportunities, sources,
    close: async () => {
      world.close();
      await runtime.close();
    },
  };
}

