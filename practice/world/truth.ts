/**
 * What is really so, for tests, evaluation and benchmarks alone: nothing here is reachable through a vendor's protocol, and no engine or
 * connector may import it.
 */
export { countEffects, expectedProfit, HORIZON_DAYS, SALVAGE, trueCost, trueOffer, trulyProfitable } from './true-profit.ts';
export type { EffectCounts, ProfitableOffer, ProfitQuestion, TrueOffer, TrueProfit } from './true-profit.ts';
export { simulateCarefulBuyer, simulateNaiveBuyer } from './simulate-policies.ts';
export type { BuyerLimits, BuyerResult } from './simulate-policies.ts';
