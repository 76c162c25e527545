export { readTrades } from './read-trades.ts';
export { readToday, type ReportingDeps } from './read-today.ts';
