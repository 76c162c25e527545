export { createReportProcedures, type ReportsDeps } from './books/procedures.ts';
export { readTrades } from './read-trades.ts';
export { readToday, readWaiting, type ReportingDeps } from './read-today.ts';
