export { backTest, predictDemand, type BackTest, type Predicted } from './choose-method.ts';
export { FORECASTS, METHODS, type Method } from './methods.ts';
export type { Series } from './series-sums.ts';
export type { Spread } from './spread.ts';
export { chanceAtMost, demandOver, demandQuantile, planReorder, type Reorder, type ReorderTerms } from './reorder-point.ts';
