/** Supplier price lists: any layout, any encoding, CSV, TSV and XLSX, in bounded memory. */
export { bytesSource, fileSource, LARGEST_FILE_BYTES, PriceListError, type PriceListErrorCode, type PriceListSource } from './source.ts';
export { COLUMN_ROLES, type ColumnRole, type CostBasis } from './column-words.ts';
export type { ColumnLayout, PriceListLayout } from './detect-layout.ts';
export type { PriceListReject, PriceListRow, RejectReason } from './parse-row.ts';
export { inspectPriceList, readPriceList, type InspectOptions, type ReadAs, type PriceListBatch, type PriceListPreview } from './read-price-list.ts';
export { neutraliseFormula, writeResultsCsv, writeResultsXlsx, type ResultCell, type ResultColumn } from './write-results.ts';
