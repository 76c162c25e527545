import { money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import { unpackSeries, valueNow, type MarketFacts, type SeriesKey } from '#engine/catalog/index.ts';
import type { LearnedCorrection, MarketEvidence, SeriesPoint } from '#engine/pricing/index.ts';

/** Where a unit sells, best evidence first: the channel's own offers, then what the largest shop takes. */
const EBAY_PRICE_SERIES: readonly SeriesKey[] = ['ebayNew', 'newFulfilledBySeller', 'new', 'buyBox'];
/** A series with fewer points than this says too little to stand alone. */
const ENOUGH_POINTS = 8;

/**
 * Of the units that Amazon sells of a product, what eBay sells of it at the same price. An assumption of this program, to be replaced by own
 * settled sales; every estimate that rests on it names demand as uncertain.
 */
const EBAY_SHARE_OF_AMAZON = 0.15;
/** Of the offers that Amazon has of a product, as many stand on eBay: an assumption of this program, until eBay's own are counted. */
const EBAY_OFFERS_OF_AMAZON = 0.5;

export interface OwnSales {
  readonly units: number;
  readonly days: number;
  readonly returns: number;
  readonly averagePriceMinor: number | null;
}

function points(facts: MarketFacts, key: SeriesKey): SeriesPoint[] {
  const packed = facts.series[key];
  if (!packed) return [];
  const series = unpackSeries(packed);
  return series.at.map((at, i) => ({ at, value: series.value[i] ?? null }));
}

/** Which history prices on eBay are read from; null when nothing was ever offered. */
export function priceSeriesFor(facts: MarketFacts): SeriesKey | null {
  const withValues = EBAY_PRICE_SERIES.filter((key) => facts.series[key]?.value.some((v) => v !== null));
  return withValues.find((key) => facts.series[key]!.value.length >= ENOUGH_POINTS) ?? withValues[0] ?? null;
}

/** What the market shows of a product that would be sold on eBay. Amounts in the facts' currency. */
export function gatherEvidence(facts: MarketFacts, { own, at, calibration, rivals }: { readonly own: OwnSales | null; readonly at: Instant; readonly rivals: number | null; readonly calibration: LearnedCorrection | null }): MarketEvidence {
  const key = priceSeriesFor(facts);
  const amount = (minor: number | null) => (minor === null ? null : money(minor, facts.currency));
  const offers = valueNow(facts.series.offersNew);
  const now = valueNow(facts.series[key ?? 'new']);
  return {
    at, currency: facts.currency,
    prices: key ? points(facts, key) : [],
    lowestOffer: amount(now),
    buyBox: null,
    competingOffers: rivals ?? (offers === null ? null : offers * EBAY_OFFERS_OF_AMAZON),
    vendorSells: false,
    channelShare: EBAY_SHARE_OF_AMAZON,
    monthlySold: facts.monthlySold,
    rankDrops30: facts.rankDrops30,
    rankDrops90: facts.rankDrops90,
    ranks: points(facts, 'salesRank'),
    ...(calibration ? { calibration: { priceBp: calibration.priceBp, demandBp: calibration.demandBp, leastSigma: calibration.spreadBp / 10_000 } } : {}),
    own: own ? { units: own.units, days: own.days, returns: own.returns, averagePrice: amount(own.averagePriceMinor) } : null,
  };
}
