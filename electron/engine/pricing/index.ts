/** Pure arithmetic of buying and selling: fee cards, landed cost, estimates as distributions, decisions. No database, no clock, no random numbers. */
export * from './types.ts';
export { confidenceSchema, feeCardSchema, parseFeeCards, readFeeCards, resolveCategory, selectFeeCard, type Confidence, type FeeCard, type FeeRule } from './fee-card.ts';
