import { money } from '#kernel/money.ts';
import { shortestGtin } from '#kernel/identifiers.ts';
import type { Database } from '#runtime/ports.ts';
import { findProduct, findSnapshots, valueNow, type MarketFacts, type ProductRecord, type SeriesKey } from '#engine/catalog/index.ts';
import type { ListingFactsPort, MarketPricePort } from '#engine/listings/index.ts';
import { feeCategoryOf, priceSeriesFor } from '#engine/opportunities/index.ts';
import { selectFeeCard, type FeeCard } from '#engine/pricing/index.ts';
import { utcDay, type Clock } from '#kernel/time.ts';

/** Pictures of the thing, from the shops that sell it. */
const MOST_PICTURES = 8;

/** What a buyer on Amazon pays by default, else the lowest new offer. */
const AMAZON_PRICE_SERIES: readonly SeriesKey[] = ['buyBox', 'new'];

/** The catalogue's words for what channels ask of a thing. */
const ASPECTS: readonly (readonly [attribute: string, aspect: string])[] = [['mpn', 'MPN'], ['model', 'Model'], ['author', 'Author']];

function aspectsOf(product: ProductRecord): Record<string, string[]> {
  const known = ASPECTS.flatMap(([attribute, aspect]) => {
    const value = product.attributes[attribute];
    return typeof value === 'string' && value !== '' ? [[aspect, [value]] as const] : [];
  });
  return { ...(product.brand ? { Brand: [product.brand] } : {}), ...Object.fromEntries(known) };
}

/** Which history tells what the thing sells for there: Amazon's own for Amazon, what eBay's buyers pay for all others. */
function priceSeriesOn(channel: string, facts: MarketFacts): SeriesKey | null {
  const shown = channel.startsWith('amazon-') ? AMAZON_PRICE_SERIES.find((key) => facts.series[key] && valueNow(facts.series[key]) !== null) : undefined;
  return shown ?? priceSeriesFor(facts);
}

export interface ListingFactsGiven {
  readonly db: Database;
  readonly clock: Clock;
  readonly feeCards: readonly FeeCard[];
}

/** Joins the catalogue to listings: what is known of a product, and what it sells for now. Facts alone; what is not known stays out. */
export function createListingFacts({ db, clock, feeCards }: ListingFactsGiven): ListingFactsPort & MarketPricePort {
  return {
    async facts(productId, channel) {
      const product = await findProduct(db, productId);
      if (!product) throw new Error(`there is no product ${productId}`);
      const card = selectFeeCard(feeCards, channel, utcDay(clock.now()));
      const { lengthMm, widthMm, heightMm, weightG } = product;
      const mpn = product.attributes['mpn'];
      const pictures = await db.prisma.offer.findMany({ where: { productId, imageUrl: { startsWith: 'https://' } }, orderBy: { id: 'asc' }, take: MOST_PICTURES, select: { imageUrl: true } });
      return {
        title: product.title, brand: product.brand, mpn: typeof mpn === 'string' && mpn !== '' ? mpn : null, gtins: product.gtin ? [shortestGtin(product.gtin)] : [],
        imageUrls: [...new Set(pictures.map((p) => p.imageUrl).filter((url) => url !== null))], category: card ? feeCategoryOf(card, product) : null,
        aspects: aspectsOf(product), page: channel === 'amazon-us' ? product.asin : null,
        measures: { lengthMm, widthMm, heightMm, weightG },
        package: lengthMm && widthMm && heightMm && weightG ? { lengthMm, widthMm, heightMm, weightG } : null,
      };
    },
    async measure(productId, measures) {
      const known = Object.fromEntries(Object.entries(measures).filter(([, value]) => value !== null && value !== undefined));
      await db.transaction((tx) => tx.product.update({ where: { id: productId }, data: { ...known, updatedAt: clock.now() } }));
    },
    async priceNow(productId, channel) {
      const snapshot = (await findSnapshots(db, 'keepa', [productId])).get(productId);
      const key = snapshot ? priceSeriesOn(channel, snapshot.facts) : null;
      const minor = snapshot && key ? valueNow(snapshot.facts.series[key]) : null;
      return snapshot && minor !== null ? { price: money(minor, snapshot.facts.currency), source: `keepa ${key}`, at: snapshot.fetchedAt } : null;
    },
  };
}
