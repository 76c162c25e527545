/** A whole price list judged by what is known already, before any quota is spent. */
export { buffersOf, packList, type PackedRows, type ReadRequest } from './pack-rows.ts';
export { settleRows, type SettlePorts, type SettleRequest } from './settle-rows.ts';
export { REJECT_COLUMNS, ROW_COLUMNS, STANDINGS, type FirstPassCounts, type FirstPassPorts, type MoreOfRow, type RoughProfit, type RowStanding } from './types.ts';
