import { money, type Money } from '#kernel/money.ts';
import { chanceOfLoss, expectedProfitMinor, shareBelow } from './estimate-profit.ts';
import { landedCost, priceForLandedCeiling } from './landed-cost.ts';
import type { Coded, LandedCostInput, ProceedsDistribution, ProfitEstimate } from './types.ts';

export type Decision = 'purchase' | 'negotiate' | 'skip';
/**
 * Whether it would earn, whatever the limits: `profitable` where the expected profit is beyond what estimates are commonly off by and nothing casts doubt on what the thing is; `losing` where the expected
 * profit is as far below zero; else `unsure`.
 */
export type Verdict = 'profitable' | 'unsure' | 'losing';

/** What the user allows. Money is in the home currency; null is no limit. */
export interface DecisionLimits {
  readonly minProfitMinor: number;
  readonly minRoiBp: number;
  readonly maxLossChanceBp: number;
  readonly minConfidenceBp: number;
  /** Least probability that the offer is the product that was priced, basis points. */
  readonly minIdentityBp: number;
  readonly maxPerPurchaseMinor: number | null;
  /** What is left of the day's, the seller's and the category's budgets. */
  readonly remainingTodayMinor: number | null;
  readonly remainingSellerMinor: number | null;
  readonly remainingCategoryMinor: number | null;
  /** Stock is bought for at most this many days of sales. */
  readonly targetSellDays: number;
  readonly maxDaysToSell: number | null;
  /** How far under the asked price a talk is still worth its time: an ask above `ceiling / (1 − share)` is skipped. */
  readonly maxDiscountBp: number;
}

/** What is known about offer and product beside the money. */
export interface DecisionFacts {
  readonly restriction: 'allowed' | 'approval-required' | 'not-eligible' | 'unknown';
  readonly hazmat: boolean | null;
  /** The brand is known for complaints about resellers. */
  readonly brandRisk: { readonly level: 'warning' | 'block'; readonly brand: string; readonly source: string } | null;
  readonly blockedBrand: string | null;
  readonly blockedCategory: string | null;
  /** Keepa's product type 3: the marketplace hides the price (MAP). */
  readonly hiddenPrice: boolean;
  /** A parent of variations cannot be bought or priced. */
  readonly variationParent: boolean;
  /** Whether offer and product hold the same number of pieces; `known` sizes may be brought together by `LandedCostInput`. */
  readonly pack: 'same' | 'converted' | 'conflict' | 'unknown';
  readonly identityBp: number;
  readonly sellerRisk: 'none' | 'warning' | 'block';
  /** Purchase units that the offer still has; null when it does not say. */
  readonly available: number | null;
  /** The seller can be asked for a better price. */
  readonly negotiable: boolean;
}

export interface DecisionReason extends Coded {
  /** `block` decides alone; `against` and `for` weigh; `info` only tells. */
  readonly kind: 'block' | 'against' | 'for' | 'info';
}

export interface DecisionResult {
  readonly decision: Decision;
  readonly verdict: Verdict;
  readonly reasons: readonly DecisionReason[];
  /** Ranks opportunities: risk-adjusted expected profit for each day of locked cash, thousandths of a minor unit; comparable within one currency. */
  readonly score: number;
  /** The dearest landed cost of a sold unit, and the dearest price of a purchase unit (in the offer's currency), that still meet profit, ROI and loss limits; null when none does. */
  readonly ceiling: { readonly landedPerUnit: Money; readonly purchasePrice: Money } | null;
  /** Purchase units to buy; 0 with `skip`. */
  readonly quantity: number;
}

export interface DecisionInput {
  readonly estimate: ProfitEstimate;
  readonly cost: LandedCostInput;
  readonly facts: DecisionFacts;
  readonly limits: DecisionLimits;
}

function blocksOf(facts: DecisionFacts, limits: DecisionLimits): DecisionReason[] {
  const blocks: DecisionReason[] = [];
  const block = (code: string, data: Coded['data'] = {}) => blocks.push({ kind: 'block', code, data });
  if (facts.restriction === 'not-eligible') block('restriction.not-eligible');
  if (facts.restriction === 'approval-required') block('restriction.approval-required');
  if (facts.hazmat === true) block('product.hazmat');
  if (facts.brandRisk?.level === 'block') block('brand.ip-risk', { brand: facts.brandRisk.brand, source: facts.brandRisk.source });
  if (facts.blockedBrand !== null) block('limit.brand-blocked', { brand: facts.blockedBrand });
  if (facts.blockedCategory !== null) block('limit.category-blocked', { category: facts.blockedCategory });
  if (facts.hiddenPrice) block('price.hidden');
  if (facts.variationParent) block('product.variation-parent');
  if (facts.pack === 'conflict') block('pack.conflict');
  if (facts.sellerRisk === 'block') block('seller.bad-signs');
  if (facts.identityBp < limits.minIdentityBp) block('identity.unsure', { identityBp: facts.identityBp, minimumBp: limits.minIdentityBp });
  if (facts.available === 0) block('offer.out-of-stock');
  return blocks;
}

function notesOf(facts: DecisionFacts, estimate: ProfitEstimate): DecisionReason[] {
  const notes: DecisionReason[] = [];
  const note = (kind: DecisionReason['kind'], code: string, data: Coded['data'] = {}) => notes.push({ kind, code, data });
  if (facts.restriction === 'unknown') note('against', 'restriction.unknown');
  if (facts.hazmat === null) note('info', 'product.hazmat-unknown');
  if (facts.brandRisk?.level === 'warning') note('against', 'brand.ip-risk', { brand: facts.brandRisk.brand, source: facts.brandRisk.source });
  if (facts.pack === 'unknown') note('against', 'pack.unknown');
  if (facts.sellerRisk === 'warning') note('against', 'seller.bad-signs');
  if (estimate.trend.direction === 'collapsing') note('against', 'price.collapsing', { changeLogBp: Math.round(estimate.trend.changeLog * 10_000), at: estimate.trend.changeAt });
  if (estimate.trend.direction === 'rising') note('for', 'price.rising', { changeLogBp: Math.round(estimate.trend.changeLog * 10_000), at: estimate.trend.changeAt });
  return notes;
}

/** What the estimate fails, each with figure and limit. */
function shortfallsOf(estimate: ProfitEstimate, limits: DecisionLimits): DecisionReason[] {
  const found: DecisionReason[] = [];
  const against = (code: string, data: Coded['data']) => found.push({ kind: 'against', code, data });
  if (estimate.profit.mean.minor < limits.minProfitMinor) against('profit.below', { profit: estimate.profit.mean, minimum: money(limits.minProfitMinor, estimate.currency) });
  if (estimate.roiBp.mean < limits.minRoiBp) against('roi.below', { roiBp: estimate.roiBp.mean, minimumBp: limits.minRoiBp });
  if (estimate.chanceOfLossBp > limits.maxLossChanceBp) against('loss.above', { chanceBp: estimate.chanceOfLossBp, maximumBp: limits.maxLossChanceBp });
  return found;
}

/** Shortfalls that no better price mends. */
function firmShortfallsOf(estimate: ProfitEstimate, limits: DecisionLimits): DecisionReason[] {
  const found: DecisionReason[] = [];
  if (estimate.confidenceBp < limits.minConfidenceBp) found.push({ kind: 'against', code: 'confidence.below', data: { confidenceBp: estimate.confidenceBp, minimumBp: limits.minConfidenceBp } });
  if (limits.maxDaysToSell !== null && estimate.daysToSellTenths.p50 > limits.maxDaysToSell * 10) found.push({ kind: 'against', code: 'days.above', data: { daysTenths: estimate.daysToSellTenths.p50, maximum: limits.maxDaysToSell } });
  return found;
}

/** The dearest landed cost that meets all three floors; each only gets worse as the cost rises, so halving finds it. Null when even a free unit fails. */
export function landedCeilingMinor(proceeds: ProceedsDistribution, limits: Pick<DecisionLimits, 'minProfitMinor' | 'minRoiBp' | 'maxLossChanceBp'>): number | null {
  const fits = (landed: number) => {
    const expected = expectedProfitMinor(proceeds, landed);
    return expected >= limits.minProfitMinor && expected * 10_000 >= limits.minRoiBp * landed && Math.round(chanceOfLoss(proceeds, landed) * 10_000) <= limits.maxLossChanceBp;
  };
  if (!fits(0)) return null;
  let low = 0;
  let high = Math.max(1, Math.ceil(proceeds.outcomesMinor.at(-1) ?? 0) + 1);
  while (fits(high)) {
    low = high;
    high *= 2;
  }
  while (high - low > 1) {
    const middle = low + Math.floor((high - low) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * Units to hold: as many as sell within the target at a cautious demand (between the low end and the middle of the forecast), while each further one, sold later and for a price that
 * may have moved on, still earns its floor. The n-th unit waits n times as long; each wait of `targetSellDays` costs a quarter of the spread between the middle and the low profit.
 */
function sellableUnits(estimate: ProfitEstimate, limits: DecisionLimits): number {
  const perDay = Math.sqrt(estimate.demandPerMonthTenths.p10 * estimate.demandPerMonthTenths.p50) / 300;
  const byTime = Math.floor(perDay * limits.targetSellDays);
  const decay = Math.max(0, estimate.profit.mean.minor - estimate.profit.p10.minor) / 4;
  const drift = Math.min(0, estimate.trend.driftPerDay) * estimate.salePrice.mean.minor;
  const marginal = (unit: number) => {
    const days = unit / Math.max(perDay, 1e-6);
    return estimate.profit.mean.minor - decay * (days / Math.max(1, limits.targetSellDays)) ** 2 + drift * Math.min(20, days);
  };
  let units = Math.max(1, byTime);
  if (marginal(units) < limits.minProfitMinor) {
    let low = 1;
    while (units - low > 1) {
      const middle = (low + units) >>> 1;
      if (marginal(middle) >= limits.minProfitMinor) low = middle;
      else units = middle;
    }
    units = low;
  }
  return units;
}

interface Quantity { units: number; cappedBy: DecisionReason | null }

/** Purchase units: what demand bears, then what stock and every money limit allow. 0 when not even one fits. */
function quantityOf({ estimate, cost, facts, limits }: DecisionInput): Quantity {
  const wanted = sellableUnits(estimate, limits);
  let units = Math.max(Math.ceil(cost.piecesPerSale / cost.piecesPerPurchase), Math.floor((wanted * cost.piecesPerSale) / cost.piecesPerPurchase));
  let cappedBy: DecisionReason | null = null;
  const cap = (most: number, code: string, data: Coded['data']) => {
    if (most >= units) return;
    units = most;
    cappedBy = { kind: 'info', code, data };
  };
  if (facts.available !== null) cap(facts.available, 'quantity.capped-stock', { available: facts.available });
  const budgets = [['purchase', limits.maxPerPurchaseMinor], ['day', limits.remainingTodayMinor], ['seller', limits.remainingSellerMinor], ['category', limits.remainingCategoryMinor]] as const;
  for (const [budget, minor] of budgets) {
    if (minor !== null) cap(unitsWithin(cost, minor, units), 'quantity.capped-budget', { budget, limit: money(Math.max(0, minor), cost.homeCurrency) });
  }
  return units * cost.piecesPerPurchase < cost.piecesPerSale ? { units: 0, cappedBy } : { units, cappedBy };
}

/** Most purchase units, up to `most`, whose whole landed lot is within a budget. */
function unitsWithin(cost: LandedCostInput, budgetMinor: number, most: number): number {
  const least = Math.ceil(cost.piecesPerSale / cost.piecesPerPurchase);
  const fits = (quantity: number) => landedCost({ ...cost, quantity }).lot.minor <= budgetMinor;
  if (most < least || !fits(least)) return 0;
  if (fits(most)) return most;
  let low = least;
  let high = most;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** A quarter of the way from the middle to the low end is taken off for risk; what little is known counts less. */
function scoreOf(estimate: ProfitEstimate): number {
  const mean = estimate.profit.mean.minor;
  const careful = mean - Math.max(0, mean - estimate.profit.p10.minor) / 4;
  const weighted = careful > 0 ? (careful * (5_000 + estimate.confidenceBp / 2)) / 10_000 : careful;
  return Math.round((weighted * 10_000) / Math.max(10, estimate.cashDaysTenths));
}

/**
 * Of the sale price: an expected profit below it is within what the estimates of sound products were off by (`npm run bench -- --only found`, chosen in worlds 21 to 40); so much more where nobody says how often
 * the channel sells it, and where what it sells for is read off another market.
 */
const DOUBT_BP = 350;
const DOUBT_UNSEEN_BP = 200;
const DOUBT_ELSEWHERE_BP = 300;

function verdictOf({ profit, salePrice, demandSeen, pricedElsewhere }: ProfitEstimate, blocks: readonly DecisionReason[]): Verdict {
  const doubtBp = DOUBT_BP + (demandSeen ? 0 : DOUBT_UNSEEN_BP) + (pricedElsewhere ? DOUBT_ELSEWHERE_BP : 0);
  const doubt = (salePrice.mean.minor * doubtBp) / 10_000;
  if (profit.mean.minor <= -doubt) return 'losing';
  // what the user does not want, or cannot be had now, would earn all the same
  return profit.mean.minor >= doubt && blocks.every(({ code }) => code.startsWith('limit.') || code === 'offer.out-of-stock') ? 'profitable' : 'unsure';
}

/** Hard rules first, then the floors on the distribution, then whether a better price would meet them. Pure: the same input gives the same decision and reasons. */
export function decide(input: DecisionInput): DecisionResult {
  const { estimate, cost, facts, limits } = input;
  const blocks = blocksOf(facts, limits);
  const firm = firmShortfallsOf(estimate, limits);
  const shortfalls = shortfallsOf(estimate, limits);
  const notes = notesOf(facts, estimate);
  const score = scoreOf(estimate);
  const landedMinor = landedCeilingMinor(estimate.proceeds, limits);
  const landedPerUnit = landedMinor === null ? null : money(landedMinor, estimate.currency);
  const purchasePrice = landedPerUnit && priceForLandedCeiling(cost, landedPerUnit);
  const ceiling = landedPerUnit && purchasePrice && purchasePrice.minor > 0 ? { landedPerUnit, purchasePrice } : null;
  const verdict = verdictOf(estimate, blocks);
  const result = (decision: Decision, quantity: number, reasons: DecisionReason[]): DecisionResult => ({ decision, verdict, quantity, score, ceiling, reasons });
  if (blocks.length > 0 || firm.length > 0) return result('skip', 0, [...blocks, ...firm, ...shortfalls, ...notes]);
  if (shortfalls.length > 0) return belowFloors(input, { shortfalls, notes, ceiling, result });
  const { units, cappedBy } = quantityOf(input);
  const capped = cappedBy ? [cappedBy] : [];
  if (units === 0) return result('skip', 0, [{ kind: 'block', code: 'limit.no-unit-fits', data: cappedBy?.data ?? {} }, ...notes]);
  return result('purchase', units, [{ kind: 'for', code: 'profit.meets', data: { profit: estimate.profit.mean, roiBp: estimate.roiBp.mean, chanceBp: estimate.chanceOfLossBp, available: facts.available } }, ...capped, ...notes]);
}

interface BelowFloors {
  shortfalls: DecisionReason[];
  notes: DecisionReason[];
  ceiling: DecisionResult['ceiling'];
  result: (decision: Decision, quantity: number, reasons: DecisionReason[]) => DecisionResult;
}

function belowFloors(input: DecisionInput, { shortfalls, notes, ceiling, result }: BelowFloors): DecisionResult {
  const { cost, facts, limits } = input;
  if (!ceiling) return result('skip', 0, [...shortfalls, { kind: 'against', code: 'ceiling.none', data: {} }, ...notes]);
  const discountBp = Math.ceil(((cost.unitPrice.minor - ceiling.purchasePrice.minor) * 10_000) / Math.max(1, cost.unitPrice.minor));
  const gap = { asked: cost.unitPrice, ceiling: ceiling.purchasePrice, discountBp };
  if (!facts.negotiable) return result('skip', 0, [...shortfalls, { kind: 'against', code: 'offer.fixed-price', data: gap }, ...notes]);
  if (discountBp > limits.maxDiscountBp) return result('skip', 0, [...shortfalls, { kind: 'against', code: 'ceiling.too-far', data: { ...gap, maximumBp: limits.maxDiscountBp } }, ...notes]);
  const atCeiling = quantityOf({ ...input, cost: { ...cost, unitPrice: ceiling.purchasePrice } });
  if (atCeiling.units === 0) return result('skip', 0, [{ kind: 'block', code: 'limit.no-unit-fits', data: atCeiling.cappedBy?.data ?? {} }, ...shortfalls, ...notes]);
  return result('negotiate', atCeiling.units, [{ kind: 'for', code: 'ceiling.within-reach', data: gap }, ...shortfalls, ...notes]);
}

/** Share of the kept-sale outcomes in which a unit brings less than an amount, 0 to 1: for a histogram on the screen. */
export function proceedsBelow(proceeds: ProceedsDistribution, minor: number): number {
  return shareBelow(proceeds.outcomesMinor, minor);
}
