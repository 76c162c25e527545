export { estimateLot, type StockByHandDeps } from './add-stock.ts';
export { createStockByHandProcedures } from './procedures.ts';
