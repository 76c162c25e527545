/** A whole price list judged by what is known already, before any quota is spent. */
export { buffersOfAnswers, lookUpCodes, type CodeAnswers, type LookUpPorts } from './code-table.ts';
export { nameCards, type CardPrices } from './name-cards.ts';
export { buffersOf, packList, type PackedRows, type ReadRequest } from './pack-rows.ts';
export { settleRows, type SettlePorts, type SettleRequest } from './settle-rows.ts';
export { PRICE_ORIGINS, REJECT_COLUMNS, ROW_COLUMNS, STANDINGS, type FirstPassCounts, type FirstPassPorts, type KnownPrice, type MoreOfRow, type PriceOrigin, type RoughProfit, type RowEstimate, type RowStanding } from './types.ts';
