import type { Limits } from '#contract/settings.ts';
import type { Reason } from '#contract/shared.ts';
import { money, type Money } from '#kernel/money.ts';
import { namedIn } from '#kernel/name-key.ts';

/** What is to be bought, as far as limits ask. Amounts in the home currency. */
export interface LimitCandidate {
  /** The most that may be spent on it. */
  readonly total: Money;
  /** Expected, of one sellable unit. */
  readonly profit: Money;
  readonly roiBp: number;
  readonly lossChanceBp: number;
  readonly confidenceBp: number;
  readonly daysToSell: number;
  readonly brand: string | null;
  readonly category: string | null;
}

/** What was spent and promised so far. Amounts in the home currency. */
export interface Spending {
  /** Approved in this UTC day, cancelled and failed ones left out. */
  readonly today: Money;
  /** From Monday, UTC. */
  readonly week: Money;
  /** Of the calendar, UTC. */
  readonly month: Money;
  readonly sellerToday: Money;
  readonly categoryMonth: Money;
  readonly sourceMonth: Money;
  readonly cash: Money;
  /** Approved, and not yet paid. */
  readonly committed: Money;
}

const reason = (code: string, data: Reason['data']): Reason => ({ code, data });

function spendingReasons(limits: Limits, { total }: LimitCandidate, spending: Spending): Reason[] {
  const reasons: Reason[] = [];
  const after = (spent: Money) => money(spent.minor + total.minor, total.currency);
  if (limits.perPurchase && total.minor > limits.perPurchase.minor) reasons.push(reason('limit.per-purchase', { limit: limits.perPurchase, total }));
  const windows: readonly [string, Money | null, Money][] = [
    ['limit.per-day', limits.perDay, spending.today], ['limit.per-week', limits.perWeek, spending.week], ['limit.per-month', limits.perMonth, spending.month],
    ['limit.per-seller', limits.perSellerPerDay, spending.sellerToday], ['limit.per-category', limits.perCategoryPerMonth, spending.categoryMonth], ['limit.per-source', limits.perSourcePerMonth, spending.sourceMonth],
  ];
  for (const [code, limit, spent] of windows) if (limit && after(spent).minor > limit.minor) reasons.push(reason(code, { limit, spent, total }));
  const left = money(spending.cash.minor - spending.committed.minor - total.minor, total.currency);
  if (left.minor < limits.cashReserve.minor) reasons.push(reason('limit.cash-reserve', { reserve: limits.cashReserve, cash: spending.cash, committed: spending.committed, left }));
  return reasons;
}

function qualityReasons(limits: Limits, candidate: LimitCandidate): Reason[] {
  const reasons: Reason[] = [];
  if (candidate.profit.minor < limits.minProfit.minor) reasons.push(reason('limit.min-profit', { limit: limits.minProfit, profit: candidate.profit }));
  if (candidate.roiBp < limits.minRoiBp) reasons.push(reason('limit.min-roi', { limitBp: limits.minRoiBp, roiBp: candidate.roiBp }));
  if (candidate.lossChanceBp > limits.maxLossChanceBp) reasons.push(reason('limit.loss-chance', { limitBp: limits.maxLossChanceBp, lossChanceBp: candidate.lossChanceBp }));
  if (candidate.confidenceBp < limits.minConfidenceBp) reasons.push(reason('limit.confidence', { limitBp: limits.minConfidenceBp, confidenceBp: candidate.confidenceBp }));
  if (candidate.daysToSell > limits.maxDaysToSell) reasons.push(reason('limit.days-to-sell', { limit: limits.maxDaysToSell, days: candidate.daysToSell }));
  const { brand, category } = candidate;
  if (brand !== null && namedIn(limits.blockedBrands, brand) !== null) reasons.push(reason('limit.blocked-brand', { brand }));
  if (category !== null && namedIn(limits.blockedCategories, category) !== null) reasons.push(reason('limit.blocked-category', { category }));
  return reasons;
}

/**
 * Why a purchase is not allowed; empty when it is. All reasons, not the first alone. Reaching a limit exactly is allowed.
 * @throws RangeError when an amount is not in the home currency: comparing would be meaningless.
 */
export function limitReasons(limits: Limits, candidate: LimitCandidate, spending: Spending): Reason[] {
  const home = candidate.total.currency;
  const amounts = [
    candidate.profit, ...Object.values(spending), limits.minProfit, limits.cashReserve, limits.perPurchase, limits.perDay, limits.perWeek, limits.perMonth, limits.perSellerPerDay, limits.perCategoryPerMonth,
    limits.perSourcePerMonth, limits.twoPersonAbove] as (Money | null)[];
  const foreign = amounts.find((amount) => amount !== null && amount.currency !== home);
  if (foreign) throw new RangeError(`limits are in ${home}, not ${foreign.currency}`);
  return [...spendingReasons(limits, candidate, spending), ...qualityReasons(limits, candidate)];
}
