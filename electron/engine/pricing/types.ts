import type { Currency, Money, Rate } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';
import type { Confidence } from './fee-card.ts';

export type StoreLevel = 'none' | 'starter' | 'basic' | 'premium' | 'anchor' | 'enterprise';
export type Fulfilment = 'fba' | 'fbm';

/** One packed unit as it is sold. Whole millimetres and grams are taken as rounded: half a unit of slack is allowed at each tier's edge. */
export interface Package {
  readonly lengthMm: number;
  readonly widthMm: number;
  readonly heightMm: number;
  readonly weightG: number;
}

/** All that a sale's fees depend on beside its price. One unit in one order. */
export interface FeeContext {
  /** The card's category id (see `resolveCategory`); null takes the default rates. */
  readonly category: string | null;
  readonly fulfilment: Fulfilment;
  /** What the buyer pays for shipping. */
  readonly buyerShipping: Money;
  /** Sales tax on item and shipping, estimated, in basis points. It counts only where the card's base includes it. */
  readonly salesTaxBp: number;
  readonly package: Package | null;
  readonly storeLevel?: StoreLevel;
  readonly international?: boolean;
  readonly belowStandard?: boolean;
  /** Listings already made this month. */
  readonly listingsThisMonth?: number;
  /** UTC day of the sale, `2026-11-21`. */
  readonly day: string;
}

/** One fee. `labelKey` names a message of the desk; `amount` is what the seller pays, never negative. */
export interface FeeLine {
  readonly code: string;
  readonly labelKey: string;
  readonly amount: Money;
  /** What the rate was taken of; null for a fixed amount. */
  readonly basis: Money | null;
  /** In basis points; the effective one where tiers mix; null for a fixed amount. */
  readonly rateBp: number | null;
  /** The card that it comes from. */
  readonly cardId: string;
  readonly source: string;
  readonly confidence: Confidence;
  /** Size tier or band that decided, where there is one: `large-standard`. */
  readonly detail: string | null;
}

/** A gap in what is known, with what the screen needs to say it in any language. */
export interface Coded<Code extends string = string> {
  readonly code: Code;
  readonly data: Readonly<Record<string, string | number | boolean | null | Money>>;
}

export interface FeeResult {
  readonly lines: readonly FeeLine[];
  readonly total: Money;
  readonly confidence: Confidence;
  /** `fees.category-unknown`, `fees.package-unknown`, `fees.size-tier-conflict`. */
  readonly unknowns: readonly Coded[];
}

/** An exchange rate with its origin. `official` is the bank's; `parallel` the one that people really pay. */
export interface SourcedRate {
  readonly rate: Rate;
  readonly kind: 'official' | 'parallel';
  readonly asOf: Instant;
  readonly source: string;
}

/** An outlay for the whole lot, such as freight; converted with `LandedCostInput.rate` when in another currency. */
export interface LotCost {
  readonly amount: Money;
  readonly source: string;
}

export interface LandedCostInput {
  /** What one purchase unit (a piece, a pack, a case) costs, before tax. */
  readonly unitPrice: Money;
  /** Purchase units bought. */
  readonly quantity: number;
  /** Pieces in one purchase unit. */
  readonly piecesPerPurchase: number;
  /** Pieces in one unit that will be sold; a pack of 12 bought and sold as packs of 3 is 12 and 3. */
  readonly piecesPerSale: number;
  /** Where `unitPrice` is from: a page, a price list's row. */
  readonly priceSource: string;
  /** Shipping for the whole lot; nothing where its goods come to `freeFrom`, which is in the currency of `unitPrice`. */
  readonly shippingIn?: LotCost & { readonly freeFrom?: Money };
  /** Carriage of the whole lot from abroad, beyond what the seller charges. */
  readonly freight?: LotCost;
  /** Prep (labels, bags, repacking) for each unit sold, in `homeCurrency`. */
  readonly prepPerSaleUnit?: LotCost;
  /** Duty on goods and shipping, basis points. */
  readonly customs?: { readonly rateBp: number; readonly fixed?: Money; readonly source: string };
  /** What paying costs: a share and a fixed part for the payment. */
  readonly paymentFee?: { readonly rateBp: number; readonly fixed?: Money; readonly source: string };
  /** Purchase tax (VAT, sales tax) on goods, shipping and duty; a `recoverable` one is shown and not counted. */
  readonly tax?: { readonly rateBp: number; readonly recoverable: boolean; readonly source: string };
  /** Needed when anything is in another currency than `homeCurrency`. */
  readonly rate?: SourcedRate;
  readonly homeCurrency: Currency;
}

export interface CostLine {
  readonly code: 'cost.goods' | 'cost.shipping-in' | 'cost.freight' | 'cost.prep' | 'cost.customs' | 'cost.payment-fee' | 'cost.tax' | 'cost.tax-recoverable';
  readonly labelKey: string;
  /** For the whole lot, in the home currency. */
  readonly lot: Money;
  /** For one unit sold: the largest of the integer shares. */
  readonly perUnit: Money;
  /** As it was before conversion. */
  readonly original: Money;
  readonly rateBp: number | null;
  readonly source: string;
  /** False for a line that is only shown. */
  readonly counted: boolean;
}

export interface LandedCost {
  readonly lines: readonly CostLine[];
  /** All counted lines of the lot. */
  readonly lot: Money;
  /** Units that can be sold out of the lot; pieces that do not fill a unit are left over and carried by the others. */
  readonly saleUnits: number;
  readonly leftoverPieces: number;
  /** Largest integer share of `lot` for one unit: what estimates use. The shares sum to `lot` (`shares`). */
  readonly perUnit: Money;
  readonly rate: SourcedRate | null;
}

/** The value holds until the next point's instant; `value` is null while there was no offer. Ascending by `at`. */
export interface SeriesPoint {
  readonly at: Instant;
  readonly value: number | null;
}

/**
 * How much more a category sells at one time of the year than at another: the logarithm of demand as a wave of a year and one of half a year, `a cos + b sin` of each. Nothing learned is no wave.
 */
export interface SeasonWave {
  /** a and b of the year's wave, then of the half year's, ten-thousandths of a logarithm. */
  readonly waveBp: readonly [number, number, number, number];
}

export type TrendDirection = 'rising' | 'collapsing' | 'steady' | 'unknown';

/** What a history says: robust level now, where it broke, where it goes. Values are those of the series (minor units, ranks). */
export interface SeriesSummary {
  /** Recent robust level; null without any value in the window. */
  readonly level: number | null;
  /** Median of the whole window's days; null without any value in it. */
  readonly usual: number | null;
  /** Geometric mean of the whole window's days; null without any value in it. */
  readonly mean: number | null;
  /** Of the last 30 days, the share on which it fell less that on which it rose, as far as that is beyond chance: 0 for what wanders or jumps, a fifth and more for what keeps falling. */
  readonly netFalls: number;
  readonly direction: TrendDirection;
  /** The latest change point, if one was found. */
  readonly changeAt: Instant | null;
  /** The level after the change over the one before, natural logarithm; 0 without a change point. */
  readonly changeLog: number;
  /** Drift of the natural logarithm a day in the current regime, already shrunk by its uncertainty. */
  readonly driftPerDay: number;
  /** Passing spread (standard deviation of the natural logarithm) around the level. */
  readonly sigma: number;
  /** Standard deviation of the level's own lasting move in one day, for a forecast's growing spread. */
  readonly dailySigma: number;
  /** Days of the window with a value. */
  readonly observedDays: number;
  /** Days since the last value. */
  readonly staleDays: number;
  /** Log change expected from the season, from last year's same days, shrunk; 0 with under 13 months. */
  readonly seasonLog: number;
}

/** What the market shows about one product on one channel. Absent means not known, which is never the same as none. */
export interface MarketEvidence {
  readonly at: Instant;
  readonly currency: Currency;
  /** Prices at which a unit sells (Buy Box, else lowest new), minor units. */
  readonly prices: readonly SeriesPoint[];
  /** Set where `prices`, `buyBox` and `lowestOffer` are of another market than that of the sale: what the sale brings of them, and the spread of that (standard deviation of the natural logarithm). */
  readonly otherMarket?: { readonly ratio: number; readonly sigma: number };
  readonly buyBox?: Money | null;
  readonly lowestOffer?: Money | null;
  /** Offers that a new one would share the demand with. */
  readonly competingOffers?: number | null;
  /** The marketplace itself sells it. */
  readonly vendorSells?: boolean | null;
  /** As the marketplace shows it, where `channelShare` is of it. */
  readonly monthlySold?: number | null;
  /** Of what the marketplace sells, the part that the channel of the sale sells; 1 where it is the same. */
  readonly channelShare?: number;
  /** Units that the channel of the sale is known to have sold of it, all sellers together, and in how many days on which somebody offered it; null where nobody did. Absent: the channel does not say what it sells. */
  readonly channelSold?: { readonly units: number; readonly days: number } | null;
  readonly rankDrops30?: number | null;
  readonly rankDrops90?: number | null;
  readonly ranks?: readonly SeriesPoint[];
  /** Of the product's category, where one was learned: how much more is sold at one time of the year than at another. */
  readonly season?: SeasonWave;
  /** Own sales of this product. */
  readonly own?: { readonly units: number; readonly days: number; readonly returns: number; readonly averagePrice: Money | null } | null;
  /** Prices of like items when there is no history: sold ones tell more than asking ones. */
  readonly comparables?: readonly { readonly price: Money; readonly kind: 'sold' | 'asking' }[];
  /** Correction learned from settled sales of this category and source: price and demand in basis points of the estimate (10,000 changes nothing), and the least spread (log standard deviation) that sales showed around it. */
  readonly calibration?: { readonly priceBp: number; readonly leastSigma: number; readonly demandBp: number; /** Of `channelShare`, by what the channel itself says that it sold of the category's products; it then stands in place of `demandBp`. */ readonly channelBp?: number };
}

/** Units that a channel sold of one product, all sellers together, in so many days on which somebody offered it, and what the market's figures by the assumed share promised for a day. */
export interface ChannelCount {
  readonly units: number;
  readonly days: number;
  readonly promisedPerDay: number;
}

/** What the evidence cannot say and has to be assumed; `defaultAssumptions` gives a start. */
export interface EstimateAssumptions {
  /** Share of sold units that come back, basis points. */
  readonly returnRateBp: number;
  /** Of the landed cost, what a returned unit is still worth, basis points. */
  readonly returnRecoveryBp: number;
  /** Of the sale's fees, what is not given back with a refund, basis points. */
  readonly returnFeesLostBp: number;
  /** What a return costs beside (label, processing), minor units. */
  readonly returnCostMinor: number;
  /** True while the return rate is not from own or settled sales. */
  readonly returnRateAssumed: boolean;
  /** Days from purchase until it can be sold (delivery, prep, inbound). */
  readonly daysToShelf: number;
  readonly payoutDelayDays: number;
  /** Outbound shipping and packing that the seller pays for each sale, minor units (0 with FBA, where fees hold it). */
  readonly shippingOutMinor: number;
  /** Storage for each day on the shelf, thousandths of a minor unit. */
  readonly storagePerDayMilli: number;
  /** Beyond this many days on the shelf a unit is sold off at `clearanceBp` of that day's price. */
  readonly horizonDays: number;
  readonly clearanceBp: number;
  /** Chance of a day that the listing is taken down, basis points; what is left is then sold off as after the horizon. None unless told. */
  readonly takeDownPerDayBp?: number;
}

/** Quantiles and mean of one figure. */
export interface Spread<T> {
  readonly p05: T;
  readonly p10: T;
  readonly p25: T;
  readonly p50: T;
  readonly p75: T;
  readonly p90: T;
  readonly p95: T;
  readonly mean: T;
}

export type UnknownCode =
  | 'price.no-history' | 'price.short-history' | 'price.stale' | 'price.asking-only' | 'price.other-market' | 'price.keeps-falling' | 'demand.price-moves' | 'demand.channel-silent' | 'demand.none' | 'demand.rank-only' | 'competition.unknown' | 'returns.assumed' | 'season.unknown'
  | 'fees.category-unknown' | 'fees.package-unknown' | 'fees.size-tier-conflict' | 'fees.low-confidence';

/** A step from the sale price down to the profit; costs are negative. */
export interface WaterfallLine {
  readonly code: string;
  readonly amount: Money;
  readonly source: string;
  readonly confidence: Confidence;
}

export interface ProfitEstimate {
  readonly currency: Currency;
  readonly salePrice: Spread<Money>;
  /** From shelf to the sale of the first unit, tenths of a day. */
  readonly daysToSellTenths: Spread<number>;
  /** One unit, everything counted. */
  readonly profit: Spread<Money>;
  /** Return on the landed cost, basis points (held within ±1,000,000). */
  readonly roiBp: Spread<number>;
  readonly chanceOfLossBp: number;
  /** Units that this seller can sell in 30 days, tenths. */
  readonly demandPerMonthTenths: { readonly p10: number; readonly p50: number; readonly p90: number };
  /** The middle of the same forecast for one day, as a number. */
  readonly unitsPerDay: number;
  /** The same by the market's figures alone, without what settled sales taught and without what the channel sold: what the next correction of these figures is learned from. */
  readonly uncorrectedUnitsPerDay: number;
  /** What the channel says that it sold, beside what its assumed share promised; null where it does not say. */
  readonly channelCount: ChannelCount | null;
  /** From paying the supplier to having the money, tenths of a day, mean. */
  readonly cashDaysTenths: number;
  /** Expected profit for each day that the money is locked, thousandths of a minor unit. */
  readonly profitPerCashDayMilli: number;
  /** Fees laid open at the median sale price. */
  readonly fees: FeeResult;
  /** Median sale price + buyer's shipping − `fees` − shipping out − landed cost, exactly: one sale that goes as usual. */
  readonly profitAtMedian: Money;
  /** From the mean sale price to the expected profit: the lines sum to `profit.mean` exactly. */
  readonly waterfall: readonly WaterfallLine[];
  readonly landedPerUnit: Money;
  readonly trend: SeriesSummary;
  /** 0 to 10,000: how much evidence stands behind the figures. Not a probability. */
  readonly confidenceBp: number;
  readonly unknowns: readonly Coded<UnknownCode | string>[];
  /** The channel of the sale, or own sales, say how often it sells there: nothing of demand rests on an assumed share alone. */
  readonly demandSeen: boolean;
  /** What it sells for is read off another market than that of the sale. */
  readonly pricedElsewhere: boolean;
  readonly proceeds: ProceedsDistribution;
}

/** What a unit brings before its own cost: equally likely outcomes of a kept sale, and what a return does. Minor units. */
export interface ProceedsDistribution {
  /** Ascending. */
  readonly outcomesMinor: Float64Array;
  readonly meanMinor: number;
  readonly returnRateBp: number;
  readonly returnRecoveryBp: number;
  /** Lost with a return beside the unit's own loss of value: fees, label, processing. */
  readonly returnLossMinor: number;
}
