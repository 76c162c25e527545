export { createPriceListAdapter, type PriceListDeps } from './price-list-adapter.ts';
export type { DownloadPort } from './ports.ts';
