import { money, type Money } from '#kernel/money.ts';
import { err, ok, type Result } from '#kernel/result.ts';
import type { CompiledFees } from './compute-fees.ts';
import { forecastDemand, type DemandForecast } from './demand.ts';
import { forecastPrice, type PriceForecast } from './price-level.ts';
import { summariseSeries } from './summarise-series.ts';
import type { Coded, EstimateAssumptions, FeeResult, LandedCost, MarketEvidence, ProceedsDistribution, ProfitEstimate, SeriesSummary, Spread, WaterfallLine } from './types.ts';

/** Equally likely points of the forecast: of the price's spread, and of the time to sell. */
const PRICE_POINTS = 11;
const TIME_POINTS = 7;
/** Steps through the price points that visit each once, and neighbours far apart. */
const SPREAD_STEP = 4;
/** A drift does not go on for ever: each further day keeps this share of it (at most 20 days' worth). */
const DRIFT_DAMPING = 0.95;
const TURNAROUND_DAYS = 14;
const ROI_BOUND_BP = 1_000_000;
const LEVELS = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95] as const;

/** Inverse of the standard normal's distribution function, error under 4.5e-4 (Abramowitz and Stegun 26.2.23). */
function normalQuantile(p: number): number {
  const q = p < 0.5 ? p : 1 - p;
  const t = Math.sqrt(-2 * Math.log(q));
  const z = t - (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t);
  return p < 0.5 ? -z : z;
}

const midpoints = (n: number) => Array.from({ length: n }, (_, i) => (i + 0.5) / n);
/** Normal scores with heavier tails (Cornish–Fisher, excess kurtosis 1): prices jump more often than a normal allows. */
const PRICE_SCORES = Float64Array.from(midpoints(PRICE_POINTS), (p) => {
  const z = normalQuantile(p);
  return z + (z * z * z - 3 * z) / 24;
});
/** log(−log(1−p)): the logarithm of a unit exponential's quantile, and of its median. */
const LOG_EXPONENTIAL_MEDIAN = Math.log(Math.LN2);
const TIME_SCORES = Float64Array.from(midpoints(TIME_POINTS), (p) => Math.log(-Math.log(1 - p)) - LOG_EXPONENTIAL_MEDIAN);
/** Variance of the logarithm of an exponential: π²/6. */
const LOG_EXPONENTIAL_VARIANCE = Math.PI ** 2 / 6;

const TIME_NORMALS = Float64Array.from(midpoints(TIME_POINTS), normalQuantile);
/** Units of a lot that stand for all of it. */
const MOST_RANKS = 4;

/** Which units of a lot are looked at: each of the first few, or as many spread evenly over more. */
function ranksOf(units: number): number[] {
  if (units <= MOST_RANKS) return Array.from({ length: Math.max(1, units) }, (_, i) => i + 1);
  return Array.from({ length: MOST_RANKS }, (_, i) => Math.ceil(((i + 0.5) * units) / MOST_RANKS));
}

/** Days until the `rank`-th unit of a lot is sold, one after the other: gamma with an uncertain rate, near log-normal from the second on (median rank − 1/3; the logarithm's variance by the trigamma's series). */
function daysUntil(demand: DemandForecast, rank: number, point: number): number {
  if (rank === 1) return daysAt(demand, TIME_SCORES[point]!);
  return Math.exp(Math.log(rank - 1 / 3) - demand.logRatePerDay + TIME_NORMALS[point]! * rankSpread(demand, rank));
}

const rankSpread = (demand: DemandForecast, rank: number) => Math.sqrt(1 / rank + 1 / (2 * rank * rank) + 1 / (6 * rank ** 3) + demand.sigma * demand.sigma);
const firstSpread = (demand: DemandForecast) => Math.sqrt(1 + (demand.sigma * demand.sigma) / LOG_EXPONENTIAL_VARIANCE);

/** Days to the first sale at a probability: an exponential whose rate is itself uncertain (log-normal), by matching the logarithm's spread. */
function daysAt(demand: DemandForecast, score: number): number {
  return Math.exp(-demand.logRatePerDay + LOG_EXPONENTIAL_MEDIAN + score * firstSpread(demand));
}

/** Distribution function of the standard normal, error under 1e-5 (Abramowitz and Stegun 26.2.16). */
function normalShare(z: number): number {
  const t = 1 / (1 + 0.33267 * Math.abs(z));
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * t * (0.4361836 + t * (-0.1201676 + t * 0.937298));
  return z < 0 ? tail : 1 - tail;
}

/** Probability that the `rank`-th unit of a lot is sold within so many days: the inverse of `daysUntil`. */
function soldWithin(demand: DemandForecast, rank: number, days: number): number {
  const log = Math.log(days) + demand.logRatePerDay;
  if (rank === 1) return 1 - Math.exp(-Math.exp((log - LOG_EXPONENTIAL_MEDIAN) / firstSpread(demand) + LOG_EXPONENTIAL_MEDIAN));
  return normalShare((log - Math.log(rank - 1 / 3)) / rankSpread(demand, rank));
}

/** Quantile of ascending, equally likely outcomes, linear between them. */
function quantileOf(sorted: Float64Array, p: number): number {
  const position = p * sorted.length - 0.5;
  if (position <= 0) return sorted[0]!;
  if (position >= sorted.length - 1) return sorted.at(-1)!;
  const low = Math.floor(position);
  return sorted[low]! + (position - low) * (sorted[low + 1]! - sorted[low]!);
}

/** Share of ascending, equally likely outcomes below a value, linear between them. */
export function shareBelow(sorted: Float64Array, value: number): number {
  const n = sorted.length;
  if (value <= sorted[0]!) return 0;
  if (value > sorted[n - 1]!) return 1;
  let low = 0;
  let high = n - 1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle;
    else high = middle;
  }
  const gap = sorted[high]! - sorted[low]!;
  return (low + 0.5 + (gap > 0 ? (value - sorted[low]!) / gap : 0)) / n;
}

function spread<T>(at: (p: number) => T, mean: T): Spread<T> {
  const [p05, p10, p25, p50, p75, p90, p95] = LEVELS.map(at) as [T, T, T, T, T, T, T];
  return { p05, p10, p25, p50, p75, p90, p95, mean };
}

/** `prices` are those of the market at the time; `proceeds` count what is left at the horizon as sold off, and `meanClearance` is what that takes. */
interface Grid { prices: Float64Array; proceeds: Float64Array; meanPrice: number; meanProceeds: number; meanFees: number; meanDays: number; meanStorage: number; meanClearance: number }

const MOST_PRICE_MINOR = 40_000_000_000;
const asPrice = (log: number) => Math.min(MOST_PRICE_MINOR, Math.max(1, Math.round(Math.exp(log))));

/** Every price at every time, for the lot's units as they sell one after the other: what the sale brings after fees, sending and storage. */
function outcomeGrid(price: PriceForecast, demand: DemandForecast, inputs: EstimateInputs): Grid {
  const { fees, assumptions: a } = inputs;
  const ranks = ranksOf(inputs.landed.saleUnits);
  const times = TIME_POINTS * ranks.length;
  const n = PRICE_POINTS * times;
  const grid: Grid = { prices: new Float64Array(n), proceeds: new Float64Array(n), meanPrice: 0, meanProceeds: 0, meanFees: 0, meanDays: 0, meanStorage: 0, meanClearance: 0 };
  const clearance = Math.log(a.clearanceBp / 10_000);
  const sold = ranks.map((rank) => soldWithin(demand, rank, a.horizonDays));
  for (let i = 0; i < times; i++) {
    const wanted = daysUntil(demand, ranks[Math.floor(i / TIME_POINTS)]!, i % TIME_POINTS);
    /** Of the stretch of probability that this point stands for, what lies before the horizon. */
    const inTime = Math.max(0, Math.min(1, sold[Math.floor(i / TIME_POINTS)]! * TIME_POINTS - (i % TIME_POINTS)));
    const shelf = Math.min(wanted, a.horizonDays);
    const elapsed = a.daysToShelf + shelf;
    const drift = (price.driftPerDay * (1 - DRIFT_DAMPING ** elapsed)) / (1 - DRIFT_DAMPING);
    const centre = price.logLevel + drift + price.seasonLog * Math.min(1, elapsed / 30);
    /** Of the price points, as many as are likely to be sold before a take-down, spread evenly over them. */
    const stands = inTime * Math.exp((-shelf * (a.takeDownPerDayBp ?? 0)) / 10_000);
    const sigma = Math.sqrt(price.sigma * price.sigma + price.dailySigma * price.dailySigma * Math.min(60, elapsed));
    const storage = Math.round((shelf * a.storagePerDayMilli) / 1_000);
    for (let j = 0; j < PRICE_POINTS; j++) {
      const log = centre + sigma * PRICE_SCORES[j]!;
      const usual = asPrice(log);
      const cleared = stands < 1 && (((j * SPREAD_STEP + i) % PRICE_POINTS) + 0.5) / PRICE_POINTS > stands;
      const minor = cleared ? asPrice(log + clearance) : usual;
      const fee = fees.totalMinor(minor);
      const at = i * PRICE_POINTS + j;
      grid.prices[at] = usual;
      if (cleared) grid.meanClearance += (usual - fees.totalMinor(usual) - minor + fee) / n;
      grid.proceeds[at] = minor + fees.buyerShippingMinor - fee - a.shippingOutMinor - storage;
      grid.meanPrice += usual / n;
      grid.meanFees += fee / n;
      grid.meanProceeds += grid.proceeds[at]! / n;
      grid.meanStorage += storage / n;
    }
    grid.meanDays += shelf / times;
  }
  grid.prices.sort();
  grid.proceeds.sort();
  return grid;
}

/** Quantile of profit: kept sales, with the atom of a return put in where it belongs. */
function profitQuantile(proceeds: ProceedsDistribution, landed: number, p: number): number {
  const returnShare = proceeds.returnRateBp / 10_000;
  const returned = returnOutcome(proceeds, landed);
  const below = (1 - returnShare) * shareBelow(proceeds.outcomesMinor, returned + landed);
  if (returnShare >= 1 || (p > below && p <= below + returnShare)) return returned;
  return quantileOf(proceeds.outcomesMinor, (p <= below ? p : p - returnShare) / (1 - returnShare)) - landed;
}

/** Profit of a unit that comes back: never above zero. */
function returnOutcome(proceeds: ProceedsDistribution, landed: number): number {
  return -Math.round(proceeds.returnLossMinor + (landed * (10_000 - proceeds.returnRecoveryBp)) / 10_000);
}

/** Expected profit of a unit at a landed cost, minor units. */
export function expectedProfitMinor(proceeds: ProceedsDistribution, landed: number): number {
  const share = proceeds.returnRateBp / 10_000;
  return Math.round((1 - share) * (proceeds.meanMinor - landed) + share * returnOutcome(proceeds, landed));
}

/** Chance that a unit at a landed cost ends below zero, 0 to 1. */
export function chanceOfLoss(proceeds: ProceedsDistribution, landed: number): number {
  const share = proceeds.returnRateBp / 10_000;
  return (1 - share) * shareBelow(proceeds.outcomesMinor, landed) + (returnOutcome(proceeds, landed) < 0 ? share : 0);
}

export interface EstimateInputs {
  readonly fees: CompiledFees;
  readonly landed: LandedCost;
  readonly assumptions: EstimateAssumptions;
}

function confidenceOf(price: PriceForecast, demand: DemandForecast, fees: FeeResult): number {
  const feeWeight = fees.confidence === 'low' ? 0.75 : fees.confidence === 'medium' ? 0.95 : 1;
  const steady = 1 / (1 + 2 * Math.max(0, price.sigma - 0.05));
  return Math.round(10_000 * Math.sqrt(price.weight * (0.3 + 0.7 * demand.weight)) * feeWeight * steady);
}

/** From the mean price to the expected profit. `estimate.spread` closes the sum: fees averaged over all prices are not the fees of the average price. */
function waterfallOf(grid: Grid, inputs: EstimateInputs, expected: number): WaterfallLine[] {
  const { assumptions: a, landed, fees } = inputs;
  const currency = landed.perUnit.currency;
  const price = Math.round(grid.meanPrice);
  const lines: WaterfallLine[] = [];
  const push = (code: string, minor: number, source: string, confidence: WaterfallLine['confidence']) => {
    if (minor !== 0 || code === 'sale.price') lines.push({ code, amount: money(minor, currency), source, confidence });
  };
  push('sale.price', price, 'estimate', 'medium');
  push('sale.buyer-shipping', fees.buyerShippingMinor, 'offer', 'high');
  for (const line of fees.at(money(price, currency)).lines) push(line.code, -line.amount.minor, line.source, line.confidence);
  push('cost.shipping-out', -a.shippingOutMinor, 'settings', 'medium');
  push('cost.storage', -Math.round(grid.meanStorage), 'settings', 'medium');
  push('estimate.clearance', -Math.round(grid.meanClearance), 'estimate', 'medium');
  push('cost.landed', -landed.perUnit.minor, landed.lines[0]?.source ?? 'offer', 'high');
  const keptProfit = Math.round(grid.meanProceeds) - landed.perUnit.minor;
  push('estimate.returns', expected - keptProfit, a.returnRateAssumed ? 'assumption' : 'settled sales', a.returnRateAssumed ? 'low' : 'medium');
  push('estimate.spread', expected - lines.reduce((sum, line) => sum + line.amount.minor, 0), 'estimate', 'medium');
  return lines;
}

const tenths = (days: number) => Math.round(days * 10);

/** What the market's evidence says of price and demand, whatever a unit costs and however many are bought. */
export interface MarketForecast {
  readonly currency: string;
  readonly history: SeriesSummary;
  readonly price: PriceForecast;
  readonly demand: DemandForecast;
}

interface Parts { history: SeriesSummary; price: PriceForecast; demand: DemandForecast; grid: Grid }

function assemble(parts: Parts, inputs: EstimateInputs, unknowns: Coded[]): ProfitEstimate {
  const { grid, demand } = parts;
  const { assumptions: a, landed, fees } = inputs;
  const currency = landed.perUnit.currency;
  const amount = (minor: number): Money => money(Math.round(minor), currency);
  const cost = landed.perUnit.minor;
  const medianPrice = amount(quantileOf(grid.prices, 0.5));
  const feeResult = fees.at(medianPrice);
  const returnLossMinor = Math.round(a.returnCostMinor + a.shippingOutMinor + (grid.meanFees * a.returnFeesLostBp) / 10_000);
  const proceeds: ProceedsDistribution = { outcomesMinor: grid.proceeds, meanMinor: grid.meanProceeds, returnRateBp: a.returnRateBp, returnRecoveryBp: a.returnRecoveryBp, returnLossMinor };
  const expected = expectedProfitMinor(proceeds, cost);
  const roi = (minor: number) => Math.max(-ROI_BOUND_BP, Math.min(ROI_BOUND_BP, cost > 0 ? Math.round((minor * 10_000) / cost) : Math.sign(minor) * ROI_BOUND_BP));
  const profit = spread((p) => amount(profitQuantile(proceeds, cost, p)), amount(expected));
  const cashDays = Math.max(1, a.daysToShelf + grid.meanDays + a.payoutDelayDays + (a.returnRateBp / 10_000) * TURNAROUND_DAYS);
  const monthly = (z: number) => tenths(30 * Math.exp(demand.logRatePerDay + z * demand.sigma));
  if (feeResult.confidence === 'low' && feeResult.unknowns.length === 0) unknowns.push({ code: 'fees.low-confidence', data: {} });
  return {
    currency,
    salePrice: spread((p) => amount(quantileOf(grid.prices, p)), amount(grid.meanPrice)),
    daysToSellTenths: spread((p) => tenths(Math.min(a.horizonDays, daysAt(demand, Math.log(-Math.log(1 - p)) - LOG_EXPONENTIAL_MEDIAN))), tenths(grid.meanDays)),
    profit,
    roiBp: { p05: roi(profit.p05.minor), p10: roi(profit.p10.minor), p25: roi(profit.p25.minor), p50: roi(profit.p50.minor), p75: roi(profit.p75.minor), p90: roi(profit.p90.minor), p95: roi(profit.p95.minor), mean: roi(expected) },
    chanceOfLossBp: Math.round(chanceOfLoss(proceeds, cost) * 10_000),
    demandPerMonthTenths: { p10: monthly(-1.2816), p50: monthly(0), p90: monthly(1.2816) },
    unitsPerDay: Math.exp(demand.logRatePerDay), uncorrectedUnitsPerDay: demand.uncorrectedPerDay, channelCount: demand.channelCount,
    cashDaysTenths: tenths(cashDays),
    profitPerCashDayMilli: Math.round((expected * 1_000) / cashDays),
    fees: feeResult,
    profitAtMedian: amount(medianPrice.minor + fees.buyerShippingMinor - feeResult.total.minor - a.shippingOutMinor - cost),
    waterfall: waterfallOf(grid, inputs, expected),
    landedPerUnit: landed.perUnit,
    trend: parts.history,
    confidenceBp: confidenceOf(parts.price, demand, feeResult),
    unknowns: [...unknowns, ...feeResult.unknowns], demandSeen: demand.seen, pricedElsewhere: parts.price.elsewhere,
    proceeds,
  };
}

/** @returns `NO_PRICE` when nothing in the evidence shows what it sells for. */
export function forecastMarket(evidence: MarketEvidence): Result<MarketForecast, Coded<'NO_PRICE'>> {
  const history = summariseSeries(evidence.prices, evidence.at);
  const price = forecastPrice(evidence, history);
  if (!price) return err({ code: 'NO_PRICE', data: {} });
  const ranks = evidence.ranks && evidence.ranks.length > 0 ? summariseSeries(evidence.ranks, evidence.at) : null;
  return ok({ currency: evidence.currency, history, price, demand: forecastDemand(evidence, ranks, price.moveLog) });
}

/**
 * What a unit of the lot will really earn, the mean over its units as they sell one after the other, as distributions over price and time to sell.
 * @throws RangeError when forecast, fees and landed cost are not in one currency.
 */
export function estimateFrom(forecast: MarketForecast, inputs: EstimateInputs): ProfitEstimate {
  const { history, price, demand } = forecast;
  if (forecast.currency !== inputs.landed.perUnit.currency) throw new RangeError(`evidence is in ${forecast.currency}, the landed cost in ${inputs.landed.perUnit.currency}`);
  const unknowns: Coded[] = [...price.unknowns, ...demand.unknowns];
  if (inputs.assumptions.returnRateAssumed) unknowns.push({ code: 'returns.assumed', data: { rateBp: inputs.assumptions.returnRateBp } });
  if (history.level !== null && history.seasonLog === 0 && !demand.seasonal) unknowns.push({ code: 'season.unknown', data: {} });
  return assemble({ history, price, demand, grid: outcomeGrid(price, demand, inputs) }, inputs, unknowns);
}

/** Both at once. The same evidence gives the same answer, on every machine and on every run. */
export function estimateProfit(evidence: MarketEvidence, inputs: EstimateInputs): Result<ProfitEstimate, Coded<'NO_PRICE'>> {
  const forecast = forecastMarket(evidence);
  return forecast.ok ? ok(estimateFrom(forecast.value, inputs)) : forecast;
}
