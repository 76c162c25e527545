export { backTest, predictDemand, type BackTest, type Predicted } from './choose-method.ts';
export { FORECASTS, METHODS, type Method, type Series } from './methods.ts';
export { chanceAtMost, demandQuantile, planReorder, type Reorder, type ReorderTerms } from './reorder-point.ts';
