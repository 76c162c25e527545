export type { SourcesDeps } from './deps.ts';
export { addSource, listSources, requireSource, startDueScans, startScan, viewRun, type NewSource, type RunView, type SourceView } from './manage-sources.ts';
export { countRuns, deleteOldRejects, findRun, findSources, insertRejects, setRunState, updateSource, type RunRecord, type SourceRecord } from './repo.ts';
export type { ConfigProblem, OpenSource, RawOffer, RawReject, ScanOptions, ScanPage, SitePolicy, SourceAdapter } from './ports.ts';
