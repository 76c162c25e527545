import type { Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import type { CallOptions, CurrentPrices, UnreadableItem } from '#engine/catalog/ports.ts';
import { excerptOf, faultsOf, moneyFromNumber } from '../../http/index.ts';
import { priceSchema, pricingAnswerSchema, type SpAmount, type SpPrice } from './schema.ts';
import type { SpClient } from './sp-client.ts';

/** Amazon's ids of competitive prices: the buy box in new and in used condition. */
const NEW_BUY_BOX = '1';
const USED_BUY_BOX = '2';

/** An amount that the currency's digits cannot hold. */
class StrangeAmount extends Error {}

function amountOf(amount: SpAmount): Money {
  const read = moneyFromNumber(amount.Amount, amount.CurrencyCode);
  if (!read) throw new StrangeAmount(`${amount.Amount} ${amount.CurrencyCode} is no amount`);
  return read;
}

type Competitive = NonNullable<NonNullable<SpPrice['Product']>['CompetitivePricing']>;

function landed(pricing: Competitive | undefined, id: string): Money | undefined {
  const price = pricing?.CompetitivePrices.find((entry) => entry.CompetitivePriceId === id)?.Price;
  if (!price) return undefined;
  if (price.LandedPrice) return amountOf(price.LandedPrice);
  const listing = amountOf(price.ListingPrice);
  return price.Shipping ? { ...listing, minor: listing.minor + amountOf(price.Shipping).minor } : listing;
}

const offersIn = (pricing: Competitive | undefined, condition: string) => pricing?.NumberOfOfferListings.find((entry) => entry.condition.toLowerCase() === condition)?.Count;

function readPrice(price: SpPrice, asin: string, client: SpClient): CurrentPrices {
  const pricing = price.Product?.CompetitivePricing;
  const ranks = price.Product?.SalesRankings ?? [];
  // Of its ranks the one in a whole display group (a word) is the main one; the others are in browse nodes (numbers).
  const main = ranks.find((rank) => !/^\d+$/.test(rank.ProductCategoryId)) ?? ranks[0];
  return {
    market: client.market, externalId: asin, buyBoxNew: landed(pricing, NEW_BUY_BOX), buyBoxUsed: landed(pricing, USED_BUY_BOX),
    ours: pricing?.CompetitivePrices.some((entry) => entry.CompetitivePriceId === NEW_BUY_BOX && entry.belongsToRequester === true) ?? false,
    offersNew: offersIn(pricing, 'new'), offersUsed: offersIn(pricing, 'used'), salesRank: main?.Rank,
  };
}

export interface PricesAnswer {
  readonly items: readonly CurrentPrices[];
  readonly missing: readonly string[];
  readonly unreadable: readonly UnreadableItem[];
  readonly at: Instant;
}

/** `getCompetitivePricing` (Product Pricing v0): 20 ASINs a call. */
export async function readPrices(client: SpClient, asins: readonly string[], options: CallOptions & { readonly now: () => Instant }): Promise<PricesAnswer> {
  const items = new Map<string, CurrentPrices>();
  const unreadable: UnreadableItem[] = [];
  const wanted = [...new Set(asins)];
  const size = client.batchOf('getCompetitivePricing');
  for (let i = 0; i < wanted.length; i += size) {
    const { payload } = await client.call('getCompetitivePricing', {
      operation: 'read competitive prices', method: 'GET', path: '/products/pricing/v0/competitivePrice', schema: pricingAnswerSchema, signal: options.signal,
      query: { MarketplaceId: client.marketplaceId, Asins: wanted.slice(i, i + size), ItemType: 'Asin' },
    });
    for (const [place, raw] of payload.entries()) {
      const parsed = priceSchema.safeParse(raw);
      const asin = parsed.success ? parsed.data.ASIN : undefined;
      try {
        if (!parsed.success) throw new StrangeAmount(faultsOf(parsed.error));
        if (asin !== undefined && parsed.data.status === 'Success') items.set(asin, readPrice(parsed.data, asin, client));
      } catch (error) {
        if (!(error instanceof StrangeAmount)) throw error;
        unreadable.push({ where: asin ?? `item ${i + place + 1}`, reason: error.message, excerpt: excerptOf(raw) });
      }
    }
  }
  return { items: wanted.flatMap((asin) => items.get(asin) ?? []), missing: wanted.filter((asin) => !items.has(asin) && !unreadable.some((entry) => entry.where === asin)), unreadable, at: options.now() };
}
