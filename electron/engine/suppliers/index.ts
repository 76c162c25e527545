export { createPriceListAdapter, type PriceListDeps } from './price-list-adapter.ts';
export type { DownloadPort } from './ports.ts';
export { RESULT_COLUMNS, runFirstPass, type FirstPassCounts, type FirstPassPorts, type FirstPassRequest, type RoughProfit } from './first-pass/index.ts';
export { fileSource, inspectPriceList, PriceListError, type PriceListErrorCode, type PriceListLayout, type PriceListSource, type PriceListRow, type PriceListReject } from './price-list/index.ts';
