/** Pure arithmetic of buying and selling: fee cards, landed cost, estimates as distributions, decisions. No database, no clock, no random numbers. */
export * from './types.ts';
export { confidenceSchema, feeCardSchema, parseFeeCards, readFeeCards, resolveCategory, selectFeeCard, type Confidence, type FeeCard, type FeeRule } from './fee-card.ts';
export { compileFees, computeFees, type CompiledFees } from './compute-fees.ts';
export { feesIn, forecastIn, minorConverter } from './in-currency.ts';
export { chooseSizeTier, type SizeTierChoice } from './size-tier.ts';
export { landedCost, lotShipping, priceForLandedCeiling, shares } from './landed-cost.ts';
export { outboundPostage, type PostageRates } from './outbound-postage.ts';
export { ASSUMED_FREIGHT, defaultAssumptions, takeDownPerDay, withLearnedReturns } from './assumptions.ts';
export { chanceOfLoss, estimateFrom, estimateProfit, expectedProfitMinor, forecastMarket, type EstimateInputs, type MarketForecast } from './estimate-profit.ts';
export { ALL_CATEGORIES, LEAST_SALES, learnCalibration, type Exposure, type LearnedCorrection, type Outcomes, type SettledSale } from './learn-calibration.ts';
export { demandAhead, fallsOf, LEAST_OF_ALL, learnSeasons, overYear, peakOf, SEASON_DAYS, SEASON_OF_ALL, type FallHistory, type LearnedSeason } from './learn-seasons.ts';
export { PRIOR_RETURNS, type LearnedReturns, type MeasuredReturns, type ReturnRecord } from './learn-returns.ts';
export { seasonRatio } from './demand.ts';
export { summariseSeries } from './summarise-series.ts';
export { decide, landedCeilingMinor, proceedsBelow, type Decision, type DecisionFacts, type DecisionInput, type DecisionLimits, type DecisionReason, type DecisionResult, type Verdict } from './decide.ts';
export { planCapital, type CapitalOpportunity, type CapitalPlan, type CapitalTerms, type PlanLine, type StopReason, type UnitValue } from './plan-capital.ts';
