/** The file of a list's results: written by the first pass, asked by the desk, added to as the market is asked. */
export { addResultViews, OUTCOME_COLUMNS, RESULT_TABLES } from './result-file.ts';
export { countCurrencies, countRepaired, countRows, readChanges, readGone, readRejects, readRows, readRowsInOrder, type ResultReader, type ResultRowView, type RowFilter } from './list-rows.ts';
export { countWaiting, QUEUE_START, takeBestRows, type QueuePlace, type WaitingCounts, type WaitingRow } from './queue-rows.ts';
export { exportRows } from './export-rows.ts';
