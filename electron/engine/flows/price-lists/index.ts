/** Suppliers' price lists from the file to opportunities: opened, corrected, read whole without quota, the rest asked about best rows first. */
export { ResultFiles, type PriceListsDeps } from './deps.ts';
export { createPriceListProcedures, registerPriceLists } from './procedures.ts';
