export { createPriceListAdapter, type PriceListDeps } from './price-list-adapter.ts';
export type { DownloadPort } from './ports.ts';
export { buffersOf, buffersOfAnswers, lookUpCodes, nameCards, packList, type CardPrices, type CodeAnswers, type LookUpPorts, PRICE_ORIGINS, REJECT_COLUMNS, ROW_COLUMNS, settleRows, STANDINGS, type FirstPassCounts, type FirstPassPorts, type KnownPrice, type MoreOfRow, type PackedRows, type PriceOrigin, type RoughProfit, type RowEstimate, type RowStanding, type SettlePorts } from './first-pass/index.ts';
export {
  COLUMN_ROLES, fileSource, inspectPriceList, LARGEST_FILE_BYTES, neutraliseFormula, PriceListError, writeResultsCsv, writeResultsXlsx, type ResultColumn, type ColumnRole, type PriceListErrorCode, type PriceListLayout, type PriceListPreview, type PriceListSource, type PriceListRow, type PriceListReject, type ReadAs,
} from './price-list/index.ts';
export * from './results/index.ts';
export * from './lists/repo.ts';
export { listLists, readListFacets } from './lists/list-lists.ts';
