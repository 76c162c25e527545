/** A whole price list judged by what is known already, before any quota is spent. */
export { runFirstPass, type FirstPassRequest } from './run-first-pass.ts';
export { RESULT_COLUMNS, type FirstPassCounts, type FirstPassPorts, type RoughProfit, type RowStanding } from './types.ts';
