import { hash } from 'node:crypto';
import { z } from 'zod';
import type { Business, Limits } from '#contract/settings.ts';
import { convert, inverse, money, multiply, type Currency, type Money } from '#kernel/money.ts';
import { namedIn } from '#kernel/name-key.ts';
import { DAY_MS, utcDay, type Instant } from '#kernel/time.ts';
import type { CurrentPrices, ProductRecord, RestrictionAnswer, StoredSnapshot } from '#engine/catalog/index.ts';
import {
  ASSUMED_FREIGHT, compileFees, takeDownPerDay, decide, defaultAssumptions, estimateFrom, feesIn, forecastIn, forecastMarket, landedCost, lotShipping, minorConverter, outboundPostage, selectFeeCard,
  type CompiledFees, type CostLine, type DecisionResult, type EstimateAssumptions, type FeeCard, type LandedCostInput, type MarketForecast, type ProfitEstimate, type WaterfallLine,
} from '#engine/pricing/index.ts';
import { homeRate, localCurrencies, type BusinessRate } from '#engine/settings/index.ts';
import { BRAND_LIST, brandRiskOf } from './brand-risk.ts';
import { calibrationFor, reasonsOf, withReturns, type CalibrationRecord, type Calibrations } from './calibrations.ts';
import type { EvaluatedOffer, Evaluation } from './evaluation.ts';
import { CARD_CHANNEL, feeContextOf } from './fee-context.ts';
import { gatherEvidence, priceSeriesFor, type ChannelSales, type OwnSales } from './gather-evidence.ts';
import type { OfferRecord } from './repo.ts';
import { seasonFor, seasonReasons, type SeasonRecord, type Seasons } from './seasons.ts';
import { RISKS_VERSION, stateRisks } from './state-risks.ts';

/** Of a brand, how many other lines were asked about, and how many of them Amazon lets this account not sell either. */
export interface BrandGuard {
  readonly asked: number;
  readonly refused: number;
}

/** Everything that one evaluation reads. The same inputs give the same row. */
export interface AssessInput {
  readonly offer: OfferRecord;
  readonly product: ProductRecord;
  readonly snapshot: StoredSnapshot;
  /** How it is known that the offer is this product. */
  readonly identityBy: 'code' | 'words' | 'person' | 'judge';
  /** How sure it is that the offer is this product, in basis points. */
  readonly identityBp: number;
  readonly pack: 'same' | 'converted' | 'conflict' | 'unknown';
  /** What told whether a pack or one piece is sold where the page does not; null where the page or a person did. */
  readonly packBy: 'weight' | 'price' | null;
  readonly negotiable: boolean;
  readonly own: OwnSales | null;
  /** What earlier orders with the seller say of them. */
  readonly sellerRisk: 'none' | 'warning' | 'block';
  /** New offers of others on the selling channel; null: not asked. */
  readonly rivals: number | null;
  /** What the selling channel sold of it; null: it does not say. */
  readonly sold: ChannelSales | null;
  readonly current: CurrentPrices | null;
  readonly restriction: RestrictionAnswer | null;
  /** Where Amazon refuses it: what it says of the brand's other lines. */
  readonly guard: BrandGuard | null;
  readonly at: Instant;
}

export interface AssessContext {
  readonly limits: Limits;
  readonly business: Business;
  readonly feeCards: readonly FeeCard[];
  /** What settled sales taught; none: nothing yet. */
  readonly calibrations: Calibrations;
  /** What histories taught of the time of the year; none: nothing yet. */
  readonly seasons: Seasons;
}

export type Assessment = { readonly kind: 'evaluated'; readonly row: EvaluatedOffer } | { readonly kind: 'no-price' } | NoRate;

/** A rate that the evaluation needs and nobody has set. */
export interface NoRate {
  readonly kind: 'no-rate';
  readonly from: Currency;
  readonly to: Currency;
}

const CHANNEL = 'ebay';
/** Below this nothing is bought on the strength of a code. */
export const MIN_IDENTITY_BP = 7_000;
const MIN_CONFIDENCE_BP = 2_500;
const MAX_DISCOUNT_BP = 3_000;
/** Stock is bought for at most this many days of sales. */
const TARGET_SELL_DAYS = 30;
/** Most units that a first estimate spreads the order's shipping over, before the decision says how many to buy. */
const FIRST_QUANTITY = 4;

const freeFromSchema = z.int().positive();
const forwardingSchema = z.strictObject({ baseMinor: z.int(), perKgMinor: z.int(), currency: z.string() });
/** Taken where a product's weight is not known, grams. */
const ASSUMED_WEIGHT_G = 500;

/** Goods that are priced in another currency than that of the business's own country come from abroad: by the source's own terms, else by a cautious assumption. Null where nothing is to be carried. */
function freightTerms({ offer }: AssessInput, business: Business) {
  const own = forwardingSchema.safeParse(offer.facts['forwarding']);
  if (own.success) return { ...own.data, source: 'settings' };
  return localCurrencies(business).includes(offer.currency) ? null : { ...ASSUMED_FREIGHT, source: 'assumption' };
}

/** Null where nothing is to be carried, or no rate is known (`missingRate`). */
function freightOf(input: AssessInput, business: Business, quantity: number): { readonly amount: Money; readonly source: string } | null {
  const { product } = input;
  const terms = freightTerms(input, business);
  const rate = terms && homeRate(business, terms.currency);
  if (!rate) return null;
  const minor = terms.baseMinor + Math.ceil((terms.perKgMinor * (product.weightG ?? ASSUMED_WEIGHT_G) * quantity) / 1_000);
  const amount = money(minor, terms.currency);
  return { amount: terms.currency === business.homeCurrency ? amount : convert(amount, rate.rate, 'up'), source: terms.source };
}

/** Which rate the cost of an offer needs and does not have; null where it has all. */
function missingRate(input: AssessInput, business: Business): NoRate | null {
  const needed = [input.offer.currency, freightTerms(input, business)?.currency];
  const from = needed.find((currency) => currency !== undefined && !homeRate(business, currency));
  return from === undefined ? null : { kind: 'no-rate', from, to: business.homeCurrency };
}

/** What the seller charges for sending an order of it, and from how much on nothing. */
export function offeredShipping({ shippingMinor, facts, currency, url }: OfferRecord): LandedCostInput['shippingIn'] {
  if (shippingMinor === null) return undefined;
  const freeFrom = freeFromSchema.safeParse(facts['shippingFreeFromMinor']);
  return { amount: money(shippingMinor, currency), source: url, ...(freeFrom.success ? { freeFrom: money(freeFrom.data, currency) } : {}) };
}

function costInput(input: AssessInput, context: AssessContext, quantity: number): LandedCostInput | null {
  const { offer } = input;
  const { business } = context;
  const rate = homeRate(business, offer.currency);
  if (!rate) return null;
  const freight = freightOf(input, business, quantity);
  const shippingIn = offeredShipping(offer);
  return {
    unitPrice: money(offer.priceMinor, offer.currency), quantity, piecesPerPurchase: 1, piecesPerSale: 1, priceSource: offer.url,
    ...(shippingIn ? { shippingIn } : {}),
    ...(freight ? { freight } : {}),
    prepPerSaleUnit: { amount: business.prepPerUnit, source: 'settings' },
    ...(business.purchaseTaxBp > 0 ? { tax: { rateBp: business.purchaseTaxBp, recoverable: false, source: 'settings' } } : {}),
    ...(offer.currency === business.homeCurrency ? {} : { rate: { rate: rate.rate, kind: rate.kind, asOf: Date.parse(`${rate.asOf}T00:00:00Z`), source: rate.source } }),
    homeCurrency: business.homeCurrency,
  };
}

interface Figures {
  readonly estimate: ProfitEstimate;
  readonly decision: DecisionResult;
  readonly costLines: readonly CostLine[];
}

/** What does not change with the number of units. */
interface Ground {
  readonly forecast: MarketForecast;
  readonly fees: CompiledFees;
  readonly assumptions: EstimateAssumptions;
  /** From what the market's prices and the fee card are in. */
  readonly marketRate: BusinessRate;
  readonly cardRate: BusinessRate;
}

const takeDownOf = ({ guard }: AssessInput) => (guard === null ? 0 : takeDownPerDay(guard));

/** In the home currency: market prices and fees at the rates that the business uses. Null where nothing shows a price. */
function groundOf(input: AssessInput, context: AssessContext): Ground | NoRate | null {
  const { product, snapshot } = input;
  const { limits, business } = context;
  const card = selectFeeCard(context.feeCards, CARD_CHANNEL, utcDay(input.at));
  if (!card) throw new Error(`there is no fee card for ${CARD_CHANNEL} on ${utcDay(input.at)}`);
  const calibration = calibrationFor(context.calibrations, product.category);
  const forecast = forecastMarket(gatherEvidence(snapshot.facts, { own: input.own, rivals: input.rivals, sold: input.sold, at: input.at, calibration, season: seasonFor(context.seasons, product.category) }));
  if (!forecast.ok) return null;
  const [marketRate, cardRate] = [homeRate(business, forecast.value.currency), homeRate(business, card.currency)];
  if (!marketRate || !cardRate) return { kind: 'no-rate', from: marketRate ? card.currency : forecast.value.currency, to: business.homeCurrency };
  const postage = outboundPostage(business.outboundShipping, product.weightG);
  const usual = defaultAssumptions(card, { category: product.category, fulfilment: 'fbm', shippingOutMinor: postage.minor });
  return {
    forecast: forecastIn(forecast.value, marketRate.rate), fees: feesIn(compileFees(card, feeContextOf(card, product, { storeLevel: business.ebayStore, day: utcDay(input.at) })), cardRate.rate), marketRate, cardRate,
    // what the limits want sold by then is counted as sold off after it
    assumptions: { ...withReturns(usual, calibration), payoutDelayDays: business.payoutDelayDays, horizonDays: limits.maxDaysToSell ?? usual.horizonDays, takeDownPerDayBp: takeDownOf(input) },
  };
}

function figuresOf(input: AssessInput, context: AssessContext, { ground, cost }: { ground: Ground; cost: LandedCostInput }): Figures {
  const { product, snapshot } = input;
  const { limits } = context;
  const landed = landedCost(cost);
  const estimate = estimateFrom(ground.forecast, { fees: ground.fees, landed, assumptions: ground.assumptions });
  const blockedBrand = product.brand ? namedIn(limits.blockedBrands, product.brand) : null;
  const decision = decide({
    estimate, cost,
    facts: {
      restriction: 'allowed', // the selling channel is eBay; Amazon's answer is a sign about the brand, shown as a risk
      hazmat: snapshot.facts.hazards.length > 0, brandRisk: brandRiskOf(product.brand), blockedBrand, blockedCategory: product.category && namedIn(limits.blockedCategories, product.category) !== null ? product.category : null,
      hiddenPrice: snapshot.facts.kind === 'price-hidden', variationParent: snapshot.facts.kind === 'variation-parent', pack: input.pack, identityBp: input.identityBp, sellerRisk: input.sellerRisk,
      available: input.offer.stock, negotiable: input.negotiable,
    },
    limits: {
      minProfitMinor: limits.minProfit.minor, minRoiBp: limits.minRoiBp, maxLossChanceBp: limits.maxLossChanceBp, minConfidenceBp: Math.max(MIN_CONFIDENCE_BP, limits.minConfidenceBp), minIdentityBp: MIN_IDENTITY_BP,
      maxPerPurchaseMinor: limits.perPurchase?.minor ?? null, remainingTodayMinor: null, remainingSellerMinor: null, remainingCategoryMinor: null,
      targetSellDays: TARGET_SELL_DAYS, maxDaysToSell: limits.maxDaysToSell, maxDiscountBp: MAX_DISCOUNT_BP,
    },
  });
  return { estimate, decision, costLines: landed.lines };
}

const evidenceDay = (snapshot: StoredSnapshot) => utcDay(snapshot.fetchedAt);
const lineOf = (line: WaterfallLine, day: string) => ({ code: line.code, amount: line.amount, detail: {}, source: line.source, asOf: line.source === 'estimate' ? day : null, confidence: line.confidence });

function evidenceOf(input: AssessInput, calibration: CalibrationRecord | null): Evaluation['evidence'] {
  const { snapshot, current, restriction, offer } = input;
  const { facts } = snapshot;
  const evidence: Evaluation['evidence'] = [
    { kind: 'offer', vendor: 'source', fetchedAt: offer.lastSeenAt, data: { title: offer.title, url: offer.url, priceMinor: offer.priceMinor, currency: offer.currency, stock: offer.stock, seller: offer.sellerName, gtin: offer.gtin, asin: offer.asin } },
    { kind: 'identity', vendor: 'program', fetchedAt: input.at, data: { by: input.identityBy, probabilityBp: input.identityBp } },
    { kind: 'market-history', vendor: 'keepa', fetchedAt: snapshot.fetchedAt, data: { externalId: facts.externalId, kind: facts.kind, hazards: facts.hazards, newPriceHidden: facts.newPriceHidden, monthlySold: facts.monthlySold, rankDrops30: facts.rankDrops30, rankDrops90: facts.rankDrops90, priceSeries: priceSeriesFor(facts), outOfStockPercent90: facts.outOfStockPercent90 } },
  ];
  if (calibration) evidence.push({ kind: 'calibration', vendor: 'own sales', fetchedAt: calibration.createdAt, data: { category: calibration.category, version: calibration.version, items: calibration.items, priceBp: calibration.priceBp, feesBp: calibration.feesBp, demandBp: calibration.demandBp, channelBp: calibration.channelBp, returnsBp: calibration.returnsBp, recoveryBp: calibration.recoveryBp, feesKeptBp: calibration.feesKeptBp, measured: calibration.measured } });
  if (input.rivals !== null) evidence.push({ kind: 'channel-offers', vendor: 'ebay', fetchedAt: input.at, data: { count: input.rivals } });
  if (input.sold !== null) evidence.push({ kind: 'channel-sales', vendor: 'ebay', fetchedAt: input.at, data: { units: input.sold.units, days: input.sold.days } });
  if (current) evidence.push({ kind: 'current-prices', vendor: 'amazon-sp-api', fetchedAt: input.at, data: { buyBoxNew: current.buyBoxNew ?? null, offersNew: current.offersNew ?? null, salesRank: current.salesRank ?? null } });
  if (restriction) evidence.push({ kind: 'restriction', vendor: 'amazon-sp-api', fetchedAt: restriction.at, data: { allowed: restriction.allowed, reasons: restriction.reasons } });
  return evidence;
}

const without = (figure: number, bp: number) => Math.round((figure * 10_000) / bp);

/** As it was before any correction: what the next correction is learned from. In the currency of the sale, so that a rate that moves is not taken for a wrong estimate. */
function forecastOf(estimate: ProfitEstimate, calibration: CalibrationRecord | null, sale: BusinessRate['rate']): NonNullable<Evaluation['forecast']> {
  const count = estimate.channelCount;
  const abroad = sale.from !== sale.to;
  const there = abroad ? minorConverter(inverse(sale), 'half-even') : (minor: number) => minor;
  return {
    unitsPerDayMicro: Math.round(estimate.uncorrectedUnitsPerDay * 1e6), salePriceMinor: without(there(estimate.salePrice.p50.minor), calibration?.priceBp ?? 10_000),
    feesMinor: without(there(estimate.fees.total.minor), calibration?.priceBp ?? 10_000),
    ...(abroad ? { currency: sale.from } : {}),
    ...(count ? { channel: { units: count.units, days: Math.round(count.days * 10) / 10, promisedPerDayMicro: Math.round(count.promisedPerDay * 1e6) } } : {}),
  };
}

/** By which rates the market's prices and the fees became amounts of the home currency; nothing where they are of it. */
function ratesUsed({ marketRate, cardRate }: Ground): Evaluation['evidence'] {
  const used = new Map([marketRate, cardRate].filter(({ rate }) => rate.from !== rate.to).map((known) => [known.rate.from, known]));
  return [...used.values()].map(({ rate, kind, source, asOf }) => ({
    kind: 'exchange-rate', vendor: 'settings', fetchedAt: Date.parse(`${asOf}T00:00:00Z`), data: { from: rate.from, to: rate.to, rate: Number((rate.numerator / rate.denominator).toPrecision(9)), kind, source, asOf },
  }));
}

const quantilesOf = (s: ProfitEstimate['profit']) => [s.p05, s.p10, s.p25, s.p50, s.p75, s.p90, s.p95].map((m) => m.minor);

function evaluationOf(input: AssessInput, figures: Figures, { cost, calibration, season, ground }: { cost: LandedCostInput; calibration: CalibrationRecord | null; season: SeasonRecord | null; ground: Ground }): Evaluation {
  const { estimate, decision } = figures;
  const day = evidenceDay(input.snapshot);
  return {
    lines: estimate.waterfall.map((line) => lineOf(line, day)),
    costLines: figures.costLines.map((l) => ({ code: l.code, amount: l.perUnit, detail: { lot: l.lot, original: l.original, rateBp: l.rateBp, counted: l.counted }, source: l.source, asOf: null, confidence: 'high' as const })),
    reasons: [...decision.reasons.map((r) => ({ code: r.code, data: { kind: r.kind, ...r.data } })), ...reasonsOf(calibration), ...seasonReasons(season, input.at)],
    risks: stateRisks(input, decision),
    unknowns: [
      ...estimate.unknowns.map((u) => ({ code: u.code, data: { ...u.data } })),
      ...(input.offer.shippingMinor === null ? [{ code: 'shipping.unknown', data: {} }] : []),
      ...(cost.freight?.source === 'assumption' ? [{ code: 'freight.assumed', data: { amount: cost.freight.amount } }] : []),
      ...(takeDownOf(input) > 0 ? [{ code: 'listing.take-down', data: { chanceBp: takeDownOf(input) } }] : []),
      ...(input.offer.stock === null ? [{ code: 'stock.unknown', data: {} }] : []),
    ],
    evidence: [...evidenceOf(input, calibration), ...ratesUsed(ground)],
    forecast: forecastOf(estimate, calibration, ground.cardRate.rate),
    priceQuantiles: quantilesOf(estimate.salePrice), profitQuantiles: quantilesOf(estimate.profit),
    ceiling: decision.ceiling ? decision.ceiling.purchasePrice : null,
    purchaseUnits: decision.quantity, piecesPerPurchase: cost.piecesPerPurchase, piecesPerSale: cost.piecesPerSale,
    priceSeries: priceSeriesFor(input.snapshot.facts), restrictionCheckedAt: input.restriction?.at ?? null,
  };
}

const learnedOf = (learned: CalibrationRecord | SeasonRecord | null) => (learned ? [learned.category, learned.version] : null);

/** Changes when anything that the evaluation reads does, and not with the mere passing of a day. */
function inputsHashOf(input: AssessInput, context: AssessContext, cardVersion: string): string {
  const { offer } = input;
  // a checkout corrects price and stock under the page's hash
  const read = [offer.contentHash, offer.priceMinor, offer.shippingMinor, offer.stock, input.product, input.snapshot.facts.hash, input.identityBp, input.identityBy, input.pack, input.packBy, input.own, input.rivals, input.sold, input.current, input.restriction?.reasons ?? null, input.guard, input.sellerRisk, context.limits, context.business, cardVersion, BRAND_LIST.version, RISKS_VERSION, learnedOf(calibrationFor(context.calibrations, input.product.category)), learnedOf(seasonFor(context.seasons, input.product.category))];
  return hash('sha256', JSON.stringify(read), 'base64url').slice(0, 22);
}

/** What sells within the longest time that the limits allow, at the middle of the forecast: at least one, and at most what is there and a few. */
function sellsInTime({ offer }: AssessInput, { limits }: AssessContext, { forecast }: Ground): number {
  const sold = Math.floor(Math.exp(forecast.demand.logRatePerDay) * (limits.maxDaysToSell ?? TARGET_SELL_DAYS));
  return Math.max(1, Math.min(FIRST_QUANTITY, sold, offer.stock ?? FIRST_QUANTITY));
}

interface Attempt { readonly cost: LandedCostInput; readonly figures: Figures }

const unitProfit = ({ figures }: Attempt) => figures.estimate.profit.mean.minor;

/**
 * Few units carry all of an order's shipping. Where the cautious number fails for that alone, the largest one that still sells in the time that the limits allow is tried: one order, less
 * shipping on each.
 */
function shareShipping(context: AssessContext, { cost, figures }: Attempt): Attempt | null {
  if (!cost.shippingIn || cost.shippingIn.amount.minor === 0 || figures.decision.decision === 'skip') return null;
  const { limits } = context;
  if (limits.perPurchase && landedCost(cost).lot.minor > limits.perPurchase.minor) return null;
  return { cost, figures: { ...figures, decision: { ...figures.decision, quantity: cost.quantity } } };
}

const carriageOf = ({ cost }: Attempt) => (lotShipping(cost)?.minor ?? 0) + (cost.freight?.amount.minor ?? 0);

/** The fewest purchase units that are sent free; null where no number is. */
function sentFreeFrom({ shippingIn, unitPrice }: LandedCostInput): number | null {
  return shippingIn?.freeFrom && unitPrice.minor > 0 ? Math.ceil(shippingIn.freeFrom.minor / unitPrice.minor) : null;
}

/** Where too little is earned of a lot that pays shipping: the fewest that are sent free, if that earns more each. */
function sentFree(lot: Attempt, { at, most }: { readonly at: (quantity: number) => Attempt; readonly most: number }): Attempt {
  const quantity = sentFreeFrom(lot.cost);
  if (lot.figures.decision.decision !== 'skip' || quantity === null || quantity <= lot.cost.quantity || quantity > most) return lot;
  const larger = at(quantity);
  return larger.figures.decision.decision !== 'skip' || unitProfit(larger) > unitProfit(lot) ? larger : lot;
}

/**
 * The number that sells in time, or fewer where the last ones would wait too long and that decides. A number that meets the limits before all; where none does, the one whose units earn most each: whether it
 * would earn at all must not hang on how many the demand bears, which is known less well than the rest.
 */
function bestLot(input: AssessInput, context: AssessContext, ground: Ground): Attempt {
  const at = (quantity: number): Attempt => {
    const cost = costInput(input, context, quantity)!;
    return { cost, figures: figuresOf(input, context, { ground, cost }) };
  };
  let best = at(sellsInTime(input, context, ground));
  while (best.figures.decision.decision === 'skip' && best.cost.quantity > 1 && best.figures.estimate.profit.p90.minor >= context.limits.minProfit.minor) {
    const fewer = at(best.cost.quantity >> 1);
    if (fewer.figures.decision.decision === 'skip' && unitProfit(fewer) <= unitProfit(best)) break;
    best = fewer;
  }
  // where carriage is what is in the way, more units share it, though the last ones may have to be sold off
  const most = Math.min(FIRST_QUANTITY, input.offer.stock ?? FIRST_QUANTITY);
  while (best.figures.decision.decision === 'skip' && best.cost.quantity < most && carriageOf(best) > 0 && best.figures.estimate.profit.p90.minor > 0) {
    const more = at(Math.min(most, best.cost.quantity * 2));
    if (more.figures.decision.decision === 'skip' && unitProfit(more) <= unitProfit(best)) break;
    best = more;
  }
  best = sentFree(best, { at, most });
  const { quantity } = best.figures.decision;
  if (quantity === 0 || quantity === best.cost.quantity) return best;
  const second = at(quantity);
  // more units share the shipping; fewer carry more of it, and then the smaller number must still be worth it
  if (second.figures.decision.quantity > 0) return { ...second, figures: { ...second.figures, decision: { ...second.figures.decision, quantity: Math.min(quantity, second.figures.decision.quantity) } } };
  if (quantity > best.cost.quantity) return { ...best, figures: { ...best.figures, decision: { ...best.figures.decision, quantity: best.cost.quantity } } };
  return shareShipping(context, best) ?? second;
}

/** Nine in ten earn more. Where rare heavy losses (a take-down) draw the expected profit below that, a range that leaves them out would not hold it: there, nineteen in twenty. */
const lowEnd = ({ mean, p05, p10 }: ProfitEstimate['profit']) => (mean.minor < p10.minor ? p05 : p10);

/** The whole arithmetic of one offer: landed cost, distribution, decision. Pure. */
export function assessOffer(input: AssessInput, context: AssessContext): Assessment {
  const missing = missingRate(input, context.business);
  if (missing) return missing;
  const ground = groundOf(input, context);
  if (!ground) return { kind: 'no-price' };
  if ('kind' in ground) return ground;
  const { cost, figures } = bestLot(input, context, ground);
  const { estimate, decision } = figures;
  const { offer, product } = input;
  const card = selectFeeCard(context.feeCards, CARD_CHANNEL, utcDay(input.at))!;
  const cardVersion = `${card.id}@${card.version}`;
  return {
    kind: 'evaluated',
    row: {
      offerId: offer.id, productId: product.id, sourceId: offer.sourceId, decision: decision.decision, verdict: decision.verdict, title: product.title, brand: product.brand, category: product.category,
      imageUrl: product.imageUrl ?? offer.imageUrl, currency: estimate.currency, unitCostMinor: estimate.landedPerUnit.minor, salePriceMinor: estimate.salePrice.mean.minor, feesMinor: estimate.fees.total.minor,
      profitMinor: estimate.profit.mean.minor, profitLowMinor: lowEnd(estimate.profit).minor, profitHighMinor: estimate.profit.p90.minor, roiBp: estimate.roiBp.mean, lossChanceBp: estimate.chanceOfLossBp,
      daysToSell: Math.max(1, Math.round(estimate.daysToSellTenths.p50 / 10)), cashDayMilli: decision.score, demandPerMonth: Math.round(estimate.demandPerMonthTenths.p50 / 10), confidenceBp: estimate.confidenceBp,
      quantity: decision.quantity, channel: CHANNEL, inputsHash: inputsHashOf(input, context, cardVersion), evaluation: evaluationOf(input, figures, { cost, calibration: calibrationFor(context.calibrations, product.category), season: seasonFor(context.seasons, product.category), ground }), cardVersion, seenAt: offer.lastSeenAt,
    },
  };
}

/** What `quantity` purchase units would cost at the price as seen, shipping included, in the offer's currency. */
export function orderTotal(offer: OfferRecord, quantity: number): Money {
  const unitPrice = money(offer.priceMinor, offer.currency);
  const shippingIn = offeredShipping(offer);
  const shipping = shippingIn ? lotShipping({ shippingIn, unitPrice, quantity }) : null;
  return money(multiply(unitPrice, quantity).minor + (shipping?.minor ?? 0), offer.currency);
}

/** Open opportunities are judged anew after this, so that market facts do not go stale under them. */
export const REFRESH_AFTER_MS = DAY_MS;
