export { readToday, type ReportingDeps } from './read-today.ts';
