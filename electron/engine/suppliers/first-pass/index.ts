/** A whole price list judged by what is known already, before any quota is spent. */
export { runFirstPass, type FirstPassRequest } from './run-first-pass.ts';
export { REJECT_COLUMNS, ROW_COLUMNS, STANDINGS, type FirstPassCounts, type FirstPassPorts, type MoreOfRow, type RoughProfit, type RowStanding } from './types.ts';
