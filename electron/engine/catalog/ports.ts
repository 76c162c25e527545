/**
 * The ports through which the catalog learns what a product is, what it has sold for, whether we may sell it, and what selling it costs.
 *
 * Terms. A *market* is one marketplace site (`amazon-us`). An *external id* is the market's own id of a product (an ASIN). A *code* is
 * anything that names a product from outside: a GTIN, an ISBN-10, an external id. One code can name several products and one product
 * has many codes. Every call that takes codes answers for every code: found, not found, or unreadable (kept, with its reason).
 */
import type { Currency, Money } from '#kernel/money.ts';
import type { Instant } from '#kernel/time.ts';

/** One marketplace site, `<vendor>-<country>`: `amazon-us`, `ebay-us`. */
export type MarketId = string;

/**
 * A name for a product. `gtin` holds 8, 12, 13 or 14 digits with a right check digit (an ISBN-13 is a GTIN); `isbn10` ten characters;
 * `external` the market's own id. Repair belongs to the caller: a port sends what it is given.
 */
export interface ProductCode {
  readonly kind: 'gtin' | 'isbn10' | 'external';
  readonly value: string;
}

/** Something an answer held that could not be read. Kept and shown, never dropped. */
export interface UnreadableItem {
  /** What it was about, as far as that could be told: an external id, a code, `item 3`. */
  readonly where: string;
  /** Field and fault: `csv.0: expected a whole number`. */
  readonly reason: string;
  /** Start of what was read, at most 1,000 characters. */
  readonly excerpt: string;
}

/** Values over time; `at` rises strictly. A value holds until the next instant. `null`: known to have none then (no offer, no rank). */
export interface Series {
  readonly at: readonly Instant[];
  readonly value: readonly (number | null)[];
}

/** A series of amounts in minor units of one currency. */
export interface MoneySeries extends Series {
  readonly currency: Currency;
}

/** Sides in whole millimetres and weight in whole grams; a side or weight that is not known is absent. */
export interface Measures {
  readonly lengthMm?: number | undefined;
  readonly widthMm?: number | undefined;
  readonly heightMm?: number | undefined;
  readonly weightGrams?: number | undefined;
}

/**
 * What the market holds under an id. Only `standard` is priced like any other product:
 * - `price-hidden`: sold, but the market withholds prices (often a minimum advertised price);
 * - `variation-parent`: a family, not a thing one can buy;
 * - `unavailable`: the id is invalid or gone.
 */
export type ProductKind = 'standard' | 'price-hidden' | 'variation-parent' | 'unavailable';

/** Identity and description of one product on one market. */
export interface CatalogItem {
  readonly market: MarketId;
  readonly externalId: string;
  readonly kind: ProductKind;
  readonly title?: string | undefined;
  readonly brand?: string | undefined;
  readonly manufacturer?: string | undefined;
  readonly model?: string | undefined;
  readonly partNumber?: string | undefined;
  /** Of a book or a record. */
  readonly author?: string | undefined;
  /** Every GTIN and ISBN that the market lists for it, digits as given. */
  readonly codes: readonly ProductCode[];
  /** From the root down, in the market's words. */
  readonly categoryPath: readonly string[];
  /** Units that one purchase holds, where the market says. */
  readonly packQuantity?: number | undefined;
  readonly packageMeasures?: Measures | undefined;
  readonly itemMeasures?: Measures | undefined;
  /** Best-seller rank in its main category, 1 is best. */
  readonly salesRank?: number | undefined;
  readonly salesRankCategory?: string | undefined;
  readonly parentExternalId?: string | undefined;
  /** The market marks it as dangerous goods, in its words. */
  readonly hazards: readonly string[];
}

export interface CodeMatches<Item> {
  readonly code: ProductCode;
  /** None: the market knows no such product. Several: the code is shared, and the caller must choose. */
  readonly items: readonly Item[];
}

export interface LookupAnswer<Item> {
  /** One entry for each code asked, in the order asked; a code whose answer was unreadable has no items and is named in `unreadable`. */
  readonly matches: readonly CodeMatches<Item>[];
  readonly unreadable: readonly UnreadableItem[];
  /** When the answers arrived. */
  readonly at: Instant;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Says what a code is. Splits long lists into the vendor's batches itself, within its quota. */
export interface CatalogLookupPort {
  readonly connector: string;
  readonly market: MarketId;
  identify(codes: readonly ProductCode[], options?: CallOptions): Promise<LookupAnswer<CatalogItem>>;
}

/** What others ask now for a product on one market. */
export interface CurrentPrices {
  readonly market: MarketId;
  readonly externalId: string;
  /** The offer that a buyer gets by default, new condition, shipping included. Absent: there is none. */
  readonly buyBoxNew?: Money | undefined;
  readonly buyBoxUsed?: Money | undefined;
  /** The buy box is held by ourselves. */
  readonly ours: boolean;
  readonly offersNew?: number | undefined;
  readonly offersUsed?: number | undefined;
  readonly salesRank?: number | undefined;
}

export interface CurrentPricePort {
  readonly connector: string;
  readonly market: MarketId;
  /** `externalIds` of this market, any number. Ids the market does not know are absent from `items` and named in `missing`. */
  currentPrices(externalIds: readonly string[], options?: CallOptions): Promise<{ readonly items: readonly CurrentPrices[]; readonly missing: readonly string[]; readonly unreadable: readonly UnreadableItem[]; readonly at: Instant }>;
}

/** Histories that market data can hold. Counts and ranks are plain numbers; `rating` is in tenths (45 = 4.5). */
export interface MarketHistories {
  /** Sold by the marketplace itself. */
  readonly amazon?: MoneySeries | undefined;
  /** Lowest new price without shipping, any seller. */
  readonly new?: MoneySeries | undefined;
  readonly used?: MoneySeries | undefined;
  /** Lowest new price fulfilled by the marketplace. */
  readonly newFulfilledByMarket?: MoneySeries | undefined;
  /** Lowest new price fulfilled by the seller, shipping included. */
  readonly newFulfilledBySeller?: MoneySeries | undefined;
  /** Shipping included. */
  readonly buyBox?: MoneySeries | undefined;
  readonly listPrice?: MoneySeries | undefined;
  /** Lowest fixed-price offers on eBay, where the data vendor follows them; shipping included. */
  readonly ebayNew?: MoneySeries | undefined;
  readonly ebayUsed?: MoneySeries | undefined;
  readonly salesRank?: Series | undefined;
  readonly offersNew?: Series | undefined;
  readonly offersUsed?: Series | undefined;
  readonly rating?: Series | undefined;
  readonly reviews?: Series | undefined;
  readonly monthlySold?: Series | undefined;
}

/** Evidence of how fast it sells, best first: units that the market itself reports, then rank drops, then nothing. */
export interface DemandSigns {
  /** Units bought in the last month as the market states it (a floor: `100+`). Absent: the market does not say, which is not zero. */
  readonly monthlySold?: number | undefined;
  readonly rankDrops30?: number | undefined;
  readonly rankDrops90?: number | undefined;
  readonly rankDrops180?: number | undefined;
}

/** Fees that a data vendor quotes beside its data. Hints: the market's own fee answer or a dated card stands above them. */
export interface QuotedFees {
  /** Percent of the price in hundredths (15 % = 1500). */
  readonly referralBasisPoints?: number | undefined;
  readonly fulfilment?: Money | undefined;
  readonly closing?: Money | undefined;
}

/** One product with its past. */
export interface MarketData {
  readonly item: CatalogItem;
  readonly currency: Currency;
  readonly histories: MarketHistories;
  readonly demand: DemandSigns;
  readonly quotedFees: QuotedFees;
  /** Share of the last 90 days without a new offer, in percent, where known. */
  readonly outOfStockPercent90?: number | undefined;
  /** The lowest new price is withheld by the market although there is an offer. */
  readonly newPriceHidden: boolean;
  /** When the vendor last refreshed it. */
  readonly refreshedAt?: Instant | undefined;
}

/** What a lookup would spend, to be shown before it runs. */
export interface QuotaEstimate {
  /** In the vendor's own unit. */
  readonly cost: number;
  readonly unit: string;
  readonly calls: number;
  /** Until the last call could start, with the quota as it stands now and nothing else using it. */
  readonly durationMs: number;
}

export interface QuotaStatus {
  readonly unit: string;
  readonly available: number;
  /** Units gained per minute. */
  readonly refillPerMinute: number;
  readonly capacity: number;
  readonly asOf: Instant;
}

/** The quota of one operation of a vendor as it stands, in calls or tokens. */
export interface OperationQuota extends Omit<QuotaStatus, 'unit'> {
  readonly connector: string;
  readonly operation: string;
  readonly unit: 'token' | 'call';
  /** Products that one call answers for. */
  readonly itemsPerCall: number;
  /** The vendor said so for this account; else the dated file stands in. */
  readonly told: boolean;
}

export interface MarketDataOptions extends CallOptions {
  /** Histories are asked for unless this is false; without them the vendor's answer is far smaller. */
  readonly histories?: boolean | undefined;
  /** How far back histories reach; as far as the port's own `historyDays` unless told. */
  readonly historyDays?: number | undefined;
  /** Also fetch the buy box, at a higher cost with some vendors. */
  readonly buyBox?: boolean | undefined;
}

/** Price, rank and offer histories. */
export interface MarketDataPort {
  readonly connector: string;
  readonly market: MarketId;
  /** Where answers are kept small: how far back their histories reach unless told. Absent: all that the vendor has. */
  readonly historyDays?: number | undefined;
  /** Spends nothing. */
  estimate(codeCount: number, options?: MarketDataOptions): Promise<QuotaEstimate>;
  quota(options?: CallOptions): Promise<QuotaStatus>;
  /** Any number of codes; waits for quota rather than exceed it. */
  lookup(codes: readonly ProductCode[], options?: MarketDataOptions): Promise<LookupAnswer<MarketData>>;
}

export type ItemCondition = 'new' | 'open-box' | 'refurbished' | 'used-like-new' | 'used-very-good' | 'used-good' | 'used-acceptable' | 'for-parts';

/** Why the market will not let us list. `other` keeps the market's words in `message`. */
export interface RestrictionReason {
  readonly code: 'approval-required' | 'not-eligible' | 'product-not-found' | 'other';
  readonly message: string;
  /** Where approval can be asked for. */
  readonly link?: string | undefined;
}

export interface RestrictionAnswer {
  readonly externalId: string;
  readonly condition: ItemCondition;
  /** May be listed now, by this account, in this condition. */
  readonly allowed: boolean;
  /** Empty exactly when allowed. */
  readonly reasons: readonly RestrictionReason[];
  readonly at: Instant;
}

export interface RestrictionPort {
  readonly connector: string;
  readonly market: MarketId;
  restriction(externalId: string, condition: ItemCondition, options?: CallOptions): Promise<RestrictionAnswer>;
}

export interface FeeQuestion {
  readonly externalId: string;
  readonly price: Money;
  readonly shipping: Money;
  /** Stored, packed and shipped by the market. */
  readonly fulfilledByMarket: boolean;
}

/** `kind` is the market's own name of the fee: `ReferralFee`, `FBAFees`. */
export interface FeeLine {
  readonly kind: string;
  readonly amount: Money;
}

/** The market's own answer to a fee question: for one price, at one time, by its own schedule. */
export interface FeeAnswer {
  readonly question: FeeQuestion;
  /** Sum of `lines` as the market gives it; absent when `refusal` is set. */
  readonly total?: Money | undefined;
  readonly lines: readonly FeeLine[];
  /** Why there is no estimate, in the market's words. */
  readonly refusal?: { readonly code: string; readonly message: string } | undefined;
  readonly at: Instant;
}

export interface FeeEstimatePort {
  readonly connector: string;
  readonly market: MarketId;
  /** One answer for each question, in the order asked. */
  estimateFees(questions: readonly FeeQuestion[], options?: CallOptions): Promise<readonly FeeAnswer[]>;
}

/** One thing that someone asks money for now. What is asked is not what is paid: asks bound a price from above, and say nothing of demand. */
export interface AskingPrice {
  readonly market: MarketId;
  readonly listingId: string;
  readonly url: string;
  readonly title: string;
  readonly price: Money;
  /** Absent: not said. Zero: free. */
  readonly shipping?: Money | undefined;
  readonly condition: ItemCondition | 'unknown';
  /** An auction's price is its bid so far. */
  readonly sale: 'fixed' | 'auction';
  readonly sellerName?: string | undefined;
  /** What buyers say of the seller: the share of them who were content, in basis points, and the market's own score. */
  readonly sellerFeedback?: { readonly positiveBp: number; readonly score: number } | undefined;
  readonly country?: string | undefined;
  readonly brand?: string | undefined;
  readonly model?: string | undefined;
  readonly listedAt?: Instant | undefined;
  /** What the figure is, or what it comes with. */
  readonly note?: string | undefined;
}

/** By code where there is one, else by words. */
export interface AskingPriceQuery {
  readonly code?: ProductCode | undefined;
  readonly words?: string | undefined;
  readonly onlyNew?: boolean | undefined;
  readonly withoutAuctions?: boolean | undefined;
  /** Listings wanted, at most; 50 unless told. */
  readonly most?: number | undefined;
}

export interface AskingPrices {
  readonly items: readonly AskingPrice[];
  /** How many the market says there are. */
  readonly total: number | null;
  readonly unreadable: readonly UnreadableItem[];
  readonly at: Instant;
}

export interface AskingPricesPort {
  readonly connector: string;
  readonly market: MarketId;
  askingPrices(query: AskingPriceQuery, options?: CallOptions): Promise<AskingPrices>;
}

/** Units of one new product that all sellers together sold on a market, and in how many days. */
export interface SoldCount {
  readonly units: number;
  readonly days: number;
  readonly at: Instant;
}

export interface SoldCountPort {
  readonly connector: string;
  readonly market: MarketId;
  /** Null: the market says nothing of this code, or the account may not ask. */
  sold(code: ProductCode, options?: CallOptions): Promise<SoldCount | null>;
}

/** What one buyer pays for a book now. */
export interface BuybackOffer {
  readonly buyer: string;
  readonly price: Money;
  /** The buyer takes no parcel worth less. */
  readonly minimumOrder?: Money | undefined;
}

export interface BuybackAnswer {
  readonly isbn: string;
  readonly title?: string | undefined;
  /** Best first; those that pay nothing are left out. */
  readonly offers: readonly BuybackOffer[];
  readonly unreadable: readonly UnreadableItem[];
  readonly at: Instant;
}

export interface BuybackPort {
  readonly connector: string;
  /** Null: nobody knows this book. */
  buyback(isbn: string, options?: CallOptions): Promise<BuybackAnswer | null>;
}

/** What a market gives as the prices of one printing of a thing that it numbers (a trading card). Any may be missing. */
export interface ReferencePrice {
  readonly externalId: string;
  /** The market's word for the printing: `Normal`, `Holofoil`. */
  readonly printing: string;
  readonly low?: Money | undefined;
  readonly mid?: Money | undefined;
  readonly high?: Money | undefined;
  /** Of recent sales. */
  readonly market?: Money | undefined;
  readonly directLow?: Money | undefined;
}

export interface ReferencePrices {
  readonly items: readonly ReferencePrice[];
  readonly unreadable: readonly UnreadableItem[];
  /** When the prices were true: of a daily file, when it was fetched. */
  readonly at: Instant;
}

export interface ReferencePricePort {
  readonly connector: string;
  readonly market: MarketId;
  /** Ids of this market, any number. */
  referencePrices(externalIds: readonly string[], options?: CallOptions): Promise<ReferencePrices>;
}

/** Finds products of one market by words. What comes first is what the market thinks likeliest, which is no proof. */
export interface CatalogSearchPort {
  readonly connector: string;
  readonly market: MarketId;
  /** @param words a few, the telling ones first. At most `most` items, ten unless told. */
  search(words: string, options?: CallOptions & { readonly most?: number | undefined }): Promise<{ readonly items: readonly CatalogItem[]; readonly unreadable: readonly UnreadableItem[]; readonly at: Instant }>;
}

/** What an offer or a product says it is, as a judge reads it. */
export interface JudgedSide {
  readonly title: string;
  readonly brand: string | null;
  readonly partNumber: string | null;
  readonly packSize: number;
}

/** A second opinion on a pair that the matcher is unsure of. Its `same` counts only where nothing vetoes; a person's answer stands above it. */
export interface IdentityJudgePort {
  /** Model and prompt: an answer is kept for as long as this stays. */
  readonly version: string;
  judge(pair: { readonly offer: JudgedSide; readonly product: JudgedSide }, options?: CallOptions): Promise<JudgedPair>;
}

export type SameOrNot = 'same' | 'different' | 'unsure';

export interface JudgedPair {
  /** What may rest on it. */
  readonly verdict: SameOrNot;
  /** What the judge thinks, where less rests on it: shown to the person who decides. */
  readonly thinks?: SameOrNot | undefined;
  readonly why: string;
}
